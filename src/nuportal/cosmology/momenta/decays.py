# pyright: basic
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
from nuportal.solvers.compiled import PART
from nuportal.solvers.rodas import FAST

MOST = 24  #: momenta of a pair
POINTS, PER = 4, 1.0


def _rules() -> tuple[np.ndarray, np.ndarray]:
    """Return points and weights on (0, 1) of Gauss rules, one in every row."""
    x, w = np.zeros((MOST + 1, MOST)), np.zeros((MOST + 1, MOST))
    for n in range(1, MOST + 1):
        points, weights = np.polynomial.legendre.leggauss(n)
        x[n, :n], w[n, :n] = 0.5 * (1 + points), 0.5 * weights
    return x, w


_X, _W = _rules()


@njit(cache=True, error_model="numpy")
def points_of(g, q):
    """Return the number of momenta over which decays of a boson of momentum q are summed."""
    if g.equal == g.y.size:
        return 10
    return min(POINTS + int(PER * 0.5 * q / g.h), MOST)


#: events of a neutrino over H above which they hold equilibrium and are not made faster. A heavy boson may decay faster
#: than that: only what neutrinos see of it is limited, not the energy that few bosons pass on
RATE_MAX = 1e6
PHASE = 2.0 * pi**2
UNCOUPLED = 1e-12  #: coupling of two states, over the largest of flavours, below which they are left out
FAR = 1e3  #: stands for a boson far from equilibrium with the plasma


@njit(cache=True, error_model="numpy", fastmath=FAST)
def decays(g, m, mass, decline, front, weight, delta, matrix, scratch, state, out, boson, far, derive, jac):
    """Add decays to out [states, nodes] (df/dx of the neutrinos) and boson [k] (df_Z/dx); fill derivatives if asked.

    Neutrinos above the grid, where there are none to decay back, add their energy and number to far [2, states].
    Half of the range of momenta is enough: exchanging neutrino and antineutrino gives the other half.
    m: `Mixing`; mass: M/s; decline: e^-theta; front: M Gamma/(s H) for unit coupling; weight [k]: number weights of the
    boson; delta [states, nodes]; matrix [nodes, 3, states]: U; scratch: `Scratch`; state: (e^{-E/T},
    e^kappa - 1 or FAR, 1 + f_Z, f_Z/(1 + f_Z)) of the boson. jac = (nu by delta [s, n, s, n], nu by f_Z [s, n, k],
    boson by delta [k, s, n], boson by f_Z [k, k], far by f_Z [2, s, k]).
    """
    bose, v, stimulated, occupied = state
    states, pairs = delta.shape[0], scratch.pairs
    for k in range(g.q.size):
        q = g.q[k]
        energy = sqrt(q * q + mass * mass)
        soft = 0.5 * mass * mass / (energy + q)  # (E - q)/2
        loss = 0.5 * weight[k]
        points = points_of(g, q)
        for a in range(points):
            p1 = soft + 0.5 * q * _X[points, a]
            p2 = energy - p1
            softer = max(p1, 0.5 * g.h)
            # events over the number of neutrinos around the softer momentum
            seen = loss / energy * _W[points, a] * PHASE / (softer * softer * g.h)
            seen *= exp(-max(energy - softer, 0.0) * decline)
            i1, part1 = _spectra(g, p1, delta, decline, scratch.first)
            i2, part2 = _spectra(g, p2, delta, decline, scratch.second)
            above1, above2 = p1 > g.end, p2 > g.end
            couple(m, i1, part1, i2, part2, matrix, scratch)
            near = v[k] < FAR and not (above1 or above2)
            for c in range(states):
                g1, u1, free1 = scratch.first[0, c], scratch.first[1, c], scratch.first[2, c]
                for d in range(states):
                    strength = front * pairs[c, d]
                    if pairs[c, d] < UNCOUPLED * m.largest:
                        continue
                    g2, u2, free2 = scratch.second[0, d], scratch.second[1, d], scratch.second[2, d]
                    scale = strength / (1.0 + strength * seen / RATE_MAX)
                    scale *= _W[points, a] / energy * stimulated[k] * free1 * free2
                    gain = g1 * g2
                    affinity = bose[k] * (u1 + u2 + u1 * u2 - v[k]) if near else gain - occupied[k]
                    rate = scale * affinity
                    boson[k] += rate
                    slope = (rate - scale / stimulated[k]) / stimulated[k]
                    for one in range(2):  # each of the two neutrinos
                        i, state_, p = (i1, c, p1) if one == 0 else (i2, d, p2)
                        part, above = (part1, above1) if one == 0 else (part2, above2)
                        if above:
                            _count(far, jac[4], state_, k, loss, p, rate, slope, derive)
                            continue
                        for s in range(3):
                            to = loss / m.states[state_] * part[s] / g.weight[i + s]
                            out[state_, i + s] -= to * rate
                            if derive:
                                jac[1][state_, i + s, k] -= to * slope
                    if not derive:
                        continue
                    jac[3][k, k] += slope
                    d1, d2 = scale * gain - rate * g1 * free1, scale * gain - rate * g2 * free2
                    for s in range(3):
                        jac[2][k, c, i1 + s] += d1 * part1[s]
                        jac[2][k, d, i2 + s] += d2 * part2[s]
                        to1 = 0.0 if above1 else loss / m.states[c] * part1[s] / g.weight[i1 + s]
                        to2 = 0.0 if above2 else loss / m.states[d] * part2[s] / g.weight[i2 + s]
                        for r in range(3):
                            jac[0][c, i1 + s, c, i1 + r] -= to1 * d1 * part1[r]
                            jac[0][c, i1 + s, d, i2 + r] -= to1 * d2 * part2[r]
                            jac[0][d, i2 + s, c, i1 + r] -= to2 * d1 * part1[r]
                            jac[0][d, i2 + s, d, i2 + r] -= to2 * d2 * part2[r]


@njit(**PART, fastmath=FAST)
def _spectra(g, y, delta, decline, out):
    """Fill out [3, states] with f/(1-f), e^delta - 1 and 1 - f at a momentum; return its nodes and their weights.

    Above the end of the grid there are no neutrinos.
    """
    i, a, b, c = spread(g, y)
    boltzmann = 0.0 if y > g.end else exp(-y * decline)
    for state in range(delta.shape[0]):
        u = expm1(a * delta[state, i] + b * delta[state, i + 1] + c * delta[state, i + 2]) if y <= g.end else -1.0
        ratio = boltzmann * (1.0 + u)
        out[0, state], out[1, state], out[2, state] = ratio, u, 1.0 / (1.0 + ratio)
    return i, (a, b, c)


@njit(**PART, fastmath=FAST)
def _count(far, far_z, c, k, loss, p, rate, slope, derive):
    """Add half a neutrino and half an antineutrino of momentum p of every event to what is above the grid."""
    far[0, c] -= 2.0 * loss * p * rate
    far[1, c] -= 2.0 * loss * rate
    if derive:
        far_z[0, c, k] -= 2.0 * loss * p * slope
        far_z[1, c, k] -= 2.0 * loss * slope
