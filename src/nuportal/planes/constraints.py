"""A constraint on a plane: the interval of a quantity that is allowed, or favoured."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Literal

import numpy as np

from nuportal.errors import unknown_name
from nuportal.planes.observations import observation, observations

Kind = Literal["exclusion", "projection", "band"]

#: what a plane of N_eff is drawn against unless something else is asked for
DEFAULT = ("planck2018", "h0-band", "simons-observatory", "cmb-s4", "cmb-hd")


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
    seen = observation(name)
    if seen.kind == "theory":
        raise unknown_name("constraint", name, constraint_names())
    low, high = seen.interval(cl)
    kind: Kind = seen.kind if seen.kind in ("projection", "band") else "exclusion"  # type: ignore[assignment]
    level = seen.cl if seen.upper is not None else None if seen.kind == "band" else cl
    return Constraint(seen.name, seen.label, kind, "neff", low, high, level, (seen.reference,), seen.note)


def constraint_names() -> list[str]:
    """Return the names of all constraints."""
    return [name for name, entry in observations().items() if entry.kind != "theory"]


def constraints(given: str | Iterable[str | Constraint], cl: float = 0.95) -> tuple[Constraint, ...]:
    """Return constraints from names, from Constraint objects, or from "all" or "default". Raises UnknownNameError."""
    if isinstance(given, str):
        given = {"all": constraint_names(), "default": list(DEFAULT)}.get(given, given.split(","))
    return tuple(c if isinstance(c, Constraint) else constraint(c.strip(), cl) for c in given)
