"""Interpolated grids: exact where calculated, good elsewhere, and nothing narrower than a coarse cell is overlooked."""

import numpy as np
import pytest

from nuportal.solvers import lattice

POINTS = 100
AT = np.linspace(0.0, 1.0, POINTS)
TOLERANCE = 1e-5


def filled(function, kinks=(), x=AT, y=AT):
    calls = []

    def calculate(i, j):
        calls.extend(zip(i.tolist(), j.tolist(), strict=True))
        return function(x[i], y[j])

    found = lattice.fill(
        lattice.Axis(x, 0.05, kinks),
        lattice.Axis(y, 0.05),
        calculate,
        tolerance=TOLERANCE,
        straighten=lambda v: v,
        restore=lambda v: v,
    )
    assert len(set(calls)) == len(calls) == found.calculated.sum()
    return found, function(x[:, None], y[None, :])


def smooth(x, y):
    return np.sin(3 * x) * np.cos(2 * y) + 0 * x * y


def test_smooth_function_from_few_points():
    found, expected = filled(smooth)
    assert np.max(np.abs(found.values - expected)) < TOLERANCE
    assert found.calculated.mean() < 0.1
    np.testing.assert_array_equal(found.values[found.calculated], expected[found.calculated])


def test_axes_may_decrease():
    found, expected = filled(smooth, x=AT[::-1], y=AT**1.2)
    assert np.max(np.abs(found.values - expected)) < TOLERANCE
    assert found.calculated.mean() < 0.1


def test_nothing_is_interpolated_across_a_kink():
    def jump(x, y):
        return smooth(x, y) + (x > 0.4321)

    found, expected = filled(jump, kinks=(0.4321,))
    assert np.max(np.abs(found.values - expected)) < TOLERANCE
    assert found.calculated.mean() < 0.2


@pytest.mark.parametrize("width", [0.1, 0.03])
def test_front_of_unknown_place_is_calculated(width):
    def front(x, y):
        return np.tanh((x + 0.7 * y - 0.8) / width)

    found, expected = filled(front)
    assert np.max(np.abs(found.values - expected)) < 5 * TOLERANCE


def test_narrow_peaks_are_found():
    """Peaks half a coarse cell wide, wherever they are: below the tolerance for nearly all, none lost."""
    rng = np.random.default_rng(3)
    for x0, y0 in rng.uniform(0.1, 0.9, (20, 2)):

        def peak(x, y, x0=x0, y0=y0):
            return np.exp(-((x - x0) ** 2 + (y - y0) ** 2) / 0.025**2)

        found, expected = filled(peak)
        assert np.max(np.abs(found.values - expected)) < 1e-3


def test_missing_values_stay_missing_and_spoil_nothing():
    def corner(x, y):
        return np.where(x + y < 0.5, np.nan, smooth(x, y))

    found, expected = filled(corner)
    np.testing.assert_array_equal(np.isnan(found.values), np.isnan(expected))
    assert np.nanmax(np.abs(found.values - expected)) < TOLERANCE


def test_axes_that_are_short_or_out_of_order_are_not_dense():
    assert lattice.Axis(AT, 0.05).dense
    assert not lattice.Axis(AT[:20], 0.05).dense
    assert not lattice.Axis(np.roll(AT, 3), 0.05).dense
    assert not lattice.Axis(np.repeat(AT, 2), 0.05).dense
