"""Stars: resonances against the full Breit-Wigner emission, published curves, no holes and no jumps."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.interpolate import PchipInterpolator

from nuportal.constants import E_CHARGE, HBAR_C_CM
from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit
from nuportal.limits.stellar import Profile, longitudinal_loss, plasma_frequency, thermal_integral
from nuportal.models import U1X, HiddenNeutrino

DATA = Path(__file__).parents[1] / "data"
STARS = ("stellar-sun", "stellar-hb", "stellar-rg")


def published(star):
    """Masses (MeV) and kinetic mixings of one star."""
    rows = [r.split(",") for r in (DATA / "stellar_dark_photon.csv").read_text().splitlines() if r.startswith(star)]
    return np.array([(float(m) * 1e-6, float(e)) for _, m, e in rows])


def ratio_to(star, name):
    """Masses in eV and our limit over the published one."""
    line = published(star)
    ours = np.array([limit(name).lower_edge(m) for m in line[:, 0]]) / E_CHARGE
    return line[:, 0] * 1e6, ours / line[:, 1]


def test_sun_follows_the_published_curve():
    """Redondo and Raffelt: 20 % from 6.9 to 290 eV and where the longitudinal mode rules, 35 % at 5.6 to 6.5 eV."""
    mass, ratio = ratio_to("Sun", "stellar-sun")
    steep = (mass > 5) & (mass < 6.8)
    assert np.abs(np.log(ratio[~steep])).max() < np.log(1.2)
    assert np.abs(np.log(ratio[steep])).max() < np.log(1.45)
    assert np.median(ratio) == pytest.approx(0.95, abs=0.04)
    assert limit("stellar-sun").lower_edge(1.21e-4) / E_CHARGE == pytest.approx(4.0e-15, rel=0.15, abs=0)


def test_horizontal_branch_and_red_giants_follow_the_published_curves():
    """Li and Xu: 20 %; below 1.9 keV their red giants lack the longitudinal mode and are weaker by up to 3.

    Their horizontal branch is one homogeneous core, without the shells that resonate between 0.1 and 2 keV.
    """
    mass, ratio = ratio_to("HB", "stellar-hb")
    assert ratio[0] == pytest.approx(1.0, abs=0.1)
    assert np.all((ratio > 0.4) & (ratio < 1.05))
    assert limit("stellar-hb").lower_edge(4.9e-5) / E_CHARGE == pytest.approx(6.1e-14, rel=0.2, abs=0)
    mass, ratio = ratio_to("RG", "stellar-rg")
    both = mass > 2500
    assert np.abs(np.log(ratio[both])).max() < np.log(1.2)
    assert np.all((ratio[~both] > 0.35) & (ratio[~both] < 0.8))


def test_horizontal_branch_lies_between_two_published_curves():
    """Redondo and Raffelt (one star) and globular clusters (evolution, counts) differ by 0.58 to 3.0 from each other.

    Their geometric mean is met to 20 % from 0.5 to 2.14 keV, neither curve alone is.
    """
    lines = (DATA / "published_points.csv").read_text().splitlines()
    rows = [line.split(",") for line in lines if line.startswith("stellar-hb,")]
    first, second = (
        np.log([(float(r[2]), float(r[3])) for r in rows if r[4].startswith(source)])
        for source in ("1305.2920", "2306.13335")
    )
    masses = np.log(np.geomspace(0.5e-3, 2.14e-3, 40))
    one, other = (np.interp(masses, *curve.T) for curve in (first, second))
    assert np.exp((one - other).min()) == pytest.approx(0.58, abs=0.05)
    assert np.exp((one - other).max()) == pytest.approx(2.97, abs=0.1)
    ours = np.log([limit("stellar-hb").lower_edge(m) / E_CHARGE for m in np.exp(masses).tolist()])
    assert np.abs(ours - (one + other) / 2).max() < np.log(1.25)
    assert np.abs(ours - one).max() > np.log(1.4)
    assert np.abs(ours - other).max() > np.log(1.4)


@pytest.mark.parametrize("name", STARS)
def test_no_holes_and_no_jumps(name):
    """From 1e-9 eV to the end of the table; the computed part meets the table within 20 %, at the end of the
    resonances in the horizontal branch within a factor 5 (the homogeneous core of the table has a wider one).
    """
    chosen = limit(name)
    masses = np.geomspace(1e-15, chosen.about.mass_high * 0.999, 400)
    edges = np.array([chosen.lower_edge(m) for m in masses])
    assert np.isfinite(edges).all()
    start = chosen.measurement.table_from
    step = chosen.lower_edge(start) / chosen.lower_edge(start * (1 - 1e-6))
    assert 0.8 < step < (5.0 if name == "stellar-hb" else 1.25)
    for mass in (1e-6, 1e-4, 2.2e-3, 2.4e-3, 9.5e-3, 1e-2, 2.38e-2):
        if mass < chosen.about.mass_high:
            ray = Ray(lambda e, m=mass: U1X(charges={"e": 0}, mass=m, g=1e-18, epsilon=e), "epsilon", 1e-18, 1e-4)
            assert chosen.excluded(ray).excluded, mass


@pytest.mark.parametrize("mass", [1.2e-5, 1.0e-4])
def test_transverse_resonance_is_the_narrow_limit_of_the_emission(mass):
    """M^4 Gamma/[(omega_p^2 - M^2)^2 + (w Gamma)^2] of two polarisations, integrated over the Sun with small Gamma."""
    sun = limit("stellar-sun").profile
    centre = np.exp(np.interp(np.log(mass), np.log(sun.plasma[::-1]), np.log(sun.radius[::-1])))
    radius = centre * (1 + 0.12 * np.sinh(np.linspace(-7, 7, 6001)) / np.sinh(7))
    temperature, plasma = sun.at(radius)
    width = 1e-3 * mass**2 / temperature[3000]
    k, total = np.geomspace(1e-3, 30, 400) * temperature[3000], 0.0
    for a, b in pairwise(k):
        momentum = np.sqrt(a * b)
        energy = np.hypot(momentum, mass)
        line = mass**4 * width / ((plasma**2 - mass**2) ** 2 + (energy * width) ** 2)
        shell = 4 * np.pi * (radius / HBAR_C_CM) ** 2 * 2 * energy * momentum**2 / (2 * np.pi**2) * line
        total += (b - a) * np.trapezoid(shell / np.expm1(energy / temperature), radius / HBAR_C_CM)
    assert sun.transverse(mass) == pytest.approx(total, rel=0.05)


def test_thermal_integral():
    """Against scipy; 2 zeta(3) T^3 without mass."""
    assert thermal_integral(1e-12, 1e-3) == pytest.approx(2 * 1.2020569 * 1e-9, rel=1e-6)
    for mass in (3e-4, 5e-3):
        expected = quad(
            lambda w, m=mass: w * np.sqrt(w * w - m * m) / np.expm1(w / 1e-3), mass, 0.06, epsabs=0, limit=200
        )[0]
        assert thermal_integral(mass, 1e-3) == pytest.approx(expected, rel=1e-4)


def test_longitudinal_mode_of_a_homogeneous_core_by_hand():
    """Red giants: Q = eps^2 M^2 omega^3/(4 pi (e^(omega/T) - 1)) = 10 erg/g/s in eV and c.g.s."""
    omega, temperature = 2.0376e3 * 138**0.5, 8.6e3  # eV
    per_epsilon = omega**3 / (4 * np.pi * np.expm1(omega / temperature))  # eV^5 at M = 1 eV
    erg = per_epsilon * 1.602177e-12 / (1.973270e-5) ** 3 / 6.582120e-16
    assert limit("stellar-rg").lower_edge(1e-15) / E_CHARGE == pytest.approx(
        1e9 * np.sqrt(10 * 1.38e6 / erg), rel=2e-3, abs=0
    )


def test_longitudinal_mode_of_shells():
    """A profile of constant density is a sphere: volume times the loss; omega_p of 1 mol/cm^3 is 28.8 eV."""
    assert float(plasma_frequency(1.0)) == pytest.approx(28.816e-6, rel=1e-3)
    radius = np.geomspace(1e-4, 1.0, 40) * 1e10
    star = Profile(radius, np.full(40, 1e-3), np.full(40, 2e-4))
    expected = 4 * np.pi / 3 * (1e10 / HBAR_C_CM) ** 3 * longitudinal_loss(1e-4, np.array(1e-3), np.array(2e-4))
    assert star.longitudinal(1e-4) == pytest.approx(float(expected), rel=2e-3)


def ray_of(model, mass, epsilon=0.0, low=1e-14):
    """A ray in g."""
    return Ray(lambda g: U1X(model, mass=mass, g=g, epsilon=epsilon), "g", low, 1.0)


def test_stellar_limits_need_aligned_couplings_below_the_plasma_frequency():
    """B-L at 1 eV is left to its own table; a mixed Lmu-Ltau is aligned; an edge where it is trapped."""
    assert "electric charge" in limit("stellar-sun").excluded(ray_of("B-L", 1e-6)).reason
    ((low, high),) = limit("stellar-sun").excluded(ray_of("Lmu-Ltau", 1e-6, "-g/70")).excluded
    assert low * E_CHARGE / 70 == pytest.approx(limit("stellar-sun").lower_edge(1e-6), rel=1e-3, abs=0)
    assert high * E_CHARGE / 70 == pytest.approx(1e-6, rel=1e-3, abs=0)


def test_b_minus_l_is_flat_towards_massless_bosons():
    """Charges that are not electric: no suppression with the mass (2304.12907); 1e-9 eV is as good as 1e-3 eV."""
    for name, g in (("stellar-bl-rg", 4.8e-12), ("stellar-bl-hb", 2.57e-11), ("stellar-bl-sun", 4.1e-10)):
        for mass in (1e-15, 1e-10):
            assert limit(name).excluded(ray_of("B-L", mass)).excluded[0][0] == pytest.approx(g, rel=0.03, abs=0)
    for name, g in (("neutron-star-bl", 1e-13), ("sn1987a-bl-transverse", 1e-11)):
        assert limit(name).excluded(ray_of("B-L", 1e-15, low=1e-16)).excluded[0][0] == pytest.approx(g, rel=1e-3, abs=0)


def test_hidden_neutrino_reads_kinetic_mixing_with_hypercharge():
    """chi c_W is the mixing with the photon."""
    ray = Ray(lambda chi: HiddenNeutrino(1e-10, 1.0, 1e-6, chi), "chi", 1e-12, 1e-3)
    ((low, _),) = limit("stellar-sun").excluded(ray).excluded
    assert low * (1 - 0.23122) ** 0.5 == pytest.approx(
        limit("stellar-sun").lower_edge(1e-10) / E_CHARGE, rel=1e-3, abs=0
    )


def test_envelope_of_the_horizontal_branch_is_the_radiative_zero_solution():
    """T and n_e of the table from hydrostatic equilibrium and radiative diffusion in c.g.s., 0.5 %."""
    star = limit("stellar-hb").profile
    star = Profile(*(v[star.radius > 1.3 * 4.24e9] for v in (star.radius, star.temperature, star.plasma)))
    assert star.radius.size == 18
    radius, mean_weight, hydrogen = star.radius, 1 / (2 * 0.75 + 0.75 * 0.25), 0.75
    gravity = 6.674e-8 * 0.49 * 1.989e33 * mean_weight * 1.6605e-24 / (4 * 1.380649e-16)
    temperature = gravity * (1 / radius - 1 / 5e11)
    assert star.temperature * 1e3 == pytest.approx(temperature * 8.617333e-8, rel=5e-3)
    diffusion = (
        4 * np.pi * 7.5657e-15 * 2.998e10 * 6.674e-8 * 0.49 * 1.989e33 / (3 * 0.2 * (1 + hydrogen) * 50 * 3.828e33)
    )
    density = diffusion * temperature**3 * mean_weight * 1.6605e-24 / 1.380649e-16
    assert star.plasma == pytest.approx(plasma_frequency(density * (1 + hydrogen) / 2), rel=5e-3)


def test_core_of_the_horizontal_branch_is_in_equilibrium():
    """Mass, weight against pressure, and the light of helium carried by radiation, from the rows of the table alone."""
    star = limit("stellar-hb").profile
    inside = star.radius < 0.82 * 4.24e9
    radius, kelvin = star.radius[inside], star.temperature[inside] / 8.617333e-11
    rho = 2 * (star.plasma[inside] / plasma_frequency(1.0)) ** 2
    fine = np.geomspace(radius[0], radius[-1], 4000)
    curve = lambda v: PchipInterpolator(np.log(radius), np.log(v))  # noqa: E731
    mass = np.cumsum(4 * np.pi * fine**3 * np.exp(curve(rho)(np.log(fine)))) * np.log(fine[1] / fine[0])
    assert mass[-1] == pytest.approx(0.91 * 0.49 * 1.989e33, rel=0.02)
    cell = 0.5 * rho * 6.02214e23 * (7.4537e-6 / np.sqrt(kelvin)) ** 3
    pressure = 8.3145e7 * rho * kelvin * (0.25 + 0.5 * (1 + cell / 2**3.5)) + 7.5657e-15 / 3 * kelvin**4
    middle = np.sqrt(radius[1:] * radius[:-1])
    weight = 6.674e-8 * np.interp(middle, fine, mass) * np.sqrt(rho[1:] * rho[:-1]) / middle
    balance = -np.diff(pressure) / np.sqrt(pressure[1:] * pressure[:-1]) / np.diff(np.log(radius))
    balance *= np.sqrt(pressure[1:] * pressure[:-1]) / weight
    assert balance[2:] == pytest.approx(1.0, abs=0.03)
    outer = radius > 2e9
    opacity = 0.2 + 3.68e22 * rho[outer] * kelvin[outer] ** -3.5
    opacity -= 0.2 * (1 - 1 / (1 + (kelvin[outer] / 4.5e8) ** 0.86) / (1 + 2.7e11 * rho[outer] / kelvin[outer] ** 2))
    slope = -curve(kelvin).derivative()(np.log(radius[outer])) * kelvin[outer] ** 4
    light = 16 * np.pi * 7.5657e-15 * 2.998e10 * radius[outer] * slope / (3 * opacity * rho[outer])
    assert light / 3.828e33 == pytest.approx(22.2, rel=0.1)


def test_profile_of_the_sun_is_a_standard_model():
    """Centre 15.5e6 K and 107 mol/cm^3, the fit of astro-ph/0511337 inside, an adiabat outside of 0.85 radii."""
    star = limit("stellar-sun").profile
    x = star.radius / 6.957e10
    assert star.temperature[0] * 1e3 == pytest.approx(15.5e6 * 8.617333e-8, rel=0.01)
    inside = x < 0.65
    fit = 10 ** (2.36 - 4.52 * x - 0.33 * np.exp(-((x / 0.075) ** 1.1)))
    assert star.plasma[inside] == pytest.approx(plasma_frequency(fit[inside]), rel=5e-3)
    outside = x > 0.84
    slope = np.polyfit(np.log(star.temperature[outside]), np.log(star.plasma[outside] ** 2), 1)[0]
    assert slope == pytest.approx(1.5, abs=0.02)
    assert np.all(np.diff(star.plasma) < 0)
