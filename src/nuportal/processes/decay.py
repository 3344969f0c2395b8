# pyright: basic
"""Decays and inverse decays of a Z' between baths with temperatures, Maxwell-Boltzmann or exact quantum statistics."""

from functools import cache
from math import exp, expm1, log1p, pi, sqrt

import numpy as np
from numba import njit

from nuportal.solvers import hermite
from nuportal.solvers.compiled import INNER
from nuportal.solvers.rodas import FAST

# Gauss nodes in the square root of kinetic energy over temperature, up to (E-M)/T = 42
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(28)
_ROOT, _ROOT_WEIGHTS = 3.25 * (1 + _NODES), 3.25 * _WEIGHTS

LOCKED = 1e-4  #: |ln(T_b/T_Z')| below which the difference of two table values is taken from the slopes


@cache
def bessel_table() -> hermite.HermiteTable:
    """Return ln(e^x K_2(x)) over ln x, from 1e-4 to 1e6 (scripts/make_mediated_tables.py)."""
    return hermite.load("nuportal.processes", "tables/bessel.npz")


@njit(cache=True, error_model="numpy", fastmath=FAST)
def decay_gain(d, ln_x, x_z, k_z, s_z, strength, bessel, derivatives, out):
    """out = e^{M/T_Z'} (Q, dQ/dlnT_bath, dQ/dlnT_Z'): gain of the boson from decays and inverse decays, MB.

    Q = (3 M^3/2 pi^2) Gamma [T_b K_2(M/T_b) - T_Z' K_2(M/T_Z')] (ghosh2023 eq. 39). d = ln(T_b/T_Z'), from the state
    and not from the temperatures, whose round-off would be multiplied by the rate; x_z = M/T_Z' = e^{ln_x}, k_z and s_z
    value and slope of `bessel` there, strength = (3 M^3/2 pi^2) Gamma T_Z' e^{k_z}. The derivatives are at fixed
    prefactor e^{M/T_Z'}.
    """
    row, u = hermite.locate(bessel, ln_x - d)
    shift = expm1(-d)  # x_b/x_z - 1
    if abs(d) < LOCKED:  # Simpson's rule on the slope is exact within a cell of the table
        middle, v = hermite.locate(bessel, ln_x - 0.5 * d)
        s_b = hermite.slope(bessel, row, u, 0)
        rise = -d * (s_b + 4 * hermite.slope(bessel, middle, v, 0) + s_z) / 6
    else:
        s_b = hermite.slope(bessel, row, u, 0) if derivatives else 0.0
        rise = hermite.value(bessel, row, u, 0) - k_z
    growth = expm1(d + rise - x_z * shift)
    out[0] = strength * growth
    if derivatives:
        out[1] = strength * (1 + growth) * (1 - s_b + x_z * (1 + shift))
        out[2] = -strength * (1 - s_z + x_z)


@njit(**INNER, fastmath=FAST)
def pair_blocking(energy, spread, t):
    """Return (S, dS/dlnT), S = <1 - f - fbar> over the decay fermions, uniform in E/2 -+ spread/2 (spread = p beta).

    f fbar = n_B(E) (1 - f - fbar) at one temperature; S = 1 - (2T/spread) ln[(1+e^{-E_-/T})/(1+e^{-E_+/T})].
    """
    low, high = 0.5 * (energy - spread) / t, 0.5 * (energy + spread) / t
    f_low, f_high = 1 / (exp(low) + 1), 1 / (exp(high) + 1)
    if high - low < 1e-3:  # both ends of the integral agree: the mean of f and of its derivative
        middle = 0.5 * (low + high)
        f = 1 / (exp(middle) + 1)
        return 1 - 2 * f, -2 * middle * f * (1 - f)
    difference = log1p(exp(-low)) - log1p(exp(-high))
    factor = 2 / (high - low)
    return 1 - factor * difference, -factor * (difference + low * f_low - high * f_high)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def quantum_decay_gain(d, t_z, mass, beta, width, derivatives, out):
    """out as in `decay_gain`, with Bose-Einstein bosons, blocking and stimulation at d = ln(T_b/T_Z').

    Q = (3 M Gamma/2 pi^2) int p^2 dp [n_B(E/T_b) - n_B(E/T_Z')] S(E, p beta, T_b), beta = sqrt(1 - 4 m_f^2/M^2): the
    bracket f fbar (1+n) - n (1-f)(1-fbar) is (n_B(E/T_b) - n) (1 - f - fbar).
    """
    t_b = t_z * exp(d)
    scale = max(t_b, t_z)
    cooler = expm1(-d)
    q, dq_b, dq_z = 0.0, 0.0, 0.0
    for k in range(_ROOT.size):
        kinetic = scale * _ROOT[k] ** 2
        energy = mass + kinetic
        p = sqrt(kinetic * (2 * mass + kinetic))
        weight = p * energy * scale * 2 * _ROOT[k] * _ROOT_WEIGHTS[k]
        a, b = energy / t_b, energy / t_z
        blocking, d_blocking = pair_blocking(energy, p * beta, t_b)
        from_bath, from_boson = exp(mass / t_z - a), exp(-kinetic / t_z)
        bath, boson = -expm1(-a), -expm1(-b)
        difference = -from_bath * expm1(b * cooler) / (bath * boson)  # n_B(a) - n_B(b), a - b = b (T_Z'/T_b - 1)
        q += weight * blocking * difference
        if derivatives:
            dq_b += weight * (blocking * a * from_bath / bath**2 + d_blocking * difference)
            dq_z -= weight * blocking * b * from_boson / boson**2
    strength = 3 * mass * width / (2 * pi**2)
    out[0], out[1], out[2] = strength * q, strength * dq_b, strength * dq_z
