"""How small results look in a notebook: a table of what they hold."""

from collections.abc import Mapping
from dataclasses import fields
from html import escape
from typing import Any, cast


def table(caption: str, entries: Mapping[str, Any]) -> str:
    """Return a caption and a table with one row for each entry, as HTML."""
    cells = (f"<th>{escape(name)}</th><td>{escape(_text(value))}</td>" for name, value in entries.items())
    rows = "".join(f"<tr>{row}</tr>" for row in cells)
    return f"<p>{escape(caption)}</p><table>{rows}</table>"


class Tabled:
    """A dataclass that notebooks show as a table of its fields."""

    def _repr_html_(self) -> str:
        every = {f.name: getattr(self, f.name) for f in fields(self) if f.repr}  # type: ignore[arg-type]
        return table(type(self).__name__, every)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple):
        return ", ".join(map(_text, cast("tuple[object, ...]", value)))
    return str(value)
