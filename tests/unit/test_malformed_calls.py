"""Malformed calls and files: each is answered by a typed error of the package with one clear line."""

from functools import cache

import numpy as np
import pytest

import nuportal as nup
from nuportal.errors import (
    ChargeError,
    DataFileError,
    NotApplicableError,
    OutputError,
    ParameterError,
    UnitError,
    UnknownModelError,
    UnknownNameError,
)
from nuportal.inference.toys import p_value
from nuportal.planes.axes import Axis

POINT = nup.U1X("B-L", mass="10 MeV", g=1e-6)


@cache
def fitted():
    return nup.fit("B-L", "lz", mass="10 keV")


CALLS = {
    "model name a number": (lambda: nup.U1X(3, mass=1, g=1e-7), ParameterError, "charges"),
    "model name a mapping": (lambda: nup.U1X({"e": 1}, mass=1, g=1e-7), ParameterError, "charges={'e': 1"),
    "a family of its own": (lambda: nup.U1X("vector", mass=1, g=1e-7), UnknownModelError, "VectorMediator"),
    "grid of a mediator": (lambda: nup.neff_grid("vector", [1.0], [1e-7]), UnknownModelError, "VectorMediator"),
    "grid masses words": (lambda: nup.neff_grid("B-L", ["heavy"], [1e-7]), UnitError, "heavy"),
    "grid couplings words": (lambda: nup.neff_grid("B-L", [1.0], ["weak"]), ParameterError, "weak"),
    "grid of a matrix": (lambda: nup.neff_grid("B-L", np.ones((2, 2)), [1e-7]), ParameterError, "one-dimensional"),
    "grid of yields, words": (lambda: nup.yields_grid("B-L", [1.0], ["weak"]), ParameterError, "weak"),
    "regimes of a word": (lambda: nup.regimes(d="three"), ParameterError, "d = 'three'"),
    "regimes of None": (lambda: nup.regimes(None), ParameterError, "d = None"),
    "regimes of seven flavours": (lambda: nup.regimes(3, 7), ParameterError, "flavours"),
    "history of a number": (lambda: nup.History.load(3), DataFileError, "3 is not the name"),
    "plane of a file number": (lambda: nup.Plane.load(3), DataFileError, "3 is not the name"),
    "panel a number": (lambda: nup.evolve(None, treatment="temperatures").plot(3), UnknownNameError, "panel '3'"),
    "recoil sun unknown": (lambda: nup.recoil_spectrum(POINT, "lz", sun="B99"), UnknownNameError, "B99"),
    "recoil sun a number": (lambda: nup.recoil_spectrum(POINT, "lz", sun=3), ParameterError, "sun = 3"),
    "fit sun a number": (lambda: nup.fit("B-L", "lz", mass=0.01, sun=3), ParameterError, "sun = 3"),
    "interval of a word": (lambda: fitted().interval("most"), ParameterError, "cl = 'most'"),
    "interval of percent": (lambda: fitted().interval(90), ParameterError, "cl = 90"),
    "limit of None": (lambda: fitted().upper_limit(None), ParameterError, "cl = None"),
    "cls of a word": (lambda: fitted().cls("weak"), ParameterError, "x = 'weak'"),
    "cls toys a word": (lambda: fitted().cls(1e-7, toys="many"), ParameterError, "toys = 'many'"),
    "cls toys negative": (lambda: fitted().cls(1e-7, toys=-1), ParameterError, "toys = -1"),
    "cls seed negative": (lambda: fitted().cls(1e-7, toys=5, seed=-1), ParameterError, "seed = -1"),
    "cls workers none": (lambda: fitted().cls(1e-7, toys=5, workers=0), ParameterError, "workers = 0"),
    "likelihood of a word": (lambda: fitted().nll("weak"), ParameterError, "'weak'"),
    "p-value of nothing": (lambda: p_value([], 10, 1), ParameterError, "at least one fit"),
    "limit along a model": (lambda: nup.limit("texono").excluded(POINT), ParameterError, "nuportal.ray"),
    "limit along a name": (lambda: nup.limit("e137").excluded("B-L"), ParameterError, "nuportal.ray"),
    "axes a number": (lambda: fitted().plot(ax=3), ParameterError, "axes of matplotlib"),
    "spectrum on a word": (lambda: nup.recoil_spectrum(None, "lz").plot(ax="a"), ParameterError, "axes of matplotlib"),
    "observable a number": (lambda: nup.scan("B-L", ["mass=1:2:2", "g=1e-8:1e-7:2"], 3), ParameterError, "observables"),
    "unknown model": (lambda: nup.U1X("B-X", mass=1, g=1e-7), UnknownModelError, "B-L"),
    "charges a list": (lambda: nup.U1X(charges=["e"], mass=1, g=1e-7), ChargeError, "mapping"),
    "charge None": (lambda: nup.U1X(charges={"e": None}, mass=1, g=1e-7), ChargeError, "charge of e"),
    "charge a word": (lambda: nup.U1X(charges={"e": "1/x"}, mass=1, g=1e-7), ChargeError, "number"),
    "fermion a number": (lambda: nup.U1X(charges={1: 1}, mass=1, g=1e-7), ChargeError, "fermion"),
    "mass None": (lambda: nup.U1X("B-L", mass=None, g=1e-7), ParameterError, "mass"),
    "mass a list": (lambda: nup.U1X("B-L", mass=[1, 2], g=1e-7), ParameterError, "mass"),
    "mass an array": (lambda: nup.U1X("B-L", mass=np.array([1.0, 2.0]), g=1e-7), ParameterError, "mass"),
    "mass complex": (lambda: nup.U1X("B-L", mass=1j, g=1e-7), ParameterError, "mass"),
    "mass true": (lambda: nup.U1X("B-L", mass=True, g=1e-7), ParameterError, "mass"),
    "mass empty": (lambda: nup.U1X("B-L", mass="", g=1e-7), UnitError, "mass"),
    "mass a length": (lambda: nup.U1X("B-L", mass="1 km", g=1e-7), UnitError, "unknown unit"),
    "g a list": (lambda: nup.U1X("B-L", mass=1, g=[1e-7]), ParameterError, "g"),
    "g None": (lambda: nup.U1X("B-L", mass=1, g=None), ParameterError, "g"),
    "epsilon None": (lambda: nup.U1X("B-L", mass=1, g=1e-7, epsilon=None), ParameterError, "epsilon"),
    "epsilon a list": (lambda: nup.U1X("B-L", mass=1, g=1e-7, epsilon=[1]), ParameterError, "epsilon"),
    "cutoff alone": (lambda: nup.U1X("B-L", mass=1, g=1e-7, cutoff="1 TeV"), ParameterError, "loop"),
    "flavour None": (lambda: nup.VectorMediator(1, g_e=1e-7, flavour=None), UnknownNameError, "flavour"),
    "flavour a list": (lambda: nup.VectorMediator(1, g_e=1e-7, flavour=["e"]), UnknownNameError, "flavour"),
    "no coupling": (lambda: nup.ScalarMediator(1), ParameterError, "nothing"),
    "huge coupling": (lambda: nup.ScalarMediator(1, g_e=100), ParameterError, "below 3.54"),
    "dipole without mass": (lambda: nup.DipolePortal(d="1e-9 mu_B"), ParameterError, "mass"),
    "dipole with two masses": (lambda: nup.DipolePortal(1, "1e-9 mu_B", m4=1), ParameterError, "once"),
    "dipole without moment": (lambda: nup.DipolePortal(m4=1), ParameterError, "dipole moment"),
    "moment an energy": (lambda: nup.DipolePortal(1, "1 MeV"), UnitError, "mu_B"),
    "mixing above one": (lambda: nup.HiddenNeutrino(mixing=1.5), ParameterError, "below 1"),
    "mixing negative": (lambda: nup.HiddenNeutrino(mixing=-0.5), ParameterError, "zero or positive"),
    "couplings of negative mass": (lambda: nup.Couplings(mass=-1), ParameterError, "mass"),
    "couplings of spin 2": (lambda: nup.Couplings(mass=1, spin=2), ParameterError, "spin"),
    "couplings not finite": (lambda: nup.Couplings(mass=1, c_e=float("nan")), ParameterError, "c_e"),
    "couplings of two neutrinos": (lambda: nup.Couplings(mass=1, c_nu=(1, 1)), ParameterError, "c_nu"),
    "plane of nothing": (lambda: nup.plane(None), NotApplicableError, "NoneType"),
    "plane of a number": (lambda: nup.plane(3), NotApplicableError, "int"),
    "axis a number": (lambda: nup.plane("B-L", 3), ParameterError, "axis 3"),
    "axis a list": (lambda: nup.plane("B-L", [1, 10]), ParameterError, "axis"),
    "axis not in family": (lambda: nup.plane("B-L", Axis("d", 1, 2)), UnknownNameError, "parameter of B-L"),
    "axis points a text": (lambda: Axis("mass", 1, 2, "ten"), ParameterError, "points"),
    "axis scale": (lambda: Axis("mass", 1, 2, 5, "cubic"), UnknownNameError, "axis scale"),
    "plane option": (lambda: nup.plane("B-L", colour="red"), UnknownNameError, "colour"),
    "plane combined option": (lambda: nup.plane("B-L", constraints="texono", colour=1), UnknownNameError, "colour"),
    "plane constraints a number": (lambda: nup.plane("B-L", constraints=3), ParameterError, "constraints"),
    "plane constraint a number": (lambda: nup.plane("B-L", constraints=[3]), UnknownNameError, "3"),
    "plane workers": (lambda: nup.plane("B-L", workers=1.5), ParameterError, "workers"),
    "plane save": (lambda: nup.plane("B-L", save=3), OutputError, "3"),
    "limit a number": (lambda: nup.limit(3), UnknownNameError, "3"),
    "limit a folder": (lambda: nup.limit("./nowhere"), DataFileError, "limit.toml"),
    "ray without mass": (lambda: nup.ray("B-L"), ParameterError, "mass"),
    "ray of unknown": (lambda: nup.ray("B-L", mass=1, charm=2), UnknownNameError, "charm"),
    "evaluate a name": (lambda: nup.evaluate("B-L"), ParameterError, "all its parameters"),
    "evaluate a class": (lambda: nup.evaluate(nup.U1X), ParameterError, "all its parameters"),
    "evaluate None": (lambda: nup.evaluate(None), NotApplicableError, "model"),
    "evaluate constraint 3": (lambda: nup.evaluate(POINT, 3), ParameterError, "constraints"),
    "loglike without likelihood": (lambda: nup.loglike(POINT, "e137"), NotApplicableError, "no likelihood"),
    "loglike twice": (lambda: nup.loglike(POINT, ["xenon1t", "xenon1t-excess"]), ParameterError, "same data"),
    "recoil of a name": (lambda: nup.recoil_spectrum("B-L", "lz"), NotApplicableError, "str"),
    "recoil in a number": (lambda: nup.recoil_spectrum(POINT, 3), ParameterError, "experiment 3"),
    "recoil in None": (lambda: nup.recoil_spectrum(POINT, None), ParameterError, "experiment None"),
    "recoil bins": (lambda: nup.recoil_spectrum(POINT, "lz", bin_width="wide"), ParameterError, "bin_width"),
    "recoil flux": (lambda: nup.recoil_spectrum(POINT, "lz", flux=3), UnknownNameError, "3"),
    "fit nothing": (lambda: nup.fit(None, "lz"), NotApplicableError, "NoneType"),
    "fit in nothing": (lambda: nup.fit("B-L", [], mass=1), ParameterError, "experiment"),
    "fit in None": (lambda: nup.fit("B-L", None, mass=1), ParameterError, "experiment"),
    "fit option": (lambda: nup.fit("B-L", "lz", mass=1, spin=1), UnknownNameError, "spin"),
    "fit parameter a number": (lambda: nup.fit("B-L", "lz", 3, mass=1), UnknownNameError, "3"),
    "fit mass None": (lambda: nup.fit("B-L", "lz"), ParameterError, "mass"),
    "fit window a number": (lambda: nup.fit("B-L", "lz", mass=0.01, window=3), ParameterError, "window"),
    "fit window three": (lambda: nup.fit("B-L", "lz", mass=0.01, window=(1, 2, 3)), ParameterError, "window"),
    "fit error a word": (lambda: nup.fit("B-L", "lz", mass=0.01, background_error="x"), ParameterError, "background"),
    "load a plane of nothing": (lambda: nup.Plane.load("nowhere.nc"), DataFileError, "nowhere.nc"),
}


@pytest.mark.parametrize("name", list(CALLS))
def test_typed_error_with_one_line(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call, error, says = CALLS[name]
    with pytest.raises(error) as caught:
        call()
    text = str(caught.value)
    assert isinstance(caught.value, nup.NuportalError)
    assert "\n" not in text
    assert says in text
    assert list(tmp_path.iterdir()) == []


def test_there_are_many():
    assert len(CALLS) >= 60
