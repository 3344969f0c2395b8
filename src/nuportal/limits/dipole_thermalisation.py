"""Dipole portal in the early Universe: where the heavy neutrino reaches equilibrium below a reheating temperature."""

from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.cosmology.expansion import radiation_era
from nuportal.limits.base import Limit
from nuportal.limits.ray import Ray
from nuportal.processes.dipole_plasma import thermalisation_rates


class Reheating(BaseModel):
    """Temperature (MeV) below which the rates are compared with expansion."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    temperature: Annotated[float, Field(gt=0)]


def expansion_rate(temperature: np.ndarray) -> np.ndarray:
    """Return H in MeV with photons, electrons and three neutrinos (g* = 10.75), as appropriate above 0.5 MeV."""
    return radiation_era(temperature)


class Thermalisation(Limit):
    """Marked where the production rate exceeds expansion at some temperature below reheating (shoemaker2020 Fig. 4)."""

    Measurement = Reheating
    measurement: Reheating

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the largest Gamma/H from m4/3 (below, there are few heavy neutrinos left to make) to T_RH; ~ d^2."""
        key = f"dipole rate below {self.measurement.temperature}"
        if key not in ray.memory:
            top = self.measurement.temperature
            t = np.geomspace(min(max(ray.mass / 3, top / 30), top), top, 16)
            ray.memory[key] = float(np.max(thermalisation_rates(ray.sample, t).total / expansion_rate(t)))
        return ray.memory[key] * (np.asarray(y) / ray.high) ** 2
