"""Searches for displaced decays that publish, for each mass and lifetime, how many decays they could have missed.

The table gives r = (upper limit on the yield)/(yield of a dark photon) at masses and epsilon (1801.04847 section 2.4).
For another vector the dark photon of the same lifetime is looked up, and

    r' = r [production x branching ratio](dark photon) / [production x branching ratio](vector);

couplings with r' < 1 are excluded. Lifetimes outside the table say nothing.
"""

from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.errors import DataFileError
from nuportal.limits.about import About
from nuportal.limits.base import Limit
from nuportal.limits.ray import Ray
from nuportal.limits.recast.branching import photon_like, total, widths
from nuportal.limits.recast.production import mixture, shares_at
from nuportal.limits.recast.tables import read_table
from nuportal.models import Couplings


class Grid(BaseModel):
    """Table of mass_MeV, epsilon, r (masses ascending, the same number of epsilon at each), shares of the sources."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: str
    fractions: str
    decays: tuple[Literal["e_e", "mu_mu"], ...] = Field(min_length=1)


class LifetimeGrid(Limit):
    """Excluded where more decays are expected than could have been missed."""

    Measurement = Grid
    measurement: Grid

    def __init__(self, about: About, measurement: BaseModel, folder: Path):
        super().__init__(about, measurement, folder)
        assert isinstance(measurement, Grid)
        path = self.file(measurement.table)
        columns = read_table(path)
        if tuple(columns) != ("mass_MeV", "epsilon", "r"):
            raise DataFileError(f"{path}: the first row must name the columns mass_MeV, epsilon, r")
        self.mass, counts = np.unique(columns["mass_MeV"], return_counts=True)
        if len(set(counts.tolist())) != 1:
            raise DataFileError(f"{path}: every mass needs the same number of rows")
        shape = (len(self.mass), int(counts[0]))
        self._epsilon, self._r = (np.log(columns[name]).reshape(shape) for name in ("epsilon", "r"))

    @cached_property
    def _fractions(self) -> dict[str, np.ndarray]:
        return read_table(self.file(self.measurement.fractions))

    def why_not(self, ray: Ray) -> str | None:
        """Return whether the table does not reach the mass, or nothing that is seen is made."""
        if not self.mass[0] <= ray.mass <= self.mass[-1]:
            return f"its table covers {self.mass[0]:g} to {self.mass[-1]:g} MeV"
        seen = np.any(self._yield(ray.on_shell(np.array([ray.high]))))
        return None if seen else "not produced, or no decays into " + " or ".join(self.measurement.decays)

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return 1/r', and 0 for lifetimes outside the table."""
        couplings = ray.on_shell(y)
        unit = photon_like(ray.mass, 1.0)
        alike = 0.5 * np.log(np.maximum(total(widths(couplings)) / float(total(widths(unit))), 1e-300))
        epsilon, r = self._row(ray.mass)
        inside = (alike >= epsilon[0]) & (alike <= epsilon[-1])
        dark = np.exp(2 * alike) * float(self._yield(unit))
        return np.where(inside, self._yield(couplings) / dark / np.exp(np.interp(alike, epsilon, r)), 0.0)

    def _row(self, mass: float) -> tuple[np.ndarray, np.ndarray]:
        """ln epsilon and ln r at a mass, interpolated in ln mass."""
        k = int(np.clip(np.searchsorted(self.mass, mass) - 1, 0, len(self.mass) - 2))
        share = np.log(mass / self.mass[k]) / np.log(self.mass[k + 1] / self.mass[k])
        mixed = [(1 - share) * table[k] + share * table[k + 1] for table in (self._epsilon, self._r)]
        return mixed[0], mixed[1]

    def _yield(self, couplings: Couplings) -> np.ndarray:
        """Production times branching ratio, 1 times the branching ratio for a dark photon of epsilon = 1."""
        of = widths(couplings)
        whole = total(of)
        seen = sum((of[decay] for decay in self.measurement.decays), np.float64(0.0))
        made = mixture(shares_at(self._fractions, couplings.mass), couplings, photon_like(couplings.mass, 1.0))
        return made * np.divide(seen, whole, out=np.zeros_like(whole), where=whole > 0)
