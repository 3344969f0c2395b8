"""Where along a ray a ratio exceeds one: intervals with their ends refined, and stretches without an answer."""

from collections.abc import Callable

import numpy as np

Interval = tuple[float, float]

ROUNDS, PARTS = 4, 8  #: each round cuts the bracket of an end in PARTS


def above_one(
    ratio: Callable[[np.ndarray], np.ndarray], grid: np.ndarray, *, logarithmic: bool
) -> tuple[tuple[Interval, ...], tuple[Interval, ...]]:
    """Return the intervals where ratio(y) > 1 and those where it is not a number.

    grid: ascending values tried first [n]; an excursion narrower than its step is not seen. Ends are found to
    1e-4 of a step and better; intervals end where the grid ends.
    """
    first = _finite_or_nan(ratio(grid))
    inside = first > 1
    known = ~np.isnan(first)
    change = np.flatnonzero((inside[1:] != inside[:-1]) & known[1:] & known[:-1])
    ends = dict(zip(change.tolist(), _refine(ratio, grid, change, inside, logarithmic).tolist(), strict=True))
    return _runs(grid, inside & known, ends), _runs(grid, ~known, {})


def _finite_or_nan(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.where(np.isnan(values), np.nan, values), dtype=float)


def _refine(ratio, grid: np.ndarray, change: np.ndarray, inside: np.ndarray, logarithmic: bool) -> np.ndarray:
    """Ends between grid[change] and grid[change + 1], all brackets at once."""
    if change.size == 0:
        return np.empty(0)
    t = np.log(grid) if logarithmic else grid
    low, high, begins = t[change], t[change + 1], inside[change + 1]
    for _ in range(ROUNDS):
        inner = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, PARTS + 1)[None, :]
        tried = inner[:, 1:-1]
        beyond = _finite_or_nan(ratio((np.exp(tried) if logarithmic else tried).ravel())).reshape(tried.shape) > 1
        crossed = beyond == begins[:, None]
        k = np.where(crossed.any(axis=1), crossed.argmax(axis=1), PARTS - 1)
        rows = np.arange(len(k))
        low, high = inner[rows, k], inner[rows, k + 1]
    middle = (low + high) / 2
    return np.exp(middle) if logarithmic else middle


def _runs(grid: np.ndarray, mask: np.ndarray, ends: dict[int, float]) -> tuple[Interval, ...]:
    """Stretches of True in mask; an end between nodes k and k + 1 lies at ends[k], else at the node."""
    padded = np.concatenate([[False], mask, [False]])
    starts, stops = np.flatnonzero(padded[1:] & ~padded[:-1]), np.flatnonzero(~padded[1:] & padded[:-1]) - 1
    return tuple(
        (ends.get(int(i) - 1, float(grid[i])), ends.get(int(j), float(grid[j])))
        for i, j in zip(starts, stops, strict=True)
    )
