"""Measured Y_p, D/H and omega_b by name, and how far calculated yields are from them.

Every covariance that matters is in: of the measurements, of nuclear rates and neutron lifetime, of omega_b, and of what
the calculation leaves out.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nuportal.errors import DataFileError, unknown_name

if TYPE_CHECKING:
    from nuportal.cosmology.nucleosynthesis.yields import Yields

Element = Literal["Y_p", "D_H", "omega_b"]
Provenance = Literal["primary", "quoted", "unverified"]
Row = TypeVar("Row", bound=BaseModel)
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Measured(BaseModel):
    """One row of light_elements.toml: value and standard deviation of one quantity."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    quantity: Element
    label: str
    value: Positive
    sigma: Positive
    reference: str
    provenance: Provenance
    read: str


class JointCmb(BaseModel):
    """One row of cmb_joint.toml: a Gaussian in (omega_b, N_eff, Y_p)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    label: str
    mean: tuple[Positive, Positive, Positive]
    sigma: tuple[Positive, Positive, Positive]
    correlation: tuple[float, float, float]
    reference: str
    provenance: Provenance

    @property
    def covariance(self) -> np.ndarray:
        """Covariance of (omega_b, N_eff, Y_p) [3, 3]."""
        a, b, c = self.correlation
        return np.array([[1, a, b], [a, 1, c], [b, c, 1]]) * np.outer(self.sigma, self.sigma)


@dataclass(frozen=True)
class Comparison:
    """Yields against measurements: chi2, at the best omega_b, and each residual in its own standard deviations."""

    chi2: float
    omega_b: float
    pulls: dict[str, float]
    measurements: tuple[str, ...]
    rates: str

    def to_dict(self) -> dict[str, object]:
        """Return plain values (NaN as None)."""
        plain = {name: value if np.isfinite(value) else None for name, value in self.pulls.items()}
        numbers = {k: v if np.isfinite(v) else None for k, v in (("chi2", self.chi2), ("omega_b", self.omega_b))}
        return {**numbers, "pulls": plain, "measurements": list(self.measurements), "rates": self.rates}


class Predicted(NamedTuple):
    """Yields of n points at one omega_b: values (Y_p, D/H) [n, 2], their derivatives by omega_b [n, 2], their
    covariance [n, 2, 2] of everything that is not measured, N_eff [n].
    """

    values: np.ndarray
    by_omega_b: np.ndarray
    covariance: np.ndarray
    neff: np.ndarray
    omega_b: float

    @classmethod
    def of(cls, found: "Yields") -> "Predicted":
        """Return one point [1]."""
        own = found.theory_error[:2] ** 2 + found.numerical_error[:2] ** 2
        covariance = found.covariance[:2, :2] + np.diag(own)
        return cls(
            found.values[None, :2], found.by_omega_b[None, :2], covariance[None], np.array([found.neff]), found.omega_b
        )


class Profile(NamedTuple):
    """chi2 [n], the change of omega_b that makes it least [n], residuals there and their errors [n, k] by name."""

    chi2: np.ndarray
    shift: np.ndarray
    residuals: np.ndarray
    errors: np.ndarray
    names: tuple[str, ...]


@cache
def measurements() -> dict[str, Measured]:
    """Return the table of measurements by name. Raises DataFileError for a malformed table."""
    return _read("light_elements.toml", Measured)


@cache
def joint_cmb() -> dict[str, JointCmb]:
    """Return the joint results of the CMB by name. Raises DataFileError for a malformed table."""
    return _read("cmb_joint.toml", JointCmb)


def measurement(name: str, quantity: Element) -> Measured:
    """Return a measurement of a quantity by name. Raises UnknownNameError."""
    allowed = [key for key, row in measurements().items() if row.quantity == quantity]
    if name not in allowed:
        raise unknown_name(f"measurement of {quantity}", str(name), allowed)
    return measurements()[name]


def compare(
    found: "Yields", helium: str = "yp-lbt2026", deuterium: str = "dh-cooke2018", baryons: str = "omega-b-planck2018"
) -> Comparison:
    """Return chi2 of (Y_p, D/H) with all covariances, profiled over omega_b.

    helium, deuterium: names of measurements. baryons: name of a measurement of omega_b, or of a joint result of the CMB
    for (omega_b, N_eff, Y_p), in which N_eff of the history and the helium at recombination are compared too; a
    measurement of omega_b is then not used beside it, so that nothing is counted twice.
    The yields are taken as linear in omega_b. NaN where the yields are. Raises UnknownNameError.
    """
    best = profile(Predicted.of(found), helium, deuterium, baryons)
    pulls = dict(zip(best.names, (best.residuals[0] / best.errors[0]).tolist(), strict=True))
    omega_b = found.omega_b + float(best.shift[0])
    return Comparison(float(best.chi2[0]), omega_b, pulls, (helium, deuterium, baryons), found.rates)


def profile(found: Predicted, helium: str, deuterium: str, baryons: str) -> Profile:
    """Return chi2 of n points as `compare` does for one. Raises UnknownNameError."""
    measured = [measurement(helium, "Y_p"), measurement(deuterium, "D_H")]
    residual, slope = found.values - [m.value for m in measured], found.by_omega_b
    spread = np.diag([m.sigma**2 for m in measured])
    names = ["Y_p", "D_H", "omega_b"]
    omega_b, one = np.full(len(residual), found.omega_b), np.ones(len(residual))
    if baryons in joint_cmb():
        cmb = joint_cmb()[baryons]
        others = np.column_stack([omega_b, found.neff, found.values[:, 0]]) - cmb.mean
        residual = np.column_stack([residual, others])
        slope = np.column_stack([slope, one, 0 * one, slope[:, 0]])
        spread = _blocks(spread, cmb.covariance)
        names += ["N_eff", "Y_p at recombination"]
    else:
        allowed = [*(k for k, row in measurements().items() if row.quantity == "omega_b"), *joint_cmb()]
        if baryons not in allowed:
            raise unknown_name("measurement of omega_b", str(baryons), allowed)
        row = measurement(baryons, "omega_b")
        residual, slope = np.column_stack([residual, omega_b - row.value]), np.column_stack([slope, one])
        spread = _blocks(spread, np.array([[row.sigma**2]]))
    into = np.array([[name.startswith("Y_p"), name == "D_H"] for name in names], dtype=float)
    covariance = spread + into @ found.covariance @ into.T
    chi2, shift = _profiled(residual, slope, covariance)
    errors = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    return Profile(chi2, shift, residual + shift[:, None] * slope, errors, tuple(names))


def _profiled(residual: np.ndarray, slope: np.ndarray, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least chi2 of residual + shift * slope [n, k], and the shift at which it is reached, each [n]."""
    known = np.isfinite(residual).all(axis=1) & np.isfinite(covariance).all(axis=(1, 2))
    chi2, shift = np.full((2, len(residual)), np.nan)
    scale = np.sqrt(np.diagonal(covariance[known], axis1=1, axis2=2))
    weight = np.linalg.inv(covariance[known] / (scale[:, :, None] * scale[:, None, :]))
    r, s = residual[known] / scale, slope[known] / scale
    shift[known] = -np.einsum("ni,nij,nj->n", s, weight, r) / np.einsum("ni,nij,nj->n", s, weight, s)
    best = r + shift[known, None] * s
    chi2[known] = np.einsum("ni,nij,nj->n", best, weight, best)
    return chi2, shift


def _blocks(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the block-diagonal matrix of two matrices."""
    n, m = len(first), len(second)
    whole = np.zeros((n + m, n + m))
    whole[:n, :n], whole[n:, n:] = first, second
    return whole


def _read(name: str, kind: type[Row]) -> dict[str, Row]:
    text = files("nuportal.observations").joinpath(name).read_text(encoding="utf-8")
    return parse(tomllib.loads(text), name, kind)


def parse(rows: Mapping[str, dict[str, Any]], source: str, kind: type[Row]) -> dict[str, Row]:
    """Return checked rows by name. Raises DataFileError that names the entry at fault."""
    table: dict[str, Row] = {}
    for name, row in rows.items():
        try:
            table[name] = kind(name=name, **row)
        except ValidationError as error:
            first = error.errors()[0]
            raise DataFileError(f"{source}: [{name}] {'.'.join(map(str, first['loc']))} {first['msg']}") from None
    return table
