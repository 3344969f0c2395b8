"""Propagator functions of mediated scattering against quadrature, limits and explicit four-vectors; Fierz shifts."""

from math import log, pi, sqrt

import numpy as np
import pytest
from scipy.integrate import dblquad, quad
from scipy.special import kv

import nuportal as nup
from nuportal.constants import G_F
from nuportal.cosmology.temperatures.coefficients import coefficients
from nuportal.cosmology.temperatures.equations import MEDIATED_BSM, MEDIATED_INT, WEAK_1
from nuportal.cosmology.temperatures.options import options
from nuportal.processes import mediated, weak


def tabulated(x: float) -> tuple[float, float, float, float]:
    """Return a_int, a_BSM, s_int, s_BSM."""
    table = mediated.table()
    return tuple(
        value
        for first in (mediated.A_INT, mediated.S_INT)
        for value in mediated.propagators(table, log(x), first, False)[:2]
    )  # type: ignore[return-value]


def moment(y):
    return y**7 * kv(2, max(y, 1e-9))


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (1.06, (-0.0389, 0.00358, 0.0633, 0.00963)),
        (4.38, (-0.483, -0.637, 0.436, 0.231)),
        (11.25, (1.669, 1.510, 0.797, 0.652)),
        (28.9, (1.082, 1.176, 0.958, 0.920)),
    ],
)
def test_prototype_values(x, expected):
    """The prototype's x are rounded to 0.005 (0.05 for 28.9)."""
    half = 0.05 if x > 20 else 0.005
    for found, low, high, value in zip(tabulated(x), tabulated(x - half), tabulated(x + half), expected, strict=True):
        assert found == pytest.approx(value, abs=abs(high - low) / 2 + 1e-3 * abs(value))


def principal_value(x):
    """a_int with 1/(x^2-y^2) = -1/((y-x)(y+x)): QUADPACK's Cauchy weight up to 2x, ordinary quadrature beyond."""
    near = quad(lambda y: -moment(y) / (y + x), 0, 2 * x, weight="cauchy", wvar=x, epsrel=1e-12, limit=400)[0]
    far = quad(lambda y: moment(y) / (x**2 - y**2), 2 * x, 2 * x + 150, epsrel=1e-12, limit=400)[0]
    return x**2 * (near + far) / 3072


@pytest.mark.parametrize("x", [0.3, 2.0, 4.38, 7.0, 15.0])
def test_annihilation_is_the_principal_value(x):
    a_int, a_bsm = tabulated(x)[:2]
    assert a_int == pytest.approx(principal_value(x), rel=2e-7, abs=1e-9)
    h = 1e-3 * x
    slope = (principal_value(x + h) - principal_value(x - h)) / (2 * h)
    assert a_bsm == pytest.approx(principal_value(x) - x / 2 * slope, rel=2e-5)


@pytest.mark.parametrize("x", [3.0, 6.0, 12.0])
def test_resonance_without_its_on_shell_part_is_finite(x):
    """The Breit-Wigner integral less pi x^8 K_2/(2 gamma), which decays and inverse decays already count."""
    gamma = 1e-3

    def breit_wigner(y):
        return moment(y) * x**4 / ((y**2 - x**2) ** 2 + gamma**2 * x**4)

    knots = [x - 30 * gamma * x, x - 3 * gamma * x, x, x + 3 * gamma * x, x + 30 * gamma * x]
    integral = quad(breit_wigner, 0, 120, points=knots, limit=2000, epsrel=1e-10)[0]
    on_shell = pi * x**8 * kv(2, x) / (2 * gamma)
    assert tabulated(x)[1] == pytest.approx((integral - on_shell) / 3072, abs=5 * gamma)


@pytest.mark.parametrize("x", [0.5, 5.0, 40.0])
def test_scattering_functions_by_double_quadrature(x):
    for power, found in zip((1, 2), tabulated(x)[2:], strict=True):

        def integrand(tau, y, power=power):
            return moment(y) * tau * (2 - 2 * tau + tau**2) * (x**2 / (x**2 + tau * y**2)) ** power

        expected = dblquad(integrand, 0, 60, 0, 1, epsrel=1e-8)[0] * 12 / 7 / 3072
        assert found == pytest.approx(expected, rel=1e-6)


def test_limits():
    large, small = 1e3, 2e-3
    assert tabulated(large) == pytest.approx(
        (1 + 60 / large**2, 1 + 120 / large**2, 1 - 264 / 7 / large**2, 1 - 528 / 7 / large**2), abs=2e-8
    )
    expected = (-(small**2) / 32, small**4 / 384, small**2 / 14, small**4 / 56 * (log(1 / small) - 0.009))
    assert tabulated(small) == pytest.approx(expected, rel=2e-3)


def test_expansion_joins_the_table():
    edge = mediated.X_MAX
    assert tabulated(edge * 0.999999) == pytest.approx(tabulated(edge * 1.000001), rel=2e-8)


def test_negative_ranges_are_kept():
    assert tabulated(6.0)[0] < 0 < tabulated(6.2)[0]
    assert tabulated(2.5)[1] > 0 > tabulated(2.6)[1]
    assert tabulated(9.0)[1] < 0 < tabulated(9.15)[1]


def test_scattering_with_explicit_four_vectors():
    """e(T_e) nu(T_nu) -> e nu through a t-channel boson: energy gain over the contact limit."""
    rng = np.random.default_rng(7)
    n, t_e, t_nu, mass = 2_000_000, 2.0, 0.5, 6.0
    e_in, nu_in = rng.gamma(3, t_e, n), rng.gamma(3, t_nu, n)
    c, phi = rng.uniform(-1, 1, n), rng.uniform(0, 2 * pi, n)  # e along z, nu at angle theta
    nu = np.stack([nu_in * np.sqrt(1 - c**2), np.zeros(n), nu_in * c])
    total = nu.copy()
    total[2] += e_in
    energy = e_in + nu_in
    s = energy**2 - np.sum(total**2, axis=0)
    beta = total / energy
    gamma = energy / np.sqrt(s)
    # nu in the centre of mass, then its new direction there, isotropic; energy back in the plasma frame
    cos_out = rng.uniform(-1, 1, n)
    sin_out = np.sqrt(1 - cos_out**2)
    out = np.stack([sin_out * np.cos(phi), sin_out * np.sin(phi), cos_out]) * np.sqrt(s) / 2
    nu_out = gamma * (np.sqrt(s) / 2 + np.sum(beta * out, axis=0))
    boost = (gamma - 1) / np.sum(beta**2, axis=0) * np.sum(beta * nu, axis=0) - gamma * nu_in
    nu_cm = nu + beta * boost
    t = -2 * (s / 4 - np.sum(nu_cm * out, axis=0))
    u = -s - t
    # d^3p/2E turns the densities E^2 e^{-E/T} of the samples into E e^{-E/T}
    weight = (s**2 + u**2) / (e_in * nu_in) * (nu_out - nu_in)
    contact = np.mean(weight)
    for power, found in zip((1, 2), tabulated(mass / sqrt(t_e * t_nu))[2:], strict=True):
        ratio = weight * (mass**2 / (mass**2 - t)) ** power
        sigma = np.std(ratio - found * weight) / sqrt(n) / contact
        assert sigma < 0.02
        assert np.mean(ratio) / contact == pytest.approx(found, abs=4 * sigma)


def test_annihilation_with_explicit_four_vectors():
    """e+e- pairs at one temperature, energy lost over the contact limit, far from resonance."""
    rng = np.random.default_rng(8)
    n, mass = 2_000_000, 60.0
    first, second = rng.gamma(3, 1.0, n), rng.gamma(3, 1.0, n)
    s = 2 * first * second * (1 - rng.uniform(-1, 1, n))
    weight = s**2 / (first * second) * (first + second) * (s < 0.7 * mass**2)
    for power, found in zip((1, 2), tabulated(mass)[:2], strict=True):
        ratio = weight * (mass**2 / (mass**2 - s)) ** power
        assert np.mean(ratio) / np.mean(weight) == pytest.approx(found, abs=2e-3)


@pytest.mark.parametrize("charge", [1.0, -2.0])
def test_contact_coefficients_are_a_fierz_shift(charge):
    """gL,R -> gL,R + c_nu c_e/(2 sqrt2 G_F M^2) (ghosh2023 eqs 47, 50: 16, 4 times smaller)."""
    mass, g = 30.0, 3e-5
    model = nup.U1X(charges={"e": 1.0, "mu": charge, "tau": 0.5}, mass=mass, g=g)
    point = coefficients(model, options(flavours="separate"))
    gl, gr = weak.chiral_couplings()
    shift = g * np.array([1.0, charge, 0.5]) * g / (2 * sqrt(2) * G_F * mass**2)
    total = point.c[WEAK_1] + point.c[MEDIATED_INT] + point.c[MEDIATED_BSM]
    assert total * pi**5 == pytest.approx(4 * G_F**2 * ((gl + shift) ** 2 + (gr + shift) ** 2), rel=1e-12)
    shifted = G_F + g**2 * charge / (sqrt(2) * mass**2)
    assert point.v[1, 0].sum() * pi**5 == pytest.approx(shifted**2, rel=1e-12)
