"""Plots of a thermal history: temperature ratios, Delta N_eff(T), energy densities."""

from typing import TYPE_CHECKING

import numpy as np

from nuportal.errors import unknown_name
from nuportal.plotting.style import COLOURS, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.decoupling.history import History

PANELS = ("temperatures", "neff", "densities")


def plot_history(history: "History", what: str = "all") -> "Figure":
    """Return a figure of one panel ("temperatures", "neff", "densities") or of "all". Raises UnknownNameError."""
    if what not in (*PANELS, "all"):
        raise unknown_name("panel", what, (*PANELS, "all"))
    chosen = PANELS if what == "all" else (what,)
    with paper():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(5.4 if len(chosen) == 1 else 13.5, 4.4))
        for k, panel in enumerate(chosen):
            axes = figure.add_subplot(1, len(chosen), k + 1)
            {"temperatures": _temperatures, "neff": _neff, "densities": _densities}[panel](axes, history)
            axes.set_xscale("log")
            axes.set_xlim(history.t_gamma[0], history.t_gamma[-1])
            axes.set_xlabel(r"$T_\gamma$ [MeV]")
    return figure


def _flavour_labels(history: "History") -> list[str]:
    if history.t_nu.shape[1] == 1:
        return [r"\nu"]
    return [r"\nu_e", r"\nu_\mu", r"\nu_\tau"]


def _temperatures(axes: "Axes", history: "History") -> None:
    for k, label in enumerate(_flavour_labels(history)):
        axes.plot(history.t_gamma, history.t_nu[:, k] / history.t_gamma, label=rf"$T_{{{label}}}/T_\gamma$")
    if np.any(np.isfinite(history.t_boson)):
        axes.plot(
            history.t_gamma, history.t_boson / history.t_gamma, "--", color=COLOURS[3], label=r"$T_{Z'}/T_\gamma$"
        )
    axes.axhline((4 / 11) ** (1 / 3), color="0.5", lw=0.9, ls=":", label=r"$(4/11)^{1/3}$")
    axes.set_ylabel(r"$T/T_\gamma$")
    axes.set_ylim(0.6, 1.15)
    axes.legend(loc="lower left")


def _neff(axes: "Axes", history: "History") -> None:
    evolution = history.neff_evolution
    axes.plot(history.t_gamma, evolution - 3.044, color=COLOURS[0])
    axes.axhline(0, color="0.5", lw=0.9, ls=":")
    final = history.neff - 3.044
    axes.annotate(
        rf"$\Delta N_\mathrm{{eff}} = {final:.3f}$", (0.96, 0.06), xycoords="axes fraction", ha="right", va="bottom"
    )
    axes.set_ylabel(r"$(8/7)(11/4)^{4/3}\,(\rho_\nu+\rho_{Z'})/\rho_\gamma - 3.044$")


def _densities(axes: "Axes", history: "History") -> None:
    axes.plot(history.t_gamma, history.rho_em / history.rho_total, label=r"$\gamma, e^\pm$")
    axes.plot(history.t_gamma, history.rho_nu.sum(axis=1) / history.rho_total, label=r"$\nu$")
    if np.any(history.rho_boson > 0):
        axes.plot(history.t_gamma, history.rho_boson / history.rho_total, "--", color=COLOURS[3], label=r"$Z'$")
    axes.set_yscale("log")
    axes.set_ylim(1e-4, 1.3)
    axes.set_ylabel(r"$\rho/\rho_\mathrm{tot}$")
    axes.legend(loc="lower left")
