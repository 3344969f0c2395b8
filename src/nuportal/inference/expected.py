"""Limits expected without a signal: median and bands from one Asimov data set.

The Asimov data are the expectation without signal, free backgrounds as the data have them. With q_A(x) = 2 [log L(0) -
log L(x)] there, sqrt(q_A) is the number of standard deviations between x and no signal (Cowan et al. 1007.1727 eq. 29).
A data set that fluctuates by N standard deviations has its limit at z + N of these for N >= 0, and, since the coupling
cannot be negative, at N + sqrt(N^2 + z^2) for N < 0; z is the normal quantile of the confidence level.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from nuportal.errors import ParameterError, unknown_name
from nuportal.inference.likelihood import JointLikelihood
from nuportal.shown import Tabled
from nuportal.units import confidence

Sided = Literal["two", "one"]
SCAN = 400
FURTHEST = 80  #: doublings of a scan before it is given up


@dataclass(frozen=True)
class Expected(Tabled):
    """Limits on the parameter that data without signal would give: the median, and what 68 % and 95 % of them hold."""

    median: float
    one_sigma: tuple[float, float]
    two_sigma: tuple[float, float]
    cl: float
    sided: Sided

    def to_dict(self) -> dict[str, object]:
        """Return plain values."""
        bands = {"one_sigma": list(self.one_sigma), "two_sigma": list(self.two_sigma)}
        return {"median": self.median, **bands, "cl": self.cl, "sided": self.sided}


def asimov(likelihood: JointLikelihood) -> JointLikelihood:
    """Return the likelihood of the data expected without a signal (nuisances with a prior at their centres)."""
    theta = np.where(likelihood.prior, 0.0, likelihood.profile(np.array([0.0]))[1][0])
    parts = [
        replace(part, observed=part.expected(0.0, theta[place]))
        for part, place in zip(likelihood.parts, likelihood.places, strict=True)
    ]
    return JointLikelihood(tuple(parts))


def expected_limits(likelihood: JointLikelihood, top: float, cl: float = 0.90, sided: Sided = "two") -> Expected:
    """Return the expected limits; top: a value of the parameter from which larger ones are tried.

    sided: as `FitResult.upper_limit`. Raises ParameterError, UnknownNameError.
    """
    z = quantile(cl, sided)
    root = roots(asimov(likelihood))
    limits = [crossing(root, z + n if n >= 0 else n + np.hypot(n, z), top) for n in (-2, -1, 0, 1, 2)]
    low2, low1, median, high1, high2 = limits
    return Expected(median, (low1, high1), (low2, high2), cl, sided)


def quantile(cl: float, sided: Sided) -> float:
    """Return the standard deviations at which a limit stands. Raises ParameterError, UnknownNameError."""
    from scipy.stats import norm

    cl = confidence(cl)
    if sided not in ("two", "one"):
        raise unknown_name("kind of limit", str(sided), ("two", "one"))
    return float(norm.ppf((1 + cl) / 2 if sided == "two" else max(cl, 0.5)))


def roots(likelihood: JointLikelihood) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function sqrt(2 [log L(0) - log L(x)]) of data without signal."""
    null = likelihood.profile(np.array([0.0]))[0][0]
    return lambda x: np.sqrt(np.maximum(2 * (likelihood.profile(np.atleast_1d(x))[0] - null), 0.0))


def _gap(function: Callable[[np.ndarray], np.ndarray], level: float, x: float) -> float:
    return float(function(np.array([x]))[0] - level)


def crossing(function: Callable[[np.ndarray], np.ndarray], level: float, top: float) -> float:
    """Return the least x at which a function that starts below the level exceeds it. Raises ParameterError."""
    from scipy.optimize import brentq

    for _ in range(FURTHEST):
        x = np.linspace(0, top, SCAN)
        above = np.flatnonzero(function(x) > level)
        if above.size:
            k = max(int(above[0]), 1)
            return brentq(partial(_gap, function, level), float(x[k - 1]), float(x[k]), xtol=1e-8 * float(x[k]))
        top *= 2
    raise ParameterError("no limit: the data hardly depend on the parameter")
