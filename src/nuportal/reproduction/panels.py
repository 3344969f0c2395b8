# pyright: reportUnknownMemberType=false
"""Panels that several figures of ghosh2023 and ghosh2024 share: N_eff planes, Delta N_eff curves, temperature ratios.

Solid lines are the default physics, dashed ones the papers' own approximations (preset "ghosh").
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nuportal.plotting.style import paper, plain_ticks
from nuportal.reproduction.quoted import LEVELS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from nuportal.cosmology.history import History

N_EFF_PAPERS = 3.046  #: the Standard Model value that ghosh2023 and ghosh2024 subtract
PLANCK_EXCESS = 0.28  #: their Planck 2018 limit on Delta N_eff (ghosh2023 Figs 2, 5)
PRESETS = (("default", "-"), ("ghosh", "--"))
_LEVEL_COLOURS = {3.2: "#9C7416", 3.33: "#2F5597", 3.5: "#C04000"}


def new(columns: int, rows: int = 1, width: float = 4.6, height: float = 3.9) -> tuple["Figure", list["Axes"]]:
    """Return a figure with rows x columns axes. Call inside `paper()`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width * columns, height * rows))
    return figure, list(np.atleast_1d(np.asarray(figure.subplots(rows, columns))).ravel())


def key(axes: "Axes", **where: Any) -> None:
    """Write which line style is which calculation; call before the legend of the curves."""
    axes.add_artist(axes.legend(handles=_styles(), **where))


def _styles() -> list["Line2D"]:
    from matplotlib.lines import Line2D

    return [Line2D([], [], linestyle=style, color="0.2", label=_NAMES[preset]) for preset, style in PRESETS]  # type: ignore[arg-type]


_NAMES = {"default": "this work", "ghosh": "preset of the paper"}


def mark(axes: "Axes", places: Sequence[tuple[float, float]], label: str = "quoted in the paper") -> None:
    """Draw numbers that the paper prints over our curves."""
    if places:
        axes.plot(
            *zip(*places, strict=True),
            "o",
            ms=6,
            mfc="white",
            mec="black",
            mew=1.3,
            zorder=6,
            clip_on=False,
            label=label,
        )


def planes(
    panels: Sequence[tuple[str, str | Mapping[str, float], float | str]],
    points: int = 48,
    quoted: Sequence[tuple[float, float]] = (),
) -> "Figure":
    """Return N_eff planes, one a panel: (title, model or charges, epsilon), M 1.1-150 MeV, g_X 1e-9-1e-3.

    quoted: (mass, g) through which the paper says that N_eff = 3.33 runs, drawn into the first panel.
    """
    from nuportal.planes.build import plane
    from nuportal.planes.plane import Plane

    with paper():
        rows = 1 if len(panels) < 4 else 2
        figure, axes = new(min(len(panels), 2 if len(panels) == 4 else 3), rows)
        for panel, (title, model, epsilon) in zip(axes, panels, strict=True):
            for preset, style in PRESETS:
                found = plane(
                    model,
                    f"mass=1.1MeV:150MeV:{points}",
                    f"g=1e-9:1e-3:{points}",
                    ["planck2018", "h0-band"],
                    epsilon=epsilon,
                    preset=preset,
                )
                assert isinstance(found, Plane)
                if preset == "default":
                    _shade(panel, found)
                for level in LEVELS:
                    for line in found.contours(level):
                        panel.plot(*line.T, style, color=_LEVEL_COLOURS[level], lw=1.6 if style == "-" else 1.1)
            panel.set(xscale="log", yscale="log", xlim=(1.1, 150), ylim=(1e-9, 1e-3), title=title)
            panel.set(xlabel=r"$M_{Z'}$ [MeV]", ylabel=r"$g_X$")
            plain_ticks(panel.xaxis)
        from matplotlib.lines import Line2D

        mark(axes[0], quoted)
        marks = axes[0].get_legend_handles_labels()[0]
        levels = [Line2D([], [], color=_LEVEL_COLOURS[v], label=rf"$N_\mathrm{{eff}} = {v}$") for v in LEVELS]
        box = {"frameon": True, "framealpha": 0.9, "edgecolor": "0.8"}
        axes[-1].legend(handles=[*levels, *_styles(), *marks], loc="lower right", handlelength=1.6, **box)
    return figure


def _shade(axes: "Axes", found: Any) -> None:
    for name, colour, alpha in (("planck2018", "#4C72B0", 0.22), ("h0-band", "#F2C14E", 0.35)):
        for part in found.polygons(name):
            axes.fill(*part[0].T, lw=0, color=colour, alpha=alpha)


def excess_against(
    axes: "Axes",
    name: str,
    values: np.ndarray,
    curves: Sequence[tuple[str, str | Mapping[str, float], str]],
    epsilon: float | str = 0.0,
    quoted: Sequence[tuple[float, float]] = (),
    **fixed: float,
) -> None:
    """Draw Delta N_eff = N_eff - 3.046 against "mass" or "g": curves (label, model or charges, colour).

    quoted: (mass or g, N_eff) as the paper prints them, drawn over the curves.
    """
    from nuportal.cosmology.grid import neff_grid

    for label, model, colour in curves:
        for preset, style in PRESETS:
            given = {name: values, **fixed}
            found = neff_grid(model, given["mass"], given["g"], epsilon=epsilon, preset=preset).ravel()  # type: ignore[arg-type]
            axes.plot(
                values,
                found - N_EFF_PAPERS,
                style,
                color=colour,
                label=label if style == "-" else None,
                lw=1.7 if style == "-" else 1.2,
            )
    mark(axes, [(at, value - N_EFF_PAPERS) for at, value in quoted])
    axes.axhline(PLANCK_EXCESS, color="0.4", lw=0.9, ls=(0, (1, 2)))
    axes.set(xscale="log", xlim=(values[0], values[-1]), ylabel=r"$\Delta N_\mathrm{eff}$")
    axes.set_xlabel(r"$M_{Z'}$ [MeV]" if name == "mass" else r"$g_X$")
    if name == "mass":
        plain_ticks(axes.xaxis)


def ratio(history: "History", bath: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return (T_gamma, T_gamma/T_nu) along a history."""
    return history.t_gamma, history.t_gamma / history.t_nu[:, bath]


def excess_history(history: "History") -> tuple[np.ndarray, np.ndarray]:
    """Return (T_gamma, 3 (11/4)^(4/3) (T_nu/T_gamma)^4 - 3.046) along a history (ghosh2023 Fig. 2c, d)."""
    return history.t_gamma, 3 * (11 / 4) ** (4 / 3) * (history.t_nu[:, 0] / history.t_gamma) ** 4 - N_EFF_PAPERS
