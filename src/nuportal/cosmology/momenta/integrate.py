# pyright: basic
"""Integration of the kinetic equations over ln a: step sizes, their weights, and where it ends."""

from math import exp, isfinite, log, sqrt

import numpy as np
from numba import njit

from nuportal.cosmology.momenta.dispatch import System, flows
from nuportal.cosmology.momenta.equations import NO_DERIVATIVES
from nuportal.cosmology.momenta.stages import Solver, attempt, settle
from nuportal.cosmology.momenta.state import Point, Tables
from nuportal.solvers import esdirk, rodas
from nuportal.solvers.compiled import PART
from nuportal.solvers.status import Status

MAX_STEPS = 700  #: usual are 35 to 110
SMALLEST = 1e-12
LARGEST = 0.25  #: e-folds
NEGLIGIBLE = 1e-9  #: part of the energy of the fullest node below which a node is not resolved
COLD = 10.0  #: M/T beyond which a boson that holds nothing is dropped
SETTLE = 1e-4  #: e-folds of the two first steps, which bring fast reactions to rest
STEEP, CONTACT = 2.0, 30.0  #: largest step in units of T/M while the boson decays faster than CONTACT times H
FORGOTTEN = 50.0  #: M/T above which bosons in equilibrium pass nothing on, however fast
EMPTY = 1e-7  #: part of the neutrinos' energy that counts as nothing
ASTRAY = 1e-5  #: part of the energy that a step may lose or make; it is given back
SHORT = 0.01  #: e-folds, steps below which are not made shorter for that

_OK, _SMALL, _MANY, _NAN = (int(s) for s in list(Status)[:4])


@njit(**PART)
def weights(z, point, t, w, out):
    """Fill the weight of a change of each entry: of its relative change, by the root of its node's share of the energy.

    The root, because rates take logarithms: a rare tail that was wrong by its own size would make the next stage's
    iteration fail where the boson couples it to other nodes.
    """
    g = t.grid
    nodes, n, k = w.delta.size, w.delta.shape[1], w.fz.size
    largest = 0.0
    for i in range(nodes):
        out[i] = 2.0 * g.weight[i % n] * g.y[i % n] / w.slope[i // n, i % n]
        largest = max(largest, out[i])
    for j in range(k):
        out[nodes + j] = w.numbers[j] * w.energy[j] * max(abs(w.fz[j]), 1e-300) if point.mass > 0.0 else 0.0
    for i in range(nodes + k):
        share = out[i] / largest
        per = 2.0 * g.weight[i % n] * g.y[i % n] if i < nodes else w.numbers[i - nodes] * w.energy[i - nodes]
        if share > 0.0:
            resolved = min(1.0, share**0.5) * share / (share + NEGLIGIBLE)
            out[i] = resolved / share * per / (largest * w.scale[i])
    out[nodes + k] = 3.0 * w.plasma[1]  # of theta


@njit(cache=True, error_model="numpy", nogil=True)
def evolve(
    z: np.ndarray,
    point: Point,
    t: Tables,
    rtol: float,
    first: float,
    t_end: float,
    rows: np.ndarray,
    w: System,
    s: Solver,
) -> tuple[int, int, bool]:
    """Integrate z in place until T_gamma = t_end or until the boson is gone; return (status, steps, gone).

    rows [steps, 1 + len(z)] takes H and the state of every step.
    """
    core = s.row.size
    h = first
    for steps in range(rows.shape[0]):
        w.begins[0] = 1.0
        hubble = flows(z, point, t, w, NO_DERIVATIVES)
        w.begins[0] = 0.0
        if not isfinite(hubble):
            return _NAN, steps, False
        rows[steps, 0] = hubble
        for i in range(z.size):
            rows[steps, 1 + i] = z[i]
        ln_t = log(w.plasma[3])
        left = ln_t - log(t_end)
        if left < 1e-9:
            return _OK, steps, False
        if point.mass > COLD * exp(ln_t) and empty(point, t, w, hubble):
            return _OK, steps, True
        left /= max(w.plasma[1] * (4.0 * z[core - 1] - w.dot[core - 1]), 0.1)  # e-folds of T_gamma per e-fold
        # in equilibrium the number of bosons, and with it all that they pass on, falls by e in T/M of an e-fold
        ratio, decaying = point.mass / exp(ln_t), neutrino_width(point) + point.width_pairs
        steep = STEEP / ratio if 1.0 < ratio < FORGOTTEN and decaying > CONTACT * hubble else LARGEST
        weights(z, point, t, w, s.scale)
        if steps == 0 and not (settle(z, point, t, rtol, SETTLE, w, s) and settle(z, point, t, rtol, SETTLE, w, s)):
            for i in range(z.size):
                z[i] = rows[steps, 1 + i]
            flows(z, point, t, w, NO_DERIVATIVES)
            for i in range(z.size):
                s.dot[i] = w.dot[i]
        error = np.inf
        while not error <= 1.0:
            h = min(h, left, LARGEST, steep)
            error = attempt(z, point, t, rtol, h, w, s)
            if error <= 1.0 and h > SHORT:
                error = max(error, abs(astray(z, s.stage, point, t, w)) / ASTRAY)
            h = rodas.next_step(h, error if isfinite(error) else 40.0)
            if not error <= 1.0 and h < SMALLEST:
                return _SMALL, steps, False
        s.restored[0] += restore(z, s.stage, point, t, w)
        # the slope that solves the last stage: evaluated anew it would carry that solution's error times fast rates
        for i in range(z.size):
            z[i], s.dot[i] = s.stage[i], s.k[esdirk.STAGES - 1, i]
    return _MANY, rows.shape[0], False


@njit(**PART)
def astray(z, after, point, t, w):
    """Return the change of ln rho + int 3 (1 + p/rho) dx in a step, which would be zero if energy were kept.

    Sums of energy are linear in the state and kept to rounding, but for the mass of the boson, which makes its energy
    change with time between the stages.
    """
    last = z.size - 1
    core = w.jac.shape[0]
    grown = log(energy(after, point, t, w) / energy(z, point, t, w)) - 4.0 * (after[core] - z[core])
    return grown + after[last] - z[last]


@njit(**PART)
def restore(z, after, point, t, w):
    """Give back the energy that a step has lost; return its part of all energy.

    The boson lost it to what it decays into, or gained it from there: its energy changes between the stages, and the
    sum of what its partners took does not. Their numbers are right. So neutrinos get their share, that of the widths,
    as a change of temperature at fixed number of each species, and the plasma the rest.
    """
    g, m, core = t.grid, point.mixing, w.jac.shape[0]
    lost = -astray(z, after, point, t, w)
    if lost == 0.0 or point.mass == 0.0:
        return 0.0
    energy_lost = lost * energy(after, point, t, w)
    to_nu = neutrino_width(point)
    share = to_nu / (to_nu + point.width_pairs + point.width_photons) if to_nu > 0.0 else 0.0
    after[core - 1] += (1.0 - share) * energy_lost
    n, states = g.y.size, m.states.size
    left, off = states - m.right.size, w.delta.shape[0] - states
    per = 0.0
    for turn in range(2):  # first the energy per unit of change, then the change
        for i in range(states if share > 0.0 else 0):
            first = (i if i < left else i + off) * n
            number = number_y = 0.0
            for j in range(n):
                f = after[first + j] / w.scale[first + j]
                width = g.weight[j] * f * (1.0 - f)
                number, number_y = number + width, number_y + width * g.y[j]
            mean = number_y / number if number > 0.0 else 0.0
            for j in range(n):
                f = after[first + j] / w.scale[first + j]
                change = f * (1.0 - f) * (g.y[j] - mean)
                if turn == 0:
                    per += 2.0 * m.states[i] * g.weight[j] * g.y[j] * change
                else:
                    after[first + j] += share * energy_lost / per * change * w.scale[first + j]
    return abs(lost)


@njit(**PART)
def neutrino_width(point):
    """Return the width of the boson in MeV to neutrinos, left- and right-handed."""
    m, width = point.mixing, 0.0
    for charge in m.charges:
        width += point.width_unit * charge * charge
    for r in range(m.right.size):
        width += point.width_unit * m.right[r] ** 2 * m.states[m.states.size - m.right.size + r]
    return width


@njit(**PART)
def energy(z, point, t, w):
    """Return the energy density of plasma, neutrinos and boson over s^4; entries off the diagonal hold none."""
    g, m = t.grid, point.mixing
    n, states, core = g.y.size, m.states.size, w.jac.shape[0]
    left, off = states - m.right.size, w.delta.shape[0] - states
    total = z[core - 1]
    for i in range(states):
        first = (i if i < left else i + off) * n
        for j in range(n):
            total += 2.0 * m.states[i] * g.weight[j] * g.y[j] * z[first + j] / w.scale[j]
        total += z[core + 1 + i]
    if point.mass > 0.0:
        first, mass = core - 1 - g.q.size, point.mass / point.start * exp(z[core])
        for k in range(g.q.size):
            held = point.degrees * g.boson[k] * sqrt(g.q[k] ** 2 + mass * mass)
            total += held * z[first + k] / w.scale[first + k]
    return total


@njit(**PART)
def empty(point, t, w, hubble):
    """Return whether the boson decays fast, holds nothing and passes on nothing: energy times 1 + Gamma/H."""
    g = t.grid
    held, nu = 0.0, 0.0
    for j in range(g.q.size):
        held += w.numbers[j] * w.energy[j] * abs(w.fz[j])
    width = point.width_pairs + point.width_photons + neutrino_width(point)
    for c in range(w.f.shape[0]):
        for i in range(g.y.size):
            nu += 2.0 * point.multiplicity[c] * g.weight[i] * g.y[i] * w.f[c, i]
    return width > hubble and held * (1.0 + width / hubble) < EMPTY * nu
