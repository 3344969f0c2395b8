"""The vector mesons rho, omega and phi between a mediator and hadrons (vector-meson dominance, 1801.04847).

A mediator with quark couplings C = diag(c_u, c_d, c_s) turns into a vector meson V with Tr[T_V C] times the
Breit-Wigner factor of V. The width in that factor runs with the mass of the mediator through the phase space of the
modes of V, so that it vanishes below every threshold.
"""

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import log, pi
from typing import Any

import numpy as np

from nuportal.constants import E_CHARGE, M_PION_CHARGED
from nuportal.solvers.quadrature import gauss_legendre

CHARGE = np.array([2.0, -1.0, -1.0]) / 3  #: electric charges of u, d, s
_DALITZ = 48  #: Gauss nodes in each invariant mass of three pions
_TOP = 2000.0  #: MeV, end of the table of the phase space of three pions


@dataclass(frozen=True)
class VectorMeson:
    """Mass, width, electronic width (MeV), U(3) generator and shares of the width of a vector meson."""

    mass: float
    width: float
    electronic_width: float
    generator: tuple[float, float, float]
    modes: dict[str, float]

    def running_width(self, mass: float, mode: str | None = None) -> float:
        """Return the width (MeV) of a vector meson of another mass, into one mode or into all."""
        chosen = self.modes if mode is None else {mode: self.modes[mode]}
        return self.width * sum(
            share * phase_space(name, mass) / phase_space(name, self.mass) for name, share in chosen.items()
        )

    def propagator(self, mass: float) -> complex:
        """Return M_V^2/(M_V^2 - M^2 - i M Gamma(M)), which is 1 far below the resonance."""
        return self.mass**2 / (self.mass**2 - mass**2 - 1j * mass * self.running_width(mass))


@dataclass(frozen=True)
class Pseudoscalar:
    """Mass, width to two photons (MeV) and U(3) generator of a pseudoscalar meson."""

    mass: float
    two_photons: float
    generator: tuple[float, float, float]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("nuportal.limits.recast").joinpath("mesons.toml").read_text(encoding="utf-8"))


@cache
def vectors() -> dict[str, VectorMeson]:
    """Return rho, omega and phi."""
    return {name: VectorMeson(**row) for name, row in _data()["vectors"].items()}


@cache
def pseudoscalars() -> dict[str, Pseudoscalar]:
    """Return pi0 and eta."""
    return {name: Pseudoscalar(**row) for name, row in _data()["pseudoscalars"].items()}


@lru_cache(maxsize=8192)
def phase_space(mode: str, mass: float) -> float:
    """Return how the width of a vector meson into a mode grows with its mass, up to a constant; 0 below threshold."""
    if mode == "pi_pi_pi":
        return _three_pions(mass)
    if mode.endswith("_gamma"):
        light = pseudoscalars()[mode.removesuffix("_gamma")].mass
        return (mass - light**2 / mass) ** 3 if mass > light else 0.0
    kaons = _data()["kaons"]
    daughter = {"pi_pi": M_PION_CHARGED, "kaons_charged": kaons["charged"], "kaons_neutral": kaons["neutral"]}[mode]
    return mass * (1 - 4 * daughter**2 / mass**2) ** 1.5 if mass > 2 * daughter else 0.0


def _three_pions(mass: float) -> float:
    if mass <= 3 * M_PION_CHARGED:
        return 0.0
    at, values = _three_pion_table()
    excess = (mass - 3 * M_PION_CHARGED) / M_PION_CHARGED
    return float(np.exp(np.interp(log(excess), at, values)))


@cache
def _three_pion_table() -> tuple[np.ndarray, np.ndarray]:
    """ln of the phase space of rho pi -> 3 pi over ln of the kinetic energy in pion masses."""
    excess = np.geomspace(1e-3, (_TOP - 3 * M_PION_CHARGED) / M_PION_CHARGED, 120)
    return np.log(excess), np.log([_dalitz(3 * M_PION_CHARGED + e * M_PION_CHARGED) for e in excess])


def _dalitz(mass: float) -> float:
    """1/M^3 int ds dt [s t u - m^2 (M^2 - m^2)^2] |sum over pairs of the propagator of the rho|^2 (1/MeV scale)."""
    m2, x, w = M_PION_CHARGED**2, *gauss_legendre(_DALITZ)
    low, high = 4 * m2, (mass - M_PION_CHARGED) ** 2
    s, weight = low + (high - low) * x, (high - low) * w
    middle = (mass**2 + 3 * m2 - s) / 2
    half = np.sqrt(np.maximum((s - 4 * m2) * ((mass**2 - s - m2) ** 2 - 4 * m2 * s) / (4 * s), 0.0))
    t = middle[:, None] + half[:, None] * (2 * x[None] - 1)
    u = mass**2 + 3 * m2 - s[:, None] - t
    amplitude = _rho(s)[:, None] + _rho(t) + _rho(u)
    kibble = s[:, None] * t * u - m2 * (mass**2 - m2) ** 2
    inner = (kibble * np.abs(amplitude) ** 2) @ w * 2 * half
    return float(weight @ inner) / mass**3


def _rho(s: np.ndarray) -> np.ndarray:
    rho = vectors()["rho"]
    growth = np.maximum((s - 4 * M_PION_CHARGED**2) / (rho.mass**2 - 4 * M_PION_CHARGED**2), 0.0) ** 1.5
    width = rho.width * growth * rho.mass / np.sqrt(s)
    return rho.mass**2 / (rho.mass**2 - s - 1j * rho.mass * width)


def anomaly(name: str, quarks: np.ndarray, mass: float) -> np.ndarray:
    """Return sum_V Tr[T_P Q T_V] Tr[T_V C] BW_V(M), the amplitude of P with a photon and a mediator (1801.04847).

    quarks: c_u, c_d, c_s [3, ...], which may be complex.
    """
    of, found = pseudoscalars()[name], np.zeros(np.shape(quarks)[1:], dtype=complex)
    for meson in vectors().values():
        overlap = np.sum(np.array(of.generator) * CHARGE * np.array(meson.generator))
        found = found + overlap * np.tensordot(meson.generator, quarks, 1) * meson.propagator(mass)
    return found


def three_mesons(vector: str, name: str, quarks: np.ndarray, mass: float) -> np.ndarray:
    """Return sum_W Tr[T_V T_P T_W] Tr[T_W C] BW_W(M), the amplitude of V with P and a mediator (1801.04847)."""
    pair = np.array(vectors()[vector].generator) * np.array(pseudoscalars()[name].generator)
    found = np.zeros(np.shape(quarks)[1:], dtype=complex)
    for meson in vectors().values():
        overlap = np.sum(pair * np.array(meson.generator))
        found = found + overlap * np.tensordot(meson.generator, quarks, 1) * meson.propagator(mass)
    return found


@cache
def _two_photons(name: str) -> np.ndarray:
    """The amplitude of a pseudoscalar with two photons."""
    return anomaly(name, CHARGE, 0.0)


def radiative_width(name: str, quarks: np.ndarray, mass: float) -> np.ndarray:
    """Return Gamma(Z' -> P gamma) in MeV: the square of `radiative_amplitude`."""
    return np.abs(radiative_amplitude(name, quarks, mass)) ** 2


def radiative_amplitude(name: str, quarks: np.ndarray, mass: float) -> np.ndarray:
    """Return the root of Gamma(Z' -> P gamma) in MeV with its phase, linear in the couplings, from the width of P.

    With g the amplitude of P with two photons, Gamma(P -> 2 gamma) = g^2 m^3/(64 pi), and g' that with a photon and a
    mediator, Gamma(Z' -> P gamma) = g'^2 (M^2 - m^2)^3/(96 pi M^3); g'/g is the ratio of the anomalies.
    """
    of = pseudoscalars()[name]
    if mass <= of.mass:
        return np.zeros(np.shape(quarks)[1:])
    g2 = 64 * pi * of.two_photons / of.mass**3
    ratio = anomaly(name, quarks, mass) / (E_CHARGE * _two_photons(name))
    return ratio * np.sqrt(g2 * (mass**2 - of.mass**2) ** 3 / (96 * pi * mass**3))
