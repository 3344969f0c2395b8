"""A ray: the models that differ in one coupling alone, along which a limit says what is excluded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, cast

import numpy as np

from nuportal.errors import NotApplicableError
from nuportal.models import Couplings

Scale = Literal["log", "lin"]

_FIELDS = ("c_e", "c_mu", "c_tau", "c_nu", "c_u", "c_d")


@dataclass(frozen=True)
class Ray:
    """The models `build(y)` for y of `parameter` between low and high, everything else fixed.

    memory: results that several limits share.
    """

    build: Callable[[float], Any]
    parameter: str
    low: float
    high: float
    scale: Scale = "log"
    memory: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

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
            return np.linspace(self.low, self.high, 241)
        return np.geomspace(self.low, self.high, max(25, int(np.ceil(24 * np.log10(self.high / self.low))) + 1))

    @cached_property
    def ends(self) -> Couplings:
        """The couplings at the upper end of the ray (a typical member, to ask which couplings there are)."""
        return self.sample.couplings

    def couplings(self, y: np.ndarray) -> Couplings:
        """Return the couplings at values y [n], each field an array [n] (mediators of spin 0 and 1).

        Couplings are linear in every parameter that can span an axis, c(y) = a + b y. Raises NotApplicableError for
        models without such couplings.
        """
        if not hasattr(self.sample, "couplings"):
            raise NotApplicableError(f"a {self.sample.label} has no couplings of the form c_f Z' fbar f")
        a, b = self._line
        y = np.asarray(y, dtype=float)
        values = cast("dict[str, Any]", {})
        for name in _FIELDS:
            lines = [p + q * y for p, q in zip(a[name], b[name], strict=True)]
            values[name] = lines[0] if len(lines) == 1 else tuple(lines)
        return Couplings(self.mass, **values, spin=self.ends.spin)

    @cached_property
    def _line(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """a and b of c(y) = a + b y, from two members."""
        y1, y2 = self.low + (self.high - self.low) / 2, self.high
        c1, c2 = self.build(y1).couplings, self.ends
        a, b = {}, {}
        for name in _FIELDS:
            v1, v2 = (np.atleast_1d(np.asarray(getattr(c, name), dtype=float)) for c in (c1, c2))
            b[name] = (v2 - v1) / (y2 - y1)
            a[name] = v2 - b[name] * y2
            a[name] = np.where(np.abs(a[name]) < 1e-12 * np.abs(v2), 0.0, a[name])  # rounding of an exact zero
        return a, b
