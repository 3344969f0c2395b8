"""Errors of N_eff with momenta: of the discretisation, and of what the equations leave out."""

from math import pi, sqrt

import numpy as np
from scipy.special import kn, zeta

from nuportal.constants import M_MU, M_PION_CHARGED
from nuportal.cosmology.expansion import HUBBLE, NEFF_STANDARD
from nuportal.cosmology.history import Caution
from nuportal.cosmology.momenta.density_run import needs_matrices
from nuportal.cosmology.momenta.options import MomentaOptions
from nuportal.models.base import Couplings

LARGE = 0.02  #: error of N_eff that is warned of
MUONS = 0.01  #: part of Delta N_eff, likewise
MODERATE = (3.0, 1e7)  #: decays over H at T = M between which few nodes do
#: bosons lighter than this (MeV) that tell flavours apart come into contact with decoupled neutrinos while T > M: the
#: result converges slowly with the number of momenta. Part of Delta N_eff, from the four worst of 60 random points
LIGHT_MASS, LIGHT = 3.0, {"standard": 0.04, "high": 0.02}
#: bosons this light (MeV) that tell flavours apart, with such a coupling, are made in pairs while neutrinos decouple:
#: density matrices do not resolve which momenta below the first node of the boson are full. Part of Delta N_eff
SOFT_MASS, SOFT_COUPLING, SOFT = 1.5e-3, (4.5e-6, 1.5e-5), {"standard": 0.8, "high": 0.4}


def numerical_error(neff: float, couplings: Couplings | None, options: MomentaOptions) -> float:
    """Return the error of the discretisation, calibrated on random points (benchmarks/momenta_random.py).

    Bosons that neutrinos make slowly while T > M come from neutrinos softer than the first node: decays to momenta p,
    p' need p p' > M^2/4. Where they are never in equilibrium the result remembers it. In very fast contact N_eff hangs
    on the steep end of the exchange at low temperature.
    """
    accuracy = options.accuracy
    base, part, edge = {"standard": (0.0015, 0.006, 0.03), "high": (0.0005, 0.003, 0.02)}[accuracy]
    if couplings is not None and needs_matrices(couplings, "oscillating"):
        edge *= 2
        part = LIGHT[accuracy] if couplings.mass < LIGHT_MASS else part
    if couplings is not None and not MODERATE[0] < contact(couplings) < MODERATE[1]:
        part = max(part, edge)
    if couplings is not None and couplings.mass < SOFT_MASS and len(set(couplings.c_nu)) > 1:
        coupling = float(np.sum(np.array(couplings.c_nu) ** 4)) ** 0.25
        part = SOFT[accuracy] if SOFT_COUPLING[0] < coupling < SOFT_COUPLING[1] else part
    return float(np.hypot(base, part * abs(neff - NEFF_STANDARD)))


def contact(couplings: Couplings) -> float:
    """Return the rate of decays and inverse decays over H at T = M."""
    return 0.37 * couplings.width / (HUBBLE * sqrt(pi**2 / 30 * 10.75) * couplings.mass**2)


def theory_error(neff: float, couplings: Couplings | None, options: MomentaOptions) -> float:
    """Return the error of what the treatment leaves out; its parts are tabled in docs/physics/kinetic.md."""
    parts = [0.0003]
    if couplings is not None:
        delta = abs(neff - NEFF_STANDARD)
        parts.append(0.004 * delta)
        if needs_matrices(couplings, options.flavours):
            parts.append(0.02 * min(delta, 1.0))
        if couplings.has_right_handed:
            parts.append(without_muons(couplings) * delta)
    return float(np.linalg.norm(parts))


def cautions(
    couplings: Couplings | None, options: MomentaOptions, errors: tuple[float, float], fate: str, start_matters: bool
) -> tuple[Caution, ...]:
    """Return the warnings of a result with these numerical and theory errors (NaN where there is no N_eff)."""
    found = {
        Caution.START: start_matters,
        Caution.NOT_THERMALISED: couplings is not None and options.start == "thermal" and contact(couplings) < 1,
        Caution.NUMERICAL: errors[0] > LARGE,
        Caution.THEORY: errors[1] > LARGE,
        Caution.MUONS: couplings is not None and couplings.has_right_handed and without_muons(couplings) > MUONS,
        Caution.DARK_RADIATION: fate == "dark radiation",
    }
    return tuple(caution for caution, holds in found.items() if holds)


def without_muons(couplings: Couplings) -> float:
    """Return the part of Delta N_eff that is too much of right-handed neutrinos, as the plasma lacks muons and pions.

    Their entropy goes to all that is in contact when they annihilate. Right-handed neutrinos leave at the lowest
    temperature at which a boson is made from one of them in an expansion time, or where that comes closest; what they
    hold is then too large by (1 + r)^(4/3), r the entropy of muons and pions over that of everything else.
    """
    t = couplings.mass * np.geomspace(1.0, 0.02, 80)
    x = couplings.mass / t
    per_neutrino = 3 / (2 * pi**2) * x**2 * kn(1, x) / (1.5 * zeta(3) / pi**2)  # n_Z'/n_nu times the mean of M/E
    right = max(width for name, width in couplings.partial_widths().items() if name.startswith("nu_R"))
    rate = right * per_neutrino / (HUBBLE * sqrt(pi**2 / 30 * 16.0) * t**2)
    met = np.flatnonzero(rate > 1)
    leaves = t[met[-1] if met.size else int(np.argmax(rate))]
    p, dp = np.polynomial.legendre.leggauss(40)
    p, dp = 10 * leaves * (1 + p), 10 * leaves * dp
    entropy = 0.0
    for mass, degrees, sign in ((M_MU, 4, 1), (M_PION_CHARGED, 3, -1)):
        energy = np.hypot(p, mass)
        held = p**2 / (np.exp(np.minimum(energy / leaves, 600.0)) + sign) * (energy + p**2 / (3 * energy)) / leaves
        entropy += degrees / (2 * pi**2) * float(np.sum(held * dp))
    r = entropy / (2 * pi**2 / 45 * 16.0 * leaves**3)
    return 1 - (1 + r) ** (-4 / 3)
