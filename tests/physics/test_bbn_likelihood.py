"""chi2 of (Y_p, D/H): prototype, a scan over omega_b by hand, the joint Gaussian of the CMB."""

from dataclasses import replace

import numpy as np
import pytest

from nuportal.cosmology.nucleosynthesis.reactions import RATE_SETS
from nuportal.cosmology.nucleosynthesis.yields import yields
from nuportal.errors import UnknownNameError
from nuportal.observations.light_elements import compare, joint_cmb, measurement


@pytest.mark.parametrize(
    ("case", "expected"),
    [("sm", [3.6, 3.5, 0.7, 0.7]), ("bl_5", [17.5, 16.2, 11.4, 24.7]), ("bl_10", [1.8, 1.8, 1.2, 1.5])],
)
def test_prototype(case, expected, backgrounds):
    """chi2 for LBT, Cooke and Planck with each rate set. (nacre2_luna at 5 MeV: 10.8 without correlation.)"""
    found = [compare(yields(backgrounds[case], rates=rates)).chi2 for rates in RATE_SETS]
    np.testing.assert_allclose(found, expected, atol=0.07, rtol=5e-3)  # its theory error of Y_p was 1.5e-4, not 2e-4


def own(found):
    """Errors of the calculation [2, 2]."""
    return np.diag(found.theory_error[:2] ** 2 + found.numerical_error[:2] ** 2)


def by_hand(found, helium, deuterium, baryons, omega):
    """chi2 at one omega_b from the definition."""
    h, d, b = (measurement(n, q) for n, q in ((helium, "Y_p"), (deuterium, "D_H"), (baryons, "omega_b")))
    value = found.values[:2] + found.by_omega_b[:2] * (omega - found.omega_b)
    covariance = found.covariance[:2, :2] + own(found) + np.diag([h.sigma**2, d.sigma**2])
    residual = value - [h.value, d.value]
    return residual @ np.linalg.solve(covariance, residual) + ((omega - b.value) / b.sigma) ** 2


@pytest.mark.parametrize("baryons", ["omega-b-planck2018", "omega-b-planck-act2025"])
def test_profile_is_the_lowest_of_a_scan(baryons, backgrounds):
    found = yields(backgrounds["bl_5"])
    compared = compare(found, "yp-empress2025", "dh-pettini2025", baryons)
    scan = [by_hand(found, "yp-empress2025", "dh-pettini2025", baryons, w) for w in np.linspace(0.021, 0.025, 4001)]
    assert compared.chi2 == pytest.approx(min(scan), rel=1e-6)
    assert compared.omega_b == pytest.approx(np.linspace(0.021, 0.025, 4001)[np.argmin(scan)], abs=1e-6)
    assert compared.pulls["Y_p"] > 2


def test_profiling_adds_the_error_of_omega_b(backgrounds):
    """Gaussian nuisance: the profile equals the covariance C_omega = d d^T of 6_bbn."""
    found = yields(backgrounds["sm"])
    helium, deuterium, baryons = (
        measurement(n, q)
        for n, q in (("yp-lbt2026", "Y_p"), ("dh-cooke2018", "D_H"), ("omega-b-planck2018", "omega_b"))
    )
    shift = found.by_omega_b[:2] * baryons.sigma
    covariance = found.covariance[:2, :2] + own(found) + np.outer(shift, shift)
    covariance += np.diag([helium.sigma**2, deuterium.sigma**2])
    residual = found.values[:2] - [helium.value, deuterium.value]
    assert compare(found).chi2 == pytest.approx(residual @ np.linalg.solve(covariance, residual), rel=1e-9)


def test_the_answer_does_not_depend_on_where_the_network_was_run(backgrounds):
    """omega_b of the calculation is a point of expansion, not an input of chi2."""
    one, other = (compare(yields(backgrounds["sm"], omega)).chi2 for omega in (0.02237, 0.0225))
    assert one == pytest.approx(other, abs=0.08)


def test_joint_gaussian_of_the_cmb(backgrounds):
    """Against a numerical minimum of the sum; the theory error of Y_p is common to both helium abundances."""
    found = replace(yields(backgrounds["bl_5"]), neff=3.93)
    compared = compare(found, baryons="cmb-planck2018")
    cmb = joint_cmb()["cmb-planck2018"]
    best = np.inf
    common = np.linspace(-6, 6, 241)  # in standard deviations, of a theory error of Y_p alone
    found = replace(
        found, covariance=np.zeros((4, 4)), theory_error=np.array([1e-3, 0, 0, 0]), numerical_error=np.zeros(4)
    )
    compared = compare(found, baryons="cmb-planck2018")
    for omega in np.linspace(0.022, 0.0245, 501):
        values = found.values[:2] + found.by_omega_b[:2] * (omega - found.omega_b)
        for step in common[::4]:
            helium = values[0] + 1e-3 * step
            chi2 = step**2 + ((helium - 0.2458) / 0.0013) ** 2 + ((values[1] - 2.527e-5) / 0.030e-5) ** 2
            residual = np.array([omega, 3.93, helium]) - cmb.mean
            best = min(best, chi2 + residual @ np.linalg.solve(cmb.covariance, residual))
    assert compared.chi2 == pytest.approx(best, rel=2e-3)
    assert compared.chi2 <= best
    assert set(compared.pulls) == {"Y_p", "D_H", "omega_b", "N_eff", "Y_p at recombination"}


def test_more_radiation_is_disfavoured_by_the_cmb(backgrounds):
    found = yields(backgrounds["sm"])
    standard, more = (compare(replace(found, neff=n), baryons="cmb-planck2018").chi2 for n in (3.044, 4.5))
    assert more > standard + 10


def test_no_yields_no_chi2(backgrounds):
    found = replace(yields(backgrounds["sm"]), Y_p=float("nan"))
    assert np.isnan(compare(found).chi2)
    assert compare(found).to_dict()["chi2"] is None
    assert np.isnan(compare(yields(backgrounds["sm"]), baryons="cmb-planck2018").chi2)  # a Background has no N_eff


@pytest.mark.parametrize("given", [{"helium": "lbt"}, {"deuterium": "yp-lbt2026"}, {"baryons": "cmb-planck2015"}])
def test_unknown_measurements(given, backgrounds):
    with pytest.raises(UnknownNameError, match="measurement"):
        compare(yields(backgrounds["sm"]), **given)
