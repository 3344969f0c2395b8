"""Planes of Y_p and D/H: with momenta of every boson that has N_eff, with temperatures of U(1)_X models."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from nuportal.cosmology.evolve import checked_choices
from nuportal.cosmology.nucleosynthesis.from_history import HISTORY_OPTIONS, history_of, with_momenta
from nuportal.cosmology.nucleosynthesis.sensitivity import NAMES
from nuportal.cosmology.nucleosynthesis.yields import OMEGA_B, REFERENCES, RTOL, TAU_N, options, yields
from nuportal.errors import NotApplicableError, unknown_name
from nuportal.planes.quantities import Evaluated, Quantity, neff_quantity, refuse_nucleons
from nuportal.planes.spec import Family, PlaneSpec
from nuportal.solvers import lattice
from nuportal.solvers.status import Status

SPACING_MASS, SPACING_G = 0.2, 0.6  #: largest distance of points calculated, in ln M and ln g
TOLERANCE = {"Y_p": 1e-5, "D_H": 2e-4}  #: of two predictions between which one is taken: of Y_p, of ln D/H
METHODS = ("adaptive", "solve")
YIELD_OPTIONS = ("omega_b", "tau_n", "rates")


def named(name: str, members: Family, options: Mapping[str, object] = MappingProxyType({})) -> Quantity:
    """Return a quantity of a plane by name for a family and the options of its calculation.

    Raises UnknownNameError, NotApplicableError.
    """
    if name == "neff":
        return neff_quantity(members, options)
    if name not in (names := set(LIGHT_ELEMENTS)):
        raise unknown_name("quantity", name, sorted({"neff", *names}))
    if not members.has_couplings:
        raise NotApplicableError(f"a plane of {name} is not available for {members.label}: it takes couplings")
    if with_momenta(options):
        return replace(LIGHT_ELEMENTS[name], block_points=8, shape="columns", smooth=SMOOTH[name])
    if members.charges is None:
        raise NotApplicableError(f"planes with temperatures are for U(1)_X models, not for {members.label}")
    return LIGHT_ELEMENTS[name]


def _resolve(spec: PlaneSpec) -> dict[str, object]:
    """Return all options of a plane with those left at their defaults. Raises UnknownNameError, ParameterError."""
    refuse_nucleons(spec)
    allowed = (*YIELD_OPTIONS, "method", *HISTORY_OPTIONS, *spec.family.choices)
    for name in spec.options:
        if name not in allowed:
            raise unknown_name("option", name, allowed)
    if with_momenta(spec.options):
        asked = {name: spec.options.get(name) for name in ("flavours", "start", "mixing")}
        checked_choices("momenta", str(spec.options.get("preset", "default")), accuracy=_accuracy(spec), **asked)  # type: ignore[arg-type]
    treatment = "momenta" if with_momenta(spec.options) else "temperatures"
    given = {
        "treatment": treatment,
        "omega_b": OMEGA_B,
        "tau_n": TAU_N,
        "rates": "primat2023",
        "method": "adaptive",
        **spec.options,
    }
    if given["method"] not in METHODS:
        raise unknown_name("value of method", str(given["method"]), METHODS)
    checked = options(*(given[name] for name in YIELD_OPTIONS), RTOL, "stored")  # type: ignore[arg-type]
    return given | {name: checked[name] for name in YIELD_OPTIONS}


def _accuracy(spec: PlaneSpec) -> str:
    return str(spec.options.get("accuracy", "standard"))


def _evaluate(spec: PlaneSpec, xs: np.ndarray, ys: np.ndarray, *, element: str) -> Evaluated:
    """Return the values of one block, interpolated where a dense grid over mass and g is smooth."""
    given = _resolve(spec)
    method = given.pop("method")
    for name in spec.family.choices:
        given.pop(name, None)  # part of the model
    omega_b, tau_n, rates = (given.pop(name) for name in YIELD_OPTIONS)
    reasons: dict[int, str] = {}
    errors, at = np.full((2, len(xs), len(ys)), np.nan), NAMES.index(element)

    def one(i: int, j: int) -> float:
        try:
            found = yields(history_of(spec.model(xs[i], ys[j]), **given), omega_b, tau_n, rates)  # type: ignore[arg-type]
        except NotApplicableError as error:
            reasons[i * len(ys) + j] = str(error).partition(": ")[0]  # without the numbers of this point
            return np.nan
        if found.status != Status.OK:
            reasons[i * len(ys) + j] = found.status.message
        errors[:, i, j] = found.theory_error[at], found.numerical_error[at]
        return found.values[at]

    def calculate(i: np.ndarray, j: np.ndarray) -> np.ndarray:
        return np.array([one(*point) for point in zip(i.tolist(), j.tolist(), strict=True)])

    straight = {spec.x.name, spec.y.name} == {"mass", "g"} and spec.fixed.get("epsilon", 0.0) == 0
    lattice_serves = method == "adaptive" and not with_momenta(given)
    if lattice_serves and straight and spec.x.scale == spec.y.scale == "log":
        spacing = {"mass": SPACING_MASS, "g": SPACING_G}
        x, y = (lattice.Axis(np.log(v), spacing[a.name]) for v, a in ((xs, spec.x), (ys, spec.y)))
        if x.dense and y.dense:
            straighten, restore = (np.log, np.exp) if element == "D_H" else (np.asarray, np.asarray)
            ways = {"tolerance": TOLERANCE[element], "straighten": straighten, "restore": restore}
            filled = lattice.fill(x, y, calculate, **ways)  # type: ignore[arg-type]
            return filled.values, reasons, int(filled.calculated.sum()), errors
    i, j = (index.ravel() for index in np.indices((len(xs), len(ys))))
    return calculate(i, j).reshape(len(xs), len(ys)), reasons, i.size, errors


def _quantity(name: str, symbol: str) -> Quantity:
    evaluate = partial(_evaluate, element=name)
    return Quantity(name, symbol, evaluate, _resolve, 2500, tuple(REFERENCES), shape="squares")


def _helium_tolerance(y: np.ndarray) -> np.ndarray:
    return np.full(y.shape, 3e-4)


def _deuterium_tolerance(d: np.ndarray) -> np.ndarray:
    return 3e-3 * d


def _smooth_helium(levels: tuple[float, ...]) -> dict[str, Any]:
    """Return how Y_p with momenta is interpolated: the estimated error is at most 3e-4, a tenth of today's data."""
    return {"tolerance": _helium_tolerance, "straighten": _same, "restore": _same, "noise": 5e-6}


def _smooth_deuterium(levels: tuple[float, ...]) -> dict[str, Any]:
    """Return how D/H with momenta is interpolated: in its logarithm, to 0.3 %, a quarter of today's error."""
    return {"tolerance": _deuterium_tolerance, "straighten": np.log, "restore": np.exp, "noise": 5e-5}


def _same(values: np.ndarray) -> np.ndarray:
    return values


SMOOTH = {"Y_p": _smooth_helium, "D_H": _smooth_deuterium}
LIGHT_ELEMENTS = {
    "Y_p": _quantity("Y_p", r"$Y_\mathrm{p}$"),
    "D_H": _quantity("D_H", r"$\mathrm{D/H}$"),
}
