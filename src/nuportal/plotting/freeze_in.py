"""Plot of a freeze-in: energy densities over those of photons, and the final momentum distribution (ibe2020 Fig. 4)."""

from typing import TYPE_CHECKING

import numpy as np

from nuportal.plotting.style import COLOURS, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.cosmology.history import History


def plot_freeze_in(history: "History") -> "Figure":
    """Return a figure of two panels: the densities, and temperature and chemical potential of the neutrinos."""
    with paper():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(10.6, 4.4))
        left, right = figure.subplots(1, 2)
        draw_densities(left, history)
        right.plot(history.t_gamma, history.t_nu[:, 0] / history.t_gamma, label=r"$T_\nu/T_\gamma$")
        if history.mu_nu is not None:
            right.plot(history.t_gamma, history.mu_nu / history.t_nu[:, 0], "--", label=r"$\mu_\nu/T_\nu$")
        right.set_ylabel(r"$T_\nu/T_\gamma$ and $\mu_\nu/T_\nu$")
        right.legend()
        for axes in (left, right):
            axes.set_xscale("log")
            axes.set_xlim(history.t_gamma[0], history.t_gamma[-1])
            axes.set_xlabel(r"$T_\gamma$ [MeV]")
    return figure


def draw_densities(axes: "Axes", history: "History") -> None:
    """Draw N_eff(T), and the parts of neutrinos and boson, against T_gamma."""
    total = history.neff_evolution
    dark = history.rho_nu[:, 0] + history.rho_boson
    axes.plot(history.t_gamma, total, color="k", label=r"$\nu + Z'$")
    axes.plot(history.t_gamma, total * history.rho_nu[:, 0] / dark, "--", label=r"$\nu$")
    axes.plot(history.t_gamma, total * history.rho_boson / dark, "-.", color=COLOURS[3], label=r"$Z'$")
    axes.set_yscale("log")
    axes.set_ylim(1e-3, 2 * float(np.max(total)))
    axes.set_ylabel(r"$(8/7)(11/4)^{4/3}\,\rho/\rho_\gamma$")
    axes.legend(loc="lower left")
