"""Where a ratio exceeds one: ends, gaps, missing stretches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuportal.limits.intervals import above_one

GRID = np.geomspace(1e-6, 1.0, 145)


@given(st.lists(st.floats(-5.9, -0.1), min_size=1, max_size=5, unique=True))
def test_ends_are_where_the_ratio_crosses_one(exponents):
    """A function that changes side at known places, at least 0.1 decades apart."""
    edges = np.sort(exponents)
    edges = edges[np.concatenate([[True], np.diff(edges) > 0.1])]

    def ratio(y):
        return np.where(np.searchsorted(edges, np.log10(y)) % 2 == 1, 2.0, 0.5)

    found, unknown = above_one(ratio, GRID, logarithmic=True)
    expected = [10**e for e in edges] + ([1.0] if len(edges) % 2 else [])
    assert [v for pair in found for v in pair] == pytest.approx(expected, rel=1e-4, abs=0)
    assert unknown == ()


def test_smooth_end_is_found_to_a_ten_thousandth():
    """A power law crosses one at a known place."""
    ((low, high),), _ = above_one(lambda y: (y / 3.21e-4) ** 4, GRID, logarithmic=True)
    assert low == pytest.approx(3.21e-4, rel=1e-4, abs=0)
    assert high == pytest.approx(1.0)


def test_missing_values_are_a_stretch_without_answer_not_an_exclusion():
    """NaN between 1e-4 and 1e-3: neither excluded nor allowed; its ends are known to one step of the grid."""

    def ratio(y):
        return np.where((y > 1e-4) & (y < 1e-3), np.nan, np.where(y >= 1e-3, 2.0, 0.5))

    found, unknown = above_one(ratio, GRID, logarithmic=True)
    assert len(found) == len(unknown) == 1
    assert found[0][0] == pytest.approx(1e-3, rel=0.11, abs=0)
    assert unknown[0] == pytest.approx((1e-4, 1e-3), rel=0.11, abs=0)


def test_nothing_and_everything():
    """No crossing at all."""
    assert above_one(lambda y: 0 * y, GRID, logarithmic=True) == ((), ())
    assert above_one(lambda y: 2 + 0 * y, GRID, logarithmic=True) == (((1e-6, pytest.approx(1.0)),), ())


def test_a_gap_much_narrower_than_a_step_is_seen():
    """A dip of 2 % width between two nodes of a grid with steps of 10 %."""
    centre = (GRID[70] * GRID[71]) ** 0.5

    def ratio(y):
        return 0.5 + np.abs(np.log(y / centre)) / 0.02

    found, _ = above_one(ratio, GRID, logarithmic=True)
    assert len(found) == 2
    assert found[0][1] == pytest.approx(centre * np.exp(-0.01), rel=1e-3, abs=0)
    assert found[1][0] == pytest.approx(centre * np.exp(0.01), rel=1e-3, abs=0)
