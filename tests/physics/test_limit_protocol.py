"""What holds for every limit of the catalogue."""

import numpy as np
import pytest

from nuportal.limits.ray import Ray
from nuportal.limits.registry import layers, limit, limits, names
from nuportal.models import U1X, DipolePortal, HiddenNeutrino, VectorMediator
from nuportal.references import bibliography

RAYS = {
    "B-L 10 MeV": Ray(lambda g: U1X("B-L", mass=10.0, g=g), "g", 1e-12, 1e-2),
    "Lmu-Ltau mixed 1 keV": Ray(lambda g: U1X("Lmu-Ltau", mass=1e-3, g=g, epsilon="-g/70"), "g", 1e-12, 1e-2),
    "B3-3Lmu 2 GeV": Ray(lambda g: U1X("B3-3Lmu", mass=2e3, g=g), "g", 1e-9, 1.0),
    "dark photon 30 MeV": Ray(lambda e: U1X(charges={"e": 0}, mass=30.0, g=1e-12, epsilon=e), "epsilon", 1e-10, 1e-1),
    "neutrinos alone 1 eV": Ray(lambda g: VectorMediator(1e-6, g_nu=g), "g_nu", 1e-14, 1e-6),
    "dipole 2 MeV": Ray(lambda d: DipolePortal(2.0, f"{d} mu_B"), "d", 1e-13, 1e-6),
    "hidden neutrino": Ray(lambda chi: HiddenNeutrino(1e-10, 1.0, 1e-3, chi), "chi", 1e-12, 1e-2),
}
SLOW = {"planck2018", "planck2018-cmb", "act-dr6", "combination-2026", "bbn"} | {
    n for n in names() if n in ("simons-observatory", "cmb-s4", "cmb-hd", "h0-band")
}


@pytest.mark.parametrize("name", names())
def test_outcomes_are_ordered_disjoint_and_inside_the_ray(name):
    """No interval without status ok, none outside the ray, none for a mass outside the validity."""
    chosen = limit(name)
    for label, ray in RAYS.items():
        if name in SLOW and label == "neutrinos alone 1 eV":
            continue
        outcome = chosen.excluded(ray)
        ends = np.array(outcome.excluded).ravel()
        assert np.all(np.isfinite(ends)), label
        assert np.all(np.diff(ends) >= 0), label
        assert np.all((ends >= ray.low * (1 - 1e-9)) & (ends <= ray.high * (1 + 1e-9))), label
        if outcome.status != "ok":
            assert outcome.excluded == (), label
            assert outcome.reason, label
        inside = chosen.about.mass_low <= ray.mass <= chosen.about.mass_high
        assert inside or outcome.status in ("out of range", "not applicable"), label


@pytest.mark.parametrize("name", names())
def test_a_weaker_model_is_never_excluded_for_being_weak(name):
    """The Standard Model survives: at the lower end of a ray that is weak enough nothing is excluded."""
    chosen = limit(name)
    if chosen.about.kind != "exclusion" or "vector" not in chosen.about.families:
        pytest.skip("no exclusion of vectors")
    mass = float(np.sqrt(max(chosen.about.mass_low, 1e-12) * min(chosen.about.mass_high, 1e4)))
    if chosen.about.formula.startswith("neff"):
        mass = 50.0
    ray = Ray(lambda g: U1X("B-3Lmu", mass=mass, g=g, epsilon="-g/70"), "g", 1e-27, 1e-3)
    for low, _ in chosen.excluded(ray).excluded:
        assert low > 1e-26


def test_every_source_is_in_the_bibliography():
    """And every limit says how accurate it is and where its numbers come from."""
    known = bibliography()
    for name in names():
        about = limit(name).about
        assert set(about.references) <= known.keys(), name
        assert about.name == name
        assert 0 < about.accuracy <= 10
        assert len(about.provenance) > 10


def test_opt_in_layers_are_not_part_of_all():
    """K and B decays assume where quark mixing sits; they come when asked for."""
    assert "flavour-alignment" in layers()
    everything = {c.about.name for c in limits("all")}
    assert not everything & {"k-to-pi", "b-to-k", "borexino-bauer2018"}
    assert {c.about.name for c in limits("flavour-alignment")} == {"k-to-pi", "b-to-k"}
    assert {c.about.name for c in limits("all,flavour-alignment")} == everything | {"k-to-pi", "b-to-k"}
