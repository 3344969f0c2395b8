# pyright: basic
"""Rate of a light boson against the e.m. plasma, e gamma <-> e Z' plus e+ e- <-> gamma Z', tabulated for one mass.

df/dt = G~(p, T) [f_BE(E, T) - f], exact for any f because the plasma is thermal. ln(exp(m_e/T) G~/g_e^2) of the first
and ln(exp(k_min/T) G~/g_e^2) of the second, with k_min the softest photon that can annihilate, are smooth in ln T and
ln(p/T): bicubic splines on a uniform grid, kept in Hermite form, give them at any point.

With exact statistics the values at the nodes come from the shipped table of `boson_ratios`, which is interpolated in
the mass; with the approximations of ibe2020 they are one-dimensional integrals, done where they are needed.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from typing import Literal, get_args

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from nuportal.constants import M_E
from nuportal.errors import ParameterError, unknown_name
from nuportal.processes.annihilation import scaled_annihilation_rate_ibe, softest_photon
from nuportal.processes.boson_ratios import LN_T, LN_Y, logarithms
from nuportal.processes.compton import compton_rate_ibe
from nuportal.solvers.bicubic import bicubic, hermite_nodes

Statistics = Literal["default", "ibe"]


@dataclass(frozen=True)
class ElectronRates:
    """Table of G~(p, T)/g_e^2 for one boson. Call it with p and T_gamma in MeV (broadcast) to get MeV.

    `hermite` and `grid` are what `rate_at` and `rates_at` take in compiled code.
    """

    mass: float
    spin: int
    statistics: str
    hermite: np.ndarray
    grid: np.ndarray

    def __call__(self, p: ArrayLike, t: ArrayLike) -> np.ndarray:
        """Return the rate over g_e^2 in MeV at momenta p and temperatures t (MeV), broadcast against each other."""
        momenta, temperatures = np.broadcast_arrays(np.asarray(p, float), np.asarray(t, float))
        out = np.empty(momenta.shape)
        flat = out.reshape(-1)
        for i, (p_i, t_i) in enumerate(zip(momenta.reshape(-1), temperatures.reshape(-1), strict=True)):
            flat[i] = rate_at(self.hermite, self.grid, p_i, t_i)
        return out


@lru_cache(maxsize=64)
def electron_rates(mass: float, spin: int = 1, statistics: Statistics = "default") -> ElectronRates:
    """Return the table of G~/g_e^2 of a boson of `mass` in MeV and spin 1 or 0.

    statistics: "default" exact quantum statistics; "ibe" the approximations of ibe2020 eqs 18, 19 (no blocking or
    enhancement of the final state; Maxwell-Boltzmann e+ e- in annihilation), with e+ and e- counted.
    Takes a few milliseconds. Outside 5 keV < T < 100 MeV and 0.002 < p/T < 150 the rates of the edge are used, times
    the factors exp(-m_e/T) and exp(-k_min/T) of the point itself.
    Raises ParameterError, UnknownNameError, NotApplicableError above boson_ratios.HEAVIEST.
    """
    if not (np.isfinite(mass) and mass > 0):
        raise ParameterError(f"mass = {mass:g} MeV is not allowed: it must be finite and positive")
    if spin not in (0, 1):
        raise ParameterError(f"spin = {spin} is not allowed: it must be 0 or 1")
    if statistics not in get_args(Statistics):
        raise unknown_name("statistics", statistics, get_args(Statistics))
    mass = float(mass)
    values = logarithms(mass, spin) if statistics == "default" else _approximate(LN_T, LN_Y, mass, spin)
    grid = np.array([LN_T[0], LN_T[1] - LN_T[0], LN_Y[0], LN_Y[1] - LN_Y[0], mass])
    tables = np.stack([hermite_nodes(process) for process in values])
    return ElectronRates(mass, spin, statistics, tables, grid)


@njit(cache=True)
def _approximate(ln_t, ln_y, mass, spin):
    """ln of the scaled rates of ibe2020, [2, n_T, n_p]: Compton scattering, annihilation."""
    out = np.empty((2, ln_t.size, ln_y.size))
    for i in range(ln_t.size):
        t = exp(ln_t[i])
        for j in range(ln_y.size):
            p = t * exp(ln_y[j])
            out[0, i, j] = log(compton_rate_ibe(p, t, mass, spin))
            out[1, i, j] = log(scaled_annihilation_rate_ibe(p, t, mass, spin))
    return out


@njit(cache=True)
def rate_at(hermite: np.ndarray, grid: np.ndarray, p: float, t: float) -> float:
    """Return G~/g_e^2 in MeV at momentum p and photon temperature t (MeV)."""
    x, y = log(t), log(p / t)
    rate = exp(bicubic(hermite[0], grid, x, y) - M_E / t)
    softest = softest_photon(p, grid[4]) / t
    if softest < 200.0:
        rate += exp(bicubic(hermite[1], grid, x, y) - softest)
    return rate


@njit(cache=True)
def rates_at(hermite: np.ndarray, grid: np.ndarray, p: np.ndarray, t: float, out: np.ndarray) -> None:
    """Write G~/g_e^2 in MeV at every momentum of `p` and one photon temperature into `out`."""
    for i in range(p.size):
        out[i] = rate_at(hermite, grid, p[i], t)
