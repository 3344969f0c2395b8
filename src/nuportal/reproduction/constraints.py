# pyright: reportUnknownMemberType=false
"""Panels of excluded regions and rows of their numbers, for the planes of the papers."""

from collections.abc import Sequence
from importlib.resources import files
from math import nan
from typing import TYPE_CHECKING, cast

from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit
from nuportal.models import U1X
from nuportal.planes.build import plane
from nuportal.plotting import exclusion
from nuportal.plotting.style import paper
from nuportal.reproduction.panels import mark, new
from nuportal.reproduction.registry import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from nuportal.planes.exclusion import ExclusionPlane

#: what ghosh2023 and ghosh2024 draw, and XENONnT
SCATTERING = ("borexino", "xenon1t", "xenonnt", "coherent-csi", "coherent-ar")
DUMPS = ("e137", "e141", "e774", "orsay", "nu-cal-proton", "charm", "babar-visible", "kloe-ee")
COSMOLOGY = ("planck2018", "h0-band")


def panels(
    chosen: Sequence[tuple[str, str, float | str]],
    constraints: Sequence[str],
    x: str = "mass=1.1MeV:300MeV:48",
    y: str = "g=1e-9:1e-2:48",
    over: str | None = None,
) -> "Figure":
    """Return excluded regions, one panel for each (title, model, epsilon); names are written on the lines.

    over: file of points that are drawn over the first panel.
    """
    with paper():
        figure, axes = new(min(len(chosen), 2), (len(chosen) + 1) // 2, width=5.4, height=4.6)
        drawn: list[tuple[Axes, ExclusionPlane, dict[str, list[Line2D]]]] = []
        for panel, (text, model, epsilon) in zip(axes, chosen, strict=False):
            found = cast("ExclusionPlane", plane(model, x, y, list(constraints), epsilon=epsilon))
            drawn.append((panel, found, exclusion.lines(panel, found, ("h0-band",))))
            panel.set_title(text)
        for panel in axes[len(chosen) :]:
            panel.set_axis_off()
        if over is not None:
            overlay(axes[0], over)
        figure.draw_without_rendering()
        for panel, found, lines in drawn:
            exclusion.write_names(panel, found, lines, size=8)
    return figure


def overlay(axes: "Axes", name: str) -> None:
    """Draw the points of a file of this folder: those that the paper prints as circles, those of others as crosses."""
    lines = files("nuportal.reproduction").joinpath(name).read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines if not line.startswith("#")][1:]
    for source in dict.fromkeys(row[0] for row in rows):
        places = [(float(mass), float(g)) for of, mass, g in rows if of == source]
        if source.startswith("ghosh"):
            mark(axes, places)
        else:
            axes.plot(*zip(*places, strict=True), "x", color="black", ms=5, zorder=6, label=source)
    axes.legend(loc="lower right", fontsize=8)


def lowest(name: str, model: str, mass: float, epsilon: float | str = 0.0) -> float:
    """Return the smallest coupling that a limit excludes at a mass (MeV); NaN if it excludes none."""
    ray = Ray(lambda g: U1X(model, mass=mass, g=g, epsilon=epsilon), "g", 1e-12, 1.0)
    found = limit(name).excluded(ray).excluded
    return found[0][0] if found else nan


def row(name: str, model: str, mass: float, statement: str, where: str, epsilon: float | str = 0.0) -> Row:
    """Return a statement of a paper beside the smallest coupling that is excluded."""
    label = limit(name).about.plain_label
    mixed = f", epsilon = {epsilon}" if epsilon else ""
    return Row(
        f"{label}, {model}{mixed}, g_X at {mass:g} MeV", statement, None, lowest(name, model, mass, epsilon), where
    )
