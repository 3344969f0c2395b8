"""The constraint from Y_p and D/H along a ray: its likelihood, what it excludes, when it does not apply."""

import numpy as np
import pytest

import nuportal as nup
from nuportal.cosmology.nucleosynthesis.from_history import history_of
from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit, limits
from nuportal.models import U1X, VectorMediator
from nuportal.observations.light_elements import compare

NAME = "light-elements"


def test_deviance_is_the_difference_of_chi2():
    ray = nup.ray("B-L", mass="6 MeV")
    standard = compare(history_of(None, treatment="temperatures", start="zero").yields()).chi2
    for g in (2e-10, 1.7e-8, 3e-6):
        here = compare(history_of(U1X("B-L", mass=6, g=g), treatment="temperatures", start="zero").yields()).chi2
        assert limit(NAME).deviance(ray, np.array([g]))[0] == pytest.approx(here - standard, abs=0.1)


def test_what_is_excluded_depends_on_the_rates():
    """At 6 MeV both sets exclude a part of B-L; PArthENoPE's larger D/H excludes more."""
    ray = nup.ray("B-L", mass="6 MeV")
    primat, parthenope = (limit(name).excluded(ray).excluded for name in (NAME, "light-elements-parthenope3"))
    assert parthenope[0][0] < 0.3 * primat[0][0]
    assert 1e-9 < parthenope[0][0] < primat[0][0] < 1e-6


def test_heavy_bosons_leave_the_elements_alone():
    ray = nup.ray("B-L", mass="100 MeV")
    assert all(
        low > 5e-4 for low, _ in limit(NAME).excluded(ray).excluded
    )  # there they scatter neutrinos off electrons
    assert np.abs(limit(NAME).deviance(ray, np.array([2e-10, 1e-6]))).max() < 0.01


@pytest.mark.parametrize(
    ("ray", "status", "reason"),
    [
        (Ray(lambda g: VectorMediator(5.0, g_nu=g), "g_nu", 1e-12, 1e-6), "not applicable", "of a vector are not"),
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
    assert {c.about.name for c in limits("nucleosynthesis")} == {NAME, "light-elements-parthenope3"}
    everything = {c.about.name for c in limits("all")}
    assert not everything & {NAME, "light-elements-parthenope3", "bbn"}
    assert "bbn" in {c.about.name for c in limits("published-choices")}
