"""Cubic Hermite tables on a uniform grid: several columns at once, value and derivative, for compiled code.

A table is one array (plain arrays are what compiled code reads fastest): row 0 is the header (x0, 1/dx, 0 ...), row
1 + i holds (v_0, dx s_0, v_1, dx s_1, ...), value and scaled slope of each column at x0 + i dx. Outside the grid the
first or last cell is extrapolated; callers keep inside. In compiled code:

    row, t = locate(table, x)              # once for all columns
    value(table, row, t, column), slope(table, row, t, column)
"""

from importlib.resources import files
from pathlib import Path

import numpy as np
from numba import njit

HermiteTable = np.ndarray

_AT_CELL = "f8(f8[:, ::1], i8, f8, i8)"  #: declared, or every literal column would be compiled on its own


def build(x: np.ndarray, values: np.ndarray, slopes: np.ndarray) -> HermiteTable:
    """Return the table of values [points] or [points, columns] with exact slopes d value/dx on a uniform grid x."""
    dx = (x[-1] - x[0]) / (len(x) - 1)
    if not np.allclose(np.diff(x), dx, rtol=1e-9):
        raise ValueError("the grid of a Hermite table is uniform")
    columns = np.atleast_2d(np.asarray(values, float).T).T
    table = np.zeros((len(x) + 1, 2 * columns.shape[1]))
    table[0, :2] = x[0], 1 / dx
    table[1:, 0::2] = columns
    table[1:, 1::2] = np.atleast_2d(np.asarray(slopes, float).T).T * dx
    return table


def grid(table: HermiteTable) -> np.ndarray:
    """Return the points x of a table."""
    return table[0, 0] + np.arange(len(table) - 1) / table[0, 1]


def load(package: str, name: str) -> HermiteTable:
    """Return a table shipped as .npz in a package: the array `table`, and `about`, how it was made."""
    with files(package).joinpath(name).open("rb") as stream, np.load(stream) as stored:
        return stored["table"]


def save(path: str | Path, table: HermiteTable, about: str) -> None:
    """Write a table as `load` reads it, with one line of text on what it holds and how it was made."""
    np.savez_compressed(path, about=about, table=table)


def column_at(table: HermiteTable, x: np.ndarray, column: int) -> np.ndarray:
    """Return the values of one column at many x: `evaluate` for arrays, outside compiled code."""
    position = (x - table[0, 0]) * table[0, 1]
    row = np.clip(position.astype(int), 0, table.shape[0] - 3)
    t = position - row
    (a, b), (c, d) = (table[row + k, 2 * column : 2 * column + 2].T for k in (1, 2))
    return a + t * (b + t * (3.0 * (c - a) - 2.0 * b - d + t * (b + d - 2.0 * (c - a))))


@njit(cache=True, error_model="numpy")
def locate(table: HermiteTable, x: float) -> tuple[int, float]:
    """Return (row, t): the cell that holds x and the position 0..1 within it."""
    position = (x - table[0, 0]) * table[0, 1]
    row = int(position)
    if position < 0.0:
        row = 0
    elif row > table.shape[0] - 3:
        row = table.shape[0] - 3
    return row + 1, position - row


@njit(_AT_CELL, cache=True, error_model="numpy")
def value(table: HermiteTable, row: int, t: float, column: int) -> float:
    """Return the value of one column at the located point."""
    a, b = table[row, 2 * column], table[row, 2 * column + 1]
    c, d = table[row + 1, 2 * column], table[row + 1, 2 * column + 1]
    # Written around the left value so that constant columns are reproduced to the last bit.
    return a + t * (b + t * (3.0 * (c - a) - 2.0 * b - d + t * (b + d - 2.0 * (c - a))))


@njit(_AT_CELL, cache=True, error_model="numpy")
def slope(table: HermiteTable, row: int, t: float, column: int) -> float:
    """Return the derivative d value/dx of one column at the located point."""
    a, b = table[row, 2 * column], table[row, 2 * column + 1]
    c, d = table[row + 1, 2 * column], table[row + 1, 2 * column + 1]
    return (b + t * (2.0 * (3.0 * (c - a) - 2.0 * b - d) + 3.0 * t * (b + d - 2.0 * (c - a)))) * table[0, 1]


@njit(cache=True, error_model="numpy")
def evaluate(table: HermiteTable, x: float, column: int) -> float:
    """Return the value of one column at x."""
    row, t = locate(table, x)
    return value(table, row, t, column)
