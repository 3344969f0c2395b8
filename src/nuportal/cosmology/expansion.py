"""Expansion of the universe and the effective number of neutrinos: H, cosmic time and N_eff, each written once."""

from math import pi, sqrt
from typing import TypeVar

import numpy as np

from nuportal.constants import HBAR_S, M_PLANCK, MEGAPARSEC_CM, T_CMB_TODAY

#: H = HUBBLE sqrt(rho), Friedmann's equation
HUBBLE = sqrt(8 * pi / 3) / M_PLANCK

#: N_eff = DILUTION rho_dark/rho_gamma once e+- are gone (ghosh2024 eq. 1, first form)
DILUTION = (8 / 7) * (11 / 4) ** (4 / 3)

#: rho_gamma = PHOTONS T^4
PHOTONS = pi**2 / 15

#: N_eff of the Standard Model, momentum-resolved with oscillations and finite-temperature QED (2008.01074: 3.0440)
NEFF_STANDARD = 3.044

H_100 = 1e7 / MEGAPARSEC_CM * HBAR_S  #: 100 km/s/Mpc in MeV
OMEGA_MATTER = 0.1430  #: Omega_m h^2; Planck 2018 (1807.06209)

#: rho_matter/T_gamma^3 in MeV
MATTER = OMEGA_MATTER * (H_100 / HUBBLE) ** 2 / T_CMB_TODAY**3

BEFORE_ANNIHILATION = 10.75  #: relativistic degrees of freedom of photons, e+- and three neutrinos at one temperature

T = TypeVar("T", float, np.ndarray)


def radiation_era(temperature: T, degrees: float = BEFORE_ANNIHILATION) -> T:
    """Return H in MeV of `degrees` relativistic degrees of freedom at a temperature in MeV."""
    return HUBBLE * sqrt(pi**2 / 30 * degrees) * temperature**2


def late(t_gamma: T) -> T:
    """Return H in MeV of photons, Standard Model neutrinos and matter at t_gamma in MeV, once e+- are gone."""
    radiation = PHOTONS * (1 + NEFF_STANDARD / DILUTION)
    return HUBBLE * (radiation * t_gamma**4 + MATTER * t_gamma**3) ** 0.5


def cosmic_time(ln_a: np.ndarray, hubble: np.ndarray) -> np.ndarray:
    """Return the time in seconds at each step [n], from H in MeV: a power of a within a step, 1/(2H) at the start."""
    fall = -np.diff(np.log(hubble))
    mean = np.divide(np.expm1(fall), fall, out=np.ones_like(fall), where=fall != 0)
    steps = np.diff(ln_a) * mean / hubble[:-1]
    return HBAR_S * (0.5 / hubble[0] + np.append(0.0, np.cumsum(steps)))
