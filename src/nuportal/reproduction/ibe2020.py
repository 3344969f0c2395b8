# pyright: reportUnknownMemberType=false
"""ibe2020 (arXiv:2007.16105): freeze-in of a light vector. Numbers it quotes: ibe2020.toml."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from nuportal.cosmology.expansion import HUBBLE, PHOTONS
from nuportal.cosmology.fluid.lines import (
    free_streaming_bound,
    longlived_below,
    vector_of_majoron,
    xenon1t_coupling,
)
from nuportal.plotting.style import COLOURS, paper
from nuportal.plotting.symbols import value
from nuportal.reproduction import panels
from nuportal.reproduction.registry import Item, Reproduction, Row
from nuportal.units import format_energy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_REFERENCES = ("Ibe:2020dly",)
_MASS = 1e-4  # MeV, of Figs 2 and 4
_POINTS = 24  # along each axis of a panel of Fig. 3
_LIMITS = (1e-14, 1e-3)  # of both couplings there
_LEVELS = (3.2, 3.33, 3.5, 4, 5, 7, 10)
_PRESETS = (("default", "-"), ("ibe", "--"))


@cache
def _quoted() -> dict[str, Any]:
    text = files("nuportal.reproduction").joinpath("ibe2020.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def equations() -> Reproduction:
    """Limits of section 4 (eqs 30-60): temperatures, chemical potentials, N_eff."""
    from nuportal.cosmology.regimes import regimes

    rows = [
        Row(v["text"], v["paper"], None, regimes(v.get("d", 3))[v["limit"]], v["where"]) for v in _quoted()["value"]
    ]
    notes = [
        "Footnote 5 (d = 1: 12 and 11) does not follow from the equations it refers to, which give 7.2 and 6.3.",
        "Not in the paper: number-changing reactions that stop while the boson is relativistic conserve n_nu + 2 n_Z' "
        f"in the decay: (i) {regimes(3)['i_decayed_numcons']:.2f}, (iv) {regimes(3)['iv_decayed_numcons']:.2f}.",
    ]
    return Reproduction(rows, None, notes)


def fig2() -> Reproduction:
    """Production rates of a thermal population over H s against T, m = 100 eV."""
    from scipy.interpolate import PchipInterpolator

    from nuportal.plasma import em, neutrinos
    from nuportal.processes.boson_rates import production_rates

    t_gamma = np.geomspace(20, 1e-6, 46)
    g_e, g_nu = 1e-9, (1e-10, 1e-5)
    curves = {preset: np.zeros((4, t_gamma.size)) for preset, _ in _PRESETS}
    for k, t in enumerate(t_gamma):
        plasma = em.evaluate(t)
        # entropy of the plasma alone is conserved once the neutrinos have decoupled
        t_nu = t * min(float(plasma.rho + plasma.p) / t**4 / (11 / 3 * PHOTONS), 1.0) ** (1 / 3)
        rho_nu = float(neutrinos.energy_density(t_nu))
        hubble = HUBBLE * np.sqrt(float(plasma.rho) + rho_nu)
        entropy = float(plasma.rho + plasma.p) / t + 4 / 3 * rho_nu / t_nu
        for preset, _ in _PRESETS:
            found = production_rates(_MASS, t, t_nu, statistics=preset)
            parts = (
                found.compton * g_e**2,
                found.annihilation * g_e**2,
                found.inverse_decay * g_nu[0] ** 2,
                found.neutrino_pairs * g_nu[1] ** 4,
            )
            curves[preset][:, k] = np.array(parts) / (hubble * entropy)
    with paper():
        figure, (axes,) = panels.new(1, width=6.4, height=4.8)
        labels = (
            (r"$e\gamma \to e Z'$, $g_e = 10^{-9}$", "#D62728"),
            (r"$e^+e^- \to \gamma Z'$, $g_e = 10^{-9}$", COLOURS[2]),
            (r"$\nu\nu \to Z'$, $g_\nu = 10^{-10}$", "k"),
            (r"$\nu\nu \to Z'Z'$, $g_\nu = 10^{-5}$", COLOURS[0]),
        )
        for preset, style in _PRESETS:
            for (label, colour), curve in zip(labels, curves[preset], strict=True):
                # between the temperatures the logarithm of a rate is smooth
                fine = np.geomspace(float(t_gamma[0]), float(t_gamma[-1]), 400)
                smooth = PchipInterpolator(-np.log(t_gamma), np.log(np.maximum(curve, 1e-300)))(-np.log(fine))
                axes.plot(fine * 1e6, np.exp(smooth), style, color=colour, label=label if style == "-" else None)
        axes.axhline(1, color="0.5", lw=0.9, ls=(0, (1, 3)))
        axes.set(xscale="log", yscale="log", xlim=(2e7, 1), ylim=(1e-8, 1e6))
        axes.set(xlabel=r"$T_\gamma$ [eV]", ylabel=r"$\Gamma_{Z'\mathrm{-prod}}/(H s)$", title=r"$m_{Z'} = 100$ eV")
        axes.plot([], [], "--", color="0.2", label="statistics of ibe2020")
        axes.legend(loc="upper left")
    note = "Solid: exact quantum statistics; dashed: those of ibe2020. All three polarisations, e+ and e- are counted."
    return Reproduction([], figure, [note, "The paper quotes no number of this figure."])


def fig3() -> Reproduction:
    """N_eff on the plane of g_e and g_nu for six masses, with the constraints that live there."""
    masses = [1e-6 * m for m in _quoted()["plane"]["masses_eV"]]
    rows: list[Row] = []
    with paper():
        figure, axes = panels.new(3, 2, width=4.4, height=4.0)
        for panel, mass in zip(axes, masses, strict=True):
            rows.append(_panel(panel, mass))
        figure.legend(handles=_key(), loc="outside lower center", ncols=3)
    notes = [
        "Preset of the paper; lines: N_eff up to 10. Below the purple line the boson outlives recombination and N_eff "
        "does not apply.",
        "At 100 keV and g_e > 1e-7 N_eff falls again: the boson keeps to the plasma while its density dies out.",
        "Free streaming is our estimate (transport rate = H), mapped from a Majoron by eq. 29.",
    ]
    return Reproduction(rows, figure, notes)


def _key() -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    return [
        Patch(color="#E59866", label="Planck (95 %)"),
        Patch(color="#FAD7A0", label="Planck + BAO (95 %)"),
        Line2D([], [], color="0.25", lw=0.8, label=r"$N_\mathrm{eff}$"),
        Line2D([], [], color=COLOURS[2], lw=1.5, label="free streaming"),
        Line2D([], [], color="#8E44AD", ls="--", lw=1.3, label=r"$\Gamma_{Z'} = H$ at recombination"),
        Line2D([], [], color=COLOURS[0], lw=5, alpha=0.35, label="XENON1T excess"),
    ]


def _panel(panel: "Axes", mass: float) -> Row:
    """Draw one plane of Fig. 3 and return the smallest N_eff that XENON1T's couplings lead to."""
    from nuportal.planes.build import plane
    from nuportal.planes.plane import Plane

    axis = f"{_LIMITS[0]:g}:{_LIMITS[1]:g}:{_POINTS}"
    found = plane("vector", f"g_e={axis}", f"g_nu={axis}", [], mass=mass, preset="ibe")
    assert isinstance(found, Plane)
    g, values = found.x, np.clip(found.values, None, 1e3)
    numbers = _quoted()["plane"]
    for interval, colour in ((numbers["cmb_bao"], "#FAD7A0"), (numbers["cmb"], "#E59866")):
        panel.contourf(g, g, values.T, levels=interval, colors=[colour], alpha=0.8)
    lines = panel.contour(g, g, values.T, levels=_LEVELS, colors="0.25", linewidths=0.8)
    panel.clabel(lines, fontsize=7, fmt="%g", inline=False)
    panel.axhline(longlived_below(mass), color="#8E44AD", ls="--", lw=1.3)
    bound = free_streaming_bound(mass)
    if np.isfinite(bound):
        panel.axhline(bound, color=COLOURS[2], lw=1.5)
    favoured = xenon1t_coupling(g, numbers["xenon1t"])
    panel.plot(g, favoured, color=COLOURS[0], lw=5, alpha=0.35)
    panel.set(xscale="log", yscale="log", xlim=_LIMITS, ylim=_LIMITS, title=rf"$m_{{Z'}} = $ {format_energy(mass)}")
    panel.set(xlabel=r"$g_e$", ylabel=r"$g_\nu$")
    return Row(
        f"smallest N_eff along XENON1T, m = {format_energy(mass)}", "> 5", _along(mass, "ibe"), None, "section 4"
    )


def _along(mass: float, preset: str) -> float:
    """Return the smallest N_eff with sqrt(g_e g_nu) = 3e-7 and both couplings within the plane."""
    from nuportal.cosmology.fluid.solve import fluid_grid

    product = float(_quoted()["plane"]["xenon1t"])
    g_e = np.geomspace(product**2 / _LIMITS[1], _LIMITS[1], 9)
    pairs = zip(g_e.tolist(), xenon1t_coupling(g_e, product).tolist(), strict=True)
    return float(np.nanmin([fluid_grid(mass, a, b, preset=preset)[0][0, 0, 0] for a, b in pairs]))


def fig4() -> Reproduction:
    """Evolution of the energy densities in six cases, m = 100 eV."""
    from nuportal.cosmology.fluid.options import FluidOptions
    from nuportal.cosmology.fluid.solve import fluid_history
    from nuportal.models import VectorMediator
    from nuportal.plotting.history import draw_dark

    rows: list[Row] = []
    with paper():
        figure, axes = panels.new(3, 2, width=4.4, height=3.7)
        for panel, v in zip(axes, _quoted()["evolution"], strict=True):
            model = VectorMediator(mass=_MASS, g_e=v["g_e"], g_nu=v["g_nu"])
            found = {preset: fluid_history(model, FluidOptions(preset)) for preset, _ in _PRESETS}  # type: ignore[arg-type]
            draw_dark(panel, found["ibe"])
            panel.axhline(3.045, color="0.6", lw=0.8, ls=(0, (1, 3)))
            panel.set(xscale="log", xlim=(20, 2.6e-7), ylim=(1e-2, 1e2), xlabel=r"$T_\gamma$ [MeV]")
            panel.set_title(rf"({v['case']}) $g_e = {value(v['g_e'])}$, $g_\nu = {value(v['g_nu'])}$", fontsize=11)
            panel.legend(loc="lower left").set_visible(panel is axes[0])
            name = f"({v['case']}) N_eff, g_e = {v['g_e']:g}, g_nu = {v['g_nu']:g}"
            rows.append(Row(name, v["paper"], found["ibe"].neff, found["default"].neff, v["where"]))
    note = "Curves: preset of the paper. Dotted: Standard Model."
    return Reproduction(rows, figure, [note])


def fig5() -> Reproduction:
    """Regimes on the plane of g_e and g_nu, m = 100 eV, and N_eff of each."""
    from nuportal.cosmology.classification import boundaries
    from nuportal.cosmology.regimes import regimes

    edge, limit = boundaries(_MASS), regimes(3)
    with paper():
        figure, (axes,) = panels.new(1, width=6.2, height=5.0)
        low, high = 1e-14, 1e-3
        for g_nu, end in ((edge.g_nu_hot, (edge.g_e, high)), (edge.g_nu_contact, (low, edge.g_e))):
            axes.plot(end, [g_nu, g_nu], color="k", lw=1.2)
        axes.plot([low, high], [edge.g_nu_decay] * 2, color="k", lw=1.2)
        axes.plot([edge.g_e] * 2, [low, high], color="k", lw=1.2)
        axes.plot([low, edge.g_e], [edge.g_nu_pair] * 2, color="k", lw=1.0, ls="--")
        axes.plot([low, high], [edge.g_nu_recombination] * 2, color="#8E44AD", ls="--", lw=1.3)
        texts = (
            (1e-6, 3e-5, f"(i)  {limit.i_decayed:.1f}"),
            (1e-6, 1e-9, f"(ii)  {limit.ii_decayed:.1f}"),
            (1e-6, 1.3e-13, f"(iii)  > {limit.ii_decayed:.1f}"),
            (3e-12, 1e-4, f"(iv)  {limit.iv_decayed:.2f}"),
            (3e-12, 4.5e-6, f"(v)  {limit.v_both_decayed:.2f}"),
            (3e-12, 1e-9, f"(v)  {limit.v_inv_only_decayed:.2f}"),
            (3e-12, 1.3e-13, f"{limit.neff_sm:.3f}"),
        )
        for x, y, text in texts:
            axes.text(x, y, text, ha="center", va="center", fontsize=12)
        axes.set(xscale="log", yscale="log", xlim=(low, high), ylim=(low, high), xlabel=r"$g_e$", ylabel=r"$g_\nu$")
        axes.set_title(r"$N_\mathrm{eff}$ of the regimes, $m_{Z'} = 100$ eV")
    rows = [
        Row("g_e of contact with e+-", 1e-9, None, edge.g_e, "eq. 4"),
        Row("g_nu of contact with neutrinos", 1e-5, None, edge.g_nu_contact, "section 4"),
        Row("g_nu of nu nu <-> Z'Z' at T = m", 1e-6 * 0.1**0.25, None, edge.g_nu_pair, "eq. 6"),
        Row("g_nu of decay at T = m", 5e-12 * 0.1**0.5, None, edge.g_nu_decay, "eq. 9"),
    ]
    return Reproduction(rows, figure, ["Boundaries: rate = H with this package's rates; dashed purple: Gamma = H."])


def free_streaming() -> Reproduction:
    """Majoron coupling and vector coupling of equal effect on free streaming (eq. 29)."""
    masses = (1e-6, 1e-5, 1e-4)
    rows = [
        Row(f"g_nu, m = {format_energy(m)}", None, None, free_streaming_bound(m), "eq. 29, own estimate")
        for m in masses
    ]
    return Reproduction([*rows, Row("g_nu/lambda", None, None, vector_of_majoron(1.0), "eq. 29")], None)


ITEMS = {
    name: Item((run.__doc__ or "").split("\n")[0], run, "ibe", _REFERENCES)
    for name, run in {
        "fig2": fig2,
        "fig3": fig3,
        "fig4": fig4,
        "fig5": fig5,
        "equations": equations,
        "eq29": free_streaming,
    }.items()
}
