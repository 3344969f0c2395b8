"""e gamma <-> e Z' (and e phi): squared amplitude and rate of a light boson of mass M against electrons and positrons.

With m = m_e, s1 = s - m^2, u1 = u - m^2, tau = s1 + u1 = M^2 - t and D = 1/(s1 u1), the squared amplitude summed over
all spins is, with e^2 g_e^2 taken out,

    Sigma = A0 - A1 tau^2 D + C [ D (tau - M^2) + m^2 tau^2 D^2 ]

    vector  A0 = 16, A1 = 8, C = 16 (M^2 + 2 m^2);     scalar  A0 = 0, A1 = 4, C = 8 (M^2 - 4 m^2)

Derived from traces; tests/physics/test_boson_production.py repeats them with explicit Dirac matrices. Rates are per
g_e^2 and count e- and e+ (ibe2020 eq. 18 counts one of them).
"""

from math import acosh, asinh, cosh, exp, expm1, log, log1p, pi, sqrt

import numpy as np
from numba import njit

from nuportal.constants import E_CHARGE, M_E

_M2 = M_E * M_E
_E2 = E_CHARGE * E_CHARGE
_X16, _W16 = np.polynomial.legendre.leggauss(16)
_X48, _W48 = np.polynomial.legendre.leggauss(48)
_TAIL = 40.0  # thermal weights are cut at exp(-40)


@njit(cache=True)
def amplitude_constants(mass: float, spin: int) -> tuple[float, float, float]:
    """Return (A0, A1, C) of the module's formula for a boson of spin 1 or 0; C in MeV^2."""
    if spin == 1:
        return 16.0, 8.0, 16.0 * (mass * mass + 2.0 * _M2)
    return 0.0, 4.0, 8.0 * (mass * mass - 4.0 * _M2)


@njit(cache=True)
def squared_amplitude(s1: float, u1: float, mass: float, spin: int) -> float:
    """Return Sigma(s1, u1) of e gamma -> e Z', summed over all spins, without e^2 g_e^2."""
    a0, a1, c = amplitude_constants(mass, spin)
    tau, d = s1 + u1, 1.0 / (s1 * u1)
    return a0 - a1 * tau * tau * d + c * d * (tau - mass * mass + _M2 * tau * tau * d)


@njit(cache=True)
def u_coefficients(s1: float, mass: float, spin: int) -> tuple[float, float, float, float]:
    """Return (c1, c0, c_1, c_2) of Sigma = c1 u1 + c0 + c_1/u1 + c_2/u1^2 at fixed s1."""
    a0, a1, c = amplitude_constants(mass, spin)
    c0 = a0 - 2.0 * a1 + c * (1.0 / s1 + _M2 / (s1 * s1))
    return -a1 / s1, c0, -a1 * s1 + c * (1.0 + (2.0 * _M2 - mass * mass) / s1), c * _M2


@njit(cache=True)
def stable_amplitude(s1: float, xi: float, mass: float, spin: int) -> float:
    """Return Sigma at centre-of-mass angle cosine `xi` between the photon and the electron beside the boson.

    Free of the cancellation that s1 << m^2 causes in powers of u1: s1/u1 + 1 = -(beta + b xi)/(1 - b xi).
    """
    a0, a1, c = amplitude_constants(mass, spin)
    s, b_energy = s1 + _M2, s1 + 2.0 * _M2 - mass * mass
    b, beta = triangle(s, mass) / b_energy, (s1 + mass * mass) / b_energy
    u1 = -s1 * b_energy / (2.0 * s) * (1.0 - b * xi)
    ratio = -(beta + b * xi) / (1.0 - b * xi)  # tau/u1
    d_tau = ratio / s1
    return a0 - a1 * ratio * ratio * u1 / s1 + c * (d_tau - mass * mass / (s1 * u1) + _M2 * d_tau * d_tau)


@njit(cache=True)
def triangle(s: float, mass: float) -> float:
    """Return 2 sqrt(s) times the centre-of-mass momentum of electron and boson, in MeV^2."""
    return sqrt(max((s - (M_E + mass) ** 2) * (s - (M_E - mass) ** 2), 0.0))


@njit(cache=True)
def integrated_amplitude(s1: float, mass: float, spin: int) -> float:
    """Return int dt Sigma over the physical range, in MeV^2, at s = s1 + m^2 >= (m + M)^2."""
    s = s1 + _M2
    r = triangle(s, mass)
    if s1 < 0.3 * _M2:
        total = 0.0
        for i in range(_X16.size):
            total += _W16[i] * stable_amplitude(s1, _X16[i], mass, spin)
        return total * s1 * r / (2.0 * s)
    b_energy = s + _M2 - mass * mass
    length = s1 * r / s
    logarithm = 2.0 * log((b_energy + r) / (2.0 * M_E * sqrt(s)))
    c1, c0, c_1, c_2 = u_coefficients(s1, mass, spin)
    return -c1 * length * s1 * b_energy / (2.0 * s) + c0 * length - c_1 * logarithm + c_2 * r / (s1 * _M2)


@njit(cache=True)
def _scaled_log1p(energy: float, t: float) -> float:
    """exp(m/T) ln(1 + exp(-E/T)) for E >= m, without overflow."""
    if energy > 30.0 * t:
        return exp(-(energy - M_E) / t)
    return exp(M_E / t) * log1p(exp(-energy / t))


@njit(cache=True)
def compton_rate_ibe(p: float, t: float, mass: float, spin: int) -> float:
    """Return exp(m/T) G~(p, T)/g_e^2 in MeV of ibe2020 eq. 18, corrected to count e+ and e-.

    df/dt = G~ (f_BE - f). The final state is taken without Pauli blocking and Bose enhancement. In the rapidity eta of
    the electron in the rest frame of the boson, E_e^(-+) = m cosh(eta -+ eta_boson) and ds/(sqrt(s) p_cms) = 2 d eta.
    """
    energy, eta_boson = sqrt(p * p + mass * mass), asinh(p / mass)
    reach = acosh(1.0 + _TAIL * t / M_E)
    low = max(0.0, eta_boson - reach)
    half = 0.5 * (eta_boson + reach - low)
    total = 0.0
    for i in range(_X48.size):
        eta = low + half * (1.0 + _X48[i])
        s1 = mass * mass + 2.0 * M_E * mass * cosh(eta)
        weight = _scaled_log1p(M_E * cosh(eta - eta_boson), t) - _scaled_log1p(M_E * cosh(eta + eta_boson), t)
        total += _W48[i] * weight * integrated_amplitude(s1, mass, spin)
    average = 3.0 if spin == 1 else 1.0
    prefactor = -2.0 * expm1(-energy / t) * t / (512.0 * pi**3 * p * energy)
    return prefactor * _E2 / average * 2.0 * half * total
