"""Limits against published numbers that are not their own input: what `checked` in limit.toml says, point by point."""

import numpy as np
import pytest
from scipy.integrate import quad

import nuportal as nup
from nuportal.constants import E_CHARGE, HBAR_C_CM
from nuportal.detectors.targets import nuclei
from nuportal.limits.fifth_force import GRAVITY
from nuportal.limits.missing_muon import MuonTarget, cross_section, photon_flux
from nuportal.limits.ray import Ray
from nuportal.limits.recast.branching import photon_like
from nuportal.limits.recast.production import shares_at
from nuportal.limits.registry import limit
from nuportal.limits.supernova import MuonCore, muon_luminosity
from nuportal.models import U1X, Couplings, DipolePortal


def ray_of(model, mass, epsilon=0.0, low=1e-13):
    """A ray in g."""
    return Ray(lambda g: U1X(model, mass=mass, g=g, epsilon=epsilon), "g", low, 1.0)


def photon(mass):
    """A dark photon along epsilon."""
    return Ray(lambda e: U1X(charges={"e": 0}, mass=mass, g=1e-15, epsilon=e), "epsilon", 1e-13, 0.5)


def edges(name, ray):
    """The first excluded interval."""
    return limit(name).excluded(ray).excluded[0]


def test_faser_for_b_minus_l():
    """2308.05587: g = 5e-6 to 2e-5 and 15 to 40 MeV excluded for the first time; the tip is at 2e-5."""
    assert edges("faser", ray_of("B-L", 15.0))[1] == pytest.approx(2e-5, rel=0.35, abs=0)
    low, high = edges("faser", ray_of("B-L", 30.0))
    assert low < 5e-6 < high


def test_na62_dump_for_dark_photons():
    """2312.12055: epsilon from 1e-6 to 4e-5, at the masses from 50 MeV on where older searches end."""
    low, high = edges("na62-dump-ee", photon(50.0))
    assert low < 1e-6
    assert high == pytest.approx(4e-5, rel=0.3, abs=0)


def test_na64_lines_of_different_years_scale_with_the_electrons():
    """B-L of 3.22e11 electrons against dark photons of 2.84e11: sqrt(3.22/2.84), which two analyses meet to 40 %."""
    ratios = []
    for mass in (1.1, 2.0, 5.0, 10.0, 20.0, 40.0, 80.0, 100.0):
        new, old = (edges(name, ray_of("B-L", mass))[0] for name in ("na64-bl", "na64-invisible"))
        ratios.append(old / new / (3.22 / 2.84) ** 0.5)
        assert edges("na64-2026", ray_of("B-L", mass))[0] == pytest.approx(new * (3.22 / 9.4) ** 0.5, rel=1e-3, abs=0)
    assert (min(ratios), max(ratios)) == pytest.approx((0.74, 1.32), abs=0.01)


def test_na64_leaves_the_old_band_of_g_minus_2_at_two_mev():
    """2404.06982: the band (2.49 +- 0.48)e-9, 2 sigma, is excluded for Lmu-Ltau up to about 2 MeV."""
    upper = np.sqrt(8 * np.pi**2 * (2.49 + 2 * 0.48) * 1e-9)
    found = edges("na64-2026", ray_of("Lmu-Ltau", 2.0, "loop"))[0]
    assert found == pytest.approx(upper, rel=0.15, abs=0)


def test_babar_four_muons():
    """1606.03501: g as low as 7e-4."""
    masses = np.geomspace(225, 1000, 30)
    best = min(edges("babar-4mu", ray_of("Lmu-Ltau", m))[0] for m in masses.tolist())
    assert best == pytest.approx(7e-4, rel=0.5, abs=0)
    assert best > 6.5e-4


def test_equivalence_principle_at_long_range():
    """|eta(Be-Al)| < 2.9e-13: g^2 D(N/u) (N/u)_Earth = eta 4 pi G u^2; Le-Lmu as B-L, B-3Lmu weaker, Lmu-Ltau none."""
    difference = 5 / 9.0121831 - 14 / 26.9815385
    by_hand = np.sqrt(2.9e-13 * 7.315e-38 / (difference * 0.513))
    assert pytest.approx(7.315e-38, rel=1e-3, abs=0) == GRAVITY
    found = {m: edges("equivalence-principle", ray_of(m, 1e-25, low=1e-27))[0] for m in ("B-L", "Le-Lmu", "B-3Lmu")}
    assert found["B-L"] == pytest.approx(by_hand, rel=0.03, abs=0)
    assert found["Le-Lmu"] / found["B-L"] == pytest.approx(1.0, abs=0.03)
    assert found["B-3Lmu"] / found["B-L"] == pytest.approx(3.0, rel=0.05)
    assert limit("equivalence-principle").excluded(ray_of("Lmu-Ltau", 1e-15)).status == "not applicable"
    mixed = edges("equivalence-principle", ray_of("B-L", 1e-15, 0.01, low=1e-27))[0]
    assert mixed == pytest.approx(edges("equivalence-principle", ray_of("B-L", 1e-15, low=1e-27))[0], rel=1e-3, abs=0)


def test_inverse_square_law_at_gravitational_strength():
    """2002.11761: a Yukawa force as strong as gravity has a range below 38.6 um."""
    force = limit("inverse-square")
    ranges = np.geomspace(30e-6, 50e-6, 400)
    strength = np.array([force.largest(HBAR_C_CM / (100 * r)) ** 2 / GRAVITY for r in ranges])
    assert np.interp(0.0, np.log(strength[::-1]), ranges[::-1]) == pytest.approx(38.6e-6, rel=0.03)
    low = edges("inverse-square", ray_of("B-3Lmu", 5e-9, low=1e-22))[0]  # charge 1 per nucleon
    assert low == pytest.approx(force.largest(5e-9), rel=1e-3, abs=0)


def test_best_values_of_cavities():
    """2301.11512: 1.6e-9; 1310.8098: 4.1e-9 at 10.8 ueV."""
    assert limit("dark-srf").line.lower.min() == pytest.approx(1.6e-9, rel=0.1, abs=0)
    assert limit("crows").line.lower.min() == pytest.approx(4.1e-9, rel=0.25, abs=0)
    assert limit("crows").line.at(1.08e-11)[0] == pytest.approx(4.1e-9, rel=0.55, abs=0)


def test_sun_of_two_groups():
    """Above the plasma frequency electrons emit: g of B-L (2304.12907) against e epsilon (1305.2920)."""
    masses = (4e-4, 1e-3, 2e-3, 5e-3, 1e-2, 1.5e-2, 2e-2)
    found = [limit("stellar-bl-sun").line.at(m)[0] / limit("stellar-sun").lower_edge(m) for m in masses]
    assert (min(found), max(found)) == pytest.approx((0.50, 0.79), abs=0.02)


def test_white_dwarfs_enter_the_region_of_g_minus_2_and_h0():
    """2405.00094: 30 % of the luminosity exclude part of it for Lmu-Ltau; centre of the old band at 10 MeV."""
    centre = np.sqrt(8 * np.pi**2 * 2.49e-9)
    found = edges("plasmon-decay", ray_of("Lmu-Ltau", 10.0, "loop"))[0]
    assert 0.75 < found / centre < 1.0


def test_supernova_muons():
    """2006.13942: c_mu down to about 1e-9; by hand, sigma n_mu times the blackbody energy density at small masses."""
    assert edges("sn1987a-muons", ray_of("Lmu-Ltau", 1e-3))[0] == pytest.approx(1e-9, rel=0.8, abs=0)
    core = limit("sn1987a-muons").measurement
    number, c = core.muons * 7.6832e6, 1e-9
    power = number * (2 / 3 * 7.2973526e-3 * c**2 / 105.658**2) * np.pi**2 / 15 * 30.0**4
    volume = 4 * np.pi / 3 * (1e6 / HBAR_C_CM) ** 3
    found = muon_luminosity(Couplings(1e-6, c_mu=c), core)
    assert float(found) == pytest.approx(power * volume / 6.582120e-22 * 1.602177e-6, rel=2e-3)


def test_supernova_muons_with_mass_and_trapping():
    """Against scipy at 60 MeV; optical depth one inside the core."""
    core = MuonCore(temperature=30, radius=10, decay_radius=25, luminosity=3e52, muons=0.005, plasma_frequency=15)
    made = quad(lambda w: w**3 * np.sqrt(1 - (60 / w) ** 2) / np.expm1(w / 30) / np.pi**2, 60, 1200, epsabs=0)[0]
    light = np.pi**2 / 15 * 30.0**4
    ratio = float(
        muon_luminosity(Couplings(60.0, c_mu=1e-12), core) / muon_luminosity(Couplings(1e-6, c_mu=1e-12), core)
    )
    assert ratio == pytest.approx(made / light, rel=2e-3)
    depth = 0.005 * 7.6832e6 * (2 / 3 * 7.2973526e-3 / 105.658**2) * 1e6 / HBAR_C_CM
    c = 1 / np.sqrt(depth)
    thick, thin = (float(muon_luminosity(Couplings(1e-6, c_mu=v), core)) / v**2 for v in (c, c / 1e3))
    assert thick / thin == pytest.approx(np.exp(-1), rel=1e-3)


def test_screening_in_the_supernova():
    """Far below 15 MeV a dark photon and B-L are not made by muons; far above they are as Lmu-Ltau is."""
    core = limit("sn1987a-muons").measurement
    light, heavy = (
        [float(muon_luminosity(Couplings(m, c_mu=1e-12, c_e=e), core)) for e in (0.0, 1e-12)] for m in (0.15, 150.0)
    )
    assert light[1] / light[0] == pytest.approx((0.15 / 15) ** 4, rel=1e-3)
    assert heavy[1] / heavy[0] == pytest.approx((100 / 101) ** 2, rel=1e-3)
    assert edges("sn1987a-muons", ray_of("Lmu-Ltau", 1.0, "loop"))[0] == pytest.approx(1.6e-9, rel=0.05, abs=0)


@pytest.mark.parametrize(("name", "published", "within"), [("xenonnt", 6.4e-12, 0.25), ("lz", 1.1e-11, 0.3)])
def test_magnetic_moments_of_xenon_detectors(name, published, within):
    """mu_nu of 2207.11330 and 2207.05036: a massless partner with mu = 2 d."""
    ray = Ray(lambda d: DipolePortal(1e-6, f"{d} mu_B", "universal", "lagrangian"), "d", 1e-13, 1e-9)
    assert 2 * edges(name, ray)[0] == pytest.approx(published, rel=within, abs=0)


def test_events_of_boron_neutrinos_in_xenonnt():
    """16.4 in 6.77 t y (2604.06002), 4.587e27 atoms a tonne."""
    events = limit("xenonnt-8b").standard * 4.5868e27 * 3.15576e7 * 6.767
    assert events == pytest.approx(16.4, rel=0.06)


def test_excess_of_xenon1t_as_a_magnetic_moment():
    """2006.09721: (1.4, 2.9)e-11 mu_B at 90 %; what is excluded begins where the band ends."""
    ray = Ray(lambda d: DipolePortal(1e-6, f"{d} mu_B", "universal", "lagrangian"), "d", 1e-13, 1e-9)
    low, high = (2 * v for v in edges("xenon1t-excess", ray))
    assert (low, high) == pytest.approx((1.4e-11, 2.9e-11), rel=0.07, abs=0)
    assert 2 * edges("xenon1t", ray)[0] == pytest.approx(2.9e-11, rel=0.07, abs=0)


def test_number_of_reactor_neutrinos_in_germanium():
    """2501.05206: 347 +- 59 in 327 kg d at 1.5e13 /cm^2/s; 72.63 g/mol."""
    events = limit("conus-plus").standard * 1.5e13 * 327 * 86400 * 1e3 * 6.02214e23 / 72.63
    assert events == pytest.approx(347, rel=0.05)


@pytest.mark.parametrize(
    ("name", "published"),
    [("coherent-ge", 5.9e-39), ("coherent-csi", 1.89e-38), ("coherent-ar", 2.2e-39 * 128 / 159)],
)
def test_flux_averaged_cross_sections(name, published):
    """Per nucleus, averaged over the three neutrinos of a pion at rest (2603.17951, 2110.07730, 2003.10630)."""
    material = limit(name).predicted.setup.material
    chosen = {"recoil": "nuclear", "source": "pion-decay", "source_flux": 1.0, "edges": np.linspace(0, 200, 101)}
    events = nup.recoil_spectrum(None, material.name, **chosen).sm.sum() / (365.25 * 86400)
    count = sum(number for _, number in nuclei(material.name)) * material.molecules_per_tonne
    assert events / count / 3 == pytest.approx(published, rel=0.07, abs=0)


@pytest.mark.parametrize(
    ("name", "flavour", "published"), [("dipole-charm-ii", "mu", 2.9e-9), ("dipole-donut", "tau", 3.9e-7)]
)
def test_dipole_lines_end_at_published_moments(name, flavour, published):
    """1707.08573 and hep-ex/0102026, light N; flat below the first mass of the table."""
    for mass in (1e-2, 1.0):
        ray = Ray(lambda d, m=mass: DipolePortal(m, f"{d} mu_B", flavour), "d", 1e-13, 1e-5)
        assert edges(name, ray)[0] == pytest.approx(published, rel=0.05, abs=0)


def test_bremsstrahlung_of_muons():
    """Heavy mediators: 4 alpha^2 c^2/(4 pi) chi x (1 + x^2/(3 (1-x)))/M^2, the formula of electrons (0906.0580)."""
    target = limit("na64-mu").measurement
    mass = 3e3
    x = np.linspace(0.5, 1, 4001)[:-1]
    u = mass**2 * (1 - x) / x + 105.6583755**2 * x
    flux = np.array([photon_flux(mass, float(a), float(b), target) for a, b in zip(u, x, strict=True)])
    light = np.trapezoid(4 * flux * x * (1 + x**2 / (3 * (1 - x))) / mass**2, x) * 7.2973526e-3**2 / (4 * np.pi)
    assert cross_section(mass, target) == pytest.approx(light, rel=0.1)


def test_photons_of_an_atom():
    """chi against scipy at 100 MeV, x = 0.6."""
    target = limit("na64-mu").measurement
    assert isinstance(target, MuonTarget)
    u = 100.0**2 * 0.4 / 0.6 + 105.6583755**2 * 0.6
    low, high = (u / (2 * 1.6e5 * 0.4)) ** 2, 100.0**2 + 105.6583755**2
    a, d = 111 * 82 ** (-1 / 3) / 0.51099895, 0.164e6 * 207.2 ** (-2 / 3)
    form = lambda t: (82 * a * a * t / (1 + a * a * t) / (1 + t / d)) ** 2  # noqa: E731
    expected = quad(lambda s: (np.exp(s) - low) / np.exp(s) * form(np.exp(s)), np.log(low), np.log(high), epsabs=0)[0]
    assert photon_flux(100.0, u, 0.6, target) == pytest.approx(expected, rel=1e-4)


def test_na64_muons_at_small_masses():
    """Below the old band of g-2 at 5.5e-4; neutrinos only, so every decay is invisible."""
    assert edges("na64-mu", ray_of("Lmu-Ltau", 1.0))[0] == pytest.approx(5.5e-4, rel=0.1, abs=0)
    assert "no coupling" in limit("na64-mu").excluded(ray_of("B-3Le", 1.0)).reason


def test_light_mediators_scatter_neutrinos_at_recombination():
    """g < 1.94e-7 per flavour (2202.09310), root mean square over the flavours."""
    low = edges("cmb-self-scattering", ray_of("Lmu-Ltau", 1e-12))[0]
    assert low * np.sqrt(2 / 3) == pytest.approx(1.94e-7, rel=1e-3, abs=0)
    assert limit("cmb-self-scattering").excluded(ray_of("Lmu-Ltau", 1e-6)).status == "out of range"


def test_mixture_of_sources_of_lhcb():
    """A dark photon has strength one; a boson that couples to strange quarks alone has their share."""
    chosen = limit("lhcb")
    assert float(chosen._made(Couplings(400.0, c_u=(1e-3, 0, 0)))) > 0
    assert edges("lhcb", photon(400.0))[0] == pytest.approx(chosen.line.at(400.0)[0], rel=1e-3, abs=0)
    shares = shares_at(chosen._fractions, 2e4)
    assert sum(shares.values()) == pytest.approx(1.0, abs=0.01)
    strange = Couplings(2e4, c_d=(0.0, -E_CHARGE * 1e-3 / 3, 0.0))
    assert float(chosen._made(strange)) == pytest.approx(shares["strange"], rel=1e-9)


@pytest.mark.parametrize(
    ("mass", "low", "high"),
    [(219.5, 1.566e-5, 3.969e-5), (231.9, 1.162e-5, 5.43e-5), (252.8, 2.511e-5, 4.965e-5), (303.3, 1.424e-5, 5.485e-5)],
)
def test_displaced_decays_in_lhcb(mass, low, high):
    """The edges of r < 1 in the full table of lhcb-displaced (1910.06926) for dark photons."""
    assert edges("lhcb-displaced", photon(mass)) == pytest.approx((low, high), rel=0.12, abs=0)


def test_displaced_decays_of_another_boson():
    """Invisible decays make it rarer and shorter-lived; lifetimes beyond the table say nothing."""
    chosen = limit("lhcb-displaced")
    assert chosen.ratio(photon(230.0), np.array([1e-7, 1e-2])).tolist() == [0.0, 0.0]
    charges = {"c_e": -1e-6, "c_mu": -1e-6, "c_u": (2e-6 / 3, 0, 0), "c_d": (-1e-6 / 3, -1e-6 / 3, 0)}
    pair = [Couplings(230.0, c_nu=(x, 0, 0), **charges) for x in (0.0, 1e-6)]
    seen, width = ([f(c) for c in pair] for f in (lambda c: float(chosen._yield(c)), lambda c: c.width))
    assert seen[1] / seen[0] == pytest.approx(width[0] / width[1], rel=1e-3)
    assert seen[0] == pytest.approx((1e-6 / E_CHARGE) ** 2 * float(chosen._yield(photon_like(230.0, 1.0))), rel=1e-3)


@pytest.mark.parametrize("name", ["na64-2026", "na64-invisible", "babar-invisible", "belle-ii-invisible"])
def test_invisible_searches_are_flat_towards_massless_bosons(name):
    """Below the first mass production does not depend on it, and every boson escapes."""
    first = float(limit(name).line.mass[0])
    at = [edges(name, ray_of("Le-Lmu", mass))[0] for mass in (1e-12, 0.999 * first, 1.001 * first)]
    assert at[0] == pytest.approx(at[1], rel=1e-3, abs=0)
    assert at[1] == pytest.approx(at[2], rel=0.02, abs=0)


@pytest.mark.parametrize("name", ["inverse-square", "casimir"])
def test_forces_of_a_scalar(name):
    """Of a force between neutral bodies only its strength is known: a scalar's is that of a charge per nucleon.

    An electron for each proton adds g_e to the 0.45 of them in an atomic mass unit.
    """
    mass = float(np.sqrt(np.prod(limit(name).about.validity)))
    vector = edges(name, ray_of("B-3Lmu", mass, low=1e-22))[0]
    scalar = edges(name, nup.ray("scalar", "g_n=1e-22:1e-2", mass=mass, g_e=0, g_nu=0))[0]
    assert scalar == pytest.approx(vector, rel=1e-4, abs=0)
    electrons = edges(name, nup.ray("scalar", "g_e=1e-22:1e-2", mass=mass, g_nu=0))[0]
    composition = limit(name).measurement.composition
    assert electrons == pytest.approx(vector * sum(composition) / composition[0], rel=1e-4, abs=0)
    blind = nup.limit(name).excluded(nup.ray("scalar", "g_nu=1e-22:1e-2", mass=mass, g_e=0))
    assert blind.status == "not applicable"
