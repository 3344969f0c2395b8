# pyright: reportUnknownMemberType=false
"""Plots of a thermal history: temperatures, Delta N_eff(T), energy densities, spectra of the neutrinos."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nuportal.errors import NotApplicableError, ParameterError, unknown_name
from nuportal.models.base import FLAVOURS
from nuportal.plotting.style import COLOURS, paper
from nuportal.units import format_energy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.cosmology.history import History

ALL = ("temperatures", "neff", "densities")
NAMES = {"e": r"\nu_e", "mu": r"\nu_\mu", "tau": r"\nu_\tau"}
FARTHEST = 15.0  #: p/T up to which spectra are drawn
EARLIER = (1 / 3, 2 / 3)  #: parts of the final distortion at which spectra are drawn


def check_panel(what: str) -> None:
    """Raise UnknownNameError unless `plot_history` knows the name."""
    if what not in (*_PANELS, "spectra", "all"):
        raise unknown_name("panel", str(what), (*_PANELS, "spectra", "all"))


def plot_history(history: "History", what: str = "all", ax: "Axes | Sequence[Axes] | None" = None) -> "Figure":
    """Return a figure of one panel or of "all" (ALL). ax: axes to draw into, one for each panel.

    Raises UnknownNameError, NotApplicableError, ParameterError.
    """
    check_panel(what)
    chosen = ALL if what == "all" else (what,)
    with paper():
        figure, places = _places(ax, len(chosen))
        for panel, axes in zip(chosen, places, strict=True):
            if panel == "spectra":
                _spectra(axes, history)
                continue
            _PANELS[panel](axes, history)
            axes.set_xscale("log")
            axes.set_xlim(history.t_gamma[0], history.t_gamma[-1])
            axes.set_xlabel(r"$T_\gamma$ [MeV]")
    return figure


def _places(ax: "Axes | Sequence[Axes] | None", panels: int) -> tuple["Figure", list["Axes"]]:
    if ax is None:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(5.4 if panels == 1 else 13.5, 4.4))
        return figure, [figure.add_subplot(1, panels, k + 1) for k in range(panels)]
    places: list[Axes] = list(np.ravel(ax))  # type: ignore[arg-type]
    if len(places) != panels:
        raise ParameterError(f"{len(places)} axes are given for {panels} panels: give one for each")
    return places[0].figure, places  # type: ignore[return-value]


def _neutrino_names(history: "History") -> list[str]:
    return [r"\nu"] if history.t_nu.shape[1] == 1 else list(NAMES.values())


def _temperatures(axes: "Axes", history: "History") -> None:
    """T_gamma over the temperatures of the other baths."""
    for k, (label, style) in enumerate(zip(_neutrino_names(history), ("-", "--", ":"), strict=False)):
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


@lru_cache(maxsize=8)
def _standard(treatment: str, flavours: str) -> "History":
    """The Standard Model, treated as the history beside it; a fluid of neutrinos as one temperature."""
    from nuportal.cosmology.evolve import evolve

    return evolve(None, treatment="momenta" if treatment == "momenta" else "temperatures", flavours=flavours)  # type: ignore[arg-type]


def _neff(axes: "Axes", history: "History") -> None:
    """N_eff(T) = (8/7)(11/4)^(4/3) (rho_nu + rho_Z')/rho_gamma less that of the Standard Model at the same T_gamma."""
    standard = _standard(str(history.options["treatment"]), str(history.options.get("flavours", "common")))
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
    if history.rho_nu_R is not None:
        right = history.rho_nu_R.sum(axis=1) / history.rho_total
        axes.plot(history.t_gamma, right, ":", color=COLOURS[4], label=r"$\nu_\mathrm{R}$")
    if np.any(history.rho_boson > 0):
        axes.plot(history.t_gamma, history.rho_boson / history.rho_total, "-.", color=COLOURS[3], label=r"$Z'$")
    axes.set_yscale("log")
    axes.set_ylim(1e-4, 1.3)
    axes.set_ylabel(r"$\rho/\rho_\mathrm{tot}$")
    axes.legend(loc="lower left")


def draw_dark(axes: "Axes", history: "History") -> None:
    """Draw N_eff(T) and the parts of neutrinos and boson against T_gamma (ibe2020 Fig. 4)."""
    total, rho_nu = history.neff_evolution, history.rho_nu.sum(axis=1)
    dark = history.rho_neutrinos + history.rho_boson
    axes.plot(history.t_gamma, total, color="k", label=r"$\nu + Z'$")
    axes.plot(history.t_gamma, total * rho_nu / dark, "--", label=r"$\nu$")
    if history.rho_nu_R is not None:
        right = history.rho_nu_R.sum(axis=1) / dark
        axes.plot(history.t_gamma, total * right, ":", color=COLOURS[4], label=r"$\nu_\mathrm{R}$")
    axes.plot(history.t_gamma, total * history.rho_boson / dark, "-.", color=COLOURS[3], label=r"$Z'$")
    axes.set_yscale("log")
    axes.set_ylim(1e-3, 2 * float(np.max(total)))
    axes.set_ylabel(r"$(8/7)(11/4)^{4/3}\,\rho/\rho_\gamma$")
    axes.legend(loc="lower left")


def _potential(axes: "Axes", history: "History") -> None:
    """mu/T of neutrinos."""
    if history.mu_nu is None:
        raise NotApplicableError("this history keeps the chemical potential of neutrinos at zero")
    for k, (label, style) in enumerate(zip(_neutrino_names(history), ("-", "--", ":"), strict=False)):
        axes.plot(history.t_gamma, history.mu_nu[:, k] / history.t_nu[:, k], style, label=rf"${label}$")
    axes.set_ylabel(r"$\mu/T$")
    axes.legend()


_PANELS = {
    "temperatures": _temperatures,
    "neff": _neff,
    "densities": _densities,
    "dark": draw_dark,
    "potential": _potential,
}


def _spectra(axes: "Axes", history: "History") -> None:
    """Distortion of each flavour against p/T: at the end, and when EARLIER parts of it were there.

    Right-handed partners are drawn at the end, relative to the Fermi-Dirac distribution of the left-handed ones.
    """
    from matplotlib.lines import Line2D
    from scipy.interpolate import PchipInterpolator

    history.distortion()  # refuses a history without spectra
    momentum: np.ndarray = history.spectra.momentum  # type: ignore[union-attr, assignment]
    ln_a = np.log(history.a)
    keys: list[Line2D] = []
    for here, style in zip((*_earlier(history, momentum), ln_a[-1]), (":", "--", "-"), strict=True):
        a, t_gamma = float(np.exp(here)), float(np.interp(here, ln_a, history.t_gamma))
        keys.append(Line2D([], [], ls=style, color="0.3", label=rf"$T_\gamma =$ {format_energy(t_gamma, 3)}"))
        for k, flavour in enumerate(FLAVOURS):
            y = momentum / np.interp(here, ln_a, history.a * history.t_nu[:, k])
            near = y < FARTHEST
            distortion = PchipInterpolator(y[near], 100 * history.distortion(flavour, a=a)[near])
            shown = np.linspace(float(y[0]), float(y[near][-1]), 300)
            axes.plot(shown, distortion(shown), style, color=COLOURS[k], lw=1.7 if style == "-" else 1.1)
            if history.rho_nu_R is not None and style == "-":
                right = 100 * history.distortion(flavour, a=a, right_handed=True)[near]
                axes.plot(y[near], right, "-.", color=COLOURS[k], lw=1.3)
    axes.axhline(0, color="0.5", lw=0.9, ls=(0, (1, 3)))
    axes.set(xlim=(0, FARTHEST), xlabel=r"$p/T_\nu$", ylabel=r"$f/f_\mathrm{FD} - 1$ [%]")
    flavours = [Line2D([], [], color=COLOURS[k], label=rf"${NAMES[f]}$") for k, f in enumerate(FLAVOURS)]
    if history.rho_nu_R is not None:
        keys.append(Line2D([], [], ls="-.", color="0.3", label=r"right-handed, last $T_\gamma$"))
    axes.margins(y=0.15)
    axes.legend(handles=[*flavours, *keys], loc="best", ncols=2, columnspacing=1.2, handlelength=1.6)


def _earlier(history: "History", momentum: np.ndarray) -> list[float]:
    """Return ln a from which the distortion of nu_e, weighted with energy, is above EARLIER parts of the last one."""
    ln_a = np.log(history.a)
    sizes: list[float] = []
    for row in range(len(history.a)):
        y = momentum / (history.a[row] * history.t_nu[row, 0])
        weight = y**3 / (np.exp(np.minimum(y, 500.0)) + 1)
        distortion = np.nan_to_num(history.distortion("e", a=float(history.a[row])), posinf=0.0, neginf=0.0)
        sizes.append(float(np.trapezoid(weight * np.abs(distortion), y)))
    found: list[float] = []
    for part in EARLIER:
        below = np.flatnonzero(np.array(sizes) < part * sizes[-1])
        k = int(below[-1]) if below.size else 0
        span = sizes[k + 1] - sizes[k]
        share = (part * sizes[-1] - sizes[k]) / span if below.size and span > 0 else 0.0
        found.append(float(ln_a[k] + share * (ln_a[k + 1] - ln_a[k])))
    return found
