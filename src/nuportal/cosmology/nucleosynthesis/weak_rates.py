# pyright: basic
"""Rates of n <-> p from the electron neutrinos' distribution, over the six reactions at once.

lambda = 1/(tau_n F_n) int_0^inf p^2 dp sum over e- and e+ of chi, Pitrou, Coc, Uzan, Vangioni, 1801.08023 ("PSR").
E is the energy of the charged lepton, negative for the line that comes from crossing it, and y = E - q that of the
neutrino (p -> n: y = E + q), everything in units of m_e. g(y) = f(y) for y > 0 and 1 - f(-y) for y < 0 counts neutrinos
absorbed and antineutrinos emitted alike. Neutrinos and antineutrinos have the same distribution here, so that the
logit of g is an odd function and p -> n is n -> p with q -> -q.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.constants import M_E, M_NEUTRON, M_PROTON
from nuportal.cosmology.nucleosynthesis.weak_corrections import EDGE, GAP, INSIDE, PER_PANEL, nodes, numbers
from nuportal.solvers.compiled import INNER

TAIL = 38.0  #: temperatures above q at which the integrals end

_GAP, _EDGE = float(GAP), float(EDGE)


class Neutrinos(NamedTuple):
    """Logit of the occupation, ln f/(1-f), as a piecewise cubic of the comoving momentum at each time.

    knots [segments], MeV with a = 1 today; cubic [time, segments, 4]: sum_k cubic[k] (momentum - knot)^k.
    A Fermi-Dirac distribution is one segment: xi - p/T.
    """

    knots: np.ndarray
    cubic: np.ndarray


class Recoil(NamedTuple):
    """Couplings of the finite nucleon mass: mass of the final nucleon in m_e, masses' ratio, f1, f2, f3 (PSR B.3)."""

    mass: float
    ratio: float
    f1: float
    f2: float
    f3: float


class Phase(NamedTuple):
    """What the integrals read: nodes of the momentum, factors of both lines, recoil of n -> p and of p -> n."""

    momentum: np.ndarray
    energy: np.ndarray
    weight: np.ndarray
    electron: np.ndarray
    positron: np.ndarray
    neutron: Recoil
    proton: Recoil
    finite_mass: float


def phase(corrections: str = "all") -> Phase:
    """Return the phase space with "all" corrections, "radiative" (no finite nucleon mass) or "born"."""
    chosen = nodes(corrections != "born")
    c = numbers()["nucleon"]
    axial, magnetic = c["axial_coupling"], 2 * c["isovector_magnetism"] * c["axial_coupling"]
    norm = 1 + 3 * axial**2
    f1 = ((1 + axial) ** 2 + magnetic) / norm
    f2 = ((1 - axial) ** 2 - magnetic) / norm
    f3 = (axial**2 - 1) / norm
    neutron = Recoil(M_PROTON / M_E, M_NEUTRON / M_PROTON, f1, f2, f3)
    proton = Recoil(M_NEUTRON / M_E, M_PROTON / M_NEUTRON, f2, f1, f3)
    return Phase(*chosen, neutron, proton, 1.0 if corrections == "all" else 0.0)


def decay_integral(space: Phase) -> float:
    """Return F_n: lambda of a free neutron times tau_n, by which the rates are normalised."""
    p, energy = space.momentum[:INSIDE], space.energy[:INSIDE]
    y, recoil = energy - GAP, space.neutron
    s = recoil.f1 + recoil.f2 + recoil.f3
    slow = recoil.f1 * y**2 * p**2 / energy - recoil.f2 * y**3 + recoil.f3 * y**2 * p**2 / energy
    slow += s / 2 * (4 * y**3 + 2 * y * p**2)
    chi = y**2 + space.finite_mass * slow / recoil.mass
    return float(np.sum(space.weight[:INSIDE] * space.electron[:INSIDE] * chi))


@njit(**INNER)
def _logit(u, knots, cubic, segment):
    """Return the logit at comoving momentum u with its two derivatives, and the segment that holds u."""
    while segment + 1 < knots.size and u >= knots[segment + 1]:
        segment += 1
    while segment > 0 and u < knots[segment]:
        segment -= 1
    t, c = u - knots[segment], cubic[segment]
    value = c[0] + t * (c[1] + t * (c[2] + t * c[3]))
    return value, c[1] + t * (2.0 * c[2] + 3.0 * t * c[3]), 2.0 * c[2] + 6.0 * t * c[3], segment


@njit(**INNER)
def _occupied(logit, slope, curvature):
    """Return g, g', g'' and 1 - g from the logit of g and its derivatives by y."""
    small = np.exp(-abs(logit))
    large = 1.0 / (1.0 + small)
    g, rest = (large, small * large) if logit > 0.0 else (small * large, large)
    first = slope * g * rest
    return g, first, curvature * g * rest + slope * first * (rest - g), rest


@njit(**INNER)
def _line(energy, p, y, g, g1, g2, x, recoil, finite_mass):
    """Return chi of one line without its blocking: Born plus finite nucleon mass and weak magnetism (PSR B.3).

    g, g1, g2: occupation and its derivatives by y. x = m_e/T_gamma.
    """
    born = y * y * g
    if finite_mass == 0.0:
        return born
    p2, y2 = p * p, y * y
    y2g1 = 2.0 * y * g + y2 * g1
    y3g1 = y2 * (3.0 * g + y * g1)
    y4g1 = y2 * y * (4.0 * g + y * g1)
    y2g2 = 2.0 * g + 4.0 * y * g1 + y2 * g2
    y3g2 = y * (6.0 * g + 6.0 * y * g1 + y2 * g2)
    y4g2 = y2 * (12.0 * g + 8.0 * y * g1 + y2 * g2)
    f1, f2, f3 = recoil.f1, recoil.f2, recoil.f3
    s = f1 + f2 + f3
    cold = f1 * born * p2 / energy - f2 * y * born + 0.5 * s * (y4g1 + p2 * y2g1) + f3 / 3.0 * p2 / energy * y3g1
    warm = 0.5 * s * (y4g2 + p2 * y2g2) - (f1 + f2) * (y3g1 - p2 / energy * y2g1)
    warm += f3 / 3.0 * p2 / energy * y3g2 - 3.0 * f3 * born
    masses = 1.5 * s / x * (1.0 - recoil.ratio) * y2g1
    return born + (cold + warm / x) / recoil.mass - masses


@njit(cache=True, error_model="numpy", nogil=True)
def rates(a: np.ndarray, t_gamma: np.ndarray, neutrinos: Neutrinos, space: Phase, found: np.ndarray) -> None:
    """Fill found [time, 2] with the integrals of n -> p and p -> n in units of 1/(tau_n F_n).

    a [time]: scale factor, 1 today; t_gamma [time] MeV. The phase space needs no more than TAIL temperatures.
    """
    for i in range(a.size):
        scale = a[i] * M_E  # comoving momentum of a neutrino of energy m_e
        cubic = neutrinos.cubic[i]
        x = M_E / t_gamma[i]
        last = cubic[cubic.shape[0] - 1]
        longest = max(1.0 / x, -1.0 / (last[1] * scale))
        below = above = 0
        forward = backward = 0.0
        end, edge = INSIDE, _EDGE
        while end < space.momentum.size and edge < TAIL * longest + _GAP:
            end += PER_PANEL
            edge *= 2.0
        for k in range(end):
            p, energy = space.momentum[k], space.energy[k]
            small = np.exp(-x * energy)
            free, filled = 1.0 / (1.0 + small), small / (1.0 + small)
            y = energy - _GAP
            logit, slope, bend, below = _logit(abs(y) * scale, neutrinos.knots, cubic, below)
            sign = 1.0 if y > 0.0 else -1.0
            g, g1, g2, rest = _occupied(sign * logit, slope * scale, sign * bend * scale * scale)
            one = _line(energy, p, y, g, g1, g2, x, space.neutron, space.finite_mass)
            other = _line(-energy, p, -y, rest, g1, -g2, x, space.proton, space.finite_mass)
            forward += space.weight[k] * space.electron[k] * free * one
            backward += space.weight[k] * space.electron[k] * filled * other
            y = energy + _GAP
            logit, slope, bend, above = _logit(y * scale, neutrinos.knots, cubic, above)
            g, g1, g2, rest = _occupied(logit, slope * scale, bend * scale * scale)
            one = _line(-energy, p, -y, rest, g1, -g2, x, space.neutron, space.finite_mass)
            other = _line(energy, p, y, g, g1, g2, x, space.proton, space.finite_mass)
            forward += space.weight[k] * space.positron[k] * filled * one
            backward += space.weight[k] * space.positron[k] * free * other
        found[i, 0], found[i, 1] = forward, backward
