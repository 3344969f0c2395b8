"""docs/coverage.md: every command and function in it exists, no figure, table or equation of the papers is missing."""

import re
from functools import cached_property
from importlib import import_module
from pathlib import Path

import pytest

from nuportal.limits.registry import names as limit_names
from nuportal.references import PAPERS
from nuportal.reproduction.registry import items

TEXT = (Path(__file__).resolve().parents[2] / "docs/coverage.md").read_text(encoding="utf-8")

#: numbered equations, figures and tables of each paper, counted in the published versions
COUNTS = {
    "ghosh2023": {"eq": 59, "fig": 10, "table": 8},
    "ghosh2024": {"eq": 5, "fig": 8, "table": 2},
    "ibe2020": {"eq": 66, "fig": 5, "table": 0},
    "bally2020": {"eq": 21, "fig": 3, "table": 1},
    "shoemaker2020": {"eq": 6, "fig": 4, "table": 0},
}


def rows():
    """(paper, where, what is named) of every row."""
    for part in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        paper = part.split()[0]
        for line in re.findall(r"^\| (?!where|-)(.*) \|$", part, flags=re.MULTILINE):
            where, _, found = line.split(" | ")
            yield paper, where, found


def numbers(where):
    """The kind and the numbers of a place: "eqs 7, 9-11" -> ("eq", {7, 9, 10, 11})."""
    kind, found = re.match(r"(eq|Fig|Table)s?\.? ([0-9, -]+)", where).groups()
    listed = set()
    for part in found.strip(" ,").split(","):
        first, _, last = part.strip().partition("-")
        listed |= set(range(int(first), int(last or first) + 1))
    return kind.lower(), listed


def exists(name):
    """Whether a reproduction, a command, a limit or module:function is there."""
    if name.startswith("nuportal reproduce "):
        return name.split()[-1] in items()
    if name.startswith("nuportal "):
        return import_module(f"nuportal.cli.{name.split()[1]}") is not None
    if ":" not in name:
        return name in limit_names()
    module, _, path = name.partition(":")
    thing = import_module(module)
    for part in path.split("."):
        thing = getattr(thing, part)
    return callable(thing) or isinstance(thing, property | cached_property)


def test_counts_are_those_of_the_headings():
    """The page says how many there are."""
    for paper, count in COUNTS.items():
        assert f"## {paper} ({count['eq']} equations, {count['fig']} figures, {count['table']} tables)" in TEXT
    assert set(COUNTS) == set(PAPERS)


@pytest.mark.parametrize("paper", COUNTS)
def test_nothing_is_missing(paper):
    """Each equation, figure and table has a row; none stands there that the paper lacks."""
    found = {"eq": set(), "fig": set(), "table": set()}
    for of, where, _ in rows():
        if of == paper:
            kind, listed = numbers(where)
            found[kind] |= listed
    assert found == {kind: set(range(1, last + 1)) for kind, last in COUNTS[paper].items()}


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: f"{row[0]} {row[1]}")
def test_what_a_row_names_exists(row):
    """Or it says why there is nothing."""
    names = re.findall(r"`([^`]+)`", row[2])
    assert names or row[2].startswith("not: "), row
    for name in names:
        assert exists(name), name


def test_every_reproduction_is_on_the_page():
    """Those of figures, tables and equations of the papers; two of bally2020 are our own additions."""
    own = {"bally2020-bands", "bally2020-today", "ibe2020-eq29", "shoemaker2020-eqs4-6"}
    assert {name for name in items() if f"`nuportal reproduce {name}`" not in TEXT} <= own


def test_equations_of_the_papers_counted_again(shared):
    """The texts of the papers hold these highest numbers of equations."""
    last = {
        "shoemaker2020": r"\\quad \((\d+)\)",
        "bally2020": r"\\quad \((\d+)\)",
        "ibe2020": r"\\q?quad \((\d+)\)|\\tag\{(\d+)\}",
        "ghosh2024": r"\\quad \((\d+)\)|\\tag\{(\d+)\}",
        "ghosh2023": r"\((\d{1,2})\)\s*$",
    }
    for paper, pattern in last.items():
        (path,) = (shared / "papers").glob(f"{paper}_*.txt")
        matches = re.findall(pattern, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        seen = {int(n) for m in matches for n in ((m,) if isinstance(m, str) else m) if n}
        assert max(seen) == COUNTS[paper]["eq"], paper
