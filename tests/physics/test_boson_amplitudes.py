"""Squared amplitudes of a light vector and scalar against traces with explicit Dirac matrices."""

from itertools import product

import numpy as np
import pytest

from nuportal.constants import M_E
from nuportal.processes import annihilation, compton, neutrino_pair

_SIGMA = [np.array(m, complex) for m in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])]
_ZERO, _UNIT2 = np.zeros((2, 2)), np.eye(2)
GAMMA = [np.block([[_UNIT2, _ZERO], [_ZERO, -_UNIT2]]).astype(complex)]
GAMMA += [np.block([[_ZERO, s], [-s, _ZERO]]) for s in _SIGMA]
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
UNIT = np.eye(4)
GAMMA5 = 1j * GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3]


def dot(a, b):
    return a @ METRIC @ b


def slash(p):
    return sum(METRIC[i, i] * p[i] * GAMMA[i] for i in range(4))


def bar(matrix):
    return GAMMA[0] @ matrix.conj().T @ GAMMA[0]


def polarisation_sum(q, mass):
    """-g_{ab} + q_a q_b/M^2 with lower indices; q = None for the photon."""
    if q is None:
        return -METRIC
    lower = METRIC @ q
    return -METRIC + np.outer(lower, lower) / mass**2


def two_body(s, m_a, m_b, rng):
    k = np.sqrt((s - (m_a + m_b) ** 2) * (s - (m_a - m_b) ** 2) / (4 * s))
    n = rng.normal(size=3)
    n *= k / np.linalg.norm(n)
    return np.array([np.hypot(m_a, k), *n]), np.array([np.hypot(m_b, k), *-n])


def trace_sum(left, right, amplitude, polarisations):
    """Sum over polarisations of tr[left A right Abar]; amplitude(a, b) with the two bosons' indices."""
    total = 0.0
    first, second = polarisations
    indices = list(product(range(first.shape[0]), range(second.shape[0])))
    table = {ab: amplitude(*ab) for ab in indices}
    for (a, b), (c, d) in product(indices, indices):
        weight = first[a, c] * second[b, d]
        if weight != 0:
            total += weight * np.trace(left @ table[a, b] @ right @ bar(table[c, d])).real
    return total


SCALAR = np.ones((1, 1))


def compton_trace(p, k, p_out, q, mass, spin):
    """e(p) gamma(k) -> e(p_out) boson(q)."""
    s1, u1 = dot(p + k, p + k) - M_E**2, dot(p_out - k, p_out - k) - M_E**2

    def amplitude(a, b):
        vertex = GAMMA[b] if spin == 1 else UNIT
        return (
            vertex @ (slash(p + k) + M_E * UNIT) @ GAMMA[a] / s1
            + GAMMA[a] @ (slash(p_out - k) + M_E * UNIT) @ vertex / u1
        )

    sums = (polarisation_sum(None, 0), polarisation_sum(q, mass) if spin == 1 else SCALAR)
    return trace_sum(slash(p_out) + M_E * UNIT, slash(p) + M_E * UNIT, amplitude, sums)


@pytest.mark.parametrize("spin", [1, 0])
def test_compton_amplitude(spin):
    rng = np.random.default_rng(7)
    for _ in range(6):
        mass = rng.uniform(0.1, 3.0)
        s = (M_E + mass) ** 2 * (1 + rng.exponential(1.5))
        p, k = two_body(s, M_E, 0.0, rng)
        p_out, q = two_body(s, M_E, mass, rng)
        s1, u1 = s - M_E**2, dot(p_out - k, p_out - k) - M_E**2
        expected = compton_trace(p, k, p_out, q, mass, spin)
        assert compton.squared_amplitude(s1, u1, mass, spin) == pytest.approx(expected, rel=1e-10)
        c1, c0, c_1, c_2 = compton.u_coefficients(s1, mass, spin)
        assert c1 * u1 + c0 + c_1 / u1 + c_2 / u1**2 == pytest.approx(expected, rel=1e-9)
        cosine = p_out[1:] @ k[1:] / np.linalg.norm(p_out[1:]) / np.linalg.norm(k[1:])
        assert compton.stable_amplitude(s1, cosine, mass, spin) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("spin", [1, 0])
def test_annihilation_amplitude(spin):
    rng = np.random.default_rng(8)
    for mass in (0.3, 0.9, 1.5, 6.0):
        s = max(4 * M_E**2, mass**2) * (1.05 + rng.exponential(1.0))
        minus, plus = two_body(s, M_E, M_E, rng)
        k, q = two_body(s, 0.0, mass, rng)
        t1, u1 = -2 * dot(minus, k), -2 * dot(plus, k)

        def amplitude(a, b, minus=minus, plus=plus, k=k, t1=t1, u1=u1):
            vertex = GAMMA[b] if spin == 1 else UNIT
            return (
                vertex @ (slash(minus - k) + M_E * UNIT) @ GAMMA[a] / t1
                + GAMMA[a] @ (slash(k - plus) + M_E * UNIT) @ vertex / u1
            )

        sums = (polarisation_sum(None, 0), polarisation_sum(q, mass) if spin == 1 else SCALAR)
        expected = trace_sum(slash(plus) - M_E * UNIT, slash(minus) + M_E * UNIT, amplitude, sums)
        e0, e1, e2 = annihilation.symmetric_coefficients(s - mass**2, mass, spin)
        found = e0 + e1 * (1 / t1 + 1 / u1) + e2 * (1 / t1**2 + 1 / u1**2)
        assert found == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("spin", [1, 0])
@pytest.mark.parametrize("s1", [1e-4, 0.02, 0.4, 30.0, 1e4])
def test_integrated_compton_amplitude(spin, s1):
    """Analytic int dt against quadrature over the angle, through the switch at s1 = 0.3 m^2."""
    mass = 0.3 * (np.sqrt(s1 + M_E**2) - M_E)
    s = s1 + M_E**2
    r = compton.triangle(s, mass)
    b = r / (s + M_E**2 - mass**2)
    x, w = np.polynomial.legendre.leggauss(60)
    ends = np.log1p(-b), np.log1p(b)
    y = ends[0] + (ends[1] - ends[0]) * (1 + x) / 2  # ln(1 - b xi): flattens the backward peak
    xi = -np.expm1(y) / b
    values = np.array([compton.stable_amplitude(s1, cos, mass, spin) for cos in xi])
    expected = np.sum(w * (ends[1] - ends[0]) / 2 * np.exp(y) / b * values) * s1 * r / (2 * s)
    assert compton.integrated_amplitude(s1, mass, spin) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("spin", [1, 0])
@pytest.mark.parametrize(("mass", "s"), [(0.3, 1.1), (0.9, 40.0), (5.0, 30.0)])
def test_integrated_annihilation_amplitude(spin, mass, s):
    w = s - mass**2
    b = np.sqrt(1 - 4 * M_E**2 / s)
    x, weight = np.polynomial.legendre.leggauss(400)
    t1 = -w / 2 * (1 - b * x)
    values = [-compton.squared_amplitude(t, -w - t, mass, spin) for t in t1]
    expected = np.sum(weight * np.array(values)) * w * b / 2
    assert annihilation.integrated_amplitude(w, mass, spin) == pytest.approx(expected, rel=1e-9)


def pair_trace(p1, p2, k1, k2, mass, spin):
    """nu(p1) nubar(p2) -> boson(k1) boson(k2), one left-handed neutrino, coupling 1."""
    left = (UNIT - GAMMA5) / 2
    t, u = dot(p1 - k1, p1 - k1), dot(p1 - k2, p1 - k2)

    def amplitude(a, b):
        first, second = (GAMMA[a], GAMMA[b]) if spin == 1 else (UNIT, UNIT)
        return second @ slash(p1 - k1) @ first / t + first @ slash(p1 - k2) @ second / u

    sums = (polarisation_sum(k1, mass), polarisation_sum(k2, mass)) if spin == 1 else (SCALAR, SCALAR)
    return trace_sum(slash(p2), left @ slash(p1), amplitude, sums)


@pytest.mark.parametrize("spin", [1, 0])
def test_neutrino_pair_amplitude(spin):
    """int ds/(sqrt(s) p) int dt Sigma/d from traces: the slope of pair_amplitude with rapidity is 2 int dt Sigma/d.

    Scalar: (c/2) phi nu nu + h.c. has the Feynman rule of a Dirac coupling c with one chirality.
    """
    rng = np.random.default_rng(9)
    mass, rapidity = 0.7, 1.9
    s = mass**2 * (2 + 2 * np.cosh(rapidity))
    b = np.sqrt(1 - 4 * mass**2 / s)
    x, w = np.polynomial.legendre.leggauss(48)
    total = 0.0
    p1 = np.sqrt(s) / 2 * np.array([1, 0, 0, 1.0])
    p2 = np.sqrt(s) / 2 * np.array([1, 0, 0, -1.0])
    for cos, weight in zip(x, w, strict=True):
        phi = rng.uniform(0, 2 * np.pi)
        n = np.array([np.sqrt(1 - cos**2) * np.cos(phi), np.sqrt(1 - cos**2) * np.sin(phi), cos])
        k1 = np.sqrt(s) / 2 * np.array([1, *(b * n)])
        k2 = np.sqrt(s) / 2 * np.array([1, *(-b * n)])
        total += weight * pair_trace(p1, p2, k1, k2, mass, spin)
    expected = 2 * total * s * b / 2 / (3 if spin == 1 else 1)
    # rapidities L +- h: a boson almost at rest sees L alone
    h = 1e-3
    found = neutrino_pair.pair_amplitude(mass * np.sinh(rapidity), mass * np.sinh(h), mass, spin) / (2 * h)
    assert found == pytest.approx(expected, rel=2e-6)
