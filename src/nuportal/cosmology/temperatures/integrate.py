# pyright: basic
"""Integration of the coupled baths from the hot start to the end of all exchanges, one point at a time or a grid."""

from math import exp, isfinite, log
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.cosmology.expansion import DILUTION, PHOTONS
from nuportal.cosmology.temperatures.equations import (
    FLAVOURS,
    HUBBLE,
    LN_MASS,
    MASS,
    REFERENCE,
    STATISTICS_A,
    WIDTH_E,
    WIDTH_NU,
    right_hand_side,
)
from nuportal.cosmology.temperatures.options import COMPTON_RANGE, ThermalOptions
from nuportal.cosmology.temperatures.step import attempt
from nuportal.plasma import boson as boson_gas
from nuportal.plasma import em as em_plasma
from nuportal.plasma.neutrinos import RHO_1
from nuportal.processes import boson_transfer, decay, mediated, weak
from nuportal.solvers import hermite, rodas
from nuportal.solvers.borrow import borrowed
from nuportal.solvers.status import Status

T_END = 5e-3  #: photon temperature at which e+- are gone, MeV
T_FROZEN = 0.045  #: photon temperature below which weak rates heat neutrinos by less than 1e-9 of their energy, MeV
QUIET = 1e-6  #: relative gain of neutrino energy per e-fold below which N_eff changes by less than 3e-6 afterwards
H_START = 0.02  #: first step of baths that start locked (else H_FIRST), e-folds
H_FIRST = 1e-4
LOCKED = 20.0  #: e-folds of relaxation still ahead above which a bath shares its temperature with the others
COOLEST = 0.02  #: photon temperature below which no evolution starts, MeV
T_LAST = 1e-7  #: photon temperature at which a boson that still lives ends the evolution, MeV
X_DROP = 65.0  #: M/T_Z' beyond which the boson is gone
MAX_STEPS = 20_000
LEAP = 3.0  #: a step near decoupling may not lower a relaxation rate by more than this factor
NEAR = 1000.0  #: relaxation rates (per e-fold) below which a bath is near decoupling

_OK, _SMALL, _MANY, _NAN, _ALIVE = (int(s) for s in Status)


class Tables(NamedTuple):
    """The tables the equations read."""

    em: hermite.HermiteTable
    boson: hermite.HermiteTable
    weak: hermite.HermiteTable
    mediated: hermite.HermiteTable
    bessel: hermite.HermiteTable
    level: hermite.HermiteTable
    slopes: np.ndarray
    grid: np.ndarray


class Scratch(NamedTuple):
    """Work arrays of one thread."""

    f: np.ndarray
    jac: np.ndarray
    f_stage: np.ndarray
    matrix: np.ndarray
    k: np.ndarray
    stage: np.ndarray
    pivot: np.ndarray
    rows: np.ndarray
    before: np.ndarray
    relaxation: np.ndarray
    hot: np.ndarray


def tables(chosen: ThermalOptions, mass: float = 0.0) -> Tables:
    """Return the tables that the chosen options ask for (cached), with e gamma <-> e Z' at the boson's mass (MeV) if it
    is in the range where that exchange counts.
    """
    if chosen.compton == "on" and COMPTON_RANGE[0] <= mass <= COMPTON_RANGE[1]:
        exchange = boson_transfer.transfer_table(mass)
        level, slopes, grid = exchange.level, exchange.slope, exchange.grid
    else:
        level, slopes, grid = np.zeros((3, 2)), np.zeros((2, 2, 4)), np.zeros(4)
    return Tables(
        em_plasma.table(chosen.qed),
        boson_gas.table(),
        weak.table(chosen.rates),
        mediated.contact_table() if chosen.scattering == "contact" else mediated.table(),
        decay.bessel_table(),
        level,
        slopes,
        grid,
    )


def scratch() -> Scratch:
    """Return work arrays for up to five coupled temperatures."""
    return Scratch(
        np.empty(5),
        np.empty((5, 5)),
        np.empty(5),
        np.empty((5, 5)),
        np.empty((6, 5)),
        np.empty(5),
        np.empty(5, np.int64),
        np.empty((15, 8)),
        np.empty(5),
        np.empty(5),
        np.empty(5),
    )


@njit(cache=True, error_model="numpy", inline="always")
def hot_state(y, n_baths, zero_start, par, c, t):
    """Fill y at T = max(20 MeV, 3 M): one temperature; an absent boson as cold as a fifth of a Hubble time of inverse
    decays fills. Returns has_boson.
    """
    hot = max(20.0, 3 * par[MASS])
    for a in range(y.size):
        y[a] = 0.0
    y[0] = log(hot)
    if par[MASS] <= 0.0:
        return 0
    if zero_start:
        hubble = HUBBLE * np.sqrt(exp(4 * y[0]) * (hermite.evaluate(t.em, y[0], 1) + 3 * RHO_1))
        width = par[WIDTH_E]
        for i in range(n_baths):
            width += c[WIDTH_NU, i]
        x = par[MASS] / hot
        produced = 3 * par[MASS] ** 3 * width / (2 * np.pi**2) * hot * 2 / x**2 / (5 * hubble)
        low, high = par[LN_MASS] - log(60.0), log(hot)
        for _ in range(60):
            middle = 0.5 * (low + high)
            ln_x = par[LN_MASS] - middle
            if 3 * exp(4 * middle - exp(ln_x)) * hermite.evaluate(t.boson, ln_x, 1) < produced:
                low = middle
            else:
                high = middle
        y[1 + n_baths] = low - y[0]
    return 1


@njit(cache=True, error_model="numpy", inline="always")
def locked(y, n_baths, has_boson, par, c, v, me_form, t, work):
    """Return whether all baths still relax to the common temperature of y by LOCKED e-folds.

    Weak rates fall as T^5, those through the boson as e^{-M/T}: a rate k lasts for k/max(5, M/T) e-folds. The slowest
    rate of all is at least the inverse of the norm of J^{-1}, J of the temperature ratios.
    """
    n = n_baths + has_boson
    right_hand_side(y, n_baths, has_boson, par, c, v, me_form, t, par[STATISTICS_A] > 0.0, work.f, work.jac, work.rows)
    for a in range(n):
        work.stage[a] = 0.0
        for b in range(n):
            work.matrix[a, b] = -work.jac[1 + a, 1 + b]
    if not rodas.decompose(work.matrix, work.pivot, n):
        return False
    for b in range(n):
        column = work.k[0]
        for a in range(n):
            column[a] = 1.0 if a == b else 0.0
        rodas.solve(work.matrix, work.pivot, column, n)
        for a in range(n):
            work.stage[a] += abs(column[a])
    enough = LOCKED * max(5.0, par[MASS] * exp(-y[0]))
    for a in range(n):
        if not work.stage[a] * enough < 1.0:
            return False
    return True


@njit(cache=True, error_model="numpy", inline="always")
def latest_locked_state(y, n_baths, par, c, v, me_form, t, work):
    """Move y to the coolest of a few temperatures at which all baths are locked; return has_boson, or -1 if none.

    The system is autonomous and locked baths have one temperature whatever happened before, so nothing is lost.
    """
    hot = y[0]
    for a in range(1, y.size):
        y[a] = 0.0
    found, best = -1, hot
    step = -log(2.0)
    y[0] = log(8.0)
    while log(COOLEST) < y[0] < hot and abs(step) > 0.1:
        has_boson = 1 if par[MASS] > 0.0 and par[LN_MASS] - y[0] < log(X_DROP) else 0
        if locked(y, n_baths, has_boson, par, c, v, me_form, t, work):
            found, best = has_boson, y[0]
            if step > 0.0:  # on the way up: what lies between is cooler
                step = -0.5 * step
        elif found >= 0:
            y[0] = best
            step *= 0.5
        else:
            step = log(2.0)
        y[0] += step
    y[0] = best
    return found


@njit(cache=True, error_model="numpy")
def effective_number(y: np.ndarray, n_baths: int, c: np.ndarray, em: np.ndarray) -> float:
    """Return N_eff = (8/7)(11/4)^(4/3) rho_nu/rho_gamma (ghosh2024 eq. 1, first form) once neutrinos are free.

    What e+- still hold goes to the photons at constant entropy: s/T^3 of the plasma falls to that of photons.
    """
    ln_t = max(y[0], em[0, 0])
    entropy = hermite.evaluate(em, ln_t, 0) + hermite.evaluate(em, ln_t, 1)
    reheating = log(entropy / (4 * np.pi**2 / 45)) / 3
    total = 0.0
    for i in range(n_baths):
        total += c[FLAVOURS, i] * exp(4 * (y[1 + i] - reheating))
    return DILUTION * RHO_1 / PHOTONS * total


@njit(cache=True, error_model="numpy")
def solve_point(
    n_baths: int,
    zero_start: bool,
    par: np.ndarray,
    c: np.ndarray,
    v: np.ndarray,
    me_form: int,
    t: Tables,
    rtol: float,
    t_frozen: float,
    history: np.ndarray,
    work: Scratch,
) -> tuple[float, int, int]:
    """Return (N_eff or NaN, status, steps) of one point.

    With rows to fill in `history` the whole evolution is followed; without, only the part that N_eff depends on, down
    to where neutrinos gain nothing more: at t_frozen or below (T_FROZEN with finite m_e in the rates, else T_END).
    """
    state = np.empty(1 + n_baths + (1 if par[MASS] > 0 else 0))
    y, par, c, v = borrowed(state), borrowed(par), borrowed(c), borrowed(v)
    t = Tables(
        borrowed(t.em),
        borrowed(t.boson),
        borrowed(t.weak),
        borrowed(t.mediated),
        borrowed(t.bessel),
        borrowed(t.level),
        borrowed(t.slopes),
        borrowed(t.grid),
    )
    work = Scratch(
        borrowed(work.f),
        borrowed(work.jac),
        borrowed(work.f_stage),
        borrowed(work.matrix),
        borrowed(work.k),
        borrowed(work.stage),
        work.pivot,
        borrowed(work.rows),
        borrowed(work.before),
        borrowed(work.relaxation),
        borrowed(work.hot),
    )
    whole = history.shape[0] > 0
    has_boson = hot_state(y, n_baths, zero_start, par, c, t)
    with_boson = has_boson
    for a in range(y.size):
        work.hot[a] = y[a]
    if not whole:
        has_boson = latest_locked_state(y, n_baths, par, c, v, me_form, t, work)
        if has_boson < 0:
            has_boson = with_boson
            y[y.size - 1] = work.hot[y.size - 1]
    status, steps = _NAN, 0
    for _ in range(2):  # a failure is tried again from the hot start at a tenth of the tolerance
        t_end = T_END if whole else t_frozen
        first = H_START if y[0] < work.hot[0] else H_FIRST
        status, steps, _ = evolve(y, n_baths, has_boson, par, c, v, me_form, t, rtol, first, t_end, history, work)
        if status in (_OK, _ALIVE):
            break
        has_boson = with_boson
        for a in range(y.size):
            y[a] = work.hot[a]
        rtol *= 0.1
        for row in range(history.shape[0]):
            history[row, 0] = np.nan
    for a in range(state.size):
        state[a] = y[a]  # keeps the owner alive
    return (effective_number(state, n_baths, c, t.em) if status == _OK else np.nan), status, steps


@njit(cache=True, error_model="numpy", nogil=True)
def solve_points(
    zero_start: bool,
    par: np.ndarray,
    c: np.ndarray,
    v: np.ndarray,
    me_form: int,
    t: Tables,
    rtol: float,
    t_frozen: float,
    neff: np.ndarray,
    status: np.ndarray,
    empty: np.ndarray,
    work: Scratch,
) -> None:
    """Fill N_eff and status for many points: par [n, 8], c [n, 6, baths], v [n, baths, baths, 3]. Releases the GIL.

    empty: a history without rows; work: `scratch` of the thread.
    """
    for i in range(par.shape[0]):
        neff[i], status[i], _ = solve_point(
            c.shape[2], zero_start, par[i], c[i], v[i], me_form, t, rtol, t_frozen, empty, work
        )


@njit(cache=True, error_model="numpy", inline="always")
def evolve(
    y, n_baths, has_boson, par, c, v, me_form, tables, rtol, first, t_end, history, work
) -> tuple[int, int, int]:
    """Integrate y in place over N = ln a, first step `first`; return (status, steps, has_boson).

    history [rows, 2 + 2 len(y)] receives N, H, state and its slope at each accepted step (NaN for a boson that is
    gone); give it zero rows to record nothing. work is the scratch array of `scratch`.
    """
    jac, stage = work.jac, work.stage
    in_time = history.shape[0] > 0
    with_jacobian = rtol > 0.0  # always; a literal True would compile the right-hand side a second time
    size = y.size
    efolds, h, h_taken, recorded, had_boson, repeated = 0.0, first, 0.0, 0, has_boson, False
    for steps in range(MAX_STEPS):
        n = 1 + n_baths + has_boson
        hubble = right_hand_side(
            y, n_baths, has_boson, par, c, v, me_form, tables, with_jacobian, work.f, jac, work.rows
        )
        if efolds > 0.0 and not repeated and leapt(jac, work.relaxation, n, h_taken):
            has_boson, repeated = had_boson, True
            for a in range(1 + n_baths + has_boson):
                y[a] = work.before[a]
            efolds -= h_taken
            h = h_taken / 3
            continue
        if recorded < history.shape[0] and not repeated:
            history[recorded, 0], history[recorded, 1] = efolds, hubble
            for a in range(size):
                history[recorded, 2 + a] = y[a] if a < n else np.nan
                history[recorded, 2 + size + a] = work.f[a] if a < n else np.nan
            recorded += 1
        repeated = False
        if not has_boson and over(y, n_baths, t_end, work):
            return _OK, steps, has_boson
        if y[0] < log(T_LAST):
            return _ALIVE, steps, has_boson
        error = np.inf
        while not error <= 1.0:
            error = attempt(y, n, n_baths, has_boson, par, c, v, me_form, tables, rtol, in_time, h, work)
            h_taken = h
            h = min(rodas.next_step(h, error if isfinite(error) else 1e4), 1.0)
            if not error <= 1.0 and h < 1e-13:
                return (_SMALL if isfinite(hubble) else _NAN), steps, has_boson
        efolds += h_taken
        for a in range(n):
            work.before[a] = y[a]
            work.relaxation[a] = -jac[a, a]
            y[a] = stage[a]
        had_boson = has_boson
        if has_boson and par[LN_MASS] - (y[0] + y[1 + int(par[REFERENCE])] + y[n - 1]) > log(X_DROP):
            has_boson = 0
    return _MANY, MAX_STEPS, has_boson


@njit(cache=True, error_model="numpy", inline="always")
def over(y, n_baths, t_end, work):
    """Return whether all exchange is over: at T_END, or where neutrinos gain nothing more.

    Row 1 of the right-hand side's scratch space holds d ln T/dN, -1 without exchange; -J_aa is the rate at which a bath
    relaxes. A strongly coupled Z' holds contact below t_end; weak rates end it before.
    """
    if y[0] < log(T_END) or t_end <= T_END:
        return y[0] < log(T_END)
    possible = 0.0 if y[0] < log(t_end) else 0.1
    for a in range(1, n_baths + 1):
        if not abs(work.rows[1, a] + 1.0) + possible * abs(work.jac[a, a]) < QUIET:
            return False
    return True


@njit(cache=True, error_model="numpy", inline="always")
def leapt(jac, relaxation, n, h):
    """Return whether a step left equilibrium in one stride, which the embedded error does not see.

    relaxation holds the rates -J_aa at the start of the step; jac is that of its end.
    """
    for a in range(1, n):
        if relaxation[a] * h > 1.0 and -jac[a, a] < NEAR and -jac[a, a] * LEAP < relaxation[a]:
            return True
    return False
