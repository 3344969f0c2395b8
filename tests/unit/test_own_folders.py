"""Folders and files of a user that are wrong: said in one line, with the file, whatever their code or numbers do."""

import shutil
from textwrap import dedent

import pytest

import nuportal as nup
from nuportal.errors import DataFileError
from nuportal.experiments.measurement import experiment
from nuportal.limits.registry import read
from nuportal.references import used_by

ABOUT = """
    name = "{name}"
    label = "mine"
    group = "laboratory"
    observable = "something"
    method = "computed"
    formula = "mine.py:Mine"
    cl = 0.9
    validity = ["1 eV", "1 GeV"]
    accuracy = 0.1
    status = "unverified"
    provenance = "made up"
    references = ["{key}"]
"""
CODE = """
    import numpy as np
    from nuportal.limits.base import Limit

    class Mine(Limit):
        def ratio(self, ray, y):
            return {value}
"""


@pytest.fixture
def own(tmp_path):
    """Make a user's limit with this code, name and reference."""

    def make(value="y / 1e-6", name="mine", key="Bjorken:1988as", code=CODE):
        folder = tmp_path / "mine"
        folder.mkdir(exist_ok=True)
        (folder / "limit.toml").write_text(dedent(ABOUT.format(name=name, key=key)))
        (folder / "mine.py").write_text(dedent(code.format(value=value)))
        return folder

    return make


def test_a_limit_that_works(own):
    """The same folder with the right code excludes above 1e-6, in planes read back from disk by another path too."""
    found = nup.limit(own()).excluded(nup.ray("B-L", mass="1 MeV"))
    assert found.excluded[0][0] == pytest.approx(1e-6, rel=1e-3)
    assert nup.evaluate(nup.U1X("B-L", "1 MeV", 3e-6), own()).excluded_by == ("mine",)


@pytest.mark.parametrize("value", ["1 / 0", "undefined", "np.ones(3)", "1.0", "'text'"])
def test_code_that_fails_is_a_failed_constraint(own, value):
    """Neither a traceback nor a silent number: status failed, with the constraint and the cause."""
    verdict = nup.evaluate(nup.U1X("B-L", "1 MeV", 3e-6), [own(value), "texono"])["mine"]
    assert verdict.status == "failed"
    assert verdict.reason.startswith("mine: ")
    assert verdict.excluded is None
    assert nup.evaluate(nup.U1X("B-L", "1 MeV", 3e-6), [own(value), "texono"])["texono"].speaks


def test_folders_that_cannot_be_read(own):
    with pytest.raises(DataFileError, match="ZeroDivisionError"):
        read(own(code="1 / 0"))
    with pytest.raises(DataFileError, match=r"'borexino' is a constraint of nuportal"):
        read(own(name="borexino"))
    with pytest.raises(DataFileError, match="no entry 'Nobody:2099abc'"):
        read(own(key="Nobody:2099abc"))


def test_a_plane_with_a_limit_beside_it_is_read_back(own, tmp_path, monkeypatch):
    """A relative folder is written down in full."""
    own()
    monkeypatch.chdir(tmp_path)
    axes = ("mass=1MeV:10MeV:3", "g=1e-8:1e-4:5")
    plane = nup.plane("B-L", *axes, ["./mine"], save="p.nc")
    monkeypatch.chdir(tmp_path.parent)
    again = nup.ExclusionPlane.load(tmp_path / "p.nc")
    assert (again.excluded("mine") == plane.excluded("mine")).all()


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("bins.csv", "2,3,61,", "2,3,1e300,", "not credible"),
        ("measurement.toml", "value = 0.647310", "value = 1e30", "not credible"),
        ("bins.csv", "29,30,", "29,30000,", "in eV"),
    ],
)
def test_experiments_in_other_units_are_noticed(file, old, new, says, tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(experiment("xenon1t").path, folder)
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    with pytest.raises(DataFileError, match=says) as caught:
        nup.recoil_spectrum(None, str(folder))
    assert file in str(caught.value)


def test_a_damaged_result_file_is_named(tmp_path):
    for name in ("p.nc", "p.csv", "p.json"):
        (tmp_path / name).write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(range(256)))
        with pytest.raises(DataFileError, match=name):
            used_by(tmp_path / name)
