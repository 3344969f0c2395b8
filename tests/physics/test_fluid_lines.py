"""Lines on the plane of g_e and g_nu: free streaming, lifetime, XENON1T."""

from math import isnan, pi

import numpy as np
import pytest
from scipy.integrate import quad

from nuportal.constants import M_PLANCK
from nuportal.cosmology.fluid import lines
from nuportal.errors import NotApplicableError
from nuportal.models import VectorMediator


def test_equal_widths_of_majoron_and_vector():
    """ibe2020 eq. 29 with footnote 4: lambda^2 m/(16 pi) = 3 Gamma/3."""
    mass, coupling = 1e-5, 3e-13
    width = VectorMediator(mass=mass, g_nu=lines.vector_of_majoron(coupling)).couplings.width
    assert coupling**2 * mass / (16 * pi) == pytest.approx(width, rel=1e-12)
    assert lines.majoron_of_vector(lines.vector_of_majoron(2.0)) == pytest.approx(2.0)


@pytest.mark.parametrize("x", [0.3, 1.0, 4.0, 12.0])
def test_transport_rate_has_the_incomplete_gamma_function(x):
    t_nu = 2e-6
    gamma_0, _ = quad(lambda u: np.exp(-u) / u, x, x + 60, epsrel=1e-10)
    shape = 0.5 * x**5 * (np.exp(-x) * (x - 1) - (x * x - 2) * gamma_0)
    zeta3 = sum(k**-3 for k in range(1, 2000))
    expected = t_nu * shape / (96 * pi) / (6 * zeta3)
    assert lines.transport_rate(x * t_nu, t_nu) == pytest.approx(expected, rel=1e-5)


def test_free_streaming_bound_against_the_estimate_of_the_facts(table):
    estimate = table("free_streaming_estimate")
    assert len(estimate["mass_eV"]) > 10
    for mass_ev, majoron in zip(estimate["mass_eV"], estimate["coupling"], strict=True):
        assert lines.majoron_of_vector(lines.free_streaming_bound(mass_ev * 1e-6)) == pytest.approx(majoron, rel=0.01)
    assert isnan(lines.free_streaming_bound(0.1))


def test_lifetime_equals_expansion_on_the_line():
    """Radiation with N_eff = 3.044 and matter at 0.26 eV: H is 1.9 times that of photons alone or more."""
    mass = 1e-4
    g_nu = lines.longlived_below(mass)
    width = VectorMediator(mass=mass, g_nu=g_nu).couplings.width
    photons = np.sqrt(8 * pi / 3 * pi**2 / 15) * 0.26e-6**2 / M_PLANCK
    assert 1.5 < width / photons < 3
    with pytest.raises(NotApplicableError, match="mass"):
        lines.longlived_below(0.0)


def test_xenon1t_couplings():
    g_e = np.array([1e-8, 1e-6])
    assert np.sqrt(g_e * lines.xenon1t_coupling(g_e, 3e-7)) == pytest.approx(3e-7)
