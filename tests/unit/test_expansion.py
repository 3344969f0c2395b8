"""Expansion rates, cosmic time and the prefactor of N_eff against textbook numbers."""

import numpy as np
import pytest

from nuportal.cosmology import expansion

HUNDRED = 2.13312e-39  # 100 km/s/Mpc = 3.24078e-18 s^-1, hbar = 6.58212e-22 MeV s
T_TODAY = 2.7255 * 8.617333e-11


def test_radiation_era():
    """H = 1.66 sqrt(g*) T^2/m_Pl."""
    assert expansion.radiation_era(1.0) == pytest.approx(1.66016 * 10.75**0.5 / 1.22089e22, rel=1e-5)
    assert expansion.radiation_era(3.0, 2.0) == pytest.approx(1.66016 * 2**0.5 * 9 / 1.22089e22, rel=1e-5)


@pytest.mark.parametrize("redshift", [300.0, 1089.0, 3400.0, 1e5])
def test_matter_and_radiation_after_annihilation(redshift):
    """omega_r h^2 = 2.473e-5 (1 + 0.2271 N_eff) with N_eff = 3.044 (T_0 = 2.7255 K)."""
    z1 = 1 + redshift
    expected = HUNDRED * (0.143 * z1**3 + 2.473e-5 * (1 + 0.2271 * 3.044) * z1**4) ** 0.5
    assert expansion.late(T_TODAY * z1) == pytest.approx(expected, rel=2e-4)


def test_cosmic_time_of_radiation_and_matter():
    """t = 1/(2 H) for H ~ a^-2; growth by 2/(3 H) for H ~ a^-3/2; in seconds."""
    ln_a = np.array([0.0, 0.3, 1.0, 1.1])
    for power, share in ((2.0, 1 / 2), (1.5, 2 / 3)):
        hubble = 1e-22 * np.exp(-power * ln_a)
        t = expansion.cosmic_time(ln_a, hubble) / 6.582119569e-22
        assert t[0] == pytest.approx(0.5 / hubble[0])
        np.testing.assert_allclose(t - t[0], share * (1 / hubble - 1 / hubble[0]), rtol=1e-12)


def test_time_stands_still_where_a_does():
    t = expansion.cosmic_time(np.array([0.0, 0.0, 1.0]), np.array([1e-22, 1e-22, 1e-23]))
    assert t[1] == t[0]
    assert np.isfinite(t).all()


def test_prefactor_counts_three_decoupled_neutrinos():
    """T_nu = (4/11)^(1/3) T_gamma: N_eff = 3."""
    rho_nu = 3 * 7 / 8 * (np.pi**2 / 15) * (4 / 11) ** (4 / 3)
    assert expansion.DILUTION * rho_nu / expansion.PHOTONS == pytest.approx(3.0, rel=1e-12)
