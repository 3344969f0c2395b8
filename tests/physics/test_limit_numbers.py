"""Limits against single published numbers, and against what follows from luminosities, rates and other data sets."""

import numpy as np
import pytest
from scipy.integrate import dblquad, quad

from nuportal.constants import HBAR_C_CM, HBAR_S, MU_B
from nuportal.cosmology.nucleosynthesis.from_history import history_of
from nuportal.limits.ray import Ray
from nuportal.limits.recast.branching import total, widths
from nuportal.limits.registry import limit
from nuportal.models import U1X
from nuportal.observations.light_elements import compare
from nuportal.planes.observations import observations

M_Z, BR_Z_MUON = 91187.6, 0.03366


def edges(name, model, mass, epsilon=0.0, low=1e-13):
    """The first excluded interval in g."""
    ray = Ray(lambda g: U1X(model, mass=mass, g=g, epsilon=epsilon), "g", low, 1.0)
    return limit(name).excluded(ray).excluded[0]


def radiated(mass):
    """Gamma(Z -> mu mu Z')/Gamma(Z -> mu mu)/g^2: a massive gluon with C_F alpha_s = g^2/4 pi, massless muons."""
    e = (mass / M_Z) ** 2

    def rate(y, x):
        return ((x + e) ** 2 + (y + e) ** 2) / ((1 - x) * (1 - y)) - e * ((1 - x) ** -2 + (1 - y) ** -2)

    whole = dblquad(rate, 0, 1 - e, lambda x: 1 - e - x, lambda x: 1 - e / (1 - x), epsabs=0, epsrel=1e-5)[0]
    return whole / (8 * np.pi**2)


@pytest.mark.parametrize(("mass", "expected"), [(5e3, 4.3e-8), (7e4, 3.2e-8)])
def test_cms_in_branching_fractions(mass, expected):
    """cms-z4mu, 1808.03684: limits of 1e-8 to 1e-7 on B(Z -> Z' mu mu) B(Z' -> mu mu) are g of 0.004 to 0.3."""
    g = edges("cms-z4mu", "Lmu-Ltau", mass)[0]
    of = widths(U1X("Lmu-Ltau", mass=mass, g=g).couplings)
    fraction = BR_Z_MUON * radiated(mass) * g**2 * float(of["mu_mu"] / total(of))
    assert fraction == pytest.approx(expected, rel=0.03, abs=0)
    assert 1e-8 < fraction < 1e-7


def test_atlas_and_cms_scale_with_luminosity():
    """atlas-z4mu, 139/fb against cms-z4mu, 77.3/fb: 0.004 at 5 GeV and 0.3 at 70 GeV (abstract of 1808.03684)."""
    ratios = [edges("atlas-z4mu", "Lmu-Ltau", m)[0] / (g * (77.3 / 139) ** 0.5) for m, g in ((5e3, 0.004), (7e4, 0.3))]
    assert ratios == pytest.approx([1.006, 0.72], abs=0.01)


def test_belle_ii_scales_with_luminosity():
    """belle-ii-invisible: 5e-2 with 0.276/fb (1912.11276, abstract), without background, is 2.9e-3 with 79.7/fb."""
    scaled = 5e-2 / np.sqrt(79.7 / 0.276)
    assert edges("belle-ii-invisible", "Lmu-Ltau", 10.0)[0] == pytest.approx(scaled, rel=0.03)


def test_na62_dumps_agree_with_each_other():
    """na62-dump-mumu against both channels together (2312.12055), na62-dump-1e18 against 1.4e17 protons.

    The upper edges change little with the number of protons: decays in the shield win.
    """
    both, muons, more = (limit(f"na62-dump-{x}").line for x in ("ee", "mumu", "1e18"))
    lower = [muons.at(m)[0] / both.at(m)[0] for m in (250.0, 300.0, 350.0, 400.0, 450.0)]
    assert (min(lower), max(lower)) == pytest.approx((0.77, 0.91), abs=0.01)
    assert muons.mass[[0, -1]] == pytest.approx([215, 550], rel=0.05)  # abstract of 2303.08666
    upper = [more.at(m)[1] / both.at(m)[1] for m in np.geomspace(10, 450, 30).tolist()]
    assert (min(upper), max(upper)) == pytest.approx((0.84, 1.29), abs=0.01)


def test_light_mediators_and_the_effective_coupling():
    """cmb-self-scattering: g_eff^4 < 2.35e-27 (1904.07810) against 1.94e-7 (2202.09310)."""
    assert limit("cmb-self-scattering").measurement.lower / 2.35e-27**0.25 == pytest.approx(0.88, abs=0.01)


def test_bounds_on_neff_in_other_words():
    """planck2018: 2.99 +- 0.17 (abstract of 1807.06209); cmb-hd: 0.014 (2309.03021); bbn: N_nu < 3.2 (1505.01076)."""
    known = observations()
    planck = known["planck2018"]
    assert planck.value == 2.99
    assert planck.plus / 1.96 == pytest.approx(0.17, rel=0.03)
    assert planck.minus / 1.96 == pytest.approx(0.17, rel=0.03)
    for name, error in (("planck2018-cmb", 0.19133), ("planck2018", 0.17816)):
        sigma, helium, correlation = {
            "planck2018-cmb": (0.307, 0.0179, -0.684),
            "planck2018": (0.298, 0.0181, -0.704),
        }[name]  # covariance of the chains, CobayaSampler/planck_supp_data_and_covmats at commit 621f4c5
        along = np.array([1.0, 0.0135])  # helium of nucleosynthesis rises by 0.0135 per unit of N_eff
        inverse = np.linalg.inv([[sigma**2, correlation * sigma * helium], [correlation * sigma * helium, helium**2]])
        chain = (along @ inverse @ along) ** -0.5
        assert chain == pytest.approx(error, rel=0.03)
        assert 0.93 < (known[name].plus + known[name].minus) / 2 / 1.96 / chain < 0.99
    assert known["cmb-hd"].upper - 3.044 == pytest.approx(1.96 * 0.014, rel=0.06)
    assert known["bbn"].upper == pytest.approx(3.2, rel=0.02)


def test_deuterium_of_two_sets_of_rates():
    """light-elements: 1.8 sigma below what is measured (2011.11320); light-elements-parthenope3: none (2011.11537)."""
    tension = {}
    for name in ("light-elements", "light-elements-parthenope3"):
        chosen = limit(name).measurement
        found = compare(
            history_of(None, treatment="temperatures", start="zero").yields(rates=chosen.rates),
            chosen.helium,
            chosen.deuterium,
            chosen.baryons,
        )
        tension[name] = np.hypot(found.pulls["D_H"], found.pulls["omega_b"])
    assert tension["light-elements"] == pytest.approx(1.8, rel=0.07)
    assert tension["light-elements-parthenope3"] < 0.5


def test_kaons_at_a_single_event():
    """k-to-pi: 5e-11 is 6 events at the single-event sensitivity 0.839e-11 of NA62 2016-2018 (2103.15389, HEPData)."""
    events = limit("k-to-pi").measurement.branching_ratio / 0.839e-11
    assert 2.3 < events < 7
    assert np.sqrt(events / 2.3) == pytest.approx(1.6, abs=0.03)


def test_kaons_of_the_year_before():
    """k-to-pi: bounds_2011.11329.txt of KlingFelix/FORESEE, Models/DarkHiggs/model/lines at commit 2d6431f.

    A scalar that mixes with the Higgs by theta: BR = 2.0e-3 theta^2 2p/m_K, from top quarks in one loop.
    """
    seen, ratios = limit("k-to-pi").measurement, []
    line = {31.0: 3.011e-4, 46.0: 2.467e-4, 56.5: 2.320e-4, 80.3: 2.080e-4, 98.9: 2.615e-4}
    top = 3 * 0.0086 * 0.0405 * 173.0**2 * 0.493677**2 / (32 * np.pi**2 * 246.22**3)  # GeV
    for mass, theta in line.items():
        p = np.sqrt((seen.parent**2 - (seen.daughter + mass) ** 2) * (seen.parent**2 - (seen.daughter - mass) ** 2))
        share = top**2 / (16 * np.pi * 0.493677) * p / seen.parent**2 * seen.lifetime / 6.582e-25
        ratios.append(np.sqrt(seen.branching_ratio / (share * theta**2)))
    assert (min(ratios), max(ratios)) == pytest.approx((0.55, 0.81), abs=0.02)


def test_coulomb_law_is_a_mass_of_the_photon():
    """coulomb: mu^2 = (1.04 +- 1.2)e-19 /cm^2 (1971PhRvL..26..721W), 95 %; at long range chi^2 M^2 acts as mu^2."""
    largest = np.sqrt((1.04 + 1.96 * 1.2) * 1e-19) * HBAR_C_CM
    found = [limit("coulomb").line.at(m)[0] * m / largest for m in (1e-15, 1e-14, 1e-13, 2.1e-13)]
    assert found == pytest.approx([1.10, 1.15, 1.19, 1.28], abs=0.02)


def test_red_giants_of_other_clusters():
    """dipole-red-giants: 2.2e-12 mu_B of 50 clusters (1910.10568), 4.5e-12 of M5 at 95 % (1311.1669)."""
    ours = limit("dipole-red-giants").edges(1e-6)[0]
    assert [ours / 4.5e-12, ours / 2.2e-12] == pytest.approx([0.27, 0.55], abs=0.01)


def test_plasmons_of_red_giants():
    """dipole-red-giants: Gamma = mu^2 omega_p^4/(24 pi omega) of plasmons, 10 erg/g/s at 2e5 g/cm^3 and 1e8 K."""
    plasma = temperature = 8.62e-3  # MeV
    number = quad(lambda k: k**2 / np.expm1(np.hypot(k, plasma) / temperature), 0, 0.5, epsabs=0)[0] / np.pi**2
    loss = plasma**4 / (24 * np.pi) * number / HBAR_C_CM**3 / HBAR_S * 1.602177e-6 / 2e5  # erg/g/s times mu^2
    moment = np.sqrt(10 / loss) / MU_B
    assert limit("dipole-red-giants").edges(1e-6)[0] / moment == pytest.approx(0.41, abs=0.01)


def test_ship_where_it_is_alone():
    """ship: unique from 0.8 to 3.3 GeV and epsilon^2 from 1e-17 to 1e-11 (abstract of 2011.05115).

    Upper edges for B-L: limits_SHIP.txt of KlingFelix/FORESEE, Models/U(1)B-L/model/lines at commit 2d6431f, which
    leaves out production by quarks and has other lower edges.
    """
    line = limit("ship").line
    lower = [line.at(m)[0] / 1e-17**0.5 for m in np.geomspace(800, 3300, 20).tolist()]
    assert (lower[0], lower[-1]) == pytest.approx((0.587, 1.744), abs=0.01)
    assert max(lower) == lower[-1]
    assert line.at(800.0)[1] / 1e-11**0.5 == pytest.approx(0.68, abs=0.05)
    published = {357.28: 1.6506e-6, 568.52: 8.7285e-7, 904.64: 4.7033e-7, 1439.49: 2.3182e-7}
    upper = [edges("ship", "B-L", m)[1] / g for m, g in published.items()]
    assert (min(upper), max(upper)) == pytest.approx((0.887, 1.177), abs=0.01)


def test_faser_2_by_hand():
    """faser-2: upper edges of FASER for B-L (limits_FASER_FPFWP.txt of KlingFelix/FORESEE, same commit), and 3 events.

    pi0 -> gamma A' has the branching ratio 2 epsilon^2; 3/ab make about 2.3e17 pions towards the detector.
    """
    published = {12.3: 4.2498e-5, 20.38: 2.3282e-5, 33.76: 1.2501e-5, 55.94: 6.3136e-6, 72.0: 4.2354e-6}
    upper = [edges("faser-2", "B-L", m)[1] / g for m, g in published.items()]
    assert (min(upper), max(upper)) == pytest.approx((1.33, 1.75), abs=0.01)
    width_per_epsilon2 = 7.297e-3 * 30.0 / 3
    flight = 3e5 / 30.0 * HBAR_C_CM / 100 / width_per_epsilon2  # metres, times epsilon^2
    epsilon = (3 / (2.3e17 * 2 * 5 / flight)) ** 0.25
    assert limit("faser-2").line.at(30.0)[0] / epsilon == pytest.approx(0.62, abs=0.04)


def test_supernova_contour_of_a_second_digitisation():
    """sn1987a-dark-photon: bounds_SN.txt of KlingFelix/FORESEE, Models/DarkPhoton/model/lines at commit 2d6431f."""
    published = {
        1.01: (7.510e-11, 1.0685e-7), 1.54: (7.138e-11, 1.1827e-7), 2.34: (7.138e-11, 1.1827e-7),
        3.57: (7.510e-11, 1.1827e-7), 5.44: (7.622e-11, 1.1827e-7), 8.28: (7.901e-11, 1.1827e-7),
        12.61: (8.312e-11, 1.1242e-7), 19.22: (8.802e-11, 1.1242e-7), 29.27: (1.0371e-10, 1.1242e-7),
        44.58: (1.2718e-10, 9.0024e-8), 67.91: (1.7428e-10, 5.7374e-8), 103.44: (3.0211e-10, 3.6388e-8),
        157.56: (6.6576e-10, 2.1779e-8), 240.0: (2.7146e-9, 1.0031e-8),
    }  # fmt: skip
    line = limit("sn1987a-dark-photon").line
    for mass, (low, high) in published.items():
        assert line.at(mass) == pytest.approx((low, high), rel=0.04, abs=0)


def test_light_through_a_wall_oscillates():
    """alps2: chi ~ 1/|sin(M^2 L/4w)| with L = 100 m and w = 1.165 eV, chi 2e-9 at the maximum."""
    line = limit("alps2").line
    phase = (np.array(line.mass[:8]) * 1e6) ** 2 * 100 / (4 * 1.165 * HBAR_C_CM * 1e4)
    assert np.array(line.lower[:8]) * np.abs(np.sin(phase)) / 2e-9 == pytest.approx(np.ones(8), abs=0.03)


def test_pandax_by_its_counts():
    """pandax-8b: 332 events over 251 +- 32, 75 of signal at 8.4e6 /cm^2/s (abstract of 2407.10892)."""
    seen = limit("pandax-8b").predicted.experiment.spec.events
    ours = (seen.observed + 1.645 * seen.error) / seen.expected
    expected = 75 / 8.4 * 5.46
    alone = (332 - 251 + 1.645 * np.hypot(32, 332**0.5)) / expected
    assert ours / alone == pytest.approx(0.85, abs=0.02)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("oscillations-mu-tau", {"Le-Lmu": 0.74, "Le-Ltau": 0.73}),
        ("oscillations-e-mu", {"Le-Lmu": 1.44, "B-3Le": 2.02}),
    ],
)
def test_oscillations_overtake_gravity(name, expected):
    """oscillations-mu-tau, oscillations-e-mu: below about 1e-11 eV (abstract of 2009.14220)."""
    for model, ratio in expected.items():
        ours, gravity = (edges(n, model, 1e-17, low=1e-27)[0] for n in (name, "equivalence-principle"))
        assert ours / gravity == pytest.approx(ratio, abs=0.02)
