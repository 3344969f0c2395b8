"""How many mediators are made, up to a factor common to all vectors of one mass (1801.04847 section 2.1).

Couplings may be complex (loop mixing on shell). Mesons turn into the mediator through vector-meson dominance.
"""

from collections.abc import Callable

import numpy as np

from nuportal.errors import unknown_name
from nuportal.limits.recast.vector_mesons import anomaly
from nuportal.models import Couplings


def quark_couplings(couplings: Couplings) -> np.ndarray:
    """Return c_u, c_d, c_s, shape (3, ...)."""
    return np.stack(np.broadcast_arrays(couplings.c_u[0], couplings.c_d[0], couplings.c_d[1]))


def electron(couplings: Couplings) -> np.ndarray:
    """Bremsstrahlung off electrons, e+e- -> gamma Z': c_e^2."""
    return np.abs(couplings.c_e) ** 2


def muon(couplings: Couplings) -> np.ndarray:
    """Bremsstrahlung off muons: c_mu^2."""
    return np.abs(couplings.c_mu) ** 2


def proton(couplings: Couplings) -> np.ndarray:
    """Bremsstrahlung off protons: (2 c_u + c_d)^2."""
    return np.abs(couplings.c_p) ** 2


def meson(name: str) -> Callable[[Couplings], np.ndarray]:
    """P -> gamma Z': |sum_V Tr[T_P Q T_V] Tr[T_V C] BW_V(M)|^2."""

    def strength(couplings: Couplings) -> np.ndarray:
        """Return the production of one meson relative to unit coupling."""
        return np.abs(anomaly(name, quark_couplings(couplings), couplings.mass)) ** 2

    return strength


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
