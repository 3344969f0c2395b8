# pyright: basic
"""RODAS: stiffly accurate Rosenbrock method of order 4(3) for small autonomous systems, analytic Jacobian.

Coefficients: Hairer and Wanner, Solving Ordinary Differential Equations II, section VI.4 (the code RODAS). One step
solves six linear systems with one LU decomposition of 1/(h gamma) - J. The right-hand side is compiled into the caller:
`step` takes the already evaluated f, J and a function.
"""

import numpy as np
from numba import njit

FAST = {"contract", "arcp", "reassoc"}  #: what the compiler may reorder; NaN and infinity stay meaningful

GAMMA = 0.25
STAGES = 6

#: stage values y + sum_j A[i, j] k_j and couplings C[i, j]/h k_j
A = np.array(
    [
        [0.0, 0.0, 0.0, 0.0, 0.0],
        [1.544, 0.0, 0.0, 0.0, 0.0],
        [0.9466785280815826, 0.2557011698983284, 0.0, 0.0, 0.0],
        [3.314825187068521, 2.896124015972201, 0.9986419139977817, 0.0, 0.0],
        [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 0.0],
        [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1.0],
    ]
)
C = np.array(
    [
        [0.0, 0.0, 0.0, 0.0, 0.0],
        [-5.6688, 0.0, 0.0, 0.0, 0.0],
        [-2.430093356833875, -0.2063599157091915, 0.0, 0.0, 0.0],
        [-0.1073529058151375, -9.594562251023355, -20.47028614809616, 0.0, 0.0],
        [7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160, 0.0],
        [8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054],
    ]
)

ORDER = 4
SAFETY = 0.9
SHRINK_MAX, GROW_MAX = 0.2, 6.0


@njit(cache=True, error_model="numpy", fastmath=FAST)
def decompose(matrix, pivot, n):
    """LU-decompose the leading n x n block in place with partial pivoting; return False if it is singular."""
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > abs(matrix[best, k]):
                best = i
        pivot[k] = best
        if matrix[best, k] == 0.0:
            return False
        if best != k:
            for j in range(n):
                matrix[k, j], matrix[best, j] = matrix[best, j], matrix[k, j]
        inverse = 1.0 / matrix[k, k]
        for i in range(k + 1, n):
            factor = matrix[i, k] * inverse
            matrix[i, k] = factor
            row, above = matrix[i], matrix[k]
            for j in range(k + 1, n):
                row[j] -= factor * above[j]
    return True


@njit(cache=True, error_model="numpy", fastmath=FAST)
def solve(matrix, pivot, vector, n):
    """Solve in place with the decomposition made by `decompose`."""
    for k in range(n):
        vector[k], vector[pivot[k]] = vector[pivot[k]], vector[k]
    for i in range(1, n):
        total = 0.0
        for j in range(i):
            total += matrix[i, j] * vector[j]
        vector[i] -= total
    for i in range(n - 1, -1, -1):
        total = 0.0
        for j in range(i + 1, n):
            total += matrix[i, j] * vector[j]
        vector[i] = (vector[i] - total) / matrix[i, i]


@njit(cache=True, error_model="numpy")
def next_step(h, error):
    """Return the step that would give error 1 (in units of the tolerance) at order 4."""
    factor = SAFETY / max(error, 1e-12) ** 0.25
    return h * min(GROW_MAX, max(SHRINK_MAX, factor))
