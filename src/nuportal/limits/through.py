"""The ray through a model: all its couplings are multiplied together, so that a limit says how far away it is."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from nuportal.errors import NotApplicableError, NuportalError, ParameterError
from nuportal.limits.ray import Ray
from nuportal.models.family import Family, family


def through(model: Any) -> tuple[Ray, float]:
    """Return the ray through a model and the model's place on it.

    The ray's parameter is the first of the couplings that the model declares as `scaled` and that is not zero; the
    others keep their ratio to it. The ray spans the range of that coupling in planes of constraints, and the model.
    Raises NotApplicableError for a model without such a coupling.
    """
    if isinstance(model, str | type | Mapping | Family):
        raise ParameterError(
            f"give a model with all its parameters, such as U1X('B-L', mass='10 MeV', g=1e-6), not {model!r}"
        )
    members = family(model)
    values = members.values(model)
    scaled = {name: v for name in members.declared.scaled if isinstance(v := values.get(name), float) and v != 0.0}
    if not scaled:
        raise NotApplicableError(f"{members.label} has no coupling that can be scaled")
    name, value = next(iter(scaled.items()))
    build = partial(_at, members, values, scaled, abs(value))
    parameter = members.parameter(name)
    low, high = (float(part) for part in (parameter.wide or parameter.default).split(":"))
    low, high = min(low, abs(value) / 10), max(high, abs(value))
    while high > abs(value):
        try:
            build(high)
            break
        except NuportalError:  # beyond what the model allows
            high = max(high / 10, abs(value))
    return Ray(build, name, low, high), abs(value)


def _at(members: Family, values: dict[str, Any], scaled: dict[str, float], value: float, y: float) -> Any:
    return members.model({**values, **{name: v * (y / value) for name, v in scaled.items()}})
