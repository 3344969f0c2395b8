"""In which regime of ibe2020 Fig. 5 a point (g_e, g_nu, m) lies, from its rates against the expansion.

Every rate is a power of one coupling, so each condition "rate = H" is a boundary on that coupling. `boundaries` finds
them from the collision terms of this package; estimate="printed" gives the paper's eqs 4, 6, 9 and its g_nu ~ 1e-5.
"""

from dataclasses import dataclass
from math import pi, sqrt
from typing import Literal, get_args

import numpy as np

from nuportal.constants import M_E
from nuportal.cosmology.expansion import HUBBLE, PHOTONS, late
from nuportal.cosmology.regimes import Regimes, regimes
from nuportal.errors import NotApplicableError, unknown_name
from nuportal.models.base import Couplings
from nuportal.processes.photon_decay import photon_width

Estimate = Literal["rates", "printed"]
Case = Literal["i", "ii", "iii", "iv", "v", "none"]
Fate = Literal["decayed", "dark radiation", "matter-like"]

T_NU_DECOUPLING = 2.0  #: MeV; neutrino decoupling
T_RECOMBINATION = 0.26e-6  #: MeV; where ibe2020 reads off N_eff (eq. 28)
_T_NU_RATIO = (4 / 11) ** (1 / 3)


@dataclass(frozen=True)
class Boundaries:
    """Couplings at which a rate equals the expansion rate, for one mass.

    `g_e`: contact with e+- before they annihilate; `g_nu_contact`: with neutrinos before they decouple (T = 2 MeV);
    `g_nu_hot`: with neutrinos at T = m_e, while the boson holds the photons' temperature; `g_nu_pair`: nu nu <-> Z' Z'
    at T_nu = m; `g_nu_decay`: (inverse) decay at T_nu = m; `g_nu_recombination`: lifetime equal to 1/H at T = 0.26 eV.
    `g_e_photons`: decay to photons at T_gamma = m.
    """

    g_e: float
    g_nu_contact: float
    g_nu_hot: float
    g_nu_pair: float
    g_nu_decay: float
    g_nu_recombination: float
    g_e_photons: float


@dataclass(frozen=True)
class Regime:
    """Case, fate at recombination, N_eff of the limit (NaN where there is none) and why.

    `bound`: "=" the limit holds well inside the regime, ">" N_eff exceeds it, "none" there is no analytic limit.
    """

    case: Case
    fate: Fate
    neff: float
    bound: Literal["=", ">", "none"]
    reason: str
    boundaries: Boundaries


def hubble(t_gamma: float) -> float:
    """Return the expansion rate in MeV without the boson, at t_gamma in MeV (matter included at recombination)."""
    if t_gamma < 5e-3:  # no e+- left
        return late(t_gamma)
    from nuportal.plasma import em, neutrinos

    plasma = em.evaluate(t_gamma)
    entropy = float(plasma.rho + plasma.p) / t_gamma**4 / (11 / 3 * PHOTONS)  # 1 before e+- annihilation
    t_nu = t_gamma * min(entropy, 1.0) ** (1 / 3)
    rho = float(plasma.rho) + float(neutrinos.energy_density(t_nu))
    return HUBBLE * sqrt(rho)


def electron_rate_per_hubble(mass: float, spin: int) -> float:
    """Return the largest G~(3T, T)/(g_e^2 H) for T between 50 keV and 20 MeV (statistics of ibe2020)."""
    from nuportal.processes.annihilation import annihilation_rate_ibe
    from nuportal.processes.compton import compton_rate_ibe

    best = 0.0
    for t in np.geomspace(0.05, 20.0, 24):
        rate = compton_rate_ibe(3 * t, t, mass, spin) * np.exp(-M_E / t) + annihilation_rate_ibe(3 * t, t, mass, spin)
        best = max(best, rate / hubble(t))
    return best


def pair_rate(t: float, mass: float, spin: int) -> float:
    """Return the rate in MeV per boson at which nu nubar -> Z' Z' fills a thermal population, per sum c_nu^4."""
    from nuportal.processes.neutrino_pair import pair_kernel

    x, w = np.polynomial.legendre.leggauss(24)
    z, dz = 3.2 * (1 + x), 3.2 * w  # kinetic energy T z^2
    energy = mass + t * z**2
    p = np.sqrt(t * z**2 * (t * z**2 + 2 * mass))
    d_energy = 2 * t * z * dz
    kernel = np.array([[pair_kernel(a, b, mass, spin) for b in p] for a in p])
    boltzmann = np.exp(-(z**2))
    fill = np.sum((p * d_energy * boltzmann)[:, None] * kernel * (d_energy * boltzmann)) * np.exp(-mass / t)
    return float(fill / np.sum(p * energy * d_energy * boltzmann))


def decay_rate(t: float, mass: float, spin: int) -> float:
    """Return Gamma <m/E> in MeV at temperature t per sum c_nu^2, with <E> ~ m + 3T (ibe2020 eqs 7, 8)."""
    return mass / (24 * pi if spin == 1 else 16 * pi) * mass / (mass + 3 * t)


def boundaries(mass: float, spin: int = 1, estimate: Estimate = "rates") -> Boundaries:
    """Return the boundaries for a boson of `mass` in MeV. Raises NotApplicableError above 2 m_e, UnknownNameError."""
    if estimate not in get_args(Estimate):
        raise unknown_name("estimate", estimate, get_args(Estimate))
    if not 0 < mass < 2 * M_E:
        raise NotApplicableError(f"mass = {mass:g} MeV: the regimes are those of a boson with 0 < mass < 2 m_e")
    h_recombination = hubble(T_RECOMBINATION)
    width = mass / (24 * pi if spin == 1 else 16 * pi)
    lifetime = sqrt(h_recombination / width)
    photons = sqrt(hubble(mass) / photon_width(mass, spin))
    if estimate == "printed":
        kev = mass / 1e-3
        return Boundaries(1e-9, 1e-5, 1e-5, 1e-6 * kev**0.25, 5e-12 * kev**0.5, lifetime, photons)

    def contact(t: float) -> float:
        h = hubble(t)
        return min((h / pair_rate(t, mass, spin)) ** 0.25, sqrt(h / decay_rate(t, mass, spin)))

    h = hubble(mass / _T_NU_RATIO if mass < 0.2 else mass)
    return Boundaries(
        g_e=float(electron_rate_per_hubble(mass, spin)) ** -0.5,
        g_nu_contact=contact(max(T_NU_DECOUPLING, mass)),
        g_nu_hot=contact(M_E),
        g_nu_pair=(h / pair_rate(mass, mass, spin)) ** 0.25,
        g_nu_decay=sqrt(h / decay_rate(mass, mass, spin)),
        g_nu_recombination=lifetime,
        g_e_photons=photons,
    )


def classify(couplings: Couplings, flavours: int = 3, estimate: Estimate = "rates") -> Regime:
    """Return the regime of a light boson with the given couplings (`model.couplings`).

    flavours: how many flavours share the boson's temperature (`regimes`). Raises NotApplicableError above 2 m_e.
    """
    limits = regimes(3 if couplings.spin == 1 else 1, flavours)
    edge = boundaries(couplings.mass, couplings.spin, estimate)
    g_e = abs(couplings.c_e)
    g_nu = sqrt(sum(c * c for c in couplings.c_nu))
    g_pair = sum(c**4 for c in couplings.c_nu) ** 0.25
    electrons = g_e > edge.g_e
    hot = g_nu > (edge.g_nu_hot if electrons else edge.g_nu_contact)
    decay, pair = g_nu > edge.g_nu_decay, g_pair > edge.g_nu_pair
    fate = _fate(couplings.mass, g_nu, edge)
    case: Case
    if electrons:
        case = "i" if hot else "ii" if decay else "iii"
    else:
        case = "iv" if hot else "v" if decay else "none"
    neff, bound = _limit(case, fate, pair, limits)
    to_photons = g_e > edge.g_e_photons or g_e**2 * photon_width(couplings.mass, couplings.spin) > couplings.width
    if to_photons and fate == "decayed":
        neff, bound = float("nan"), "none"
    reason = "; ".join(
        (
            f"g_e = {g_e:.2g} {_side(electrons)} {edge.g_e:.2g} (contact with e+- before they annihilate)",
            f"g_nu = {g_nu:.2g} {_side(hot)} {edge.g_nu_hot if electrons else edge.g_nu_contact:.2g} "
            f"(contact with neutrinos {'at T = m_e' if electrons else 'before they decouple'})",
            f"g_nu {_side(decay)} {edge.g_nu_decay:.2g} (decay in equilibrium at T_nu = m)",
            f"g_nu {_side(pair)} {edge.g_nu_pair:.2g} (nu nu <-> Z' Z' at T_nu = m)",
            f"{fate} at recombination",
        )
        + (("decays to photons compete: no limit",) if to_photons else ())
    )
    return Regime(case, fate, neff, bound, reason, edge)


def _side(above: bool) -> str:
    return "above" if above else "below"


def _fate(mass: float, g_nu: float, edge: Boundaries) -> Fate:
    if mass < 3 * T_RECOMBINATION * _T_NU_RATIO:
        return "dark radiation"
    return "decayed" if g_nu > edge.g_nu_recombination else "matter-like"


def _limit(case: Case, fate: Fate, pair: bool, limits: Regimes) -> tuple[float, Literal["=", ">", "none"]]:
    """Return (N_eff, bound) of the case."""
    if case == "none":
        return (limits.neff_sm, "=") if fate != "matter-like" else (float("nan"), "none")
    if fate == "matter-like":
        return float("nan"), "none"
    if fate == "dark radiation":
        return {"i": limits.i_DR, "ii": limits.ii_DR, "iii": limits.ii_DR, "iv": limits.iv_DR, "v": limits.v_DR}[
            case
        ], "="
    if case == "iii":
        return limits.ii_decayed, ">"
    decayed = {
        "i": (limits.i_decayed, limits.i_decayed_numcons),
        "ii": (limits.ii_decayed_mu0, limits.ii_decayed),
        "iv": (limits.iv_decayed, limits.iv_decayed_numcons),
        "v": (limits.v_both_decayed, limits.v_inv_only_decayed),
    }[case]
    return decayed[0 if pair else 1], "="
