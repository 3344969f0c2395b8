"""A new portal is one file: declared there, it fits, spans planes, meets limits and has its options in the commands."""

import json
import pickle
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

import nuportal as nup
from nuportal.cli.app import main
from nuportal.errors import DataFileError, ParameterError, UnknownNameError
from nuportal.models import family

SOURCE = """
    from dataclasses import dataclass, replace

    from nuportal.models import Choice, Couplings, Declaration, Parameter, Portal, declare
    from nuportal.models.declaration import MASS


    @declare(
        Declaration(
            "leptophilic",
            "leptophilic vector",
            "vector",
            (replace(MASS, aliases=("m_l",)), Parameter("g_l", "$g_l$", "1e-9:1e-3", help="To leptons.", largest=1.0)),
            choices=(Choice("lepton", ("e", "mu"), "Which lepton couples."),),
            scaled=("g_l",),
        )
    )
    @dataclass(frozen=True)
    class Leptophilic(Portal):
        mass: float
        g_l: float
        lepton: str = "e"

        @property
        def couplings(self):
            c_nu = (self.g_l, 0.0, 0.0) if self.lepton == "e" else (0.0, self.g_l, 0.0)
            return Couplings(self.mass, **{f"c_{self.lepton}": self.g_l}, c_nu=c_nu)
"""

OWN_RECOIL = """
    from dataclasses import dataclass

    from nuportal.constants import MU_B
    from nuportal.models import Declaration, Parameter, Portal, declare
    from nuportal.models.declaration import MASS
    from nuportal.processes.dipole_scattering import coefficient


    @declare(Declaration("own", "own", "own", (MASS, Parameter("x", "$x$", "1e-13:1e-6")), scaled=("x",)))
    @dataclass(frozen=True)
    class Own(Portal):
        mass: float
        x: float

        @property
        def recoil_coupling(self):
            return self.x

        @property
        def final_mass(self):
            return self.mass

        def unit(self):
            return Own(self.mass, 1.0)

        def recoil_cross_section(self, recoil_energy, neutrino_energy, flavour):
            return coefficient(recoil_energy, neutrino_energy, self.mass) * (MU_B**2 if flavour == "tau" else 0.0)
"""


@pytest.fixture
def portal(tmp_path):
    path = tmp_path / "leptophilic.py"
    path.write_text(dedent(SOURCE))
    return str(path)


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    captured = capsys.readouterr()
    return stop.value.code, captured.out, captured.err


def test_it_is_the_vector_that_it_equals(portal):
    """Fit, plane and limits of the portal are those of VectorMediator(g, g), point for point."""
    one = nup.fit(portal, "xenonnt", mass="10 keV")
    other = nup.fit("vector", "xenonnt", "g", mass="10 keV")
    assert one.family.parameter == "g_l"
    assert one.upper_limit() == pytest.approx(other.upper_limit(), rel=1e-6)
    names = ["texono", "borexino"]
    mine = nup.plane(portal, "mass=1keV:1MeV:4", "g_l=1e-7:1e-4:30", names)
    theirs = nup.plane("vector", "mass=1keV:1MeV:4", "g=1e-7:1e-4:30", names)
    assert mine.spec.y.label == "$g_l$"
    for name in names:
        assert (mine.excluded(name) == theirs.excluded(name)).all()
        assert mine.excluded(name).any()
    muonic = nup.ray(portal, mass=1.0, lepton="mu")
    assert nup.limit("texono").excluded(muonic).status == "not applicable"


def test_its_options_are_in_the_commands(portal, tmp_path, capsys):
    code, out, _ = run(capsys, "limits", portal, "texono", "--m-l", "1MeV", "--json")
    assert code == 0
    assert json.loads(out)[0]["excluded"][0]["open_above"]
    code, out, _ = run(capsys, "fit", portal, "--mass", "10keV", "--experiment", "lz", "--json")
    assert (code, json.loads(out)["parameter"]) == (0, "g_l")
    code, out, _ = run(capsys, "recoil", portal, "--mass", "10keV", "--g-l", "1e-6", "--experiment", "lz", "--json")
    assert code == 0
    assert sum(json.loads(out)["signal"]) > 0
    picture = tmp_path / "p.png"
    axes = ("--x", "mass=1MeV:10MeV:3", "--y", "g_l=1e-7:1e-4:10")
    code, _, _ = run(capsys, "plane", portal, *axes, "--constraints", "texono", "-o", str(picture))
    assert (code, picture.exists()) == (0, True)
    code, _, error = run(capsys, "recoil", portal, "--mass", "10keV", "--g-l", "2", "--experiment", "lz")
    assert (code, error.count("\n")) == (2, 1)
    assert "stay below 1" in error


def test_members_are_described_pickled_and_rebuilt(portal):
    members = family(portal)
    model = members.model({"mass": 1.0, "g_l": 1e-6, "lepton": "mu"})
    assert model.describe() == {"kind": "Leptophilic", "mass_MeV": 1.0, "g_l": 1e-6, "lepton": "mu"}
    assert members.model(members.values(model)) == model
    assert pickle.loads(pickle.dumps(model)) == model
    with pytest.raises(UnknownNameError, match="g_n"):
        members.read({"g_n": 1})
    with pytest.raises(ParameterError, match="same parameter"):
        members.read({"mass": 1, "m_l": 1})
    with pytest.raises(UnknownNameError, match="lepton"):
        members.choice("lepton").read("tau")


def test_a_portal_may_bring_its_cross_section(tmp_path):
    """The dipole of nu_tau with m_4 = 100 keV, written once more in a file, gives the same counts."""
    path = tmp_path / "own.py"
    path.write_text(dedent(OWN_RECOIL))
    mine = nup.recoil_spectrum(family(path).model({"mass": 0.1, "x": 1e-10}), "lz").signal
    theirs = nup.recoil_spectrum(nup.DipolePortal(m4="100 keV", d="1e-10 mu_B"), "lz").signal
    assert mine == pytest.approx(theirs, rel=1e-9)
    assert mine.sum() > 0


@pytest.mark.parametrize(
    ("text", "says"),
    [("x = 1", "0 declared models"), ("1/0", "ZeroDivisionError"), ("def", "SyntaxError")],
)
def test_files_that_are_no_portal_are_refused(text, says, tmp_path):
    path = tmp_path / "bad.py"
    path.write_text(text)
    with pytest.raises(DataFileError, match=says):
        family(path)
    with pytest.raises(DataFileError, match="no file of Python"):
        family(str(tmp_path / "missing.py"))


def test_the_example_of_the_documentation_works(tmp_path):
    page = (Path(__file__).resolve().parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
    path = tmp_path / "leptophilic.py"
    path.write_text(page.split("```python\n")[1].split("```")[0])
    model = family(path).model({"mass": 1.0, "g_l": 1e-3})
    found = nup.evaluate(model, ["texono", "planck2018", "recoil"])
    assert "texono" in found.excluded_by
    assert found["planck2018"].status == "ok"
    assert np.isfinite(found.loglike)
    assert nup.loglike(model, "all") < nup.loglike(model, "all,-cosmology") - 1


def test_it_is_the_vector_in_the_early_universe(portal, capsys):
    """N_eff, light elements and a plane: as VectorMediator(g, g), point for point."""
    mine = family(portal).model({"mass": 5.0, "g_l": 1e-7})
    theirs = nup.VectorMediator(5.0, g_e=1e-7, g_nu=1e-7)
    one, other = nup.evolve(mine), nup.evolve(theirs)
    assert one.neff == other.neff
    assert one.theory_error == other.theory_error
    assert one.yields().D_H == other.yields().D_H
    asked = nup.plane(portal, "mass=4MeV:8MeV:2", "g_l=1e-8:1e-7:2")
    known = [[nup.evolve(nup.VectorMediator(m, g, g)).neff for g in (1e-8, 1e-7)] for m in (4.0, 8.0)]
    assert asked.values == pytest.approx(np.array(known), rel=1e-6)
    assert np.isfinite(asked.values).all()
    point = ("--mass", "5MeV", "--g-l", "1e-7", "--json")
    code, out, _ = run(capsys, "neff", portal, *point)
    assert (code, json.loads(out)["model"]["kind"]) == (0, "Leptophilic")
    strong = ("--mass", "1MeV", "--g-l", "1e-3", "--json")
    code, out, _ = run(capsys, "evaluate", portal, *strong, "--constraints", "texono")
    assert (code, json.loads(out)["excluded_by"]) == (0, ["texono"])
    code, out, _ = run(capsys, "models", portal)
    assert "--g-l" in out


def test_a_portal_may_bring_its_cross_section_on_nuclei(tmp_path):
    """The dipole of nu_tau once more: the same counts on germanium."""
    path = tmp_path / "own.py"
    method = """
        def nuclear_cross_section(self, recoil_energy, neutrino_energy, flavour, nucleus):
            same = DipolePortal(self.mass, self.x * MU_B)
            return nuclear_cross_section(recoil_energy, neutrino_energy, flavour, same, nucleus)
"""
    heads = """
    from nuportal.models import DipolePortal
    from nuportal.processes.dipole_scattering import nuclear_cross_section
"""
    path.write_text(dedent(heads + OWN_RECOIL + method))
    chosen = {"recoil": "nuclear", "edges": [0.5, 1.0, 2.0]}
    mine = nup.recoil_spectrum(family(path).model({"mass": 0.1, "x": 1e-8}), "germanium", **chosen).signal
    theirs = nup.recoil_spectrum(nup.DipolePortal(m4="100 keV", d="1e-8 mu_B"), "germanium", **chosen).signal
    assert mine == pytest.approx(theirs, rel=1e-9)
    assert mine.sum() > 0
