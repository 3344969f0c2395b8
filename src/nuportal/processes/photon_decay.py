"""Decay of a light boson to photons through the electron loop: Z' -> 3 gamma and phi -> 2 gamma, below 2 m_e.

Widths are per g_e^2. The vector's is the Euler-Heisenberg result times a mass enhancement: the series of McDermott,
Patel and Ramani (1705.00619) through x^5, x = (M/m_e)^2, and beyond it the remainder of our own loop integral.
"""

import tomllib
from functools import cache
from importlib.resources import files
from math import asin, atanh, exp, pi, sqrt, tanh

import numpy as np

from nuportal.constants import ALPHA, M_E
from nuportal.errors import NotApplicableError


@cache
def enhancement_coefficients() -> tuple[float, ...]:
    """Return c_k, k < 6, of F(x) = sum_k c_k x^k + R(x) x^6, x = (M/m_e)^2."""
    text = files("nuportal.processes").joinpath("three_photon_series.toml").read_text(encoding="utf-8")
    return tuple(top / bottom for top, bottom in tomllib.loads(text)["coefficients"])


@cache
def _log_remainder():
    from scipy.interpolate import CubicSpline

    text = files("nuportal.processes").joinpath("three_photon_remainder.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines() if not line.startswith(("#", "x"))]
    x, remainder = np.array(rows, float).T
    return CubicSpline(x, np.log(remainder))


def mass_enhancement(mass: float) -> float:
    """Return F = Gamma(Z' -> 3 gamma) over its Euler-Heisenberg limit, 0 <= mass < 2 m_e in MeV.

    Accuracy 1e-5 below 1.8 m_e, estimated as a few 1e-3 at 1.96 m_e; extrapolated from there to 2 m_e.
    """
    x = (mass / M_E) ** 2
    return sum(c * x**k for k, c in enumerate(enhancement_coefficients())) + exp(float(_log_remainder()(x))) * x**6


def photon_width(mass: float, spin: int = 1) -> float:
    """Return Gamma(Z' -> 3 gamma) (ibe2020 eq. 20, second equality) or Gamma(phi -> 2 gamma) in MeV per g_e^2.

    phi: alpha^2 M^3/(256 pi^3 m^2) |A|^2, A = 2 [tau + (tau - 1) arcsin^2 sqrt(tau)]/tau^2, tau = M^2/4m^2.
    Raises NotApplicableError at and above 2 m_e.
    """
    if not 0 < mass < 2 * M_E:
        raise NotApplicableError(f"mass = {mass:g} MeV: the photon width is known for 0 < mass < 2 m_e = 1.022 MeV")
    if spin == 1:
        leading = 17 * ALPHA**3 / (2**9 * 3**6 * 5**3 * pi**4) * mass**9 / M_E**8
        return leading * mass_enhancement(mass)
    tau = mass**2 / (4 * M_E**2)
    if tau < 1e-3:
        loop = 4 / 3 * (1 + 7 / 30 * tau + 2 / 21 * tau**2)
    else:
        loop = 2 * (tau + (tau - 1) * asin(sqrt(tau)) ** 2) / tau**2
    return ALPHA**2 * mass**3 / (256 * pi**3 * M_E**2) * loop**2


def photon_rate(p: float, t: float, mass: float, spin: int = 1) -> float:
    """Return G~(p, T)/g_e^2 in MeV of the decay to photons and its inverse: df/dt = G~ (f_BE - f).

    (M/E) Gamma; for phi -> 2 gamma times <1 + f + f'> = (2/W) artanh(tanh(W/2)/tanh(a/2)), a = E/2T, W = p/2T. The
    stimulated part of Z' -> 3 gamma is left out, as in ibe2020 eq. 20.
    """
    energy = sqrt(p * p + mass * mass)
    rate = mass / energy * photon_width(mass, spin)
    if spin == 1:
        return rate
    a, w = energy / (2 * t), p / (2 * t)
    if w < 1e-6 * min(1.0, a):
        return rate / tanh(a / 2)
    if a > 30:  # artanh of a number close to 1
        return rate
    return rate * 2 / w * atanh(tanh(w / 2) / tanh(a / 2))
