"""Energy exchanged by decays and inverse decays: the integral over the momentum of the boson, and near equilibrium."""

from math import log, pi

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import kve

from nuportal.processes.decay import LOCKED, bessel_table, decay_gain, quantum_decay_gain
from nuportal.solvers import hermite

MASS, WIDTH = 7.0, 1e-18


def gain(d, t_boson, derivatives=False):
    """Return e^{M/T_Z'} (Q, dQ/dlnT_b, dQ/dlnT_Z') at T_b = T_Z' e^d."""
    table, x = bessel_table(), MASS / t_boson
    row, u = hermite.locate(table, log(x))
    k, s = hermite.value(table, row, u, 0), hermite.slope(table, row, u, 0)
    strength = 3 * MASS**3 * WIDTH / (2 * pi**2) * t_boson * np.exp(k)
    out = np.zeros(3)
    decay_gain(d, log(x), x, k, s, strength, table, derivatives, out)
    return out


@pytest.mark.parametrize(("t_bath", "t_boson"), [(2.0, 3.0), (1.0, 0.5), (8.0, 7.9), (20.0, 40.0), (0.3, 0.2)])
def test_momentum_integral(t_bath, t_boson):
    """Three polarisations, each decaying with M Gamma/E and carrying E: 3 M Gamma int d^3p/(2 pi)^3 (f_b - f_Z')."""

    def integrand(p):
        energy = np.hypot(p, MASS)
        return (
            p
            * p
            * (np.exp((MASS - energy) / t_bath + MASS / t_boson - MASS / t_bath) - np.exp((MASS - energy) / t_boson))
        )

    expected = (
        3 * MASS * WIDTH / (2 * pi**2) * quad(integrand, 0, 45 * (max(t_bath, t_boson) + 1), epsrel=1e-10, limit=200)[0]
    )
    assert gain(log(t_bath / t_boson), t_boson)[0] == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("t_boson", [0.2, 2.0, 30.0])
def test_locked_baths_lose_no_digits(t_boson):
    """Q is proportional to d where d -> 0, to 1e-9 of itself even where d is of the size of round-off in ln T."""
    x = MASS / t_boson
    per_d = 1 + x * kve(1, x) / kve(2, x) + 2  # d ln[T K_2(M/T)]/d ln T
    scale = 3 * MASS**3 * WIDTH / (2 * pi**2) * t_boson * kve(2, x)
    for d in (1e-14, -1e-10, 1e-7):
        assert gain(d, t_boson)[0] == pytest.approx(scale * per_d * d, rel=2e-6)


@pytest.mark.parametrize("t_boson", [0.15, 1.0, 10.0])
@pytest.mark.parametrize("sign", [-1, 1])
def test_forms_join(t_boson, sign):
    below, above = (gain(sign * LOCKED * factor, t_boson)[0] / factor for factor in (1 - 1e-9, 1 + 1e-9))
    assert below == pytest.approx(above, rel=1e-8)


@pytest.mark.parametrize("d", [-0.3, 3e-5, 0.2])
def test_derivatives(d):
    """By T_b at fixed T_Z', and the loss term by T_Z' without the prefactor's own derivative."""
    t, h = 2.0, 1e-6
    out = gain(d, t, derivatives=True)
    assert out[1] == pytest.approx((gain(d + h, t)[0] - gain(d - h, t)[0]) / (2 * h), rel=1e-6)

    def unscaled(step):
        return gain(d - step, t * np.exp(step))[0] * np.exp(-MASS / t * np.exp(-step))

    assert out[2] * np.exp(-MASS / t) == pytest.approx((unscaled(h) - unscaled(-h)) / (2 * h), rel=1e-6)


@pytest.mark.parametrize("beta", [1.0, 0.6])
@pytest.mark.parametrize(("t_bath", "t_boson"), [(2.0, 3.0), (8.0, 7.9), (20.0, 40.0), (1.5, 0.5)])
def test_quantum_statistics_is_the_collision_integral(t_bath, t_boson, beta):
    """Gain and loss apart, with the fermion energy integrated numerically: f fbar (1+n) - n (1-f)(1-fbar)."""

    def collision(p):
        energy = np.hypot(p, MASS)
        n = 1 / np.expm1(energy / t_boson)

        def bracket(u):
            e1 = energy / 2 + u * p * beta / 2
            f, fbar = 1 / (np.exp(e1 / t_bath) + 1), 1 / (np.exp((energy - e1) / t_bath) + 1)
            return f * fbar * (1 + n) - n * (1 - f) * (1 - fbar)

        return p * p * quad(bracket, -1, 1, epsrel=1e-10)[0] / 2

    top = 45 * max(t_bath, t_boson) + MASS
    expected = 3 * MASS * WIDTH / (2 * pi**2) * quad(collision, 0, top, epsrel=1e-9, limit=300)[0]
    out = np.zeros(3)
    quantum_decay_gain(log(t_bath / t_boson), t_boson, MASS, beta, WIDTH, False, out)
    assert out[0] * np.exp(-MASS / t_boson) == pytest.approx(expected, rel=1e-6)


def test_quantum_statistics_becomes_boltzmann_for_a_heavy_boson():
    out, t_boson, d = np.zeros(3), MASS / 40, 0.02
    quantum_decay_gain(d, t_boson, MASS, 1.0, WIDTH, False, out)
    assert out[0] == pytest.approx(gain(d, t_boson)[0], rel=1e-4)


def test_quantum_statistics_derivatives():
    t_boson, d, h = 3.0, 0.1, 1e-5
    value = lambda lb, lz: _physical_quantum(np.exp(lb), np.exp(lz))  # noqa: E731
    lb, lz = log(t_boson) + d, log(t_boson)
    out = np.zeros(3)
    quantum_decay_gain(d, t_boson, MASS, 0.8, WIDTH, True, out)
    scale = np.exp(-MASS / t_boson)
    assert out[1] * scale == pytest.approx((value(lb + h, lz) - value(lb - h, lz)) / (2 * h), rel=1e-6)
    assert out[2] * scale == pytest.approx((value(lb, lz + h) - value(lb, lz - h)) / (2 * h), rel=1e-6)


def _physical_quantum(t_bath, t_boson):
    out = np.zeros(3)
    quantum_decay_gain(log(t_bath / t_boson), t_boson, MASS, 0.8, WIDTH, False, out)
    return out[0] * np.exp(-MASS / t_boson)
