# pyright: basic
"""Z'-mediated neutrino scattering with interference: contact limit and full propagator.

In the contact limit Fierz rearrangement shifts gL,R -> gL,R + A/(2 sqrt2 G_F M^2), A = c_nu c_e, so that the gain of
nu_i is (1/pi^5) C_i F with

    C_i = 4 G_F^2 (gL^2+gR^2) + 2 sqrt2 G_F A (gL+gR)/M^2 + A^2/M^4

(ghosh2023 eq. 47 is 16 times and eq. 50 4 times too small). The full propagator (Maxwell-Boltzmann, massless fermions)
multiplies annihilation and scattering of the interference and quadratic terms by a_n(M/T) and s_n(M/sqrt(T_1 T_2)). The
on-shell part of the s channel is left to decays and inverse decays, so a_int and a_BSM are negative near M ~ 2-9 T.
"""

from functools import cache

import numpy as np
from numba import njit

from nuportal.solvers import hermite

#: columns of the table, functions of ln x; a_n, s_n -> 1 for x -> infinity
A_INT, A_BSM, S_INT, S_BSM = 0, 1, 2, 3

X_MIN = 1e-3  #: smallest M/T of the table; below, all four vanish as x^2 or faster
X_MAX = 300.0  #: largest M/T; above, the two-term expansion in 1/x^2 is exact to 1e-8

# <y^2> and <y^4> of the weights, times the power of 1/(1 -+ y^2/x^2) that multiplies them
_SECOND = np.array([60.0, 120.0, -264.0 / 7, -528.0 / 7])
_FOURTH = 5760.0 * np.array([1.0, 3.0, 16.0 / 35, 48.0 / 35])


@cache
def table() -> hermite.HermiteTable:
    """Return the propagator functions a_int, a_BSM, s_int, s_BSM over ln x (scripts/make_mediated_tables.py)."""
    return hermite.load("nuportal.processes", "tables/mediated.npz")


def contact_table() -> hermite.HermiteTable:
    """Return the table of the contact limit: one row that holds everywhere, all four functions 1."""
    return np.concatenate([np.zeros((1, 8)), np.tile([1.0, 0.0], (2, 4))])


@njit(cache=True, error_model="numpy")
def propagators(mediated_table, ln_x, first, derivative):
    """Return (f_int, f_BSM, d f_int/dlnx, d f_BSM/dlnx) at any x; first = A_INT or S_INT.

    The slopes are 0 unless `derivative` asks for them.
    """
    if (ln_x - mediated_table[0, 0]) * mediated_table[0, 1] > mediated_table.shape[0] - 2:
        inverse = np.exp(-2 * ln_x)
        s1, q1 = _SECOND[first] * inverse, _FOURTH[first] * inverse * inverse
        s2, q2 = _SECOND[first + 1] * inverse, _FOURTH[first + 1] * inverse * inverse
        return 1.0 + s1 + q1, 1.0 + s2 + q2, -2 * s1 - 4 * q1, -2 * s2 - 4 * q2
    row, t = hermite.locate(mediated_table, max(ln_x, mediated_table[0, 0]))
    f_int, f_bsm = hermite.value(mediated_table, row, t, first), hermite.value(mediated_table, row, t, first + 1)
    if not derivative:
        return f_int, f_bsm, 0.0, 0.0
    return (
        f_int,
        f_bsm,
        hermite.slope(mediated_table, row, t, first),
        hermite.slope(mediated_table, row, t, first + 1),
    )
