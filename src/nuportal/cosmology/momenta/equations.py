# pyright: basic
"""Right-hand side of the kinetic equations (docs/physics/kinetic.md).

State z over x = ln a, a = 1 at the start and s = T_start/a:

    f_i(y) (1 + e^y)     i = 0 .. states-1     neutrinos
    f_Z(Q) (e^Q - 1)                           boson
    rho_em/s^4                                 plasma; its temperature follows
    x
    energy over s^4 of neutrinos above the grid, one entry a state, and their number over s^3
    int 3 (1 + p/rho) dx

States and flavour classes: flavours.py. Every rate is a product of blocking factors and an affinity, a difference of
products of e^delta = 1 + u and e^kappa = 1 + v, where delta = ln[f/(1-f)] + E/T and kappa = ln[f/(1+f)] + E/T measure
how far a node is from equilibrium with the plasma: energies have dropped out. Numbers and energies are linear in the
state: an implicit method keeps their sums exactly, even where a step is far longer than a reaction takes. A spectrum
that meets nothing does not change, and the decay of a rare boson is a linear equation. theta = ln(T_gamma/s).
"""

from math import exp, log, pi, sqrt

import numpy as np
from numba import njit

from nuportal.cosmology.expansion import HUBBLE
from nuportal.cosmology.momenta.boson_pairs import boson_pairs
from nuportal.cosmology.momenta.decays import decays
from nuportal.cosmology.momenta.flavours import fractions, pair_shares
from nuportal.cosmology.momenta.grid import collect, sharpen
from nuportal.cosmology.momenta.reactions import boson_with_plasma, scattering, weak_reactions
from nuportal.cosmology.momenta.state import Point, Tables, Work, fields, temperature
from nuportal.plasma import em
from nuportal.solvers.compiled import PART
from nuportal.solvers.rodas import FAST

#: whether derivatives are formed too. To numba Python's True and False are types of their own, for each of which it
#: would compile everything below once more; of these two it asks for their value alone.
DERIVE, NO_DERIVATIVES = np.bool_(True), np.bool_(False)
WEAK_END = 0.028  #: MeV; below, weak reactions of neutrinos with e+- are over
PAIRED_UNTIL = 30.0  #: M/T beyond which nu nubar <-> Z'Z' is over


@njit(cache=True, error_model="numpy", fastmath=FAST)
def flows(z: np.ndarray, point: Point, t: Tables, w: Work, derive: bool) -> float:
    """Fill dz/dx in w.dot, and derivatives of the collision terms if asked; return H in MeV (NaN outside)."""
    g = t.grid
    states, n, k, core = w.delta.shape[0], g.y.size, g.q.size, w.jac.shape[0]
    s = point.start * exp(-z[core])
    t_gamma = temperature(t.em, z[core - 1], s)
    if not t_gamma > 0.0:
        return np.nan
    theta = log(t_gamma / s)
    w.plasma[4] = theta
    pressure, rho_em, capacity, _ = em.state(t.em, t_gamma)
    electrons = max(rho_em + pressure - 4.0 / 45.0 * pi**2 * t_gamma**4, 0.0)
    for j in range(n):
        fractions(point.mixing, g.y[j] * s, electrons, point.multiplicity, w.to_class[j], w.to_state[j], w.matrix[j])
    rho_nu, rho_z = fields(z, point, t, w)
    rho = rho_em + (rho_nu + rho_z) * s**4 + point.matter * t_gamma**3
    if not rho > 0.0:
        return np.nan
    hubble = HUBBLE * sqrt(rho)
    _clear(w, derive)
    heat = _neutrinos(z, point, t, w, theta, t_gamma, hubble, derive)
    if point.mass > 0.0:
        heat += _boson(point, t, w, theta, t_gamma, hubble, derive)
    for i in range(states):
        for j in range(n):
            w.dot[i * n + j] = w.change[i, j] * w.scale[i * n + j]
    for j in range(k):
        w.dot[states * n + j] = w.boson[j] * w.scale[states * n + j]
    w.plasma[0], w.plasma[1], w.plasma[2], w.plasma[3] = heat, s**4 / (t_gamma * capacity), s**4 / rho, t_gamma
    w.dot[core - 1] = (rho_em - 3.0 * pressure) / s**4 - heat
    w.dot[core] = 1.0
    for i in range(states):
        w.dot[core + 1 + i], w.dot[core + 1 + states + i] = w.far[0, i], w.far[1, i]
    pressure += (rho_nu / 3.0 + _boson_pressure(w, g, point.mass > 0.0)) * s**4
    w.dot[core + 1 + 2 * states] = 3.0 * (1.0 + pressure / (rho_em + (rho_nu + rho_z) * s**4))
    return hubble


@njit(**PART, fastmath=FAST)
def _boson_pressure(w, g, present):
    """Return the pressure of the boson over s^4."""
    total = 0.0
    if present:
        for j in range(g.q.size):
            total += w.numbers[j] * g.q[j] ** 2 / (3.0 * w.energy[j]) * w.fz[j]
    return total


@njit(**PART, fastmath=FAST)
def _clear(w, derive):
    """Set to zero what collision terms are added to."""
    for array in (w.collision, w.rates, w.from_plasma, w.change):
        array[:] = 0.0
    w.boson[:] = 0.0
    w.far[:] = 0.0
    if derive:
        w.far_z[:] = 0.0
        w.class_class[:] = 0.0
        w.nu_nu[:] = 0.0
        w.nu_z[:] = 0.0
        w.z_nu[:] = 0.0
        w.z_z[:] = 0.0
        w.heat[:] = 0.0
        w.heat_boson[:] = 0.0
        w.theta_class[:] = 0.0
        w.theta_boson[:] = 0.0


@njit(**PART, fastmath=FAST)
def _neutrinos(z, point, t, w, theta, t_gamma, hubble, derive):
    """Add weak reactions and scattering among neutrinos to w.change; return the plasma's loss of energy over s^4."""
    g = t.grid
    states, classes, n = w.delta.shape[0], w.u.shape[0], g.y.size
    heat, decline, s = 0.0, exp(-theta), t_gamma * exp(-theta)
    if t_gamma > WEAK_END:
        weak_reactions(theta, point, t, w, t_gamma, hubble, derive)
        for c in range(classes):
            for j in range(n):
                per = 2.0 * point.multiplicity[c] * g.weight[j] * g.y[j]
                heat += per * w.from_plasma[c, j]
                w.collision[c, j] = w.from_plasma[c, j]
                if derive:  # so far class_class holds reactions with the plasma alone
                    for l in range(n):
                        part = w.class_class[c, j, c, l]
                        w.heat[c, l] += per * part
                        # at given f a warmer plasma means smaller delta = ln[f/(1-f)] + y e^-theta
                        w.theta_class[c, j] -= part * g.y[l] * decline
    scattering(theta, point, t, w, t_gamma, s, hubble, derive)
    for j in range(n):
        for i in range(states):
            f = z[i * n + j] / w.scale[i * n + j]
            for c in range(classes):
                w.change[i, j] += w.to_state[j, i, c] * (w.collision[c, j] + w.rates[c, j] * (w.f[c, j] - f))
    return heat


@njit(**PART, fastmath=FAST)
def _boson(point, t, w, theta, t_gamma, hubble, derive):
    """Add the reactions of the boson to w.change and w.boson; return the energy that the plasma loses over s^4."""
    g = t.grid
    decline, s = exp(-theta), t_gamma * exp(-theta)
    heat = boson_with_plasma(point, t, w, t_gamma, s, hubble, derive)
    state = (w.bose, w.v, w.stimulated, w.occupied)
    parts = (w.nu_nu, w.nu_z, w.z_nu, w.z_z, w.far_z)
    n, states = g.y.size, w.delta.shape[0]
    w.sharp[:] = w.delta
    w.event[:] = 0.0
    sharpen(g, w.sharp.reshape(states, n, 1))
    if point.width_unit > 0.0:
        front = point.mass * point.width_unit / (s * hubble)
        decays(g, point.mixing, point.mass / s, decline, front, w.numbers, w.sharp, w.matrix, w.pair,
               state, w.event, w.boson, w.far, derive, parts)  # fmt: skip
    if point.paired and t_gamma * PAIRED_UNTIL > point.mass:
        pair_shares(point.mixing, w.matrix, w.shares)
        front = s / (512.0 * pi**3 * hubble) / point.degrees
        boson_pairs(g, point.mixing, t.boson_pairs, front, point.mass / s, decline, w.numbers, w.shares, w.energy,
                    w.sharp, state, w.event, w.boson, derive, parts)  # fmt: skip
    collect(g, w.event.reshape(states, n, 1), g.weight)
    for i in range(states):
        for j in range(n):
            w.change[i, j] += w.event[i, j]
    if derive:
        k = g.q.size
        collect(g, w.nu_nu.reshape(states, n, states * n), g.weight)
        collect(g, w.nu_nu.reshape(states * n * states, n, 1), w.ones)
        collect(g, w.nu_z, g.weight)
        collect(g, w.z_nu.reshape(k * states, n, 1), w.ones)
    return heat
