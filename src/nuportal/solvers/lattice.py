"""Values on a rectangular grid from as few calculated points as their smoothness allows.

A coarse lattice is calculated, then refined to the whole grid by halving its cells, one axis at a time. Each new point
is predicted along that axis by two local polynomials; where they differ by more than `tolerance`, or use a value that
is missing, the point and its neighbours are calculated, elsewhere the prediction stays. Centres of the coarse cells are
calculated too, to see what lies between: where one was predicted badly, everything around it is calculated.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

ORDER, LOWER = 8, 6  #: points of the polynomial that predicts, and of the one it is compared with
SMALLEST = 30  #: grids with fewer points along an axis are calculated point by point


@dataclass(frozen=True)
class Axis:
    """Coordinates of one axis, increasing or decreasing; distance that coarse points may be apart; kinks.

    Nothing is interpolated across a coordinate of `kinks`, where the values or their slopes may jump.
    """

    at: np.ndarray
    spacing: float
    kinks: tuple[float, ...] = ()

    @property
    def dense(self) -> bool:
        """Whether the axis has enough points, in order, for interpolation to be worth trying."""
        steps = np.diff(self.at)
        return len(self.at) >= SMALLEST and bool(np.all(steps > 0) or np.all(steps < 0))


class Filled(NamedTuple):
    """Values on the grid [x, y] (NaN where calculation gave none) and where they were calculated."""

    values: np.ndarray
    calculated: np.ndarray


@dataclass
class _Lines:
    """The lines of an axis that are on the lattice, cut into stretches between kinks."""

    axis: Axis
    stretches: list[np.ndarray] = field(init=False)

    def __post_init__(self):
        at = self.axis.at
        side = np.sum([at > kink for kink in self.axis.kinks], axis=0, initial=0) + np.zeros(len(at), int)
        edges = np.flatnonzero(np.diff(side)) + 1
        self.stretches = [_coarse(at, part, self.axis.spacing) for part in np.split(np.arange(len(at)), edges)]

    @property
    def chosen(self) -> np.ndarray:
        """Indices of the lines on the lattice, in order."""
        return np.concatenate(self.stretches)

    def halve(self) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
        """Put a line into every cell; return the new lines and, for each order, (lines used, weights) [new, order]."""
        at = self.axis.at
        found: list[np.ndarray] = []
        uses: list[list[Any]] = [[], []]
        for k, old in enumerate(self.stretches):
            new = ((old[:-1] + old[1:]) // 2)[np.diff(old) > 1]
            if len(new):
                for use, order in zip(uses, (ORDER, LOWER), strict=True):
                    use.append(_stencil(at, old, new, order))
                found.append(new)
                self.stretches[k] = np.sort(np.concatenate([old, new]))
        if not found:
            return np.empty(0, int), []
        return np.concatenate(found), [tuple(map(np.concatenate, zip(*use, strict=True))) for use in uses]  # type: ignore[misc]


def fill(
    x: Axis,
    y: Axis,
    calculate: Callable[[np.ndarray, np.ndarray], np.ndarray],
    *,
    tolerance: float,
    straighten: Callable[[np.ndarray], np.ndarray],
    restore: Callable[[np.ndarray], np.ndarray],
) -> Filled:
    """Return values on the grid x.at by y.at; calculate(i, j) gives those at the points of index i, j (equal length).

    tolerance: largest difference of two predictions at which one is kept. Polynomials go through straighten(value),
    restore undoes it: a function in which the values vary more evenly (NaN where it is not defined).
    """
    grid = _Grid(np.full((len(x.at), len(y.at)), np.nan), np.zeros((len(x.at), len(y.at)), bool), calculate)
    lines = (_Lines(x), _Lines(y))
    coarse = [part.chosen for part in lines]
    everything = np.zeros(grid.values.shape, bool)  # where nothing may be interpolated
    grid.calculate(*_points(coarse))
    first = True
    while any(len(part.chosen) < n for part, n in zip(lines, grid.values.shape, strict=True)):
        for along in (1, 0):
            across = lines[1 - along].chosen
            new, stencils = lines[along].halve()
            if not len(new):
                continue
            select = np.ix_(across, new) if along else np.ix_(new, across)
            known = straighten(grid.values[across] if along else grid.values[:, across].T)
            fine, rough = (restore(np.einsum("ano,no->an", known[:, used], weight)) for used, weight in stencils)
            doubt = _spread(~(np.abs(fine - rough) <= tolerance))
            if not along:
                fine, doubt = fine.T, doubt.T
            grid.values[select] = fine
            doubt |= everything[select]
            grid.calculate(*(np.broadcast_to(index, doubt.shape)[doubt] for index in select))
        if first:
            everything |= _missed(grid, coarse, 2.5 * tolerance)
            i, j = _points([part.chosen for part in lines])
            grid.calculate(i[everything[i, j]], j[everything[i, j]])
            first = False
    return Filled(grid.values, grid.calculated)


@dataclass
class _Grid:
    """Values so far, and where they were calculated."""

    values: np.ndarray
    calculated: np.ndarray
    function: Callable[[np.ndarray, np.ndarray], np.ndarray]

    def calculate(self, i: np.ndarray, j: np.ndarray) -> None:
        """Calculate the points of index i, j that have not been."""
        fresh = ~self.calculated[i, j]
        i, j = i[fresh], j[fresh]
        if len(i):
            self.values[i, j] = self.function(i, j)
            self.calculated[i, j] = True


def _points(lines: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the indices (i, j) of all points where two sets of lines meet."""
    i, j = np.meshgrid(*lines, indexing="ij")
    return i.ravel(), j.ravel()


def _missed(grid: _Grid, coarse: list[np.ndarray], tolerance: float) -> np.ndarray:
    """Return the surroundings [grid] of coarse cells whose centre was predicted badly; every second cell is tried."""
    middle = [(c[:-1] + c[1:]) // 2 for c in coarse]
    i, j = _points(middle)
    even = np.add.outer(np.arange(len(middle[0])), np.arange(len(middle[1]))).ravel() % 2 == 0
    i, j = i[even], j[even]
    predicted = grid.values[i, j]
    grid.calculate(i, j)
    around = np.zeros(grid.values.shape, bool)
    for k in np.flatnonzero(~(np.abs(grid.values[i, j] - predicted) <= tolerance)):
        box: list[slice] = []
        for c, at in zip(coarse, (i[k], j[k]), strict=True):
            cell = int(np.searchsorted(c, int(at), side="right")) - 1
            box.append(slice(c[max(cell - 1, 0)], c[min(cell + 2, len(c) - 1)] + 1))
        around[tuple(box)] = True
    return around


def _coarse(at: np.ndarray, part: np.ndarray, spacing: float) -> np.ndarray:
    """Return evenly spread lines of one stretch, `spacing` apart at most; all where a polynomial needs them."""
    cells = max(int(np.ceil(abs(at[part[-1]] - at[part[0]]) / spacing)), ORDER - 1)
    if cells >= len(part) - 1:
        return part
    wanted = np.linspace(at[part[0]], at[part[-1]], cells + 1)
    chosen = np.unique(np.abs(at[part][None, :] - wanted[:, None]).argmin(axis=1))
    return part[chosen] if len(chosen) >= ORDER else part


def _stencil(at: np.ndarray, old: np.ndarray, new: np.ndarray, order: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the lines used and their Lagrange weights [new, order] for the polynomial through the nearest lines."""
    start = np.clip(np.searchsorted(old, new) - order // 2, 0, len(old) - order)
    used = old[start[:, None] + np.arange(order)]
    nodes, others = at[used], ~np.eye(order, dtype=bool)
    above = np.where(others, at[new][:, None, None] - nodes[:, None, :], 1.0)
    below = np.where(others, nodes[:, :, None] - nodes[:, None, :], 1.0)
    return used, (above / below).prod(axis=2)


def _spread(mask: np.ndarray) -> np.ndarray:
    """Return the mask with the eight neighbours of every point set in it."""
    padded = np.pad(mask, 1)
    rows = padded[:-2] | padded[1:-1] | padded[2:]
    return rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:]
