"""The tables of `nuportal limits MODEL --mass`: what excludes, strongest first; what would; what says nothing."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nuportal.limits.ray import Ray

_TITLES = {
    "exclusion": "excluded {name}, strongest first",
    "projection": "would be excluded (projections)",
    "band": "favoured (bands)",
    "boundary": "boundaries",
}


def show(rows: list[dict[str, Any]], along: "Ray") -> None:
    """Print one table for each kind of constraint that says something, then one line for the others."""
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=True)
    speaking = [row for row in rows if row["status_here"] not in ("not applicable", "out of range")]
    for kind, title in _TITLES.items():
        chosen = [row for row in speaking if row["kind"] == kind]
        if not chosen:
            continue
        table = Table("constraint", along.parameter, "CL", "accuracy", title=title.format(name=along.parameter))
        for row in chosen:
            table.add_row(row["name"] + mark(row), said(row), confidence(row), f"{100 * row['accuracy']:.0f} %")
        console.print(table)
    if any(mark(row) for row in speaking):
        console.print("\u2020 unverified: not compared with a published result", highlight=False)
    console.print(f"looked at {along.parameter} from {along.low:g} to {along.high:g}", highlight=False)
    silent = [row for row in rows if row not in speaking]
    for status in ("not applicable", "out of range"):
        names = [row["name"] for row in silent if row["status_here"] == status]
        if names:
            console.print(f"{status}: {', '.join(names)}", highlight=False)


def mark(row: dict[str, Any]) -> str:
    """Return a dagger for a constraint that was not compared with a published result."""
    return " \u2020" if row["status"] == "unverified" else ""


def said(row: dict[str, Any]) -> str:
    """Return the excluded couplings of a row in words: "> 1.36e-05" where no upper end was seen."""
    parts = [interval(part) for part in row["excluded"]]
    if row["failed"]:
        parts += [f"no answer {a:.3g} to {b:.3g}" for a, b in row["failed"]]
        parts[-1] += f" ({row['reason']})" if row["reason"] else ""
    return ", ".join(parts) or "nothing in this range"


def interval(part: dict[str, Any]) -> str:
    """Return one interval in words."""
    if part["open_below"] and part["open_above"]:
        return "everything in this range"
    if part["open_above"]:
        return f"> {part['low']:.3g}"
    if part["open_below"]:
        return f"< {part['high']:.3g}"
    return f"{part['low']:.3g} to {part['high']:.3g}"


def confidence(row: dict[str, Any]) -> str:
    """Return the confidence level of a row in words."""
    return f"{100 * row['cl']:g} %" if row["cl"] else "none"
