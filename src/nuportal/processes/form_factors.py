"""Nuclei as targets and their Helm form factor."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import ATOMIC_MASS_UNIT, HBAR_C_CM, M_E
from nuportal.errors import ParameterError

FEMTOMETRE = 1e-13 / HBAR_C_CM  #: MeV^-1
SKIN = 0.9  #: fm; Lewin and Smith, Astropart. Phys. 6 (1996) 87, eq. 4.11
SURFACE = 0.52  #: fm; the same


@dataclass(frozen=True)
class Nucleus:
    """A nucleus: protons Z, neutrons N and, where known, the atomic mass in u (A otherwise, good to 1e-3)."""

    protons: int
    neutrons: int
    atomic_mass: float | None = None

    def __post_init__(self):
        if self.protons < 1 or self.neutrons < 0:
            raise ParameterError(f"nucleus Z = {self.protons}, N = {self.neutrons} is not allowed: Z >= 1 and N >= 0")

    @property
    def mass(self) -> float:
        """Nuclear mass in MeV (atomic mass less its electrons; their binding is neglected)."""
        return (self.atomic_mass or self.nucleons) * ATOMIC_MASS_UNIT - self.protons * M_E

    @property
    def nucleons(self) -> int:
        """A = Z + N."""
        return self.protons + self.neutrons


def helm(recoil_energy: ArrayLike, nucleus: Nucleus) -> np.ndarray:
    """Return the Helm form factor at the recoil energy (MeV), q^2 = 2 m T; F(0) = 1.

    Radius r_n^2 = c^2 + (7/3) pi^2 a^2 - 5 s^2 with c = 1.23 A^(1/3) - 0.60 fm, a = 0.52 fm, s = 0.9 fm (Lewin and
    Smith 1996).
    """
    q = np.sqrt(2 * nucleus.mass * np.asarray(recoil_energy, dtype=float)) * FEMTOMETRE
    c = 1.23 * nucleus.nucleons ** (1 / 3) - 0.60
    x = q * np.sqrt(c**2 + 7 / 3 * np.pi**2 * SURFACE**2 - 5 * SKIN**2)
    small = x < 1e-2
    y = np.where(small, 1.0, x)
    bessel = np.where(small, 1 - x**2 / 10 + x**4 / 280, 3 * (np.sin(y) - y * np.cos(y)) / y**3)
    return bessel * np.exp(-((q * SKIN) ** 2) / 2)
