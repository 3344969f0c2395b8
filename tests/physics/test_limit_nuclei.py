"""COHERENT: event numbers, limits, gaps of destructive interference."""

import numpy as np
import pytest

from nuportal.constants import HBAR_C_CM, M_E
from nuportal.detectors.targets import target
from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit
from nuportal.models import U1X
from nuportal.processes import cevns
from nuportal.processes.form_factors import Nucleus
from nuportal.sources.pion_decay import FLAVOUR, LINE_ENERGY, spectrum


def along(model, mass, epsilon=0.0):
    """A ray in g."""
    return Ray(lambda g: U1X(model, mass=mass, g=g, epsilon=epsilon), "g", 1e-8, 1.0)


def test_absolute_number_of_events_in_caesium_iodide():
    """14.6 kg, 3.20e23 protons, 0.0848 neutrinos each, 19.3 m: 386 by an independent code, before timing."""
    molecules = 14.6e3 / 259.809 * 6.022e23
    fluence = 0.0848 * 3.20e23 / (4 * np.pi * 1930.0**2)
    assert limit("coherent-csi").standard * molecules * fluence == pytest.approx(386, rel=0.02)


@pytest.mark.parametrize(
    ("model", "mass", "epsilon", "expected"),
    [
        ("B-L", 10.0, 0.0, 3.5e-5),
        ("B-L", 100.0, 0.0, 7.1e-5),
        ("B-L", 1000.0, 0.0, 6.0e-4),
        ("B-3Lmu", 10.0, 0.0, 2.5e-5),
        ("B-3Le", 10.0, 0.0, 3.5e-5),
        ("Lmu-Ltau", 10.0, "-g/70", 1.3e-3),
    ],
)
def test_rate_only_limits_of_an_independent_code(model, mass, epsilon, expected):
    """CsI dominates the combination; the other code scanned in steps of 12 %."""
    found = limit("coherent-csi").excluded(along(model, mass, epsilon)).excluded[0][0]
    assert found == pytest.approx(expected, rel=0.13, abs=0)


def test_destructive_interference_leaves_a_gap():
    """Positive charges cancel the weak charge first: excluded, allowed where it has changed sign, excluded."""
    ray = Ray(lambda g: U1X(charges={"mu": 1, "tau": 1, "u": 1 / 3, "d": 1 / 3}, mass=10, g=g), "g", 1e-8, 1.0)
    chosen = limit("coherent-csi")
    found = chosen.excluded(ray).excluded
    assert len(found) == 2
    gap = np.array([found[0][1] * 1.01, found[1][0] * 0.99])
    rate = 1 + chosen.added(ray, gap) / chosen.standard
    assert np.all((rate > 0.5) & (rate < 1.5))


def test_electron_recoils_strengthen_light_mediators():
    """Below 1 MeV electrons are the more sensitive target in CsI; argon rejects them."""
    csi, argon = limit("coherent-csi"), limit("coherent-ar")
    light, heavy = along("B-L", 1e-3), along("B-L", 10.0)
    assert csi.excluded(light).excluded[0][0] < 0.3 * csi.excluded(heavy).excluded[0][0]
    assert argon.excluded(light).excluded[0][0] == pytest.approx(argon.excluded(heavy).excluded[0][0], rel=0.05)


def test_fold_against_brute_force():
    """Events per molecule of argon by a trapezium over T and E."""
    chosen, model = limit("coherent-ar"), U1X("B-L", mass=50, g=1e-4)
    nucleus = Nucleus(18, 22, 39.962)
    t = np.linspace(1e-3, 0.155, 3001)
    energy = np.linspace(1.0, 52.83, 2001)
    cut = chosen.measurement.selection.acceptance(0.25 * t)
    total = {}
    for name, couplings in (("sm", None), ("new", model.couplings)):
        rate = cevns.cross_section(t, LINE_ENERGY, nucleus, "mu", couplings)
        for species in ("nubar_mu", "nu_e"):
            grid = cevns.cross_section(t[:, None], energy[None], nucleus, FLAVOUR[species], couplings)
            rate = rate + np.trapezoid(grid * spectrum(energy, species), energy)
        total[name] = np.trapezoid(rate * cut, t)
    ray = Ray(lambda g: U1X("B-L", mass=50, g=g), "g", 1e-8, 1.0)
    found = 1 + chosen.added(ray, np.array([1e-4]))[0] / chosen.standard
    assert found - 1 == pytest.approx(total["new"] / total["sm"] - 1, rel=0.01)


def test_models_that_do_not_reach_the_nucleus():
    """No nu_e, nu_mu: B-3Ltau. No quarks and no electrons in argon: Le-Lmu."""
    assert limit("coherent-csi").excluded(along("B-3Ltau", 10.0)).status == "not applicable"
    assert "nucleus" in limit("coherent-ar").excluded(along("Le-Lmu", 10.0)).reason


def test_electrons_in_caesium_iodide():
    """Square of a light mediator: m_e c_e^2 c_nu^2/(2 pi (2 m_e T + M^2)^2) for each of the three neutrinos, T << E."""
    chosen, mass, g = limit("coherent-csi"), 1.0, 1e-2
    window, material = chosen.measurement.selection, target(chosen.measurement.electrons)
    recoil = np.geomspace(window.low / window.light, window.high / window.light, 20001) * 1e-3
    rate = M_E * g**4 / (2 * np.pi * (2 * M_E * recoil + mass**2) ** 2) * HBAR_C_CM**2
    seen = material.electrons(recoil) * window.acceptance(recoil)
    ray = Ray(lambda v: U1X("Le-Lmu", mass=mass, g=v), "g", 1e-8, 1.0)
    expected = 3 * np.trapezoid(rate * seen, recoil)
    assert chosen.added(ray, np.array([g]))[0] == pytest.approx(expected, rel=0.03, abs=0)
