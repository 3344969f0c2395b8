"""A reference as a reader sees it: first author, title, where it appeared, and its address."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from nuportal.references import bibliography, parse


class Citation(NamedTuple):
    """One reference. title: may hold $...$. url: of arXiv or the journal; empty where neither number is known."""

    author: str
    title: str
    where: str
    url: str


def citation(key: str, folder: Path | None = None) -> Citation:
    """Return a reference of the package, or of the refs.bib in `folder`; an unknown key is its own title.

    Raises DataFileError for a malformed refs.bib.
    """
    known = bibliography()
    own = folder / "refs.bib" if folder is not None else None
    if key not in known and own is not None and own.is_file():
        known = parse(own.read_text(encoding="utf-8"), str(own))
    return _read(known[key]) if key in known else Citation("", key, "", "")


@cache
def _read(entry: str) -> Citation:
    from pybtex import database
    from pybtex.scanner import PybtexSyntaxError

    from nuportal.errors import DataFileError

    try:
        (found,) = cast("Any", database).parse_string(entry, "bibtex").entries.values()
    except PybtexSyntaxError as error:
        raise DataFileError(f"a reference is malformed: {error}") from None
    fields: dict[str, str] = {name.lower(): _text(value) for name, value in found.fields.items()}
    people = [" ".join(p.prelast_names + p.last_names) for p in found.persons.get("author", [])]
    return Citation(_author(people, fields.get("collaboration", "")), fields.get("title", ""), *_place(fields))


def _author(people: list[str], collaboration: str) -> str:
    if collaboration:
        return collaboration if "ollab" in collaboration else f"{collaboration} collaboration"
    names = [_text(name) for name in people[:2]]
    if len(people) > 2 or names[1:] == ["others"]:
        return f"{names[0]} et al."
    return " and ".join(names)


def _place(fields: dict[str, str]) -> tuple[str, str]:
    journal = " ".join(fields[f] for f in ("journal", "volume", "pages") if f in fields) or fields.get("publisher", "")
    journal = f"{journal} ({fields['year']})".strip() if "year" in fields else journal
    if "eprint" in fields:
        number = fields["eprint"]
        return ", ".join(t for t in (journal, f"arXiv:{number}") if t), f"https://arxiv.org/abs/{number}"
    return journal, f"https://doi.org/{fields['doi']}" if "doi" in fields else ""


def _text(value: str) -> str:
    """Accents and braces of LaTeX as Unicode; mathematical type stays between dollar signs."""
    from pybtex.richtext import Text

    return str(cast("Any", Text).from_latex(value.replace("\\relax", ""))).strip()
