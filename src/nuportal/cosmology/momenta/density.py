# pyright: basic
"""Kinetic equations with a density matrix of flavour at every momentum (docs/physics/flavours.md).

Neutrinos are rho(p) = R + i J, Hermitian 3 x 3, antineutrinos rho*. The Hamiltonian is real (density_potential.py):

    dR/dt = [H, J] + Re C,    dJ/dt = -[H, R] + Im C.

Weak reactions act on the diagonal as in equations.py, and off the diagonal as in density_weak.py. Decays of the boson
are those of density_decays.py, exact. State over x = ln a: nine numbers (density_algebra.py) of n neutrino nodes times
1 + e^y; the rest is that of equations.py, whose functions do everything that is diagonal in flavour.
"""

from math import exp, isfinite, pi, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.cosmology.momenta import equations
from nuportal.cosmology.momenta import jacobian as diagonal
from nuportal.cosmology.momenta.density_algebra import COMPONENTS, FIRST, REAL, SECOND, components, rotation
from nuportal.cosmology.momenta.density_decays import density_decays
from nuportal.cosmology.momenta.density_potential import PotentialTable, hamiltonian, weights
from nuportal.cosmology.momenta.density_weak import CLASSES, give_back, with_pairs
from nuportal.cosmology.momenta.dispatch import system
from nuportal.cosmology.momenta.state import Point, Tables, Work, work_arrays
from nuportal.plasma import em
from nuportal.solvers.addresses import call
from nuportal.solvers.compiled import PART
from nuportal.solvers.held import hold
from nuportal.solvers.rodas import FAST

OSCILLATION_MAX = 1e8  #: frequency over H up to which oscillations are followed; faster ones are slowed down to it


class DensityWork(NamedTuple):
    """Scratch space of one thread; `base` and `diagonal` (the model without decays into left-handed neutrinos) are what
    equations.py reads. Right-handed neutrinos, r states, have no matrices.
    """

    flows: int  # addresses of those of equations.py and jacobian.py, for `base`
    jacobian: int
    base: Work
    diagonal: Point
    pairs: Work  # of reactions with e+- off the diagonal
    with_pairs: Point
    returned: np.ndarray  # [3, n, n] what weak reactions give back to an entry off the diagonal from other momenta
    potentials: PotentialTable
    vacuum: np.ndarray  # [6] mass squared matrix over 2
    factors: np.ndarray  # [4] FACTORS of density_run.py
    width_unit: np.ndarray  # [1] MeV
    meet: np.ndarray  # [9] C rho* C
    half: np.ndarray  # [9] {rho, C^2}/2
    z: np.ndarray  # state of `base`
    scale: np.ndarray  # [m]
    delta: np.ndarray  # [9 + r, n] logit f + E/T, means of two flavours off the diagonal
    slope: np.ndarray  # [9 + r, n] d local/d rho
    f: np.ndarray
    numbers: np.ndarray
    energy: np.ndarray
    fz: np.ndarray
    far: np.ndarray
    far_z: np.ndarray
    plasma: np.ndarray
    local: np.ndarray  # [n, 9] delta, and entries off the diagonal over sqrt(f_a (1-f_a) f_b (1-f_b))
    rho: np.ndarray  # [n, 9] less equilibrium
    whole: np.ndarray  # [n, 9]
    hamilton: np.ndarray  # [n, 6] over H
    coupled: np.ndarray  # [6] factor of V_Z' in MeV
    by_nu: np.ndarray  # [n, n] V_Z' by occupations of neutrinos, for a factor of 1
    by_boson: np.ndarray  # [n, k]
    begins: np.ndarray  # [1] not 0 at the start of a step
    felt: np.ndarray  # [n, 9] matrices at the start of the step, of which the Hamiltonian is made
    felt_boson: np.ndarray  # [k] bosons likewise
    turn: np.ndarray  # [n, 9, 9]
    out: np.ndarray  # [n, 9]
    scratch: np.ndarray  # [11, 9]
    map1: np.ndarray
    map2: np.ndarray
    blocks: np.ndarray  # [4, 81]
    nu_nu: np.ndarray  # [n, n, 81]
    nu_z: np.ndarray  # [n, 9, k]
    z_nu: np.ndarray  # [k, n, 9]
    boson: np.ndarray  # [k] df_Z/dx without decays
    dot: np.ndarray  # [m]
    jac: np.ndarray  # [core, core]


def density_work(
    t: Tables, point: Point, width_unit: float, potentials: PotentialTable, factors: tuple[float, float, float, float]
) -> DensityWork:
    """Return scratch arrays of a model. point: a class for each flavour, and no decays into left-handed neutrinos."""
    g, more = t.grid, point.mixing.right.size
    base = work_arrays(3 + more, 3 + more, g)
    own = system(equations.flows, diagonal.jacobian, hold(point), hold(t), hold(base))
    n, k = g.y.size, g.q.size
    core = (COMPONENTS + more) * n + k + 1
    c = point.mixing.charges
    sign = np.array([1, 1, 1, 1, 1, 1, -1, -1, -1])
    half = (c[FIRST] ** 2 + c[SECOND] ** 2) / 2
    scale = np.concatenate([np.tile(base.scale[:n], COMPONENTS), base.scale[3 * n :]])
    nine = COMPONENTS
    shapes = {
        "returned": (3, n, n), "z": base.dot.size, "delta": (nine + more, n), "slope": (nine + more, n),
        "local": (n, nine), "rho": (n, nine), "whole": (n, nine), "hamilton": (n, REAL), "coupled": REAL,
        "by_nu": (n, n), "by_boson": (n, k), "felt": (n, nine), "felt_boson": k, "turn": (n, nine, nine),
        "out": (n, nine), "scratch": (11, nine), "map1": (nine, nine), "map2": (nine, nine), "blocks": (4, nine * nine),
        "nu_nu": (n, n, nine * nine), "nu_z": (n, nine, k), "z_nu": (k, n, nine), "boson": k,
        "dot": base.dot.size + 6 * n, "jac": (core, core),
    }  # fmt: skip
    return DensityWork(
        flows=own.flows, jacobian=own.jacobian, base=base, diagonal=point, pairs=work_arrays(3, CLASSES, g),
        with_pairs=with_pairs(point),
        potentials=potentials, vacuum=mass_matrix(point), factors=np.array(factors), width_unit=np.array([width_unit]),
        meet=sign * c[FIRST] * c[SECOND], half=half, scale=scale, f=base.f, numbers=base.numbers,
        energy=base.energy, fz=base.fz, far=base.far, far_z=base.far_z, begins=base.begins, plasma=base.plasma,
        **{name: np.zeros(shape) for name, shape in shapes.items()},
    )  # fmt: skip


def mass_matrix(point: Point) -> np.ndarray:
    """Return the real numbers of U diag(0, dm21, dm31) U^T/2 in MeV^2."""
    from nuportal.cosmology.momenta.flavours import fractions

    u = np.zeros((3, 3))
    free = hold(point.mixing._replace(oscillating=True, right=np.zeros(0)))
    fractions(free, 1.0, 0.0, np.ones(3), np.zeros((3, 3)), np.zeros((3, 3)), u)
    masses = np.array([0.0, point.mixing.vacuum[3], point.mixing.vacuum[4]])
    return components((u * masses) @ u.T / 2)[:REAL]


@njit(**PART, fastmath=FAST)
def _unpack(z, w):
    """Copy what equations.py knows of into w.z."""
    nu = w.delta.shape[1] * 3
    rest = z.size - COMPONENTS * w.delta.shape[1]
    for i in range(nu):
        w.z[i] = z[i]
    for i in range(rest):
        w.z[nu + i] = z[z.size - rest + i]


@njit(**PART, fastmath=FAST)
def _matrices(z, w):
    """Fill density matrices and what is interpolated, after `fields` of the diagonal."""
    n = w.delta.shape[1]
    for j in range(n):
        equilibrium = w.base.e0[j] / (1.0 + w.base.e0[j])
        for c in range(COMPONENTS):
            a, b = FIRST[c], SECOND[c]
            w.whole[j, c] = z[c * n + j] / w.scale[j]
            w.rho[j, c] = w.whole[j, c] - (equilibrium if c < 3 else 0.0)
            w.slope[c, j] = sqrt(w.base.slope[a, j] * w.base.slope[b, j])
            w.delta[c, j] = 0.5 * (w.base.delta[a, j] + w.base.delta[b, j])
            w.local[j, c] = w.delta[c, j] if c < 3 else w.rho[j, c] * w.slope[c, j]
        for r in range(w.delta.shape[0] - COMPONENTS):
            w.slope[COMPONENTS + r, j], w.delta[COMPONENTS + r, j] = w.base.slope[3 + r, j], w.base.delta[3 + r, j]


@njit(**PART, fastmath=FAST)
def _damping(w, c, j):
    """Return the damping of an entry off the diagonal by weak reactions, over H."""
    return 0.5 * w.factors[2] * (w.base.rates[FIRST[c], j] + w.base.rates[SECOND[c], j])


@njit(cache=True, error_model="numpy", fastmath=FAST)
def flows(z: np.ndarray, point: Point, t: Tables, w: DensityWork, derive: bool) -> float:
    """Fill dz/dx in w.dot, and parts of its derivatives if asked; return H in MeV (NaN outside)."""
    g, b = t.grid, w.base
    n, k, core = g.y.size, g.q.size, w.jac.shape[0]
    with_boson = point.mass > 0.0
    _unpack(z, w)
    hubble = call(w.flows, (w.z, w.diagonal if with_boson else point, t, b, derive))
    if not isfinite(hubble):
        return hubble
    t_gamma, theta = w.plasma[3], w.plasma[4]
    s = point.start * exp(-z[core])
    _matrices(z, w)
    w.out[:] = 0.0
    if derive:
        w.nu_nu[:] = 0.0
        w.nu_z[:] = 0.0
        w.z_nu[:] = 0.0
        w.returned[:] = 0.0
        if t_gamma > equations.WEAK_END:
            give_back(theta, w.with_pairs, t, b, w.pairs, w.rho, t_gamma, hubble, w.returned)
    for j in range(k):
        w.boson[j] = b.boson[j]
    mass = point.mass / s
    if with_boson and w.width_unit[0] > 0.0:
        density_decays(g, w, point.mass * w.width_unit[0] / (s * hubble), mass, exp(-theta), derive)
    pressure, rho_em, _, _ = em.state(t.em, t_gamma)
    electrons = max(rho_em + pressure - 4.0 / 45.0 * pi**2 * t_gamma**4, 0.0)
    # V_Z' goes with the width: of a vector, 3 M Gamma = g^2 M^2/8 pi, and of a scalar alike
    own = w.factors[1] * point.degrees * 8.0 * pi * w.width_unit[0] / point.mass if with_boson else 0.0
    for c in range(REAL):
        w.coupled[c] = own * s * point.mixing.charges[FIRST[c]] * point.mixing.charges[SECOND[c]]
    weights(w.potentials, mass if own > 0.0 else 0.0, w.by_nu, w.by_boson)
    if w.begins[0] != 0.0:
        w.felt[:] = w.whole
        w.felt_boson[:] = b.fz
    hamiltonian(g, w.vacuum, w.coupled, electrons, s, w.felt, w.felt_boson, w.by_nu, w.by_boson, w.hamilton)
    for j in range(n):
        largest = 0.0
        for c in range(REAL):
            largest = max(largest, abs(w.hamilton[j, c]))
        factor = w.factors[0] / hubble / (1.0 + largest / hubble / OSCILLATION_MAX)
        for c in range(REAL):
            w.hamilton[j, c] *= factor
        rotation(w.hamilton[j], w.turn[j])
        for c in range(COMPONENTS):
            total = w.out[j, c]
            for d in range(COMPONENTS):
                total += w.turn[j, c, d] * w.rho[j, d]
            row = c * n + j
            if c < 3:
                w.dot[row] = b.dot[row] + total * w.scale[row]
                b.change[c, j] += total
            else:
                total -= _damping(w, c, j) * w.rho[j, c]
                for l in range(n if c < REAL else 0):
                    total += w.factors[3] * w.returned[c - 3, j, l] * w.rho[l, c]
                w.dot[row] = total * w.scale[row]
            w.out[j, c] = total
    rest = core - 1 - k
    for i in range(COMPONENTS * n, z.size):
        w.dot[i] = b.dot[i - 6 * n]
    for j in range(k):
        w.dot[rest + j] += (b.boson[j] - w.boson[j]) * w.scale[rest + j]
    states = b.delta.shape[0]
    for c in range(3):
        w.dot[core + 1 + c], w.dot[core + 1 + states + c] = w.far[0, c], w.far[1, c]
    return hubble


@njit(cache=True, error_model="numpy", fastmath=FAST)
def jacobian(z: np.ndarray, point: Point, t: Tables, w: DensityWork) -> float:
    """Fill w.jac with the derivatives of dz/dx, after `flows` with derivatives; return 0, as jacobian.py does.

    Within a step the Hamiltonian does not hang on the matrices.
    """
    b, n, k = w.base, w.delta.shape[1], w.fz.size
    with_boson = point.mass > 0.0
    call(w.jacobian, (w.z, point, t, b))
    core, own, off = w.jac.shape[0], 3 * n, (COMPONENTS - 3) * n
    w.jac[:] = 0.0
    for row in range(b.jac.shape[0]):
        to = row if row < own else row + off
        for column in range(own):
            w.jac[to, column] = b.jac[row, column]
        for column in range(own, b.jac.shape[0]):
            w.jac[to, column + off] = b.jac[row, column]
    _embed(w, n, k, with_boson)
    # H changes with the energy of all; what `shared` knows of dz/dx lacks matrices
    for row in range(core - 1):
        known = b.dot[row] if row < own else b.dot[row - off] if row >= COMPONENTS * n else 0.0
        missing = w.dot[row] - known
        for column in range(b.jac.shape[0] - 1):
            w.jac[row, column if column < own else column + off] -= missing * b.density[column]
    return 0.0


@njit(**PART, fastmath=FAST)
def _embed(w, n, k, with_boson):
    """Add oscillations, what happens off the diagonal, and decays to w.jac."""
    jac, nu, scale = w.jac, w.jac.shape[0] - 1 - k, w.scale
    for j in range(n):
        for c in range(COMPONENTS):
            for d in range(COMPONENTS):
                jac[c * n + j, d * n + j] += w.turn[j, c, d]
            if c >= 3:
                jac[c * n + j, c * n + j] -= _damping(w, c, j)
            if 3 <= c < REAL:
                for l in range(n):
                    jac[c * n + j, c * n + l] += w.factors[3] * w.returned[c - 3, j, l] * scale[j] / scale[l]
    if not with_boson:
        return
    for j in range(n):
        for c in range(COMPONENTS):
            row = jac[c * n + j]
            for l in range(n):
                block, factor = w.nu_nu[j, l, c * COMPONENTS : (c + 1) * COMPONENTS], scale[j] / scale[l]
                for d in range(COMPONENTS):
                    row[d * n + l] += block[d] * w.slope[d, l] * factor
            for l in range(k):
                row[nu + l] += w.nu_z[j, c, l] * scale[j] / scale[nu + l]
    for j in range(k):
        for l in range(n):
            for d in range(COMPONENTS):
                jac[nu + j, d * n + l] += w.z_nu[j, l, d] * w.slope[d, l] * scale[nu + j] / scale[l]
