"""Electron neutrinos with their own spectrum: rates and Y_p against brute force, Fermi-Dirac as a spectrum."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from nuportal.constants import M_E
from nuportal.cosmology.nucleosynthesis import background
from nuportal.cosmology.nucleosynthesis.background import NeutrinoSpectrum
from nuportal.cosmology.nucleosynthesis.weak_corrections import EDGE, GAP, fermi_function, radiative
from nuportal.cosmology.nucleosynthesis.weak_rates import Neutrinos, decay_integral, phase, rates
from nuportal.cosmology.nucleosynthesis.yields import yields
from nuportal.errors import NotApplicableError


def brute_force(t, logit, corrections="all", points=40_000, top=45.0):
    """Both rates from a dense trapezoid and derivatives by differences, logit(y) given for y > 0 in m_e.

    The recoil terms follow 1801.08023 appendix B.3, derivatives written as differences of y^n g(y).
    """
    space = phase(corrections)
    parts = []
    for low, high in ((1e-7, EDGE), (EDGE, top * max(1.3 * t, 0.3) / M_E + GAP)):
        u = (np.arange(points) + 0.5) / points
        parts.append((low + (high - low) * u**3, (high - low) * 3 * u**2 / points))
    p, dp = (np.concatenate(x) for x in zip(*parts, strict=True))
    e, x = np.sqrt(1 + p**2), M_E / t
    electron = fermi_function(p) * radiative(p, np.abs(e - GAP)) if corrections != "born" else np.ones_like(p)
    positron = radiative(p, e + GAP) if corrections != "born" else np.ones_like(p)

    def g(y):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-np.where(y > 0, 1, -1) * logit(np.abs(y))))

    def chi(energy, y, recoil):
        h = np.minimum(1e-3 * np.minimum(1.0, 1 / x), np.abs(y) / 3)

        def power(n, order):
            left, middle, right = ((y + k * h) ** n * g(y + k * h) for k in (-1, 0, 1))
            return {0: middle, 1: (right - left) / (2 * h), 2: (right - 2 * middle + left) / h**2}[order]

        m, f1, f2, f3 = recoil.mass, recoil.f1, recoil.f2, recoil.f3
        s, total = f1 + f2 + f3, power(2, 0)
        if not space.finite_mass:
            return total
        total = total + f1 * power(2, 0) * p**2 / (m * energy) - f2 * power(3, 0) / m
        total += s / (2 * x * m) * (power(4, 2) + p**2 * power(2, 2)) + s / (2 * m) * (power(4, 1) + p**2 * power(2, 1))
        total -= (f1 + f2) / (x * m) * (power(3, 1) - p**2 / energy * power(2, 1)) + 3 * f3 / (x * m) * power(2, 0)
        total += f3 / (3 * m) * p**2 / energy * (power(3, 1) + power(3, 2) / x)
        return total - 3 * s / (2 * x) * (1 - recoil.ratio) * power(2, 1)

    filled = np.exp(-x * e) / (1 + np.exp(-x * e))
    measure = dp * p**2
    forth = np.sum(measure * (electron * (1 - filled) * chi(e, e - GAP, space.neutron)))
    forth += np.sum(measure * (positron * filled * chi(-e, -e - GAP, space.neutron)))
    back = np.sum(measure * (positron * (1 - filled) * chi(e, e + GAP, space.proton)))
    back += np.sum(measure * (electron * filled * chi(-e, GAP - e, space.proton)))
    return np.array([forth, back])


@pytest.mark.parametrize("t", [0.4, 0.8, 2.0])
def test_rates_of_a_distorted_spectrum(t):
    """A cubic logit is represented exactly by one segment; recoil terms need its derivatives."""
    a = 1e-9
    scale = t * a

    def logit(y):
        u = y * M_E / t
        return -u + 0.02 * (u / 3 - 1) + 0.01 * (u / 8) ** 2 - 0.004 * (u / 8) ** 3

    cubic = [[-0.02, (-1 + 0.02 / 3) / scale, 0.01 / 64 / scale**2, -0.004 / 512 / scale**3]]
    found = np.empty((1, 2))
    rates(np.array([a]), np.array([t]), Neutrinos(np.zeros(1), np.array([cubic])), phase(), found)
    np.testing.assert_allclose(found[0], brute_force(t, logit), rtol=1e-6)


GRIDS = [(24, 1.0), (40, 25 / 40)]


def spectrum(thermal, nodes, step, distortion=lambda y: 0.0):
    """The history with electron neutrinos on comoving momenta y_i = (i + 1/2) step of the last temperature."""
    temperature, a = thermal.neutrinos.temperature, np.exp(thermal.ln_a)
    last = (temperature * a)[-1]
    q = (np.arange(nodes) + 0.5) * step * last
    grown = 1 / (1 + np.exp((thermal.t_gamma - 1.0) / 0.3))  # the distortion appears as neutrinos decouple
    logit = -q / (temperature * a)[:, None] + grown[:, None] * distortion(q / last)
    return replace(thermal, neutrinos=NeutrinoSpectrum(q, logit))


@pytest.mark.parametrize(("nodes", "step"), GRIDS)
@pytest.mark.parametrize("case", ["sm", "bl_3"])
def test_fermi_dirac_as_a_spectrum(nodes, step, case, backgrounds):
    thermal, sampled = yields(backgrounds[case]), yields(spectrum(backgrounds[case], nodes, step))
    assert sampled.Y_p == pytest.approx(thermal.Y_p, abs=1e-6)
    np.testing.assert_allclose(sampled.values[1:], thermal.values[1:], rtol=1e-6)


DISTORTIONS = {
    "like decoupling": lambda y: 0.03 * np.tanh(y / 6) ** 2,
    "polynomial": lambda y: 0.02 * (y / 3 - 1) + 0.05 * (y / 8) ** 2 - 0.01 * (y / 8) ** 3,
    "line of a boson": lambda y: 0.05 * np.exp(-((y - 5) ** 2) / 8),
}


@pytest.mark.parametrize(("nodes", "step"), GRIDS)
@pytest.mark.parametrize("name", DISTORTIONS)
def test_distorted_spectra_against_brute_force(nodes, step, name, backgrounds, monkeypatch):
    """Y_p with rates from a dense trapezoid over the exact distribution, derivatives by differences."""
    sm, distortion = backgrounds["sm"], DISTORTIONS[name]
    sampled = yields(spectrum(sm, nodes, step, distortion), rtol=1e-6)
    comoving = sm.neutrinos.temperature * np.exp(sm.ln_a)
    last = comoving[-1]

    def exact(a, t_gamma, neutrinos, space, found):
        for k, (scale, t) in enumerate(zip(a, t_gamma, strict=True)):
            if t < 0.02:  # decay alone, and p -> n is held
                found[k] = decay_integral(space), 0.0
                continue
            grown = 1 / (1 + np.exp((t - 1.0) / 0.3))
            local = np.interp(np.log(scale), sm.ln_a, comoving)

            def logit(y, scale=scale, grown=grown, local=local):
                q = y * scale * M_E
                return -q / local + grown * distortion(q / last)

            found[k] = brute_force(t, logit, points=3000)

    assert abs(sampled.Y_p - yields(sm, rtol=1e-6).Y_p) > 1e-4
    monkeypatch.setattr(background, "rates", exact)
    assert sampled.Y_p == pytest.approx(yields(sm, rtol=1e-6).Y_p, abs=3e-6)


def test_occupations_become_a_spectrum():
    """ln f/(1 - f); the tail, where solvers resolve nothing, is dropped, too few good momenta are refused."""
    q = np.linspace(0.5, 39.5, 40)
    f = 1 / (np.exp(q) + 1) * np.ones((3, 1))
    found = NeutrinoSpectrum.from_occupation(q, f)
    assert len(found.momentum) == 18  # e^{-18.5} is the first below 1e-8
    np.testing.assert_allclose(found.logit, -found.momentum * np.ones((3, 1)), rtol=1e-9)
    f[1, 5] = -1e-9
    with pytest.raises(NotApplicableError, match="5 given"):
        NeutrinoSpectrum.from_occupation(q, f)


def test_spectra_that_jump_do_not_overshoot(backgrounds):
    """Where a solver lets go of the boson occupations jump between two close steps; Y_p was 0.12 for such a history."""
    smooth = spectrum(backgrounds["sm"], 24, 1.0)
    row = int(np.argmax(smooth.t_gamma < 0.15))
    close = smooth.ln_a[row] + np.array([0.0011, 0.004, 0.023])
    columns = {
        name: np.insert(values, row + 1, np.exp(CubicSpline(smooth.ln_a, np.log(values))(close)))
        for name, values in (("t_gamma", smooth.t_gamma), ("hubble", smooth.hubble))
    }
    logit = np.insert(smooth.neutrinos.logit, [row + 1] * 3, smooth.neutrinos.logit[row], axis=0)
    logit[row + 1 :] -= 0.004 * np.arange(24)
    stepped = replace(
        smooth,
        ln_a=np.insert(smooth.ln_a, row + 1, close),
        rho_boson=np.insert(smooth.rho_boson, row + 1, np.zeros(3)),
        neutrinos=NeutrinoSpectrum(smooth.neutrinos.momentum, logit),
        **columns,
    )
    found, expected = yields(stepped), yields(smooth)
    assert found.Y_p == pytest.approx(expected.Y_p, abs=2e-5)
    assert found.D_H == pytest.approx(expected.D_H, rel=1e-4)


@pytest.mark.parametrize("t", [0.3, 1.0])
def test_hard_neutrinos_of_decays_convert_nucleons(t):
    """A line of neutrinos at 26 T that appears late, on cells of growing width: Born rates from a dense trapezoid."""
    edges = np.concatenate([np.arange(21.0), 20 + np.cumsum(1.05 ** np.arange(1, 30))])
    middle, a = (edges[1:] + edges[:-1]) / 2, 1e-9

    def occupation(u):
        return 1 / (np.exp(u) + 1) + 2e-4 * np.exp(-((u - 26) ** 2) / 18)

    early = 1 / (np.exp(middle) + 1)
    f = np.array([early, occupation(middle), occupation(middle)])
    spectrum = NeutrinoSpectrum.from_occupation(middle * t * a, f)
    assert len(spectrum.momentum) == 18 and np.all(spectrum.hard[0] == 0)
    ln_a = np.log(a) + np.array([-1.0, 0.0, 1.0])
    found = background._hard_captures(spectrum, ln_a, np.arange(3), np.log([a]))[0]

    def logit(u):
        return np.log(occupation(u) / (1 - occupation(u)))

    hard, thermal = (brute_force(t, lambda y, of=of: of(y * M_E / t), "born", top=60.0) for of in (logit, lambda u: -u))
    np.testing.assert_allclose(found, hard - thermal, rtol=0.02)
    assert np.all(found > 0.5 * thermal)


def test_rising_ends_do_not_run_away():
    """Decays fill the last cells; a line through rising occupations would reach one."""
    q = np.arange(18) + 0.5
    early = 1 / (np.exp(q) + 1)
    late = early + np.where(q > 14, 3e-4 * (q - 14), 0)
    spectrum = NeutrinoSpectrum.from_occupation(q * 1e-9, np.array([early, late, late]))
    times = np.array([0.0, 1.0, 2.0])
    cubic = background._neutrinos(spectrum, times, np.arange(3), times).cubic
    assert np.all(cubic[:, -1, 1] < 0) and cubic[2, -1, 1] == pytest.approx(2 * cubic[0, -1, 1], rel=1e-6)
