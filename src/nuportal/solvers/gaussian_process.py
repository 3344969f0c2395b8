"""A Gaussian process in two dimensions: a smooth surface through scattered values, and how far it may be off.

The covariance of two points is a Matern function (nu = 7/2) of their distance in u = (x, y - shear x), divided by one
length along each axis. Lengths and shear are those under which the values are most likely. A feature that lies along a
slanted line, such as the couplings at which a boson comes into contact, g^2 ~ M, then needs few points.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.optimize import minimize

#: ln of the two lengths and the shear from which the most likely ones are searched, and within which they must lie
FIRST = (0.5, 0.8, 0.4)
BOUNDS = ((-2.5, 3.0), (-2.5, 3.0), (-2.0, 2.0))
TRIALS = 60  #: evaluations of the likelihood in one search


@dataclass(frozen=True)
class Process:
    """A Gaussian process through values z at points `at` [n, 2] that have an independent error of size noise.

    shape: ln of both lengths, and the shear. Coordinates should be of order one to ten, such as logarithms.
    """

    at: np.ndarray
    z: np.ndarray
    noise: float
    shape: tuple[float, float, float] = FIRST

    def fitted(self) -> "Process":
        """Return the process with the most likely shape, searched from the present one."""

        def improbable(shape: np.ndarray) -> float:
            if any(not low <= part <= high for part, (low, high) in zip(shape, BOUNDS, strict=True)):
                return np.inf
            return replace(self, shape=tuple(shape.tolist())).improbability

        found = minimize(improbable, self.shape, method="Nelder-Mead", options={"maxfev": TRIALS, "xatol": 0.02})
        return replace(self, shape=tuple(found.x.tolist())) if np.isfinite(found.fun) else self

    @property
    def improbability(self) -> float:
        """Minus the logarithm of the likelihood of the values, their variance chosen best; infinite if singular."""
        try:
            factor = self._factor
        except LinAlgError:
            return np.inf
        scatter = float(self._centred @ self._weights) / len(self.z)
        return 0.5 * len(self.z) * np.log(max(scatter, 1e-300)) + float(np.sum(np.log(np.diag(factor[0]))))

    def predict(self, at: np.ndarray) -> np.ndarray:
        """Return the surface at points [m, 2]."""
        return self._mean + self._covariance(at, self.at) @ self._weights

    def spread(self, at: np.ndarray) -> "Spread":
        """Return the standard deviation of the surface at points [m, 2], in units of the local amplitude."""
        covariance = self._covariance(at, self.at)
        solved = cho_solve(self._factor, covariance.T).T
        return Spread(self, at, covariance, solved, np.maximum(1.0 - np.sum(covariance * solved, axis=1), 0.0))

    @cached_property
    def left_out(self) -> tuple[np.ndarray, np.ndarray]:
        """For each point: how far the surface without it misses its value, and the spread of that surface there."""
        inverse = cho_solve(self._factor, np.eye(len(self.z)))
        own = np.diag(inverse)
        return self._weights / own, 1 / np.sqrt(own)

    def covariance(self, at: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return the correlation of points [m, 2] and [k, 2]."""
        return self._covariance(at, other)

    def _covariance(self, at: np.ndarray, other: np.ndarray) -> np.ndarray:
        a, b = self._scaled(at), self._scaled(other)
        squared = np.sum(a**2, axis=1)[:, None] + np.sum(b**2, axis=1) - 2 * a @ b.T
        distance = np.sqrt(7 * np.maximum(squared, 0.0))
        return (1 + distance + 2 * distance**2 / 5 + distance**3 / 15) * np.exp(-distance)

    def _scaled(self, at: np.ndarray) -> np.ndarray:
        x, y = at.T
        return np.stack([x * np.exp(-self.shape[0]), (y - self.shape[2] * x) * np.exp(-self.shape[1])], axis=1)

    @cached_property
    def _mean(self) -> float:
        return float(np.mean(self.z))

    @cached_property
    def _centred(self) -> np.ndarray:
        return self.z - self._mean

    @cached_property
    def _factor(self):
        relative = (self.noise / max(float(np.std(self.z)), self.noise)) ** 2
        return cho_factor(self._covariance(self.at, self.at) + relative * np.eye(len(self.z)), lower=True)

    @cached_property
    def _weights(self) -> np.ndarray:
        return cho_solve(self._factor, self._centred)


@dataclass
class Spread:
    """Variance of a surface at points, which can be told that one of the points will be known."""

    process: Process
    at: np.ndarray
    covariance: np.ndarray
    solved: np.ndarray
    variance: np.ndarray

    def know(self, index: int) -> None:
        """Take the value at one of the points as known: the variance around it falls."""
        here = self.process.covariance(self.at, self.at[index : index + 1])[:, 0]
        joint = here - self.covariance @ self.solved[index] - self._known_before(index)
        scale = np.sqrt(max(joint[index], 1e-12))
        self._directions.append(joint / scale)
        self.variance = np.maximum(self.variance - self._directions[-1] ** 2, 0.0)

    def _known_before(self, index: int) -> np.ndarray:
        return sum((d * d[index] for d in self._directions), np.zeros(len(self.at)))

    @cached_property
    def _directions(self) -> list[np.ndarray]:
        return []
