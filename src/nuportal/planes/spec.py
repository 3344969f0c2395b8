"""What a plane is: a family of models, two axes, the fixed parameters and the options of the calculation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nuportal.constants import MU_B
from nuportal.errors import ParameterError, unknown_name
from nuportal.models import (
    U1X,
    Charges,
    DipolePortal,
    HiddenNeutrino,
    ScalarMediator,
    VectorMediator,
    canonical_name,
    catalog,
)
from nuportal.planes.axes import MASSES, Axis
from nuportal.provenance import input_hash
from nuportal.units import energy, moment, number

Member = U1X | VectorMediator | ScalarMediator | HiddenNeutrino | DipolePortal


@dataclass(frozen=True)
class Family:
    """Models that differ in their parameters alone: a U(1)_X by name or charges, or one of `KINDS`.

    defaults: values of parameters that need not be given; choices: options of the model such as a flavour.
    """

    label: str
    parameters: tuple[str, ...]
    charges: Mapping[str, float] | None = field(default=None, hash=False)
    name: str | None = None
    kind: str = "u1x"
    defaults: Mapping[str, object] = field(default_factory=dict, hash=False)
    choices: tuple[str, ...] = ()

    def model(self, parameters: Mapping[str, object]) -> Member:
        """Return the member with these parameters. Raises what the model raises for values it does not allow."""
        if self.kind == "dipole":
            return DipolePortal(**{**parameters, "d": float(parameters["d"]) * MU_B})  # type: ignore[arg-type]
        if self.kind in _MEMBERS:
            return _MEMBERS[self.kind](**parameters)
        return U1X(self.name, charges=None if self.name else self.charges, **parameters)  # type: ignore[arg-type]

    def describe(self) -> dict[str, object]:
        """Return the family as plain values, for result files."""
        return {"kind": self.kind, "name": self.label, "charges": dict(self.charges or {})}


_MEMBERS: dict[str, type] = {"vector": VectorMediator, "scalar": ScalarMediator, "hidden-neutrino": HiddenNeutrino}
_G_NU = ("mass", "g_e", "g_nu")

#: families that are no named U(1)_X. A dark photon is a U(1)_X without charges; its g is without effect.
KINDS = {
    "vector": Family("vector", _G_NU, kind="vector", choices=("flavour",)),
    "scalar": Family("scalar", _G_NU, kind="scalar", choices=("flavour",)),
    "hidden-neutrino": Family(
        "hidden-neutrino",
        ("mass", "mixing", "chi", "n_mass", "g"),
        kind="hidden-neutrino",
        defaults={"g": 1.0, "n_mass": 0.0},
        choices=("convention",),
    ),
    "dipole": Family("dipole", ("m4", "d"), kind="dipole", choices=("flavour", "convention")),
    "dark-photon": Family(
        "dark-photon",
        ("mass", "epsilon"),
        Charges.from_mapping({}).to_mapping(),
        kind="dark-photon",
        defaults={"g": 1e-12},
    ),
}


def family(given: str | Mapping[str, float] | Family) -> Family:
    """Return a family from a model name ("B-L"), one of `KINDS` ("vector" ...), or charges {"e": 1, "mu": -1}.

    Raises UnknownModelError, ChargeError.
    """
    if isinstance(given, Family):
        return given
    u1x = ("mass", "g", "epsilon")
    if isinstance(given, str):
        kind = given.casefold().replace("_", "-").replace(" ", "-")
        if kind in KINDS:
            return KINDS[kind]
        name = canonical_name(given)
        return Family(name, u1x, catalog()[name].to_mapping(), name, defaults={"epsilon": 0.0})
    charges = Charges.from_mapping(given).to_mapping()
    label = ",".join(f"{f}={x:g}" for f, x in charges.items() if x != 0)
    return Family(label, u1x, charges, defaults={"epsilon": 0.0})


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
            if name not in (*allowed, *self.family.defaults):
                raise unknown_name(f"parameter of {self.family.label}", name, allowed)
        if self.x.name == self.y.name:
            raise ParameterError(f"both axes are {self.x.name}: choose two of {', '.join(allowed)}")
        for axis in (self.x, self.y):
            if axis.name in self.fixed:
                raise ParameterError(f"{axis.name} is an axis and cannot also be fixed at {self.fixed[axis.name]}")
        fixed = {name: _fixed(name, value) for name, value in self.fixed.items()}
        for name, value in self.family.defaults.items():
            if name not in (self.x.name, self.y.name):
                fixed.setdefault(name, value)
        for name in allowed:
            if name not in (*fixed, self.x.name, self.y.name):
                raise ParameterError(f"{name} is neither an axis nor fixed: give a value for {name}")
        object.__setattr__(self, "fixed", fixed)
        for x in (self.x.low, self.x.high):
            for y in (self.y.low, self.y.high):
                self.model(x, y)

    def model(self, x: float, y: float) -> Member:
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
    def from_description(cls, described: Mapping, settings: Mapping[str, object]) -> "PlaneSpec":
        """Return the plane that `describe` wrote down."""
        model = described["family"]
        given = model["name"] if model["name"] in KINDS or model["name"] in catalog() else model["charges"]
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
    if name in MASSES:
        return energy(value, name, allow_zero=True)  # type: ignore[arg-type]
    if name == "d" and isinstance(value, str):
        return moment(value, name) / MU_B
    if name == "epsilon" and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return number(value, name)
