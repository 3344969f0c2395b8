"""Axes of a plane: a parameter, a range with unit, how many points, logarithmic or linear."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, get_args

import numpy as np

from nuportal.constants import MU_B
from nuportal.errors import ParameterError, unknown_name
from nuportal.units import energy, format_energy, moment, number

Scale = Literal["log", "lin"]
MAX_POINTS = 5000


class Parameter(NamedTuple):
    """A parameter that can span an axis: symbol for labels, unit, and the ranges it has when none is given.

    default: of a plane of N_eff; wide: of a plane of constraints.
    """

    symbol: str
    unit: str
    default: str
    wide: str = ""


PARAMETERS = {
    "mass": Parameter(r"$M_{Z'}$", "MeV", "1.1MeV:100MeV", "10keV:1GeV"),
    "g": Parameter(r"$g_X$", "", "1e-9:1e-3", "1e-10:1e-2"),
    "epsilon": Parameter(r"$\epsilon$", "", "1e-11:1e-5", "1e-14:1e-1"),
    "g_e": Parameter(r"$g_e$", "", "1e-14:1e-4"),
    "g_nu": Parameter(r"$g_\nu$", "", "1e-14:1e-4"),
    "mixing": Parameter(r"$\varepsilon g_X$", "", "1e-9:1"),
    "chi": Parameter(r"$\chi$", "", "1e-12:1e-2"),
    "n_mass": Parameter(r"$m_N$", "MeV", "1keV:10MeV"),
    "m4": Parameter(r"$m_4$", "MeV", "10keV:100MeV"),
    "d": Parameter(r"$d$", r"$\mu_\mathrm{B}$", "1e-13:1e-6"),
}
MASSES = ("mass", "n_mass", "m4")  #: parameters with a unit of energy


@dataclass(frozen=True)
class Axis:
    """`points` values of a parameter from low to high, spaced in its logarithm or linearly.

    Masses are in MeV, dipole moments d in mu_B.
    Raises UnknownNameError, ParameterError.
    """

    name: str
    low: float
    high: float
    points: int = 100
    scale: Scale = "log"

    def __post_init__(self):
        if self.name not in PARAMETERS:
            raise unknown_name("axis", self.name, PARAMETERS)
        low, high = number(self.low, f"lower end of {self.name}"), number(self.high, f"upper end of {self.name}")
        if self.scale not in get_args(Scale):
            raise unknown_name("axis scale", str(self.scale), get_args(Scale))
        if isinstance(self.points, bool) or not isinstance(self.points, int) or not 2 <= self.points <= MAX_POINTS:
            raise ParameterError(f"points = {self.points} is not allowed: an axis needs 2 to {MAX_POINTS} points")
        if low == high:
            raise ParameterError(f"range of {self.name} is empty: {self._text(low)} to {self._text(high)}")
        if low > high:
            raise ParameterError(
                f"range of {self.name} is reversed: {self._text(low)} to {self._text(high)}; give low:high"
            )
        if low <= 0 and (self.scale == "log" or self.name != "epsilon"):
            hint = "; for a range through zero add ':lin'" if self.name == "epsilon" else ""
            raise ParameterError(f"lower end of {self.name} = {low:g} is not allowed: it must be positive{hint}")
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    @classmethod
    def parse(cls, text: "str | Axis", points: int = 100, *, wide: bool = False) -> "Axis":
        """Read "mass=1.1MeV:100MeV", "g=1e-9:1e-3:200", "epsilon=-1e-6:1e-6:lin" or a bare name (default range).

        After low:high may follow a number of points, `log` (the default) or `lin`, in any order.
        wide: a bare name takes the range of a plane of constraints. Raises UnitError, UnknownNameError, ParameterError.
        """
        if isinstance(text, Axis):
            return text
        name, equals, limits = text.partition("=")
        name = name.strip()
        if name not in PARAMETERS:
            raise unknown_name("axis", name, PARAMETERS)
        known = PARAMETERS[name]
        ranges = known.wide if wide and known.wide else known.default
        parts = [part.strip() for part in (limits if equals else ranges).split(":")]
        if len(parts) < 2 or "" in parts:
            raise ParameterError(f"axis '{text}' is not a range: give low:high, such as {name}={known.default}")
        low, high = (_quantity(name, part) for part in parts[:2])
        scale: Scale = "log"
        for part in parts[2:]:
            if part in get_args(Scale):
                scale = part  # type: ignore[assignment]
            elif part.isdigit():
                points = int(part)
            else:
                raise ParameterError(f"axis '{text}': '{part}' is neither a number of points nor log or lin")
        return cls(name, low, high, points, scale)

    @cached_property
    def values(self) -> np.ndarray:
        """The values, ascending [points]; masses in MeV."""
        spaced = np.geomspace if self.scale == "log" else np.linspace
        return spaced(self.low, self.high, self.points)

    @property
    def label(self) -> str:
        """Symbol and unit for a plot."""
        parameter = PARAMETERS[self.name]
        return f"{parameter.symbol} [{parameter.unit}]" if parameter.unit else parameter.symbol

    def describe(self) -> dict[str, object]:
        """Return the axis as plain values, for result files."""
        return {"name": self.name, "low": self.low, "high": self.high, "points": self.points, "scale": self.scale}

    def _text(self, value: float) -> str:
        return format_energy(value) if self.name in MASSES and value > 0 else f"{value:g}"


def _quantity(name: str, text: str) -> float:
    if name in MASSES:
        return energy(text, name)
    if name == "d" and not text.replace(".", "").replace("-", "").replace("e", "").replace("E", "").isdigit():
        return moment(text, name) / MU_B
    return number(text, name)
