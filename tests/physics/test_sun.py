"""Solar fluxes, spectra, flavour and rates against tables, brute force and published rates."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from nuportal.constants import G_F, HBAR_C_CM, M_E, N_AVOGADRO, SECONDS_PER_YEAR
from nuportal.errors import NotApplicableError, ParameterError, UnknownNameError
from nuportal.processes import dipole_scattering, electron_scattering
from nuportal.sources.beta_decay import allowed_shape
from nuportal.sources.oscillation import OscillationParameters, flavour_probabilities, oscillation_parameters
from nuportal.sources.solar_spectra import (
    COMPONENTS,
    components,
    end_of_spectrum,
    line_energies,
    solar_data,
    spectrum,
)
from nuportal.sources.sun import SolarNeutrinos, survival_probability

CONTINUOUS = ("pp", "13N", "15O", "17F", "8B", "hep")


@pytest.mark.parametrize(
    ("component", "mean_kev"), [("pp", 266.8), ("13N", 706.7), ("15O", 996.5), ("17F", 999.6), ("8B", 6735.0)]
)
def test_mean_energies(component, mean_kev):
    end = end_of_spectrum(component)
    norm = quad(lambda e: float(spectrum(e, component)), 0, end, limit=200)[0]
    mean = quad(lambda e: e * float(spectrum(e, component)), 0, end, limit=200)[0]
    assert norm == pytest.approx(1, abs=2e-6)
    assert mean * 1e3 == pytest.approx(mean_kev, abs=0.5)


@pytest.mark.parametrize("component", CONTINUOUS)
def test_spectra_are_those_of_bahcall(shared, component):
    energy, shape = np.loadtxt(shared / "facts" / f"solar_spec_{component}.csv", delimiter=",", unpack=True)
    shape = shape / np.trapezoid(shape, energy / 1e3)
    assert np.max(np.abs(spectrum(energy / 1e3, component) - shape)) < 1e-3 * shape.max()


@pytest.mark.parametrize("component", CONTINUOUS)
def test_sample_of_the_spectra_of_bahcall(table, component):
    """The same at a few points that the clone holds."""
    sample = table("solar_spectra_sample")
    mine = sample["component"] == component
    energy, shape = sample["energy_keV"][mine], sample["per_MeV"][mine]
    assert len(energy) >= 40
    assert np.max(np.abs(spectrum(energy / 1e3, component) - shape)) < 1e-3 * shape.max()


def test_survival_probabilities(reference):
    checks = {c["id"]: c["value"] for c in reference("recoil.json")["checks"]}
    vacuum = survival_probability(0.3, "pp", method="vacuum", parameters="NuFIT 4.0")
    assert vacuum == pytest.approx(checks["pee_vacuum_eq5"], rel=1e-6)
    boron = survival_probability(8.0, "8B", density=90.0, parameters="NuFIT 4.0")
    assert boron == pytest.approx(checks["pee_msw_8B_8MeV"], rel=1e-3)
    assert survival_probability(0.862, "7Be") == pytest.approx(0.524, abs=1e-3)
    assert survival_probability(0.3, "pp", "tau") == pytest.approx(0.261, abs=1e-3)
    assert survival_probability(8.0, "8B", "tau") == pytest.approx(0.379, abs=1e-3)


@pytest.mark.parametrize("energy", [0.3, 2.0, 12.0])
def test_adiabatic_conversion_is_the_diagonalised_hamiltonian(energy):
    """Mass fractions from the eigenvectors of the full three-flavour Hamiltonian at the production density."""
    delta, density = 0.7, 90.0
    parameters = OscillationParameters(0.31, 0.0224, 0.58, 7.39e-5, delta)
    s12, s13, s23 = np.sqrt([0.31, 0.0224, 0.58])
    c12, c13, c23 = np.sqrt(1 - np.array([0.31, 0.0224, 0.58]))
    phase = np.exp(1j * delta)
    u23 = np.array([[1, 0, 0], [0, c23, s23], [0, -s23, c23]])
    u13 = np.array([[c13, 0, s13 / phase], [0, 1, 0], [-s13 * phase, 0, c13]])
    u12 = np.array([[c12, s12, 0], [-s12, c12, 0], [0, 0, 1]])
    u = u23 @ u13 @ u12
    vacuum = u @ np.diag([0, 7.39e-5, 2.5e-3]) @ u.conj().T * 1e-12 / (2 * energy)
    matter = np.diag([np.sqrt(2) * G_F * density * N_AVOGADRO * HBAR_C_CM**3, 0, 0])
    born = np.abs(np.linalg.eigh(vacuum + matter)[1][0]) ** 2
    expected = np.abs(u) ** 2 @ born
    assert flavour_probabilities(energy, density, parameters) == pytest.approx(expected, abs=2e-3)


def test_limits_of_the_survival_probability():
    parameters = oscillation_parameters("NuFIT 6.0")
    low, high = flavour_probabilities(np.array([1e-4, 1e4]), 90.0, parameters).T
    c13, s13 = 1 - parameters.s13sq, parameters.s13sq
    assert low == pytest.approx(flavour_probabilities(1.0, 90.0, parameters, "vacuum"), abs=1e-4)
    assert high[0] == pytest.approx(c13**2 * parameters.s12sq + s13**2, abs=1e-4)
    assert low.sum() == pytest.approx(1, abs=1e-14)
    assert high.sum() == pytest.approx(1, abs=1e-14)


def rate_per_100_t_day(sun, component, radiative):
    """Counts per day and 100 t at zero threshold: int dT over panels between the ends of the lines."""
    ends = [end_of_spectrum(c) for c in components(component)]
    if component == "7Be":
        ends = list(line_energies("7Be")[0])
    edges = sorted({0.0, *(2 * e**2 / (M_E + 2 * e) for e in ends)})
    x, w = np.polynomial.legendre.leggauss(24)
    total = 0.0
    for low, high in pairwise(edges):
        recoil = low + (high - low) * (x + 1) / 2
        rate = sun.fold(
            recoil, lambda t, e, f: electron_scattering.cross_section(t, e, f, radiative=radiative), component
        )
        total += np.sum(w * (high - low) / 2 * rate.sum(axis=0))
    return total * 3.307e31 * 86400


@pytest.mark.parametrize(
    ("radiative", "expected"),
    [("flavour", (131.8, 48.0, 2.76, 4.91)), ("common", (132.8, 48.4, 2.78, 4.94))],
)
@pytest.mark.parametrize("oscillation", ["NuFIT 4.0", "NuFIT 6.0"])
def test_borexino_rates(radiative, expected, oscillation):
    """Standard Model rates of pp, 7Be, pep, CNO; also within 1.5 % of Borexino's own expectation (HZ)."""
    sun = SolarNeutrinos("B16-GS98", oscillation)
    rates = [rate_per_100_t_day(sun, c, radiative) for c in ("pp", "7Be", "pep", "CNO")]
    assert rates == pytest.approx(expected, rel=0.01)
    assert rates == pytest.approx((131.1, 47.9, 2.74, 4.92), rel=0.02)


def test_xenon_rate_at_10_kev(reference, table):
    """3.059 per t y keV with the shells bound by less than 10 keV (all but 1s)."""
    checks = {c["id"]: c["value"] for c in reference("recoil.json")["checks"]}
    shells = table("xenon_shells")
    electrons = shells["electrons"][shells["binding_eV"] < 10e3].sum() * N_AVOGADRO * 1e6 / 131.293
    common = lambda t, e, f: electron_scattering.cross_section(t, e, f, radiative="common")  # noqa: E731
    rate = SolarNeutrinos("B16-GS98").fold(0.01, common).sum() * electrons * SECONDS_PER_YEAR * 1e-3
    assert rate == pytest.approx(checks["SM_rate_10keV"], rel=5e-4)


@pytest.mark.parametrize("component", ["pp", "8B", "CNO"])
@pytest.mark.parametrize("m4", [0.0, 0.2])
def test_fold_against_adaptive_quadrature(component, m4):
    """The fixed nodes against scipy's quad over the flux, with the kinematic edge inside the spectrum."""
    sun = SolarNeutrinos("BP04", survival="vacuum")
    recoil = np.array([2e-3, 0.15])
    kernel = lambda t, e, f: dipole_scattering.coefficient(t, e, m4) * (f == "tau")  # noqa: E731
    found = sun.fold(recoil, kernel, component, final_mass=m4)[2] / HBAR_C_CM**2
    for i, t in enumerate(recoil):
        expected = 0.0
        for name in components(component):
            end = end_of_spectrum(name)
            least = (m4**2 + 2 * M_E * t) / (2 * (np.sqrt(t * (t + 2 * M_E)) - t))
            if least < end:

                def integrand(e, n=name, t=t):
                    return float(spectrum(e, n) * sun.probabilities(e, n)[2]) * float(kernel(t, e, "tau"))

                expected += sun.flux(name) * quad(integrand, least, end, epsabs=0, epsrel=1e-7, limit=200)[0]
        assert found[i] == pytest.approx(expected, rel=1e-4)


def test_fluxes_and_errors():
    assert SolarNeutrinos("BP04").flux("pp") == 5.94e10
    assert SolarNeutrinos("b16_gs98").flux("be7") == 4.93e9
    sun = SolarNeutrinos("B16-AGSS09")
    assert sun.model == "B16-AGSS09met"
    assert sun.flux("CNO") == pytest.approx(2.04e8 + 1.44e8 + 3.26e6)
    assert sun.relative_error("8B") == 0.12
    for component in COMPONENTS:
        weights = sun.nodes(component).weight
        assert np.sum(weights) == pytest.approx(sun.flux(component), rel=1e-4)


def test_description_carries_provenance():
    described = SolarNeutrinos("BP04", "nufit 6.0").describe()
    assert described["oscillation"] == "NuFIT 6.0"
    assert described["oscillation_provenance"] == described["flux_error_provenance"] == "unverified"
    assert described["references"] == ["Bahcall:2004mz", "Bahcall:1996qv", "Esteban:2024eli"]
    own = SolarNeutrinos(oscillation=OscillationParameters(0.3, 0.02, 0.5, 7.5e-5)).describe()
    assert own["oscillation"] == {"s12sq": 0.3, "s13sq": 0.02, "s23sq": 0.5, "dm21": 7.5e-5, "delta": None}


def test_nothing_above_the_end_of_the_spectrum():
    sun = SolarNeutrinos()
    assert sun.fold(0.27, electron_scattering.cross_section, "pp").tolist() == [0, 0, 0]
    kernel = lambda t, e, f: dipole_scattering.coefficient(t, e, 5.0)  # noqa: E731
    assert sun.fold(2e-3, kernel, "all", final_mass=5.0).tolist() == [0, 0, 0]


def test_bad_input():
    with pytest.raises(UnknownNameError, match="did you mean 'B16-GS98'"):
        SolarNeutrinos("B16-GS99")
    with pytest.raises(UnknownNameError, match="did you mean 'NuFIT 6"):
        SolarNeutrinos(oscillation="nufit6.0")
    with pytest.raises(UnknownNameError, match="survival method 'MSV'"):
        SolarNeutrinos(survival="MSV")  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="component 'B9'"):
        SolarNeutrinos().flux("B9")
    with pytest.raises(ParameterError, match="not negative"):
        SolarNeutrinos().fold([-1e-3], electron_scattering.cross_section)
    with pytest.raises(ParameterError, match="s12sq"):
        OscillationParameters(1.2, 0.02, 0.5, 7e-5)
    with pytest.raises(NotApplicableError, match="line"):
        spectrum(0.8, "7Be")


@pytest.mark.parametrize("component", ["pp", "hep", "13N", "15O", "17F"])
def test_beta_spectra_are_the_formula(component):
    """The spline follows the shape with its Coulomb factor everywhere, and the whole is one neutrino."""
    shape = solar_data()["beta"][component]
    energy = np.linspace(1e-4, 0.999, 4001) * shape["endpoint"]
    exact = allowed_shape(energy, shape["endpoint"], shape["daughter"])
    ratio = spectrum(energy, component) / exact
    assert ratio == pytest.approx(np.full(4001, ratio[2000]), rel=1e-6)
    fine = np.linspace(0, shape["endpoint"], 20001)
    assert np.trapezoid(spectrum(fine, component), fine) == pytest.approx(1, abs=1e-5)
    assert spectrum(np.array([-1.0, 0.0, 2 * shape["endpoint"]]), component) == pytest.approx(np.zeros(3), abs=0)
