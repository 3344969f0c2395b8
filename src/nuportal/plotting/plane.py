# pyright: reportUnknownMemberType=false
"""The picture of a plane: what is excluded shaded, bands tinted, projections as lines, failed points marked."""

from math import log10
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from nuportal.planes.regions import polygons
from nuportal.plotting import symbols
from nuportal.plotting.inline import label_lines, place_legend
from nuportal.plotting.style import drawing, paper, plain_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.planes.constraints import Constraint
    from nuportal.planes.plane import Plane
    from nuportal.planes.spec import PlaneSpec

_EXCLUSION = ("#4C72B0", "#8C4A9E", "#2A8C82", "#A65628", "#555555", "#B03060")
_PROJECTION = (("#C04000", (0, (6, 2))), ("#007A55", (0, (6, 2, 1.2, 2))), ("#B0307A", (0, (1.2, 1.6))))
_BAND = "#F2C14E"
_FAILED = "#D62728"
LIGHT = 1e-2  #: MeV; an axis of masses that ends below is written in eV
#: what was drawn at each level, for the labels on lines
_Lines = dict[str, list[Any]]


def draw(plane: "Plane", ax: "Axes | None" = None, *, second: "Plane | None" = None) -> "Figure":
    """Return the figure of a plane against its constraints, with the value on each line written on it.

    ax: axes of the caller's figure to draw into; the legend then is theirs to make. second: the same plane with other
    options (another rate set or treatment), whose lines are drawn dashed: those of all constraints on abundances, those
    of exclusions on N_eff.
    """
    with paper():
        figure, axes = drawing(ax, 6.6, 5.2)
        frame(axes, plane.spec)
        on_lines: _Lines = {}
        for kind, add in (("exclusion", _exclusion), ("band", _band), ("projection", _projection)):
            for index, constraint in enumerate(c for c in plane.constraints if c.kind == kind):
                add(axes, plane, constraint, index, on_lines)
        if second is not None:
            _second(axes, second)
        _warned(axes, plane)
        _failed(axes, plane)
        if ax is None:
            place_legend(figure, axes, _title(plane))
        label_lines(axes, on_lines)
    return figure


def _power_of_ev(mass: float, _: int | None) -> str:
    return rf"$10^{{{round(log10(mass)) + 6}}}$"


def frame(axes: "Axes", spec: "PlaneSpec") -> None:
    """Set scales, limits, labels and ticks of the axes of a plane."""
    for axis, name in ((spec.x, "x"), (spec.y, "y")):
        getattr(axes, f"set_{name}scale")("log" if axis.scale == "log" else "linear")
        getattr(axes, f"set_{name}lim")(axis.low, axis.high)
        getattr(axes, f"set_{name}label")(axis.label)
        if axis.scale == "log" and axis.high / axis.low < 500:
            plain_ticks(getattr(axes, f"{name}axis"))
        elif axis.scale == "log" and axis.label.endswith("[MeV]") and axis.high <= LIGHT:
            getattr(axes, f"set_{name}label")(axis.label.replace("[MeV]", "[eV]"))
            getattr(axes, f"{name}axis").set_major_formatter(_power_of_ev)


def title(spec: "PlaneSpec") -> str:
    """Return the family and the fixed parameters as text for a title."""
    return symbols.described(spec.family, spec.fixed)


def _title(plane: "Plane") -> str:
    lines = [title(plane.spec)]
    if "omega_b" in plane.spec.settings:
        lines.append(f"{symbols.QUANTITIES[plane.spec.quantity]}, rates {_rates(plane)}")
    first = next((c for c in plane.constraints if c.kind == "exclusion"), None)
    if first and np.isfinite(plane.theory_error).any() and np.isfinite(first.high):
        near = plane.theory_error.flat[np.nanargmin(np.abs(plane.values - first.high))]
        lines.append(rf"theory error {near:.2g} at $N_\mathrm{{eff}} = {_number(first.high)}$")
    return "\n".join(lines)


def _region(axes: "Axes", plane: "Plane", constraint: "Constraint", **style: Any) -> bool:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    parts = plane.polygons(constraint.name)
    if parts:
        outlines = Path.make_compound_path(*(Path(ring, closed=True) for part in parts for ring in part))
        axes.add_patch(PathPatch(outlines, linewidth=0, **style))
    return bool(parts)


def _lines(
    axes: "Axes", plane: "Plane", constraint: "Constraint", on_lines: _Lines, label: str = "", **style: Any
) -> None:
    for level in constraint.levels:
        for line in plane.contours(level, constraint.quantity):
            (drawn,) = axes.plot(*line.T, label=label, **style)
            label = ""
            on_lines.setdefault(_number(level), []).append(drawn)


def _band(axes: "Axes", plane: "Plane", constraint: "Constraint", index: int, on_lines: _Lines) -> None:
    text = f"{constraint.label} ({_number(constraint.low)}–{_number(constraint.high)})"
    if _region(axes, plane, constraint, facecolor=_BAND, alpha=0.45, zorder=1, label=text):
        _lines(axes, plane, constraint, on_lines, color="#9C7416", linewidth=1.0, zorder=2.2)


def _second(axes: "Axes", plane: "Plane") -> None:
    abundances = "omega_b" in plane.spec.settings
    label = f"edges with {_rates(plane)}" if abundances else f"same edges with {plane.spec.settings['treatment']}"
    style = {"color": "0.25", "linewidth": 1.0} if abundances else {"color": _EXCLUSION[0], "linewidth": 1.6}
    for constraint in plane.constraints:
        if not abundances and constraint.kind != "exclusion":
            continue
        _lines(axes, plane, constraint, {}, label, linestyle=(0, (4, 2)), zorder=2.3, **style)
        label = ""


def _rates(plane: "Plane") -> str:
    return f"{plane.spec.settings['rates']}, $\\omega_\\mathrm{{b}} = {plane.spec.settings['omega_b']:g}$"


def _exclusion(axes: "Axes", plane: "Plane", constraint: "Constraint", index: int, on_lines: _Lines) -> None:
    """The first exclusion is shaded; regions of further ones would hide one another and are drawn as lines."""
    colour = _EXCLUSION[index % len(_EXCLUSION)]
    values = plane.layers[constraint.quantity].values
    sides = (
        (f"< {_number(constraint.low)}", values < constraint.low),
        (f"> {_number(constraint.high)}", values > constraint.high),
    )
    signs = " or ".join(text for text, reached in sides if reached.any())
    if not signs:
        return
    confidence = f" ({100 * constraint.cl:g} %)" if constraint.cl else ""
    text = rf"{constraint.label}: {symbols.QUANTITIES[constraint.quantity]} ${signs}$ excluded{confidence}"
    if index == 0:
        _region(axes, plane, constraint, facecolor=colour, alpha=0.28, zorder=1.5, label=text)
        text = ""
    _lines(axes, plane, constraint, on_lines, text, color=colour, linewidth=1.8, zorder=2.5)


def _projection(axes: "Axes", plane: "Plane", constraint: "Constraint", index: int, on_lines: _Lines) -> None:
    colour, dashes = _PROJECTION[index % len(_PROJECTION)]
    text = f"{constraint.label} ({_number(constraint.high)})"
    _lines(axes, plane, constraint, on_lines, text, color=colour, linestyle=dashes, linewidth=1.5, zorder=2.4)


def _warned(axes: "Axes", plane: "Plane") -> None:
    """Hatch where a warning applies to the values."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    hatches = ("////", "....", "xxxx")
    for k, (text, mask) in enumerate(plane.warnings.items()):
        parts = polygons(plane.spec.x, plane.spec.y, mask.astype(float), 0.5, 2.0)
        if parts:
            outlines = Path.make_compound_path(*(Path(ring, closed=True) for part in parts for ring in part))
            style = {"facecolor": "none", "edgecolor": "0.45", "linewidth": 0, "hatch": hatches[k % len(hatches)]}
            axes.add_patch(PathPatch(outlines, zorder=1.8, label=_short(text), **style))


def _failed(axes: "Axes", plane: "Plane") -> None:
    where = np.argwhere(plane.failed)
    if len(where):
        axes.plot(
            plane.x[where[:, 0]],
            plane.y[where[:, 1]],
            linestyle="",
            marker="x",
            markersize=3.5,
            color=_FAILED,
            zorder=3,
            label="\n".join(f"no value: {_short(reason)} ({n})" for reason, n in plane.failures.items()),
        )


def _number(level: float) -> str:
    if abs(level) < 1:
        return f"{level:.4f}" if level > 1e-2 else f"${symbols.value(level)}$"
    return f"{level:.2f}" if abs(level - round(level, 2)) < 5e-4 else f"{level:.3f}"


def _short(text: str) -> str:
    """What happened, without the remedy, in lines that fit a legend."""
    return fill(text.partition(": ")[0], 40)
