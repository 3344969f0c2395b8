"""Families of models with one free coupling, and their excess counts as a polynomial in it.

At fixed masses every excess is sum_k x^k T_k with k = 1..4: a vector interferes with the weak current (x p_1 + p_2),
everything else is quadratic in its amplitude. So a likelihood scan needs the model only once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nuportal.errors import NotApplicableError, ParameterError, unknown_name
from nuportal.experiments.prediction import Prediction
from nuportal.models import U1X, DipolePortal, HiddenNeutrino, ScalarMediator, VectorMediator
from nuportal.units import Quantity, energy

MASSLESS = 1e-12  #: MeV; a U(1)_X boson has a mass, this one is far below every momentum transfer
PARAMETERS = {U1X: ("g",), VectorMediator: ("g", "product"), ScalarMediator: ("g", "product")}
PARAMETERS |= {HiddenNeutrino: ("product",), DipolePortal: ("d",)}


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
    "hidden-neutrino" (n_mass, convention), "dipole" (mass is m4; flavour, convention), "magnetic-moment" (flavour),
    or a model object. parameter: "g" (default; sqrt(g_e g_nu) for mediators), "product", "d" (in mu_B).
    Raises UnknownNameError, ParameterError, UnitError.
    """
    if not isinstance(given, str):
        return _of_model(given, parameter)
    name = given.casefold().replace("_", "-")
    if name == "magnetic-moment":
        name, mass, options = "dipole", 0.0, {"flavour": "universal"} | options
    if mass is None:
        raise ParameterError(f"give the mass of the family '{given}' (--mass)")
    builders: dict[str, Callable[..., Any]] = {
        "vector": lambda **o: VectorMediator(mass, g_e=1e-7, g_nu=1e-7, **o),
        "scalar": lambda **o: ScalarMediator(mass, g_e=1e-7, g_nu=1e-7, **o),
        "hidden-neutrino": lambda **o: HiddenNeutrino(mass, **o),
        "dipole": lambda **o: DipolePortal(mass, "1e-10 mu_B", **o),
    }
    notes: tuple[str, ...] = ()
    if name not in builders:
        boson = energy(mass, "mass", allow_zero=True)
        if boson == 0:
            boson, notes = MASSLESS, (f"massless limit: M = {MASSLESS * 1e6:g} eV",)
        builders[name] = lambda **o: U1X(None if "charges" in o else given, mass=boson, g=1e-7, **o)
    try:
        model = builders[name](**options)
    except TypeError:
        raise ParameterError(f"family '{given}' takes no option among {', '.join(options)}") from None
    found = _of_model(model, parameter)
    return replace(found, name=given if name != "dipole" else found.name, notes=notes)


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
