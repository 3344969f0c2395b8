"""Values on a grid from few expensive ones: a point is calculated where a smooth surface through others is in doubt.

A coarse lattice is calculated first. A Gaussian process through the values then says at every point of the grid how far
it may be off, and the points where that exceeds the tolerance most are calculated, a batch at a time, until no point is
in doubt. How rough the values are differs from place to place: the error that each calculated point would have had
without it, in units of what the process expects, scales the estimate around that point.

Some points have no value (a code other than 0 says why). The process knows nothing of them. A point whose nearest
calculated neighbours have different codes is always in doubt; one whose neighbours all have the same code has it too.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from scipy.spatial import KDTree

from nuportal.solvers.gaussian_process import FIRST, Process, Spread

COARSE = (7, 9)  #: lines of the first lattice
BATCH = 24  #: points calculated between two fits: fixed, so that the result does not depend on the number of workers
NEIGHBOURS = 5  #: calculated points that decide on the code of a point
SAFETY = 4.0  #: the largest of ten thousand errors over the size that an error has on average
REFIT = 1.4  #: growth of the number of points at which lengths are fitted anew
CANDIDATES = 2500  #: points of a large grid among which the next are looked for


class Filled(NamedTuple):
    """A grid that has been filled, each field [x, y].

    values: NaN where there are none. codes: 0, or why there is no value. calculated: where values were calculated.
    error: estimated error of interpolation, 0 at calculated points, NaN where there is no value.
    between(at): values at coordinates [n, 2] between the points, NaN where the nearest calculated point has none.
    """

    values: np.ndarray
    codes: np.ndarray
    calculated: np.ndarray
    error: np.ndarray
    between: Callable[[np.ndarray], np.ndarray]


Calculate = Callable[[list[tuple[int, int]]], tuple[np.ndarray, np.ndarray]]
Map = Callable[[np.ndarray], np.ndarray]


def fill(
    x: np.ndarray,
    y: np.ndarray,
    calculate: Calculate,
    *,
    tolerance: Map,
    straighten: Map,
    restore: Map,
    noise: float,
    also: Iterable[tuple[int, int]] = (),
    thorough: bool = False,
) -> Filled:
    """Return values on the grid of the coordinates x by y; calculate([(i, j), ...]) gives values and codes.

    tolerance(values): allowed error of interpolation. The surface goes through straighten(value), restore undoes it: a
    function in which the values vary more evenly.
    noise: error that straightened values have independently of each other, from the steps of whatever calculates them.
    also: points calculated from the start beside the coarse lattice, such as those that cost nothing.
    thorough: look for doubtful points everywhere, not on some lines of a large grid alone.
    """
    grid = _Grid(x, y, calculate, _Surface(tolerance, straighten, restore, noise), thorough)
    free = [i * len(y) + j for i, j in also]
    grid.calculate(np.union1d(grid.lattice(), np.array(free, dtype=int)))
    while chosen := grid.doubtful():
        grid.calculate(chosen)
    return grid.filled()


class _Surface(NamedTuple):
    """What `fill` was told about the values."""

    tolerance: Map
    straighten: Map
    restore: Map
    noise: float


class _Grid:
    """The grid as a list of points, what is known of them, and the process through the known ones."""

    def __init__(self, x: np.ndarray, y: np.ndarray, calculate: Calculate, surface: _Surface, thorough: bool):
        self.shape, self.thorough = (len(x), len(y)), thorough
        self.at = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
        self.function, self.surface = calculate, surface
        count = len(self.at)
        self.values, self.codes = np.full(count, np.nan), np.zeros(count, dtype=np.int16)
        self.known = np.zeros(count, dtype=bool)
        self.error = np.full(count, np.inf)
        self.process_shape, self.fitted_with = FIRST, 0

    def lattice(self) -> np.ndarray:
        """Return the points of the first lattice, which reaches to the borders."""
        lines = [
            np.unique(np.round(np.linspace(0, n - 1, min(few, n))).astype(int))
            for n, few in zip(self.shape, COARSE, strict=True)
        ]
        return np.ravel_multi_index(tuple(m.ravel() for m in np.meshgrid(*lines, indexing="ij")), self.shape)

    def calculate(self, chosen: np.ndarray | list[int]) -> None:
        """Calculate points by index."""
        i, j = np.unravel_index(np.asarray(chosen), self.shape)
        values, codes = self.function(list(zip(i.tolist(), j.tolist(), strict=True)))
        self.values[chosen], self.codes[chosen], self.known[chosen] = values, codes, True

    def doubtful(self) -> list[int]:
        """Return the points to calculate next, none if all are good enough."""
        left = self.candidates[~self.known[self.candidates]]
        if not left.size:
            return []
        mixed = self._codes_of(left)
        smooth = left[(self.codes[left] == 0) | mixed]
        score = np.zeros(len(self.at))
        spread = self._predict(smooth)
        if spread is not None:
            score[smooth] = self.error[smooth] / self.surface.tolerance(self.values[smooth])
        score[left[mixed]] = np.maximum(score[left[mixed]], 2.0)
        return self._worst(score, smooth, spread)

    @property
    def candidates(self) -> np.ndarray:
        """The points among which the next are looked for: all, or of a large smooth grid every n-th line."""
        every = 1
        if not self.thorough and not np.any(self.codes[self.known]):
            every = max(1, round(np.sqrt(len(self.at) / CANDIDATES)))
        lines = [np.unique(np.append(np.arange(0, n, every), n - 1)) for n in self.shape]
        return np.ravel_multi_index(tuple(m.ravel() for m in np.meshgrid(*lines, indexing="ij")), self.shape)

    def _predict(self, smooth: np.ndarray) -> Spread | None:
        """Set values and errors of points from the process; return its spread there, None without enough points."""
        good = np.flatnonzero(self.known & (self.codes == 0))
        if good.size < 3 or not smooth.size:
            return None
        process, restore = self._process(good), self.surface.restore
        spread = process.spread(self.at[smooth])
        straight = process.predict(self.at[smooth])
        slope = np.abs(restore(straight + 1e-4) - restore(straight - 1e-4)) / 2e-4
        self.values[smooth] = restore(straight)
        self.error[smooth] = SAFETY * slope * self._amplitude(process, smooth) * np.sqrt(spread.variance)
        return spread

    def _worst(self, score: np.ndarray, smooth: np.ndarray, spread: Spread | None) -> list[int]:
        """Return up to BATCH points of the largest score, each of which lowers the score of those around it."""
        chosen: list[int] = []
        before = None if spread is None else np.maximum(spread.variance, 1e-30)
        first = score[smooth]
        while len(chosen) < BATCH:
            worst = int(np.argmax(score))
            if not score[worst] > 1.0:
                break
            chosen.append(worst)
            if spread is not None and before is not None:
                spread.know(int(np.searchsorted(smooth, worst)))
                score[smooth] = first * np.sqrt(spread.variance / before)
            score[chosen] = 0.0
        return chosen

    def _process(self, good: np.ndarray) -> Process:
        straight = self.surface.straighten(self.values[good])
        process = Process(self.at[good], straight, self.surface.noise, self.process_shape)
        if good.size > REFIT * self.fitted_with:
            process = process.fitted()
            self.process_shape, self.fitted_with = process.shape, good.size
        return process

    def _amplitude(self, process: Process, smooth: np.ndarray) -> np.ndarray:
        """Return how far the surface is off around points, in units of the spread of the process."""
        missed, spread = process.left_out
        squared = (missed / spread) ** 2
        near = process.covariance(self.at[smooth], process.at) ** 4
        everywhere = 0.05
        return np.sqrt((near @ squared + everywhere * np.mean(squared)) / (near.sum(axis=1) + everywhere))

    def _codes_of(self, left: np.ndarray) -> np.ndarray:
        """Set the code of points that are not known from their neighbours; return which have neighbours of several."""
        known = np.flatnonzero(self.known)
        if not np.any(self.codes[known]):
            return np.zeros(len(left), dtype=bool)
        _, nearest = self._tree(known).query(self.at[left] / self._span, k=min(NEIGHBOURS, known.size))
        around = self.codes[known][nearest].reshape(len(left), -1)
        self.codes[left] = around[:, 0]
        return np.any(around != around[:, :1], axis=1)

    def filled(self) -> Filled:
        """Return the grid; what has not been looked at yet is predicted."""
        left = np.flatnonzero(~self.known)
        if left.size:
            self._codes_of(left)
            self._predict(left[self.codes[left] == 0])
        values = np.where(self.codes == 0, self.values, np.nan)
        error = np.where(self.known, 0.0, np.where(self.codes == 0, self.error, np.nan))
        values, codes, known, error = (part.reshape(self.shape) for part in (values, self.codes, self.known, error))
        return Filled(values, codes, known, error, self.between)

    def between(self, at: np.ndarray) -> np.ndarray:
        """Return values at coordinates [n, 2]."""
        known = np.flatnonzero(self.known)
        good = known[self.codes[known] == 0]
        _, nearest = self._tree(known).query(at / self._span)
        codes = self.codes[known][nearest]
        if good.size < 3:
            return np.full(len(at), np.nan)
        values = self.surface.restore(self._process(good).predict(at))
        return np.where(codes == 0, values, np.nan)

    @property
    def _span(self) -> np.ndarray:
        span = np.ptp(self.at, axis=0)
        span[span == 0.0] = 1.0
        return span

    def _tree(self, known: np.ndarray) -> KDTree:
        return KDTree(self.at[known] / self._span)
