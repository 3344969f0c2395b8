"""N_eff of the coupled baths against the prototype, limits, a library integrator and the papers' own numbers."""

import tomllib
from importlib.resources import files

import numpy as np
import pytest

import nuportal as nup
from nuportal.cosmology.history import Caution
from nuportal.cosmology.temperatures import integrate
from nuportal.cosmology.temperatures.coefficients import coefficients, electron_mass_form
from nuportal.cosmology.temperatures.equations import TWO_TEMPERATURES, right_hand_side
from nuportal.cosmology.temperatures.options import options
from nuportal.cosmology.temperatures.thermal import neff_grid_with_status
from nuportal.solvers.status import Status

B_L = nup.U1X("B-L", mass="10 MeV", g=1e-7)


def temperatures(model=None, *, preset="default", **changes):
    return nup.evolve(model, options=options(preset, **changes))


def evaluate(model, y, derivatives=True, **changes):
    """Return (f, jac) of the compiled right-hand side."""
    chosen = options(**changes)
    point, work = coefficients(model, chosen), integrate.scratch()
    n = len(y)
    baths = point.c.shape[1]
    right_hand_side(
        np.array(y, float),
        baths,
        n - 1 - baths,
        point.par,
        point.c,
        point.v,
        electron_mass_form(chosen),
        integrate.tables(chosen),
        derivatives,
        work.f,
        work.jac,
        work.rows,
    )
    return work.f[:n].copy(), work.jac[:n, :n].copy()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 3.0453),
        ({"flavours": "separate"}, 3.0443),
        ({"rates": "mb", "couplings": "tree", "qed": "off"}, 3.0428),
        ({"rates": "mb", "couplings": "tree"}, 3.0521),
    ],
)
def test_standard_model(changes, expected):
    assert temperatures(**changes).neff == pytest.approx(expected, abs=3e-4)


def test_prototype_values(reference):
    """The prototype has contact scattering; its zero start is another one (T_Z' = 0.25 MeV)."""
    for point in reference("thermal_decoupling.json")["points"][3:]:
        model = nup.U1X(
            charges=dict(zip(("e", "mu", "tau"), point["X"], strict=True)),
            mass=point["M"],
            g=point["gX"],
            epsilon="-g/70" if point["eps"] else 0,
        )
        found = temperatures(
            model,
            scattering="off" if point["scattering"] == "off" else "contact",
            start="zero" if point["Zprime_start"].startswith("zero") else "thermal",
            electron_mass="linear",
        )
        close = 6e-4 if point["Zprime_start"].startswith("zero") else 4e-5
        assert found.neff == pytest.approx(point["Neff"], abs=close), point


@pytest.mark.parametrize("form", ["linear", "two-temperatures"])
@pytest.mark.parametrize("scattering", ["propagator", "contact"])
@pytest.mark.parametrize(
    ("flavours", "y"),
    [("common", [0.5, -0.1, 0.05]), ("separate", [-0.5, -0.1, -0.05, -0.2, 0.1]), ("common", [-1.4, -0.2])],
)
def test_jacobian_is_the_derivative(flavours, y, form, scattering):
    model = nup.U1X("B-3Le", mass="6 MeV", g=3e-5, epsilon=1e-5)
    options_ = {"flavours": flavours, "electron_mass": form, "scattering": scattering}
    _, jac = evaluate(model, y, **options_)
    for b in range(len(y)):
        h = 1e-5
        up, down = list(y), list(y)
        up[b] += h
        down[b] -= h
        numeric = (evaluate(model, up, **options_)[0] - evaluate(model, down, **options_)[0]) / (2 * h)
        assert jac[:, b] == pytest.approx(numeric, rel=2e-5, abs=1e-6 * np.abs(jac).max())


def test_right_hand_side_is_the_same_without_derivatives():
    y = [0.3, -0.02, -0.01]
    assert evaluate(B_L, y, derivatives=False)[0] == pytest.approx(evaluate(B_L, y)[0], rel=1e-13)


def test_library_integrator_agrees():
    """The same right-hand side through SciPy's Radau: another method, finite-difference Jacobian."""
    from scipy.integrate import solve_ivp

    chosen = options(rtol=1e-9)
    point, work, tables = coefficients(B_L, chosen), integrate.scratch(), integrate.tables(chosen)

    def rhs(_, y):
        arguments = (point.par, point.c, point.v, TWO_TEMPERATURES, tables, False, work.f, work.jac, work.rows)
        right_hand_side(y, 1, 1, *arguments)
        return work.f[:3].copy()

    def gone(_, y):
        return np.log(10.0) - np.sum(y) - np.log(60.0)

    gone.terminal = True
    first = solve_ivp(rhs, (0, 12), [np.log(30.0), 0, 0], method="Radau", rtol=1e-8, atol=1e-11, events=gone)

    def standard(_, y):
        right_hand_side(
            y, 1, 0, point.par, point.c, point.v, TWO_TEMPERATURES, tables, False, work.f, work.jac, work.rows
        )
        return work.f[:2].copy()

    last = solve_ivp(standard, (0, 6), first.y[:2, -1], method="Radau", rtol=1e-8, atol=1e-11)
    expected = 3 * (11 / 4) ** (4 / 3) * np.exp(4 * last.y[1, -1])
    assert temperatures(B_L, rtol=1e-9, electron_mass="two-temperatures").neff == pytest.approx(expected, abs=2e-6)


def test_short_and_full_evolution_agree():
    """neff_grid follows only what N_eff depends on; a history follows everything."""
    masses, gs = [1.5, 10.0, 60.0], [1e-9, 1e-7, 1e-4]
    grid = nup.neff_grid("B-L", masses, gs, rtol=1e-8, treatment="temperatures")
    for i, mass in enumerate(masses):
        for j, g in enumerate(gs):
            full = temperatures(nup.U1X("B-L", mass=mass, g=g), rtol=1e-8).neff
            assert grid[i, j] == pytest.approx(full, abs=3e-6)


def test_default_tolerance_of_grids():
    """Random points of every model at the grid's tolerance against 1e-10: below 2e-4, none failed."""
    rng = np.random.default_rng(20261120)
    for name in ("B-L", "B-3Le", "Lmu-Ltau", "B3-3Ltau"):
        for epsilon in (0.0, "-g/70"):
            masses, gs = np.exp(rng.uniform(np.log(1.1), np.log(200), 6)), 10 ** rng.uniform(-10, -4, 6)
            coarse, status = neff_grid_with_status(name, masses, gs, epsilon=epsilon)
            fine = nup.neff_grid(name, masses, gs, epsilon=epsilon, rtol=1e-10, treatment="temperatures")
            assert np.all(status == Status.OK)
            assert np.max(np.abs(coarse - fine)) < 2e-4


@pytest.mark.parametrize("name", ["B-L", "Lmu-Ltau", "B-3Le"])
def test_heavy_boson_leaves_the_standard_model(name):
    heavy = temperatures(nup.U1X(name, mass="300 MeV", g=1e-6))
    assert heavy.neff == pytest.approx(temperatures().neff, abs=1e-6)


@pytest.mark.parametrize(("name", "g"), [("B-L", 3e-8), ("Lmu-Ltau", 1e-7), ("B-3Le", 1e-8)])
def test_zero_and_thermal_start_agree_above_thermalisation(name, g):
    model = nup.U1X(name, mass="10 MeV", g=g)
    assert temperatures(model, start="zero").neff == pytest.approx(temperatures(model).neff, abs=1e-3)


def test_planck_contour_of_b_l():
    masses = [5.38, 8.13, 10.73, 13.24, 15.70, 18.9, 123.0]
    for mass, g, tolerance in zip(masses, 10.0 ** np.arange(-9, -2), [0.003] * 5 + [0.01, 0.02], strict=True):
        values = nup.neff_grid("B-L", mass * np.array([1 - tolerance, 1 + tolerance]), [g], treatment="temperatures")[
            :, 0
        ]
        assert values[0] > 3.33 > values[1]


def test_relaxing_to_contact_scattering_for_heavy_mediators():
    model = nup.U1X("B-L", mass="250 MeV", g=1e-3)
    contact, full = (temperatures(model, scattering=s).neff for s in ("contact", "propagator"))
    assert full == pytest.approx(contact, abs=2e-3)
    assert full > temperatures(model, scattering="off").neff + 1e-3


def test_interference_has_a_sign():
    """B-L and L_e-L_mu differ only in the sign of c_nu c_e of one flavour: constructive where c_nu c_e > 0."""
    same, opposite = (
        temperatures(nup.U1X(charges={"e": 1, "mu": x, "tau": x}, mass="30 MeV", g=1e-4)).neff for x in (1, -1)
    )
    assert same != pytest.approx(opposite, abs=1e-6)


def test_papers_own_numbers_with_the_preset_that_reproduces_them():
    text = files("nuportal.cosmology").joinpath("ghosh_quoted_values.toml").read_text(encoding="utf-8")
    quoted = tomllib.loads(text)["value"]
    assert len(quoted) == 17
    for value in quoted:
        charges = {f: x for f, x in zip(("e", "mu", "tau"), value["charges"], strict=True) if x}
        model = nup.U1X(charges=charges, mass=value["mass"], g=value["g"])
        found = temperatures(model, preset="ghosh")
        assert found.neff == pytest.approx(value["neff"], abs=0.01), value


def test_neff_is_the_temperature_ratio_without_the_spurious_factor():
    """ghosh2024 eq. 1: the second form's 8/7 is spurious."""
    h = temperatures()
    ratio = h.t_nu[-1, 0] / h.t_gamma[-1]
    assert h.neff == pytest.approx(3 * (11 / 4) ** (4 / 3) * ratio**4, rel=1e-9)
    assert h.neff_evolution[-1] == pytest.approx(h.neff, rel=1e-6)


def test_history_conserves_energy_and_keeps_time():
    h = temperatures(B_L)
    assert h.energy_residual < 1e-5
    radiation = 1 / (2 * h.hubble[-1]) * 6.582119569e-22
    assert h.t[-1] == pytest.approx(radiation, rel=0.02)
    assert h.a[-1] * h.t_gamma[-1] == pytest.approx(2.7255 * 8.617333262e-11, rel=1e-9)


def test_quantum_statistics_of_decays():
    """Far above thermalisation the statistics of a fast reaction do not matter; near it they do, by per cents."""
    fast = nup.U1X("B-L", mass="10 MeV", g=1e-7)
    assert temperatures(fast, decays="quantum").neff == pytest.approx(temperatures(fast).neff, abs=2e-5)
    slow = nup.U1X("B-L", mass="5 MeV", g=1e-9)
    change = temperatures(slow, decays="quantum").neff - temperatures(slow).neff
    assert 2e-4 < abs(change) < temperatures(slow).theory_error


def test_warnings_are_typed():
    assert Caution.NOT_THERMALISED in temperatures(nup.U1X("B-L", mass=10, g=1e-11)).warnings
    assert Caution.NOT_THERMALISED not in temperatures(nup.U1X("B-L", mass=10, g=1e-11), start="zero").warnings
    assert Caution.MASS_RANGE in temperatures(nup.U1X("B-L", mass=400, g=1e-7)).warnings
    assert temperatures(B_L).warnings == ()


@pytest.mark.parametrize(
    "changes",
    [{"flavours": "three"}, {"start": "cold"}, {"preset": "gosh"}, {"rtol": 1.0}, {"scattering": "none"}],
)
def test_bad_options_are_named(changes):
    with pytest.raises(nup.NuportalError):
        temperatures(B_L, **changes)


def test_vector_mediator_is_a_u1x_of_the_same_couplings():
    """X_e = X_nu_e = 1 alone; a scalar has no bath of its own here."""
    vector = nup.VectorMediator(mass="5 MeV", g_e=1e-7, g_nu=1e-7, flavour="e")
    same = temperatures(nup.U1X(charges={"e": 1}, mass="5 MeV", g=1e-7))
    assert temperatures(vector).neff == same.neff
    assert temperatures(vector).warnings == same.warnings
    with pytest.raises(nup.NuportalError, match="momenta"):
        temperatures(nup.ScalarMediator(mass="5 MeV", g_e=1e-7))
