"""Density matrices of flavour: algebra, decays, potential, Jacobian, and N_eff in both limits."""

import json
from math import pi
from pathlib import Path

import numpy as np
import pytest

import nuportal as nup
from nuportal.constants import G_F
from nuportal.cosmology.momenta import density, density_algebra, density_decays, density_potential, errors, solve
from nuportal.cosmology.momenta.density_run import FACTORS, density_run, needs_matrices
from nuportal.cosmology.momenta.grid import grid, spread
from nuportal.cosmology.momenta.model import first_state, tables_of, to_point
from nuportal.cosmology.momenta.solution import Run, solution
from nuportal.plasma import em
from nuportal.solvers.held import hold

MEASURED = json.loads((Path(__file__).parents[1] / "data" / "flavour_density.json").read_text())["points"]
RNG = np.random.default_rng(5)


def model(name="Lmu-Ltau", mass="10 MeV", g=1e-7, **options):
    return nup.U1X(name, mass=mass, g=g, **options).couplings


def prepared(couplings, factors=FACTORS):
    """Return (point, tables, scratch space) at 24 nodes, as compiled functions take them."""
    options = solve.MomentaOptions()
    point, g = to_point(couplings, options), grid(24, 24, False, False, True)
    tables = tables_of(couplings, g, point)
    potentials = density_potential.potential_table(24, 24, False, False, True)
    free = point._replace(width_unit=0.0)
    work = density.density_work(tables, free, point.width_unit, potentials, factors)
    return hold(point), hold(tables), hold(work)


def random_state(point, tables, t_gamma, off=0.05):
    """Return a state at T_gamma = t_gamma: deviations of some per cent from equilibrium, of a warm boson."""
    g = tables.grid
    n, k = g.y.size, g.q.size
    core = 9 * n + k + 1
    z = np.zeros(core + 8)
    smooth = np.cos(RNG.uniform(0, 6, 9)[:, None] + 0.2 * g.y)
    z[: 9 * n] = (off * smooth).ravel()
    z[: 3 * n] += np.tile((1 + np.exp(g.y)) / (1 + np.exp(g.y * np.exp(-0.1))), 3)
    z[core] = np.log(point.start / t_gamma) + 0.1  # theta = 0.1
    z[core - 1] = em.state(em.table(), t_gamma)[1] / (t_gamma * np.exp(-0.1)) ** 4
    bose = 1 / np.expm1(np.hypot(g.q, point.mass / point.start * np.exp(z[core])) * np.exp(-0.1))
    z[9 * n : core - 1] = 0.3 * bose * np.expm1(g.q)
    return z


def hermitian(numbers):
    return np.tensordot(numbers, density_algebra.basis(), axes=1)


# --- algebra ----------------------------------------------------------------------------------------------------------


def test_products_of_matrices():
    a, b, out = RNG.normal(size=9), RNG.normal(size=9), np.empty((9, 9))
    assert density_algebra.components(hermitian(a)) == pytest.approx(a)
    density_algebra.anticommutator(a, out)
    one, two = hermitian(a), hermitian(b)
    assert hermitian(out @ b) == pytest.approx((one @ two + two @ one) / 2)
    density_algebra.rotation(a[:6], out)
    h = hermitian(np.append(a[:6], np.zeros(3)))
    assert hermitian(out @ b) == pytest.approx(-1j * (h @ two - two @ h))


@pytest.mark.parametrize("damping", [30.0, 1.0, 0.05])
def test_conversion_of_two_flavours(damping):
    # Damping D off the diagonal: populations relax at w^2 sin^2 D/(D^2 + w^2 cos^2) where that is slow, small mixing.
    splitting, angle = 1.0, 0.05
    h = splitting / 2 * np.array([[-np.cos(2 * angle), np.sin(2 * angle)], [np.sin(2 * angle), np.cos(2 * angle)]])
    numbers, turn = np.array([h[0, 0], h[1, 1], 0.0, h[0, 1], 0.0, 0.0]), np.empty((9, 9))
    density_algebra.rotation(numbers, turn)
    two = np.ix_([0, 1, 3, 6], [0, 1, 3, 6])  # without the third flavour
    rates = np.sort(-np.linalg.eigvals(turn[two] - damping * np.diag([0, 0, 1, 1])).real)
    s, c = np.sin(2 * angle), np.cos(2 * angle)
    expected = splitting**2 * s**2 * damping / (damping**2 + splitting**2 * c**2)
    assert rates[:2] == pytest.approx([0.0, expected], rel=0.02, abs=1e-12)


# --- decays -----------------------------------------------------------------------------------------------------------


def test_decays_are_gain_minus_loss():
    """Against the equation with 1 - rho and 1 + f_Z written out, summed over the same momenta with complex matrices."""
    couplings = model("B-3Lmu")
    point, tables, w = prepared(couplings)
    g, potentials = tables.grid, w.potentials
    charges = np.diag([0.0, 1.0, -0.5]) * 1e-7
    point = hold(point._replace(mixing=point.mixing._replace(charges=np.diag(charges).copy())))
    free = point._replace(width_unit=0.0)
    w = hold(density.density_work(tables, free, point.width_unit, potentials, FACTORS))
    z = random_state(point, tables, 4.0)
    assert density.flows(z, point, tables, w, False) > 0
    w.out[:] = 0.0
    w.base.boson[:] = 0.0
    core = w.jac.shape[0]
    s = point.start * np.exp(-z[core])
    mass, decline, front = point.mass / s, np.exp(-0.1), 1e12
    density_decays.density_decays(hold(g), w, front, mass, decline, False)
    expected, boson = np.zeros((g.y.size, 3, 3), complex), np.zeros(g.q.size)
    x, weight = np.polynomial.legendre.leggauss(10)
    dev, root = np.empty(9), np.empty(9)
    for k, q in enumerate(g.q):
        energy, fz = np.hypot(q, mass), w.base.fz[k]
        for node, part in zip((1 + x) / 2, weight / 2, strict=True):
            p = [0.5 * (energy - q) + 0.5 * q * node]
            p.append(energy - p[0])
            at = [spread(g, v) for v in p]
            rho = []
            for v, (i, *parts) in zip(p, at, strict=True):
                eq = density_decays.interpolate(i, tuple(parts), v, g.end, w, decline, dev, root)
                rho.append(hermitian(dev) + eq * np.eye(3))
            for own, other in ((0, 1), (1, 0)):
                a, b = rho[own], rho[other].conj()
                gain = (np.eye(3) - a) @ charges @ (np.eye(3) - b) @ charges
                loss = a @ charges @ b @ charges
                net = front * part / energy * (fz * gain - (1 + fz) * loss)
                net = (net + net.conj().T) / 2
                boson[k] -= np.trace(net).real / 2
                i, *parts = at[own]
                for shift in range(3):
                    expected[i + shift] += 0.5 * w.numbers[k] * parts[shift] / g.weight[i + shift] * net
    found = np.array([hermitian(row) for row in w.out])
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-9 * np.abs(expected).max())
    assert w.base.boson == pytest.approx(boson, rel=1e-6)
    # every boson is one neutrino and one antineutrino, and its energy theirs
    born = np.trace(found, axis1=1, axis2=2).real
    assert np.sum(g.weight * born) == pytest.approx(-np.sum(w.numbers * boson), rel=1e-9)
    low = np.sum(g.weight * g.y * born) * 2
    assert low == pytest.approx(-np.sum(w.numbers * w.energy * boson), rel=1e-9)


def test_jacobian_is_the_derivative():
    couplings = model("B-3Lmu", mass="0.1 MeV", g=1e-12)
    point, tables, w = prepared(couplings, (1e-9, 0.0, 1.0, 1.0))
    z = random_state(point, tables, 0.02, off=0.02)  # weak reactions are over
    assert density.flows(z, point, tables, w, True) > 0
    density.jacobian(z, point, tables, w)
    found = w.jac.copy()
    for column in range(0, w.jac.shape[0] - 1, 7):
        ahead, back = z.copy(), z.copy()
        step = 1e-5 * max(abs(z[column]), 1e-3)
        ahead[column] += step
        back[column] -= step
        density.flows(ahead, point, tables, w, False)
        up = w.dot.copy()
        density.flows(back, point, tables, w, False)
        slope = ((up - w.dot) / (2 * step))[: w.jac.shape[0]]
        # off-diagonal entries over sqrt(f_a f_b) are interpolated: their change with f_a is left out of the Jacobian
        assert found[:, column] == pytest.approx(slope, rel=0.05, abs=0.02 * np.abs(slope).max() + 1e-12)


# --- weak reactions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("t_gamma", [5.0, 1.0])
def test_weak_reactions_know_no_basis_of_mu_and_tau(t_gamma):
    # mu and tau have equal couplings: a difference of their spectra, turned by 45 degrees, is off the diagonal.
    point, tables, w = prepared(model(g=1e-13), (0.0, 0.0, 1.0, 1.0))
    n, g = tables.grid.y.size, tables.grid
    core = 9 * n + g.q.size + 1
    z = np.zeros(core + 8)
    z[core] = np.log(point.start / t_gamma) + 0.05  # theta = 0.05
    z[core - 1] = em.state(em.table(), t_gamma)[1] / (t_gamma * np.exp(-0.05)) ** 4
    z[: 3 * n] = np.tile((1 + np.exp(g.y)) / (1 + np.exp(g.y * np.exp(-0.05))), 3)
    even = z.copy()
    small = 1e-3 * np.exp(-((g.y - 4) ** 2) / 8)
    z[n : 2 * n] += small
    z[2 * n : 3 * n] -= small
    even[5 * n : 6 * n] = small
    assert density.flows(z, point, tables, w, True) > 0
    apart = (w.dot[n : 2 * n] - w.dot[2 * n : 3 * n]) / 2
    assert density.flows(even, point, tables, w, True) > 0
    turned = w.dot[5 * n : 6 * n]
    assert np.abs(apart).max() > 1e-6
    assert turned == pytest.approx(apart, abs=0.01 * np.abs(apart).max())


# --- potential --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ln_mass", "size"), [(5.0, "heavy"), (-9.0, "light")])
def test_own_potential_in_both_limits(ln_mass, size):
    g, table = grid(24, 24, False, False, True), density_potential.potential_table(24, 24, False, False, True)
    mass = float(np.exp(ln_mass))
    f, boson = 1 / (np.exp(g.y) + 1), 1 / np.expm1(np.hypot(g.q, mass)) if mass < 1 else np.zeros(24)
    row = round((ln_mass - table.shape[0]) / table.shape[1])
    found = table.neutrinos[row] @ f + table.bosons[row] @ boson
    rho = 2 * 7 * pi**2 / 240  # nu and nubar of one flavour, T = 1
    expected = -8 / 3 * g.y * rho / mass**4 if size == "heavy" else 1 / (8 * g.y)
    assert found[2:8] == pytest.approx(expected[2:8], rel=0.06)


def test_hamiltonian_of_the_vacuum_and_of_electrons():
    _, tables, w = prepared(model())
    out, g = np.empty((24, 6)), tables.grid
    nothing = np.zeros((24, 24))
    args = (np.zeros(6), 100.0, 2.0, np.zeros((24, 9)), np.zeros(24), nothing, nothing, out)
    density_potential.hamiltonian(hold(g), w.vacuum, *args)
    for j in (0, 5):
        p = 2.0 * g.y[j]
        h = hermitian(np.append(out[j], np.zeros(3))).real
        h[0, 0] += 2 * np.sqrt(2) * G_F * p * 100.0 / 80377.0**2
        masses = np.linalg.eigvalsh(h) * 2 * p
        assert np.diff(masses)[0] == pytest.approx(7.4e-17, rel=0.03)
        assert masses[2] - masses[0] == pytest.approx(2.513e-15, rel=1e-3)


# --- N_eff ------------------------------------------------------------------------------------------------------------


def run(couplings, factors):
    options = solve.MomentaOptions()
    point, tables, _ = prepared(couplings)
    start = first_state(couplings, "zero")[0]
    found = density_run(point, tables, start, 1e-4, solve.T_RECOMBINATION, factors)
    return solution(Run(*found), point, tables, couplings, options).neff


@pytest.mark.parametrize("name", ["Lmu-Ltau", "B-3Lmu"])
def test_without_oscillations_flavours_are_kept(name):
    kept = next(p for p in MEASURED if (p["model"], p["g"], p["epsilon"]) == (name, 1e-7, 0))["separate"]
    assert run(model(name), (0.0, 0.0, 1.0, 1.0)) == pytest.approx(kept, abs=2e-3)


@pytest.mark.parametrize(("name", "factor", "apart"), [("Lmu-Ltau", 1e3, 3e-3), ("B-3Lmu", 1e2, 5e-3)])
def test_fast_oscillations_leave_states_of_propagation(name, factor, apart):
    """B-3L_mu is 0.0035 away at a factor of 100, 0.0028 at 300; above, steps become too short to end."""
    states = next(p for p in MEASURED if (p["model"], p["g"], p["epsilon"]) == (name, 1e-7, 0))["states"]
    assert run(model(name), (factor, 0.0, 1.0, 1.0)) == pytest.approx(states, abs=apart)


def test_equal_charges_need_no_matrices():
    assert not needs_matrices(model("B-L"), "oscillating")
    assert needs_matrices(nup.U1X(charges={"e": 1, "mu": 1, "tau": -1}, mass="10 MeV", g=1e-7).couplings, "oscillating")
    assert not needs_matrices(model(), "separate")


@pytest.mark.parametrize("index", [2, 4, 15])
def test_recorded_values(index):
    p = MEASURED[index]
    found = nup.evolve(nup.U1X(p["model"], mass=f"{p['mass']} MeV", g=p["g"], epsilon=p["epsilon"]))
    assert found.neff == pytest.approx(p["density"], abs=found.numerical_error / 2)


def test_error_covers_what_is_simplified():
    for p in MEASURED:
        couplings = model(p["model"], f"{p['mass']} MeV", p["g"], epsilon=p["epsilon"])
        error = errors.theory_error(p["density"], couplings, solve.MomentaOptions())
        # half of what first-order terms off the diagonal do stands for what is left out
        assert abs(p["damped"] - p["density"]) / 2 < error
