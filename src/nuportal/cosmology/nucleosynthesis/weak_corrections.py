"""Corrections of the n <-> p rates that depend on the electron's momentum alone, on the nodes of the phase space.

Coulomb attraction and radiation of zero temperature: Pitrou, Coc, Uzan, Vangioni, 1801.08023 ("PSR") eqs 100, B32, B35
and B36. Energies and momenta in units of m_e.
"""

import tomllib
from functools import cache
from importlib.resources import files
from math import lgamma, sqrt
from typing import NamedTuple, cast

import numpy as np
from scipy.special import loggamma, spence

from nuportal.constants import ALPHA, HBAR_C_CM, M_E, M_NEUTRON, M_PROTON
from nuportal.solvers.quadrature import gauss_legendre

GAP = (M_NEUTRON - M_PROTON) / M_E  #: q
EDGE = np.sqrt(GAP**2 - 1)  #: largest momentum of the electron in the decay of a neutron at rest
INSIDE, PER_PANEL, PANELS = 32, 14, 12  #: nodes below EDGE; nodes in [p, 2p] above it, how often


class Nodes(NamedTuple):
    """Quadrature over the momentum p of the charged lepton: weights dp p^2, energies, factors of e- and e+ [nodes]."""

    momentum: np.ndarray
    energy: np.ndarray
    weight: np.ndarray
    electron: np.ndarray
    positron: np.ndarray


@cache
def numbers() -> dict[str, dict[str, float]]:
    """Return the table of numbers, data/weak.toml."""
    text = files("nuportal.cosmology.nucleosynthesis").joinpath("data/weak.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def nodes(corrected: bool = True) -> Nodes:
    """Return the nodes of the phase space; corrected=False leaves Coulomb and radiative factors at one.

    ln |E - q| of the radiative correction is singular at EDGE, which is the end of a panel.
    """
    parts = [gauss_legendre(INSIDE, EDGE)]
    for k in range(PANELS):
        x, w = gauss_legendre(PER_PANEL, EDGE * 2**k)
        parts.append((EDGE * 2**k + x, w))
    p, w = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    energy = np.sqrt(1 + p**2)
    electron = positron = np.ones_like(p)
    if corrected:
        electron = fermi_function(p) * radiative(p, np.abs(energy - GAP))
        positron = radiative(p, energy + GAP)
    return Nodes(p, energy, w * p**2, electron, positron)


def fermi_function(p: np.ndarray) -> np.ndarray:
    """Return the Coulomb factor of an electron and a proton, PSR eq. 100."""
    speed = p / np.sqrt(1 + p**2)
    shift = sqrt(1 - ALPHA**2) - 1
    radius = numbers()["nucleon"]["proton_radius_fm"] * 1e-13 * M_E / HBAR_C_CM
    complex_gamma = cast("np.ndarray", loggamma(1 + shift + 1j * ALPHA / speed))
    log_gammas = 2 * np.real(complex_gamma) - 2 * lgamma(3 + 2 * shift)
    log_rest = 2 * shift * np.log(2 * radius * speed) + np.pi * ALPHA / speed + shift * np.log(1 + p**2)
    return (1 + shift / 2) * 4 * np.exp(log_gammas + log_rest)


def radiative(p: np.ndarray, neutrino: np.ndarray) -> np.ndarray:
    """Return the radiative correction of zero temperature, PSR eqs B35 and B36; neutrino: its energy."""
    c = numbers()["radiative"]
    outgoing = 1 + ALPHA / (2 * np.pi) * (_sirlin(p, neutrino) - 3 * np.log(M_PROTON / (2 * (M_NEUTRON - M_PROTON))))
    inner = c["inner"] + c["axial"] * ALPHA / np.pi + c["inner_shift"]
    logs = np.log(M_PROTON / c["outer_scale_MeV"]) - c["outer_axial"]
    return outgoing * inner * (c["outer"] + logs / (c["outer_alpha"] * 2 * np.pi) + c["outer_shift"])


def _sirlin(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return Sirlin's function of the electron's momentum and the neutrino's energy, PSR eq. B32."""
    energy = np.sqrt(1 + p**2)
    b = p / energy
    a = np.arctanh(b) / b
    return (
        3 * np.log(M_PROTON / M_E)
        - 3 / 4
        + 4 * (a - 1) * (y / (3 * energy) - 3 / 2 + np.log(2 * y))
        + a * (2 * (1 + b**2) + y**2 / (6 * energy**2) - 4 * b * a)
        - 4 / b * spence(1 - 2 * b / (1 + b))
    )
