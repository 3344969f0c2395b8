"""The Rosenbrock method on problems with known solutions, and its linear algebra against LAPACK."""

import numpy as np
import pytest

from nuportal.solvers import rodas


def integrate(rhs, jacobian, y, end, steps):
    """Fixed steps with the coefficients of the method; return the state and the last embedded error."""
    h = end / steps
    y = np.array(y, float)
    k = np.zeros((rodas.STAGES, len(y)))
    for _ in range(steps):
        matrix = np.eye(len(y)) / (h * rodas.GAMMA) - jacobian(y)
        for s in range(rodas.STAGES):
            right = rhs(y + rodas.A[s, :s] @ k[:s]) + rodas.C[s, :s] @ k[:s] / h
            k[s] = np.linalg.solve(matrix, right)
        y = y + rodas.A[-1] @ k[:-1] + k[-1]
    return y, np.abs(k[-1]).max()


def pendulum(y):
    return np.array([y[1], -np.sin(y[0])])


def pendulum_jacobian(y):
    return np.array([[0.0, 1.0], [-np.cos(y[0]), 0.0]])


def test_fourth_order_with_third_order_error_estimate():
    from scipy.integrate import solve_ivp

    exact = solve_ivp(lambda _, y: pendulum(y), (0, 3), [2.0, 0.3], rtol=1e-12, atol=1e-13, method="DOP853").y[:, -1]
    errors = [np.abs(integrate(pendulum, pendulum_jacobian, [2.0, 0.3], 3.0, n)[0] - exact).max() for n in (40, 80)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(4.0, abs=0.4)
    estimates = [integrate(pendulum, pendulum_jacobian, [2.0, 0.3], h, 1)[1] for h in (0.02, 0.01)]
    assert np.log2(estimates[0] / estimates[1]) == pytest.approx(4.0, abs=0.3)  # one step of a third-order method


def test_stiff_component_dies_in_one_step():
    """Stiffly accurate and L-stable: y' = -1e9 (y - 1) lands on 1 whatever the step."""
    y, _ = integrate(lambda y: -1e9 * (y - 1), lambda y: np.array([[-1e9]]), [5.0], 1.0, 1)
    assert y[0] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_linear_solver_agrees_with_lapack(n):
    rng = np.random.default_rng(n)
    matrix, vector = rng.normal(size=(6, 6)), rng.normal(size=6)
    matrix[0, 0] = 0.0  # needs a pivot
    expected = np.linalg.solve(matrix[:n, :n], vector[:n])
    pivot = np.zeros(6, np.int64)
    assert rodas.decompose(matrix, pivot, n)
    rodas.solve(matrix, pivot, vector, n)
    assert vector[:n] == pytest.approx(expected, rel=1e-11)


def test_singular_matrix_is_reported():
    assert not rodas.decompose(np.zeros((3, 3)), np.zeros(3, np.int64), 3)


def test_step_control_is_bounded():
    assert rodas.next_step(1.0, 1e9) == pytest.approx(rodas.SHRINK_MAX)
    assert rodas.next_step(1.0, 0.0) == pytest.approx(rodas.GROW_MAX)
    assert rodas.next_step(1.0, 1.0) == pytest.approx(rodas.SAFETY)
