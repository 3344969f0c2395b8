"""Steps of the integration: where they start, how long they are, and what they give back."""

import math

import pytest

from nuportal import U1X, ScalarMediator
from nuportal.cosmology.momenta import model as reading
from nuportal.cosmology.momenta import solve as solving
from nuportal.cosmology.momenta.solve import MomentaOptions, solve
from nuportal.solvers.status import Status


def run(model):
    return solve(model.couplings, MomentaOptions())


@pytest.mark.parametrize("model", [U1X("B-L", mass=20, g=1e-6), U1X("Lmu-Ltau", mass=10, g=2e-7)])
def test_a_boson_in_contact_may_start_in_equilibrium(model, monkeypatch):
    """From 6 M without boson, through all of the first moments, N_eff is the same."""
    usual = run(model)
    monkeypatch.setattr(reading, "LOCKED", math.inf)
    long = run(model)
    assert (usual.details["start_temperature"], long.details["start_temperature"]) == (3 * model.mass, 6 * model.mass)
    assert long.neff == pytest.approx(usual.neff, abs=1e-3)
    assert usual.steps < long.steps


def test_a_slow_boson_does_not_start_in_equilibrium():
    assert run(U1X("B-L", mass=10, g=1e-9)).details["start_temperature"] == 60


@pytest.mark.parametrize(("name", "mass", "g"), [("B-L", 5.0, 1e-5), ("Le-Lmu", 5.0, 1e-5), ("B-L", 100.0, 1e-3)])
def test_steps_follow_the_fall_of_the_number_of_bosons(name, mass, g, monkeypatch):
    """A tenth of the tolerance moves N_eff by less than a thousandth of what the boson adds: 0.006 with long steps."""
    model = U1X(name, mass=mass, g=g)
    usual = run(model)
    for resolution in ("RESOLUTION", "GROWING", "FAST_CONTACT"):
        nodes, boson_nodes, rtol = getattr(solving, resolution)["standard"]
        monkeypatch.setattr(solving, resolution, {"standard": (nodes, boson_nodes, rtol / 10)})
    assert run(model).neff == pytest.approx(usual.neff, abs=1e-3 * abs(usual.neff - 3.044))


@pytest.mark.parametrize("model", [U1X("B-3Lmu", mass=10, g=1e-3), U1X("Lmu-Ltau", mass=5, g=2.5e-3)])
def test_oscillations_come_to_rest_when_the_boson_has_gone(model):
    """Without the first two steps they would start anew, and no step would be short enough."""
    found = run(model)
    assert found.status == Status.OK
    assert found.steps < 150


def test_energy_that_steps_lose_is_given_back():
    found = run(U1X("B-L", mass=10, g=1e-7))
    assert 0 < found.details["energy_restored"] < 2e-4
    assert found.energy_residual < 1e-6


def test_a_start_that_does_not_come_to_rest_goes_on_from_where_it_was():
    """At high accuracy the second of the two first steps does not converge here."""
    model = ScalarMediator(0.002252, g_e=5.958e-13, g_nu=6.847e-05)
    fine = solve(model.couplings, MomentaOptions(accuracy="high"))
    assert fine.status == Status.OK
    assert fine.neff == pytest.approx(run(model).neff, abs=fine.numerical_error)
