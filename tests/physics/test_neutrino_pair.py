"""Decay and inverse decay with quantum statistics, and nu nubar <-> Z' Z', against brute force and Monte Carlo."""

import numpy as np
import pytest

from nuportal.processes.neutrino_pair import pair_amplitude, pair_blocking, pair_kernel, pair_statistics


@pytest.mark.parametrize("z", [-3.0, 0.0, 2.5])
@pytest.mark.parametrize(("mass", "p"), [(1e-3, 2.0), (1.0, 0.05), (1.0, 3.0), (4.0, 30.0), (0.3, 90.0)])
def test_pair_statistics_against_the_decay_integral(mass, p, z):
    t = 0.8
    energy = np.hypot(p, mass)
    x, w = np.polynomial.legendre.leggauss(400)
    e_nu = (energy + p * x) / 2
    f, other = (1 / (np.exp(e / t - z) + 1) for e in (e_nu, energy - e_nu))
    inverse, blocking = pair_statistics(p, mass, t, z)
    assert inverse == pytest.approx(np.sum(w / 2 * f * other), rel=1e-9)
    assert blocking == pytest.approx(np.sum(w / 2 * (1 - f - other)), rel=1e-9)


def test_pair_statistics_at_twice_the_chemical_potential():
    """E = 2 mu: blocking vanishes, the inverse rate is smooth; soft bosons give 1/(e^{E/2T-z}+1)^2 there."""
    t, mass, p = 1.0, 2.0, 1e-6
    z = mass / 2
    inverse, blocking = pair_statistics(p, mass, t, z)
    assert blocking == pytest.approx(0.0, abs=1e-12)
    assert inverse == pytest.approx(0.25, rel=1e-9)
    near = [pair_statistics(3.0, mass, t, np.hypot(3.0, mass) / 2 + shift)[0] for shift in (-1e-7, 0.0, 1e-7)]
    assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-12)
    assert near[0] != near[2]


def test_equilibrium_of_decays_is_bose_einstein():
    inverse, blocking = pair_statistics(1.3, 0.7, 0.9, -0.4)
    assert inverse / blocking == pytest.approx(1 / np.expm1(np.hypot(1.3, 0.7) / 0.9 + 0.8), rel=1e-12)


def test_printed_statistical_factor_is_right():
    """ibe2020 eq. 16, with the rest-frame neutrino energy m/2, equals <1 - f - f'> - 1."""
    mass, p, t, z = 0.6, 1.1, 0.7, -0.3
    energy, e0 = np.hypot(p, mass), mass / 2
    head = np.exp((energy * e0 - z * t * mass) / (t * mass))
    ratio = (head + np.exp(-p * e0 / (t * mass))) / (head + np.exp(p * e0 / (t * mass)))
    phi = mass * t / (p * e0) * np.log(ratio)
    assert pair_statistics(p, mass, t, z)[1] == pytest.approx(1 + phi, rel=1e-12)


def squared_pair_amplitude(t, u, s, mass, spin):
    """Sigma of nu nubar -> Z' Z' (physics notes; traces in test_boson_amplitudes.py) or phi phi."""
    if spin == 1:
        return 4 * (u / t + t / u + 4 * mass**2 * s / (t * u) - mass**4 * (1 / t**2 + 1 / u**2))
    return (t * u - mass**4) * (1 / t - 1 / u) ** 2


def brute_amplitude(p, p_other, mass, spin):
    """int ds/(sqrt(s) p_cms) int dt Sigma/d by quadrature in s and t."""
    x, w = np.polynomial.legendre.leggauss(120)
    e, e_other = np.hypot(p, mass), np.hypot(p_other, mass)
    ends = [2 * mass**2 + 2 * (e * e_other + sign * p * p_other) for sign in (-1, 1)]
    low, high = np.log(ends)
    total = 0.0
    for log_s, w_s in zip(low + (high - low) * (1 + x) / 2, w * (high - low) / 2, strict=True):
        s = np.exp(log_s)
        root = np.sqrt(s * (s - 4 * mass**2))
        angle = np.tanh(6 * x)  # both peaks of t and u
        jacobian = 6 * (1 - angle**2)
        edge = np.tanh(6.0)
        y, dy = angle / edge, jacobian / edge
        t = mass**2 - s / 2 + root / 2 * y
        u = 2 * mass**2 - s - t
        inner = np.sum(w * dy * root / 2 * squared_pair_amplitude(t, u, s, mass, spin))
        total += w_s * s * 2 / root * inner
    return total / (3 if spin == 1 else 1)


@pytest.mark.parametrize("spin", [1, 0])
@pytest.mark.parametrize(("p", "p_other"), [(0.4, 2.0), (3.0, 3.1), (0.02, 0.5), (30.0, 4.0)])
def test_pair_amplitude_against_quadrature(p, p_other, spin):
    assert pair_amplitude(p, p_other, 1.0, spin) == pytest.approx(brute_amplitude(p, p_other, 1.0, spin), rel=1e-5)


@pytest.mark.parametrize("spin", [1, 0])
def test_closed_form_joins_the_quadrature(spin):
    """Rapidity ranges just below and above the switch, and the symmetry of the kernel."""
    eta = np.arcsinh(200.0)
    below, above = (pair_amplitude(np.sinh(4.0 * (1 + h)), np.sinh(eta), 1.0, spin) for h in (-1e-9, 1e-9))
    assert above == pytest.approx(below, rel=1e-7)
    assert pair_amplitude(5.0, 900.0, 1.0, spin) == pytest.approx(pair_amplitude(900.0, 5.0, 1.0, spin), rel=1e-12)


def printed_eq_17(p, p_other, mass, corrected):
    """ibe2020 eq. 17 as printed, or with x_+- = 2 + 2(E E' +- p p')/m^2."""
    from scipy.integrate import quad

    e, other = np.hypot(p, mass) / mass, np.hypot(p_other, mass) / mass
    root = np.sqrt(e**2 - 1) * np.sqrt(other**2 - 1)
    x = [2 + 2 * (e * other + sign * root) if corrected else (e + other) ** 2 + sign * root for sign in (1, -1)]

    def f(y):
        tail = quad(lambda v: v * np.exp(v) / (np.exp(2 * v) + 1), 2 * np.log(y), 60)[0]  # z = e^v
        return 0.5 / y**2 + y**2 / 2 + np.log(y) / y**2 - y**2 * np.log(y) - 4 * np.log(y) ** 2 + 4 * tail

    y = [(np.sqrt(v) + np.sqrt(v - 4)) / 2 for v in x]
    return -8 / 9 * mass**2 * ((x[0] - x[1]) + 2 * (f(y[0]) - f(y[1])))


def test_printed_x_of_eq_17_is_wrong():
    """12 times eq. 17 equals the kernel with the corrected x_+-, and 0.45-0.59 of it as printed."""
    for p, p_other in ((0.5, 1.2), (2.0, 3.0), (4.0, 0.8)):
        right = pair_amplitude(p, p_other, 1.0, 1)
        assert 12 * printed_eq_17(p, p_other, 1.0, True) == pytest.approx(right, rel=1e-7)
        assert 0.4 < 12 * printed_eq_17(p, p_other, 1.0, False) / right < 0.65


@pytest.mark.parametrize("spin", [1, 0])
def test_pair_production_against_monte_carlo(spin):
    """Bosons produced from Maxwell-Boltzmann neutrinos: explicit four-momenta against the kernel."""
    t, mass, points = 1.0, 0.8, 400_000
    rng = np.random.default_rng(4)
    e1, e2 = rng.gamma(3, t, points), rng.gamma(3, t, points)  # p^2 e^{-p/T}
    density = t**6 / np.pi**4  # of nu and of nubar, one degree of freedom each
    cos = rng.uniform(-1, 1, points)
    s = 2 * e1 * e2 * (1 - cos)
    keep = s > 4 * mass**2
    s = s[keep]
    root = np.sqrt(s * (s - 4 * mass**2))
    tee = mass**2 - s / 2 + root / 2 * rng.uniform(-1, 1, s.size)
    sigma = squared_pair_amplitude(tee, 2 * mass**2 - s - tee, s, mass, spin)
    # bosons per volume and time: two in each reaction, over half the solid angle because they are alike
    value = np.zeros(points)
    value[keep] = sigma * root / (2 * s) / (8 * np.pi) * 2 / (4 * e1[keep] * e2[keep])
    expected, error = density * value.mean(), density * value.std() / np.sqrt(points)
    x, w = np.polynomial.legendre.leggauss(40)
    v, dv = 3.2 * (1 + x), 3.2 * w
    kinetic = t * v**2
    p, d_energy = np.sqrt(kinetic * (kinetic + 2 * mass)), 2 * t * v * dv
    kernel = np.array([[pair_kernel(a, b, mass, spin) for b in p] for a in p])
    boltzmann = np.exp(-(mass + kinetic) / t)
    d = 3 if spin == 1 else 1
    found = d * np.sum((p * d_energy * boltzmann)[:, None] * kernel * d_energy * boltzmann) / (2 * np.pi**2)
    assert abs(found - expected) < 4 * error
    assert error < 0.01 * expected


def test_pair_production_into_empty_bosons(reference):
    """nu nubar -> Z' Z' at M = 100 eV with f = 0 (ibe2020 eq. 15), per polarisation."""
    mass = 1e-4
    y = np.geomspace(1e-4, 60, 120)
    for row in reference("freeze_in.json")["production_rates_m100eV"]:
        p = y * row["Tnu"]
        energy = np.hypot(p, mass)
        weight = p**2 / energy * np.log(y[1] / y[0]) * np.exp(-energy / row["Tnu"])  # dE e^{-E/T}
        kernel = np.array([[pair_kernel(a, b, mass, 1) for b in p] for a in p])
        rate = np.sum((p * weight)[:, None] * kernel * weight) / (2 * np.pi**2 * row["H"] * row["s"])
        assert rate == pytest.approx(row["nunuZZ_f0_per_gnu4"], rel=2e-3)


@pytest.mark.parametrize("spin", [1, 0])
@pytest.mark.parametrize(("mass", "z"), [(0.1, 0.0), (0.1, -1.5), (1.5, 0.0), (1.5, 0.5)])
def test_blocked_kernel_against_monte_carlo(mass, z, spin):
    """<(1 - f_nu)(1 - f_nubar)> with explicit four-momenta and the squared amplitude, T = 1, thermal bosons."""
    points = 100_000
    rng = np.random.default_rng(6)
    p, other = rng.gamma(3, 1.0, points), rng.gamma(3, 1.0, points)
    cos = rng.uniform(-1, 1, points)
    e, e_other = np.hypot(p, mass), np.hypot(other, mass)
    total = e + e_other
    s = 2 * mass**2 + 2 * (e * e_other - p * other * cos)
    momentum = np.sqrt(total**2 - s)
    b = np.sqrt(1 - 4 * mass**2 / s)
    x0 = (e - e_other) / (momentum * b)
    x, phi = rng.uniform(-1, 1, points), rng.uniform(0, 2 * np.pi, points)
    angle = x * x0 + np.sqrt((1 - x**2) * np.maximum(1 - x0**2, 0)) * np.cos(phi)
    t = mass**2 - s / 2 * (1 - b * angle)
    sigma = squared_pair_amplitude(t, 2 * mass**2 - s - t, s, mass, spin)
    e_nu = (total + momentum * x) / 2
    empty = (1 - 1 / (np.exp(e_nu - z) + 1)) * (1 - 1 / (np.exp(total - e_nu - z) + 1))
    boson = np.exp(-e - e_other + p + other) / (e * e_other)  # d^3p d^3p'/(E E') e^{-(E+E')} over the sampled density
    weight = sigma * boson
    separable = np.array([pair_blocking(q, mass, 1.0, z) for q in p])
    separable *= np.array([pair_blocking(q, mass, 1.0, z) for q in other])
    exact = np.sum(weight * empty) / np.sum(weight)
    assert np.sum(weight * separable) / np.sum(weight) == pytest.approx(exact, rel=0.03)
    assert exact < 0.97
