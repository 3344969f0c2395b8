"""Neutrinos on electrons: limits of B-L and others against published lines and an independent calculation."""

import numpy as np
import pytest

from nuportal.constants import M_E
from nuportal.limits.electron_recoils import excess, prediction
from nuportal.limits.neutrino_beams import ReactorWindow, Window
from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit
from nuportal.models import U1X, DipolePortal, HiddenNeutrino, ScalarMediator


def lowest(name, model, mass, epsilon=0.0, low=1e-9):
    """The smallest excluded coupling."""
    ray = Ray(lambda g: U1X(model, mass=mass, g=g, epsilon=epsilon), "g", low, 1.0)
    return limit(name).excluded(ray).excluded[0][0]


def test_published_lines_of_bauer2018_within_a_quarter(table):
    """1803.05466 Fig. 13, B-L; its Borexino line corresponds to 30 % above the Standard Model rate."""
    names = {"Borexino": "borexino-bauer2018", "TEXONO": "texono", "CHARM-II": "charm-ii"}
    published = table("bauer2018_fig13")
    assert len(published["g"]) == 16
    for name, mass, g in zip(*published.values(), strict=True):
        assert 1 / 1.25 < lowest(names[name], "B-L", mass) / g < 1.25


@pytest.mark.parametrize(
    ("name", "model", "mass", "epsilon", "expected", "within"),
    [
        ("borexino", "B-L", 0.23, 0.0, 0.95e-6, 0.15),
        ("borexino", "B-L", 10.0, 0.0, 1.5e-5, 0.15),
        ("borexino", "B-3Le", 1.0, 0.0, 5.3e-7, 0.15),
        ("borexino", "B-3Le", 10.0, 0.0, 4.5e-6, 0.15),
        ("borexino", "Le-Lmu", 10.0, 0.0, 1.25e-5, 0.15),
        ("borexino", "B-3Lmu", 10.0, "-g/70", 4.1e-4, 0.15),
        ("borexino", "Lmu-Ltau", 1.0, "-g/70", 5.5e-5, 0.15),
        ("texono", "B-L", 0.43, 0.0, 2.96e-6, 0.02),
        ("texono", "B-L", 10.38, 0.0, 1.57e-5, 0.02),
        ("charm-ii", "B-L", 0.884, 0.0, 7.1e-5, 0.03),
        ("charm-ii", "B-L", 1039.0, 0.0, 7.0e-4, 0.03),
        ("gemma", "B-L", 1e-4, 0.0, 3.5e-7, 0.03),
        ("gemma", "B-L", 0.1, 0.0, 5.9e-7, 0.03),
        ("gemma", "B-L", 1.0, 0.0, 4.7e-6, 0.03),
    ],
)
def test_independent_calculation(name, model, mass, epsilon, expected, within):
    """Values of another code; Borexino there is 7Be alone, here pp and pep add 10 %."""
    assert lowest(name, model, mass, epsilon) == pytest.approx(expected, rel=within, abs=0)


@pytest.mark.parametrize("mass", [1e-3, 0.3, 20.0])
def test_excess_along_a_ray_is_that_of_each_model(mass):
    """The polynomial in the products against the prediction model by model, couplings of either sign."""
    of = prediction("xenonnt_sr0")
    ray = Ray(lambda e: U1X("B-3Le", mass=mass, g=1e-7, epsilon=e), "epsilon", 1e-8, 1e-5)
    y = np.geomspace(1e-8, 1e-5, 5)
    direct = [of.excess(ray.build(v)).sum(axis=0) for v in y.tolist()]
    assert excess(of, ray, y) == pytest.approx(np.array(direct), rel=1e-9, abs=1e-12)


def test_profiled_deviance_agrees_with_the_fit():
    """-2 ln L of XENON1T along B-L at 10 keV against the profile of `fit`, which minimises on its own."""
    from nuportal.inference.fit import fit

    ray = Ray(lambda g: U1X("B-L", mass="10 keV", g=g), "g", 1e-9, 1e-5)
    y = np.array([1e-7, 2e-7, 3e-7, 5e-7])
    found = fit("B-L", "xenon1t_sr1", mass="10 keV")
    expected = 2 * (found.nll(y) - found.nll(0.0))
    assert limit("xenon1t").deviance(ray, y) == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_the_excess_of_xenon1t_is_a_band_below_its_exclusion():
    """The favoured interval ends where the exclusion begins, and the Standard Model is not excluded."""
    ray = Ray(lambda g: U1X("B-L", mass="10 keV", g=g), "g", 1e-9, 1e-5)
    ((low, high),) = limit("xenon1t-excess").excluded(ray).excluded
    ((begins, _),) = limit("xenon1t").excluded(ray).excluded
    assert low < high
    assert high == pytest.approx(begins, rel=1e-4, abs=0)


def test_reactor_window_against_a_double_integral():
    """GEMMA's window: flux times cross-section over T and E on a brute-force grid."""
    from nuportal.processes.electron_scattering import cross_section
    from nuportal.sources.reactor import ReactorAntineutrinos

    window = ReactorWindow(Window(low=3.0, high=8.0, target="CsI"))
    model = U1X("B-L", mass=2.0, g=1e-5)
    source = ReactorAntineutrinos(flux=1.0)
    t, e = np.linspace(3, 8, 1001), np.linspace(3, 10, 1401)
    spectrum = source.spectrum(e) / source.per_fission
    grid = cross_section(t[:, None], e[None], "e", model.couplings, particle="antineutrino")
    base = cross_section(t[:, None], e[None], "e", particle="antineutrino")
    ratio = np.trapezoid(np.trapezoid(grid * spectrum, e), t) / np.trapezoid(np.trapezoid(base * spectrum, e), t)
    ray = Ray(lambda g: U1X("B-L", mass=2.0, g=g), "g", 1e-9, 1e-3)
    found = 1 + window.mediator(ray, np.array([1e-5]))[0] / window.standard
    assert found - 1 == pytest.approx(ratio - 1, rel=5e-3)


def test_heavy_neutrinos_scale_with_the_coupling_and_end_at_the_reach():
    """Dipole and hidden neutrino: quadratic in the coupling; above the kinematic reach the limit says why."""
    ray = Ray(lambda d: DipolePortal(0.1, f"{d} mu_B", "tau"), "d", 1e-12, 1e-8)
    of = prediction("xenonnt_sr0")
    one, two = excess(of, ray, np.array([1e-11, 2e-11]))
    assert two == pytest.approx(4 * one, rel=1e-12, abs=1e-15)
    heavy = Ray(lambda d: DipolePortal(60.0, f"{d} mu_B", "tau"), "d", 1e-12, 1e-8)
    outcome = limit("xenonnt").excluded(heavy)
    assert outcome.excluded == ()
    assert "kinematic reach" in outcome.reason
    hidden = Ray(lambda chi: HiddenNeutrino(1e-10, 1.0, 0.1, chi), "chi", 1e-13, 1e-6)
    assert limit("gemma").excluded(hidden).excluded


def test_without_the_couplings_nothing_is_drawn():
    """No electrons: B-3Lmu; no muon neutrinos in CHARM-II: B-3Le; no nu_e in TEXONO: mixed Lmu-Ltau."""
    cases = (("borexino", "B-3Lmu", 0.0), ("charm-ii", "B-3Le", 0.0), ("texono", "Lmu-Ltau", "-g/70"))
    for name, model, epsilon in cases:
        ray = Ray(lambda g, m=model, e=epsilon: U1X(m, mass=1.0, g=g, epsilon=e), "g", 1e-9, 1.0)
        outcome = limit(name).excluded(ray)
        assert (outcome.status, outcome.excluded) == ("not applicable", ())
        assert "no coupling" in outcome.reason


def test_scalars_at_a_reactor():
    """A heavy scalar: m_e T (T + 2 m_e)/(8 pi E^2 (2 m_e T + M^2)^2) folded with the spectrum."""
    window = ReactorWindow(limit("gemma").measurement)
    ray = Ray(lambda g: ScalarMediator(1e3, g_e=g, g_nu=g), "g", 1e-9, 1.0)
    shape = window.source.fold(window.recoil, lambda t, e, f: np.where(2 * e**2 > t * (M_E + 2 * e), 1 / e**2, 0.0))
    heavy = M_E * window.recoil * (window.recoil + 2 * M_E) / (8 * np.pi) / (2 * M_E * window.recoil + 1e6) ** 2
    expected = 1e-8 * np.sum(window.weight * heavy * shape)
    assert window.mediator(ray, np.array([1e-2]))[0] == pytest.approx(expected, rel=1e-6, abs=0)
