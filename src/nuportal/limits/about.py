"""What a limit says of itself: the head of limit.toml, checked with pydantic."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from nuportal.errors import NuportalError
from nuportal.units import energy, format_energy

Kind = Literal["exclusion", "projection", "band", "boundary"]
Method = Literal["likelihood", "computed", "recast"]
Group = Literal["precision", "recoil", "beam dump", "collider", "trident", "flavour", "oscillation", "astrophysics",
                "cosmology", "laboratory"]  # fmt: skip
ModelKind = Literal["vector", "scalar", "hidden-neutrino", "dipole"]


def _mass(text: object) -> float:
    try:
        return energy(text, "mass", allow_zero=True)  # type: ignore[arg-type]
    except NuportalError as error:
        raise ValueError(str(error)) from None


class Comparison(BaseModel):
    """A comparison of a limit with a published curve or number that is not its own input.

    what: with what, where, by whom. ratio: smallest and largest of our coupling (or event number) over theirs.
    test: file of tests that keeps our side of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    what: Annotated[str, Field(min_length=1)]
    ratio: tuple[float, float]
    test: Annotated[str, Field(pattern=r"^test_\w+\.py$")]


class About(BaseModel):
    """Head of limit.toml.

    status: "verified" if there is a comparison in `checked`, or if all numbers were read in the primary source.
    kind: "exclusion" removes, "projection" would, "band" marks a favoured region, "boundary" any other.
    cl: confidence level (None: an argument, not a probability). accuracy: estimated relative error of the limit on the
    coupling. layer: "default", or the name of an assumption that has to be asked for ("flavour-alignment").
    data: the data sets it rests on, where they are not its own (a likelihood counts each once).
    formula: module:Class of nuportal.limits, or file.py:Class of the folder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    label: Annotated[str, Field(min_length=1)]
    group: Group
    observable: Annotated[str, Field(min_length=1)]
    kind: Kind = "exclusion"
    method: Method
    formula: str
    families: tuple[ModelKind, ...] = ("vector",)
    cl: Annotated[float, Field(gt=0, lt=1)] | None = None
    validity: tuple[Annotated[float, BeforeValidator(_mass)], Annotated[float, BeforeValidator(_mass)]]
    accuracy: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    accuracy_note: str = ""
    layer: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] = "default"
    status: Literal["verified", "unverified"]
    provenance: Annotated[str, Field(min_length=1)]
    checked: tuple[Comparison, ...] = ()
    note: str = ""
    references: tuple[str, ...] = Field(min_length=1)
    data: tuple[Annotated[str, Field(pattern=r"^[a-z0-9-]+$")], ...] = ()

    @model_validator(mode="after")
    def _ordered(self):
        if self.validity[0] >= self.validity[1]:
            raise ValueError("validity must be two masses, the smaller first")
        return self

    @property
    def data_sets(self) -> tuple[str, ...]:
        """The data sets that the constraint rests on."""
        return self.data or (self.name,)

    @property
    def mass_low(self) -> float:
        """Smallest mass of validity, MeV."""
        return self.validity[0]

    @property
    def mass_high(self) -> float:
        """Largest mass of validity, MeV."""
        return self.validity[1]

    @property
    def mass_text(self) -> str:
        """The validity in words."""
        low, high = (format_energy(m) if m > 0 else "0" for m in self.validity)
        return f"masses from {low} to {high}"

    @property
    def plain_label(self) -> str:
        """The label without the marks of mathematical type."""
        return re.sub(r"[$\\{}]", "", self.label)
