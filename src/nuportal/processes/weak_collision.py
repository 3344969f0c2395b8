"""Collision integrals of weak nu-e reactions with Fermi-Dirac statistics, finite m_e and two temperatures.

With q the four-momentum of the pair (annihilation) or the transfer (scattering), the two-body sums at fixed q depend on
one cosine-like variable each and the squared amplitude is a product of their even powers, so that three numerical
integrals are left: q0, |q| and the energy within each pair (derivation: docs/physics/weak_rates.md). Units T_gamma = 1.

The squared amplitude is 2^7 G_F^2 [(gL^2+gR^2) S1 + gL gR S2]; each quantity is returned as the pair of its S1 and S2
integrals. The energy gained by one flavour (nu and nubar) is (4 G_F^2/pi^5) T_gamma^9 [(gL^2+gR^2) S1 + gL gR S2], the
number the same with T_gamma^8.
"""

from math import exp, expm1, pi, sqrt

import numpy as np
from numba import njit

#: 2^7 G_F^2 over the phase-space factor 256 pi^5, in units of 4 G_F^2/pi^5
NORM = 2**7 / (256 * pi**5) * pi**5 / 4

_X, _W = np.polynomial.legendre.leggauss(64)
_OUTER, _OUTER_W = (1 + _X) / 2, _W / 2
_Y, _V = np.polynomial.legendre.leggauss(32)


@njit(cache=True)
def _free(u: float) -> float:
    """1 - f for f = 1/(e^u + 1)."""
    return 1.0 / (1.0 + exp(-u)) if u > 0.0 else exp(u) / (1.0 + exp(u))


@njit(cache=True)
def annihilation(mass: float, ratio: float, z: float) -> np.ndarray:
    """Return [energy S1, S2, number S1, S2] gained by nu and nubar: e+e- -> nu nubar minus the inverse.

    mass = m_e/T_gamma, ratio = T_nu/T_gamma, z = mu_nu/T_nu. Number counts nu and nubar.
    """
    return _annihilation(mass, ratio, z, False)


@njit(cache=True)
def scattering(mass: float, ratio: float, z: float) -> np.ndarray:
    """Return [energy S1, S2] gained by nu and nubar in scattering off e- and e+; arguments as in `annihilation`."""
    return _scattering(mass, ratio, z, False)


@njit(cache=True)
def linear_response(mass: float) -> np.ndarray:
    """Return d/d ln(T_gamma/T_nu) at T_nu = T_gamma, z = 0 of the 4 values of `annihilation` and 2 of `scattering`."""
    return np.concatenate((_annihilation(mass, 1.0, 0.0, True), _scattering(mass, 1.0, 0.0, True)))


@njit(cache=True)
def _annihilation(mass: float, ratio: float, z: float, response: bool) -> np.ndarray:
    out = np.zeros(4)
    scale = max(1.0, ratio)
    for i in range(_OUTER.size):
        w = 48.0 * scale * _OUTER[i] ** 2
        q0 = 2 * mass + w
        bracket = exp(-q0) * (q0 if response else -expm1(q0 - q0 / ratio + 2 * z))
        weight0 = 96.0 * scale * _OUTER[i] * _OUTER_W[i] * bracket
        q_max = sqrt(w * (w + 4 * mass))
        for j in range(_OUTER.size):
            v = 1 - _OUTER[j]
            q = q_max * (1 - v * v)
            s = q0 * q0 - q * q
            b2 = max(1 - 4 * mass * mass / s, 0.0)
            b = sqrt(b2)
            nu0 = nu2 = el0 = el2 = 0.0
            for a in range(_Y.size):
                x2 = _Y[a] * _Y[a]
                k = 0.5 * (q0 + q * _Y[a])
                nu = _V[a] * _free(k / ratio - z) * _free((q0 - k) / ratio - z)
                nu0 += nu
                nu2 += nu * x2
                p = 0.5 * (q0 + q * b * _Y[a])
                el = _V[a] * _free(p) * _free(q0 - p)
                el0 += el
                el2 += el * x2
            s1 = nu0 * el0 * (1 + 0.5 * b2) - 0.5 * b2 * (nu2 * el0 + nu0 * el2) + 1.5 * b2 * nu2 * el2
            # dk0 dp0 = (q/2)(q b/2) dx dy
            weight = weight0 * q_max * 2 * v * _OUTER_W[j] * 0.25 * q * q * b
            first = weight * s * s / 16 * s1
            second = weight * 0.5 * mass * mass * s * nu0 * el0
            out[0] += first * q0
            out[1] += second * q0
            out[2] += 2 * first
            out[3] += 2 * second
    return out * NORM


@njit(cache=True)
def _scattering(mass: float, ratio: float, z: float, response: bool) -> np.ndarray:
    out = np.zeros(2)
    scale = max(1.0, ratio)
    for i in range(_OUTER.size):
        omega = 45.0 * scale * _OUTER[i] ** 2  # energy given to the neutrino
        factor = omega if response else -expm1(omega - omega / ratio)
        weight0 = 90.0 * scale * _OUTER[i] * _OUTER_W[i] * factor * omega
        for j in range(_OUTER.size):
            q = omega + 50.0 * scale * _OUTER[j] ** 2
            t = q * q - omega * omega
            b = sqrt(1 + 4 * mass * mass / t)
            k_min = 0.5 * (q - omega)
            p_min = 0.5 * (omega + q * b)
            if k_min / ratio + p_min > mass + 60.0:
                continue
            nu0 = nu2 = el0 = el2 = 0.0
            for a in range(_Y.size):
                u = 0.5 * (1 + _Y[a])
                dk = 40.0 * ratio * u * _V[a]
                k = k_min + 40.0 * ratio * u * u
                x = (2 * k + omega) / q
                nu = dk * exp(-(k / ratio - z)) * _free(k / ratio - z) * _free((k + omega) / ratio - z)
                nu0 += nu
                nu2 += nu * x * x
                dp = 40.0 * u * _V[a]
                p = p_min + 40.0 * u * u
                y = (2 * p - omega) / q
                el = dp * exp(-p) * _free(p) * _free(p - omega)
                el0 += el
                el2 += el * y * y
            s1 = nu0 * el0 + nu2 * el2 + 0.5 * (nu2 * el2 - nu0 * el2 - b * b * (nu2 * el0 - nu0 * el0))
            weight = weight0 * 100.0 * scale * _OUTER[j] * _OUTER_W[j]
            out[0] += weight * t * t / 16 * s1
            out[1] -= weight * 0.5 * mass * mass * t * nu0 * el0
    return out * (4 * NORM)
