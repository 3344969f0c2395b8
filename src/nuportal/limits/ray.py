"""A ray: the models that differ in one coupling alone, along which a limit says what is excluded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any, Literal, cast

import numpy as np

from nuportal.errors import NotApplicableError
from nuportal.models import Couplings
from nuportal.readonly import frozen

Scale = Literal["log", "lin"]

_FIELDS = ("c_e", "c_mu", "c_tau", "c_nu", "c_u", "c_d", "c_nucleon")

Line = tuple[dict[str, np.ndarray], dict[str, np.ndarray]]  #: a and b of c(y) = a + b y, by field


@dataclass(frozen=True, repr=False)
class Ray:
    """The models `build(y)` for y of `parameter` between low and high, everything else fixed.

    memory: results that several limits share. at: value of the axis of a plane whose column this is, shared: results
    that all columns of the plane share.
    """

    build: Callable[[float], Any]
    parameter: str
    low: float
    high: float
    scale: Scale = "log"
    memory: dict[str, Any] = field(default_factory=dict[str, Any], init=False, repr=False, compare=False)
    at: float | None = None
    shared: dict[str, Any] = field(default_factory=dict[str, Any], repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<Ray of {self.sample!r}: {self.parameter} from {self.low:g} to {self.high:g}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>"

    @cached_property
    def kind(self) -> str:
        """The interaction that the models declare: "vector", "scalar", "hidden-neutrino", "dipole" or a new one."""
        return self.sample.declared.interaction

    @cached_property
    def sample(self) -> Any:
        """The model at the upper end, for what does not depend on the coupling."""
        return self.build(self.high)

    @cached_property
    def mass(self) -> float:
        """Mass in MeV: of the mediator, or of the heavy neutrino of a dipole portal."""
        return float(self.sample.mass)

    @cached_property
    def grid(self) -> np.ndarray:
        """Values of the parameter that are tried first [n]: 24 a decade, or 240 on a linear range."""
        if self.scale == "lin":
            return frozen(np.linspace(self.low, self.high, 241))
        points = max(25, int(np.ceil(24 * np.log10(self.high / self.low))) + 1)
        return frozen(np.geomspace(self.low, self.high, points))

    @cached_property
    def mediated(self) -> bool:
        """Whether the models have couplings of a mediator to fermions."""
        return hasattr(self.sample, "couplings")

    @cached_property
    def _has_on_shell(self) -> bool:
        return hasattr(self.sample, "on_shell")

    @cached_property
    def _kept(self) -> dict[tuple[str, str | float], Couplings]:
        return {}

    @cached_property
    def ends(self) -> Couplings:
        """The couplings at the upper end of the ray (a typical member, to ask which couplings there are)."""
        return self.sample.couplings

    def couplings(self, y: np.ndarray) -> Couplings:
        """Return the couplings at values y [n], each field an array [n] (mediators of spin 0 and 1).

        Couplings are linear in a coupling, c(y) = a + b y, but not in a product of couplings. Raises NotApplicableError
        for models without such couplings.
        """
        if not self.mediated:
            raise NotApplicableError(f"a {self.sample.label} has no couplings of the form c_f Z' fbar f")
        return self._along("_line", y) if self._is_straight else self._each(y)

    def on_shell(self, y: np.ndarray) -> Couplings:
        """Return the couplings of a real boson at values y [n]: `couplings`, but loop mixing at q^2 = M^2 (complex).

        What makes the boson or what it decays to has these; what exchanges it at small momenta has `couplings`.
        """
        return self._along("_line_on_shell", y) if self._has_on_shell else self.couplings(y)

    def _along(self, line: str, y: np.ndarray) -> Couplings:
        """The couplings at y; those that every limit asks for, on `grid` and at one value, are kept."""
        y = np.asarray(y, dtype=float)
        place = "grid" if y is self.grid else float(y[0]) if y.shape == (1,) else None
        if place is not None and (line, place) in self._kept:
            return self._kept[line, place]
        ends: Line = getattr(self, line)
        found = self._at(*ends, y)
        if place is not None:
            self._kept[line, place] = found
        return found

    def _at(self, a: dict[str, np.ndarray], b: dict[str, np.ndarray], y: np.ndarray) -> Couplings:
        values = cast("dict[str, Any]", {})
        for name in _FIELDS:
            lines = [p + q * y for p, q in zip(a[name], b[name], strict=True)]
            values[name] = lines[0] if len(lines) == 1 else tuple(lines)
        return Couplings(self.mass, **values, spin=self.ends.spin)

    @cached_property
    def _is_straight(self) -> bool:
        """Whether a third member lies on the straight line through the middle and the end."""
        at = self.low + (self.high - self.low) / 4
        found, expected = self.build(at).couplings, self._at(*self._line, np.array([at]))
        pairs = ((getattr(c, name) for c in (found, expected)) for name in _FIELDS)
        return all(np.allclose(np.ravel(a), np.ravel(b), rtol=1e-6, atol=0) for a, b in pairs)

    def _each(self, y: np.ndarray) -> Couplings:
        """The couplings at y [n] from the members themselves."""
        members = [self.build(v).couplings for v in np.asarray(y, dtype=float).tolist()]
        columns = {name: np.array([getattr(c, name) for c in members]) for name in _FIELDS}
        values: dict[str, Any] = {name: v if v.ndim == 1 else tuple(v.T) for name, v in columns.items()}
        return Couplings(self.mass, **values, spin=self.ends.spin)

    @cached_property
    def _line(self) -> Line:
        return self._straight(self.build(self._middle).couplings, self.ends)

    @cached_property
    def _line_on_shell(self) -> Line:
        return self._straight(self.build(self._middle).on_shell, self.sample.on_shell)

    @property
    def _middle(self) -> float:
        return self.low + (self.high - self.low) / 2

    def _straight(self, middle: Couplings, end: Couplings) -> Line:
        """a and b of c(y) = a + b y, from the members at `_middle` and at the upper end."""
        a: dict[str, np.ndarray] = {}
        b: dict[str, np.ndarray] = {}
        for name in _FIELDS:
            v1, v2 = (np.atleast_1d(np.asarray(getattr(c, name))) for c in (middle, end))
            b[name] = (v2 - v1) / (self.high - self._middle)
            a[name] = v2 - b[name] * self.high
            a[name] = np.where(np.abs(a[name]) < 1e-12 * np.abs(v2), 0.0, a[name])  # rounding of an exact zero
        return a, b
