"""Decays and inverse decays of a Z' between baths with temperatures, Maxwell-Boltzmann statistics."""

from functools import cache
from math import expm1

from numba import njit

from nuportal.solvers import hermite
from nuportal.solvers.rodas import FAST

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
