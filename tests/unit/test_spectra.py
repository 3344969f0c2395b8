"""History of a treatment with spectra: what `evolve` makes of a solution, distortion, files, picture, light elements.

The solution stands for the solver: each flavour is a sum of two Fermi-Dirac distributions of different temperatures.
"""

import sys
from dataclasses import asdict, dataclass, replace
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

import nuportal as nup
from nuportal.cosmology.nucleosynthesis.background import NeutrinoSpectrum
from nuportal.cosmology.nucleosynthesis.from_history import background_of
from nuportal.errors import NotApplicableError, ParameterError, UnknownNameError
from nuportal.solvers.status import Status

HOT = 1.15  #: temperature of the warmer part over the other
RHO, NUMBER = 7 * np.pi**2 / 120, 1.5 * 1.2020569031595942 / np.pi**2
MIXED = {"e": 0.2, "mu": 0.1, "tau": 0.05}  #: share of the warmer part at the end


@dataclass(frozen=True)
class Options:
    flavours: str
    start: str
    accuracy: str
    mixing: str

    def to_dict(self):
        return asdict(self)


def solution(status=Status.OK):
    """A universe that only expands, in which the warmer part grows as a does."""
    standard = nup.evolve(treatment="temperatures")
    t_nu, a = standard.t_nu[:, 0], standard.a
    share = np.array(list(MIXED.values())) * np.linspace(0, 1, len(a))[:, None]
    momentum = np.linspace(0.05, 25, 120) * t_nu[-1] * a[-1]
    y = momentum / (t_nu * a)[:, None]
    cold, warm = 1 / (np.exp(y) + 1), 1 / (np.exp(y / HOT) + 1)
    return SimpleNamespace(
        status=status,
        neff=3.2 if status == Status.OK else float("nan"),
        numerical_error=1e-3,
        theory_error=4e-3,
        warnings=(),
        details={"fate": "decayed"},
        steps=len(a),
        ln_a=np.log(a),
        t_gamma=standard.t_gamma,
        hubble=standard.hubble,
        rho_em=standard.rho_em,
        p_em=standard.rho_em / 3,
        rho_nu=RHO * t_nu[:, None] ** 4 * (1 - share + share * HOT**4),
        n_nu=NUMBER * t_nu[:, None] ** 3 * (1 - share + share * HOT**3),
        rho_boson=np.zeros_like(a),
        p_boson=np.zeros_like(a),
        momentum=momentum,
        occupation=(1 - share)[:, :, None] * cold[:, None] + share[:, :, None] * warm[:, None],
        boson_momentum=momentum[:7],
        boson_occupation=np.outer(np.arange(len(a)), np.arange(7.0)),
        energy_residual=1e-7,
        rho_right=None,
        occupation_right=None,
    )


@pytest.fixture
def solved(monkeypatch):
    """Make `evolve` find this solution; asked holds what the solver was given."""
    asked = []
    module = ModuleType("nuportal.cosmology.momenta.solve")
    module.MomentaOptions = Options
    module.solve = lambda couplings, options: asked.append((couplings, options)) or solution()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return asked


@pytest.fixture
def history(solved):
    return nup.evolve(nup.U1X("B-L", mass="10 MeV", g=1e-7))


def test_solver_is_asked_for_the_couplings_and_defaults(solved):
    model = nup.ScalarMediator("1 keV", g_e=1e-9)
    for keywords, expected in (
        ({}, ("oscillating", "zero", "standard", "off")),
        (
            {"flavours": "common", "start": "thermal", "accuracy": "high", "mixing": "on"},
            ("common", "thermal", "high", "on"),
        ),
    ):
        history = nup.evolve(model, **keywords)
        assert solved[-1] == (model.couplings, Options(*expected))
        assert history.options == {"treatment": "momenta", **Options(*expected).to_dict()}
    assert nup.evolve(None).spectra.boson_momentum is None
    assert solved[-1][0] is None


def test_numbers_are_those_of_the_solution(history):
    found = solution()
    assert (history.neff, history.theory_error, history.numerical_error) == (3.2, 4e-3, 1e-3)
    np.testing.assert_allclose(history.n_nu, found.n_nu, rtol=1e-9)
    np.testing.assert_allclose(history.a, np.exp(found.ln_a), rtol=1e-12)
    standard = nup.evolve(treatment="temperatures")
    np.testing.assert_allclose(history.t, standard.t, rtol=2e-3)
    assert history.to_dict()["start"] == "zero"


@pytest.mark.parametrize("flavour", ["e", "tau"])
def test_distortion_is_against_the_fermi_dirac_of_equal_number_and_energy(history, flavour):
    """T and mu from SciPy's quadrature and root finder."""
    share = MIXED[flavour]
    number, energy = (1 - share + share * HOT**3) * NUMBER, (1 - share + share * HOT**4) * RHO

    def integral(power, z):
        return quad(lambda y: y**power / (np.exp(y - z) + 1), 0, 60)[0] / np.pi**2

    z = brentq(lambda z: integral(2, z) ** (4 / 3) / integral(3, z) - number ** (4 / 3) / energy, -2, 2, xtol=1e-12)
    t = (number / integral(2, z)) ** (1 / 3)
    y = history.spectra.momentum / (history.a[-1] * nup.evolve(treatment="temperatures").t_nu[-1, 0])
    f = (1 - share) / (np.exp(y) + 1) + share / (np.exp(y / HOT) + 1)
    np.testing.assert_allclose(history.distortion(flavour), f * (np.exp(y / t - z) + 1) - 1, atol=1e-7)
    assert np.max(np.abs(history.distortion(flavour))) > 0.002


def test_distortion_at_a_time(history):
    """At a step the values of that step; between two, in between; outside, refused."""
    k = len(history.a) // 2
    here = history.distortion("mu", a=history.a[k])
    np.testing.assert_allclose(history.distortion("mu", t_gamma=history.t_gamma[k]), here, atol=1e-9)
    after = history.distortion("mu", a=history.a[k + 1])
    middle = history.distortion("mu", a=np.sqrt(history.a[k] * history.a[k + 1]))
    np.testing.assert_allclose(middle, (here + after) / 2, atol=0.1 * np.max(np.abs(after - here)))
    np.testing.assert_allclose(history.distortion(a=history.a[0]), 0, atol=1e-9)
    for wrong in ({"t_gamma": 1e3}, {"a": 2.0}, {"a": -1.0}, {"t_gamma": 0.0}, {"a": 1e-10, "t_gamma": 1.0}):
        with pytest.raises(ParameterError):
            history.distortion(**wrong)
    with pytest.raises(UnknownNameError, match="tau"):
        history.distortion("tauon")
    with pytest.raises(NotApplicableError, match="momenta"):
        nup.evolve(treatment="temperatures").distortion()


def test_file_keeps_every_bit(history, tmp_path):
    again = nup.History.load(history.save(tmp_path / "h.nc"))
    for name in ("a", "t", "t_gamma", "t_nu", "mu_nu", "rho_nu", "t_boson", "hubble"):
        np.testing.assert_array_equal(getattr(again, name), getattr(history, name))
    for name in ("momentum", "occupation", "boson_momentum", "boson_occupation"):
        np.testing.assert_array_equal(getattr(again.spectra, name), getattr(history.spectra, name))
    np.testing.assert_array_equal(again.distortion("tau"), history.distortion("tau"))
    assert (again.numerical_error, again.details, again.options) == (1e-3, history.details, history.options)
    assert repr(again) == repr(history)
    header = history.save(tmp_path / "h.csv").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("a,t_s,") and "T_nu_tau_MeV" in line for line in header)


def test_boson_today_has_no_neff(monkeypatch, solved):
    module = sys.modules["nuportal.cosmology.momenta.solve"]
    monkeypatch.setattr(module, "solve", lambda *_: solution(Status.BOSON_TODAY))
    history = nup.evolve(nup.VectorMediator("10 keV", g_e=1e-9))
    assert np.isnan(history.neff)
    assert "is matter" in history.status.message
    assert history.to_dict()["neff"] is None


def test_electron_neutrinos_of_light_elements_have_their_spectrum(history):
    neutrinos = background_of(history).neutrinos
    assert isinstance(neutrinos, NeutrinoSpectrum)
    np.testing.assert_array_equal(neutrinos.momentum, history.spectra.momentum[: len(neutrinos.momentum)])
    f = 1 / (1 + np.exp(-neutrinos.logit))
    np.testing.assert_allclose(f, history.spectra.occupation[:, 0, : f.shape[1]], rtol=1e-12)


def test_light_elements_do_not_read_the_unresolved_tail(history):
    """Momenta whose occupation a solver does not resolve (here: below 1e-8) may hold anything."""
    f = history.spectra.occupation.copy()
    noise = np.random.default_rng(1).uniform(0.1, 5, f.shape)
    noisy = replace(history, spectra=replace(history.spectra, occupation=np.where(f < 1e-8, noise * 1e-9, f)))
    assert noisy.yields().Y_p == pytest.approx(history.yields().Y_p, abs=1e-9)


def test_picture_of_the_spectra(history, tmp_path):
    from nuportal.plotting.style import save

    figure = history.plot("spectra")
    (axes,) = figure.axes
    curves = [line for line in axes.get_lines() if len(line.get_xdata()) > 2]
    assert len(curves) == 9  # three flavours at three times
    last = curves[-3]  # nu_e at the end
    y = history.spectra.momentum / (history.a[-1] * history.t_nu[-1, 0])
    x = last.get_xdata()
    inside = (y > x[0]) & (y < x[-1])
    drawn = np.interp(y[inside], x, last.get_ydata())
    np.testing.assert_allclose(drawn, 100 * history.distortion()[inside], atol=0.01)
    assert (x[0], x[-1] > 14.5) == (pytest.approx(y[0]), True)
    assert save(figure, tmp_path / "s.svg").stat().st_size > 10_000
    assert len(history.plot("potential").axes[0].get_lines()) == 3
