"""Errors of N_eff with momenta: of the discretisation, and of what the equations leave out."""

from math import pi, sqrt

import numpy as np

from nuportal.cosmology.expansion import HUBBLE, NEFF_STANDARD
from nuportal.cosmology.momenta.flavours import DM31
from nuportal.cosmology.momenta.options import Accuracy, MomentaOptions
from nuportal.models.base import Couplings

MODERATE = (3.0, 1e7)  #: decays over H at T = M between which few nodes do


def numerical_error(neff: float, couplings: Couplings | None, accuracy: Accuracy) -> float:
    """Return the error of the discretisation, calibrated on random points (benchmarks/momenta_random.py).

    Bosons that neutrinos make slowly while T > M come from neutrinos softer than the first node: decays to momenta p,
    p' need p p' > M^2/4. Where they are never in equilibrium the result remembers it. In very fast contact N_eff hangs
    on the steep end of the exchange at low temperature.
    """
    base, part, edge = {"standard": (0.0015, 0.006, 0.03), "high": (0.0005, 0.003, 0.02)}[accuracy]
    if couplings is not None and not MODERATE[0] < _contact(couplings) < MODERATE[1]:
        part = edge
    return float(np.hypot(base, part * abs(neff - NEFF_STANDARD)))


def _contact(couplings: Couplings) -> float:
    """Return the rate of decays and inverse decays over H at T = M."""
    return 0.37 * couplings.width / (HUBBLE * sqrt(pi**2 / 30 * 10.75) * couplings.mass**2)


def theory_error(neff: float, couplings: Couplings | None, options: MomentaOptions) -> float:
    """Return the error of what the treatment leaves out; its parts are tabled in docs/physics/kinetic.md."""
    parts = [0.0003]
    if couplings is not None:
        delta = abs(neff - NEFF_STANDARD)
        parts.append(0.004 * delta)
        if len({abs(c) for c in couplings.c_nu}) > 1 and options.flavours == "oscillating":
            parts.append(0.02 * min(delta, 1.0))
            parts.append(coherence(couplings) * delta)
    return float(np.linalg.norm(parts))


def coherence(couplings: Couplings) -> float:
    """Return the part of Delta N_eff by which damping of oscillations may change it.

    Where the boson measures flavour faster than neutrinos oscillate, Gamma > dm31/2M, flavours stay apart for longer
    than states of propagation do. The part fits a density matrix for L_mu - L_tau at 10 MeV, 1e-8 to 1e-7, and ends at
    the difference between oscillating and separate flavours (scripts/check_flavour_coherence.py).
    """
    ratio = couplings.width / (DM31 * 1e-12 / (2 * couplings.mass))
    return min(0.4, 0.03 * (ratio / 10) ** 0.6)
