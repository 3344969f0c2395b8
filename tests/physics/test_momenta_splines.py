"""Sharpened splines: what they hold exactly, and that they keep number, energy and the growth of entropy."""

from itertools import pairwise

import numpy as np
import pytest

from nuportal.cosmology.momenta.decays import decays
from nuportal.cosmology.momenta.flavours import mixing, scratch
from nuportal.cosmology.momenta.grid import collect, grid, sharpen, spread

GRIDS = [(26, False), (40, False), (26, True)]


def read(g, values, y):
    """Return what is read of values at the nodes, at momentum y."""
    sharp = np.array(values, float).reshape(1, -1, 1)
    sharpen(g, sharp)
    i, *weights = spread(g, y)
    return np.dot(weights, sharp[0, i : i + 3, 0])


def put(g, y):
    """Return the numbers of neutrinos at the nodes for one of momentum y."""
    i, *weights = spread(g, y)
    found = np.zeros((1, g.y.size, 1))
    found[0, i : i + 3, 0] = weights / g.weight[i : i + 3]
    collect(g, found, g.weight)
    return found[0, :, 0] * g.weight


@pytest.mark.parametrize(("nodes", "tail"), GRIDS)
def test_straight_lines_are_read_and_number_and_energy_put_exactly(nodes, tail):
    g = grid(nodes, 24, tail)
    for y in np.random.default_rng(3).uniform(0, g.y[-1], 200):
        assert read(g, 2 - 0.3 * g.y, y) == pytest.approx(2 - 0.3 * y, abs=1e-12 * g.y[-1])
        numbers = put(g, y)
        assert numbers.sum() == pytest.approx(1, abs=1e-12)
        assert numbers @ g.y == pytest.approx(y, abs=1e-12 * g.y[-1])


def test_parabolas_are_read_and_squares_put_exactly_among_equal_cells():
    """B-splines alone would add h^2/4 to both."""
    g = grid(26, 24, False)
    for y in np.linspace(2.01 * g.h, g.edge[g.equal - 2], 50):
        assert read(g, g.y**2, y) == pytest.approx(y**2, abs=1e-10)
        assert put(g, y) @ g.y**2 == pytest.approx(y**2, abs=1e-10)


@pytest.mark.parametrize(("nodes", "tail"), GRIDS)
def test_growing_cells_are_read_with_positive_weights(nodes, tail):
    """A sharpened front of late decays would make occupations ahead of it negative."""
    g = grid(nodes, 24, tail)
    for y in np.linspace(g.edge[g.equal + 2], g.y[-1], 100):
        assert np.min(put(g, y)) > -1e-15


@pytest.mark.parametrize(("nodes", "tail"), GRIDS)
def test_cells_end_where_bosons_reach_and_join_smoothly(nodes, tail):
    g = grid(nodes, 24, tail)
    assert np.allclose(g.dy, np.diff(g.edge))
    assert np.all((g.y > g.edge[:-1]) & (g.y < g.edge[1:]))
    assert g.dy[: g.equal] == pytest.approx(g.h)
    if not tail:
        assert 28 < g.y[-1] < g.q[-1]
    y = np.linspace(0.1, 0.98 * g.y[-1], 4001)
    jumps = np.array([put(g, b) - put(g, a) for a, b in pairwise(y)])
    assert np.max(np.abs(jumps)) < 3 * (y[1] - y[0]) / g.h


def test_collecting_is_the_transpose_of_sharpening():
    g, rng = grid(26, 24, False), np.random.default_rng(4)
    a, b = rng.normal(size=(2, g.y.size, 3)), rng.normal(size=(2, g.y.size, 3))
    sharp, collected = b.copy(), a.copy()
    sharpen(g, sharp)
    collect(g, collected, g.weight)
    left, right = (np.einsum("lnr,n,lnr->lr", *pair) for pair in ((a, g.weight, sharp), (collected, g.weight, b)))
    assert left == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_entropy_grows_for_any_spectra(seed):
    """Bosons in equilibrium with a bath at T = 1: sum N delta dN/dt of neutrinos is minus the entropy made."""
    g, rng, mass = grid(26, 24, False), np.random.default_rng(seed), 4.0
    m = mixing(((0,), (1, 2)), "separate", (1.0, 0.5, -0.5))
    states, k = m.states.size, g.q.size
    energy, numbers = np.hypot(g.q, mass), 3 * g.boson
    bose = np.exp(-energy)
    state = (bose, np.zeros(k), 1 / (1 - bose), bose)
    delta = rng.normal(scale=0.3, size=(states, g.y.size)) + 0.1 * g.y * rng.normal(size=(states, 1))
    sharp = delta.copy().reshape(states, -1, 1)
    sharpen(g, sharp)
    out, boson, far = np.zeros((states, g.y.size)), np.zeros(k), np.zeros((2, states))
    none = (np.zeros((1, 1, 1, 1)), np.zeros((1, 1, 1)), np.zeros((1, 1, 1)), np.zeros((1, 1)), np.zeros((1, 1, 1)))
    matrix = np.zeros((g.y.size, 3, 3))
    decays(
        g, m, mass, 1.0, 10.0, numbers, sharp[:, :, 0].copy(), matrix, scratch(states), state, out, boson, far, False,
        none,
    )  # fmt: skip
    events = out.copy().reshape(states, -1, 1)
    collect(g, events, g.weight)
    made = 2 * np.einsum("i,n,in,in", m.states, g.weight, events[:, :, 0], delta)
    assert made < 0
