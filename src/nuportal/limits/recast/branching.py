"""Widths into what a detector sees: leptons, pions, all hadrons, neutrinos. MeV; couplings may be arrays, and complex.

Hadrons by vector-meson dominance: pi pi through the rho, 3 pi and K K through the omega and the phi (Breit-Wigners with
their measured electronic widths), pi0 gamma and eta gamma through all three, each scaled by the coupling to that
vector; from 1 GeV on quarks with the first QCD correction set in, and above 1.6 GeV they are everything.
"""

from functools import lru_cache
from math import pi, sqrt
from typing import Any

import numpy as np

from nuportal.constants import ALPHA, E_CHARGE, M_PION_CHARGED
from nuportal.limits.recast.production import quark_couplings
from nuportal.limits.recast.vector_mesons import CHARGE, pseudoscalars, radiative_amplitude, vectors
from nuportal.models import Couplings

ONSET, CONTINUUM = 1000.0, 1600.0  #: MeV; hadrons are more and more, and then all, quarks
_QCD = 1.1  #: 1 + alpha_s/pi
_OPEN_CHARM, _OPEN_BOTTOM = 3730.0, 10560.0


def widths(couplings: Couplings) -> dict[str, Any]:
    """Return the widths into e_e, mu_mu, tau_tau, pi_pi, other hadrons and neutrinos."""
    leptons = couplings.partial_widths()
    found: dict[str, Any] = {f"{name}_{name}": np.asarray(leptons[name]) for name in ("e", "mu", "tau")}
    neutrinos = (np.asarray(width) for name, width in leptons.items() if name.startswith("nu_"))
    found["neutrinos"] = sum(neutrinos, np.float64(0.0))
    found["pi_pi"], found["hadrons"] = _pions(couplings), _other_hadrons(couplings)
    return found


def total(of: dict[str, Any]) -> np.ndarray:
    """Return the total width."""
    return np.asarray(sum(of.values()))


def _pions(couplings: Couplings) -> np.ndarray:
    """Gamma(Z' -> pi+ pi-) = |c_u - c_d|^2 M/(48 pi) beta^3 |F_pi|^2; for a photon c_u - c_d = e.

    The form factor is the propagator of the rho, raised towards the resonance to its measured electronic width.
    """
    mass, charges = couplings.mass, quark_couplings(couplings)
    if mass <= 2 * M_PION_CHARGED or mass > CONTINUUM:
        return np.zeros(charges.shape[1:])
    beta, rho = sqrt(1 - 4 * M_PION_CHARGED**2 / mass**2), vectors()["rho"]
    form_factor = abs(rho.propagator(mass)) ** 2 * (1 + _excess() * min(mass / rho.mass, 1.0) ** 2)
    return np.abs(charges[0] - charges[1]) ** 2 * mass / (48 * pi) * beta**3 * form_factor


def _excess() -> float:
    """By how much the measured peak of the rho (R = 9 Gamma_ee/(alpha^2 Gamma)) exceeds its bare propagator."""
    rho = vectors()["rho"]
    beta = sqrt(1 - 4 * M_PION_CHARGED**2 / rho.mass**2)
    return 9 * rho.electronic_width / (ALPHA**2 * rho.width) / (beta**3 / 4 * (rho.mass / rho.width) ** 2) - 1


def _other_hadrons(couplings: Couplings) -> np.ndarray:
    mass, charges = couplings.mass, quark_couplings(couplings)
    rate = _quarks(couplings, charges)
    if mass > CONTINUUM:
        return rate
    onset = min(max((mass - ONSET) / (CONTINUUM - ONSET), 0.0), 1.0)
    rate = rate * onset**2 * (3 - 2 * onset)
    for amplitude in _amplitudes(mass):
        rate = rate + np.abs(amplitude[0] * charges[0] + amplitude[1] * charges[1] + amplitude[2] * charges[2]) ** 2
    return rate


@lru_cache(maxsize=4096)
def _amplitudes(mass: float) -> list[list[complex]]:
    """a_k of c_u, c_d, c_s for each channel, of which sum_k |a_k c_k|^2 is the width: omega, phi, pi0 and eta gamma."""
    found: list[np.ndarray] = []
    for name in ("omega", "phi"):
        meson = vectors()[name]
        alike = np.array(meson.generator) / np.dot(meson.generator, CHARGE)  # times C: 1 for charges Q
        hadronic = sum(meson.running_width(mass, mode) for mode in meson.modes if not mode.endswith("gamma"))
        peak = 9 / ALPHA**2 * meson.electronic_width * hadronic / meson.mass**2 * abs(meson.propagator(mass)) ** 2
        found.append(np.sqrt(peak * mass / (12 * pi)) * alike)
    found += [radiative_amplitude(name, np.eye(3), mass) for name in pseudoscalars()]
    return [amplitude.tolist() for amplitude in found if np.any(amplitude)]


def _quarks(couplings: Couplings, charges: np.ndarray) -> np.ndarray:
    """Width into pairs of massless quarks, those of charm and bottom where hadrons with them are light enough."""
    rate = np.sum(np.abs(charges) ** 2, axis=0)
    if couplings.mass > _OPEN_CHARM:
        rate = rate + np.abs(couplings.c_u[1]) ** 2
    if couplings.mass > _OPEN_BOTTOM:
        rate = rate + np.abs(couplings.c_d[2]) ** 2
    return 3 * _QCD * rate * couplings.mass / (12 * pi)


def photon_like(mass: float, epsilon: float) -> Couplings:
    """Return the couplings e epsilon q of a dark photon."""
    e = E_CHARGE * epsilon
    up, down = 2 * e / 3, -e / 3
    return Couplings(mass, c_e=-e, c_mu=-e, c_tau=-e, c_u=(up, up, up), c_d=(down, down, down))
