"""The combined likelihood of a plane of limits: each data set once, and its best point that nothing excludes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nuportal.errors import NotApplicableError
from nuportal.inference.constraints import deviance, has_likelihood, independent, refuse_shared
from nuportal.limits.base import Limit
from nuportal.planes.spec import PlaneSpec
from nuportal.planes.tracks import Rays, stepped


class Survivor(NamedTuple):
    """The point with the lowest combined -2 ln L among those that no exclusion covers."""

    x: float
    y: float
    deviance: float


def combined_deviance(spec: PlaneSpec, applicable: Sequence[Limit], asked: Sequence[Limit] | None) -> np.ndarray:
    """Return the combined -2 ln L relative to the Standard Model [x, y] of the limits `asked`.

    By default of those that apply, have a likelihood and share no data. Raises NotApplicableError, ParameterError.
    """
    chosen = list(independent(applicable))
    if asked is not None:
        chosen = list(asked)
        refuse_shared(chosen)
    lacking = ", ".join(c.about.name for c in chosen if not has_likelihood(c))
    if not chosen or lacking:
        raise NotApplicableError(f"no likelihood: {lacking or 'none of the constraints of this plane has one'}")
    across, along = stepped(spec)
    rays = Rays(spec)
    total = np.zeros((across.points, along.points))
    for i, at in enumerate(across.values.tolist()):
        for c in chosen:
            if c.refused(rays[at]) is None:
                total[i] += deviance(c, rays[at], along.values)
    return total if across is spec.x else total.T


def best_point(spec: PlaneSpec, allowed: np.ndarray, values: np.ndarray) -> Survivor | None:
    """Return the point with the lowest of the `values` [x, y] where they are finite and `allowed` [x, y], or None."""
    values = np.where(allowed, np.nan_to_num(values, nan=np.inf), np.inf)
    if not np.isfinite(values).any():
        return None
    i, j = np.unravel_index(int(np.argmin(values)), values.shape)
    return Survivor(float(spec.x.values[i]), float(spec.y.values[j]), float(values[i, j]))
