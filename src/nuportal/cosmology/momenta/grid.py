# pyright: basic
"""Comoving momenta of neutrinos and boson, and interpolation between them.

With s = T_start/a (a = 1 at the start) a momentum is p = y s. Neutrino nodes are the midpoints y_i = (i + 1/2) h of
equal cells; where a boson decays late, into momenta far above T, cells of growing width follow. Boson nodes are
Q = Q_max v^2 with v at midpoints, dense at small momenta. A neutrino of momentum y is put on the nodes around it with
weights that keep number and energy. logit f is interpolated with the same weights, so that entropy cannot fall.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numba import njit

Y_MAX = 24.0  #: end of the equal cells
TAIL = 14  #: cells that follow where they are asked for, from Y_MAX to about TAIL_END
TAIL_END = 600.0


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


@cache
def grid(nodes: int, boson_nodes: int, tail: bool, open_end: bool = False) -> Grid:
    """Return the grid with `nodes` equal cells for neutrinos and `boson_nodes` for the boson.

    open_end: whether neutrinos above the last node have left for good. Their energy and number are then counted;
    otherwise they are put on the last node, so that they can decay back.
    """
    h = Y_MAX / nodes
    edges = h * np.arange(nodes + 1)
    if tail:
        from scipy.optimize import brentq

        length = TAIL_END - Y_MAX
        ratio = float(brentq(lambda r: h * r * (r**TAIL - 1) / (r - 1) - length, 1.001, 3.0))  # type: ignore[arg-type]
        edges = np.concatenate([edges, Y_MAX + h * np.cumsum(ratio ** np.arange(1, TAIL + 1))])
    y, dy = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    v = (np.arange(boson_nodes) + 0.5) / boson_nodes
    q = Y_MAX * v**2
    dq = 2 * Y_MAX * v / boson_nodes
    norm = 1 / (2 * np.pi**2)
    return Grid(y, dy, norm * y**2 * dy, q, norm * q**2 * dq, nodes, h, float(y[-1]) if open_end else np.inf)


@njit(cache=True, error_model="numpy")
def spread(g, y):
    """Return (i, a, b, c): a momentum y counts with a, b, c at nodes i, i + 1, i + 2; a function linear in y is exact.

    Among the equal cells these are quadratic B-splines, positive and smooth in y, so that rates are smooth in time as
    momenta redshift past the nodes. In the tail the weights are those of linear interpolation. Above the last node c
    alone is y over the last node: such a particle counts with its energy.
    """
    last = g.y.size - 1
    position = y / g.h - 0.5
    if position < g.equal - 1.5:
        i = max(int(position + 0.5), 0)
        t = position - i
        low, high = 0.5 * (0.5 - t) ** 2, 0.5 * (0.5 + t) ** 2
        if i == 0:  # the node below the first lies on the line through the first two
            return 0, 1.0 - high + low, high - low, 0.0
        return i - 1, low, 1.0 - low - high, high
    if y >= g.y[last]:
        return last - 2, 0.0, 0.0, y / g.y[last]
    j = max(min(int(position), last - 1), 1)
    if j >= g.equal - 1:
        j = g.equal - 1
        while y >= g.y[j + 1]:
            j += 1
    t = (y - g.y[j]) / (g.y[j + 1] - g.y[j])
    return j - 1, 0.0, 1.0 - t, t
