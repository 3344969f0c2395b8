"""What every source hands to a fold: quadrature nodes of a flux above a least energy, with flavour."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import HBAR_C_CM
from nuportal.errors import ParameterError
from nuportal.solvers.quadrature import gauss_legendre

CrossSection = Callable[[np.ndarray, np.ndarray, str], np.ndarray]


class FluxNodes(NamedTuple):
    """Quadrature of a flux: energy (MeV) and weight (cm^-2 s^-1), shape (..., k)."""

    energy: np.ndarray
    weight: np.ndarray


def fold_flux(recoil_energy: ArrayLike, nodes: FluxNodes, cross_section: CrossSection, flavour: str) -> np.ndarray:
    """Return the recoil rate per target in MeV^-1 s^-1, shape of recoil_energy, from dsigma/dT in MeV^-3."""
    recoil = np.asarray(recoil_energy, dtype=float)[..., None]
    return (nodes.weight * cross_section(recoil, nodes.energy, flavour)).sum(axis=-1) * HBAR_C_CM**2


def recoil_energies(given: ArrayLike) -> np.ndarray:
    """Return recoil energies as an array, MeV. Raises ParameterError for a negative one or one that is not finite."""
    recoil = np.asarray(given, dtype=float)
    wrong = recoil[~(np.isfinite(recoil) & (recoil >= 0))]
    if wrong.size:
        raise ParameterError(
            f"recoil_energy = {wrong.flat[0]:g} MeV is not allowed: it must be finite and not negative"
        )
    return recoil


def panel_nodes(edges: Sequence[float], minimum_energy: ArrayLike, order: int) -> tuple[np.ndarray, np.ndarray]:
    """Return Gauss-Legendre nodes and weights on each panel between the edges, above the least energies.

    Shapes (..., panels * order); panels below the least energy have zero width.
    """
    least = np.asarray(minimum_energy, dtype=float)[..., None, None]
    low, high = np.asarray(edges[:-1])[:, None], np.asarray(edges[1:])[:, None]
    start = np.clip(least, low, high)
    x, w = gauss_legendre(order)
    energy, weight = start + (high - start) * x, (high - start) * w
    shape = (*energy.shape[:-2], -1)
    return energy.reshape(shape), np.broadcast_to(weight, energy.shape).reshape(shape)
