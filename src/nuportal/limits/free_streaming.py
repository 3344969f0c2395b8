"""Neutrinos must stream freely before recombination: coalescence nu nu -> Z' of an eV-scale mediator must stay slow.

With lambda^2 M/(16 pi) the width into one neutrino pair (ibe2020 eq. 29: lambda^2 = 2/3 c_nu^2 of a vector, c_nu the
root mean square over flavours), T the neutrino temperature and x = M/T:

    "energy":    Gamma = lambda^2 M/(16 pi) x^3 K_2(x)                                                     (1909.04044)
    "transport": Gamma = lambda^2/(96 pi) (1/(3 zeta(3))) (g/2) T F(x), g = 3 for a vector, 1 for a scalar,
                 F = (x^5/2) e^-x [x - 1 - e^x (x^2 - 2) Gamma(0, x)]                                      (2305.01692)

Excluded where Gamma exceeds the expansion rate at any redshift between 2e3 and 1e5.
"""

from functools import cached_property
from math import pi, sqrt
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from nuportal.constants import T_CMB_TODAY
from nuportal.cosmology.expansion import late
from nuportal.limits.base import Limit
from nuportal.limits.ray import Ray

ZETA3 = 1.2020569031595942
REDSHIFTS = (2e3, 1e5)


class Kernel(BaseModel):
    """Which rate is compared with expansion."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    rate: Literal["energy", "transport"]


def expansion_rate(redshift: np.ndarray) -> np.ndarray:
    """Return H in MeV: photons, three neutrinos, matter."""
    return late(T_CMB_TODAY * (1 + redshift))


def kernel(x: np.ndarray, which: Literal["energy", "transport"]) -> np.ndarray:
    """Return Gamma/(lambda^2 T) of a scalar without its phase space of 1/(16 pi) or g/(576 pi zeta(3))."""
    from scipy.special import exp1, kn

    if which == "energy":
        return x**4 * kn(2, x) / (16 * pi)
    bracket = (x - 1) * np.exp(-x) - (x**2 - 2) * exp1(x)
    return x**5 / 2 * bracket / (96 * pi) / (3 * ZETA3) / 2


class FreeStreaming(Limit):
    """Excluded above the coupling at which the rate reaches the expansion rate somewhere."""

    Measurement = Kernel
    measurement: Kernel

    @cached_property
    def _sky(self) -> tuple[np.ndarray, np.ndarray]:
        redshift = np.geomspace(*REDSHIFTS, 200)
        return T_CMB_TODAY * (1 + redshift) * (4 / 11) ** (1 / 3), expansion_rate(redshift)

    def critical(self, mass: float, spin: int = 1) -> float:
        """Return the lambda at which the rate reaches expansion; infinite if it never does in floating point."""
        temperature, expansion = self._sky
        degrees = 3.0 if spin == 1 and self.measurement.rate == "transport" else 1.0
        rate = degrees * kernel(mass / temperature, self.measurement.rate) * temperature
        return 1 / sqrt(max(float(np.max(rate / expansion)), 1e-300))

    def why_not(self, ray: Ray) -> str | None:
        """Return whether neutrinos are not coupled."""
        return None if any(ray.ends.c_nu) else "no coupling to neutrinos"

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return lambda over the critical one."""
        c = ray.couplings(y)
        square = sum(np.asarray(v) ** 2 for v in c.c_nu) / 3
        size = np.sqrt(square * (2 / 3 if c.spin == 1 else 1.0))
        return size / self.critical(ray.mass, c.spin)
