"""Supernova, stars, CMB, dipole portal: brute force, scaling laws, independent numbers."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import exp1, kn

from nuportal.constants import HBAR_C_CM, HBAR_S
from nuportal.cosmology.evolve import evolve
from nuportal.limits.free_streaming import expansion_rate, kernel
from nuportal.limits.neff import along
from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit
from nuportal.limits.supernova import luminosity
from nuportal.models import U1X, DipolePortal


def ray_of(model, mass, epsilon=0.0, low=1e-14):
    """A ray in g."""
    return Ray(lambda g: U1X(model, mass=mass, g=g, epsilon=epsilon), "g", low, 1.0)


@pytest.mark.parametrize(("mass", "g"), [(1.0, 1e-8), (10.0, 3e-8), (100.0, 2e-9)])
def test_supernova_luminosity_against_quadrature(mass, g):
    """One-zone integral with scipy, in c.g.s. step by step."""
    model = U1X("Lmu-Ltau", mass=mass, g=g)
    gamma = 2 * g**2 * mass / (24 * np.pi)

    def emitted(p):
        energy = np.hypot(p, mass)
        decay = 25e5 / HBAR_C_CM * mass * gamma / p
        return p**2 / (2 * np.pi**2) * mass * 3 * gamma * np.exp(-energy / 30 - decay)

    rate = sum(quad(emitted, a, b, epsabs=0)[0] for a, b in ((1e-6, 1.0), (1.0, 30.0), (30.0, 200.0), (200.0, 1500.0)))
    per_volume = rate / HBAR_C_CM**3 / HBAR_S / 6.241509074e5  # erg/cm^3/s
    expected = per_volume * 4 * np.pi / 3 * 1e18
    found = luminosity(model.couplings, limit("sn1987a-coalescence").measurement)
    assert float(found) == pytest.approx(expected, rel=1e-3, abs=0)


@pytest.mark.parametrize(
    ("mass", "floor", "ceiling"), [(1.0, 1.1e-8, 5.6e-7), (10.0, 1.1e-9, 5.6e-8), (100.0, 2.2e-10, 5.6e-9)]
)
def test_supernova_edges_for_l_mu_minus_l_tau(mass, floor, ceiling):
    """Independent calculation; floor and ceiling."""
    ((low, high),) = limit("sn1987a-coalescence").excluded(ray_of("Lmu-Ltau", mass)).excluded
    assert low == pytest.approx(floor, rel=0.1, abs=0)
    assert high == pytest.approx(ceiling, rel=0.12, abs=0)


def test_smaller_energy_budget_lowers_the_floor():
    """1 % of the energy in high-energy neutrinos: floor g M = 1.6e-9 MeV, close to the 1e-9 of 2209.11773."""
    ((low, _),) = limit("sn1987a-neutrinos").excluded(ray_of("Lmu-Ltau", 10.0)).excluded
    assert low * 10 == pytest.approx(1.6e-9, rel=0.1, abs=0)


@pytest.mark.parametrize(("x", "which"), [(0.1, "energy"), (2.0, "energy"), (0.3, "transport"), (4.0, "transport")])
def test_free_streaming_kernels(x, which):
    """As written in 1909.04044 and 2305.01692 (scalar, g_nu = 2)."""
    expected = {
        "energy": x**4 * kn(2, x) / (16 * np.pi),
        "transport": (x**5 / 2 * np.exp(-x) * (x - 1 - np.exp(x) * (x**2 - 2) * exp1(x)))
        / (96 * np.pi * 3 * 1.2020569 * 2),
    }
    assert float(kernel(np.array(x), which)) == pytest.approx(expected[which], rel=1e-6, abs=0)


def test_free_streaming_bounds():
    """lambda at 1 eV: 5.2e-14 (rate of energy transfer) and 7.7e-13 (transport, scalar); c_nu of a vector 5.44e-13."""
    assert limit("cmb-free-streaming-2020").critical(1e-6) == pytest.approx(5.23e-14, rel=0.02, abs=0)
    assert limit("cmb-free-streaming").critical(1e-6, 0) == pytest.approx(7.69e-13, rel=0.02, abs=0)
    outcome = limit("cmb-free-streaming").excluded(ray_of("B-L", 1e-6, low=1e-15))
    assert outcome.excluded[0][0] == pytest.approx(5.44e-13 * 1.5**0.5 / 1.5**0.5, rel=0.03, abs=0)


def test_expansion_rate_today_and_at_equality():
    """H0 without dark energy at z = 0 is 100 sqrt(0.143) km/s/Mpc; z_eq = 3,400."""
    assert float(expansion_rate(np.array(0.0))) == pytest.approx(2.1332e-39 * 0.143**0.5, rel=1e-3, abs=0)
    z = np.array([3400.0])
    matter = 2.1332e-39 * np.sqrt(0.143 * 3401.0**3)
    assert expansion_rate(z)[0] == pytest.approx(np.sqrt(2) * matter, rel=0.01, abs=0)


def test_plasmon_decay_raises_the_emission_by_30_percent_where_the_limit_lies():
    """By hand at M << omega_p, B-L: C_V + g^2/(sqrt2 G_F omega^2) for every flavour (c_e c_nu = g^2, M^2 - K^2 < 0)."""
    ((low, _),) = limit("plasmon-decay").excluded(ray_of("B-L", 1e-4, low=1e-10)).excluded
    shift = -(low**2) / (np.sqrt(2) * 1.1663787e-11 * 0.023**2)
    whole = sum((c + shift) ** 2 for c in (0.9624, -0.0376, -0.0376))
    assert whole == pytest.approx(1.3 * (0.9624**2 + 2 * 0.0376**2), rel=2e-3)


def test_n_eff_along_a_ray_is_that_of_single_points():
    """Close to the bound of Planck to 0.02, half of what the surface allows; farther away it is rough on purpose."""
    ray = ray_of("B-L", 8.13, low=1e-12)
    gs = np.array([3e-10, 1e-8, 1e-7, 1e-6])
    exact = np.array([evolve(U1X("B-L", mass=8.13, g=g)).neff for g in gs])
    assert abs(exact[2] - 3.33) < 0.1
    assert along(ray, gs) == pytest.approx(exact, abs=0.02)
    strong = evolve(U1X("B-L", mass=8.13, g=1e-3)).neff
    assert along(ray, np.array([1e-3]))[0] == pytest.approx(strong, abs=0.04 + 0.4 * (strong - 3.4))


def test_n_eff_of_other_models_is_refused():
    """A dipole portal, and U(1)_X above 300 MeV."""
    dipole = Ray(lambda d: DipolePortal(1.0, f"{d} mu_B"), "d", 1e-12, 1e-8)
    assert limit("planck2018").excluded(dipole).status == "not applicable"
    assert limit("planck2018").excluded(ray_of("B-L", 400.0)).status == "out of range"


def test_dipole_tables_respect_flavour_and_convention():
    """CHARM-II knows muon neutrinos; L = d nubar sigma F N has mu = 2 d."""
    tau = Ray(lambda d: DipolePortal(10.0, f"{d} mu_B", "tau"), "d", 1e-13, 1e-6)
    muon = Ray(lambda d: DipolePortal(10.0, f"{d} mu_B", "mu"), "d", 1e-13, 1e-6)
    twice = Ray(lambda d: DipolePortal(10.0, f"{d} mu_B", "mu", "lagrangian"), "d", 1e-13, 1e-6)
    assert "flavours" in limit("dipole-charm-ii").excluded(tau).reason
    low = [limit("dipole-charm-ii").excluded(r).excluded[0][0] for r in (muon, twice)]
    assert low[0] == pytest.approx(2.92e-9, rel=0.05, abs=0)  # the table is thinned to 5 %
    assert low[1] == pytest.approx(low[0] / 2, rel=1e-4, abs=0)


def test_thermalisation_scales_and_grows_with_reheating():
    """A higher reheating temperature thermalises smaller moments or, where inverse decay dominates, the same (1 %)."""
    for mass in (0.6, 3.0):
        low = {}
        for t in (2, 5):
            ray = Ray(lambda d, m=mass: DipolePortal(m, f"{d} mu_B"), "d", 1e-13, 1e-6)
            low[t] = limit(f"dipole-thermal-{t}mev").excluded(ray).excluded[0][0]
        assert low[5] <= low[2] * 1.01
