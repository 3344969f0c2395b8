"""Forward scattering of neutrinos in matter: non-standard interactions from oscillations."""

from math import sqrt
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.constants import G_F
from nuportal.limits.base import Limit
from nuportal.limits.ray import Ray
from nuportal.models.base import FLAVOURS, Couplings


class AllowedDifference(BaseModel):
    """Allowed intervals of eps_aa - eps_bb for flavours (a, b); neutrons per electron along the path."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    flavours: tuple[Literal["e", "mu", "tau"], Literal["e", "mu", "tau"]]
    allowed: tuple[tuple[float, float], ...] = Field(min_length=1)
    neutrons_per_electron: Annotated[float, Field(gt=0)]


class MatterPotential(Limit):
    """eps_aa = c_nu_a (c_e + c_p + Y_n c_n)/(sqrt2 G_F M^2): differences are measured, kinetic mixing drops out."""

    Measurement = AllowedDifference
    measurement: AllowedDifference

    def why_not(self, ray: Ray) -> str | None:
        """Return whether the flavours or matter are left alone."""
        a, b = (FLAVOURS.index(f) for f in self.measurement.flavours)
        c = ray.ends
        if np.isclose(c.c_nu[a], c.c_nu[b], rtol=1e-9, atol=0):
            return f"nu_{self.measurement.flavours[0]} and nu_{self.measurement.flavours[1]} couple alike"
        size = abs(c.c_e) + abs(c.c_p) + abs(c.c_n)
        return None if abs(self._matter(c)) > 1e-9 * size else "ordinary matter is neutral"

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the distance from the middle of the nearest allowed interval over half its width."""
        c = ray.couplings(y)
        a, b = (FLAVOURS.index(f) for f in self.measurement.flavours)
        difference = (np.asarray(c.c_nu[a]) - np.asarray(c.c_nu[b])) * self._matter(c) / (sqrt(2) * G_F * ray.mass**2)
        return np.min(
            [np.abs(difference - (low + high) / 2) / ((high - low) / 2) for low, high in self.measurement.allowed],
            axis=0,
        )

    def _matter(self, c: Couplings) -> np.ndarray | float:
        return c.c_e + c.c_p + self.measurement.neutrons_per_electron * c.c_n
