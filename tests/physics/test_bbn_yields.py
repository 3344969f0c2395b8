"""Yields: prototype, other codes, extra radiation, pairs, spectra of nu_e, what is refused."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import nuportal as nup
from nuportal.constants import M_PLANCK, T_CMB_TODAY
from nuportal.cosmology.nucleosynthesis.evolution import prepare, solve
from nuportal.cosmology.nucleosynthesis.reactions import RATE_SETS
from nuportal.cosmology.nucleosynthesis.sensitivity import sensitivities
from nuportal.cosmology.nucleosynthesis.yields import yields
from nuportal.errors import NotApplicableError, ParameterError, UnknownNameError
from nuportal.solvers.status import Status

REFERENCE = tomllib.loads((Path(__file__).parents[1] / "data/bbn_reference.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", REFERENCE["backgrounds"])
def test_prototype(case, backgrounds):
    """The stored histories have rtol = 1e-6: 1.04e-5 in D/H of lmultau_5 is 6.0e-6 with a history of rtol = 1e-10."""
    found, expected = yields(backgrounds[case], rtol=1e-6), REFERENCE["backgrounds"][case]
    assert found.status == Status.OK
    assert found.Y_p == pytest.approx(expected[0], abs=1e-6)
    np.testing.assert_allclose(found.values[1:], expected[1:], rtol=1.2e-5)


@pytest.mark.parametrize("point", REFERENCE["points"], ids=str)
def test_prototype_with_histories_of_temperatures(point):
    """From the model to the yields with the defaults of the network; the rest of 6e-6 in D/H is the prototype's."""
    model = nup.U1X(point["model"], mass=point["mass"], g=point["g"]) if point["model"] else None
    history = nup.evolve(model, treatment="temperatures", start="thermal", flavours=point["flavours"])
    found = history.yields(point["omega_b"], point["tau_n"])
    assert history.neff == pytest.approx(point["neff"], abs=3e-6)
    assert found.Y_p == pytest.approx(point["yields"][0], abs=1e-6)
    np.testing.assert_allclose(found.values[1:], point["yields"][1:], rtol=1e-5)


@pytest.mark.parametrize("rates", RATE_SETS)
def test_rate_sets(rates, backgrounds):
    found, expected = yields(backgrounds["sm"], rates=rates), REFERENCE["rate_sets"][rates]
    assert found.Y_p == pytest.approx(expected[0], abs=1e-5)
    assert found.D_H == pytest.approx(expected[1], rel=3e-4)


@pytest.mark.parametrize("code", ["prymordial", "linx"])
@pytest.mark.parametrize("case", ["sm", "bl_3", "bl_5", "bl_10"])
def test_other_codes(code, case, backgrounds):
    found, (helium, deuterium) = yields(backgrounds[case]), REFERENCE["peers"][code][case]
    assert found.Y_p == pytest.approx(helium, abs=1e-4)
    assert found.D_H == pytest.approx(deuterium, rel=1e-3)


@pytest.mark.parametrize("corrections", ["all", "radiative", "born"])
def test_corrections_one_by_one(corrections, backgrounds):
    """primat has its own T_nu, which accounts for 3e-5 in Y_p at every step."""
    found = solve(prepare(backgrounds["sm"], 878.4, corrections), 0.02237, "primat2023").observed
    helium, deuterium = REFERENCE["peers"]["primat"][corrections]
    assert found[0] - helium == pytest.approx(3.2e-5, abs=5e-6)
    assert found[1] == pytest.approx(deuterium, rel=3e-4)


def test_baryon_density_and_neutron_lifetime(backgrounds):
    denser, shorter = yields(backgrounds["sm"], 0.0224), yields(backgrounds["sm"], tau_n=877.83)
    np.testing.assert_allclose(denser.values, [0.2469486, 2.439514e-5, 1.040489e-5, 5.545451e-10], rtol=1.2e-5)
    np.testing.assert_allclose(shorter.values, [0.2468183, 2.444219e-5, 1.041197e-5, 5.528448e-10], rtol=1.2e-5)
    found = yields(backgrounds["sm"])
    np.testing.assert_allclose(found.values + found.by_omega_b * 3e-5, denser.values, rtol=1e-5)


@pytest.mark.parametrize("rtol", [1e-3, 1e-4, 1e-5])
@pytest.mark.parametrize("case", ["sm", "bl_3", "lmultau_5"])
def test_numerical_error(rtol, case, backgrounds):
    fine, found = yields(backgrounds[case], rtol=1e-6), yields(backgrounds[case], rtol=rtol)
    assert np.all(np.abs(found.values - fine.values) < found.numerical_error)


@pytest.mark.parametrize("k", range(5))
def test_extra_radiation(k, backgrounds):
    extra, sm = REFERENCE["radiation"]["delta_N"][k], backgrounds["sm"]
    rho = extra * 7 / 8 * (4 / 11) ** (4 / 3) * np.pi**2 / 15 * (T_CMB_TODAY * np.exp(-sm.ln_a)) ** 4
    more = replace(sm, hubble=np.sqrt(sm.hubble**2 + 8 * np.pi * rho / (3 * M_PLANCK**2)))
    change = yields(more).values - yields(sm).values
    assert change[0] == pytest.approx(REFERENCE["radiation"]["Y_p"][k], rel=2e-3)
    assert change[1] == pytest.approx(REFERENCE["radiation"]["D_H"][k], rel=2e-3)


@pytest.mark.parametrize("k", range(3))
def test_chemical_potential_of_pairs(k, backgrounds):
    sm = backgrounds["sm"]
    xi = np.full_like(sm.ln_a, REFERENCE["pairs"]["mu_over_t"][k])
    found = yields(replace(sm, neutrinos=sm.neutrinos._replace(mu_over_t=xi)))
    assert found.Y_p == pytest.approx(REFERENCE["pairs"]["Y_p"][k], abs=2e-6)


def test_errors_of_rates_and_lifetime(backgrounds):
    """Totals of the prototype; recomputed at a point they differ by what the model changes."""
    found = yields(backgrounds["sm"])
    np.testing.assert_allclose(found.errors / found.values, [4.26e-4, 1.074e-2, 1.246e-2, 3.256e-2], rtol=2e-3)
    assert found.covariance[0, 1] / np.prod(found.errors[:2]) == pytest.approx(-0.137, abs=2e-3)
    again = yields(backgrounds["sm"], errors="recomputed")
    assert np.all(np.abs(again.covariance - found.covariance) < 2e-3 * np.outer(found.errors, found.errors))
    heated = yields(backgrounds["bl_3"], errors="recomputed")
    assert heated.errors[1] / heated.D_H == pytest.approx(9.81e-3, rel=2e-3)


@pytest.mark.parametrize(
    ("rates", "nuclear"),
    [
        ("primat2023", [8.9e-5, 1.074e-2, 1.246e-2, 3.26e-2]),
        ("recommended2026", [1.1e-4, 1.229e-2, 1.290e-2, 3.27e-2]),
        ("nacre2_luna", [3.7e-4, 3.988e-2, 8.13e-2, 1.379e-1]),
        ("parthenope3", [8.1e-5, 1.273e-2, 1.300e-2, 5.45e-2]),
    ],
)
def test_stored_sensitivities(rates, nuclear):
    changes = sensitivities(rates)
    np.testing.assert_allclose(np.sqrt(np.sum(changes[:12] ** 2, axis=0)), nuclear, rtol=3e-2)
    assert changes[12, 0] == pytest.approx(0.732, abs=2e-3)
    assert changes[13, 1] == pytest.approx(-1.641, abs=2e-2)


def test_bosons_that_live_are_refused(backgrounds):
    sm = backgrounds["sm"]
    energy = 3 * M_PLANCK**2 * sm.hubble**2 / (8 * np.pi)
    with pytest.raises(NotApplicableError, match=r"alive at T = 0\.1 MeV"):
        yields(replace(sm, rho_boson=2e-4 * energy))
    with pytest.raises(NotApplicableError, match=r"alive at T = 0\.01 MeV"):
        yields(replace(sm, rho_boson=1e-9 * energy))
    assert yields(replace(sm, rho_boson=np.where(sm.t_gamma > 0.2, 0.1 * energy, 0.0))).status == Status.OK


def test_histories_that_are_too_short_are_refused(backgrounds):
    sm = backgrounds["sm"]

    def part(keep):
        arrays = {name: getattr(sm, name)[keep] for name in ("ln_a", "t_gamma", "hubble", "rho_boson")}
        return replace(sm, **arrays, neutrinos=sm.neutrinos._make(column[keep] for column in sm.neutrinos))

    with pytest.raises(NotApplicableError, match="from T >= 3 MeV"):
        yields(part(sm.t_gamma < 2.5))
    with pytest.raises(NotApplicableError, match=r"5\.1 keV"):
        yields(part(sm.t_gamma > 0.01))
    assert yields(part(sm.t_gamma < 4.0)).Y_p == pytest.approx(yields(sm).Y_p, abs=2e-6)


def test_failed_integration_gives_no_numbers(backgrounds, monkeypatch):
    from nuportal.cosmology.nucleosynthesis import evolution

    def stopped(*arguments):
        arguments[-2][:] = 0.1
        return int(Status.TOO_MANY_STEPS), 3

    monkeypatch.setattr(evolution.integrate, "solve", stopped)
    found = yields(backgrounds["sm"])
    assert found.status == Status.TOO_MANY_STEPS
    assert np.isnan(found.values).all() and np.isnan(found.covariance).all() and np.isnan(found.by_omega_b).all()
    assert found.to_dict()["Y_p"] is None
    monkeypatch.setattr(evolution.integrate, "solve", lambda *given: (given[-2].fill(0.1), (0, 3))[1])
    assert yields(backgrounds["sm"]).status == Status.NOT_FINITE  # baryons are missing


def test_negative_rates_are_noticed(backgrounds, monkeypatch):
    """As those of a thermal correction carried too far once were: lambda_pn < 0 gave Y_p = 0.93."""
    from nuportal.cosmology.nucleosynthesis import background

    def wrong(a, t_gamma, neutrinos, space, found):
        found[:, 0], found[:, 1] = 1.0, np.where(t_gamma > 0.1, 1.0, -1e-9)

    monkeypatch.setattr(background, "rates", wrong)
    assert yields(backgrounds["sm"]).status == Status.NOT_FINITE


def test_histories_that_make_no_sense_are_refused(backgrounds):
    sm = backgrounds["sm"]
    with pytest.raises(ParameterError, match="hubble"):
        yields(replace(sm, hubble=np.where(sm.t_gamma < 1, np.nan, sm.hubble)))
    with pytest.raises(ParameterError, match="ln_a"):
        yields(replace(sm, ln_a=sm.ln_a[::-1]))


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"rates": "primat2022"}, UnknownNameError, "did you mean 'primat2023'"),
        ({"omega_b": 0.0}, ParameterError, "omega_b"),
        ({"omega_b": "much"}, ParameterError, "omega_b"),
        ({"tau_n": 15.0}, ParameterError, "tau_n"),
        ({"rtol": 1e-9}, ParameterError, "rtol"),
        ({"errors": "none"}, UnknownNameError, "recomputed"),
    ],
)
def test_bad_options(given, error, says, backgrounds):
    with pytest.raises(error, match=says):
        yields(backgrounds["sm"], **given)
