"""Integration of the coupled baths from the hot start to the end of all exchanges, one point at a time or a grid."""

from functools import cache
from math import exp, isfinite, log
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from nuportal.decoupling.equations import (
    FLAVOURS,
    HUBBLE,
    MASS,
    REFERENCE,
    WIDTH_E,
    WIDTH_NU,
    bessel_table,
    right_hand_side,
)
from nuportal.decoupling.options import ThermalOptions
from nuportal.plasma import boson as boson_gas
from nuportal.plasma import em as em_plasma
from nuportal.plasma.neutrinos import RHO_1
from nuportal.processes import mediated, weak
from nuportal.solvers import hermite, rodas
from nuportal.solvers.status import Status

T_END = 5e-3  #: photon temperature at which e+- and weak rates are long dead, MeV
T_LAST = 1e-7  #: photon temperature at which a boson that still lives ends the evolution, MeV
X_DROP = 65.0  #: M/T_Z' beyond which the boson is gone
MAX_STEPS = 20_000

_OK, _SMALL, _MANY, _NAN, _ALIVE = (int(s) for s in Status)


class Tables(NamedTuple):
    """The tables the equations read."""

    em: hermite.HermiteTable
    boson: hermite.HermiteTable
    weak: hermite.HermiteTable
    mediated: hermite.HermiteTable
    bessel: hermite.HermiteTable


class Scratch(NamedTuple):
    """Work arrays of one thread."""

    f: np.ndarray
    jac: np.ndarray
    f_stage: np.ndarray
    jac_stage: np.ndarray
    matrix: np.ndarray
    k: np.ndarray
    stage: np.ndarray
    pivot: np.ndarray
    rows: np.ndarray


@cache
def _bessel() -> hermite.HermiteTable:
    return bessel_table()


def tables(chosen: ThermalOptions) -> Tables:
    """Return the tables that the chosen options ask for (cached)."""
    return Tables(
        em_plasma.table(chosen.qed),
        boson_gas.table(),
        weak.table(chosen.rates),
        mediated.contact_table() if chosen.scattering == "contact" else mediated.table(),
        _bessel(),
    )


@njit(cache=True)
def scratch():
    """Return work arrays for up to five coupled temperatures."""
    return Scratch(
        np.empty(5),
        np.empty((5, 5)),
        np.empty(5),
        np.empty((5, 5)),
        np.empty((5, 5)),
        np.empty((6, 5)),
        np.empty(5),
        np.empty(5, np.int64),
        np.empty((14, 20)),
    )


@njit(cache=True)
def initial_state(y, n_baths, zero_start, par, c, t):
    """Fill y at the hot start: one temperature; an absent boson starts as cold as one Hubble time of production fills.

    Start at T = max(20 MeV, 3 M). Returns has_boson.
    """
    hot = max(20.0, 3 * par[MASS])
    y[:] = 0.0
    y[0] = log(hot)
    if par[MASS] <= 0.0:
        return 0
    if zero_start:
        em_rho = exp(4 * y[0]) * hermite.evaluate(t.em, y[0], 1)
        hubble = HUBBLE * np.sqrt(em_rho + 3 * RHO_1 * exp(4 * y[0]))
        width = par[WIDTH_E] + np.sum(c[WIDTH_NU])
        x = par[MASS] / hot
        produced = 3 * par[MASS] ** 3 * width / (2 * np.pi**2) * hot * 2 / x**2 / (5 * hubble)
        low, high = log(par[MASS] / 60.0), log(hot)
        for _ in range(60):
            middle = 0.5 * (low + high)
            ln_x = log(par[MASS]) - middle
            if 3 * exp(4 * middle - exp(ln_x)) * hermite.evaluate(t.boson, ln_x, 1) < produced:
                low = middle
            else:
                high = middle
        y[1 + n_baths] = min(0.5 * (low + high), log(hot)) - y[0]
    return 1


@njit(cache=True)
def effective_number(y, n_baths, c):
    """Return N_eff = (8/7)(11/4)^(4/3) rho_nu/rho_gamma from the final state (ghosh2024 eq. 1, first form)."""
    total = 0.0
    for i in range(n_baths):
        total += c[FLAVOURS, i] * exp(4 * y[1 + i])
    return (11.0 / 4.0) ** (4.0 / 3.0) * total


@njit(cache=True)
def solve_point(n_baths, zero_start, par, c, v, me_form, t, rtol, history):
    """Return (N_eff or NaN, status, steps) of one point."""
    y = np.empty(1 + n_baths + (1 if par[MASS] > 0 else 0))
    has_boson = initial_state(y, n_baths, zero_start, par, c, t)
    status, steps, _ = evolve(y, n_baths, has_boson, par, c, v, me_form, t, rtol, history, scratch())
    return (effective_number(y, n_baths, c) if status == _OK else np.nan), status, steps


@njit(cache=True, parallel=True)
def solve_points(zero_start, par, c, v, me_form, t, rtol):
    """Return (N_eff, status) for many points: par [n, 5], c [n, 6, baths], v [n, baths, baths, 3]."""
    n = par.shape[0]
    neff, status = np.empty(n), np.empty(n, np.int64)
    for i in prange(n):
        empty = np.empty((0, 7))
        neff[i], status[i], _ = solve_point(c.shape[2], zero_start, par[i], c[i], v[i], me_form, t, rtol, empty)
    return neff, status


@njit(cache=True)
def evolve(y, n_baths, has_boson, par, c, v, me_form, tables, rtol, history, work):
    """Integrate y in place over N = ln a; return (status, steps, has_boson).

    history [rows, 2 + len(y)] receives N, H and the state of each accepted step (T_Z' as NaN once the boson is gone);
    give it zero rows to record nothing. work is the scratch array of `scratch`.
    """
    f, jac, matrix, k, stage, pivot = work.f, work.jac, work.matrix, work.k, work.stage, work.pivot
    size = y.size
    efolds, h, recorded = 0.0, 1e-4, 0
    for steps in range(MAX_STEPS):
        n = 1 + n_baths + has_boson
        hubble = right_hand_side(y, n_baths, has_boson, par, c, v, me_form, tables, f, jac, work.rows)
        if recorded < history.shape[0]:
            history[recorded, 0], history[recorded, 1] = efolds, hubble
            for a in range(size):
                history[recorded, 2 + a] = y[a] if a < n else np.nan
            recorded += 1
        if not has_boson and y[0] < log(T_END):
            return _OK, steps, has_boson
        if y[0] < log(T_LAST):
            return _ALIVE, steps, has_boson
        accepted = False
        while not accepted:
            error = attempt(y, n, n_baths, has_boson, par, c, v, me_form, tables, rtol, h, work)
            if error <= 1.0:
                accepted = True
                efolds += h
                for a in range(n):
                    y[a] = stage[a]
            elif not isfinite(error):
                error = 1e4
            if not accepted and h < 1e-13:
                return (_SMALL if isfinite(hubble) else _NAN), steps, has_boson
            h = rodas.next_step(h, error)
        for a in range(n):
            if not isfinite(y[a]):
                return _NAN, steps, has_boson
        if has_boson and log(par[MASS]) - (y[0] + y[1 + int(par[REFERENCE])] + y[n - 1]) > log(X_DROP):
            has_boson = 0
        h = min(h, 1.0)
    return _MANY, MAX_STEPS, has_boson


@njit(cache=True)
def attempt(y, n, n_baths, has_boson, par, c, v, me_form, tables, rtol, h, work):
    """Try one RODAS step of size h from y with f, jac in work; result in work.stage, return error over tolerance."""
    f, jac, matrix, k, stage, pivot = work.f, work.jac, work.matrix, work.k, work.stage, work.pivot
    for a in range(n):
        for b in range(n):
            matrix[a, b] = -jac[a, b]
        matrix[a, a] += 1.0 / (h * rodas.GAMMA)
    if not rodas.decompose(matrix, pivot, n):
        return np.inf
    for s in range(rodas.STAGES):
        if s == 0:
            for a in range(n):
                k[0, a] = f[a]
        else:
            for a in range(n):
                total = y[a]
                for j in range(s):
                    total += rodas.A[s, j] * k[j, a]
                stage[a] = total
            right_hand_side(stage, n_baths, has_boson, par, c, v, me_form, tables, work.f_stage, work.jac_stage, work.rows)
            for a in range(n):
                total = work.f_stage[a]
                for j in range(s):
                    total += rodas.C[s, j] / h * k[j, a]
                k[s, a] = total
        rodas.solve(matrix, pivot, k[s], n)
    error = 0.0
    for a in range(n):
        stage[a] += k[5, a]
        error = max(error, abs(k[5, a]) / rtol)
        if not isfinite(stage[a]):
            return np.inf
    return error
