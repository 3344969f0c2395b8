"""Weak transfer rates against explicit phase space, published suppression tables, N_eff of the Standard Model."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import kv

from nuportal.constants import G_F, M_E, M_PLANCK, SIN2_THETA_W
from nuportal.errors import UnknownNameError
from nuportal.plasma import em, neutrinos
from nuportal.processes import weak, weak_collision

GL, GR = weak.chiral_couplings()
RHO = GL * GR / (GL**2 + GR**2)


def dot(a, b):
    return a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3]


def fermi(u):
    return 1 / (np.exp(u) + 1)


def momenta(rng, count, t, mass):
    """Isotropic four-momenta with |p| Gamma-distributed, and the weight d3p/((2 pi)^3 2E) over the sampling density."""
    p = rng.gamma(3.0, 1.2 * t, count)
    pdf = p**2 * np.exp(-p / (1.2 * t)) / (2 * (1.2 * t) ** 3)
    z, phi = rng.uniform(-1, 1, count), rng.uniform(0, 2 * np.pi, count)
    s, energy = np.sqrt(1 - z * z), np.sqrt(p * p + mass * mass)
    vector = np.array([energy, p * s * np.cos(phi), p * s * np.sin(phi), p * z])
    return vector, p * p / (4 * np.pi**2 * energy) / pdf


def two_body(rng, total, m3, m4):
    """Isotropic two-body final state of total four-momentum in its rest frame, boosted, and its phase space volume."""
    s = dot(total, total)
    root = np.sqrt(s)
    k = np.sqrt(np.maximum((s - (m3 + m4) ** 2) * (s - (m3 - m4) ** 2), 0)) / (2 * root)
    z, phi = rng.uniform(-1, 1, s.size), rng.uniform(0, 2 * np.pi, s.size)
    r = np.sqrt(1 - z * z)
    direction = np.array([r * np.cos(phi), r * np.sin(phi), z])
    energy = np.sqrt(k * k + m3 * m3)
    along = np.sum(total[1:] * k * direction, axis=0)
    boosted = k * direction + total[1:] / root * (along / (total[0] + root) + energy)
    third = np.concatenate([[(total[0] * energy + along) / root], boosted])
    return third, total - third, k / (4 * np.pi * root)


def squared(left, right, p, q, k, l):
    """sum |M|^2 = 2^7 G_F^2 [gL^2 (p.k)(q.l) + gR^2 (p.l)(q.k) + gL gR m^2 (k.l)], e(p) ebar(q) -> nubar(k) nu(l)."""
    return 128 * G_F**2 * (
        left**2 * dot(p, k) * dot(q, l) + right**2 * dot(p, l) * dot(q, k) + left * right * M_E**2 * dot(k, l)
    )  # fmt: skip


def test_squared_amplitude_is_the_trace(dirac):
    """The amplitude of the Monte Carlo from Dirac matrices, L = -2 sqrt2 G_F [nu PL nu][e (gL PL + gR PR) e]."""
    rng = np.random.default_rng(4)
    p, _ = momenta(rng, 3, 1.0, M_E)
    q, _ = momenta(rng, 3, 1.0, M_E)
    k, l, _ = two_body(rng, p + q, 0.0, 0.0)
    slash, bar, one = dirac.slash, dirac.bar, dirac.one
    neutrino = [g @ dirac.left for g in dirac.gamma]
    for left, right in ((0.727, 0.233), (-0.273, 0.233), (0.5, 0.5)):
        electron = [g @ (left * dirac.left + right * dirac.right) for g in dirac.gamma]
        for n in range(3):
            ein, pos, anti, nu = slash(p[:, n]), slash(q[:, n]), slash(k[:, n]), slash(l[:, n])

            def lepton(a, b, nu=nu, anti=anti):
                return np.trace(nu @ neutrino[a] @ anti @ bar(neutrino[b]))

            def plasma(a, b, electron=electron, ein=ein, pos=pos):
                return np.trace((pos - M_E * one) @ electron[a] @ (ein + M_E * one) @ bar(electron[b]))

            trace = 8 * G_F**2 * dirac.contract(lepton, plasma)
            here = squared(left, right, p[:, n], q[:, n], k[:, n], l[:, n])
            assert trace == pytest.approx(here, rel=1e-10)


def monte_carlo(rng, t_gamma, t_nu, z, flavour, count=400_000):
    """(annihilation, number, scattering) gain of nu + nubar with four-momenta and statistics written out."""
    left, right = GL[flavour], GR[flavour]
    p, w1 = momenta(rng, count, t_gamma, M_E)
    q, w2 = momenta(rng, count, t_gamma, M_E)
    k, l, volume = two_body(rng, p + q, 0.0, 0.0)
    occupied = fermi(p[0] / t_gamma) * fermi(q[0] / t_gamma)
    empty = (1 - fermi(k[0] / t_nu - z)) * (1 - fermi(l[0] / t_nu - z))
    inverse = (1 - fermi(p[0] / t_gamma)) * (1 - fermi(q[0] / t_gamma))
    inverse *= fermi(k[0] / t_nu - z) * fermi(l[0] / t_nu - z)
    rate = w1 * w2 * volume * squared(left, right, p, q, k, l) * (occupied * empty - inverse)
    energy, number = np.mean(rate * (p[0] + q[0])), np.mean(2 * rate)

    p, w1 = momenta(rng, count, t_gamma, M_E)
    k, w2 = momenta(rng, count, t_nu, 0.0)
    p2, k2, volume = two_body(rng, p + k, M_E, 0.0)
    change = k2[0] - k[0]
    there = fermi(p[0] / t_gamma) * fermi(k[0] / t_nu - z)
    there *= (1 - fermi(p2[0] / t_gamma)) * (1 - fermi(k2[0] / t_nu - z))
    back = fermi(p2[0] / t_gamma) * fermi(k2[0] / t_nu - z) * (1 - fermi(p[0] / t_gamma)) * (1 - fermi(k[0] / t_nu - z))
    # crossing e(p) nu(k) -> e(p2) nu(k2) from the pair; e+ or nubar instead exchange gL and gR
    amplitude = 2 * (squared(left, right, p, -p2, -k2, k) + squared(right, left, p, -p2, -k2, k))
    scattering = np.mean(0.5 * w1 * w2 * volume * amplitude * change * (there - back))
    return energy, number, scattering


@pytest.mark.parametrize(
    "t_gamma, ratio, z, flavour", [(2.0, 0.8, 0.0, 0), (0.3, 0.7, 0.0, 1), (0.4, 0.9, -1.0, 0), (3.0, 1.25, 0.5, 1)]
)
def test_collision_integrals_against_explicit_phase_space(t_gamma, ratio, z, flavour):
    """The three-dimensional integrals with normalisation, masses, two temperatures and mu against Monte Carlo."""
    sampled = monte_carlo(np.random.default_rng(5), t_gamma, ratio * t_gamma, z, flavour)
    strength = weak.PREFACTOR * (GL[flavour] ** 2 + GR[flavour] ** 2)
    pairs = weak_collision.annihilation(M_E / t_gamma, ratio, z)
    scattered = weak_collision.scattering(M_E / t_gamma, ratio, z)
    energy = strength * t_gamma**9 * (pairs[0] + RHO[flavour] * pairs[1])
    number = strength * t_gamma**8 * (pairs[2] + RHO[flavour] * pairs[3])
    scattering = strength * t_gamma**9 * (scattered[0] + RHO[flavour] * scattered[1])
    assert (energy, number, scattering) == pytest.approx(sampled, rel=0.015)


def test_equilibrium_and_linear_response():
    """Nothing flows at T_nu = T_gamma, z = 0; small differences follow the linear response."""
    for mass in (0.1, 3.0):
        assert np.all(weak_collision.annihilation(mass, 1.0, 0.0) == 0)
        assert np.all(weak_collision.scattering(mass, 1.0, -0.7) == 0)
        ratio = np.exp(1e-5), np.exp(-1e-5)
        up, down = (
            np.concatenate([weak_collision.annihilation(mass, r, 0.0), weak_collision.scattering(mass, r, 0.0)])
            for r in ratio
        )
        assert (down - up) / 2e-5 == pytest.approx(weak_collision.linear_response(mass), rel=1e-6)


def test_massless_limits():
    """0.884, 0.829 (energy) and 0.852 (number) of the literature."""
    response = weak_collision.linear_response(1e-6)
    found = response[0] / 288, response[4] / 56, response[2] / 64
    assert found == pytest.approx((0.884, 0.829, 0.852), abs=5e-4)
    assert found == pytest.approx(weak.BLOCKING["fd"], abs=1e-6)
    table = weak.table()
    limits = [weak.me_factor(table, kind, 1100.0, 0.5) for kind in (weak.A1, weak.S1, weak.N1, weak.A1_INTEGRATED)]
    assert limits == pytest.approx([*weak.BLOCKING["fd"], weak.BLOCKING["fd"][0]], rel=1e-5)


@pytest.mark.parametrize("rates", ["fd", "mb"])
def test_table_follows_the_integrals(rates):
    """Between the nodes to 1e-7; "mb" is one (to 1e-5 where e^{2 m_e/T} is interpolated through four decades)."""
    table = weak.table(rates)
    for t in np.exp(np.random.default_rng(6).uniform(np.log(0.05), np.log(50.0), 40)):
        kinds = (weak.A1, weak.N1, weak.S1)
        found = [weak.me_factor(table, kind, t, r) for kind in kinds for r in (0.0, 0.5)]
        if rates == "mb":
            assert found == pytest.approx(np.ones(6), rel=1e-5)
            continue
        a1, a2, n1, n2, s1, s2 = weak_collision.linear_response(M_E / t) / [288, 288, 64, 64, 56, 56]
        assert found == pytest.approx([a1, a1 + a2 / 2, n1, n1 + n2 / 2, s1, s1 + s2 / 2], rel=1e-7)


def test_boltzmann_annihilation_is_the_integrated_factor():
    """Without statistics the gain at T is int 9 T'^8 a(T') dT': at T << m_e both follow from Bessel functions.

    There 1-f -> 1 for the electrons, and the energy released in massless nu at T_nu = 0 is
    (1/pi^5) int ds s ... reduced to K_2: 32 A T^9 = (T/8) int ds sqrt(s-4m^2) [...] sqrt(s) K_2(sqrt(s)/T).
    """
    t, rho = 0.012, 0.291
    y = np.polynomial.legendre.leggauss(400)
    s = 4 * M_E**2 + (np.sqrt(60 * 4 * M_E * t) * (1 + y[0]) / 2) ** 2
    ds = 2 * np.sqrt(s - 4 * M_E**2) * np.sqrt(60 * 4 * M_E * t) / 2 * y[1]
    b = np.sqrt(1 - 4 * M_E**2 / s)
    # mean of the squared amplitude over angles, [(pk)^2+(pk')^2]/2 = (s^2/16)(1 + b^2/3), and rho m^2 s/2
    mean = s**2 / 16 * (1 + b**2 / 3) + rho * M_E**2 * s / 2
    # int d3p/(2E) d3q/(2E) e^{-q0/T} q0 -> pi^2 int ds b q0 dq0 sqrt(q0^2-s)/2 ..., and int q0 |q| e^{-q0/T} = s T K_2
    exact = weak_collision.NORM * np.sum(ds * b * mean * s * t * kv(2, np.sqrt(s) / t)) / 2
    found = 32 * weak.me_factor(weak.table(), weak.A1_INTEGRATED, t, rho) * t**9
    assert found == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("name, flavour", [("nue", 0), ("numu", 1)])
@pytest.mark.parametrize("process", ["ann", "scatt"])
def test_published_suppression_tables(table, name, flavour, process):
    """Within 1 %, once compared at the T_nu = 0.99 T_gamma at which those tables were evidently made.

    At T_nu -> T_gamma the annihilation factor is 2 % higher at 0.1 MeV and 23 % at 0.02 MeV: e^{-q0/T} is not linear
    over a per cent in T where q0/T > 2 m_e/T is large. The published annihilation tables scatter between neighbouring
    points below 0.065 MeV (factor < 2e-3), so that there only the median is compared.
    """
    tables = table("nudec_suppression")
    t, published = tables["t_gamma_MeV"], tables[f"{name}_{process}"]
    ratio, rho = 0.99, RHO[flavour]
    if process == "ann":
        exact = np.array([weak_collision.annihilation(x, ratio, 0.0)[:2] for x in M_E / t])
        massless, kind = 32 * (1 - ratio**9) * 0.884, weak.A1
    else:
        exact = np.array([weak_collision.scattering(x, ratio, 0.0) for x in M_E / t])
        massless, kind = 56 * ratio**4 * (1 - ratio) * 0.829, weak.S1
    deviation = np.abs((exact[:, 0] + rho * exact[:, 1]) / massless / published - 1)
    assert np.max(deviation[t > 0.065]) < 0.01
    assert np.median(deviation) < 0.002
    linear = np.array([weak.me_factor(weak.table(), kind, x, rho) for x in t[t > 0.2]])
    assert linear / (0.884 if process == "ann" else 0.829) == pytest.approx(published[t > 0.2], rel=0.01)


def test_vector_factor_lies_beyond_the_electron_neutrino():
    """f_vector = f_e + 0.267 (f_e - f_mu): linear in rho, 0.291 and -0.494 extrapolated to 0.5."""
    table = weak.table()
    for t in (0.1, 0.5, 2.0):
        e, mu, vector = (weak.me_factor(table, weak.A1, t, rho) for rho in (RHO[0], RHO[1], 0.5))
        assert vector == pytest.approx(e + 0.267 * (e - mu), rel=1e-3)


@pytest.mark.parametrize("t_gamma", [0.15, 0.3, 1.0, 3.0])
@pytest.mark.parametrize("ratio", [0.75, 0.9, 0.98, 1.1])
def test_two_temperature_form_is_right_away_from_equilibrium(t_gamma, ratio):
    """Gain minus loss within 2 % of the exact collision integral for every coupling; energy and number."""
    table = weak.table()
    pairs = weak_collision.annihilation(M_E / t_gamma, ratio, 0.0)
    scattered = weak_collision.scattering(M_E / t_gamma, ratio, 0.0)
    for rho in (0.291, -0.494, 0.5):
        energy = pairs[0] + scattered[0] + rho * (pairs[1] + scattered[1])
        found = weak.shape_two_temperatures(table, t_gamma, ratio * t_gamma, rho) / t_gamma**9
        assert found == pytest.approx(energy, rel=0.02)
        number = weak.number_shape(table, t_gamma, ratio * t_gamma, rho) / t_gamma**8
        assert number == pytest.approx(pairs[2] + rho * pairs[3], rel=0.02)


def test_linear_form_fails_at_low_temperature():
    """One factor f(T_gamma) for gain and loss is 15 to 50 % too large at T_nu = 0.8 T_gamma below 0.15 MeV."""
    pairs = weak_collision.annihilation(M_E / 0.1, 0.8, 0.0)
    scattered = weak_collision.scattering(M_E / 0.1, 0.8, 0.0)
    exact = pairs[0] + scattered[0] + 0.5 * (pairs[1] + scattered[1])
    assert weak.shape(weak.table(), 0.1, 0.08, 0.5) / 0.1**9 / exact == pytest.approx(1.39, abs=0.01)


def test_forms_agree_close_to_equilibrium():
    table, t = weak.table(), 0.7
    linear, two = (
        (f(table, t, t * (1 - 1e-5), 0.3) - f(table, t, t, 0.3)) for f in (weak.shape, weak.shape_two_temperatures)
    )
    assert two == pytest.approx(linear, rel=2e-4)
    assert weak.shape(table, t, t, 0.3) == 0 == weak.shape_two_temperatures(table, t, t, 0.3)
    assert weak.number_shape(table, t, t, 0.3) == 0


def test_chemical_potential():
    """ibe2020 eqs 64-66: exchanged pairs e^{2z}, scattering e^{z}; within 6 % of the exact integrals for -1 < z < 0."""
    table, t, ratio = weak.table(), 2.0, 0.9
    for z in (-1.0, -0.5, -0.2):
        pairs = weak_collision.annihilation(M_E / t, ratio, z)
        scattered = weak_collision.scattering(M_E / t, ratio, z)
        exact = pairs[0] + scattered[0] + 0.3 * (pairs[1] + scattered[1])
        found = weak.shape_two_temperatures(table, t, ratio * t, 0.3, z) / t**9
        assert found == pytest.approx(exact, rel=0.06)
        assert weak.number_shape(table, t, ratio * t, 0.3, z) / t**8 == pytest.approx(
            pairs[2] + 0.3 * pairs[3], rel=0.06
        )


def test_flavour_sum_of_the_couplings():
    """4 sum (gL^2+gR^2) = 3 - 4 s^2 + 24 s^4 at tree level (ibe2020 eqs 64, 65)."""
    left, right = weak.chiral_couplings("tree")
    s2 = SIN2_THETA_W
    assert 4 * np.sum(left**2 + right**2) == pytest.approx(3 - 4 * s2 + 24 * s2**2, rel=1e-12)
    with pytest.raises(UnknownNameError, match="did you mean 'tree'"):
        weak.chiral_couplings("treee")  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="'fdd'"):
        weak.table("fdd")  # type: ignore[arg-type]


def neff(rates, qed, couplings, common, form):
    """N_eff of the Standard Model by direct integration of the published equations with SciPy."""
    plasma, table = em.table(qed), weak.table(rates)
    left, right = weak.chiral_couplings(couplings)
    strength, rho = left**2 + right**2, left * right / (left**2 + right**2)
    blocking_a, blocking_s, _ = weak.BLOCKING[rates]

    def rhs(_, y):
        t_gamma, t_nu = np.exp(y[0]), np.exp(y[1:])
        p, energy, capacity, _ = em.state(plasma, t_gamma)
        rho_nu = neutrinos.RHO_1 * t_nu**4 * (3 if common else 1)
        hubble = np.sqrt(8 * np.pi / 3 * (energy + rho_nu.sum())) / M_PLANCK
        t = np.broadcast_to(t_nu, 3)
        gain = np.array([weak.PREFACTOR * strength[i] * form(table, t_gamma, t[i], rho[i]) for i in range(3)])
        exchanged = G_F**2 / np.pi**5 * sum(
            32 * blocking_a * (t[j] ** 9 - t**9) + 56 * blocking_s * t[j] ** 4 * t**4 * (t[j] - t) for j in range(3)
        )  # fmt: skip
        to_nu = np.array([gain.sum()]) if common else gain + exchanged
        cooled = (-3 * hubble * (energy + p) - gain.sum()) / (capacity * t_gamma * hubble)
        return np.concatenate([[cooled], -1 + to_nu / (4 * rho_nu * hubble)])

    start = np.full(2 if common else 4, np.log(20.0))
    y = solve_ivp(rhs, (0, 8.7), start, method="LSODA", rtol=1e-8, atol=1e-11).y[:, -1]
    assert np.exp(y[0]) < 6e-3
    return 3 * (11 / 4) ** (4 / 3) * np.mean(np.exp(4 * (y[1:] - y[0])))


@pytest.mark.parametrize(
    "options, expected",
    [
        (("fd", "o3", "corrected", True, weak.shape), 3.045268),
        (("fd", "o3", "corrected", False, weak.shape), 3.044328),
        (("mb", "o3", "tree", True, weak.shape), 3.052135),
        (("mb", "off", "tree", True, weak.shape), 3.0428),
    ],
)
def test_neff_of_the_standard_model(options, expected):
    """Independent prototypes and published values (ghosh2023: 3.0428, 3.0521; 2001.04466: 3.045)."""
    assert neff(*options) == pytest.approx(expected, abs=6e-5)


def test_two_temperature_form_moves_the_standard_model_little():
    options = ("fd", "o3", "corrected", True)
    moved = neff(*options, weak.shape_two_temperatures) - neff(*options, weak.shape)
    assert moved == pytest.approx(-1.4e-4, abs=2e-5)


def test_electron_mass_in_the_rates_matters():
    """ibe2020 eqs 64-66 have massless rates, against its text: 3e-3 in N_eff."""
    blocking_a, blocking_s, _ = weak.BLOCKING["fd"]

    def massless(_, t_gamma, t_nu, __):
        difference = 32 * blocking_a * (t_gamma**9 - t_nu**9)
        return difference + 56 * blocking_s * t_gamma**4 * t_nu**4 * (t_gamma - t_nu)

    options = ("fd", "o3", "tree", True)
    assert neff(*options, massless) - neff(*options, weak.shape) == pytest.approx(3.3e-3, abs=1e-4)


def neff_with_chemical_potential(rates):
    """(N_eff, mu_nu/T_nu) of the Standard Model when n and rho of the neutrinos evolve apart (ibe2020 eqs 21-23)."""
    plasma, fermi_table = em.table(), neutrinos.table()

    def rhs(_, y):
        t_gamma, t_nu, z = np.exp(y[0]), np.exp(y[0] + y[1]), y[2]
        p, energy, capacity, _ = em.state(plasma, t_gamma)
        n, rho, dn_dz = (3 * value for value in neutrinos.densities(fermi_table, t_nu, z))
        hubble = np.sqrt(8 * np.pi / 3 * (energy + rho)) / M_PLANCK
        gain, number = (weak.PREFACTOR / hubble * rate for rate in rates(t_gamma, t_nu, z))
        cooled = (-3 * (energy + p) - gain) / (capacity * t_gamma)
        response = np.array([[4 * rho, 3 * n * t_nu], [3 * n, dn_dz]])
        d_t, d_z = np.linalg.solve(response, [gain - 4 * rho, number - 3 * n])
        return [cooled, d_t - cooled, d_z]

    y = solve_ivp(rhs, (0, 7.4), [np.log(6.0), 0.0, 0.0], method="LSODA", rtol=1e-6, atol=1e-9).y[:, -1]
    rho = 3 * neutrinos.densities(fermi_table, np.exp(y[0] + y[1]), y[2])[1]
    return 8 / 7 * (11 / 4) ** (4 / 3) * rho / (np.pi**2 / 15 * np.exp(4 * y[0])), y[2]


def test_standard_model_with_chemical_potential():
    """Energy and number rates together give the N_eff and mu of the exact collision integrals in every step."""
    table, strength = weak.table(), GL**2 + GR**2

    def forms(t_gamma, t_nu, z):
        energy = sum(strength[i] * weak.shape_two_temperatures(table, t_gamma, t_nu, RHO[i], z) for i in range(3))
        return energy, sum(strength[i] * weak.number_shape(table, t_gamma, t_nu, RHO[i], z) for i in range(3))

    def exact(t_gamma, t_nu, z):
        if t_gamma < 0.05:
            return 0.0, 0.0
        pairs = weak_collision.annihilation(M_E / t_gamma, t_nu / t_gamma, z)
        scattered = weak_collision.scattering(M_E / t_gamma, t_nu / t_gamma, z)
        energy = np.sum(strength * (pairs[0] + scattered[0] + RHO * (pairs[1] + scattered[1])))
        return t_gamma**9 * energy, t_gamma**8 * np.sum(strength * (pairs[2] + RHO * pairs[3]))

    n_exact, z_exact = neff_with_chemical_potential(exact)
    n_forms, z_forms = neff_with_chemical_potential(forms)
    assert n_exact == pytest.approx(3.0445, abs=5e-4)
    assert n_forms == pytest.approx(n_exact, abs=1.5e-4)
    assert z_forms == pytest.approx(z_exact, rel=0.02)
    assert z_exact < -4e-3
