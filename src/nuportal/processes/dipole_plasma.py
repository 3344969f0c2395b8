"""Thermalisation of the sterile neutrino of a dipole portal in the early Universe (shoemaker2020 Figs 3, 4).

Squared amplitude of nu e -> N e, summed over spins, with S = s - m_e^2, Q^2 = -t and the moment mu of
L = (mu/2) nubar sigma F N (`DipolePortal.magnetic_moment`):

    |M|^2 = 32 pi alpha mu^2 [ (S^2 - m4^2 S - m4^2 m_e^2 + m4^4/2)/Q^2 + m4^2/2 - S - m_e^2 m4^4/Q^4 ],

the invariant form of shoemaker2020 eq. 2 (dsigma/dT with Q^2 = 2 m_e T, S = 2 m_e E). e+ e- -> N nubar follows by
s <-> t. Reaction densities use Maxwell-Boltzmann statistics; Pauli blocking lowers them by 10-20 %.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import k1, k1e, kn, kve

from nuportal.constants import ALPHA, E_CHARGE, M_E
from nuportal.models.dipole import DipolePortal
from nuportal.solvers.quadrature import rule

_X, _W = rule(200)


@dataclass(frozen=True)
class ThermalisationRates:
    """Interaction rates of N in MeV (arrays over temperature): production density over the density of N."""

    temperature: np.ndarray
    inverse_decay: np.ndarray
    upscattering: np.ndarray
    synthesis: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """Sum of the three processes, MeV."""
        return self.inverse_decay + self.upscattering + self.synthesis


def decay_width(model: DipolePortal) -> float:
    """Return Gamma(N -> nu gamma) = mu^2 m4^3/(16 pi) in MeV (m4^3 d^2/(4 pi) in the Lagrangian convention)."""
    return model.magnetic_moment**2 * float(model.m4) ** 3 / (16 * np.pi)


def thermalisation_rates(model: DipolePortal, temperature: np.ndarray) -> ThermalisationRates:
    """Return the rates of nu gamma -> N, nu e+- -> N e+- and e+ e- -> N nubar at the temperatures (MeV), common to
    all particles. The photon exchanged in up-scattering is screened by the Debye mass e T/sqrt(3) of the plasma.
    """
    t = np.atleast_1d(np.asarray(temperature, dtype=float))
    m4, moment2 = float(model.m4), model.magnetic_moment**2
    boost = k1e(m4 / t) / kve(2, m4 / t)
    density = _equilibrium_density(m4, t)
    up = np.array([_reaction_density(x, (M_E + m4) ** 2, lambda s, x=x: _upscattering(s, m4, x)) for x in t])
    threshold = max(4 * M_E**2, m4**2)
    pair = np.array([_reaction_density(x, threshold, lambda s: _synthesis(s, m4)) for x in t])
    return ThermalisationRates(t, decay_width(model) * boost, 2 * moment2 * up / density, moment2 * pair / density)


def upscattering_amplitude(s: np.ndarray, q2: np.ndarray, m4: float) -> np.ndarray:
    """Return |M|^2/mu^2 of nu e -> N e (MeV^2), summed over spins, unscreened."""
    big_s = s - M_E**2
    pole = (big_s**2 - m4**2 * big_s - m4**2 * M_E**2 + m4**4 / 2) / q2
    return 32 * np.pi * ALPHA * (pole + m4**2 / 2 - big_s - M_E**2 * m4**4 / q2**2)


def synthesis_amplitude(s: np.ndarray, t: np.ndarray, m4: float) -> np.ndarray:
    """Return |M|^2/mu^2 of e+ e- -> N nubar (MeV^2), summed over spins."""
    t1 = t - M_E**2
    u1 = m4**2 - s - t1
    rest = m4**2 / 2 - (m4**4 / 2 - m4**2 * M_E**2) / s - M_E**2 * m4**4 / s**2
    return 32 * np.pi * ALPHA * (t1 * u1 / s + rest)


def _upscattering(s: np.ndarray, m4: float, temperature: float) -> np.ndarray:
    """int dQ^2 |M|^2/mu^2 with 1/Q^4 -> 1/(Q^2 + m_D^2)^2, analytic."""
    root = np.sqrt((s - (m4 + M_E) ** 2) * (s - (m4 - M_E) ** 2))
    product = M_E**2 * m4**4 / s  # Q^2_min Q^2_max
    big_s = s - M_E**2
    q2_max = (big_s * (s + m4**2 - M_E**2) / (2 * s) - m4**2) + big_s * root / (2 * s)
    q2_min = product / q2_max
    debye2 = E_CHARGE**2 * temperature**2 / 3
    a = big_s**2 - m4**2 * big_s - m4**2 * M_E**2 + m4**4 / 2
    b = m4**2 / 2 - big_s
    c = M_E**2 * m4**4
    low, high = q2_min + debye2, q2_max + debye2
    logarithm = (a - 2 * b * debye2) * np.log(high / low)
    inverse = (b * debye2**2 - a * debye2 - c) * (1 / low - 1 / high)
    return 32 * np.pi * ALPHA * (b * (high - low) + logarithm + inverse)


def _synthesis(s: np.ndarray, m4: float) -> np.ndarray:
    """int dt |M|^2/mu^2, analytic in the scattering angle."""
    beta2 = 1 - 4 * M_E**2 / s
    width = s - m4**2
    rest = m4**2 / 2 - (m4**4 / 2 - m4**2 * M_E**2) / s - M_E**2 * m4**4 / s**2
    angular = width**2 / (4 * s) * (2 - 2 * beta2 / 3) + 2 * rest
    return 32 * np.pi * ALPHA * width * np.sqrt(beta2) / 2 * angular


def _reaction_density(temperature: float, threshold: float, integral: Callable[[np.ndarray], np.ndarray]) -> float:
    """gamma = T/(64 pi^4) int ds sqrt(s) K_1(sqrt(s)/T) [1/(8 pi s) int dt |M|^2] in MeV^4, per mu^2."""
    low = np.sqrt(threshold)
    root = low + 40 * temperature * ((1 + _X) / 2) ** 2
    weight = 40 * temperature * (1 + _X) / 2 * _W
    s = root**2
    integrand = 2 * root * root * k1(np.asarray(root / temperature, dtype=float)) * integral(s) / (8 * np.pi * s)
    return temperature / (64 * np.pi**4) * float(np.sum(weight * integrand))


def _equilibrium_density(m4: float, temperature: np.ndarray) -> np.ndarray:
    """Number density of N with two helicities, Maxwell-Boltzmann, MeV^3."""
    x = m4 / temperature
    return temperature**3 / np.pi**2 * np.where(x < 1e-8, 2.0, x**2 * kn(2, np.maximum(x, 1e-8)))
