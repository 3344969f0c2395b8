"""Families of models with one free coupling, and their excess counts as a polynomial in it.

At fixed masses every excess is sum_k x^k T_k with k = 1..4: a vector interferes with the weak current (x p_1 + p_2),
everything else is quadratic in its amplitude. So a likelihood scan needs the model only once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any

import numpy as np

from nuportal.errors import NotApplicableError, ParameterError, unknown_name
from nuportal.experiments.prediction import Prediction
from nuportal.models import U1X, DipolePortal, HiddenNeutrino, ScalarMediator, VectorMediator
from nuportal.units import Quantity, energy

MASSLESS = 1e-12  #: MeV; a U(1)_X boson has a mass, this one is far below every momentum transfer
PARAMETERS = {U1X: ("g",), VectorMediator: ("g", "product", "g_e", "g_nu")}
PARAMETERS |= {ScalarMediator: PARAMETERS[VectorMediator], HiddenNeutrino: ("product", "mixing", "chi")}
PARAMETERS |= {DipolePortal: ("d",)}
#: couplings of which one may be fixed while the other varies
PAIRS = {"vector": ("g_e", "g_nu"), "scalar": ("g_e", "g_nu"), "hidden-neutrino": ("mixing", "chi")}
#: families that are no U(1)_X: class, and couplings that are replaced when the parameter varies
KINDS: dict[str, tuple[type, dict[str, Any]]] = {
    "vector": (VectorMediator, {"g_e": 1e-7, "g_nu": 1e-7}),
    "scalar": (ScalarMediator, {"g_e": 1e-7, "g_nu": 1e-7}),
    "hidden-neutrino": (HiddenNeutrino, {}),
    "dipole": (DipolePortal, {"d": "1e-10 mu_B"}),
}


@dataclass(frozen=True)
class Family:
    """build(x) gives the model at parameter x; unit is that of x (empty for couplings); notes say what was assumed."""

    name: str
    parameter: str
    unit: str
    build: Callable[[float], Any]
    notes: tuple[str, ...] = ()


def family(given: str | Any, parameter: str | None = None, mass: Quantity | None = None, **options: Any) -> Family:
    """Return a family by name or from a model whose coupling is then varied.

    given: a U(1)_X name ("B-L"; or "charges" with charges=...), "vector", "scalar" (flavour=...),
    "hidden-neutrino" (n_mass, convention; massless Z' unless mass is given), "dipole" (mass is m4; flavour,
    convention), "magnetic-moment" (flavour), or a model object. parameter: "g" (default; sqrt(g_e g_nu) for mediators),
    "product", "d" (in mu_B), or one coupling while the other is fixed: "g_e" with g_nu=..., "chi" with mixing=...
    Raises UnknownNameError, ParameterError, UnitError.
    """
    if not isinstance(given, str):
        return _of_model(given, parameter)
    name = given.casefold().replace("_", "-")
    m4 = options.pop("m4", None)
    if m4 is not None and (mass is not None or name != "dipole"):
        raise ParameterError("m4 is the mass of the family 'dipole' alone, and the same as its mass: give it once")
    mass = m4 if m4 is not None else mass
    if name == "magnetic-moment":
        name, mass, options = "dipole", 0.0, {"flavour": "universal"} | options
    notes: tuple[str, ...] = ()
    if mass is None and name == "hidden-neutrino":
        mass, notes = 0.0, ("massless Z': no mass was given",)
    if mass is None:
        raise ParameterError(f"give the mass of the family '{given}' (--mass{', or --m4' * (name == 'dipole')})")
    parameter = _free(name, parameter, options)
    kind, defaults = KINDS.get(name, (U1X, {"name": None if name == "charges" else given, "g": 1e-7}))
    if kind is U1X:
        mass = energy(mass, "mass", allow_zero=True)
        if mass == 0:
            mass, notes = MASSLESS, (f"massless limit: M = {MASSLESS * 1e6:g} eV",)
    varied = PARAMETERS[kind][:1] if name not in PAIRS else ()
    known = [p for p in signature(kind).parameters if p not in ("name", "mass", "m4", *varied)]
    for option in options:
        if option not in known:
            raise unknown_name(f"option of family '{given}'", option, known)
    model = kind(**{"m4" if name == "dipole" else "mass": mass, **defaults, **options})
    found = _of_model(model, parameter)
    return replace(found, name=given if name != "dipole" else found.name, notes=notes)


def _free(name: str, parameter: str | None, fixed: dict[str, Any]) -> str | None:
    """Return which coupling varies, given those that are fixed."""
    pair = PAIRS.get(name, ())
    held = [coupling for coupling in pair if coupling in fixed]
    if len(held) == 2 or parameter in held:
        raise ParameterError(f"{' and '.join(held)} cannot be fixed: a coupling must be left to vary")
    if "g" in fixed and name in PAIRS and not held:
        raise ParameterError(f"g can be fixed only where {' or '.join(pair)} varies")
    if held and parameter is None:
        return next(coupling for coupling in pair if coupling not in held)
    if held and parameter not in pair:
        raise ParameterError(f"{parameter} cannot vary where {held[0]} is fixed")
    if parameter in pair and not held:
        raise ParameterError(f"to vary {parameter} give {next(c for c in pair if c != parameter)}, which stays fixed")
    return parameter


def _of_model(model: Any, parameter: str | None) -> Family:
    kind = type(model)
    if kind not in PARAMETERS:
        raise NotApplicableError(f"recoils of {kind.__name__} are not defined")
    parameter = parameter or PARAMETERS[kind][0]
    if parameter not in PARAMETERS[kind]:
        raise unknown_name(f"parameter of {model.label}", parameter, PARAMETERS[kind])
    if isinstance(model, U1X):
        given = {"name": model.name} if model.name else {"charges": model.charges}
        rest = {"mass": model.mass, "epsilon": model.epsilon, "cutoff": model.cutoff}
        return Family(model.label, "g", "", lambda x: U1X(**given, **rest, g=x))  # type: ignore[arg-type]
    if parameter in ("g_e", "g_nu", "mixing", "chi"):
        return Family(model.label, parameter, "", lambda x: replace(model, **{parameter: x}))
    if isinstance(model, VectorMediator | ScalarMediator):
        if parameter == "g":
            return Family(model.label, "g", "", lambda x: replace(model, g_e=x, g_nu=x))
        return Family(model.label, "product", "", lambda x: replace(model, g_e=x**0.5, g_nu=x**0.5))
    if isinstance(model, HiddenNeutrino):
        third = lambda x: x ** (1 / 3)  # noqa: E731
        return Family(model.label, "product", "", lambda x: replace(model, mixing=third(x), g=third(x), chi=third(x)))
    label = "magnetic moment" if model.m4 == 0 else model.label
    return Family(label, "d", "mu_B", lambda x: replace(model, d=f"{float(x)!r} mu_B"))


def excess_series(chosen: Family, prediction: Prediction) -> np.ndarray:
    """Return T_k, the excess counts per x^k, k = 1..4, shape (4, components, bins)."""
    probe = 1e-8
    model = chosen.build(probe)
    series = np.zeros((4, *prediction.sm.shape))
    if isinstance(model, HiddenNeutrino | DipolePortal):
        series[1] = prediction.excess(model) / probe**2
        return series
    couplings, doubled = model.couplings, chosen.build(2 * probe).couplings
    p1, p2 = (c.c_e * np.array(c.c_nu) for c in (couplings, doubled))  # p = b x + a x^2, exactly
    a, b = (p2 - 2 * p1) / (2 * probe**2), (4 * p1 - p2) / (2 * probe)
    a, b = (np.where(np.abs(v) < 1e-6 * s, 0.0, v) for v, s in ((a, np.abs(p2) / probe**2), (b, np.abs(p2) / probe)))
    linear, square = prediction.mediator(couplings.mass, couplings.spin)
    series[0] = np.tensordot(b, linear, 1)
    series[1] = np.tensordot(a, linear, 1) + np.tensordot(b * b, square, 1)
    series[2] = np.tensordot(2 * a * b, square, 1)
    series[3] = np.tensordot(a * a, square, 1)
    return series
