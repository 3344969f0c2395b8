"""Elastic neutrino-electron scattering: Standard Model, a vector or a scalar mediator, and their interference.

All functions broadcast over the recoil energy T and the neutrino energy E (MeV) and return dsigma/dT in MeV^-3, zero
outside 0 <= T <= 2 E^2/(m_e + 2 E); times HBAR_C_CM^2 gives cm^2/MeV. For neutrinos

    dsigma/dT = (2 G_F^2 m_e/pi) [gL^2 + gR^2 (1 - T/E)^2 - gL gR m_e T/E^2]

(antineutrinos: gL <-> gR), and a vector of any mass far below m_W moves both couplings by

    delta(T) = c_e c_nu/(2 sqrt2 G_F (2 m_e T + M^2)),

so that dsigma/dT = S0 + delta S1 + delta^2 S2 exactly, with S0, S1, S2 free of the mediator (`coefficients`): fold
those once with a flux and a new mediator costs one multiplication per recoil energy (`vector_shift`). A scalar adds
incoherently, dsigma/dT = [c_e c_nu/(2 m_e T + M^2)]^2 S3 (`scalar_coefficient`, `scalar_factor`).

    dsigma = cross_section(T, E, "e", nup.U1X("B-L", mass="10 keV", g=3e-7).couplings)
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import G_F, M_E
from nuportal.errors import unknown_name
from nuportal.models.base import Couplings
from nuportal.processes.flavour import flavour_index
from nuportal.processes.recoil_kinematics import is_allowed

Flavour = Literal["e", "mu", "tau"]
Radiative = Literal["flavour", "common"]
Particle = Literal["neutrino", "antineutrino"]


class Coefficients(NamedTuple):
    """dsigma/dT = sm + delta interference + delta^2 quadratic, each in MeV^-3 and zero where kinematics forbids."""

    sm: np.ndarray
    interference: np.ndarray
    quadratic: np.ndarray


def cross_section(
    recoil_energy: ArrayLike,
    neutrino_energy: ArrayLike,
    flavour: Flavour,
    couplings: Couplings | None = None,
    *,
    radiative: Radiative = "flavour",
    particle: Particle = "neutrino",
) -> np.ndarray:
    """Return dsigma/dT in MeV^-3 for the Standard Model, or with a mediator's couplings (spin 1 or 0).

    radiative: "flavour" (default: Bahcall-Kamionkowski-Sirlin couplings per flavour, with their dependence on T) or
    "common" (one gR for all flavours, 1.4 % higher in rate). Raises UnknownNameError.
    """
    terms = coefficients(recoil_energy, neutrino_energy, flavour, radiative=radiative, particle=particle)
    if couplings is None:
        return terms.sm
    if couplings.spin == 0:
        factor = scalar_factor(recoil_energy, couplings, flavour)
        return terms.sm + factor * scalar_coefficient(recoil_energy, neutrino_energy)
    shift = vector_shift(recoil_energy, couplings, flavour)
    return terms.sm + shift * (terms.interference + shift * terms.quadratic)


def coefficients(
    recoil_energy: ArrayLike,
    neutrino_energy: ArrayLike,
    flavour: Flavour,
    *,
    radiative: Radiative = "flavour",
    particle: Particle = "neutrino",
) -> Coefficients:
    """Return the Standard Model term and what multiplies delta and delta^2, MeV^-3 (ghosh2023 eq. 14 is the second)."""
    recoil, energy = np.asarray(recoil_energy, dtype=float), np.asarray(neutrino_energy, dtype=float)
    left, right = weak_couplings(recoil, flavour, radiative=radiative)
    if particle not in get_args(Particle):
        raise unknown_name("particle", str(particle), get_args(Particle))
    if particle == "antineutrino":
        left, right = right, left
    allowed = is_allowed(recoil, energy)
    safe = np.where(energy > 0, energy, 1.0)
    forward = (1 - recoil / safe) ** 2
    mixed = M_E * recoil / safe**2
    scale = np.where(allowed, 2 * G_F**2 * M_E / np.pi, 0.0)
    return Coefficients(
        scale * (left**2 + right**2 * forward - left * right * mixed),
        scale * (2 * left + 2 * right * forward - (left + right) * mixed),
        scale * (1 + forward - mixed),
    )


def vector_shift(recoil_energy: ArrayLike, couplings: Couplings, flavour: Flavour) -> np.ndarray:
    """Return delta(T), by which a vector moves gL and gR (equivalently sin^2 theta_W); dimensionless, signed.

    A massless mediator gives inf at T = 0.
    """
    product = couplings.c_e * couplings.c_nu[flavour_index(flavour)]
    return product * _propagator(recoil_energy, couplings.mass) / (2 * np.sqrt(2) * G_F)


def scalar_factor(recoil_energy: ArrayLike, couplings: Couplings, flavour: Flavour) -> np.ndarray:
    """Return [c_e c_nu/(2 m_e T + M^2)]^2 in MeV^-4, which multiplies `scalar_coefficient`."""
    product = couplings.c_e * couplings.c_nu[flavour_index(flavour)]
    return (product * _propagator(recoil_energy, couplings.mass)) ** 2


def scalar_coefficient(recoil_energy: ArrayLike, neutrino_energy: ArrayLike, target_mass: float = M_E) -> np.ndarray:
    """Return m T (T + 2 m)/(8 pi E^2) in MeV: scalar exchange that flips the neutrino's helicity.

    Holds for (c_nu/2) phi nu nu + h.c. (Majorana) and for c_nu phi nubar_R nu_L + h.c. (Dirac) alike; for T << m_e it
    is the m^2 T/(4 pi E^2) of the literature. The target (MeV) has spin 1/2.
    """
    recoil, energy = np.asarray(recoil_energy, dtype=float), np.asarray(neutrino_energy, dtype=float)
    safe = np.where(energy > 0, energy, 1.0)
    value = target_mass * recoil * (recoil + 2 * target_mass) / (8 * np.pi * safe**2)
    return np.where(is_allowed(recoil, energy, target_mass), value, 0.0)


def weak_couplings(
    recoil_energy: ArrayLike, flavour: Flavour, *, radiative: Radiative = "flavour"
) -> tuple[np.ndarray, np.ndarray]:
    """Return (gL, gR) of neutrinos on electrons at the recoil energy (MeV). Raises UnknownNameError."""
    electron = flavour_index(flavour) == 0
    if radiative not in get_args(Radiative):
        raise unknown_name("radiative correction", str(radiative), get_args(Radiative))
    recoil = np.asarray(recoil_energy, dtype=float)
    if radiative == "common":
        numbers = weak_coupling_data()["electron_common"]
        left = numbers["gL_nue"] if electron else numbers["gL_numutau"]
        return np.full(recoil.shape, left), np.full(recoil.shape, numbers["gR"])
    numbers = weak_coupling_data()["electron_flavour"]
    constant, slope = numbers["kappa_nue"] if electron else numbers["kappa_numutau"]
    effective = (constant + slope * charge_radius_integral(recoil)) * numbers["sin2_theta_w"]
    left = (1.0 if electron else 0.0) - numbers["rho"] * (0.5 - effective)
    return left, numbers["rho"] * effective


def charge_radius_integral(recoil_energy: ArrayLike) -> np.ndarray:
    """Return I(T) of Bahcall, Kamionkowski and Sirlin (1995), the recoil dependence of kappa.

    I = (1/6) {1/3 + (3 - x^2) [(x/2) ln((x+1)/(x-1)) - 1]}, x = sqrt(1 + 2 m_e/T); in powers of u = 1/x^2 the
    cancellation at small T is done by hand: 6 I = sum_k u^k [3/(2k+1) - 1/(2k+3)].
    """
    recoil = np.asarray(recoil_energy, dtype=float)
    u = recoil / (recoil + 2 * M_E)
    series = sum(u**k * (3 / (2 * k + 1) - 1 / (2 * k + 3)) for k in range(1, 13))
    x = 1 / np.sqrt(np.where(u > 0.05, u, 0.5))
    closed = 1 / 3 + (3 - x * x) * (x * np.arctanh(1 / x) - 1)
    return np.where(u > 0.05, closed, series) / 6


@cache
def weak_coupling_data() -> dict[str, dict[str, Any]]:
    """Return the tables of data/weak_couplings.toml (constants with their sources)."""
    return tomllib.loads(files("nuportal.processes").joinpath("data/weak_couplings.toml").read_text(encoding="utf-8"))


def _propagator(recoil_energy: ArrayLike, mass: float) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return 1 / (2 * M_E * np.asarray(recoil_energy, dtype=float) + mass**2)
