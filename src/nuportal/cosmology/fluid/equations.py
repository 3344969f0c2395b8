# pyright: basic
"""Right-hand side and Jacobian of the momentum-resolved Boltzmann equation (docs/physics/fluid_solver.md).

State y [n + 4] over x = ln a, a = 1 at the start: f_i at comoving momentum q_i, ln(T_gamma a), N = a^3 (n_nu + 2 n_Z'),
R = a^4 (rho_nu + rho_Z'), and x itself. Neutrinos of all flavours are one fluid (T_nu, z = mu/T); its density follows
by subtraction, so decays conserve N and R to round-off. Everything the collision terms need beyond f is in
theta = (ln(T_nu a), z, a^4 rho_Z'): the Jacobian is explicit in f plus three columns by differences.
"""

from math import exp, expm1, isfinite, log, pi, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

from nuportal.cosmology.expansion import HUBBLE
from nuportal.cosmology.fluid.momentum import KernelTable, kernel_at
from nuportal.plasma import em, neutrinos
from nuportal.processes import weak
from nuportal.processes.boson_production import rate_at
from nuportal.processes.neutrino_pair import pair_blocking, pair_statistics
from nuportal.processes.plasma_decay import plasma_decay_rate
from nuportal.processes.plasma_mixing import in_medium_factor
from nuportal.solvers.rodas import FAST

#: entries of the parameter array
MASS, DEGREES, ELECTRON, WIDTH_NU, PAIR, WIDTH_PHOTONS, WIDTH_PAIRS, WEAK, WEAK_MIX, CAP, MATTER = range(11)
#: entries of the switches
BLOCKED, MIXING, TWO_PHOTONS, EQUILIBRIUM = range(4)
#: rate over H at which neutrino number is held at mu = 0 if that is asked for
HELD = 300.0

T_ELECTRONS = 6e-3  #: MeV; below, e^{-m_e/T} < 1e-37 and no electron process counts
EXTRA = 4  #: state entries after f
FLAVOURS = 3.0
_STEP = 1e-6  #: of the difference columns


class Tables(NamedTuple):
    """What the equations read."""

    em: np.ndarray
    fermi: np.ndarray
    weak: np.ndarray
    rates: np.ndarray
    rates_grid: np.ndarray
    plasma: np.ndarray
    kernel: KernelTable
    q: np.ndarray
    dlnq: np.ndarray


class Work(NamedTuple):
    """Work arrays of one thread: [n] or [n, n]."""

    energy: np.ndarray  # comoving energy of each node
    weight: np.ndarray  # number weights: n_Z' a^3 = sum weight f
    electron: np.ndarray  # capped relaxation rates over H
    decay: np.ndarray  # minus df_i'/df_i of decays
    bath: np.ndarray  # pair: e^{-E/T + z}
    blocked: np.ndarray
    loss: np.ndarray
    gain: np.ndarray
    cap: np.ndarray
    pair: np.ndarray  # [n, n]
    shape: np.ndarray  # [n, n]
    dot: np.ndarray  # [n + EXTRA]
    shifted: np.ndarray  # [n + EXTRA]
    theta: np.ndarray  # [3]
    column: np.ndarray  # [n + EXTRA, 5] differences
    raw: np.ndarray  # [4, n] rate with the plasma, f_BE, <f f'>, <1 - f - f'> of the state
    raw_shifted: np.ndarray  # [4, n] the same for the differences
    kernel_x: np.ndarray  # [1] ln a of w.shape
    gradient: np.ndarray  # [3, n + EXTRA] d theta/dy
    diagonal: np.ndarray  # [n] df_i'/df_i without pairs
    rows: np.ndarray  # [3, n] derivatives of ln(T_gamma a), N, R by f at fixed theta
    block: np.ndarray  # [n, n] df_i'/df_j of pairs


@njit(cache=True, error_model="numpy")
def work_arrays(n):
    """Return the work arrays for n momentum nodes."""
    m = n + EXTRA
    return Work(
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty((n, n)),
        np.empty((n, n)),
        np.empty(m),
        np.empty(m),
        np.empty(3),
        np.zeros((m, 5)),
        np.empty((4, n)),
        np.empty((4, n)),
        np.full(1, np.nan),
        np.empty((3, m)),
        np.empty(n),
        np.empty((3, n)),
        np.zeros((n, n)),
    )


@njit(cache=True, error_model="numpy")
def fluid(y, par, t, w):
    """Fill energies, weights and theta of the state; return the comoving number of bosons. NaN where no fluid fits."""
    n = t.q.size
    ma = par[MASS] * exp(y[n + 3])
    number, energy = 0.0, 0.0
    for i in range(n):
        q = t.q[i]
        w.energy[i] = sqrt(q * q + ma * ma)
        w.weight[i] = par[DEGREES] / (2.0 * pi * pi) * q * q * q * t.dlnq[i]
        number += w.weight[i] * y[i]
        energy += w.weight[i] * w.energy[i] * y[i]
    temperature, z = neutrinos.state_of(t.fermi, (y[n + 1] - 2.0 * number) / FLAVOURS, (y[n + 2] - energy) / FLAVOURS)
    w.theta[0], w.theta[1], w.theta[2] = log(temperature), z, energy
    return number


@njit(cache=True, error_model="numpy")
def plasma_rates(y, par, switches, t, w, raw):
    """Fill raw[0] with the rate in MeV of each node against the plasma (df/dt = rate (f_BE - f)), raw[1] with f_BE."""
    n = t.q.size
    a = exp(y[n + 3])
    t_gamma = exp(y[n]) / a
    electrons = par[ELECTRON] > 0.0 and t_gamma > T_ELECTRONS
    decays = par[WIDTH_PHOTONS] + par[WIDTH_PAIRS] > 0.0
    for i in range(n):
        p, energy = t.q[i] / a, w.energy[i] / a
        rate = 0.0
        if electrons:
            rate = rate_at(t.rates, t.rates_grid, p, t_gamma)
            if switches[MIXING]:
                rate *= in_medium_factor(t.plasma, p, t_gamma, par[MASS], rate)
            rate *= par[ELECTRON]
        if decays:
            rate += plasma_decay_rate(
                p, energy, t_gamma, par[MASS], par[WIDTH_PAIRS], par[WIDTH_PHOTONS], switches[TWO_PHOTONS]
            )
        raw[0, i] = rate
        raw[1, i] = 1.0 / expm1(energy / t_gamma) if rate > 0.0 else 0.0


@njit(cache=True, error_model="numpy")
def decay_statistics(y, theta, par, t, w, raw):
    """Fill raw[2] = <f f'> and raw[3] = <1 - f - f'> of the neutrino pair of each node."""
    n = t.q.size
    a = exp(y[n + 3])
    t_nu = exp(theta[0]) / a
    for i in range(n):
        raw[2, i], raw[3, i] = pair_statistics(t.q[i] / a, par[MASS], t_nu, theta[1])


@njit(cache=True, error_model="numpy")
def flows(y, theta, par, switches, t, w, plasma, pair, out):
    """Write dy/dx into out for the state y, theta; return H in MeV. plasma, pair: rows of `raw` filled for them."""
    n = t.q.size
    x = y[n + 3]
    a = exp(x)
    mass, cap = par[MASS], par[CAP]
    t_gamma, t_nu, z = exp(y[n] - x), exp(theta[0] - x), theta[1]
    pressure, rho_em, capacity, _ = em.state(t.em, t_gamma)
    _, rho_nu, _ = neutrinos.densities(t.fermi, t_nu, z)
    hubble = HUBBLE * sqrt(rho_em + FLAVOURS * rho_nu + theta[2] / a**4 + par[MATTER] * t_gamma**3)
    produced, heat, dilution = 0.0, 0.0, 0.0
    width = mass * a * par[WIDTH_NU]
    for i in range(n):
        f, weight, energy = y[i], w.weight[i], w.energy[i]
        rate = plasma[0, i] / (hubble + plasma[0, i] / cap)
        gain = rate * (plasma[1, i] - f)
        w.electron[i] = rate
        produced += weight * gain
        heat += weight * energy * gain
        dilution += weight / energy * f
        rate = width / (hubble * energy + width / cap)
        w.decay[i] = rate * pair[1, i]
        out[i] = gain + rate * pair[0, i] - w.decay[i] * f
    paired = 0.0
    if par[PAIR] > 0.0:
        paired = pair_flows(y, t_nu, z, x, hubble, par, switches, t, w, out)
    weak_heat, weak_number = 0.0, 0.0
    if t_gamma > T_ELECTRONS:
        weak_heat = par[WEAK] * weak.shape_two_temperatures(t.weak, t_gamma, t_nu, par[WEAK_MIX], z) / hubble
        weak_number = par[WEAK] * weak.number_shape(t.weak, t_gamma, t_nu, par[WEAK_MIX], z) / hubble
    out[n] = 1.0 - (3.0 * (rho_em + pressure) + weak_heat + heat / a**4) / (t_gamma * capacity)
    if switches[EQUILIBRIUM]:
        weak_number -= HELD * z * t_nu**3
    out[n + 1] = weak_number * a**3 + 2.0 * produced + paired
    out[n + 2] = weak_heat * a**4 + heat + dilution * (mass * a) ** 2
    out[n + 3] = 1.0
    return hubble


@njit(cache=True, error_model="numpy", fastmath=FAST)
def pair_flows(y, t_nu, z, x, hubble, par, switches, t, w, out):
    """Add nu nubar <-> Z'Z' to out; return the rate of a^3 n_Z'. w.pair holds r_i K_ij r_j for the Jacobian."""
    n = t.q.size
    a = exp(x)
    if w.kernel_x[0] != x:
        kernel_at(t.kernel, log(t.q[0] / par[MASS]) - x, w.shape)
        w.kernel_x[0] = x
    front = par[PAIR] * par[MASS] ** 2 / hubble
    for i in range(n):
        w.bath[i] = exp(z - w.energy[i] / (a * t_nu))
        w.blocked[i] = pair_blocking(t.q[i] / a, par[MASS], t_nu, z) if switches[BLOCKED] else 1.0
        w.cap[i] = w.blocked[i] * t.q[i] ** 2 * t.dlnq[i] / w.energy[i]
    total = 0.0
    for i in range(n):
        scale = front * w.blocked[i] * a / (t.q[i] * w.energy[i])
        loss, gain = 0.0, 0.0
        for j in range(n):
            k = scale * w.cap[j] * w.shape[i, j]
            w.pair[i, j] = k
            loss += k * y[j]
            gain += k * (1.0 + y[j]) * w.bath[j]
        w.loss[i], w.gain[i] = loss, gain
    for i in range(n):
        net = -y[i] * w.loss[i] + (1.0 + y[i]) * w.bath[i] * w.gain[i]
        w.cap[i] = 1.0 / (1.0 + (w.loss[i] + w.bath[i] * w.gain[i]) / par[CAP])
        out[i] += net * w.cap[i]
        total += w.weight[i] * net * w.cap[i]
    return total


@njit(cache=True, error_model="numpy", fastmath=FAST)
def pair_jacobian(y, par, w):
    """Fill w.block with the explicit derivatives of `pair_flows` by f, and add those of N to w.rows."""
    n = w.energy.size
    for i in range(n):
        b, f, s = w.bath[i], y[i], w.cap[i]
        of_cap = -s * s * (-f * w.loss[i] + (1.0 + f) * b * w.gain[i]) / par[CAP]
        constant, slope = of_cap - s * f, b * (s * (1.0 + f) + of_cap)
        for j in range(n):
            w.block[i, j] = w.pair[i, j] * (constant + slope * w.bath[j])
        w.block[i, i] += s * (b * w.gain[i] - w.loss[i])
        for j in range(n):
            w.rows[1, j] += w.weight[i] * w.block[i, j]


@njit(cache=True, error_model="numpy")
def right_hand_side(y, par, switches, t, w, out):
    """Write dy/dx into out; return H in MeV (NaN if the state is outside what the model describes)."""
    fluid(y, par, t, w)
    if not isfinite(w.theta[0]):
        out[:] = np.nan
        return np.nan
    plasma_rates(y, par, switches, t, w, w.raw)
    decay_statistics(y, w.theta, par, t, w, w.raw)
    return flows(y, w.theta, par, switches, t, w, w.raw[:2], w.raw[2:], out)


@njit(cache=True, error_model="numpy")
def jacobian(y, par, switches, t, w):
    """Fill w.dot with dy/dx and the parts of its Jacobian; return H.

    d(dy/dx)/dy = (diagonal and block; rows of the fluid) + column[:, :3] gradient + column[:, 3:] by ln(T_gamma a), x.
    """
    n = t.q.size
    hubble = right_hand_side(y, par, switches, t, w, w.dot)
    if not isfinite(hubble):
        return hubble
    a = exp(y[n + 3])
    ma2 = (par[MASS] * a) ** 2
    t_gamma = exp(y[n]) / a
    _, _, capacity, _ = em.state(t.em, t_gamma)
    cooling = 1.0 / (a**4 * t_gamma * capacity)
    for i in range(n):
        rate, weight, energy = w.electron[i], w.weight[i], w.energy[i]
        w.diagonal[i] = -rate - w.decay[i]
        w.rows[0, i] = weight * energy * rate * cooling
        w.rows[1, i] = -2.0 * weight * rate
        w.rows[2, i] = weight * (ma2 / energy - energy * rate)
    if par[PAIR] > 0.0:
        pair_jacobian(y, par, w)
    theta_gradient(y, par, t, w)
    difference_columns(y, par, switches, t, w)
    return hubble


@njit(cache=True, error_model="numpy")
def difference_columns(y, par, switches, t, w):
    """Fill w.column with d(dy/dx)/d(theta_0, theta_1, theta_2) and by ln(T_gamma a) and x, the others fixed.

    Only what a variable enters is evaluated anew.
    """
    n = t.q.size
    plasma, pair = w.raw[:2], w.raw[2:]
    new_plasma, new_pair = w.raw_shifted[:2], w.raw_shifted[2:]
    for k in range(3):
        start = w.theta[k]
        step = _STEP * (y[n + 2] if k == 2 else 1.0)
        w.theta[k] = start + step
        if k < 2:
            decay_statistics(y, w.theta, par, t, w, w.raw_shifted)
        flows(y, w.theta, par, switches, t, w, plasma, new_pair if k < 2 else pair, w.shifted)
        w.theta[k] = start
        for i in range(n + 3):
            w.column[i, k] = (w.shifted[i] - w.dot[i]) / step
    for k in range(3, 5):
        entry = n if k == 3 else n + 3
        start = y[entry]
        y[entry] = start + _STEP
        if k == 4:
            energies(y, par, t, w)
            decay_statistics(y, w.theta, par, t, w, w.raw_shifted)
        plasma_rates(y, par, switches, t, w, w.raw_shifted)
        flows(y, w.theta, par, switches, t, w, new_plasma, new_pair if k == 4 else pair, w.shifted)
        y[entry] = start
        for i in range(n + 3):
            w.column[i, k] = (w.shifted[i] - w.dot[i]) / _STEP
    energies(y, par, t, w)


@njit(cache=True, error_model="numpy")
def energies(y, par, t, w):
    """Fill the comoving energies."""
    ma = par[MASS] * exp(y[t.q.size + 3])
    for i in range(t.q.size):
        w.energy[i] = sqrt(t.q[i] ** 2 + ma * ma)


@njit(cache=True, error_model="numpy")
def theta_gradient(y, par, t, w):
    """Fill w.gradient = d theta/dy."""
    n = t.q.size
    w.gradient[:] = 0.0
    t_nu, z = exp(w.theta[0]), w.theta[1]
    count, rho, dn_dz = neutrinos.densities(t.fermi, t_nu, z)
    # d(ln n, ln rho) = [[3, n'/n], [4, 3 T n/rho]] d(ln T, z)
    slope, slope_rho = dn_dz / count, 3.0 * t_nu * count / rho
    determinant = 3.0 * slope_rho - 4.0 * slope
    ma2 = (par[MASS] * exp(y[n + 3])) ** 2
    of_x = 0.0
    for i in range(n):
        w.gradient[2, i] = w.weight[i] * w.energy[i]
        of_x += w.weight[i] * ma2 / w.energy[i] * y[i]
    w.gradient[2, n + 3] = of_x
    for j in range(n + EXTRA):
        of_n = (1.0 if j == n + 1 else (-2.0 * w.weight[j] if j < n else 0.0)) / (FLAVOURS * count)
        of_rho = ((1.0 if j == n + 2 else 0.0) - w.gradient[2, j]) / (FLAVOURS * rho)
        w.gradient[0, j] = (slope_rho * of_n - slope * of_rho) / determinant
        w.gradient[1, j] = (3.0 * of_rho - 4.0 * of_n) / determinant
