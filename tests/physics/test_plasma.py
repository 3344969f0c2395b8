"""Thermodynamics of plasma, neutrinos and boson against adaptive quadrature, closed forms and exact identities."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import kve, zeta

from nuportal.constants import E_CHARGE, M_E
from nuportal.errors import UnknownNameError
from nuportal.plasma import boson, em, neutrinos
from nuportal.solvers import hermite

ORDERS = ("o3", "o2", "off")


def integral(function, t):
    """Adaptive int_0^inf dp function(p) f_FD(E(p)) for e+-."""
    edge = 60 * t + 40 * np.sqrt(M_E * t)

    def integrand(p):
        return function(p, np.hypot(p, M_E)) * np.exp(-np.logaddexp(0.0, np.hypot(p, M_E) / t))

    return quad(integrand, 0, edge, epsabs=0, epsrel=1e-12, limit=400)[0]


def pressure(t, qed):
    """The pressure of the plasma from the formulas of physics, term by term."""
    p = np.pi**2 / 45 * t**4 + 2 / (3 * np.pi**2) * integral(lambda p, e: p**4 / e, t)
    if qed != "off":
        j = 2 * integral(lambda p, e: p**2 / e, t)
        p -= E_CHARGE**2 * (t**2 * j / (12 * np.pi**2) + j**2 / (8 * np.pi**4))
    if qed == "o3":
        i = 2 * integral(lambda p, e: (p**2 + e**2) / e, t)
        p += E_CHARGE**3 / (12 * np.pi**4) * t * i**1.5
    return p


@pytest.mark.parametrize("qed", ORDERS)
@pytest.mark.parametrize("t", [0.03, 0.2, 1.0, 30.0])
def test_plasma_against_adaptive_quadrature(qed, t):
    """rho = T dp/dT - p with the derivative by extrapolated differences of the adaptive pressure."""
    state = em.evaluate(t, qed)
    assert state.p == pytest.approx(pressure(t, qed), rel=1e-11)
    h = 2e-3
    near, far = (pressure(t * np.exp(k * h), qed) - pressure(t * np.exp(-k * h), qed) for k in (1, 2))
    assert state.rho == pytest.approx((8 * near - far) / (12 * h) - state.p, rel=1e-8)


@pytest.mark.parametrize("qed", ORDERS)
def test_table_obeys_the_thermodynamic_identity(qed):
    """T dp/dT = rho + p to 1e-8 between the nodes, d rho/dT and d2 rho/dT2 against the quadrature."""
    table = em.table(qed)
    t = np.exp(np.linspace(np.log(0.0061), np.log(1190.0), 3001))
    p, rho, c, second = np.array([em.state(table, x) for x in t]).T
    cells = [hermite.locate(table, np.log(x)) for x in t]
    slope = np.array([[hermite.slope(table, row, u, k) for k in range(3)] for row, u in cells])
    assert np.max(np.abs((4 * p + slope[:, 0] * t**4) / (rho + p) - 1)) < 1e-8
    assert np.max(np.abs((4 * rho + slope[:, 1] * t**4) / (t * c) - 1)) < 1e-8
    exact = em.evaluate(t, qed)
    assert np.max(np.abs(p / exact.p - 1)) < 1e-10
    assert np.max(np.abs(rho / exact.rho - 1)) < 1e-10
    assert np.max(np.abs(c / exact.drho_dt - 1)) < 1e-10
    assert np.max(np.abs(second / exact.d2rho_dt2 - 1)) < 1e-7


def test_heat_capacity_is_the_derivative_of_the_energy():
    t, h = np.array([0.02, 0.1, 0.5, 3.0]), 1e-3

    def slope(function):
        near, far = (function(t * np.exp(k * h)) - function(t * np.exp(-k * h)) for k in (1, 2))
        return (8 * near - far) / (12 * h)

    state = em.evaluate(t)
    assert slope(lambda x: em.evaluate(x).rho) == pytest.approx(t * state.drho_dt, rel=1e-9)
    assert slope(lambda x: em.evaluate(x).drho_dt) == pytest.approx(t * state.d2rho_dt2, rel=1e-9)


def test_massless_limit_of_the_qed_pressure():
    """Textbook: P2 = -5 e^2 T^4/288, P3 = e^3 T^4/(36 sqrt3 pi) (Kapusta and Gale), corrections m^2/T^2."""
    t = 1000.0
    off, second, third = (em.evaluate(t, order).p / t**4 for order in ("off", "o2", "o3"))
    assert off == pytest.approx(11 * np.pi**2 / 180, rel=1e-6)
    assert second - off == pytest.approx(-5 * E_CHARGE**2 / 288, rel=1e-6)
    assert third - second == pytest.approx(E_CHARGE**3 / (36 * np.sqrt(3) * np.pi), rel=1e-5)


@pytest.mark.parametrize("t", [1e-9, 1e-6, 1e-3])
def test_photons_alone_at_low_temperature(t):
    """Far below m_e neither quadrature nor table overflows and only photons are left."""
    photons = np.pi**2 / 15 * t**4 * np.array([1 / 3, 1, 4 / t, 12 / t**2])
    assert np.array(em.evaluate(t)) == pytest.approx(photons, rel=1e-13, abs=0)
    assert np.array(em.state(em.table(), t)) == pytest.approx(photons, rel=1e-13, abs=0)


def test_unknown_order_is_named():
    with pytest.raises(UnknownNameError, match="'o4'"):
        em.table("o4")  # type: ignore[arg-type]


def test_fermi_integrals_in_closed_form():
    """F_k(0) = k! eta(k+1); F_3(z) + F_3(-z) for large z (Sommerfeld, exact); Boltzmann limit."""
    assert neutrinos.fermi_integral(2, 0.0) == pytest.approx(1.5 * zeta(3), rel=1e-13)
    assert neutrinos.fermi_integral(3, 0.0) == pytest.approx(7 * np.pi**4 / 120, rel=1e-13)
    z = np.array([0.3, 2.0, 9.0, 14.0])
    # exact identities of the polylogarithm: F_k(z) -+ F_k(-z) is a polynomial
    difference = neutrinos.fermi_integral(2, z) - neutrinos.fermi_integral(2, -z)
    total = neutrinos.fermi_integral(3, z) + neutrinos.fermi_integral(3, -z)
    assert difference == pytest.approx(z**3 / 3 + np.pi**2 * z / 3, rel=1e-12)
    assert total == pytest.approx(z**4 / 4 + np.pi**2 * z**2 / 2 + 7 * np.pi**4 / 60, rel=1e-12)
    assert neutrinos.fermi_integral(3, -40.0) == pytest.approx(6 * np.exp(-40), rel=1e-13)


def test_neutrino_table_and_its_inverse():
    """Densities to 1e-10 of the integrals, and (T, z) back from (n, rho)."""
    table, t_nu = neutrinos.table(), 1.3
    for z in np.random.default_rng(20).uniform(-40, 14, 300):
        n, rho, dn_dz = neutrinos.densities(table, t_nu, z)
        assert n == pytest.approx(neutrinos.number_density(t_nu, z, 1), rel=1e-10, abs=0)
        assert rho == pytest.approx(neutrinos.energy_density(t_nu, z, 1), rel=1e-10, abs=0)
        assert dn_dz == pytest.approx(2 * t_nu**3 / np.pi**2 * neutrinos.fermi_integral(1, z), rel=1e-10, abs=0)
        assert neutrinos.state_of(table, n, rho) == pytest.approx((t_nu, z), rel=1e-8, abs=1e-9)
    assert neutrinos.energy_density(t_nu, 0.0, 1) == pytest.approx(neutrinos.RHO_1 * t_nu**4, rel=1e-12)


@pytest.mark.parametrize("n, rho", [(1.0, 1e-9), (1e-30, 1e10), (np.nan, 1.0), (-1.0, 1.0), (0.0, 1.0)])
def test_no_state_no_number(n, rho):
    """Densities that no mu/T in the range can give: NaN, not an edge value."""
    assert np.all(np.isnan(neutrinos.state_of(neutrinos.table(), n, rho)))


def test_boson_against_bessel_series():
    """sum_n of Maxwell-Boltzmann gases at T/n; an exact series for x = M/T > 0 and mu <= M."""
    n = np.arange(1, 4001)
    for x, z in ((0.5, 0.0), (3.0, 1.5), (20.0, -4.0), (65.0, 0.0)):
        gas = boson.evaluate(x, z)
        weight = np.exp((z - x) * (n - 1)) / (2 * np.pi**2)
        k1, k2 = kve(1, n * x), kve(2, n * x)
        assert gas.n == pytest.approx(np.sum(weight * x**2 * k2 / n), rel=1e-11)
        assert gas.p == pytest.approx(np.sum(weight * x**2 * k2 / n**2), rel=1e-11)
        assert gas.rho == pytest.approx(np.sum(weight * (3 * x**2 * k2 / n**2 + x**3 * k1 / n)), rel=1e-11)


def test_massless_boson():
    gas = boson.evaluate(0.0)
    found = np.array([gas.p, gas.rho, gas.drho_dt, gas.n])
    assert found == pytest.approx([np.pi**2 / 90, np.pi**2 / 30, 4 * np.pi**2 / 30, zeta(3) / np.pi**2], rel=1e-12)


def test_boson_table_and_its_slopes():
    """The table to 1e-9 between its nodes; drho/dT = (4 rho - x d rho/dx)/T with e^{M/T} taken into account."""
    table = boson.table()
    ln_x = np.random.default_rng(21).uniform(np.log(1.01 * boson.X_MIN), np.log(0.99 * boson.X_MAX), 500)
    gas = boson.evaluate(np.exp(ln_x))
    for column, exact in enumerate((gas.p, gas.rho, gas.drho_dt, gas.n)):
        found = np.array([hermite.evaluate(table, v, column) for v in ln_x])
        assert np.max(np.abs(found / exact - 1)) < 1e-9
    cells = [hermite.locate(table, v) for v in ln_x]
    slope = np.array([hermite.slope(table, row, u, boson.ENERGY) for row, u in cells])
    assert 4 * gas.rho + np.exp(ln_x) * gas.rho - slope == pytest.approx(gas.drho_dt, rel=1e-6)


def test_hermite_reproduces_cubics_exactly():
    x = np.linspace(-1.0, 2.0, 7)
    values, slopes = np.stack([x**3 - x, 4 + 0 * x], axis=1), np.stack([3 * x**2 - 1, 0 * x], axis=1)
    table = hermite.build(x, values, slopes)
    for point in (-1.0, -0.37, 0.5, 1.999, 2.0):
        row, t = hermite.locate(table, point)
        assert hermite.value(table, row, t, 0) == pytest.approx(point**3 - point, abs=1e-14)
        assert hermite.slope(table, row, t, 0) == pytest.approx(3 * point**2 - 1, abs=1e-13)
        assert hermite.evaluate(table, point, 1) == 4.0
    with pytest.raises(ValueError, match="uniform"):
        hermite.build(x**3, values, slopes)


def test_tables_say_how_they_were_made(tmp_path):
    table = hermite.build(np.linspace(0, 1, 5), np.zeros(5), np.zeros(5))
    hermite.save(tmp_path / "t.npz", table, "zeros")
    with np.load(tmp_path / "t.npz") as stored:
        assert str(stored["about"]) == "zeros"
    from importlib.resources import files

    for name in ("em_o3", "em_o2", "em_off", "boson"):
        with files("nuportal.plasma").joinpath(f"tables/{name}.npz").open("rb") as stream, np.load(stream) as stored:
            assert "scripts/make_plasma_tables.py" in str(stored["about"])
