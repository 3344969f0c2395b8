"""Massless neutrinos with a Fermi-Dirac distribution, with or without chemical potential z = mu/T (nu and nubar alike).

One flavour is one left-handed neutrino and its antiparticle, two degrees of freedom. p = rho/3, entropy density
s = (rho + p)/T - z n, and at fixed T d rho/dz = 3 T n. Solvers use `table` with `densities` and `state_of`:

    n, rho, dn_dz = densities(table(), t_nu, z)          # one flavour
    t_nu, z = state_of(table(), n, rho)                  # NaN where no -40 <= z <= 14 fits
"""

from functools import cache
from math import exp, isnan, log, nan, pi

import numpy as np
from numba import njit

from nuportal.solvers import hermite
from nuportal.solvers.quadrature import gauss_legendre

DOF = 2.0  #: of one flavour, neutrino and antineutrino

#: energy density of one flavour is RHO_1 T^4
RHO_1 = 7 * pi**2 / 120

Z_MIN, Z_MAX = -40.0, 14.0  #: range of the solver table in mu/T

_NORM = DOF / (2 * pi**2)


def fermi_integral(power: int, z: np.ndarray | float) -> np.ndarray:
    """Return int_0^inf dy y^power/(e^{y-z}+1), relative accuracy 1e-12 for -40 <= z <= 40 (any shape)."""
    return _fermi_integrals((power,), z)[0]


def _fermi_integrals(powers: tuple[int, ...], z: np.ndarray | float) -> list[np.ndarray]:
    """The integrals of several powers over the same occupation."""
    z = np.asarray(z, dtype=float)[..., None]
    low = np.maximum(z, 0.0)
    # Below and above the Fermi surface apart: each piece is smooth on its own scale.
    v, dv = gauss_legendre(400, 6.8)
    parts = [(low + v**2, 2 * v * dv)]
    if np.any(low > 0):
        u, du = gauss_legendre(400)
        parts.append((low * u, low * du))
    weights = [(y, measure / (np.exp(y - z) + 1)) for y, measure in parts]
    return [np.sum([np.sum(weight * y**power, axis=-1) for y, weight in weights], axis=0) for power in powers]


def number_density(t_nu: float, z: np.ndarray | float = 0.0, flavours: int = 3) -> np.ndarray:
    """Return n of nu and nubar of `flavours` flavours in MeV^3."""
    return flavours * _NORM * t_nu**3 * fermi_integral(2, z)


def energy_density(t_nu: float, z: np.ndarray | float = 0.0, flavours: int = 3) -> np.ndarray:
    """Return rho = 3 p of nu and nubar of `flavours` flavours in MeV^4."""
    return flavours * _NORM * t_nu**4 * fermi_integral(3, z)


@cache
def table() -> hermite.HermiteTable:
    """Return the solver table: ln of the Fermi integrals of power 1, 2, 3 over z from Z_MIN to Z_MAX."""
    z = np.linspace(Z_MIN, Z_MAX, 2701)
    halves = [_fermi_integrals((1, 2, 3), half) for half in (z[z <= 0], z[z > 0])]
    f0, (f1, f2, f3) = np.log1p(np.exp(z)), np.concatenate(halves, axis=1)
    return hermite.build(z, np.log([f1, f2, f3]).T, np.stack([f0 / f1, 2 * f1 / f2, 3 * f2 / f3], axis=1))


@njit(cache=True, error_model="numpy")
def densities(fermi_table: hermite.HermiteTable, t_nu: float, z: float) -> tuple[float, float, float]:
    """Return (n, rho, dn/dz at fixed T) of one flavour in MeV^3, MeV^4, MeV^3; z up to Z_MAX, any below."""
    row, t = hermite.locate(fermi_table, z)
    f1 = exp(hermite.value(fermi_table, row, t, 0))
    f2 = exp(hermite.value(fermi_table, row, t, 1))
    f3 = exp(hermite.value(fermi_table, row, t, 2))
    cube = _NORM * t_nu**3
    return cube * f2, cube * t_nu * f3, 2.0 * cube * f1


@njit(cache=True, error_model="numpy")
def state_of(fermi_table: hermite.HermiteTable, n: float, rho: float) -> tuple[float, float]:
    """Return (T, z) of one flavour with number density n (MeV^3) and energy density rho (MeV^4); NaN if there is none.

    Solves n^{4/3}/rho(z), which grows with z, by Newton's method kept inside a bracket.
    """
    if not (n > 0.0 and rho > 0.0):
        return nan, nan
    target = 4.0 / 3.0 * log(n / _NORM) - log(rho / _NORM)
    low, high, z = Z_MIN, Z_MAX, 0.0
    for _ in range(100):
        row, t = hermite.locate(fermi_table, z)
        f1 = hermite.value(fermi_table, row, t, 0)
        f2 = hermite.value(fermi_table, row, t, 1)
        f3 = hermite.value(fermi_table, row, t, 2)
        excess = 4.0 / 3.0 * f2 - f3 - target
        if isnan(excess):
            return nan, nan
        if excess > 0.0:
            high = z
        else:
            low = z
        step = excess / (8.0 / 3.0 * exp(f1 - f2) - 3.0 * exp(f2 - f3))
        if abs(step) < 1e-13 * (1.0 + abs(z)):
            return rho / n * exp(f2 - f3), z
        z -= step
        if not low < z < high:
            z = 0.5 * (low + high)
            if high - low < 1e-13 * (1.0 + abs(z)):  # the bracket closed on an end of the table, or on round-off
                break
    if low == Z_MIN or high == Z_MAX:
        return nan, nan
    row, t = hermite.locate(fermi_table, z)
    return rho / n * exp(hermite.value(fermi_table, row, t, 1) - hermite.value(fermi_table, row, t, 2)), z
