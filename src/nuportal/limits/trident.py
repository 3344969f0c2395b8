"""Neutrino tridents: the rate of muon pairs made by muon neutrinos in the field of a nucleus."""

from collections.abc import Callable
from functools import cached_property
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.limits.base import Limit
from nuportal.limits.ray import Ray
from nuportal.limits.recast.tables import read_columns


class RatioToStandardModel(BaseModel):
    """Measured cross-section over that of the Standard Model, its error, and how many errors off is excluded."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    ratio: float
    error: Annotated[float, Field(gt=0)]
    sigmas: Annotated[float, Field(gt=0)]
    table: str


class Trident(Limit):
    """Excluded where 1 + A x + B x^2, x = c_nu_mu c_mu, differs from the measured ratio by more than its errors."""

    Measurement = RatioToStandardModel
    measurement: RatioToStandardModel

    def why_not(self, ray: Ray) -> str | None:
        """Return whether muons or muon neutrinos are not coupled."""
        if not ray.ends.c_mu:
            return "no coupling to muons"
        return None if ray.ends.c_nu[1] else "no coupling to muon neutrinos"

    @cached_property
    def _table(self) -> tuple[np.ndarray, Callable[[float], np.ndarray]]:
        """Masses, and (ln A, ln B) as a function of ln M."""
        from scipy.interpolate import CubicSpline

        columns = read_columns(self.file(self.measurement.table), ("mass_MeV", "A", "B", "error_A", "error_B"))
        return columns[0], CubicSpline(np.log(columns[0]), np.log(columns[1:3]), axis=1)

    def coefficients(self, mass: float) -> tuple[float, float]:
        """Return A and B at a mass (MeV); below the table those of its first row: too small a B, never too large."""
        masses, logarithms = self._table
        linear, square = np.exp(logarithms(np.log(np.clip(mass, masses[0], masses[-1]))))
        return float(linear), float(square)

    def rate(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return sigma/sigma_SM at y [n]."""
        linear, square = self.coefficients(ray.mass)
        couplings = ray.couplings(y)
        x = np.asarray(couplings.c_nu[1]) * np.asarray(couplings.c_mu)
        return 1 + linear * x + square * x**2

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the distance from the measured ratio over the largest one allowed."""
        seen = self.measurement
        return np.abs(self.rate(ray, y) - seen.ratio) / (seen.sigmas * seen.error)
