# pyright: basic
"""Grid of comoving momenta of a boson, and the kernel of nu nubar <-> Z'Z' on it.

q = p a with a = 1 at the start; ln q is uniform, so that at any a the momenta p/M lie on one uniform grid of ln(p/M),
shifted: the kernel is tabulated once and interpolated along that shift (cubic Hermite).
"""

from functools import lru_cache
from math import exp, log
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.processes.neutrino_pair import pair_amplitude
from nuportal.solvers.rodas import FAST

LOWEST, HIGHEST = 0.01, 60.0  #: q over the temperature of the start


class MomentumGrid(NamedTuple):
    """Comoving momenta q [n] in MeV and the trapezoid weights of d ln q [n] (`step` inside, half at the ends)."""

    q: np.ndarray
    weight: np.ndarray


@lru_cache(maxsize=16)
def momentum_grid(t_start: float, nodes: int, lowest: float = LOWEST) -> MomentumGrid:
    """Return the grid for an evolution from t_start (MeV): `nodes` momenta from `lowest` to HIGHEST times t_start."""
    q = np.geomspace(lowest * t_start, HIGHEST * t_start, nodes)
    weight = np.full(nodes, log(HIGHEST / lowest) / (nodes - 1))
    weight[[0, -1]] /= 2
    return MomentumGrid(q, weight)


class KernelTable(NamedTuple):
    """S(u, v) = pair_amplitude/M^2 at u, v = u_0 + step i, and (d/du + d/dv) S times step: [m, m] each.

    `shape` = (u_0, step). Only |i - j| < nodes is filled.
    """

    value: np.ndarray
    slope: np.ndarray
    shape: np.ndarray


@lru_cache(maxsize=32)
def kernel_table(mass: float, spin: int, t_start: float, nodes: int, lowest: float, efolds: float) -> KernelTable:
    """Return the kernel of a boson of `mass` (MeV) from a = 1 to exp(efolds)."""
    q = momentum_grid(t_start, nodes, lowest).q
    step = log(q[-1] / q[0]) / (nodes - 1)
    u_0 = log(q[0] / mass) - efolds
    size = nodes + int(efolds / step) + 2
    value, slope = np.zeros((size, size)), np.zeros((size, size))
    _fill(value, slope, u_0, step, nodes, spin)
    return KernelTable(value, slope, np.array([u_0, step]))


@njit(cache=True)
def _fill(value, slope, u_0, step, nodes, spin):
    h = 1e-4
    for i in range(value.shape[0]):
        for j in range(i, min(i + nodes, value.shape[0])):
            u, v = u_0 + i * step, u_0 + j * step
            here = pair_amplitude(exp(u), exp(v), 1.0, spin)
            up = pair_amplitude(exp(u + h), exp(v + h), 1.0, spin)
            down = pair_amplitude(exp(u - h), exp(v - h), 1.0, spin)
            value[i, j] = value[j, i] = here
            slope[i, j] = slope[j, i] = (up - down) / (2 * h) * step


@njit(cache=True, error_model="numpy", fastmath=FAST)
def kernel_at(table, ln_u_first, out):
    """Write S(u_i, u_j) for u_i = ln_u_first + step i into out [n, n]."""
    position = max((ln_u_first - table.shape[0]) / table.shape[1], 0.0)
    n = out.shape[0]
    row = min(int(position), table.value.shape[0] - n - 1)
    t = position - row
    a, b = (1.0 + 2.0 * t) * (1.0 - t) ** 2, t * t * (3.0 - 2.0 * t)
    c, d = t * (1.0 - t) ** 2, t * t * (t - 1.0)
    value, slope = table.value, table.slope
    for i in range(n):
        k = row + i
        for j in range(n):
            m = row + j
            out[i, j] = a * value[k, m] + b * value[k + 1, m + 1] + c * slope[k, m] + d * slope[k + 1, m + 1]
