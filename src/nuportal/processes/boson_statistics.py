# pyright: basic
"""Rates of a light boson against the e.m. plasma with exact quantum statistics of every bath particle.

G~(p, T) with df/dt = G~ (f_BE - f) is the absorption rate times 1 - exp(-E/T). For a + Z'(q) -> c + d,

    G~ = (1 - exp(-E/T)) e^2/(2 E d) int d^3k_a/((2 pi)^3 2 E_a) f_a phi,
    phi = (1/8 pi) (p*_f/sqrt(s)) int dx <Sigma> (1 -+ f_c)(1 +- f_d)

per g_e^2, where x is the cosine, in the centre of mass, between c and the boost to the plasma frame: energies in the
plasma depend on x alone and the azimuth averages the powers of 1/t1, 1/u1 in closed form. With x0 the cosine of the
incoming a and b the velocity that belongs to the propagator, 1 - b cos Theta averages to

    <1/(1 - b cos Theta)> = 1/D,   <1/(1 - b cos Theta)^2> = (1 - b x x0)/D^3,
    D^2 = (b x - x0)^2 + (1 - b^2)(1 - x0^2)

and b x = x0 + h sinh(psi) flattens the peak of 1/D.
"""

from math import asinh, cosh, exp, expm1, log, pi, sinh, sqrt

import numpy as np
from numba import njit

from nuportal.constants import E_CHARGE, M_E
from nuportal.processes.annihilation import scaled_log_bose, smallest_invariant, softest_photon, symmetric_coefficients
from nuportal.processes.compton import stable_amplitude, triangle, u_coefficients

_M2 = M_E * M_E
_E2 = E_CHARGE * E_CHARGE
_X8, _W8 = np.polynomial.legendre.leggauss(8)
_X10, _W10 = np.polynomial.legendre.leggauss(10)
_X14, _W14 = np.polynomial.legendre.leggauss(14)
_X16, _W16 = np.polynomial.legendre.leggauss(16)
_COS_PHI = np.cos(pi * (np.arange(6) + 0.5) / 6)
_TAIL = 40.0
FAST = {"contract", "arcp", "reassoc"}  #: what the compiler may reorder; NaN and infinity stay meaningful


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _fermi(energy: float, t: float) -> float:
    x = energy / t
    return 1.0 / (exp(x) + 1.0) if x < 700.0 else 0.0


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _bose(energy: float, t: float) -> float:
    x = energy / t
    return 1.0 / expm1(x) if x < 700.0 else 0.0


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _azimuth_average(x, x0, s1, b, b_energy, mass, spin, c):
    """Return <Sigma> of Compton scattering over the azimuth at fixed x, x0."""
    if b < 0.2:  # powers of u1 cancel: average the stable form numerically, exponentially convergent
        sines, total = sqrt(max((1.0 - x * x) * (1.0 - x0 * x0), 0.0)), 0.0
        for cos_phi in _COS_PHI:
            total += stable_amplitude(s1, x * x0 + sines * cos_phi, mass, spin)
        return total / _COS_PHI.size
    u0 = -s1 * b_energy / (2.0 * (s1 + _M2))
    mean = 1.0 - b * x * x0
    d = sqrt((b * x - x0) ** 2 + (1.0 - b * b) * (1.0 - x0 * x0))
    return c[0] * u0 * mean + c[1] + c[2] / (u0 * d) + c[3] * mean / (u0 * u0 * d**3)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _compton_final_states(e_in, p_in, cos_in, p, energy, t, mass, spin):
    """Return (p*_f/sqrt(s)) int dx <Sigma> (1 - f_e)(1 + f_gamma) for e(p_in) Z'(p) -> e gamma."""
    s1 = mass * mass + 2.0 * (energy * e_in - p * p_in * cos_in)
    s, e_tot = s1 + _M2, energy + e_in
    p_tot = sqrt(max(e_tot * e_tot - s, 1e-24 * e_tot * e_tot))
    r, b_energy = triangle(s, mass), s1 + 2.0 * _M2 - mass * mass
    b = r / b_energy
    x0 = (2.0 * s * e_in - b_energy * e_tot) / (p_tot * r) if r > 0.0 else 0.0
    x0 = min(max(x0, -1.0), 1.0)
    c = u_coefficients(s1, mass, spin)
    middle = max(0.5 * (x0 - 1.0), -0.999)
    unit, total = s1 / (2.0 * s), 0.0
    # soft photons: uniform in ln k up to `middle`
    low = log(s / (e_tot + p_tot))
    half = 0.5 * (log(e_tot + p_tot * middle) - low)
    for i in range(_X8.size):
        scale = exp(low + half * (1.0 + _X8[i]))
        x = min(max((scale - e_tot) / p_tot, -1.0), 1.0)
        k = unit * scale
        weight = _W8[i] * half * scale / p_tot * (1.0 - _fermi(e_tot - k, t)) * (1.0 + _bose(k, t))
        total += weight * _azimuth_average(x, x0, s1, b, b_energy, mass, spin, c)
    # the rest: flatten the peak of the exchanged electron
    h = max(sqrt(max((1.0 - b * b) * (1.0 - x0 * x0), 0.0)), 0.3 * (1.0 - b))
    low, high = asinh((b * middle - x0) / h), asinh((b - x0) / h)
    half = 0.5 * (high - low)
    for i in range(_X10.size):
        psi = low + half * (1.0 + _X10[i])
        x = min(max((x0 + h * sinh(psi)) / b, -1.0), 1.0)
        k = unit * (e_tot + p_tot * x)
        weight = _W10[i] * half * h * cosh(psi) / b * (1.0 - _fermi(e_tot - k, t)) * (1.0 + _bose(k, t))
        total += weight * _azimuth_average(x, x0, s1, b, b_energy, mass, spin, c)
    return unit * total


@njit(cache=True, error_model="numpy", fastmath=FAST)
def compton_rate_exact(p: float, t: float, mass: float, spin: int) -> float:
    """Return exp(m/T) G~(p, T)/g_e^2 in MeV of e Z' <-> e gamma, electrons and positrons, exact statistics."""
    energy, total = sqrt(p * p + mass * mass), 0.0
    half = 0.5 * sqrt(_TAIL)
    for i in range(_X14.size):
        z = half * (1.0 + _X14[i])
        kinetic = t * z * z
        e_in, p_in = M_E + kinetic, sqrt(kinetic * (kinetic + 2.0 * M_E))
        weight = _W14[i] * half * 2.0 * t * z * p_in * exp(-z * z) / (1.0 + exp(-e_in / t))
        for j in range(_X10.size):
            v = 0.5 * (1.0 + _X10[j])
            angle = 2.0 * _W10[j] * v  # cos = 1 - 2 v^2
            total += weight * angle * _compton_final_states(e_in, p_in, 1.0 - 2.0 * v * v, p, energy, t, mass, spin)
    average = 3.0 if spin == 1 else 1.0
    return -2.0 * expm1(-energy / t) * _E2 / (2.0 * energy * average) / (64.0 * pi**3) * total


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _annihilation_final_states(w, k, p, energy, t, mass, spin):
    """Return (p*_f/sqrt(s)) int dx <Sigma> (1 - f_-)(1 - f_+) for gamma(k) Z'(p) -> e+ e-."""
    s, e_tot = w + mass * mass, energy + k
    b = sqrt(max(1.0 - 4.0 * _M2 / s, 0.0))
    if b == 0.0:
        return 0.0
    p_tot = sqrt(max(e_tot * e_tot - s, 1e-24 * e_tot * e_tot))
    x0 = min(max((2.0 * s * k / w - e_tot) / p_tot, -1.0), 1.0)
    e0, e1, e2 = symmetric_coefficients(w, mass, spin)
    h2 = 4.0 * _M2 / s * (1.0 - x0 * x0)
    h = max(sqrt(h2), 0.3 * (1.0 - b))
    low, high = asinh((-b - x0) / h), asinh((b - x0) / h)
    half, total = 0.5 * (high - low), 0.0
    for i in range(_X14.size):
        psi = low + half * (1.0 + _X14[i])
        bx = x0 + h * sinh(psi)
        d, mean = sqrt((bx - x0) ** 2 + h2), 1.0 - bx * x0
        sigma = e0 - 4.0 * e1 / (w * d) + 8.0 * e2 * mean / (w * w * d**3)
        blocking = (1.0 - _fermi(0.5 * (e_tot + p_tot * bx), t)) * (1.0 - _fermi(0.5 * (e_tot - p_tot * bx), t))
        total += _W14[i] * h * cosh(psi) * sigma * blocking
    return 0.5 * half * total


@njit(cache=True, error_model="numpy", fastmath=FAST)
def scaled_annihilation_rate_exact(p: float, t: float, mass: float, spin: int) -> float:
    """Return exp(k_min/T) G~(p, T)/g_e^2 in MeV of gamma Z' <-> e+ e-, exact statistics.

    w > |M^2 - 4 m^2| and k_min = `softest_photon` as in annihilation.py.
    """
    energy, floor = sqrt(p * p + mass * mass), softest_photon(p, mass)
    total, dilute = 0.0, floor > 36.0 * t
    half = 0.5 * asinh(sqrt(2.0 * (energy + p) * _TAIL * t) / (2.0 * M_E))
    for i in range(_X16.size):
        chi = half * (1.0 + _X16[i])
        w = smallest_invariant(mass) + 4.0 * _M2 * sinh(chi) ** 2
        jacobian = _W16[i] * half * 8.0 * _M2 * sinh(chi) * cosh(chi)
        # uniform in ln(1 - exp(-k/T)), whose differential is f_gamma dk/T; scaled only where it is -exp(-k/T)
        zero = floor if dilute else 0.0
        low = scaled_log_bose(w / (2.0 * (energy + p)), zero, t)
        high = scaled_log_bose(w * (energy + p) / (2.0 * mass * mass), zero, t)
        if low > -1e-200:  # no such photons
            continue
        for j in range(_X10.size):
            v = 0.5 * (1.0 + _X10[j])
            u = high - (high - low) * v * v
            k = zero - t * log(-u) if dilute else -t * log(-expm1(u))
            weight = jacobian * _W10[j] * v * (high - low) * t
            total += weight * _annihilation_final_states(w, k, p, energy, t, mass, spin)
    average = 3.0 if spin == 1 else 1.0
    scale = 1.0 if dilute else exp(floor / t)
    return -scale * expm1(-energy / t) * _E2 / (2.0 * energy * average) / (128.0 * pi**3 * p) * total


@njit(cache=True, error_model="numpy", fastmath=FAST)
def annihilation_rate_exact(p: float, t: float, mass: float, spin: int) -> float:
    """Return G~(p, T)/g_e^2 in MeV of gamma Z' <-> e+ e-, exact statistics."""
    return exp(-softest_photon(p, mass) / t) * scaled_annihilation_rate_exact(p, t, mass, spin)
