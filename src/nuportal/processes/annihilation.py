"""e+ e- <-> gamma Z' (and gamma phi): squared amplitude and rate of a light boson of mass M.

Crossing of the Compton amplitude: Sigma(s, t1, u1) = -Sigma_Compton(s1 -> t1, u1) with t1 + u1 = -(s - M^2) = -w.

For M > 2 m_e the soft-photon region w -> 0 is a radiative correction to the decay Z' -> e+ e-, where its divergence
cancels against the virtual photon. The rate therefore keeps w > |M^2 - 4 m^2|: below 2 m_e this is the threshold, above
it is a cut, continuous at M = 2 m_e, whose choice moves the sum by O(alpha) of the decay rate.
"""

from math import asinh, atanh, cosh, exp, expm1, log, log1p, pi, sinh, sqrt

import numpy as np
from numba import njit

from nuportal.constants import E_CHARGE, M_E
from nuportal.processes.compton import amplitude_constants

_M2 = M_E * M_E
_E2 = E_CHARGE * E_CHARGE
_X48, _W48 = np.polynomial.legendre.leggauss(48)
_TAIL = 40.0


@njit(cache=True)
def symmetric_coefficients(w: float, mass: float, spin: int) -> tuple[float, float, float]:
    """Return (e0, e1, e2) of Sigma = e0 + e1 (1/t1 + 1/u1) + e2 (1/t1^2 + 1/u1^2) at fixed w = s - M^2."""
    a0, a1, c = amplitude_constants(mass, spin)
    return -a0, -(a1 * w + c * (1.0 + (mass * mass - 2.0 * _M2) / w)), -c * _M2


@njit(cache=True)
def integrated_amplitude(w: float, mass: float, spin: int) -> float:
    """Return int dt Sigma of e+ e- -> gamma Z' over the physical range, in MeV^2."""
    s = w + mass * mass
    if s <= 4.0 * _M2:
        return 0.0
    b = sqrt(1.0 - 4.0 * _M2 / s)
    e0, e1, e2 = symmetric_coefficients(w, mass, spin)
    return e0 * w * b - 4.0 * e1 * atanh(b) + 2.0 * e2 * b * s / (w * _M2)


@njit(cache=True)
def smallest_invariant(mass: float) -> float:
    """Return the lower end of w = s - M^2 in MeV^2: threshold below 2 m_e, soft-photon cut above."""
    return abs(mass * mass - 4.0 * _M2)


@njit(cache=True)
def log_bose(energy: float, t: float) -> float:
    """Return ln(1 - exp(-E/T)) <= 0."""
    x = energy / t
    return log(-expm1(-x)) if x < 0.7 else log1p(-exp(-x))


@njit(cache=True)
def scaled_log_bose(energy: float, floor: float, t: float) -> float:
    """Return exp(floor/T) ln(1 - exp(-E/T)) for E >= floor, without underflow."""
    if energy > 36.0 * t:
        return -exp(-(energy - floor) / t)
    return exp(floor / t) * log_bose(energy, t)


@njit(cache=True)
def softest_photon(p: float, mass: float) -> float:
    """Return the least photon energy in MeV that a boson of momentum p can meet, w_min/(2 (E + p))."""
    return smallest_invariant(mass) / (2.0 * (sqrt(p * p + mass * mass) + p))


@njit(cache=True)
def scaled_annihilation_rate_ibe(p: float, t: float, mass: float, spin: int) -> float:
    """Return exp(k_min/T) G~(p, T)/g_e^2 in MeV of ibe2020 eq. 19, k_min = `softest_photon`."""
    return scaled_rate_without_blocking(p, t, mass, spin, _X48, _W48)


@njit(cache=True)
def scaled_rate_without_blocking(
    p: float, t: float, mass: float, spin: int, nodes: np.ndarray, weights: np.ndarray
) -> float:
    """Return exp(k_min/T) G~(p, T)/g_e^2 in MeV of ibe2020 eq. 19 by a Gauss-Legendre rule on (-1, 1).

    df/dt = G~ (f_BE - f), no Pauli blocking of the electrons. E_gamma^- = w/(2(E + p)),
    E_gamma^+ = w (E + p)/(2 M^2), ds/(sqrt(s) p_cms) = 2 dw/w, w = w_min + 4 m^2 sinh^2 chi.
    """
    energy, floor = sqrt(p * p + mass * mass), softest_photon(p, mass)
    w_min = smallest_invariant(mass)
    half = 0.5 * asinh(sqrt(2.0 * (energy + p) * _TAIL * t) / (2.0 * M_E))
    total = 0.0
    for i in range(nodes.size):
        chi = half * (1.0 + nodes[i])
        w = w_min + 4.0 * _M2 * sinh(chi) ** 2
        jacobian = 8.0 * _M2 * sinh(chi) * cosh(chi) / w
        low = scaled_log_bose(w / (2.0 * (energy + p)), floor, t)
        high = scaled_log_bose(w * (energy + p) / (2.0 * mass * mass), floor, t)
        total += weights[i] * jacobian * (high - low) * integrated_amplitude(w, mass, spin)
    average = 3.0 if spin == 1 else 1.0
    prefactor = -expm1(-energy / t) * t / (512.0 * pi**3 * p * energy)
    return prefactor * _E2 / average * 2.0 * half * total


@njit(cache=True)
def annihilation_rate_ibe(p: float, t: float, mass: float, spin: int) -> float:
    """Return G~(p, T)/g_e^2 in MeV of ibe2020 eq. 19."""
    return exp(-softest_photon(p, mass) / t) * scaled_annihilation_rate_ibe(p, t, mass, spin)
