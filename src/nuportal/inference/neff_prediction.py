"""N_eff of a model for the likelihoods: momenta of neutrinos followed, no boson at the start."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from nuportal.errors import NotApplicableError
from nuportal.limits import neff as neff_limit
from nuportal.limits.ray import Ray
from nuportal.limits.solved import Universe, universe
from nuportal.models import Couplings
from nuportal.solvers.status import Status


class Predicted(NamedTuple):
    """N_eff (NaN where there is none), its theory error, and the reason if there is no value."""

    neff: float
    theory_error: float
    reason: str = ""


def neff_at(model: Any, solve: Callable[[], Universe] | None = None) -> Predicted:
    """Return N_eff of one model without a boson at the start; solve() gives the solution where others need it too.

    Raises NotApplicableError for classes of models without N_eff, NuportalError where the solver refuses the point.
    """
    if not isinstance(getattr(model, "couplings", None), Couplings):
        raise NotApplicableError(f"N_eff of {type(model).__name__} is not calculated")
    found = universe(model) if solve is None else solve()
    if found.status != Status.OK:
        return Predicted(np.nan, np.nan, found.status.message)
    return Predicted(found.neff, float(np.hypot(found.theory_error, found.numerical_error)))


def neff_along(ray: Ray, y: np.ndarray) -> list[Predicted]:
    """Return N_eff at y [n] along a ray, from the surface that all questions share."""
    y = np.asarray(y, dtype=float)
    values = neff_limit.along(ray, y).tolist()
    return [Predicted(v, _error(v, ray.build(at))) for v, at in zip(values, y.tolist(), strict=True)]


def _error(neff: float, model: Any) -> float:
    """Return the theory error of N_eff and that of the momenta, added as independent."""
    from nuportal.cosmology.momenta.errors import numerical_error, theory_error
    from nuportal.cosmology.momenta.options import MomentaOptions

    options = MomentaOptions()
    theory = theory_error(neff, model.couplings, options)
    return float(np.hypot(theory, numerical_error(neff, model.couplings, options)))
