"""Plots of a thermal history: temperature ratios, Delta N_eff(T), energy densities."""

from typing import TYPE_CHECKING

import numpy as np

from nuportal.errors import unknown_name
from nuportal.plotting.style import COLOURS, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.cosmology.history import History

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


def _temperatures(axes: "Axes", history: "History") -> None:
    """T_gamma over the temperatures of the other baths."""
    labels = [r"\nu"] if history.t_nu.shape[1] == 1 else [r"\nu_e", r"\nu_\mu", r"\nu_\tau"]
    for k, (label, style) in enumerate(zip(labels, ("-", "--", ":"), strict=False)):
        axes.plot(history.t_gamma, history.t_gamma / history.t_nu[:, k], style, label=rf"$T_\gamma/T_{{{label}}}$")
    if np.any(np.isfinite(history.t_boson)):
        axes.plot(
            history.t_gamma, history.t_gamma / history.t_boson, "-.", color=COLOURS[3], label=r"$T_\gamma/T_{Z'}$"
        )
    axes.axhline((11 / 4) ** (1 / 3), color="0.5", lw=0.9, ls=(0, (1, 3)))
    axes.annotate(r"$(11/4)^{1/3}$", (0.03, (11 / 4) ** (1 / 3) + 0.005), xycoords=("axes fraction", "data"))
    axes.set_ylabel(r"$T_\gamma/T$")
    axes.set_ylim(0.9, 1.5)
    axes.legend(loc="center left")


def _neff(axes: "Axes", history: "History") -> None:
    """N_eff(T) = (8/7)(11/4)^(4/3) (rho_nu + rho_Z')/rho_gamma less that of the Standard Model at the same T_gamma."""
    from nuportal.cosmology.temperatures.thermal import decouple

    standard = decouple()
    at_t = np.interp(-np.log(history.t_gamma), -np.log(standard.t_gamma), standard.neff_evolution)
    axes.plot(history.t_gamma, history.neff_evolution - at_t)
    axes.axhline(0, color="0.5", lw=0.9, ls=(0, (1, 3)))
    final = history.neff - standard.neff
    axes.annotate(
        rf"$\Delta N_\mathrm{{eff}} \to {final:.3f}$", (0.96, 0.94), xycoords="axes fraction", ha="right", va="top"
    )
    axes.set_yscale("symlog", linthresh=0.1)
    axes.set_ylabel(r"$\Delta N_\mathrm{eff}(T_\gamma)$")


def _densities(axes: "Axes", history: "History") -> None:
    axes.plot(history.t_gamma, history.rho_em / history.rho_total, label=r"$\gamma, e^\pm$")
    axes.plot(history.t_gamma, history.rho_nu.sum(axis=1) / history.rho_total, "--", label=r"$\nu$")
    if np.any(history.rho_boson > 0):
        axes.plot(history.t_gamma, history.rho_boson / history.rho_total, "-.", color=COLOURS[3], label=r"$Z'$")
    axes.set_yscale("log")
    axes.set_ylim(1e-4, 1.3)
    axes.set_ylabel(r"$\rho/\rho_\mathrm{tot}$")
    axes.legend(loc="lower left")
