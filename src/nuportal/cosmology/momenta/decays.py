"""Decays and inverse decays Z' <-> nu nubar with the spectra of all three.

For a boson of energy E and momentum p the energies of the pair are uniform on (E -+ p)/2 and

    df_Z/dt = (M Gamma/E) < f f' (1 + f_Z) - (1-f)(1-f') f_Z >
            = (M Gamma/E) < (1-f)(1-f') > (1 + f_Z) e^{-E/T} [(1+u)(1+u') - (1+v)]

with 1 + u = e^delta of the neutrinos, 1 + v = e^kappa of the boson: energies drop out of the affinity, which keeps its
digits when reactions are much faster than the expansion. Every event takes one boson and puts half a neutrino and half
an antineutrino of each momentum on the nodes around it.
"""

from math import exp, expm1, pi, sqrt

import numpy as np
from numba import njit

from nuportal.cosmology.momenta.flavours import couple
from nuportal.cosmology.momenta.grid import spread
from nuportal.solvers.rodas import FAST

_X, _W = np.polynomial.legendre.leggauss(10)
_X, _W = 0.5 * (1 + _X), 0.5 * _W

#: events of a neutrino over H above which they hold equilibrium and are not made faster. A heavy boson may decay faster
#: than that: only what neutrinos see of it is limited, not the energy that few bosons pass on
RATE_MAX = 1e6
PHASE = 2.0 * pi**2
FAR = 1e3  #: stands for a boson far from equilibrium with the plasma


@njit(cache=True, error_model="numpy", fastmath=FAST, inline="always")
def _at(i, part, delta, decline, y, above):
    """Return (f/(1-f), delta) at a momentum of weights `part` at nodes i, i + 1, i + 2; nothing above the grid."""
    if above:
        return 0.0, -np.inf
    x = part[0] * delta[i] + part[1] * delta[i + 1] + part[2] * delta[i + 2]
    return exp(x - y * decline), x


@njit(cache=True, error_model="numpy", fastmath=FAST)
def decays(g, m, mass, decline, front, weight, delta, matrix, pairs, state, out, boson, far, derive, jac):
    """Add decays to out [states, nodes] (df/dx of the neutrinos) and boson [k] (df_Z/dx); fill derivatives if asked.

    Neutrinos above the grid, where there are none to decay back, add their energy and number to far [2, states].

    m: `Mixing`; mass: M/s; decline: e^-theta; front: M Gamma/(s H) for unit coupling; weight [k]: number weights of the
    boson; delta [states, nodes]; matrix [nodes, 3, states]: U; pairs [states, states]: scratch; state: (e^{-E/T},
    e^kappa - 1 or FAR, 1 + f_Z, f_Z/(1 + f_Z)) of the boson. jac = (nu by delta [s, n, s, n], nu by f_Z [s, n, k],
    boson by delta [k, s, n], boson by f_Z [k, k], far by f_Z [2, s, k]).
    """
    bose, v, stimulated, occupied = state
    states = delta.shape[0]
    for k in range(g.q.size):
        q = g.q[k]
        energy = sqrt(q * q + mass * mass)
        soft = 0.5 * mass * mass / (energy + q)  # (E - q)/2
        loss = 0.5 * weight[k]
        for a in range(2 * _X.size):
            # both halves of the range: the pair (p, p') and the pair (p', p) when states differ, one of them when not
            if a >= _X.size and not m.oscillating:
                break
            p1 = soft + 0.5 * q * _X[a % _X.size]
            p2 = energy - p1
            softer = max(p1, 0.5 * g.h)
            # events over the number of neutrinos around the softer momentum
            seen = loss / energy * _W[a % _X.size] * PHASE / (softer * softer * g.h)
            seen *= exp(-max(energy - softer, 0.0) * decline)
            share = _W[a % _X.size]
            if m.oscillating:
                share *= 0.5
                if a >= _X.size:
                    p1, p2 = p2, p1
            i1, a1, b1, c1 = spread(g, p1)
            i2, a2, b2, c2 = spread(g, p2)
            part1, part2 = (a1, b1, c1), (a2, b2, c2)
            above1, above2 = p1 > g.end, p2 > g.end
            couple(m, i1, part1, i2, part2, matrix, pairs)
            for c in range(states):
                g1, x1 = _at(i1, part1, delta[c], decline, p1, above1)
                free1 = 1.0 / (1.0 + g1)
                for d in range(states):
                    strength = front * pairs[c, d]
                    if strength == 0.0:
                        continue
                    g2, x2 = _at(i2, part2, delta[d], decline, p2, above2)
                    free2 = 1.0 / (1.0 + g2)
                    scale = strength / (1.0 + strength * seen / RATE_MAX)
                    scale *= share / energy * stimulated[k] * free1 * free2
                    gain = g1 * g2
                    near = v[k] < FAR and not (above1 or above2)
                    affinity = bose[k] * (expm1(x1 + x2) - v[k]) if near else gain - occupied[k]
                    rate = scale * affinity
                    boson[k] += rate
                    loss1, loss2 = loss / m.states[c], loss / m.states[d]
                    dv = (rate - scale / stimulated[k]) / stimulated[k]
                    if above1:
                        _count(far, jac[4], c, k, loss, p1, rate, dv, derive)
                    else:
                        for s in range(3):
                            out[c, i1 + s] -= loss1 * part1[s] / g.weight[i1 + s] * rate
                    if above2:
                        _count(far, jac[4], d, k, loss, p2, rate, dv, derive)
                    else:
                        for s in range(3):
                            out[d, i2 + s] -= loss2 * part2[s] / g.weight[i2 + s] * rate
                    if not derive:
                        continue
                    d1 = 0.0 if above1 else scale * gain - rate * g1 * free1
                    d2 = 0.0 if above2 else scale * gain - rate * g2 * free2
                    jac[3][k, k] += dv
                    for s in range(3):
                        jac[2][k, c, i1 + s] += d1 * part1[s]
                        jac[2][k, d, i2 + s] += d2 * part2[s]
                        to1 = 0.0 if above1 else loss1 * part1[s] / g.weight[i1 + s]
                        to2 = 0.0 if above2 else loss2 * part2[s] / g.weight[i2 + s]
                        jac[1][c, i1 + s, k] -= to1 * dv
                        jac[1][d, i2 + s, k] -= to2 * dv
                        for r in range(3):
                            jac[0][c, i1 + s, c, i1 + r] -= to1 * d1 * part1[r]
                            jac[0][c, i1 + s, d, i2 + r] -= to1 * d2 * part2[r]
                            jac[0][d, i2 + s, c, i1 + r] -= to2 * d1 * part1[r]
                            jac[0][d, i2 + s, d, i2 + r] -= to2 * d2 * part2[r]


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _count(far, far_z, c, k, loss, p, rate, slope, derive):
    """Add half a neutrino and half an antineutrino of momentum p of every event to what is above the grid."""
    far[0, c] -= 2.0 * loss * p * rate
    far[1, c] -= 2.0 * loss * rate
    if derive:
        far_z[0, c, k] -= 2.0 * loss * p * slope
        far_z[1, c, k] -= 2.0 * loss * slope
