"""What a plane is: a family of models, two axes, the fixed parameters and the options of the calculation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nuportal.errors import ParameterError, unknown_name
from nuportal.models import U1X, Charges, VectorMediator, canonical_name, catalog
from nuportal.planes.axes import Axis
from nuportal.provenance import input_hash
from nuportal.units import energy, number


@dataclass(frozen=True)
class Family:
    """Models that differ in their parameters alone: a U(1)_X by name or charges, or the mediator "vector"."""

    label: str
    parameters: tuple[str, ...]
    charges: Mapping[str, float] | None = field(default=None, hash=False)
    name: str | None = None

    @property
    def kind(self) -> str:
        """ "u1x" or "vector": decides which calculation fills the plane."""
        return "vector" if self.name == "vector" else "u1x"

    def model(self, parameters: Mapping[str, object]) -> U1X | VectorMediator:
        """Return the member with these parameters. Raises what the model raises for values it does not allow."""
        if self.kind == "vector":
            return VectorMediator(**parameters)  # type: ignore[arg-type]
        return U1X(self.name, charges=None if self.name else self.charges, **parameters)  # type: ignore[arg-type]

    def describe(self) -> dict[str, object]:
        """Return the family as plain values, for result files."""
        return {"kind": self.kind, "name": self.label, "charges": dict(self.charges or {})}


def family(given: str | Mapping[str, float] | Family) -> Family:
    """Return a family from a model name ("B-L", "vector") or charges {"e": 1, "mu": -1}.

    Raises UnknownModelError, ChargeError.
    """
    if isinstance(given, Family):
        return given
    if isinstance(given, str):
        if given.casefold() == "vector":
            return Family("vector", ("mass", "g_e", "g_nu"), name="vector")
        name = canonical_name(given)
        return Family(name, ("mass", "g", "epsilon"), catalog()[name].to_mapping(), name)
    charges = Charges.from_mapping(given).to_mapping()
    label = ",".join(f"{f}={x:g}" for f, x in charges.items() if x != 0)
    return Family(label, ("mass", "g", "epsilon"), charges)


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
    fixed: Mapping[str, object] = field(default_factory=dict, hash=False)
    options: Mapping[str, object] = field(default_factory=dict, hash=False)
    quantity: str = "neff"
    settings: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __post_init__(self):
        allowed = self.family.parameters
        for name in (self.x.name, self.y.name, *self.fixed):
            if name not in allowed:
                raise unknown_name(f"parameter of {self.family.label}", name, allowed)
        if self.x.name == self.y.name:
            raise ParameterError(f"both axes are {self.x.name}: choose two of {', '.join(allowed)}")
        for axis in (self.x, self.y):
            if axis.name in self.fixed:
                raise ParameterError(f"{axis.name} is an axis and cannot also be fixed at {self.fixed[axis.name]}")
        fixed = {name: _fixed(name, value) for name, value in self.fixed.items()}
        if "epsilon" in allowed and "epsilon" not in (self.x.name, self.y.name):
            fixed.setdefault("epsilon", 0.0)
        for name in allowed:
            if name not in (*fixed, self.x.name, self.y.name):
                raise ParameterError(f"{name} is neither an axis nor fixed: give a value for {name}")
        object.__setattr__(self, "fixed", fixed)
        for x in (self.x.low, self.x.high):
            for y in (self.y.low, self.y.high):
                self.model(x, y)

    def model(self, x: float, y: float) -> U1X | VectorMediator:
        """Return the model at one point of the plane."""
        return self.family.model({**self.fixed, self.x.name: float(x), self.y.name: float(y)})

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
    def from_description(cls, described: Mapping, settings: Mapping[str, object]) -> "PlaneSpec":
        """Return the plane that `describe` wrote down."""
        model = described["family"]
        given = model["name"] if model["kind"] == "vector" or model["name"] in catalog() else model["charges"]
        x, y = (Axis(**described[axis]) for axis in "xy")
        return cls(family(given), x, y, described["fixed"], described["options"], described["quantity"], settings)

    @property
    def hash(self) -> str:
        """SHA-256 over inputs, constants and package version: equal hashes mean equal values."""
        return input_hash(self.describe(), self.settings)

    @property
    def title(self) -> str:
        """One line that tells planes apart, for messages."""
        return f"{self.family.label}, {self.x.name} by {self.y.name}, {self.shape[0]} x {self.shape[1]}"


def _fixed(name: str, value: object) -> object:
    if name == "mass":
        return energy(value, "mass")  # type: ignore[arg-type]
    if name == "epsilon" and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return number(value, name)
