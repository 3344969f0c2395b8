"""N_eff with momenta on grids and planes: against single points, resumed after a kill, on any executor."""

import numpy as np
import pytest

import nuportal as nup
from nuportal.planes.build import specify
from nuportal.planes.quantities import compute, neff_quantity
from nuportal.planes.spec import family
from nuportal.planes.store import Block, Journal
from nuportal.solvers.status import Status

AXES = ("mass=4MeV:40MeV:15", "g=1e-8:1e-5:15")


@pytest.fixture(scope="module")
def whole():
    return nup.plane("B-L", *AXES, executor="serial")


def test_interpolated_points_are_the_single_ones(whole):
    """Points of the plane that were not calculated, against evolve; their stated error covers the difference."""
    assert whole.calculated < 0.6 * whole.values.size
    rng = np.random.default_rng(11)
    for i, j in rng.integers(15, size=(12, 2)):
        history = nup.evolve(nup.U1X("B-L", mass=whole.x[i], g=whole.y[j]))
        off = abs(whole.values[i, j] - history.neff)
        assert off <= max(0.005, 0.005 * abs(history.neff - 3.044))
        assert off <= whole.numerical_error[i, j] + 1e-9
        assert whole.theory_error[i, j] == pytest.approx(history.theory_error, rel=0.1)


def test_resumed_plane_is_the_uninterrupted_one(whole, tmp_path):
    """A killed run leaves some points in its journal; who calculated them changes no bit of the result."""
    asked = neff_quantity(family("B-L"), {})
    spec = specify(family("B-L"), *AXES, 100, asked, {})
    some = [Block(0, 1, 0, 1), Block(14, 15, 14, 15), Block(7, 8, 0, 1)]
    with Journal(tmp_path / "a.nc.partial", spec) as journal:
        list(journal.finished())
        for block in some:
            journal.append(block, compute(asked, spec, block))
    resumed = nup.plane("B-L", *AXES, save=tmp_path / "a.nc", executor="threads", workers=2)
    np.testing.assert_array_equal(resumed.values, whole.values)
    np.testing.assert_array_equal(resumed.numerical_error, whole.numerical_error)
    again = nup.plane("B-L", *AXES, save=tmp_path / "a.nc")
    np.testing.assert_array_equal(again.numerical_error, whole.numerical_error)
    assert again.calculated == whole.calculated
    assert not (tmp_path / "a.nc.partial").exists()


def test_grid_is_the_single_points_of_any_model():
    found = nup.neff_grid("Lmu-Ltau", [5.0, 12.0], [1e-8], epsilon="-g/70")
    for i, mass in enumerate((5.0, 12.0)):
        model = nup.U1X("Lmu-Ltau", mass=mass, g=1e-8, epsilon="-g/70")
        assert found[i, 0] == pytest.approx(nup.evolve(model).neff, abs=1e-9)


def test_boson_that_is_matter_has_a_status_and_no_value():
    found = nup.plane("vector", "g_e=1e-7:2e-7:2", "g_nu=1e-17:1e-16:2", mass="100 eV", method="solve")
    assert np.all(np.isnan(found.values))
    assert list(found.failures) == [Status.BOSON_TODAY.message]


def test_presets_and_treatments_reach_their_solvers():
    ghosh = nup.neff_grid("B-L", 10.0, 1e-7, preset="ghosh")[0, 0]
    assert ghosh == pytest.approx(nup.evolve(nup.U1X("B-L", mass=10, g=1e-7), preset="ghosh").neff, abs=1e-4)
    momenta, thermal = (nup.neff_grid("B-L", 10.0, 1e-7, treatment=t)[0, 0] for t in ("momenta", "temperatures"))
    assert momenta < thermal - 0.1


def test_planes_of_vector_and_scalar_mediators():
    for name, kind in (("vector", nup.VectorMediator), ("scalar", nup.ScalarMediator)):
        found = nup.plane(name, "g_e=1e-8:1e-7:2", "g_nu=1e-9:1e-8:2", mass="5 MeV", method="solve")
        assert isinstance(found, nup.Plane)
        assert found.values[1, 0] == nup.evolve(kind("5 MeV", g_e=1e-7, g_nu=1e-9)).neff


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"flavour": "common"}, "flavours"),
        ({"rtol": 1e-8}, "treatment='temperatures'"),
        ({"treatment": "moments"}, "momenta"),
        ({"method": "solv"}, "solve"),
        ({"workers": 0}, "whole number, at least 1"),
        ({"preset": "ghosh", "flavours": "oscillating"}, "common or separate"),
    ],
)
def test_bad_options_are_named(given, says):
    with pytest.raises(nup.NuportalError, match=says):
        nup.neff_grid("B-L", [10.0], [1e-7], **given)
