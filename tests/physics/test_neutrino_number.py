"""mu_nu of a boson in contact with electrons and neutrinos, against a fluid of three variables solved by SciPy.

Independent of the package: Boltzmann rates, the boson in quasi-equilibrium between its two decays, massless weak rates.
"""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import kn

from nuportal import U1X, FluidOptions, evolve

M, G_X, M_E, G_F, PLANCK = 10.0, 1e-7, 0.511, 1.1664e-11, 1.2209e22
X = np.linspace(1e-4, 60, 3000)
STRENGTH = 4 * ((0.5 + 0.223) ** 2 + 2 * (0.223 - 0.5) ** 2 + 3 * 0.223**2)


def _fermi(z, power):
    return np.trapezoid(X**power / (np.exp(X - z) + 1), X)


def _plasma(t):
    energy = np.sqrt((X * t) ** 2 + M_E**2)
    f = 2 / (np.pi**2 * (np.exp(np.minimum(energy / t, 500)) + 1))
    photons = np.pi**2 / 15 * t**4
    rho = np.trapezoid((X * t) ** 2 * energy * f, X * t)
    return photons + rho, photons / 3 + np.trapezoid((X * t) ** 4 / (3 * energy) * f, X * t)


def _slope(_, y):
    t, t_nu, z = y
    rho, p = _plasma(t)
    rho_nu, n_nu = 3 / np.pi**2 * t_nu**4 * _fermi(z, 3), 3 / np.pi**2 * t_nu**3 * _fermi(z, 2)
    hubble = np.sqrt(8 * np.pi / 3 * (rho + rho_nu)) / PLANCK
    electrons = G_X**2 * M / (12 * np.pi) * (1 + 2 * (M_E / M) ** 2) * np.sqrt(1 - 4 * (M_E / M) ** 2)
    invisible = G_X**2 * M / (8 * np.pi)
    through = 3 * M**2 / (2 * np.pi**2) * electrons * invisible / (electrons + invisible)
    heat = number = 0.0
    if t > 0.12:
        heat = through * M * (t * kn(2, M / t) - np.exp(2 * z) * t_nu * kn(2, M / t_nu))
        number = 2 * through * (t * kn(1, M / t) - np.exp(2 * z) * t_nu * kn(1, M / t_nu))
    if t > 0.2:
        weak, blocked = G_F**2 / np.pi**5 * STRENGTH, np.exp(z) * t**4 * t_nu**4 * (t - t_nu)
        heat += weak * (32 * 0.884 * (t**9 - t_nu**9 * np.exp(2 * z)) + 56 * 0.829 * blocked)
        number += weak * 8 * 0.852 * (t**8 - t_nu**8 * np.exp(2 * z))
    h, d = 1e-4 * t, 1e-4
    capacity = (_plasma(t + h)[0] - _plasma(t - h)[0]) / (2 * h)
    by_z = [np.log(_fermi(z + d, k) / _fermi(z - d, k)) / (2 * d) for k in (3, 2)]
    change = [-4 + heat / hubble / rho_nu, -3 + number / hubble / n_nu]
    log_t, dz = np.linalg.solve([[4, by_z[0]], [3, by_z[1]]], change)
    return [(-3 * (rho + p) - heat / hubble) / capacity, t_nu * log_t, dz]


def test_chemical_potential_in_contact():
    t, t_nu, z = solve_ivp(_slope, [0, 6], [2.0, 2.0, 0.0], method="LSODA", rtol=1e-6, atol=1e-9).y[:, -1]
    neff = 8 / 7 * (11 / 4) ** (4 / 3) * 3 / np.pi**2 * t_nu**4 * _fermi(z, 3) / (np.pi**2 / 15 * t**4)
    found = evolve(U1X("B-L", mass=M, g=G_X), options=FluidOptions())
    assert found.neff == pytest.approx(neff, abs=0.01)  # 3.295 both; mu_nu = 0 gives 3.38
    assert found.mu_nu[-1, 0] / found.t_nu[-1, 0] == pytest.approx(z, rel=0.1)  # -0.047 and -0.049
