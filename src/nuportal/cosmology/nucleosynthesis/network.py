# pyright: basic
"""The abundances' equations: dY/dN over N = ln a for n, p, d, t, 3He, 4He, 7Li, 7Be, with their Jacobian.

Y = n_i/n_b. 1801.08023 section IV.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.constants import ALPHA
from nuportal.cosmology.nucleosynthesis.background import LN_H, LN_NP, LN_PN, LN_T
from nuportal.cosmology.nucleosynthesis.reactions import NUCLEI, PHOTON, T9_PER_MEV, N, P, Reactions
from nuportal.solvers import hermite
from nuportal.solvers.compiled import INNER

SIZE = len(NUCLEI)

_ALPHA, _T9, _PHOTON, _N, _P = ALPHA, T9_PER_MEV, PHOTON, N, P


class Tables(NamedTuple):
    """What the equations read.

    course: T, H and n <-> p over ln a. rates: over ln T9. shifts [r]: standard deviations by which each rate is off.
    density: moles of baryons in cm^3 times a^3.
    """

    course: hermite.HermiteTable
    rates: hermite.HermiteTable
    shifts: np.ndarray
    reactions: Reactions
    density: float


@njit(cache=True, error_model="numpy")
def pair_emission(q, gamow, t9):
    """Return 1 + the part of E1 captures that emits e+e- in place of a photon, 1904.07795; q, gamow(T9=1) in m_e."""
    e = q + gamow * t9 ** (2.0 / 3.0)
    logs = -10.0 / 9.0 + 2.0 / 9.0 * np.log(64.0) - np.log(4.0 / e**2) / 3.0
    return 1.0 + _ALPHA / np.pi * (logs + 0.75 * (1.0 + np.log(4.0 * e**2)) / e**4)


@njit(cache=True, error_model="numpy")
def reaction_rates(t9, t, forth, back):
    """Fill the rates forth (N_A<sigma v>) and back (the same, or s^-1 for captures) of all reactions [r].

    Outside the temperatures of the table the value at its end is held; the reverse factor is exact everywhere.
    """
    r = t.reactions
    size = t.rates.shape[0] - 1
    low = t.rates[0, 0]
    high = low + (size - 1) / t.rates[0, 1]
    ln_t9 = np.log(t9)
    row, u = hermite.locate(t.rates, min(max(ln_t9, low), high))
    for k in range(r.q.size):
        ln_rate = hermite.value(t.rates, row, u, k)
        if t.shifts[k] != 0.0:
            ln_rate += t.shifts[k] * hermite.value(t.rates, row, u, r.q.size + k)
        factor = 1.0 + r.pair[k, 0]
        if r.pair[k, 1] > 0.0:
            factor = pair_emission(r.q[k], r.pair[k, 1], t9)
        forth[k] = factor * np.exp(ln_rate)
        back[k] = forth[k] * r.reverse[k, 0] * np.exp(r.reverse[k, 1] * ln_t9 + r.reverse[k, 2] / t9)


@njit(cache=True, error_model="numpy")
def evaluate(x, y, t, forth, back, slope, jacobian, with_jacobian):
    """Fill slope = dY/dN at ln a = x, and its Jacobian if asked for."""
    row, u = hermite.locate(t.course, x)
    temperature = np.exp(hermite.value(t.course, row, u, LN_T))
    per_hubble = np.exp(-hermite.value(t.course, row, u, LN_H))
    density = t.density * np.exp(-3.0 * x)
    reaction_rates(temperature * _T9, t, forth, back)
    neutrons = per_hubble * np.exp(hermite.value(t.course, row, u, LN_NP))
    protons = per_hubble * np.exp(hermite.value(t.course, row, u, LN_PN))
    net = protons * y[_P] - neutrons * y[_N]
    slope[:] = 0.0
    slope[_N], slope[_P] = net, -net
    if with_jacobian:
        jacobian[:, :] = 0.0
        jacobian[_N, _N], jacobian[_N, _P] = -neutrons, protons
        jacobian[_P, _N], jacobian[_P, _P] = neutrons, -protons
    r = t.reactions
    for k in range(r.q.size):
        a, b, c, d = r.nuclei[k, 0], r.nuclei[k, 1], r.nuclei[k, 2], r.nuclei[k, 3]
        forward = per_hubble * density * forth[k] * r.identical[k, 0]
        backward = per_hubble * back[k]
        other = 1.0
        if d != _PHOTON:
            backward *= density * r.identical[k, 1]
            other = y[d]
        net = forward * y[a] * y[b] - backward * y[c] * other
        slope[a] -= net
        slope[b] -= net
        slope[c] += net
        if d != _PHOTON:
            slope[d] += net
        if with_jacobian:
            _add(jacobian, a, b, c, d, a, forward * y[b])
            _add(jacobian, a, b, c, d, b, forward * y[a])
            _add(jacobian, a, b, c, d, c, -backward * other)
            if d != _PHOTON:
                _add(jacobian, a, b, c, d, d, -backward * y[c])


@njit(**INNER)
def _add(jacobian, a, b, c, d, by, change):
    """Add the derivative of one reaction's net rate by the abundance `by` to the column of the Jacobian."""
    jacobian[a, by] -= change
    jacobian[b, by] -= change
    jacobian[c, by] += change
    if d != _PHOTON:
        jacobian[d, by] += change
