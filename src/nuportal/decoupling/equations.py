"""Right-hand side and analytic Jacobian of the coupled baths: e.m. plasma, neutrinos (1 or 3 baths), a massive boson.

Independent variable N = ln a. State y = [ln T_gamma, ln(T_nu_i/T_gamma) ..., ln(T_Z'/T_nu_ref)], so that locked baths
keep their digits. For bath a, d ln T_a/dN = (adiabatic term) + Q_a/(H C_a), Q_a the energy gain and C_a = d rho/d ln T
(ghosh2023 eqs A1-A3 with the sign convention gain of the first bath). Everything of the boson carries e^{M/T_Z'}.
"""

from math import exp, expm1, log, pi, sqrt

import numpy as np
from numba import njit

from nuportal.constants import M_E, M_PLANCK
from nuportal.plasma.neutrinos import RHO_1
from nuportal.processes import weak
from nuportal.processes.mediated import A_BSM, A_INT, S_BSM, S_INT, propagator
from nuportal.solvers import hermite

HUBBLE = sqrt(8 * pi / 3) / M_PLANCK

#: positions in the parameter vector of a point; MASS = 0 means no boson
MASS, WIDTH_E, REFERENCE, STATISTICS_A, STATISTICS_S = range(5)
#: rows of the per-bath coefficients
WEAK_1, WEAK_2, MEDIATED_INT, MEDIATED_BSM, WIDTH_NU, FLAVOURS = range(6)

LINEAR, TWO_TEMPERATURES = 0, 1


@njit(cache=True)
def weak_factors(table, ln_t, out):
    """Fill out[0:10] with the factors at T and out[10:20] with their derivatives in ln T, Boltzmann factors included."""
    if (ln_t - table.x0) <= 0.0:
        out[:] = 0.0
        return
    row, t = hermite.locate(table, ln_t)
    m_over_t = M_E * exp(-ln_t)
    single = exp(-m_over_t)
    for column in range(10):
        pairs = 1.0 if column in (weak.S1, weak.S2) else 2.0
        boltzmann = single if pairs == 1.0 else single * single
        v = hermite.value(table, row, t, column)
        out[column] = v * boltzmann
        out[10 + column] = (hermite.slope(table, row, t, column) + pairs * m_over_t * v) * boltzmann


@njit(cache=True)
def annihilation_piece(ln_t, ln_m, i1, i2, f, w1, w2, wi, wb, mediated, has_mediated):
    """Return (G, dG/dlnT): the rate T^9 [w1 A1 + w2 A2 + (A1 + A2/2)(wi a_int + wb a_BSM)] of one side."""
    a, da = w1 * f[i1] + w2 * f[i2], w1 * f[10 + i1] + w2 * f[10 + i2]
    if has_mediated:
        vector, dvector = f[i1] + 0.5 * f[i2], f[10 + i1] + 0.5 * f[10 + i2]
        p, dp = propagator(mediated, ln_m - ln_t, A_INT)
        q, dq = propagator(mediated, ln_m - ln_t, A_BSM)
        strength, dstrength = wi * p + wb * q, -(wi * dp + wb * dq)
        a += vector * strength
        da += dvector * strength + vector * dstrength
    power = exp(9 * ln_t)
    return power * a, power * (9 * a + da)


@njit(cache=True)
def electron_gain(lg, ln, ln_m, c, b, me_form, fg, fn, mediated, out):
    """out = (Q, dQ/dlnT_gamma, dQ/dlnT_nu): gain of neutrino bath b from e+-."""
    w1, w2, wi, wb = c[WEAK_1, b], c[WEAK_2, b], c[MEDIATED_INT, b], c[MEDIATED_BSM, b]
    has_mediated = wb != 0.0
    if me_form == TWO_TEMPERATURES:
        i1, i2 = weak.A1_INTEGRATED, weak.A2_INTEGRATED
        gain, dgain = annihilation_piece(lg, ln_m, i1, i2, fg, w1, w2, wi, wb, mediated, has_mediated)
        loss, dloss = annihilation_piece(ln, ln_m, i1, i2, fn, w1, w2, wi, wb, mediated, has_mediated)
        q, dq_g, dq_n = 32 * (gain - loss), 32 * dgain, -32 * dloss
    else:  # one factor, that of T_gamma, for gain and loss
        i1, i2 = weak.A1, weak.A2
        gain, dgain = annihilation_piece(lg, ln_m, i1, i2, fg, w1, w2, wi, wb, mediated, has_mediated)
        loss, dloss = annihilation_at(lg, ln, ln_m, i1, i2, fg, w1, w2, wi, wb, mediated, has_mediated, out)
        q, dq_g, dq_n = 32 * (gain - loss), 32 * (dgain - out[0]), -32 * dloss
    # scattering: T_g^4 T_nu^4 (T_g - T_nu) = T_g^4 T_nu^5 (T_g/T_nu - 1)
    difference = expm1(lg - ln)
    power = 56 * exp(4 * lg + 5 * ln)
    s, ds = w1 * fg[weak.S1] + w2 * fg[weak.S2], w1 * fg[10 + weak.S1] + w2 * fg[10 + weak.S2]
    ds_n = 0.0
    if has_mediated:
        vector = fg[weak.S1] + 0.5 * fg[weak.S2]
        dvector = fg[10 + weak.S1] + 0.5 * fg[10 + weak.S2]
        p, dp = propagator(mediated, ln_m - 0.5 * (lg + ln), S_INT)
        r, dr = propagator(mediated, ln_m - 0.5 * (lg + ln), S_BSM)
        strength, half = wi * p + wb * r, -0.5 * (wi * dp + wb * dr)
        s += vector * strength
        ds += dvector * strength + vector * half
        ds_n = vector * half
    out[0] = q + power * s * difference
    out[1] = dq_g + power * (4 * s * difference + ds * difference + s * (1 + difference))
    out[2] = dq_n + power * (5 * s * difference + ds_n * difference - s * (1 + difference))


@njit(cache=True)
def annihilation_at(lg, ln, ln_m, i1, i2, f, w1, w2, wi, wb, mediated, has_mediated, out):
    """Loss side with the electron factor of T_gamma: return (G, dG/dlnT_nu); out[0] = dG/dlnT_gamma."""
    a, da_g, da_n = w1 * f[i1] + w2 * f[i2], w1 * f[10 + i1] + w2 * f[10 + i2], 0.0
    if has_mediated:
        vector, dvector = f[i1] + 0.5 * f[i2], f[10 + i1] + 0.5 * f[10 + i2]
        p, dp = propagator(mediated, ln_m - ln, A_INT)
        q, dq = propagator(mediated, ln_m - ln, A_BSM)
        strength = wi * p + wb * q
        a += vector * strength
        da_g += dvector * strength
        da_n = -vector * (wi * dp + wb * dq)
    power = exp(9 * ln)
    out[0] = power * da_g
    return power * a, power * (9 * a + da_n)


@njit(cache=True)
def neutrino_gain(l_to, l_from, ln_m, v, par, mediated, out):
    """out = (Q, dQ/dlnT_to, dQ/dlnT_from): gain of one flavour from another; v = (SM, interference, quadratic)."""
    q, d_to, d_from = 0.0, 0.0, 0.0
    gains = exp(9 * l_from), exp(9 * l_to)
    for side in range(2):
        l, power, sign = (l_from, gains[0], 1.0) if side == 0 else (l_to, gains[1], -1.0)
        a, da = v[0], 0.0
        if v[2] != 0.0:
            p, dp = propagator(mediated, ln_m - l, A_INT)
            r, dr = propagator(mediated, ln_m - l, A_BSM)
            a += v[1] * p + v[2] * r
            da = -(v[1] * dp + v[2] * dr)
        q += sign * 32 * par[STATISTICS_A] * power * a
        derivative = sign * 32 * par[STATISTICS_A] * power * (9 * a + da)
        if side == 0:
            d_from += derivative
        else:
            d_to += derivative
    s, half = v[0], 0.0
    if v[2] != 0.0:
        p, dp = propagator(mediated, ln_m - 0.5 * (l_to + l_from), S_INT)
        r, dr = propagator(mediated, ln_m - 0.5 * (l_to + l_from), S_BSM)
        s += v[1] * p + v[2] * r
        half = -0.5 * (v[1] * dp + v[2] * dr)
    difference = expm1(l_from - l_to)
    power = 56 * par[STATISTICS_S] * exp(4 * l_from + 5 * l_to)
    out[0] = q + power * s * difference
    out[1] = d_to + power * ((5 * s + half) * difference - s * (1 + difference))
    out[2] = d_from + power * ((4 * s + half) * difference + s * (1 + difference))


@njit(cache=True)
def decay_gain(l_bath, lz, ln_m, width, mass, bessel, out):
    """out = e^{M/T_Z'} (Q, dQ/dlnT_bath, dQ/dlnT_Z'): gain of the boson from decays and inverse decays, MB.

    Q = (3 M^3/2 pi^2) Gamma [T_b K_2(M/T_b) - T_Z' K_2(M/T_Z')] (ghosh2023 eq. 39). `bessel` is ln(e^x K_2) over ln x.
    The derivatives are at fixed prefactor e^{M/T_Z'}.
    """
    row_b, t_b = hermite.locate(bessel, ln_m - l_bath)
    row_z, t_z = hermite.locate(bessel, ln_m - lz)
    x_b, x_z = exp(ln_m - l_bath), exp(ln_m - lz)
    k_b, k_z = hermite.value(bessel, row_b, t_b, 0), hermite.value(bessel, row_z, t_z, 0)
    s_b, s_z = hermite.slope(bessel, row_b, t_b, 0), hermite.slope(bessel, row_z, t_z, 0)
    scale = 3 * mass**3 * width / (2 * pi**2) * exp(lz + k_z)
    exponent = (l_bath - lz) + (k_b - k_z) + x_z * (-expm1(lz - l_bath))
    out[0] = scale * expm1(exponent)
    out[1] = scale * exp(exponent) * (1 - s_b + x_b)
    out[2] = -scale * (1 - s_z + x_z)


@njit(cache=True)
def right_hand_side(y, n_baths, has_boson, par, c, v, me_form, tables, f, jac, work):
    """Fill f = dy/dN and jac = df/dy; return H (MeV). Shapes: f [n], jac [n, n], n = 1 + n_baths + has_boson."""
    em, boson, weak_table, mediated, bessel = tables
    n = 1 + n_baths + has_boson
    temperatures, rate, p, capacity, dcap, drho = work[0], work[1], work[2:8], work[8], work[9], work[10]
    fg, fn, q = work[11], work[12], work[13]
    lg = y[0]
    temperatures[0] = lg
    for i in range(n_baths):
        temperatures[1 + i] = lg + y[1 + i]
    ln_m = log(par[MASS]) if par[MASS] > 0 else 0.0
    z = 1 + n_baths
    for a in range(n):
        for b in range(n):
            p[a, b] = 0.0

    # electromagnetic plasma: rate holds the adiabatic part first
    row, t = hermite.locate(em, max(lg, em.x0))
    pressure, rho_g, c_g = hermite.value(em, row, t, 0), hermite.value(em, row, t, 1), hermite.value(em, row, t, 2)
    dp_g, dr_g, dc_g = hermite.slope(em, row, t, 0), hermite.slope(em, row, t, 1), hermite.slope(em, row, t, 2)
    if lg <= em.x0:
        dp_g, dr_g, dc_g = 0.0, 0.0, 0.0
    power = exp(4 * lg)
    rho = power * rho_g
    drho[0] = power * c_g
    capacity[0] = power * c_g
    dcap[0] = 4 + dc_g / c_g
    rate[0] = -3 * (rho_g + pressure) / c_g
    p[0, 0] = -3 * (dr_g + dp_g) / c_g - rate[0] * dc_g / c_g
    for i in range(n_baths):
        r = RHO_1 * c[FLAVOURS, i] * exp(4 * temperatures[1 + i])
        rho += r
        drho[1 + i] = 4 * r
        capacity[1 + i] = 4 * r
        dcap[1 + i] = 4.0
        rate[1 + i] = -1.0
    scale_z = 0.0
    if has_boson:
        lz = temperatures[1 + int(par[REFERENCE])] + y[z]
        temperatures[z] = lz
        row, t = hermite.locate(boson, ln_m - lz)
        p_z, r_z, c_z = hermite.value(boson, row, t, 0), hermite.value(boson, row, t, 1), hermite.value(boson, row, t, 2)
        dp_z = -hermite.slope(boson, row, t, 0)
        dr_z = -hermite.slope(boson, row, t, 1)
        dc_z = -hermite.slope(boson, row, t, 2)
        x_z = exp(ln_m - lz)
        scale_z = exp(-x_z)
        power = 3 * exp(4 * lz)
        rho += power * r_z * scale_z
        drho[z] = power * c_z * scale_z
        capacity[z] = power * c_z
        dcap[z] = 4 + dc_z / c_z + x_z  # of the heat capacity itself, without e^{M/T_Z'}
        rate[z] = -3 * (r_z + p_z) / c_z
        p[z, z] = -3 * (dr_z + dp_z) / c_z - rate[z] * dc_z / c_z
    hubble = HUBBLE * sqrt(rho)

    # energy exchange, as rates (per e-fold) of each bath's temperature
    weak_factors(weak_table, lg, fg)
    for i in range(n_baths):
        ln = temperatures[1 + i]
        if me_form == TWO_TEMPERATURES:
            weak_factors(weak_table, ln, fn)
        electron_gain(lg, ln, ln_m, c, i, me_form, fg, fn, mediated, q)
        add(q[0], q[1], q[2], 0, 1 + i, 1.0, n, hubble, capacity, dcap, drho, rho, rate, p)
        for j in range(i):
            neutrino_gain(ln, temperatures[1 + j], ln_m, v[i, j], par, mediated, q)
            add(q[0], q[2], q[1], 1 + j, 1 + i, 1.0, n, hubble, capacity, dcap, drho, rho, rate, p)
    if has_boson:
        for b in range(z):
            width = par[WIDTH_E] if b == 0 else c[WIDTH_NU, b - 1]
            if width > 0.0:
                decay_gain(temperatures[b], temperatures[z], ln_m, width, par[MASS], bessel, q)
                add(q[0], q[1], q[2], b, z, scale_z, n, hubble, capacity, dcap, drho, rho, rate, p)
    to_state(rate, p, n_baths, has_boson, int(par[REFERENCE]), n, f, jac)
    return hubble


@njit(cache=True)
def add(q, dq_from, dq_to, origin, target, scale, n, hubble, capacity, dcap, drho, rho, rate, p):
    """Add an energy flow q from bath `origin` to bath `target` to the rates and their derivatives in ln T.

    `scale` multiplies the flow out of `origin`: e^{-M/T_Z'} where q and the boson's heat capacity carry e^{M/T_Z'}.
    """
    gain = q / (hubble * capacity[target])
    loss = -q * scale / (hubble * capacity[origin])
    rate[target] += gain
    rate[origin] += loss
    for b in range(n):
        dlnh = 0.5 * drho[b] / rho
        p[target, b] -= gain * dlnh
        p[origin, b] -= loss * dlnh
    p[target, target] += dq_to / (hubble * capacity[target]) - gain * dcap[target]
    p[target, origin] += dq_from / (hubble * capacity[target])
    p[origin, origin] += -dq_from * scale / (hubble * capacity[origin]) - loss * dcap[origin]
    p[origin, target] += -dq_to * scale / (hubble * capacity[origin])


@njit(cache=True)
def to_state(rate, p, n_baths, has_boson, reference, n, f, jac):
    """Change from logarithms of temperatures to the state: f and jac from rate and p."""
    z = 1 + n_baths
    f[0] = rate[0]
    for i in range(n_baths):
        f[1 + i] = rate[1 + i] - rate[0]
    if has_boson:
        f[z] = rate[z] - rate[1 + reference]
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


@njit(cache=True)
def bath_energies(y, n_baths, has_boson, par, c, em, boson, out):
    """Fill out with rho and p (MeV^4) of plasma, neutrino baths and boson: out[0, :] = rho, out[1, :] = p."""
    lg = y[0]
    out[0, 0] = exp(4 * lg) * hermite.evaluate(em, max(lg, em.x0), 1)
    out[1, 0] = exp(4 * lg) * hermite.evaluate(em, max(lg, em.x0), 0)
    for i in range(n_baths):
        out[0, 1 + i] = RHO_1 * c[FLAVOURS, i] * exp(4 * (lg + y[1 + i]))
        out[1, 1 + i] = out[0, 1 + i] / 3
    if has_boson:
        lz = lg + y[1 + int(par[REFERENCE])] + y[1 + n_baths]
        ln_x = log(par[MASS]) - lz
        scale = 3 * exp(4 * lz - exp(ln_x))
        out[0, 1 + n_baths] = scale * hermite.evaluate(boson, ln_x, 1)
        out[1, 1 + n_baths] = scale * hermite.evaluate(boson, ln_x, 0)


def bessel_table() -> hermite.HermiteTable:
    """Return ln(e^x K_2(x)) over ln x, exact slopes, from 1e-4 to 1e6."""
    from scipy.special import kve

    ln_x = np.linspace(log(1e-4), log(1e6), 3001)
    x = np.exp(ln_x)
    k = kve(2, x)
    return hermite.build(ln_x, np.log(k), x - x * (kve(1, x) + 2 / x * k) / k)
