"""Nuclear recoils, reactors and pions at rest through `recoil_spectrum` and `fit`; a scalar coupled to nucleons."""

import pickle

import numpy as np
import pytest
from scipy.integrate import quad

import nuportal as nup
from nuportal.constants import G_F, HBAR_C_CM, N_AVOGADRO
from nuportal.detectors.targets import nuclei, target
from nuportal.errors import NotApplicableError, ParameterError, UnitError, UnknownNameError
from nuportal.experiments.measurement import experiment
from nuportal.limits.ray import Ray
from nuportal.processes import cevns, electron_scattering
from nuportal.processes.form_factors import Nucleus, helm
from nuportal.sources.pion_decay import LINE_ENERGY, PionDecayAtRest, spectrum
from nuportal.sources.reactor import ReactorAntineutrinos

ARGON = Nucleus(18, 22, 39.962)
X, W = np.polynomial.legendre.leggauss(40)
SCALAR = nup.ScalarMediator("20 MeV", g_nu=1e-4, g_n=2e-5, flavour="universal")


def test_isotopes_have_the_mean_masses_of_their_elements():
    for name in ("xenon", "argon", "germanium", "CsI"):
        mean = sum(number * nucleus.atomic_mass for nucleus, number in nuclei(name))
        share = 1.002 if name == "xenon" else 1.0  # xenon lacks two rare isotopes
        assert mean * share == pytest.approx(1e6 * N_AVOGADRO / target(name).molecules_per_tonne, rel=1e-3)
    with pytest.raises(NotApplicableError, match="pseudocumene"):
        nuclei("pseudocumene")


@pytest.mark.parametrize(("recoil", "energy", "mass"), [(1e-3, 30.0, 0.0), (0.02, 50.0, 20.0)])
def test_scalar_on_a_nucleus_is_the_trace(dirac, recoil, energy, mass):
    """A nucleus of spin 1/2 with the charge c_n A, times the form factor; nothing interferes with the weak charge."""
    m, c_n, c_nu = ARGON.mass, 3e-6, 2e-5
    k, p, k_out, p_out = dirac.momenta(recoil, energy, m)
    unit = m * dirac.one
    target_trace = np.trace((dirac.slash(p_out) + unit) @ (dirac.slash(p) + unit))
    neutrino = np.trace(dirac.slash(k_out) @ dirac.left @ dirac.slash(k) @ dirac.bar(dirac.left))
    exchange = (40 * c_n * c_nu / (2 * m * recoil + mass**2)) ** 2
    expected = dirac.cross_section(target_trace * neutrino * exchange, energy, m) * helm(recoil, ARGON) ** 2
    model = nup.ScalarMediator(mass, g_nu=c_nu, g_n=c_n, flavour="mu").couplings
    found = cevns.cross_section(recoil, energy, ARGON, "mu", model) - cevns.cross_section(recoil, energy, ARGON, "mu")
    assert found == pytest.approx(expected, rel=1e-6)


def scalar_section(t, e, couplings, m=ARGON.mass):
    """Textbook form for T << m: (Q c_nu)^2 m^2 T F^2/(4 pi E^2 (2 m T + M^2)^2)."""
    charge = couplings.c_n * 22 + couplings.c_p * 18
    exchange = charge * couplings.c_nu[1] / (2 * m * t + couplings.mass**2)
    return exchange**2 * m**2 * t * helm(t, ARGON) ** 2 / (4 * np.pi * e**2)


@pytest.mark.parametrize("which", ["sm", "vector", "scalar"])
def test_counts_of_pions_at_rest_by_adaptive_quadrature(which):
    """Argon, recoils of 20 to 80 keV, per year and tonne at 1e7 cm^-2 s^-1 of each species: scipy's quad."""
    model = {"sm": None, "vector": nup.U1X("B-L", mass="50 MeV", g=1e-4), "scalar": SCALAR}[which]
    found = nup.recoil_spectrum(
        model, "argon", recoil="nuclear", source="pion-decay", source_flux=1e7, edges=[20, 40, 80], exposure="1 t y"
    )

    def section(t, e):
        if which == "scalar":
            return cevns.cross_section(t, e, ARGON, "mu") + scalar_section(t, e, SCALAR.couplings)
        return cevns.cross_section(t, e, ARGON, "mu", None if model is None else model.couplings)

    def rate(t):
        least = (t + np.sqrt(t * (t + 2 * ARGON.mass))) / 2
        if least > 52.8:
            return 0.0
        e = least + (52.8291 - least) * (X + 1) / 2
        both = spectrum(e, "nubar_mu") + spectrum(e, "nu_e")
        continuous = np.sum(W * section(t, e) * both) * (52.8291 - least) / 2
        return float(continuous + (section(t, LINE_ENERGY) if least < LINE_ENERGY else 0.0))

    line = 2 * LINE_ENERGY**2 / (ARGON.mass + 2 * LINE_ENERGY)
    expected = [
        quad(rate, low, high, points=[line] if low < line < high else None, epsrel=1e-6, limit=200)[0]
        for low, high in ((0.020, 0.040), (0.040, 0.080))
    ]
    scale = 1e7 * HBAR_C_CM**2 * 365.25 * 86400 * 1e6 * N_AVOGADRO / 39.948
    assert found.expected == pytest.approx(scale * np.array(expected), rel=1e-4)


def test_electrons_in_front_of_a_reactor():
    """Antineutrinos on the electrons of germanium: gL and gR exchanged, all shells open above 12 keV."""
    model = nup.VectorMediator("1 keV", g_e=1e-6, g_nu=1e-6)
    chosen = {"source": "reactor", "source_flux": 1e13, "edges": [20, 60], "exposure": "1 kg d"}
    found = nup.recoil_spectrum(model, "germanium", **chosen)
    source = ReactorAntineutrinos(1e13)
    t = np.linspace(0.020, 0.060, 401)
    section = lambda t, e, f: electron_scattering.cross_section(t, e, f, model.couplings, particle="antineutrino")  # noqa: E731
    rate = source.fold(t, section)
    expected = np.trapezoid(rate, t) * 86400 * 1e3 * N_AVOGADRO / 72.63 * 32
    assert found.expected.sum() == pytest.approx(expected, rel=1e-4)
    assert found.to_dict()["counts"] is None


def test_published_absolute_rates():
    """COHERENT CsI: 386 events of an independent code before timing cuts (14.6 kg, 3.20e23 protons at 0.0848, 19.3 m);
    CONUS+: 347 +- 59 of the collaboration (327 kg d, 1.5e13 cm^-2 s^-1)."""
    fluence = 0.0848 * 3.20e23 / (4 * np.pi * 1930.0**2)
    csi, conus = experiment("coherent-csi"), experiment("conus")
    seconds = 365.25 * 86400
    per_year = nup.recoil_spectrum(None, "coherent-csi").prediction
    unscaled = per_year.sm.sum() / per_year.scale  # events a tonne and year at 1 cm^-2 s^-1
    assert unscaled * fluence / seconds * 14.6e-3 == pytest.approx(386, rel=0.02)
    assert nup.recoil_spectrum(None, csi).sm.sum() == pytest.approx(341, rel=2e-3)
    reactor = nup.recoil_spectrum(None, conus).prediction
    assert reactor.sm.sum() / reactor.scale * 1.5e13 * 327e-3 / 365.25 == pytest.approx(347, rel=0.05)


def test_spectrum_of_an_experiment_adds_up_to_its_likelihood():
    """The bins of the spectrum hold what the one bin of limit and fit holds; CsI's electrons are in both."""
    model = nup.U1X("B-L", mass="1 MeV", g=1e-5)
    found = nup.recoil_spectrum(model, "coherent-csi")
    ray = Ray(lambda g: nup.U1X("B-L", mass="1 MeV", g=g), "g", 1e-8, 1.0)
    chosen = nup.limit("coherent-csi")
    added = 341 * chosen.added(ray, np.array([1e-5]))[0] / chosen.standard  # type: ignore[attr-defined]
    assert found.signal.sum() == pytest.approx(added, rel=2e-3)
    assert len(found.signal) == 20
    assert "306 +- 20 observed" in found.notes[0]
    sm = pickle.loads(pickle.dumps(found))
    assert sm.signal == pytest.approx(found.signal)


def test_fit_of_a_counting_experiment_is_the_parabola():
    """One count with errors: chi^2 = (N - N0 (1 + x))^2/(s^2 + (r N0 (1 + x))^2) profiled over the expectation."""
    result = nup.fit("scalar", "coherent-csi", "nuclear_product", mass="20 MeV", g_e=0.0, flavour="universal")
    per_square = nup.recoil_spectrum(SCALAR, "coherent-csi").signal.sum() / (2e-9) ** 2
    limit = result.upper_limit(0.90)

    def chi2(x):
        expected = 341 + per_square * x**2
        return (306 - expected) ** 2 / (20**2 + (0.11 * expected) ** 2)

    assert result.best == 0
    assert chi2(limit) - chi2(0.0) == pytest.approx(2.7055, rel=0.01)


def test_dipole_on_nuclei():
    """At E >> T the Coulomb term: dR/dT = alpha mu^2 Z^2 F^2 (1/T - 1/E) for a massless partner."""
    model = nup.DipolePortal(mass=0.0, d="1e-9 mu_B", flavour="mu")
    chosen = {"recoil": "nuclear", "source": "pion-decay", "source_flux": 1e7, "flux": "nu_mu"}
    found = nup.recoil_spectrum(model, "argon", edges=[10, 11], **chosen)
    alpha = 1 / 137.036
    t = np.linspace(0.010, 0.011, 101)
    rate = alpha * model.magnetic_moment**2 * (18 * helm(t, ARGON)) ** 2 * (1 / t - 1 / LINE_ENERGY)
    scale = 1e7 * HBAR_C_CM**2 * 365.25 * 86400 * 1e6 * N_AVOGADRO / 39.948
    assert found.signal.sum() == pytest.approx(np.trapezoid(rate, t) * scale, rel=1e-3)


def test_scalar_with_nucleons_is_a_model_everywhere():
    """N_eff does not feel nucleons; recoils, limits, evaluate, fit and planes do."""
    assert SCALAR.couplings.c_p == SCALAR.couplings.c_n == 2e-5
    found = nup.evaluate(SCALAR, ["coherent-csi", "coherent-ar", "xenonnt", "texono"])
    assert found["coherent-csi"].status == "ok"
    assert found["xenonnt"].status == "not applicable"
    ray = nup.ray("scalar", "g_n=1e-8:1e-2", mass=20.0, g_nu=1e-4, g_e=0.0, flavour="universal")
    edge = nup.limit("coherent-csi").excluded(ray).excluded[0][0]
    closer = nup.ray("scalar", "g_n=1e-8:1e-2", mass=20.0, g_nu=2e-4, g_e=0.0, flavour="universal")
    assert nup.limit("coherent-csi").excluded(closer).excluded[0][0] == pytest.approx(edge / 2, rel=1e-4)
    axes = ("mass=1:100:3", "nuclear_product=1e-10:1e-5:30")
    plane = nup.plane("scalar", *axes, ["coherent-csi"], g_e=0.0, flavour="mu")
    assert plane.excluded().any()
    assert not plane.excluded().all()
    with pytest.raises(ParameterError, match="couples to nothing"):
        nup.ScalarMediator(1.0)
    with pytest.raises(ParameterError, match="c_nucleon of a scalar"):
        nup.Couplings(1.0, c_nucleon=(1e-3, 1e-3))
    with pytest.raises(ParameterError, match="proton and neutron"):
        nup.Couplings(1.0, spin=0, c_nucleon=(1e-3,))  # type: ignore[arg-type]


def test_plane_of_neff_of_scalars():
    """The plane holds what the fluid gives point by point; nucleons are no axis of it."""
    from nuportal.cosmology.fluid.solve import fluid_grid

    found = nup.plane("scalar", "mass=0.01:0.1:2", "g_nu=1e-10:1e-9:2", g_e=1e-10, preset="ibe")
    expected = fluid_grid(found.spec.x.values, 1e-10, found.spec.y.values, spin=0, preset="ibe")[0][:, 0]
    assert found.values == pytest.approx(expected, rel=1e-9)
    vector = fluid_grid(found.spec.x.values, 1e-10, found.spec.y.values, spin=1, preset="ibe")[0][:, 0]
    assert not np.allclose(found.values, vector, rtol=1e-3)
    with pytest.raises(ParameterError, match="g_n"):
        nup.plane("scalar", "mass=0.01:0.1:2", "g_n=1e-10:1e-9:2", "default", g_e=1e-10, g_nu=1e-10)


def test_an_axis_of_products_is_that_of_the_couplings():
    """Couplings go as the root of a product: its edge is the square of that of g = g_e = g_nu."""
    for kind, name in (("vector", "texono"), ("scalar", "xenonnt")):
        product = nup.limit(name).excluded(nup.ray(kind, "product=1e-16:1e-8", mass=1.0)).excluded[0][0]
        single = nup.limit(name).excluded(nup.ray(kind, "g=1e-8:1e-4", mass=1.0)).excluded[0][0]
        assert product == pytest.approx(single**2, rel=1e-4)


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        ({"recoil": "nuklear"}, UnknownNameError, "did you mean 'nuclear'"),
        ({"source": "reaktor"}, UnknownNameError, "did you mean 'reactor'"),
        ({"source": "reactor"}, ParameterError, "source_flux"),
        ({"source_flux": 1e13}, ParameterError, "knows its flux"),
        ({"exposure": "3 pounds"}, UnitError, "kg d"),
        ({"exposure": -1}, ParameterError, "positive"),
        ({"edges": [3, 2]}, ParameterError, "increasing"),
        ({"edges": [-1, 2]}, ParameterError, "negative"),
        ({"edges": "wide"}, ParameterError, "keV"),
        ({"flux": "nu_tau", "source": "pion-decay", "source_flux": 1.0}, UnknownNameError, "part of the flux"),
        ({"binding": "rrpa", "recoil": "nuclear"}, ParameterError, "binding"),
        ({"radiative": "common", "recoil": "nuclear"}, UnknownNameError, "radiative"),
    ],
)
def test_what_a_target_refuses(change, error, text):
    with pytest.raises(error, match=text):
        nup.recoil_spectrum(None, "argon", **change)


@pytest.mark.parametrize(
    ("name", "change", "text"),
    [
        ("xenonnt", {"recoil": "nuclear"}, "it is 'electron' there"),
        ("xenonnt", {"source": "reactor", "source_flux": 1.0}, "it is 'solar' there"),
        ("xenonnt", {"edges": [1, 2]}, "option of targets"),
        ("coherent-csi", {"source": "solar"}, "it is 'pion-decay' there"),
        ("coherent-csi", {"flux": "nu_e"}, "cannot be chosen"),
        ("conus", {"exposure": 2.0}, "cannot be chosen"),
    ],
)
def test_what_an_experiment_refuses(name, change, text):
    with pytest.raises(ParameterError, match=text):
        nup.recoil_spectrum(None, name, **change)


def test_weak_scattering_of_the_tree_is_the_closed_form():
    """G_F^2 m Q_w^2/(4 pi) (1 - m T/(2 E^2)) F^2 with Q_w = N - (1 - 4 s^2) Z, at low recoil (Freedman)."""
    t, e, m = 1e-4, 30.0, ARGON.mass
    q = 22 - (1 - 4 * 0.23857) * 18
    expected = G_F**2 * m * q**2 / (4 * np.pi) * (1 - t / e - m * t / (2 * e**2)) * helm(t, ARGON) ** 2
    assert cevns.cross_section(t, e, ARGON, "e") == pytest.approx(expected, rel=1e-4)


def test_pion_source_objects_are_taken():
    by_name = nup.recoil_spectrum(None, "CsI", recoil="nuclear", source="pion-decay", source_flux=2e7, edges=[5, 9])
    by_object = nup.recoil_spectrum(None, "CsI", recoil="nuclear", source=PionDecayAtRest(2e7), edges=[5, 9])
    assert by_name.sm.sum() == by_object.sm.sum()
