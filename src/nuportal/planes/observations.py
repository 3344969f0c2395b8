"""Measured and projected values of N_eff, and the interval of N_eff each leaves allowed."""

import tomllib
from functools import cache
from importlib.resources import files
from math import inf
from statistics import NormalDist
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from nuportal.errors import DataFileError, NotApplicableError, unknown_name
from nuportal.units import confidence

Kind = Literal["measurement", "bound", "projection", "band", "theory"]


class Observation(BaseModel):
    """One row of neff_observations.toml.

    A measurement or theory value has value, plus, minus at confidence level cl (two-sided); a bound or projection has
    upper at cl; a band has low and high. `excess` is the published bound on N_eff minus its Standard Model value when
    only an excess is allowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    label: str
    data: str
    kind: Kind
    value: float | None = None
    plus: float | None = None
    minus: float | None = None
    upper: float | None = None
    low: float | None = None
    high: float | None = None
    cl: float | None = None
    excess: float | None = None
    excess_cl: float | None = None
    reference: str
    provenance: Literal["primary", "quoted", "unverified"]
    quoted_by: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _complete(self):
        needed = {
            "measurement": ("value", "plus", "minus", "cl"),
            "theory": ("value", "plus", "minus", "cl"),
            "bound": ("upper", "cl"),
            "projection": ("upper", "cl"),
            "band": ("low", "high"),
        }[self.kind]
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            raise ValueError(f"a {self.kind} needs {', '.join(missing)}")
        return self

    def interval(self, cl: float = 0.95) -> tuple[float, float]:
        """Return (low, high): the N_eff allowed at two-sided confidence level cl; bounds and bands as published.

        Errors published at another level are scaled as those of a Gaussian on each side. A bound leaves everything
        below it allowed, as does a measurement whose `excess` is published at this level. Raises ParameterError.
        """
        cl = confidence(cl)
        if self.kind == "band":
            return self.low, self.high  # type: ignore[return-value]
        if self.upper is not None:
            return -inf, self.upper
        if self.excess is not None and cl == self.excess_cl:
            return -inf, standard_model() + self.excess
        scale = 1.0 if cl == self.cl else _deviations(cl) / _deviations(self.cl)  # type: ignore[arg-type]
        return self.value - scale * self.minus, self.value + scale * self.plus  # type: ignore[operator]

    def deviance(self, neff: float, theory_error: float = 0.0) -> float:
        """Return -2 ln L of N_eff relative to the Standard Model: Gaussian, with the error of its side of the value.

        The theory error is a Gaussian nuisance that is profiled. Raises NotApplicableError for what is no measurement.
        """
        if self.kind != "measurement":
            raise NotApplicableError(f"{self.name} is a {self.kind} and has no likelihood")
        return self._chi2(neff, theory_error) - self._chi2(standard_model(), 0.0)

    def _chi2(self, neff: float, theory_error: float) -> float:
        side = self.plus if neff > self.value else self.minus  # type: ignore[operator]
        error = side / _deviations(self.cl)  # type: ignore[operator,arg-type]
        return (neff - self.value) ** 2 / (error**2 + theory_error**2)  # type: ignore[operator]


def _deviations(cl: float) -> float:
    return NormalDist().inv_cdf((1 + cl) / 2)


@cache
def observations() -> dict[str, Observation]:
    """Return the table of N_eff measurements and projections, by name. Raises DataFileError for a malformed table."""
    return read(files("nuportal.planes").joinpath("neff_observations.toml").read_text(encoding="utf-8"))


def read(text: str, source: str = "neff_observations.toml") -> dict[str, Observation]:
    """Return the observations in a TOML text. Raises DataFileError naming the entry at fault."""
    try:
        rows = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{source}: {error}") from None
    table: dict[str, Observation] = {}
    for name, row in rows.items():
        try:
            table[name] = Observation(name=name, **row)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise DataFileError(f"{source}: [{name}] {where} {first['msg']}") from None
    return table


def observation(name: str) -> Observation:
    """Return one observation by name (case and underscores ignored). Raises UnknownNameError."""
    known = {key.replace("-", ""): entry for key, entry in observations().items()}
    folded = name.casefold().replace("_", "").replace("-", "").replace(" ", "")
    if folded not in known:
        raise unknown_name("N_eff observation", name, observations())
    return known[folded]


def standard_model() -> float:
    """Return the Standard Model N_eff of momentum-resolved calculations."""
    return observations()["standard-model"].value  # type: ignore[return-value]
