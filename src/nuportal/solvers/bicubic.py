# pyright: basic
"""Bicubic Hermite tables on a uniform grid, for compiled code.

A table is `hermite` [n, m, 4] = (value, d/di, d/dj, d2/didj in units of the grid steps) and `grid` = (x0, dx, y0, dy).
Outside the grid the edge value is used.
"""

import numpy as np
from numba import njit

from nuportal.solvers.compiled import INNER


def hermite_nodes(values: np.ndarray) -> np.ndarray:
    """Return value and spline derivatives at the nodes, [n, m, 4], in units of the grid step."""
    from scipy.interpolate import CubicSpline

    rows, columns = np.arange(values.shape[0]), np.arange(values.shape[1])
    d_i = CubicSpline(rows, values, axis=0)(rows, 1)
    d_j = CubicSpline(columns, values, axis=1)(columns, 1)
    d_ij = CubicSpline(columns, d_i, axis=1)(columns, 1)
    return np.ascontiguousarray(np.stack([values, d_i, d_j, d_ij], axis=-1))


@njit(**INNER)
def cell(x: float, start: float, step: float, size: int) -> tuple[int, float]:
    """Return the interval of a uniform grid that holds x, clamped to the grid, and the position in it (0 to 1)."""
    position = min(max((x - start) / step, 0.0), size - 1.0)
    index = min(int(position), size - 2)
    return index, position - index


@njit(**INNER)
def bicubic(hermite: np.ndarray, grid: np.ndarray, x: float, y: float) -> float:
    """Return the bicubic interpolant at (x, y), clamped to the edge of the grid."""
    i, u = cell(x, grid[0], grid[1], hermite.shape[0])
    j, v = cell(y, grid[2], grid[3], hermite.shape[1])
    total = 0.0
    for a in range(2):
        value_u, slope_u, _, _ = basis(u, a)
        for b in range(2):
            value_v, slope_v, _, _ = basis(v, b)
            node = hermite[i + a, j + b]
            total += value_v * (value_u * node[0] + slope_u * node[1])
            total += slope_v * (value_u * node[2] + slope_u * node[3])
    return total


@njit(**INNER)
def basis(u: float, end: int) -> tuple[float, float, float, float]:
    """Cubic Hermite basis of value and slope at the left (0) or right (1) node, and the derivatives of both."""
    if end == 0:
        return (1.0 + 2.0 * u) * (1.0 - u) ** 2, u * (1.0 - u) ** 2, 6.0 * u * (u - 1.0), (1.0 - u) * (1.0 - 3.0 * u)
    return u * u * (3.0 - 2.0 * u), u * u * (u - 1.0), 6.0 * u * (1.0 - u), u * (3.0 * u - 2.0)


@njit(**INNER)
def bicubic_with_slopes(table: np.ndarray, grid: np.ndarray, x: float, y: float) -> tuple[float, float, float]:
    """Return the bicubic interpolant and its derivatives by x and y (zero beyond an edge)."""
    i, u = cell(x, grid[0], grid[1], table.shape[0])
    j, v = cell(y, grid[2], grid[3], table.shape[1])
    value = d_x = d_y = 0.0
    for a in range(2):
        hu, gu, dhu, dgu = basis(u, a)
        for b in range(2):
            hv, gv, dhv, dgv = basis(v, b)
            node = table[i + a, j + b]
            value += hv * (hu * node[0] + gu * node[1]) + gv * (hu * node[2] + gu * node[3])
            d_x += hv * (dhu * node[0] + dgu * node[1]) + gv * (dhu * node[2] + dgu * node[3])
            d_y += dhv * (hu * node[0] + gu * node[1]) + dgv * (hu * node[2] + gu * node[3])
    inside_x = grid[0] < x < grid[0] + grid[1] * (table.shape[0] - 1)
    inside_y = grid[2] < y < grid[2] + grid[3] * (table.shape[1] - 1)
    return value, d_x / grid[1] if inside_x else 0.0, d_y / grid[3] if inside_y else 0.0
