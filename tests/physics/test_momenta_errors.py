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
    """28 nodes in place of 24: every rate, and every sum, is another one. Of 12 errors of one sigma all hold."""
    seen = 0
    for model in random_models(2026, POINTS):
        usual = solve(model.couplings, MomentaOptions())
        with monkeypatch.context() as patch:
            patch.setattr(solving, "RESOLUTION", {"standard": (28, 28, 5e-5)})
            other = solve(model.couplings, MomentaOptions())
        assert usual.energy_residual < 1e-5, model
        assert other.energy_residual < 1e-5, model
        assert usual.status == other.status
        if usual.status == Status.OK:
            assert abs(usual.neff - other.neff) < usual.numerical_error, model
            seen += 1
    assert seen > POINTS / 2


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
