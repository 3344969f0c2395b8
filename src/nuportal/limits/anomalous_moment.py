"""Anomalous magnetic moments of the electron and the muon."""

from functools import cache
from math import pi
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.constants import M_E, M_MU
from nuportal.limits.base import Limit
from nuportal.limits.ray import Ray
from nuportal.solvers.quadrature import gauss_legendre

LEPTONS = {"e": M_E, "mu": M_MU}


class Difference(BaseModel):
    """Measured minus predicted a = (g-2)/2 with its standard error; `sigmas` above it are excluded."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    lepton: Literal["e", "mu"]
    difference: float
    error: Annotated[float, Field(gt=0)]
    sigmas: Annotated[float, Field(gt=0)]


@cache
def moment_shift(mass: float, lepton_mass: float, spin: int = 1) -> float:
    """Return the one-loop shift of a = (g-2)/2 per squared coupling, for a mediator of `mass` (MeV, 0 allowed).

    Spin 1: 1/(8 pi^2) int_0^1 dz 2 m^2 z (1-z)^2 / (m^2 (1-z)^2 + M^2 z); spin 0 (scalar coupling):
    1/(8 pi^2) int_0^1 dz m^2 (1-z)^2 (1+z) / (m^2 (1-z)^2 + M^2 z) (0811.1599).
    """
    r2 = (mass / lepton_mass) ** 2
    # the integrand varies over (1-z)^2 ~ r2 and z ~ 1/r2: both ends are resolved by z = 1/(1+e^-t)
    t, w = gauss_legendre(400, 80.0)
    t = t - 40.0
    z, rest = 1 / (1 + np.exp(-t)), 1 / (1 + np.exp(t))
    numerator = 2 * z * rest**2 if spin == 1 else rest**2 * (1 + z)
    return float(np.sum(w * z * rest * numerator / (rest**2 + r2 * z)) / (8 * pi**2))


class AnomalousMoment(Limit):
    """Excludes what shifts g-2 beyond the measured difference (one-sided: the mediator only adds)."""

    Measurement = Difference
    measurement: Difference

    def why_not(self, ray: Ray) -> str | None:
        """Return whether the lepton is not coupled."""
        coupling = ray.ends.c_e if self.measurement.lepton == "e" else ray.ends.c_mu
        return None if coupling else f"no coupling to {'electrons' if self.measurement.lepton == 'e' else 'muons'}"

    def deviance(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return -2 ln L relative to the Standard Model [n], for a Gaussian error of the difference."""
        seen = self.measurement
        return ((self._shift(ray, y) - seen.difference) / seen.error) ** 2 - (seen.difference / seen.error) ** 2

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the shift over the largest one allowed."""
        seen = self.measurement
        return self._shift(ray, y) / (seen.difference + seen.sigmas * seen.error)

    def _shift(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """The shift of (g-2)/2 by models at y [n]."""
        lepton, c = self.measurement.lepton, ray.couplings(y)
        coupling = np.asarray(c.c_e if lepton == "e" else c.c_mu)
        return coupling**2 * moment_shift(ray.mass, LEPTONS[lepton], c.spin)
