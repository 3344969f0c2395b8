"""The linear map from recoil rates on true energies to expected counts in bins of reconstructed energy.

    counts_j = N int dT n_e(T) dR/dT int_bin_j dT_r eff(T_r) gauss(T_r - T, sigma(T))             (bally2020 eq. 7)

with the efficiency at reconstructed energy and sigma = a sqrt(T) + b T. Both integrals are done once: what is left
is a matrix times the recoil rate per electron at the nodes.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import SECONDS_PER_YEAR
from nuportal.detectors.targets import KEV, Binding, Target
from nuportal.errors import ParameterError
from nuportal.solvers.quadrature import gauss_legendre

LOWEST = 0.02 * KEV  #: recoils below reach no bin of any detector with a threshold of a few hundred eV
NODES_A_PANEL = 6
PANELS_A_DECADE = 14


@dataclass(frozen=True)
class Detector:
    """A target with exposure (t y), efficiency table (keV, reconstructed) and resolution a sqrt(E) + b E (keV)."""

    target: Target
    exposure: float
    efficiency: tuple[np.ndarray, np.ndarray]
    resolution: tuple[float, float]

    def __post_init__(self):
        if not (np.isfinite(self.exposure) and self.exposure > 0):
            raise ParameterError(f"exposure = {self.exposure:g} t y is not allowed: it must be finite and positive")

    def sigma(self, energy_kev: ArrayLike) -> np.ndarray:
        """Return the resolution in keV."""
        energy = np.asarray(energy_kev, dtype=float)
        return self.resolution[0] * np.sqrt(energy) + self.resolution[1] * energy


@dataclass(frozen=True)
class Response:
    """Nodes T (MeV) and the matrix that turns dR/dT per electron (MeV^-1 s^-1) into counts, (bins, nodes)."""

    recoil_energy: np.ndarray
    matrix: np.ndarray


def response(detector: Detector, edges_kev: ArrayLike, binding: Binding = "step") -> Response:
    """Return the folding of a detector for bins between the edges (keV, increasing). Raises ParameterError."""
    edges = np.asarray(edges_kev, dtype=float)
    if edges.ndim != 1 or edges.size < 2 or not np.all(np.diff(edges) > 0) or edges[0] < 0:
        raise ParameterError("bin edges are not allowed: give at least two increasing energies, none negative")
    recoil, weight = true_energy_nodes(detector, edges[-1])
    scale = detector.exposure * SECONDS_PER_YEAR * detector.target.molecules_per_tonne
    smeared = np.stack([_bin(detector, a, b, recoil / KEV) for a, b in pairwise(edges)])
    return Response(recoil, smeared * (scale * weight * detector.target.electrons(recoil, binding)))


def true_energy_nodes(detector: Detector, highest_kev: float) -> tuple[np.ndarray, np.ndarray]:
    """Return Gauss-Legendre nodes and weights in T (MeV), uniform in log T, with panel edges at the shells."""
    top = (highest_kev + 7 * detector.sigma(highest_kev)) * KEV
    count = int(np.ceil(PANELS_A_DECADE * np.log10(top / LOWEST))) + 1
    shells = [b for b in detector.target.binding if LOWEST < b < top]
    edges = np.unique(np.concatenate([np.geomspace(LOWEST, top, count), shells]))
    x, w = gauss_legendre(NODES_A_PANEL)
    width = np.diff(edges)[:, None]
    return (edges[:-1, None] + width * x).ravel(), (width * w).ravel()


def _bin(detector: Detector, low: float, high: float, true_kev: np.ndarray) -> np.ndarray:
    """Probability that a recoil of each true energy is found in the bin: integral of eff(T_r) times the Gaussian.

    The efficiency is linear between its points, so each piece has a closed form in erf and exp.
    """
    from scipy.special import erf

    x, y = detector.efficiency
    points = np.concatenate([[low], x[(x > low) & (x < high)], [high]])
    value = np.interp(points, x, y)
    slope = np.diff(value) / np.diff(points)
    sigma = detector.sigma(true_kev)[:, None]
    z = np.asarray((points - true_kev[:, None]) / (np.sqrt(2) * sigma), dtype=float)
    normal = np.diff(erf(z), axis=1) / 2
    gauss = -np.diff(np.exp(-z * z), axis=1) * sigma / np.sqrt(2 * np.pi)
    at_true = value[:-1] + slope * (true_kev[:, None] - points[:-1])
    return (at_true * normal + slope * gauss).sum(axis=1)
