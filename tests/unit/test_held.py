"""Named tuples by pointer, functions by address, and the LU decomposition by blocks."""

from typing import NamedTuple

import numpy as np
import pytest
from numba import njit, types

from nuportal.solvers import blocked, rodas
from nuportal.solvers.addresses import address, call
from nuportal.solvers.held import hold


class Inner(NamedTuple):
    values: np.ndarray
    factor: float
    chosen: bool
    count: int


class Outer(NamedTuple):
    table: np.ndarray
    inner: Inner
    total: np.ndarray


@njit
def added(outer):
    found = 0.0
    for i in range(outer.table.shape[0]):
        for j in range(outer.table.shape[1]):
            found += outer.table[i, j] * outer.inner.factor
            outer.total[i] += outer.inner.values[j] if outer.inner.chosen else -1.0
    return found + outer.inner.count + 1000.0 * outer.table[1].size


@njit
def scaled(outer, factor):
    return factor * outer.table[1, 2]


@njit
def jump(where, outer, factor):
    return call(where, (outer, factor))


def entries(factor=2.5, count=7):
    return Outer(np.arange(6.0).reshape(2, 3), Inner(np.array([1.0, 2.0, 4.0]), factor, True, count), np.zeros(2))


def test_entries_are_read_and_arrays_written_in_place():
    given = entries()
    held = hold(given)
    assert added(held) == pytest.approx(15 * 2.5 + 7 + 3000)
    assert given.total.tolist() == [7.0, 7.0]
    assert hold(held) is held
    assert held.inner.count == 7


def test_integers_for_floats_and_read_only_arrays_are_the_same_type():
    fixed = entries(factor=2)
    fixed.table.flags.writeable = False
    assert hold(fixed).type == hold(entries()).type
    assert added(hold(fixed)) == pytest.approx(15 * 2 + 7 + 3000)


def test_strided_arrays_are_refused():
    with pytest.raises(TypeError, match="table of Outer is not contiguous"):
        hold(entries()._replace(table=np.arange(12.0).reshape(2, 6)[:, ::2]))


def test_functions_are_called_by_address():
    held = hold(entries())
    assert jump(address(scaled, (held.type, types.float64)), held, 3.0) == 15.0


def test_a_tuple_is_not_passed_by_address():
    from numba.core.errors import TypingError

    with pytest.raises(TypingError, match="takes no tuple"):
        jump(0, entries(), 3.0)


@pytest.mark.parametrize("n", [1, 3, 4, 7, 97])
def test_decomposition_by_blocks_is_that_by_rows(n):
    given = np.random.default_rng(n).normal(size=(n, n))
    if n > 2:
        given[0, 0] = 0.0  # asks for a pivot
    expected, pivot, found, found_pivot = given.copy(), np.zeros(n, int), given.copy(), np.zeros(n, int)
    assert rodas.decompose(expected, pivot, n)
    assert blocked.decompose(found, found_pivot, n)
    assert found_pivot.tolist() == pivot.tolist()
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)
    vector = np.ones(n)
    rodas.solve(found, found_pivot, vector, n)
    assert given @ vector == pytest.approx(np.ones(n))


def test_a_singular_matrix_is_said_to_be_one():
    assert not blocked.decompose(np.ones((5, 5)), np.zeros(5, int), 5)
