"""What a model says of itself, once: its kind, parameters (name, symbol, unit, range), combinations and choices.

Axes of planes, rays, fits, limits, `evaluate` and the options of the command line are derived from it.

@declare(Declaration("leptophilic", "leptophilic vector", "vector", (MASS, Parameter("g", "$g$", "1e-9:1e-3"))))
@dataclass(frozen=True)
class Leptophilic(Portal): ...
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from nuportal.constants import MU_B
from nuportal.errors import NuportalError, ParameterError, UnitError, unknown_name
from nuportal.units import energy, moment, number, positive

Unit = Literal["", "MeV", "mu_B"]

#: units as mathematical text
_TEXT = {"": "", "MeV": "MeV", "mu_B": r"$\mu_\mathrm{B}$"}


@dataclass(frozen=True)
class Parameter:
    """A number that tells the members of a family apart.

    default, wide: ranges "low:high" of an axis of a plane of N_eff and of constraints (wide: as default if empty).
    value: what it is where it is not given (None: it must be given). aliases: other names. words: texts such as
    "-g/70" that the model itself reads. signed: negative values are allowed. largest: bound on the magnitude.
    """

    name: str
    symbol: str
    default: str
    wide: str = ""
    unit: Unit = ""
    help: str = ""
    value: float | None = None
    aliases: tuple[str, ...] = ()
    words: bool = False
    signed: bool = False
    largest: float | None = None

    @property
    def is_mass(self) -> bool:
        """Whether it has the unit of energy."""
        return self.unit == "MeV"

    @property
    def label(self) -> str:
        """Symbol and unit for a plot."""
        return f"{self.symbol} [{self.unit_text}]" if self.unit else self.symbol

    @property
    def unit_text(self) -> str:
        """The unit as mathematical text."""
        return _TEXT[self.unit]

    def read(self, given: object) -> float | str:
        """Return a value in the parameter's unit; masses may be zero. Raises UnitError, ParameterError."""
        if self.unit == "MeV":
            return energy(given, self.name, allow_zero=True)  # type: ignore[arg-type]
        if self.unit == "mu_B":
            return self._moment(given)
        try:
            return number(given, self.name)
        except ParameterError:
            if self.words and isinstance(given, str):
                return given
            raise

    def _moment(self, given: object) -> float:
        try:
            return positive(number(given, self.name), self.name, unit=" mu_B")
        except ParameterError as error:
            if isinstance(given, int | float):
                raise
            try:
                return moment(given, self.name) / MU_B  # type: ignore[arg-type]
            except UnitError:
                raise
            except NuportalError:
                raise error from None

    def of_constructor(self, given: object, *, zero: bool = True) -> float:
        """Return what a model keeps of its argument: MeV, MeV^-1 or a number within the bounds of the declaration.

        zero: whether it may be zero. Raises UnitError, ParameterError.
        """
        if self.unit == "MeV":
            return energy(given, self.name, allow_zero=zero)  # type: ignore[arg-type]
        if self.unit == "mu_B":
            return moment(given, self.name)  # type: ignore[arg-type]
        value = number(given, self.name)
        if not self.signed:
            positive(value, self.name, allow_zero=zero)
        if self.largest is not None and abs(value) > self.largest:
            raise ParameterError(f"{self.name} = {value:g} is not allowed: it must stay below {self.largest:.3g}")
        return value

    def to_model(self, value: object) -> object:
        """Return what the model takes for a value in the parameter's unit."""
        return value * MU_B if self.unit == "mu_B" and isinstance(value, float | int) else value

    def of_model(self, value: object) -> object:
        """Return the value in the parameter's unit that `to_model` turned into this one."""
        return value / MU_B if self.unit == "mu_B" and isinstance(value, float | int) else value


@dataclass(frozen=True)
class Combination:
    """A direction in several couplings: each of `sets` takes the value of `parameter` to the power `power`."""

    parameter: Parameter
    sets: tuple[str, ...]
    power: float = 1.0

    def expand(self, value: float) -> dict[str, float]:
        """Return the couplings at one value."""
        each = value**self.power
        return {name: each for name in self.sets}


@dataclass(frozen=True)
class Choice:
    """An option of a model that is no number: one of `allowed` (empty: the model reads it)."""

    name: str
    allowed: tuple[str, ...] = ()
    help: str = ""

    def read(self, given: object) -> object:
        """Return the choice. Raises UnknownNameError."""
        if self.allowed and given not in self.allowed:
            raise unknown_name(self.name, str(given), self.allowed)
        return given


@dataclass(frozen=True)
class Declaration:
    """Kind (its name everywhere), title for pictures, and what the model consists of; the first parameter is its mass.

    interaction: what limits and recoils call it ("vector", "scalar", "hidden-neutrino", "dipole", or a new name).
    scaled: the couplings that are multiplied together to ask how far a point is from a limit.
    massless: the mass (MeV) that stands for zero, where the model has no massless limit of its own.
    """

    kind: str
    title: str
    interaction: str
    parameters: tuple[Parameter, ...]
    combinations: tuple[Combination, ...] = ()
    choices: tuple[Choice, ...] = ()
    scaled: tuple[str, ...] = ()
    massless: float = 0.0

    @property
    def every_parameter(self) -> tuple[Parameter, ...]:
        """Parameters and those of combinations."""
        return (*self.parameters, *(c.parameter for c in self.combinations))

    def parameter(self, name: str) -> Parameter:
        """Return a parameter or a combination's by name or alias. Raises UnknownNameError."""
        for parameter in self.every_parameter:
            if name == parameter.name or name in parameter.aliases:
                return parameter
        raise unknown_name(f"parameter of {self.kind}", name, (p.name for p in self.every_parameter))

    def combination(self, name: str) -> Combination | None:
        """Return the combination of that name, if it is one."""
        return next((c for c in self.combinations if c.parameter.name == name), None)


_MODELS: dict[str, type[Any]] = {}
Model = TypeVar("Model", bound=type)


def declare(declaration: Declaration) -> Callable[[Model], Model]:
    """Return the decorator that gives a model class its declaration and enters it in the list of models."""

    def enter(model: Model) -> Model:
        model.declared = declaration
        _MODELS[declaration.kind] = model
        return model

    return enter


def declared_models() -> Mapping[str, type[Any]]:
    """Return every declared model class by kind."""
    return dict(_MODELS)


def every_parameter() -> dict[str, Parameter]:
    """Return the parameters of all models by name; of those that models share, the one declared first."""
    found: dict[str, Parameter] = {}
    for model in _MODELS.values():
        for parameter in model.declared.every_parameter:
            found.setdefault(parameter.name, parameter)
    return found


MASS = Parameter("mass", r"$M_{Z'}$", "1.1MeV:100MeV", "10keV:1GeV", "MeV", "Mass with unit, e.g. 10MeV.")
