"""Light right-handed neutrinos against calculations that know nothing of the engine: freeze-in, entropy, numbers."""

from math import pi

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import fsolve

import nuportal as nup
from nuportal.constants import M_PLANCK
from nuportal.cosmology.momenta.solve import MomentaOptions, solve
from nuportal.errors import NuportalError
from nuportal.models import U1X, Couplings, VectorMediator
from nuportal.solvers.status import Status


def run(model, **options):
    return solve(model.couplings, MomentaOptions(**options))


def light(name, mass, g, **options):
    return U1X(name, mass=mass, g=g, right_handed="light", **options)


def frozen_in(mass, g, t_end):
    """Return rho_R/T^4 at T = t_end (MeV) of B-L above 30 MeV, from the linear equation of each boson momentum.

    Electrons and left-handed neutrinos stay in equilibrium, massless, and the universe holds nothing else.
    """
    per_flavour = g**2 * mass / (24 * pi)
    made, right = 5 * per_flavour, 3 * per_flavour  # e+e- counts twice a chiral neutrino
    q, dq = np.polynomial.legendre.leggauss(60)
    q, dq = 15 * (1 + q), 15 * dq
    hubble = np.sqrt(8 * pi**3 / 90 * 10.75) / M_PLANCK

    def slope(x, state):  # x = ln(M/T), momenta over T
        t = mass * np.exp(-x)
        e = np.hypot(q, mass / t)
        unblocked = 1 - 2 / q * np.log((1 + np.exp(-(e - q) / 2)) / (1 + np.exp(-(e + q) / 2)))
        rate = mass / (e * t) / (hubble * t**2)
        f = state[:-1]
        change = rate * (made * unblocked * (1 / np.expm1(e) - f) - right * f)
        return np.append(change, np.sum(3 * q**2 * dq / (2 * pi**2) * rate * right * f * e))

    first = np.log(1 / 6)
    found = solve_ivp(slope, (first, np.log(mass / t_end)), np.zeros(61), method="LSODA", rtol=1e-7, atol=1e-14)
    return found.y[-1, -1]


@pytest.mark.parametrize(("mass", "g"), [(60.0, 5e-11), (100.0, 4e-11)])
def test_rare_bosons_give_right_handed_neutrinos_the_energy_of_their_decays(mass, g):
    found = run(light("B-L", mass, g))
    row = int(np.argmin(np.abs(found.t_gamma - 3.0)))
    t = found.t_gamma[row]
    assert found.rho_right[row].sum() / t**4 == pytest.approx(frozen_in(mass, g, t), rel=0.02)


def test_right_handed_neutrinos_that_leave_before_the_weak_ones_keep_the_entropy_of_the_plasma():
    """A boson of 300 MeV holds all together at T > 20 MeV: three neutrinos more, which e+- do not heat later."""
    found = run(light("B-L", 300.0, 1e-8))
    standard = solve(None, MomentaOptions())
    # T_R a of an adiabatic universe: entropy of plasma and left-handed neutrinos until these leave, seen by T_gamma
    z = standard.t_gamma[-1] * np.exp(standard.ln_a[-1]) / (standard.t_gamma[0] * np.exp(standard.ln_a[0]))
    each = ((11 / 4) ** (1 / 3) / z) ** 4  # one Fermi-Dirac flavour at T_gamma before e+- annihilate
    assert found.neff == pytest.approx(standard.neff + 3 * each, abs=4e-3)


def fermi(z, power):
    return quad(lambda y: y**power / (np.exp(y - z) + 1), 0, 60 + max(z, 0))[0]


def bose(z, power, x=0.0):
    return quad(lambda y: y**power / np.expm1(np.hypot(y, x) - z), 0, 60)[0]


def test_bosons_that_come_late_share_number_and_energy_with_twice_as_many_neutrinos():
    """L_mu - L_tau at 1 keV after the weak interaction: n_nu + 2 n_Z' and rho, later entropy, fix T and mu.

    Bosons with 3 polarisations are relativistic when decays and inverse decays come into equilibrium, and when they
    are gone 4 chiral species share what 2 had before.
    """
    found = run(light("Lmu-Ltau", 1e-3, 1e-10), flavours="separate")
    n_first, rho_first = 2 * 2 * fermi(0, 2), 2 * 2 * fermi(0, 3)  # nu and nubar of two flavours, T = 1

    def together(unknown):
        t, z = unknown
        n = 4 * 2 * fermi(z, 2) + 2 * 3 * bose(2 * z, 2)
        rho = 4 * 2 * fermi(z, 3) + 3 * bose(2 * z, 3)
        return [t**3 * n - n_first, t**4 * rho - rho_first]

    t, z = fsolve(together, [1.0, -0.8])
    entropy = t**3 * (4 / 3 * (4 * 2 * fermi(z, 3) + 3 * bose(2 * z, 3)) - z * n_first / t**3)

    def apart(unknown):
        t, z = unknown
        n = 4 * 2 * fermi(z, 2)
        return [t**3 * n - n_first, t**3 * (4 / 3 * 4 * 2 * fermi(z, 3) - z * n) - entropy]

    t, z = fsolve(apart, [1.1, -0.8])
    grown = 4 * 2 * fermi(z, 3) * t**4 / rho_first
    standard = solve(None, MomentaOptions(flavours="separate"))
    share = 2 / 3 * standard.neff
    assert found.neff - standard.neff == pytest.approx((grown - 1) * share, abs=0.01)
    assert found.rho_right[-1, 1:] == pytest.approx(found.rho_nu[-1, 1:], rel=5e-3)
    assert found.rho_right[-1, 0] == 0


@pytest.mark.parametrize(("name", "flavours"), [("B-L", "oscillating"), ("B-3Lmu", "oscillating"), ("B-L", "common")])
def test_energy_is_conserved_and_strong_coupling_makes_both_hands_alike(name, flavours):
    found = run(light(name, 10.0, 1e-7), flavours=flavours)
    assert found.status == Status.OK
    assert found.energy_residual < 1e-5
    met = slice(1, 2) if name == "B-3Lmu" else slice(0, 3)
    assert found.rho_right[-1, met] == pytest.approx(found.rho_nu[-1, met], rel=0.1)
    if name == "B-3Lmu":
        assert np.all(found.rho_right[-1, [0, 2]] == 0)


def test_decays_keep_number():
    s = run(light("Lmu-Ltau", 1e-3, 1e-10), flavours="separate")
    late = (s.t_gamma < 0.02) & (s.rho_boson > 0)
    weight = s.momentum**2 * (s.momentum[1] - s.momentum[0]) / (2 * pi**2)
    neutrinos = 2 * np.sum((s.occupation + s.occupation_right) * weight, axis=(1, 2))
    q, k = s.boson_momentum, s.boson_momentum.size
    v = (np.arange(k) + 0.5) / k
    bosons = s.boson_occupation @ (3 * q**2 / (2 * pi**2) * 2 * (q[-1] / v[-1] ** 2) * v / k)
    total = neutrinos + 2 * bosons
    assert np.count_nonzero(late) > 3
    assert np.ptp(total[late]) < 1e-6 * total[late][0]


def test_start_above_the_mass_does_not_matter():
    """From 6 M on a boson is made at T < 3 M: starting at 12 M changes nothing."""
    from nuportal.cosmology.momenta import model as read

    model = light("B-L", 10.0, 1e-9)
    usual = run(model)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "first_state", lambda couplings, start: (start, 12 * couplings.mass))
        assert run(model).neff == pytest.approx(usual.neff, abs=usual.numerical_error)


def test_partner_widths():
    without, with_ = U1X("B-3Lmu", mass=10, g=1e-6), light("B-3Lmu", 10, 1e-6)
    widths = with_.couplings.partial_widths()
    assert widths["nu_R_mu"] == widths["nu_mu"] == without.couplings.partial_widths()["nu_mu"] > 0
    assert widths["nu_R_e"] == 0
    assert with_.couplings.width == pytest.approx(without.couplings.width + widths["nu_mu"])
    with pytest.raises(NuportalError, match="c_nu_right of a vector"):
        Couplings(1.0, c_nu_right=(1e-3, 0.0, 0.0), spin=0)


def test_history_is_saved_and_drawn(tmp_path):
    history = nup.evolve(light("B-L", 10, 1e-10))
    read = nup.History.load(history.save(tmp_path / "history.nc"))
    assert np.array_equal(read.rho_nu_R, history.rho_nu_R)
    assert np.array_equal(read.spectra.occupation_R, history.spectra.occupation_R)
    assert read.neff_evolution[-1] == pytest.approx(history.neff, abs=1e-9)
    assert "rho_nu_R_mu_MeV4" in history.save(tmp_path / "history.csv").read_text()
    for panel in ("spectra", "densities", "dark"):
        history.plot(panel)
    assert history.distortion("e", right_handed=True)[5] == pytest.approx(
        history.spectra.occupation_R[-1, 0, 5] / history.spectra.occupation[-1, 0, 5]
        * (1 + history.distortion("e")[5]) - 1
    )  # fmt: skip
    with pytest.raises(NuportalError, match="no light right-handed"):
        nup.evolve(None).distortion("e", right_handed=True)


@pytest.mark.parametrize("options", [{"treatment": "temperatures"}, {"preset": "ghosh"}, {"preset": "ibe"}])
def test_other_treatments_refuse_them(options):
    with pytest.raises(NuportalError, match="right_handed='light' is followed by treatment='momenta' alone"):
        nup.evolve(light("B-L", 10, 1e-7), **options)


def test_words():
    with pytest.raises(NuportalError, match="right_handed"):
        U1X("B-L", mass=10, g=1e-7, right_handed="ligth")
    assert "right_handed='light'" in repr(light("B-L", 10, 1e-7))
    assert light("B-L", 10, 1e-7).describe()["right_handed"] == "light"
    assert not VectorMediator(1.0, g_nu=1e-7).couplings.has_right_handed


def test_planes_carry_them_in_values_and_hash():
    options = {"x": "mass=10MeV:20MeV:2", "y": "g=1e-10:2e-10:2", "constraints": ()}
    with_, without = nup.plane("B-L", right_handed="light", **options), nup.plane("B-L", **options)
    assert with_.spec.hash != without.spec.hash
    assert with_.values[0, 0] == pytest.approx(run(light("B-L", 10, 1e-10)).neff, abs=1e-3)
    with pytest.raises(NuportalError, match="right_handed='light' is followed by treatment='momenta' alone"):
        nup.plane("B-L", right_handed="light", treatment="temperatures", **options)
