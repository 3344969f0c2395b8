"""Trident amplitude against spinors, closed-form structure functions, deterministic quadrature, leading logs."""

from math import pi

import numpy as np
import pytest

from nuportal.constants import G_F, M_MU
from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit
from nuportal.limits.trident import Trident
from nuportal.models import U1X
from nuportal.processes.form_factors import Nucleus
from nuportal.processes.trident import (
    C_A,
    C_V,
    coefficients,
    lepton_tensors,
    neutrino_tensor,
    phase_space,
    photon_number,
)

METRIC = np.array([1.0, -1.0, -1.0, -1.0])
TARGETS = {"trident-ccfr": (160e3, Nucleus(26, 30, 55.845)), "trident-charm-ii": (20e3, Nucleus(14, 14, 28.085))}


def trident(name) -> Trident:
    """A trident limit of the catalogue."""
    found = limit(name)
    assert isinstance(found, Trident)
    return found


def structure_functions(s, pair, transfer):
    """Contraction of the vector tensors integrated over the muons, up to 16: photon-gluon fusion with alpha_s -> alpha.

    [1 + (1-y)^2] F_2/z - y^2 F_L/z, times K^2/y^2 (Witten 1976; Gluck, Hoffmann, Reya 1982), z = K^2/(pair + K^2).
    """
    z, r = transfer / (pair + transfer), M_MU**2 / transfer
    beta = np.sqrt(1 - 4 * M_MU**2 / pair)
    log = 2 * np.arctanh(beta)
    second = (z**2 + (1 - z) ** 2 + 4 * r * z * (1 - 3 * z) - 8 * r**2 * z**2) * log
    second = second + beta * (8 * z * (1 - z) - 1 - 4 * r * z * (1 - z))
    longitudinal = 4 * z * (1 - z) * beta - 8 * z**2 * r * log
    y = (pair + transfer) / s
    return ((1 + (1 - y) ** 2) * second - y**2 * longitudinal) * transfer / y**2


def nodes(n, low=0.0, high=1.0):
    """Gauss-Legendre nodes and weights."""
    x, w = np.polynomial.legendre.leggauss(n)
    return low + (high - low) * (x + 1) / 2, w * (high - low) / 2


def vector_integrals(s, masses, n=(48, 64), depth=30.0):
    """int dpair dK^2 structure_functions/s^2/(K^2 + M^2)^k [masses, k, s], k = 0, 1, 2, by quadrature."""
    s = np.atleast_1d(s)[:, None, None]
    v, wv = (a[None, :, None] for a in nodes(n[0]))
    t, wt = (a[None, None, :] for a in nodes(n[1], 0.0, depth))
    least = 4 * M_MU**2
    pair = least * (s / least) ** (v * v)
    transfer = (s - pair) * np.exp(-t)
    weight = wv * 2 * v * np.log(s / least) * pair * wt * transfer / s**2
    density = weight * structure_functions(s, pair, transfer)
    return np.array([[np.sum(density / (transfer + m * m) ** k, axis=(1, 2)) for k in range(3)] for m in masses])


@pytest.mark.parametrize("s", [1e5, 1e6, 1e8])
def test_vector_tensor_is_photon_gluon_fusion(s):
    """The trace, integrated over the muons' angles, is 16 times the closed form."""
    x, w = nodes(48, -1.0, 1.0)
    for ratio in (1.1, 5.0, 80.0):
        pair = 4 * M_MU**2 * ratio
        if pair > 0.9 * s:
            continue
        beta = np.sqrt(1 - 1 / ratio)
        along = np.tanh(np.arctanh(beta) * x)
        cosine, azimuth = (a.ravel() for a in np.meshgrid(along / beta, 2 * pi * np.arange(8) / 8))
        weight = np.tile(w * np.arctanh(beta) * (1 - along**2), 8) / 8
        one = np.ones_like(cosine)
        for fraction in (1e-4, 1e-2, 0.3, 0.9):
            transfer = (s - pair) * fraction
            q, k, out, minus, plus = phase_space(s * one, pair * one, transfer * one, cosine, azimuth)
            lower = neutrino_tensor(k, out) * METRIC[:, None] * METRIC
            found = np.sum(weight * np.einsum("nab,nab->n", lepton_tensors(q, minus, plus)[0], lower))
            assert found == pytest.approx(16 * structure_functions(s, pair, transfer), rel=1e-8, abs=0)


def test_traces_are_sums_over_spinors_and_two_polarisations(dirac):
    """Explicit u, v and transverse polarisations: vector and axial current, the photon's Ward identity included."""
    rng = np.random.default_rng(3)
    q, _, _, minus, plus = phase_space(
        np.array([3e5, 4e6]), np.array([6e4, 2e5]), np.array([1e5, 3e6]), 2 * rng.random(2) - 1, 6.28 * rng.random(2)
    )
    tensors = lepton_tensors(q, minus, plus)
    gamma5 = dirac.right - dirac.left
    eye = np.eye(4)

    def spinors(p, sign):
        """Two solutions of (pslash - sign m) w = 0 with w wbar summed = pslash + sign m."""
        seeds = eye[:, :2] if sign > 0 else eye[:, 2:]
        return (dirac.slash(p) + sign * M_MU * eye) @ seeds / np.sqrt(p[0] + M_MU)

    for n in range(2):
        u, v = spinors(minus[n], 1), spinors(plus[n], -1)
        ubar = u.conj().T @ dirac.gamma[0]
        left = (dirac.slash(minus[n] - q[n]) + M_MU * eye) / (-2 * np.sum(minus[n] * METRIC * q[n]))
        right = (dirac.slash(q[n] - plus[n]) + M_MU * eye) / (-2 * np.sum(plus[n] * METRIC * q[n]))
        for tensor, chirality in zip(tensors, (eye, gamma5), strict=True):
            expected = np.zeros((4, 4))
            for photon in (dirac.gamma[1], dirac.gamma[2]):  # polarisations x, y; the photon flies along z
                amplitude = np.array(
                    [
                        ubar @ (photon @ left @ current + current @ right @ photon) @ v
                        for current in (g @ chirality for g in dirac.gamma)
                    ]
                )
                expected = expected + np.einsum("aij,bij->ab", amplitude, amplitude.conj()).real
            # contracted with a conserved, symmetric tensor: what neutrinos see
            total = minus[n] + plus[n] - q[n]
            k = np.array([7e3, 1e3, 2e3, 0.0])
            probe = k - total * np.sum(k * METRIC * total) / np.sum(total * METRIC * total)
            lower = np.outer(probe * METRIC, probe * METRIC)
            assert np.sum(tensor[n] * lower) == pytest.approx(np.sum(expected * lower), rel=1e-9, abs=0)


def test_leading_logarithms():
    """Large s, l = ln(s/m^2): SM (4/9) s (l - 8/3); massless Z' (interference) (2/3) l^2; heavy and light Z' alone.

    The logarithms of 1406.2332 (2 G_F^2 alpha s/9 pi^2, ...); 8/3 is the exact next term for this normalisation:
    int z dz dy {[1 + (1-y)^2] F_2/z - y^2 F_L/z} with massless structure functions.
    """
    s = np.array([1e12, 1e14])
    length = np.log(s / M_MU**2)
    none = vector_integrals(s, [0.0], n=(64, 128), depth=80.0)[0]
    assert none[0] / s == pytest.approx(4 / 9 * (length - 8 / 3), rel=1e-4, abs=0)
    # l^2 has single logarithms beside it: take the second difference through l^2 + a l + b
    s = 1e10 * 100.0 ** np.arange(3)
    first = vector_integrals(s, [0.0], n=(64, 128), depth=80.0)[0][1]
    assert np.diff(first, 2)[0] / np.log(100) ** 2 / 2 == pytest.approx(2 / 3, rel=0.01, abs=0)
    light = vector_integrals(np.array([1e12]), [0.1, 1.0], n=(64, 128), depth=60.0)[:, 2, 0]
    slope = -np.diff(light)[0] / np.log(100) * M_MU**2
    assert slope == pytest.approx(7 / 4 * 4 / 9, rel=0.01, abs=0)
    heavy = vector_integrals(np.array([1e14]), [3e3, 3e4], n=(64, 128), depth=60.0)[:, 2, 0] * np.array([9e6, 9e8])
    assert np.diff(heavy)[0] / np.log(100) == pytest.approx(3 * 4 / 9, rel=0.02, abs=0)


@pytest.mark.parametrize("name", TARGETS)
def test_shipped_coefficients_against_quadrature(name):
    """B/A and the fall of A from a heavy mediator, at the nodes of the table and between them."""
    energy, nucleus = TARGETS[name]
    masses = np.array([1e-3, 1.0, 13.0, 75.0, 178.0, 420.0, 1300.0, 1e4, 1e5])
    t, w = nodes(48)
    least, most = 4 * M_MU**2, 2 * energy * 800.0
    s = least * (most / least) ** t
    flux = w * np.log(most / least) * photon_number(s, energy, nucleus)
    expected = vector_integrals(s, masses) @ flux
    a, b = np.array([trident(name).coefficients(m) for m in masses]).T
    ratio = expected[:, 2] / expected[:, 1] / (2 * C_V * np.sqrt(2) * G_F)
    assert b / a == pytest.approx(ratio, rel=2e-3, abs=0)
    assert a / a[-1] == pytest.approx(expected[:, 1] / expected[-1, 1], rel=4e-3, abs=0)


def test_contact_formula_where_muons_are_light():
    """At 1e5 times the energy V and A are alike and the contact ratio of 1406.2332 holds to 1 %."""
    mass = np.array([1e9])
    a, b, _ = coefficients(mass, 1e10, TARGETS["trident-ccfr"][1], points=2**13)
    whole, unit = C_V**2 + C_A**2, np.sqrt(2) * G_F * mass**2
    assert a * unit == pytest.approx(2 * C_V / whole, rel=0.01, abs=0)
    assert b * unit**2 == pytest.approx(1 / whole, rel=0.01, abs=0)


def test_destructive_interference_leaves_an_island():
    """x < 0 and heavy: the rate falls below what was measured, then rises through it again."""
    ray = Ray(lambda e: U1X("Lmu-Ltau", mass=1e4, g=0.05, epsilon=-e), "epsilon", 0.17, 1.0)
    chosen = trident("trident-ccfr")
    outcome = chosen.excluded(ray)
    assert len(outcome.excluded) == 2
    rates = [chosen.rate(ray, np.array([end]))[0] for part in outcome.excluded for end in part][:3]
    assert rates == pytest.approx([0.82 - 1.96 * 0.28, 0.82 - 1.96 * 0.28, 0.82 + 1.96 * 0.28], rel=1e-3, abs=0)
    inside = np.sqrt(outcome.excluded[0][0] * outcome.excluded[0][1])
    assert chosen.rate(ray, np.array([inside]))[0] < 0.82 - 1.96 * 0.28


def test_massless_mediators_keep_the_limit_of_one_kev():
    """The table ends at 1 keV; below it the smaller, conservative rate is kept."""
    chosen = trident("trident-ccfr")
    assert chosen.coefficients(0.0) == chosen.coefficients(1e-3)
    assert chosen.coefficients(1e-2)[1] < chosen.coefficients(1e-3)[1]
