"""N_eff along a ray against what is measured, with the spectra of neutrinos followed and no boson at the start.

Inverse decays and scattering below the start make the least there is. One surface of N_eff serves all columns of a
plane and all measurements: its points lie where a measurement decides, and it is rough elsewhere.
"""

from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from math import isfinite
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from nuportal.cosmology.expansion import NEFF_STANDARD
from nuportal.limits.base import Limit, Outcome
from nuportal.limits.ray import Ray
from nuportal.limits.solved import known_neff, member_of, solutions
from nuportal.models import Couplings
from nuportal.solvers import adaptive

PER_DECADE = 12  #: points of a ray among which those calculated are chosen
MASSES = (1e-8, 300.0)  #: MeV
COUPLINGS = (1e-14, 1e-2)  #: below the first a boson changes N_eff by no more than it does there
#: estimated error of interpolation near a bound (true ones are about a quarter of it), and its part of the distance
#: to the next bound
TOLERANCE, ROUGH = 0.04, 0.4
NARROWEST = 0.05  #: distance of a bound from the Standard Model in which excess is measured, at least


class Observed(BaseModel):
    """Name of the observation of N_eff."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    observation: str


class EffectiveNeutrinos(Limit):
    """Excluded outside the allowed interval of N_eff; for a band, marked inside it."""

    Measurement = Observed
    measurement: Observed
    shares = "neff"

    def why_not(self, ray: Ray) -> str | None:
        """Return why N_eff is not computed for these models."""
        if not isinstance(getattr(ray.sample, "couplings", None), Couplings):
            return f"N_eff of a {ray.sample.label} is not computed"
        if ray.scale != "log":
            return "N_eff is computed along a coupling on a logarithmic axis"
        low, high = MASSES
        return None if low <= ray.mass <= high else f"N_eff is computed for masses of {low:g} to {high:g} MeV"

    def excluded(self, ray: Ray) -> Outcome:
        """Return what is excluded along a ray; where N_eff has no value it says so."""
        found = super().excluded(ray)
        if found.status == "ok" and found.failed:
            return replace(found, reason=f"no N_eff: matter today, no solution, or a coupling above {COUPLINGS[1]:g}")
        return found

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return how far N_eff is from the Standard Model, in units of the bound on that side; NaN without a value."""
        from nuportal.planes.constraints import constraint

        allowed = constraint(self.measurement.observation)
        values = along(ray, y)
        ratios = [np.full(values.shape, -np.inf)]
        for bound, sign in ((allowed.high, 1.0), (allowed.low, -1.0)):
            if isfinite(bound):
                ratios.append(1 + sign * (values - bound) / max(abs(bound - NEFF_STANDARD), NARROWEST))
        outside = np.where(np.isnan(values), np.nan, np.max(ratios, axis=0))
        return 2.0 - outside if allowed.kind == "band" else outside


def along(ray: Ray, y: np.ndarray) -> np.ndarray:
    """Return N_eff at y [n], NaN where there is none: from a table of the model, or the surface of all rays."""
    shared, inside = ray.shared, np.clip(y, *COUPLINGS)
    found = known_neff(ray, inside)
    if found is None:
        with shared.get("lock", nullcontext()):
            if "neff" not in shared:
                shared["neff"] = _surface(ray)
            between = shared["neff"]
        at = np.full(np.shape(y), coordinate(shared, ray.at))
        found = between(np.stack([at, np.log(inside)], axis=1))
    return np.where(np.asarray(y) > COUPLINGS[1] * (1 + 1e-9), np.nan, found)


def coordinate(shared: dict[str, Any], at: float | None) -> float:
    """Return the coordinate of a column among those of its plane; 0 of a ray alone."""
    axis = shared.get("columns")
    return 0.0 if axis is None or at is None else float(axis.coordinates(np.array(at)))


def nodes(ray: Ray) -> np.ndarray:
    """Return the couplings of a ray [n] among which those calculated are chosen."""
    low, high = max(ray.low, COUPLINGS[0]), min(ray.high, COUPLINGS[1])
    return np.geomspace(low, max(high, low * 1.001), max(9, int(np.ceil(PER_DECADE * np.log10(max(high / low, 1.1))))))


def _surface(ray: Ray):
    """Return the function from (column, ln y) [n, 2] to N_eff, calculated for the plane of a ray or for it alone."""
    from concurrent.futures import ThreadPoolExecutor

    from nuportal.cosmology.grid import smooth_neff
    from nuportal.solvers.cores import available
    from nuportal.solvers.status import Status

    axis, solved = ray.shared.get("columns"), solutions(ray)
    member = member_of(ray)
    columns = [ray.at] if axis is None or ray.at is None else axis.values.tolist()
    y = nodes(ray)

    def one(point: tuple[int, int]) -> tuple[float, int]:
        """Return N_eff at a column and a coupling by index, and why there is none."""
        column, coupling = columns[point[0]], float(y[point[1]])
        if not MASSES[0] <= member(column, coupling).mass <= MASSES[1]:
            return np.nan, len(Status)
        found = solved.at(column, coupling)
        return found.neff, int(found.status)

    with ThreadPoolExecutor(available()) as threads:

        def calculate(points: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
            values, codes = zip(*threads.map(one, points), strict=True)
            return np.array(values), np.array(codes)

        at = np.array([coordinate(ray.shared, column) for column in columns])
        ways: dict[str, Any] = {**smooth_neff(), "tolerance": partial(_tolerance, _bounds())}
        return adaptive.fill(at, np.log(y), calculate, **ways).between


def _bounds() -> np.ndarray:
    """Return the bounds on N_eff of every measurement."""
    from nuportal.planes.constraints import constraint_names, constraints

    every = constraints(list(constraint_names()), quantity="neff")
    return np.array([bound for c in every for bound in (c.low, c.high) if isfinite(bound)])


def _tolerance(bounds: np.ndarray, neff: np.ndarray) -> np.ndarray:
    """Return the error of interpolation that is allowed: small near a bound."""
    distance = np.min(np.abs(np.asarray(neff)[:, None] - bounds), axis=1)
    return TOLERANCE + ROUGH * distance
