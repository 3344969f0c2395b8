# pyright: basic
"""Linear systems of the freeze-in equations, (1/(h gamma) - J) v = b, in the structure their Jacobian has.

Without nu nubar <-> Z'Z' occupations meet only through the fluid: with tau = gradient v as further unknowns the
matrix is a diagonal with a border of BORDER rows and columns, solved in O(n). With pairs it is dense.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.cosmology.fluid.equations import EXTRA
from nuportal.solvers import rodas

BORDER = EXTRA + 3  #: ln(T_gamma a), N, R, x and tau


class Linear(NamedTuple):
    """Factors: `matrix` [m, m] dense; or the diagonal [n], columns, rows [BORDER, n] and corner of the border."""

    matrix: np.ndarray
    pivot: np.ndarray
    diagonal: np.ndarray
    right: np.ndarray
    below: np.ndarray
    corner: np.ndarray
    corner_pivot: np.ndarray
    end: np.ndarray


@njit(cache=True, error_model="numpy")
def linear_arrays(n):
    """Return the arrays for n momentum nodes."""
    m = n + EXTRA
    return Linear(
        np.empty((m, m)),
        np.empty(m, np.int64),
        np.empty(n),
        np.zeros((BORDER, n)),
        np.zeros((BORDER, n)),
        np.empty((BORDER, BORDER)),
        np.empty(BORDER, np.int64),
        np.empty(BORDER),
    )


@njit(cache=True, error_model="numpy")
def factor(shift, dense, w, s):
    """Factorise shift - J with the parts of J in w; return False if it is singular."""
    return factor_dense(shift, w, s) if dense else factor_bordered(shift, w, s)


@njit(cache=True, error_model="numpy")
def solve(dense, s, vector):
    """Solve in place with the factors of `factor`."""
    if dense:
        rodas.solve(s.matrix, s.pivot, vector, vector.size)
    else:
        solve_bordered(s, vector)


@njit(cache=True, error_model="numpy")
def factor_dense(shift, w, s):
    """Assemble the matrix and decompose it."""
    n = w.diagonal.size
    m = n + EXTRA
    for i in range(m):
        a, b, c = w.column[i, 0], w.column[i, 1], w.column[i, 2]
        for j in range(m):
            s.matrix[i, j] = -a * w.gradient[0, j] - b * w.gradient[1, j] - c * w.gradient[2, j]
        s.matrix[i, n] -= w.column[i, 3]
        s.matrix[i, n + 3] -= w.column[i, 4]
        if i < n:
            for j in range(n):
                s.matrix[i, j] -= w.block[i, j]
            s.matrix[i, i] -= w.diagonal[i]
        elif i < n + 3:
            for j in range(n):
                s.matrix[i, j] -= w.rows[i - n, j]
        s.matrix[i, i] += shift
    return rodas.decompose(s.matrix, s.pivot, m)


@njit(cache=True, error_model="numpy")
def factor_bordered(shift, w, s):
    """Eliminate the occupations; decompose the Schur complement of the border."""
    n = w.diagonal.size
    for i in range(n):
        s.diagonal[i] = 1.0 / (shift - w.diagonal[i])
        s.right[0, i], s.right[3, i] = -w.column[i, 3], -w.column[i, 4]
        for k in range(3):
            s.right[EXTRA + k, i] = -w.column[i, k]
            s.below[k, i] = -w.rows[k, i]
            s.below[EXTRA + k, i] = -w.gradient[k, i]
    s.corner[:] = 0.0
    for r in range(EXTRA):
        s.corner[r, r] = shift
        s.corner[r, 0] -= w.column[n + r, 3]
        s.corner[r, 3] -= w.column[n + r, 4]
        for k in range(3):
            s.corner[r, EXTRA + k] = -w.column[n + r, k]
            s.corner[EXTRA + k, r] = -w.gradient[k, n + r]
    for k in range(3):
        s.corner[EXTRA + k, EXTRA + k] = 1.0
    for r in range(BORDER):
        for c in range(BORDER):
            total = 0.0
            for i in range(n):
                total += s.below[r, i] * s.right[c, i] * s.diagonal[i]
            s.corner[r, c] -= total
    return rodas.decompose(s.corner, s.corner_pivot, BORDER)


@njit(cache=True, error_model="numpy", fastmath=rodas.FAST)
def solve_bordered(s, vector):
    """Solve in place with the factors of `factor_bordered`."""
    n = s.diagonal.size
    for r in range(BORDER):
        total = vector[n + r] if r < EXTRA else 0.0
        for i in range(n):
            total -= s.below[r, i] * s.diagonal[i] * vector[i]
        s.end[r] = total
    rodas.solve(s.corner, s.corner_pivot, s.end, BORDER)
    for i in range(n):
        total = vector[i]
        for c in range(BORDER):
            total -= s.right[c, i] * s.end[c]
        vector[i] = total * s.diagonal[i]
    for r in range(EXTRA):
        vector[n + r] = s.end[r]
