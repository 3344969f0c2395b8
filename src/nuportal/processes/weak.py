"""Weak energy and number transfer between e+- and neutrinos, with Fermi-Dirac statistics and finite electron mass.

Gain of one flavour (nu and nubar) from the electromagnetic plasma (ghosh2023 eq. 26, prefactors checked):

    d rho/dt = PREFACTOR (gL^2+gR^2) F(T_gamma, T_nu),      PREFACTOR = 4 G_F^2/pi^5,
    F = 32 (a1 + rho a2)(T_gamma^9 - T_nu^9) + 56 (s1 + rho s2) T_gamma^4 T_nu^4 (T_gamma - T_nu),

rho = gL gR/(gL^2+gR^2). The factors a1 ... depend on T_gamma; their massless limits are 0.884, 0, 0.829, 0
(Maxwell-Boltzmann: 1, 0, 1, 0). A vector coupling (Z' exchange, and its interference with the weak interaction) has
rho = 1/2. The squared amplitude is linear in rho, so two tables serve every coupling: `me_factor`.

In compiled code, with weak_table = table() and temperatures in MeV:

    shape(weak_table, t_gamma, t_nu, rho)                           F in the linear-response form of published rates
    shape_two_temperatures(weak_table, t_gamma, t_nu, rho, z_nu)    F as gain minus loss, z_nu = mu_nu/T_nu
    number_shape(weak_table, t_gamma, t_nu, rho, z_nu)              dn/dt = PREFACTOR (gL^2+gR^2) times it

Derivation and accuracy of each form: docs/physics/weak_rates.md. Tables: scripts/make_weak_tables.py, made with the
collision integrals of processes.weak_collision. Two neutrino flavours i, j exchange (G_F^2/pi^5) F with BLOCKING.
"""

import tomllib
from functools import cache
from importlib.resources import files
from math import exp, log, pi
from typing import Literal

import numpy as np
from numba import njit

from nuportal.constants import G_F, M_E, SIN2_THETA_W
from nuportal.errors import unknown_name
from nuportal.solvers import hermite

WeakCouplings = Literal["corrected", "tree"]

#: columns of the table: linear-response factors, and the integrated rates A(T), N(T) whose linear response they are
A1, A2, N1, N2, S1, S2, A1_INTEGRATED, A2_INTEGRATED, N1_INTEGRATED, N2_INTEGRATED = range(10)

#: common factor of all gains, MeV^-4
PREFACTOR = 4 * G_F**2 / pi**5

#: massless limits of A1, S1 and N1, for every process between massless fermions (tests/physics/test_weak.py)
BLOCKING = {"fd": (0.884108, 0.828743, 0.852274), "mb": (1.0, 1.0, 1.0)}


def chiral_couplings(which: WeakCouplings = "corrected") -> tuple[np.ndarray, np.ndarray]:
    """Return (gL, gR) for nu_e, nu_mu, nu_tau on electrons.

    "corrected": with radiative corrections at MeV momentum transfer (data/weak_couplings_mev.toml);
    "tree": gL = +-1/2 + s_W^2, gR = s_W^2. Raises UnknownNameError.
    """
    if which == "corrected":
        text = files("nuportal.processes").joinpath("data/weak_couplings_mev.toml").read_text(encoding="utf-8")
        numbers = tomllib.loads(text)["corrected"]
        return np.array(numbers["gL"]), np.array(numbers["gR"])
    if which == "tree":
        return np.array([0.5, -0.5, -0.5]) + SIN2_THETA_W, np.full(3, SIN2_THETA_W)
    raise unknown_name("weak couplings", which, ("corrected", "tree"))


@cache
def table(rates: Literal["fd", "mb"] = "fd") -> hermite.HermiteTable:
    """Return the solver table over ln(T/MeV): "fd" (quantum statistics, m_e) or "mb" (neither).

    Columns as named in this module; annihilation columns carry e^{2 m_e/T}, scattering columns e^{m_e/T}. From 0.006
    to 1200 MeV. Raises UnknownNameError.
    """
    fd = hermite.load("nuportal.processes", "tables/weak_me.npz")
    if rates == "fd":
        return fd
    if rates != "mb":
        raise unknown_name("rates", rates, ("fd", "mb"))
    x = hermite.grid(fd)
    m_over_t = M_E * np.exp(-x)[:, None]
    count = np.array([2, 2, 2, 2, 1, 1, 2, 2, 2, 2]) * np.array([1, 0, 1, 0, 1, 0, 1, 0, 1, 0]) * m_over_t
    value = np.array([1.0, 0, 1, 0, 1, 0, 1, 0, 1, 0]) * np.exp(count)
    return hermite.build(x, value, -count * value)


@njit(cache=True, error_model="numpy")
def me_factor(weak_table: hermite.HermiteTable, kind: int, t: float, rho: float) -> float:
    """Return the factor of a process at temperature t: kind is A1, N1, S1, A1_INTEGRATED or N1_INTEGRATED."""
    ln_t = log(t)
    if ln_t <= weak_table[0, 0]:  # 0.006 MeV: e^{-2 m_e/T} < 1e-73
        return 0.0
    row, position = hermite.locate(weak_table, ln_t)
    scaled = hermite.value(weak_table, row, position, kind) + rho * hermite.value(weak_table, row, position, kind + 1)
    return scaled * exp(-(1.0 if kind == S1 else 2.0) * M_E / t)


@njit(cache=True, error_model="numpy")
def shape(weak_table: hermite.HermiteTable, t_gamma: float, t_nu: float, rho: float) -> float:
    """Return F(T_gamma, T_nu) in MeV^9 in the linear-response form of the published rates."""
    a, s = me_factor(weak_table, A1, t_gamma, rho), me_factor(weak_table, S1, t_gamma, rho)
    return 32 * a * (t_gamma**9 - t_nu**9) + 56 * s * t_gamma**4 * t_nu**4 * (t_gamma - t_nu)


@njit(cache=True, error_model="numpy")
def shape_two_temperatures(
    weak_table: hermite.HermiteTable, t_gamma: float, t_nu: float, rho: float, z_nu: float = 0.0
) -> float:
    """Return F(T_gamma, T_nu, mu_nu) in MeV^9 with annihilation as gain at T_gamma minus loss at T_nu.

    z_nu = mu_nu/T_nu as in ibe2020 eqs 65, 66 (signs as in docs/physics/weak_rates.md), here with finite m_e.
    """
    gain = me_factor(weak_table, A1_INTEGRATED, t_gamma, rho) * t_gamma**9
    loss = me_factor(weak_table, A1_INTEGRATED, t_nu, rho) * t_nu**9 * exp(2 * z_nu)
    s = me_factor(weak_table, S1, t_gamma, rho) * exp(z_nu)
    return 32 * (gain - loss) + 56 * s * t_gamma**4 * t_nu**4 * (t_gamma - t_nu)


@njit(cache=True, error_model="numpy")
def number_shape(weak_table: hermite.HermiteTable, t_gamma: float, t_nu: float, rho: float, z_nu: float = 0.0) -> float:
    """Return 8 [N(T_gamma) T_gamma^8 - N(T_nu) T_nu^8 e^{2 z}] in MeV^8: nu and nubar made of e+e- less those lost.

    dn/dt of one flavour is PREFACTOR (gL^2+gR^2) times it (ibe2020 eq. 64, which sums three flavours), finite m_e.
    """
    gain = me_factor(weak_table, N1_INTEGRATED, t_gamma, rho) * t_gamma**8
    return 8 * (gain - me_factor(weak_table, N1_INTEGRATED, t_nu, rho) * t_nu**8 * exp(2 * z_nu))
