"""The literature behind results: every refs.bib of the package, and the keys that a result file names."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import cast

from nuportal import sealed
from nuportal.errors import DataFileError, unknown_name
from nuportal.own_references import remember, remembered

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


def entries() -> dict[str, str]:
    """Return every BibTeX entry of the package, and of the user's folders and result files that were read, by key."""
    return {**remembered(), **bibliography()}


def bibtex(keys: Iterable[str]) -> str:
    """Return the BibTeX of some keys, in their order, each once. Raises UnknownNameError."""
    known = entries()
    chosen = list(dict.fromkeys(keys))
    for key in chosen:
        if key not in known:
            raise unknown_name("reference", key, known)
    return "\n".join(known[key] for key in chosen)


def used_by(path: str | Path) -> list[str]:
    """Return the keys named in the `references` of a result file (.nc, .csv with a # header, .json).

    Entries of the user's own that it writes out are kept for `bibtex`. Raises DataFileError if it cannot be read or
    names none.
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
    if not found.get("references"):
        raise DataFileError(f"'{path}' names no references: it was not written by nuportal")
    remember_from(found, path)
    return found["references"].split()


def remember_from(attributes: Mapping[str, object], path: str | Path) -> None:
    """Keep the entries that a result file writes out. Raises DataFileError for those that are no BibTeX."""
    own = parse(str(attributes.get("bibtex", "")), str(path))
    remember({key: entry for key, entry in own.items() if key not in bibliography()})


def _from_netcdf(path: Path) -> dict[str, str]:
    return {str(name): str(value) for name, value in sealed.read(path, "result").attrs.items()}


def _from_csv(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                break
            name, _, value = line[1:].partition(":")
            found[name.strip()] = value.strip()
    return found


def _from_json(path: Path) -> dict[str, str]:
    """The first objects with references, together."""

    def search(value: object) -> list[dict[str, str]]:
        if isinstance(value, dict):
            entries = cast("dict[str, object]", value)
            if isinstance(entries.get("references"), str):
                return [{name: str(text) for name, text in entries.items()}]
            return [one for inner in entries.values() for one in search(inner)]
        parts = cast("list[object]", value) if isinstance(value, list) else []
        return [one for inner in parts for one in search(inner)]

    found = search(json.loads(path.read_text(encoding="utf-8")))
    return {name: " ".join(one[name] for one in found if name in one) for name in ("references", "bibtex")}
