"""What a plane is: a family of models, two axes, the fixed parameters and the options of the calculation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nuportal.errors import ParameterError
from nuportal.models.family import Family, described_family, family
from nuportal.planes.axes import Axis
from nuportal.provenance import input_hash
from nuportal.readonly import frozen

__all__ = ["Family", "PlaneSpec", "family"]


@dataclass(frozen=True)
class PlaneSpec:
    """A plane to compute: `quantity` on the grid x.values by y.values, other parameters fixed.

    options: what was asked of the calculation; settings: all its options with those left at their defaults.
    Raises ParameterError or UnknownNameError if an axis does not belong to the family, axes coincide, or a parameter
    is missing or given twice, and what the model raises for the corners of the plane.
    """

    family: Family
    x: Axis
    y: Axis
    fixed: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)
    options: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)
    quantity: str = "neff"
    settings: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)

    def __post_init__(self):
        members, set_ = self.family, object.__setattr__
        for axis in "xy":
            set_(self, axis, getattr(self, axis).bound(members))
        if self.x.name == self.y.name:
            raise ParameterError(f"both axes are {self.x.name}: choose two of {', '.join(members.names)}")
        fixed = members.read(self.fixed)
        for axis in (self.x, self.y):
            if axis.name in fixed:
                raise ParameterError(f"{axis.name} is an axis and cannot also be fixed at {fixed[axis.name]}")
        members.check((self.x.name, self.y.name, *fixed))
        varied = members.expanded(dict.fromkeys((self.x.name, self.y.name), 1.0))
        for name, value in members.defaults.items():
            if name not in varied:
                fixed.setdefault(name, value)
        for name, value in (("fixed", fixed), ("options", self.options), ("settings", self.settings)):
            set_(self, name, frozen(dict(value)))
        for x in (self.x.low, self.x.high):
            for y in (self.y.low, self.y.high):
                self.model(x, y)

    def model(self, x: float, y: float) -> Any:
        """Return the model at one point of the plane."""
        chosen = {name: self.options[name] for name in self.family.choices if name in self.options}
        return self.family.model({**self.fixed, **chosen, self.x.name: float(x), self.y.name: float(y)})

    @property
    def shape(self) -> tuple[int, int]:
        """Number of values along x and y."""
        return self.x.points, self.y.points

    def describe(self) -> dict[str, object]:
        """Return everything that fixes the values, as plain values."""
        return {
            "family": self.family.describe(),
            "x": self.x.describe(),
            "y": self.y.describe(),
            "fixed": dict(self.fixed),
            "quantity": self.quantity,
            "options": dict(self.options),
        }

    @classmethod
    def from_description(cls, described: Mapping[str, Any], settings: Mapping[str, object]) -> "PlaneSpec":
        """Return the plane that `describe` wrote down; no code is run. Raises DataFileError for an unknown model."""
        members = described_family(described["family"])
        x, y = (Axis(**described[axis]) for axis in "xy")
        return cls(members, x, y, described["fixed"], described["options"], described["quantity"], settings)

    @property
    def hash(self) -> str:
        """SHA-256 over inputs, constants and package version: equal hashes mean equal values."""
        return input_hash(self.describe(), self.settings)

    @property
    def title(self) -> str:
        """One line that tells planes apart, for messages."""
        return f"{self.family.label}, {self.x.name} by {self.y.name}, {self.shape[0]} x {self.shape[1]}"
