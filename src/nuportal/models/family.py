"""Families: the models that differ in their parameters alone, by name, charges, class, object or file."""

import importlib.util
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from nuportal.errors import DataFileError, NotApplicableError, ParameterError, UnknownNameError, unknown_name
from nuportal.models.declaration import Choice, Combination, Declaration, Parameter, declared_models
from nuportal.models.u1x import U1X, Charges, named_charges
from nuportal.readonly import FrozenDict


@dataclass(frozen=True)
class Family:
    """Members of a declared model class. Values of parameters are in the units of the declaration (d in mu_B).

    given: arguments that every member has. kind: name of the family where it is a named one. held: values of parameters
    that cannot be changed. preferred: choices that differ from those of the model class where none is given.
    needed: parameters whose default does not serve this family.
    """

    label: str
    of: type
    kind: str
    given: Mapping[str, object] = field(default_factory=FrozenDict[str, object], hash=False)
    held: Mapping[str, object] = field(default_factory=FrozenDict[str, object], hash=False)
    preferred: Mapping[str, object] = field(default_factory=FrozenDict[str, object], hash=False)
    needed: tuple[str, ...] = ()

    @property
    def declared(self) -> Declaration:
        """What the model class says of itself."""
        return self.of.declared  # type: ignore[attr-defined]

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters that members differ in."""
        return tuple(p.name for p in self.declared.parameters if p.name not in self.held)

    @property
    def combinations(self) -> tuple[Combination, ...]:
        """Directions in several couplings, none of which is held."""
        return tuple(c for c in self.declared.combinations if not set(c.sets) & set(self.held))

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that can be given a value: parameters and combinations."""
        return (*self.parameters, *(c.parameter.name for c in self.combinations))

    @property
    def defaults(self) -> dict[str, object]:
        """Values of the parameters that need not be given, and of those that are held."""
        usual = (p for p in self.declared.parameters if p.value is not None and p.name not in self.needed)
        found: dict[str, object] = {p.name: p.value for p in usual}
        return found | dict(self.held)

    @property
    def couplings(self) -> tuple[str, ...]:
        """Names of the parameters that are no masses."""
        return tuple(p for p in self.parameters if not self.parameter(p).is_mass)

    def free_coupling(self, fixed: Iterable[str]) -> str:
        """Return the first coupling that is neither fixed nor has a default. Raises ParameterError if there is none."""
        taken = self.expanded(dict.fromkeys(fixed, 1.0))
        for name in self.couplings:
            if name not in taken and name not in self.defaults:
                return name
        raise ParameterError(f"no coupling of {self.label} is left to vary: fix fewer")

    @property
    def choices(self) -> tuple[str, ...]:
        """Names of the options that are no numbers."""
        return tuple(c.name for c in self.declared.choices if c.name not in self.given)

    @property
    def name(self) -> str | None:
        """Name of a U(1)_X model of the catalogue."""
        return self.given.get("name")  # type: ignore[return-value]

    @property
    def charges(self) -> Mapping[str, float] | None:
        """Charges of a U(1)_X model."""
        if self.name is not None:
            return named_charges(self.name)[1].to_mapping()
        return self.given.get("charges")  # type: ignore[return-value]

    def parameter(self, name: str) -> Parameter:
        """Return a parameter or combination by name or alias. Raises UnknownNameError, ParameterError (held)."""
        known = {alias: p for p in self.declared.every_parameter for alias in (p.name, *p.aliases)}
        if name not in known:
            raise unknown_name(f"parameter of {self.label}", str(name), self.names)
        found = known[name]
        if found.name in self.held:
            raise ParameterError(f"{found.name} of {self.label} is {self.held[found.name]} and cannot be chosen")
        return found

    def choice(self, name: str) -> Choice:
        """Return a choice by name. Raises UnknownNameError naming parameters and choices."""
        for choice in self.declared.choices:
            if choice.name == name and name in self.choices:
                return choice
        raise unknown_name(f"option of {self.label}", name, (*self.names, *self.choices))

    def read(self, values: Mapping[str, object]) -> dict[str, object]:
        """Return values under the parameters' own names and in their units, less those that are held anyway.

        Raises UnknownNameError, ParameterError (the same parameter twice), UnitError.
        """
        found: dict[str, object] = {}
        for name, given in values.items():
            if name in self.held and self.declared.parameter(name).read(given) == self.held[name]:
                continue
            parameter = self.parameter(name)
            if parameter.name in found:
                raise ParameterError(f"{name} and {parameter.name} are the same parameter of {self.label}: give one")
            found[parameter.name] = parameter.read(given)
        return found

    def missing(self, names: Iterable[str]) -> list[str]:
        """Return the parameters that these parameters, combinations and the defaults leave without a value.

        Raises ParameterError where a coupling gets two values.
        """
        names = [name for name in names if name not in self.choices]
        covered = set(self.defaults) | set(names)
        set_by: dict[str, str] = {}
        for combination in (c for c in self.combinations if c.parameter.name in names):
            own = combination.parameter.name
            for coupling in combination.sets:
                other = coupling if coupling in names and coupling != own else set_by.setdefault(coupling, own)
                if other != own:
                    raise ParameterError(f"{own} of {self.label} sets {coupling} too: give {own} or {other}, not both")
            covered |= set(combination.sets)
        return [name for name in self.parameters if name not in covered]

    def check(self, names: Iterable[str]) -> None:
        """Raise ParameterError unless these parameters, combinations and the defaults make a member, each once."""
        for name in self.missing(names):
            raise ParameterError(f"{name} of {self.label} is missing: give a value for {name}")

    def expanded(self, values: Mapping[str, object]) -> dict[str, object]:
        """Return the values of the parameters from those of parameters and combinations."""
        found: dict[str, object] = {}
        for name, value in values.items():
            combination = self.declared.combination(name)
            found |= combination.expand(value) if combination is not None else {name: value}  # type: ignore[arg-type]
        return found

    def model(self, values: Mapping[str, object]) -> Any:
        """Return the member with these values. Raises what the model raises for values it does not allow."""
        chosen = {**self.defaults, **self.preferred, **self.expanded(values)}
        arguments: dict[str, object] = {}
        for name, value in chosen.items():
            if name in self.declared_names:
                arguments[name] = self.declared.parameter(name).to_model(value)
            else:
                arguments[name] = value
        return self.of(**self.given, **arguments)

    @property
    def declared_names(self) -> tuple[str, ...]:
        """Names of all declared parameters."""
        return tuple(p.name for p in self.declared.parameters)

    def values(self, model: Any) -> dict[str, object]:
        """Return the values and choices of one of its members, from which `model` makes it again."""
        declared = [p for p in self.declared.parameters if p.name not in self.held]
        found = {p.name: p.of_model(getattr(model, p.name)) for p in declared}
        return found | {name: getattr(model, name) for name in self.choices if getattr(model, name) is not None}

    @property
    def has_couplings(self) -> bool:
        """Whether members have couplings of a mediator to fermions, of which N_eff and nuclear recoils follow."""
        return hasattr(self.of, "couplings")

    @property
    def observables(self) -> str:
        """What nuportal calculates for the family, in one line."""
        if self.has_couplings:
            known = self.declared.interaction in ("vector", "scalar")
            limits = f"constraints on a {self.declared.interaction}" if known else "no constraint of the catalogue"
            return f"N_eff, light elements, recoils of electrons and nuclei, fits, {limits}"
        if self.of.__module__.startswith("nuportal.models."):
            return f"recoils of electrons, fits, constraints on a {self.declared.interaction}; not N_eff"
        return "recoils of electrons and fits, from its recoil_cross_section; not N_eff (which takes couplings)"

    def describe(self) -> dict[str, object]:
        """Return the family as plain values, for result files."""
        return {"kind": self.kind, "name": self.label, "charges": dict(self.charges or {})}


def _held(label: str, kind: str, held: Mapping[str, object], **given: object) -> Family:
    return Family(label, declared_models()[kind], label, FrozenDict(given), FrozenDict(held))


def named_families() -> dict[str, Family]:
    """Return the families that are no named U(1)_X: every declared kind, and those in which something is held.

    A dark photon is a U(1)_X without charges, whose g is without effect; a magnetic moment is a dipole without mass.
    """
    found = {kind: Family(kind, model, kind) for kind, model in declared_models().items() if kind != "u1x"}
    nothing = FrozenDict(Charges.from_mapping({}).to_mapping())
    photon = _held("dark-photon", "u1x", {"g": 1e-12}, charges=nothing)
    found["dark-photon"] = replace(photon, needed=("epsilon",))
    moment = _held("magnetic-moment", "dipole", {"mass": 0.0})
    found["magnetic-moment"] = replace(moment, preferred=FrozenDict(flavour="universal"))
    return found


def family(given: Any) -> Family:
    """Return a family from a model name ("B-L"), a kind ("vector" ...), charges {"e": 1, "mu": -1}, a model object, a
    declared class, or a file of Python with such a class ("portal.py", "portal.py:Class"), which is run.

    Raises UnknownModelError, ChargeError, DataFileError, NotApplicableError.
    """
    if isinstance(given, Family):
        return given
    if isinstance(given, Path) or (isinstance(given, str) and _is_file(given)):
        return family(load(str(given)))
    if isinstance(given, str):
        kinds = {_folded(kind): members for kind, members in named_families().items()}
        if _folded(given) in kinds:
            return kinds[_folded(given)]
        name, _ = named_charges(given)
        return Family(name, U1X, "u1x", FrozenDict(name=name))
    if isinstance(given, Mapping):
        charges = Charges.from_mapping(cast("Mapping[str, float]", given))
        label = ",".join(f"{f}={x:g}" for f, x in charges.to_mapping().items() if x != 0)
        return Family(label, U1X, "u1x", FrozenDict(charges=FrozenDict(charges.to_mapping())))
    declared = getattr(given, "declared", None)
    if not isinstance(declared, Declaration):
        raise NotApplicableError(f"a model name, charges or a model is needed, not {type(given).__name__}")
    if isinstance(given, U1X):
        return replace(family(given.name or given.charges), label=given.label)
    return Family(declared.kind, given if isinstance(given, type) else type(given), declared.kind)


def _folded(kind: str) -> str:
    return re.sub(r"[-_\s]", "", kind).casefold()


def described_family(described: Mapping[str, Any]) -> Family:
    """Return the family that `Family.describe` wrote into a result file. No file is opened and no code is run.

    Raises DataFileError for a model class of a user's own that has not been loaded.
    """
    name, charges = str(described["name"]), described["charges"]
    try:
        if not _is_file(name):
            return family(name)
    except UnknownNameError:
        if charges:
            return family(charges)
    raise DataFileError(
        f"the model '{name}' of this file is unknown here, and reading a file runs no code: "
        "if the model is your own, name its file of Python first, as in nuportal.ray('portal.py')"
    )


def _is_file(given: str) -> bool:
    return given.partition(":")[0].endswith(".py")


def load(text: str) -> type:
    """Run a file of Python and return the declared model class in it ("portal.py" or "portal.py:Class").

    Raises DataFileError if there is no such file or class, or the file fails.
    """
    source, _, wanted = text.partition(":")
    path = Path(source)
    if not path.is_file():
        raise DataFileError(f"there is no file of Python '{source}'")
    found = _classes(path.resolve(), path.stat().st_mtime_ns)
    if wanted:
        if wanted not in found:
            raise unknown_name(f"model in {source}", wanted, found, DataFileError)
        return found[wanted]
    if len(found) != 1:
        raise DataFileError(f"{source} holds {len(found)} declared models, not one: name it as {source}:Class")
    return next(iter(found.values()))


@cache
def _classes(path: Path, written: int) -> dict[str, type]:
    """The declared model classes of a file by name; the file is run once for each time it is written."""
    spec = importlib.util.spec_from_file_location(f"nuportal_model_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise DataFileError(f"{path}: not a file of Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # so that its objects can be pickled
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise DataFileError(f"{path}: {type(error).__name__}: {error}") from error
    return {
        name: thing
        for name, thing in vars(module).items()
        if isinstance(thing, type) and thing.__module__ == module.__name__ and "declared" in vars(thing)
    }
