"""Families of models of which one coupling varies, and their excess counts as a polynomial in it.

At fixed masses every excess is sum_k x^k T_k with k = 1..4: a vector interferes with the weak current (x p_1 + p_2),
everything else is quadratic in its amplitude. So a likelihood scan needs the model only once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nuportal.errors import NotApplicableError, ParameterError
from nuportal.experiments.nuclear_prediction import NuclearPrediction
from nuportal.experiments.prediction import Prediction
from nuportal.models.family import Family, family
from nuportal.readonly import FrozenDict
from nuportal.units import Quantity, format_energy


@dataclass(frozen=True)
class OneCoupling:
    """The members of a family that differ in `parameter` alone; `fixed` holds the other values and the choices.

    notes: what was assumed.
    """

    family: Family
    parameter: str
    fixed: Mapping[str, object]
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the family."""
        return self.family.label

    @property
    def unit(self) -> str:
        """Unit of the parameter; empty for couplings."""
        return self.family.parameter(self.parameter).unit

    @property
    def symbol(self) -> str:
        """The parameter as mathematical text."""
        return self.family.parameter(self.parameter).symbol

    def build(self, x: float) -> Any:
        """Return the model at parameter x."""
        return self.family.model({**self.fixed, self.parameter: float(x)})


def one_coupling(given: Any, parameter: str | None = None, mass: Quantity | None = None, **values: Any) -> OneCoupling:
    """Return a family of which one coupling varies.

    given: a family by name ("B-L", "vector", "magnetic-moment" ...), charges, or a model object, whose other
    parameters are kept. parameter: what varies; default, the first combination of couplings of which none is given
    (g of mediators, the product of a hidden neutrino), or the first coupling that is not given. mass, values: the
    other parameters and choices. Raises UnknownNameError, ParameterError, UnitError.
    """
    if given == "charges" and "charges" in values:
        given = values.pop("charges")
    members = family(given)
    if isinstance(given, str) and values.get("charges") is not None:
        raise ParameterError("give either a model name (see `nuportal models`) or charges, not both or neither")
    choices = {k: members.choice(k).read(values.pop(k)) for k in list(values) if _is_choice(members, k)}
    if mass is not None:
        values = {"mass": mass, **values}
    fixed = members.read(values)
    notes: tuple[str, ...] = ()
    if not isinstance(given, str | Mapping | Family | type):
        parameter = parameter or _free(members, fixed)
        replaced = {parameter, *members.expanded({parameter: 1.0})}
        kept = members.values(given)
        fixed = {**{k: v for k, v in kept.items() if k not in replaced}, **fixed}
        choices = {k: fixed.pop(k) for k in list(fixed) if k in members.choices} | choices
    else:
        fixed, notes = assumed(members, fixed)
    parameter = parameter or _free(members, fixed)
    parameter = members.parameter(parameter).name
    if members.parameter(parameter).is_mass:
        raise ParameterError(f"{parameter} is a mass: a coupling is fitted, one of {', '.join(_candidates(members))}")
    if parameter in fixed:
        raise ParameterError(f"{parameter} is fixed and cannot vary: leave one coupling free")
    members.check((parameter, *fixed))
    return OneCoupling(members, parameter, FrozenDict({**fixed, **choices}), notes)


def _is_choice(members: Family, name: str) -> bool:
    known = {n for p in members.declared.every_parameter for n in (p.name, *p.aliases)}
    return name not in known


def _candidates(members: Family) -> list[str]:
    return [*(c.parameter.name for c in members.combinations), *members.couplings]


def _free(members: Family, fixed: Mapping[str, object]) -> str:
    """The first combination or coupling that leaves what is fixed alone."""
    for combination in members.combinations:
        if not set(combination.sets) & set(fixed):
            return combination.parameter.name
    for name in members.couplings:
        if name not in fixed and name not in members.defaults:
            return name
    raise ParameterError(f"all couplings of {members.label} are fixed: a coupling must be left to vary")


def assumed(members: Family, fixed: Mapping[str, object]) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return the values with a mass, and what was assumed where it is not given or is zero.

    Raises ParameterError if it must be given.
    """
    mass, found = members.declared.parameters[0].name, dict(fixed)
    if mass in members.held:
        return found, ()
    if mass not in fixed:
        if mass not in members.defaults:
            raise ParameterError(f"give the mass of {members.label} (--mass)")
        return found, ("massless Z': no mass was given",)
    if fixed[mass] == 0 and members.declared.massless:
        found[mass] = members.declared.massless
        return found, (f"massless limit: M = {format_energy(members.declared.massless)}",)
    return found, ()


def excess_series(chosen: OneCoupling, prediction: Prediction | NuclearPrediction) -> np.ndarray:
    """Return T_k, the excess counts per x^k, k = 1..4, shape (4, components, bins).

    Raises NotApplicableError if the rate is no such polynomial.
    """
    probe = 1e-8
    model = chosen.build(probe)
    series = np.zeros((4, *prediction.sm.shape))
    if not hasattr(model, "couplings"):
        series[1] = prediction.excess(model) / probe**2
        return series
    p1, p2, p3 = (prediction.products(chosen.build(k * probe).couplings) for k in (1, 2, 3))
    a, b = (p2 - 2 * p1) / (2 * probe**2), (4 * p1 - p2) / (2 * probe)  # p = b x + a x^2
    if not np.allclose(p3, 3 * b * probe + 9 * a * probe**2, rtol=1e-6, atol=1e-9 * np.abs(p3).max(initial=0.0)):
        raise NotApplicableError(f"recoils of {chosen.name} are no polynomial in {chosen.parameter}: fix the others")
    a, b = (np.where(np.abs(v) < 1e-6 * s, 0.0, v) for v, s in ((a, np.abs(p2) / probe**2), (b, np.abs(p2) / probe)))
    couplings = model.couplings
    linear, square = prediction.mediator(couplings.mass, couplings.spin)
    series[0] = np.tensordot(b, linear, 1)
    series[1] = np.tensordot(a, linear, 1) + np.tensordot(b * b, square, 1)
    series[2] = np.tensordot(2 * a * b, square, 1)
    series[3] = np.tensordot(a * a, square, 1)
    return series
