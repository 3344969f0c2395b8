"""Pseudo-experiments: p-value with the boundary x >= 0 and over several masses, coverage of intervals.

Seeded and parallel: each block of toys has its own child of the seed, so results do not depend on the workers.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nuportal.errors import NotApplicableError, ParameterError
from nuportal.inference.likelihood import CountsLikelihood

if TYPE_CHECKING:
    from nuportal.inference.fit import FitResult

BLOCK = 50
GRID = 160  #: values of x per toy; the minimum is refined by a parabola


def p_value(result: "FitResult | Sequence[FitResult]", toys: int, seed: int, workers: int = 1) -> dict[str, float]:
    """Return the probability of a larger significance without signal: local, or global for fits at several masses.

    result: one fit, or fits of the same data at several masses (look-elsewhere: the largest significance counts).
    Also returned: its statistical error, which falls as 1/sqrt(toys), and the smallest p-value so many toys can tell.
    Raises ParameterError, NotApplicableError (Poisson counts of one experiment only).
    """
    results = list(result) if isinstance(result, Sequence) else [result]
    parts = [_only(one) for one in results]
    observed = max(one.significance for one in results) ** 2
    grids = [one.profile[0][-1] * np.linspace(0, 1, GRID) for one in results]
    values = np.array(run(partial(_null_block, parts, grids), toys, seed, workers))
    above = int((values >= observed).sum())
    p = (above + 1) / (toys + 1)
    resolution = {"p_value_error": float(np.sqrt(p * (1 - p) / toys)), "smallest_p_value": 1 / (toys + 1)}
    return {"p_value": p, **resolution, "toys": toys, "seed": seed, "observed_statistic": observed}


def coverage(result: "FitResult", x: float, cl: float, toys: int, seed: int, workers: int = 1) -> float:
    """Return the fraction of toys drawn at x whose asymptotic interval at cl holds x, to sqrt(cl (1 - cl)/toys).

    Raises as `p_value`.
    """
    from scipy.stats import chi2

    part = _only(result)
    grid = result.profile[0][-1] * np.linspace(0, 1, GRID)
    values = np.array(run(partial(_statistic_block, part, grid, x), toys, seed, workers))
    return float((values <= chi2.ppf(cl, 1)).mean())


def _only(result: "FitResult") -> CountsLikelihood:
    parts = result.likelihood.parts
    if len(parts) != 1 or not isinstance(parts[0], CountsLikelihood):
        raise NotApplicableError("toys are drawn for one experiment with Poisson counts")
    return parts[0]


def run(block: Callable[[np.random.Generator, int], list[float]], toys: int, seed: int, workers: int) -> list[float]:
    """Return the statistic of pseudo-experiments, made block by block from seeds that do not depend on workers."""
    if toys < 1:
        raise ParameterError(f"toys = {toys} is not allowed: give at least one")
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


def draw(part: CountsLikelihood, x: float, generator: np.random.Generator) -> np.ndarray:
    """Return counts at x with nuisances at their best values; the priors' centres fluctuate through the expectation."""
    _, theta = part.profile(np.array([x]))
    spread = np.where(part.prior, generator.standard_normal(len(part.names)), theta[0])
    return generator.poisson(part.expected(x, spread)).astype(float)


def vertex(x: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Return where the parabola through three equidistant points is least, and its value there."""
    left, middle, right = values
    curved = left + right - 2 * middle + 1e-300
    return float(x[1] + (x[1] - x[0]) * (left - right) / (2 * curved)), float(
        middle - (left - right) ** 2 / (8 * curved)
    )


def _null_block(
    parts: list[CountsLikelihood], grids: list[np.ndarray], generator: np.random.Generator, size: int
) -> list[float]:
    found: list[float] = []
    for _ in range(size):
        data = draw(parts[0], 0.0, generator)
        found.append(max(_statistic(part, grid, 0.0, data) for part, grid in zip(parts, grids, strict=True)))
    return found


def _statistic_block(
    part: CountsLikelihood, grid: np.ndarray, x: float, generator: np.random.Generator, size: int
) -> list[float]:
    return [_statistic(part, grid, x, draw(part, x, generator)) for _ in range(size)]


def _statistic(part: CountsLikelihood, grid: np.ndarray, x: float, data: np.ndarray) -> float:
    """2 [log L(best) - log L(x)] for other data."""
    nll = part.profile(np.append(grid, x), data)[0]
    k = int(np.argmin(nll[:-1]))
    least = nll[k]
    if 0 < k < len(grid) - 1:
        least = vertex(grid[k - 1 : k + 2], nll[k - 1 : k + 2])[1]
    return max(2 * float(nll[-1] - least), 0.0)
