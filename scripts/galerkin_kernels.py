"""Compiled parts of scripts/check_kinetic.py: cubic B-splines, weak rates of an event, and the deposit of events.

An event is a reaction among given momenta. Its rate per comoving volume times the change of sum_j B_k(y_j) is added to
the right-hand side of the neutrinos, B_k the test functions. Rates are integrated numerically over the momentum
transfer or total momentum with explicit components of the four-vectors; only the azimuth average is done by hand,
<(A - B cos phi)^2> = A^2 + B^2/2. Energies here are in units of the caller's choice, the squared amplitudes in units of
G_F^2 and as in scripts/check_weak_collisions.py.
"""

from math import exp, expm1, sqrt

import numpy as np
from numba import njit

_X, _W = np.polynomial.legendre.leggauss(14)
_U, _V = (1 + _X) / 2, _W / 2
# momentum: nodes towards the lower limit, where terms in its inverse change fast
_XQ, _WQ = np.polynomial.legendre.leggauss(10)
_UQ, _VQ = ((1 + _XQ) / 2) ** 2, (1 + _XQ) * _WQ / 2


@njit(cache=True)
def basis(knots, y, values):
    """Fill values (4) with the cubic B-splines that do not vanish at y; return the index of the first."""
    n = knots.size - 4
    low, high = 3, n
    while high - low > 1:
        middle = (low + high) // 2
        if y >= knots[middle]:
            low = middle
        else:
            high = middle
    values[0] = 1.0
    for degree in range(1, 4):
        saved = 0.0
        for r in range(degree):
            right, left = knots[low + r + 1], knots[low + 1 - degree + r]
            term = values[r] / (right - left)
            values[r] = saved + (right - y) * term
            saved = (y - left) * term
        values[degree] = saved
    return low - 3


@njit(cache=True)
def basis_at(knots, y):
    """Return the first indices (n,) and values (n, 4) of the splines at momenta y (n,)."""
    first, values = np.empty(y.size, np.int64), np.empty((y.size, 4))
    for i in range(y.size):
        first[i] = basis(knots, y[i], values[i])
    return first, values


@njit(cache=True)
def _scattered(e1, e3, e2, m, t):
    """Add the integral over k = |p1 - p3| at fixed e2; electron 2 -> 4 gains w = e1 - e3 >= 0."""
    w = e1 - e3
    e4 = e2 + w
    p2, p4 = sqrt((e2 - m) * (e2 + m)), sqrt((e4 - m) * (e4 + m))
    low, high = w * (e2 + e4) / (p2 + p4), min(e1 + e3, p2 + p4)
    if high <= low:
        return 0.0, 0.0
    vector = mass = 0.0
    for j in range(_UQ.size):
        k = low + (high - low) * _UQ[j]
        p1z = (e1 * e1 + k * k - e3 * e3) / (2 * k)
        p2z = (p4 * p4 - p2 * p2 - k * k) / (2 * k)
        across = max(e1 * e1 - p1z * p1z, 0.0) * max(p2 * p2 - p2z * p2z, 0.0)
        s_mean = e1 * e2 - p1z * p2z  # mean of p1.p2 = p3.p4; p1.p4 = p2.p3 = p1.p2 - p1.p3
        p1p3 = 0.5 * (k * k - w * w)
        vector += _VQ[j] * 128 * (s_mean**2 + (s_mean - p1p3) ** 2 + across)
        mass -= _VQ[j] * 256 * m * m * p1p3
    f2, f4 = 1 / (exp(e2 / t) + 1), 1 / (exp(e4 / t) + 1)
    weight = (high - low) * f2 * (1 - f4)
    return weight * vector, weight * mass


@njit(cache=True)
def scattering(e1, e3, m, t):
    """Return int dE2 dk <|M|^2> f2 (1 - f4) of nu(1) e(2) -> nu(3) e(4), e1 >= e3: parts of gL^2+gR^2 and gL gR."""
    w, x = e1 - e3, e1 + e3
    p4_rest = sqrt(w * (w + 2 * m))
    edge = max(0.5 * (x * sqrt(1 + m * m / (e1 * e3)) - w), m)  # p4 + p2 = x, or p4 - p2 = x if p4_rest > x
    vector = mass = 0.0
    for piece in range(2):
        if piece == 0 and p4_rest > x:
            continue
        low = m if piece == 0 else edge
        high = edge if piece == 0 else edge + 40 * t
        high = min(high, m + 40 * t + edge * piece)
        root = sqrt(high - low)
        for i in range(_U.size):
            v = root * _U[i]
            e2 = low + v * v
            a, b = _scattered(e1, e3, e2, m, t)
            vector += 2 * v * root * _V[i] * a
            mass += 2 * v * root * _V[i] * b
    return vector, mass


@njit(cache=True)
def _paired(e1, e2, y, m, t):
    """Integral over q = |p1 + p2| at E3 - E4 = y of nu(1) nubar(2) -> e(3) e(4) with (1 - f3)(1 - f4)."""
    total, x = e1 + e2, abs(e1 - e2)
    e3, e4 = 0.5 * (total + y), 0.5 * (total - y)
    p3, p4 = sqrt((e3 - m) * (e3 + m)), sqrt(max((e4 - m) * (e4 + m), 0.0))
    low, high = max(x, total * y / (p3 + p4)), p3 + p4
    if high <= low:
        return 0.0, 0.0
    vector = mass = 0.0
    for j in range(_UQ.size):
        q = low + (high - low) * _UQ[j]
        p1z = (e1 * e1 + q * q - e2 * e2) / (2 * q)
        p3z = (p3 * p3 + q * q - p4 * p4) / (2 * q)
        across = max(e1 * e1 - p1z * p1z, 0.0) * max(p3 * p3 - p3z * p3z, 0.0)
        s_half = 0.5 * (total * total - q * q)  # p1.p2
        u_mean = e1 * e3 - p1z * p3z  # mean of p1.p3 = p2.p4; p1.p4 = p2.p3 = p1.p2 - p1.p3
        vector += _VQ[j] * 64 * (u_mean**2 + (s_half - u_mean) ** 2 + across)
        mass += _VQ[j] * 128 * m * m * s_half
    weight = (high - low) / ((exp(-e3 / t) + 1) * (exp(-e4 / t) + 1))
    return weight * vector, weight * mass


@njit(cache=True)
def pair(e1, e2, m, t):
    """Return int dE3 dq <|M|^2> (1 - f3)(1 - f4) of nu(1) nubar(2) -> e- e+: parts of gL^2+gR^2 and gL gR."""
    total, x = e1 + e2, abs(e1 - e2)
    if e1 * e2 <= m * m:
        return 0.0, 0.0
    top = total - 2 * m
    edge = min(x * sqrt(1 - m * m / (e1 * e2)), top)
    edge_is_end = total * (total - 2 * m) < x * x  # p3 + p4 falls to x before p4 vanishes
    vector = mass = 0.0
    for piece in range(2):
        if piece == 1 and edge_is_end:
            continue
        low, high = (0.0, edge) if piece == 0 else (edge, top)
        root = sqrt(max(high - low, 0.0))
        for i in range(_U.size):
            v = root * _U[i]
            a, b = _paired(e1, e2, high - v * v, m, t)
            vector += 2 * v * root * _V[i] * a
            mass += 2 * v * root * _V[i] * b
    return vector, mass  # y >= 0 twice, times dE3 = dy/2


@njit(cache=True)
def neutrino_kernels(total, a, b):
    """Return int dq <(p1.p2)(p3.p4)> and int dq <(p1.p4)(p2.p3)> of massless particles, E1-E2 = a, E3-E4 = b."""
    e1, e2, e3, e4 = 0.5 * (total + a), 0.5 * (total - a), 0.5 * (total + b), 0.5 * (total - b)
    low = max(abs(a), abs(b))
    s_part = t_part = 0.0
    for j in range(_UQ.size):
        q = low + (total - low) * _UQ[j]
        p1z = (e1 * e1 + q * q - e2 * e2) / (2 * q)
        p3z = (e3 * e3 + q * q - e4 * e4) / (2 * q)
        across = max(e1 * e1 - p1z * p1z, 0.0) * max(e3 * e3 - p3z * p3z, 0.0)
        s_half = 0.5 * (total * total - q * q)
        t_mean = s_half - (e1 * e3 - p1z * p3z)
        s_part += _VQ[j] * s_half**2
        t_part += _VQ[j] * (t_mean**2 + 0.5 * across)
    return (total - low) * s_part, (total - low) * t_part


@njit(cache=True)
def _logit(c, first, values):
    out = 0.0
    for k in range(4):
        out += c[first + k] * values[k]
    return out


@njit(cache=True)
def _add(rhs, jac, row0, first, values, rate, slopes, columns0, firsts, all_values):
    """Add rate * B_k to rhs and its derivatives (slopes by the logits at four points) to jac."""
    for k in range(4):
        r = row0 + first + k
        rhs[r] += rate * values[k]
        if jac.size > 1:
            for j in range(slopes.size):
                if slopes[j] != 0.0:
                    for m in range(4):
                        jac[r, columns0[j] + firsts[j] + m] += values[k] * slopes[j] * all_values[j, m]


@njit(cache=True)
def _react(l, g, slopes):
    """Return g [f3 f4 (1-f1)(1-f2) - f1 f2 (1-f3)(1-f4)] of the logits l (4) and fill slopes with its derivatives."""
    f1, f2, f3, f4 = 1 / (1 + exp(-l[0])), 1 / (1 + exp(-l[1])), 1 / (1 + exp(-l[2])), 1 / (1 + exp(-l[3]))
    loss = g * f1 * f2 * (1 - f3) * (1 - f4)
    net = loss * expm1(l[2] + l[3] - l[0] - l[1])
    gain = loss + net
    slopes[0], slopes[1] = -gain * f1 - loss * (1 - f1), -gain * f2 - loss * (1 - f2)
    slopes[2], slopes[3] = gain * (1 - f3) + loss * f3, gain * (1 - f4) + loss * f4
    return net


@njit(cache=True)
def neutrino_events(c, first, values, weight_s, weight_t, scale, rhs, jac):
    """Deposit nu nu -> nu nu events: splines at their momenta first (n, 4), values (n, 4, 4); logits c[species]."""
    species, m = c.shape
    l, slopes = np.empty(4), np.empty(4)
    logits = np.empty((species, 4))
    columns = np.empty(4, np.int64)
    for e in range(first.shape[0]):
        for i in range(species):
            for j in range(4):
                logits[i, j] = _logit(c[i], first[e, j], values[e, j])
        for a in range(species):
            for b in range(species):
                for process in range(2):
                    if process == 1 and a >= b:
                        continue
                    who = (a, b, a, b) if process == 0 else (a, a, b, b)
                    if a == b:
                        g = scale * (64 * weight_s[e] + 128 * weight_t[e]) / 4
                    elif process == 0:
                        g = scale * (32 * weight_s[e] + 32 * weight_t[e]) / 4  # (a, b) and (b, a) are both summed
                    else:
                        g = scale * 32 * weight_t[e] / 2
                    for j in range(4):
                        l[j] = logits[who[j], j]
                        columns[j] = who[j] * m
                    net = _react(l, g, slopes)
                    for j in range(4):
                        sign = 1.0 if j < 2 else -1.0
                        rate, slope = sign * net, sign * slopes
                        _add(rhs, jac, columns[j], first[e, j], values[e, j], rate, slope, columns, first[e], values[e])


@njit(cache=True)
def electron_events(c, first, values, momenta, weight, n_scatter, coupling, m_e, theta, scale, rhs, jac):
    """Deposit nu e -> nu e (the first n_scatter events) and nu nubar -> e e; return the energy given to neutrinos.

    momenta (n, 2): comoving E1 and E3 < E1 of scattering, E1 and E2 of annihilation. m_e: the comoving electron mass,
    theta: ln of the comoving temperature. coupling (species, 2): gL^2+gR^2 and gL gR.
    """
    species, m = c.shape
    t = exp(theta)
    slopes = np.empty(2)
    columns = np.empty(2, np.int64)
    energy = 0.0
    for e in range(first.shape[0]):
        x, y = momenta[e]
        scatter = e < n_scatter
        vector, mass = scattering(x, y, m_e, t) if scatter else pair(x, y, m_e, t)
        for i in range(species):
            g = scale * weight[e] * (coupling[i, 0] * vector + coupling[i, 1] * mass)
            if g <= 0.0:
                continue
            l, other = _logit(c[i], first[e, 0], values[e, 0]), _logit(c[i], first[e, 1], values[e, 1])
            f, f_other = 1 / (1 + exp(-l)), 1 / (1 + exp(-other))
            if scatter:  # gain of the neutrino at x, loss of that at y; the electrons' factors are in g
                loss = g * f * (1 - f_other)
                net = loss * expm1(other - l + (y - x) / t)
                slope_other = (loss + net) * (1 - f_other) + loss * f_other
                sign = -1.0
            else:
                loss = g * f * f_other
                net = loss * expm1(-(x + y) / t - l - other)
                slope_other = -(loss + net) * f_other - loss * (1 - f_other)
                sign = 1.0
            slopes[0], slopes[1] = -(loss + net) * f - loss * (1 - f), slope_other
            energy += net * (x + sign * y)
            columns[0] = columns[1] = i * m
            for j in range(2):
                k = 1.0 if j == 0 else sign
                _add(rhs, jac, i * m, first[e, j], values[e, j], k * net, k * slopes, columns, first[e], values[e])
    return energy
