"""Right-hand side and Jacobian of the kinetic equations (docs/physics/kinetic.md).

State z over x = ln a, a = 1 at the start and s = T_start/a:

    (f_i(y) - f_eq) (1 + e^y)     i = 0 .. states-1     neutrinos less what they have in equilibrium with the plasma
    (f_Z(Q) - f_eq) (e^Q - 1)                           boson, likewise
    theta = ln(T_gamma/s)
    x

States and flavour classes: flavours.py. Every rate is a product of blocking factors and an affinity,
a difference of products of e^delta = 1 + u and e^kappa = 1 + v, where delta = logit f + E/T and kappa = ln[f/(1+f)] +
E/T: energies have dropped out, and since the state holds the deviations, reactions many orders of magnitude faster than
the expansion still balance to full precision. Number and energy are linear in the state, and the decay of a rare boson
is a linear equation. Derivatives are formed by delta and f_Z and turned into derivatives by z at the end.
"""

from math import exp, expm1, hypot, isfinite, log, log1p, pi, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.constants import G_F, M_E
from nuportal.cosmology.expansion import HUBBLE
from nuportal.cosmology.momenta.boson_pairs import BosonPairTable, boson_pairs
from nuportal.cosmology.momenta.decays import FAR, RATE_MAX, decays
from nuportal.cosmology.momenta.flavours import Mixing, fractions, pair_shares
from nuportal.cosmology.momenta.grid import Grid
from nuportal.cosmology.momenta.neutrino_pairs import PairTable, collisions
from nuportal.cosmology.momenta.neutrino_pairs import jacobian as pair_jacobian
from nuportal.cosmology.momenta.weak_table import PARTS, WeakTable, kernels_at
from nuportal.plasma import em
from nuportal.processes.boson_production import rate_at
from nuportal.processes.mediated import A_INT, S_INT, propagators
from nuportal.processes.plasma_decay import plasma_decay_rate
from nuportal.processes.plasma_mixing import in_medium_factor
from nuportal.solvers.rodas import FAST

EMPTY = 1e-9  #: occupations, relative to the start, below which a state counts as that empty
WEAK_END = 0.028  #: MeV; below, weak reactions of neutrinos with e+- are over
ELECTRONS_END = 6e-3  #: MeV; below, e^{-m_e/T} < 1e-37 and no electron meets the boson
PAIRS_END = 1e-4  #: rate of neutrino-neutrino scattering over H below which it is left out
PAIRED_UNTIL = 30.0  #: M/T beyond which nu nubar <-> Z'Z' is over
NUMBER = 0.1  #: of neutrinos of one flavour and helicity, about, over s^3


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
    """Scratch space of one thread: c classes, i states, n neutrino nodes, k boson nodes, m state entries."""

    scale: np.ndarray  # [m] of the state: 1 + e^y, e^Q - 1, 1, 1
    response: np.ndarray  # [m] minus d f_eq/d(E/T) times scale
    to_class: np.ndarray  # [n, c, i] P
    to_state: np.ndarray  # [n, i, c] Q
    matrix: np.ndarray  # [n, 3, i] U
    strengths: np.ndarray  # [i, i]
    shares: np.ndarray  # [n, i] sum of c_a^4 |U_ai|^2
    delta: np.ndarray  # [i, n] of states
    slope: np.ndarray  # [i, n] d delta/df of states
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
    front: np.ndarray  # [n]
    thermal: np.ndarray  # [2n - 1]
    same: np.ndarray  # [c]
    other: np.ndarray  # [c, c]
    pair_work: np.ndarray  # [6, n]
    pair_parts: np.ndarray  # [4, n, n]
    class_class: np.ndarray  # [c, n, c, n] d collision/d delta of classes
    nu_nu: np.ndarray  # [i, n, i, n] d change by decays/d delta of states
    nu_z: np.ndarray  # [i, n, k] by f_Z
    z_nu: np.ndarray  # [k, i, n] d boson/d delta of states
    z_z: np.ndarray  # [k, k] by f_Z
    heat: np.ndarray  # [c, n] d(energy the plasma loses per e-fold)/d delta of classes
    heat_boson: np.ndarray  # [k] by f_Z
    heat_row: np.ndarray  # [m] minus d(theta')/dz
    density: np.ndarray  # [m] d ln H/dz
    dot: np.ndarray  # [m]
    jac: np.ndarray  # [m, m]


def work_arrays(states: int, classes: int, g: Grid) -> Work:
    """Return scratch arrays."""
    n, k, e = g.y.size, g.q.size, g.equal
    m = states * n + k + 2
    shapes = {
        "response": m, "to_class": (n, classes, states), "to_state": (n, states, classes), "matrix": (n, 3, states),
        "strengths": (states, states), "shares": (n, states), "delta": (states, n), "slope": (states, n), "e0": n, "u": (classes, n),
        "f": (classes, n), "b": (classes, n), "energy": k, "bose": k, "occupied": k, "v": k, "stimulated": k, "fz": k,
        "numbers": k, "kernels": (PARTS, n * (n + 1) // 2), "collision": (classes, n), "rates": (classes, n),
        "from_plasma": (classes, n), "change": (states, n), "boson": k, "front": n, "thermal": 2 * e - 1,
        "same": classes, "other": (classes, classes), "pair_work": (6, e), "pair_parts": (4, e, e),
        "class_class": (classes, n, classes, n), "nu_nu": (states, n, states, n), "nu_z": (states, n, k),
        "z_nu": (k, states, n), "z_z": (k, k), "heat": (classes, n), "heat_boson": k, "heat_row": m, "density": m,
        "dot": m, "jac": (m, m),
    }  # fmt: skip
    scale = np.concatenate([np.tile(1 + np.exp(g.y), states), np.expm1(g.q), [1.0, 1.0]])
    return Work(scale, **{name: np.zeros(shape) for name, shape in shapes.items()})


@njit(cache=True, error_model="numpy", fastmath=FAST)
def fields(z, point, t, w):
    """Fill occupations and Boltzmann factors of the state; return (rho_nu, rho_Z) over s^4, NaN outside what is."""
    g = t.grid
    states, classes, n, k = w.delta.shape[0], w.u.shape[0], g.y.size, g.q.size
    decline = exp(-z[z.size - 2])
    for j in range(n):
        w.e0[j] = exp(-g.y[j] * decline)
    rho_nu = 0.0
    for j in range(n):
        equilibrium = w.e0[j] / (1.0 + w.e0[j])
        for i in range(states):
            row = i * n + j
            f = equilibrium + z[row] / w.scale[row]
            rho_nu += 2.0 * point.mixing.states[i] * g.weight[j] * g.y[j] * f
            if not f < 1.0:
                return np.nan, np.nan
            relative = f * w.scale[row]
            root = hypot(relative, 2.0 * EMPTY)
            f = 0.5 * (relative + root) if relative > 0.0 else 2.0 * EMPTY**2 / (root - relative)
            f, root = f / w.scale[row], root / w.scale[row]
            u = z[row] / (w.scale[row] * equilibrium * (1.0 - f))
            w.delta[i, j] = log1p(u) if u > -0.5 else log(f / ((1.0 - f) * w.e0[j]))
            w.slope[i, j] = 1.0 / (root * (1.0 - f))
            w.response[row] = equilibrium / (1.0 + w.e0[j]) * w.scale[row]
        for c in range(classes):
            excess = 0.0
            for i in range(states):
                excess += w.to_class[j, c, i] * z[i * n + j]
            excess /= w.scale[j]
            f = max(equilibrium + excess, EMPTY / w.scale[j])
            w.f[c, j], w.b[c, j] = f, 1.0 - f
            u = excess / (equilibrium * (1.0 - f))
            w.u[c, j] = u if u > -0.5 else f / ((1.0 - f) * w.e0[j]) - 1.0
    rho_z = 0.0
    if point.mass > 0.0:
        mass = point.mass / point.start * exp(z[z.size - 1])
        for j in range(k):
            row = states * n + j
            w.numbers[j] = point.degrees * g.boson[j]
            w.energy[j] = sqrt(g.q[j] ** 2 + mass * mass)
            w.bose[j] = exp(-w.energy[j] * decline)
            equilibrium = w.bose[j] / -expm1(-w.energy[j] * decline)
            f = equilibrium + z[row] / w.scale[row]
            if not f > -1.0:
                return np.nan, np.nan
            rho_z += w.numbers[j] * w.energy[j] * f
            w.fz[j], w.stimulated[j], w.occupied[j] = f, 1.0 + f, f / (1.0 + f)
            # far from equilibrium, where f_eq may have underflowed, rates take the difference of occupations
            near = abs(z[row]) < 0.5 * w.scale[row] * equilibrium
            w.v[j] = z[row] / (w.scale[row] * equilibrium * (1.0 + f)) if near else FAR
            w.response[row] = equilibrium * (1.0 + equilibrium) * w.scale[row]
    return rho_nu, rho_z


@njit(cache=True, error_model="numpy", fastmath=FAST)
def weak_reactions(theta, point, t, w, t_gamma, hubble, derive):
    """Add nu e -> nu e and nu nubar <-> e+e- to from_plasma and rates; derivatives to class_class."""
    g = t.grid
    classes, n = w.u.shape[0], g.y.size
    s = t_gamma * exp(-theta)
    kernels_at(t.weak, log(t_gamma), theta, w.kernels)
    scatter = 2.0 * G_F**2 / pi**3 * t_gamma**6 / (s * hubble) * exp(-M_E / t_gamma)
    annihilate = G_F**2 / pi**3 * t_gamma**6 / (s * hubble)
    a_int = a_bsm = s_int = s_bsm = 0.0
    if point.exchanged > 0.0:
        ln_x = log(point.exchanged / t_gamma)
        a_int, a_bsm, _, _ = propagators(t.mediated, ln_x, A_INT, False)
        s_int, s_bsm, _, _ = propagators(t.mediated, ln_x, S_INT, False)
    for c in range(classes):
        v1, v2 = point.interference[c], point.exchange[c]
        s1 = point.weak[0, c] + 2.0 * (v1 * s_int + v2 * s_bsm)
        s2 = point.weak[1, c] + v1 * s_int + v2 * s_bsm
        a1 = point.weak[0, c] + 2.0 * (v1 * a_int + v2 * a_bsm)
        a2 = point.weak[1, c] + v1 * a_int + v2 * a_bsm
        cap = 1.0 / (1.0 + 20.0 * (scatter * abs(s1) + annihilate * abs(a1)) / RATE_MAX)
        s1, s2, a1, a2 = s1 * cap * scatter, s2 * cap * scatter, a1 * cap * annihilate, a2 * cap * annihilate
        u, b, f, out, rates = w.u[c], w.b[c], w.f[c], w.from_plasma[c], w.rates[c]
        k = 0
        for i in range(n):
            g_i = f[i] / b[i]
            for j in range(i + 1):
                # i is the harder one, e0[i] = e^{-max(E)/T}; g = f/(1-f) = e0 (1 + u)
                strength = s1 * w.kernels[0, k] + s2 * w.kernels[1, k]
                pairs = a1 * w.kernels[2, k] + a2 * w.kernels[3, k]
                k += 1
                g_j, blocked, both = f[j] / b[j], b[i] * b[j], w.e0[i] * w.e0[j]
                flow = strength * blocked * w.e0[i] * (u[j] - u[i])
                near = u[i] < FAR and u[j] < FAR
                made = -pairs * blocked * (both * (u[i] + u[j] + u[i] * u[j]) if near else g_i * g_j - both)
                to_i, to_j = g.dy[j] / g.y[i] ** 2, g.dy[i] / g.y[j] ** 2
                out[i] += to_i * (flow + made)
                rates[i] += to_i * b[j] * (strength * (w.e0[i] * (1.0 + u[j]) + 1.0) + pairs * (both + g_j))
                if j < i:
                    out[j] += to_j * (made - flow)
                    drain = w.e0[i] / w.e0[j]
                    rates[j] += to_j * b[i] * (strength * (g_i + drain) + pairs * (both + g_i))
                if derive:
                    drop = -pairs * blocked * g_i * g_j
                    of_i = drop - made * f[i]
                    of_j = drop - made * f[j]
                    flow_i = -strength * blocked * g_i - flow * f[i]
                    flow_j = strength * blocked * w.e0[i] * (1.0 + u[j]) - flow * f[j]
                    jac = w.class_class[c]
                    jac[i, c, i] += to_i * (of_i + flow_i)
                    jac[i, c, j] += to_i * (of_j + flow_j)
                    if j < i:
                        jac[j, c, i] += to_j * (of_i - flow_i)
                        jac[j, c, j] += to_j * (of_j - flow_j)


@njit(cache=True, error_model="numpy")
def plasma_rate(p, energy, t_gamma, point, t):
    """Return the rate in MeV at which a boson of momentum p relaxes to the plasma: df/dt = rate (f_BE - f)."""
    rate = plasma_decay_rate(p, energy, t_gamma, point.mass, point.width_pairs, point.width_photons, point.scalar)
    if point.electron > 0.0 and t_gamma > ELECTRONS_END:
        scattered = rate_at(t.rates, t.rates_grid, p, t_gamma)
        if point.in_medium:
            scattered *= in_medium_factor(t.plasma, p, t_gamma, point.mass, scattered)
        rate += point.electron * scattered
    return rate


@njit(cache=True, error_model="numpy", fastmath=FAST)
def boson_with_plasma(point, t, w, t_gamma, s, hubble, derive):
    """Add the exchange of the boson with the plasma; return the energy it takes per e-fold over s^4."""
    heat = 0.0
    for j in range(t.grid.q.size):
        rate = plasma_rate(t.grid.q[j] * s, w.energy[j] * s, t_gamma, point, t) / hubble
        rate /= 1.0 + rate * min(w.numbers[j] * w.bose[j] / NUMBER, 1.0) / RATE_MAX
        if rate == 0.0:
            continue
        # f_BE - f = (1 + f) (1 + f_BE) (e^{-E/T} - f/(1+f)), where e^{-E/T} v keeps the digits near equilibrium
        front = rate * w.stimulated[j] / (1.0 - w.bose[j])
        gain = -front * w.bose[j] * w.v[j] if w.v[j] < FAR else front * (w.bose[j] - w.occupied[j])
        w.boson[j] += gain
        per = w.numbers[j] * w.energy[j]
        heat += per * gain
        if derive:
            slope = (gain - front / w.stimulated[j]) / w.stimulated[j]
            w.z_z[j, j] += slope
            w.heat_boson[j] += per * slope
    return heat


@njit(cache=True, error_model="numpy", fastmath=FAST)
def scattering(theta, point, t, w, t_gamma, s, hubble, derive):
    """Add neutrino-neutrino scattering, weak and by exchange of the boson, where it is not negligible."""
    g = t.grid
    n, classes = g.equal, w.u.shape[0]
    interferes, exchanged = 0.0, 0.0
    if point.exchanged > 0.0:
        interferes, exchanged, _, _ = propagators(t.mediated, log(point.exchanged / t_gamma), S_INT, False)
    strongest = 0.0
    for c in range(classes):
        w.same[c] = point.same[0, c] + interferes * point.same[1, c] + exchanged * point.same[2, c]
        strongest = max(strongest, w.same[c])
        for d in range(classes):
            w.other[c, d] = point.other[0, c, d] + interferes * point.other[1, c, d] + exchanged * point.other[2, c, d]
            strongest = max(strongest, w.other[c, d])
    front = G_F**2 * (g.h * s) ** 5 / (128.0 * pi**3) / hubble
    rate = 20000.0 * G_F**2 * t_gamma**5 / (128.0 * pi**3) / hubble * strongest  # of a typical neutrino
    if rate < PAIRS_END:
        return
    front /= 1.0 + rate / RATE_MAX
    for i in range(n):
        w.front[i] = front / (i + 0.5) ** 2
    decline = exp(-theta)
    for group in range(2 * n - 1):
        w.thermal[group] = exp(-(group + 1) * g.h * decline)
    collisions(t.pairs, w.front, w.thermal, w.e0, w.b, w.u, w.same, w.other, point.multiplicity,
               w.collision, w.rates, w.pair_work)  # fmt: skip
    if derive:
        pair_jacobian(t.pairs, w.front, w.thermal, w.b, w.u, w.f, w.same, w.other, point.multiplicity,
                      w.class_class, w.pair_work, w.pair_parts)  # fmt: skip


@njit(cache=True, error_model="numpy", fastmath=FAST)
def flows(z, point, t, w, derive):
    """Fill dz/dx in w.dot, and derivatives of the collision terms if asked; return H in MeV (NaN outside)."""
    g = t.grid
    states, classes, n, k, m = w.delta.shape[0], w.u.shape[0], g.y.size, g.q.size, z.size
    theta, x = z[m - 2], z[m - 1]
    s = point.start * exp(-x)
    t_gamma = s * exp(theta)
    pressure, rho_em, capacity, _ = em.state(t.em, t_gamma)
    electrons = max(rho_em + pressure - 4.0 / 45.0 * pi**2 * t_gamma**4, 0.0)
    for j in range(n):
        fractions(point.mixing, g.y[j] * s, electrons, point.multiplicity, w.to_class[j], w.to_state[j], w.matrix[j])
    rho_nu, rho_z = fields(z, point, t, w)
    s4 = s**4
    rho = rho_em + (rho_nu + rho_z) * s4 + point.matter * t_gamma**3
    if not rho > 0.0:
        return np.nan
    hubble = HUBBLE * sqrt(rho)
    for array in (w.collision, w.rates, w.from_plasma, w.change):
        array[:] = 0.0
    w.boson[:] = 0.0
    if derive:
        w.class_class[:] = 0.0
        w.nu_nu[:] = 0.0
        w.nu_z[:] = 0.0
        w.z_nu[:] = 0.0
        w.z_z[:] = 0.0
        w.heat[:] = 0.0
        w.heat_boson[:] = 0.0
    if t_gamma > WEAK_END:
        weak_reactions(theta, point, t, w, t_gamma, hubble, derive)
    heat = 0.0
    for c in range(classes):
        for j in range(n):
            per = 2.0 * point.multiplicity[c] * g.weight[j] * g.y[j]
            heat += per * w.from_plasma[c, j]
            w.collision[c, j] += w.from_plasma[c, j]
            if derive and t_gamma > WEAK_END:  # so far class_class holds reactions with the plasma alone
                for l in range(n):
                    w.heat[c, l] += per * w.class_class[c, j, c, l]
    scattering(theta, point, t, w, t_gamma, s, hubble, derive)
    for j in range(n):
        equilibrium = w.e0[j] / (1.0 + w.e0[j])
        for i in range(states):
            f = equilibrium + z[i * n + j] / w.scale[i * n + j]
            for c in range(classes):
                w.change[i, j] += w.to_state[j, i, c] * (w.collision[c, j] + w.rates[c, j] * (w.f[c, j] - f))
    if point.mass > 0.0:
        heat += boson_with_plasma(point, t, w, t_gamma, s, hubble, derive)
        if point.width_unit > 0.0:
            decays(g, point.mixing, point.mass / s, exp(-theta), point.mass * point.width_unit / (s * hubble), w.numbers,
                   w.delta, w.matrix, w.strengths, (w.bose, w.v, w.stimulated, w.occupied), w.change, w.boson,
                   derive, (w.nu_nu, w.nu_z, w.z_nu, w.z_z))  # fmt: skip
        if point.paired and t_gamma * PAIRED_UNTIL > point.mass:
            pair_shares(point.mixing, w.matrix, w.shares)
            boson_pairs(
                g,
                point.mixing,
                t.boson_pairs,
                s / (512.0 * pi**3 * hubble) / point.degrees,
                point.mass / s,
                exp(-theta),
                w.numbers,
                w.shares,
                w.energy,
                w.delta,
                (w.bose, w.v, w.stimulated, w.occupied),
                w.change,
                w.boson,
                derive,
                (w.nu_nu, w.nu_z, w.z_nu, w.z_z),
            )
    per_capacity = s4 / (t_gamma * capacity)
    dot_theta = 1.0 - 3.0 * (rho_em + pressure) / (t_gamma * capacity) - heat * per_capacity
    decline = exp(-theta)
    for i in range(states):
        for j in range(n):
            row = i * n + j
            w.dot[row] = w.change[i, j] * w.scale[row] - g.y[j] * decline * dot_theta * w.response[row]
    mass2 = (point.mass / s) ** 2
    for j in range(k):
        row = states * n + j
        w.dot[row] = 0.0
        if point.mass > 0.0:
            drift = decline * (mass2 / w.energy[j] - w.energy[j] * dot_theta)
            w.dot[row] = w.boson[j] * w.scale[row] + drift * w.response[row]
    w.dot[m - 2], w.dot[m - 1] = dot_theta, 1.0
    if derive:
        for j in range(n):
            for i in range(states):
                row = i * n + j
                w.density[row] = point.mixing.states[i] * g.weight[j] * g.y[j] * s4 / rho / w.scale[row]
                total = 0.0
                for c in range(classes):
                    total += w.heat[c, j] / (w.f[c, j] * w.b[c, j]) * w.to_class[j, c, i]
                w.heat_row[row] = (total / w.scale[row] - heat * w.density[row]) * per_capacity
        for j in range(k):
            row = states * n + j
            w.density[row] = 0.5 * w.numbers[j] * w.energy[j] * s4 / rho / w.scale[row] if point.mass > 0.0 else 0.0
            w.heat_row[row] = (w.heat_boson[j] / w.scale[row] - heat * w.density[row]) * per_capacity
    return hubble


@njit(cache=True, error_model="numpy", fastmath=FAST)
def weak_block(point, t, w):
    """Add the derivatives of weak reactions between states to w.jac, by f (not yet by z).

    df_i = sum_A Q_iA [C_A + G_A (f_A - f_i)], f_A = sum_j P_Aj f_j; the change of G_A is left out, since f_A - f_i is
    small wherever G_A is large. Newton's method then needs an iteration more, nothing else.
    """
    g = t.grid
    states, classes, n = w.delta.shape[0], w.u.shape[0], g.y.size
    for a in range(classes):
        for j in range(n):
            for i in range(states):
                q = w.to_state[j, i, a]
                if q == 0.0:
                    continue
                for b in range(classes):
                    for l in range(n):
                        part = q * w.class_class[a, j, b, l] / (w.f[b, l] * w.b[b, l])
                        for h in range(states):
                            w.jac[i * n + j, h * n + l] += part * w.to_class[l, b, h]
                for h in range(states):
                    own = w.to_class[j, a, h] - (1.0 if h == i else 0.0)
                    w.jac[i * n + j, h * n + j] += q * w.rates[a, j] * own


@njit(cache=True, error_model="numpy", fastmath=FAST)
def jacobian(z, point, t, w):
    """Fill w.dot with dz/dx and w.jac with its derivatives; return H."""
    g = t.grid
    states, n, k, m = w.delta.shape[0], g.y.size, g.q.size, z.size
    # columns of theta and x by central differences; the last evaluation leaves dot and the parts below at z
    step = 1e-6
    for column in range(m - 2, m):
        middle = z[column]
        z[column] = middle + step
        flows(z, point, t, w, False)
        for i in range(m):
            w.jac[i, column] = w.dot[i]
        z[column] = middle - step
        flows(z, point, t, w, False)
        for i in range(m):
            w.jac[i, column] = (w.jac[i, column] - w.dot[i]) / (2.0 * step)
        z[column] = middle
    hubble = flows(z, point, t, w, True)
    if not isfinite(hubble):
        return hubble
    nu, jac = states * n, w.jac
    for row in range(m - 2):
        for column in range(m - 2):
            jac[row, column] = 0.0
    weak_block(point, t, w)
    if point.mass > 0.0:
        for i in range(states):
            for j in range(n):
                for h in range(states):
                    for l in range(n):
                        jac[i * n + j, h * n + l] += w.nu_nu[i, j, h, l] * w.slope[h, l]
                for l in range(k):
                    jac[i * n + j, nu + l] += w.nu_z[i, j, l]
        for j in range(k):
            for h in range(states):
                for l in range(n):
                    jac[nu + j, h * n + l] += w.z_nu[j, h, l] * w.slope[h, l]
            for l in range(k):
                jac[nu + j, nu + l] += w.z_z[j, l]
    decline = exp(-z[m - 2])
    for row in range(m - 2):
        if row < nu:
            net, drift = w.change[row // n, row % n], g.y[row % n] * decline * w.response[row]
        else:
            net, drift = w.boson[row - nu], w.energy[row - nu] * decline * w.response[row]
        for column in range(m - 2):
            jac[row, column] *= w.scale[row] / w.scale[column]
            jac[row, column] += drift * w.heat_row[column] - net * w.scale[row] * w.density[column]
    for j in range(m - 2):
        jac[m - 2, j] = -w.heat_row[j]
        jac[m - 1, j] = 0.0
    jac[m - 1, m - 2] = jac[m - 1, m - 1] = 0.0
    return hubble
