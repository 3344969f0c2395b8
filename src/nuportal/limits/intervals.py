"""Where along a ray a ratio exceeds one: intervals with their ends refined, and stretches without an answer."""

from collections.abc import Callable, Generator

import numpy as np

Interval = tuple[float, float]
Edges = tuple[tuple[Interval, ...], tuple[Interval, ...]]
Asking = Generator[np.ndarray, np.ndarray, Edges]  #: yields values of y, is sent the ratios there

ROUNDS, PARTS = 4, 8  #: each round cuts the bracket of an end in PARTS


def above_one(ratio: Callable[[np.ndarray], np.ndarray], grid: np.ndarray, *, logarithmic: bool) -> Edges:
    """Return the intervals where ratio(y) > 1 and those where it is not a number: `asking`, answered by a function."""
    ask = asking(grid, logarithmic=logarithmic)
    y = next(ask)
    while True:
        try:
            y = ask.send(ratio(y))
        except StopIteration as done:
            return done.value


def asking(grid: np.ndarray, *, logarithmic: bool) -> Asking:
    """Ask for a ratio at values of y; return the intervals where it exceeds one and those where it is not a number.

    grid: ascending values tried first [n]; around its turning points the grid is made 8 times finer once, so that a
    gap or an excursion of 1/8 of a step is seen. Ends are found to 1e-4 of a step and better; intervals end where the
    grid ends.
    """
    first = _finite_or_nan((yield grid))
    if (between := _around_turning_points(grid, first, logarithmic)).size:
        more = _finite_or_nan((yield between))
        order = np.argsort(np.concatenate([grid, between]))
        grid, first = np.concatenate([grid, between])[order], np.concatenate([first, more])[order]
    inside = first > 1
    known = ~np.isnan(first)
    change = np.flatnonzero((inside[1:] != inside[:-1]) & known[1:] & known[:-1])
    refined = yield from _refine(grid, change, inside, logarithmic)
    ends = dict(zip(change.tolist(), refined.tolist(), strict=True))
    return _runs(grid, inside & known, ends), _runs(grid, ~known, {})


def _around_turning_points(grid: np.ndarray, values: np.ndarray, logarithmic: bool) -> np.ndarray:
    """Values between a node and its neighbours where the ratio turns back towards one, or past it."""
    with np.errstate(invalid="ignore"):
        low = (values[1:-1] < values[:-2]) & (values[1:-1] <= values[2:]) & (values[1:-1] > 1)
        high = (values[1:-1] > values[:-2]) & (values[1:-1] >= values[2:]) & (values[1:-1] < 1)
    turns = 1 + np.flatnonzero(low | high)
    cells = np.unique(np.concatenate([turns - 1, turns]))
    t = np.log(grid) if logarithmic else grid
    inner = t[cells, None] + (t[cells + 1] - t[cells])[:, None] * (np.arange(1, PARTS) / PARTS)
    return np.exp(inner.ravel()) if logarithmic else inner.ravel()


def _finite_or_nan(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.where(np.isnan(values), np.nan, values), dtype=float)


def _refine(
    grid: np.ndarray, change: np.ndarray, inside: np.ndarray, logarithmic: bool
) -> Generator[np.ndarray, np.ndarray, np.ndarray]:
    """Ends between grid[change] and grid[change + 1], all brackets at once."""
    if change.size == 0:
        return np.empty(0)
    t = np.log(grid) if logarithmic else grid
    low, high, begins = t[change], t[change + 1], inside[change + 1]
    for _ in range(ROUNDS):
        inner = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, PARTS + 1)[None, :]
        tried = inner[:, 1:-1]
        answer = yield (np.exp(tried) if logarithmic else tried).ravel()
        beyond = _finite_or_nan(answer).reshape(tried.shape) > 1
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
