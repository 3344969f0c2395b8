"""How many mediators are made, up to a factor common to all vectors of one mass (1801.04847 section 2.1).

Couplings may be complex (loop mixing on shell). Mesons turn into the mediator through vector-meson dominance.
"""

from collections.abc import Callable
from math import log

import numpy as np

from nuportal.errors import unknown_name
from nuportal.limits.recast.vector_mesons import anomaly, three_mesons, vectors
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


def mixing(vector: str) -> Callable[[Couplings], np.ndarray]:
    """V turns into Z': |Tr[T_V C]|^2."""

    def strength(couplings: Couplings) -> np.ndarray:
        """Return the mixing of one vector meson relative to unit coupling."""
        return np.abs(np.tensordot(vectors()[vector].generator, quark_couplings(couplings), 1)) ** 2

    return strength


def vector_decay(vector: str, meson_name: str) -> Callable[[Couplings], np.ndarray]:
    """V -> P Z': |sum_W Tr[T_V T_P T_W] Tr[T_W C] BW_W(M)|^2."""

    def strength(couplings: Couplings) -> np.ndarray:
        """Return the production by one vector meson relative to unit coupling."""
        return np.abs(three_mesons(vector, meson_name, quark_couplings(couplings), couplings.mass)) ** 2

    return strength


def quark(kind: str, generation: int) -> Callable[[Couplings], np.ndarray]:
    """Drell-Yan of one quark: |c_q|^2. kind: "c_u" or "c_d"."""
    return lambda couplings: np.abs(getattr(couplings, kind)[generation]) ** 2


MECHANISMS: dict[str, Callable[[Couplings], np.ndarray]] = {
    "electron": electron,
    "muon": muon,
    "proton": proton,
    "pi0": meson("pi0"),
    "eta": meson("eta"),
    "rho": mixing("rho"),
    "omega": mixing("omega"),
    "phi": mixing("phi"),
    "omega_pi0": vector_decay("omega", "pi0"),
    "phi_eta": vector_decay("phi", "eta"),
    "up": quark("c_u", 0),
    "down": quark("c_d", 0),
    "strange": quark("c_d", 1),
    "charm": quark("c_u", 1),
    "bottom": quark("c_d", 2),
}


def production(mechanism: str, couplings: Couplings) -> np.ndarray:
    """Return the strength of one mechanism at the couplings (arrays allowed). Raises UnknownNameError."""
    if mechanism not in MECHANISMS:
        raise unknown_name("production mechanism", mechanism, MECHANISMS)
    return MECHANISMS[mechanism](couplings)


def shares_at(table: dict[str, np.ndarray], mass: float) -> dict[str, float]:
    """Return the share of each mechanism at a mass (MeV) from a table with a column mass_MeV and one for each.

    Beyond its masses the first or the last row holds. Raises UnknownNameError for a column that is no mechanism.
    """
    found: dict[str, float] = {}
    for name, column in table.items():
        if name == "mass_MeV":
            continue
        if name not in MECHANISMS:
            raise unknown_name("production mechanism", name, MECHANISMS)
        found[name] = float(np.interp(log(mass), np.log(table["mass_MeV"]), column))
    return found


def mixture(shares: dict[str, float], couplings: Couplings, reference: Couplings) -> np.ndarray:
    """Return the strength of several mechanisms that have these shares for the reference, which has strength 1."""
    found = [
        share * MECHANISMS[name](couplings) / MECHANISMS[name](reference) for name, share in shares.items() if share
    ]
    return np.asarray(sum(found, np.float64(0.0)))
