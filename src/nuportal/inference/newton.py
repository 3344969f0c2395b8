"""Newton's method for -log L over the nuisances, for many values of the parameter at once.

For a fixed parameter the expectation of every part is linear in the nuisances, mu = base + sum_k theta_k V_k, so that
-log L is convex: steps are halved until they do not climb, and stopped at bounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

TINY = 1e-9  #: least expected count, where destructive interference leaves nothing
CONVERGED = 1e-10  #: change of -log L that ends the iteration


@dataclass(frozen=True)
class PoissonTerm:
    """Counts n, expectation base (points, bins), and shift per nuisance (points, nuisances, bins)."""

    base: np.ndarray
    shift: np.ndarray
    n: np.ndarray

    def value(self, theta: np.ndarray) -> np.ndarray:
        """Return -log L less that of mu = n, (points,), at the nuisances (points, nuisances)."""
        mu = self._expected(theta)
        safe = np.where(self.n > 0, self.n, 1.0)
        return (mu - self.n + np.where(self.n > 0, self.n * np.log(safe / mu), 0.0)).sum(axis=-1)

    def slopes(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return gradient (points, nuisances) and Hessian (points, nuisances, nuisances)."""
        mu = self._expected(theta)
        gradient = np.einsum("xnb,xb->xn", self.shift, 1 - self.n / mu)
        curved = self.shift * (self.n / mu**2 + 1e-12)[:, None, :]
        return gradient, curved @ self.shift.transpose(0, 2, 1)

    def _expected(self, theta: np.ndarray) -> np.ndarray:
        return np.maximum(self.base + np.einsum("xn,xnb->xb", theta, self.shift), TINY)


@dataclass(frozen=True)
class GaussianTerm:
    """Measured less expected rates (points, bins), shift as in `PoissonTerm`, and the inverse covariance."""

    residual: np.ndarray
    shift: np.ndarray
    weight: np.ndarray

    def value(self, theta: np.ndarray) -> np.ndarray:
        """Return chi^2/2, (points,)."""
        left = self._left(theta)
        return np.einsum("xb,bc,xc->x", left, self.weight, left) / 2

    def slopes(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return gradient and Hessian."""
        weighted = self.shift @ self.weight
        return -np.einsum("xnb,xb->xn", weighted, self._left(theta)), weighted @ self.shift.transpose(0, 2, 1)

    def _left(self, theta: np.ndarray) -> np.ndarray:
        return self.residual - np.einsum("xn,xnb->xb", theta, self.shift)


Term = PoissonTerm | GaussianTerm


def minimise(
    terms: Sequence[Term], places: Sequence[np.ndarray], prior: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least -log L, (points,), and the nuisances there, (points, nuisances).

    places[i]: which nuisances term i has, in its order. prior: True where theta^2/2 is added. low, high: bounds.
    """
    points, size = len(terms[0].shift), len(prior)

    def value(theta: np.ndarray) -> np.ndarray:
        penalty = (np.where(prior, theta, 0.0) ** 2).sum(axis=1) / 2
        return penalty + sum(term.value(theta[:, at]) for term, at in zip(terms, places, strict=True))

    def step(theta: np.ndarray) -> np.ndarray:
        gradient = np.where(prior, theta, 0.0)
        hessian = np.tile(np.diag(np.where(prior, 1.0, 1e-12)), (points, 1, 1))
        for term, at in zip(terms, places, strict=True):
            first, second = term.slopes(theta[:, at])
            gradient[:, at] += first
            hessian[:, at[:, None], at] += second
        stuck = ((theta <= low) & (gradient > 0)) | ((theta >= high) & (gradient < 0))
        hessian = np.where(stuck[:, :, None] | stuck[:, None, :], np.eye(size), hessian)
        unit = np.sqrt(np.einsum("xnn->xn", hessian))  # a signal of 1e20 events leaves numbers far apart
        scaled = hessian / (unit[:, :, None] * unit[:, None, :]) + 1e-12 * np.eye(size)
        free = np.asarray(np.where(stuck, 0.0, gradient) / unit, dtype=float)
        return np.linalg.solve(np.asarray(scaled, dtype=float), free[..., None])[..., 0] / unit

    theta = np.tile(np.clip(0.0, low, high), (points, 1))
    least = value(theta)
    for _ in range(60 if size else 0):
        change, scale = step(theta), np.ones(points)
        trial, new = theta, least
        for _ in range(30):
            trial = np.clip(theta - scale[:, None] * change, low, high)
            new = value(trial)
            worse = new > least + 1e-12 * np.abs(least)
            if not worse.any():
                break
            scale = np.where(worse, scale / 2, scale)
        better = new <= least
        moved = np.max(np.where(better, least - new, 0.0))
        theta, least = np.where(better[:, None], trial, theta), np.where(better, new, least)
        if moved < CONVERGED:
            break
    return least, theta
