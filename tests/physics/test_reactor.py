"""Reactor antineutrinos and pions at rest against published yields, brute force and exact moments."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from nuportal.constants import HBAR_C_CM, M_E, M_MU
from nuportal.errors import NotApplicableError, ParameterError, UnknownNameError
from nuportal.processes import electron_scattering
from nuportal.sources import pion_decay, reactor
from nuportal.sources.beams import beam


@pytest.mark.parametrize(("isotope", "published"), [("235U", 6.69), ("238U", 10.10), ("239Pu", 4.40), ("241Pu", 6.03)])
def test_inverse_beta_decay_yields(isotope, published):
    """1e-43 cm^2 per fission, published for these spectra (1101.2755, 1106.0687); sigma of Strumia-Vissani eq. 25."""

    def weighted(energy):
        positron = energy - 1.2933
        log = np.log(energy)
        power = -0.07056 + 0.02018 * log - 0.001953 * log**3
        sigma = np.sqrt(max(positron**2 - M_E**2, 0.0)) * positron * energy**power
        return sigma * float(reactor.isotope_spectrum(energy, isotope))

    found = quad(weighted, 1.806, 10.0, points=[2.0], limit=200)[0]
    assert found == pytest.approx(published, rel=0.025)


def test_the_two_models_agree_and_meet():
    energy = np.linspace(2.0, 6.0, 41)
    for isotope in reactor.ISOTOPES:
        ratio = reactor.isotope_spectrum(energy, isotope) / reactor.isotope_spectrum(energy, isotope, "vogel-engel")
        assert np.max(np.abs(ratio - 1)) < 0.15
        below, above = reactor.isotope_spectrum([2.0 - 1e-9, 2.0], isotope)
        assert above == pytest.approx(below, rel=0.08)


def test_weights_and_captures():
    source = reactor.ReactorAntineutrinos(6.4e12)
    assert np.sum(source.nodes().weight) == pytest.approx(6.4e12, rel=1e-4)
    assert source.per_fission == pytest.approx(6.8, abs=0.05)
    captured = quad(lambda e: float(reactor.capture_spectrum(e)), 0, 1.3, points=[0.33, 0.39, 0.44, 0.71, 1.19, 1.26])[
        0
    ]
    assert captured == pytest.approx(1.2, rel=1e-4)


@pytest.mark.parametrize("recoil", [3e-3, 0.5, 4.0])
def test_fold_against_adaptive_quadrature(recoil):
    source = reactor.ReactorAntineutrinos(2.7e13)
    anti = lambda t, e, f: electron_scattering.cross_section(t, e, f, particle="antineutrino")  # noqa: E731
    least = (recoil + np.sqrt(recoil * (recoil + 2 * M_E))) / 2
    edges = [least, *(e for e in reactor._edges() if e > least)]
    integrand = lambda e: float(source.spectrum(e) * anti(recoil, e, "e"))  # noqa: E731
    expected = sum(quad(integrand, a, b, epsabs=0, epsrel=1e-9)[0] for a, b in pairwise(edges))
    expected *= 2.7e13 / source.per_fission * HBAR_C_CM**2
    assert source.fold(recoil, anti) == pytest.approx(expected, rel=1e-5)


def test_pion_decay_spectra():
    """Michel spectra: unit norm, mean energies (7/20) m_mu and (3/10) m_mu; the line conserves energy and momentum."""
    for species, fraction in (("nubar_mu", 7 / 20), ("nu_e", 3 / 10)):
        nodes = pion_decay.PionDecayAtRest(2.0).nodes(species)
        assert np.sum(nodes.weight) == pytest.approx(2.0, rel=1e-12)
        assert np.sum(nodes.weight * nodes.energy) / 2 == pytest.approx(fraction * M_MU, rel=1e-12)
    assert pytest.approx(29.79, abs=0.01) == pion_decay.LINE_ENERGY
    pion = pion_decay.LINE_ENERGY + np.hypot(pion_decay.LINE_ENERGY, M_MU)
    assert pion == pytest.approx(139.57039, rel=1e-9)
    assert pion_decay.PionDecayAtRest(2.0).nodes("nu_mu", [0.0, 40.0]).weight.tolist() == [[2.0], [0.0]]


def test_beam():
    assert beam("CHARM-II").neutrino_energy == 23.7e3
    assert beam("CHARM-II").provenance == "unverified"


def test_bad_input():
    with pytest.raises(ParameterError, match="positive"):
        reactor.ReactorAntineutrinos(-1.0)
    with pytest.raises(UnknownNameError, match="did you mean '235U'"):
        reactor.ReactorAntineutrinos(1e12, fractions={"U235": 1.0})
    with pytest.raises(ParameterError, match="sum to one"):
        reactor.ReactorAntineutrinos(1e12, fractions={"235U": 0.5})
    with pytest.raises(UnknownNameError, match="did you mean 'huber-mueller'"):
        reactor.ReactorAntineutrinos(1e12, model="huber-muller")  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="nu_mu"):
        pion_decay.spectrum(30.0, "numu")  # type: ignore[arg-type]
    with pytest.raises(NotApplicableError, match="line"):
        pion_decay.spectrum(30.0, "nu_mu")
    with pytest.raises(UnknownNameError, match="CHARM-II"):
        beam("CHARM")
