"""Rates of a light boson against the e.m. plasma: Monte Carlo phase space, the reference rates, tables, transfer."""

import numpy as np
import pytest

from nuportal.constants import E_CHARGE, M_E, SET
from nuportal.errors import NotApplicableError, ParameterError, UnknownNameError
from nuportal.models import VectorMediator
from nuportal.processes import annihilation, boson_production, boson_ratios, compton
from nuportal.processes.boson_production import electron_rates
from nuportal.processes.boson_rates import production_rates
from nuportal.processes.boson_statistics import (
    annihilation_rate_exact,
    compton_rate_exact,
    scaled_annihilation_rate_exact,
)
from nuportal.processes.boson_transfer import scaled_gain, transfer_table


def minkowski(a, b):
    return a[0] * b[0] - np.sum(a[1:] * b[1:], axis=0)


def decay_isotropically(total, m_a, m_b, rng):
    """Return (four-momentum of a, of b, p*/sqrt(s)) of two-body states spread evenly over the solid angle."""
    s = minkowski(total, total)
    k = np.sqrt((s - (m_a + m_b) ** 2) * (s - (m_a - m_b) ** 2)) / (2 * np.sqrt(s))
    cos, phi = rng.uniform(-1, 1, s.size), rng.uniform(0, 2 * np.pi, s.size)
    sin = np.sqrt(1 - cos**2)
    n = k * np.array([sin * np.cos(phi), sin * np.sin(phi), cos])
    energy, gamma, beta = np.hypot(m_a, k), total[0] / np.sqrt(s), total[1:] / total[0]
    along = np.sum(beta * n, axis=0)
    moved = n + beta * (gamma**2 / (gamma + 1) * along + gamma * energy)
    first = np.array([gamma * (energy + along), *moved])
    return first, total - first, k / np.sqrt(s)


def sampled_rate(process, p, t, mass, spin, exact, points=300_000, seed=11):
    """Return (G~/g_e^2, its error) by Monte Carlo over explicit four-momenta: absorption times 1 - exp(-E/T)."""
    rng = np.random.default_rng(seed)
    m_in = M_E if process == "compton" else 0.0
    energy = np.hypot(p, mass)
    kinetic = rng.gamma(2, t, points)
    density = kinetic / t**2 * np.exp(-kinetic / t)
    e_in = kinetic + m_in
    k_in = np.sqrt(e_in**2 - m_in**2)
    cos = rng.uniform(-1, 1, points)
    bath = np.array([e_in, k_in * np.sqrt(1 - cos**2), 0 * cos, k_in * cos])
    boson = np.array([energy, 0.0, 0.0, p])[:, None]
    total = bath + boson

    def fermi(x):
        return 1 / (np.exp(x / t) + 1)

    def bose(x):
        return 1 / np.expm1(x / t)

    value = np.zeros(points)
    if process == "compton":
        keep = np.ones(points, bool)
        photon, electron, phase = decay_isotropically(total, 0.0, M_E, rng)
        sigma = compton.squared_amplitude  # vectorised below
        s1, u1 = minkowski(total, total) - M_E**2, -2 * minkowski(bath, photon)
        weight = 2 * fermi(e_in) * ((1 - fermi(electron[0])) * (1 + bose(photon[0])) if exact else 1.0)
        values = np.array([sigma(a, b, mass, spin) for a, b in zip(s1, u1, strict=True)])
    else:
        w = minkowski(total, total) - mass**2
        keep = w > abs(mass**2 - 4 * M_E**2)
        minus, plus, phase = decay_isotropically(total[:, keep], M_E, M_E, rng)
        t1, u1 = -2 * minkowski(bath[:, keep], minus), -2 * minkowski(bath[:, keep], plus)
        weight = bose(e_in[keep]) * ((1 - fermi(minus[0])) * (1 - fermi(plus[0])) if exact else 1.0)
        values = np.array([-compton.squared_amplitude(a, b, mass, spin) for a, b in zip(t1, u1, strict=True)])
    average = 3 if spin == 1 else 1
    measure = (k_in / (4 * np.pi**2) / density)[keep]  # d^3k/((2 pi)^3 2E) with dcos = 2 times the sample mean
    value[keep] = measure * weight * E_CHARGE**2 * values / (8 * np.pi) * 2 * phase
    value *= -np.expm1(-energy / t) / (2 * energy * average)
    return value.mean(), value.std() / np.sqrt(points)


#: (T, M, p/T): light and hot, soft, non-relativistic plasma, M ~ m_e, M > 2 m_e
POINTS = [(1.0, 1e-4, 3.0), (1.0, 1e-4, 0.3), (0.1, 1e-4, 3.0), (1.0, 0.9, 1.0), (3.0, 1.5, 2.0)]


@pytest.mark.parametrize("spin", [1, 0])
@pytest.mark.parametrize(("t", "mass", "y"), POINTS)
def test_compton_rate_against_monte_carlo(t, mass, y, spin):
    for exact, rate in ((True, compton_rate_exact), (False, compton.compton_rate_ibe)):
        expected, error = sampled_rate("compton", y * t, t, mass, spin, exact, points=60_000)
        found = rate(y * t, t, mass, spin) * np.exp(-M_E / t)
        assert abs(found - expected) < 4 * error
        assert error < 0.02 * expected


@pytest.mark.parametrize("spin", [1, 0])
@pytest.mark.parametrize(("t", "mass", "y"), [p for p in POINTS if p[0] > 0.5])
def test_annihilation_rate_against_monte_carlo(t, mass, y, spin):
    expected, error = sampled_rate("annihilation", y * t, t, mass, spin, True, points=60_000)
    assert abs(annihilation_rate_exact(y * t, t, mass, spin) - expected) < 4 * error
    assert error < 0.02 * expected


def test_annihilation_without_blocking_against_monte_carlo():
    """ibe2020 eq. 19 is exact in the photons and Maxwell-Boltzmann in e+ e-: no blocking of the final pair."""
    expected, error = sampled_rate("annihilation", 3.0, 1.0, 1e-4, 1, False, points=60_000)
    assert abs(annihilation.annihilation_rate_ibe(3.0, 1.0, 1e-4, 1) - expected) < 4 * error


def test_exact_statistics_reduce_to_the_approximation_in_a_dilute_plasma():
    """T << m_e, E >> T: blocking and enhancement vanish for hard particles."""
    t, mass = 0.01, 0.5
    assert annihilation_rate_exact(60 * t, t, mass, 1) == pytest.approx(
        annihilation.annihilation_rate_ibe(60 * t, t, mass, 1), rel=1e-4
    )
    ratio = compton_rate_exact(60 * t, t, mass, 1) / compton.compton_rate_ibe(60 * t, t, mass, 1)
    assert ratio == pytest.approx(1.0, abs=1e-3)


def test_production_rates_of_ibe_fig_2(reference):
    """Gamma/(H s) of all four processes at M = 100 eV (ibe2020 eqs 10, 13-15, 18 doubled, 19), per polarisation."""
    checked = 0
    for row in reference("freeze_in.json")["production_rates_m100eV"]:
        found = production_rates(1e-4, row["T_MeV"], row["Tnu"], statistics="ibe")
        for name, rate in (
            ("compton_per_ge2", found.compton),
            ("annih_per_ge2", found.annihilation),
            ("invdecay_per_gnu2", found.inverse_decay),
            ("nunuZZ_eq10_per_gnu4", found.neutrino_pairs),
        ):
            if row[name] > 1e-6:
                assert rate / 3 / (row["H"] * row["s"]) == pytest.approx(row[name], rel=2e-3), (name, row["T_MeV"])
                checked += 1
    assert checked == 31


def test_statistics_of_production():
    """Blocking lowers annihilation and neutrino pairs, stimulated emission raises Compton scattering."""
    exact, printed = (production_rates(1e-4, 1.0, 1.0, statistics=s, nodes=60) for s in ("default", "ibe"))
    assert exact.compton > printed.compton
    assert 0.48 < exact.annihilation / printed.annihilation < 0.99
    assert 0.47 < exact.neutrino_pairs / printed.neutrino_pairs < 0.97
    assert exact.inverse_decay == printed.inverse_decay


@pytest.mark.parametrize(("mass", "spin", "statistics"), [(1e-3, 1, "default"), (0.9, 0, "ibe")])
def test_table_reproduces_the_rates(mass, spin, statistics):
    table = electron_rates(mass, spin, statistics)
    exact = (compton_rate_exact, annihilation_rate_exact)
    approximate = (compton.compton_rate_ibe, annihilation.annihilation_rate_ibe)
    scatter, annihilate = exact if statistics == "default" else approximate
    rng = np.random.default_rng(2)
    for t, y in zip(np.exp(rng.uniform(-4, 3, 60)), np.exp(rng.uniform(-4, 4, 60)), strict=True):
        p = y * t
        expected = scatter(p, t, mass, spin) * np.exp(-M_E / t) + annihilate(p, t, mass, spin)
        assert table(p, t) == pytest.approx(expected, rel=1e-4)
    out = np.empty(3)
    boson_production.rates_at(table.hermite, table.grid, np.array([0.1, 1.0, 2.0]), 0.7, out)
    assert np.allclose(out, table([0.1, 1.0, 2.0], 0.7), rtol=1e-14)


def masses_at(rng, low, high, number):
    """Return masses in MeV at distances |ln(M/2m_e)| from `low` to `high`, on both sides of 2 m_e."""
    distance = np.exp(rng.uniform(np.log(low), np.log(high), number))
    return 2 * M_E * np.exp(np.append(-distance, np.minimum(distance, np.log(299 / (2 * M_E)))))


@pytest.mark.parametrize("spin", [1, 0])
@pytest.mark.parametrize(("low", "high"), [(0.01, 1.0), (1.0, 17.0), (1e-6, 0.01)])
def test_rates_between_the_masses_of_the_shipped_table(spin, low, high):
    """Random masses, momenta and temperatures, where e^{-m_e/T} and e^{-M/T} leave a rate that matters."""
    rng = np.random.default_rng(7)
    checked = 0
    for mass in masses_at(rng, low, high, 12):
        table = electron_rates(float(mass), spin)
        for t, y in zip(np.exp(rng.uniform(-4.2, 4.5, 12)), np.exp(rng.uniform(-5, 3.7, 12)), strict=True):
            if mass < 30 * t:
                expected = compton_rate_exact(y * t, t, mass, spin) * np.exp(-M_E / t)
                expected += annihilation_rate_exact(y * t, t, mass, spin)
                assert table(y * t, t) == pytest.approx(expected, rel=1e-3), (mass, t, y)
                checked += 1
    assert checked > 100


@pytest.mark.parametrize("spin", [1, 0])
@pytest.mark.parametrize("side", ["light", "heavy"])
def test_every_row_of_the_shipped_table(spin, side):
    """At the masses of the table one node of each row, drawn anew, is the rate itself to half of the rounding unit."""
    nodes, rows = boson_ratios._stored(spin, side)
    rng = np.random.default_rng(3)
    for mass, row in zip(boson_ratios.masses(nodes, side), rows, strict=True):
        i, j = rng.integers(8, 40), rng.integers(0, 40)
        t = np.exp(boson_ratios.LN_T[i])
        p = t * np.exp(boson_ratios.LN_Y[j])
        assert row[0, i, j] == pytest.approx(np.log(compton_rate_exact(p, t, mass, spin)), abs=3e-5)
        at = boson_ratios.LN_T[i : i + 1], boson_ratios.LN_Y[j : j + 1]
        ratio = np.log(scaled_annihilation_rate_exact(p, t, mass, spin)) - boson_ratios.reference(*at, mass, spin)
        assert row[1, i, j] == pytest.approx(ratio.item(), abs=3e-5)


def test_lightest_masses_share_the_massless_limit():
    lightest = electron_rates(1e-8)
    for t, y in ((0.02, 0.01), (0.1, 1.0), (5.0, 3.0)):
        expected = compton_rate_exact(y * t, t, 1e-8, 1) * np.exp(-M_E / t) + annihilation_rate_exact(y * t, t, 1e-8, 1)
        assert lightest(y * t, t) == pytest.approx(expected, rel=1e-3)
    with pytest.raises(NotApplicableError, match="tabulated up to 300 MeV"):
        electron_rates(301.0)


def test_the_shipped_table_says_what_it_is():
    header = boson_ratios.table_header()
    assert header["made_by"] == "scripts/make_boson_ratios.py"
    assert header["constants"] == SET


def test_bad_input_is_named():
    with pytest.raises(ParameterError, match="mass = -1 MeV"):
        electron_rates(-1.0)
    with pytest.raises(UnknownNameError, match="did you mean 'default'"):
        electron_rates(1.0, 1, "defualt")  # type: ignore[arg-type]
    with pytest.raises(NotApplicableError, match=r"tabulated for 0\.05 to 20 MeV"):
        transfer_table(25.0)


def brute_emission(rates, power, t, t_boson, bose):
    """3 int d^3p/(2 pi)^3 E^power G~(p, t) f(E, t_boson) by the trapezoid rule in ln p."""
    p = np.geomspace(1e-3, 60, 600) * t_boson
    if rates.mass > t_boson:
        p = np.geomspace(1e-3, 12, 600) * np.sqrt(rates.mass * t_boson)
    energy = np.hypot(p, rates.mass)
    f = 1 / (np.exp(energy / t_boson) - bose)
    return 3 / (2 * np.pi**2) * np.sum(p**3 * energy**power * rates(p, t) * f) * np.log(p[1] / p[0])


@pytest.mark.parametrize(
    ("mass", "t", "ratio"), [(0.07, 2.0, 0.7), (0.6, 0.2, 1.1), (1.5, 1.0, 0.4), (12.0, 3.0, 1.4), (0.3, 10.0, 0.2)]
)
def test_transfer_table(mass, t, ratio):
    rates = electron_rates(mass)
    for quantity, power in (("energy", 1), ("number", 0)):
        for distribution, bose in (("bose", 1), ("boltzmann", 0)):
            cold, hot = brute_emission(rates, power, t, ratio * t, bose), brute_emission(rates, power, t, t, bose)
            found = transfer_table(mass, quantity, distribution)(t, ratio * t)
            assert found == pytest.approx(hot - cold, rel=1e-3)


def test_locked_baths_lose_no_digits_and_slopes_are_derivatives():
    table = transfer_table(0.8)
    at = (table.level, table.slope, table.grid, table.mass)
    assert scaled_gain(*at, 0.7, 0.7, True)[0] == 0.0
    slope = scaled_gain(*at, 0.7, 0.7, True)[2]
    for delta in (1e-4, 1e-8, 1e-12):
        assert scaled_gain(*at, 0.7, 0.7 * (1 + delta), True)[0] / delta == pytest.approx(slope, rel=1e-3)
    h = 1e-6
    for t_boson in (0.5, 0.9):
        scale = np.exp(table.mass / t_boson)
        _, by_gamma, by_boson = scaled_gain(*at, 0.7, t_boson, True)
        numeric = (table(0.7 * np.exp(h), t_boson) - table(0.7 * np.exp(-h), t_boson)) / (2 * h) * scale
        assert by_gamma == pytest.approx(float(numeric), rel=1e-6)
        numeric = (table(0.7, t_boson * np.exp(h)) - table(0.7, t_boson * np.exp(-h))) / (2 * h) * scale
        assert by_boson == pytest.approx(float(numeric), rel=1e-6)


def test_transfer_is_finite_at_every_temperature():
    """No overflow where one bath is far colder than the boson's mass."""
    table = transfer_table(15.0)
    at = (table.level, table.slope, table.grid, table.mass)
    for t_gamma in (1e-3, 0.01, 0.3, 60.0):
        for t_boson in (0.25, 1.0, 60.0):
            assert np.all(np.isfinite(scaled_gain(*at, t_gamma, t_boson, True)))


def test_rate_is_continuous_through_twice_the_electron_mass():
    below, above = (transfer_table(2 * M_E * (1 + sign * 1e-6))(1.0, 0.5) for sign in (-1, 1))
    assert above == pytest.approx(float(below), rel=1e-3)


def test_soft_photon_cut_is_a_small_correction_to_the_decay():
    """M > 2 m_e: photons with w between half and all of the cut change the rate by a few alpha of Gamma_ee M/E."""
    mass, t, p = 5.0, 3.0, 6.0
    energy = np.hypot(p, mass)
    x, weight = np.polynomial.legendre.leggauss(40)
    cut = annihilation.smallest_invariant(mass)
    w = cut * (0.75 + 0.25 * x)
    logs = [annihilation.log_bose(v * (energy + p) / (2 * mass**2), t) for v in w]
    logs = np.array(logs) - [annihilation.log_bose(v / (2 * (energy + p)), t) for v in w]
    sigma = np.array([annihilation.integrated_amplitude(v, mass, 1) for v in w])
    soft = np.sum(0.25 * cut * weight * 2 / w * logs * sigma)
    soft *= -np.expm1(-energy / t) * t / (512 * np.pi**3 * p * energy) * E_CHARGE**2 / 3
    decay = VectorMediator(mass, g_e=1.0).couplings.width * mass / energy
    assert 0 < soft < 0.03 * decay
