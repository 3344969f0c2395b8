"""Gauss-Legendre rules: against numpy's eigenvalues, and exact for the polynomials they must integrate."""

import numpy as np
import pytest

from nuportal.solvers.quadrature import gauss_legendre, rule


@pytest.mark.parametrize("order", [1, 2, 3, 8, 33, 80, 400])
def test_rules_are_those_of_numpy(order):
    """numpy.polynomial.legendre.leggauss, whose weights at the ends of large rules are good to 1e-9 only."""
    x, w = rule(order)
    reference = np.polynomial.legendre.leggauss(order)
    assert np.abs(x - reference[0]).max() < 3e-16
    assert w == pytest.approx(reference[1], rel=2e-9)
    assert w.sum() == pytest.approx(2, rel=2e-15)
    assert np.all(np.diff(x) > 0)
    assert not x.flags.writeable


@pytest.mark.parametrize("order", [1, 2, 5, 12, 40])
def test_polynomials_up_to_degree_2n_minus_1_are_exact(order):
    """Integrals of x^k over [-1, 1] and over [0, 3]."""
    x, w = rule(order)
    y, v = gauss_legendre(order, 3.0)
    for k in range(2 * order):
        assert w @ x**k == pytest.approx(2 / (k + 1) if k % 2 == 0 else 0.0, abs=1e-14)
        assert v @ (y / 3) ** k == pytest.approx(3 / (k + 1), rel=1e-13)
    if order <= 12:  # beyond, the next power is integrated to rounding as well
        assert w @ x ** (2 * order) != pytest.approx(2 / (2 * order + 1), rel=1e-13)
