"""A constraint on a plane: the interval of a quantity that is allowed, or favoured."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from statistics import NormalDist
from typing import Literal

import numpy as np

from nuportal.errors import unknown_name
from nuportal.observations.light_elements import Measured, measurements
from nuportal.planes.observations import observation, observations

Kind = Literal["exclusion", "projection", "band"]

#: what a plane of N_eff is drawn against unless something else is asked for
DEFAULT = ("planck2018", "h0-band", "simons-observatory", "cmb-s4", "cmb-hd")
DEFAULTS = {"neff": DEFAULT, "Y_p": ("yp-lbt2026",), "D_H": ("dh-cooke2018",)}  #: the same for each quantity


@dataclass(frozen=True)
class Constraint:
    """Allowed values low <= quantity <= high, at confidence level cl (None: not a probability).

    kind: "exclusion" removes what lies outside; "projection" would; "band" marks what lies inside.
    """

    name: str
    label: str
    kind: Kind
    quantity: str
    low: float
    high: float
    cl: float | None
    references: tuple[str, ...]
    note: str = ""

    @property
    def levels(self) -> tuple[float, ...]:
        """The finite ends of the interval: the contours that bound it."""
        return tuple(level for level in (self.low, self.high) if isfinite(level))

    def outside(self, values: np.ndarray) -> np.ndarray:
        """Return where values lie outside the interval; False where there is no value."""
        return (values < self.low) | (values > self.high)


def constraint(name: str, cl: float = 0.95) -> Constraint:
    """Return a constraint by name at a confidence level. Raises UnknownNameError, ParameterError."""
    if (element := light_elements().get(name)) is not None:
        width = NormalDist().inv_cdf((1 + cl) / 2) * element.sigma
        ends = element.value - width, element.value + width
        return Constraint(name, element.label, "band", element.quantity, *ends, cl, (element.reference,))
    seen = observation(name)
    if seen.kind == "theory":
        raise unknown_name("constraint", name, constraint_names())
    low, high = seen.interval(cl)
    kind: Kind = seen.kind if seen.kind in ("projection", "band") else "exclusion"
    level = seen.cl if seen.upper is not None else None if seen.kind == "band" else cl
    return Constraint(seen.name, seen.label, kind, "neff", low, high, level, (seen.reference,), seen.note)


def light_elements() -> dict[str, Measured]:
    """Return the measurements of Y_p and D/H by name: bands of what is seen, without errors of the calculation."""
    return {name: row for name, row in measurements().items() if row.quantity in DEFAULTS}


def constraint_names(quantity: str = "neff") -> list[str]:
    """Return the names of all constraints on a quantity."""
    if quantity != "neff":
        return [name for name, row in light_elements().items() if row.quantity == quantity]
    return [name for name, entry in observations().items() if entry.kind != "theory"]


def constraints(
    given: str | Iterable[str | Constraint], cl: float = 0.95, quantity: str = "neff"
) -> tuple[Constraint, ...]:
    """Return constraints from names, from Constraint objects, or from "all" or "default" of a quantity.

    Raises UnknownNameError.
    """
    if isinstance(given, str):
        usual = list(DEFAULTS.get(quantity, ()))
        given = {"all": constraint_names(quantity), "default": usual}.get(given, given.split(","))
    return tuple(c if isinstance(c, Constraint) else constraint(c.strip(), cl) for c in given)


def matching(chosen: tuple[Constraint, ...], quantity: str) -> tuple[Constraint, ...]:
    """Return the constraints if all are on the quantity of a plane. Raises UnknownNameError."""
    for c in chosen:
        if c.quantity != quantity:
            raise unknown_name(f"constraint on {quantity}", c.name, constraint_names(quantity))
    return chosen
