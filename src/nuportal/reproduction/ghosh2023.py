# pyright: reportUnknownMemberType=false
"""ghosh2023 (arXiv:2312.16304): N_eff with a generic U(1)_X boson. Numbers it quotes: ghosh2023.toml."""

from functools import partial

import numpy as np

from nuportal.plotting.style import COLOURS, paper
from nuportal.reproduction import constraints, panels
from nuportal.reproduction.classes import classes
from nuportal.reproduction.quoted import crossings, points, rows
from nuportal.reproduction.registry import Item, Reproduction, Row

_REFERENCES = ("Ghosh:2023ilw", "EscuderoAbenza:2020cmq", "Escudero:2018mvt")
_ALIGNMENT = (
    "B_s mixing assumes quark mixing in the down sector; K and B decays (layer flavour-alignment) are stronger."
)
_PAPER_SM = panels.N_EFF_PAPERS

_CHARGES = {
    (1, 1, 1): (COLOURS[0], "-"),
    (0, 1, 1): (COLOURS[2], "-"),
    (1, 0, 0): (COLOURS[4], ":"),
    (0, 1, 0): (COLOURS[3], "-."),
    (0, 3, 0): (COLOURS[6], ":"),
    (3, 0, 0): (COLOURS[1], "-"),
}
_THREE = [((1, 1, 1), COLOURS[0]), ((0, 1, 1), COLOURS[2]), ((3, 0, 0), COLOURS[1])]


def _mapping(charges: tuple[int, int, int]) -> dict[str, float]:
    return dict(zip(("e", "mu", "tau"), map(float, charges), strict=True))


def _name(charges: tuple[int, int, int]) -> str:
    return rf"$|X_{{1,2,3}}| = ({charges[0]},{charges[1]},{charges[2]})$"


def fig2() -> Reproduction:
    """T_gamma/T_nu and Delta N_eff along the evolution, M = 10 MeV, g_X = 1e-7 and 1e-8."""
    from nuportal.cosmology.evolve import evolve
    from nuportal.models import U1X

    with paper():
        figure, axes = panels.new(2, 2)
        for column, (g, text) in enumerate(((1e-7, "10^{-7}"), (1e-8, "10^{-8}"))):
            for charges, (colour, style) in _CHARGES.items():
                history = evolve(U1X(charges=_mapping(charges), mass=10.0, g=g), treatment="temperatures")
                axes[column].plot(*panels.ratio(history), style, color=colour, label=_name(charges))
                axes[2 + column].plot(*panels.excess_history(history), style, color=colour)
            axes[column].set(title=rf"$M_{{Z'}} = 10$ MeV, $g_X = {text}$", ylabel=r"$T_\gamma/T_\nu$")
            axes[column].set(ylim=(0.96, 1.42), xlim=(20, 5e-3))
            axes[2 + column].axhline(panels.PLANCK_EXCESS, color="0.3", lw=1, ls=(0, (1, 2)))
            axes[2 + column].text(0.14, panels.PLANCK_EXCESS + 0.012, "Planck 2018, 95 %", size=9.5)
            axes[2 + column].set(ylim=(0, 1), xlim=(0.15, 5e-3), ylabel=r"$\Delta N_\mathrm{eff}$")
        for panel in axes:
            panel.set(xscale="log", xlabel=r"$T_\gamma$ [MeV]")
        axes[0].legend(loc="lower right")
    return Reproduction(rows("ghosh2023", "fig2"), figure, ["Curves: default physics; both presets in the table."])


def fig3() -> Reproduction:
    """Delta N_eff against the mass, g_X = 1e-7."""
    with paper():
        figure, (axes,) = panels.new(1, width=5.8, height=4.4)
        curves = [(_name(c), _mapping(c), colour) for c, colour in _THREE]
        panels.excess_against(
            axes, "mass", np.geomspace(5, 50, 40), curves, quoted=points("ghosh2023", "fig3", "mass"), g=1e-7
        )
        axes.set(ylim=(-0.02, 1.0), title=r"$g_X = 10^{-7}$")
        panels.key(axes, loc="center right")
        axes.legend(loc="upper right")
    return Reproduction(rows("ghosh2023", "fig3"), figure)


def fig5() -> Reproduction:
    """Delta N_eff against the coupling, M = 10 MeV, without and with induced coupling."""
    with paper():
        figure, axes = panels.new(2)
        curves = [(_name(c), _mapping(c), colour) for c, colour in _THREE]
        for panel, epsilon, text in zip(axes, (0.0, "-g/70"), ("0", "-g_X/70"), strict=True):
            printed = points("ghosh2023", "fig5", "g", epsilon)
            grid = np.geomspace(1e-9, 1e-4, 40)
            panels.excess_against(panel, "g", grid, curves, epsilon=epsilon, quoted=printed, mass=10.0)
            panel.axhspan(panels.PLANCK_EXCESS, 1.2, color="0.5", alpha=0.18, lw=0)
            panel.set(ylim=(0, 1.2), title=rf"$M_{{Z'}} = 10$ MeV, $\epsilon = {text}$")
        panels.key(axes[1], loc="upper left")
        axes[0].legend(loc="upper left")
    return Reproduction(rows("ghosh2023", "fig5"), figure)


def fig6() -> Reproduction:
    """The N_eff plane of |X_1,2,3| = 1."""
    figure = panels.planes([(r"$|X_{1,2,3}| = 1$", _mapping((1, 1, 1)), 0.0)], quoted=crossings("ghosh2023", "fig6"))
    note = "At g_X = 1e-3 the paper's 20 MeV needs the Z'-mediated scattering switched off, as the preset has it."
    return Reproduction(rows("ghosh2023", "fig6"), figure, [note])


def fig7() -> Reproduction:
    """The N_eff plane of X_1 = 0 without and with induced coupling."""
    charges = _mapping((0, 1, 1))
    figure = panels.planes(
        [
            (r"$X_1 = 0$, $|X_{2,3}| = 1$, $\epsilon = 0$", charges, 0.0),
            (r"$X_1 = 0$, $|X_{2,3}| = 1$, $\epsilon = -g_X/70$", charges, "-g/70"),
        ]
    )
    return Reproduction(rows("ghosh2023", "fig7"), figure)


def fig8() -> Reproduction:
    """Constraints on B3-3Le."""
    names = (*constraints.COSMOLOGY, "borexino", "xenon1t", "xenonnt", "bs-mixing", "e137", "babar-visible")
    more = [
        constraints.row("borexino", "B3-3Le", 10.0, "drawn", "section 5.1"),
        constraints.row("xenon1t", "B3-3Le", 10.0, "drawn", "section 5.1"),
        constraints.row("bs-mixing", "B3-3Le", 10.0, "drawn", "section 5.1"),
        constraints.row("coherent-csi", "B3-3Le", 10.0, "weaker than the others", "section 6"),
    ]
    return Reproduction(more, constraints.panels([("$B_3-3L_e$", "B3-3Le", 0.0)], names), [_ALIGNMENT])


def fig9() -> Reproduction:
    """Constraints on B3-3Lmu without and with loop-induced mixing."""
    names = (*constraints.COSMOLOGY, "borexino", "xenon1t", "xenonnt", "bs-mixing", "trident-ccfr")
    names = (*names, "sn1987a-coalescence", "oscillations-mu-tau")
    chosen: list[tuple[str, str, float | str]] = [
        (r"$B_3-3L_\mu$, $\epsilon = 0$", "B3-3Lmu", 0.0),
        (r"$B_3-3L_\mu$, $\epsilon = -g_X/70$", "B3-3Lmu", "-g/70"),
    ]
    more = [
        constraints.row("trident-ccfr", "B3-3Lmu", 10.0, "drawn", "section 5.2"),
        constraints.row("bs-mixing", "B3-3Lmu", 10.0, "drawn", "section 5.2"),
        constraints.row("sn1987a-coalescence", "B3-3Lmu", 10.0, "drawn", "section 5.2"),
        constraints.row("borexino", "B3-3Lmu", 10.0, "weaker than B3-3Le", "section 5.2", "-g/70"),
    ]
    notes = [
        _ALIGNMENT,
        "Without mixing there is no tree coupling to electrons: Borexino and XENON do not apply in (a).",
    ]
    return Reproduction(more, constraints.panels(chosen, names, y="g=1e-10:1e-2:48"), notes)


def fig10() -> Reproduction:
    """T_gamma/T_nu with one temperature per flavour, M = 10 MeV, g_X = 1e-7."""
    from nuportal.cosmology.evolve import evolve
    from nuportal.models import U1X

    with paper():
        figure, axes = panels.new(3, width=4.2)
        for panel, charges in zip(axes, ((1, 0, 0), (0, 1, 0), (0, 0, 1)), strict=True):
            for preset, style in panels.PRESETS:
                model = U1X(charges=_mapping(charges), mass=10.0, g=1e-7)
                history = evolve(model, treatment="temperatures", flavours="separate", preset=preset)  # type: ignore[arg-type]
                for bath, (flavour, colour) in enumerate(zip(("e", r"\mu", r"\tau"), COLOURS[:3], strict=True)):
                    label = rf"$\nu_{flavour}$" if style == "-" else None
                    width = 1.7 if style == "-" else 1.2
                    panel.plot(*panels.ratio(history, bath), style, lw=width, color=colour, label=label)
            panel.set(xscale="log", xlim=(20, 5e-3), ylim=(0.9, 1.42), title=_name(charges))
            panel.set(xlabel=r"$T_\gamma$ [MeV]", ylabel=r"$T_\gamma/T_{\nu_i}$")
            if panel is axes[0]:
                panels.key(panel, loc="upper left")
            panel.legend(loc="lower right")
    notes = [
        "For X_1 = 0 the paper finds slightly less than with a common temperature, we find more, in both presets: the "
        "excess stays with one flavour, which exchanges energy with e+- less than a bath that contains nu_e."
    ]
    return Reproduction(rows("ghosh2023", "fig10"), figure, notes)


def table2() -> Reproduction:
    """N_eff for six charge combinations and two couplings, M = 10 MeV."""
    return Reproduction(rows("ghosh2023", "table2"))


def table3() -> Reproduction:
    """Upper bounds on N_eff, and the B-L mass up to which each reaches at g_X = 1e-7."""
    from nuportal.planes.constraints import constraint
    from nuportal.reproduction.quoted import contour_mass

    charges = {"e": -1.0, "mu": -1.0, "tau": -1.0}
    found: list[Row] = []
    for name in ("planck2018", "simons-observatory", "cmb-s4", "cmb-hd"):
        bound = constraint(name)
        masses = [contour_mass(charges, 1e-7, bound.high, 0.0, preset) for preset in ("ghosh", "default")]
        found.append(Row(f"upper bound on N_eff, {bound.label}", f"{bound.high:.2f}", None, bound.high, "Table 3"))
        found.append(Row(f"  B-L mass excluded below, g_X = 1e-7 (MeV), {bound.label}", None, masses[0], masses[1]))
    return Reproduction(found)


def eq11() -> Reproduction:
    """The instantaneous-decoupling estimate N_eff = 3.046 (rho_nu + rho_Z')/rho_nu at T = 2 MeV (eqs 8-11)."""
    from scipy.integrate import quad

    def rho_boson(mass: float, t: float = 2.0) -> float:
        """Energy density of an equilibrium vector, MeV^4; in u = sqrt(E - M) the root at threshold is gone."""
        occupied = partial(_thermal_energy, mass=mass, t=t)
        return 3 / (2 * np.pi**2) * quad(occupied, 0, np.sqrt(60 * t), epsabs=0)[0]

    rho_nu = 3 * 2 * 7 / 8 * np.pi**2 / 30 * 2.0**4
    found = [
        Row("rho_nu(2 MeV) in 1e-11 GeV^4", 2.76, rho_nu * 0.1, None, "footnote 10"),
        Row("rho_Z'(2 MeV), M = 10 MeV, in 1e-12 GeV^4", 2.20, rho_boson(10.0), None, "footnote 10"),
    ]
    exact = {row.quantity.split("M = ")[-1]: row for row in rows("ghosh2023", "fig7") if "1e-7" in row.quantity}
    for mass, printed, where in ((8.0, 3.48, "section 4.2"), (10.0, 3.28, "section 3"), (12.0, 3.17, "section 4.2")):
        ours = exact.get(f"{mass:g} MeV")
        estimate = _PAPER_SM * (1 + rho_boson(mass) / rho_nu)
        solved = ours.default if ours else rows("ghosh2023", "fig5")[1].default
        found.append(Row(f"N_eff by eq. 11, M = {mass:g} MeV (default: solved)", printed, estimate, solved, where))
    return Reproduction(
        found, None, ["Column 'preset' is the estimate by eq. 11; rho_Z' with Bose-Einstein statistics."]
    )


def _thermal_energy(u: float, mass: float, t: float) -> float:
    energy = mass + u * u
    return 2 * u * energy**2 * u * np.sqrt(energy + mass) / np.expm1(energy / t)


ITEMS = {
    name: Item((run.__doc__ or "").split("\n")[0], run, "ghosh", _REFERENCES)
    for name, run in {
        "fig2": fig2,
        "fig3": fig3,
        "fig4": classes,
        "fig5": fig5,
        "fig6": fig6,
        "fig7": fig7,
        "fig8": fig8,
        "fig9": fig9,
        "fig10": fig10,
        "table2": table2,
        "table3": table3,
        "eq11": eq11,
    }.items()
}
