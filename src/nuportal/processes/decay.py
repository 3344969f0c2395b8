"""Decays and inverse decays of a Z' between baths with temperatures, Maxwell-Boltzmann statistics."""

from functools import cache
from math import expm1

from numba import njit

from nuportal.solvers import hermite
from nuportal.solvers.rodas import FAST


@cache
def bessel_table() -> hermite.HermiteTable:
    """Return ln(e^x K_2(x)) over ln x, from 1e-4 to 1e6 (scripts/make_mediated_tables.py)."""
    return hermite.load("nuportal.processes", "tables/bessel.npz")


@njit(cache=True, error_model="numpy", fastmath=FAST)
def decay_gain(l_bath, lz, x_z, k_z, s_z, strength, ln_m, bessel, derivatives, out):
    """out = e^{M/T_Z'} (Q, dQ/dlnT_bath, dQ/dlnT_Z'): gain of the boson from decays and inverse decays, MB.

    Q = (3 M^3/2 pi^2) Gamma [T_b K_2(M/T_b) - T_Z' K_2(M/T_Z')] (ghosh2023 eq. 39) with l = ln T, x = M/T, k_z and s_z
    value and slope of `bessel` at x_z, strength = (3 M^3/2 pi^2) Gamma T_Z' e^{k_z}. The derivatives are at fixed
    prefactor e^{M/T_Z'}.
    """
    row, u = hermite.locate(bessel, ln_m - l_bath)
    k_b = hermite.value(bessel, row, u, 0)
    shift = expm1(lz - l_bath)  # x_b/x_z - 1 without loss of digits where baths are locked
    growth = expm1((l_bath - lz) + (k_b - k_z) - x_z * shift)
    out[0] = strength * growth
    if derivatives:
        s_b = hermite.slope(bessel, row, u, 0)
        out[1] = strength * (1 + growth) * (1 - s_b + x_z * (1 + shift))
        out[2] = -strength * (1 - s_z + x_z)
