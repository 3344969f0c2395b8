"""What constraints have in common whatever they measure: a likelihood or none, and the data sets they rest on."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from nuportal.errors import NotApplicableError, ParameterError
from nuportal.inference.neff_prediction import neff_along
from nuportal.limits.base import Limit, answered
from nuportal.limits.ray import Ray
from nuportal.planes.observations import Observation, observation


def observed_neff(limit: Limit) -> Observation | None:
    """Return the observation of N_eff that a constraint rests on, or None for other constraints."""
    name = getattr(limit.measurement, "observation", None)
    return observation(name) if isinstance(name, str) else None


def has_likelihood(limit: Limit) -> bool:
    """Return whether a constraint gives a likelihood rather than a yes or no."""
    seen = observed_neff(limit)
    return seen.kind == "measurement" if seen is not None else callable(getattr(limit, "deviance", None))


def deviance(limit: Limit, ray: Ray, y: np.ndarray, *, points: bool = False) -> np.ndarray:
    """Return -2 ln L relative to the Standard Model at y [n]; NaN where there is no value.

    points: whether y are points of interest by themselves, for which nothing should be interpolated.
    Raises NotApplicableError for a constraint without a likelihood.
    """
    if not has_likelihood(limit):
        raise NotApplicableError(f"{limit.about.name} has no likelihood")
    seen = observed_neff(limit)
    if seen is None:
        ask: Any = getattr(limit, "deviance_of_points", None) if points else None
        ask = ask or getattr(limit, "deviance")  # noqa: B009  (a limit may have none, see has_likelihood)
        return answered(limit, ask, ray, np.asarray(y, dtype=float))
    found = neff_along(ray, np.asarray(y, dtype=float))
    return np.array([seen.deviance(n.neff, n.theory_error) if np.isfinite(n.neff) else np.nan for n in found])


def refuse_shared(limits: Iterable[Limit]) -> None:
    """Raise ParameterError, naming both, if two constraints rest on the same data set, which would count twice."""
    user: dict[str, str] = {}
    for limit in limits:
        for data in limit.about.data_sets:
            other = user.setdefault(data, limit.about.name)
            if other != limit.about.name:
                raise ParameterError(f"{other} and {limit.about.name} use the same data ({data}): give one of them")


def independent(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """Return the exclusions with a likelihood, of those that share data the one that rests on the most data sets."""
    chosen = [limit for limit in limits if limit.about.kind == "exclusion" and has_likelihood(limit)]
    used: set[str] = set()
    kept: list[Limit] = []
    for limit in sorted(chosen, key=lambda c: -len(c.about.data_sets)):
        if used.isdisjoint(limit.about.data_sets):
            used.update(limit.about.data_sets)
            kept.append(limit)
    return tuple(limit for limit in chosen if limit in kept)
