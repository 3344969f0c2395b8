"""g-2: the one-loop shift against quadrature, its limits, and the couplings it excludes (physics note, section 10)."""

from math import pi

import pytest
from scipy.integrate import quad

from nuportal.constants import ALPHA, M_E, M_MU
from nuportal.limits.anomalous_moment import moment_shift
from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit
from nuportal.models import U1X


@pytest.mark.parametrize("mass", [1e-3, 0.1, 1.0, 10.0, 1e3])
@pytest.mark.parametrize("spin", [0, 1])
def test_shift_against_quadrature(mass, spin):
    """The textbook integral, evaluated adaptively."""

    def integrand(z):
        top = 2 * z * (1 - z) ** 2 if spin == 1 else (1 - z) ** 2 * (1 + z)
        return M_E**2 * top / (M_E**2 * (1 - z) ** 2 + mass**2 * z)

    expected = quad(integrand, 0, 1, epsabs=0, limit=500, points=[1e-6, 0.999])[0] / (8 * pi**2)
    assert moment_shift(mass, M_E, spin) == pytest.approx(expected, rel=1e-8, abs=0)


def test_limits_of_the_shift():
    """Massless: Schwinger's alpha/2 pi at coupling e; heavy: m^2/(12 pi^2 M^2)."""
    assert moment_shift(0.0, M_E) * 4 * pi * ALPHA == pytest.approx(ALPHA / (2 * pi), rel=1e-9, abs=0)
    assert moment_shift(1e5, M_E) == pytest.approx(M_E**2 / (12 * pi**2 * 1e10), rel=1e-4, abs=0)


@pytest.mark.parametrize(
    ("name", "mass", "expected"),
    [
        ("g2-electron", 0.1, 1.0e-5),
        ("g2-electron", 1.0, 2.6e-5),
        ("g2-electron", 10.0, 2.0e-4),
        ("g2-muon", 1.0, 3.4e-4),
        ("g2-muon", 100.0, 7.1e-4),
    ],
)
def test_excluded_couplings(name, mass, expected):
    """B-L couples to both leptons with charge -1; the values are those of an independent calculation."""
    ray = Ray(lambda g: U1X("B-L", mass=mass, g=g), "g", 1e-9, 1e-1)
    ((low, high),) = limit(name).excluded(ray).excluded
    assert low == pytest.approx(expected, rel=0.025, abs=0)
    assert high == pytest.approx(0.1)


def test_without_the_lepton_it_does_not_apply():
    """Le-Ltau has no muon; B-3Lmu no electron."""
    for name, model in (("g2-muon", "Le-Ltau"), ("g2-electron", "B-3Lmu")):
        outcome = limit(name).excluded(Ray(lambda g, m=model: U1X(m, mass=M_MU, g=g), "g", 1e-9, 1e-1))
        assert outcome.status == "not applicable"
        assert "no coupling to" in outcome.reason
        assert outcome.excluded == ()
