"""Files that a command writes: -o, repeatable, any ending that the result can be written as."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nuportal.errors import OutputError
from nuportal.output import checked, replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PICTURES = (".png", ".pdf", ".svg")
OutputOption = Annotated[
    list[Path] | None,
    typer.Option("--output", "-o", help="File to write, by its ending; may be repeated: -o x.png -o x.nc."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def accepted(paths: Iterable[Path] | None, endings: Sequence[str]) -> list[Path]:
    """Return where files of these types can be written, before any work is done. Raises OutputError."""
    found: list[Path] = []
    for path in paths or ():
        place = checked(path, endings)
        if place in found:
            raise OutputError(f"'{place}' is given twice")
        found.append(place)
    return found


def write(
    paths: Iterable[Path],
    document: object,
    plot: "Callable[[], Figure] | None" = None,
    save: Callable[[Path], Any] | None = None,
) -> None:
    """Write each file: pictures from `plot`, .json from the document that --json prints, the rest with `save`."""
    for path in paths:
        ending = path.suffix.lower()
        if ending in PICTURES and plot is not None:
            from nuportal.plotting.style import save as save_figure

            save_figure(plot(), path)
        elif ending == ".json":
            with replacing(path) as temporary:
                temporary.write_text(json.dumps(document, indent=1), encoding="utf-8")
        elif save is not None:
            save(path)
