# pyright: basic
"""Decays and inverse decays Z' <-> nu nubar of a density matrix at every momentum.

The boson couples to C = diag(c_e, c_mu, c_tau). For a neutrino with matrix A and an antineutrino with B = A'* at the
momentum of its partner, gain and loss with exact statistics are

    dA/dt = (M Gamma_1/E) 1/2 { f_Z (1-A) C (1-B) C - (1 + f_Z) A C B C + Hermitian conjugate }.

With A = f_eq + a, B = f'_eq + b, f_Z = f_Zeq + c the equilibrium drops out and a polynomial of the deviations is left:

    c (1 - f_eq - f'_eq) C^2 - (f_Z + f_eq) C b C - (f_Z + f'_eq) {a, C^2}/2 - {a, C b C}/2.

A diagonal A gives the rates of separate flavours (decays.py), a matrix that is diagonal in other states, averaged over
oscillations, those of pairs of states.
"""

from math import exp, expm1, sqrt

from numba import njit

from nuportal.cosmology.momenta.decays import _W, _X, PHASE, RATE_MAX, points_of
from nuportal.cosmology.momenta.density_algebra import COMPONENTS, FIRST, SECOND, anticommutator
from nuportal.cosmology.momenta.grid import collect, sharpen, spread
from nuportal.solvers.compiled import PART
from nuportal.solvers.rodas import FAST

DAMPING_MAX = 1e11  #: of off-diagonal entries over H; slow conversion needs their true damping, up to this


@njit(cache=True, error_model="numpy", fastmath=FAST)
def interpolate(i, part, y, end, w, decline, deviation, root):
    """Fill the deviation [9] from equilibrium at momentum y, and root [9] = sqrt(f_a (1-f_a) f_b (1-f_b)) there.

    logit f of the flavours is interpolated, and off-diagonal entries over their root. Nothing is above `end`.
    """
    equilibrium = 1.0 / (1.0 + exp(min(y * decline, 700.0)))
    if y > end:
        for c in range(COMPONENTS):
            deviation[c], root[c] = -equilibrium if c < 3 else 0.0, 0.0
        return equilibrium
    for c in range(COMPONENTS):
        x = 0.0
        for s in range(3):
            x += part[s] * w.local[i + s, c]
        if c < 3:
            grown = exp(x - y * decline)
            f = grown / (1.0 + grown)
            deviation[c] = equilibrium * (1.0 - f) * expm1(x) if x < 1.0 else f - equilibrium
            root[c] = f * (1.0 - f)
        else:
            root[c] = sqrt(root[FIRST[c]] * root[SECOND[c]])
            deviation[c] = root[c] * x
    return equilibrium


@njit(cache=True, error_model="numpy", fastmath=FAST)
def density_decays(g, w, front, mass, decline, derive):
    """Add decays to w.out [n, 9], w.far [2, 3] and boson [k], by ln a; fill their derivatives if asked.

    w: `DensityWork`; front: M Gamma/(s H) for unit coupling; mass: M/s. Derivatives are by w.local and f_Z.
    """
    b, s9 = w.base, w.scratch
    dev1, dev2, root1, root2, met1, met2, kept1, kept2 = s9[0], s9[1], s9[2], s9[3], s9[4], s9[5], s9[6], s9[7]
    net1, net2, cap = s9[8], s9[9], s9[10]
    n, bosons = g.y.size, g.q.size
    sharpen(g, w.local.reshape(1, n, COMPONENTS))
    for k in range(bosons):
        q = g.q[k]
        energy = sqrt(q * q + mass * mass)
        soft = 0.5 * mass * mass / (energy + q)
        loss = 0.5 * b.numbers[k]
        decayed = b.bose[k] / -expm1(-energy * decline)
        fz, excess = b.fz[k], b.fz[k] - decayed
        points = points_of(g, q)
        for a in range(points):
            p1 = soft + 0.5 * q * _X[points, a]
            p2 = energy - p1
            softer = max(p1, 0.5 * g.h)
            seen = (
                loss
                / energy
                * _W[points, a]
                * PHASE
                / (softer * softer * g.h)
                * exp(-max(energy - softer, 0.0) * decline)
            )
            i1, a1, b1, c1 = spread(g, p1)
            i2, a2, b2, c2 = spread(g, p2)
            part1, part2 = (a1, b1, c1), (a2, b2, c2)
            eq1 = interpolate(i1, part1, p1, g.end, w, decline, dev1, root1)
            eq2 = interpolate(i2, part2, p2, g.end, w, decline, dev2, root2)
            for c in range(COMPONENTS):
                met1[c], met2[c] = w.meet[c] * dev2[c], w.meet[c] * dev1[c]
                kept1[c], kept2[c] = w.half[c] * dev1[c], w.half[c] * dev2[c]
                limit = RATE_MAX if c < 3 else DAMPING_MAX
                cap[c] = front * _W[points, a] / energy / (1.0 + front * w.half[c] * seen / limit)
            anticommutator(met1, w.map1)
            anticommutator(met2, w.map2)
            born = excess * (1.0 - eq1 - eq2)
            for c in range(COMPONENTS):
                both1 = both2 = 0.0
                for d in range(COMPONENTS):
                    both1 += w.map1[c, d] * dev1[d]
                    both2 += w.map2[c, d] * dev2[d]
                net1[c] = -(fz + eq1) * met1[c] - (fz + eq2) * kept1[c] - both1
                net2[c] = -(fz + eq2) * met2[c] - (fz + eq1) * kept2[c] - both2
                if c < 3:
                    net1[c] += born * w.half[c]
                    net2[c] += born * w.half[c]
                net1[c], net2[c] = net1[c] * cap[c], net2[c] * cap[c]
            for c in range(3):
                b.boson[k] -= net1[c]
            in1, in2 = loss if p1 <= g.end else 0.0, loss if p2 <= g.end else 0.0
            for s in range(3):
                to1, to2 = in1 * part1[s] / g.weight[i1 + s], in2 * part2[s] / g.weight[i2 + s]
                for c in range(COMPONENTS):
                    w.out[i1 + s, c] += to1 * net1[c]
                    w.out[i2 + s, c] += to2 * net2[c]
            for c in range(3):  # energy and number above the grid, of neutrinos and antineutrinos
                w.far[0, c] += 2.0 * ((loss - in1) * p1 * net1[c] + (loss - in2) * p2 * net2[c])
                w.far[1, c] += 2.0 * ((loss - in1) * net1[c] + (loss - in2) * net2[c])
            if derive:
                _derive(w, g, k, (i1, i2), (part1, part2), (p1, p2), (in1, in2), loss, fz, (eq1, eq2))
    collect(g, w.out.reshape(1, n, COMPONENTS), g.weight)
    if derive:
        collect(g, w.nu_nu.reshape(1, n, w.nu_nu.size // n), g.weight)
        collect(g, w.nu_nu, b.ones)
        collect(g, w.nu_z.reshape(1, n, COMPONENTS * bosons), g.weight)
        collect(g, w.z_nu, b.ones)


@njit(**PART, fastmath=FAST)
def _derive(w, g, k, at, parts, p, inside, loss, fz, eq):
    """Add the derivatives of one pair of momenta; inside: `loss` of those on the grid, 0 of those above."""
    b, s9 = w.base, w.scratch
    dev1, dev2, root1, root2, met1, met2, kept1, kept2 = s9[0], s9[1], s9[2], s9[3], s9[4], s9[5], s9[6], s9[7]
    cap = s9[10]
    # own and partner: d net/d(deviation), of momentum 1 and 2
    own1, own2, partner1, partner2 = w.blocks[0], w.blocks[1], w.blocks[2], w.blocks[3]
    for c in range(COMPONENTS):
        row = c * COMPONENTS
        for d in range(COMPONENTS):
            own1[row + d], own2[row + d] = -w.map1[c, d] * cap[c] * root1[d], -w.map2[c, d] * cap[c] * root2[d]
        own1[row + c] -= (fz + eq[1]) * w.half[c] * cap[c] * root1[c]
        own2[row + c] -= (fz + eq[0]) * w.half[c] * cap[c] * root2[c]
    anticommutator(dev1, w.map1)
    anticommutator(dev2, w.map2)
    for c in range(COMPONENTS):
        row = c * COMPONENTS
        for d in range(COMPONENTS):
            partner1[row + d] = -w.map1[c, d] * w.meet[d] * cap[c] * root2[d]
            partner2[row + d] = -w.map2[c, d] * w.meet[d] * cap[c] * root1[d]
        partner1[row + c] -= (fz + eq[0]) * w.meet[c] * cap[c] * root2[c]
        partner2[row + c] -= (fz + eq[1]) * w.meet[c] * cap[c] * root1[c]
    filled = 1.0 - eq[0] - eq[1]
    for c in range(COMPONENTS):
        by1, by2 = -met1[c] - kept1[c], -met2[c] - kept2[c]
        if c < 3:
            by1, by2 = by1 + filled * w.half[c], by2 + filled * w.half[c]
            b.z_z[k, k] -= by1 * cap[c]
            for one in range(2):
                gained = 2.0 * (loss - inside[one]) * (by1 if one == 0 else by2) * cap[c]
                w.far_z[0, c, k] += gained * p[one]
                w.far_z[1, c, k] += gained
        for s in range(3):
            w.nu_z[at[0] + s, c, k] += inside[0] * parts[0][s] / g.weight[at[0] + s] * by1 * cap[c]
            w.nu_z[at[1] + s, c, k] += inside[1] * parts[1][s] / g.weight[at[1] + s] * by2 * cap[c]
    for s in range(3):
        i, j = at[0] + s, at[1] + s
        for c in range(3):
            for d in range(COMPONENTS):
                w.z_nu[k, i, d] -= parts[0][s] * own1[c * COMPONENTS + d]
                w.z_nu[k, j, d] -= parts[1][s] * partner1[c * COMPONENTS + d]
        to1, to2 = inside[0] * parts[0][s] / g.weight[i], inside[1] * parts[1][s] / g.weight[j]
        for r in range(3):
            l, h = at[0] + r, at[1] + r
            _put(w.nu_nu[i, l], to1 * parts[0][r], own1)
            _put(w.nu_nu[i, h], to1 * parts[1][r], partner1)
            _put(w.nu_nu[j, h], to2 * parts[1][r], own2)
            _put(w.nu_nu[j, l], to2 * parts[0][r], partner2)


@njit(**PART, fastmath=FAST)
def _put(out, factor, block):
    """Add a block [81] times a factor to out."""
    for m in range(block.size):
        out[m] += factor * block[m]
