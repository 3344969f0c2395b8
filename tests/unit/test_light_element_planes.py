"""Planes of Y_p and D/H, `yields_grid`: values, reasons, interpolation, files, pictures."""

import numpy as np
import pytest

import nuportal as nup
from nuportal.errors import NotApplicableError, ParameterError, UnknownNameError
from nuportal.planes.constraints import constraint, constraint_names

X, Y = "mass=1.2MeV:20MeV:5", "g=1e-9:1e-6:4"
BATHS = {"treatment": "temperatures"}


@pytest.fixture(scope="module")
def helium():
    return nup.plane("B-L", X, Y, quantity="Y_p", executor="serial", **BATHS)


def test_planes_and_grids_are_the_single_points(helium):
    grid = nup.yields_grid("B-L", helium.x, helium.y, **BATHS)
    np.testing.assert_array_equal(helium.values, grid.Y_p)
    point = nup.evolve(nup.U1X("B-L", mass=helium.x[2], g=helium.y[1]), treatment="temperatures").yields()
    assert helium.values[2, 1] == point.Y_p
    assert (grid.D_H[2, 1], grid.He3_H[2, 1], grid.Li7_H[2, 1]) == (point.D_H, point.He3_H, point.Li7_H)
    assert (grid.Y_p_theory[2, 1], grid.D_H_theory[2, 1]) == tuple(point.theory_error[:2])


def test_planes_and_grids_follow_momenta_by_default():
    """Y_p and D/H of spectra; the treatment is among what makes the hash."""
    found = nup.plane("Lmu-Ltau", "mass=6MeV:12MeV:2", "g=1e-8:1e-7:2", quantity="Y_p", executor="serial")
    point = nup.evolve(nup.U1X("Lmu-Ltau", mass=12.0, g=1e-8)).yields()
    assert found.values[1, 0] == pytest.approx(point.Y_p, abs=1e-9)
    assert found.spec.settings["treatment"] == "momenta"
    grid = nup.yields_grid("Lmu-Ltau", 12.0, 1e-8)
    assert (grid.Y_p[0, 0], grid.D_H[0, 0]) == pytest.approx((point.Y_p, point.D_H), rel=1e-8)
    with pytest.raises(ParameterError, match="not available"):
        nup.plane("B-L", X, Y, quantity="Y_p", preset="ibe", flavours="separate")


def test_living_bosons_have_a_reason(helium):
    assert np.isnan(helium.values[0]).all() and np.isfinite(helium.values[1:]).all()
    assert helium.failures == {"a boson is alive at T = 0.1 MeV": 4}
    grid = nup.yields_grid("B-L", 1.2, [1e-8, 1e-7], **BATHS)
    assert set(grid.reasons) == {0, 1}
    assert "alive" in grid.reasons[0]


def test_options_of_the_yields(helium):
    other = nup.plane(
        "B-L", X, Y, quantity="Y_p", executor="serial", **BATHS, tau_n=870.0, rates="parthenope3", flavours="separate"
    )
    assert other.spec.hash != helium.spec.hash
    assert np.all(other.values[1:] < helium.values[1:])
    np.testing.assert_array_equal(
        other.values,
        nup.yields_grid("B-L", other.x, other.y, tau_n=870, rates="parthenope3", flavours="separate", **BATHS).Y_p,
    )


def test_planes_carry_the_errors_of_their_points(tmp_path, helium):
    """Theory and numerical error of single points, near them of interpolated ones, and in the file."""
    point = nup.evolve(nup.U1X("B-L", mass=helium.x[2], g=helium.y[1]), treatment="temperatures").yields()
    assert (helium.theory_error[2, 1], helium.numerical_error[2, 1]) == (
        point.theory_error[0],
        point.numerical_error[0],
    )
    assert np.isnan(helium.theory_error[0]).all()
    axes = ("mass=5MeV:15MeV:8", "g=1e-9:1e-7:8")
    kept = tmp_path / "k.nc"
    found = nup.plane("B-L", *axes, quantity="D_H", executor="serial", save=kept)
    assert found.calculated < 64
    near = nup.evolve(nup.U1X("B-L", mass=found.x[3], g=found.y[4])).yields()
    assert found.theory_error[3, 4] == pytest.approx(near.theory_error[1], rel=0.5)
    assert found.numerical_error[3, 4] >= 0.5 * near.numerical_error[1]
    np.testing.assert_array_equal(nup.Plane.load(kept).theory_error, found.theory_error)


def test_dense_planes_are_interpolated():
    found = nup.plane("B-L", "mass=3MeV:30MeV:32", "g=1e-8:1e-6:32", quantity="D_H", executor="serial", **BATHS)
    assert found.calculated < 0.6 * found.values.size
    rng = np.random.default_rng(5)
    for i, j in rng.integers(0, 32, (60, 2)):
        exact = nup.yields_grid("B-L", found.x[i], found.y[j], **BATHS).D_H
        assert found.values[i, j] == pytest.approx(exact[0, 0], rel=2e-4)


def test_bands_of_what_is_observed(helium):
    found = constraint("yp-lbt2026")
    assert (found.kind, found.quantity) == ("band", "Y_p")
    assert (found.low, found.high) == pytest.approx((0.2458 - 1.95996 * 0.0013, 0.2458 + 1.95996 * 0.0013), rel=1e-5)
    assert constraint_names("D_H") == ["dh-cooke2018", "dh-pettini2025", "dh-pdg2024"]
    inside = helium.excluded("yp-lbt2026")
    np.testing.assert_array_equal(inside, np.abs(helium.values - 0.2458) < 1.95996 * 0.0013)
    assert not helium.excluded().any()


def test_files_come_back(tmp_path, helium):
    again = nup.Plane.load(helium.save(tmp_path / "p.nc"))
    np.testing.assert_array_equal(again.values, helium.values)
    assert again.constraints == helium.constraints
    assert again.spec == helium.spec


def test_pictures_name_rates_and_quantity(helium):
    second = nup.plane("B-L", X, Y, quantity="Y_p", executor="serial", **BATHS, rates="parthenope3")
    figure = helium.plot(second=second)
    words = " ".join(text.get_text() for text in figure.axes[0].get_legend().get_texts())
    title = figure.axes[0].get_legend().get_title().get_text()
    assert "primat2023" in title and "Y_" in title
    assert "parthenope3" in words and "LBT 2026" in words


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"quantity": "Li7_H"}, UnknownNameError, "quantity"),
        ({"quantity": "D_H", "constraints": "yp-lbt2026"}, UnknownNameError, "dh-cooke2018"),
        ({"quantity": "D_H", "constraints": "planck2018"}, UnknownNameError, "constraint on D_H"),
        ({"quantity": "Y_p", "rates": "primat"}, UnknownNameError, "primat2023"),
        ({"quantity": "Y_p", "omega_b": 1.0}, ParameterError, "omega_b"),
        ({"quantity": "Y_p", "nodes": 3}, UnknownNameError, "option"),
        ({"quantity": "Y_p", "method": "guess"}, UnknownNameError, "adaptive"),
    ],
)
def test_bad_planes(given, error, says):
    with pytest.raises(error, match=says):
        nup.plane("B-L", X, Y, **given)


def test_other_bosons():
    """Momenta are followed for any boson with couplings; temperatures are those of U(1)_X models."""
    found = nup.plane(
        "vector", "mass=4MeV:9MeV:2", "g_nu=1e-9:1e-8:2", quantity="D_H", g_e=0, flavour="mu", executor="serial"
    )
    model = nup.VectorMediator(9.0, g_nu=1e-9, flavour="mu")
    assert found.values[1, 0] == pytest.approx(nup.evolve(model).yields().D_H, rel=1e-9)
    with pytest.raises(NotApplicableError, match=r"for U\(1\)_X models"):
        nup.plane("vector", quantity="Y_p", g_e=1e-9, treatment="temperatures")
    with pytest.raises(NotApplicableError, match="takes couplings"):
        nup.plane("dipole", quantity="Y_p", flavour="e")


@pytest.mark.parametrize("given", [{"mass": []}, {"g": [[1e-8]]}, {"rates": "none"}, {"omega_b": -1.0}])
def test_bad_grids(given):
    with pytest.raises((ParameterError, UnknownNameError)):
        nup.yields_grid(**({"model": "B-L", "mass": [5.0], "g": [1e-8]} | given))
