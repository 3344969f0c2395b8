# pyright: basic
"""The weak kernels on the nodes of a grid, tabulated over ln T_gamma and theta = ln(T_gamma/s).

The kernels depend on E/T_gamma = y e^-theta and m_e/T_gamma. Boltzmann factors are taken out, so that what is left is
interpolated well by C1 cubics (Catmull and Rom) on a coarse grid. Built once per grid in a second or two and kept in
the user's cache folder.
"""

from functools import cache
from math import exp
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.constants import M_E
from nuportal.cosmology.momenta.grid import Grid
from nuportal.processes.table_cache import cached_array
from nuportal.processes.weak_kernels import annihilation_kernel, scattering_kernel
from nuportal.solvers.rodas import FAST

LN_T = (np.log(0.025), np.log(30.0), 64)  #: first, last, number of nodes; above, electrons are massless
THETA = (-0.3, 0.8, 20)
POWERS = (3.0, 3.0, 6.0, 4.0)  #: of e^-theta taken out of each part: its growth with energy
PARTS = 4  #: scattering (gL^2+gR^2), scattering gL gR, annihilation (gL^2+gR^2), annihilation gL gR
_VERSION = 2  # of the tables in the cache


class WeakTable(NamedTuple):
    """values [n_T, n_theta, PARTS, pairs], pair (i >= j) at i (i + 1)/2 + j; first ln T and theta; steps."""

    values: np.ndarray
    start: np.ndarray
    step: np.ndarray


@cache
def weak_table(nodes: int, boson_nodes: int, tail: bool, open_end: bool = False, even: bool = False) -> WeakTable:
    """Return the table for the grid of these arguments."""
    from nuportal.cosmology.momenta.grid import grid

    g: Grid = grid(nodes, boson_nodes, tail, open_end, even)
    ln_t, theta = np.linspace(*LN_T), np.linspace(*THETA)
    key = f"weak_kernels-v{_VERSION}-{nodes}{'-tail' if tail else ''}-{g.y[0]:.4f}-{g.y[-1]:.3f}-{g.y.size}"
    values = cached_array(key, lambda: _fill(g.y, g.equal, ln_t, theta))
    start = np.array([ln_t[0], theta[0]])
    return WeakTable(values, start, np.array([ln_t[1] - ln_t[0], theta[1] - theta[0]]))


@njit(cache=True, error_model="numpy")
def _fill(y, equal, ln_t, theta):
    pairs = y.size * (y.size + 1) // 2
    out = np.zeros((ln_t.size, theta.size, PARTS, pairs))
    for a in range(ln_t.size):
        mass = M_E / exp(ln_t[a])
        for b in range(theta.size):
            scale = exp(-theta[b])
            k = 0
            for i in range(y.size):
                for j in range(i + 1):
                    out[a, b, 0, k], out[a, b, 1, k] = scattering_kernel(y[i] * scale, y[j] * scale, mass)
                    out[a, b, 2, k], out[a, b, 3, k] = annihilation_kernel(y[i] * scale, y[j] * scale, mass)
                    k += 1
            _soften(y, scale, equal, out[a, b])
            for part in range(PARTS):
                out[a, b, part] *= exp(POWERS[part] * theta[b])
    return out


@njit(cache=True, error_model="numpy")
def _soften(y, scale, equal, kernels):
    """Add to scattering between neighbouring cells what the sum over cells misses of the cusp at equal energies.

    With K the kernel and its Boltzmann factor, K = K0 - K1 |E1 - E3| near the cusp, the sum over cells of (E1 - E3)^2 K
    falls short of the integral by h^4 K1/60 (Euler and Maclaurin). Raising both neighbours by h K1/120 restores it.
    """
    for i in range(1, equal):
        k, own, below = i * (i + 1) // 2 + i - 1, i * (i + 1) // 2 + i, (i - 1) * i // 2 + i - 1
        rise = exp(0.5 * (y[i] - y[i - 1]) * scale)
        for part in range(2):
            top = 0.5 * (kernels[part, own] / rise + kernels[part, below] * rise) * rise
            kernels[part, k] += (top - kernels[part, k]) / 120.0


@njit(cache=True, error_model="numpy", inline="always")
def _cubic(position, size):
    """Return the first of four nodes and their weights for a position in units of the step, clamped to the table."""
    position = min(max(position, 0.0), size - 1.0)
    cell = min(int(position), size - 2)
    t = position - cell
    first = min(max(cell - 1, 0), size - 4)
    if first == cell - 1:
        w0, w1 = 0.5 * t * (-1.0 + t * (2.0 - t)), 1.0 + t * t * (-2.5 + 1.5 * t)
        w2, w3 = 0.5 * t * (1.0 + t * (4.0 - 3.0 * t)), 0.5 * t * t * (t - 1.0)
        return first, w0, w1, w2, w3
    t = position - first  # at an end: the cubic through the four nodes
    w0 = -(t - 1.0) * (t - 2.0) * (t - 3.0) / 6.0
    w1 = 0.5 * t * (t - 2.0) * (t - 3.0)
    w2 = -0.5 * t * (t - 1.0) * (t - 3.0)
    w3 = t * (t - 1.0) * (t - 2.0) / 6.0
    return first, w0, w1, w2, w3


@njit(cache=True, error_model="numpy", fastmath=FAST)
def kernels_at(table, ln_t, theta, out):
    """Write the kernels [PARTS, pairs] at (ln T_gamma, theta) into out."""
    i, a0, a1, a2, a3 = _cubic((ln_t - table.start[0]) / table.step[0], table.values.shape[0])
    j, b0, b1, b2, b3 = _cubic((theta - table.start[1]) / table.step[1], table.values.shape[1])
    v = table.values
    theta = min(max(theta, table.start[1]), table.start[1] + table.step[1] * (v.shape[1] - 1))
    for c in range(PARTS):
        scale = exp(-POWERS[c] * theta)
        for k in range(out.shape[1]):
            r0 = b0 * v[i, j, c, k] + b1 * v[i, j + 1, c, k] + b2 * v[i, j + 2, c, k] + b3 * v[i, j + 3, c, k]
            r1 = b0 * v[i + 1, j, c, k] + b1 * v[i + 1, j + 1, c, k]
            r1 += b2 * v[i + 1, j + 2, c, k] + b3 * v[i + 1, j + 3, c, k]
            r2 = b0 * v[i + 2, j, c, k] + b1 * v[i + 2, j + 1, c, k]
            r2 += b2 * v[i + 2, j + 2, c, k] + b3 * v[i + 2, j + 3, c, k]
            r3 = b0 * v[i + 3, j, c, k] + b1 * v[i + 3, j + 1, c, k]
            r3 += b2 * v[i + 3, j + 2, c, k] + b3 * v[i + 3, j + 3, c, k]
            out[c, k] = scale * (a0 * r0 + a1 * r1 + a2 * r2 + a3 * r3)
