"""The network: reverse rates, equations and Jacobian against independent ones, an independent integrator."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from nuportal.constants import HBAR_C_CM, M_E, N_AVOGADRO
from nuportal.cosmology.nucleosynthesis import evolution, integrate
from nuportal.cosmology.nucleosynthesis.background import LN_H, LN_NP, LN_PN, LN_T
from nuportal.cosmology.nucleosynthesis.network import SIZE, Tables, evaluate, pair_emission, reaction_rates
from nuportal.cosmology.nucleosynthesis.reactions import (
    NUCLEI,
    PHOTON,
    RATE_SETS,
    T9_PER_MEV,
    nuclei,
    rate_table,
    reaction_names,
    reactions,
)
from nuportal.solvers import hermite

NUMBERS = np.array([x.number for x in nuclei().values()])
CHARGES = np.array([x.charge for x in nuclei().values()])


@pytest.fixture(scope="module")
def prepared(backgrounds):
    return evolution.prepare(backgrounds["sm"], 878.4)


def tables(prepared, omega_b=0.02237):
    density = evolution.baryon_density(omega_b) / N_AVOGADRO
    return Tables(prepared.table, rate_table("primat2023"), np.zeros(12), reactions(), density)


def slope_of(t, x, y, jacobian=None):
    slope, forth, back = np.empty(SIZE), np.empty(12), np.empty(12)
    matrix = np.empty((SIZE, SIZE)) if jacobian is None else jacobian
    evaluate(x, y, t, forth, back, slope, matrix, jacobian is not None)
    return slope


def test_reverse_rates_are_those_of_the_facts(table):
    facts = table("bbn_reactions")
    assert tuple(facts["reaction"]) == reaction_names()
    for k in range(len(reaction_names())):
        np.testing.assert_allclose(reactions().reverse[k], [facts[c][k] for c in ("alpha", "beta", "gamma")], rtol=1e-6)
        assert reactions().q[k] * M_E == pytest.approx(facts["Q_MeV"][k], rel=1e-6)


def test_reactions_conserve_baryons_and_charge():
    for before1, before2, after1, after2 in reactions().nuclei:
        for numbers in (NUMBERS, CHARGES):
            after = numbers[after1] + (0 if after2 == PHOTON else numbers[after2])
            assert numbers[before1] + numbers[before2] == after


@pytest.mark.parametrize("t", [0.08, 0.2, 0.8])
def test_nothing_happens_in_nuclear_equilibrium(t, prepared):
    """Saha abundances from masses and spins alone: forward and backward rates of every reaction are equal."""
    x = np.interp(
        -np.log(t), -hermite.column_at(prepared.table, hermite.grid(prepared.table), LN_T), hermite.grid(prepared.table)
    )
    found = tables(prepared)
    row, u = hermite.locate(found.course, x)
    t = np.exp(hermite.value(found.course, row, u, LN_T))
    density = found.density * N_AVOGADRO * np.exp(-3 * x) * HBAR_C_CM**3  # MeV^3
    thermal = {k: n.states * (n.mass * t / (2 * np.pi)) ** 1.5 / density for k, n in nuclei().items()}
    free = {"n": 0.12 / thermal["n"], "p": 0.88 / thermal["p"]}
    y = np.empty(SIZE)
    for k, (name, n) in enumerate(nuclei().items()):
        protons, neutrons = n.charge, n.number - n.charge
        binding = protons * nuclei()["p"].mass + neutrons * nuclei()["n"].mass - n.mass
        y[k] = thermal[name] * free["p"] ** protons * free["n"] ** neutrons * np.exp(binding / t)
    forth, back = np.empty(12), np.empty(12)
    reaction_rates(t * T9_PER_MEV, found, forth, back)
    rho = found.density * np.exp(-3 * x)
    for k, (a, b, c, d) in enumerate(reactions().nuclei):
        symmetric = reactions().identical[k]
        forward = rho * forth[k] * y[a] * y[b] * symmetric[0]
        backward = back[k] * y[c] * (1.0 if d == PHOTON else rho * y[d] * symmetric[1])
        assert forward == pytest.approx(backward, rel=1e-6), reaction_names()[k]


@pytest.mark.parametrize("set_name", RATE_SETS)
def test_all_rates_are_finite_and_positive(set_name, prepared):
    found = tables(prepared)._replace(rates=rate_table(set_name))
    forth, back = np.empty(12), np.empty(12)
    for t9 in np.geomspace(0.006, 100, 60):
        reaction_rates(t9, found, forth, back)
        assert np.all(np.isfinite(forth)) and np.all(forth > 0)
        assert np.all(np.isfinite(back)) and np.all(back >= 0)


def independent(t, x, y):
    """dY/dN written as gains and losses of each nucleus, from the same rates."""
    row, u = hermite.locate(t.course, x)
    temperature, hubble, np_rate, pn_rate = (
        np.exp(hermite.value(t.course, row, u, c)) for c in (LN_T, LN_H, LN_NP, LN_PN)
    )
    rho = t.density * np.exp(-3 * x)
    forth, back = np.empty(12), np.empty(12)
    reaction_rates(temperature * T9_PER_MEV, t, forth, back)
    r = dict(zip(reaction_names(), forth, strict=True))
    s = dict(zip(reaction_names(), back, strict=True))
    n, p, d, h3, he3, he4, li7, be7 = y
    net = {
        "npdg": rho * r["npdg"] * n * p - s["npdg"] * d,
        "dpHe3g": rho * r["dpHe3g"] * d * p - s["dpHe3g"] * he3,
        "ddHe3n": rho * (r["ddHe3n"] * d * d / 2 - s["ddHe3n"] * he3 * n),
        "ddtp": rho * (r["ddtp"] * d * d / 2 - s["ddtp"] * h3 * p),
        "tpag": rho * r["tpag"] * h3 * p - s["tpag"] * he4,
        "tdan": rho * (r["tdan"] * h3 * d - s["tdan"] * he4 * n),
        "taLi7g": rho * r["taLi7g"] * h3 * he4 - s["taLi7g"] * li7,
        "He3ntp": rho * (r["He3ntp"] * he3 * n - s["He3ntp"] * h3 * p),
        "He3dap": rho * (r["He3dap"] * he3 * d - s["He3dap"] * he4 * p),
        "He3aBe7g": rho * r["He3aBe7g"] * he3 * he4 - s["He3aBe7g"] * be7,
        "Be7nLi7p": rho * (r["Be7nLi7p"] * be7 * n - s["Be7nLi7p"] * li7 * p),
        "Li7paa": rho * (r["Li7paa"] * li7 * p - s["Li7paa"] * he4 * he4 / 2),
    }
    w = pn_rate * p - np_rate * n
    q = net.__getitem__
    return (
        np.array(
            [
                w - q("npdg") + q("ddHe3n") + q("tdan") - q("He3ntp") - q("Be7nLi7p"),
                -w
                - q("npdg")
                - q("dpHe3g")
                + q("ddtp")
                - q("tpag")
                + q("He3ntp")
                + q("He3dap")
                + q("Be7nLi7p")
                - q("Li7paa"),
                q("npdg") - q("dpHe3g") - 2 * q("ddHe3n") - 2 * q("ddtp") - q("tdan") - q("He3dap"),
                q("ddtp") - q("tpag") - q("tdan") - q("taLi7g") + q("He3ntp"),
                q("dpHe3g") + q("ddHe3n") - q("He3ntp") - q("He3dap") - q("He3aBe7g"),
                q("tpag") + q("tdan") - q("taLi7g") + q("He3dap") - q("He3aBe7g") + 2 * q("Li7paa"),
                q("taLi7g") + q("Be7nLi7p") - q("Li7paa"),
                q("He3aBe7g") - q("Be7nLi7p"),
            ]
        )
        / hubble
    )


@pytest.mark.parametrize("part", [0.1, 0.4, 0.55, 0.8])
def test_equations_and_jacobian(part, prepared):
    found = tables(prepared)
    x = prepared.start + part * (prepared.end - prepared.start)
    y = np.array([0.1, 0.7, 1e-3, 1e-4, 2e-4, 0.05, 1e-7, 3e-7])
    jacobian = np.empty((SIZE, SIZE))
    slope = slope_of(found, x, y, jacobian)
    expected = independent(found, x, y)
    np.testing.assert_allclose(slope, expected, rtol=1e-9, atol=1e-12 * np.abs(expected).max())
    for k in range(SIZE):
        step = y * np.eye(SIZE)[k]  # the equations are quadratic: central differences are exact
        column = (slope_of(found, x, y + step) - slope_of(found, x, y - step)) / (2 * y[k])
        noise = 1e-13 * np.abs(jacobian @ np.diag(y)).max() / y[k]
        np.testing.assert_allclose(jacobian[:, k], column, rtol=1e-9, atol=noise, err_msg=NUCLEI[k])


def test_against_another_integrator(prepared):
    """Radau of SciPy on the independent equations."""
    found = tables(prepared)
    y = np.empty(SIZE)
    integrate.initial(prepared.start, found, y, np.empty(12), np.empty(12))
    x0 = prepared.start
    done = solve_ivp(lambda x, y: independent(found, x, y), (x0, prepared.end), y, "Radau", rtol=1e-7, atol=1e-16)
    final = done.y[:, -1]
    ours = evolution.solve(prepared, 0.02237, "primat2023", 1e-6)
    np.testing.assert_allclose(ours.final[[1, 2, 3, 4, 5, 6, 7]], final[[1, 2, 3, 4, 5, 6, 7]], rtol=3e-6)
    coarse = evolution.solve(prepared, 0.02237, "primat2023")
    assert abs(coarse.observed[0] - ours.observed[0]) < 5e-7
    np.testing.assert_allclose(coarse.observed[1:], ours.observed[1:], rtol=2e-6)


def test_baryons_are_conserved_along_the_way(prepared):
    found = evolution.solve(prepared, 0.02237, "primat2023")
    np.testing.assert_allclose(found.y @ NUMBERS, 1, atol=1e-11, rtol=0)
    np.testing.assert_allclose(found.y[-1], found.final)
    assert np.all(found.y > -1e-12)
    assert found.t_gamma[0] == pytest.approx(8.0, rel=1e-3)
    assert found.t_gamma[-1] == pytest.approx(0.6e-3, rel=1e-3)


def test_pair_emission_of_captures():
    """1904.07795: d p at T9 = 0.8 about 1.0022; the factor of proton capture on deuterium rises with energy."""
    k = reaction_names().index("dpHe3g")
    q, gamow = reactions().q[k], reactions().pair[k, 1]
    assert pair_emission(q, gamow, 0.8) == pytest.approx(1.0022, abs=1e-4)
    assert gamow * M_E == pytest.approx(0.1220 * (2 / 3) ** (1 / 3), rel=1e-3)


def test_baryon_density():
    assert evolution.baryon_density(0.02237) == pytest.approx(2.51519e-7, rel=3e-6)
