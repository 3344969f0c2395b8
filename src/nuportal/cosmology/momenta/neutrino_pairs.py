# pyright: basic
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


class PairScratch(NamedTuple):
    """Scratch space of one group of pairs. The kinds of pairs of c classes are (a, a), then (a, b) with a < b."""

    blocked: np.ndarray  # [kinds, n] (1-f1)(1-f2)
    affinity: np.ndarray  # [kinds, n] u1 + u2 + u1 u2
    same: np.ndarray  # [c, 2, n] sums over pairs (a, a) of the kernel `same` times blocking, and times affinity too
    turn: np.ndarray  # [c, 2, n] the same of the kernel `turn`
    swap: np.ndarray  # [kinds - c, 2, n] over pairs (a, b), of the kernel `swap`
    vectors: np.ndarray  # [n, 8]
    products: np.ndarray  # [n, 8]
    slopes: np.ndarray  # [4, n]


def pair_scratch(classes: int, nodes: int) -> PairScratch:
    """Return scratch space for a number of flavour classes."""
    mixed, e = classes * (classes - 1) // 2, np.zeros
    kinds = classes + mixed
    sums = e((classes, 2, nodes)), e((classes, 2, nodes)), e((mixed, 2, nodes))
    return PairScratch(e((kinds, nodes)), e((kinds, nodes)), *sums, e((nodes, 8)), e((nodes, 8)), e((4, nodes)))


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
def _fill_kind(n, first, b1, u1, b2, u2, blocked, affinity):
    """Fill blocking (1-f1)(1-f2) and affinity u1 + u2 + u1 u2 of the ordered pairs of one group."""
    free, risen = b1[first : first + n], u1[first : first + n]
    partner, uplifted = b2[first : first + n], u2[first : first + n]
    for a in range(n):
        image = n - 1 - a
        blocked[a] = free[a] * partner[image]
        affinity[a] = risen[a] + uplifted[image] + risen[a] * uplifted[image]


@njit(**PART, fastmath=FAST)
def _products(kernel, begin, n, x, out):
    """Fill out [n, 8] with the kernel of a group times eight vectors, for two rows at once."""
    for a in range(0, n, 2):
        other = min(a + 1, n - 1)
        row, next_ = kernel[begin + a * n : begin + (a + 1) * n], kernel[begin + other * n : begin + (other + 1) * n]
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = 0.0
        t0 = t1 = t2 = t3 = t4 = t5 = t6 = t7 = 0.0
        for b in range(n):
            k, l = row[b], next_[b]
            x0, x1, x2, x3, x4, x5, x6, x7 = x[b, 0], x[b, 1], x[b, 2], x[b, 3], x[b, 4], x[b, 5], x[b, 6], x[b, 7]
            s0, s1, s2, s3 = s0 + k * x0, s1 + k * x1, s2 + k * x2, s3 + k * x3
            s4, s5, s6, s7 = s4 + k * x4, s5 + k * x5, s6 + k * x6, s7 + k * x7
            t0, t1, t2, t3 = t0 + l * x0, t1 + l * x1, t2 + l * x2, t3 + l * x3
            t4, t5, t6, t7 = t4 + l * x4, t5 + l * x5, t6 + l * x6, t7 + l * x7
        out[other, 0], out[other, 1], out[other, 2], out[other, 3] = t0, t1, t2, t3
        out[other, 4], out[other, 5], out[other, 6], out[other, 7] = t4, t5, t6, t7
        out[a, 0], out[a, 1], out[a, 2], out[a, 3] = s0, s1, s2, s3
        out[a, 4], out[a, 5], out[a, 6], out[a, 7] = s4, s5, s6, s7


@njit(**PART, fastmath=FAST)
def _sums(kernel, begin, n, begin_kind, kinds, w, out):
    """out[m] = (sum_b K[a, b] B_b, sum_b K[a, b] B_b U_b) of kinds m of pairs."""
    for batch in range(0, kinds, 4):
        count = min(4, kinds - batch)
        w.vectors[:] = 0.0
        for m in range(count):
            blocked, affinity = w.blocked[begin_kind + batch + m], w.affinity[begin_kind + batch + m]
            for a in range(n):
                w.vectors[a, 2 * m], w.vectors[a, 2 * m + 1] = blocked[a], blocked[a] * affinity[a]
        _products(kernel, begin, n, w.vectors, w.products)
        for m in range(count):
            for a in range(n):
                out[batch + m, 0, a], out[batch + m, 1, a] = w.products[a, 2 * m], w.products[a, 2 * m + 1]


@njit(**PART, fastmath=FAST)
def _fill_group(t, group, b, u, w):
    """Fill what is known of the pairs of one group, of all classes."""
    classes = b.shape[0]
    n, first, begin = t.size[group], t.first[group], t.begin[group]
    kind = classes
    for c in range(classes):
        _fill_kind(n, first, b[c], u[c], b[c], u[c], w.blocked[c], w.affinity[c])
        for d in range(c + 1, classes):
            _fill_kind(n, first, b[c], u[c], b[d], u[d], w.blocked[kind], w.affinity[kind])
            kind += 1
    _sums(t.same, begin, n, 0, classes, w, w.same)
    if classes > 1:
        _sums(t.turn, begin, n, 0, classes, w, w.turn)
        _sums(t.swap, begin, n, classes, kind - classes, w, w.swap)


@njit(**PART)
def _kind_of(c, d, classes):
    """Return the number of the pairs (c, d), and whether they are counted as (d, c), in the mirror image."""
    low, high = min(c, d), max(c, d)
    return classes + low * (2 * classes - low - 1) // 2 + high - low - 1, d < c


@njit(**PART, fastmath=FAST)
def _add(n, first, strength, front, own, sums, mirrored, b, u, growth, out, exchange):
    """Add the flow into pairs (1, 2) to out of particle 1, and gain plus loss rate of particle 1 to exchange.

    own = (blocking, affinity) of these pairs; sums [2, n]: of `_sums`, over the pairs that they come from; growth
    [nodes]: e^{E/T}. In the
    difference of flows to and fro the first sum times an affinity is taken from the second: rounding is that of a rate,
    which is limited.
    """
    free, risen = b[first : first + n], u[first : first + n]
    flows, rates, per, grown = out[first:], exchange[first:], front[first:], growth[first:]
    for a in range(n):
        image = n - 1 - a
        at = image if mirrored else a
        scale, loss = per[a] * strength, sums[0, at]
        flow = sums[1, at] - own[1][at] * loss
        flows[a] += scale * own[0][at] * flow
        # gain (1-f1) with sum K B' (1 + U'), loss f1 with (1 + u2) e^{E1/T} sum K B'
        rates[a] += scale * free[image] * (flow + loss * (1.0 + own[1][at] + (1.0 + risen[image]) * grown[a]))


@njit(cache=True, error_model="numpy", fastmath=FAST)
def collisions(t, front, thermal, e0, b, u, same, other, multiplicity, out, exchange, work):
    """Add the collision term of every class to out, its gain plus loss rate to exchange [classes, nodes].

    front [nodes]: prefactor over H; e0 [nodes]: e^{-E/T}; thermal [2 nodes - 1]: e^{-(E1+E2)/T} of each group; b, u
    [classes, nodes]: 1 - f and expm1 of the deviation from equilibrium. same [classes]: strength of aa -> aa within a
    class; other [2, classes, classes]: strength of ab -> ab and of aa -> bb between one flavour of each of two
    classes; both in units of G_F^2. work: `PairScratch`.
    """
    classes, growth = b.shape[0], 1.0 / e0
    for group in range(t.first.size):
        n, first, scale = t.size[group], t.first[group], thermal[group]
        _fill_group(t, group, b, u, work)
        for c in range(classes):
            own = (work.blocked[c], work.affinity[c])
            _add(n, first, scale * same[c], front, own, work.same[c], False, b[c], u[c], growth, out[c],
                 exchange[c])  # fmt: skip
            for d in range(classes):
                if d == c:
                    continue
                if other[1, c, d] != 0.0:  # dd -> cc
                    strength = scale * other[1, c, d] * multiplicity[d]
                    _add(n, first, strength, front, own, work.turn[d], False, b[c], u[c], growth, out[c],
                         exchange[c])  # fmt: skip
                if other[0, c, d] != 0.0:  # cd -> cd
                    strength = scale * other[0, c, d] * multiplicity[d]
                    kind, mirrored = _kind_of(c, d, classes)
                    mixed = (work.blocked[kind], work.affinity[kind])
                    _add(n, first, strength, front, mixed, work.swap[kind - classes], mirrored, b[d], u[d], growth,
                         out[c], exchange[c])  # fmt: skip


@njit(**PART, fastmath=FAST)
def _fill_slopes(n, first, own, mirrored, f3, f4, out):
    """Fill out [4, n] with what derivatives by the third and the fourth particle need of the outgoing pairs.

    With row K[a, b] the derivative by particle 3 of pair b is proportional to K[a, b] (out[0, b] + U_a out[1, b]), and
    by the fourth, which has the momentum of node first + b in the mirror image of b, to that with out[2], out[3] and
    the mirror image of row a.
    """
    for b in range(n):
        image = n - 1 - b
        at, back = (image, b) if mirrored else (b, image)
        blocked, affinity, f = own[0][at], own[1][at], f3[first + b]
        out[0, b], out[1, b] = blocked * (1.0 + affinity * (1.0 - f)), blocked * f
        blocked, affinity, f = own[0][back], own[1][back], f4[first + b]
        out[2, b], out[3, b] = blocked * (1.0 + affinity * (1.0 - f)), blocked * f


@njit(**PART, fastmath=FAST)
def _scatter(kernel, begin, n, first, group, own, sums, mirrored, slopes, f1, f2, classes, jac, strength, front):
    """Add the derivatives by delta of one reaction (p, q) -> (r, s) to jac [nodes, classes, nodes], rows i1.

    own, sums, mirrored: as in `_add`, of the pairs (p, q); slopes: of `_fill_slopes` for (r, s); f1, f2: occupations
    of p and q; classes: those of p, q, r, s.
    """
    c1, c2, c3, c4 = classes
    for a in range(n):
        image = n - 1 - a
        i, j, at = first + a, group - first - a, image if mirrored else a
        outer, ua, loss = strength * front[i] * own[0][at], own[1][at], sums[0, at]
        slope, level = -outer * loss * (1.0 + ua), -outer * (sums[1, at] - ua * loss)
        jac[i, c1, i] += slope + level * f1[i]
        jac[i, c2, j] += slope + level * f2[j]
        row, back = kernel[begin + a * n : begin + (a + 1) * n], kernel[begin + image * n : begin + (image + 1) * n]
        third, fourth = jac[i, c3, first : first + n], jac[i, c4, first : first + n]
        if c3 == c4:
            for b in range(n):
                gained = row[b] * (slopes[0, b] + ua * slopes[1, b]) + back[b] * (slopes[2, b] + ua * slopes[3, b])
                third[b] += outer * gained
        else:
            for b in range(n):
                third[b] += outer * row[b] * (slopes[0, b] + ua * slopes[1, b])
            for b in range(n):
                fourth[b] += outer * back[b] * (slopes[2, b] + ua * slopes[3, b])


@njit(cache=True, error_model="numpy", fastmath=FAST)
def jacobian(t, front, thermal, b, u, f, same, other, multiplicity, jac, work):
    """Add d(collision term of class c)/d(delta of class d) to jac [classes, nodes, classes, nodes].

    f [classes, nodes]: occupations; the other arguments as in `collisions`.
    """
    classes, slopes = b.shape[0], work.slopes
    for group in range(t.first.size):
        n, first, begin, scale = t.size[group], t.first[group], t.begin[group], thermal[group]
        _fill_group(t, group, b, u, work)
        for c in range(classes):
            own = (work.blocked[c], work.affinity[c])
            if same[c] != 0.0:
                _fill_slopes(n, first, own, False, f[c], f[c], slopes)
                _scatter(t.same, begin, n, first, group, own, work.same[c], False, slopes, f[c], f[c], (c, c, c, c),
                         jac[c], scale * same[c], front)  # fmt: skip
            for d in range(classes):
                if d == c:
                    continue
                if other[1, c, d] != 0.0:  # cc -> dd
                    made = (work.blocked[d], work.affinity[d])
                    _fill_slopes(n, first, made, False, f[d], f[d], slopes)
                    _scatter(t.turn, begin, n, first, group, own, work.turn[d], False, slopes, f[c], f[c],
                             (c, c, d, d), jac[c], scale * other[1, c, d] * multiplicity[d], front)  # fmt: skip
                if other[0, c, d] != 0.0:  # cd -> cd
                    kind, mirrored = _kind_of(c, d, classes)
                    mixed = (work.blocked[kind], work.affinity[kind])
                    _fill_slopes(n, first, mixed, mirrored, f[c], f[d], slopes)
                    _scatter(t.swap, begin, n, first, group, mixed, work.swap[kind - classes], mirrored, slopes, f[c],
                             f[d], (c, d, c, d), jac[c], scale * other[0, c, d] * multiplicity[d],
                             front)  # fmt: skip
