# pyright: basic
"""Integration of the momentum-resolved Boltzmann equation from the hot start to recombination, RODAS."""

from math import exp, isfinite, log
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.cosmology.expansion import DILUTION, PHOTONS
from nuportal.cosmology.fluid.equations import (
    ELECTRON,
    EXTRA,
    FLAVOURS,
    MASS,
    PAIR,
    WIDTH_NU,
    WIDTH_PAIRS,
    WIDTH_PHOTONS,
    Tables,
    jacobian,
    right_hand_side,
    work_arrays,
)
from nuportal.cosmology.fluid.linear import Linear, factor, linear_arrays, solve
from nuportal.plasma import em, neutrinos
from nuportal.solvers import rodas
from nuportal.solvers.status import Status

T_END = 0.26e-6  #: photon temperature of recombination, MeV; where ibe2020 reads off N_eff (eq. 28)
MAX_STEPS = 20_000
SMALL_STEP = 1e-10
RECORD = 12  #: x, H, T_gamma, T_nu, z, rho_em, p_em, rho_nu, rho_Z', p_Z', N, part of n_Z' in the SOFT lowest nodes
SOFT = 4
GONE = 45.0  #: M/T of both baths beyond which a boson without energy is dropped
FLOOR = 1e-4  #: occupations below FLOOR (e^{-q/T_start} + 1e-7) are resolved absolutely

_OK, _SMALL, _MANY, _NAN = (int(s) for s in list(Status)[:4])


class Solver(NamedTuple):
    """Arrays of a step: stages [6, m], result [m], floor of the tolerance [n], and the linear system."""

    k: np.ndarray
    stage: np.ndarray
    floor: np.ndarray
    linear: Linear


@njit(cache=True, error_model="numpy")
def solver_arrays(q, t_start):
    """Return the arrays of the solver for the momenta q."""
    m = q.size + EXTRA
    floor = FLOOR * (np.exp(-q / t_start) + 1e-7)
    return Solver(np.empty((rodas.STAGES, m)), np.empty(m), floor, linear_arrays(q.size))


@njit(cache=True, error_model="numpy")
def solve_point(
    par: np.ndarray, switches: np.ndarray, t_start: float, t: Tables, rtol: float, history: np.ndarray
) -> tuple[float, int, int]:
    """Return (N_eff or NaN, status, steps). history [rows, RECORD + n] takes every step: numbers, then occupations."""
    n = t.q.size
    y = np.zeros(n + EXTRA)
    y[n] = log(t_start)
    number, rho, _ = neutrinos.densities(t.fermi, t_start, 0.0)
    y[n + 1], y[n + 2] = FLAVOURS * number, FLAVOURS * rho
    w, s = work_arrays(n), solver_arrays(t.q, t_start)
    status, steps = evolve(y, par, switches, t, rtol, history, w, s)
    if status != _OK:
        return np.nan, status, steps
    return DILUTION * y[n + 2] / (PHOTONS * exp(4.0 * y[n])), status, steps


@njit(cache=True, error_model="numpy", nogil=True)
def solve_points(
    par: np.ndarray,
    switches: np.ndarray,
    t_start: float,
    t: Tables,
    rtol: float,
    neff: np.ndarray,
    status: np.ndarray,
) -> None:
    """Fill N_eff and status of many points, par [points, entries], of one mass. Releases the GIL."""
    history = np.empty((0, RECORD + t.q.size))
    for i in range(par.shape[0]):
        neff[i], status[i], _ = solve_point(par[i], switches, t_start, t, rtol, history)


@njit(cache=True, error_model="numpy")
def without_boson(par):
    """Return the parameters with all couplings of the boson off."""
    free = par.copy()
    for entry in (ELECTRON, WIDTH_NU, PAIR, WIDTH_PHOTONS, WIDTH_PAIRS):
        free[entry] = 0.0
    return free


@njit(cache=True, error_model="numpy")
def evolve(y, par, switches, t, rtol, history, w, s):
    """Integrate y in place until T_gamma = T_END; return (status, steps)."""
    n = t.q.size
    m = n + EXTRA
    h = 1e-4
    for steps in range(MAX_STEPS):
        hubble = jacobian(y, par, switches, t, w)
        if not isfinite(hubble):
            return _NAN, steps
        if par[MASS] > GONE * max(exp(y[n] - y[n + 3]), exp(w.theta[0] - y[n + 3])) and w.theta[2] < 1e-10 * y[n + 2]:
            y[:n] = 0.0
            par = without_boson(par)
            jacobian(y, par, switches, t, w)
        if steps < history.shape[0]:
            record(history[steps], y, hubble, t, w)
        left = y[n] - y[n + 3] - log(T_END)
        if left < 1e-9:
            return _OK, steps
        left /= max(1.0 - w.dot[n], 0.1)  # the photons may warm for a moment
        error = np.inf
        while not error <= 1.0:
            h = min(h, left)
            error = attempt(y, par, switches, t, rtol, h, w, s)
            h = rodas.next_step(h, error if isfinite(error) else 1e4)
            if not error <= 1.0 and h < SMALL_STEP:
                return _SMALL, steps
        h = min(h, 0.5)
        for i in range(m):
            y[i] = s.stage[i]
    return _MANY, MAX_STEPS


@njit(cache=True, error_model="numpy")
def record(row, y, hubble, t, w):
    """Write one line of the history; w.theta belongs to y."""
    n = t.q.size
    a = exp(y[n + 3])
    t_gamma, t_nu, z = exp(y[n]) / a, exp(w.theta[0]) / a, w.theta[1]
    row[0], row[1], row[2], row[3], row[4] = y[n + 3], hubble, t_gamma, t_nu, z
    row[6], row[5], _, _ = em.state(t.em, t_gamma)
    row[7] = FLAVOURS * neutrinos.densities(t.fermi, t_nu, z)[1]
    row[8] = w.theta[2] / a**4
    pressure = 0.0
    for i in range(n):
        pressure += w.weight[i] * t.q[i] ** 2 / w.energy[i] * y[i]
    row[9] = pressure / (3.0 * a**4)
    row[10] = y[n + 1]
    total, soft = 0.0, 0.0
    for i in range(n):
        total += w.weight[i] * y[i]
        if i < SOFT:
            soft += w.weight[i] * y[i]
    row[11] = soft / total if total > 0.0 else 0.0
    row[RECORD:] = y[:n]


@njit(cache=True, error_model="numpy")
def attempt(y, par, switches, t, rtol, h, w, s):
    """Try one RODAS step of size h from y, w as left by `jacobian`; result in s.stage, return error over tolerance."""
    m = y.size
    k, result, dense = s.k, s.stage, par[PAIR] > 0.0
    if not factor(1.0 / (h * rodas.GAMMA), dense, w, s.linear):
        return np.inf
    for stage in range(rodas.STAGES):
        if stage == 0:
            k[0, :] = w.dot
        else:
            for i in range(m):
                result[i] = y[i]
                for j in range(stage):
                    result[i] += rodas.A[stage, j] * k[j, i]
            if not isfinite(right_hand_side(result, par, switches, t, w, k[stage])):
                return np.inf
            for i in range(m):
                for j in range(stage):
                    k[stage, i] += rodas.C[stage, j] / h * k[j, i]
        solve(dense, s.linear, k[stage])
    for i in range(m):
        result[i] += k[5, i]
    return error_norm(result, k[5], s.floor, rtol)


@njit(cache=True, error_model="numpy")
def error_norm(y, error, floor, rtol):
    """Root mean square over the occupations, largest over the fluid, in units of the tolerance."""
    n = floor.size
    total = 0.0
    for i in range(n):
        total += (error[i] / (abs(y[i]) + floor[i])) ** 2
    worst = (total / n) ** 0.5
    worst = max(worst, abs(error[n]), abs(error[n + 1] / y[n + 1]), abs(error[n + 2] / y[n + 2]))
    return worst / rtol if isfinite(worst) else np.inf
