"""Right-hand side and Jacobian of the kinetic equations (docs/physics/kinetic.md).

State z over x = ln a, a = 1 at the start and s = T_start/a:

    (f_i(y) - f_eq) (1 + e^y)     i = 0 .. states-1     neutrinos less what they have in equilibrium with the plasma
    (f_Z(Q) - f_eq) (e^Q - 1)                           boson, likewise
    theta = ln(T_gamma/s)
    x

States and flavour classes: flavours.py. Every rate is a product of blocking factors and an affinity,
a difference of products of e^delta = 1 + u and e^kappa = 1 + v, where delta = logit f + E/T and kappa = ln[f/(1+f)] +
E/T: energies have dropped out, and since the state holds the deviations, reactions many orders of magnitude faster than
the expansion still balance to full precision. Number and energy are linear in the state, and the decay of a rare boson
is a linear equation. Derivatives are formed by delta and f_Z and turned into derivatives by z at the end.
"""

from math import exp, isfinite, pi, sqrt

import numpy as np
from numba import njit

from nuportal.cosmology.expansion import HUBBLE
from nuportal.cosmology.momenta.boson_pairs import boson_pairs
from nuportal.cosmology.momenta.decays import decays
from nuportal.cosmology.momenta.flavours import fractions, pair_shares
from nuportal.cosmology.momenta.reactions import boson_with_plasma, scattering, weak_reactions
from nuportal.cosmology.momenta.state import fields
from nuportal.plasma import em
from nuportal.solvers.rodas import FAST

WEAK_END = 0.028  #: MeV; below, weak reactions of neutrinos with e+- are over
PAIRED_UNTIL = 30.0  #: M/T beyond which nu nubar <-> Z'Z' is over


@njit(cache=True, error_model="numpy", fastmath=FAST)
def flows(z, point, t, w, derive):
    """Fill dz/dx in w.dot, and derivatives of the collision terms if asked; return H in MeV (NaN outside)."""
    g = t.grid
    states, classes, n, k, m = w.delta.shape[0], w.u.shape[0], g.y.size, g.q.size, z.size
    theta, x = z[m - 2], z[m - 1]
    s = point.start * exp(-x)
    t_gamma = s * exp(theta)
    pressure, rho_em, capacity, _ = em.state(t.em, t_gamma)
    electrons = max(rho_em + pressure - 4.0 / 45.0 * pi**2 * t_gamma**4, 0.0)
    for j in range(n):
        fractions(point.mixing, g.y[j] * s, electrons, point.multiplicity, w.to_class[j], w.to_state[j], w.matrix[j])
    rho_nu, rho_z = fields(z, point, t, w)
    s4 = s**4
    rho = rho_em + (rho_nu + rho_z) * s4 + point.matter * t_gamma**3
    if not rho > 0.0:
        return np.nan
    hubble = HUBBLE * sqrt(rho)
    for array in (w.collision, w.rates, w.from_plasma, w.change):
        array[:] = 0.0
    w.boson[:] = 0.0
    if derive:
        w.class_class[:] = 0.0
        w.nu_nu[:] = 0.0
        w.nu_z[:] = 0.0
        w.z_nu[:] = 0.0
        w.z_z[:] = 0.0
        w.heat[:] = 0.0
        w.heat_boson[:] = 0.0
    if t_gamma > WEAK_END:
        weak_reactions(theta, point, t, w, t_gamma, hubble, derive)
    heat = 0.0
    for c in range(classes):
        for j in range(n):
            per = 2.0 * point.multiplicity[c] * g.weight[j] * g.y[j]
            heat += per * w.from_plasma[c, j]
            w.collision[c, j] += w.from_plasma[c, j]
            if derive and t_gamma > WEAK_END:  # so far class_class holds reactions with the plasma alone
                for l in range(n):
                    w.heat[c, l] += per * w.class_class[c, j, c, l]
    scattering(theta, point, t, w, t_gamma, s, hubble, derive)
    for j in range(n):
        equilibrium = w.e0[j] / (1.0 + w.e0[j])
        for i in range(states):
            f = equilibrium + z[i * n + j] / w.scale[i * n + j]
            for c in range(classes):
                w.change[i, j] += w.to_state[j, i, c] * (w.collision[c, j] + w.rates[c, j] * (w.f[c, j] - f))
    if point.mass > 0.0:
        heat += boson_with_plasma(point, t, w, t_gamma, s, hubble, derive)
        if point.width_unit > 0.0:
            front = point.mass * point.width_unit / (s * hubble)
            decays(g, point.mixing, point.mass / s, exp(-theta), front, w.numbers, w.delta, w.matrix, w.strengths, (w.bose, w.v, w.stimulated, w.occupied), w.change, w.boson,
                   derive, (w.nu_nu, w.nu_z, w.z_nu, w.z_z))  # fmt: skip
        if point.paired and t_gamma * PAIRED_UNTIL > point.mass:
            pair_shares(point.mixing, w.matrix, w.shares)
            boson_pairs(
                g,
                point.mixing,
                t.boson_pairs,
                s / (512.0 * pi**3 * hubble) / point.degrees,
                point.mass / s,
                exp(-theta),
                w.numbers,
                w.shares,
                w.energy,
                w.delta,
                (w.bose, w.v, w.stimulated, w.occupied),
                w.change,
                w.boson,
                derive,
                (w.nu_nu, w.nu_z, w.z_nu, w.z_z),
            )
    per_capacity = s4 / (t_gamma * capacity)
    dot_theta = 1.0 - 3.0 * (rho_em + pressure) / (t_gamma * capacity) - heat * per_capacity
    decline = exp(-theta)
    for i in range(states):
        for j in range(n):
            row = i * n + j
            w.dot[row] = w.change[i, j] * w.scale[row] - g.y[j] * decline * dot_theta * w.response[row]
    mass2 = (point.mass / s) ** 2
    for j in range(k):
        row = states * n + j
        w.dot[row] = 0.0
        if point.mass > 0.0:
            drift = decline * (mass2 / w.energy[j] - w.energy[j] * dot_theta)
            w.dot[row] = w.boson[j] * w.scale[row] + drift * w.response[row]
    w.dot[m - 2], w.dot[m - 1] = dot_theta, 1.0
    if derive:
        for j in range(n):
            for i in range(states):
                row = i * n + j
                w.density[row] = point.mixing.states[i] * g.weight[j] * g.y[j] * s4 / rho / w.scale[row]
                total = 0.0
                for c in range(classes):
                    total += w.heat[c, j] / (w.f[c, j] * w.b[c, j]) * w.to_class[j, c, i]
                w.heat_row[row] = (total / w.scale[row] - heat * w.density[row]) * per_capacity
        for j in range(k):
            row = states * n + j
            w.density[row] = 0.5 * w.numbers[j] * w.energy[j] * s4 / rho / w.scale[row] if point.mass > 0.0 else 0.0
            w.heat_row[row] = (w.heat_boson[j] / w.scale[row] - heat * w.density[row]) * per_capacity
    return hubble


@njit(cache=True, error_model="numpy", fastmath=FAST)
def weak_block(point, t, w):
    """Add the derivatives of weak reactions between states to w.jac, by f (not yet by z).

    df_i = sum_A Q_iA [C_A + G_A (f_A - f_i)], f_A = sum_j P_Aj f_j; the change of G_A is left out, since f_A - f_i is
    small wherever G_A is large. Newton's method then needs an iteration more, nothing else.
    """
    g = t.grid
    states, classes, n = w.delta.shape[0], w.u.shape[0], g.y.size
    for a in range(classes):
        for j in range(n):
            for i in range(states):
                q = w.to_state[j, i, a]
                if q == 0.0:
                    continue
                for b in range(classes):
                    for l in range(n):
                        part = q * w.class_class[a, j, b, l] / (w.f[b, l] * w.b[b, l])
                        for h in range(states):
                            w.jac[i * n + j, h * n + l] += part * w.to_class[l, b, h]
                for h in range(states):
                    own = w.to_class[j, a, h] - (1.0 if h == i else 0.0)
                    w.jac[i * n + j, h * n + j] += q * w.rates[a, j] * own


@njit(cache=True, error_model="numpy", fastmath=FAST)
def jacobian(z, point, t, w):
    """Fill w.dot with dz/dx and w.jac with its derivatives; return H."""
    g = t.grid
    states, n, k, m = w.delta.shape[0], g.y.size, g.q.size, z.size
    # columns of theta and x by central differences; the last evaluation leaves dot and the parts below at z
    step = 1e-6
    for column in range(m - 2, m):
        middle = z[column]
        z[column] = middle + step
        flows(z, point, t, w, False)
        for i in range(m):
            w.jac[i, column] = w.dot[i]
        z[column] = middle - step
        flows(z, point, t, w, False)
        for i in range(m):
            w.jac[i, column] = (w.jac[i, column] - w.dot[i]) / (2.0 * step)
        z[column] = middle
    hubble = flows(z, point, t, w, True)
    if not isfinite(hubble):
        return hubble
    nu, jac = states * n, w.jac
    for row in range(m - 2):
        for column in range(m - 2):
            jac[row, column] = 0.0
    weak_block(point, t, w)
    if point.mass > 0.0:
        for i in range(states):
            for j in range(n):
                for h in range(states):
                    for l in range(n):
                        jac[i * n + j, h * n + l] += w.nu_nu[i, j, h, l] * w.slope[h, l]
                for l in range(k):
                    jac[i * n + j, nu + l] += w.nu_z[i, j, l]
        for j in range(k):
            for h in range(states):
                for l in range(n):
                    jac[nu + j, h * n + l] += w.z_nu[j, h, l] * w.slope[h, l]
            for l in range(k):
                jac[nu + j, nu + l] += w.z_z[j, l]
    decline = exp(-z[m - 2])
    for row in range(m - 2):
        if row < nu:
            net, drift = w.change[row // n, row % n], g.y[row % n] * decline * w.response[row]
        else:
            net, drift = w.boson[row - nu], w.energy[row - nu] * decline * w.response[row]
        for column in range(m - 2):
            jac[row, column] *= w.scale[row] / w.scale[column]
            jac[row, column] += drift * w.heat_row[column] - net * w.scale[row] * w.density[column]
    for j in range(m - 2):
        jac[m - 2, j] = -w.heat_row[j]
        jac[m - 1, j] = 0.0
    jac[m - 1, m - 2] = jac[m - 1, m - 1] = 0.0
    return hubble
