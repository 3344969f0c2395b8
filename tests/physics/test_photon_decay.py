"""Photon widths of a light boson: Euler-Heisenberg phase space, the heavy-electron limit, statistics."""

from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from nuportal.constants import ALPHA, M_E
from nuportal.errors import NotApplicableError
from nuportal.processes.photon_decay import enhancement_coefficients, mass_enhancement, photon_rate, photon_width

METRIC = np.diag([1.0, -1.0, -1.0, -1.0])


def field(k, e):
    """F^{ab} of a plane wave with momentum k and polarisation e."""
    return np.outer(k, e) - np.outer(e, k)


def dual(f):
    """Contravariant dual field tensor (sign irrelevant: it enters in pairs)."""
    lower = METRIC @ f @ METRIC
    out = np.zeros((4, 4))
    for a, b, c, d in product(range(4), repeat=4):
        if len({a, b, c, d}) == 4:
            sign = np.linalg.det(np.eye(4)[[a, b, c, d]])
            out[a, b] += 0.5 * sign * lower[c, d]
    return out


def contract(f, g):
    return np.sum(f * (METRIC @ g @ METRIC))


def heisenberg_width(mass, nodes=5):
    """Gamma(Z' -> 3 gamma)/g_e^2 from L = alpha^2/(90 m^4) [(FF)^2 + 7/4 (FF~)^2], A -> A + (g_e/e) Z'."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    q = np.array([mass, 0, 0, 0.0])
    massive = [field(q, np.eye(4)[i]) for i in (1, 2, 3)]
    total = 0.0
    for i, j in product(range(nodes), repeat=2):
        e1 = mass / 4 * (1 + x[i])
        low = mass / 2 - e1
        e2 = low + e1 * (1 + x[j]) / 2
        e3 = mass - e1 - e2
        cos = (e3**2 - e1**2 - e2**2) / (2 * e1 * e2)
        directions = [np.array([1.0, 0, 0]), np.array([cos, np.sqrt(max(1 - cos**2, 0)), 0])]
        directions.append(-(e1 * directions[0] + e2 * directions[1]) / e3)
        photons = []
        for energy, n in zip((e1, e2, e3), directions, strict=True):
            k = energy * np.array([1, *n])
            in_plane = np.array([0, -n[1], n[0], 0])
            photons.append([field(k, e) for e in (in_plane, np.array([0, 0, 0, 1.0]))])
        summed = 0.0
        for a, b, c, d in product(massive, *photons):
            amplitude = 0.0
            for (f, g), (h, i_) in (((a, b), (c, d)), ((a, c), (b, d)), ((a, d), (b, c))):
                amplitude += 8 * contract(f, g) * contract(h, i_)
                amplitude += 8 * 7 / 4 * contract(f, dual(g)) * contract(h, dual(i_))
            summed += amplitude**2
        total += w[i] * mass / 4 * w[j] * e1 / 2 * summed
    coupling2 = (ALPHA**2 / (90 * M_E**4)) ** 2 / (4 * np.pi * ALPHA)  # (g_e/e)^2 per g_e^2
    return coupling2 * total / 3 / 6 / ((2 * np.pi) ** 3 * 8 * mass)


def test_three_photon_width_in_the_heavy_electron_limit():
    """17 alpha^3/(2^9 3^6 5^3 pi^4) M^9/m^8: the second equality of ibe2020 eq. 20 is Gamma, not (m/E) Gamma."""
    mass = 1e-3
    assert photon_width(mass) == pytest.approx(heisenberg_width(mass, 5), rel=1e-5)
    assert photon_rate(3.0, 1.0, mass) == pytest.approx(mass / np.hypot(3.0, mass) * photon_width(mass), rel=1e-12)


def test_mass_enhancement_against_the_loop():
    """The electron loop, integrated over Feynman parameters: F and, through it, the Euler-Heisenberg normalisation."""
    path = Path(__file__).parents[2] / "scripts" / "make_three_photon_table.py"
    spec = spec_from_file_location("make_three_photon_table", path)
    assert spec is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)  # type: ignore[union-attr]
    assert script.width_over_heisenberg(0.7, 5, 3) == pytest.approx(mass_enhancement(0.7 * M_E), rel=1e-3)


def test_enhancement_series_and_its_remainder():
    """Terms fall towards the singularity at x = 4; the remainder continues the pattern and F stays smooth."""
    c = np.array(enhancement_coefficients())
    ratios = c[1:] / c[:-1]
    assert np.all(np.diff(ratios) < 0)
    assert ratios[4] == pytest.approx(0.25, abs=0.01)
    assert mass_enhancement(0.01) - 1 == pytest.approx(335 / 714 * (0.01 / M_E) ** 2, rel=1e-3)
    x = 0.5
    rest = (mass_enhancement(np.sqrt(x) * M_E) - np.sum(c * x ** np.arange(6))) / x**6
    sixth = c[5] * 0.25
    assert rest == pytest.approx(sixth / (1 - x / 4), rel=0.05)
    f = np.array([mass_enhancement(m) for m in np.linspace(0.1, 1.02, 93)])
    assert np.all(np.diff(np.log(f), 2) > 0)


def test_scalar_to_two_photons():
    """Loop function against the Feynman-parameter integral, and alpha^2 M^3/(144 pi^3 m^2) for a light scalar."""
    assert photon_width(1e-4, 0) == pytest.approx(ALPHA**2 * 1e-12 / (144 * np.pi**3 * M_E**2), rel=1e-6)
    x, w = np.polynomial.legendre.leggauss(80)
    x, w = (1 + x) / 2, w / 2
    for mass in (0.02, 0.5, 1.0):
        loop = 0.0
        for a, w_a in zip(x, w, strict=True):
            b = x * (1 - a)
            loop += w_a * np.sum(w * (1 - a) * (1 - 4 * a * b) / (1 - a * b * (mass / M_E) ** 2))
        expected = ALPHA**2 * mass**3 / (256 * np.pi**3 * M_E**2) * (4 * loop) ** 2
        assert photon_width(mass, 0) == pytest.approx(expected, rel=1e-6)


def test_stimulated_two_photon_decay():
    p, t, mass = 0.7, 0.4, 0.6
    energy = np.hypot(p, mass)
    x, w = np.polynomial.legendre.leggauss(200)
    k = (energy + p * x) / 2
    factor = np.sum(w / 2 * (1 + 1 / np.expm1(k / t) + 1 / np.expm1((energy - k) / t)))
    assert photon_rate(p, t, mass, 0) == pytest.approx(mass / energy * photon_width(mass, 0) * factor, rel=1e-9)


def test_above_threshold_the_width_is_not_this_one():
    with pytest.raises(NotApplicableError, match="0 < mass < 2 m_e"):
        photon_width(1.1)
