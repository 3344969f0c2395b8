"""Neutrino pairs and a light boson: nu nubar <-> Z' with quantum statistics, nu nubar <-> Z' Z'.

Neutrinos and antineutrinos share T_nu and z = mu_nu/T_nu. Z' stands for the vector; for the scalar with
(c/2) phi (nu nu + h.c.) the decay is phi -> nu nu and nubar nubar, the pair process nu nubar <-> phi phi.
"""

from math import asinh, atanh, cosh, exp, expm1, log1p, pi, sinh, sqrt, tanh

import numpy as np
from numba import njit

_X24, _W24 = np.polynomial.legendre.leggauss(24)
_CLOSED_FORM_WIDTH = 8.0  # rapidity range beyond which the exponentially growing part is integrated in closed form


@njit(cache=True)
def _averages(a: float, w: float) -> tuple[float, float]:
    """Return (<f f'>, <1 - f - f'>) of two Fermi functions 1/(e^{a+x}+1), 1/(e^{a-x}+1) over -w < x < w."""
    product = tanh(0.5 * a) * tanh(0.5 * w)
    if abs(product) < 0.5:
        y2 = product * product
        slope = 1.0 + y2 / 3.0 * (1.0 + 0.6 * y2) if y2 < 1e-4 else atanh(product) / product
        # tanh(a/2)/sinh(a) = 1/(2 cosh^2(a/2))
        spread = tanh(0.5 * w) / (0.5 * w) if w > 1e-8 else 1.0
        blocking = slope * spread * tanh(0.5 * a)
        if abs(a) < 1.0:
            return 0.25 * exp(-a) * slope * spread / cosh(0.5 * a) ** 2, blocking
        return blocking / expm1(2.0 * a), blocking
    plus, minus = abs(a + w), abs(a - w)
    blocking = (0.5 * (plus - minus) + log1p(exp(-plus)) - log1p(exp(-minus))) / w
    if 2.0 * a > 700.0:
        return 0.0, blocking
    return blocking / expm1(2.0 * a), blocking


@njit(cache=True)
def pair_statistics(p: float, mass: float, t_nu: float, z: float) -> tuple[float, float]:
    """Return (<f f'>, <1 - f - f'>) of the neutrino pair of Z' -> nu nubar, averaged over the decay angle.

    With a = E/2T - z and W = p/2T the second is (2/W) artanh(tanh(a/2) tanh(W/2)) = 1 + phi (ibe2020 eq. 16), the first
    is the second over exp(2a) - 1; both are regular at a = 0 (E = 2 mu). The collision term of eq. 13 is
    df/dt = (M Gamma/E) (<f f'> - <1 - f - f'> f).
    """
    return _averages(0.5 * sqrt(p * p + mass * mass) / t_nu - z, 0.5 * p / t_nu)


@njit(cache=True)
def pair_blocking(p: float, mass: float, t_nu: float, z: float) -> float:
    """Return r(p) such that K(p, p') r(p) r(p') is the kernel of nu nubar <-> Z' Z' with Fermi-Dirac neutrinos.

    Detailed balance turns f_nu f_nubar into (1 - f_nu)(1 - f_nubar) exp(-(E + E')/T + 2 z), so gain and loss share the
    blocked kernel. Its ratio to K is separable to 3 % (weighted with the bosons; 12 % for very unequal momenta):
    r^2 = <(1 - f)(1 - f')> of two neutrinos that share 2E, with their energies spread evenly over E -+ p/2.
    """
    both_filled, blocking = _averages(sqrt(p * p + mass * mass) / t_nu - z, 0.5 * p / t_nu)
    return sqrt(max(blocking + both_filled, 0.0))


@njit(cache=True)
def _vector_integrand(x: float) -> float:
    return 16.0 / 3.0 * (2.0 * x * cosh(x) + 4.0 * x + 4.0 * x / cosh(x) - 2.0 * sinh(x))


@njit(cache=True)
def _scalar_integrand(x: float) -> float:
    if x < 0.15:  # the s and p waves cancel
        return x**5 * (16.0 / 15.0 - 0.3301587301587302 * x * x)
    return 8.0 * x * cosh(x) + 4.0 * x / cosh(x) - 12.0 * sinh(x)


@njit(cache=True)
def _closed_form(x: float, spin: int) -> float:
    """Antiderivative of the integrand without its L/cosh L term."""
    if spin == 1:
        return 16.0 / 3.0 * (2.0 * x * sinh(x) - 4.0 * cosh(x) + 2.0 * x * x)
    return 8.0 * x * sinh(x) - 20.0 * cosh(x)


@njit(cache=True)
def pair_amplitude(p: float, p_other: float, mass: float, spin: int) -> float:
    """Return int ds/(sqrt(s) p_cms) int dt Sigma/d for Z'(p) Z'(p_other) -> nu nubar, in MeV^2, without c_nu^4.

    Sigma is summed over all spins, d = 3 or 1. With the relative rapidity L from |eta - eta'| to eta + eta' and
    x = s/M^2 = 2 + 2 cosh L: vector (12 times ibe2020 eq. 17, whose printed x_+- is wrong)
    (32/3) M^2 int dL [L (x^2 + 4)/(2 cosh L) - 2 sinh L]; scalar 2 M^2 int dL [8 L cosh L + 4 L/cosh L - 12 sinh L].
    """
    eta, eta_other = asinh(p / mass), asinh(p_other / mass)
    low, width = abs(eta - eta_other), 2.0 * min(eta, eta_other)
    total = 0.0
    if width < _CLOSED_FORM_WIDTH:
        for i in range(_X24.size):
            x = low + 0.5 * width * (1.0 + _X24[i])
            total += _W24[i] * (_vector_integrand(x) if spin == 1 else _scalar_integrand(x))
        total *= 0.5 * width
    else:
        tail = min(width, 40.0)  # L/cosh L is negligible beyond
        for i in range(_X24.size):
            x = low + 0.5 * tail * (1.0 + _X24[i])
            total += _W24[i] * 4.0 * x / cosh(x)
        total *= 0.5 * tail * (16.0 / 3.0 if spin == 1 else 1.0)
        total += _closed_form(low + width, spin) - _closed_form(low, spin)
    return 2.0 * mass * mass * total


@njit(cache=True)
def pair_kernel(p: float, p_other: float, mass: float, spin: int) -> float:
    """Return K in MeV^0 of df/dt = -(1/E) int dE' K [f f' - (1 + f)(1 + f') exp(-(E + E')/T_nu + 2 z)] per sum c_nu^4.

    ibe2020 eqs 14, 15: Maxwell-Boltzmann neutrinos, no Pauli blocking, full Bose enhancement of the bosons. For
    Fermi-Dirac neutrinos multiply by `pair_blocking` of both momenta.
    """
    return pair_amplitude(p, p_other, mass, spin) / (512.0 * pi**3 * p)
