"""A model and its parameters as options, the same in every command; they come from what the models declare."""

import re
from dataclasses import dataclass, field
from typing import Annotated, Any

import typer

from nuportal.cli import completion
from nuportal.cli.lists import charges as parse_charges
from nuportal.errors import NotApplicableError, ParameterError, UnknownModelError
from nuportal.models import U1X, ScalarMediator, VectorMediator, declared_models
from nuportal.models.declaration import Choice, Declaration
from nuportal.models.family import Family, family, named_families

ChargesOption = Annotated[
    list[str] | None, typer.Option("--charges", help="Instead of a name: e=1,mu=-1,u=1/3 (u and d are equal).")
]
Model = U1X | VectorMediator | ScalarMediator
FOLLOWED = "U(1)_X models, vector and scalar"
KINDS = "Model: B-L, Lmu-Ltau ... (see `nuportal models`), " + ", ".join(named_families())


@dataclass
class ModelOptions:
    """Charges and the values of parameters and choices, as text by name."""

    charges: ChargesOption = None
    values: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def declared_options(cls) -> dict[str, Any]:
        """Return the annotation of one option for each parameter, combination and choice of the declared models."""
        flags: dict[str, list[str]] = {}
        helps: dict[str, list[str]] = {}
        for model in declared_models().values():
            declared: Declaration = model.declared
            for option in (*declared.every_parameter, *declared.choices):
                known = flags.setdefault(option.name, [f"--{option.name.replace('_', '-')}"])
                names: tuple[str, ...] = getattr(option, "aliases", ())
                aliases = [f"--{a.replace('_', '-')}" for a in names]
                known += [flag for flag in aliases if flag not in known]
                if option.help not in helps.setdefault(option.name, []):
                    helps[option.name].append(option.help)
        choices: list[Choice] = [c for m in declared_models().values() for c in m.declared.choices]
        allowed = {c.name: c.allowed for c in choices}
        return {
            name: Annotated[
                str | None,
                typer.Option(
                    *flags[name],
                    help=" ".join(helps[name]),
                    autocompletion=completion.among(*allowed[name]) if name in allowed else None,
                ),
            ]
            for name in flags
        }

    def members(self, model: str | None) -> Family:
        """Return the family that a name or the charges stand for. Raises ParameterError, UnknownModelError."""
        given = parse_charges(self.charges)
        if (model is None) == (given is None):
            raise ParameterError("give either a model name (see `nuportal models`) or --charges, not both or neither")
        if is_standard(model):
            raise NotApplicableError("the Standard Model has no parameter: give a model, such as B-L")
        try:
            return family(model if given is None else given)
        except UnknownModelError:
            from nuportal.cli.guesses import no_model

            if text := no_model(str(model)):
                raise ParameterError(text) from None
            raise

    def fixed(self, members: Family) -> dict[str, Any]:
        """Return the values and choices that were given, read. Raises UnknownNameError, UnitError, ParameterError."""
        known = {n for p in members.declared.every_parameter for n in (p.name, *p.aliases)}
        values = members.read({k: v for k, v in self.values.items() if k in known})
        choices = {k: members.choice(k).read(v) for k, v in self.values.items() if k not in known}
        return {**values, **choices}

    def member(self, model: str | None) -> Any:
        """Return the model with every parameter given. Raises as `members` and `fixed`, and what the model raises."""
        members = self.members(model)
        return self.complete(members, self.fixed(members))

    @staticmethod
    def complete(members: Family, fixed: dict[str, Any]) -> Any:
        """Return the model with these values. Raises ParameterError naming the options that are missing."""
        if missing := members.missing(fixed):
            options = " and ".join(f"--{name.replace('_', '-')}" for name in missing)
            raise ParameterError(f"give {options} of {members.label}")
        return members.model(fixed)


@dataclass
class ModelInput(ModelOptions):
    """A model first, then its parameters."""

    model: Annotated[str | None, typer.Argument(help=KINDS, autocompletion=completion.models)] = None

    @property
    def named(self) -> bool:
        """Whether a model was given at all; the Standard Model is none."""
        return self.charges is not None or not (self.model is None or is_standard(self.model))

    def family(self) -> Family:
        """Return the family. Raises ParameterError, UnknownModelError."""
        return self.members(self.model)

    def point(self) -> Any:
        """Return the model. Raises as `member`."""
        return self.member(self.model)


@dataclass
class ThermalInput(ModelInput):
    """A point and how its history is calculated."""

    flavours: Annotated[str | None, typer.Option(help="Neutrinos: oscillating, separate or common.")] = None
    start: Annotated[str | None, typer.Option(help="Boson at the start: thermal or zero.")] = None
    preset: Annotated[str, typer.Option(help="default; ghosh or ibe to reproduce the papers.")] = "default"

    def boson(self) -> Model | None:
        """Return the model, or None (the Standard Model) if nothing of a boson is given.

        Raises ParameterError, NotApplicableError for models whose history is not followed.
        """
        if not self.named:
            if self.values:
                raise ParameterError("give a model name (see `nuportal models`) or --charges, with --mass and --g")
            return None
        if not (members := self.family()).has_couplings:
            raise NotApplicableError(f"the early universe with a {members.label} is not followed: {FOLLOWED} are")
        return self.point()


def is_standard(text: str | None) -> bool:
    """Return whether a text stands for the Standard Model."""
    return text is not None and re.sub(r"[-_ ]", "", text).casefold() in ("sm", "standardmodel")


def is_model(text: str) -> bool:
    """Return whether a text names a model rather than something else."""
    from nuportal.errors import UnknownNameError

    if text.partition(":")[0].endswith(".py"):
        return True
    if "/" in text:
        return False
    try:
        family(text)
    except UnknownNameError:
        return False
    return True
