# pyright: basic
"""Flavours and the states in which neutrinos travel.

Weak reactions act on flavour classes A (a flavour, or flavours with equal couplings), momenta redshift in states i:

    f_A = sum_i P_Ai f_i,    df_i/dt = sum_A Q_iA [C_A + G_A (f_A - f_i)],

G_A the sum of gain and loss rate, so that gain (1 - f_i) and loss f_i act on f_i itself. Without oscillations states
are classes. With them, states are the three eigenstates in the plasma: oscillations are fast, and on average the
density matrix is diagonal there, Q_iA = sum over the flavours a of A of |U_ai|^2. The potential of the plasma of e+-
is the same for nu and nubar, V = 2 sqrt2 G_F p (rho_e + P_e)/m_W^2 (Noetzold and Raffelt 1988), and suppresses
mixing:

    tan 2theta_13 = D31 sin 2theta_13/(D31 cos 2theta_13 + V),   D = dm^2/2p,

likewise theta_12 with V cos^2 theta_13.

The boson couples to pairs of states, with the strength |sum_a U_ai c_a U_aj|^2: a pair that it makes is coherent in
flavour. Taking sum_a c_a^2 |U_ai|^2 |U_aj|^2 instead would let a state annihilate with what it rarely meets; for
L_mu - L_tau that lowers N_eff by several per cent (scripts/check_flavour_coherence.py).

Light right-handed neutrinos follow as further classes and states, one for each magnitude of charge, behind those of the
left-handed ones. They are not mixed: they meet neither the plasma nor, before recombination, their own mass.
"""

from math import atan2, cos, sin, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.constants import G_F, M_W
from nuportal.models.base import Couplings
from nuportal.solvers.compiled import PART


class Mixing(NamedTuple):
    """Which class a flavour belongs to (e, mu, tau), whether states oscillate, flavours in each state.

    vacuum: 2 theta_12, 2 theta_13, sin theta_23 and dm21, dm31 in MeV^2. charges: couplings of nu_e, nu_mu, nu_tau;
    right: those of the states of right-handed neutrinos, the last ones. apart: whether the decays into left-handed
    neutrinos are those of density matrices.
    """

    member: np.ndarray  # [3]
    oscillating: bool
    states: np.ndarray  # [s] flavours in a state
    vacuum: np.ndarray  # [5]
    charges: np.ndarray  # [3]
    largest: float  # of their squares
    right: np.ndarray  # [r]
    apart: bool


class Scratch(NamedTuple):
    """Scratch space of a pair of momenta: squared couplings of two states; at both momenta U, f/(1-f) and the like."""

    pairs: np.ndarray  # [s, s]
    one: np.ndarray  # [3, s]
    two: np.ndarray  # [3, s]
    first: np.ndarray  # [3, s]
    second: np.ndarray  # [3, s]


def scratch(states: int) -> Scratch:
    """Return scratch space for a number of states."""
    return Scratch(np.zeros((states, states)), *(np.zeros((3, states)) for _ in range(4)))


def right_handed(couplings: Couplings | None) -> tuple[tuple[int, ...], ...]:
    """Return the flavours 0, 1, 2 of right-handed neutrinos that share one spectrum: those of equal |c|, not 0."""
    if couplings is None:
        return ()
    sizes = [abs(c) for c in couplings.c_nu_right]
    return tuple(tuple(f for f in range(3) if sizes[f] == one) for one in sorted(set(sizes) - {0.0}))


#: dm31 in eV^2, normal ordering: Esteban et al., 2410.05380 (NuFIT 6.0, IC24); its error, 1 %, does not matter here
DM31 = 2.513e-3


def mixing(
    classes: tuple[tuple[int, ...], ...],
    flavours: str,
    charges: tuple[float, ...],
    right: tuple[tuple[float, int], ...] = (),
) -> Mixing:
    """Return the mixing of the classes (flavours 0, 1, 2 in each) for "oscillating", "separate" or "common".

    right: coupling and number of the right-handed neutrinos of each further class.
    """
    from nuportal.sources.oscillation import parameter_set

    member = np.array([next(a for a, group in enumerate(classes) if f in group) for f in range(3)])
    row = parameter_set()
    angles = [2 * np.arcsin(sqrt(row[name])) for name in ("s12sq", "s13sq")]
    vacuum = np.array([*angles, sqrt(row["s23sq"]), row["dm21"] * 1e-12, DM31 * 1e-12])
    if flavours == "common":
        states = np.full(1, 3.0)
    else:
        states = np.ones(3) if flavours == "oscillating" else np.array([float(len(group)) for group in classes])
    squares = float(np.max(np.square(charges)))
    states = np.concatenate([states, [float(number) for _, number in right]])
    own = np.array([coupling for coupling, _ in right], float)
    return Mixing(member, flavours == "oscillating", states, vacuum, np.array(charges, float), squares, own, False)


@njit(cache=True, error_model="numpy")
def fractions(m, momentum, electrons, multiplicity, to_class, to_state, matrix):
    """Fill P [classes, states], Q [states, classes] and U [3, states] at a momentum in MeV.

    electrons: rho + P of e+- in MeV^4. U is real: the CP phase is set to pi, near its best fit (2410.05380).
    """
    classes, states = to_class.shape[0] - m.right.size, to_class.shape[1] - m.right.size
    for r in range(m.right.size):
        to_class[classes + r, states + r] = 1.0
    if not m.oscillating:
        for a in range(classes):
            for i in range(states):
                to_class[a, i] = 1.0 if states == 1 or a == i else 0.0
                to_state[i, a] = multiplicity[a] / 3.0 if states == 1 else to_class[a, i]
        for r in range(m.right.size):
            to_state[states + r, classes + r] = 1.0
        return
    potential = 2.0 * sqrt(2.0) * G_F * momentum * electrons / M_W**2
    d21, d31 = m.vacuum[3] / (2.0 * momentum), m.vacuum[4] / (2.0 * momentum)
    t13 = 0.5 * atan2(d31 * sin(m.vacuum[1]), d31 * cos(m.vacuum[1]) + potential)
    t12 = 0.5 * atan2(d21 * sin(m.vacuum[0]), d21 * cos(m.vacuum[0]) + potential * cos(t13) ** 2)
    s12, c12, s13, c13, s23 = sin(t12), cos(t12), -sin(t13), cos(t13), m.vacuum[2]
    c23 = sqrt(1.0 - s23 * s23)
    matrix[0, 0], matrix[0, 1], matrix[0, 2] = c12 * c13, s12 * c13, s13
    matrix[1, 0], matrix[1, 1] = -s12 * c23 - c12 * s23 * s13, c12 * c23 - s12 * s23 * s13
    matrix[2, 0], matrix[2, 1] = s12 * s23 - c12 * c23 * s13, -c12 * s23 - s12 * c23 * s13
    matrix[1, 2], matrix[2, 2] = s23 * c13, c23 * c13
    to_state[:] = 0.0
    for i in range(3):
        for flavour in range(3):
            to_state[i, m.member[flavour]] += matrix[flavour, i] ** 2
        for a in range(classes):
            to_class[a, i] = to_state[i, a] / multiplicity[a]
    for r in range(m.right.size):
        to_state[states + r, classes + r] = 1.0


@njit(cache=True, error_model="numpy")
def mixing_matrices(
    m: Mixing, y: np.ndarray, s: np.ndarray, electrons: np.ndarray, multiplicity: np.ndarray, out: np.ndarray
) -> None:
    """Fill out [t, n, 3, 3] with |U_ai|^2 at the momenta y s of every time; electrons [t]: rho + P of e+- in MeV^4."""
    states = 3 + m.right.size
    to_class, to_state = np.zeros((multiplicity.size, states)), np.zeros((states, multiplicity.size))
    for i in range(s.size):
        for j in range(y.size):
            fractions(m, y[j] * s[i], electrons[i], multiplicity, to_class, to_state, out[i, j])
            for a in range(3):
                for b in range(3):
                    out[i, j, a, b] = out[i, j, a, b] ** 2


@njit(**PART)
def couple(m, i1, part1, i2, part2, matrix, scratch):
    """Fill scratch.pairs [states, states]: squared coupling of state i at one momentum and state j at the other.

    part1, part2: weights of the momenta at nodes i1, i1 + 1, i1 + 2 and i2 ...; matrix [nodes, 3, states].
    """
    out = scratch.pairs
    states = out.shape[0] - m.right.size
    out[:] = 0.0
    for r in range(m.right.size):
        out[states + r, states + r] = m.states[states + r] * m.right[r] ** 2
    if m.apart:
        return
    if not m.oscillating:
        for flavour in range(3):
            own = 0 if states == 1 else m.member[flavour]
            out[own, own] += m.charges[flavour] ** 2
        return
    total1, total2 = part1[0] + part1[1] + part1[2], part2[0] + part2[1] + part2[2]
    one, two = scratch.one, scratch.two
    for flavour in range(3):
        charge = m.charges[flavour] / (total1 * total2)
        for i in range(3):
            one[flavour, i] = two[flavour, i] = 0.0
            for s in range(3):
                one[flavour, i] += charge * part1[s] * matrix[i1 + s, flavour, i]
                two[flavour, i] += part2[s] * matrix[i2 + s, flavour, i]
    for i in range(3):
        for j in range(3):
            amplitude = one[0, i] * two[0, j] + one[1, i] * two[1, j] + one[2, i] * two[2, j]
            out[i, j] = amplitude * amplitude


@njit(**PART)
def pair_shares(m, matrix, out):
    """Fill out [nodes, states]: sum over flavours a of c_a^4 |U_ai|^2, for one flavour of the state."""
    out[:] = 0.0
    states = out.shape[1] - m.right.size
    for j in range(out.shape[0]):
        for r in range(m.right.size):
            out[j, states + r] = m.right[r] ** 4
        for flavour in range(3):
            strength = m.charges[flavour] ** 4
            if m.oscillating:
                for i in range(3):
                    out[j, i] += strength * matrix[j, flavour, i] ** 2
            else:
                own = 0 if states == 1 else m.member[flavour]
                out[j, own] += strength / m.states[own]
