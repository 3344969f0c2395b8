"""Weak energy transfer between e+- and neutrinos, with Fermi-Dirac statistics and finite electron mass.

Gain of one flavour (nu and nubar) from the electromagnetic plasma (ghosh2023 eq. 26, prefactors checked):

    (1/pi^5) 4 G_F^2 (gL^2+gR^2) F(T_gamma, T_nu),
    F = 32 (a1 + rho a2)(T_gamma^9 - T_nu^9) + 56 (s1 + rho s2) T_gamma^4 T_nu^4 (T_gamma - T_nu),

rho = gL gR/(gL^2+gR^2). The factors a1 ... depend on T_gamma; their massless limits are 0.884, 0, 0.829, 0
(Maxwell-Boltzmann: 1, 0, 1, 0). A vector coupling (Z' exchange, and its interference with the weak interaction) has
rho = 1/2. The squared amplitude is linear in rho, so two tables serve every coupling. docs/physics/weak_rates.md has
the derivation; scripts/make_weak_tables.py makes the tables.
"""

from functools import cache
from importlib.resources import files
from math import exp, pi
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


def chiral_couplings(which: WeakCouplings = "corrected") -> tuple[np.ndarray, np.ndarray]:
    """Return (gL, gR) for nu_e, nu_mu, nu_tau on electrons.

    "corrected": with radiative corrections at MeV momentum transfer (2001.04466 table 1; Erler and Su 1303.5522);
    "tree": gL = +-1/2 + s_W^2, gR = s_W^2.
    """
    if which == "corrected":
        return np.array([0.727, -0.273, -0.273]), np.full(3, 0.233)
    if which == "tree":
        return np.array([0.5, -0.5, -0.5]) + SIN2_THETA_W, np.full(3, SIN2_THETA_W)
    raise unknown_name("weak couplings", which, ("corrected", "tree"))


@cache
def table(rates: Literal["fd", "mb"] = "fd") -> hermite.HermiteTable:
    """Return the solver table over ln(T/MeV): "fd" (quantum statistics, m_e) or "mb" (neither).

    Columns as named in this module; annihilation columns carry e^{2 m_e/T}, scattering columns e^{m_e/T}.
    """
    with np.load(files("nuportal.processes").joinpath("tables/weak_me.npz").open("rb")) as stored:  # type: ignore[arg-type]
        fd = hermite.HermiteTable(float(stored["x0"]), float(stored["inverse_dx"]), stored["data"])
    if rates == "fd":
        return fd
    if rates != "mb":
        raise unknown_name("rates", rates, ("fd", "mb"))
    x = fd.x0 + np.arange(fd.data.shape[0]) / fd.inverse_dx
    m_over_t = M_E * np.exp(-x)[:, None]
    count = np.array([2, 2, 2, 2, 1, 1, 2, 2, 2, 2]) * np.array([1, 0, 1, 0, 1, 0, 1, 0, 1, 0]) * m_over_t
    value = np.array([1.0, 0, 1, 0, 1, 0, 1, 0, 1, 0]) * np.exp(count)
    return hermite.build(x, value, -count * value)


@njit(cache=True)
def factor(weak_table, t_gamma, column, pairs):
    """Return one factor at t_gamma (MeV) with its Boltzmann factor e^{-pairs m_e/T}: pairs = 2, or 1 for S1, S2."""
    if t_gamma < 0.0062:
        return 0.0
    return hermite.evaluate(weak_table, np.log(t_gamma), column) * exp(-pairs * M_E / t_gamma)


@njit(cache=True)
def shape(weak_table, t_gamma, t_nu, rho):
    """Return F(T_gamma, T_nu) in MeV^9 in the linear-response form of the published rates."""
    a = factor(weak_table, t_gamma, A1, 2) + rho * factor(weak_table, t_gamma, A2, 2)
    s = factor(weak_table, t_gamma, S1, 1) + rho * factor(weak_table, t_gamma, S2, 1)
    return 32 * a * (t_gamma**9 - t_nu**9) + 56 * s * t_gamma**4 * t_nu**4 * (t_gamma - t_nu)


@njit(cache=True)
def shape_two_temperatures(weak_table, t_gamma, t_nu, rho):
    """Return F(T_gamma, T_nu) in MeV^9 with annihilation as gain at T_gamma minus loss at T_nu."""
    gain = factor(weak_table, t_gamma, A1_INTEGRATED, 2) + rho * factor(weak_table, t_gamma, A2_INTEGRATED, 2)
    loss = factor(weak_table, t_nu, A1_INTEGRATED, 2) + rho * factor(weak_table, t_nu, A2_INTEGRATED, 2)
    s = factor(weak_table, t_gamma, S1, 1) + rho * factor(weak_table, t_gamma, S2, 1)
    return 32 * (gain * t_gamma**9 - loss * t_nu**9) + 56 * s * t_gamma**4 * t_nu**4 * (t_gamma - t_nu)


@njit(cache=True)
def number_shape(weak_table, t_gamma, t_nu, z_nu, rho):
    """Return (N(T_gamma) T_gamma^8 - N(T_nu) T_nu^8 e^{2 z}) in MeV^8; dn/dt of one flavour is 8 PREFACTOR C times it.

    C = gL^2+gR^2, z = mu_nu/T_nu (ibe2020 eq. 64 with the signs of physics/2 and finite m_e).
    """
    gain = factor(weak_table, t_gamma, N1_INTEGRATED, 2) + rho * factor(weak_table, t_gamma, N2_INTEGRATED, 2)
    loss = factor(weak_table, t_nu, N1_INTEGRATED, 2) + rho * factor(weak_table, t_nu, N2_INTEGRATED, 2)
    return gain * t_gamma**8 - loss * t_nu**8 * exp(2 * z_nu)
