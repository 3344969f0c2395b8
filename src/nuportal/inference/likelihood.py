"""Binned likelihoods with nuisances, profiled exactly and for many values of the parameter at once.

For fixed x the expectation is linear in the nuisances, mu = b + s(x) + sum_k theta_k V_k(x), so -log L is convex in
them: Newton's method finds the profile. Poisson: -log L = sum [mu - n + n log(n/mu)] + sum theta_k^2/2 (no penalty
for a component that only the data fix, which is bounded instead). Rates: Gaussian with the covariance.
"""

from dataclasses import dataclass

import numpy as np

TINY = 1e-9  #: least expected count, where destructive interference leaves nothing


@dataclass(frozen=True)
class CountsLikelihood:
    """Poisson likelihood of one experiment.

    observed, background: (bins,). series: excess per x^k, k = 1..4, summed over components, (4, bins). shifts: change
    of the expectation for one sigma of each nuisance as a polynomial in x, k = 0..4, (nuisances, 5, bins). prior: True
    where the nuisance has a Gaussian prior. low, high: bounds of the nuisances.
    """

    observed: np.ndarray
    background: np.ndarray
    series: np.ndarray
    shifts: np.ndarray
    prior: np.ndarray
    low: np.ndarray
    high: np.ndarray
    names: tuple[str, ...]

    def signal(self, x: np.ndarray) -> np.ndarray:
        """Return the excess, (points, bins)."""
        return _powers(x, 4)[:, 1:] @ self.series

    def shift(self, x: np.ndarray) -> np.ndarray:
        """Return the change for one sigma of each nuisance, (points, nuisances, bins)."""
        return np.einsum("xk,nkb->xnb", _powers(x, 4), self.shifts)

    def nll(self, x: float, theta: np.ndarray) -> float:
        """Return -log L at a point, without profiling (for iminuit)."""
        points = np.array([x])
        mu = self.background + self.signal(points) + np.einsum("xn,xnb->xb", theta[None], self.shift(points))
        return float(_deviance(np.maximum(mu, TINY), self.observed)[0] + (theta[self.prior] ** 2).sum() / 2)

    def profile(self, x: np.ndarray, observed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return -log L minimised over the nuisances, (points,), and their values, (points, nuisances).

        observed: other data than the experiment's, (bins,) or (points, bins).
        """
        n = np.broadcast_to(self.observed if observed is None else observed, (len(x), len(self.background)))
        base, shift = self.background + self.signal(x), self.shift(x)
        theta = np.tile(np.clip(0.0, self.low, self.high), (len(x), 1))
        value = self._value(base, shift, theta, n)
        for _ in range(60 if len(self.names) else 0):
            mu = np.maximum(base + np.einsum("xn,xnb->xb", theta, shift), TINY)
            gradient = np.einsum("xnb,xb->xn", shift, 1 - n / mu) + np.where(self.prior, theta, 0.0)
            hessian = np.einsum("xnb,xb,xmb->xnm", shift, n / mu**2 + 1e-12, shift)
            hessian += np.diag(np.where(self.prior, 1.0, 1e-12))
            stuck = ((theta <= self.low) & (gradient > 0)) | ((theta >= self.high) & (gradient < 0))
            gradient = np.where(stuck, 0.0, gradient)
            hessian = np.where(stuck[:, :, None] | stuck[:, None, :], np.eye(len(self.names)), hessian)
            size = np.sqrt(np.einsum("xnn->xn", hessian))  # a signal of 1e20 events leaves numbers far apart
            hessian = hessian / (size[:, :, None] * size[:, None, :]) + 1e-12 * np.eye(len(self.names))
            step = np.linalg.solve(hessian, (gradient / size)[..., None])[..., 0] / size
            scale = np.ones(len(x))
            for _ in range(30):
                trial = np.clip(theta - scale[:, None] * step, self.low, self.high)
                new = self._value(base, shift, trial, n)
                worse = new > value + 1e-12 * np.abs(value)
                if not worse.any():
                    break
                scale = np.where(worse, scale / 2, scale)
            better = new <= value
            moved = np.max(np.where(better, value - new, 0.0))
            theta, value = np.where(better[:, None], trial, theta), np.where(better, new, value)
            if moved < 1e-10:
                break
        return value, theta

    def expected(self, x: float, theta: np.ndarray) -> np.ndarray:
        """Return expected counts, (bins,)."""
        points = np.array([x])
        mu = self.background + self.signal(points)[0] + theta @ self.shift(points)[0]
        return np.maximum(mu, TINY)

    def error(self) -> np.ndarray:
        """Return the error of the data, (bins,)."""
        return np.sqrt(np.maximum(self.observed, 1.0))

    def _value(self, base: np.ndarray, shift: np.ndarray, theta: np.ndarray, n: np.ndarray) -> np.ndarray:
        mu = np.maximum(base + np.einsum("xn,xnb->xb", theta, shift), TINY)
        return _deviance(mu, n) + (np.where(self.prior, theta, 0.0) ** 2).sum(axis=1) / 2


@dataclass(frozen=True)
class RatesLikelihood:
    """Gaussian likelihood of measured rates; nuisances with Gaussian priors, profiled in closed form.

    Members as `CountsLikelihood`; background is the Standard Model rate, weight the inverse covariance.
    """

    observed: np.ndarray
    background: np.ndarray
    series: np.ndarray
    shifts: np.ndarray
    weight: np.ndarray
    names: tuple[str, ...]

    signal = CountsLikelihood.signal
    shift = CountsLikelihood.shift
    expected = CountsLikelihood.expected

    @property
    def low(self) -> np.ndarray:
        """Nuisances with a prior have no bounds."""
        return np.full(len(self.names), -np.inf)

    @property
    def high(self) -> np.ndarray:
        """Nuisances with a prior have no bounds."""
        return np.full(len(self.names), np.inf)

    def error(self) -> np.ndarray:
        """Return the error of the data, (bins,)."""
        return np.sqrt(np.diag(np.linalg.inv(self.weight)))

    def nll(self, x: float, theta: np.ndarray) -> float:
        """Return -log L at a point, without profiling."""
        residual = self.observed - self.expected(x, theta)
        return float(residual @ self.weight @ residual + theta @ theta) / 2

    def profile(self, x: np.ndarray, observed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return -log L minimised over the nuisances, and their values."""
        residual = (self.observed if observed is None else observed) - self.background - self.signal(x)
        shift = self.shift(x)
        weighted = shift @ self.weight
        matrix = weighted @ shift.transpose(0, 2, 1) + np.eye(len(self.names))
        right = np.einsum("xnb,xb->xn", weighted, residual)
        theta = np.linalg.solve(matrix, right[..., None])[..., 0]
        chi2 = np.einsum("xb,bc,xc->x", residual, self.weight, residual) - (right * theta).sum(axis=1)
        return chi2 / 2, theta


Likelihood = CountsLikelihood | RatesLikelihood


def _powers(x: np.ndarray, highest: int) -> np.ndarray:
    return np.asarray(x, dtype=float)[:, None] ** np.arange(highest + 1)


def _deviance(mu: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Poisson -log L less that of mu = n, summed over bins."""
    safe = np.where(n > 0, n, 1.0)
    return (mu - n + np.where(n > 0, n * np.log(safe / mu), 0.0)).sum(axis=-1)
