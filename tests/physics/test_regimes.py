"""Analytic limits of N_eff and the classification of a point, against the paper, prototypes and brute-force gases."""

import numpy as np
import pytest

import nuportal as nup
from nuportal.cosmology.classification import boundaries, classify, decay_rate, electron_rate_per_hubble, hubble
from nuportal.cosmology.regimes import regimes
from nuportal.errors import NotApplicableError, ParameterError, UnknownNameError


@pytest.mark.parametrize("d", [3, 1])
def test_limits_of_the_prototype(d, reference):
    limits = nup.regimes(d=d)
    expected = reference("freeze_in.json")["limits"][f"d{d}"]
    assert len(expected) > 20
    for name, value in expected.items():
        assert limits[name] == pytest.approx(value, rel=1e-6, abs=1e-9), name


def test_numbers_printed_in_ibe2020():
    """Eqs 31, 32, 38, 41, 42, 43, 48, 49, 52, 55, 58, 59, 60 to the digits given."""
    r = regimes()
    printed = {
        "i_decayed": (21, 0), "i_DR": (18, 0), "ii_T1": (1.1, 1), "ii_mu1": (0, 1), "ii_ncond": (0.084, 3),
        "ii_Tp": (0.76, 2), "ii_mup": (1.9, 1), "ii_decayed": (17, 0), "ii_DR": (12, 0), "iv_decayed": (5.6, 1),
        "iv_DR": (4.8, 1), "v_both_decayed": (3.5, 1), "v_T1": (1.2, 1), "v_mu1": (-1.2, 1), "v_Tp": (1.1, 1),
        "v_mup": (-0.31, 2), "v_inv_only_decayed": (3.3, 1), "v_DR": (3.045, 3),
    }  # fmt: skip
    for name, (value, digits) in printed.items():
        assert round(r[name], digits) == value, name


def test_footnote_5_of_ibe2020_is_not_reproducible():
    """d = 1, case (ii): printed 12 and 11; the paper's own equations give 7.2 and 6.3."""
    r = regimes(d=1)
    assert r.ii_decayed == pytest.approx(7.198, abs=1e-3)
    assert r.ii_DR == pytest.approx(6.324, abs=1e-3)


def gas(sign, dof, t, mu):
    """(n, rho, s) of a massless gas by the trapezoid rule; sign +1 fermions, -1 bosons (mu <= 0)."""
    y = np.geomspace(1e-9, 90, 20_000)
    f = 1 / (np.exp(y - mu / t) + sign)
    n = dof / (2 * np.pi**2) * np.trapezoid(y**2 * f, y) * t**3
    rho = dof / (2 * np.pi**2) * np.trapezoid(y**3 * f, y) * t**4
    return n, rho, (4 / 3 * rho - mu * n) / t


def test_conservation_laws_hold_in_case_ii_with_condensate():
    r = regimes()
    n0, rho0, _ = gas(1, 6, 1.0, 0.0)
    nb, rhob, _ = gas(-1, 3, r.ii_Tg, 0.0)
    n1, rho1, s1 = gas(1, 6, r.ii_T1, r.ii_mu1)
    nb1, rhob1, sb1 = gas(-1, 3, r.ii_T1, 2 * r.ii_mu1)
    assert n1 + 2 * nb1 + 2 * r.ii_ncond == pytest.approx(n0 + 2 * nb, rel=1e-5)
    assert rho1 + rhob1 == pytest.approx(rho0 + rhob, rel=1e-5)
    n2, rho2, s2 = gas(1, 6, r.ii_Tp, r.ii_mup)
    assert n2 == pytest.approx(n0 + 2 * nb, rel=1e-5)
    assert s2 == pytest.approx(s1 + sb1, rel=1e-5)
    photons = np.pi**2 / 15 * r.ii_Tg**4
    assert 8 / 7 * (11 / 4) ** (4 / 3) * rho2 / photons == pytest.approx(r.ii_decayed, rel=1e-5)


@pytest.mark.parametrize("d", [1, 3, 5])
def test_conservation_laws_hold_in_case_v(d):
    r = regimes(d=d)
    n0, rho0, _ = gas(1, 6, 1.0, 0.0)
    n1, rho1, s1 = gas(1, 6, r.v_T1, r.v_mu1)
    nb1, rhob1, sb1 = gas(-1, d, r.v_T1, 2 * r.v_mu1)
    assert n1 + 2 * nb1 == pytest.approx(n0, rel=1e-5)
    assert rho1 + rhob1 == pytest.approx(rho0, rel=1e-5)
    n2, rho2, s2 = gas(1, 6, r.v_Tp, r.v_mup)
    assert (n2, s2) == (pytest.approx(n0, rel=1e-5), pytest.approx(s1 + sb1, rel=1e-5))
    assert r.v_inv_only_decayed == pytest.approx(3.045 * rho2 / rho0, rel=1e-5)


def test_flavours_that_do_not_couple_stay_behind():
    """Few degrees of freedom change nothing; one coupled flavour of three adds its share to two spectators."""
    tiny = regimes(d=1e-6, flavours=1)
    assert tiny.iv_decayed == pytest.approx(3.045, abs=1e-5)
    assert tiny.v_inv_only_decayed == pytest.approx(3.045, abs=1e-5)
    one = regimes(d=3, flavours=1)
    assert one.iv_decayed == pytest.approx(3.045 * (2 + (1 + 3 / 1.75) ** (4 / 3)) / 3)
    assert one.ii_DR == pytest.approx(regimes(d=3).ii_DR)  # nothing has decayed yet: the same energy


@pytest.mark.parametrize("bad", [{"d": 0}, {"d": -1}, {"d": float("nan")}, {"flavours": 4}, {"neff_sm": 10}])
def test_bad_arguments(bad):
    with pytest.raises(ParameterError, match="is not allowed"):
        regimes(**bad)


@pytest.mark.parametrize(
    ("g_e", "g_nu", "case", "name"),
    [
        (1e-7, 1e-4, "i", "i_decayed"),
        (1e-7, 1e-10, "ii", "ii_decayed"),
        (1e-7, 2e-13, "iii", "ii_decayed"),
        (1e-12, 1e-4, "iv", "iv_decayed"),
        (1e-12, 2.5e-6, "v", "v_both_decayed"),
        (1e-12, 1e-10, "v", "v_inv_only_decayed"),
    ],
)
@pytest.mark.parametrize("estimate", ["rates", "printed"])
def test_benchmarks_of_ibe_fig_4(g_e, g_nu, case, name, estimate):
    model = nup.VectorMediator("100 eV", g_e, g_nu)
    found = classify(model.couplings, estimate=estimate)
    assert (found.case, found.fate) == (case, "decayed")
    assert found.neff == regimes()[name]
    assert found.bound == (">" if case == "iii" else "=")
    assert "contact with e+-" in found.reason


def test_fates_at_recombination():
    light = classify(nup.VectorMediator("0.05 eV", 1e-7, 1e-4).couplings)
    assert (light.fate, light.neff) == ("dark radiation", regimes().i_DR)
    slow = classify(nup.VectorMediator("10 keV", 1e-7, 1e-17).couplings)
    assert slow.fate == "matter-like"
    assert np.isnan(slow.neff)
    nothing = classify(nup.VectorMediator("10 keV", 1e-13, 1e-13).couplings)
    assert (nothing.case, nothing.neff) == ("none", 3.045)


def test_number_conserving_decay_of_a_heavier_boson():
    """Inverse decays make contact before nu decoupling, nu nu <-> Z'Z' is off at T = m: the case the paper misses."""
    found = classify(nup.VectorMediator("100 keV", 1e-12, 1e-7).couplings)
    assert (found.case, found.neff) == ("iv", regimes().iv_decayed_numcons)


def test_scalar_that_stays_with_photons_has_no_limit():
    """phi -> 2 gamma beats H at T = m = 100 keV for g_e > 3e-7."""
    assert boundaries(0.1, spin=0).g_e_photons == pytest.approx(2.5e-7, rel=0.1)
    found = classify(nup.ScalarMediator("100 keV", 1e-6, 1e-8).couplings)
    assert np.isnan(found.neff)
    assert "photons compete" in found.reason


def test_scalar_and_universal_couplings():
    scalar = classify(nup.ScalarMediator("100 eV", 1e-7, 1e-10).couplings)
    assert (scalar.case, scalar.neff) == ("ii", regimes(d=1).ii_decayed)
    edge = boundaries(1e-4).g_nu_decay
    one, three = (nup.VectorMediator("100 eV", 1e-12, 0.7 * edge, flavour=f) for f in ("e", "universal"))
    assert classify(one.couplings).case == "none"
    assert classify(three.couplings).case == "v"


def test_boundaries_agree_with_the_printed_estimates():
    """ibe2020 eqs 4, 6, 9 and g_nu ~ 1e-5 are orders of magnitude: within a factor of 8 of the rates."""
    for mass in (1e-5, 1e-4, 1e-3):
        ours, printed = boundaries(mass), boundaries(mass, estimate="printed")
        for name in ("g_e", "g_nu_pair", "g_nu_decay"):
            assert 1 / 8 < getattr(ours, name) / getattr(printed, name) < 8
    assert 0.3 < boundaries(1e-6).g_nu_contact / 1e-5 < 3


def test_rates_equal_the_expansion_at_the_boundary():
    mass = 1e-4
    edge = boundaries(mass)
    assert edge.g_e**2 * electron_rate_per_hubble(mass, 1) == pytest.approx(1.0)
    t_gamma = mass * (11 / 4) ** (1 / 3)
    assert edge.g_nu_decay**2 * decay_rate(mass, mass, 1) == pytest.approx(hubble(t_gamma))


def test_expansion_rate(reference):
    for row in reference("freeze_in.json")["production_rates_m100eV"]:
        # the prototype has radiation only; matter equals radiation at z = 3400, T = 8.0e-7 MeV (Planck 2018)
        expected = row["H"] * (1 + 8.0e-7 / row["T_MeV"]) ** 0.5
        assert hubble(row["T_MeV"]) == pytest.approx(expected, rel=0.01, abs=0)


def test_where_regimes_do_not_apply():
    with pytest.raises(NotApplicableError, match="0 < mass < 2 m_e"):
        boundaries(3.0)
    with pytest.raises(UnknownNameError, match="did you mean 'printed'"):
        boundaries(1e-4, estimate="print")  # type: ignore[arg-type]


def test_signs_of_ibe_eqs_21_to_23_need_turning():
    """Eqs 64-66 as printed are the GAIN of the neutrinos, while eqs 21, 22 subtract them."""
    from nuportal.constants import G_F, SIN2_THETA_W
    from nuportal.processes import weak

    hot, cold = 60.0, 57.0
    sin2 = SIN2_THETA_W
    flavours = 3 - 4 * sin2 + 24 * sin2**2
    printed_0 = 8 * 0.852 * G_F**2 / np.pi**5 * flavours * (hot**8 - cold**8)
    printed_1 = 32 * 0.884 * (hot**9 - cold**9) + 56 * 0.829 * hot**4 * cold**4 * (hot - cold)
    printed_1 *= G_F**2 / np.pi**5 * flavours
    left, right = weak.chiral_couplings("tree")
    table = weak.table()
    number = energy = 0.0
    for g_l, g_r in zip(left, right, strict=True):
        square, rho = g_l**2 + g_r**2, g_l * g_r / (g_l**2 + g_r**2)
        number += weak.PREFACTOR * square * weak.number_shape(table, hot, cold, rho)
        energy += weak.PREFACTOR * square * weak.shape_two_temperatures(table, hot, cold, rho)
    assert printed_0 == pytest.approx(number, rel=2e-3)
    assert printed_1 == pytest.approx(energy, rel=2e-3)
    assert printed_1 > 0  # heat flows into the colder neutrinos
