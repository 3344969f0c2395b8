"""Integration of the kinetic equations over ln a with an implicit Runge-Kutta method (solvers/esdirk.py)."""

from math import exp, isfinite, log
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.cosmology.momenta.dispatch import flows, jacobian
from nuportal.solvers import esdirk, rodas
from nuportal.solvers.status import Status

MAX_STEPS = 700  #: usual are 35 to 110
NEWTON = 12  #: iterations of a stage
CONTRACTION = 0.3  #: by which an iteration has to gain with the Jacobian of an earlier one
SOLVED = 0.02  #: last change of a stage over the tolerance of the step
SMALLEST = 1e-12
LARGEST = 0.25  #: e-folds
NEGLIGIBLE = 1e-9  #: part of the energy of the fullest node below which a node is not resolved
SMALLEST_BOSON = 1e-12
COLD = 10.0  #: M/T beyond which a boson that holds nothing is dropped
EMPTY = 1e-7  #: part of the neutrinos' energy that counts as nothing

_OK, _SMALL, _MANY, _NAN = (int(s) for s in list(Status)[:4])


class Solver(NamedTuple):
    """Arrays of a step."""

    k: np.ndarray
    stage: np.ndarray
    matrix: np.ndarray
    pivot: np.ndarray
    scale: np.ndarray  # weight of an error of each entry of the state
    dot: np.ndarray  # dz/dx at the start of the step
    known: np.ndarray  # what earlier stages contribute to a stage
    step: np.ndarray  # of Newton's method
    column: np.ndarray  # units of the unknowns of the linear system
    row: np.ndarray


def solver_arrays(m: int) -> Solver:
    """Return the arrays for m state entries."""
    e = np.zeros
    return Solver(*(e((esdirk.STAGES, m)), e(m), e((m, m)), np.zeros(m, np.int64)), *(e(m) for _ in range(6)))


@njit(cache=True, error_model="numpy")
def weights(z, point, t, w, out):
    """Fill the weight of a change of each entry: of its relative change, by the share of energy that a node holds."""
    g = t.grid
    states, n, k = w.delta.shape[0], g.y.size, g.q.size
    largest = 0.0
    for i in range(states * n):
        f = 1.0 / (1.0 + exp(g.y[i % n] * exp(-z[z.size - 2]) - w.delta[i // n, i % n]))
        out[i] = 2.0 * g.weight[i % n] * g.y[i % n] * f
        largest = max(largest, out[i])
    for j in range(k):
        out[states * n + j] = w.numbers[j] * w.energy[j] * max(abs(w.fz[j]), 1e-300) if point.mass > 0.0 else 0.0
    for i in range(states * n + k):
        share = out[i] / largest
        per = (
            g.weight[i % n] * g.y[i % n] * 2.0
            if i < states * n
            else w.numbers[i - states * n] * w.energy[i - states * n]
        )
        # over f: its share for neutrinos; the root of its share for the boson, whose share may grow later
        resolved = min(1.0, share) if i < states * n else min(1.0, share**0.5) * share / (share + NEGLIGIBLE)
        if share > 0.0:
            out[i] = resolved / share * per / (largest * w.scale[i])
    out[states * n + k] = 3.0
    out[states * n + k + 1] = 0.0


@njit(cache=True, error_model="numpy")
def evolve(z, point, t, rtol, first, t_end, rows, w, s):
    """Integrate z in place until T_gamma = t_end or until the boson is gone; return (status, steps, gone).

    rows [steps, 2 + len(z)] takes H, dtheta/dx and the state of every step.
    """
    m = z.size
    h = first
    for steps in range(rows.shape[0]):
        hubble = jacobian(z, point, t, w)
        if not isfinite(hubble):
            return _NAN, steps, False
        rows[steps, 0], rows[steps, 1] = hubble, w.dot[m - 2]
        for i in range(m):
            rows[steps, 2 + i] = z[i]
        ln_t = log(point.start) + z[m - 2] - z[m - 1]
        left = ln_t - log(t_end)
        if left < 1e-9:
            return _OK, steps, False
        if point.mass > COLD * exp(ln_t) and empty(point, t, w, hubble):
            return _OK, steps, True
        left /= max(1.0 - w.dot[m - 2], 0.1)
        weights(z, point, t, w, s.scale)
        if steps == 0:
            for i in range(m):
                s.dot[i] = w.dot[i]
        error = np.inf
        while not error <= 1.0:
            h = min(h, left, LARGEST)
            error = attempt(z, point, t, rtol, h, w, s)
            h = rodas.next_step(h, error if isfinite(error) else 40.0)
            if not error <= 1.0 and h < SMALLEST:
                return _SMALL, steps, False
        # the slope that solves the last stage: evaluated anew it would carry that solution's error times fast rates
        for i in range(m):
            z[i], s.dot[i] = s.stage[i], s.k[esdirk.STAGES - 1, i]
    return _MANY, rows.shape[0], False


@njit(cache=True, error_model="numpy")
def empty(point, t, w, hubble):
    """Return whether the boson decays fast, holds nothing and passes on nothing: energy times 1 + Gamma/H."""
    g = t.grid
    held, nu = 0.0, 0.0
    for j in range(g.q.size):
        held += w.numbers[j] * w.energy[j] * abs(w.fz[j])
    width = point.width_pairs + point.width_photons
    for charge in point.mixing.charges:
        width += point.width_unit * charge * charge
    for c in range(w.u.shape[0]):
        for i in range(g.y.size):
            nu += 2.0 * point.multiplicity[c] * g.weight[i] * g.y[i] * w.f[c, i]
    return width > hubble and held * (1.0 + width / hubble) < EMPTY * nu


@njit(cache=True, error_model="numpy")
def attempt(z, point, t, rtol, h, w, s):
    """Try one step of size h from z, s.dot its slope; result in s.stage, return error over tolerance."""
    m = z.size
    k, stage = s.k, s.stage
    shift = 1.0 / (h * esdirk.GAMMA)
    for i in range(m):
        k[0, i] = s.dot[i]
    for number in range(1, esdirk.STAGES):
        esdirk.known(z, k, number, h, s.known)
        for i in range(m):
            stage[i] = s.known[i] + k[number - 1, i] / shift
        before, fresh, slow = np.inf, True, False
        for turn in range(NEWTON + 1):
            if fresh:
                if not isfinite(jacobian(stage, point, t, w)) or not matrix_of(w, shift, s):
                    return np.inf
            elif not isfinite(flows(stage, point, t, w, False)):
                return np.inf
            for i in range(m):
                s.step[i] = w.dot[i] - shift * (stage[i] - s.known[i])
            solve(s, s.step)
            size = norm(s.step, s.scale) / rtol
            if not fresh and not size < CONTRACTION * before:
                if turn == NEWTON:
                    return np.inf
                fresh, slow = True, True  # an old Jacobian does not do: this step is not taken
                continue
            for i in range(m):
                stage[i] += s.step[i]
            if size < SOLVED:
                break
            if turn == NEWTON:
                return np.inf
            before, fresh = size, slow
        for i in range(m):
            k[number, i] = shift * (stage[i] - s.known[i])
    esdirk.difference(k, h, s.step)
    for i in range(m):
        s.step[i] *= shift
    solve(s, s.step)
    return norm(s.step, s.scale) / rtol


@njit(cache=True, error_model="numpy")
def matrix_of(w, shift, s):
    """Decompose shift - J into s.matrix; return False if it is singular.

    Occupations span many orders of magnitude. Columns are put in units of f (1 - f) or f (1 + f) of their node, rows in
    units of their largest entry, so that pivots are chosen between comparable numbers.
    """
    m = w.jac.shape[0]
    states, n, k = w.delta.shape[0], w.delta.shape[1], w.fz.size
    for j in range(states * n):
        s.column[j] = w.scale[j] / w.slope[j // n, j % n]
    for j in range(k):
        f = max(abs(w.fz[j]), SMALLEST_BOSON)
        s.column[states * n + j] = w.scale[states * n + j] * f * (1.0 + f)
    s.column[m - 2] = s.column[m - 1] = 1.0
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
    return rodas.decompose(s.matrix, s.pivot, m)


@njit(cache=True, error_model="numpy")
def solve(s, vector):
    """Solve (shift - J) x = vector in place with the decomposition of `matrix_of`."""
    for i in range(vector.size):
        vector[i] *= s.row[i]
    rodas.solve(s.matrix, s.pivot, vector, vector.size)
    for i in range(vector.size):
        vector[i] *= s.column[i]


@njit(cache=True, error_model="numpy")
def norm(step, scale):
    """Return the size of a change of the state: root mean square, or a fifth of the largest entry."""
    total, worst = 0.0, 0.0
    for i in range(step.size):
        part = abs(scale[i] * step[i])
        total += part * part
        worst = max(worst, part)
    size = max((total / step.size) ** 0.5, 0.2 * worst)
    return size if isfinite(size) else np.inf
