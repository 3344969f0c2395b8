"""Thermalisation of the dipole-portal sterile neutrino against explicit traces and brute-force integrals."""

import numpy as np
import pytest
from scipy.integrate import quad

import nuportal as nup
from nuportal.constants import ALPHA, E_CHARGE, M_E, M_PLANCK
from nuportal.processes import dipole_plasma

I2, Z2 = np.eye(2), np.zeros((2, 2))
PAULI = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.array([[1, 0], [0, -1]])]
GAMMA = [np.block([[I2, Z2], [Z2, -I2]]).astype(complex)] + [np.block([[Z2, p], [-p, Z2]]) for p in PAULI]
G5 = 1j * GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3]
METRIC = np.diag([1.0, -1, -1, -1])
P_L = (np.eye(4) - G5) / 2


def slash(p):
    return sum(METRIC[i, i] * p[i] * GAMMA[i] for i in range(4))


def sigma_q(q):
    """sigma^{alpha beta} q_beta for each alpha."""
    lowered = METRIC @ q
    commutator = lambda a, b: 0.5j * (GAMMA[a] @ GAMMA[b] - GAMMA[b] @ GAMMA[a])  # noqa: E731
    return [sum(commutator(a, b) * lowered[b] for b in range(4)) for a in range(4)]


def trace_squared(k, p, k_n, p_out, m4):
    """Spin-summed |M|^2/mu^2 of nu(k) e(p) -> N(k_n) e(p_out) from L = (mu/2) Nbar sigma F P_L nu + h.c. and QED."""
    q = k_n - k
    q2 = q @ METRIC @ q
    vertices = sigma_q(q)
    bar = [GAMMA[0] @ (v @ P_L).conj().T @ GAMMA[0] for v in vertices]
    total = 0
    for a in range(4):
        for b in range(4):
            lepton = np.trace((slash(p_out) + M_E * np.eye(4)) @ GAMMA[a] @ (slash(p) + M_E * np.eye(4)) @ GAMMA[b])
            neutral = np.trace((slash(k_n) + m4 * np.eye(4)) @ vertices[a] @ P_L @ slash(k) @ bar[b])
            total += METRIC[a, a] * METRIC[b, b] * lepton * neutral
    return E_CHARGE**2 * total.real / q2**2


def kinematics(s, cosine, m4):
    """Centre-of-mass momenta of nu e -> N e and t."""
    root = np.sqrt(s)
    p_in = (s - M_E**2) / (2 * root)
    p_f = np.sqrt((s - (m4 + M_E) ** 2) * (s - (m4 - M_E) ** 2)) / (2 * root)
    sine = np.sqrt(1 - cosine**2)
    k = np.array([p_in, 0, 0, p_in])
    p = np.array([np.hypot(p_in, M_E), 0, 0, -p_in])
    k_n = np.array([np.hypot(p_f, m4), p_f * sine, 0, p_f * cosine])
    return k, p, k_n, k + p - k_n


@pytest.mark.parametrize("m4", [0.05, 0.6, 2.0])
@pytest.mark.parametrize("cosine", [-0.7, 0.2, 0.95])
def test_upscattering_amplitude_is_the_trace(m4, cosine):
    s = (m4 + M_E) ** 2 * 1.7
    k, p, k_n, p_out = kinematics(s, cosine, m4)
    q = k_n - k
    expected = trace_squared(k, p, k_n, p_out, m4)
    assert dipole_plasma.upscattering_amplitude(s, -(q @ METRIC @ q), m4) == pytest.approx(expected, rel=1e-10)


def test_upscattering_is_the_recoil_cross_section():
    """shoemaker2020 eq. 2 in the electron rest frame: spin-averaged |M|^2 against dsigma/dT."""
    m4, energy, recoil = 0.64, 9.0, 2.5e-3
    s = M_E**2 + 2 * M_E * energy
    amplitude = dipole_plasma.upscattering_amplitude(s, 2 * M_E * recoil, m4)
    from_amplitude = amplitude / 2 / (16 * np.pi * (s - M_E**2) ** 2) * 2 * M_E
    printed = ALPHA * (
        1 / recoil
        - m4**2 / (2 * energy * recoil * M_E) * (1 - recoil / (2 * energy) + M_E / (2 * energy))
        - 1 / energy
        + m4**4 * (recoil - M_E) / (8 * energy**2 * recoil**2 * M_E**2)
    )
    assert from_amplitude == pytest.approx(printed, rel=1e-12)


def test_synthesis_is_the_crossed_amplitude():
    s, t, m4 = 5.0, -1.3, 0.6
    q2 = -t
    crossed = dipole_plasma.synthesis_amplitude(-q2, s, m4)  # exchange s and t
    assert crossed == pytest.approx(dipole_plasma.upscattering_amplitude(s, q2, m4), rel=1e-12)


@pytest.mark.parametrize("m4", [0.1, 0.6, 3.0])
def test_angular_integrals(m4):
    s, temperature = (m4 + 2 * M_E) ** 2 * 1.5, 0.8
    debye2 = E_CHARGE**2 * temperature**2 / 3
    k, _, k_n, _ = kinematics(s, 1.0, m4)
    low = -((k - k_n) @ METRIC @ (k - k_n))
    k, _, k_n, _ = kinematics(s, -1.0, m4)
    high = -((k - k_n) @ METRIC @ (k - k_n))
    screened = quad(
        lambda x: (
            np.exp(x) * dipole_plasma.upscattering_amplitude(s, np.exp(x), m4) * (np.exp(x) / (np.exp(x) + debye2)) ** 2
        ),
        np.log(low),
        np.log(high),
        limit=400,
    )[0]
    assert dipole_plasma._upscattering(s, m4, temperature) == pytest.approx(screened, rel=1e-6)
    beta = np.sqrt(1 - 4 * M_E**2 / s)
    t_of = lambda c: M_E**2 - (s - m4**2) / 2 * (1 - beta * c)  # noqa: E731
    pair = quad(lambda c: dipole_plasma.synthesis_amplitude(s, t_of(c), m4) * (s - m4**2) * beta / 2, -1, 1)[0]
    assert dipole_plasma._synthesis(s, m4) == pytest.approx(pair, rel=1e-10)


def test_inverse_decay_of_the_benchmark():
    """physics/3: 0.008, 0.12, 0.86, 21 at 5, 2, 1, 0.3 MeV; these belong to L = d nubar sigma F N."""
    model = nup.DipolePortal(m4="600 keV", d="1e-9 mu_B", convention="lagrangian")
    temperature = np.array([5.0, 2.0, 1.0])
    hubble = np.sqrt(8 * np.pi / 3 * np.pi**2 / 30 * 10.75) * temperature**2 / M_PLANCK
    ratio = dipole_plasma.thermalisation_rates(model, temperature).inverse_decay / hubble
    assert ratio == pytest.approx([0.008, 0.12, 0.86], rel=0.02)
    assert dipole_plasma.decay_width(model) == pytest.approx(1.50910366611783e-21, rel=1e-6)


def test_two_to_two_rates_scale_as_t_cubed():
    model = nup.DipolePortal(m4="1 keV", d="1e-9 mu_B")
    rates = dipole_plasma.thermalisation_rates(model, np.array([20.0, 40.0]))
    for rate in (rates.upscattering, rates.synthesis):
        assert rate[1] / rate[0] == pytest.approx(8, rel=0.01)
    assert np.all(rates.total > rates.upscattering)
