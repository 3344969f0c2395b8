# pyright: basic
"""The Hamiltonian of neutrinos in the plasma: vacuum, electrons, neutrinos and the boson's own potential.

    H = U diag(0, dm21, dm31) U^T/2p - (2 sqrt2 G_F p/m_W^2) (rho_e + P_e) e e^T - (8 sqrt2 G_F p/3 m_Z^2) E_nu + V_Z'

where E_nu = 2 int p rho(p) is the energy matrix of neutrinos and antineutrinos (Noetzold and Raffelt 1988). Exchange of
the boson with neutrinos (C rho C) and with bosons (C^2) gives

    V_Z'(p) = (1/p) PV int d3k/((2 pi)^3 2E) [-2 s^2/(M^4 - s^2)] {C R(k) C  or  C^2 f_Z(k)},   s = 2 p.k,

with R the real part of rho. With F(S) = int_0^S ds (-2 s^2)/(M^4 - s^2) = 2 S - M^2 ln|(S + M^2)/(S - M^2)| the
integral over angles is F(4pk) for neutrinos and F(2p(E + k)) - F(2p(E - k)) for bosons. The sign changes between heavy
bosons, -(8/3) g^2 p rho_nu/M^4, and light ones, +g^2 T^2/8p.
"""

from functools import cache
from math import log, pi, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.constants import G_F, M_W, M_Z
from nuportal.cosmology.momenta.density_algebra import REAL
from nuportal.cosmology.momenta.grid import Grid, grid
from nuportal.solvers.rodas import FAST

LN_MASS = (-9.0, 6.0, 151)  #: ln(M/s) of the table; a heavier boson has gone
_CELL = 12  #: points of a cell over which the logarithm is averaged


class PotentialTable(NamedTuple):
    """V_Z' over s for unit couplings: by neutrinos [points, n, n] and by bosons [points, n, k]; first ln(M/s), step."""

    neutrinos: np.ndarray
    bosons: np.ndarray
    shape: np.ndarray


@cache
def potential_table(
    nodes: int, boson_nodes: int, tail: bool, open_end: bool = False, even: bool = False
) -> PotentialTable:
    """Return the table for a grid: weights of the occupations at the nodes."""
    g: Grid = grid(nodes, boson_nodes, tail, open_end, even)
    ln_mass = np.linspace(*LN_MASS)
    n, k = g.y.size, g.q.size
    neutrinos, bosons = np.empty((ln_mass.size, n, n)), np.empty((ln_mass.size, n, k))
    _fill(g, np.exp(ln_mass), neutrinos, bosons)
    return PotentialTable(neutrinos, bosons, np.array([ln_mass[0], ln_mass[1] - ln_mass[0]]))


@njit(cache=True, error_model="numpy")
def over_angles(s, mass2):
    """Return F(S), the integral of -2 s^2/(M^4 - s^2) from 0 to S; its logarithm is cut close to the pole."""
    z = s / mass2
    if z < 0.02:
        return -mass2 * (2.0 / 3.0 * z**3 + 0.4 * z**5)
    return 2.0 * s - mass2 * log((z + 1.0) / max(abs(z - 1.0), 1e-6))


@njit(cache=True, error_model="numpy")
def _fill(g, mass, neutrinos, bosons):
    for m in range(mass.size):
        m2 = mass[m] ** 2
        for i in range(g.y.size):
            y = g.y[i]
            front = 1.0 / (16.0 * pi**2 * y**2)
            for l in range(g.y.size):
                mean = 0.0
                for c in range(_CELL):
                    k = g.y[l] + g.dy[l] * ((c + 0.5) / _CELL - 0.5)
                    mean += over_angles(4.0 * y * k, m2) / _CELL
                neutrinos[m, i, l] = front * g.dy[l] * mean
            for l in range(g.q.size):
                total, end = 0.0, g.q[l] * ((l + 1.0) / (l + 0.5)) ** 2  # Q = Q_max v^2
                for c in range(_CELL):
                    v = (l + (c + 0.5) / _CELL) / (l + 1.0)
                    q = end * v * v
                    dq = 2.0 * q / v / (l + 1.0) / _CELL
                    energy = sqrt(q * q + m2)
                    soft = m2 / (energy + q)
                    total += (
                        q * dq / energy * (over_angles(2.0 * y * (energy + q), m2) - over_angles(2.0 * y * soft, m2))
                    )
                bosons[m, i, l] = front * total


@njit(cache=True, error_model="numpy", fastmath=FAST)
def weights(t, mass, neutrinos, bosons):
    """Fill neutrinos [n, n] and bosons [n, k] with V_Z' over s by occupations, for unit couplings; zero if M = 0.

    mass: M/s. A boson heavier than in the table has gone.
    """
    last = t.neutrinos.shape[0] - 1
    if mass == 0.0 or log(mass) > t.shape[0] + t.shape[1] * last:
        neutrinos[:] = 0.0
        bosons[:] = 0.0
        return
    position = min(max((log(mass) - t.shape[0]) / t.shape[1], 0.0), last - 1e-3)
    row = int(position)
    part = position - row
    for j in range(neutrinos.shape[0]):
        for l in range(neutrinos.shape[1]):
            neutrinos[j, l] = (1.0 - part) * t.neutrinos[row, j, l] + part * t.neutrinos[row + 1, j, l]
        for l in range(bosons.shape[1]):
            bosons[j, l] = (1.0 - part) * t.bosons[row, j, l] + part * t.bosons[row + 1, j, l]


@njit(cache=True, error_model="numpy", fastmath=FAST)
def hamiltonian(g, vacuum, coupled, electrons, s, rho, fz, by_nu, by_boson, out):
    """Fill out [n, 6] with H in MeV at the nodes.

    vacuum [6]: mass squared matrix over 2, MeV^2; coupled [6]: factor of V_Z' in MeV; electrons: rho + P of e+- in
    MeV^4; rho [n, 9]: density matrices; fz [k]: bosons; by_nu, by_boson: of `weights`.
    """
    n = g.y.size
    energy = np.zeros(REAL)
    for j in range(n):
        for c in range(REAL):
            energy[c] += 2.0 * s**4 * g.weight[j] * g.y[j] * rho[j, c]
    total = np.empty(REAL)
    for j in range(n):
        p = g.y[j] * s
        total[:] = 0.0
        bosons = 0.0
        for l in range(fz.size):
            bosons += fz[l] * by_boson[j, l]
        for l in range(n):
            held = rho[l]
            for c in range(REAL):
                total[c] += by_nu[j, l] * held[c]
        for c in range(REAL):
            out[j, c] = vacuum[c] / p - 8.0 * sqrt(2.0) * G_F * p / (3.0 * M_Z**2) * energy[c]
            out[j, c] += coupled[c] * (total[c] + (bosons if c < 3 else 0.0))
        out[j, 0] -= 2.0 * sqrt(2.0) * G_F * p * electrons / M_W**2
