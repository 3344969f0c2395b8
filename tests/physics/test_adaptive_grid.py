"""Grids of N_eff that are interpolated in part, against the same grids solved point by point; planes record which."""

import json

import numpy as np
import pytest

import nuportal as nup
from nuportal.cosmology.temperatures.thermal import solve_grid
from nuportal.errors import UnknownNameError
from nuportal.planes.build import specify
from nuportal.planes.quantities import compute, neff_quantity
from nuportal.planes.spec import family
from nuportal.planes.store import Journal

THERMAL = {"treatment": "temperatures"}


@pytest.mark.parametrize(
    ("model", "mass", "options"),
    [
        ("B-L", (1.1, 100.0), {}),
        ("B-3Le", (1.1, 100.0), {"start": "zero"}),
        ("Lmu-Ltau", (1.1, 100.0), {"epsilon": 0.0}),  # no electron coupling
        ("Lmu-Ltau", (1.1, 100.0), {"epsilon": "-g/70", "flavours": "separate"}),
        ("B-L", (0.5, 20.0), {}),  # 2 m_e, and the end of e gamma <-> e Z' at 3 MeV
        ("B-L", (2.0, 50.0), {"epsilon": 1e-6}),  # the electron's coupling vanishes at g = 3.03e-7
    ],
)
def test_interpolated_grid_is_the_solved_one(model, mass, options):
    masses, gs = np.geomspace(*mass, 60), np.geomspace(1e-9, 1e-3, 60)
    solved = solve_grid(model, masses, gs, method="solve", **options)
    found = solve_grid(model, masses, gs, **options)
    assert solved.solved.all()
    assert 0.05 < found.solved.mean() < 0.75
    np.testing.assert_array_equal(found.neff[found.solved], solved.neff[found.solved])
    np.testing.assert_array_equal(found.status, solved.status)
    assert np.max(np.abs(found.neff - solved.neff)) < 1.5e-4


def test_short_grids_are_solved():
    assert solve_grid("B-L", np.geomspace(2, 50, 29), np.geomspace(1e-8, 1e-5, 40)).solved.all()


def test_unknown_method_is_refused():
    with pytest.raises(UnknownNameError, match="did you mean 'solve'"):
        nup.neff_grid("B-L", [10.0], [1e-7], method="solv", treatment="temperatures")


def test_neutrinos_held_by_mixing_alone_are_not_taken_for_locked():
    """Electrons couple through epsilon, neutrinos hardly: the boson follows the plasma, neutrinos do not.

    A start taken from the rates of single baths was wrong by 6e-3 here; likewise for three flavours that a strong
    coupling locks to each other.
    """
    for model, flavours in (
        (nup.U1X("B-L", mass=14.1, g=3e-8, epsilon=-1e-6), "common"),
        (nup.U1X("B-L", mass=2.08, g=1e-3), "separate"),
    ):
        full = nup.evolve(model, treatment="temperatures", flavours=flavours, rtol=1e-8).neff
        found = nup.neff_grid("B-L", model.mass, model.g, epsilon=model.epsilon, flavours=flavours, **THERMAL)[0, 0]
        assert found == pytest.approx(full, abs=2e-5)


def test_strong_exchange_is_followed_to_its_end():
    """A strongly coupled Z' heats neutrinos below 45 keV: a stop there was wrong by 0.012."""
    full = nup.evolve(nup.U1X("B-3Le", mass=3.0, g=9e-4), treatment="temperatures", rtol=1e-8).neff
    assert nup.neff_grid("B-3Le", 3.0, 9e-4, **THERMAL)[0, 0] == pytest.approx(full, abs=2e-5)


AXES = ("mass=2MeV:50MeV:130", "g=1e-8:1e-5:40")


def test_plane_records_the_method_and_how_many_points_were_solved(tmp_path):
    found = nup.plane("B-L", *AXES, save=tmp_path / "a.nc", **THERMAL)
    solved = nup.plane("B-L", *AXES, method="solve", **THERMAL)
    assert found.calculated < 0.7 * found.values.size
    assert solved.calculated == solved.values.size
    assert found.spec.settings["method"] == "adaptive"
    assert found.spec.hash != solved.spec.hash
    read = nup.plane("B-L", *AXES, save=tmp_path / "a.nc", **THERMAL)
    assert read.calculated == found.calculated
    assert json.loads(read.to_dataset().attrs["options"])["method"] == "adaptive"
    assert np.max(np.abs(found.values - solved.values)) < 1e-4


def test_resumed_plane_is_the_uninterrupted_one(tmp_path):
    whole = nup.plane("B-L", *AXES, executor="serial", **THERMAL)
    asked = neff_quantity(family("B-L"), THERMAL)
    spec = specify(family("B-L"), *AXES, 100, asked, THERMAL)
    blocks = asked.blocks(spec)
    assert len(blocks) == 2
    with Journal(tmp_path / "a.nc.partial", spec) as journal:
        list(journal.finished())
        journal.append(blocks[1], compute(asked, spec, blocks[1]))
    resumed = nup.plane("B-L", *AXES, save=tmp_path / "a.nc", executor="threads", workers=2, **THERMAL)
    np.testing.assert_array_equal(resumed.values, whole.values)
    assert resumed.calculated == whole.calculated
