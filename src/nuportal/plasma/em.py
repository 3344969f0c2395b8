"""The electromagnetic plasma: photons, electrons and positrons, with QED interaction pressure through O(e^3).

P_int = P2 + P3 with N_F = 2/(e^{E/T}+1), E^2 = p^2 + m_e^2 (physics as Escudero 2001.04466, Bennett et al. 1911.04504):

    P2 = -(e^2/12 pi^2) T^2 J - (e^2/8 pi^4) J^2,   J = int dp p^2/E N_F      (the small log term is dropped)
    P3 =  (e^3/12 pi^4) T I^{3/2},                  I = int dp (p^2+E^2)/E N_F

and rho = -P + T dP/dT, drho/dT = T d2P/dT2. Muons and pions are not part of this bath.
`evaluate` is quadrature of reference quality; solvers use the shipped table (scripts/make_plasma_tables.py).
"""

from functools import cache
from math import log
from typing import Literal, NamedTuple

import numpy as np
from numba import njit

from nuportal.constants import E_CHARGE, M_E
from nuportal.errors import unknown_name
from nuportal.solvers import hermite
from nuportal.solvers.quadrature import gauss_legendre

QedOrder = Literal["o3", "o2", "off"]

#: columns of the solver table, functions of ln(T/MeV)
PRESSURE, ENERGY, HEAT_CAPACITY = 0, 1, 2

_ROOT_MAX = 7.2  # largest sqrt of kinetic energy over T: (E-m)/T = 51.8


class Thermodynamics(NamedTuple):
    """Pressure, energy density (MeV^4), drho/dT (MeV^3) and d2rho/dT2 (MeV^2), same shape as the temperature."""

    p: np.ndarray
    rho: np.ndarray
    drho_dt: np.ndarray
    d2rho_dt2: np.ndarray


def evaluate(temperature: np.ndarray | float, qed: QedOrder = "o3") -> Thermodynamics:
    """Return the thermodynamics of the plasma at temperature (MeV, any shape); qed: interaction order e^3, e^2, off."""
    t = np.asarray(temperature, dtype=float)[..., None]
    v, dv = gauss_legendre(600, _ROOT_MAX)
    kinetic = t * v**2
    energy = M_E + kinetic
    p2 = kinetic * (2 * M_E + kinetic)
    p = np.sqrt(p2)
    dp = 2 * t * v * dv * energy / p
    f = _fermi_derivatives(energy, t)
    t = t[..., 0]

    pressure = [np.sum(dp * p2**2 / energy * fk, axis=-1) * 4 / (6 * np.pi**2) for fk in f]
    photons = np.pi**2 / 45
    total = [
        pressure[0] + photons * t**4,
        pressure[1] + 4 * photons * t**3,
        pressure[2] + 12 * photons * t**2,
        pressure[3] + 24 * photons * t,
    ]
    if qed != "off":
        j = [2 * np.sum(dp * p2 / energy * fk, axis=-1) for fk in f]
        total = [a + b for a, b in zip(total, _second_order(t, j), strict=True)]
    if qed == "o3":
        i = [2 * np.sum(dp * (p2 + energy**2) / energy * fk, axis=-1) for fk in f]
        total = [a + b for a, b in zip(total, _third_order(t, i), strict=True)]
    return Thermodynamics(
        p=total[0],
        rho=t * total[1] - total[0],
        drho_dt=t * total[2],
        d2rho_dt2=total[2] + t * total[3],
    )


@cache
def table(qed: QedOrder = "o3") -> hermite.HermiteTable:
    """Return the solver table over ln(T/MeV): columns p/T^4, rho/T^4, (drho/dT)/T^3.

    From 0.006 to 1200 MeV. Below, only photons are left and the first row holds (`state`). Raises UnknownNameError.
    """
    if qed not in ("o3", "o2", "off"):
        raise unknown_name("qed order", qed, ("o3", "o2", "off"))
    return hermite.load("nuportal.plasma", f"tables/em_{qed}.npz")


@njit(cache=True, error_model="numpy")
def state(em_table: hermite.HermiteTable, t_gamma: float) -> tuple[float, float, float, float]:
    """Return (p, rho in MeV^4, drho/dT in MeV^3, d2rho/dT2 in MeV^2) from the solver table, at any T_gamma in MeV."""
    ln_t = max(log(t_gamma), em_table[0, 0])  # below, photons alone: the first row holds
    row, t = hermite.locate(em_table, ln_t)
    slope = hermite.slope(em_table, row, t, HEAT_CAPACITY) if ln_t > em_table[0, 0] else 0.0
    t2 = t_gamma * t_gamma
    capacity = hermite.value(em_table, row, t, HEAT_CAPACITY)
    return (
        hermite.value(em_table, row, t, PRESSURE) * t2 * t2,
        hermite.value(em_table, row, t, ENERGY) * t2 * t2,
        capacity * t2 * t_gamma,
        (3.0 * capacity + slope) * t2,
    )


def _fermi_derivatives(energy: np.ndarray, t: np.ndarray) -> list[np.ndarray]:
    """1/(e^{E/T}+1) and its first three derivatives in T."""
    u = energy / t
    boltzmann = np.exp(-u)
    f = boltzmann / (1 + boltzmann)
    g = f * (1 - f)
    h = g * (1 - 2 * f)
    k = g * (1 - 6 * g)
    first = u / t * g
    second = u / t**2 * (u * h - 2 * g)
    third = u / t**3 * (u**2 * k - 6 * u * h + 6 * g)
    return [f, first, second, third]


def _second_order(t: np.ndarray, j: list[np.ndarray]) -> list[np.ndarray]:
    a, b = -(E_CHARGE**2) / (12 * np.pi**2), -(E_CHARGE**2) / (8 * np.pi**4)
    return [
        a * t**2 * j[0] + b * j[0] ** 2,
        a * (2 * t * j[0] + t**2 * j[1]) + 2 * b * j[0] * j[1],
        a * (2 * j[0] + 4 * t * j[1] + t**2 * j[2]) + 2 * b * (j[1] ** 2 + j[0] * j[2]),
        a * (6 * j[1] + 6 * t * j[2] + t**2 * j[3]) + 2 * b * (3 * j[1] * j[2] + j[0] * j[3]),
    ]


def _third_order(t: np.ndarray, i: list[np.ndarray]) -> list[np.ndarray]:
    a = E_CHARGE**3 / (12 * np.pi**4)
    root = np.sqrt(i[0])
    log_slope = np.divide(i[1], i[0], out=np.zeros_like(root), where=i[0] > 0)
    g0 = root**3
    g1 = 1.5 * root * i[1]
    g2 = root * (0.75 * log_slope * i[1] + 1.5 * i[2])
    g3 = root * (-0.375 * log_slope**2 * i[1] + 2.25 * log_slope * i[2] + 1.5 * i[3])
    return [a * t * g0, a * (g0 + t * g1), a * (2 * g1 + t * g2), a * (3 * g2 + t * g3)]
