"""Right-hand side and Jacobian of the kinetic equations (docs/physics/kinetic.md).

State z over x = ln a, a = 1 at the start and s = T_start/a:

    (f_c(y) - f_eq) (1 + e^y)     c = 0 .. classes-1    neutrinos less what they have in equilibrium with the plasma
    (f_Z(Q) - f_eq) (e^Q - 1)                           boson, likewise
    theta = ln(T_gamma/s)
    x

A class is a flavour, or flavours that share one spectrum. Every rate is a product of blocking factors and an affinity,
a difference of products of e^delta = 1 + u and e^kappa = 1 + v, where delta = logit f + E/T and kappa = ln[f/(1+f)] +
E/T: energies have dropped out, and since the state holds the deviations, reactions many orders of magnitude faster than
the expansion still balance to full precision. Number and energy are linear in the state, and the decay of a rare boson
is a linear equation. Derivatives are formed by delta and f_Z and turned into derivatives by z at the end.
"""

from math import exp, expm1, isfinite, log, log1p, pi, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.constants import G_F, M_E
from nuportal.cosmology.expansion import HUBBLE
from nuportal.cosmology.momenta.decays import FAR, RATE_MAX, decays
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

EMPTY = 1e-60  #: occupations, relative to the start, below which a state counts as that empty
WEAK_END = 0.028  #: MeV; below, weak reactions of neutrinos with e+- are over
ELECTRONS_END = 6e-3  #: MeV; below, e^{-m_e/T} < 1e-37 and no electron meets the boson
PAIRS_END = 1e-4  #: rate of neutrino-neutrino scattering over H below which it is left out
NUMBER = 0.1  #: of neutrinos of one flavour and helicity, about, over s^3


class Point(NamedTuple):
    """What the equations need of a model. Arrays run over classes [c]."""

    mass: float  # MeV; 0 without boson
    degrees: float  # of freedom of the boson: 3 or 1
    start: float  # T_start in MeV
    matter: float  # rho_matter/T_gamma^3 in MeV
    width_pairs: float  # MeV, Z' -> e+e-
    width_photons: float  # MeV, Z' -> 3 gamma or phi -> 2 gamma
    electron: float  # c_e^2, multiplies the rates of e gamma <-> e Z'
    scalar: bool
    mixing: bool  # with the photon in the plasma
    multiplicity: np.ndarray  # flavours in a class
    width: np.ndarray  # MeV, to one flavour of the class
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


class Work(NamedTuple):
    """Scratch space of one thread; n neutrino nodes, k boson nodes, m state entries."""

    scale: np.ndarray  # [m] of the state: 1 + e^y, e^Q - 1, 1, 1
    inner: np.ndarray  # [m] d delta/dz, d f_Z/dz
    response: np.ndarray  # [m] minus d f_eq/d(E/T) times scale
    delta: np.ndarray  # [c, n]
    e0: np.ndarray  # [n] e^{-y/T}
    u: np.ndarray  # [c, n] expm1(delta)
    f: np.ndarray  # [c, n]
    b: np.ndarray  # [c, n] 1 - f
    energy: np.ndarray  # [k] boson energy over s
    bose: np.ndarray  # [k] e^{-E/T}
    occupied: np.ndarray  # [k] f_Z/(1 + f_Z)
    v: np.ndarray  # [k] e^kappa - 1, FAR where that is not small
    stimulated: np.ndarray  # [k] 1 + f_Z
    fz: np.ndarray  # [k]
    kernels: np.ndarray  # [PARTS, pairs]
    collision: np.ndarray  # [c, n] df/dx of neutrinos
    from_plasma: np.ndarray  # [c, n] the part that e+- make
    boson: np.ndarray  # [k] df_Z/dx
    plasma_gain: np.ndarray  # [k] the part that the plasma makes
    front: np.ndarray  # [n]
    thermal: np.ndarray  # [2n - 1]
    pair_work: np.ndarray  # [5, n]
    pair_parts: np.ndarray  # [4, n, n]
    nu_nu: np.ndarray  # [c, n, c, n]
    nu_z: np.ndarray  # [c, n, k]
    z_nu: np.ndarray  # [k, c, n]
    z_z: np.ndarray  # [k]
    heat: np.ndarray  # [m] d(energy the plasma loses per e-fold)/dz
    density: np.ndarray  # [m] d ln H/dz
    dot: np.ndarray  # [m]
    shifted: np.ndarray  # [m]
    jac: np.ndarray  # [m, m]


def work_arrays(classes: int, g: Grid) -> Work:
    """Return scratch arrays."""
    n, k = g.y.size, g.q.size
    m = classes * n + k + 2
    e, shape = np.zeros, (classes, n)
    scale = np.concatenate([np.tile(1 + np.exp(g.y), classes), np.expm1(g.q), [1.0, 1.0]])
    return Work(
        scale, e(m), e(m), e(shape), e(n), e(shape), e(shape), e(shape), e(k), e(k), e(k), e(k), e(k), e(k), e((PARTS, n * (n + 1) // 2)),
        e(shape), e(shape), e(k), e(k), e(n), e(2 * g.equal - 1), e((5, g.equal)), e((4, g.equal, g.equal)),
        e((classes, n, classes, n)), e((classes, n, k)), e((k, classes, n)), e(k), e(m), e(m), e(m), e(m), e((m, m)),
    )  # fmt: skip


@njit(cache=True, error_model="numpy", fastmath=FAST)
def fields(z, point, t, w):
    """Fill occupations and Boltzmann factors of the state; return (rho_nu, rho_Z) over s^4."""
    g = t.grid
    classes, n, k = w.u.shape[0], g.y.size, g.q.size
    decline = exp(-z[z.size - 2])
    for i in range(n):
        w.e0[i] = exp(-g.y[i] * decline)
    rho_nu = 0.0
    for c in range(classes):
        total = 0.0
        for i in range(n):
            row = c * n + i
            equilibrium = w.e0[i] / (1.0 + w.e0[i])
            f = equilibrium + z[row] / w.scale[row]
            total += g.weight[i] * g.y[i] * f
            if not f < 1.0:
                return np.nan, np.nan
            f = max(f, EMPTY / w.scale[row])
            w.f[c, i], w.b[c, i] = f, 1.0 - f
            u = z[row] / (w.scale[row] * equilibrium * (1.0 - f))
            grown = f / ((1.0 - f) * w.e0[i])
            w.u[c, i] = u if grown > 0.5 else grown - 1.0
            w.delta[c, i] = log1p(u) if grown > 0.5 else log(grown)
            w.inner[row] = 1.0 / (f * (1.0 - f) * w.scale[row])
            w.response[row] = equilibrium / (1.0 + w.e0[i]) * w.scale[row]
        rho_nu += 2.0 * point.multiplicity[c] * total
    rho_z = 0.0
    if point.mass > 0.0:
        mass = point.mass / point.start * exp(z[z.size - 1])
        for j in range(k):
            row = classes * n + j
            w.energy[j] = sqrt(g.q[j] ** 2 + mass * mass)
            w.bose[j] = exp(-w.energy[j] * decline)
            equilibrium = w.bose[j] / -expm1(-w.energy[j] * decline)
            f = equilibrium + z[row] / w.scale[row]
            rho_z += point.degrees * g.boson[j] * w.energy[j] * f
            if not f > -1.0:
                return np.nan, np.nan
            w.fz[j], w.stimulated[j], w.occupied[j] = f, 1.0 + f, f / (1.0 + f)
            # far from equilibrium, where f_eq may have underflowed, rates take the difference of occupations
            near = abs(z[row]) < 0.5 * w.scale[row] * equilibrium
            w.v[j] = z[row] / (w.scale[row] * equilibrium * (1.0 + f)) if near else FAR
            w.inner[row] = 1.0 / w.scale[row]
            w.response[row] = equilibrium * (1.0 + equilibrium) * w.scale[row]
    return rho_nu, rho_z


@njit(cache=True, error_model="numpy", fastmath=FAST)
def weak_reactions(z, point, t, w, t_gamma, hubble, derive):
    """Add nu e -> nu e and nu nubar <-> e+e- to collision and from_plasma; derivatives to nu_nu."""
    g = t.grid
    classes, n = w.u.shape[0], g.y.size
    theta = z[z.size - 2]
    s = t_gamma * exp(-theta)
    kernels_at(t.weak, log(t_gamma), theta, w.kernels)
    electrons = exp(-M_E / t_gamma)
    scatter = 2.0 * G_F**2 / pi**3 * t_gamma**6 / (s * hubble) * electrons
    annihilate = G_F**2 / pi**3 * t_gamma**6 / (s * hubble)
    a_int = a_bsm = s_int = s_bsm = 0.0
    if point.mass > 0.0:
        ln_x = log(point.mass / t_gamma)
        a_int, a_bsm, _, _ = propagators(t.mediated, ln_x, A_INT, False)
        s_int, s_bsm, _, _ = propagators(t.mediated, ln_x, S_INT, False)
    for c in range(classes):
        v1, v2 = point.interference[c], point.exchange[c]
        s1 = point.weak[0, c] + 2.0 * (v1 * s_int + v2 * s_bsm)
        s2 = point.weak[1, c] + v1 * s_int + v2 * s_bsm
        a1 = point.weak[0, c] + 2.0 * (v1 * a_int + v2 * a_bsm)
        a2 = point.weak[1, c] + v1 * a_int + v2 * a_bsm
        fastest = scatter * max(s1, 0.0) + annihilate * abs(a1)
        cap = 1.0 / (1.0 + 20.0 * fastest / RATE_MAX)
        s1, s2, a1, a2 = s1 * cap, s2 * cap, a1 * cap, a2 * cap
        u, b, f, out = w.u[c], w.b[c], w.f[c], w.from_plasma[c]
        k = 0
        for i in range(n):
            for j in range(i + 1):
                strength = scatter * (s1 * w.kernels[0, k] + s2 * w.kernels[1, k])
                pairs = annihilate * (a1 * w.kernels[2, k] + a2 * w.kernels[3, k])
                k += 1
                # i is the harder one, e0[i] = e^{-max(E)/T}
                blocked = b[i] * b[j] * w.e0[i]
                flow = strength * blocked * (u[j] - u[i])
                made = -pairs * blocked * w.e0[j] * (u[i] + u[j] + u[i] * u[j])
                to_i, to_j = g.dy[j] / g.y[i] ** 2, g.dy[i] / g.y[j] ** 2
                out[i] += to_i * (flow + made)
                if j < i:
                    out[j] += to_j * (made - flow)
                if derive:
                    drop = -pairs * blocked * w.e0[j] * (1.0 + u[i]) * (1.0 + u[j])
                    of_i = drop - made * f[i]
                    of_j = drop - made * f[j]
                    flow_i = -strength * blocked * (1.0 + u[i]) - flow * f[i]
                    flow_j = strength * blocked * (1.0 + u[j]) - flow * f[j]
                    w.nu_nu[c, i, c, i] += to_i * (of_i + flow_i)
                    w.nu_nu[c, i, c, j] += to_i * (of_j + flow_j)
                    if j < i:
                        w.nu_nu[c, j, c, i] += to_j * (of_i - flow_i)
                        w.nu_nu[c, j, c, j] += to_j * (of_j - flow_j)


@njit(cache=True, error_model="numpy")
def plasma_rate(p, energy, t_gamma, point, t):
    """Return the rate in MeV at which a boson of momentum p relaxes to the plasma: df/dt = rate (f_BE - f)."""
    rate = plasma_decay_rate(p, energy, t_gamma, point.mass, point.width_pairs, point.width_photons, point.scalar)
    if point.electron > 0.0 and t_gamma > ELECTRONS_END:
        scattered = rate_at(t.rates, t.rates_grid, p, t_gamma)
        if point.mixing:
            scattered *= in_medium_factor(t.plasma, p, t_gamma, point.mass, scattered)
        rate += point.electron * scattered
    return rate


@njit(cache=True, error_model="numpy", fastmath=FAST)
def flows(z, point, t, w, derive):
    """Fill dz/dx in w.dot, and derivatives of the collision terms if asked; return H in MeV (NaN outside)."""
    g = t.grid
    classes, n, k = w.u.shape[0], g.y.size, g.q.size
    m = z.size
    theta, x = z[m - 2], z[m - 1]
    s = point.start * exp(-x)
    t_gamma = s * exp(theta)
    rho_nu, rho_z = fields(z, point, t, w)
    pressure, rho_em, capacity, _ = em.state(t.em, t_gamma)
    s4 = s**4
    rho = rho_em + (rho_nu + rho_z) * s4 + point.matter * t_gamma**3
    if not rho > 0.0:
        return np.nan
    hubble = HUBBLE * sqrt(rho)
    w.collision[:] = 0.0
    w.from_plasma[:] = 0.0
    w.boson[:] = 0.0
    w.plasma_gain[:] = 0.0
    if derive:
        w.nu_nu[:] = 0.0
        w.nu_z[:] = 0.0
        w.z_nu[:] = 0.0
        w.z_z[:] = 0.0
        w.heat[:] = 0.0
    if t_gamma > WEAK_END:
        weak_reactions(z, point, t, w, t_gamma, hubble, derive)
    heat = 0.0
    for c in range(classes):
        per = 2.0 * point.multiplicity[c]
        for i in range(n):
            heat += per * g.weight[i] * g.y[i] * w.from_plasma[c, i]
            w.collision[c, i] += w.from_plasma[c, i]
    if derive and t_gamma > WEAK_END:  # so far nu_nu holds reactions with the plasma alone
        for c in range(classes):
            for i in range(n):
                per = 2.0 * point.multiplicity[c] * g.weight[i] * g.y[i]
                for j in range(n):
                    w.heat[c * n + j] += per * w.nu_nu[c, i, c, j]
    scattering(z, point, t, w, t_gamma, s, hubble, derive)
    if point.mass > 0.0:
        heat += boson_with_plasma(point, t, w, t_gamma, s, hubble, derive)
        for c in range(classes):
            w.front[c] = point.mass * point.width[c] / (s * hubble)
        weights = w.shifted[:k]
        for j in range(k):
            weights[j] = point.degrees * g.boson[j]
        decays(g, point.mass / s, exp(-theta), w.front[:classes], point.multiplicity, weights,
               w.delta, (w.bose, w.v, w.stimulated, w.occupied), w.collision, w.boson,
               derive, (w.nu_nu, w.nu_z, w.z_nu, w.z_z))  # fmt: skip
    loss = heat * s4 / (t_gamma * capacity)
    dot_theta = 1.0 - 3.0 * (rho_em + pressure) / (t_gamma * capacity) - loss
    decline = exp(-theta)
    for c in range(classes):
        for i in range(n):
            row = c * n + i
            w.dot[row] = w.collision[c, i] * w.scale[row] - g.y[i] * decline * dot_theta * w.response[row]
    mass2 = (point.mass / s) ** 2
    for j in range(k):
        row = classes * n + j
        w.dot[row] = 0.0
        if point.mass > 0.0:
            drift = decline * (mass2 / w.energy[j] - w.energy[j] * dot_theta)
            w.dot[row] = w.boson[j] * w.scale[row] + drift * w.response[row]
    w.dot[m - 2], w.dot[m - 1] = dot_theta, 1.0
    if derive:
        for c in range(classes):
            for i in range(n):
                w.density[c * n + i] = (
                    point.multiplicity[c] * g.weight[i] * g.y[i] * w.f[c, i] * w.b[c, i] * s4 / rho
                )
        for j in range(k):
            w.density[classes * n + j] = (
                0.5 * point.degrees * g.boson[j] * w.energy[j] * s4 / rho
            )
        for j in range(m - 2):  # of the heat over H, and over the capacity of the plasma
            w.heat[j] = (w.heat[j] - heat * w.density[j]) * s4 / (t_gamma * capacity)
    return hubble


@njit(cache=True, error_model="numpy", fastmath=FAST)
def scattering(z, point, t, w, t_gamma, s, hubble, derive):
    """Add neutrino-neutrino scattering, weak and by exchange of the boson, where it is not negligible."""
    g = t.grid
    n = g.equal
    int_, bsm = 0.0, 0.0
    if point.mass > 0.0:
        int_, bsm, _, _ = propagators(t.mediated, log(point.mass / t_gamma), S_INT, False)
    classes = w.u.shape[0]
    same, other = w.shifted[:classes], w.shifted[classes : classes + classes * classes].reshape(classes, classes)
    strongest = 0.0
    for c in range(classes):
        same[c] = point.same[0, c] + int_ * point.same[1, c] + bsm * point.same[2, c]
        strongest = max(strongest, same[c])
        for d in range(classes):
            other[c, d] = point.other[0, c, d] + int_ * point.other[1, c, d] + bsm * point.other[2, c, d]
            strongest = max(strongest, other[c, d])
    front = G_F**2 * (g.h * s) ** 5 / (128.0 * pi**3) / hubble
    rate = 300.0 * G_F**2 * t_gamma**5 / (128.0 * pi**3) / hubble * strongest * 64.0
    if rate < PAIRS_END:
        return
    front /= 1.0 + rate / RATE_MAX
    for i in range(n):
        w.front[i] = front / (i + 0.5) ** 2
    decline = exp(-z[z.size - 2])
    for group in range(2 * n - 1):
        w.thermal[group] = exp(-(group + 1) * g.h * decline)
    collisions(t.pairs, w.front, w.thermal, w.b, w.u, same, other, point.multiplicity, w.collision, w.pair_work)
    if derive:
        pair_jacobian(t.pairs, w.front, w.thermal, w.b, w.u, w.f, same, other, point.multiplicity,
                      w.nu_nu, w.pair_work, w.pair_parts)  # fmt: skip


@njit(cache=True, error_model="numpy", fastmath=FAST)
def boson_with_plasma(point, t, w, t_gamma, s, hubble, derive):
    """Add the exchange of the boson with the plasma; return the energy it takes per e-fold over s^4."""
    g = t.grid
    start = w.u.size
    heat = 0.0
    for j in range(g.q.size):
        rate = plasma_rate(g.q[j] * s, w.energy[j] * s, t_gamma, point, t) / hubble
        rate /= 1.0 + rate * min(point.degrees * g.boson[j] * w.bose[j] / NUMBER, 1.0) / RATE_MAX
        if rate == 0.0:
            continue
        # f_BE - f = (1 + f) (1 + f_BE) (e^{-E/T} - f/(1+f)), where e^{-E/T} v keeps the digits near equilibrium
        front = rate * w.stimulated[j] / (1.0 - w.bose[j])
        gain = -front * w.bose[j] * w.v[j] if w.v[j] < FAR else front * (w.bose[j] - w.occupied[j])
        w.boson[j] += gain
        w.plasma_gain[j] = gain
        per = point.degrees * g.boson[j] * w.energy[j]
        heat += per * gain
        if derive:
            slope = (gain - front / w.stimulated[j]) / w.stimulated[j]
            w.z_z[j] += slope
            w.heat[start + j] += per * slope
    return heat


@njit(cache=True, error_model="numpy", fastmath=FAST)
def jacobian(z, point, t, w):
    """Fill w.dot with dz/dx and w.jac with its derivatives; return H."""
    g = t.grid
    classes, n, k, m = w.u.shape[0], g.y.size, g.q.size, z.size
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
    nu = classes * n
    decline = exp(-z[m - 2])
    jac = w.jac
    for row in range(m - 2):
        if row < nu:
            c, i = row // n, row % n
            net, drift = w.collision[c, i], g.y[i] * decline
        else:
            i = row - nu
            net, drift = w.boson[i], w.energy[i] * decline
        drift *= w.response[row] / w.scale[row]
        for j in range(m - 2):
            jac[row, j] = drift * w.heat[j] - net * w.density[j]
        if row < nu:
            for d in range(classes):
                for j in range(n):
                    jac[row, d * n + j] += w.nu_nu[c, i, d, j]
            for j in range(k):
                jac[row, nu + j] += w.nu_z[c, i, j]
        else:
            for d in range(classes):
                for j in range(n):
                    jac[row, d * n + j] += w.z_nu[i, d, j]
            jac[row, row] += w.z_z[i]
        for j in range(m - 2):
            jac[row, j] *= w.scale[row] * w.inner[j]
    for j in range(m - 2):
        jac[m - 2, j] = -w.heat[j] * w.inner[j]
        jac[m - 1, j] = 0.0
    jac[m - 1, m - 2] = jac[m - 1, m - 1] = 0.0
    return hubble
