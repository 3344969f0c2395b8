"""Stated errors of momenta and of temperatures hold at random points, and warnings are where they should be."""

import numpy as np
import pytest

import nuportal as nup
from nuportal import U1X, ScalarMediator, VectorMediator
from nuportal.cosmology.history import Caution
from nuportal.cosmology.momenta import solve as solving
from nuportal.cosmology.momenta.solve import MomentaOptions, solve
from nuportal.models.u1x import catalog
from nuportal.solvers.status import Status

POINTS = 12


def random_models(seed, points):
    """Return models of every kind over masses of 0.01 eV to 300 MeV and couplings of 1e-14 to 1e-2."""
    rng, names, found = np.random.default_rng(seed), list(catalog()), []
    for _ in range(points):
        mass, kind = 10 ** rng.uniform(-8, np.log10(300)), rng.integers(4)
        if kind < 2:
            g, epsilon = 10 ** rng.uniform(-14, -2), (0, "-g/70", 10 ** rng.uniform(-14, -2))[rng.integers(3)]
            found.append(U1X(names[rng.integers(len(names))], mass=mass, g=g, epsilon=epsilon))
        else:
            cls = VectorMediator if kind == 2 else ScalarMediator
            found.append(cls(mass, g_e=10 ** rng.uniform(-14, -2), g_nu=10 ** rng.uniform(-14, -2)))
    return found


def test_another_grid_differs_by_less_than_the_errors_and_energy_is_kept(monkeypatch):
    """28 nodes in place of 24 or so: every rate, and every sum, is another one. Of 12 errors of one sigma all hold."""
    seen = 0
    for model in random_models(2026, POINTS):
        usual = solve(model.couplings, MomentaOptions())
        with monkeypatch.context() as patch:
            patch.setattr(solving, "RESOLUTION", {"standard": (28, 28, 5e-5)})
            patch.setattr(solving, "GROWING", {"standard": (30, 28, 5e-5)})
            patch.setattr(solving, "FAST_CONTACT", {"standard": (38, 28, 5e-5)})
            other = solve(model.couplings, MomentaOptions())
        assert usual.energy_residual < 1e-5, model
        assert other.energy_residual < 1e-5, model
        assert usual.status == other.status
        if usual.status == Status.OK:
            assert abs(usual.neff - other.neff) < usual.numerical_error, model
            seen += 1
    assert seen > POINTS / 2


@pytest.mark.parametrize(
    "model",
    [
        U1X("B3-3Le", mass=43.2, g=1.8e-5),
        U1X("B1-3Lmu", mass=9.62, g=1.4e-9),
        U1X("Le-Ltau", mass=24.7, g=2e-12, epsilon=5.17e-8),
        U1X("B3-3Lmu", mass=20.6, g=1.5e-3),
        U1X("B3-3Le", mass=4.85, g=6.8e-6, epsilon=6.44e-6),
        U1X("B2-3Le", mass=18.4, g=2.4e-10, epsilon=4.37e-12),
        U1X("Le-Ltau", mass=0.0518, g=6e-11),
        VectorMediator(89.8, g_e=4.9e-11, g_nu=3.4e-7),
    ],
)
def test_temperatures_state_how_far_they_are_from_momenta(model):
    """Six of the worst of 60 random points, and two others."""
    found, baths = (nup.evolve(model, treatment=t, start="thermal") for t in ("momenta", "temperatures"))
    allowed = np.linalg.norm([baths.theory_error, found.theory_error, found.numerical_error])
    assert abs(found.neff - baths.neff) < allowed


def test_warnings():
    made_slowly = nup.evolve(U1X("Lmu-Ltau", mass=10, g=1e-9), flavours="separate")
    assert Caution.START in made_slowly.warnings
    contact = nup.evolve(U1X("B-L", mass=10, g=1e-7))
    assert contact.warnings == ()
    assert nup.evolve(None).warnings == ()
    assert Caution.NOT_THERMALISED in nup.evolve(U1X("B-L", mass=10, g=1e-12), start="thermal").warnings
    assert Caution.DARK_RADIATION in nup.evolve(VectorMediator("0.1 eV", g_nu=1e-10)).warnings
    assert Caution.MUONS in nup.evolve(U1X("B-L", mass=300, g=1e-8, right_handed="light")).warnings


def test_only_thermal_neutrinos_lack_what_a_sum_over_nodes_misses():
    """Coarse cells and fine ones agree in the Standard Model and where late decays have diluted what was there."""
    for model in (None, U1X("B-L", mass=10, g=1e-14)):
        couplings, start = (None, "zero") if model is None else (model.couplings, "thermal")
        coarse, fine = (solve(couplings, MomentaOptions(start=start, accuracy=a)).neff for a in ("standard", "high"))
        assert coarse == pytest.approx(fine, abs=4e-4)


def test_pairs_of_light_bosons_that_are_not_resolved_say_so():
    """A boson of 194 eV with g_nu = 1.1e-5: 4.45 at standard accuracy, 5.08 at high, 5.5 with 60 nodes of the boson."""
    made = {
        a: nup.evolve(nup.VectorMediator(1.94e-4, g_e=2e-14, g_nu=1.1e-5), accuracy=a) for a in ("standard", "high")
    }
    standard, high = made["standard"], made["high"]
    assert abs(standard.neff - high.neff) < standard.numerical_error + high.numerical_error
    assert abs(standard.neff - 5.5) < standard.numerical_error
    assert abs(high.neff - 5.5) < high.numerical_error
    beside = nup.evolve(nup.VectorMediator(1.94e-4, g_e=2e-14, g_nu=2e-5))
    assert beside.numerical_error < 0.2
