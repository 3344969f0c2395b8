"""Likelihood, profile, families and toys against general minimisers and known statistics."""

import numpy as np
import pytest
from scipy.optimize import minimize

import nuportal as nup
from nuportal.errors import NotApplicableError, ParameterError, UnknownNameError
from nuportal.experiments.prediction import Prediction
from nuportal.inference.contours import contours
from nuportal.inference.families import excess_series, one_coupling
from nuportal.inference.fit import fit
from nuportal.inference.toys import coverage, p_value


@pytest.mark.parametrize("experiment", ["xenon1t_sr1", "lz_ws2022", "borexino_phase2"])
def test_profile_is_the_minimum_over_nuisances(experiment):
    part = fit("magnetic-moment", experiment, flux_error="constrained", efficiency_error=0.02).likelihood
    for x in (0.0, 3e-11):
        value, theta = part.profile(np.array([x]))
        general = minimize(lambda t, x=x: part.nll(x, t), theta[0] + 0.05, method="BFGS", options={"gtol": 1e-8})
        assert value[0] == pytest.approx(general.fun, abs=1e-5)


@pytest.mark.parametrize(
    "chosen",
    [
        one_coupling("Le-Lmu", mass="10 keV", epsilon=1e-7),
        one_coupling("Lmu-Ltau", mass="10 keV", epsilon="-g/70"),
        one_coupling("vector", mass=0, flavour="universal"),
        one_coupling("scalar", "product", mass="5 keV"),
        one_coupling("hidden-neutrino", mass=0),
        one_coupling("dipole", mass="100 keV"),
    ],
    ids=lambda f: f"{f.name}-{f.parameter}",
)
def test_excess_is_the_polynomial(chosen):
    prediction = Prediction("xenon1t_sr1")
    series = excess_series(chosen, prediction)
    for x in (3e-10, 5e-7):
        expected = prediction.excess(chosen.build(x))
        assert np.tensordot(x ** np.arange(1, 5), series, 1) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_massless_u1x_is_the_massless_vector():
    limit = fit("B-L", "xenonnt_sr0", mass=0)
    assert "massless" in limit.family.notes[0]
    vector = fit("vector", "xenonnt_sr0", mass=0, flavour="universal")
    assert limit.upper_limit() == pytest.approx(vector.upper_limit(), rel=1e-6)


def test_joint_fit_is_the_sum():
    parts = [fit("magnetic-moment", e) for e in ("xenonnt_sr0", "lz_ws2022")]
    joint = fit("magnetic-moment", ["xenonnt_sr0", "lz_ws2022"])
    x = np.array([0.0, 1e-11])
    assert joint.nll(x) == pytest.approx(sum(p.nll(x) for p in parts), rel=1e-12)


def test_interval_ends_are_on_the_level():
    result = fit("magnetic-moment", "xenon1t_sr1")
    assert result.statistic(np.array(result.interval(0.90))) == pytest.approx(2.70554, rel=1e-4)


def test_contours_and_reach():
    scan = contours(
        "dipole", "xenon1t_sr1", mass=np.geomspace(0.01, 20, 12), x=np.geomspace(1e-11, 1e-8, 30), flux="7Be"
    )
    assert scan.level(1) == pytest.approx(2.2957, abs=1e-3)
    assert scan.statistic[-1] == pytest.approx(scan.null)
    assert scan.lines(1)


def test_toys_are_reproducible_and_cover():
    result = fit("hidden-neutrino", "xenon1t_sr1", mass=0)
    found = p_value(result, 60, seed=3)
    assert found == p_value(result, 60, seed=3)
    p = found["p_value"]
    assert found["p_value_error"] == pytest.approx(np.sqrt(p * (1 - p) / 60))
    assert found["smallest_p_value"] == pytest.approx(1 / 61)
    assert 0.8 < coverage(result, result.best, 0.9, 200, seed=4) < 0.97


def test_bad_input():
    with pytest.raises(NotApplicableError, match="kinematic reach"):
        fit("dipole", "xenon1t_sr1", mass="20 MeV")
    with pytest.raises(UnknownNameError):
        fit("B-L", "xenon1t_sr1", "d", mass="1 keV")
    for options in ({"background_error": -1.0}, {"efficiency_error": 2.0}, {"window": (50.0, 60.0)}):
        with pytest.raises(ParameterError):
            nup.fit("B-L", "xenon1t_sr1", mass="1 keV", **options)
    with pytest.raises(ParameterError):
        fit("B-L", "xenon1t_sr1", mass="1 keV").interval(90)
