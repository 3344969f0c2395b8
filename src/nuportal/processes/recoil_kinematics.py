"""Two-body kinematics of nu(E) + target at rest -> N(m4) + target with kinetic energy T. Energies in MeV.

With q = sqrt(T (T + 2 m)) the recoil angle obeys cos(theta) = (m4^2 + 2 m T + 2 E T)/(2 E q) <= 1, which gives the
least neutrino energy for a recoil and, at fixed E, the two ends of the recoil spectrum, T_- T_+ = m4^4/(4 s).
"""

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import M_E


def minimum_neutrino_energy(
    recoil_energy: ArrayLike, target_mass: float = M_E, final_mass: ArrayLike = 0.0
) -> np.ndarray:
    """Return the least neutrino energy that can give the recoil T, MeV; inf where no energy can (T = 0, m4 > 0).

    This is shoemaker2020 eq. 4 with its root corrected,
    E_min = (m4^2 + 2 m T)/(2 [sqrt(T (T + 2 m)) - T]), written without the cancellation in the denominator.
    """
    recoil, mass = np.asarray(recoil_energy, dtype=float), np.asarray(final_mass, dtype=float)
    elastic = 0.5 * (recoil + np.sqrt(recoil * (recoil + 2 * target_mass)))
    with np.errstate(divide="ignore", invalid="ignore"):
        inelastic = elastic * (1 + mass * mass / (2 * target_mass * recoil))
    return np.where(mass == 0, elastic, np.where(recoil > 0, inelastic, np.inf))


def threshold_energy(final_mass: float, target_mass: float = M_E) -> float:
    """Return the least neutrino energy that can produce N at all, m4 + m4^2/(2 m), MeV."""
    return final_mass + final_mass**2 / (2 * target_mass)


def recoil_range(
    neutrino_energy: ArrayLike, target_mass: float = M_E, final_mass: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and largest recoil energy at each neutrino energy, MeV; NaN below the threshold."""
    energy = np.asarray(neutrino_energy, dtype=float)
    m, m4 = target_mass, final_mass
    s = m * m + 2 * m * energy
    above = energy - threshold_energy(m4, m)  # s - (m + m4)^2 and s - (m - m4)^2 without their cancellation
    root = 2 * m * np.sqrt(np.where(above >= 0, above * (above + 2 * m4), np.nan))
    largest = (energy * (2 * m * energy + m4**2 + root) / s - m4**2 / m) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        least = np.where(largest > 0, m4**4 / (4 * s * largest), np.where(np.isnan(largest), np.nan, 0.0))
    return least, largest


def is_allowed(
    recoil_energy: ArrayLike, neutrino_energy: ArrayLike, target_mass: float = M_E, final_mass: ArrayLike = 0.0
) -> np.ndarray:
    """Return where a neutrino of this energy can give this recoil."""
    recoil = np.asarray(recoil_energy, dtype=float)
    least = minimum_neutrino_energy(np.maximum(recoil, 0), target_mass, final_mass)
    return (recoil >= 0) & (np.asarray(neutrino_energy, dtype=float) >= least)
