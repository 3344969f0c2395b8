# pyright: basic
"""nu nubar <-> Z'Z' with the spectra of all: the reaction that changes the number of neutrinos and bosons together.

Two bosons i, j give a neutrino and an antineutrino of total energy E_i + E_j. The rate comes from the amplitude summed
over angles (processes.neutrino_pair.pair_amplitude); of the distribution of the energy between the two neutrinos only
the mean is kept, (E_i + E_j)/2 for each. Number and energy are exact, and so is detailed balance,

    df_i/dt = sum_j K_ij (1-f)^2 (1+f_i)(1+f_j) e^{-(E_i+E_j)/T} [e^{2 delta} - e^{kappa_i + kappa_j}];

where the reaction is fast, decays and scattering by boson exchange have long smoothed the spectra.
"""

from functools import cache
from math import exp, expm1, log, pi
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.cosmology.momenta.decays import FAR, RATE_MAX
from nuportal.cosmology.momenta.grid import Grid, spread
from nuportal.processes.neutrino_pair import pair_amplitude
from nuportal.solvers.rodas import FAST

LN_MASS = (-22.0, 8.0, 121)  #: ln(M/s) of the table


class BosonPairTable(NamedTuple):
    """ln of the amplitude over s^2 at the nodes of ln(M/s) [points, k, k]; first node and step."""

    values: np.ndarray
    shape: np.ndarray


@cache
def boson_pair_table(nodes: int, boson_nodes: int, tail: bool, open_end: bool, even: bool, spin: int) -> BosonPairTable:
    """Return the table for a grid and the spin of the boson."""
    from nuportal.cosmology.momenta.grid import grid

    g: Grid = grid(nodes, boson_nodes, tail, open_end, even)
    ln_mass = np.linspace(*LN_MASS)
    values = np.empty((ln_mass.size, boson_nodes, boson_nodes))
    _fill(values, g.q, ln_mass, spin)
    return BosonPairTable(values, np.array([ln_mass[0], ln_mass[1] - ln_mass[0]]))


@njit(cache=True, error_model="numpy")
def _fill(values, q, ln_mass, spin):
    for a in range(ln_mass.size):
        mass = exp(ln_mass[a])
        for i in range(q.size):
            for j in range(i + 1):
                found = log(max(pair_amplitude(q[i], q[j], mass, spin), 1e-300))
                values[a, i, j] = values[a, j, i] = found


@njit(cache=True, error_model="numpy", fastmath=FAST)
def boson_pairs(g, m, t, front, mass, decline, numbers, share, energy, delta, state, out, boson, derive, jac):
    """Add the reaction to out [states, nodes] and boson [k]; fill derivatives if asked.

    m: `Mixing`; front: s/(512 pi^3 H) over degrees of freedom; mass: M/s; numbers [k]: number weights of the boson;
    share [nodes, states]: sum over flavours a of c_a^4 |U_ai|^2 over the flavours in a state; state, jac: as in
    `decays`.
    """
    bose, v, stimulated, occupied = state
    states = delta.shape[0]
    position = min(max((log(mass) - t.shape[0]) / t.shape[1], 0.0), t.values.shape[0] - 1.001)
    row = int(position)
    part = position - row
    for i in range(g.q.size):
        for j in range(i + 1):
            amplitude = exp((1.0 - part) * t.values[row, i, j] + part * t.values[row + 1, i, j])
            mean = 0.5 * (energy[i] + energy[j])
            at, a, b, c = spread(g, mean)
            weights = (a, b, c)
            # events per e-fold and volume, both orders of i and j counted
            events = front * amplitude * 2.0 * pi**2 * numbers[i] * numbers[j]
            events /= g.q[i] * energy[i] * g.q[j] * energy[j]
            if i == j:
                events *= 0.5
            seen = events * bose[i] * bose[j] * stimulated[i] * stimulated[j] * 10.0
            near = v[i] < FAR and v[j] < FAR
            for h in range(states):
                coupled = (share[at, h] * a + share[at + 1, h] * b + share[at + 2, h] * c) / (a + b + c)
                if coupled == 0.0:
                    continue
                x = a * delta[h, at] + b * delta[h, at + 1] + c * delta[h, at + 2]
                grown = exp(x - mean * decline)
                free = 1.0 / (1.0 + grown)
                scale = (
                    events * coupled / (1.0 + seen * coupled / RATE_MAX) * free * free * stimulated[i] * stimulated[j]
                )
                if near:
                    affinity = bose[i] * bose[j] * (expm1(2.0 * x) - v[i] - v[j] - v[i] * v[j])
                else:
                    affinity = grown * grown - occupied[i] * occupied[j]
                rate = scale * affinity
                count = m.states[h]
                boson[i] += count * rate / numbers[i]
                boson[j] += count * rate / numbers[j]
                for s in range(3):
                    out[h, at + s] -= weights[s] / g.weight[at + s] * rate
                if not derive:
                    continue
                by_x = 2.0 * scale * grown * grown - 2.0 * rate * grown * free
                by_i = (rate - scale * occupied[j] / stimulated[i]) / stimulated[i]
                by_j = (rate - scale * occupied[i] / stimulated[j]) / stimulated[j]
                for row_, number in ((i, numbers[i] / count), (j, numbers[j] / count)):
                    jac[3][row_, i] += by_i / number
                    jac[3][row_, j] += by_j / number
                    for s in range(3):
                        jac[2][row_, h, at + s] += by_x * weights[s] / number
                for s in range(3):
                    put = weights[s] / g.weight[at + s]
                    jac[1][h, at + s, i] -= put * by_i
                    jac[1][h, at + s, j] -= put * by_j
                    for r in range(3):
                        jac[0][h, at + s, h, at + r] -= put * by_x * weights[r]
