"""Forces between neutral bodies: the equivalence principle, the inverse-square law, forces between surfaces.

A neutral atom of Z protons, Z electrons and N neutrons has the charge q = Z (c_p + c_e) + N c_n, in which kinetic
mixing drops out. Two bodies at a distance r have the potential + q_1 q_2 exp(-M r)/(4 pi r).
"""

from functools import cached_property
from math import log, pi, sqrt
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.constants import ATOMIC_MASS_UNIT, M_PLANCK
from nuportal.limits.base import Limit
from nuportal.limits.ray import Ray
from nuportal.limits.recast.tables import read_columns, read_line

Positive = Annotated[float, Field(gt=0)]
Body = tuple[float, float, float]  #: protons, neutrons and atomic weight
ROUNDING = 1e-12  #: relative
GRAVITY = 4 * pi * (ATOMIC_MASS_UNIT / M_PLANCK) ** 2  #: 4 pi G u^2


def neutral_charges(ray: Ray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the charge that an atom gains with a proton and its electron, and with a neutron, at y [n].

    Both are lines in y like the couplings; a constant part that is the rounding error of kinetic mixing, which cancels
    between proton and electron, is left out.
    """
    at = np.array([(ray.low + ray.high) / 2, ray.high])
    c, y = ray.couplings(at), np.asarray(y, dtype=float)
    found: list[np.ndarray] = []
    size = np.max(np.abs(c.c_p) + np.abs(c.c_e) + np.abs(c.c_n))
    for charge in (np.asarray(c.c_p) + np.asarray(c.c_e), np.asarray(c.c_n)):
        low, high = np.broadcast_to(charge, 2)
        slope = (high - low) / (at[1] - at[0])
        constant = high - slope * at[1]
        found.append((constant if abs(constant) > ROUNDING * size else 0.0) + slope * y)
    return found[0], found[1]


def lacks_charge(ray: Ray) -> str | None:
    """Return that neutral matter does not feel the mediator, or None."""
    c = ray.ends
    size = abs(c.c_e) + abs(c.c_p) + abs(c.c_n)
    charged = abs(c.c_p + c.c_e) > ROUNDING * size or abs(c.c_n) > ROUNDING * size
    return None if charged else "neutral matter has no charge"


class Pair(BaseModel):
    """Two test bodies and the largest |eta|, twice their relative difference in acceleration."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    first: Body
    second: Body
    eta: Positive


class TorsionBalance(BaseModel):
    """A published line for charges `reference` = (Z, N); earth: protons and neutrons per atomic mass unit."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: str
    reference: tuple[float, float]
    earth: tuple[float, float]
    pairs: tuple[Pair, ...] = Field(min_length=1)


class EquivalencePrinciple(Limit):
    """The published coupling, times the square root of (difference of the bodies) x (charge of the Earth).

    For every pair of bodies eta = |D(q/u) (q/u)_Earth|/(4 pi G u^2) at long range; the line belongs to the pair that is
    most sensitive to the reference charges, and the others are weaker there by their eta.
    """

    Measurement = TorsionBalance
    measurement: TorsionBalance

    @cached_property
    def _line(self):
        return read_line(self.file(self.measurement.table))

    def why_not(self, ray: Ray) -> str | None:
        """Return whether neutral matter has no charge, or the mass is beyond the line."""
        if (why := lacks_charge(ray)) is not None:
            return why
        return None if ray.mass <= self._line.mass[-1] else "the force is too short-ranged for the published line"

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the coupling over the largest one; flat towards massless mediators."""
        low = self._line.at(max(ray.mass, float(self._line.mass[0])))[0]
        return np.sqrt(self.violation(*neutral_charges(ray, y)) / self.violation(*self.measurement.reference)) / low

    def violation(self, proton: np.ndarray | float, neutron: np.ndarray | float) -> np.ndarray:
        """Return the largest eta/eta_max of the pairs for charges of a proton (with electron) and a neutron."""
        seen = self.measurement
        source = np.asarray(proton) * seen.earth[0] + np.asarray(neutron) * seen.earth[1]
        found: list[np.ndarray] = []
        for pair in seen.pairs:
            charges = [
                (np.asarray(proton) * z + np.asarray(neutron) * n) / weight
                for z, n, weight in (pair.first, pair.second)
            ]
            found.append(np.abs((charges[0] - charges[1]) * source) / (GRAVITY * pair.eta))
        return np.max(found, axis=0)


class Yukawa(BaseModel):
    """Strength |alpha| relative to gravity against mass; composition: protons and neutrons per atomic mass unit."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: str
    composition: tuple[float, float]


class YukawaForce(Limit):
    """(q/u)^2 = 4 pi G u^2 |alpha|."""

    Measurement = Yukawa
    measurement: Yukawa

    @cached_property
    def _alpha(self) -> tuple[np.ndarray, np.ndarray]:
        mass, alpha = read_columns(self.file(self.measurement.table), ("mass_MeV", "alpha"))
        return np.log(mass), np.log(alpha)

    def why_not(self, ray: Ray) -> str | None:
        """Return whether neutral matter has no charge."""
        return lacks_charge(ray)

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the charge per atomic mass unit over the largest one."""
        protons, neutrons = self.measurement.composition
        proton, neutron = neutral_charges(ray, y)
        return np.abs(protons * proton + neutrons * neutron) / self.largest(ray.mass)

    def largest(self, mass: float) -> float:
        """Return the largest charge per atomic mass unit at a mass in MeV."""
        return sqrt(GRAVITY * float(np.exp(np.interp(log(mass), *self._alpha))))
