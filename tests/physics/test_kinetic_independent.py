"""The independent kinetic solver (scripts/check_kinetic.py) behind tests/data/kinetic_independent.json."""

import itertools
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from nuportal.constants import G_F, M_E

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import check_kinetic as kinetic
import galerkin_kernels as kernels
from galerkin_boson import boson_events

ROOT = Path(__file__).parents[2]
COLLISIONS = json.loads((ROOT / "tests" / "data" / "weak_collisions.json").read_text(encoding="utf-8"))
STORED = {p["name"]: p for p in json.loads(kinetic.OUT.read_text(encoding="utf-8"))["points"]}


def spectrum(coefficients, t_gamma, p):
    c0, c1, c2 = coefficients
    y = p / t_gamma
    return 1 / (1 + np.exp(c1 * y - c0 - c2 * y**2 * np.exp(-y / 5)))


def gauss(low, high, n=48):
    x, w = np.polynomial.legendre.leggauss(n)
    return zip(low + (high - low) * (1 + x) / 2, (high - low) * w / 2, strict=True)


@pytest.mark.parametrize("row", range(0, 48, 5))
def test_electron_kernels_against_monte_carlo(row):
    point = COLLISIONS["points"][row]
    t, p1 = point["t_gamma_MeV"], point["y"] * point["t_gamma_MeV"]

    def f(p):
        return spectrum(COLLISIONS["spectra_c0_c1_c2"][point["spectrum"]][point["flavour"]], t, p)

    scatter, pairs, f1 = np.zeros(2), np.zeros(2), f(p1)
    for low, high in ((0.0, p1), (p1, p1 + 35 * t)):
        for e3, w in gauss(low, high):
            up, down = np.exp(-max(p1 - e3, 0) / t), np.exp(-max(e3 - p1, 0) / t)
            net = f(e3) * (1 - f1) * up - f1 * (1 - f(e3)) * down
            scatter += w * net * np.array(kernels.scattering(max(p1, e3), min(p1, e3), M_E, t))
    threshold = M_E**2 / p1
    middle = max(p1, threshold)
    for low, high in ((threshold, middle), (middle, middle + 40 * t)):
        for e2, w in gauss(low, high):
            net = (1 - f1) * (1 - f(e2)) * np.exp(-(p1 + e2) / t) - f1 * f(e2)
            pairs += w * net * np.array(kernels.pair(p1, e2, M_E, t))
    for found, name in ((scatter, "nu_e_scattering"), (pairs, "nu_nubar_pair")):
        for value, part in zip(found, ("coefficient_gL2_plus_gR2", "coefficient_gL_gR"), strict=True):
            expected = point[name][part]
            assert value * G_F**2 / (128 * np.pi**3 * p1**2) == pytest.approx(
                expected["net"], rel=1e-4, abs=4 * expected["net_error"]
            )


@pytest.mark.parametrize("row", [0, 7, 20, 35])
def test_neutrino_kernels_against_monte_carlo(row):
    point = COLLISIONS["points"][row]
    t, p1, flavour = point["t_gamma_MeV"], point["y"] * point["t_gamma_MeV"], point["flavour"]
    coefficients = COLLISIONS["spectra_c0_c1_c2"][point["spectrum"]]
    names = [n for n in ("e", "mu", "tau") if n != flavour]
    total = 0.0
    for e2, w2 in [*gauss(0, p1, 20), *gauss(p1, p1 + 35 * t, 30)]:
        edges = sorted((0.0, p1, e2, p1 + e2))
        for low, high in itertools.pairwise(edges):
            for e3, w3 in gauss(low, high, 12):
                own = [spectrum(coefficients[flavour], t, e) for e in (p1, e2, e3, p1 + e2 - e3)]
                s, r = kernels.neutrino_kernels(p1 + e2, p1 - e2, 2 * e3 - p1 - e2)
                change = (64 * s + 128 * r) * net(*own)
                for other in names:
                    x = [spectrum(coefficients[other], t, e) for e in (p1, e2, e3, p1 + e2 - e3)]
                    change += 32 * (s + r) * net(own[0], x[1], own[2], x[3]) + 32 * r * net(own[0], own[1], x[2], x[3])
                total += w2 * w3 * change
    expected = point["nu_nu"]["sum"]
    total *= G_F**2 / (128 * np.pi**3 * p1**2)
    assert total == pytest.approx(expected["net"], rel=2e-4, abs=4 * expected["net_error"])


def net(f1, f2, f3, f4):
    return f3 * f4 * (1 - f1) * (1 - f2) - f1 * f2 * (1 - f3) * (1 - f4)


@pytest.fixture(scope="module")
def solver():
    problem = kinetic.Problem(
        mass=10.0, width_e=1e-18, widths_nu=(1e-18, 2e-18, 3e-18), t_start=4.0, intervals=9, points=6
    )
    return kinetic.Solver(problem)


def disturbed(solver):
    rng = np.random.default_rng(3)
    state = solver.start()
    state[: 3 * solver.m] += 0.3 * rng.normal(size=3 * solver.m)
    state[3 * solver.m : -1] += 10 + 0.3 * rng.normal(size=solver.q.size)
    return state


def test_reactions_keep_number_and_energy_and_raise_entropy(solver):
    m, state = solver.m, disturbed(solver)
    c, none = state[: 3 * m].reshape(3, m).copy(), np.zeros((1, 1))
    energy, size = np.tile(solver.centres, 3), state.size

    rhs = np.zeros(3 * m)
    kernels.neutrino_events(c, solver.nu_first, solver.nu_values, solver.nu_s, solver.nu_t, 1.0, rhs, none)
    scale = np.abs(rhs).sum()
    assert abs(rhs.sum()) < 1e-12 * scale
    assert abs(energy @ rhs) < 1e-11 * scale
    assert -c.ravel() @ rhs > 1e-3 * scale  # dS = -L dN

    rhs = np.zeros(3 * m)
    given = kernels.electron_events(
        c, solver.e_first, solver.e_values, solver.e_points, solver.e_weight, solver.n_scatter, solver.coupling,
        0.1, 0.05, 1.0, rhs, none,
    )  # fmt: skip
    assert energy @ rhs == pytest.approx(given, rel=1e-11)

    rhs, out = np.zeros(3 * m), np.zeros(size)
    boson, mass = state[3 * m : -1], 2.5
    e_boson = np.hypot(solver.q, mass)
    heat = boson_events(
        c, solver.knots, boson, solver.q, e_boson, solver.w_boson, mass, 1.0, np.array([1.0, 2.0, 3.0]), 0.5, 0.05, 0.1,
        rhs, out, none, np.zeros(size),
    )  # fmt: skip
    f = 1 / np.expm1(-boson)
    gained = solver.w_boson * f * (1 + f) * out[3 * m : -1]
    assert 2 * energy @ rhs + e_boson @ gained == pytest.approx(heat, rel=1e-10)


def test_equilibrium_is_a_fixed_point_of_all_reactions(solver):
    state = solver.start()
    state[3 * solver.m : -1] += np.log(1e6)
    moved = disturbed(solver)
    change, _ = solver.rates(0.0, state)
    typical, _ = solver.rates(0.0, moved)
    assert np.max(np.abs(change[:-1])) < 1e-9 * np.max(np.abs(typical[:-1]))


def ln_hubble(solver, state):
    d = solver.densities(0.01, state)
    t = solver.problem.t_start * np.exp(-0.01)
    plasma = kinetic.em.state(solver.em, t * np.exp(state[-1]))[1] / t**4
    return 0.5 * np.log(plasma + d["rho_nu"].sum() + d["rho_boson"])


def test_jacobian_against_differences(solver):
    state = disturbed(solver)
    exact, base = solver.jacobian(0.01, state), solver.rates(0.01, state)[0]
    for k in (1, 5, solver.m + 2, 2 * solver.m + 4, 3 * solver.m + 3, 3 * solver.m + 12):
        step = np.zeros(state.size)
        step[k] = 1e-5
        column = (solver.rates(0.01, state + step)[0] - solver.rates(0.01, state - step)[0]) / 2e-5
        column += base * (ln_hubble(solver, state + step) - ln_hubble(solver, state - step)) / 2e-5  # H is left out
        np.testing.assert_allclose(exact[:-1, k], column[:-1], rtol=1e-4, atol=1e-5 * np.max(np.abs(column)))


def test_standard_model_run():
    found = kinetic.Solver(kinetic.Problem(intervals=10, points=8, rtol=1e-5)).run()
    assert found["n_eff"] == pytest.approx(STORED["standard_model"]["n_eff"], abs=3e-4)
    assert found["n_eff"] == pytest.approx(3.0434, abs=3e-4)  # Froustey, Pitrou, Volpe 2008.01074, flavours kept
    assert found["t_gamma_a"] == pytest.approx(1.39798, abs=5e-5)


# Values of two other implementations (uniform grid; spectral elements), with the larger of their errors.
@pytest.mark.parametrize(
    ("name", "n_eff", "error"),
    [
        ("standard_model", 3.0434, 1e-4),
        ("B-L_10MeV_1e-7", 3.2192, 5e-4),
        ("B-L_10MeV_1e-9", 3.1221, 3e-4),
        ("Lmu-Ltau_10MeV_1e-9_from_20MeV", 4.071, 3e-3),
        ("Lmu-Ltau_10MeV_1e-9_from_60MeV", 4.090, 3e-3),
    ],
)
def test_stored_values_agree_with_the_prototypes(name, n_eff, error):
    assert abs(STORED[name]["n_eff"] - n_eff) < error + 2 * STORED[name]["error"]
    assert STORED[name]["error"] <= 2e-3
