"""The kinetic engine against collision integrals, solvers and limits that were made without it."""

import json
from math import exp, pi
from pathlib import Path

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from nuportal import evolve
from nuportal.constants import G_F
from nuportal.cosmology.momenta.boson_pairs import boson_pair_table, boson_pairs
from nuportal.cosmology.momenta.decays import FAR
from nuportal.cosmology.momenta.flavours import mixing
from nuportal.cosmology.momenta.grid import grid, sharpen, spread
from nuportal.cosmology.momenta.neutrino_pairs import collisions, jacobian, pair_scratch, pair_table
from nuportal.cosmology.momenta.solve import MomentaOptions, solve
from nuportal.errors import NuportalError
from nuportal.models import U1X, ScalarMediator, VectorMediator
from nuportal.processes import weak_collision
from nuportal.processes.boson_rates import production_rates
from nuportal.processes.weak_kernels import annihilation_kernel, scattering_kernel
from nuportal.solvers import esdirk
from nuportal.solvers.status import Status

DATA = Path(__file__).parents[1] / "data"
MONTE_CARLO = json.loads((DATA / "weak_collisions.json").read_text(encoding="utf-8"))
INDEPENDENT = {
    p["name"]: p for p in json.loads((DATA / "kinetic_independent.json").read_text(encoding="utf-8"))["points"]
}
FLAVOURS = ("e", "mu", "tau")


def run(model=None, **options):
    return solve(None if model is None else model.couplings, MomentaOptions(**options))


@pytest.mark.parametrize("mass", [0.17, 0.5, 2.0])
def test_electron_kernels_give_the_exact_transfer_of_energy_and_number(mass):
    """Summed over momenta against integrals over the transferred four-momentum (processes.weak_collision)."""
    ratio, z, h = 0.93, 0.2, 0.5
    y = (np.arange(60) + 0.5) * h
    f = 1 / (np.exp(y / ratio - z) + 1)
    s = np.array([[scattering_kernel(a, b, mass) for b in y] for a in y]) * exp(-mass)
    a = np.array([[annihilation_kernel(p, q, mass) for q in y] for p in y])
    d, total = y[:, None] - y, y[:, None] + y
    out = f[None, :] * (1 - f[:, None]) * np.exp(-d / 2) - f[:, None] * (1 - f[None, :]) * np.exp(d / 2)
    made = (1 - f[:, None]) * (1 - f) * np.exp(-total) - f[:, None] * f
    weight = 2 * y**2 * h / (2 * pi**2) * pi**5 / 4
    for part in range(2):
        scattered = 2 / pi**3 / y**2 * h * np.sum(s[:, :, part] * np.exp(-np.abs(d) / 2) * out, axis=1)
        paired = 1 / pi**3 / y**2 * h * np.sum(a[:, :, part] * made, axis=1)
        exact = weak_collision.annihilation(mass, ratio, z)
        assert np.sum(weight * y * scattered) == pytest.approx(
            weak_collision.scattering(mass, ratio, z)[part], rel=5e-4
        )
        assert np.sum(weight * y * paired) == pytest.approx(exact[part], rel=3e-4)
        assert np.sum(weight * paired) == pytest.approx(exact[2 + part], rel=1.5e-3)
        assert abs(np.sum(weight * scattered)) < 1e-12 * np.sum(weight * np.abs(scattered))


def neutrino_collisions(spectrum, nodes, same, other):
    """Collision terms over f [3, nodes] of scattering among neutrinos at T = 1 MeV."""
    g = grid(nodes, 24, False, even=True)
    nodes, y = g.equal, g.y[: g.equal]
    t = pair_table(nodes)
    c = np.array([MONTE_CARLO["spectra_c0_c1_c2"][spectrum][flavour] for flavour in FLAVOURS])
    logit = c[:, :1] - c[:, 1:2] * y + c[:, 2:] * y**2 * np.exp(-y / 5)
    f, out, rates = 1 / (1 + np.exp(-logit)), np.zeros((3, nodes)), np.zeros((3, nodes))
    front = G_F**2 * g.h**5 / (128 * pi**3) / (np.arange(nodes) + 0.5) ** 2
    thermal = np.exp(-(np.arange(2 * nodes - 1) + 1) * g.h)
    collisions(
        t, front, thermal, np.exp(-y), 1 - f, np.expm1(logit + y), np.array(same, float),
        np.array([other, other], float), np.ones(3), out, rates, pair_scratch(3, nodes),
    )  # fmt: skip
    return g, f, out, rates


@pytest.mark.parametrize("spectrum", ["fermi_dirac", "distorted"])
@pytest.mark.parametrize(("nodes", "tolerance"), [(24, 0.015), (60, 0.003)])
def test_neutrino_scattering_against_monte_carlo(spectrum, nodes, tolerance):
    """nu_e with nu_mu, both channels, at y = 2 and 5: four-vectors and spinors against the reduced kernels."""
    other = np.zeros((3, 3))
    other[0, 1] = other[1, 0] = 1
    g, f, out, _ = neutrino_collisions(spectrum, nodes, [0, 0, 0], other)
    points = [p for p in MONTE_CARLO["points"] if p["spectrum"] == spectrum and p["t_gamma_MeV"] == 1]
    seen = 0
    for p in points:
        if p["y"] not in (2.0, 5.0) or p["flavour"] == "tau":
            continue
        a, partner = FLAVOURS.index(p["flavour"]), {"e": "mu", "mu": "e"}[p["flavour"]]
        expected = p["nu_nu"][f"with_{partner}"]["net"] + p["nu_nu"][f"to_pair_{partner}"]["net"]
        assert float(CubicSpline(g.y[: g.equal], out[a] / f[a])(p["y"])) * p["f1"] == pytest.approx(
            expected, rel=tolerance
        )
        seen += 1
    assert seen == 4


def test_neutrino_scattering_keeps_number_and_energy_and_has_the_right_rates():
    g, f, out, rates = neutrino_collisions("distorted", 24, [1, 1, 1], 1 - np.eye(3))
    number = g.weight[: g.equal]
    for weight in (number, number * g.y[: g.equal]):
        assert abs(np.sum(weight * out)) < 1e-12 * np.sum(weight * np.abs(out))
    assert np.all(rates > 0)
    gain = out + rates * f  # C = gain (1-f) - loss f and rates = gain + loss: gain lies between 0 and the rate
    assert np.all(gain > 0)
    assert np.all(gain < rates)


def test_derivatives_of_neutrino_scattering_are_those_of_the_collision_term():
    """All reactions between three classes of different spectra, against differences by every delta."""
    g, t, nodes = grid(16, 24, False, even=True), pair_table(16), 16
    delta = np.array([0.1 * np.sin(g.y / 3 + a) + 0.02 * a * g.y for a in range(3)])
    same, front = np.array([1.0, 0.7, 1.3]), np.linspace(1, 2, nodes)
    other = np.array(
        [[[0.0, 0.4, 1.2], [0.4, 0.0, 0.6], [1.2, 0.6, 0.0]], [[0.0, 1.0, 0.3], [1.0, 0.0, 0.8], [0.3, 0.8, 0]]]
    )
    thermal, several = np.exp(-(np.arange(2 * nodes - 1) + 1) * g.h), np.array([1.0, 2.0, 1.0])

    def run(delta):
        f, out = 1 / (1 + np.exp(g.y - delta)), np.zeros((3, nodes))
        common = (t, front, thermal, np.exp(-g.y), 1 - f, np.expm1(delta), same, other, several)
        collisions(*common, out, np.zeros((3, nodes)), pair_scratch(3, nodes))
        return out, f

    f, found = run(delta)[1], np.zeros((3, nodes, 3, nodes))
    jacobian(t, front, thermal, 1 - f, np.expm1(delta), f, same, other, several, found, pair_scratch(3, nodes))
    for c in range(3):
        for node in range(nodes):
            step = np.zeros((3, nodes))
            step[c, node] = 1e-4
            slope = (run(delta + step)[0] - run(delta - step)[0]) / 2e-4
            assert found[:, :, c, node] == pytest.approx(slope, rel=1e-6, abs=1e-6 * np.max(np.abs(slope)))


def test_a_fermi_dirac_spectrum_scatters_into_itself():
    _, _, alone, _ = neutrino_collisions("fermi_dirac", 24, [1, 1, 1], np.zeros((3, 3)))
    assert np.max(np.abs(alone)) < 1e-12 * G_F**2


@pytest.mark.parametrize("tail", [False, True])
def test_a_neutrino_between_nodes_keeps_number_and_energy(tail):
    g = grid(24, 24, tail, even=not tail)
    sharp = g.y.copy().reshape(1, -1, 1)
    sharpen(g, sharp)
    for y in [0.01, 0.4, 0.7, 3.3, 22.9, 23.2, *([30.0, 200.0, 450.0] if tail else [])]:
        i, *weights = spread(g, y)
        assert sum(weights) == pytest.approx(1)
        assert np.dot(weights, sharp[0, i : i + 3, 0]) == pytest.approx(y)
    i, *weights = spread(g, 2 * g.y[-1])  # above the last node only energy is kept
    assert np.dot(weights, g.y[i : i + 3]) == pytest.approx(2 * g.y[-1])


@pytest.mark.parametrize("mass", [0.1, 1.0, 3.0])
def test_pairs_of_bosons_are_made_at_the_known_rate(mass):
    """From thermal neutrinos, no boson yet, against production_rates, which has a separable form of the blocking."""
    g, t = grid(24, 40, False), boson_pair_table(24, 40, False, False, False, 1)
    m = mixing(((0, 1, 2),), "separate", (0.0, 0.0, 1.0))._replace(states=np.ones(1))
    k, n = g.q.size, g.y.size
    energy, numbers = np.hypot(g.q, mass), 3 * g.boson
    out, made = np.zeros((1, n)), np.zeros(k)
    state = (np.exp(-energy), np.full(k, FAR), np.ones(k), np.zeros(k))
    nothing = (np.zeros((1, n, 1, n)), np.zeros((1, n, k)), np.zeros((k, 1, n)), np.zeros((k, k)))
    boson_pairs(
        g, m, t, 1 / (512 * pi**3) / 3, mass, 1.0, numbers, np.ones((n, 1)), energy, np.zeros((1, n)), state,
        out, made, False, nothing,
    )  # fmt: skip
    # the reference is in equilibrium and has stimulated emission, which without bosons there is none of
    tolerance = {0.1: 0.25, 1.0: 0.08, 3.0: 0.01}[mass]  # 0.1: 0.81 of it
    assert np.sum(numbers * made) == pytest.approx(production_rates(mass, 1.0, 1.0).neutrino_pairs, rel=tolerance)
    assert 2 * np.sum(g.weight * out) == pytest.approx(-np.sum(numbers * made))
    assert 2 * np.sum(g.weight * g.y * out) == pytest.approx(-np.sum(numbers * energy * made))


def test_order_conditions_of_the_integrator():
    a, b = esdirk.A, esdirk.A[-1]
    c = a.sum(axis=1)
    for found, expected in ((b.sum(), 1), (b @ c, 1 / 2), (b @ c**2, 1 / 3), (b @ c**3, 1 / 4), (b @ a @ c, 1 / 6),
                            ((b * c) @ (a @ c), 1 / 8), (b @ a @ c**2, 1 / 12), (b @ a @ a @ c, 1 / 24)):  # fmt: skip
        assert found == pytest.approx(expected, abs=1e-14)
    embedded = b - esdirk.ERROR
    assert [embedded.sum(), embedded @ c, embedded @ c**2] == pytest.approx([1, 1 / 2, 1 / 3], abs=1e-14)
    assert a @ c == pytest.approx(c**2 / 2, abs=1e-14)


@pytest.mark.parametrize(("flavours", "expected"), [("separate", 3.0434), ("oscillating", 3.0440)])
def test_standard_model(flavours, expected):
    """Froustey, Pitrou, Volpe 2008.01074: 3.0434 without, 3.0440 with oscillations."""
    assert run(flavours=flavours, accuracy="high").neff == pytest.approx(expected, abs=3e-4)
    assert run(flavours=flavours).neff == pytest.approx(expected, abs=8e-4)


def test_standard_model_spectra():
    s = run(flavours="separate", accuracy="high")
    z = s.t_gamma[-1] * np.exp(s.ln_a[-1]) / (20 * np.exp(s.ln_a[0]))
    assert z == pytest.approx(1.39798, rel=3e-4)
    rise = s.rho_nu[-1] * np.exp(4 * s.ln_a[-1]) / (s.rho_nu[0] * np.exp(4 * s.ln_a[0])) - 1
    assert rise[0] == pytest.approx(0.00933, abs=8e-5)
    assert rise[1] == pytest.approx(0.00387, abs=8e-5)


@pytest.mark.parametrize(
    ("name", "model", "tolerance"),
    [
        ("B-L_10MeV_1e-7", U1X("B-L", mass=10, g=1e-7), 0.0015),
        ("B-L_10MeV_1e-9", U1X("B-L", mass=10, g=1e-9), 0.002),
        ("Lmu-Ltau_10MeV_1e-9_from_60MeV", U1X("Lmu-Ltau", mass=10, g=1e-9), 0.015),
        ("vector_5MeV_ge_1e-9_gnu_3e-9", VectorMediator(5.0, g_e=1e-9, g_nu=3e-9), 0.003),
        ("vector_0.3MeV_gnu_1e-9", VectorMediator(0.3, g_nu=1e-9), 0.003),
    ],
)
def test_against_another_discretisation(name, model, tolerance):
    """scripts/check_kinetic.py: splines and Galerkin moments, kernels integrated over four-vectors, SciPy's Radau."""
    assert run(model, flavours="separate").neff == pytest.approx(INDEPENDENT[name]["n_eff"], abs=tolerance)


@pytest.mark.parametrize("g", [1e-7, 1e-5, 1e-3])
def test_strong_coupling_forgets_its_start(g):
    model = U1X("B-L", mass=10, g=g)
    zero, thermal = run(model), run(model, start="thermal")
    assert zero.neff == pytest.approx(thermal.neff, abs=zero.numerical_error + 1e-3)
    assert zero.steps < 80


def test_neutrinos_and_boson_alone_keep_n_nu_plus_twice_n_boson():
    """L_mu - L_tau after the weak interaction: decays change neither this sum nor the energy of both together."""
    s = run(U1X("Lmu-Ltau", mass=1, g=1e-7), flavours="separate")
    late = (s.t_gamma < 0.3) & (s.rho_boson > 0)
    volume = np.exp(3 * s.ln_a)
    q, k = s.boson_momentum, s.boson_momentum.size
    v = (np.arange(k) + 0.5) / k
    weight = 3 * q**2 / (2 * pi**2) * 3 * q / v / k  # Q = Q_max v^3
    bosons = s.boson_occupation @ weight
    total = s.n_nu.sum(axis=1) * volume + 2 * bosons
    assert np.ptp(total[late]) < 2e-3 * total[late][0]
    assert np.count_nonzero(late) > 5


@pytest.mark.parametrize(
    ("g_e", "g_nu", "index"), [(1e-7, 1e-4, 0), (1e-7, 1e-10, 1), (1e-12, 1e-4, 3), (1e-12, 2.5e-6, 4)]
)
def test_light_bosons_meet_the_fluid_where_one_is_right(g_e, g_nu, index, reference):
    """ibe2020's cases: pairs and electrons in contact make the neutrinos one fluid."""
    case = reference("freeze_in.json")["benchmarks_m100eV"][index]
    found = run(VectorMediator("100 eV", g_e=g_e, g_nu=g_nu), flavours="common")
    assert found.neff == pytest.approx(case["neff"], rel=4e-3)


def test_nothing_jumps_at_fifty_kev_and_no_mediator_is_refused():
    """F3 and F4 of the check of version 0.1.0."""
    below, above = (run(U1X("B-L", mass=m, g=1e-7)).neff for m in (0.0499, 0.0501))
    assert below == pytest.approx(above, rel=2e-3)
    for model in (
        ScalarMediator(2.3, g_e=3.5e-13, g_nu=1.5e-7),
        VectorMediator(1.34, g_e=2.3e-7, g_nu=2.5e-7),
        VectorMediator(5.0, g_e=1e-4, g_nu=1e-4),
        VectorMediator(60.0, g_e=1e-10, g_nu=1e-10),
    ):
        assert run(model).status == Status.OK


def test_a_boson_that_is_matter_today_has_no_neff():
    s = run(VectorMediator("100 eV", g_e=1e-7))
    assert s.status == Status.BOSON_TODAY
    assert np.isnan(s.neff)
    assert s.details["fate"] == "matter"


def test_flavours_of_couplings_that_tell_all_three_apart():
    s = run(U1X(charges={"e": 1, "mu": -2, "tau": 1}, mass=10, g=1e-8), flavours="separate")
    assert s.status == Status.OK
    assert s.occupation.shape[1] == 3
    assert s.rho_nu[-1, 1] > s.rho_nu[-1, 2]


def test_oscillating_states_share_what_the_boson_gives_to_two_flavours():
    model = U1X("Lmu-Ltau", mass=10, g=1e-7)
    kept, mixed = run(model, flavours="separate"), run(model)
    one = run(model, flavours="common")
    assert one.neff - 0.02 < mixed.neff < kept.neff - 0.2
    ends = mixed.rho_nu[-1] / mixed.rho_nu[-1].mean()
    assert np.all(np.abs(ends - 1) < 0.01)


@pytest.mark.parametrize("options", [{"flavours": "oscilating"}, {"start": "none"}, {"accuracy": "low"}])
def test_unknown_options(options):
    with pytest.raises(NuportalError):
        MomentaOptions(**options)


def test_light_elements_contain_the_distortion_of_the_spectrum_of_nu_e():
    """primat with NEVO's distortions: Y_p rises by 8.6e-5 against a Fermi-Dirac nu_e (1801.08023, 2008.01074)."""
    spectra = evolve(flavours="separate").yields()
    temperatures = evolve(treatment="temperatures", flavours="separate").yields()
    assert spectra.Y_p - temperatures.Y_p == pytest.approx(8.6e-5, abs=2e-5)
    assert spectra.D_H == pytest.approx(2.4445e-5, rel=1e-3)
