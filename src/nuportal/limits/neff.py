"""N_eff along a ray against what is measured: computed once a ray, shared by all observations.

U(1)_X models from 0.1 to 300 MeV with the thermal solver and no boson at the start (what inverse decays and scattering
make below 20 MeV is the least there is); vector and scalar mediators up to 1 MeV with one neutrino fluid
(`cosmology.fluid`).
"""

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from nuportal.errors import NotApplicableError
from nuportal.limits.base import Limit, Outcome
from nuportal.limits.ray import Ray
from nuportal.models import U1X, ScalarMediator, VectorMediator
from nuportal.solvers.status import Status

PER_DECADE = 8
HALVINGS, STEEP, LARGEST = 2, 0.02, 8.0  #: fluid: nodes between nodes where N_eff < LARGEST changes by STEEP
THERMAL_MASSES, FLUID_MASSES = (0.1, 300.0), (1e-7, 1.0)
THERMAL_COUPLINGS = (1e-13, 1e-2)


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
        if isinstance(ray.sample, U1X):
            low, high = THERMAL_MASSES
            if ray.parameter not in ("g", "epsilon") or ray.scale != "log":
                return "N_eff is computed along g or epsilon on a logarithmic axis"
        elif isinstance(ray.sample, VectorMediator | ScalarMediator):
            low, high = FLUID_MASSES
        else:
            return f"N_eff of a {ray.sample.label} is not computed"
        if not low <= ray.mass <= high:
            return f"N_eff of these models is computed for {low:g} to {high:g} MeV"
        return None

    def excluded(self, ray: Ray) -> Outcome:
        """Return what is excluded along a ray; where N_eff has no value it says so."""
        found = super().excluded(ray)
        if found.status == "ok" and found.failed:
            low, high = THERMAL_COUPLINGS
            return replace(found, reason=f"no N_eff: the solver failed, or a coupling outside {low:g} to {high:g}")
        return found

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return how far N_eff is out of the interval; NaN where it has no value."""
        from nuportal.planes.constraints import constraint

        allowed = constraint(self.measurement.observation)
        values = along(ray, y)
        above = (values - 3.0) / (allowed.high - 3.0) if allowed.high < inf else np.zeros_like(values)
        below = (5.0 - values) / (5.0 - allowed.low) if allowed.low > -inf else np.zeros_like(values)
        outside = np.where(np.isnan(values), np.nan, np.maximum(above, below))
        return 2.0 - outside if allowed.kind == "band" else outside


def along(ray: Ray, y: np.ndarray) -> np.ndarray:
    """Return N_eff at y [n]: interpolated in its logarithm between nodes; NaN next to a failed node."""
    from scipy.interpolate import PchipInterpolator

    if "neff" not in ray.memory:
        ray.memory["neff"] = _nodes(ray)
    t, values = ray.memory["neff"]
    known = np.isfinite(values)
    at = np.log(np.asarray(y))
    if known.sum() < 2:
        return np.full(at.shape, np.nan)
    found = PchipInterpolator(t[known], values[known], extrapolate=False)(at)
    cell = np.clip(np.searchsorted(t, at, side="right") - 1, 0, len(t) - 2)
    broken = ~(known[:-1] & known[1:])
    return np.where(broken[cell], np.nan, found)


def _nodes(ray: Ray) -> tuple[np.ndarray, np.ndarray]:
    """ln y and N_eff at nodes spread over the ray (NaN where the solver failed or the coupling is out of its range).

    A point of the fluid takes a hundred times as long as a thermal one: fewer nodes, halved where N_eff changes.
    """
    thermal = isinstance(ray.sample, U1X)
    solve, per_decade = (_thermal, PER_DECADE) if thermal else (_fluid, PER_DECADE / 2**HALVINGS)
    points = int(np.ceil(per_decade * np.log10(ray.high / ray.low))) + 2
    t = np.linspace(np.log(ray.low), np.log(ray.high), points)
    values = solve(ray, np.exp(t))
    for _ in range(0 if thermal else HALVINGS):
        steep = ~(np.abs(np.diff(values)) < STEEP) & ~(np.minimum(values[1:], values[:-1]) > LARGEST)
        if not steep.any():
            break
        middle = (t[1:] + t[:-1])[steep] / 2
        order = np.argsort(np.concatenate([t, middle]))
        t = np.concatenate([t, middle])[order]
        values = np.concatenate([values, solve(ray, np.exp(middle))])[order]
    return t, values


def _thermal(ray: Ray, y: np.ndarray) -> np.ndarray:
    from nuportal.cosmology.temperatures.thermal import neff_grid_with_status

    sample: Any = ray.sample
    if sample.cutoff is not None:
        raise NotApplicableError("N_eff along a ray takes no cutoff")
    model = sample.name or dict(sample.charges)
    values, status = np.full(y.shape, np.nan), np.full(y.shape, int(Status.NOT_FINITE))
    if ray.parameter == "g":
        low, high = THERMAL_COUPLINGS
        inside = (y >= low * (1 - 1e-9)) & (y <= high * (1 + 1e-9))
        if inside.any():
            found = neff_grid_with_status(model, [ray.mass], y[inside], epsilon=sample.epsilon, start="zero")
            values[inside], status[inside] = found[0][0], found[1][0]
        return _solved(values, status)
    for k, epsilon in enumerate(y.tolist()):
        found = neff_grid_with_status(model, [ray.mass], [sample.g], epsilon=epsilon, start="zero")
        values[k], status[k] = found[0][0, 0], found[1][0, 0]
    return _solved(values, status)


def _fluid(ray: Ray, y: np.ndarray) -> np.ndarray:
    from nuportal.cosmology.fluid.solve import fluid_grid

    sample: Any = ray.sample
    spin = sample.couplings.spin
    if ray.parameter not in ("g_e", "g_nu"):  # both couplings change together
        models: list[Any] = [ray.build(v) for v in y.tolist()]
        spectator: Any = {"spin": spin, "flavour": sample.flavour}
        one = lambda m: fluid_grid(*(np.array([v]) for v in (ray.mass, m.g_e, m.g_nu)), **spectator)  # noqa: E731
        found = [one(m) for m in models]
        return _solved(*(np.concatenate([part.ravel() for part in parts]) for parts in zip(*found, strict=True)))
    electron, neutrino = (y, [sample.g_nu]) if ray.parameter == "g_e" else ([sample.g_e], y)
    found = fluid_grid([ray.mass], electron, neutrino, spin=spin, flavour=sample.flavour)  # type: ignore[arg-type]
    return _solved(*(part.ravel() for part in found))


def _solved(values: np.ndarray, status: np.ndarray) -> np.ndarray:
    return np.where(status == Status.OK, values, np.nan)
