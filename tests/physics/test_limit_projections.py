"""Projections that are calculated: DUNE (electrons, tridents) and XLZD, against published expectations and by hand."""

import shutil

import numpy as np
import pytest
from scipy.integrate import quad

from nuportal.constants import G_F, HBAR_C_CM, M_E
from nuportal.experiments.prediction import Prediction
from nuportal.limits.ray import Ray
from nuportal.limits.recast.tables import read_columns
from nuportal.limits.registry import limit, limits, names, read
from nuportal.models import U1X, DipolePortal
from nuportal.processes.electron_scattering import cross_section
from nuportal.processes.form_factors import Nucleus
from nuportal.processes.trident import coefficients

RHO, SIN2 = 1.0126, 0.2310  # of muon neutrinos, with radiative corrections


def edge(chosen, model, mass, epsilon=0.0):
    """The smallest coupling that would be excluded."""
    ray = Ray(lambda g: U1X(model, mass=mass, g=g, epsilon=epsilon), "g", 1e-9, 1.0)
    return chosen.excluded(ray).excluded[0][0]


def test_projections_come_when_they_are_named():
    """None in the default layer; SHiP, FASER2, DUNE, XLZD and others in theirs."""
    asked = {c.about.name for c in limits("projections")}
    assert {"ship", "faser-2", "dune-electrons", "dune-trident", "xlzd", "na62-dump-1e18", "belle-ii-50ab"} <= asked
    assert all(c.about.kind == "projection" for c in limits("projections"))
    assert all(c.about.kind != "projection" for c in limits("all"))
    others = set(names()) - asked - {"cmb-s4", "cmb-hd", "simons-observatory"}
    assert all(limit(name).about.kind != "projection" for name in others)


def test_flux_of_dune():
    """1.05e-3 muon neutrinos /m^2 and proton (1.04e-3 in 1902.06765), 0.9e-3 antineutrinos in the other mode."""
    dune = limit("dune-electrons")
    low, high, *fluxes = dune._flux()
    totals = [float(np.sum(flux * (high - low)) * 1e-3) for flux in fluxes]
    assert totals[0] == pytest.approx(1.04e-3, rel=0.015)
    assert totals[5] == pytest.approx(9.44e-4, rel=0.01)
    assert totals[1] / totals[0] == pytest.approx(0.074, rel=0.01)
    assert totals[2] / totals[0] == pytest.approx(0.0104, rel=0.01)
    assert low[np.argmax(fluxes[0])] in (2000.0, 2500.0)  # "peaked at 2.5 GeV" (1910.10996)


def test_events_of_dune_by_hand():
    """Muon neutrinos on the 18 electrons of argon above 0.5 GeV, sigma = (2 G_F^2 m_e E/pi)(gL^2 ... gR^2 ...)."""
    dune = limit("dune-electrons")
    low, high, *fluxes = dune._flux()
    left, right = RHO * (SIN2 - 0.5), RHO * SIN2

    def above_threshold(energy):
        low, high = 500 / energy, min(1, 2e4 / energy)
        return energy * (left**2 * (high - low) + right**2 * ((1 - low) ** 3 - (1 - high) ** 3) / 3)

    total = 0.0
    for a, b, flux in zip(low.tolist(), high.tolist(), fluxes[0].tolist(), strict=True):
        if b <= 500:
            continue
        total += flux * 1e-7 * quad(above_threshold, max(a, 500.0), b)[0]
    total *= 2 * G_F**2 * M_E / np.pi * HBAR_C_CM**2 * 5.5e21 * 67.2 * 6.02214e29 / 39.948 * 18
    assert dune.terms.sm[0, 0].sum() == pytest.approx(total, rel=0.02)


@pytest.mark.parametrize("mass", [1.0, 30.0, 1e3])
def test_events_that_a_mediator_adds_by_hand(mass):
    """Both signs of c_e c_nu against the whole cross-section, one bin of recoil energy, all species and modes."""
    dune = limit("dune-electrons")
    low, high, *fluxes = dune._flux()
    models = [U1X("B-L", mass=mass, g=1e-4), U1X(charges={"e": 1, "mu": -1}, mass=mass, g=1e-4)]
    for model in models:
        c = model.couplings
        found = dune.added(np.array([[c.c_e * c.c_nu[0], c.c_e * c.c_nu[1]]]), mass)[0]
        x = (np.arange(40) + 0.5) / 40
        recoil = 1500 + 500 * x
        energy = (low[:, None] + (high - low)[:, None] * x).ravel()
        for mode in range(2):
            total = 0.0
            for k, (flavour, particle) in enumerate(
                (("mu", "neutrino"), ("mu", "antineutrino"), ("e", "neutrino"), ("e", "antineutrino"))
            ):
                weight = (fluxes[4 * mode + k][:, None] * (high - low)[:, None] * np.full(40, 1 / 40)).ravel()
                new = cross_section(recoil[:, None], energy, flavour, c, particle=particle)
                old = cross_section(recoil[:, None], energy, flavour, particle=particle)
                total += np.sum((new - old) @ weight) * 500 / 40
            total *= 1e-7 * HBAR_C_CM**2 * 5.5e21 * 67.2 * 6.02214e29 / 39.948 * 18
            assert found[mode, 2] == pytest.approx(total, rel=0.01)


def test_dune_is_twice_as_good_as_charm_ii_for_contact_interactions():
    """2111.14884 (abstract): the charge radius of nu_mu, which moves sin^2 theta_W, twice better than CHARM-II."""
    dune = limit("dune-electrons")
    shift = np.linspace(-0.03, 0.03, 1201)
    product = np.stack([np.zeros_like(shift), shift * 2 * np.sqrt(2) * G_F * 1e12], axis=-1)
    rest = dune.added(product, 1e6).reshape(len(shift), -1)
    deviance = np.einsum("ni,ij,nj->n", rest, dune._inverse_covariance, rest)
    allowed = shift[deviance < 2.706]
    charm = 1.645 * limit("charm-ii").measurement.error
    for end in (-allowed[0], allowed[-1]):
        assert 0.95 < end / (charm / 2) < 1.15


def test_dune_needs_electrons_and_the_neutrinos_of_the_beam():
    """L_mu - L_tau without mixing does not scatter electrons; a third of the charge needs a third of g."""
    dune = limit("dune-electrons")
    assert "electrons" in dune.excluded(Ray(lambda g: U1X("Lmu-Ltau", mass=1.0, g=g), "g", 1e-6, 1.0)).reason
    rays = [Ray(lambda g, n=n: U1X(charges={"e": n, "mu": n}, mass=10.0, g=g), "g", 1e-6, 1.0) for n in (1, 3)]
    one, three = (dune.excluded(ray).excluded[0][0] for ray in rays)
    assert three == pytest.approx(one / 3, rel=1e-3, abs=0)


def test_dune_trident_covers_what_explained_the_muon():
    """1902.06765 and 1902.08579: DUNE tests the bosons of L_mu - L_tau that give a_mu the 2.6e-9 of 2019."""

    def moment(mass):
        loop = quad(lambda x: 2 * x**2 * (1 - x) / (x**2 + (mass / 105.6584) ** 2 * (1 - x)), 0, 1)[0]
        return loop / (8 * np.pi**2)

    for mass in (1.0, 10.0, 50.0, 100.0):
        favoured = np.sqrt(2.6e-9 / moment(mass))
        assert 0.6 < edge(limit("dune-trident"), "Lmu-Ltau", mass) / favoured < 0.9
    assert edge(limit("dune-trident"), "Lmu-Ltau", 10.0) == pytest.approx(4.4e-4, rel=0.03, abs=0)


def test_tridents_of_a_spectrum_are_those_of_its_energies():
    """Two energies weigh with flux times cross-section: between the two, and one alone is one alone."""
    masses, argon = np.array([10.0, 1e3]), Nucleus(18, 22, 39.948)
    alone = [coefficients(masses, e, argon, 2**11, 3)[0] for e in (3e3, 20e3)]
    both = coefficients(masses, np.array([3e3, 20e3]), argon, 2**11, 3, np.array([1.0, 1.0]))[0]
    first = coefficients(masses, np.array([3e3, 20e3]), argon, 2**11, 3, np.array([1.0, 0.0]))[0]
    assert first == pytest.approx(alone[0], rel=1e-12)
    share = (both - alone[0]) / (alone[1] - alone[0])
    assert np.all((share > 0.85) & (share < 1))  # the cross-section grows faster than the energy
    assert share[0] == pytest.approx(share[1], rel=1e-2)


def test_table_of_dune_tridents():
    """A coarse integration over the same flux; the contact limit of heavy mediators."""
    folder = limit("dune-trident").folder
    names = ("mass_MeV", "A", "B", "error_A", "error_B")
    mass, a, b, error_a, error_b = read_columns(folder / "coefficients.csv", names)
    low, high, *flux = limit("dune-electrons")._flux()
    share = (flux[0] + flux[1] + flux[4] + flux[5]) * (high - low)
    chosen = [4, 16, 24]
    found = coefficients(mass[chosen], (low + high) / 2, Nucleus(18, 22, 39.948), 2**9, 77, share)
    for ours, table, error in zip(found[:2], (a, b), found[2], strict=True):
        assert np.all(np.abs(ours / table[chosen] - 1) < 4 * error + 0.02)
    assert max(error_a.max(), error_b.max()) <= 0.01
    # heavy: A M^2 and B M^4 are constant, A^2/B = 4 C_V^2 (VV share) as of one contact interaction
    assert a[-1] * mass[-1] ** 2 == pytest.approx(a[-5] * mass[-5] ** 2, rel=0.01)
    assert b[-1] * mass[-1] ** 4 == pytest.approx(b[-5] * mass[-5] ** 4, rel=0.01)


def other_xlzd(folder, exposure):
    """XLZD with another exposure."""
    place = folder / "other"
    shutil.copytree(limit("xlzd").folder, place)
    head = place / "limit.toml"
    head.write_text(head.read_text().replace('name = "xlzd"', 'name = "other-xlzd"'))
    spec = place / "expected/measurement.toml"
    spec.write_text(spec.read_text().replace("value = 300", f"value = {exposure}"))
    bins = place / "expected/bins.csv"
    lines = bins.read_text().splitlines()
    for k, line in enumerate(lines):
        if line[0].isdigit():
            low, high, _, events = (float(v) for v in line.split(","))
            events *= exposure / 300
            lines[k] = f"{low:g},{high:g},{events:.0f},{events:g}"
    bins.write_text("\n".join(lines) + "\n")
    return read(place)


@pytest.mark.parametrize(("exposure", "published", "expected"), [(40, 4.0e-12, 0.58), (2000, 1.0e-12, 0.89)])
def test_xlzd_against_published_moments(tmp_path, exposure, published, expected):
    """2008.05080: 4.0e-12 mu_B with 40 t in a year, about 1e-12 mu_B with 200 t in ten."""
    ray = Ray(lambda d: DipolePortal("1 eV", f"{d} mu_B", "universal"), "d", 1e-13, 1e-9)
    found = other_xlzd(tmp_path, exposure).excluded(ray).excluded[0][0]
    assert found / published == pytest.approx(expected, rel=0.03)
    assert 0.55 < found / published < 0.95


def test_xlzd_by_hand():
    """chi^2 = sum s^2/b - (sum s)^2/(1/0.02^2 + sum b) is 2.71 at the limit on a moment, where s is quadratic."""
    xlzd = limit("xlzd")
    of = Prediction(xlzd.folder / "expected")
    moment = 1.4e-12
    signal = of.excess(DipolePortal("1 eV", f"{moment} mu_B", "universal")).sum(axis=0)
    b = of.experiment.background
    chi2 = np.sum(signal**2 / b) - np.sum(signal) ** 2 / (1 / 0.02**2 + b.sum())
    ray = Ray(lambda d: DipolePortal("1 eV", f"{d} mu_B", "universal"), "d", 1e-13, 1e-9)
    assert xlzd.excluded(ray).excluded[0][0] == pytest.approx(moment * (2.706 / chi2) ** 0.25, rel=0.03, abs=0)


def test_background_of_xlzd():
    """84 solar neutrinos and 56 decays of 136Xe in a tonne and year; pp alone 84 /t/y at 2-30 keV in 1309.7024."""
    of = Prediction(limit("xlzd").folder / "expected")
    solar, b = of.sm.sum(axis=0), of.experiment.background
    assert solar.sum() / 300 == pytest.approx(84.0, rel=0.01)
    flat = 0.1 * of.sm[list(of.components).index("pp")].sum() / 29 * (of.experiment.high - of.experiment.low)
    decays = b - solar - flat
    assert decays.sum() / 300 == pytest.approx(56.3, rel=0.01)
    middle = (of.experiment.low + of.experiment.high) / 2
    rate = decays / (of.experiment.high - of.experiment.low)
    assert rate[-1] / rate[20] == pytest.approx(middle[-1] / middle[20], rel=0.06)  # linear at small energies
    assert np.all(np.abs(of.experiment.counts - b) <= 0.6)
