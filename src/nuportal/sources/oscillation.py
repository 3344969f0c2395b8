"""Flavour of solar neutrinos at Earth: averaged vacuum oscillations and adiabatic conversion in the Sun.

Neutrinos reach Earth as an incoherent mixture of mass states with fractions P_i: P(nu_e -> nu_f) = sum_i P_i |U_fi|^2.
In vacuum P_i = |U_ei|^2 (bally2020 eq. 5). In matter the state born at electron density n_e follows its mass state:

    P_1 = c13^2 cos^2 theta_m,  P_2 = c13^2 sin^2 theta_m,  P_3 = s13^2,
    cos 2theta_m = (cos 2theta12 - beta)/sqrt((cos 2theta12 - beta)^2 + sin^2 2theta12),
    beta = 2 sqrt2 G_F c13^2 n_e E/dm21.

Matter effects on theta13 and regeneration in the Earth are neglected.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import cos, sqrt
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import G_F, HBAR_C_CM, N_AVOGADRO
from nuportal.errors import ParameterError, unknown_name

Method = Literal["msw", "vacuum"]


@dataclass(frozen=True)
class OscillationParameters:
    """sin^2 of the mixing angles, dm21 in eV^2, and the CP phase in radians (None: its terms are averaged away)."""

    s12sq: float
    s13sq: float
    s23sq: float
    dm21: float
    delta: float | None = None

    def __post_init__(self):
        for name in ("s12sq", "s13sq", "s23sq"):
            if not 0 <= getattr(self, name) <= 1:
                raise ParameterError(f"{name} = {getattr(self, name)} is not allowed: it must lie between 0 and 1")
        if not 0 < self.dm21 < np.inf:
            raise ParameterError(f"dm21 = {self.dm21} eV^2 is not allowed: it must be finite and positive")

    def mixing_squared(self) -> np.ndarray:
        """Return |U_fi|^2, shape (3 flavours e, mu, tau; 3 mass states)."""
        s12, s13, s23 = self.s12sq, self.s13sq, self.s23sq
        c12, c13, c23 = 1 - s12, 1 - s13, 1 - s23
        cp = 0.0 if self.delta is None else cos(self.delta)
        cross = 2 * sqrt(s12 * c12 * s23 * c23 * s13) * cp
        return np.array(
            [
                [c12 * c13, s12 * c13, s13],
                [s12 * c23 + c12 * s23 * s13 + cross, c12 * c23 + s12 * s23 * s13 - cross, s23 * c13],
                [s12 * s23 + c12 * c23 * s13 - cross, c12 * s23 + s12 * c23 * s13 + cross, c23 * c13],
            ]
        )


def oscillation_parameters(given: str | OscillationParameters | None = None) -> OscillationParameters:
    """Return a set by name ("NuFIT 4.0", "NuFIT 6.0" ...; None: the default) or as given. Raises UnknownNameError."""
    if isinstance(given, OscillationParameters):
        return given
    row = parameter_set(given)
    return OscillationParameters(row["s12sq"], row["s13sq"], row["s23sq"], row["dm21"])


def parameter_set(name: str | None = None) -> dict[str, Any]:
    """Return a named set (None: the default) with its name, errors, references and provenance. Raises as above."""
    sets = _data()
    wanted = sets["default"] if name is None else str(name)
    known = [key for key in sets if key != "default"]
    match = next((key for key in known if key.casefold() == wanted.casefold()), None)
    if match is None:
        raise unknown_name("oscillation parameter set", wanted, known)
    return sets[match] | {"name": match}


def mass_fractions(
    energy: ArrayLike, density: float, parameters: OscillationParameters, method: Method = "msw"
) -> np.ndarray:
    """Return P_i, shape (3, ...), of neutrinos of this energy (MeV) born as nu_e at n_e (mol/cm^3)."""
    if method not in get_args(Method):
        raise unknown_name("survival method", str(method), get_args(Method))
    energy = np.asarray(energy, dtype=float)
    cos2 = 1 - 2 * parameters.s12sq
    c13sq = 1 - parameters.s13sq
    if method == "msw":
        potential = sqrt(2) * G_F * density * N_AVOGADRO * HBAR_C_CM**3
        beta = 2 * potential * c13sq * energy / (parameters.dm21 * 1e-12)
        cos2m = (cos2 - beta) / np.hypot(cos2 - beta, sqrt(1 - cos2 * cos2))
    else:
        cos2m = np.full(energy.shape, cos2)
    return np.stack([c13sq * (1 + cos2m) / 2, c13sq * (1 - cos2m) / 2, np.full(energy.shape, parameters.s13sq)])


def flavour_probabilities(
    energy: ArrayLike, density: float, parameters: OscillationParameters, method: Method = "msw"
) -> np.ndarray:
    """Return P(nu_e -> nu_e, nu_mu, nu_tau) at Earth, shape (3, ...)."""
    return np.tensordot(parameters.mixing_squared(), mass_fractions(energy, density, parameters, method), axes=1)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("nuportal.sources").joinpath("data/oscillation_parameters.toml").read_text("utf-8"))
