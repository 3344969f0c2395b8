"""Constraints from N_eff: how far a point is from what a measurement allows, and where its edge lies."""

import numpy as np
import pytest

import nuportal as nup
from nuportal.limits.neff import EffectiveNeutrinos
from nuportal.limits.registry import limit, limits
from nuportal.planes.constraints import constraint

NAMES = [one.about.name for one in limits() if isinstance(one, EffectiveNeutrinos)]


@pytest.fixture(scope="module")
def ray():
    return nup.ray("B-L", mass="10 MeV")


@pytest.mark.parametrize("name", NAMES)
def test_ratio_is_the_distance_of_single_points_in_units_of_the_bound(name, ray):
    """(N_eff - 3.044)/(bound - 3.044) of the bound on that side, of single points with momenta."""
    one, at = limit(name), np.array([1e-9, 1e-6, 1e-4])
    allowed = constraint(one.measurement.observation)
    found = one.ratio(ray, at)
    for g, value in zip(at, found, strict=True):
        neff = nup.evolve(nup.U1X("B-L", mass=10, g=g)).neff
        outside = max(
            1 + sign * (neff - bound) / max(abs(bound - 3.044), 0.05)
            for bound, sign in ((allowed.high, 1), (allowed.low, -1))
            if np.isfinite(bound)
        )
        expected = 2 - outside if allowed.kind == "band" else outside
        assert value == pytest.approx(expected, abs=0.02 * max(1, abs(expected)) + 0.005 / 0.05)


def test_edge_of_planck_is_where_single_points_have_its_bound(ray):
    """The lower end of what Planck 2018 excludes at 10 MeV."""
    allowed = constraint(limit("planck2018").measurement.observation)
    lower = limit("planck2018").excluded(ray).excluded[0][0]
    assert nup.evolve(nup.U1X("B-L", mass=10, g=lower)).neff == pytest.approx(allowed.high, abs=0.01)
