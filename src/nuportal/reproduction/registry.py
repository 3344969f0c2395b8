"""What can be reproduced: each module named like a paper (ghosh2023 ...) lists its items in ITEMS."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING

from nuportal.errors import unknown_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Row:
    """One number of the paper beside ours. paper: as printed ("< 5", 3.38); preset, default: ours, None if none."""

    quantity: str
    paper: float | str | None
    preset: float | None
    default: float | None
    where: str = ""


@dataclass(frozen=True)
class Reproduction:
    """What an item gives: the comparison, a figure (None for tables), notes on what differs and why."""

    rows: list[Row]
    figure: "Figure | None" = None
    notes: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Item:
    """A figure or table of a paper. preset: the name of the column that uses the paper's own approximations."""

    title: str
    run: Callable[[], Reproduction]
    preset: str
    references: tuple[str, ...]


@cache
def items() -> dict[str, Item]:
    """Return everything that can be reproduced, by name such as "ghosh2023-fig5"; computes nothing."""
    found: dict[str, Item] = {}
    names = sorted(path.name for path in files("nuportal.reproduction").iterdir())
    for name in names:
        if (match := re.fullmatch(r"([a-z]+\d{4})\.py", name)) is not None:
            module = import_module(f"nuportal.reproduction.{match.group(1)}")
            found |= {f"{match.group(1)}-{key}": item for key, item in module.ITEMS.items()}
    return found


def item(name: str) -> Item:
    """Return one item by name (case ignored). Raises UnknownNameError."""
    if name.casefold() not in items():
        raise unknown_name("figure or table", name, items())
    return items()[name.casefold()]
