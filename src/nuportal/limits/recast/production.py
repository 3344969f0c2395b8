"""How many mediators are made, up to a factor common to all vectors of one mass (1801.04847 section 2.1).

Mesons turn into the mediator through vector-meson dominance with U(3) generators; Q is the matrix of electric charges,
C = diag(c_u, c_d, c_s) that of the mediator.
"""

from collections.abc import Callable

import numpy as np

from nuportal.constants import M_PION_CHARGED
from nuportal.errors import unknown_name
from nuportal.models import Couplings

_ROOT2, _ROOT6 = np.sqrt(2.0), np.sqrt(6.0)
_CHARGE = np.array([2.0, -1.0, -1.0]) / 3
_VECTORS = {
    "rho": (np.array([1.0, -1.0, 0.0]) / 2, 775.26, 149.1),  # generator; mass and width in MeV, PDG 2022
    "omega": (np.array([1.0, 1.0, 0.0]) / 2, 782.66, 8.68),
    "phi": (np.array([0.0, 0.0, 1.0]) / _ROOT2, 1019.461, 4.249),
}
_PSEUDOSCALARS = {"pi0": np.array([1.0, -1.0, 0.0]) / 2, "eta": np.array([1.0, 1.0, -1.0]) / _ROOT6}


def quark_couplings(couplings: Couplings) -> np.ndarray:
    """Return c_u, c_d, c_s, shape (3, ...)."""
    return np.stack(np.broadcast_arrays(couplings.c_u[0], couplings.c_d[0], couplings.c_d[1]))


def electron(couplings: Couplings) -> np.ndarray:
    """Bremsstrahlung off electrons, e+e- -> gamma Z': c_e^2."""
    return np.asarray(couplings.c_e) ** 2


def muon(couplings: Couplings) -> np.ndarray:
    """Bremsstrahlung off muons: c_mu^2."""
    return np.asarray(couplings.c_mu) ** 2


def proton(couplings: Couplings) -> np.ndarray:
    """Bremsstrahlung off protons: (2 c_u + c_d)^2."""
    return np.asarray(couplings.c_p) ** 2


def meson(name: str) -> Callable[[Couplings], np.ndarray]:
    """P -> gamma Z': |sum_V Tr[T_P Q T_V] Tr[T_V C] BW_V(M)|^2."""

    def strength(couplings: Couplings) -> np.ndarray:
        """Return the production of one meson relative to unit coupling."""
        charges, amplitude = quark_couplings(couplings), 0.0
        for vector, (generator, mass, width) in _VECTORS.items():
            resonance = mass**2 / (
                mass**2 - couplings.mass**2 - 1j * mass * width * _phase_space(vector, couplings.mass)
            )
            overlap = np.sum(_PSEUDOSCALARS[name] * _CHARGE * generator)
            amplitude = amplitude + overlap * np.tensordot(generator, charges, 1) * resonance
        return np.abs(amplitude) ** 2

    return strength


def _phase_space(vector: str, mass: float) -> float:
    """Width of a vector meson off its shell over that on it: two pions for the rho, narrow ones as they are."""
    if vector != "rho":
        return 1.0
    momentum = [max(1 - (2 * M_PION_CHARGED / m) ** 2, 0.0) ** 1.5 * m for m in (mass, _VECTORS["rho"][1])]
    return momentum[0] / momentum[1]


MECHANISMS: dict[str, Callable[[Couplings], np.ndarray]] = {
    "electron": electron,
    "muon": muon,
    "proton": proton,
    "pi0": meson("pi0"),
    "eta": meson("eta"),
}


def production(mechanism: str, couplings: Couplings) -> np.ndarray:
    """Return the strength of one mechanism at the couplings (arrays allowed). Raises UnknownNameError."""
    if mechanism not in MECHANISMS:
        raise unknown_name("production mechanism", mechanism, MECHANISMS)
    return MECHANISMS[mechanism](couplings)
