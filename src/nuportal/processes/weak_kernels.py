# pyright: basic
"""Weak collision kernels at fixed neutrino momenta: nu e -> nu e and nu nubar -> e+ e-, with m_e and blocking.

The collision integral of a neutrino of energy E1 over everything but the other neutrino's energy leaves

    scattering     C1 = (2 G_F^2/pi^3 E1^2) int dE3 S(E1, E3) [f3 (1-f1) e^{(E3-E1)/2T} - f1 (1-f3) e^{(E1-E3)/2T}]
    annihilation   C1 = (  G_F^2/pi^3 E1^2) int dE2 A(E1, E2) [(1-f1)(1-f2) e^{-(E1+E2)/T} - f1 f2]

with e- and e+ both counted. S and A are linear in gL^2+gR^2 and gL gR; each function here returns the two parts. The
remaining integrals run over the energy of an electron; that over the momentum transfer q of the squared amplitude
(p1.p2)(p3.p4), (p1.p4)(p2.p3) and m_e^2 (p1.p3) is done in closed form. Derivation: docs/physics/kinetic.md.
"""

from math import exp, sqrt

import numpy as np
from numba import njit

_X, _W = np.polynomial.legendre.leggauss(16)
_TAIL = 40.0  #: energies above the edge, in units of T, that still count


@njit(cache=True, error_model="numpy")
def _moments(q, w, x, y, mass2):
    """Return the antiderivatives in q of the two parts of the squared amplitude.

    w is the time-like (scattering: transferred, annihilation: total) energy, x and y what the two pairs leave over.
    """
    q2, w2, x2, y2 = q * q, w * w, x * x, y * y
    q3 = q * q2
    i0 = q2 * q3 / 5.0 - 2.0 / 3.0 * w2 * q3 + w2 * w2 * q
    i2 = q3 / 3.0 - 2.0 * w2 * q - w2 * w2 / q
    i4 = q + 2.0 * w2 / q - w2 * w2 / (3.0 * q3)
    im = (x2 + w2) * q - q3 / 3.0 + w2 * x2 / q
    first = (1.5 * i0 + 1.5 * x2 * y2 * i4 - 0.5 * (x2 + y2) * i2 - 2.0 * mass2 * im) / 16.0
    return first, -0.5 * mass2 * (q3 / 3.0 - w2 * q)


@njit(cache=True, error_model="numpy")
def scattering_kernel(e1, e3, mass):
    """Return the two parts of e^{mass} S(E1, E3) e^{|E1-E3|/2}, all energies in units of T_gamma."""
    w, x, mass2 = abs(e1 - e3), e1 + e3, mass * mass
    switch = max(0.5 * (x * sqrt(1.0 + mass2 / (e1 * e3)) - w), mass)
    first, second = 0.0, 0.0
    for part in range(2):
        low = mass if part == 0 else switch
        high = switch if part == 0 else switch + _TAIL
        if low > mass + _TAIL:
            break
        if high <= low:
            continue
        root = sqrt(high - low)
        for k in range(_X.size):
            v = 0.5 * root * (1.0 + _X[k])
            e2 = low + v * v
            e4 = e2 + w
            p2, p4 = sqrt(e2 * e2 - mass2), sqrt(e4 * e4 - mass2)
            lower, upper = w * (e2 + e4) / (p2 + p4), min(x, p2 + p4)
            if upper <= lower:
                continue
            occupied = exp(mass - e2) / (1.0 + exp(-e2)) / (1.0 + exp(-e4))
            weight = _W[k] * root * v * occupied
            a = _moments(upper, w, x, e2 + e4, mass2)
            if w > 0.0:
                b = _moments(lower, w, x, e2 + e4, mass2)
                first, second = first + weight * (a[0] - b[0]), second + weight * (a[1] - b[1])
            else:
                first, second = first + weight * a[0], second + weight * a[1]
    return first, second


@njit(cache=True, error_model="numpy")
def annihilation_kernel(e1, e2, mass):
    """Return the two parts of A(E1, E2), all energies in units of T_gamma; zero below the threshold E1 E2 = mass^2."""
    mass2, total, x = mass * mass, e1 + e2, abs(e1 - e2)
    if e1 * e2 <= mass2:
        return 0.0, 0.0
    end = total - 2.0 * mass
    switch = min(x * sqrt(1.0 - mass2 / (e1 * e2)), end)
    first, second = 0.0, 0.0
    for part in range(2):
        low = 0.0 if part == 0 else switch
        high = switch if part == 0 else end
        if high <= low:
            continue
        root = sqrt(high - low)
        for k in range(_X.size):
            v = 0.5 * root * (1.0 + _X[k])
            y = high - v * v
            e3, e4 = 0.5 * (total + y), 0.5 * (total - y)
            p3, p4 = sqrt(e3 * e3 - mass2), sqrt(max(e4 * e4 - mass2, 0.0))
            upper = p3 + p4
            lower = max(x, total * y / upper)
            if upper <= lower:
                continue
            weight = _W[k] * root * v / ((1.0 + exp(-e3)) * (1.0 + exp(-e4)))
            a, b = _moments(upper, total, x, y, mass2), _moments(lower, total, x, y, mass2)
            first, second = first + weight * (a[0] - b[0]), second + weight * (a[1] - b[1])
    return first, second
