"""Pseudo-experiments: p-value with the boundary x >= 0 and over several masses, coverage of intervals.

Seeded and parallel: each block of toys has its own child of the seed, so results do not depend on the workers.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nuportal.errors import ParameterError
from nuportal.inference.likelihood import JointLikelihood
from nuportal.units import confidence, whole

if TYPE_CHECKING:
    from nuportal.inference.fit_result import FitResult

BLOCK = 50
GRID = 160  #: values of x per toy; the minimum is refined by a parabola


def p_value(result: "FitResult | Sequence[FitResult]", toys: int, seed: int, workers: int = 1) -> dict[str, float]:
    """Return the probability of a larger significance without signal: local, or global for fits at several masses.

    result: one fit, or fits of the same data at several masses (look-elsewhere: the largest significance counts).
    Also returned: its statistical error, which falls as 1/sqrt(toys), and the smallest p-value so many toys can tell.
    Several experiments fitted together are drawn together; nuisances that they share fluctuate alike. Raises
    ParameterError.
    """
    results = list(result) if isinstance(result, Sequence) else [result]
    if not results:
        raise ParameterError("give at least one fit")
    likelihoods = [one.likelihood for one in results]
    observed = max(one.significance for one in results) ** 2
    grids = [one.profile[0][-1] * np.linspace(0, 1, GRID) for one in results]
    values = np.array(run(partial(_null_block, likelihoods, grids), toys, seed, workers))
    above = int((values >= observed).sum())
    p = (above + 1) / (toys + 1)
    resolution = {"p_value_error": float(np.sqrt(p * (1 - p) / toys)), "smallest_p_value": 1 / (toys + 1)}
    return {"p_value": p, **resolution, "toys": toys, "seed": seed, "observed_statistic": observed}


def coverage(result: "FitResult", x: float, cl: float, toys: int, seed: int, workers: int = 1) -> float:
    """Return the fraction of toys drawn at x whose asymptotic interval at cl holds x, to sqrt(cl (1 - cl)/toys).

    Raises ParameterError.
    """
    from scipy.stats import chi2

    grid = result.profile[0][-1] * np.linspace(0, 1, GRID)
    values = np.array(run(partial(_statistic_block, result.likelihood, grid, x), toys, seed, workers))
    return float((values <= chi2.ppf(confidence(cl), 1)).mean())


def run(block: Callable[[np.random.Generator, int], list[float]], toys: int, seed: int, workers: int) -> list[float]:
    """Return the statistic of pseudo-experiments, made block by block from seeds that do not depend on workers."""
    toys, seed, workers = whole(toys, "toys", 1), whole(seed, "seed"), whole(workers, "workers", 1)
    from rich.progress import track

    sizes = [min(BLOCK, toys - k) for k in range(0, toys, BLOCK)]
    generators = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(len(sizes))]
    if workers == 1:
        done = track(map(block, generators, sizes), "toys", len(sizes), transient=True, console=_stderr())
        return [value for values in done for value in values]
    with ProcessPoolExecutor(workers) as pool:
        done = track(pool.map(block, generators, sizes), "toys", len(sizes), transient=True, console=_stderr())
        return [value for values in done for value in values]


def _stderr():
    from rich.console import Console

    return Console(stderr=True)


def vertex(x: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Return where the parabola through three equidistant points is least, and its value there."""
    left, middle, right = values
    curved = left + right - 2 * middle + 1e-300
    return float(x[1] + (x[1] - x[0]) * (left - right) / (2 * curved)), float(
        middle - (left - right) ** 2 / (8 * curved)
    )


def _null_block(
    likelihoods: list[JointLikelihood], grids: list[np.ndarray], generator: np.random.Generator, size: int
) -> list[float]:
    found: list[float] = []
    for _ in range(size):
        data = likelihoods[0].drawn(0.0, generator)
        found.append(max(_statistic(one, grid, 0.0, data) for one, grid in zip(likelihoods, grids, strict=True)))
    return found


def _statistic_block(
    likelihood: JointLikelihood, grid: np.ndarray, x: float, generator: np.random.Generator, size: int
) -> list[float]:
    return [_statistic(likelihood, grid, x, likelihood.drawn(x, generator)) for _ in range(size)]


def _statistic(likelihood: JointLikelihood, grid: np.ndarray, x: float, data: Sequence[np.ndarray]) -> float:
    """2 [log L(best) - log L(x)] for other data."""
    nll = likelihood.profile(np.append(grid, x), data)[0]
    k = int(np.argmin(nll))
    least = nll[k]
    if 0 < k < len(grid) - 1:
        least = vertex(grid[k - 1 : k + 2], nll[k - 1 : k + 2])[1]
    return max(2 * float(nll[-1] - least), 0.0)
