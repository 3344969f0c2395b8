"""The literature behind results: every refs.bib of the package, and the keys that a result file names."""

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from nuportal import sealed
from nuportal.errors import DataFileError, unknown_name

#: the five papers the package implements
PAPERS = {
    "ghosh2023": "Ghosh:2023ilw",
    "ghosh2024": "Ghosh:2024cxi",
    "ibe2020": "Ibe:2020dly",
    "bally2020": "Bally:2020yid",
    "shoemaker2020": "Shoemaker:2020kji",
}

_HEADER = re.compile(r"@(\w+)\s*\{\s*([^,\s]+)\s*,")


@cache
def bibliography() -> dict[str, str]:
    """Return every BibTeX entry of the package by key. Raises DataFileError for a malformed or contradictory file."""
    entries: dict[str, str] = {}
    with as_file(files("nuportal")) as package:
        for path in sorted(package.rglob("refs.bib")):
            for key, entry in parse(path.read_text(encoding="utf-8"), str(path.relative_to(package))).items():
                if entries.setdefault(key, entry) != entry:
                    raise DataFileError(f"{path.relative_to(package)}: '{key}' is defined differently elsewhere")
    return entries


def parse(text: str, source: str) -> dict[str, str]:
    """Return the entries of a BibTeX text by key, each as written. Raises DataFileError naming the entry at fault."""
    entries: dict[str, str] = {}
    position = 0
    while (header := _HEADER.search(text, position)) is not None:
        key, depth, end = header.group(2), 0, header.start()
        for end in range(header.start(), len(text)):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            if depth == 0 and text[end] == "}":
                break
        else:
            raise DataFileError(f"{source}: the braces of '{key}' do not close")
        if key in entries:
            raise DataFileError(f"{source}: '{key}' is there twice")
        entries[key] = text[header.start() : end + 1]
        position = end + 1
    return entries


def bibtex(keys: Iterable[str]) -> str:
    """Return the BibTeX of some keys, in their order, each once. Raises UnknownNameError."""
    known = bibliography()
    chosen = list(dict.fromkeys(keys))
    for key in chosen:
        if key not in known:
            raise unknown_name("reference", key, known)
    return "\n".join(known[key] for key in chosen)


def used_by(path: str | Path) -> list[str]:
    """Return the keys named in the `references` of a result file (.nc, .csv with a # header, .json).

    Raises DataFileError if it cannot be read or names none.
    """
    path = Path(path)
    if not path.is_file():
        raise DataFileError(f"there is no file '{path}'")
    readers = {".nc": _from_netcdf, ".csv": _from_csv, ".json": _from_json}
    if path.suffix not in readers:
        raise DataFileError(f"'{path}' is no result file: its type must be one of {', '.join(readers)}")
    try:
        found = readers[path.suffix](path)
    except Exception as error:  # a damaged file raises whatever the library that reads it stumbles over
        raise DataFileError(f"'{path}' cannot be read ({' '.join(str(error).split())[:80]})") from None
    if not found:
        raise DataFileError(f"'{path}' names no references: it was not written by nuportal")
    return found


def _from_netcdf(path: Path) -> list[str]:
    return str(sealed.read(path, "result").attrs.get("references", "")).split()


def _from_csv(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                return []
            name, _, value = line[1:].partition(":")
            if name.strip() == "references":
                return value.split()
    return []


def _from_json(path: Path) -> list[str]:
    def search(value: object) -> list[str]:
        if isinstance(value, dict):
            if isinstance(value.get("references"), str):
                return value["references"].split()
            return [key for inner in value.values() for key in search(inner)]
        return [key for inner in value for key in search(inner)] if isinstance(value, list) else []

    return search(json.loads(path.read_text(encoding="utf-8")))
