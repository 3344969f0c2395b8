# pyright: reportUnknownMemberType=false
"""The picture of a combined plane: one opaque region per group of limits, names on what is strongest somewhere.

Limits that are the strongest on less than a hundredth of the plane are thin and grey. Projections, favoured bands and
other boundaries are dashed lines, and only where they were asked for. Where a line ends because a limit says nothing
beyond, its region ends dotted. A dagger marks the names of limits that were not compared with a published result.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nuportal.planes.regions import polygons
from nuportal.planes.tracks import stepped
from nuportal.plotting.boundaries import parts, stretches
from nuportal.plotting.inline import label_lines, settle, written
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
_TRIED = 300  #: so many places are tried for a name that found no room on its line
DAGGER = r"$^\dagger$"  #: marks a limit that was not compared with a published result
MAIN = "planck2018"  #: the measurement of N_eff that is always named


def draw(
    plane: "ExclusionPlane",
    ax: "Axes | None" = None,
    *,
    legend: Literal["none", "all"] = "none",
    show: Collection[str] = (),
) -> "Figure":
    """Return the figure of a combined plane.

    ax: axes of the caller's figure to draw into; title and legend then are theirs to make. show: favoured bands to be
    drawn among many limits too.
    """
    with paper():
        if ax is not None:
            write_names(ax, plane, lines(ax, plane, show))
            return ax.figure  # type: ignore[return-value]
        figure, axes = new_figure(9.6 if legend == "all" else 7.4, 6.2 if legend == "all" else 5.6)
        if legend == "all":
            _legend(axes, plane, show)
        drawn = lines(axes, plane, show)
        axes.set_title(title(plane.spec), loc="left")
        if any(text.endswith(DAGGER) for text in drawn):
            axes.set_title(f"{DAGGER}not compared with a published result", loc="right", fontsize=8)
        lay_out(figure)
        write_names(axes, plane, drawn)
    return figure


def write_names(axes: "Axes", plane: "ExclusionPlane", drawn: dict[str, list["Line2D"]], size: float = 8.5) -> None:
    """Write the names of limits on their lines, or, where there is no room, inside what they exclude.

    drawn: what `lines` returned; the figure must have been laid out since.
    """
    _failed(axes, plane)
    left = label_lines(axes, drawn, size)
    for name in plane.names:
        if (label := text_of(plane.limit(name).about)) in left:
            _name_inside(axes, plane, name, left[label], size)


def lines(axes: "Axes", plane: "ExclusionPlane", show: Collection[str] = ()) -> dict[str, list["Line2D"]]:
    """Draw a plane into axes of a larger figure; return the lines by the text to write on them (`label_lines`)."""
    frame(axes, plane.spec)
    _regions(axes, plane)
    drawn: dict[str, list[Line2D]] = {}
    chosen = named(plane, show)
    for name, (colour, _) in styles(plane, show).items():
        found = _limit(axes, plane, name, colour, named=name in chosen)
        if name in chosen and found:
            drawn.setdefault(text_of(plane.limit(name).about), []).extend(found)
    return drawn


def text_of(about: "About") -> str:
    """Return what is written on the line of a limit: its label, with a dagger if it was not compared with another."""
    return about.label + (DAGGER if about.status == "unverified" else "")


def named(plane: "ExclusionPlane", show: Collection[str] = ()) -> set[str]:
    """Return the limits whose names stand in the picture.

    They are the strongest on at least NAMED of the plane. Of a group without such a limit the one that shapes its
    region is named, so that no region stands without a name; the main measurement of N_eff always.
    """
    shown = list(styles(plane, show))
    if len(shown) <= FEW:
        return set(shown)
    share = _shares(plane, plane.names)
    chosen = {n for n in shown if share.get(n, 0.0) >= NAMED or n == MAIN or plane.limit(n).about.kind != "exclusion"}
    for group in GROUPS:
        members = [n for n in shown if plane.limit(n).about.group == group and plane.limit(n).about.kind == "exclusion"]
        if members and not chosen.intersection(members):
            within = _shares(plane, members)
            chosen |= {max(within, key=lambda n: within[n])} if max(within.values()) >= NAMED else set()
    return chosen


def _shares(plane: "ExclusionPlane", names: Sequence[str]) -> dict[str, float]:
    """On which share of the plane each of some limits is the strongest of them."""
    strongest = plane.strongest(names)
    return {name: float((strongest == k).mean()) for k, name in enumerate(names)}


def styles(plane: "ExclusionPlane", show: Collection[str] = ()) -> dict[str, tuple[str, object]]:
    """Return colour and dashes of every limit that has something to show, group by group.

    A favoured band of the default layer is left out of a picture of many limits unless it is one of `show`.
    """
    shown = [n for n in plane.names if any(o.excluded for o in plane.tracks[n].outcomes)]
    if len(shown) > FEW:
        shown = [n for n in shown if n in show or not _came_along(plane.limit(n).about)]
    found: dict[str, tuple[str, object]] = {}
    for group, colour in GROUPS.items():
        members = [n for n in shown if plane.limit(n).about.group == group]
        found |= {n: (colour, _DASHES[k % len(_DASHES)]) for k, n in enumerate(members)}
    return found


def _came_along(about: "About") -> bool:
    return about.kind in ("band", "boundary") and about.layer == "default"


def _regions(axes: "Axes", plane: "ExclusionPlane") -> None:
    """One opaque region per group with its outline, the largest at the bottom."""
    members: dict[str, list[str]] = {}
    for name in styles(plane):
        if plane.limit(name).about.kind == "exclusion":
            members.setdefault(plane.limit(name).about.group, []).append(name)
    size = {group: np.logical_or.reduce([plane.excluded(n) for n in of]).mean() for group, of in members.items()}
    for k, group in enumerate(sorted(members, key=lambda g: -size[g])):
        region, level = plane.polygons(members[group]), 1 + 0.01 * k
        _fill(axes, region, facecolor=tint(GROUPS[group]), zorder=level)
        for ring in (ring for part in region for ring in part):
            boundary, ends = parts(ring, plane, members[group])
            for line in boundary:
                axes.plot(*line.T, color=GROUPS[group], linewidth=1.2, zorder=level + 0.005)
            for line in ends:
                axes.plot(*line.T, color=GROUPS[group], linestyle=":", linewidth=1.0, zorder=level + 0.005)


def tint(colour: str) -> str:
    """Return the colour of the region of a group from that of its lines."""
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = (1 - TINT + TINT * c for c in to_rgb(colour))
    return to_hex((red, green, blue))


def _limit(axes: "Axes", plane: "ExclusionPlane", name: str, colour: str, *, named: bool) -> list["Line2D"]:
    """Draw one limit thin and grey, or, where it is the strongest, in colour; return what its name may stand on."""
    about = plane.limit(name).about
    outlines = [line for part in plane.polygons(name) for ring in part for line in parts(ring, plane, [name])[0]]
    if about.kind != "exclusion":
        return [axes.plot(*line.T, color=colour, linestyle=_OUTSIDE[about.kind], linewidth=1.1)[0] for line in outlines]
    thin = [axes.plot(*line.T, color="0.45", linewidth=0.4, alpha=0.8, zorder=2.0)[0] for line in outlines]
    if not named:
        return []
    edges = [edge for edge in plane.edges(name) if len(edge) > 1]
    for stretch in (part for edge in edges for part in _above_frame(edge, plane)):
        axes.plot(*stretch.T, color=colour, linewidth=1.6, zorder=2.5)
    # the whole edge, unseen: names look for their places on it, and inside above it where it lies on the frame
    strong = [axes.plot(*edge.T, color=colour, visible=False)[0] for edge in edges]
    for line in [] if strong else thin:
        line.set(color=colour, linewidth=1.2, alpha=1.0, zorder=2.4)
    return strong or thin


def _name_inside(axes: "Axes", plane: "ExclusionPlane", name: str, line: "Line2D", size: float) -> None:
    """Write a name close to its line, where its limit is the strongest or else where it excludes."""
    where = np.argwhere(plane.strongest() == plane.names.index(name))
    where = where if len(where) else np.argwhere(plane.excluded(name))
    own = axes.transData.transform(line.get_xydata())
    spots = axes.transData.transform(np.column_stack([plane.x[where[:, 0]], plane.y[where[:, 1]]]))
    spots = np.concatenate([own, spots])
    spots = spots[np.argsort(np.hypot(*(spots - np.median(own, axis=0)).T))]
    label = written(axes, text_of(plane.limit(name).about), size, line.get_color())
    extent = label.get_window_extent()
    spots = spots[:: max(1, len(spots) // _TRIED)]
    beside = [spots + np.array([side * (extent.width / 2 + 3), 0.0]) for side in (0, 1, -1)]  # last, next to the places
    places = np.concatenate(beside)
    settle(axes, label, places, np.zeros(len(places)), (extent.width, extent.height), ordered=True)


def _above_frame(edge: np.ndarray, plane: "ExclusionPlane") -> list[np.ndarray]:
    """The stretches of a line of smallest couplings that lie in the plane; on its frame nothing begins."""
    across, along = stepped(plane.spec)
    tiny = 1e-6 * (abs(along.low) if along.scale == "log" else along.high - along.low)
    inside = edge[:, 1 if across is plane.spec.x else 0] > along.low + tiny
    return stretches(edge, inside[:-1] & inside[1:])


def _fill(axes: "Axes", region: list[list[np.ndarray]], **style: Any) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if region:
        outline = Path.make_compound_path(*(Path(ring, closed=True) for part in region for ring in part))
        axes.add_patch(PathPatch(outline, linewidth=0, **style))


def _failed(axes: "Axes", plane: "ExclusionPlane") -> None:
    """Hatch where a limit gives no value and no other excludes, and say so."""
    open_ = (plane.failed() & ~plane.excluded()).astype(float)
    region = polygons(plane.spec.x, plane.spec.y, open_, 0.5, 2.0)
    _fill(axes, region, facecolor="none", edgecolor="0.7", hatch="///", zorder=0.5)
    if region:
        spots = axes.transData.transform(
            np.column_stack([axis[k] for axis, k in zip((plane.x, plane.y), np.nonzero(open_), strict=True)])
        )
        spots = spots[np.argsort(np.hypot(*(spots - spots.mean(axis=0)).T))][:: max(1, len(spots) // _TRIED)]
        label = written(axes, "no value", 8.5, "0.4")
        extent = label.get_window_extent()
        settle(axes, label, spots, np.zeros(len(spots)), (extent.width, extent.height), ordered=True)


def _legend(axes: "Axes", plane: "ExclusionPlane", show: Collection[str]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Line2D | Patch] = []
    group = ""
    for name, (colour, dashes) in styles(plane, show).items():
        about = plane.limit(name).about
        if about.group != group:
            group = about.group
            handles.append(Line2D([], [], linestyle="", label=rf"$\bf{{{group.replace(' ', '~')}}}$"))
        handles.append(Line2D([], [], color=colour, linestyle=dashes, label=_text(about)))  # type: ignore[arg-type]
    if any(plane.limit(name).about.status == "unverified" for name in styles(plane, show)):
        handles.append(Line2D([], [], linestyle="", label=f"{DAGGER}not compared with a published result"))
    if plane.failed().any():
        handles.append(Patch(facecolor="none", edgecolor="0.7", hatch="///", label="no value (see result)"))
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
    return text_of(about) + extra.get(about.kind, "")
