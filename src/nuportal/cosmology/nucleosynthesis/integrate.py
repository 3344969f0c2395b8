# pyright: basic
"""Integration of the network over ln a with RODAS, whose equations here contain ln a explicitly."""

import numpy as np
from numba import njit

from nuportal.cosmology.nucleosynthesis.background import LN_NP, LN_PN, LN_T
from nuportal.cosmology.nucleosynthesis.network import SIZE, Tables, evaluate, reaction_rates
from nuportal.cosmology.nucleosynthesis.reactions import T9_PER_MEV, D, N, P
from nuportal.solvers import hermite, rodas
from nuportal.solvers.status import Status

ATOL = 1e-17
MAX_STEPS = 5000
FIRST, SHORTEST = 1e-4, 1e-12  #: e-folds
DIFFERENCE = 1e-5  #: e-folds of the finite difference df/dN

#: abscissae of the stages and weights of df/dN; Hairer and Wanner, section VI.4 (the code RODAS)
ABSCISSAE = np.array([0.0, 0.386, 0.21, 0.63, 1.0, 1.0])
EXPLICIT = np.array([0.25, -0.1043, 0.1035, -0.0362, 0.0, 0.0])

_OK, _SMALL, _MANY, _NAN = (int(s) for s in list(Status)[:4])
_T9, _D, _N, _P = T9_PER_MEV, D, N, P


@njit(cache=True, error_model="numpy")
def initial(x, t, y, forth, back):
    """Fill y at ln a = x: n and p as fast weak reactions hold them, deuterium in equilibrium, nothing else."""
    row, u = hermite.locate(t.course, x)
    neutrons, protons = np.exp(hermite.value(t.course, row, u, LN_NP)), np.exp(hermite.value(t.course, row, u, LN_PN))
    reaction_rates(np.exp(hermite.value(t.course, row, u, LN_T)) * _T9, t, forth, back)
    y[:] = 0.0
    y[_N] = protons / (neutrons + protons)
    y[_P] = 1.0 - y[_N]
    deuterium = t.density * np.exp(-3.0 * x) * forth[0] / back[0] * y[_N] * y[_P]
    y[_D] = deuterium
    y[_N] -= deuterium
    y[_P] -= deuterium


@njit(cache=True, error_model="numpy", nogil=True)
def solve(start: float, end: float, t: Tables, rtol: float, y: np.ndarray, record: np.ndarray) -> tuple[int, int]:
    """Integrate y [8] from ln a = start to end; return (status, steps). record [rows, 9] takes ln a and Y each step."""
    k, stage = np.empty((rodas.STAGES, SIZE)), np.empty(SIZE)
    slope, later, jacobian, pivot = np.empty(SIZE), np.empty(SIZE), np.empty((SIZE, SIZE)), np.empty(SIZE, np.int64)
    matrix = np.empty((SIZE, SIZE))
    forth, back = np.empty(t.shifts.size), np.empty(t.shifts.size)
    initial(start, t, y, forth, back)
    x, h = start, FIRST
    for steps in range(MAX_STEPS):
        if steps < record.shape[0]:
            record[steps, 0] = x
            record[steps, 1:] = y
        if end - x < 1e-10:
            return _OK, steps
        evaluate(x, y, t, forth, back, slope, jacobian, True)
        evaluate(x + DIFFERENCE, y, t, forth, back, later, jacobian, False)
        for i in range(SIZE):
            later[i] = (later[i] - slope[i]) / DIFFERENCE
            if not np.isfinite(slope[i]):
                return _NAN, steps
        error = np.inf
        while True:
            h = min(h, end - x)
            for i in range(SIZE):
                for j in range(SIZE):
                    matrix[i, j] = -jacobian[i, j]
                matrix[i, i] += 1.0 / (h * rodas.GAMMA)
            if rodas.decompose(matrix, pivot, SIZE):
                error = _attempt(x, h, y, t, rtol, slope, later, matrix, pivot, k, stage, forth, back)
            taken = h
            h = rodas.next_step(h, error if np.isfinite(error) else 1e4)
            if error <= 1.0:
                break
            if h < SHORTEST:
                return _SMALL, steps
        x += taken
        y[:] = stage
    return _MANY, MAX_STEPS


@njit(cache=True, error_model="numpy")
def _attempt(x, h, y, t, rtol, slope, later, matrix, pivot, k, stage, forth, back):
    """Try one step with the decomposed matrix; result in `stage`, return error over tolerance."""
    for s in range(rodas.STAGES):
        if s == 0:
            k[0, :] = slope
        else:
            for i in range(SIZE):
                stage[i] = y[i]
                for j in range(s):
                    stage[i] += rodas.A[s, j] * k[j, i]
            evaluate(x + ABSCISSAE[s] * h, stage, t, forth, back, k[s], matrix, False)
            for i in range(SIZE):
                for j in range(s):
                    k[s, i] += rodas.C[s, j] / h * k[j, i]
        for i in range(SIZE):
            k[s, i] += EXPLICIT[s] * h * later[i]
        rodas.solve(matrix, pivot, k[s], SIZE)
    worst = 0.0
    for i in range(SIZE):
        stage[i] += k[rodas.STAGES - 1, i]
        worst = max(worst, abs(k[rodas.STAGES - 1, i]) / (ATOL + rtol * max(abs(y[i]), abs(stage[i]))))
    return worst if np.isfinite(worst) else np.inf
