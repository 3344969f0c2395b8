# pyright: reportUnknownMemberType=false
"""ghosh2024 (arXiv:2404.10077): N_eff in the popular U(1)_X models. Numbers it quotes: ghosh2024.toml."""

from typing import Any

import numpy as np

from nuportal.plotting import symbols
from nuportal.plotting.style import COLOURS, paper
from nuportal.reproduction import constraints, panels
from nuportal.reproduction.classes import classes
from nuportal.reproduction.quoted import points, rows
from nuportal.reproduction.registry import Item, Reproduction, Row

_REFERENCES = ("Ghosh:2024cxi", "Ghosh:2023ilw", "EscuderoAbenza:2020cmq", "Escudero:2018mvt")
_LINES = "Lines: limits of this work (`nuportal limits`), not the paper's; N_eff without boson at the start of 20 MeV."
_MODELS = {
    "B-L": (COLOURS[0], "-"),
    "Le-Lmu": (COLOURS[4], "--"),
    "B-3Le": (COLOURS[3], "-"),
    "B1-3Le": (COLOURS[2], "--"),
    "Lmu-Ltau": (COLOURS[1], "-"),
    "B-3Lmu": (COLOURS[5], "--"),
    "B1-3Lmu": (COLOURS[6], ":"),
}


def _plane(model: str, epsilon: float | str = 0.0) -> tuple[str, str, float | str]:
    text = "" if epsilon == 0.0 and model in ("B-L", "B-3Le", "Le-Lmu", "B1-3Le") else f", {symbols.mixing(epsilon)}"
    return symbols.model(model) + text, model, epsilon


def _fig(
    item: str, chosen: list[Any], names: tuple[str, ...], more: list[Row], notes: list[str], over: str | None = None
) -> Reproduction:
    figure = constraints.panels(chosen, (*constraints.COSMOLOGY, *constraints.SCATTERING, *names), over=over)
    return Reproduction(rows("ghosh2024", item) + more, figure, [_LINES, *notes])


def fig3() -> Reproduction:
    """Constraints on B-L, B-3Le and B-3Lmu (without and with induced coupling)."""
    chosen = [_plane("B-L"), _plane("B-3Le"), _plane("B-3Lmu"), _plane("B-3Lmu", "-g/70")]
    more = [
        constraints.row("borexino", "B-L", 10.0, "> 1e-5", "section 3.1"),
        constraints.row("e137", "B-L", 10.0, "> 1e-8", "section 3.1"),
        constraints.row("babar-visible", "B-L", 100.0, "~ 1e-4", "section 3.1"),
        constraints.row("kloe-ee", "B-L", 100.0, "~ 1e-4", "section 3.1"),
        constraints.row("borexino", "B-3Le", 10.0, "stronger than B-L", "section 3.2"),
        constraints.row("xenon1t", "B-3Le", 10.0, "stronger than B-L", "section 3.2"),
        constraints.row("oscillations-mu-tau", "B-3Lmu", 10.0, "drawn", "section 3.2"),
        constraints.row("borexino", "B-3Lmu", 10.0, "weaker than B-3Le", "section 3.2", "-g/70"),
    ]
    note = "KLOE and BaBar reach a few 1e-4: neutrinos take 60 % of the decays of B-L below the muon pair."
    names = (*constraints.DUMPS, "oscillations-mu-tau", "trident-ccfr", "texono", "charm-ii")
    return _fig("fig3", chosen, names, more, [note], "ghosh2024_fig3.csv")


def fig4() -> Reproduction:
    """Constraints on Lmu-Ltau (without and with induced coupling) and Le-Lmu."""
    chosen = [_plane("Lmu-Ltau"), _plane("Lmu-Ltau", "-g/70"), _plane("Le-Lmu")]
    more = [
        constraints.row("borexino", "Lmu-Ltau", 10.0, "drawn", "section 3.3", "-g/70"),
        constraints.row("trident-ccfr", "Lmu-Ltau", 10.0, "not drawn", "", "-g/70"),
        constraints.row("borexino", "Le-Lmu", 10.0, "stronger than Lmu-Ltau", "section 3.3"),
        constraints.row("e137", "Le-Lmu", 10.0, "stronger than Lmu-Ltau", "section 3.3"),
    ]
    note = "Le-Lmu equals B-L only where the interference with the weak interaction is negligible (g_X < 1e-5)."
    return _fig("fig4", chosen, (*constraints.DUMPS, "oscillations-mu-tau", "trident-ccfr"), more, [note])


def fig5() -> Reproduction:
    """Constraints on B1-3Le and B2-3Le."""
    more = [
        constraints.row("borexino", "B1-3Le", 10.0, "as B-3Le", "section 3.4"),
        constraints.row("coherent-csi", "B1-3Le", 10.0, "not analysed before", "section 3.4"),
        constraints.row("e137", "B1-3Le", 10.0, "not analysed before", "section 3.4"),
    ]
    note = "COHERENT differs for B1 (nucleons carry charge 3) and B2 (none); the paper draws neither."
    return _fig("fig5", [_plane("B1-3Le"), _plane("B2-3Le")], constraints.DUMPS, more, [note])


def fig6() -> Reproduction:
    """Constraints on B1-3Lmu and B1-3Ltau without and with induced coupling."""
    chosen = [_plane(m, e) for e in (0.0, "-g/70") for m in ("B1-3Lmu", "B1-3Ltau")]
    more = [
        constraints.row("trident-ccfr", "B1-3Lmu", 10.0, "strong, B1-3Lmu only", "section 3.4"),
        constraints.row("trident-ccfr", "B1-3Ltau", 10.0, "none", "section 3.4"),
        constraints.row("borexino", "B1-3Lmu", 10.0, "as B-3Lmu", "section 3.4", "-g/70"),
        constraints.row("coherent-csi", "B1-3Lmu", 10.0, "not drawn", "section 3.4"),
    ]
    return _fig("fig6", chosen, ("trident-ccfr", "oscillations-mu-tau"), more, [])


def fig7() -> Reproduction:
    """T_gamma/T_nu along the evolution in all models, M = 12 MeV, g_X = 1e-7."""
    from nuportal.cosmology.evolve import evolve
    from nuportal.models import U1X

    with paper():
        figure, (axes,) = panels.new(1, width=6.2, height=4.6)
        inset = axes.inset_axes((0.12, 0.5, 0.36, 0.42))
        for name, (colour, style) in _MODELS.items():
            history = evolve(U1X(name, mass=12.0, g=1e-7), treatment="temperatures")
            for panel in (axes, inset):
                panel.plot(*panels.ratio(history), style, color=colour, label=symbols.model(name))
        axes.set(xscale="log", xlim=(20, 5e-3), ylim=(0.96, 1.42))
        axes.set(xlabel=r"$T_\gamma$ [MeV]", ylabel=r"$T_\gamma/T_\nu$", title=r"$M_{Z'} = 12$ MeV, $g_X = 10^{-7}$")
        inset.set(xscale="log", xlim=(1e-2, 5.5e-3), ylim=(1.362, 1.378))
        inset.tick_params(labelsize=8, which="both")
        inset.set_xticks([1e-2, 6e-3], ["0.01", "0.006"])
        inset.minorticks_off()
        axes.legend(loc="lower right", ncols=2, columnspacing=1.0)
    return Reproduction(rows("ghosh2024", "fig7"), figure, ["Curves: default physics; both presets in the table."])


def fig8() -> Reproduction:
    """Delta N_eff against the mass in all models, g_X = 1e-7."""
    with paper():
        figure, (axes,) = panels.new(1, width=6.0, height=4.6)
        kinds = {"B-L": r", $L_e-L_{\mu,\tau}$", "B-3Le": r", $B_i-3L_e$", "Lmu-Ltau": r", $(B,B_i)-3L_{\mu,\tau}$"}
        curves = [(symbols.model(name) + more, name, _MODELS[name][0]) for name, more in kinds.items()]
        panels.excess_against(
            axes, "mass", np.geomspace(5, 50, 40), curves, quoted=points("ghosh2024", "fig8", "mass"), g=1e-7
        )
        axes.set(ylim=(-0.02, 1.0), title=r"$g_X = 10^{-7}$")
        panels.key(axes, loc="center right")
        axes.legend(loc="upper right")
    return Reproduction(rows("ghosh2024", "fig8"), figure)


ITEMS = {
    name: Item((run.__doc__ or "").split("\n")[0], run, "ghosh", _REFERENCES)
    for name, run in {
        "fig2": classes,
        "fig3": fig3,
        "fig4": fig4,
        "fig5": fig5,
        "fig6": fig6,
        "fig7": fig7,
        "fig8": fig8,
    }.items()
}
