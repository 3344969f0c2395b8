"""Nuclei, reactions and rate sets: read from data/, with the reverse rates that detailed balance gives."""

import csv
from functools import cache
from importlib.resources import files
from math import log
from typing import Any, NamedTuple

import numpy as np
from scipy.interpolate import CubicSpline

from nuportal.constants import ALPHA, ATOMIC_MASS_UNIT, HBAR_C_CM, KELVIN, M_E, N_AVOGADRO
from nuportal.errors import DataFileError, unknown_name
from nuportal.solvers import hermite

NUCLEI: tuple[str, ...] = ("n", "p", "d", "t", "He3", "He4", "Li7", "Be7")
N, P, D, T, HE3, HE4, LI7, BE7 = range(len(NUCLEI))
PHOTON = -1  #: in place of a second outgoing nucleus
RATE_SETS = ("primat2023", "recommended2026", "nacre2_luna", "parthenope3")
T9_PER_MEV = 1e-9 / KELVIN  #: GK per MeV


class Reactions(NamedTuple):
    """The network. Arrays over reactions [r].

    nuclei [r, 4]: two in, two out (PHOTON). identical [r, 2]: 1/2 where a pair is of one kind, else 1. reverse [r, 3]:
    rate back = rate forth * alpha T9^beta e^{gamma/T9}; for captures in s^-1. pair [r, 2]: factor of e+e- emission in
    captures, constant part and Gamow energy of E1 captures at T9 = 1 in m_e (zero: none), q [r] in m_e.
    """

    nuclei: np.ndarray
    identical: np.ndarray
    reverse: np.ndarray
    pair: np.ndarray
    q: np.ndarray


class Nucleus(NamedTuple):
    """Mass number, charge, mass of the nucleus and of the atom in MeV, number of spin states."""

    number: int
    charge: int
    mass: float
    atom: float
    states: float


def _rows(name: str) -> list[dict[str, str]]:
    text = files("nuportal.cosmology.nucleosynthesis").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


@cache
def nuclei() -> dict[str, Nucleus]:
    """Return the nuclei by name, in the order of NUCLEI."""
    found: dict[str, Nucleus] = {}
    for row in _rows("nuclei.csv"):
        charge, number = int(row["protons"]), int(row["protons"]) + int(row["neutrons"])
        atom = number * ATOMIC_MASS_UNIT + float(row["excess_keV"]) / 1000
        found[row["nucleus"]] = Nucleus(number, charge, atom - charge * M_E, atom, 2 * float(row["spin"]) + 1)
    if tuple(found) != NUCLEI:
        raise DataFileError(f"nuclei.csv holds {', '.join(found)} in place of {', '.join(NUCLEI)}")
    return found


@cache
def reaction_names() -> tuple[str, ...]:
    """Return the names of the reactions, in the order of all arrays."""
    return tuple(row["reaction"] for row in _rows("reactions.csv"))


@cache
def reactions() -> Reactions:
    """Return the network."""
    rows = _rows("reactions.csv")
    table, names = nuclei(), NUCLEI
    members: list[list[int]] = []
    identical: list[list[float]] = []
    reverse: list[Any] = []
    pair: list[Any] = []
    q: list[float] = []
    for row in rows:
        sides = [row["in1"], row["in2"]], [row["out1"], row["out2"]]
        members.append([names.index(x) if x != "gamma" else PHOTON for side in sides for x in side])
        identical.append([0.5 if first == second else 1.0 for first, second in sides])
        before, after = ([table[x] for x in side if x != "gamma"] for side in sides)
        released = sum(x.mass for x in before) - sum(x.mass for x in after)
        reverse.append(_reverse(before, after, released, identical[-1]))
        q.append(released / M_E)
        pair.append(
            [0.0, _gamow(*before)] if row["pair"] == "E1" else [0.0 if row["pair"] == "-" else float(row["pair"]), 0.0]
        )
    return Reactions(*(np.array(part) for part in (members, identical, reverse, pair, q)))


def _reverse(before: list[Nucleus], after: list[Nucleus], released: float, identical: list[float]) -> list[float]:
    """Return (alpha, beta, gamma) of the reverse rate from Saha's equation; released: Q in MeV."""
    ratio = np.prod([x.states * x.mass**1.5 for x in before]) / np.prod([x.states * x.mass**1.5 for x in after])
    alpha = ratio * identical[0] / identical[1]
    gamma = -released * T9_PER_MEV
    if len(after) == 2:
        return [alpha, 0.0, gamma]
    thermal = (1 / T9_PER_MEV / (2 * np.pi)) ** 1.5 / HBAR_C_CM**3 / N_AVOGADRO  # (T/2 pi)^{3/2} at T9 = 1, mol cm^-3
    return [alpha * thermal, 1.5, gamma]


def _gamow(first: Nucleus, second: Nucleus) -> float:
    """Return the Gamow energy of two nuclei at T9 = 1 in m_e: (pi alpha Z1 Z2 T)^{2/3} (mu/2)^{1/3}, A for masses."""
    reduced = first.number * second.number / (first.number + second.number) * ATOMIC_MASS_UNIT
    return (np.pi * ALPHA * first.charge * second.charge / T9_PER_MEV) ** (2 / 3) * (reduced / 2) ** (1 / 3) / M_E


@cache
def rate_table(name: str) -> hermite.HermiteTable:
    """Return ln of the 12 rates, then the errors of these logarithms, over ln T9. Raises UnknownNameError."""
    if name not in RATE_SETS:
        raise unknown_name("rate set", name, RATE_SETS)
    rows = _rows(f"rates_{name}.csv")
    x = np.linspace(log(float(rows[0]["T9"])), log(float(rows[-1]["T9"])), len(rows))
    rates = np.log([[float(row[r]) for r in reaction_names()] for row in rows])
    errors = np.array([[float(row[f"s_{r}"]) for r in reaction_names()] for row in rows])
    values = np.column_stack([rates, errors])
    return hermite.build(x, values, CubicSpline(x, values, bc_type="natural")(x, 1))
