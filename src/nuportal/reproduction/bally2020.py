# pyright: reportUnknownMemberType=false
"""bally2020: the spectrum at best fit (Fig. 2), eq. 8 in both conventions and with today's data, relations 15-21."""

from math import hypot, sqrt
from typing import Any, cast

import numpy as np

from nuportal.constants import M_W, SIN2_THETA_W
from nuportal.experiments.spectrum import recoil_spectrum
from nuportal.inference.contours import favoured_band
from nuportal.inference.fit import FitResult, fit
from nuportal.models import HiddenNeutrino
from nuportal.planes.build import plane
from nuportal.planes.exclusion import ExclusionPlane
from nuportal.plotting import symbols
from nuportal.plotting.plane import title
from nuportal.plotting.style import COLOURS, new_figure, paper
from nuportal.reproduction.panels import mark
from nuportal.reproduction.registry import Item, Reproduction, Row

_REFERENCES = ("Bally:2020yid", "XENON:2020rca")
_TODAY = (*_REFERENCES, "XENON:2022ltv", "LZ:2022lsv")
V_HIGGS = 246e3  #: MeV, as the paper takes it
G_2 = 2 * M_W / V_HIGGS  #: coupling of SU(2) at tree level
MIXING_SQUARED_G = (1e-8, 1e-7)  #: eq. 16, allowed epsilon^2 g_X
MIXING = (1e-4, 2.5e-2)  #: eq. 19, allowed epsilon
CHI_MAX = 5e-8  #: kinetic mixing for m_Z' <= 1e-4 eV, below eq. 16
GAMMA_SINE_MAX = 0.2  #: invisible Higgs and Z decays, below eq. 20


def z_mixing(g_x: float, v_phi: float) -> float:
    """Return s_X, the share of the U(1)_X boson in the Z (bally2020 eq. 13), -2 c_W (g_X/g_2)(v_phi/v_h)^2.

    v_phi: vacuum expectation value of the second doublet, MeV.
    """
    return -2 * g_x * sqrt(1 - SIN2_THETA_W) / G_2 * (v_phi / V_HIGGS) ** 2


def boson_masses(g_x: float, v_phi: float, v_s: float) -> tuple[float, float]:
    """Return the masses of Z and Z' in MeV (bally2020 eq. 14), for v_phi, v_s (MeV) far below the Higgs' v_h."""
    return G_2 * V_HIGGS / (2 * sqrt(1 - SIN2_THETA_W)), g_x * hypot(v_phi, v_s)


def model() -> Reproduction:
    """The model behind (eqs 9-21): Z-Z' mixing, masses, and the bounds on scales that follow."""
    best = _fit("as-printed", "xenon1t_sr1").best
    mixing = mixing_range(best)[1]
    g_x = MIXING_SQUARED_G[0] / mixing**2
    v_bar = 1e-10 / g_x  # MeV, for m_Z' = 1e-4 eV
    v_phi = GAMMA_SINE_MAX * v_bar
    m_z, m_boson = boson_masses(g_x, v_phi, sqrt(1 - GAMMA_SINE_MAX**2) * v_bar)
    rows = [
        Row("largest epsilon in 1e-2", 2.5, mixing * 100, None, "eq. 19"),
        Row("vbar/epsilon^2 in keV, m_Z' = 1e-4 eV", 10.0, v_bar / mixing**2 * 1e3, None, "eq. 17"),
        Row("vbar/(epsilon^2 v_h) in 1e-8", 4.0, v_bar / V_HIGGS / mixing**2 * 1e8, None, "eq. 18"),
        Row("m_Z in GeV", None, m_z / 1e3, None, "eq. 14"),
        Row("m_Z' in 1e-4 eV", None, m_boson * 1e10, None, "eq. 14"),
        Row("s_X", "<<< 1", z_mixing(g_x, v_phi), None, "eq. 13"),
        Row("tan(epsilon) for y = 1e-6, M = 1e-4 eV", None, tan_mixing(1e-6, v_phi, 1e-10), None, "eq. 15"),
        Row(
            "largest M in eV for y = 6e-3",
            0.2,
            largest_mass_term(6e-3, MIXING[1], GAMMA_SINE_MAX) * 1e6,
            None,
            "eq. 21",
        ),
    ]
    return Reproduction(rows, None, ["What Z-Z' mixing does is far below everything else."])


def tan_mixing(yukawa: float, v_phi: float, majorana: float) -> float:
    """Return tan(epsilon) = y v_phi/(sqrt2 M) (bally2020 eq. 15)."""
    return yukawa * v_phi / (sqrt(2) * majorana)


def gauge_coupling_range(mixing: float) -> tuple[float, float]:
    """Return the g_X allowed by bally2020 eq. 16 at a mixing epsilon, with g_X < 1."""
    low, high = (value / mixing**2 for value in MIXING_SQUARED_G)
    return low, min(high, 1.0)


def largest_vev(mixing: float) -> float:
    """Return the largest vbar = m_Z'/g_X in MeV (bally2020 eq. 17), epsilon^2 x 10 keV (m_Z' < 1e-4 eV)."""
    return mixing**2 * 10e-3


def largest_hierarchy(mixing: float) -> float:
    """Return the largest xi = vbar/v_h (bally2020 eq. 18)."""
    return largest_vev(mixing) / V_HIGGS


def mixing_range(product: float) -> tuple[float, float]:
    """Return the mixing epsilon allowed by eqs 8, 16, chi < 5e-8 and g_X < 1 (bally2020 eq. 19).

    product = epsilon g_X chi: epsilon = (epsilon^2 g_X) chi/product <= 1e-7 chi_max/product.
    """
    return sqrt(MIXING_SQUARED_G[0]), MIXING_SQUARED_G[1] * CHI_MAX / product


def tan_gamma(v_phi: float, v_s: float) -> float:
    """Return tan(gamma) = v_phi/v_s (bally2020 eq. 20); sin(gamma) <= 0.2."""
    return v_phi / v_s


def largest_mass_term(yukawa: float, mixing: float, sin_gamma: float) -> float:
    """Return the largest M in MeV (bally2020 eq. 21), (y/sqrt2) epsilon s_gamma x 10 keV."""
    return yukawa / sqrt(2) * mixing * sin_gamma * 10e-3


def fig2() -> Reproduction:
    """Recoil spectrum of nu e -> N e at the best fit in XENON1T."""
    best = _fit("with-e", "xenon1t_sr1").best
    third = best ** (1 / 3)
    spectrum = recoil_spectrum(HiddenNeutrino(mixing=third, g=third, chi=third), "xenon1t_sr1")
    figure = spectrum.plot(r"$\nu e \to N e$ at the best fit")
    rows = [
        Row("events 1-7 keV, observed", 285, None, float(spectrum.counts[:6].sum()), "section 1"),
        Row("events 1-7 keV, background", 232, None, float(spectrum.background[:6].sum()), "section 1"),
        Row("events 1-7 keV, signal", None, None, float(spectrum.signal[:6].sum())),
    ]
    return Reproduction(rows, figure)


def eq8() -> Reproduction:
    """Best fit and 95 % interval of epsilon g_X chi; paper's convention and the one with the charge e."""
    printed, with_e = (_fit(c, "xenon1t_sr1") for c in ("as-printed", "with-e"))
    ends = printed.interval(0.95), with_e.interval(0.95)
    mixing = mixing_range(printed.best), mixing_range(with_e.best)
    rows = [
        Row("epsilon g_X chi in 1e-13, best", 2.0, printed.best * 1e13, with_e.best * 1e13, "eq. 8"),
        Row("  95 %, lower end", 1.1, ends[0][0] * 1e13, ends[1][0] * 1e13, "eq. 8"),
        Row("  95 %, upper end", 2.7, ends[0][1] * 1e13, ends[1][1] * 1e13, "eq. 8"),
        Row("significance", 3.0, printed.significance, with_e.significance, "below eq. 8"),
        Row("largest epsilon in 1e-2", 2.5, mixing[0][1] * 100, mixing[1][1] * 100, "eq. 19"),
        Row("largest vbar/(epsilon^2 v_h) in 1e-8", 4.0, largest_hierarchy(1.0) * 1e8, None, "eq. 18"),
    ]
    notes = ["preset: eq. 2 as printed, without e^2; default: J_em carries e. Same relative interval as the paper; its "
             "2.0 needs 0.54 of the signal, what P_ee applied twice would give."]  # fmt: skip
    return Reproduction(rows, _fit("with-e", "xenon1t_sr1").plot(), notes)


def fig3() -> Reproduction:
    """Constraints on electron-neutrino scattering in the plane of epsilon g_X and chi, M = 1e-4 eV."""
    from nuportal.plotting import exclusion

    names = ["borexino", "gemma", "xenonnt", "lz", "xenon1t-excess", "stellar-sun", "crows", "coulomb", "alps2"]
    found = plane("hidden-neutrino", "mixing=1e-8:1e-1:60", "chi=1e-13:1e-4:60", names, mass="1e-4 eV")
    assert isinstance(found, ExclusionPlane)
    low, high = (1e-8 / mixing_range(_fit("with-e", "xenon1t_sr1").best)[1], 1e-7 / MIXING[0])
    with paper():
        figure, axes = new_figure(6.8, 5.4)
        drawn = exclusion.lines(axes, found)
        axes.axvspan(high, 1e-1, facecolor="#0072B2", alpha=0.25, lw=0)
        axes.axvspan(1e-8, low, facecolor="none", edgecolor="0.5", hatch="///", lw=0)
        axes.text(high * 1.25, 2e-13, "neutrinos do not\nstream freely (CMB)", size=9, color="#0072B2")
        rim = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        axes.text(1.5e-8, 2e-13, "eq. 16\nnot met", size=9, bbox=rim)
        axes.set_title(title(found.spec), loc="left")
        figure.draw_without_rendering()
        exclusion.write_names(axes, found, drawn, size=9)
    unit = {name: _product(found, name) for name in ("borexino", "gemma", "xenonnt", "lz")}
    band, at = _interval(found, "xenon1t-excess"), found.tracks["xenon1t-excess"].at
    scale = float(at[_column(at)])
    rows = [
        Row("chi of the Sun at 1e-4 eV, in 1e-8", 5.0, None, _edge(found, "stellar-sun") * 1e8, "above eq. 17"),
        Row("epsilon g_X chi, XENON1T band, low, in 1e-13", None, None, band[0] * scale * 1e13),
        Row("  high", None, None, band[1] * scale * 1e13),
        *(
            Row(f"epsilon g_X chi, {name}, limit in 1e-13", "drawn", None, v * 1e13, "Fig. 3")
            for name, v in unit.items()
        ),
        Row("epsilon g_X, smallest, in 1e-7", None, None, low * 1e7, "eqs 16, 19"),
        Row("epsilon g_X, largest, in 1e-3", None, None, high * 1e3, "eqs 16, 19"),
    ]
    note = "Today XENONnT and LZ exclude the whole band that XENON1T favoured; ALPS II is a projection."
    return Reproduction(rows, figure, [note])


def _edge(found: ExclusionPlane, name: str) -> float:
    """Smallest chi that a limit excludes at epsilon g_X = 1e-4."""
    return _interval(found, name)[0]


def _interval(found: ExclusionPlane, name: str) -> tuple[float, float]:
    track = found.tracks[name]
    return track.outcomes[_column(track.at)].excluded[0]


def _column(at: np.ndarray) -> int:
    return int(np.argmin(np.abs(np.log(at / 1e-4))))


def _product(found: ExclusionPlane, name: str) -> float:
    """epsilon g_X chi at the edge of a limit on the scattering rate."""
    at = found.tracks[name].at
    return _edge(found, name) * float(at[_column(at)])


def today() -> Reproduction:
    """XENON1T's explanations against XENONnT and LZ: limits, and how strongly each best fit is excluded."""
    rows: list[Row] = []
    for label, name, options in EXPLANATIONS:
        old = cast("FitResult", fit(name, "xenon1t_sr1", **options))
        joint = cast("FitResult", fit(name, ["xenonnt_sr0", "lz_ws2022"], **options))
        unit = f" ({old.family.unit})" if old.family.unit else ""
        rows += [
            Row(f"{label}: XENON1T best{unit}", None, None, old.best),
            Row("  XENON1T significance", None, None, old.significance),
            Row("  95 % limit, XENONnT + LZ", None, None, joint.upper_limit(0.95)),
            Row("  best fit excluded by (sigma)", None, None, joint.exclusion(old.best)),
            Row("  lower 90 % end excluded by (sigma)", None, None, joint.exclusion(old.interval(0.90)[0])),
        ]
    for experiment in ("xenonnt_sr0", "lz_ws2022"):
        limit = _fit("as-printed", experiment).upper_limit(0.95), _fit("with-e", experiment).upper_limit(0.95)
        rows.append(Row(f"epsilon g_X chi, 95 %, {experiment}, 1e-14", None, limit[0] * 1e14, limit[1] * 1e14))
    return Reproduction(rows, None, ["Asymptotic, XENONnT SR0 and LZ WS2022 together; the 37Ar line of LZ is free."])


def bands() -> Reproduction:
    """Favoured bands of B-L and L_mu-L_tau for XENON1T, as drawn in ibe2020 Fig. 3."""
    mass = np.geomspace(1e-6, 0.3, 40)
    rows: list[Row] = []
    with paper():
        figure, axes = new_figure(6.0, 4.4)
        for colour, (name, options) in zip(COLOURS, _BANDS, strict=False):
            band = favoured_band(name, "xenon1t_sr1", mass, 0.90, **options)
            favoured = band[:, 1] > 0.1 * band[:, 0]  # beyond, the Standard Model is inside: an upper limit, no band
            axes.fill_between(mass * 1e3, band[:, 1], band[:, 2], where=favoured, color=colour, alpha=0.3, lw=0)
            axes.plot(mass[~favoured] * 1e3, band[~favoured, 2], color=colour, lw=1.0, ls=":")
            axes.plot(mass * 1e3, band[:, 0], color=colour, label=symbols.model(name))
            if name == "B-L":
                mark(axes, [(1e-3, 3.0e-7)], "ibe2020, section 5")
            quoted = 3.0 if name == "B-L" else None
            rows.append(Row(f"{name}, M = 1 eV: best g in 1e-7", quoted, None, band[0, 0] * 1e7, "ibe2020 section 5"))
            rows.append(Row("  90 %, lower end", None, None, band[0, 1] * 1e7))
            rows.append(Row("  90 %, upper end", None, None, band[0, 2] * 1e7))
        axes.set(xscale="log", yscale="log", xlabel=r"$M_{Z'}$ [keV]", ylabel="$g_X$", xlim=(7e-4, 300))
        axes.set_title("XENON1T, favoured at 90 % (dotted: upper limit)")
        axes.legend(loc="upper left")
    return Reproduction(rows, figure, ["L_mu-L_tau with the mixing of its loop, epsilon = -g/70."])


_BANDS: tuple[tuple[str, dict[str, Any]], ...] = (("B-L", {}), ("Lmu-Ltau", {"epsilon": "-g/70"}))

EXPLANATIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("hidden neutrino", "hidden-neutrino", {"mass": 0}),
    ("magnetic moment", "magnetic-moment", {}),
    ("B-L, M = 1 eV", "B-L", {"mass": "1 eV"}),
    ("B-L, M = 30 keV", "B-L", {"mass": "30 keV"}),
    ("B-L, M = 100 keV", "B-L", {"mass": "100 keV"}),
    ("Lmu-Ltau (loop mixing), M = 1 eV", "Lmu-Ltau", {"mass": "1 eV", "epsilon": "-g/70"}),
    ("Lmu-Ltau (loop mixing), M = 100 keV", "Lmu-Ltau", {"mass": "100 keV", "epsilon": "-g/70"}),
    ("dipole, m4 = 640 keV", "dipole", {"mass": "640 keV"}),
)


def _fit(convention: str, experiment: str) -> FitResult:
    return fit("hidden-neutrino", experiment, mass=0, convention=convention)


ITEMS = {
    "eqs9-21": Item((model.__doc__ or ""), model, "as-printed", _REFERENCES),
    "fig2": Item((fig2.__doc__ or ""), fig2, "as-printed", _REFERENCES),
    "fig3": Item((fig3.__doc__ or ""), fig3, "as-printed", _TODAY),
    "eq8": Item((eq8.__doc__ or ""), eq8, "as-printed", _REFERENCES),
    "bands": Item((bands.__doc__ or ""), bands, "as-printed", ("Ibe:2020dly", "XENON:2020rca")),
    "today": Item((today.__doc__ or ""), today, "as-printed", _TODAY),
}
