# pyright: basic
"""Weak reactions of neutrinos and exchange of the boson with the plasma, added to the fields of a state.

Arguments are those of `state`: Point, Tables and Work; H and temperatures in MeV.
"""

from math import exp, log, pi

from numba import njit

from nuportal.constants import G_F, M_E
from nuportal.cosmology.momenta.decays import FAR, RATE_MAX
from nuportal.cosmology.momenta.neutrino_pairs import collisions
from nuportal.cosmology.momenta.neutrino_pairs import jacobian as pair_jacobian
from nuportal.cosmology.momenta.weak_table import kernels_at
from nuportal.processes.boson_production import rate_at
from nuportal.processes.mediated import A_INT, S_INT, propagators
from nuportal.processes.plasma_decay import plasma_decay_rate
from nuportal.processes.plasma_mixing import in_medium_factor
from nuportal.solvers.compiled import PART
from nuportal.solvers.rodas import FAST

ELECTRONS_END = 6e-3  #: MeV; below, e^{-m_e/T} < 1e-37 and no electron meets the boson
PAIRS_END = 1e-3  #: rate of neutrino-neutrino scattering over H below which it is left out
PAIRS_SLOW = 0.3  #: the same, below which Newton's method does without its derivatives
NUMBER = 0.1  #: of neutrinos of one flavour and helicity, about, over s^3


@njit(**PART, fastmath=FAST)
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
        if point.weak[0, c] == 0.0:  # right-handed neutrinos: the remainder off shell has no weak rate to diminish
            if v2 == 0.0:
                continue
            a_bsm = max(a_bsm, 0.0)
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


@njit(**PART)
def plasma_rate(p, energy, t_gamma, point, t):
    """Return the rate in MeV at which a boson of momentum p relaxes to the plasma: df/dt = rate (f_BE - f)."""
    rate = plasma_decay_rate(p, energy, t_gamma, point.mass, point.width_pairs, point.width_photons, point.scalar)
    if point.electron > 0.0 and t_gamma > ELECTRONS_END:
        scattered = rate_at(t.rates, t.rates_grid, p, t_gamma)
        if point.in_medium:
            scattered *= in_medium_factor(t.plasma, p, t_gamma, point.mass, scattered)
        rate += point.electron * scattered
    return rate


@njit(**PART, fastmath=FAST)
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
            w.theta_boson[j] += front * w.bose[j] * w.energy[j] * s / t_gamma
    return heat


@njit(**PART, fastmath=FAST)
def scattering(theta, point, t, w, t_gamma, s, hubble, derive):
    """Add neutrino-neutrino scattering, weak and by exchange of the boson, where it is not negligible."""
    g = t.grid
    n, classes = g.equal, w.u.shape[0]
    interferes, exchanged, meets, made = 0.0, 0.0, 0.0, 0.0
    if point.exchanged > 0.0:
        ln_x = log(point.exchanged / t_gamma)
        interferes, exchanged, _, _ = propagators(t.mediated, ln_x, S_INT, False)
        meets, made, _, _ = propagators(t.mediated, ln_x, A_INT, False)
    strongest = 0.0
    for c in range(classes):
        w.same[c] = point.same[0, c] + interferes * point.same[1, c] + exchanged * point.same[2, c]
        strongest = max(strongest, w.same[c])
        for d in range(classes):
            weak, crossed, squared = point.other[0, c, d], point.other[1, c, d], point.other[2, c, d]
            w.other[0, c, d] = weak + interferes * crossed + exchanged * squared
            # a pair that turns into another is the s channel; what is left of it off shell may be below zero
            w.other[1, c, d] = max(weak + meets * crossed + made * squared, 0.0)
            strongest = max(strongest, w.other[0, c, d], w.other[1, c, d])
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
               w.collision, w.rates, w.pairs)  # fmt: skip
    if derive and rate > PAIRS_SLOW:
        pair_jacobian(t.pairs, w.front, w.thermal, w.b, w.u, w.f, w.same, w.other, point.multiplicity,
                      w.class_class, w.pairs)  # fmt: skip
