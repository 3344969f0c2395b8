"""N_eff of a model for the likelihoods: the one place that chooses the solver."""

from typing import Any, NamedTuple

import numpy as np

from nuportal.errors import NotApplicableError
from nuportal.limits import neff as neff_limit
from nuportal.limits.ray import Ray
from nuportal.models import U1X, Couplings, ScalarMediator, VectorMediator
from nuportal.solvers.status import Status


class Predicted(NamedTuple):
    """N_eff (NaN where there is none), its theory error, and the reason if there is no value."""

    neff: float
    theory_error: float
    reason: str = ""


def neff_at(model: Any) -> Predicted:
    """Return N_eff of one model without a boson at the start.

    Raises NotApplicableError for classes of models that no solver takes, NuportalError where one refuses the point.
    """
    from nuportal.cosmology.evolve import evolve
    from nuportal.cosmology.fluid.options import FluidOptions

    if not isinstance(getattr(model, "couplings", None), Couplings):
        raise NotApplicableError(f"N_eff of {type(model).__name__} is not calculated")
    chosen: Any = {"treatment": "temperatures", "start": "zero"} if _thermal(model) else {"options": FluidOptions()}
    if not isinstance(model, U1X | VectorMediator | ScalarMediator):
        chosen = {}
    history = evolve(model, **chosen)
    if history.status != Status.OK or not np.isfinite(history.neff):
        return Predicted(np.nan, np.nan, history.status.message)
    error = history.theory_error if np.isfinite(history.theory_error) else 0.0
    return Predicted(float(history.neff), float(error))


def neff_along(ray: Ray, y: np.ndarray) -> list[Predicted]:
    """Return N_eff at y [n] along a ray, interpolated between nodes that all questions share."""
    from nuportal.cosmology.fluid import solve as fluid
    from nuportal.cosmology.temperatures import thermal
    from nuportal.cosmology.temperatures.options import grid_options

    values = neff_limit.along(ray, np.asarray(y, dtype=float))
    if _thermal(ray.sample):
        errors = thermal.theory_error(values, ray.couplings(y), grid_options(start="zero"))
    else:
        errors = fluid.theory_error(values)
    pairs = zip(values.tolist(), np.broadcast_to(errors, values.shape).tolist(), strict=True)
    return [Predicted(value, error) for value, error in pairs]


def _thermal(model: Any) -> bool:
    return isinstance(model, U1X) and float(model.mass) >= neff_limit.THERMAL_MASSES[0]  # type: ignore[arg-type]
