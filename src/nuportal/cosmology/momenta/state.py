# pyright: basic
"""What the kinetic equations read and write: a model as numbers, tables, scratch space, and the fields of a state."""

from math import exp, expm1, hypot, log, log1p, pi, sqrt
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from nuportal.cosmology.momenta.boson_pairs import BosonPairTable
from nuportal.cosmology.momenta.decays import FAR
from nuportal.cosmology.momenta.flavours import Mixing, Scratch, scratch
from nuportal.cosmology.momenta.grid import Grid
from nuportal.cosmology.momenta.neutrino_pairs import PairScratch, PairTable, pair_scratch
from nuportal.cosmology.momenta.weak_table import PARTS, WeakTable
from nuportal.plasma import em
from nuportal.solvers.compiled import PART
from nuportal.solvers.rodas import FAST

EMPTY = 1e-9  #: occupations, relative to the start, below which a state counts as that empty
SMALLEST = 1e-28  #: the same, as an occupation
LAST_EXCHANGE = 0.08  #: MeV, temperature below which neutrinos of any momentum pass nothing on to the plasma
LARGEST_SCALE = 40.0  #: the state is f times 1 + e^y, or 1 + e^40


class Point(NamedTuple):
    """What the equations need of a model. Arrays run over flavour classes [c]."""

    mass: float  # MeV; 0 without boson, or when it is gone
    exchanged: float  # MeV, mass of the boson that neutrinos exchange; 0 without
    degrees: float  # of freedom of the boson: 3 or 1
    start: float  # T_start in MeV
    matter: float  # rho_matter/T_gamma^3 in MeV
    width_unit: float  # MeV, to one flavour of neutrinos at unit coupling
    width_pairs: float  # MeV, Z' -> e+e-
    width_photons: float  # MeV, Z' -> 3 gamma or phi -> 2 gamma
    electron: float  # c_e^2, multiplies the rates of e gamma <-> e Z'
    scalar: bool
    in_medium: bool  # with mixing of boson and photon in the plasma
    paired: bool  # with nu nubar <-> Z'Z'
    mixing: Mixing
    multiplicity: np.ndarray  # flavours in a class
    weak: np.ndarray  # [2, c] gL^2 + gR^2 and gL gR, mean of the class
    interference: np.ndarray  # [c] mean of (gL + gR) times the contact shift c_nu c_e/(2 sqrt2 G_F M^2)
    exchange: np.ndarray  # [c] mean of the squared shift
    same: np.ndarray  # [3, c] strength of nu nu scattering within a class: weak, interference, Z' exchange
    other: np.ndarray  # [3, c, c] the same between classes


def without_boson(point: Point, t_gamma: float) -> Point:
    """Return what is left of a model when the boson has gone, at T_gamma in MeV.

    Below LAST_EXCHANGE its exchange between neutrinos is left out too: what they share reaches the plasma no more.
    """
    if t_gamma > LAST_EXCHANGE:
        return point._replace(mass=0.0)
    weak_alone = np.array([1.0, 0.0, 0.0])
    same, other = point.same * weak_alone[:, None], point.other * weak_alone[:, None, None]
    return point._replace(mass=0.0, same=same, other=other)


class Tables(NamedTuple):
    """What the equations read."""

    grid: Grid
    em: np.ndarray
    weak: WeakTable
    pairs: PairTable
    mediated: np.ndarray
    rates: np.ndarray  # e gamma <-> e Z' and e+e- <-> gamma Z' (boson_production.electron_rates)
    rates_grid: np.ndarray
    plasma: np.ndarray  # plasma_mixing.plasma_table
    boson_pairs: BosonPairTable


class Work(NamedTuple):
    """Scratch space of one thread: c classes, i states, n neutrino nodes, k boson nodes, m state
    entries.
    """

    scale: np.ndarray  # [i n + k] of the state: 1 + e^y, e^Q - 1
    to_class: np.ndarray  # [n, c, i] P
    to_state: np.ndarray  # [n, i, c] Q
    matrix: np.ndarray  # [n, 3, i] U
    pair: Scratch
    pairs: PairScratch
    shares: np.ndarray  # [n, i] sum of c_a^4 |U_ai|^2
    delta: np.ndarray  # [i, n] of states
    slope: np.ndarray  # [i, n] d delta/df of states
    sharp: np.ndarray
    event: np.ndarray
    ones: np.ndarray
    e0: np.ndarray  # [n] e^{-y/T}
    u: np.ndarray  # [c, n] e^delta - 1 of classes
    f: np.ndarray  # [c, n]
    b: np.ndarray  # [c, n] 1 - f
    energy: np.ndarray  # [k] boson energy over s
    bose: np.ndarray  # [k] e^{-E/T}
    occupied: np.ndarray  # [k] f_Z/(1 + f_Z)
    v: np.ndarray  # [k] e^kappa - 1, FAR where that is not small
    stimulated: np.ndarray  # [k] 1 + f_Z
    fz: np.ndarray  # [k]
    numbers: np.ndarray  # [k] number weight of a boson node
    kernels: np.ndarray  # [PARTS, pairs]
    collision: np.ndarray  # [c, n] df/dx of classes by weak reactions
    rates: np.ndarray  # [c, n] gain plus loss rate of a class
    from_plasma: np.ndarray  # [c, n] the part of `collision` that e+- make
    change: np.ndarray  # [i, n] df/dx of states
    boson: np.ndarray  # [k] df_Z/dx
    far: np.ndarray  # [2, i] energy over s^4 and number over s^3 per e-fold of neutrinos made above the grid
    far_z: np.ndarray  # [2, i, k] by f_Z
    begins: np.ndarray  # [1] not 0 at the start of a step
    floor: np.ndarray  # [n] smallest occupation of a neutrino node in units of the state
    front: np.ndarray  # [n]
    thermal: np.ndarray  # [2n - 1]
    same: np.ndarray  # [c]
    other: np.ndarray  # [2, c, c] of ab -> ab and of aa -> bb
    class_class: np.ndarray  # [c, n, c, n] d collision/d delta of classes
    nu_nu: np.ndarray  # [i, n, i, n] d change by decays/d delta of states
    nu_z: np.ndarray  # [i, n, k] by f_Z
    z_nu: np.ndarray  # [k, i, n] d boson/d delta of states
    z_z: np.ndarray  # [k, k] by f_Z
    heat: np.ndarray  # [c, n] d(energy the plasma loses per e-fold)/d delta of classes
    heat_boson: np.ndarray  # [k] by f_Z
    theta_class: np.ndarray  # [c, n] d collision/d theta at given f, by reactions with the plasma
    theta_boson: np.ndarray  # [k] d boson/d theta at given f
    plasma: np.ndarray  # [5] energy lost per e-fold over s^4; s^4 over T and heat capacity; s^4/rho; T_gamma; theta
    density: np.ndarray  # [core] d ln H/dz
    dot: np.ndarray  # [m]
    jac: np.ndarray  # [core, core] of the entries that are solved together


def work_arrays(states: int, classes: int, g: Grid) -> Work:
    """Return scratch arrays."""
    n, k, e = g.y.size, g.q.size, g.equal
    core = core_size(states, g)
    m = core + 2 + 2 * states
    pairs = n * (n + 1) // 2
    shapes = {
        "to_class": (n, classes, states), "to_state": (n, states, classes), "matrix": (n, 3, states),
        "shares": (n, states), "delta": (states, n), "slope": (states, n), "sharp": (states, n),
        "event": (states, n), "ones": n, "e0": n,
        "u": (classes, n), "f": (classes, n), "b": (classes, n), "energy": k, "bose": k, "occupied": k, "v": k,
        "stimulated": k, "fz": k, "numbers": k, "kernels": (PARTS, pairs), "collision": (classes, n),
        "rates": (classes, n), "from_plasma": (classes, n), "change": (states, n), "boson": k, "far": (2, states),
        "far_z": (2, states, k), "begins": 1, "floor": n, "front": n, "thermal": 2 * e - 1, "same": classes,
        "other": (2, classes, classes),
        "class_class": (classes, n, classes, n), "nu_nu": (states, n, states, n), "nu_z": (states, n, k),
        "z_nu": (k, states, n), "z_z": (k, k), "heat": (classes, n), "heat_boson": k, "theta_class": (classes, n),
        "theta_boson": k, "plasma": 5, "density": core, "dot": m, "jac": (core, core),
    }  # fmt: skip
    own = 1 + np.exp(np.minimum(g.y, LARGEST_SCALE))
    scale = np.concatenate([np.tile(own, states), np.expm1(g.q)])
    work = Work(
        scale,
        pair=scratch(states),
        pairs=pair_scratch(classes, e),
        **{name: np.zeros(shape) for name, shape in shapes.items()},
    )
    work.ones[:] = 1.0
    work.floor[:] = own * np.maximum(EMPTY / (1 + np.exp(g.y)), SMALLEST)
    return work


def core_size(states: int, g: Grid) -> int:
    """Return the number of entries of the state that are solved together: spectra and energy of the plasma."""
    return states * g.y.size + g.q.size + 1


def start_state(states: int, g: Grid, start: float, mass: float, work: Work, empty: int = 0) -> np.ndarray:
    """Return the state in equilibrium with the plasma at T = s = start in MeV.

    mass: M/s of a boson in equilibrium, 0 for none; empty: how many states, the last ones, hold nothing.
    """
    z = np.zeros(work.dot.size)
    nu, k = states * g.y.size, g.q.size
    filled = nu - empty * g.y.size
    z[:filled] = work.scale[:filled] / np.tile(1 + np.exp(g.y), states - empty)
    if mass > 0.0:
        z[nu : nu + k] = work.scale[nu:] / np.expm1(np.hypot(g.q, mass))
    z[nu + k] = em.state(em.table(), start)[1] / start**4
    return z


@njit(cache=True, error_model="numpy", fastmath=FAST)
def temperature(em_table: np.ndarray, energy: Any, s: float) -> float:
    """Return T_gamma in MeV of a plasma whose energy density is energy times s^4, s in MeV; NaN for none."""
    if not energy > 0.0:
        return np.nan
    ln_t = log(s) + 0.25 * log(15.0 * energy / pi**2)  # photons alone: an upper bound
    for _ in range(20):  # ln rho is increasing in ln T and nearly linear
        t_gamma = exp(ln_t)
        _, rho, capacity, _ = em.state(em_table, t_gamma)
        step = log(energy * (s * s) * (s * s) / rho) * rho / (t_gamma * capacity)
        ln_t += step
        if abs(step) < 1e-7:  # the next step would be its square
            break
    return exp(ln_t)


@njit(**PART, fastmath=FAST)
def fields(z, point, t, w):
    """Fill occupations and Boltzmann factors of the state; return (rho_nu, rho_Z) over s^4, NaN outside what is."""
    g = t.grid
    states, classes, n = w.delta.shape[0], w.u.shape[0], g.y.size
    core = w.jac.shape[0]
    decline = exp(-w.plasma[4])
    rho_nu = 0.0
    for i in range(states):
        rho_nu += z[core + 1 + i]
    for j in range(n):
        w.e0[j] = exp(-min(g.y[j] * decline, 700.0))
        equilibrium = w.e0[j] / (1.0 + w.e0[j])
        for i in range(states):
            row = i * n + j
            rho_nu += 2.0 * point.mixing.states[i] * g.weight[j] * g.y[j] * z[row] / w.scale[row]
            # smoothly kept above zero, where a stage of the integrator may lie
            root = hypot(z[row], 2.0 * w.floor[j])
            relative = 0.5 * (z[row] + root) if z[row] > 0.0 else 2.0 * w.floor[j] ** 2 / (root - z[row])
            f = relative / w.scale[row]
            if not f < 1.0:
                return np.nan, np.nan
            u = (f - equilibrium) / (equilibrium * (1.0 - f))
            w.delta[i, j] = log1p(u) if u > -0.5 else log(f / ((1.0 - f) * w.e0[j]))
            w.slope[i, j] = w.scale[row] / (root * (1.0 - f))
        for c in range(classes):
            f = 0.0
            for i in range(states):
                f += w.to_class[j, c, i] * z[i * n + j]
            f = max(f, w.floor[j]) / w.scale[j]
            w.f[c, j], w.b[c, j] = f, 1.0 - f
            w.u[c, j] = (f - equilibrium) / (equilibrium * (1.0 - f))
    return rho_nu, boson_fields(z, point, t, w) if point.mass > 0.0 else 0.0


@njit(**PART, fastmath=FAST)
def boson_fields(z, point, t, w):
    """Fill occupations and Boltzmann factors of the boson; return rho_Z over s^4, NaN outside what is."""
    g, first = t.grid, w.delta.size
    core = w.jac.shape[0]
    decline, mass, rho = exp(-w.plasma[4]), point.mass / point.start * exp(z[core]), 0.0
    for j in range(g.q.size):
        w.numbers[j] = point.degrees * g.boson[j]
        w.energy[j] = sqrt(g.q[j] ** 2 + mass * mass)
        w.bose[j] = exp(-w.energy[j] * decline)
        equilibrium = w.bose[j] / -expm1(-w.energy[j] * decline)
        f = z[first + j] / w.scale[first + j]
        if not f > -1.0:
            return np.nan
        rho += w.numbers[j] * w.energy[j] * f
        w.fz[j], w.stimulated[j], w.occupied[j] = f, 1.0 + f, f / (1.0 + f)
        # far from equilibrium, where f_eq may have underflowed, rates take the difference of occupations
        near = abs(f - equilibrium) < 0.5 * equilibrium
        w.v[j] = (f - equilibrium) / (equilibrium * (1.0 + f)) if near else FAR
    return rho
