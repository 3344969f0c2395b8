# pyright: basic
"""One step of the implicit Runge-Kutta method (solvers/esdirk.py) for the kinetic equations."""

from math import isfinite
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.cosmology.momenta.dispatch import flows, jacobian
from nuportal.cosmology.momenta.equations import DERIVE, NO_DERIVATIVES
from nuportal.solvers import blocked, esdirk
from nuportal.solvers.compiled import PART

NEWTON = 12  #: iterations of a stage
CONTRACTION = 0.3  #: by which an iteration has to gain with the Jacobian of an earlier one
SOLVED = 0.02  #: what is left of a stage's error over the tolerance of the step
FIRST = 100.0  #: first change with the Jacobian of the stage before, over the tolerance, above which it is formed anew
SHARED = 0.4  #: the same, where a stage does with the Jacobian of the stage before
REST = 2  #: steps for which stages do not share a Jacobian after one where that failed
SMALLEST_BOSON = 1e-12
#: the Jacobian of a stage: that of the stage before, or its own (np.bool_ as in equations.py)
KEPT, FORMED = np.bool_(True), np.bool_(False)


def _nearest(number: int) -> list[int]:
    """Return the two earlier stages nearest in time to a stage."""
    return (
        sorted(range(number), key=lambda stage: abs(esdirk.C[stage] - esdirk.C[number]))[:2] if number > 1 else [0, 0]
    )


_NEAREST = np.array([_nearest(number) for number in range(esdirk.STAGES)])


class Solver(NamedTuple):
    """Arrays of a step: m state entries, of which the first `core` are solved together and the others follow."""

    k: np.ndarray  # [stages, m] slopes
    stage: np.ndarray  # [m]
    matrix: np.ndarray  # [core, core]
    pivot: np.ndarray
    scale: np.ndarray  # [core] weight of an error of each entry of the state
    dot: np.ndarray  # [m] dz/dx at the start of the step
    known: np.ndarray  # [m] what earlier stages contribute to a stage
    step: np.ndarray  # [m] of Newton's method
    column: np.ndarray  # [core] units of the unknowns of the linear system
    row: np.ndarray
    rest: np.ndarray  # [1] steps for which every stage forms a Jacobian of its own
    restored: np.ndarray  # [1] sum of the parts of all energy that steps lost or made, and that were given back


def solver_arrays(m: int, core: int) -> Solver:
    """Return the arrays for m state entries."""
    e = np.zeros
    pivot, rest = np.zeros(core, np.int64), np.zeros(1, np.int64)
    slopes, matrix = e((esdirk.STAGES, m)), e((core, core))
    return Solver(slopes, e(m), matrix, pivot, e(core), e(m), e(m), e(m), e(core), e(core), rest, e(1))


@njit(**PART)
def settle(z, point, t, rtol, h, w, s):
    """Take one short step of size h with the implicit Euler method in place; return whether it converged.

    It brings a state from which fast reactions or oscillations would start, as one does that an earlier system has left
    behind, to where they are done. s.dot becomes its slope.
    """
    for i in range(z.size):
        s.known[i] = s.stage[i] = z[i]
    if not _solved(point, t, rtol, 1.0 / h, FORMED, w, s):
        return False
    for i in range(z.size):
        s.dot[i] = (s.stage[i] - z[i]) / h
        z[i] = s.stage[i]
    return True


@njit(**PART)
def attempt(z, point, t, rtol, h, w, s):
    """Try one step of size h from z, s.dot its slope; result in s.stage, return error over tolerance."""
    k, shift = s.k, 1.0 / (h * esdirk.GAMMA)
    for i in range(z.size):
        k[0, i] = s.dot[i]
    s.rest[0] = max(s.rest[0] - 1, 0)
    for number in range(1, esdirk.STAGES):
        esdirk.known(z, k, number, h, s.known)
        kept = number > 1 and s.rest[0] == 0
        solved = False
        if kept:
            _guess(k, number, shift, s)
            solved = _solved(point, t, rtol, shift, KEPT, w, s)
            if not solved:
                s.rest[0] = REST
        if not solved:
            _guess(k, number, shift, s)
            if not _solved(point, t, rtol, shift, FORMED, w, s):
                return np.inf
        for i in range(z.size):
            k[number, i] = shift * (s.stage[i] - s.known[i])
    esdirk.difference(k, h, s.step)
    for i in range(z.size):
        s.step[i] *= shift
    solve(s, s.step, w, shift)
    return norm(s.step, s.scale) / rtol


@njit(**PART)
def _guess(k, number, shift, s):
    """Put the stage where slopes of earlier stages lead, on the line through the two nearest of them in time."""
    near, next_ = _NEAREST[number, 0], _NEAREST[number, 1]
    part = (esdirk.C[number] - esdirk.C[near]) / (esdirk.C[next_] - esdirk.C[near]) if number > 1 else 0.0
    for i in range(s.stage.size):
        s.stage[i] = s.known[i] + ((1.0 - part) * k[near, i] + part * k[next_, i]) / shift


@njit(**PART)
def _solved(point, t, rtol, shift, kept, w, s):
    """Solve a stage by Newton's method in place; return whether it converged.

    kept: with the Jacobian of the stage before alone, as long as every iteration gains 1/SHARED. Otherwise the
    first iteration forms it, and the next form it again where they gain less than 1/CONTRACTION.
    """
    before, fresh, slow = np.inf, not kept, False
    for turn in range(NEWTON + 1):
        if fresh:
            if not isfinite(flows(s.stage, point, t, w, DERIVE)):
                return False
            jacobian(s.stage, point, t, w)
            if not matrix_of(w, shift, s):
                return False
        elif not isfinite(flows(s.stage, point, t, w, NO_DERIVATIVES)):
            return False
        for i in range(s.stage.size):
            s.step[i] = w.dot[i] - shift * (s.stage[i] - s.known[i])
        solve(s, s.step, w, shift)
        size = norm(s.step, s.scale) / rtol
        if kept and not size < (FIRST if turn == 0 else SHARED * before):
            return False
        if not kept and not fresh and not size < CONTRACTION * before:
            if turn == NEWTON:
                return False
            fresh, slow = True, True  # an old Jacobian does not do: this step is not taken
            continue
        for i in range(s.stage.size):
            s.stage[i] += s.step[i]
        rate = size / before if turn > 0 and not fresh else 1.0
        if size <= (0.1 * SOLVED if kept and turn == 0 else SOLVED) or size * rate <= SOLVED * (1.0 - rate):
            return True
        before, fresh = size, slow
    return False


@njit(**PART)
def matrix_of(w, shift, s):
    """Decompose shift - J into s.matrix; return False if it is singular.

    Occupations span many orders of magnitude. Columns are put in units of f (1 - f) or f (1 + f) of their node, rows in
    units of their largest entry, so that pivots are chosen between comparable numbers.
    """
    m = w.jac.shape[0]
    nodes, n, k = w.delta.size, w.delta.shape[1], w.fz.size
    for j in range(nodes):
        s.column[j] = w.scale[j] / w.slope[j // n, j % n]
    for j in range(k):
        f = max(abs(w.fz[j]), SMALLEST_BOSON)
        s.column[nodes + j] = w.scale[nodes + j] * f * (1.0 + f)
    s.column[m - 1] = 1.0
    for i in range(m):
        largest = 0.0
        for j in range(m):
            entry = -w.jac[i, j] * s.column[j]
            if i == j:
                entry += shift * s.column[j]
            s.matrix[i, j] = entry
            largest = max(largest, abs(entry))
        s.row[i] = 1.0 / largest
        for j in range(m):
            s.matrix[i, j] *= s.row[i]
    return blocked.decompose(s.matrix, s.pivot, m)


@njit(**PART)
def solve(s, vector, w, shift):
    """Solve (shift - J) x = vector in place with the decomposition of `matrix_of`.

    The entries behind the core do not act on it but through the expansion rate, which waits for the next iteration:
    x is known, energy and number above the grid follow from the decays.
    """
    core, states, nodes, k = s.row.size, w.far.shape[1], w.delta.size, w.fz.size
    for i in range(core):
        vector[i] *= s.row[i]
    blocked.solve(s.matrix, s.pivot, vector, core)
    for i in range(core):
        vector[i] *= s.column[i]
    for kind in range(2):
        for i in range(states):
            row = core + 1 + kind * states + i
            for j in range(k):
                vector[row] += w.far_z[kind, i, j] * vector[nodes + j] / w.scale[nodes + j]
    for row in range(core, vector.size):
        vector[row] /= shift


@njit(**PART)
def norm(step, scale):
    """Return the size of a change of the state: root mean square, or a fifth of the largest entry."""
    total, worst = 0.0, 0.0
    for i in range(scale.size):
        part = abs(scale[i] * step[i])
        total += part * part
        worst = max(worst, part)
    size = max((total / scale.size) ** 0.5, 0.2 * worst)
    return size if isfinite(size) else np.inf
