"""Neutrino spectra of allowed beta decays, with the Coulomb correction of the daughter's charge Z.

dN/dE ~ E^2 W p F(W),  W = endpoint + m_e - E,   F = p^(2 (gamma - 1)) exp(pi eta) |Gamma(gamma + i eta)|^2,
gamma = sqrt(1 - (alpha Z)^2), eta = +-alpha Z W/p (+ electrons, - positrons); the nuclear radius only scales F.
"""

from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import ALPHA, M_E


def allowed_shape(
    energy: ArrayLike, endpoint: float, daughter: int, emitted: Literal["positron", "electron"] = "positron"
) -> np.ndarray:
    """Return the unnormalised neutrino spectrum at the energies (MeV); zero outside (0, endpoint)."""
    from scipy.special import loggamma

    energy = np.asarray(energy, dtype=float)
    inside = (energy > 0) & (energy < endpoint)
    e = np.where(inside, energy, endpoint / 2)
    total = endpoint + M_E - e
    momentum = np.sqrt((endpoint - e) * (total + M_E))
    gamma = np.sqrt(1 - (ALPHA * daughter) ** 2)
    eta = (ALPHA if emitted == "electron" else -ALPHA) * daughter * total / momentum
    coulomb = np.exp(np.pi * eta + 2 * np.real(cast("np.ndarray", loggamma(gamma + 1j * eta))))
    return np.where(inside, e * e * total * momentum ** (2 * gamma - 1) * coulomb, 0.0)
