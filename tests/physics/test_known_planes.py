"""Planes that were calculated beforehand: they are what the package calculates, and belong to their models."""

import numpy as np
import pytest

import nuportal as nup
from nuportal.cosmology import grid as grids
from nuportal.cosmology.known import _tables, known_plane, table
from nuportal.models import U1X, VectorMediator

TILES = [tile for tiles in _tables() for tile in tiles]


def name_of(tile):
    return f"{tile.model} {tile.epsilon} above {tile.masses[0]:.5g} MeV, {np.exp(tile.y[0]):.0e}"


@pytest.mark.parametrize("tile", TILES, ids=name_of)
def test_stored_values_are_those_of_single_points(tile):
    """At points between the lines of a table; the seed of each differs."""
    rng = np.random.default_rng([5, len(tile.model), int(1e3 * abs(tile.x[0]))])
    for _ in range(2):
        mass, g = (np.exp(rng.uniform(axis[:1], axis[-1:])) for axis in (tile.x, tile.y))
        mass += tile.origin
        model = U1X(tile.model, mass=float(mass[0]), g=float(g[0]), epsilon=tile.epsilon)
        found, kept = grids.solver()(model), tile.read(mass, g)
        assert kept.codes[0] == int(found.status), str(model)
        if found.status:
            continue
        allowed = max(0.005, 0.005 * abs(found.neff - 3.044))
        assert kept.values[0] == pytest.approx(found.neff, abs=allowed), str(model)
        assert abs(kept.values[0] - found.neff) < max(kept.error[0], 1.5e-3), str(model)


def test_a_plane_of_a_known_model_solves_nothing(monkeypatch):
    """It agrees with what is solved, and options other than the default ones are calculated."""
    mass, g = np.geomspace(2.0, 30.0, 9), np.geomspace(1e-9, 1e-5, 9)
    few = nup.neff_grid("B-L", mass[::4], g[::4])
    known = grids.neff_grid_with_error("B-L", mass, g)
    assert not known.calculated.any()
    allowed = np.maximum(0.005, 0.005 * np.abs(few - 3.044))
    assert np.all(np.abs(known.neff[::4, ::4] - few) < allowed)
    assert np.all(known.error < np.maximum(0.01, 0.01 * np.abs(known.neff - 3.044)))

    def refuse(*_args, **_options):
        raise AssertionError("nothing is to be solved")

    monkeypatch.setattr(grids.adaptive, "fill", refuse)
    turned = {"e": 2.0, "mu": 2.0, "tau": 2.0, "u": -2 / 3, "d": -2 / 3}  # of B-L, sign and size turned
    charges = {name: turned.get(name, 0.0) for name in turned}
    half = grids.neff_grid_with_error(charges, mass, g / 2)
    np.testing.assert_allclose(half.neff, known.neff, rtol=1e-5)
    for options in ({"accuracy": "high"}, {"flavours": "separate"}, {"start": "thermal"}, {"mixing": "on"}):
        with pytest.raises(AssertionError, match="nothing is to be solved"):
            nup.neff_grid("B-L", mass, g, **options)


def test_only_the_same_directions_match():
    """Another mixing, other charges, another spin and an axis that leaves a coupling fixed have no table."""
    mass, g = (5.0, 50.0), (1e-8, 1e-6)
    assert table(lambda m, y: U1X("B-L", mass=m, g=y), mass, g) is not None
    assert table(lambda m, y: U1X("B-L", mass=m, g=y, epsilon="-g/60"), mass, g) is None
    assert table(lambda m, y: U1X("B-L", mass=m, g=y, epsilon=1e-8), mass, g) is None
    assert table(lambda m, y: U1X(charges={"e": 1, "mu": 1, "tau": 0.99}, mass=m, g=y), mass, g) is None
    assert table(lambda m, y: U1X("B-L", mass=m, g=y, right_handed="light"), mass, (1e-10, 1e-9)) is None
    assert table(lambda m, y: VectorMediator(m, g_e=1e-7, g_nu=y), mass, g) is None
    vector = table(lambda m, y: VectorMediator(m, g_e=y, g_nu=y), mass, g)
    assert vector is None or vector.scale == pytest.approx(1.0)


def test_outside_of_a_table_nothing_is_known():
    """A plane that reaches beyond is calculated as a whole."""
    inside, outside = np.geomspace(5.0, 200.0, 6), np.geomspace(5.0, 400.0, 6)
    g = np.geomspace(1e-8, 1e-6, 6)

    def build(m, y):
        return U1X("B-L", mass=m, g=y)

    assert known_plane(build, inside, g) is not None
    assert known_plane(build, outside, g) is None


def test_a_plane_shows_what_is_known():
    """Its values are those of single points, and it has errors of both kinds."""
    plane = nup.plane("B-L", "mass=3MeV:30MeV:8", "g=1e-9:1e-6:7")
    single = nup.evolve(U1X("B-L", mass=float(plane.spec.x.values[3]), g=float(plane.spec.y.values[4])))
    assert plane.values[3, 4] == pytest.approx(single.neff, abs=0.005)
    assert np.all(plane.numerical_error >= 0) and np.all(plane.theory_error > 0)
