"""neff_grid: shapes, agreement with single points, failures, bad input."""

import numpy as np
import pytest

import nuportal as nup
from nuportal.cosmology.temperatures.thermal import neff_grid_with_status
from nuportal.solvers.status import Status


@pytest.mark.parametrize("epsilon", [0.0, 1e-9, "-g/70"])
@pytest.mark.parametrize("flavours", ["common", "separate"])
def test_grid_is_the_single_points(epsilon, flavours):
    masses, gs = [2.0, 15.0], [1e-9, 1e-7, 1e-5]
    grid = nup.neff_grid(
        "Lmu-Ltau", masses, gs, epsilon=epsilon, flavours=flavours, rtol=1e-8, treatment="temperatures"
    )
    assert grid.shape == (2, 3)
    for i, mass in enumerate(masses):
        for j, g in enumerate(gs):
            model = nup.U1X("Lmu-Ltau", mass=mass, g=g, epsilon=epsilon)
            assert grid[i, j] == pytest.approx(
                nup.evolve(model, treatment="temperatures", flavours=flavours, rtol=1e-8).neff, abs=3e-6
            )


def test_charges_and_scalars():
    charges = {"e": 1, "mu": -1}
    found = nup.neff_grid(charges, 10.0, 1e-7)
    assert found.shape == (1, 1)
    assert found[0, 0] == pytest.approx(nup.neff_grid("Le-Lmu", 10.0, 1e-7)[0, 0], abs=1e-12)


def test_order_of_points_does_not_matter():
    masses, gs = np.array([1.2, 5.0, 80.0]), np.array([1e-8, 1e-5])
    np.testing.assert_array_equal(
        *(
            nup.neff_grid("B-L", m, g, treatment="temperatures")[order]
            for m, g, order in ((masses, gs, ...), (masses[::-1], gs[::-1], np.s_[::-1, ::-1]))
        )
    )


def test_failed_points_are_nan_with_a_status():
    """A boson this feebly coupled outlives the evolution."""
    neff, status = neff_grid_with_status("B-L", [10.0], [1e-19, 1e-7])
    assert np.isnan(neff[0, 0]) and status[0, 0] == Status.BOSON_TODAY
    assert np.isfinite(neff[0, 1]) and status[0, 1] == Status.OK


@pytest.mark.parametrize("start", ["thermal", "zero"])
@pytest.mark.parametrize("flavours", ["common", "separate"])
def test_whole_range_of_validity(start, flavours):
    """M = 1.1-300 MeV and g = 1e-13-1e-2: no failures."""
    for name in ("B-L", "Lmu-Ltau", "B-3Le"):
        masses, gs = np.geomspace(1.1, 300, 6), np.geomspace(1e-13, 1e-2, 7)
        _, status = neff_grid_with_status(name, masses, gs, epsilon="-g/70", start=start, flavours=flavours)
        assert np.all(status == Status.OK), name


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("B-L", [-1.0], [1e-7]), "mass"),
        (("B-L", [0.0], [1e-7]), "mass"),
        (("B-L", [np.nan], [1e-7]), "mass"),
        (("B-L", [10.0], [0.0]), "g"),
        (("B-L", [10.0], [np.inf]), "g"),
        (("B-L", [], [1e-7]), "mass"),
        (("B-L", [[10.0]], [1e-7]), "mass"),
        (("B-M", [10.0], [1e-7]), "B-L"),
        (({"e": "one"}, [10.0], [1e-7]), "charge"),
    ],
)
def test_bad_input_is_named(arguments, named):
    with pytest.raises(nup.NuportalError, match=named) as raised:
        nup.neff_grid(*arguments)
    assert "\n" not in str(raised.value)


def test_misspelt_option_is_named():
    with pytest.raises(nup.NuportalError, match="flavours"):
        nup.neff_grid("B-L", [10.0], [1e-7], flavour="common")


def test_light_right_handed_neutrinos_of_a_grid():
    found = nup.neff_grid("B-L", [10.0], [1e-9], right_handed="light")
    assert found[0, 0] == nup.evolve(nup.U1X("B-L", mass=10, g=1e-9, right_handed="light")).neff
    assert found[0, 0] > nup.neff_grid("B-L", [10.0], [1e-9])[0, 0] + 1
    with pytest.raises(nup.errors.NotApplicableError, match="momenta"):
        nup.neff_grid("B-L", [10.0], [1e-9], right_handed="light", treatment="temperatures")
    with pytest.raises(nup.errors.NuportalError, match="absent"):
        nup.neff_grid("B-L", [10.0], [1e-9], right_handed="heavy")
