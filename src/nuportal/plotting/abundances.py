# pyright: reportUnknownMemberType=false
"""The picture of nuclear abundances against the photon temperature."""

from typing import TYPE_CHECKING

import numpy as np

from nuportal.errors import NotApplicableError
from nuportal.plotting.style import COLOURS, drawing, paper
from nuportal.plotting.symbols import value

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.cosmology.nucleosynthesis.yields import Yields

_LABELS = ("n", "p", "d", "t", r"^3\mathrm{He}", r"^4\mathrm{He}", r"^7\mathrm{Li}", r"^7\mathrm{Be}")
_LINES = ("-", "-", "-", "--", "--", "-", "-.", "-.")
SMALLEST = 1e-14


def plot_abundances(found: "Yields", ax: "Axes | None" = None) -> "Figure":
    """Return a figure of n_i/n_b of the eight nuclei, drawn into `ax` if given.

    Raises NotApplicableError for yields without numbers.
    """
    course = found.abundances
    if not len(course.t_gamma):
        raise NotApplicableError(f"there are no abundances to draw: {found.status.message}")
    with paper():
        figure, axes = drawing(ax, 6.4, 4.8)
        for k, (label, line) in enumerate(zip(_LABELS, _LINES, strict=True)):
            y = course.y[:, k]
            axes.plot(
                course.t_gamma,
                np.where(y > 0, y, np.nan),
                line,
                color=(*COLOURS, "0.55")[k],
                label=f"${_roman(label)}$",
            )
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlim(course.t_gamma[0], course.t_gamma[-1])
        axes.set_ylim(SMALLEST, 3.0)
        axes.set_xlabel(r"$T_\gamma$ [MeV]")
        axes.set_ylabel(r"$n_i/n_\mathrm{b}$")
        axes.legend(loc="lower left", ncols=2)
        results = rf"$Y_\mathrm{{p}} = {found.Y_p:.4f}$,  $\mathrm{{D/H}} = {value(found.D_H)}$"
        axes.set_title(rf"{results}  ({found.rates}, $\omega_\mathrm{{b}} = {found.omega_b:g}$)")
    return figure


def _roman(label: str) -> str:
    return label if label.startswith("^") else rf"\mathrm{{{label}}}"
