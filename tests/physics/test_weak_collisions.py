"""The stored collision integrals (tests/data/weak_collisions.json) and the amplitudes they rest on, from spinors."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from nuportal.constants import G_F, M_E
from nuportal.processes import weak_collision

ROOT = Path(__file__).parents[2]
STORED = json.loads((ROOT / "tests" / "data" / "weak_collisions.json").read_text(encoding="utf-8"))

_spec = importlib.util.spec_from_file_location("check_weak_collisions", ROOT / "scripts" / "check_weak_collisions.py")
check = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(check)

PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
ZERO = np.zeros((2, 2))
GAMMA = [np.block([[ZERO, np.eye(2)], [np.eye(2), ZERO]])] + [np.block([[ZERO, s], [-s, ZERO]]) for s in PAULI]
LEFT, RIGHT = np.diag([1, 1, 0, 0]), np.diag([0, 0, 1, 1])
METRIC = np.array([1, -1, -1, -1])


def spinors(p, antiparticle):
    """u(p, s) or v(p, s) for s = 1, 2 in the chiral basis, normalised to 2E."""
    values, vectors = np.linalg.eigh(p[0] * np.eye(2) - np.tensordot(p[1:], PAULI, 1))
    root = vectors @ np.diag(np.sqrt(np.abs(values))) @ vectors.conj().T
    values, vectors = np.linalg.eigh(p[0] * np.eye(2) + np.tensordot(p[1:], PAULI, 1))
    dual = vectors @ np.diag(np.sqrt(np.abs(values))) @ vectors.conj().T
    sign = -1 if antiparticle else 1
    return [np.concatenate([root @ xi, sign * (dual @ xi)]) for xi in np.eye(2)]


def currents(out, into, chirality):
    """outbar gamma^mu P into for all spins: shape (2, 2, 4)."""
    return np.array([[[o.conj() @ GAMMA[0] @ g @ chirality @ i for g in GAMMA] for i in into] for o in out])


def contracted(a, b):
    return np.einsum("abm,m,cdm->abcd", a, METRIC, b)


def event(m2, m34, seed):
    uniform = np.random.default_rng(seed).uniform(0.1, 0.9, (1, 4))
    p, _ = check.momenta(1.7, uniform, 1.0, m2, m34)
    return [v[:, 0] for v in p], p


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("g_l", "g_r"), [(0.7, 0.2), (-0.3, 0.25), (0.4, 0.4)])
def test_electron_amplitudes_from_spinors(g_l, g_r, seed):
    chiral = g_l * LEFT + g_r * RIGHT

    def summed(nu, electron):
        return 8 * G_F**2 * np.sum(np.abs(contracted(currents(*nu, LEFT), currents(*electron, chiral))) ** 2)

    (p1, p2, p3, p4), p = event(M_E, (0.0, M_E), seed)
    nu = spinors(p3, False), spinors(p1, False)
    minus = summed(nu, (spinors(p4, False), spinors(p2, False)))
    plus = summed(nu, (spinors(p2, True), spinors(p4, True)))
    expected = (g_l**2 + g_r**2) * check.electron_vector(*p) + g_l * g_r * check.electron_mass(*p)
    assert minus + plus == pytest.approx(G_F**2 * expected[0], rel=1e-10)

    (p1, p2, p3, p4), p = event(0.0, (M_E, M_E), seed)
    nu = spinors(p2, True), spinors(p1, False)
    minus_first = summed(nu, (spinors(p3, False), spinors(p4, True)))
    plus_first = summed(nu, (spinors(p4, False), spinors(p3, True)))
    expected = (g_l**2 + g_r**2) * check.pair_vector(*p) + g_l * g_r * check.pair_mass(*p)
    assert (minus_first + plus_first) / 2 == pytest.approx(G_F**2 * expected[0], rel=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_neutrino_amplitudes_from_spinors(seed):
    # L = -(G_F/sqrt2) J.J with J = sum_a nubar_a gamma P_L nu_a: two equal contractions a b, four for one flavour.
    (p1, p2, p3, p4), p = event(0.0, (0.0, 0.0), seed)
    u, v = [spinors(q, False) for q in (p1, p2, p3, p4)], [spinors(q, True) for q in (p1, p2, p3, p4)]

    def current(out, into):
        return currents(out, into, LEFT)

    def total(amplitude):
        return 2 * G_F**2 * np.sum(np.abs(amplitude) ** 2)

    scatter = contracted(current(u[2], u[0]), current(u[3], u[1]))  # spins 3 1 4 2
    exchange = contracted(current(u[3], u[0]), current(u[2], u[1]))  # spins 4 1 3 2
    anti = contracted(current(u[2], u[0]), current(v[1], v[3]))  # spins 3 1 2 4
    annihilate = contracted(current(v[1], u[0]), current(u[2], v[3]))  # spins 2 1 3 4
    other = total(scatter) + total(anti)
    same = 0.5 * total(scatter - exchange.transpose(2, 1, 0, 3)) + total(anti - annihilate.transpose(2, 1, 0, 3))
    assert other == pytest.approx(G_F**2 * check.neutrino_other(*p)[0], rel=1e-10)
    assert total(annihilate) == pytest.approx(G_F**2 * check.neutrino_conversion(*p)[0], rel=1e-10)
    assert same == pytest.approx(G_F**2 * check.neutrino_same(*p)[0], rel=1e-10)


def test_phase_space_points_conserve_momentum_on_shell():
    uniform = np.random.default_rng(5).uniform(0.01, 0.99, (200, 4))
    for m2, m34 in ((0.0, (0.0, 0.0)), (M_E, (0.0, M_E)), (0.0, (M_E, M_E))):
        (a, b, c, d), weight = check.momenta(0.4, uniform, 0.3, m2, m34)
        np.testing.assert_allclose(a + b, c + d, rtol=0, atol=1e-12)
        for v, m in ((b, m2), (c, m34[0]), (d, m34[1])):
            np.testing.assert_allclose(check.dot(v, v), m**2, rtol=0, atol=1e-9)
        assert np.all(weight > 0)


@pytest.mark.parametrize(
    "row", [3, 12, 21, 30, 44], ids=lambda i: "{spectrum}-{t_gamma_MeV}-{y}-{flavour}".format(**STORED["points"][i])
)
def test_stored_values_with_other_random_numbers(row):
    point = STORED["points"][row]
    t_gamma = point["t_gamma_MeV"]
    f = {k: check.neutrino_spectrum(v, t_gamma) for k, v in STORED["spectra_c0_c1_c2"][point["spectrum"]].items()}
    own, fe, p1 = f[point["flavour"]], check.electron_spectrum(t_gamma), point["y"] * t_gamma
    few = {"log2_points": 12, "scrambles": 4, "seed": 77}
    for name, amplitudes, spectra, masses in (
        ("nu_e_scattering", [check.electron_vector, check.electron_mass], (own, fe, own, fe), (M_E, 0.0, M_E)),
        ("nu_nubar_pair", [check.pair_vector, check.pair_mass], (own, own, fe, fe), (0.0, M_E, M_E)),
    ):
        found = check.collision(p1, amplitudes, spectra, t_gamma, masses, **few)[:, 0] * G_F**2
        for value, part in zip(found, ("coefficient_gL2_plus_gR2", "coefficient_gL_gR"), strict=True):
            for v, quantity in zip(value, ("net", "gain", "loss"), strict=True):
                assert v == pytest.approx(point[name][part][quantity], rel=5e-3, abs=1e-3 * abs(value[1]))
    other = f["tau"]
    found = check.collision(p1, [check.neutrino_conversion], (own, own, other, other), t_gamma, **few)[0, 0] * G_F**2
    assert found[0] == pytest.approx(point["nu_nu"]["to_pair_tau"]["net"], rel=5e-3)


def test_every_net_is_known_to_1e_3():
    for point in STORED["points"]:
        rows = [point["nu_nu"]["sum"]]
        rows += [point[n][w] for n in ("nu_e_scattering", "nu_nubar_pair") for w in ("tree_02312", "corrected")]
        for row in rows:
            assert row["net_error"] < 1e-3 * abs(row["net"]), point


def test_energy_gain_agrees_with_the_integrated_rates():
    # 2 int p^3 dp/(2 pi^2) C(p) against processes.weak_collision: another order of integration, other variables
    t_gamma, ratio, z = 1.0, 0.93, 0.3
    own, fe = check.neutrino_spectrum((z, 1 / ratio, 0.0), t_gamma), check.electron_spectrum(t_gamma)
    x, w = np.polynomial.legendre.leggauss(20)
    v = (1 + x) / 2
    few = {"log2_points": 13, "scrambles": 2}
    reactions = (
        ([check.pair_vector, check.pair_mass], (own, own, fe, fe), (0.0, M_E, M_E)),
        ([check.electron_vector, check.electron_mass], (own, fe, own, fe), (M_E, 0.0, M_E)),
    )
    gain = np.zeros((2, 2))
    for p1, weight in zip(35 * v**1.5, w / 2 * 35 * 1.5 * v**0.5, strict=True):
        for i, (amplitudes, spectra, masses) in enumerate(reactions):
            net = check.collision(p1, amplitudes, spectra, t_gamma, masses, **few)[:, 0, 0]
            gain[i] += weight * p1**3 / np.pi**2 * net
    expected_pair = 4 / np.pi**5 * weak_collision.annihilation(M_E, ratio, z)[:2]
    expected_scatter = 4 / np.pi**5 * weak_collision.scattering(M_E, ratio, z)
    assert gain[0] == pytest.approx(expected_pair, rel=2e-3)
    assert gain[1] == pytest.approx(expected_scatter, rel=2e-3)
