"""The picture of a combined plane: every limit as a line of its group's colour, what is excluded shaded."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nuportal.planes.tracks import stepped
from nuportal.plotting.inline import label_lines
from nuportal.plotting.plane import frame, title
from nuportal.plotting.style import new_figure, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from nuportal.limits.about import About
    from nuportal.planes.exclusion import ExclusionPlane

#: group of limits -> colour
GROUPS = {
    "recoil": "#0072B2",
    "beam dump": "#8C5A2B",
    "collider": "#D55E00",
    "trident": "#7A3FA0",
    "precision": "#555555",
    "flavour": "#B8860B",
    "oscillation": "#C2338A",
    "astrophysics": "#B22222",
    "cosmology": "#00795A",
    "laboratory": "#5B6FB5",
}
_DASHES = ("-", (0, (5, 1.6)), (0, (1.2, 1.3)), (0, (7, 1.5, 1.2, 1.5)), (0, (3, 1, 1, 1, 1, 1)), (0, (9, 2)))
_BAND = "#F2C14E"


def draw(plane: "ExclusionPlane", ax: "Axes | None" = None) -> "Figure":
    """Return the figure of a combined plane: union shaded, each limit a line with its name on it and in the legend.

    ax: axes of the caller's figure to draw into; title and legend then are theirs to make.
    """
    with paper():
        if ax is not None:
            label_lines(ax, lines(ax, plane), size=8.5)
            return ax.figure  # type: ignore[return-value]
        figure, axes = new_figure(9.6, 6.2)
        _legend(axes, plane)
        drawn = lines(axes, plane)
        axes.set_title(title(plane.spec), loc="left")
        figure.draw_without_rendering()
        label_lines(axes, drawn, size=8.5)
        figure.draw_without_rendering()
    return figure


def lines(axes: "Axes", plane: "ExclusionPlane") -> dict[str, list["Line2D"]]:
    """Draw a plane into axes of a larger figure; return the lines by the text to write on them (`label_lines`)."""
    frame(axes, plane.spec)
    _fill(axes, plane.polygons(), facecolor="0.55", alpha=0.22, zorder=1.0)
    drawn: dict[str, list[Line2D]] = {}
    for name, (colour, dashes) in styles(plane).items():
        _limit(axes, plane, name, colour, dashes, drawn)
    _failed(axes, plane)
    return drawn


def styles(plane: "ExclusionPlane") -> dict[str, tuple[str, object]]:
    """Return colour and dashes of every limit that has something to show, group by group."""
    shown = [n for n in plane.names if any(o.excluded for o in plane.tracks[n].outcomes)]
    found: dict[str, tuple[str, object]] = {}
    for group, colour in GROUPS.items():
        members = [n for n in shown if plane.limit(n).about.group == group]
        found |= {n: (colour, _DASHES[k % len(_DASHES)]) for k, n in enumerate(members)}
    return found


def _limit(axes: "Axes", plane: "ExclusionPlane", name: str, colour: str, dashes, drawn: dict) -> None:
    about = plane.limit(name).about
    parts = plane.polygons(name)
    if about.kind == "band":
        _fill(axes, parts, facecolor=_BAND, alpha=0.35, zorder=1.2)
    elif about.kind == "exclusion":
        _fill(axes, parts, facecolor=colour, alpha=0.04, zorder=1.1)
    width = {"exclusion": 1.5, "projection": 1.0, "band": 0.9, "boundary": 1.0}[about.kind]
    for part in parts:
        for ring in part:
            for line in _inner(ring, plane, name):
                (artist,) = axes.plot(*line.T, color=colour, linestyle=dashes, linewidth=width, zorder=2.5)
                drawn.setdefault(about.label, []).append(artist)


def _fill(axes: "Axes", parts: list[list[np.ndarray]], **style) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if parts:
        outline = Path.make_compound_path(*(Path(ring, closed=True) for part in parts for ring in part))
        axes.add_patch(PathPatch(outline, linewidth=0, **style))


def _inner(ring: np.ndarray, plane: "ExclusionPlane", name: str) -> list[np.ndarray]:
    """The stretches of an outline that run neither along the frame nor along the end of what a limit covers [n, 2]."""
    on_frame = np.zeros(len(ring), dtype=bool)
    for k, axis in enumerate((plane.spec.x, plane.spec.y)):
        for end in (axis.low, axis.high):
            size = abs(end) if axis.scale == "log" else axis.high - axis.low
            on_frame |= np.abs(ring[:, k] - end) < 1e-6 * size
    track = plane.tracks[name]
    covered = np.concatenate([[False], [o.status == "ok" for o in track.outcomes], [False]])
    first, last = covered[1:-1] & ~covered[:-2], covered[1:-1] & ~covered[2:]
    column = 0 if stepped(plane.spec)[0] is plane.spec.x else 1
    for end in track.at[first | last].tolist():
        at_end = np.abs(ring[:, column] - end) < 1e-6 * abs(end)
        on_frame |= at_end
    inside = ~(on_frame[:-1] & on_frame[1:])  # segments
    breaks = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(int), [0]])))
    return [ring[a : b + 1] for a, b in pairwise(breaks) if inside[a]]


def _failed(axes: "Axes", plane: "ExclusionPlane") -> None:
    where = np.argwhere(plane.failed())
    if len(where):
        at = plane.x[where[:, 0]], plane.y[where[:, 1]]
        axes.plot(*at, linestyle="", marker="x", markersize=2.5, color="#D62728", zorder=3, label="no value")


def _legend(axes: "Axes", plane: "ExclusionPlane") -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Line2D | Patch] = []
    group = ""
    for name, (colour, dashes) in styles(plane).items():
        about = plane.limit(name).about
        if about.group != group:
            group = about.group
            handles.append(Line2D([], [], linestyle="", label=rf"$\bf{{{group.replace(' ', '~')}}}$"))
        handles.append(Line2D([], [], color=colour, linestyle=dashes, label=_text(about)))  # type: ignore[arg-type]
    if plane.failed().any():
        handles.append(Line2D([], [], linestyle="", marker="x", color="#D62728", label="no value (see result)"))
    handles.append(Patch(facecolor="0.55", alpha=0.35, label="excluded by any"))
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        borderaxespad=0,
        fontsize=8.5,
        labelspacing=0.25,
        handlelength=2.6,
        ncols=1 if len(handles) <= 34 else 2,
        columnspacing=1.0,
    )


def _text(about: "About") -> str:
    extra = {"projection": " (projection)", "band": " (favoured)", "boundary": " (no exclusion)"}
    return about.label + extra.get(about.kind, "")
