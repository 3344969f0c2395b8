# pyright: reportUnknownMemberType=false
"""shoemaker2020: spectrum at m4 = 640 keV (Fig. 1), contours in (m4, d) per flux and together (Fig. 2), rates and plane
(Figs 3, 4), eqs 4-6.
"""

from math import sqrt
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from nuportal.constants import M_E
from nuportal.experiments.spectrum import recoil_spectrum
from nuportal.inference.contours import contours
from nuportal.inference.fit import fit
from nuportal.limits.dipole_thermalisation import expansion_rate
from nuportal.models import DipolePortal
from nuportal.plotting.style import COLOURS, new_figure, paper
from nuportal.processes.dipole_plasma import ThermalisationRates, thermalisation_rates
from nuportal.processes.recoil_kinematics import minimum_neutrino_energy
from nuportal.reproduction.registry import Item, Reproduction, Row
from nuportal.sources.sun import SolarNeutrinos

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from nuportal.inference.fit import FitResult

_REFERENCES = ("Shoemaker:2020kji", "XENON:2020rca", "Bahcall:2004mz")
FLUXES = (("pp", "pp"), ("7Be", r"$^7$Be"), ("CNO", "CNO"), ("8B", r"$^8$B"), ("all", "all"))
PAPER: dict[str, Any] = {"flavour": "universal", "background_error": 0.0}  #: no oscillation, background fixed


def largest_m4(neutrino_energy: float, recoil_energy: float) -> float:
    """Return the largest m4 in MeV that a neutrino can make with this recoil (shoemaker2020 eq. 6)."""
    e, t = neutrino_energy, recoil_energy
    return sqrt(max(2 * (e * sqrt(t * (t + 2 * M_E)) - t * (e + M_E)), 0.0))


def equivalent_moment(moment: float, flux: float, reference_flux: float) -> float:
    """Return d of one flux that gives the rate of a moment with another: d = mu sqrt(Phi_pp/Phi) (eq. 5)."""
    return moment * sqrt(reference_flux / flux)


def fig1() -> Reproduction:
    """Recoil spectrum of the dipole portal with m4 = 640 keV in XENON1T."""
    sun = SolarNeutrinos("BP04")
    preset = cast("FitResult", fit("dipole", "xenon1t_sr1", mass="640 keV", sun=sun, **PAPER))
    default = fit("dipole", "xenon1t_sr1", mass="640 keV")
    model = DipolePortal("640 keV", f"{default.best} mu_B")
    figure = recoil_spectrum(model, "xenon1t_sr1").plot(r"$m_4 = 640$ keV at the best fit")
    rows = [
        Row("d in 1e-9 mu_B, best at m4 = 640 keV", 2.2, preset.best * 1e9, default.best * 1e9, "Fig. 1"),
        Row("significance", None, preset.significance, default.significance),
    ]
    return Reproduction(rows, figure, ["preset: BP04 fluxes, P = 1, background fixed; default: P(nu_e -> nu_tau)."])


def fig2() -> Reproduction:
    """Favoured regions at 1, 2, 3 sigma in the plane of m4 and d, per solar flux and together."""
    mass, d = np.geomspace(10e-3, 1.2, 120), np.geomspace(1e-11, 5e-8, 110)
    rows: list[Row] = []
    with paper():
        figure, axes = new_figure(6.6, 4.8)
        for colour, (flux, label) in zip(COLOURS, FLUXES, strict=False):
            scan = contours("dipole", "xenon1t_sr1", mass=mass, x=d, flux=flux, window=(1.0, 7.0))
            for sigmas, width in ((1, 1.9), (2, 1.3), (3, 0.8)):
                for k, line in enumerate(scan.lines(sigmas)):
                    style, named = "-" if flux != "all" else ":", label if k == 0 and sigmas == 1 else None
                    axes.plot(line[:, 0] * 1e3, line[:, 1], label=named, color=colour, lw=width, ls=style)
            rows.append(Row(f"{flux}: best m4 (keV)", None, None, scan.best[0] * 1e3))
            rows.append(Row(f"{flux}: best d (1e-9 mu_B)", None, None, scan.best[1] * 1e9))
            rows.append(Row(f"{flux}: significance", None, None, scan.significance))
        axes.set(
            xscale="log",
            yscale="log",
            xlabel=r"$m_4$ [keV]",
            ylabel=r"$d$ [$\mu_B$]",
            xlim=(10, 1200),
            ylim=(1e-11, 5e-8),
        )
        axes.set_title(r"XENON1T, $\nu_\tau$ dipole portal: 1, 2, 3 $\sigma$")
        axes.legend(loc="lower right")
    return Reproduction(rows, figure, ["The paper's 'CNO' island is mostly the 861 keV line of 7Be. Bins of 1-7 keV."])


def fig3() -> Reproduction:
    """Thermalisation rates over the expansion rate, m4 = 600 keV, d = 1e-9 mu_B."""
    model = DipolePortal("600 keV", "1e-9 mu_B")
    temperature = np.geomspace(0.05, 10.0, 80)
    rates, hubble = thermalisation_rates(model, temperature), expansion_rate(temperature)
    curves = {
        r"$\nu\gamma \to N$": (rates.inverse_decay, "-"),
        r"$\nu e \to N e$": (rates.upscattering, "--"),
        r"$e^+e^- \to N\bar\nu$": (rates.synthesis, "-."),
    }
    with paper():
        figure, axes = new_figure(5.8, 4.6)
        for (label, (rate, style)), colour in zip(curves.items(), COLOURS, strict=False):
            axes.plot(temperature, rate / hubble, style, color=colour, label=label)
        axes.axhline(1.0, color="0.4", lw=0.9, ls=":")
        axes.set(
            xscale="log", yscale="log", xlabel=r"$T$ [MeV]", ylabel=r"$\Gamma/H$", xlim=(10, 0.05), ylim=(1e-4, 1e4)
        )
        axes.set_title(r"$m_4 = 600$ keV, $d = 10^{-9}\,\mu_\mathrm{B}$")
        axes.legend()
    at = {t: int(np.argmin(np.abs(temperature - t))) for t in (0.3, 2.0, 5.0)}
    rows = [
        Row(f"Gamma/H of {name} at {t:g} MeV", None, None, float((rate / hubble)[k]), "Fig. 3")
        for t, k in at.items()
        for name, rate in (("inverse decay", rates.inverse_decay), ("up-scattering", rates.upscattering))
    ]
    rows.append(
        Row("inverse decay is largest below T (MeV)", "major role at low T", None, _last(rates, temperature), "")
    )
    notes = ["Rates are production densities over the equilibrium density of N; inverse decay grows towards T ~ m4/2."]
    return Reproduction(rows, figure, notes)


def _last(rates: ThermalisationRates, temperature: np.ndarray) -> float:
    """Highest temperature below which inverse decay outruns the other processes."""
    return float(temperature[rates.inverse_decay > rates.upscattering + rates.synthesis].max())


def fig4() -> Reproduction:
    """Constraints in the plane of m4 and d: XENON1T's band, nuclear recoils, SN1987A, stars, thermalisation."""
    from nuportal.planes.build import plane
    from nuportal.planes.exclusion import ExclusionPlane
    from nuportal.plotting import exclusion

    names = ["dipole-xenon1t-nr", "dipole-sn1987a", "dipole-red-giants", "borexino", "xenonnt"]
    names += ["dipole-thermal-2mev", "dipole-thermal-5mev"]
    found = plane("dipole", "m4=10keV:10MeV:60", "d=1e-13:1e-7:60", names, flavour="tau")
    assert isinstance(found, ExclusionPlane)
    with paper():
        figure, axes = new_figure(6.8, 5.4)
        drawn = exclusion.lines(axes, found)
        _islands(axes)
        axes.set_title(r"$\nu_\tau$ dipole portal", loc="left")
        axes.legend(handles=_fig4_key(), loc="upper left", frameon=True, framealpha=1, edgecolor="0.8", fontsize=9.5)
        figure.draw_without_rendering()
        exclusion.write_names(axes, found, drawn, size=9)

    def low(name: str, m4: float) -> float:
        track = found.tracks[name]
        excluded = track.outcomes[int(np.argmin(np.abs(np.log(track.at / m4))))].excluded
        return excluded[0][0] if excluded else np.nan

    rows = [
        Row("red giants reach m4 (keV) for d = 1e-9 mu_B", "~ 250", None, _reach(found, 1e-9) * 1e3, "section IV.B"),
        Row("XENON1T NR at 2 MeV (1e-8 mu_B)", "drawn", None, low("dipole-xenon1t-nr", 2.0) * 1e8, "Fig. 4"),
        Row("SN1987A floor at 1 MeV (1e-13 mu_B)", "drawn", None, low("dipole-sn1987a", 1.0) * 1e13, "Fig. 4"),
        Row(
            "thermal below 2 MeV, m4 = 600 keV (1e-10 mu_B)",
            None,
            None,
            low("dipole-thermal-2mev", 0.6) * 1e10,
            "Fig. 4",
        ),
        Row(
            "thermal below 5 MeV, m4 = 600 keV (1e-10 mu_B)",
            None,
            None,
            low("dipole-thermal-5mev", 0.6) * 1e10,
            "Fig. 4",
        ),
        Row("Borexino at 600 keV (1e-10 mu_B)", "not drawn", None, low("borexino", 0.6) * 1e10, ""),
    ]
    notes = [
        "Borexino's pep rate and XENONnT, which the paper does not draw, exclude the islands that XENON1T favoured.",
        "The red-giant line is 1.2e-12 mu_B exp(m4/2T) with T = 8.6 keV.",
    ]
    return Reproduction(rows, figure, notes)


def _islands(axes: "Axes") -> None:
    """Draw what XENON1T favours at two standard deviations, of all fluxes together, as closed regions as in Fig. 2."""
    mass, d = np.geomspace(10e-3, 1.2, 120), np.geomspace(1e-11, 5e-8, 110)
    scan = contours("dipole", "xenon1t_sr1", mass=mass, x=d, window=(1.0, 7.0), flavour="tau")
    for line in scan.lines(2):
        axes.plot(*line.T, color=COLOURS[4], lw=1.8, zorder=3)


def _fig4_key() -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    from nuportal.plotting.exclusion import GROUPS, tint

    return [
        Line2D([], [], color=COLOURS[4], lw=1.8, label=r"favoured by XENON1T, $2\sigma$"),
        Patch(facecolor=tint(GROUPS["recoil"]), edgecolor=GROUPS["recoil"], label="excluded by recoils"),
        Patch(facecolor=tint(GROUPS["astrophysics"]), edgecolor=GROUPS["astrophysics"], label="excluded by stars"),
        Line2D([], [], color=GROUPS["cosmology"], ls="-.", label="in equilibrium with neutrinos below"),
    ]


def _reach(found: Any, moment: float) -> float:
    """Largest m4 (MeV) at which the red giants exclude a moment (mu_B)."""
    track = found.tracks["dipole-red-giants"]
    reached = [
        at for at, o in zip(track.at.tolist(), track.outcomes, strict=True) if o.excluded and o.excluded[0][0] < moment
    ]
    return max(reached)


def kinematics() -> Reproduction:
    """Eqs 4-6: least neutrino energy (root corrected), equivalent moment, largest m4."""
    sun = SolarNeutrinos("BP04")
    ratio = equivalent_moment(2e-11, sun.flux("CNO"), sun.flux("pp"))
    rows = [
        Row(
            "E_min (keV), T = 2.5 keV, m4 = 640 keV",
            None,
            None,
            float(minimum_neutrino_energy(2.5e-3, M_E, 0.64)) * 1e3,
            "eq. 4",
        ),
        Row("d for CNO in 1e-10 mu_B", 1.0, None, ratio * 1e10, "eq. 5"),
        Row("largest m4 (keV), E = 1 MeV, T = 2 keV", 290, None, largest_m4(1.0, 2e-3) * 1e3, "eq. 6"),
        Row("largest m4 (keV), E = 10 MeV, T = 2 keV", 920, None, largest_m4(10.0, 2e-3) * 1e3, "eq. 6"),
    ]
    return Reproduction(rows, None, ["The quoted masses hold at these energies; they are no kinematic maxima."])


ITEMS = {
    "fig1": Item((fig1.__doc__ or ""), fig1, "paper", _REFERENCES),
    "fig2": Item((fig2.__doc__ or ""), fig2, "paper", _REFERENCES),
    "fig3": Item((fig3.__doc__ or ""), fig3, "paper", _REFERENCES),
    "fig4": Item(
        (fig4.__doc__ or ""), fig4, "paper", (*_REFERENCES, "Magill:2018jla", "Brdar:2020quo", "Capozzi:2020cbu")
    ),
    "eqs4-6": Item((kinematics.__doc__ or ""), kinematics, "paper", _REFERENCES),
}
