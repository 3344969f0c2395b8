"""The constraint from Y_p and D/H: its likelihood, what it excludes, what it solves, when it does not apply."""

from functools import cache

import numpy as np
import pytest

import nuportal as nup
from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit, limits
from nuportal.models import U1X, DipolePortal, VectorMediator
from nuportal.observations.light_elements import compare

NAME, OTHER = "light-elements", "light-elements-parthenope3"


@pytest.fixture(scope="module")
def ray():
    """B-L at 6 MeV, on which both rate sets decide on a part of the couplings."""
    return nup.ray("B-L", mass="6 MeV")


@cache
def history(g):
    """B-L of 6 MeV with momenta; g = 0: Standard Model."""
    return nup.evolve(U1X("B-L", mass=6, g=g) if g else None)


@pytest.mark.parametrize("name", [NAME, OTHER])
@pytest.mark.parametrize("g", [2e-10, 1.7e-8, 3e-6])
def test_deviance_is_the_difference_of_chi2(name, g, ray):
    """Of histories with momenta: exactly for single points, and between the points that are solved for a ray."""
    rates = limit(name).measurement.rates
    here, standard = (compare(history(v).yields(rates=rates)).chi2 for v in (g, 0.0))
    at = np.array([g])
    assert limit(name).deviance_of_points(ray, at)[0] == pytest.approx(here - standard, rel=1e-6)
    assert limit(name).deviance(ray, at)[0] == pytest.approx(here - standard, abs=0.3, rel=0.03)


def test_what_is_excluded_depends_on_the_rates(ray):
    """PArthENoPE's larger D/H excludes more; around 3e-10 decays of frozen-in bosons lower Y_p too far in both."""
    primat, parthenope = (limit(name).excluded(ray).excluded for name in (NAME, OTHER))
    for (low, high), (again_low, again_high) in [(primat[0], parthenope[0])]:
        assert (low, high) == pytest.approx((1.47e-10, 4.98e-10), rel=0.1)
        assert (again_low, again_high) == pytest.approx((1.62e-10, 4.78e-10), rel=0.1)
    assert parthenope[1][0] < 0.3 * primat[1][0]
    assert primat[1] == pytest.approx((3.8e-8, 1e-2), rel=0.1)


def test_edges_are_those_of_solved_points(ray):
    """At the edges that were interpolated chi2 of solved points is at the threshold, 3.84 above the lowest."""
    grid = np.geomspace(5e-10, 3e-9, 5)
    lowest = min(0.0, *limit(NAME).deviance_of_points(ray, grid))
    for edge in (v for interval in limit(NAME).excluded(ray).excluded for v in interval if v < 1e-3):
        assert limit(NAME).deviance_of_points(ray, np.array([edge]))[0] - lowest == pytest.approx(3.84, abs=0.35)


def test_no_point_is_solved_twice(ray, monkeypatch):
    """N_eff and both rate sets rest on the same solutions: few are added when another limit asks."""
    from nuportal.limits import solved

    count, exact = [], solved.universe
    monkeypatch.setattr(solved, "universe", lambda model: count.append(model) or exact(model))
    fresh = nup.ray("B-L", mass="9 MeV")
    for name in (NAME, OTHER, "planck2018", "act-dr6"):
        assert limit(name).excluded(fresh).status == "ok"
    members = [m for m in count if m is not None]
    assert len(members) < 50
    assert len({m.g for m in members}) == len(members)


def test_heavy_bosons_leave_the_elements_alone():
    ray = nup.ray("B-L", mass="100 MeV")
    assert np.abs(limit(NAME).deviance_of_points(ray, np.array([2e-10, 1e-6]))).max() < 0.02


def test_living_bosons_have_no_value():
    """A boson of 6 MeV that decays after T = 0.1 MeV, or has not decayed by 0.01 MeV."""
    weak = Ray(lambda g: U1X("B-L", mass=6.0, g=g), "g", 1e-12, 1e-10)
    outcome = limit(NAME).excluded(weak)
    assert outcome.failed[0][0] == 1e-12 and 4e-12 < outcome.failed[0][1] < 1.2e-11
    assert "alive while nuclei form" in outcome.reason
    assert np.isnan(limit(NAME).deviance_of_points(weak, np.array([1e-12]))[0])
    assert np.isnan(limit(NAME).deviance(weak, np.array([2e-12, 0.1]))).all()


def test_other_bosons():
    """Whatever couples to neutrinos: a vector of 3 MeV with g_nu alone is the same as any with these couplings."""
    ray = Ray(lambda g: VectorMediator(3.0, g_nu=g), "g_nu", 1e-9, 1e-7)
    assert limit(NAME).refused(ray) is None
    found = limit(NAME).deviance_of_points(ray, np.array([1e-8]))[0]
    standard, here = (compare(nup.evolve(m).yields()).chi2 for m in (None, VectorMediator(3.0, g_nu=1e-8)))
    assert found == pytest.approx(here - standard, rel=1e-6)


@pytest.mark.parametrize(
    ("ray", "status", "reason"),
    [
        (Ray(lambda d: DipolePortal(5.0, f"{d} mu_B", "e"), "d", 1e-12, 1e-6), "not applicable", "not defined for"),
        (Ray(lambda g: U1X("B-L", mass=1.0, g=g), "g", 1e-9, 1e-6), "out of range", "2 MeV"),
        (
            Ray(lambda e: U1X("B-L", mass=5.0, g=1e-9, epsilon=e), "epsilon", -1e-6, 1e-6, "lin"),
            "not applicable",
            "axis",
        ),
    ],
)
def test_where_it_does_not_apply(ray, status, reason):
    outcome = limit(NAME).excluded(ray)
    assert outcome.status == status
    assert reason in outcome.reason


def test_it_comes_when_it_is_asked_for():
    """And the old bound on N_eff from nucleosynthesis is one of the published choices."""
    assert {c.about.name for c in limits("nucleosynthesis")} == {NAME, OTHER}
    everything = {c.about.name for c in limits("all")}
    assert not everything & {NAME, OTHER, "bbn"}
    assert "bbn" in {c.about.name for c in limits("published-choices")}
