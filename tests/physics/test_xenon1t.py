"""XENON1T, XENONnT, LZ and Borexino against published numbers and an independent prototype."""

import numpy as np
import pytest

from nuportal.experiments.prediction import Prediction
from nuportal.inference.fit import fit
from nuportal.sources.sun import SolarNeutrinos

X1T = "xenon1t_sr1"


@pytest.fixture(scope="module")
def checks(reference):
    return {row["id"]: row["value"] for row in reference("recoil.json")["checks"]}


def test_counts_and_background(checks):
    measured = Prediction(X1T).experiment
    assert [measured.counts[:6].sum(), measured.counts.sum()] == checks["xenon1t_counts"]
    assert measured.background[:6].sum() == pytest.approx(checks["xenon1t_B0_1_7"], rel=1e-3, abs=0)


@pytest.mark.parametrize(("radiative", "expected"), [("common", 229.0), ("flavour", 226.0)])
def test_solar_neutrinos_1_to_210_kev(radiative, expected):
    total = Prediction(X1T, radiative=radiative, edges=np.array([1.0, 30, 100, 210])).sm.sum()
    assert total == pytest.approx(expected, abs=3)


@pytest.mark.parametrize(("radiative", "rates"), [("flavour", (131.8, 48.0, 2.76)), ("common", (132.8, 48.4, 2.78))])
def test_borexino_rates(radiative, rates):
    assert Prediction("borexino_phase2", radiative=radiative).sm.sum(axis=0) == pytest.approx(rates, rel=0.01, abs=0)


def test_magnetic_moment(checks):
    best, low, high, sigma = checks["mu_nu_xenon1t"]
    result = fit("magnetic-moment", X1T)
    assert np.array([result.best, *result.interval(0.90)]) * 1e11 == pytest.approx([best, low, high], rel=0.01, abs=0)
    assert result.significance == pytest.approx(sigma, abs=0.02)


@pytest.mark.parametrize(
    ("convention", "name"),
    [("as-printed", "bally2020_fit_B0_2.6%"), ("with-e", "bally2020_fit_correct_with_e2")],
)
def test_bally2020_eq_8(checks, convention, name):
    best, low, high, sigma = checks[name]
    result = fit("hidden-neutrino", X1T, mass=0, convention=convention)
    assert np.array([result.best, *result.interval(0.95)]) * 1e13 == pytest.approx([best, low, high], rel=0.01, abs=0)
    assert result.significance == pytest.approx(sigma, abs=0.02)


def test_light_b_minus_l(checks):
    """The prototype's best values sit on a coarse grid (statistic 0.1 above the minimum), its intervals do not."""
    for mass, (best, low, high, sigma) in zip(
        (0, "30 keV", "100 keV"), checks["light_vector_xenon1t_B-L"], strict=True
    ):
        result = fit("B-L", X1T, mass=mass, radiative="common")
        assert result.interval(0.90) == pytest.approx((low, high), rel=0.02, abs=0)
        assert result.best == pytest.approx(best, rel=0.04, abs=0)
        assert result.significance == pytest.approx(sigma, abs=0.02)
        assert result.nll(result.best)[0] <= result.nll(best)[0] + 1e-9


def test_shoemaker2020_benchmark(checks):
    d, q0 = checks["shoemaker2020_d_best_m640_BP04"]
    sun = SolarNeutrinos("BP04")
    result = fit("dipole", X1T, mass="640 keV", flavour="universal", sun=sun, background_error=0.0)
    assert result.best * 1e9 == pytest.approx(d, rel=0.01, abs=0)
    assert result.significance**2 == pytest.approx(q0, rel=0.01, abs=0)


def test_todays_limits():
    printed = {"mass": 0, "convention": "as-printed"}
    assert fit("hidden-neutrino", "xenonnt_sr0", **printed).upper_limit(0.95) == pytest.approx(5.2e-14, rel=0.02, abs=0)
    moment = fit("magnetic-moment", "xenonnt_sr0")
    assert moment.upper_limit(0.90, "one") == pytest.approx(6.4e-12, rel=0.15, abs=0)
    assert moment.upper_limit(0.90) == pytest.approx(7.2e-12, rel=0.04, abs=0)


@pytest.mark.xfail(strict=True, reason="8.28e-14, 11 % low; the cause is not established")
def test_lz_limit_of_the_prototype():
    found = fit("hidden-neutrino", "lz_ws2022", mass=0, convention="as-printed").upper_limit(0.95)
    assert found == pytest.approx(9.3e-14, rel=0.04, abs=0)


@pytest.mark.xfail(strict=True, reason="7.45e-12 two-sided, 16 % high; one-sided it is 6.07e-12")
def test_published_xenonnt_moment_at_the_default_convention():
    assert fit("magnetic-moment", "xenonnt_sr0").upper_limit(0.90) == pytest.approx(6.4e-12, rel=0.15, abs=0)


def test_excess_is_excluded_today():
    old, new = (fit("magnetic-moment", e) for e in (X1T, ["xenonnt_sr0", "lz_ws2022"]))
    assert new.exclusion(old.best) > 5
    assert new.upper_limit(0.90) < fit("magnetic-moment", "xenonnt_sr0").upper_limit(0.90)
