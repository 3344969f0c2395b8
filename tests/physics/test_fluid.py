"""Momentum-resolved freeze-in: Jacobian and linear algebra against differences, benchmarks, limits, conservation."""

import numpy as np
import pytest

from nuportal import U1X, ScalarMediator, VectorMediator, evolve, plane, regimes
from nuportal.cosmology.fluid import equations, linear, solve
from nuportal.cosmology.fluid.momentum import kernel_at, kernel_table, momentum_grid
from nuportal.cosmology.fluid.options import FluidOptions, parameters, tables
from nuportal.cosmology.fluid.solve import fluid_grid, fluid_history
from nuportal.cosmology.history import Caution
from nuportal.cosmology.temperatures.options import options
from nuportal.errors import NotApplicableError, ParameterError, UnknownNameError
from nuportal.plasma import neutrinos
from nuportal.processes.neutrino_pair import pair_amplitude
from nuportal.solvers.status import Status

_NODES = 40


def fluid(model, **changes):
    return evolve(model, options=FluidOptions(**changes))


def temperatures(model=None, **changes):
    return evolve(model, options=options(**changes))


def _setup(g_e, g_nu, t_gamma):
    """Tables, parameters, switches and a state off equilibrium at t_gamma (MeV), m = 100 eV."""
    chosen = FluidOptions(nodes=_NODES)
    t = tables(1e-4, 1, chosen)
    par, switches = parameters(1e-4, 1, np.array([g_e]), np.array([[g_nu, 0.0, 0.0]]), chosen)
    n = _NODES
    y = np.zeros(n + equations.EXTRA)
    y[:n] = 0.5 / np.expm1(t.q / 20)
    y[n], y[n + 3] = np.log(20.0), np.log(20.0 / t_gamma)
    number, rho, _ = neutrinos.densities(t.fermi, 20.0, -0.1)
    w = equations.work_arrays(n)
    y[n + 1], y[n + 2] = 3 * number, 3 * rho
    bosons = equations.fluid(y, par[0], t, w)
    y[n + 1] += 2 * bosons
    y[n + 2] += np.sum(w.weight * w.energy * y[:n])
    return t, par[0], switches, y, w


def _assembled(w, dense):
    """The Jacobian from its parts."""
    n = w.diagonal.size
    jac = w.column[:, :3] @ w.gradient
    jac[:n, :n] += np.diag(w.diagonal) + (w.block if dense else 0)
    jac[n : n + 3, :n] += w.rows
    jac[:, n] += w.column[:, 3]
    jac[:, n + 3] += w.column[:, 4]
    return jac


@pytest.mark.parametrize(("g_e", "g_nu", "t_gamma"), [(1e-7, 1e-9, 1.0), (1e-7, 1e-4, 1.0), (0.0, 1e-4, 1e-4)])
def test_jacobian(g_e, g_nu, t_gamma):
    t, par, switches, y, w = _setup(g_e, g_nu, t_gamma)
    equations.jacobian(y, par, switches, t, w)
    found = _assembled(w, par[equations.PAIR] > 0)
    up, down = np.empty(y.size), np.empty(y.size)
    expected = np.empty_like(found)
    for j in range(y.size):
        step = 1e-3 * y[j] if j < _NODES else 1e-5 * max(1.0, abs(y[j]))
        shift = np.eye(y.size)[j] * step
        equations.right_hand_side(y + shift, par, switches, t, w, up)
        equations.right_hand_side(y - shift, par, switches, t, w, down)
        expected[:, j] = (up - down) / (2 * step)
    found, expected = found * y, expected * y
    scale = np.abs(expected).max(axis=1, keepdims=True) + 1e-4  # below, differences are round-off
    assert np.max(np.abs(found - expected) / scale) < 1e-4


@pytest.mark.parametrize("g_nu", [1e-9, 1e-4])
def test_linear_system(g_nu):
    t, par, switches, y, w = _setup(1e-7, g_nu, 1.0)
    equations.jacobian(y, par, switches, t, w)
    dense = bool(par[equations.PAIR] > 0)
    assert dense == (g_nu > 1e-6)
    matrix = 1e3 * np.eye(y.size) - _assembled(w, dense)
    arrays = linear.linear_arrays(_NODES)
    assert linear.factor(1e3, dense, w, arrays)
    vector = matrix @ y
    linear.solve(dense, arrays, vector)
    assert vector == pytest.approx(y, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("spin", [0, 1])
def test_kernel_interpolation(spin):
    mass, t_start = 1e-3, 20.0
    q = momentum_grid(t_start, 48).q
    table = kernel_table(mass, spin, t_start, 48, momentum_grid.__wrapped__.__defaults__[0], 20.0)
    out = np.empty((48, 48))
    for x in (0.3, 9.77, 13.1):
        kernel_at(table, np.log(q[0] / mass) - x, out)
        for i, j in ((0, 0), (3, 40), (20, 25), (47, 10)):
            exact = pair_amplitude(q[i] * np.exp(-x), q[j] * np.exp(-x), mass, spin) / mass**2
            assert out[i, j] == pytest.approx(exact, rel=5e-3 if spin == 0 else 2e-4)  # the scalar starts as p^5


@pytest.mark.parametrize("index", range(6))
def test_benchmarks(reference, index):
    case = reference("freeze_in.json")["benchmarks_m100eV"][index]
    history = fluid(VectorMediator("100eV", g_e=case["ge"], g_nu=case["gn"]), preset="ibe")
    assert history.status == Status.OK
    assert history.neff == pytest.approx(case["neff"], rel=1e-3)  # measured: 1.4e-4
    assert history.energy_residual < 1e-3
    assert history.details["case"] == case["case"].split("-")[0]


@pytest.mark.parametrize("preset", ["default", "ibe"])
def test_refined_grid(preset):
    history = fluid_history(VectorMediator("1keV", g_e=1e-9, g_nu=1e-11), FluidOptions(preset), refine=True)
    assert 0 < history.numerical_error < 2e-3 * history.neff
    assert Caution.SOFT_MODES not in history.warnings


def test_a_refined_grid_that_fails(monkeypatch):
    """The coarse solution is kept with its own error, and said so; it is no NaN without a word."""
    coarse = fluid_history(VectorMediator("1keV", g_e=1e-9, g_nu=1e-11), FluidOptions("ibe"))
    whole = solve._solve

    def failing(couplings, chosen):
        found = whole(couplings, chosen)
        if chosen.nodes == FluidOptions("ibe").nodes:
            return found
        return found._replace(neff=float("nan"), status=Status.TOO_MANY_STEPS)

    monkeypatch.setattr(solve, "_solve", failing)
    kept = fluid_history(VectorMediator("1keV", g_e=1e-9, g_nu=1e-11), FluidOptions("ibe"), refine=True)
    assert (kept.neff, kept.numerical_error) == (coarse.neff, coarse.numerical_error)
    assert Caution.NOT_REFINED in kept.warnings
    assert Caution.NOT_REFINED not in coarse.warnings


def test_standard_model_limit():
    assert fluid(VectorMediator("1keV", g_e=1e-14)).neff == pytest.approx(temperatures().neff, abs=1.5e-3)


def test_decays_conserve_number():
    history = fluid(VectorMediator("100eV", g_e=1e-12, g_nu=1e-10))
    assert history.details["number_change_after_electrons"] < 1e-12
    assert history.details["fate"] == "decayed"


def test_limits_of_scalar_and_dark_radiation():
    limits = regimes(1)
    scalar = fluid(ScalarMediator("100eV", g_e=1e-7, g_nu=1e-10), preset="ibe")
    assert scalar.neff == pytest.approx(limits["ii_decayed"], rel=0.02)
    light = fluid(VectorMediator("0.1eV", g_e=1e-7, g_nu=1e-13), preset="ibe")
    assert light.details["fate"] == "dark radiation"
    assert light.neff == pytest.approx(regimes(3)["ii_DR"], rel=0.01)


def test_matter_like():
    history = fluid(VectorMediator("10keV", g_e=1e-9, g_nu=1e-16))
    assert history.status == Status.OK
    assert history.details["fate"] == "matter-like"
    assert Caution.MATTER in history.warnings


def test_boson_spectrum_is_kept():
    """Energy of the recorded occupations is rho_boson; comoving momenta have a = 1 today."""
    history = fluid(VectorMediator("1keV", g_e=1e-9, g_nu=1e-11))
    q, f = history.spectra.boson_momentum, history.spectra.boson_occupation
    for row in (len(history.a) // 3, len(history.a) // 2):
        p = q / history.a[row]
        energy = 3 / (2 * np.pi**2) * np.trapezoid(p**3 * np.hypot(p, 1e-3) * f[row], np.log(p))
        assert energy == pytest.approx(history.rho_boson[row], rel=1e-6)


@pytest.mark.parametrize("g", [1e-12, 1e-11, 1e-10])
def test_agrees_with_thermal_solver(g):
    model = U1X("B-L", mass="10MeV", g=g)
    assert fluid(model).neff == pytest.approx(temperatures(model, start="zero").neff, abs=0.02)


@pytest.mark.parametrize("name", ["B-L", "Lmu-Ltau"])
@pytest.mark.parametrize("g", [1e-11, 1e-10, 3e-10, 1e-9])
def test_agrees_with_thermal_solver_at_the_same_approximations(name, g):
    """Quantum statistics there, mu_nu = 0 here: two solvers that share no equation of motion."""
    model = U1X(name, mass="10MeV", g=g)
    found = fluid(model, neutrino_number="equilibrium")
    assert np.max(np.abs(found.mu_nu / found.t_nu)) < 2e-3
    assert found.neff == pytest.approx(temperatures(model, start="zero", decays="quantum").neff, abs=0.01)


def test_neutrinos_that_keep_their_number():
    """Without e+- from the boson weak reactions alone change the number of neutrinos: mu_nu appears, and is said."""
    model = U1X("Lmu-Ltau", mass="10MeV", g=1e-9)
    momenta, baths = fluid(model), temperatures(model, start="zero")
    assert np.max(momenta.mu_nu / momenta.t_nu) > 0.3
    assert momenta.neff - baths.neff > 0.3
    assert Caution.NEUTRINO_NUMBER in baths.warnings
    assert baths.theory_error > 0.3
    contact = temperatures(U1X("B-L", mass="10MeV", g=1e-7))
    assert Caution.NEUTRINO_NUMBER not in contact.warnings
    assert 0.16 < contact.theory_error < 0.25  # fluid: 3.295, momenta: 3.220, here 3.381


def test_mixing_suppresses_production():
    model = VectorMediator("1keV", g_e=1e-12)
    plain, mixed = (fluid(model, mixing=choice).neff for choice in ("off", "on"))
    assert mixed != plain
    assert np.isfinite(mixed)


def test_grid_is_the_points():
    grid, _ = fluid_grid([1e-4, 1e-3], [0.0, 1e-8], [1e-9, 1e-6])
    assert grid.shape == (2, 2, 2)
    one = fluid(VectorMediator(1e-3, g_e=1e-8, g_nu=1e-9)).neff
    assert grid[1, 1, 0] == pytest.approx(one, rel=1e-12)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"preset": "ibee"}, UnknownNameError),
        ({"mixing": "maybe"}, UnknownNameError),
        ({"nodes": 3}, ParameterError),
        ({"rtol": 1.0}, ParameterError),
    ],
)
def test_bad_options(options, error):
    with pytest.raises(error):
        fluid(VectorMediator("1keV", g_e=1e-9), **options)


def test_bad_models():
    with pytest.raises(NotApplicableError, match="masses from"):
        fluid(VectorMediator("1GeV", g_e=1e-9))
    with pytest.raises(ParameterError, match="not None"):
        fluid(None)


def test_couplings_beyond_what_was_tested_are_said():
    assert Caution.FLUID_RANGE in fluid(VectorMediator("100eV", g_e=-1.0, g_nu=1e-10)).warnings
    assert Caution.FLUID_RANGE not in fluid(VectorMediator("100eV", g_e=1e-3, g_nu=1e-10)).warnings


def test_fast_decays_of_a_heavy_boson_are_refused():
    with pytest.raises(NotApplicableError, match="use treatment='momenta'"):
        fluid(VectorMediator("10MeV", g_e=1e-4, g_nu=1e-4))


def test_vector_plane_is_the_solver_and_states_its_theory_error():
    found = plane("vector", "g_e=1e-11:1e-8:3", "g_nu=1e-10:1e-8:2", mass="1keV", preset="ibe")
    single = evolve(VectorMediator("1keV", g_e=1e-8, g_nu=1e-10), preset="ibe")
    assert found.values[2, 0] == pytest.approx(single.neff, rel=1e-9)
    assert found.theory_error[2, 0] == pytest.approx(single.theory_error, rel=1e-9)
    assert not found.failed.any()
