# pyright: basic
"""Jacobian of the kinetic equations.

Collision terms give their derivatives by delta and f_Z (equations.py); here they become derivatives by the state.
Newton's method needs no exact Jacobian, only one whose error does not grow with the rates. Left out are the change of
the kernels with temperature, which multiplies a net rate, and the column of x: x is known at every stage.
"""

from math import exp

import numpy as np
from numba import njit

from nuportal.cosmology.momenta.state import Point, Tables, Work
from nuportal.plasma import em
from nuportal.solvers.compiled import PART
from nuportal.solvers.rodas import FAST

STEP = 1e-3  #: of ln T_gamma, for the derivative of the plasma's own change


@njit(cache=True, error_model="numpy", fastmath=FAST)
def jacobian(z: np.ndarray, point: Point, t: Tables, w: Work) -> float:
    """Fill w.jac with the derivatives of dz/dx, after `flows` with derivatives.

    Returns 0: what is called by address returns a number.
    """
    w.jac[:] = 0.0
    weak_block(point, t, w)
    if point.mass > 0.0:
        boson_block(t, w)
    shared(z, point, t, w)
    return 0.0


@njit(**PART, fastmath=FAST)
def weak_block(point, t, w):
    """Add the derivatives of weak reactions between states to w.jac, by f (not yet by z).

    df_i = sum_A Q_iA [C_A + G_A (f_A - f_i)], f_A = sum_j P_Aj f_j; the change of G_A is left out, since f_A - f_i is
    small wherever G_A is large. Newton's method then needs an iteration more, nothing else.
    """
    g = t.grid
    states, classes, n = w.delta.shape[0], w.u.shape[0], g.y.size
    for a in range(classes):
        for b in range(classes):
            for l in range(n):
                by_f = 1.0 / (w.f[b, l] * w.b[b, l])
                for j in range(n):
                    w.class_class[a, j, b, l] *= by_f
        for j in range(n):
            for i in range(states):
                q = w.to_state[j, i, a]
                if q == 0.0:
                    continue
                for b in range(classes):
                    for h in range(states):
                        for l in range(n):
                            w.jac[i * n + j, h * n + l] += q * w.class_class[a, j, b, l] * w.to_class[l, b, h]
                for h in range(states):
                    own = w.to_class[j, a, h] - (1.0 if h == i else 0.0)
                    w.jac[i * n + j, h * n + j] += q * w.rates[a, j] * own


@njit(**PART, fastmath=FAST)
def boson_block(t, w):
    """Add the derivatives of reactions with the boson to w.jac, by f."""
    states, n, k, jac = w.delta.shape[0], t.grid.y.size, t.grid.q.size, w.jac
    nu = states * n
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


@njit(**PART, fastmath=FAST)
def shared(z, point, t, w):
    """Turn w.jac from derivatives by f into those by z; add the change of H, and row and column of the plasma's energy.

    A change d of that energy (over s^4) is a change per_capacity d of theta.
    """
    g, jac = t.grid, w.jac
    states, classes, n, k, last = w.delta.shape[0], w.u.shape[0], g.y.size, g.q.size, jac.shape[0] - 1
    heat, per_capacity, per_rho, t_gamma, theta = w.plasma
    heat_theta, s = 0.0, t_gamma * exp(-theta)
    for j in range(n):
        for c in range(classes):
            heat_theta -= w.heat[c, j] * g.y[j] * exp(-theta)
        for i in range(states):
            row = i * n + j
            w.density[row] = point.mixing.states[i] * g.weight[j] * g.y[j] * per_rho / w.scale[row]
            total, warmed = 0.0, 0.0
            for c in range(classes):
                total += w.heat[c, j] / (w.f[c, j] * w.b[c, j]) * w.to_class[j, c, i]
                warmed += w.to_state[j, i, c] * w.theta_class[c, j]
            jac[last, row] = heat * w.density[row] - total / w.scale[row]
            jac[row, last] = warmed * w.scale[row] * per_capacity
    for j in range(k):
        row = states * n + j
        w.density[row] = 0.0
        if point.mass > 0.0:
            w.density[row] = 0.5 * w.numbers[j] * w.energy[j] * per_rho / w.scale[row]
            jac[last, row] = heat * w.density[row] - w.heat_boson[j] / w.scale[row]
            jac[row, last] = w.theta_boson[j] * w.scale[row] * per_capacity
            heat_theta += w.numbers[j] * w.energy[j] * w.theta_boson[j]
    for row in range(last):
        for column in range(last):
            jac[row, column] *= w.scale[row] / w.scale[column]
            jac[row, column] -= w.dot[row] * w.density[column]
    warm, cold = _massive(t, t_gamma * exp(STEP)), _massive(t, t_gamma * exp(-STEP))
    jac[last, last] = ((warm - cold) / (2.0 * STEP) / s**4 - heat_theta) * per_capacity


@njit(**PART, fastmath=FAST)
def _massive(t, t_gamma):
    """Return rho - 3 P of the plasma in MeV^4, by which its energy times a^4 grows per e-fold."""
    pressure, rho, _, _ = em.state(t.em, t_gamma)
    return rho - 3.0 * pressure
