"""Compiled part of scripts/check_kinetic.py: decays and inverse decays of the boson with exact statistics."""

from math import exp, expm1, log1p, sqrt

import numpy as np
from galerkin_kernels import basis
from numba import njit

_X, _W = np.polynomial.legendre.leggauss(16)
_U, _V = (1 + _X) / 2, _W / 2


@njit(cache=True)
def boson_events(
    c, knots, boson, q, energy, weight, mass, rate, widths, width_e, electron_mass, theta, rhs, out, jac, loss
):
    """Deposit Z' <-> nu nubar and Z' <-> e+ e-; return the heat that the plasma loses.

    Comoving units. boson: ln[f/(1+f)] at momenta q with weights 3 q^2 dq/(2 pi^2). rate * width / energy is the decay
    rate over H. electron_mass: m_e/M. A decay gives momenta p and energy - p with p uniform in (energy -+ q)/2, and the
    neutrino is the one or the other in half of the cases.
    """
    species, m = c.shape
    n = species * m
    wanted = jac.size > 1
    t = exp(theta)
    heat = 0.0
    a, b = np.empty(4), np.empty(4)
    for k in range(q.size):
        f_z = 1 / expm1(-boson[k])
        change = slope = 0.0
        for i in range(species):
            strength = rate * widths[i] / energy[k]
            if strength == 0.0:
                continue
            for j in range(_U.size):
                p = 0.5 * (energy[k] + q[k] * _U[j])
                partner = energy[k] - p
                if p >= knots[-1]:
                    continue
                first, second = basis(knots, p, a), basis(knots, partner, b)
                l = lp = 0.0
                for s in range(4):
                    l += c[i, first + s] * a[s]
                    lp += c[i, second + s] * b[s]
                f, fp = 1 / (1 + exp(-l)), 1 / (1 + exp(-lp))
                decayed = strength * _V[j] * (1 - f) * (1 - fp) * f_z
                net = decayed * expm1(l + lp - boson[k])
                made = decayed + net
                d_l, d_lp = made * (1 - f) + decayed * f, made * (1 - fp) + decayed * fp
                d_z = made * f_z - decayed * (1 + f_z)
                change += net
                slope += d_z
                for s in range(4):
                    rhs[i * m + first + s] -= 0.5 * weight[k] * net * a[s]
                    rhs[i * m + second + s] -= 0.5 * weight[k] * net * b[s]
                    if wanted:
                        per = f_z * (1 + f_z)
                        jac[n + k, i * m + first + s] += d_l * a[s] / per
                        jac[n + k, i * m + second + s] += d_lp * b[s] / per
                        for r in range(4):
                            jac[i * m + first + r, i * m + first + s] -= 0.5 * weight[k] * a[r] * d_l * a[s]
                            jac[i * m + second + r, i * m + first + s] -= 0.5 * weight[k] * b[r] * d_l * a[s]
                            jac[i * m + first + r, i * m + second + s] -= 0.5 * weight[k] * a[r] * d_lp * b[s]
                            jac[i * m + second + r, i * m + second + s] -= 0.5 * weight[k] * b[r] * d_lp * b[s]
                        jac[i * m + first + s, n + k] -= 0.5 * weight[k] * a[s] * d_z
                        jac[i * m + second + s, n + k] -= 0.5 * weight[k] * b[s] * d_z
        if width_e > 0.0:
            spread = q[k] * sqrt(1 - 4 * electron_mass**2)
            low, high = 0.5 * (energy[k] - spread) / t, 0.5 * (energy[k] + spread) / t
            blocking = 1 - 2 * (log1p(exp(-low)) - log1p(exp(-high))) / (high - low)
            bath = -energy[k] / t
            f_bath = 1 / expm1(-bath)
            decayed = rate * width_e / energy[k] * blocking * f_z * (1 + f_bath)
            net = decayed * expm1(bath - boson[k])
            d_z = -rate * width_e / energy[k] * blocking * f_z * (1 + f_z)
            change += net
            slope += d_z
            heat += weight[k] * energy[k] * net
            loss[n + k] += weight[k] * energy[k] * d_z
        per = f_z * (1 + f_z)
        out[n + k] = change / per
        if wanted:
            jac[n + k, n + k] += slope / per - change * (1 + 2 * f_z) / per
    return heat
