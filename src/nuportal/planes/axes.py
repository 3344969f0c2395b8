"""Axes of a plane: a parameter, a range with unit, how many points, logarithmic or linear."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, cast, get_args

import numpy as np

from nuportal.errors import ParameterError, unknown_name
from nuportal.models.declaration import Parameter, every_parameter
from nuportal.readonly import frozen
from nuportal.units import format_energy, number

if TYPE_CHECKING:
    from nuportal.models.family import Family

Scale = Literal["log", "lin"]
LINEAR = 8.0  #: length of a linear axis among coordinates of interpolation
MAX_POINTS = 5000


@dataclass(frozen=True)
class Axis:
    """`points` values of a parameter from low to high, spaced in its logarithm or linearly.

    Masses are in MeV, dipole moments d in mu_B. parameter: its declaration (default: that of the model declared first
    that has one of this name). Raises UnknownNameError, ParameterError.
    """

    name: str
    low: float
    high: float
    points: int = 100
    scale: Scale = "log"
    parameter: Parameter = field(default=None, compare=False, repr=False)  # type: ignore[assignment]

    def __post_init__(self):
        if cast("Parameter | None", self.parameter) is None:
            object.__setattr__(self, "parameter", _parameter(self.name, None))
            object.__setattr__(self, "name", self.parameter.name)
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
        if low <= 0 and (self.scale == "log" or not self.parameter.signed):
            hint = "; for a range through zero add ':lin'" if self.parameter.signed else ""
            raise ParameterError(f"lower end of {self.name} = {low:g} is not allowed: it must be positive{hint}")
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    def coordinates(self, values: np.ndarray) -> np.ndarray:
        """Return values as coordinates for interpolation: e-folds, or LINEAR over the length of a linear axis."""
        return np.log(values) if self.scale == "log" else LINEAR * (values - self.low) / (self.high - self.low)

    @classmethod
    def parse(
        cls, text: "str | Axis", points: int = 100, *, wide: bool = False, among: "Family | None" = None
    ) -> "Axis":
        """Read "mass=1.1MeV:100MeV", "g=1e-9:1e-3:200", "epsilon=-1e-6:1e-6:lin" or a bare name (default range).

        After low:high may follow a number of points, `log` (the default) or `lin`, each once, in any order.
        wide: a bare name takes the range of a plane of constraints. among: the family whose parameter it is.
        Raises UnitError, UnknownNameError, ParameterError.
        """
        if isinstance(text, Axis):
            return text if among is None else text.bound(among)
        if not isinstance(text, str):
            raise ParameterError(f"axis {text!r} is not a text such as 'mass=1MeV:100MeV', nor an Axis")
        name, equals, limits = text.partition("=")
        known = _parameter(name.strip(), among)
        ranges = known.wide if wide and known.wide else known.default
        parts = [part.strip() for part in (limits if equals else ranges).split(":")]
        if len(parts) < 2 or "" in parts:
            raise ParameterError(f"axis '{text}' is not a range: give low:high, such as {known.name}={known.default}")
        low, high = (_number(known, part) for part in parts[:2])
        scales = [part for part in parts[2:] if part in get_args(Scale)]
        counts = [part for part in parts[2:] if part.isdigit()]
        for part in parts[2:]:
            if part not in (*scales, *counts):
                raise ParameterError(f"axis '{text}': '{part}' is neither a number of points nor log or lin")
        if len(scales) > 1 or len(counts) > 1:
            raise ParameterError(f"axis '{text}': give a number of points and log or lin once each")
        scale: Scale = scales[0] if scales else "log"  # type: ignore[assignment]
        return cls(known.name, low, high, int(counts[0]) if counts else points, scale, known)

    def bound(self, members: "Family") -> "Axis":
        """Return the axis with the parameter as a family declares it. Raises UnknownNameError, ParameterError."""
        return replace(self, parameter=members.parameter(self.name))

    @property
    def is_mass(self) -> bool:
        """Whether the axis is a mass (MeV)."""
        return self.parameter.is_mass

    @cached_property
    def values(self) -> np.ndarray:
        """The values, ascending [points]; masses in MeV."""
        spaced = np.geomspace if self.scale == "log" else np.linspace
        return frozen(spaced(self.low, self.high, self.points))

    @property
    def label(self) -> str:
        """Symbol and unit for a plot."""
        return self.parameter.label

    def describe(self) -> dict[str, object]:
        """Return the axis as plain values, for result files."""
        return {"name": self.name, "low": self.low, "high": self.high, "points": self.points, "scale": self.scale}

    def _text(self, value: float) -> str:
        return format_energy(value) if self.is_mass and value > 0 else f"{value:g}"


def _parameter(name: str, among: "Family | None") -> Parameter:
    if among is not None:
        return among.parameter(name)
    known = every_parameter()
    for parameter in known.values():
        if name == parameter.name or name in parameter.aliases:
            return parameter
    raise unknown_name("axis", name, known)


def _number(parameter: Parameter, text: str) -> float:
    value = parameter.read(text)
    return value if isinstance(value, float) else number(value, parameter.name)
