"""The picture of a combined plane: one opaque region per group of limits, names on what is strongest somewhere.

Limits that are the strongest on less than a hundredth of the plane are thin and grey. Projections, favoured bands and
other boundaries are dashed lines. Where a line ends because a limit says nothing beyond, its region ends dotted.
"""

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from nuportal.planes.tracks import stepped
from nuportal.plotting.inline import label_lines
from nuportal.plotting.plane import frame, title
from nuportal.plotting.style import lay_out, new_figure, paper

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
_OUTSIDE = {"projection": (0, (5, 2)), "band": (0, (1.2, 1.3)), "boundary": (0, (7, 1.5, 1.2, 1.5))}
TINT = 0.20  #: share of the group's colour in its region, the rest is white
NAMED = 0.01  #: share of the plane on which a limit must be the strongest to be named
FEW = 12  #: of so many limits all are named
MAIN = "planck2018"  #: the measurement of N_eff that is always named


def draw(plane: "ExclusionPlane", ax: "Axes | None" = None, *, legend: Literal["none", "all"] = "none") -> "Figure":
    """Return the figure of a combined plane.

    ax: axes of the caller's figure to draw into; title and legend then are theirs to make.
    """
    with paper():
        if ax is not None:
            _names(ax, plane, lines(ax, plane))
            return ax.figure  # type: ignore[return-value]
        figure, axes = new_figure(9.6 if legend == "all" else 7.4, 6.2 if legend == "all" else 5.6)
        if legend == "all":
            _legend(axes, plane)
        drawn = lines(axes, plane)
        axes.set_title(title(plane.spec), loc="left")
        lay_out(figure)
        _names(axes, plane, drawn)
    return figure


def _names(axes: "Axes", plane: "ExclusionPlane", drawn: dict[str, list["Line2D"]]) -> None:
    """Write the names of limits on their lines, or beside where there is no room."""
    left = label_lines(axes, drawn, size=8.5)
    for name in named(plane):
        if (about := plane.limit(name).about).label in left:
            _label_inside(axes, plane, name, left[about.label])


def lines(axes: "Axes", plane: "ExclusionPlane") -> dict[str, list["Line2D"]]:
    """Draw a plane into axes of a larger figure; return the lines by the text to write on them (`label_lines`)."""
    frame(axes, plane.spec)
    _regions(axes, plane)
    drawn: dict[str, list[Line2D]] = {}
    chosen = named(plane)
    for name, (colour, _) in styles(plane).items():
        found = _limit(axes, plane, name, colour, named=name in chosen)
        if name in chosen and found:
            drawn.setdefault(plane.limit(name).about.label, []).extend(found)
    _failed(axes, plane)
    return drawn


def named(plane: "ExclusionPlane") -> set[str]:
    """Return the limits whose names stand in the picture."""
    shown = list(styles(plane))
    if len(shown) <= FEW:
        return set(shown)
    strongest = plane.strongest()
    share = {name: float((strongest == k).mean()) for k, name in enumerate(plane.names)}
    outside = {n for n in shown if plane.limit(n).about.kind != "exclusion"}
    return {n for n in shown if share.get(n, 0.0) >= NAMED or n == MAIN} | outside


def styles(plane: "ExclusionPlane") -> dict[str, tuple[str, object]]:
    """Return colour and dashes of every limit that has something to show, group by group."""
    shown = [n for n in plane.names if any(o.excluded for o in plane.tracks[n].outcomes)]
    found: dict[str, tuple[str, object]] = {}
    for group, colour in GROUPS.items():
        members = [n for n in shown if plane.limit(n).about.group == group]
        found |= {n: (colour, _DASHES[k % len(_DASHES)]) for k, n in enumerate(members)}
    return found


def _regions(axes: "Axes", plane: "ExclusionPlane") -> None:
    """One opaque region per group with its outline, the largest at the bottom."""
    members: dict[str, list[str]] = {}
    for name in styles(plane):
        if plane.limit(name).about.kind == "exclusion":
            members.setdefault(plane.limit(name).about.group, []).append(name)
    size = {group: np.logical_or.reduce([plane.excluded(n) for n in of]).mean() for group, of in members.items()}
    for k, group in enumerate(sorted(members, key=lambda g: -size[g])):
        parts, level = plane.polygons(members[group]), 1 + 0.01 * k
        _fill(axes, parts, facecolor=_tint(GROUPS[group]), zorder=level)
        for ring in (ring for part in parts for ring in part):
            boundary, ends = _parts(ring, plane, members[group])
            for line in boundary:
                axes.plot(*line.T, color=GROUPS[group], linewidth=1.2, zorder=level + 0.005)
            for line in ends:
                axes.plot(*line.T, color=GROUPS[group], linestyle=":", linewidth=1.0, zorder=level + 0.005)


def _tint(colour: str) -> tuple[float, ...]:
    from matplotlib.colors import to_rgb

    return tuple(1 - TINT + TINT * c for c in to_rgb(colour))


def _limit(axes: "Axes", plane: "ExclusionPlane", name: str, colour: str, *, named: bool) -> list["Line2D"]:
    """Draw one limit thin and grey, or, where it is the strongest, in colour; return what its name may stand on."""
    about = plane.limit(name).about
    outlines = [line for part in plane.polygons(name) for ring in part for line in _parts(ring, plane, [name])[0]]
    if about.kind != "exclusion":
        return [axes.plot(*line.T, color=colour, linestyle=_OUTSIDE[about.kind], linewidth=1.1)[0] for line in outlines]
    thin = [axes.plot(*line.T, color="0.45", linewidth=0.4, alpha=0.8, zorder=2.0)[0] for line in outlines]
    if not named:
        return []
    strong = [axes.plot(*e.T, color=colour, linewidth=1.6, zorder=2.5)[0] for e in plane.edges(name) if len(e) > 1]
    for line in [] if strong else thin:
        line.set(color=colour, linewidth=1.2, alpha=1.0, zorder=2.4)
    return strong or thin


def _label_inside(axes: "Axes", plane: "ExclusionPlane", name: str, line: "Line2D") -> None:
    """Write a name that found no room on its line close to it, where its limit is the strongest."""
    from matplotlib.patheffects import withStroke

    where = np.argwhere(plane.strongest() == plane.names.index(name))
    own = np.asarray(line.get_xydata())
    places = np.column_stack([plane.x[where[:, 0]], plane.y[where[:, 1]]]) if len(where) else own
    spots = axes.transData.transform(places)
    near = np.median(axes.transData.transform(own), axis=0)
    order = np.argsort(np.hypot(*(spots - near).T))
    halo = [withStroke(linewidth=3.5, foreground="white")]
    label, (x, y) = plane.limit(name).about.label, places[order[0]]
    text = axes.text(
        x, y, label, size=8.5, color=line.get_color(), ha="center", va="center", path_effects=halo, zorder=4
    )
    others = [t.get_window_extent() for t in axes.texts[:-1]]
    inside = axes.get_window_extent()
    for place in places[order].tolist():
        text.set_position(place)
        box = text.get_window_extent()
        if inside.contains(*box.min) and inside.contains(*box.max) and not any(box.overlaps(o) for o in others):
            return
    text.remove()


def _fill(axes: "Axes", parts: list[list[np.ndarray]], **style) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if parts:
        outline = Path.make_compound_path(*(Path(ring, closed=True) for part in parts for ring in part))
        axes.add_patch(PathPatch(outline, linewidth=0, **style))


def _parts(ring: np.ndarray, plane: "ExclusionPlane", names: list[str]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The stretches of an outline that are boundaries, and those that run along the end of what the limits cover.

    Stretches along the frame are neither.
    """
    frame = np.zeros(len(ring) - 1, dtype=bool)
    for column, axis in enumerate((plane.spec.x, plane.spec.y)):
        for end in (axis.low, axis.high):
            size = abs(end) if axis.scale == "log" else axis.high - axis.low
            frame |= _between(ring[:, column], end - 1e-6 * size, end + 1e-6 * size)
    across, along = stepped(plane.spec)
    column = 0 if across is plane.spec.x else 1
    t = np.log10(ring[:, 1 - column]) if along.scale == "log" else ring[:, 1 - column] / (along.high - along.low)
    steep = np.abs(np.diff(t)) > 0
    end = np.zeros(len(ring) - 1, dtype=bool)
    for name in names:
        at = plane.tracks[name].at
        covered = np.concatenate([[False], [o.status == "ok" for o in plane.tracks[name].outcomes], [False]])
        for k in np.flatnonzero(covered[1:] != covered[:-1]).tolist():
            low, high = at[max(k - 1, 0)], at[min(k, len(at) - 1)]  # between the columns with and without a statement
            end |= _between(ring[:, column], low * (1 - 1e-6), high * (1 + 1e-6)) & steep
    return _stretches(ring, ~(frame | end)), _stretches(ring, end & ~frame)


def _between(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Which segments between neighbours lie between two values [n - 1]."""
    at = (values >= low) & (values <= high)
    return at[:-1] & at[1:]


def _stretches(ring: np.ndarray, inside: np.ndarray) -> list[np.ndarray]:
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
