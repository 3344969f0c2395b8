"""Up-scattering through a magnetic moment: nu e -> N e, nu A -> N A, and the moment of massless neutrinos.

For L = (mu/2) nubar sigma_{mu nu} F^{mu nu} N, recoil T, neutrino energy E, target mass m and charge Z (MeV, MeV^-3)

    dsigma/dT = Z^2 F^2 alpha mu^2 { 1/T - 1/E - (m4^2/(2 E T m)) [1 - T/(2 E) + m/(2 E)]
                                     + m4^4 (T - m)/(8 E^2 T^2 m^2) },

shoemaker2020 eq. 2 as printed; with its eq. 1, L = d nubar sigma F N, mu = 2 d and the rate is 4 times larger
(`DipolePortal.magnetic_moment` does this). m4 = 0 is the ordinary magnetic moment,
pi alpha^2/m_e^2 (mu/mu_B)^2 (1/T - 1/E). The terms of helicity flip add to the weak scattering without interference.
Everything but mu^2 is `coefficient`: fold that once per m4.
"""

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import ALPHA, M_E
from nuportal.models.dipole import DipolePortal
from nuportal.processes.flavour import flavour_index
from nuportal.processes.form_factors import Nucleus, helm
from nuportal.processes.recoil_kinematics import is_allowed


def cross_section(
    recoil_energy: ArrayLike, neutrino_energy: ArrayLike, flavour: str, model: DipolePortal
) -> np.ndarray:
    """Return dsigma/dT on a free electron in MeV^-3; zero for flavours that have no moment. Raises UnknownNameError."""
    return moment_squared(model, flavour) * coefficient(recoil_energy, neutrino_energy, float(model.m4))


def nuclear_cross_section(
    recoil_energy: ArrayLike, neutrino_energy: ArrayLike, flavour: str, model: DipolePortal, nucleus: Nucleus
) -> np.ndarray:
    """Return dsigma/dT on a nucleus (coherent, Helm form factor) in MeV^-3. Raises UnknownNameError."""
    charge_squared = (nucleus.protons * helm(recoil_energy, nucleus)) ** 2
    reduced = coefficient(recoil_energy, neutrino_energy, float(model.m4), nucleus.mass)
    return moment_squared(model, flavour) * charge_squared * reduced


def coefficient(
    recoil_energy: ArrayLike, neutrino_energy: ArrayLike, m4: ArrayLike = 0.0, target_mass: float = M_E
) -> np.ndarray:
    """Return dsigma/dT per mu^2 in MeV^-1 for a target of unit charge; zero where kinematics forbids and at T <= 0."""
    recoil, energy, mass = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (recoil_energy, neutrino_energy, m4))
    )
    allowed = is_allowed(recoil, energy, target_mass, mass) & (recoil > 0)
    t, e = np.where(allowed, recoil, 1.0), np.where(allowed, energy, 1.0)
    ratio = mass**2 / (2 * target_mass * t)
    bracket = 1 / t - 1 / e - ratio / e * (1 + (target_mass - t) / (2 * e)) + ratio**2 * (t - target_mass) / (2 * e**2)
    return np.where(allowed, ALPHA * bracket, 0.0)


def moment_squared(model: DipolePortal, flavour: str) -> float:
    """Return mu^2 in MeV^-2 that a neutrino of this flavour sees (0 for a flavour without moment)."""
    flavour_index(flavour)  # refuses a misspelt flavour, which would look like one without moment
    return model.magnetic_moment**2 if model.flavour in (flavour, "universal") else 0.0
