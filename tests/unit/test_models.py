"""Charges, couplings, widths and kinetic mixing."""

from math import log, pi

import pytest

import nuportal as nup
from nuportal.constants import E_CHARGE, M_MU, M_TAU
from nuportal.errors import ChargeError, ParameterError, UnitError, UnknownModelError
from nuportal.models import Charges, catalog, loop_mixing


@pytest.mark.parametrize("name", list(catalog()))
def test_catalogue_is_anomaly_free_with_right_handed_neutrinos(name):
    assert catalog()[name].is_anomaly_free(right_handed_neutrinos=True)


def test_only_lepton_differences_are_anomaly_free_alone():
    alone = {name for name, c in catalog().items() if c.is_anomaly_free(right_handed_neutrinos=False)}
    assert alone == {"Le-Lmu", "Le-Ltau", "Lmu-Ltau"}


@pytest.mark.parametrize("lepton", ["e", "mu", "tau"])
@pytest.mark.parametrize("generation", [1, 2, 3])
def test_generation_in_the_name_carries_the_charge(generation, lepton):
    charges = catalog()[f"B{generation}-3L{lepton}"]
    assert charges.quarks == tuple(1.0 if i == generation else 0.0 for i in (1, 2, 3))
    assert charges.leptons == tuple(-3.0 if f == lepton else 0.0 for f in ("e", "mu", "tau"))


@pytest.mark.parametrize("spelling", ["b-l", "B_-_L", "U(1)_{B-L}", "B-L"])
def test_names_ignore_case_and_underscores(spelling):
    assert nup.U1X(spelling, mass="10 MeV", g=1e-7).name == "B-L"


def test_couplings_keep_signs():
    c = nup.U1X("B-L", mass="10 MeV", g=1e-3, epsilon=1e-4).couplings
    assert c.c_e == pytest.approx(-1e-3 + 1e-4 * E_CHARGE)
    assert c.c_nu == (-1e-3, -1e-3, -1e-3)
    assert c.c_p == pytest.approx(1e-3 - 1e-4 * E_CHARGE)
    assert c.c_n == pytest.approx(1e-3)
    assert c.c_p + c.c_e == pytest.approx(0, abs=1e-18)  # epsilon drops out of neutral matter


def test_widths_of_a_massive_vector():
    c = nup.U1X("Lmu-Ltau", mass="300 MeV", g=1e-3).couplings
    widths = c.partial_widths()
    r2 = (M_MU / 300) ** 2
    assert widths["mu"] == pytest.approx(1e-6 * 300 / (12 * pi) * (1 + 2 * r2) * (1 - 4 * r2) ** 0.5)
    assert widths["nu_mu"] == pytest.approx(1e-6 * 300 / (24 * pi))
    assert widths["tau"] == widths["e"] == 0
    assert sum(c.branching_ratios().values()) == pytest.approx(1)


def test_loop_mixing_of_lmu_ltau():
    expected = -E_CHARGE / (12 * pi**2) * log((M_TAU / M_MU) ** 2)
    assert loop_mixing((0, 1, -1), 1.0) == pytest.approx(expected, rel=1e-12)
    assert 1 / loop_mixing((0, 1, -1), 1.0) == pytest.approx(-69.3, abs=0.05)


def test_loop_mixing_with_cutoff_is_scale_dependent():
    with pytest.raises(ParameterError, match="cutoff"):
        nup.U1X("B-L", mass="10 MeV", g=1e-7, epsilon="loop")
    low, high = (loop_mixing((-1, -1, -1), 1.0, cutoff=c) for c in (1e5, 1e6))
    assert high - low == pytest.approx(3 * E_CHARGE / (2 * pi**2) * log(100) / 6)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"name": "B-3Lm", "mass": 1, "g": 1e-7}, UnknownModelError),
        ({"name": "B-L", "mass": "10 Mev", "g": 1e-7}, UnitError),
        ({"name": "B-L", "mass": "-1 MeV", "g": 1e-7}, ParameterError),
        ({"name": "B-L", "mass": 0, "g": 1e-7}, ParameterError),
        ({"name": "B-L", "mass": 1, "g": 0}, ParameterError),
        ({"name": "B-L", "mass": 1, "g": float("nan")}, ParameterError),
        ({"name": "B-L", "mass": 1, "g": 4}, ParameterError),
        ({"name": "B-L", "mass": 1, "g": 1e-7, "epsilon": "g*70"}, ParameterError),
        ({"charges": {"e": "one"}, "mass": 1, "g": 1e-7}, ChargeError),
        ({"charges": {"f": 1}, "mass": 1, "g": 1e-7}, ChargeError),
        ({"charges": {"u": 1, "d": 0}, "mass": 1, "g": 1e-7}, ChargeError),
        ({"charges": {"e": 0}, "mass": 1, "g": 1e-7}, ChargeError),
        ({"mass": 1, "g": 1e-7}, ParameterError),
    ],
)
def test_bad_input_is_named(arguments, error):
    with pytest.raises(error) as caught:
        nup.U1X(**arguments)
    assert isinstance(caught.value, nup.NuportalError)
    assert "\n" not in str(caught.value)


def test_charges_round_trip():
    charges = Charges.from_mapping({"e": 1, "mu": -1, "s": 0.5})
    assert Charges.from_mapping(charges.to_mapping()) == charges


def test_dipole_conventions_differ_by_two_in_the_moment():
    moment = nup.DipolePortal(m4="640 keV", d="1e-9 mu_B")
    lagrangian = nup.DipolePortal(m4="640 keV", d="1e-9 mu_B", convention="lagrangian")
    assert lagrangian.magnetic_moment == 2 * moment.magnetic_moment
