# pyright: basic
"""Right-hand side and analytic Jacobian of the coupled baths: e.m. plasma, neutrinos (1 or 3 baths), a massive boson.

Independent variable N = ln a. State y = [ln T_gamma, ln(T_nu_i/T_gamma) ..., ln(T_Z'/T_nu_ref)], so that locked baths
keep their digits. For bath a, d ln T_a/dN = (adiabatic term) + Q_a/(H C_a), Q_a the energy gain and C_a = d rho/d ln T
(ghosh2023 eqs A1-A3 with the sign convention gain of the first bath). Everything of the boson carries e^{M/T_Z'}.
"""

from math import exp, expm1, pi, sqrt
from typing import Any

import numpy as np
from numba import njit

from nuportal.constants import M_E
from nuportal.cosmology.expansion import HUBBLE
from nuportal.plasma.neutrinos import RHO_1
from nuportal.processes import weak
from nuportal.processes.boson_transfer import scaled_gain
from nuportal.processes.decay import decay_gain, quantum_decay_gain
from nuportal.processes.mediated import A_INT, S_INT, propagators
from nuportal.solvers import hermite
from nuportal.solvers.compiled import INNER
from nuportal.solvers.rodas import FAST

#: positions in the parameter vector of a point; MASS = 0 means no boson, COMPTON = c_e^2 where e gamma <-> e Z'
#: counts, QUANTUM = 1 for decays with quantum statistics
MASS, LN_MASS, WIDTH_E, REFERENCE, STATISTICS_A, STATISTICS_S, COMPTON, QUANTUM = range(8)
#: rows of the per-bath coefficients
WEAK_1, WEAK_2, MEDIATED_INT, MEDIATED_BSM, WIDTH_NU, FLAVOURS = range(6)

LINEAR, TWO_TEMPERATURES = 0, 1


#: positions in the array of weak factors: annihilation and scattering pairs, then their derivatives in ln T
ANN_1, ANN_2, SCAT_1, SCAT_2, D = 0, 1, 2, 3, 4


@njit(**INNER, fastmath=FAST)
def weak_factors(table, ln_t, t, first, with_scattering, derivatives, out):
    """Fill out with the annihilation pair (columns first, first + 1) and, if asked, the scattering pair at T.

    out[D:] receives the derivatives in ln T. Boltzmann factors are included.
    """
    if ln_t <= table[0, 0]:
        out[:8] = 0.0
        return
    row, u = hermite.locate(table, ln_t)
    m_over_t = M_E / t
    single = exp(-m_over_t)
    double = single * single
    for k in range(2):
        v = hermite.value(table, row, u, first + k)
        out[k] = v * double
        if derivatives:
            out[D + k] = (hermite.slope(table, row, u, first + k) + 2 * m_over_t * v) * double
    if with_scattering:
        for k in range(2):
            v = hermite.value(table, row, u, weak.S1 + k)
            out[2 + k] = v * single
            if derivatives:
                out[D + 2 + k] = (hermite.slope(table, row, u, weak.S1 + k) + m_over_t * v) * single


@njit(**INNER, fastmath=FAST)
def mediated_strength(ln_x, first, wi, wb, mediated, derivatives):
    """Return (wi f_int + wb f_BSM, d/dlnx of it) for the pair of propagator functions that starts at column first."""
    p, q, dp, dq = propagators(mediated, ln_x, first, derivatives)
    return wi * p + wb * q, wi * dp + wb * dq


@njit(**INNER, fastmath=FAST)
def electron_gain(l, t, b, ln_m, c, me_form, fg, fn, mediated, derivatives, out):
    """out = (Q, dQ/dlnT_gamma, dQ/dlnT_nu): gain of neutrino bath b from e+-; l, t: ln T and T of all baths.

    Annihilation is gain at T_gamma minus loss at T_nu; in the linear-response form (me_form = LINEAR) the loss carries
    the electron-mass factor of T_gamma.
    """
    w1, w2, wi, wb = c[WEAK_1, b], c[WEAK_2, b], c[MEDIATED_INT, b], c[MEDIATED_BSM, b]
    lg, ln, tg, tn = l[0], l[1 + b], t[0], t[1 + b]
    two_temperatures = me_form == TWO_TEMPERATURES
    f_loss = fn if two_temperatures else fg
    gain, loss = w1 * fg[ANN_1] + w2 * fg[ANN_2], w1 * f_loss[ANN_1] + w2 * f_loss[ANN_2]
    s = w1 * fg[SCAT_1] + w2 * fg[SCAT_2]
    da_g = da_n = ds_g = 0.0
    d_gain = d_loss_n = d_loss_g = ds_n = 0.0
    if derivatives:
        da_g = w1 * fg[D + ANN_1] + w2 * fg[D + ANN_2]
        ds_g = w1 * fg[D + SCAT_1] + w2 * fg[D + SCAT_2]
        da_n = w1 * fn[D + ANN_1] + w2 * fn[D + ANN_2] if two_temperatures else 0.0
        d_gain, d_loss_n, d_loss_g = da_g, da_n, 0.0 if two_temperatures else da_g
    if wb != 0.0:
        v_g, v_loss = fg[ANN_1] + 0.5 * fg[ANN_2], f_loss[ANN_1] + 0.5 * f_loss[ANN_2]
        v_s = fg[SCAT_1] + 0.5 * fg[SCAT_2]
        m_g, dm_g = mediated_strength(ln_m - lg, A_INT, wi, wb, mediated, derivatives)
        m_n, dm_n = mediated_strength(ln_m - ln, A_INT, wi, wb, mediated, derivatives)
        m_s, dm_s = mediated_strength(ln_m - 0.5 * (lg + ln), S_INT, wi, wb, mediated, derivatives)
        gain += v_g * m_g
        loss += v_loss * m_n
        s += v_s * m_s
        if derivatives:
            dv_g = fg[D + ANN_1] + 0.5 * fg[D + ANN_2]
            d_gain += dv_g * m_g - v_g * dm_g
            d_loss_n -= v_loss * dm_n
            if two_temperatures:
                d_loss_n += (fn[D + ANN_1] + 0.5 * fn[D + ANN_2]) * m_n
            else:
                d_loss_g += dv_g * m_n
            ds_g += (fg[D + SCAT_1] + 0.5 * fg[D + SCAT_2]) * m_s - 0.5 * v_s * dm_s
            ds_n = -0.5 * v_s * dm_s
    tg4, tn4 = tg**4, tn**4
    tg9, tn9 = tg4 * tg4 * tg, tn4 * tn4 * tn
    # scattering: T_g^4 T_nu^4 (T_g - T_nu) = T_g^4 T_nu^5 (T_g/T_nu - 1)
    difference = expm1(lg - ln)
    power = 56 * tg4 * tn4 * tn
    out[0] = 32 * (gain * tg9 - loss * tn9) + power * s * difference
    if derivatives:
        ratio = s * (1 + difference)
        out[1] = 32 * (tg9 * (9 * gain + d_gain) - tn9 * d_loss_g) + power * ((4 * s + ds_g) * difference + ratio)
        out[2] = -32 * tn9 * (9 * loss + d_loss_n) + power * ((5 * s + ds_n) * difference - ratio)


@njit(**INNER, fastmath=FAST)
def neutrino_gain(l_to, l_from, t_to, t_from, ln_m, v, par, mediated, derivatives, out):
    """out = (Q, dQ/dlnT_to, dQ/dlnT_from): gain of one flavour from another; v = (SM, interference, quadratic)."""
    gain = loss = s = v[0]
    d_gain = d_loss = half = 0.0
    if v[2] != 0.0:
        m_from, dm_from = mediated_strength(ln_m - l_from, A_INT, v[1], v[2], mediated, derivatives)
        m_to, dm_to = mediated_strength(ln_m - l_to, A_INT, v[1], v[2], mediated, derivatives)
        m_s, dm_s = mediated_strength(ln_m - 0.5 * (l_to + l_from), S_INT, v[1], v[2], mediated, derivatives)
        gain, loss, s = gain + m_from, loss + m_to, s + m_s
        d_gain, d_loss, half = -dm_from, -dm_to, -0.5 * dm_s
    to4, from4 = t_to**4, t_from**4
    ann_from, ann_to = 32 * par[STATISTICS_A] * from4**2 * t_from, 32 * par[STATISTICS_A] * to4**2 * t_to
    difference = expm1(l_from - l_to)
    power = 56 * par[STATISTICS_S] * from4 * to4 * t_to
    out[0] = ann_from * gain - ann_to * loss + power * s * difference
    if derivatives:
        ratio = s * (1 + difference)
        out[1] = -ann_to * (9 * loss + d_loss) + power * ((5 * s + half) * difference - ratio)
        out[2] = ann_from * (9 * gain + d_gain) + power * ((4 * s + half) * difference + ratio)


@njit(**INNER, fastmath=FAST)
def plasma_rate(lg, t, em, derivatives, rate, p, capacity, dcap, drho):
    """Adiabatic cooling of the electromagnetic plasma; returns its energy density."""
    x = max(lg, em[0, 0])
    row, u = hermite.locate(em, x)
    pressure, rho, heat = hermite.value(em, row, u, 0), hermite.value(em, row, u, 1), hermite.value(em, row, u, 2)
    power = t**4
    drho[0] = capacity[0] = power * heat
    rate[0] = -3 * (rho + pressure) / heat
    if derivatives:
        d_p, d_rho, d_heat = 0.0, 0.0, 0.0
        if lg > em[0, 0]:
            d_p, d_rho, d_heat = (
                hermite.slope(em, row, u, 0),
                hermite.slope(em, row, u, 1),
                hermite.slope(em, row, u, 2),
            )
        dcap[0] = 4 + d_heat / heat
        p[0, 0] = -3 * (d_rho + d_p) / heat - rate[0] * d_heat / heat
    return power * rho


@njit(**INNER, fastmath=FAST)
def boson_rate(z, lz, t, ln_m, x, scale, boson, derivatives, rate, p, capacity, dcap, drho):
    """Adiabatic cooling of the boson, with e^{M/T_Z'} taken out of its heat capacity; returns its energy density."""
    row, u = hermite.locate(boson, ln_m - lz)
    pressure, rho, heat = (
        hermite.value(boson, row, u, 0),
        hermite.value(boson, row, u, 1),
        hermite.value(boson, row, u, 2),
    )
    power = 3 * t**4
    capacity[z] = power * heat
    drho[z] = power * heat * scale
    rate[z] = -3 * (rho + pressure) / heat
    if derivatives:
        d_sum = -hermite.slope(boson, row, u, 0) - hermite.slope(boson, row, u, 1)
        d_heat = -hermite.slope(boson, row, u, 2)
        dcap[z] = 4 + d_heat / heat + x  # of the heat capacity itself, without e^{M/T_Z'}
        p[z, z] = -3 * d_sum / heat - rate[z] * d_heat / heat
    return power * rho * scale


@njit(cache=True, error_model="numpy", fastmath=FAST)
def right_hand_side(
    y: np.ndarray,
    n_baths: int,
    has_boson: int,
    par: np.ndarray,
    c: np.ndarray,
    v: np.ndarray,
    me_form: int,
    tables: Any,
    derivatives: bool,
    f: np.ndarray,
    jac: np.ndarray,
    rows: np.ndarray,
) -> float:
    """Fill f = dy/dN [n] and, if asked, jac = df/dy [n, n], n = 1 + n_baths + has_boson; return H (MeV).

    rows is scratch space; rows[10, :n] = d rho/d ln T of each bath stays for the caller.
    """
    em, boson, weak_table, mediated, bessel, level, slopes, grid = tables
    n = 1 + n_baths + has_boson
    z = 1 + n_baths
    always = n > 0  # literals in the calls below would compile their functions a second time
    plasma = 0 if always else 1
    l, rate, p, capacity, dcap, drho, t = rows[0], rows[1], rows[2:8], rows[8], rows[9], rows[10], rows[14]
    fg, fn, q = rows[11], rows[12], rows[13]
    l[0], t[0] = y[0], exp(y[0])
    for i in range(n_baths):
        l[1 + i] = y[0] + y[1 + i]
        t[1 + i] = exp(l[1 + i])
    if derivatives:
        for a in range(n):
            for b in range(n):
                p[a, b] = 0.0

    rho = plasma_rate(l[0], t[0], em, derivatives, rate, p, capacity, dcap, drho)
    for i in range(n_baths):
        r = RHO_1 * c[FLAVOURS, i] * t[1 + i] ** 4
        rho += r
        drho[1 + i] = capacity[1 + i] = 4 * r
        dcap[1 + i] = 4.0
        rate[1 + i] = -1.0
    ln_m, x_z, scale_z = par[LN_MASS], 0.0, 0.0
    if has_boson:
        l[z] = l[1 + int(par[REFERENCE])] + y[z]
        t[z] = exp(l[z])
        x_z = par[MASS] / t[z]
        scale_z = exp(-x_z)
        rho += boson_rate(z, l[z], t[z], ln_m, x_z, scale_z, boson, derivatives, rate, p, capacity, dcap, drho)
    hubble = HUBBLE * sqrt(rho)

    ann = weak.A1_INTEGRATED if me_form == TWO_TEMPERATURES else weak.A1
    weak_factors(weak_table, l[0], t[0], ann, always, derivatives, fg)
    for i in range(n_baths):
        if me_form == TWO_TEMPERATURES:
            weak_factors(weak_table, l[1 + i], t[1 + i], ann, not always, derivatives, fn)
        electron_gain(l, t, i, ln_m, c, me_form, fg, fn, mediated, derivatives, q)
        add(q[0], q[1], q[2], plasma, 1 + i, 1.0, n, hubble, capacity, dcap, drho, rho, derivatives, rate, p)
        for j in range(i):
            neutrino_gain(l[1 + i], l[1 + j], t[1 + i], t[1 + j], ln_m, v[i, j], par, mediated, derivatives, q)
            add(q[0], q[2], q[1], 1 + j, 1 + i, 1.0, n, hubble, capacity, dcap, drho, rho, derivatives, rate, p)
    if has_boson:
        row, u = hermite.locate(bessel, ln_m - l[z])
        k_z, s_z = hermite.value(bessel, row, u, 0), hermite.slope(bessel, row, u, 0)
        per_width = 3 * par[MASS] ** 3 / (2 * pi**2) * t[z] * exp(k_z)
        for b in range(z):
            width = par[WIDTH_E] if b == 0 else c[WIDTH_NU, b - 1]
            if width > 0.0:
                d = (y[b] if b > 0 else 0.0) - y[1 + int(par[REFERENCE])] - y[z]
                if par[QUANTUM] > 0.0:
                    beta = sqrt(1 - 4 * (M_E / par[MASS]) ** 2) if b == 0 else 1.0
                    quantum_decay_gain(d, t[z], par[MASS], beta, width, derivatives, q)
                else:
                    decay_gain(d, ln_m - l[z], x_z, k_z, s_z, per_width * width, bessel, derivatives, q)
                add(q[0], q[1], q[2], b, z, scale_z, n, hubble, capacity, dcap, drho, rho, derivatives, rate, p)
        if par[COMPTON] > 0.0:
            q[0], q[1], q[2] = scaled_gain(level, slopes, grid, par[MASS], t[0], t[z], derivatives)
            for k in range(3):
                q[k] *= par[COMPTON]
            add(q[0], q[1], q[2], plasma, z, scale_z, n, hubble, capacity, dcap, drho, rho, derivatives, rate, p)
    f[0] = rate[0]
    for i in range(n_baths):
        f[1 + i] = rate[1 + i] - rate[0]
    if has_boson:
        f[z] = rate[z] - rate[1 + int(par[REFERENCE])]
    if derivatives:
        to_state(p, n_baths, has_boson, int(par[REFERENCE]), n, jac)
    return hubble


@njit(**INNER, fastmath=FAST)
def add(q, dq_from, dq_to, origin, target, scale, n, hubble, capacity, dcap, drho, rho, derivatives, rate, p):
    """Add an energy flow q from bath `origin` to bath `target` to the rates and their derivatives in ln T.

    `scale` multiplies the flow out of `origin`: e^{-M/T_Z'} where q and the boson's heat capacity carry e^{M/T_Z'}.
    """
    per_target, per_origin = 1 / (hubble * capacity[target]), scale / (hubble * capacity[origin])
    gain, loss = q * per_target, -q * per_origin
    rate[target] += gain
    rate[origin] += loss
    if not derivatives:
        return
    for b in range(n):
        dlnh = 0.5 * drho[b] / rho
        p[target, b] -= gain * dlnh
        p[origin, b] -= loss * dlnh
    p[target, target] += dq_to * per_target - gain * dcap[target]
    p[target, origin] += dq_from * per_target
    p[origin, origin] += -dq_from * per_origin - loss * dcap[origin]
    p[origin, target] += -dq_to * per_origin


@njit(**INNER, fastmath=FAST)
def to_state(p, n_baths, has_boson, reference, n, jac):
    """Change the derivatives p of the rates in ln T to derivatives of f in the state."""
    z = 1 + n_baths
    for a in range(n):
        total = 0.0
        for b in range(n):
            total += p[a, b]
        jac[a, 0] = total  # d/d ln T_gamma moves every temperature
        for i in range(n_baths):
            jac[a, 1 + i] = p[a, 1 + i]
        if has_boson:
            jac[a, 1 + reference] += p[a, z]
            jac[a, z] = p[a, z]
    for b in range(n):
        if has_boson:
            jac[z, b] -= jac[1 + reference, b]
        for i in range(n_baths):
            jac[1 + i, b] -= jac[0, b]


def bath_energies(y: np.ndarray, par: np.ndarray, c: np.ndarray, em: np.ndarray, boson: np.ndarray) -> np.ndarray:
    """Return rho and p (MeV^4) of plasma, neutrino baths and boson [2, n, baths + 2] for states y [n, size].

    A boson that is gone (NaN) or absent holds nothing.
    """
    n_baths = c.shape[1]
    out = np.zeros((2, len(y), n_baths + 2))
    ln_t, t4 = np.maximum(y[:, 0], em[0, 0]), np.exp(4 * y[:, 0])
    out[0, :, 0], out[1, :, 0] = t4 * hermite.column_at(em, ln_t, 1), t4 * hermite.column_at(em, ln_t, 0)
    out[0, :, 1:-1] = RHO_1 * c[FLAVOURS] * np.exp(4 * (y[:, :1] + y[:, 1 : 1 + n_baths]))
    out[1, :, 1:-1] = out[0, :, 1:-1] / 3
    if y.shape[1] > 1 + n_baths:
        alive = np.isfinite(y[:, -1])
        lz = (y[:, 0] + y[:, 1 + int(par[REFERENCE])] + y[:, -1])[alive]
        ln_x = par[LN_MASS] - lz
        scale = 3 * np.exp(4 * lz - np.exp(ln_x))
        out[0, alive, -1] = scale * hermite.column_at(boson, ln_x, 1)
        out[1, alive, -1] = scale * hermite.column_at(boson, ln_x, 0)
    return out
