"""Mixing of a light vector with the photon of the e.m. plasma, for couplings aligned with electric charge.

A vector that couples to electrons alone sees the same charges as the photon, so in the plasma its rate is

    G~ -> G~ M^4/[(M^2 - Pi)^2 + (omega Gamma)^2],     Gamma = (e^2/g_e^2) G~

with Pi the transverse photon self-energy on the light cone and Gamma the damping rate of photons: suppressed by
(M/omega_p)^4 while omega_p > M, resonant at Pi = M^2, untouched later. Integrated over the resonance this is the
Landau-Zener conversion of photons. Pi follows Braaten and Segel (hep-ph/9302213). Longitudinal bosons, a part M^2/E^2
of production in vacuum, take the same factor. ibe2020 leaves all this out: an option here, never its preset.
"""

from functools import cache
from math import exp, log, pi, sqrt

import numpy as np
from numba import njit

from nuportal.constants import ALPHA, E_CHARGE, M_E
from nuportal.cosmology.expansion import BEFORE_ANNIHILATION, radiation_era
from nuportal.errors import NotApplicableError
from nuportal.processes.boson_production import rate_at
from nuportal.solvers import hermite
from nuportal.solvers.quadrature import rule

# Electrons that outlive annihilation: n_e/n_gamma = eta (1 - Y_p/2), eta = 6.1e-10, Y_p = 0.247; 1807.06209
_RESIDUAL = 6.1e-10 * (1 - 0.247 / 2)
_ZETA3 = 1.2020569031595943
_T_RANGE = (1e-7, 100.0)


def plasma_parameters(t: float) -> tuple[float, float]:
    """Return (omega_p^2 in MeV^2, v_*) at temperature t in MeV: plasma frequency and typical electron velocity.

    omega_p^2 = (8 alpha/pi) int dp p^2/E (1 - v^2/3) f, omega_1^2 with (5/3) v^2 - v^4, v_* = omega_1/omega_p; e+,
    e- and the electrons left by the baryon asymmetry.
    """
    x, w = rule(80)
    kinetic = t * (3.3 * (1 + x)) ** 2
    measure = 2 * t * 3.3**2 * (1 + x) * w
    energy = M_E + kinetic
    p = np.sqrt(kinetic * (kinetic + 2 * M_E))
    v2 = (p / energy) ** 2
    f = np.exp(-np.minimum(energy / t, 700.0)) / (1 + np.exp(-np.minimum(energy / t, 700.0)))
    weight = 8 * ALPHA / pi * measure * p * f  # dp p^2/E = p dE
    residual = 4 * pi * ALPHA * _RESIDUAL * 2 * _ZETA3 / pi**2 * t**3 / M_E
    omega_p2 = float(np.sum(weight * (1 - v2 / 3))) + residual
    omega_12 = float(np.sum(weight * (5 / 3 * v2 - v2**2))) + residual * 5 * t / M_E
    return omega_p2, sqrt(omega_12 / omega_p2)


@cache
def plasma_table() -> hermite.HermiteTable:
    """Return the table over ln T (MeV) of ln omega_p^2 and v_*^2, for compiled code."""
    from scipy.interpolate import CubicSpline

    ln_t = np.linspace(log(_T_RANGE[0]), log(_T_RANGE[1]), 700)
    rows = np.array([plasma_parameters(t) for t in np.exp(ln_t)])
    values = np.stack([np.log(rows[:, 0]), rows[:, 1] ** 2], axis=-1)
    return hermite.build(ln_t, values, CubicSpline(ln_t, values)(ln_t, 1))


@njit(cache=True)
def transverse_mass2(table: hermite.HermiteTable, p: float, t: float, mass: float) -> float:
    """Return Pi_T(omega, p) in MeV^2 for omega^2 = p^2 + M^2 (Braaten and Segel; 1.5 % on the light cone)."""
    row, position = hermite.locate(table, log(t))
    omega_p2 = exp(hermite.value(table, row, position, 0))
    velocity = sqrt(max(hermite.value(table, row, position, 1), 0.0))
    y2 = velocity * velocity * p * p / (p * p + mass * mass)  # (v k/omega)^2
    # Pi/omega_p^2 = 3/(2 y^2) [1 - (1 - y^2)/(2y) ln((1+y)/(1-y))]
    if y2 < 1e-3:
        return omega_p2 * (1.0 + y2 / 5.0 + 3.0 * y2 * y2 / 35.0)
    y = sqrt(y2)
    logarithm = (1.0 - y2) / (2.0 * y) * log((1.0 + y) / (1.0 - y)) if y < 1.0 else 0.0
    return omega_p2 * 1.5 / y2 * (1.0 - logarithm)


@njit(cache=True)
def in_medium_factor(table: hermite.HermiteTable, p: float, t: float, mass: float, rate: float) -> float:
    """Return M^4/[(M^2 - Pi)^2 + (omega Gamma)^2] for the vacuum rate G~/g_e^2 = `rate` in MeV at (p, t)."""
    damping = sqrt(p * p + mass * mass) * E_CHARGE * E_CHARGE * rate
    detuning = mass * mass - transverse_mass2(table, p, t, mass)
    return mass**4 / (detuning * detuning + damping * damping)


@njit(cache=True)
def rate_in_medium_at(
    rates_hermite: np.ndarray, rates_grid: np.ndarray, table: hermite.HermiteTable, p: float, t: float
) -> float:
    """Return G~/g_e^2 in MeV with mixing, from the arrays of `ElectronRates` and `plasma_table()`."""
    rate = rate_at(rates_hermite, rates_grid, p, t)
    return rate * in_medium_factor(table, p, t, rates_grid[4], rate)


@njit(cache=True)
def rates_in_medium_at(
    rates_hermite: np.ndarray,
    rates_grid: np.ndarray,
    table: hermite.HermiteTable,
    p: np.ndarray,
    t: float,
    out: np.ndarray,
) -> None:
    """Write G~/g_e^2 in MeV with mixing at every momentum of `p` and one photon temperature into `out`."""
    for i in range(p.size):
        out[i] = rate_in_medium_at(rates_hermite, rates_grid, table, p[i], t)


def resonance_temperature(mass: float) -> float:
    """Return T in MeV with omega_p(T) = mass. Raises NotApplicableError where the table does not reach."""
    from scipy.optimize import brentq

    def detuning(ln_t: float) -> float:
        return log(plasma_parameters(float(np.exp(ln_t)))[0]) - 2 * log(mass)

    ends = log(_T_RANGE[0]), log(_T_RANGE[1])
    if not detuning(ends[0]) < 0 < detuning(ends[1]):
        raise NotApplicableError(f"mass = {mass:g} MeV: no resonance with the plasma between 0.1 eV and 100 MeV")
    return float(np.exp(brentq(detuning, *ends, xtol=1e-10)))


def conversion_probability(mass: float, g_e: float, omega: float | None = None) -> float:
    """Return the Landau-Zener probability 1 - exp(-P) that a photon of energy omega turns into Z' at the resonance.

    P = pi M^2 (g_e/e)^2/(omega |d ln omega_p^2/dt|), d/dt = -H T d/dT in radiation; omega defaults to 3 T.
    """
    t = resonance_temperature(mass)
    h = 1e-4
    slope = (log(plasma_parameters(t * (1 + h))[0]) - log(plasma_parameters(t * (1 - h))[0])) / (2 * h)
    degrees = 2 + 7 / 8 * 6 * (4 / 11) ** (4 / 3) if t < 0.3 else BEFORE_ANNIHILATION
    exponent = pi * mass**2 * (g_e / E_CHARGE) ** 2 / ((omega or 3 * t) * slope * radiation_era(t, degrees))
    return -float(np.expm1(-exponent))
