"""Neutrino-neutrino scattering on equally spaced momenta: kernels, collision term and its derivatives.

Two neutrinos i1, i2 scatter into i3, i4 with i1 + i2 = i3 + i4, so that all four stay on the nodes. Momenta are grouped
by their total I = i1 + i2; within a group the ordered pairs are numbered by i1, and a kernel is a symmetric matrix
over them. With f_nu = f_nubar, F(ab -> cd) = f3 f4 (1-f1)(1-f2) - f1 f2 (1-f3)(1-f4) and integer energies,

    C_a = [G_F^2 (h s)^5/(128 pi^3 (i1 + 1/2)^2)] sum { (64 Ks + 128 Kt) F(aa -> aa)
          + sum_{b != a} [ 32 (Ks + Kt) F(ab -> ab) + 32 Kt F(aa -> bb) ] }

where Ks, Kt integrate (p1.p2)(p3.p4), (p1.p4)(p2.p3) over the momentum transfer (docs/physics/kinetic.md).
"""

from functools import cache
from math import sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.solvers.compiled import PART
from nuportal.solvers.rodas import FAST


class PairTable(NamedTuple):
    """first [groups], size [groups]: smallest i1 and number of pairs of a group; begin: where its matrices start.

    same, swap, turn: 64 Ks + 128 Kt, 32 (Ks + Kt), 32 Kt, the matrices of all groups one after the other.
    """

    first: np.ndarray
    size: np.ndarray
    begin: np.ndarray
    same: np.ndarray
    swap: np.ndarray
    turn: np.ndarray


_X, _W = np.polynomial.legendre.leggauss(6)


@njit(cache=True, error_model="numpy")
def s_channel(e1, e2, e3, e4):
    """Return Ks = 1/4 [Q^4 q - 2/3 Q^2 q^3 + q^5/5] from max(|E1-E2|, |E3-E4|) to Q = E1 + E2."""
    total, low = e1 + e2, max(abs(e1 - e2), abs(e3 - e4))
    return 0.25 * (8.0 / 15.0 * total**5 - (total**4 * low - 2.0 / 3.0 * total**2 * low**3 + low**5 / 5.0))


@njit(cache=True, error_model="numpy")
def t_channel(e1, e2, e3, e4):
    """Return Kt = 1/4 [q^5/5 - 2/3 w^2 q^3 + w^4 q] from w = |E1-E4| to min(E1 + E4, E2 + E3)."""
    w, high = abs(e1 - e4), min(e1 + e4, e2 + e3)
    return 0.25 * (high**5 / 5.0 - 2.0 / 3.0 * w**2 * high**3 + w**4 * high - 8.0 / 15.0 * w**5)


@cache
def pair_table(nodes: int) -> PairTable:
    """Return the kernels for `nodes` equally spaced momenta."""
    totals = np.arange(2 * nodes - 1)
    first = np.maximum(0, totals - nodes + 1)
    size = np.minimum(totals, nodes - 1) - first + 1
    begin = np.concatenate([[0], np.cumsum(size**2)[:-1]])
    arrays = np.zeros((3, int(np.sum(size**2))))
    _fill(first, size, begin, arrays)
    return PairTable(first, size, begin, arrays[0], arrays[1], arrays[2])


@njit(**PART)
def _three(e1, e2, e3, e4, out):
    s, t = s_channel(e1, e2, e3, e4), t_channel(e1, e2, e3, e4)
    out[0], out[1], out[2] = 64.0 * s + 128.0 * t, 32.0 * (s + t), 32.0 * t


@njit(cache=True, error_model="numpy")
def _fill(first, size, begin, out):
    """Fill the kernels and scale them, K -> d K d, so that each pair scatters at its exact total rate.

    The kernels have kinks at E3 = E1 and E3 = E2 and end at E3 = 0, where the sum over cells is off by h^2: by 11 % at
    y = 2 with 24 cells. Between the kinks they are polynomials, which six Gauss points integrate exactly.
    """
    values = np.empty(3)
    for group in range(first.size):
        n, exact = size[group], np.zeros((3, size[group]))
        for a in range(n):
            e1 = first[group] + a + 0.5
            e2 = group + 1.0 - e1
            for b in range(n):
                e3 = first[group] + b + 0.5
                _three(e1, e2, e3, group + 1.0 - e3, values)
                for kind in range(3):
                    out[kind, begin[group] + a * n + b] = values[kind]
            # outgoing energies that lie on nodes: all of them, or for hard pairs those below the last node's edge
            low, high = first[group] + 0.0, group + 1.0 - first[group]
            ends = (low, min(e1, e2), max(e1, e2), high)
            for piece in range(3):
                half = 0.5 * (ends[piece + 1] - ends[piece])
                for k in range(_X.size):
                    e3 = ends[piece] + half * (1.0 + _X[k])
                    _three(e1, e2, e3, group + 1.0 - e3, values)
                    for kind in range(3):
                        exact[kind, a] += half * _W[k] * values[kind]
        for kind in range(3):
            kernel, scale, total = out[kind], np.empty(n), np.empty(n)
            for turn in range(31):
                for a in range(n):
                    at = begin[group] + a * n
                    total[a] = 0.0
                    for b in range(n):
                        total[a] += kernel[at + b] * (scale[b] if turn > 0 else 1.0)
                for a in range(n):
                    scale[a] = sqrt(scale[a] * exact[kind, a] / total[a]) if turn > 0 else 1.0
            for a in range(n):
                for b in range(n):
                    kernel[begin[group] + a * n + b] *= scale[a] * scale[b]


@njit(**PART, fastmath=FAST)
def _sums(kernel, begin, n, blocked, affinity, own, out, loss):
    """out[a] = sum_b K[a, b] B_b (U_b - U_a), own = U_a: flow into pair a per blocking of a; loss[a] = sum_b K B_b."""
    for a in range(n):
        row = begin + a * n
        total = filled = 0.0
        for b in range(n):
            part = kernel[row + b] * blocked[b]
            filled += part
            total += part * (affinity[b] - own[a])
        out[a], loss[a] = total, filled


@njit(**PART, fastmath=FAST)
def fill_pairs(n, first, group, b1, u1, b2, u2, blocked, affinity):
    """Fill blocking (1-f1)(1-f2) and affinity u1 + u2 + u1 u2 of the ordered pairs of one group."""
    for a in range(n):
        i, j = first + a, group - first - a
        blocked[a] = b1[i] * b2[j]
        affinity[a] = u1[i] + u2[j] + u1[i] * u2[j]


@njit(**PART, fastmath=FAST)
def _add(n, first, group, strength, front, own, flow, loss, b, u, e0, out, exchange):
    """Add the flow into pairs (1, 2) to out of particle 1, and gain plus loss rate of particle 1 to exchange."""
    for a in range(n):
        i, j = first + a, group - first - a
        scale = front[i] * strength
        out[i] += scale * own[0][a] * flow[a]
        # gain (1-f1) with sum K B' (1 + U'), loss f1 with (1 + u2) e^{E1/T} sum K B'
        exchange[i] += scale * b[j] * (flow[a] + loss[a] * (1.0 + own[1][a] + (1.0 + u[j]) / e0[i]))


@njit(cache=True, error_model="numpy", fastmath=FAST)
def collisions(t, front, thermal, e0, b, u, same, other, multiplicity, out, exchange, work):
    """Add the collision term of every class to out, its gain plus loss rate to exchange [classes, nodes].

    front [nodes]: prefactor over H; e0 [nodes]: e^{-E/T}; thermal [2 nodes - 1]: e^{-(E1+E2)/T} of each group; b, u
    [classes, nodes]: 1 - f and expm1 of the deviation from equilibrium. same [classes]: strength of aa -> aa within a
    class; other [2, classes, classes]: strength of ab -> ab and of aa -> bb between one flavour of each of two
    classes; both in units of G_F^2.
    """
    classes = b.shape[0]
    blocked, affinity, flow = work[0], work[1], work[2]
    blocked_2, affinity_2, loss = work[3], work[4], work[5]
    for group in range(t.first.size):
        n, first, begin = t.size[group], t.first[group], t.begin[group]
        scale = thermal[group]
        for c in range(classes):
            fill_pairs(n, first, group, b[c], u[c], b[c], u[c], blocked, affinity)
            own = (blocked, affinity)
            _sums(t.same, begin, n, blocked, affinity, affinity, flow, loss)
            _add(n, first, group, scale * same[c], front, own, flow, loss, b[c], u[c], e0, out[c], exchange[c])
            for d in range(classes):
                if d == c or other[0, c, d] == 0.0:
                    continue
                strength = scale * other[1, c, d] * multiplicity[d]
                fill_pairs(n, first, group, b[d], u[d], b[d], u[d], blocked_2, affinity_2)
                _sums(t.turn, begin, n, blocked_2, affinity_2, affinity, flow, loss)
                _add(n, first, group, strength, front, own, flow, loss, b[c], u[c], e0, out[c], exchange[c])
                strength = scale * other[0, c, d] * multiplicity[d]
                fill_pairs(n, first, group, b[c], u[c], b[d], u[d], blocked_2, affinity_2)
                _sums(t.swap, begin, n, blocked_2, affinity_2, affinity_2, flow, loss)
                own_2 = (blocked_2, affinity_2)
                _add(n, first, group, strength, front, own_2, flow, loss, b[d], u[d], e0, out[c], exchange[c])


@njit(**PART, fastmath=FAST)
def _scatter(kernel, begin, n, first, group, own, flow, loss, partner, own_f, others, jac, strength, front, back):
    """Add the derivatives of one reaction (p, q) -> (r, s) to jac [4, nodes, nodes], rows i1.

    own, partner = (blocking, affinity) of the pairs (p, q) and (r, s); flow, loss: of `_sums`; own_f = (f_p, f_q),
    others = (f_r, f_s); back [nodes]: scratch space. jac holds the derivatives by delta of p, q, r, s.
    """
    blocked, affinity = partner
    third, fourth, last = others[0][first : first + n], others[1], group - first
    for a in range(n):
        i, j = first + a, last - a
        outer, ua = strength * front[i] * own[0][a], own[1][a]
        slope, level = -outer * loss[a] * (1.0 + ua), -outer * flow[a]
        jac[0, i, i] += slope + level * own_f[0][i]
        jac[1, i, j] += slope + level * own_f[1][j]
        row, gained = kernel[begin + a * n : begin + (a + 1) * n], jac[2, i, first : first + n]
        for k in range(n):
            flux = outer * row[k] * blocked[k]
            up, net = flux * (1.0 + affinity[k]), flux * (affinity[k] - ua)
            gained[k] += up - net * third[k]
            back[k] = up - net * fourth[last - k]
        for k in range(n):
            jac[3, i, last - k] += back[k]


@njit(**PART, fastmath=FAST)
def jacobian(t, front, thermal, b, u, f, same, other, multiplicity, jac, work, parts):
    """Add d(collision term of class c)/d(delta of class d) to jac [classes, nodes, classes, nodes].

    parts [4, nodes, nodes] is scratch space; the other arguments as in `collisions`.
    """
    classes, nodes = b.shape[0], t.first.size // 2 + 1
    blocked, affinity, flow = work[0], work[1], work[2]
    blocked_2, affinity_2, loss, back = work[3], work[4], work[5], work[6]
    for c in range(classes):
        for d in range(classes):
            for kind in range(2):
                if (d == c and (kind == 1 or same[c] == 0.0)) or (d != c and other[1 - kind, c, d] == 0.0):
                    continue
                parts[:] = 0.0
                for group in range(t.first.size):
                    n, first, begin = t.size[group], t.first[group], t.begin[group]
                    fill_pairs(n, first, group, b[c], u[c], b[c], u[c], blocked, affinity)
                    if d == c:
                        _sums(t.same, begin, n, blocked, affinity, affinity, flow, loss)
                        own = (blocked, affinity)
                        strength = thermal[group] * same[c]
                        _scatter(t.same, begin, n, first, group, own, flow, loss, own,
                                 (f[c], f[c]), (f[c], f[c]), parts, strength, front, back)  # fmt: skip
                        continue
                    strength = thermal[group] * other[1 - kind, c, d] * multiplicity[d]
                    if kind == 0:
                        fill_pairs(n, first, group, b[d], u[d], b[d], u[d], blocked_2, affinity_2)
                        _sums(t.turn, begin, n, blocked_2, affinity_2, affinity, flow, loss)
                        own, partner = (blocked, affinity), (blocked_2, affinity_2)
                        _scatter(t.turn, begin, n, first, group, own, flow, loss, partner,
                                 (f[c], f[c]), (f[d], f[d]), parts, strength, front, back)  # fmt: skip
                    else:
                        fill_pairs(n, first, group, b[c], u[c], b[d], u[d], blocked_2, affinity_2)
                        _sums(t.swap, begin, n, blocked_2, affinity_2, affinity_2, flow, loss)
                        own = (blocked_2, affinity_2)
                        _scatter(t.swap, begin, n, first, group, own, flow, loss, own,
                                 (f[c], f[d]), (f[c], f[d]), parts, strength, front, back)  # fmt: skip
                # delta of p belongs to c; q to c, or to d in a swap; r to c, or to d in a turn; s likewise
                second = d if d != c and kind == 1 else c
                third = d if d != c and kind == 0 else c
                fourth = d
                for i in range(nodes):
                    for j in range(nodes):
                        jac[c, i, c, j] += parts[0, i, j]
                        jac[c, i, second, j] += parts[1, i, j]
                        jac[c, i, third, j] += parts[2, i, j]
                        jac[c, i, fourth, j] += parts[3, i, j]
