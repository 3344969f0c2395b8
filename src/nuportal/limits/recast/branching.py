"""Widths into what a detector sees: leptons, pions, all hadrons, neutrinos. MeV; couplings may be arrays.

Hadrons by vector-meson dominance: pi pi through the rho (its Breit-Wigner with the width of two pions), 3 pi and K K
through the omega and the phi (Breit-Wigners with their measured electronic widths), each scaled by the coupling to
that vector; above 1.6 GeV quarks with the first QCD correction. Below the resonances and between them this is good to
about 20 %.
"""

from math import pi, sqrt
from typing import Any

import numpy as np

from nuportal.constants import ALPHA, E_CHARGE, M_PION_CHARGED
from nuportal.limits.recast.production import quark_couplings
from nuportal.models import Couplings

CONTINUUM = 1600.0  #: MeV, above it hadrons are quarks
_RHO = (775.26, 149.1)
_RHO_EXCESS = (
    0.44  #: of the measured peak (electronic width 7.04 keV, R = 8.0) over the Breit-Wigner normalised at M = 0
)
_NARROW = (  # mass, width, electronic width (MeV, PDG 2022); combination of (c_u, c_d, c_s) that is 1 for charges e q
    (782.66, 8.68, 6.0e-4, np.array([3.0, 3.0, 0.0])),
    (1019.461, 4.249, 1.26e-3, np.array([0.0, 0.0, -3.0])),
)
_QCD = 1.1  #: 1 + alpha_s/pi
_OPEN_CHARM, _OPEN_BOTTOM = 3730.0, 10560.0


def widths(couplings: Couplings) -> dict[str, Any]:
    """Return the widths into e_e, mu_mu, tau_tau, pi_pi, other hadrons and neutrinos."""
    leptons = couplings.partial_widths()
    found: dict[str, Any] = {f"{name}_{name}": np.asarray(leptons[name]) for name in ("e", "mu", "tau")}
    found["neutrinos"] = sum((np.asarray(leptons[f"nu_{f}"]) for f in ("e", "mu", "tau")), np.float64(0.0))
    found["pi_pi"], found["hadrons"] = _pions(couplings), _other_hadrons(couplings)
    return found


def total(of: dict[str, Any]) -> np.ndarray:
    """Return the total width."""
    return np.asarray(sum(of.values()))


def _pions(couplings: Couplings) -> np.ndarray:
    """Gamma(Z' -> pi+ pi-) = (c_u - c_d)^2 M/(48 pi) beta^3 |F_pi|^2; for a photon c_u - c_d = e."""
    mass, charges = couplings.mass, quark_couplings(couplings)
    if mass <= 2 * M_PION_CHARGED or mass > CONTINUUM:
        return np.zeros(charges.shape[1:])
    beta = sqrt(1 - 4 * M_PION_CHARGED**2 / mass**2)
    at, width = _RHO
    beta_rho = sqrt(1 - 4 * M_PION_CHARGED**2 / at**2)
    running = width * (beta / beta_rho) ** 3 * mass / at  # times M: M Gamma(M)
    form_factor = at**4 / ((at**2 - mass**2) ** 2 + (at * running) ** 2)
    form_factor *= 1 + _RHO_EXCESS * min(mass / at, 1.0) ** 2
    return (charges[0] - charges[1]) ** 2 * mass / (48 * pi) * beta**3 * form_factor


def _other_hadrons(couplings: Couplings) -> np.ndarray:
    mass, charges = couplings.mass, quark_couplings(couplings)
    muonic = mass / (12 * pi)  # width into a pair of unit coupling, massless
    rate = np.zeros(charges.shape[1:])
    if mass > CONTINUUM:
        rate = 3 * np.sum(charges**2, axis=0) * _QCD
        if mass > _OPEN_CHARM:
            rate = rate + 3 * _QCD * np.asarray(couplings.c_u[1]) ** 2
        if mass > _OPEN_BOTTOM:
            rate = rate + 3 * _QCD * np.asarray(couplings.c_d[2]) ** 2
        return rate * muonic
    if mass <= 3 * M_PION_CHARGED:
        return rate
    for at, width, electronic, combination in _NARROW:
        ratio = 9 / ALPHA**2 * electronic * width * mass**2 / ((mass**2 - at**2) ** 2 + (at * width) ** 2)
        rate = rate + ratio * np.tensordot(combination, charges, 1) ** 2
    return rate * muonic


def photon_like(mass: float, epsilon: float) -> Couplings:
    """Return the couplings e epsilon q of a dark photon."""
    e = E_CHARGE * epsilon
    up, down = 2 * e / 3, -e / 3
    return Couplings(mass, c_e=-e, c_mu=-e, c_tau=-e, c_u=(up, up, up), c_d=(down, down, down))
