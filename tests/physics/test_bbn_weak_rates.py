"""Rates of n <-> p: six processes one by one, detailed balance, free neutron, derivatives, spectra."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from nuportal.constants import G_F, HBAR_S, M_E, M_NEUTRON, M_PROTON
from nuportal.cosmology.nucleosynthesis.weak_corrections import EDGE, GAP, fermi_function, nodes, radiative
from nuportal.cosmology.nucleosynthesis.weak_rates import Neutrinos, decay_integral, phase, rates

Q = M_NEUTRON - M_PROTON


def fermi_dirac(t_nu, xi, a):
    return Neutrinos(np.zeros(1), np.array([[[xi, -1 / (t_nu * a), 0.0, 0.0]]]))


def package(t, neutrinos, corrections="all", a=1e-9):
    found = np.empty((1, 2))
    rates(np.array([a]), np.array([t]), neutrinos, phase(corrections), found)
    return found[0]


def six_processes(t, f_nu):
    """The Born rates of the six processes over energies in MeV, each with its own limits and blocking factors."""

    def electron(e):
        return 1 / (np.exp(e / t) + 1)

    def integral(function, low, high):
        points = np.linspace(low, high, 41)
        return sum(quad(function, a, b, epsabs=0, epsrel=1e-12)[0] for a, b in pairwise(points))

    def lepton(e):
        return np.sqrt(max(e**2 - M_E**2, 0.0)) * e

    top = 60 * t + Q
    neutron = [
        integral(lambda e: lepton(e) * (Q - e) ** 2 * (1 - electron(e)) * (1 - f_nu(Q - e)), M_E, Q),  # n -> p e nubar
        integral(lambda k: k**2 * lepton(k + Q) * f_nu(k) * (1 - electron(k + Q)), 0, top),  # n nu -> p e
        integral(lambda e: lepton(e) * (e + Q) ** 2 * electron(e) * (1 - f_nu(e + Q)), M_E, top),  # n e+ -> p nubar
    ]
    proton = [
        integral(lambda e: lepton(e) * (Q - e) ** 2 * electron(e) * f_nu(Q - e), M_E, Q),  # p e nubar -> n
        integral(lambda e: lepton(e) * (e - Q) ** 2 * electron(e) * (1 - f_nu(e - Q)), Q, top),  # p e -> n nu
        integral(lambda k: k**2 * lepton(k - Q) * f_nu(k) * (1 - electron(k - Q)), Q + M_E, top),  # p nubar -> n e+
    ]
    return np.array([sum(neutron), sum(proton)]) / M_E**5


@pytest.mark.parametrize("t", [0.1, 0.5, 1.0, 3.0])
@pytest.mark.parametrize(("ratio", "xi"), [(1.0, 0.0), (0.8, -0.5), (1.1, 0.5)])
def test_born_rates_are_the_six_processes(t, ratio, xi):
    found = package(t, fermi_dirac(ratio * t, xi, 1e-9), "born")
    expected = six_processes(t, lambda k: 1 / (np.exp(k / (ratio * t) - xi) + 1))
    np.testing.assert_allclose(found, expected, rtol=3e-8)
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-9)


def test_decay_integrals():
    """F_n step by step, prototype; the last against |V_ud|^2 tau_n (1 + 3 g_A^2) = 4908.6(1.9) s of 1802.01804."""
    found = [decay_integral(phase(c)) for c in ("born", "radiative", "all")]
    np.testing.assert_allclose(found, [1.636098, 1.758384, 1.754751], rtol=3e-7)
    exact = 2 * np.pi**3 * HBAR_S / (G_F**2 * M_E**5 * 4908.6)
    assert found[2] == pytest.approx(exact, rel=4e-4)


def test_free_neutron():
    """At 1 keV nothing but decay is left."""
    assert package(1e-3, fermi_dirac(1e-3, 0.0, 1e-9))[0] / decay_integral(phase()) == pytest.approx(1, abs=3e-6)


@pytest.mark.parametrize("corrections", ["born", "radiative"])
@pytest.mark.parametrize("t", [0.05, 0.3, 3.0, 10.0])
def test_detailed_balance_of_heavy_nucleons(corrections, t):
    forth, back = package(t, fermi_dirac(t, 0.0, 1e-9), corrections)
    assert back / forth * np.exp(Q / t) == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize(("t", "allowed"), [(0.1, 5e-6), (0.3, 1e-5), (3.0, 1.2e-4), (8.0, 4e-4)])
def test_detailed_balance_with_recoil(t, allowed):
    """Densities of nucleons of one temperature differ by (m_n/m_p)^{3/2}; what is left is of second order in T/M."""
    forth, back = package(t, fermi_dirac(t, 0.0, 1e-9))
    assert back / forth * np.exp(Q / t) == pytest.approx((M_NEUTRON / M_PROTON) ** 1.5, rel=allowed)


def test_all_corrections_over_born():
    expected = {5: 0.9137, 2: 0.9482, 1: 0.9616, 0.6: 0.9680, 0.3: 0.9762, 0.1: 0.9986}
    for t, ratio in expected.items():
        full, born = (package(t, fermi_dirac(t, 0.0, 1e-9), c)[0] / decay_integral(phase(c)) for c in ("all", "born"))
        assert full / born == pytest.approx(ratio, abs=6e-5)


def test_coulomb_factor_and_radiation():
    """Slow electrons: 2 pi eta/(1 - e^{-2 pi eta}) but for relativity; radiation of beta decay about 1.039 x 1.02."""
    p = np.array([0.02, 0.1])
    eta = 2 * np.pi / 137.036 * np.sqrt(1 + p**2) / p
    np.testing.assert_allclose(fermi_function(p), eta / -np.expm1(-eta), rtol=2e-3)
    grid = nodes()
    inside = grid.momentum < EDGE
    born = grid.weight[inside] * (GAP - grid.energy[inside]) ** 2 * fermi_function(grid.momentum[inside])
    factor = radiative(grid.momentum[inside], GAP - grid.energy[inside])
    assert np.sum(born * factor) / np.sum(born) == pytest.approx(1.0390, abs=1e-3)  # 1 + RC of 1802.01804


def test_segments_join_where_they_should():
    """The same straight line cut into pieces is the same distribution, whatever order the momenta are visited in."""
    t, a = 0.7, 1e-9
    whole = package(t, fermi_dirac(t, 0.1, a))
    knots = np.array([0.3, 1.1, 2.0, 7.0]) * t * a
    cubic = np.zeros((1, 4, 4))
    cubic[0, :, 0], cubic[0, :, 1] = 0.1 - knots / (t * a), -1 / (t * a)
    np.testing.assert_allclose(package(t, Neutrinos(knots, cubic)), whole, rtol=1e-12)
