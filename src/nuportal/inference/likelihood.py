"""Binned likelihoods with nuisances, profiled exactly and for many values of the parameter at once.

For fixed x the expectation is mu = b + s(x) + sum_k theta_k V_k(x). Counts: -log L = sum [mu - n + n log(n/mu)]; rates:
Gaussian with the covariance; plus sum theta_k^2/2 over nuisances with a prior (a component that only the data fix is
bounded instead). Several experiments: the sum, where a nuisance that several of them name is one and counted once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nuportal.inference.newton import TINY, GaussianTerm, PoissonTerm, Term, minimise
from nuportal.readonly import ReadOnly


@dataclass(frozen=True)
class _Binned(ReadOnly):
    """observed, background: (bins,). series: excess per x^k, k = 1..4, summed over components, (4, bins). shifts:
    change of the expectation for one sigma of each nuisance as a polynomial in x, k = 0..4, (nuisances, 5, bins).
    """

    observed: np.ndarray
    background: np.ndarray
    series: np.ndarray
    shifts: np.ndarray

    def signal(self, x: np.ndarray) -> np.ndarray:
        """Return the excess, (points, bins)."""
        return _powers(x, 4)[:, 1:] @ self.series

    def shift(self, x: np.ndarray) -> np.ndarray:
        """Return the change for one sigma of each nuisance, (points, nuisances, bins)."""
        return np.einsum("xk,nkb->xnb", _powers(x, 4), self.shifts)

    def expected(self, x: float, theta: np.ndarray) -> np.ndarray:
        """Return the expectation, (bins,)."""
        points = np.array([x])
        return np.maximum(self.background + self.signal(points)[0] + theta @ self.shift(points)[0], TINY)


@dataclass(frozen=True)
class CountsLikelihood(_Binned):
    """Poisson likelihood of one experiment. prior: True where the nuisance has a Gaussian prior. low, high: bounds."""

    prior: np.ndarray
    low: np.ndarray
    high: np.ndarray
    names: tuple[str, ...]

    def term(self, x: np.ndarray, observed: np.ndarray | None = None) -> PoissonTerm:
        """Return the data's part of -log L at each x. observed: other data, (bins,) or (points, bins)."""
        n = np.broadcast_to(self.observed if observed is None else observed, (len(x), len(self.background)))
        return PoissonTerm(self.background + self.signal(x), self.shift(x), n)

    def drawn(self, x: float, theta: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        """Return data at x and nuisances, (bins,)."""
        return generator.poisson(self.expected(x, theta)).astype(float)

    def error(self) -> np.ndarray:
        """Return the error of the data, (bins,)."""
        return np.sqrt(np.maximum(self.observed, 1.0))

    def profile(self, x: np.ndarray, observed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return -log L minimised over the nuisances, (points,), and their values, (points, nuisances)."""
        whole = np.arange(len(self.names))
        return minimise([self.term(x, observed)], [whole], self.prior, self.low, self.high)


@dataclass(frozen=True)
class RatesLikelihood(_Binned):
    """Gaussian likelihood of measured rates; all nuisances have Gaussian priors. background: the Standard Model rate;
    weight: inverse covariance.
    """

    weight: np.ndarray
    names: tuple[str, ...]

    @property
    def prior(self) -> np.ndarray:
        """All nuisances have a prior."""
        return np.ones(len(self.names), dtype=bool)

    @property
    def low(self) -> np.ndarray:
        """Nuisances with a prior have no bounds."""
        return np.full(len(self.names), -np.inf)

    @property
    def high(self) -> np.ndarray:
        """Nuisances with a prior have no bounds."""
        return np.full(len(self.names), np.inf)

    def term(self, x: np.ndarray, observed: np.ndarray | None = None) -> GaussianTerm:
        """Return the data's part of -log L at each x. observed: other data, (bins,)."""
        measured = self.observed if observed is None else observed
        return GaussianTerm(measured - self.background - self.signal(x), self.shift(x), self.weight)

    def drawn(self, x: float, theta: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        """Return data at x and nuisances, (bins,)."""
        scatter = np.linalg.cholesky(np.linalg.inv(self.weight)) @ generator.standard_normal(len(self.observed))
        return self.expected(x, theta) + scatter

    def error(self) -> np.ndarray:
        """Return the error of the data, (bins,)."""
        return np.sqrt(np.diag(np.linalg.inv(self.weight)))


Likelihood = CountsLikelihood | RatesLikelihood


@dataclass(frozen=True)
class JointLikelihood:
    """Product of the likelihoods of independent data; nuisances of equal name are the same one."""

    parts: tuple[Likelihood, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every nuisance once."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.names))

    @cached_property
    def places(self) -> list[np.ndarray]:
        """Positions of each part's nuisances among `names`."""
        return [np.array([self.names.index(name) for name in part.names], dtype=int) for part in self.parts]

    @cached_property
    def prior(self) -> np.ndarray:
        """True where a nuisance has a Gaussian prior."""
        return self._spread([part.prior for part in self.parts]).astype(bool)

    @cached_property
    def low(self) -> np.ndarray:
        """Lower bounds."""
        return self._spread([part.low for part in self.parts])

    @cached_property
    def high(self) -> np.ndarray:
        """Upper bounds."""
        return self._spread([part.high for part in self.parts])

    def terms(self, x: np.ndarray, data: Sequence[np.ndarray] | None = None) -> list[Term]:
        """Return what the data of each part add to -log L at each x. data: other data, one array for each part."""
        if data is None:
            return [part.term(x) for part in self.parts]
        return [part.term(x, observed) for part, observed in zip(self.parts, data, strict=True)]

    def drawn(self, x: float, generator: np.random.Generator) -> list[np.ndarray]:
        """Return data of each part at x with the nuisances that fit best there.

        Those with a prior fluctuate about its centre: what measured them is repeated with the data.
        """
        theta = np.where(self.prior, generator.standard_normal(len(self.names)), self.profile(np.array([x]))[1][0])
        return [part.drawn(x, theta[at], generator) for part, at in zip(self.parts, self.places, strict=True)]

    def nll(self, x: float, theta: np.ndarray) -> float:
        """Return -log L at a point, without profiling (for iminuit)."""
        pairs = zip(self.terms(np.array([x])), self.places, strict=True)
        data = sum(float(term.value(theta[None, at])[0]) for term, at in pairs)
        return data + float((theta[self.prior] ** 2).sum()) / 2

    def profile(self, x: np.ndarray, data: Sequence[np.ndarray] | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return -log L minimised over the nuisances, (points,), and their values, (points, nuisances).

        data: other data, as in `terms`.
        """
        return minimise(self.terms(x, data), self.places, self.prior, self.low, self.high)

    def _spread(self, columns: Sequence[np.ndarray]) -> np.ndarray:
        whole = np.zeros(len(self.names))
        for at, column in zip(self.places, columns, strict=True):
            whole[at] = column
        return whole


def _powers(x: np.ndarray, highest: int) -> np.ndarray:
    return np.asarray(x, dtype=float)[:, None] ** np.arange(highest + 1)
