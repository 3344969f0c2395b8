# pyright: basic
"""Comoving momenta of neutrinos and boson, and interpolation between them.

With s = T_start/a (a = 1 at the start) a momentum is p = y s. Neutrino nodes are the midpoints of cells: equal ones of
width h, on which neutrinos scatter off each other, then growing ones. The map from the number of a cell, v, to y is a
quadratic in every cell with a continuous derivative, so that quadratic B-splines in v hold y exactly. Boson nodes are
Q = Q_max v^3 with v at midpoints, dense at small momenta.

A neutrino of momentum y is put on the nodes around it with weights that keep number and energy, and logit f is read
with the same weights, so that entropy cannot fall. B-splines alone would smooth what they read by h^2/8 of its second
derivative. `sharpen` takes that away before reading, and `collect`, its transpose, after putting.
"""

from functools import cache
from math import sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

RANGE = 24.0  #: the width of equal cells is RANGE over the number of nodes that is asked for
EQUAL_END = 13.0  #: end of the equal cells
GROWTH = 1.25  #: of the cells that follow, over an interval as wide as T_start
END = 34.0  #: end of the grid
LATE_GROWTH, LATE_END = 1.42, 600.0  #: the same for late decays
Q_MAX = 42.0  #: end of the boson's momenta
POWER = 3  #: Q = Q_MAX v^POWER: momenta far below T fill where pairs of light bosons are made


class Grid(NamedTuple):
    """Neutrino nodes `y`, cell widths `dy`, number weights `weight` = y^2 dy/(2 pi^2) (one helicity) [n]; the first
    `equal` cells have one width `h`. Boson nodes `q` and number weights per degree of freedom `boson` [k].
    """

    y: np.ndarray
    dy: np.ndarray
    weight: np.ndarray
    q: np.ndarray
    boson: np.ndarray
    equal: int
    h: float
    end: float  # momentum above which neutrinos have left the grid for good
    edge: np.ndarray  # [n + 1] of the cells
    slope: np.ndarray  # [n + 1] dy/dv there
    below: np.ndarray  # [n] share of the node below in the sharpened value of a node
    above: np.ndarray  # [n] of the node above


@cache
def grid(nodes: int, boson_nodes: int, tail: bool, open_end: bool = False, even: bool = False) -> Grid:
    """Return the grid with cells of RANGE/nodes for soft neutrinos, and `boson_nodes` for the boson.

    tail: whether the cells reach LATE_END. open_end: whether neutrinos above the last node have left for good. Their
    energy and number are then counted; otherwise they are put on the last node, so that they can decay back.
    """
    h = RANGE / nodes
    equal = nodes if even else round(EQUAL_END / h)
    growth, end = (LATE_GROWTH, LATE_END) if tail else (GROWTH, END)
    growth **= min(h, 1.0)
    slopes = [h] * (equal + 1)
    length = h * equal
    while length + 3 * slopes[-1] < end and (tail or not even):
        slopes.append(slopes[-1] * growth)
        length += (slopes[-1] + slopes[-2]) / 2
    slope = np.array([*slopes, *([slopes[-1]] * 2 if tail or not even else [])])  # the last two cells are equal
    bend = np.diff(slope)  # second derivative in every cell
    edge = np.concatenate([[0.0], np.cumsum((slope[1:] + slope[:-1]) / 2)])
    y, dy = edge[:-1] + (3 * slope[:-1] + slope[1:]) / 8, (slope[:-1] + slope[1:]) / 2
    v = (np.arange(boson_nodes) + 0.5) / boson_nodes
    power, q_max = (2, RANGE) if even else (POWER, Q_MAX)
    q = q_max * v**power
    dq = power * q / v / boson_nodes
    norm = 1 / (2 * np.pi**2)
    return Grid(y, dy, norm * y**2 * dy, q, norm * q**2 * dq, equal, h, float(y[-1]) if open_end else np.inf, edge,
                slope, *_sharp(y, bend, equal, even))  # fmt: skip


def asked(g: Grid) -> tuple[int, int, bool, bool, bool]:
    """Return the arguments of `grid`, by which tables are kept."""
    nodes = round(RANGE / g.h)
    return nodes, g.q.size, bool(g.edge[-1] > 2 * END), bool(np.isfinite(g.end)), g.equal == nodes


def _sharp(y: np.ndarray, bend: np.ndarray, equal: int, even: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the shares of the nodes below and above in a sharpened value: minus an eighth of the second difference.

    Some of the first difference is added, so that the B-splines of sharpened y are y. The first and the last value stay
    as they are, and growing cells are not sharpened: there the weights are positive.
    """
    share = np.where(np.arange(1, y.size - 1) < equal, 0.0 if even else 1 / 8, 0.0)
    below, above = -share, -share
    missing = bend[1:-1] / 8 - share * np.diff(y, 2)
    below += np.maximum(missing, 0.0) / (y[1:-1] - y[:-2])
    above += np.maximum(-missing, 0.0) / (y[2:] - y[1:-1])
    return np.pad(below, 1), np.pad(above, 1)


@njit(cache=True, error_model="numpy")
def spread(g, y):
    """Return (i, a, b, c): a momentum y counts with a, b, c at nodes i, i + 1, i + 2; a function linear in y is exact.

    These are quadratic B-splines, positive and smooth in y, so that rates are smooth in time as momenta redshift past
    the nodes. Above the last node c alone is y over the last node: such a particle counts with its energy.
    """
    last = g.y.size - 1
    if y >= g.y[last]:
        return last - 2, 0.0, 0.0, y / g.y[last]
    if y < g.edge[g.equal]:
        cell = int(y / g.h)
        t = y / g.h - cell - 0.5
    else:
        cell = g.equal
        while y >= g.edge[cell + 1]:
            cell += 1
        low, off = g.slope[cell], y - g.edge[cell]
        t = 2.0 * off / (low + sqrt(low * low + 2.0 * (g.slope[cell + 1] - low) * off)) - 0.5
    if cell == last:
        return last - 2, 0.0, -t, 1.0 + t
    low, high = 0.5 * (0.5 - t) ** 2, 0.5 * (0.5 + t) ** 2
    if cell == 0:  # the node below the first lies on the line through the first two
        return 0, 1.0 - high + low, high - low, 0.0
    return cell - 1, low, 1.0 - low - high, high


@njit(cache=True, error_model="numpy")
def sharpen(g, a):
    """Replace a [l, nodes, r] by S a along the nodes, in place: what `spread` has to read."""
    before = np.empty(a.shape[2])
    for l in range(a.shape[0]):
        before[:] = a[l, 0]
        for j in range(1, g.y.size - 1):
            below, above = g.below[j], g.above[j]
            for r in range(a.shape[2]):
                here = a[l, j, r]
                a[l, j, r] = here + below * (before[r] - here) + above * (a[l, j + 1, r] - here)
                before[r] = here


@njit(cache=True, error_model="numpy")
def collect(g, a, weight):
    """Replace a [l, nodes, r], counted by `weight`, by S^T a along the nodes, in place: what `spread` has put there."""
    last = g.y.size - 1
    before = np.empty(a.shape[2])
    for l in range(a.shape[0]):
        before[:] = 0.0
        for j in range(last + 1):
            own = 1.0 - g.below[j] - g.above[j]
            rise = weight[j - 1] * g.above[j - 1] / weight[j] if j > 0 else 0.0
            drop = weight[j + 1] * g.below[j + 1] / weight[j] if j < last else 0.0
            after = min(j + 1, last)
            for r in range(a.shape[2]):
                here = a[l, j, r]
                a[l, j, r] = own * here + rise * before[r] + drop * a[l, after, r]
                before[r] = here
