"""Exact rates of a light boson against the e.m. plasma at the nodes of (T, p/T), from a shipped table over the mass.

Two logarithms are smooth in the mass M: ln(exp(m_e/T) G~/g_e^2) of Compton scattering, and ln of the ratio of the exact
annihilation rate to `reference`, the rate of ibe2020 eq. 19 without Pauli blocking. The threshold at 2 m_e and the soft
photons are in the reference, so that the ratio holds only the blocking. Both are interpolated by quintics through six
nodes of u, on each side of 2 m_e:

    |ln(M/2m_e)| = u^2/(u + c),

a logarithm far from 2 m_e and its square root near 2 m_e, where the ratio has a square-root cusp. Below the lightest
node the boson counts as massless: (M/p)^2 < 1e-4 at every p/T and T of the table. scripts/make_boson_ratios.py makes
it.
"""

import json
from functools import cache
from importlib.resources import files
from math import exp, log, sqrt
from typing import Any

import numpy as np
from numba import njit

from nuportal.constants import M_E
from nuportal.errors import NotApplicableError
from nuportal.processes.annihilation import scaled_rate_without_blocking

T_RANGE = (5e-3, 100.0)  #: MeV; below the first the rate is continued as exp(-m_e/T), which is nil
MOMENTUM_RANGE = (2e-3, 150.0)  #: p/T covered by the tables; beyond, the edge value is used
LN_T = np.linspace(log(T_RANGE[0]), log(T_RANGE[1]), 40)
LN_Y = np.linspace(log(MOMENTUM_RANGE[0]), log(MOMENTUM_RANGE[1]), 40)
LIGHTEST, HEAVIEST = 1e-7, 300.0  #: MeV
_CROWDING = 0.5  # c of the module's formula
_POINTS = 6  # of the quintic
# The quadrature of annihilation with exact statistics has 16 nodes too: near 2 m_e its error cancels in the ratio.
_X16, _W16 = np.polynomial.legendre.leggauss(16)


def position(mass: float) -> float:
    """Return u of a mass in MeV."""
    x = abs(log(mass / (2 * M_E)))
    return 0.5 * (x + sqrt(x * (x + 4 * _CROWDING)))


def masses(u: np.ndarray, side: str) -> np.ndarray:
    """Return the masses in MeV at u on the "light" or "heavy" side of 2 m_e."""
    sign = -1 if side == "light" else 1
    return 2 * M_E * np.exp(sign * u**2 / (u + _CROWDING))


@njit(cache=True)
def reference(ln_t: np.ndarray, ln_y: np.ndarray, mass: float, spin: int) -> np.ndarray:
    """Return ln of exp(k_min/T) G~/g_e^2 of annihilation without blocking at the nodes, [n_T, n_p]; G~ in MeV."""
    out = np.empty((ln_t.size, ln_y.size))
    for i in range(ln_t.size):
        t = exp(ln_t[i])
        for j in range(ln_y.size):
            out[i, j] = log(scaled_rate_without_blocking(t * exp(ln_y[j]), t, mass, spin, _X16, _W16))
    return out


def logarithms(mass: float, spin: int) -> np.ndarray:
    """Return ln exp(m_e/T) G~/g_e^2 of Compton scattering and ln exp(k_min/T) G~/g_e^2 of annihilation, [2, n_T, n_p].

    The nodes are LN_T (T in MeV) and LN_Y (p/T); `mass` in MeV, G~ in MeV. Raises NotApplicableError above HEAVIEST.
    """
    if mass > HEAVIEST:
        raise NotApplicableError(
            f"mass = {mass:g} MeV: the rates against electrons are tabulated up to {HEAVIEST:g} MeV"
        )
    nodes, rows = _stored(spin, "light" if mass < 2 * M_E else "heavy")
    u = position(max(mass, LIGHTEST))
    first = min(max(int(np.searchsorted(nodes, u)) - _POINTS // 2, 0), nodes.size - _POINTS)
    near = nodes[first : first + _POINTS]
    gaps = near[:, None] - near + np.eye(_POINTS)
    weights = np.array([np.prod(np.delete((u - near) / gaps[i], i)) for i in range(_POINTS)])
    values = np.tensordot(weights, rows[first : first + _POINTS], axes=1)
    values[1] += reference(LN_T, LN_Y, mass, spin)
    return values


@cache
def _stored(spin: int, side: str) -> tuple[np.ndarray, np.ndarray]:
    """Return (u of the nodes, rows [n_mass, 2, n_T, n_p]); the file holds steps from node to node as whole numbers."""
    with files("nuportal.processes").joinpath("boson_ratios.npz").open("rb") as stream:
        data = np.load(stream, allow_pickle=False)
        steps = data[f"spin{spin}_{side}"]
        return data[f"u_{side}"], np.cumsum(steps, axis=0, dtype=np.int64) * float(data["unit"])


def table_header() -> dict[str, Any]:
    """Return what the shipped table is and how it was made."""
    with files("nuportal.processes").joinpath("boson_ratios.npz").open("rb") as stream:
        return json.loads(str(np.load(stream, allow_pickle=False)["header"]))
