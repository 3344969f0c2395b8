"""CLs = P(q >= q_obs | x)/P(q >= q_obs | no signal): limits that do not exclude what the experiment cannot see.

q(x) = 2 [log L(best) - log L(x)] for x above the best value, which is not negative, and 0 below it. Asymptotic formulas
(Cowan et al., 1007.1727, eqs 62 to 66, for the statistic with a boundary) or pseudo-experiments.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from nuportal.inference import toys as pseudo
from nuportal.inference.expected import SCAN, asimov, crossing, roots
from nuportal.inference.likelihood import JointLikelihood
from nuportal.units import confidence

FINE = 200  #: values of x at which a limit from pseudo-experiments looks for the best one
STEPS = 9  #: bisections of a limit from pseudo-experiments


def cls(likelihood: JointLikelihood, x: np.ndarray | float, top: float) -> np.ndarray:
    """Return the asymptotic CLs at each x. top: where a scan for the best value may start to look."""
    from scipy.stats import norm

    at = np.atleast_1d(np.asarray(x, dtype=float))
    q = _statistic(likelihood, at, max(top, float(at.max())))
    root, middle = np.sqrt(q), roots(asimov(likelihood))(at)
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = q > middle**2
        signal = np.where(beyond, norm.sf((q + middle**2) / (2 * middle)), norm.sf(root))
        nothing = np.where(beyond, norm.sf((q - middle**2) / (2 * middle)), norm.sf(root - middle))
        return np.where(middle > 0, np.minimum(signal / nothing, 1.0), 1.0)


def cls_limit(likelihood: JointLikelihood, cl: float, top: float) -> float:
    """Return the x at which CLs falls to 1 - cl. Raises ParameterError."""
    cl = confidence(cl)
    return crossing(lambda x: 1 - cls(likelihood, x, top), cl, top)


def cls_toys(likelihood: JointLikelihood, x: float, top: float, toys: int, seed: int, workers: int = 1) -> float:
    """Return CLs at x from pseudo-experiments with and without signal; of several experiments they are drawn together.

    Raises ParameterError.
    """
    grid = np.linspace(0, max(top, 2 * x), FINE)
    observed = _one(likelihood, grid, x, [part.observed for part in likelihood.parts])
    found: list[float] = []
    for k, at in enumerate((x, 0.0)):
        block = partial(_block, likelihood, grid, x, at)
        values = np.array(pseudo.run(block, toys, seed + k, workers))
        found.append(float((values >= observed - 1e-9).mean()))
    return float(found[0] / found[1]) if found[1] > 0 else 0.0


def cls_toys_limit(likelihood: JointLikelihood, cl: float, top: float, toys: int, seed: int, workers: int = 1) -> float:
    """Return the x at which CLs from pseudo-experiments falls to 1 - cl, by bisection from the asymptotic limit.

    Raises as `cls_toys`.
    """
    cl = confidence(cl)
    middle = cls_limit(likelihood, cl, top)
    low, high = middle / 3, middle * 3
    for _ in range(STEPS):
        at = np.sqrt(low * high)
        if cls_toys(likelihood, at, top, toys, seed, workers) > 1 - cl:
            low = at
        else:
            high = at
    return float(np.sqrt(low * high))


def _statistic(likelihood: JointLikelihood, at: np.ndarray, top: float) -> np.ndarray:
    """q at each x: zero below the best value."""
    scan = np.linspace(0, 1.5 * top, SCAN)
    nll = likelihood.profile(np.append(scan, at))[0]
    k, along = int(np.argmin(nll[: len(scan)])), nll[: len(scan)]
    least, best = along[k], scan[k]
    if 0 < k < len(scan) - 1:
        best, least = pseudo.vertex(scan[k - 1 : k + 2], along[k - 1 : k + 2])
    return np.where(at > best, np.maximum(2 * (nll[len(scan) :] - least), 0.0), 0.0)


def _one(likelihood: JointLikelihood, grid: np.ndarray, x: float, data: Sequence[np.ndarray]) -> float:
    """q at x for other data."""
    nll = likelihood.profile(np.append(grid, x), data)[0]
    k = int(np.argmin(nll[:-1]))
    best, least = grid[k], nll[k]
    if 0 < k < len(grid) - 1:
        best, least = pseudo.vertex(grid[k - 1 : k + 2], nll[k - 1 : k + 2])
    return max(2 * float(nll[-1] - least), 0.0) if x > best else 0.0


def _block(
    likelihood: JointLikelihood, grid: np.ndarray, x: float, drawn_at: float, generator: np.random.Generator, size: int
) -> list[float]:
    return [_one(likelihood, grid, x, likelihood.drawn(drawn_at, generator)) for _ in range(size)]
