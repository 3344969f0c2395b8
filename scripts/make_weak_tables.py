"""Make src/nuportal/processes/tables/weak_me.npz from the collision integrals of processes.weak_collision (15 s).

Linear-response factors a1, a2, n1, n2, s1, s2 at T_gamma = T_nu, and the integrated rates A, N whose linear response
a and n are: A(T) = T^-9 int_0^T 9 T'^8 a(T') dT', so that 32 [A(T_gamma) T_gamma^9 - A(T_nu) T_nu^9] is exact at first
order in T_gamma - T_nu and, for Maxwell-Boltzmann statistics, at any difference (docs/physics/weak_rates.md).
"""

from importlib.resources import files
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline

from nuportal import constants
from nuportal.constants import M_E
from nuportal.processes import weak_collision
from nuportal.solvers import hermite

OUT = Path(str(files("nuportal.processes").joinpath("tables")))
PAIRS = np.array([2, 2, 2, 2, 1, 1])  # Boltzmann factors e^{-pairs m_e/T} taken out of the columns


def factors(temperature: float) -> np.ndarray:
    """Return a1, a2, n1, n2, s1, s2 at one temperature (MeV) with their Boltzmann factors taken out."""
    mass = M_E / temperature
    return (
        weak_collision.linear_response(mass) / np.array([9 * 32, 9 * 32, 8 * 8, 8 * 8, 56, 56]) * np.exp(PAIRS * mass)
    )


def integrated(x: np.ndarray, spline: CubicSpline, power: int) -> np.ndarray:
    """Return T^-power int_0^T power T'^(power-1) a(T') dT' over x = ln T, a and result times e^{2 m_e/T}."""

    def growth(ln_t, y):
        return power * (spline(ln_t) - y) - 2 * M_E * np.exp(-ln_t) * y

    # Far below m_e the result follows the rate at once: y' = y dln a/dlnT.
    start = power * spline(x[0]) / (power + 2 * M_E * np.exp(-x[0]) + spline(x[0], 1) / spline(x[0]))
    return solve_ivp(growth, (x[0], x[-1]), start, method="LSODA", t_eval=x, rtol=1e-11, atol=1e-15).y.T


if __name__ == "__main__":
    x = np.linspace(np.log(0.006), np.log(1200.0), 1601)
    linear = np.array([factors(t) for t in np.exp(x)])
    spline = CubicSpline(x, linear)
    energy, number = CubicSpline(x, linear[:, :2]), CubicSpline(x, linear[:, 2:4])
    whole = np.concatenate([integrated(x, energy, 9), integrated(x, number, 8)], axis=1)
    growth = np.array([9, 9, 8, 8]) * (linear[:, :4] - whole) - 2 * M_E * np.exp(-x)[:, None] * whole
    values, slopes = np.concatenate([linear, whole], axis=1), np.concatenate([spline(x, 1), growth], axis=1)
    about = (
        "weak nu-e transfer over ln(T/MeV): a1 a2 n1 n2 s1 s2 A1 A2 N1 N2, times e^(2 m_e/T), s1 s2 times e^(m_e/T); "
        f"made by scripts/make_weak_tables.py with {constants.SET}, version 2; data[i] = value, dx*slope of each column"
    )
    hermite.save(OUT / "weak_me.npz", hermite.build(x, values, slopes), about)
