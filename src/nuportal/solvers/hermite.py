"""Cubic Hermite tables on a uniform grid: several columns at once, value and derivative, for compiled code.

A table is the tuple (x0, 1/dx, data) with data[i] = (v_0, dx s_0, v_1, dx s_1, ...): value and scaled slope of each
column at x0 + i dx. Outside the grid the first or last cell is extrapolated; callers keep inside. In compiled code:

    row, t = locate(table, x)              # once for all columns
    value(table, row, t, column), slope(table, row, t, column)
"""

from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numba import njit


class HermiteTable(NamedTuple):
    """A uniform-grid cubic Hermite table; `data` has shape [points, 2 columns]."""

    x0: float
    inverse_dx: float
    data: np.ndarray


def build(x: np.ndarray, values: np.ndarray, slopes: np.ndarray) -> HermiteTable:
    """Return the table of values [points] or [points, columns] with exact slopes d value/dx on a uniform grid x."""
    dx = (x[-1] - x[0]) / (len(x) - 1)
    if not np.allclose(np.diff(x), dx, rtol=1e-9):
        raise ValueError("the grid of a Hermite table is uniform")
    columns = np.atleast_2d(np.asarray(values, float).T).T
    scaled = np.atleast_2d(np.asarray(slopes, float).T).T * dx
    data = np.empty((len(x), 2 * columns.shape[1]))
    data[:, 0::2] = columns
    data[:, 1::2] = scaled
    return HermiteTable(float(x[0]), float(1 / dx), np.ascontiguousarray(data))


def load(package: str, name: str) -> HermiteTable:
    """Return a table shipped as .npz in a package: arrays x0, inverse_dx, data, and `about`, how it was made."""
    with files(package).joinpath(name).open("rb") as stream, np.load(stream) as stored:
        return HermiteTable(float(stored["x0"]), float(stored["inverse_dx"]), stored["data"])


def save(path: str | Path, table: HermiteTable, about: str) -> None:
    """Write a table as `load` reads it, with one line of text on what it holds and how it was made."""
    np.savez_compressed(path, about=about, x0=table.x0, inverse_dx=table.inverse_dx, data=table.data)


@njit(cache=True, inline="always", error_model="numpy")
def locate(table, x):
    """Return (row, t): the cell that holds x and the position 0..1 within it."""
    position = (x - table.x0) * table.inverse_dx
    row = int(position)
    if position < 0.0:
        row = 0
    elif row > table.data.shape[0] - 2:
        row = table.data.shape[0] - 2
    return row, position - row


@njit(cache=True, inline="always", error_model="numpy")
def value(table, row, t, column):
    """Return the value of one column at the located point."""
    a, b = table.data[row, 2 * column], table.data[row, 2 * column + 1]
    c, d = table.data[row + 1, 2 * column], table.data[row + 1, 2 * column + 1]
    # Written around the left value so that constant columns are reproduced to the last bit.
    return a + t * (b + t * (3.0 * (c - a) - 2.0 * b - d + t * (b + d - 2.0 * (c - a))))


@njit(cache=True, inline="always", error_model="numpy")
def slope(table, row, t, column):
    """Return the derivative d value/dx of one column at the located point."""
    a, b = table.data[row, 2 * column], table.data[row, 2 * column + 1]
    c, d = table.data[row + 1, 2 * column], table.data[row + 1, 2 * column + 1]
    return (b + t * (2.0 * (3.0 * (c - a) - 2.0 * b - d) + 3.0 * t * (b + d - 2.0 * (c - a)))) * table.inverse_dx


@njit(cache=True, error_model="numpy")
def evaluate(table, x, column):
    """Return the value of one column at x."""
    row, t = locate(table, x)
    return value(table, row, t, column)
