"""A grid filled from few points: errors that are true, points without a value, the same result however it is made."""

import numpy as np
import pytest

from nuportal.solvers.adaptive import fill

X, Y = np.linspace(0.0, 4.0, 60), np.linspace(-16.0, 0.0, 70)
WAYS = {"straighten": np.arcsinh, "restore": np.sinh, "noise": 1e-5}


def hill(x, y):
    """A step along a slanted line, and a steep rise at large y."""
    return 2.0 / (1 + np.exp(-(2 * (y + 10) - x))) + 5 * np.exp(-x) / (1 + np.exp(-3 * (y + 3 - 0.3 * x)))


def smooth(points):
    i, j = np.array(points).T
    return hill(X[i], Y[j]), np.zeros(len(i), dtype=np.int16)


def test_few_points_suffice_and_the_error_is_covered():
    found = fill(X, Y, smooth, tolerance=lambda v: np.full(np.shape(v), 0.01), **WAYS)
    truth = hill(X[:, None], Y)
    off = np.abs(found.values - truth)
    assert found.calculated.mean() < 0.1
    assert np.all(found.error <= 0.0101)
    assert np.max(off) < 0.01
    assert np.mean(off <= found.error + 1e-6) > 0.998
    assert np.max(off[~found.calculated]) > 1e-4  # the estimate is no wild exaggeration
    np.testing.assert_array_equal(found.values[found.calculated], truth[found.calculated])


def test_a_smaller_tolerance_takes_more_points_and_errs_less():
    truth = hill(X[:, None], Y)
    rough, fine = (fill(X, Y, smooth, tolerance=lambda v, t=t: t + 0 * v, **WAYS) for t in (0.03, 0.003))
    assert fine.calculated.sum() > 1.5 * rough.calculated.sum()
    assert np.max(np.abs(fine.values - truth)) < 0.3 * np.max(np.abs(rough.values - truth))


def test_points_without_a_value_keep_their_reason_and_their_border_is_exact():
    def calculate(points):
        values, codes = smooth(points)
        i, j = np.array(points).T
        codes[Y[j] > -4 + X[i]] = 3
        return np.where(codes == 0, values, np.nan), codes

    found = fill(X, Y, calculate, tolerance=lambda v: np.full(np.shape(v), 0.02), **WAYS)
    expected = np.where(Y > -4 + X[:, None], 3, 0)
    assert np.mean(found.codes != expected) < 0.002
    np.testing.assert_array_equal(np.isnan(found.values), found.codes > 0)
    assert found.calculated.mean() < 0.35


def test_values_between_the_points():
    found = fill(X, Y, smooth, tolerance=lambda v: np.full(np.shape(v), 0.01), **WAYS)
    rng = np.random.default_rng(3)
    at = np.stack([rng.uniform(0, 4, 50), rng.uniform(-16, 0, 50)], axis=1)
    assert found.between(at) == pytest.approx(hill(*at.T), abs=0.01)


def test_a_single_column():
    def calculate(points):
        return hill(1.0, Y[[j for _, j in points]]), np.zeros(len(points), dtype=np.int16)

    found = fill(X[:1], Y, calculate, tolerance=lambda v: np.full(np.shape(v), 0.01), **WAYS)
    assert found.values[0] == pytest.approx(hill(1.0, Y), abs=0.01)
    assert found.calculated.sum() < 50
