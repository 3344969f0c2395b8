"""Mixing of a light vector with the plasma photon: plasma frequency, resonance, suppression."""

import numpy as np
import pytest

from nuportal.constants import ALPHA, E_CHARGE, M_E, M_PLANCK
from nuportal.errors import NotApplicableError
from nuportal.processes import plasma_mixing
from nuportal.processes.plasma_mixing import (
    conversion_probability,
    in_medium_factor,
    plasma_parameters,
    plasma_table,
    resonance_temperature,
    transverse_mass2,
)


def test_plasma_frequency_in_its_limits():
    """e^2 T^2/9 when relativistic, 4 pi alpha n/m when not, residual electrons at the end."""
    assert plasma_parameters(80.0)[0] == pytest.approx(4 * np.pi * ALPHA * 80.0**2 / 9, rel=1e-3)
    assert plasma_parameters(80.0)[1] == pytest.approx(1.0, abs=1e-3)
    t = 0.03
    density = 4 * (M_E * t / (2 * np.pi)) ** 1.5 * np.exp(-M_E / t)
    assert plasma_parameters(t)[0] == pytest.approx(4 * np.pi * ALPHA * density / M_E, rel=0.1)
    cold, colder = plasma_parameters(1e-3)[0], plasma_parameters(1e-4)[0]
    assert cold / colder == pytest.approx(1e3, rel=1e-6)


@pytest.mark.parametrize("t", [0.05, 0.3, 2.0, 20.0])
def test_photon_mass_on_the_light_cone(t):
    """Forward scattering: Pi_T(omega = k) = (8 alpha/pi) int dp p^2/E f; Braaten and Segel are good to 1.5 %."""
    p = np.geomspace(1e-4, 60, 4000) * max(t, np.sqrt(M_E * t))
    energy = np.hypot(p, M_E)
    exact = 8 * ALPHA / np.pi * np.trapezoid(p**2 / energy / (np.exp(np.minimum(energy / t, 600)) + 1), p)
    assert transverse_mass2(plasma_table(), 50 * t, t, 1e-6) == pytest.approx(exact, rel=0.015)


@pytest.mark.parametrize(
    ("mass", "t_res", "adiabatic"), [(1e-6, 0.028, 9e-8), (1e-4, 0.052, 1.7e-9), (1e-2, 0.198, 9e-11)]
)
def test_resonance_temperatures(mass, t_res, adiabatic):
    assert round(resonance_temperature(mass), 3) == t_res
    assert 0.3 < conversion_probability(mass, adiabatic) < 0.9


def test_suppression_and_decoupling_from_the_plasma():
    table = plasma_table()
    mass, t = 1e-5, 2.0
    photon_mass2 = transverse_mass2(table, 6.0, t, mass)
    assert in_medium_factor(table, 6.0, t, mass, 0.0) == pytest.approx((mass**2 / photon_mass2) ** 2, rel=1e-5)
    assert in_medium_factor(table, 0.03, 0.01, 1e-2, 0.0) == pytest.approx(1.0, abs=1e-3)


def test_resonance_integrates_to_landau_zener():
    """int dt G~ M^4/[(M^2 - Pi)^2 + (omega Gamma)^2] across the resonance = pi M^2 (g_e/e)^2/(omega |d ln Pi/dt|)."""
    mass, g_e = 1e-4, 1e-12
    t0 = resonance_temperature(mass)
    omega = 3 * t0
    # the light-cone photon is heavier than omega_p by 8 % here: its own crossing
    table = plasma_table()
    grid = np.linspace(0.9 * t0, 1.05 * t0, 2_000_001)
    coarse = np.array([transverse_mass2(table, omega, t, mass) for t in grid[::1000]])
    photon_mass2 = np.interp(grid, grid[::1000], coarse)
    rate = 1e-8  # any damping narrow against the plasma's change
    damping = omega * E_CHARGE**2 * rate
    factor = mass**4 / ((mass**2 - photon_mass2) ** 2 + damping**2)
    degrees = 2 + 7 / 8 * 6 * (4 / 11) ** (4 / 3)
    hubble = np.sqrt(8 * np.pi**3 / 90 * degrees) * grid**2 / M_PLANCK
    converted = g_e**2 * rate * np.trapezoid(factor / (hubble * grid), grid)
    assert converted == pytest.approx(conversion_probability(mass, g_e), rel=0.06)
    # and one point of the curve through the compiled function
    k = 1_000_000
    assert in_medium_factor(table, omega, grid[k], mass, rate) == pytest.approx(factor[k], rel=1e-3)


def test_no_resonance_is_said():
    with pytest.raises(NotApplicableError, match="no resonance"):
        resonance_temperature(50.0)
    assert plasma_mixing.plasma_table() is plasma_table()
