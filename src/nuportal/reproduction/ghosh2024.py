"""ghosh2024 (arXiv:2404.10077): N_eff in the popular U(1)_X models. Numbers it quotes: ghosh2024.toml."""

import numpy as np

from nuportal.plotting import symbols
from nuportal.plotting.style import COLOURS, paper
from nuportal.reproduction import panels
from nuportal.reproduction.quoted import rows
from nuportal.reproduction.registry import Item, Reproduction

_REFERENCES = ("Ghosh:2024cxi", "Ghosh:2023ilw", "EscuderoAbenza:2020cmq", "Escudero:2018mvt")
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


def fig3() -> Reproduction:
    """N_eff planes of B-L, B-3Le and B-3Lmu (without and with induced coupling)."""
    chosen = [_plane("B-L"), _plane("B-3Le"), _plane("B-3Lmu"), _plane("B-3Lmu", "-g/70")]
    return Reproduction(rows("ghosh2024", "fig3"), panels.planes(chosen))


def fig4() -> Reproduction:
    """N_eff planes of Lmu-Ltau (without and with induced coupling) and Le-Lmu."""
    chosen = [_plane("Lmu-Ltau"), _plane("Lmu-Ltau", "-g/70"), _plane("Le-Lmu")]
    note = "Le-Lmu equals B-L only where the interference with the weak interaction is negligible (g_X < 1e-5)."
    return Reproduction(rows("ghosh2024", "fig4"), panels.planes(chosen), [note])


def fig5() -> Reproduction:
    """N_eff plane of B1-3Le (and B2-3Le)."""
    return Reproduction(rows("ghosh2024", "fig5"), panels.planes([_plane("B1-3Le")]))


def fig6() -> Reproduction:
    """N_eff planes of B1-3Lmu (and B2, tau) without and with induced coupling."""
    chosen = [_plane("B1-3Lmu"), _plane("B1-3Lmu", "-g/70")]
    return Reproduction(rows("ghosh2024", "fig6"), panels.planes(chosen))


def fig7() -> Reproduction:
    """T_gamma/T_nu along the evolution in all models, M = 12 MeV, g_X = 1e-7."""
    from nuportal.decoupling.thermal import decouple
    from nuportal.models import U1X

    with paper():
        figure, (axes,) = panels.new(1, width=6.2, height=4.6)
        inset = axes.inset_axes((0.12, 0.5, 0.36, 0.42))
        for name, (colour, style) in _MODELS.items():
            history = decouple(U1X(name, mass=12.0, g=1e-7))
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
        panels.excess_against(axes, "mass", np.geomspace(5, 50, 40), curves, g=1e-7)
        axes.set(ylim=(-0.02, 1.0), title=r"$g_X = 10^{-7}$")
        panels.key(axes, loc="center right")
        axes.legend(loc="upper right")
    return Reproduction(rows("ghosh2024", "fig8"), figure)


ITEMS = {
    name: Item((run.__doc__ or "").split("\n")[0], run, "ghosh", _REFERENCES)
    for name, run in {"fig3": fig3, "fig4": fig4, "fig5": fig5, "fig6": fig6, "fig7": fig7, "fig8": fig8}.items()
}
