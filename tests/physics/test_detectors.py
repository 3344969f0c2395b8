"""Targets and response against direct integration and Monte Carlo."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from nuportal.detectors.response import Detector, response
from nuportal.detectors.targets import KEV, target
from nuportal.errors import NotApplicableError, ParameterError, UnknownNameError


@pytest.mark.parametrize(("name", "electrons"), [("xenon", 54), ("argon", 18), ("germanium", 32), ("CsI", 108)])
def test_every_electron_is_there(name, electrons):
    assert target(name).electrons(1.0) == electrons
    assert target(name).electrons(1e-7) == 0


def test_xenon_shells_and_atoms():
    xenon = target("xenon")
    assert xenon.molecules_per_tonne == pytest.approx(4.58680e27, rel=1e-5)
    assert list(xenon.electrons(np.array([2e-3, 10e-3, 40e-3]))) == [44, 52, 54]
    assert xenon.electrons(10e-3, "rrpa") == pytest.approx(52 * 0.813, rel=0.01)
    with pytest.raises(NotApplicableError):
        target("argon").electrons(1e-3, "rrpa")
    with pytest.raises(UnknownNameError):
        target("neon")


def _detector(exposure=1.0, efficiency=None):
    table = efficiency or (np.array([0.5, 2.0, 30.0]), np.array([0.0, 0.8, 0.9]))
    return Detector(target("xenon"), exposure, table, (0.31, 0.0037))


def test_response_is_the_double_integral():
    """A falling spectrum 1/T folded by nested adaptive quadrature."""
    detector, edges = _detector(), np.array([1.0, 2.0, 3.0])
    found = response(detector, edges)
    counts = found.matrix @ (1 / found.recoil_energy)

    def inner(t):
        sigma = float(detector.sigma(t))

        def density(r):
            return np.interp(r, *detector.efficiency) * norm.pdf(r, t, sigma)

        return (
            quad(density, 1.0, 2.0, points=[min(max(t, 1.0), 2.0)])[0] * float(target("xenon").electrons(t * KEV)) / t
        )

    shells = [b / KEV for b in target("xenon").binding if 0.02 < b / KEV < 8]
    expected = quad(inner, 0.02, 8, points=shells, limit=400, epsrel=1e-7)[0]
    scale = 365.25 * 86400 * target("xenon").molecules_per_tonne
    assert counts[0] == pytest.approx(expected * scale, rel=1e-5)


def test_bad_detectors():
    with pytest.raises(ParameterError, match="exposure = -1"):
        _detector(-1.0)
    for edges in ([1.0], [1.0, 1.0], [2.0, 1.0], [-1.0, 1.0]):
        with pytest.raises(ParameterError):
            response(_detector(), edges)
