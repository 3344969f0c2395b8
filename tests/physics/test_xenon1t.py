"""XENON1T, XENONnT, LZ and Borexino against published numbers and an independent prototype."""

from dataclasses import replace

import numpy as np
import pytest

from nuportal.experiments.measurement import experiment
from nuportal.experiments.prediction import Prediction
from nuportal.inference.fit import fit

X1T = "xenon1t_sr1"


@pytest.fixture(scope="module")
def checks(reference):
    return {row["id"]: row["value"] for row in reference("recoil.json")["checks"]}


@pytest.mark.parametrize(("radiative", "expected"), [("common", 229.0), ("flavour", 226.0)])
def test_solar_neutrinos_1_to_210_kev(radiative, expected):
    total = Prediction(X1T, radiative=radiative, edges=np.array([1.0, 30, 100, 210])).sm.sum()
    assert total == pytest.approx(expected, abs=3)


@pytest.mark.parametrize(("radiative", "rates"), [("flavour", (131.8, 48.0, 2.76)), ("common", (132.8, 48.4, 2.78))])
def test_borexino_rates(radiative, rates):
    assert Prediction("borexino_phase2", radiative=radiative).sm.sum(axis=0) == pytest.approx(rates, rel=0.01, abs=0)


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


def test_xenonnt_limits_in_bins_of_1_kev(checks):
    """The prototype's choice; the default bins keep what the released event energies tell near threshold."""
    printed = fit("hidden-neutrino", "xenonnt_sr0", mass=0, convention="as-printed", bin_width=1.0)
    assert printed.upper_limit(0.95) == pytest.approx(5.2e-14, rel=0.02)
    moment = fit("magnetic-moment", "xenonnt_sr0", bin_width=1.0)
    assert moment.upper_limit(0.90) == pytest.approx(7.2e-12, rel=0.04)
    assert fit("B-L", "xenonnt_sr0", mass=0, bin_width=1.0).upper_limit(0.90) == pytest.approx(1.3e-7, rel=0.04)


@pytest.mark.parametrize("sided", ["one", "two"])
def test_published_xenonnt_moment(sided):
    assert fit("magnetic-moment", "xenonnt_sr0").upper_limit(0.90, sided) == pytest.approx(6.4e-12, rel=0.15)


def test_default_bins_of_xenonnt_lose_nothing(table):
    """Limits agree with those of 0.1 keV bins, made here from the released energies and background."""
    measured = experiment("xenonnt_sr0")
    released = table("xenonnt_fine_bins")
    edges = np.linspace(1, 30, 291)
    assert released["low_keV"] == pytest.approx(edges[:-1])
    background = released["background"] * 0.1 * measured.spec.exposure.value
    counts = released["counts"]
    fine = replace(measured, low=edges[:-1], high=edges[1:], counts=counts, background=background)
    for family, cl in (("hidden-neutrino", 0.95), ("magnetic-moment", 0.90)):
        expected = fit(family, fine, mass=0).upper_limit(cl)
        assert fit(family, measured, mass=0).upper_limit(cl) == pytest.approx(expected, rel=0.005)


LZ_PRINTED = 9.3e-14  # of the prototype, whose choices for the first bin are not known


def test_lz_limit_hangs_on_its_first_bin():
    """Between 0 and 1 keV four fifths of a signal like 1/T^2 come from true energies where nothing is calibrated."""
    limits = [_lz(window=window).upper_limit(0.95) for window in (None, (1.0, 20.0))]
    assert limits == pytest.approx([8.28e-14, 1.001e-13], rel=0.01)
    assert limits[0] < LZ_PRINTED < limits[1]


@pytest.mark.xfail(strict=True, reason="8.28e-14, 11 % low, in bins of 1 keV; 1.00e-13 without that of 0 to 1 keV")
def test_lz_limit_of_the_prototype():
    assert _lz().upper_limit(0.95) == pytest.approx(LZ_PRINTED, rel=0.04)


def test_lz_limit_of_the_prototype_in_wider_bins():
    """Nothing says that the prototype merged the first two bins; of all we varied this comes nearest, 0.1 %."""
    assert _lz(bin_width=2.0).upper_limit(0.95) == pytest.approx(LZ_PRINTED, rel=0.01)


def _lz(**options):
    return fit("hidden-neutrino", "lz_ws2022", mass=0, convention="as-printed", **options)


def test_excess_is_excluded_today():
    old, new = (fit("magnetic-moment", e) for e in (X1T, ["xenonnt_sr0", "lz_ws2022"]))
    assert new.exclusion(old.best) > 5
    assert new.upper_limit(0.90) < fit("magnetic-moment", "xenonnt_sr0").upper_limit(0.90)
