"""Opening a result or a folder: no code of others runs, and no file outside of the folder is opened."""

import json
import pickle
import shutil
from textwrap import dedent

import pytest

import nuportal as nup
from nuportal import sealed
from nuportal.errors import DataFileError
from nuportal.experiments.measurement import experiment
from nuportal.limits.base import LikelihoodLimit
from nuportal.limits.registry import read

AXES = ("mass=1MeV:10MeV:3", "g=1e-8:1e-4:5")
HEAD = """
    name = "mine"
    label = "mine"
    group = "laboratory"
    observable = "something"
    method = "{method}"
    formula = "{formula}"
    cl = 0.9
    validity = ["1 eV", "1 GeV"]
    accuracy = 0.1
    status = "unverified"
    provenance = "made up"
    references = ["Bjorken:1988as"]
"""
#: code that tells when it is run
CODE = """
    from pathlib import Path
    from nuportal.limits.base import LikelihoodLimit, Limit
    with Path(__file__).with_name("runs").open("a") as log:
        log.write("x")

    class Mine(Limit):
        def ratio(self, ray, y):
            return y / 1e-6

    class Likely(LikelihoodLimit):
        def deviance(self, ray, y):
            return (y / 1e-6) ** 2
"""


@pytest.fixture
def own(tmp_path):
    """Make a user's limit; formula and [measurement] as given."""

    def make(formula="mine.py:Mine", measurement="", method="computed"):
        folder = tmp_path / "mine"
        folder.mkdir(exist_ok=True)
        (folder / "limit.toml").write_text(dedent(HEAD.format(formula=formula, method=method)) + measurement)
        (folder / "mine.py").write_text(dedent(CODE))
        return folder

    return make


def runs(folder):
    """How often the code of a folder was run."""
    return len((folder / "runs").read_text()) if (folder / "runs").exists() else 0


def test_reading_a_plane_does_not_run_the_limit_in_it(own, tmp_path):
    """The head comes back from the file; the code does not, even if the folder is still there."""
    folder = own()
    plane = nup.plane("B-L", *AXES, [folder, "g2-electron"], save=tmp_path / "p.nc")
    before = runs(folder)
    assert before > 0
    again = nup.Plane.load(tmp_path / "p.nc")
    assert runs(folder) == before
    assert isinstance(again, nup.ExclusionPlane)
    assert (again.excluded("mine") == plane.excluded("mine")).all()
    assert again.limit("mine").about == plane.limit("mine").about
    assert again.save(tmp_path / "q.nc").exists()
    with pytest.raises(DataFileError, match="runs no code"):
        again.limit("mine").ratio(nup.ray("B-L", mass="1 MeV"), plane.y)
    assert nup.evaluate(nup.U1X("B-L", "1 MeV", 3e-6), [again.limit("mine")])["mine"].status == "failed"
    assert pickle.loads(pickle.dumps(again.limit("mine"))).about == again.limit("mine").about
    shutil.rmtree(folder)
    assert (nup.Plane.load(tmp_path / "p.nc").excluded() == plane.excluded()).all()


def test_naming_the_folder_again_brings_the_limit_back(own, tmp_path):
    """A finished plane is read, not computed; its limit is the user's own, since its folder was named."""
    folder = own("mine.py:Likely", method="likelihood")
    nup.plane("B-L", *AXES, [folder], save=tmp_path / "p.nc")
    read_back = nup.Plane.load(tmp_path / "p.nc")
    assert isinstance(read_back, nup.ExclusionPlane)
    assert isinstance(read_back.limit("mine"), LikelihoodLimit)
    with pytest.raises(DataFileError, match="name its folder"):
        read_back.deviance()
    plane = nup.plane("B-L", *AXES, [folder], save=tmp_path / "p.nc")
    assert isinstance(plane, nup.ExclusionPlane)
    assert plane.deviance()[0] == pytest.approx((plane.y / 1e-6) ** 2)


@pytest.mark.parametrize("attribute", ["folders", "about"])
def test_a_file_that_names_a_folder_of_code(own, tmp_path, attribute):
    """A file made to mislead: attributes that name a folder, or a formula outside, are not followed."""
    folder = own()
    data = nup.plane("B-L", *AXES, [folder, "g2-electron"]).to_dataset()
    before = runs(folder)
    if attribute == "folders":
        data.attrs["folders"] = json.dumps({"mine": str(folder), "g2-electron": str(folder)})
    else:
        heads = json.loads(data.attrs["about"])
        heads["mine"]["formula"] = f"{folder}/mine.py:Mine"
        data.attrs["about"] = json.dumps(heads)
    sealed.write(data, tmp_path / "p.nc")
    nup.Plane.load(tmp_path / "p.nc")
    assert runs(folder) == before


@pytest.mark.parametrize("combined", [False, True])
def test_a_file_that_names_a_model_of_code(own, tmp_path, combined):
    """A model "portal.py" in a file is not loaded."""
    folder = own()
    data = nup.plane("B-L", *AXES, "g2-electron" if combined else "default", points=4).to_dataset()
    model = json.loads(data.attrs["model"])
    model["family"] |= {"name": str(folder / "mine.py"), "charges": {}}
    data.attrs["model"] = json.dumps(model)
    sealed.write(data, tmp_path / "p.nc")
    with pytest.raises(DataFileError, match="runs no code"):
        nup.Plane.load(tmp_path / "p.nc")
    assert runs(folder) == 0


@pytest.mark.parametrize("formula", ["../evil/mine.py:Mine", "{0}/evil/mine.py:Mine", "link.py:Mine", "a/../../x.py:M"])
def test_a_formula_outside_of_its_folder(own, tmp_path, formula):
    """Neither "..", nor an absolute path, nor a link."""
    outside = tmp_path / "evil"
    shutil.copytree(own(), outside)
    folder = own(formula.format(tmp_path))
    (folder / "link.py").symlink_to(outside / "mine.py")
    with pytest.raises(DataFileError, match="outside"):
        read(folder)
    assert runs(outside) == 0


@pytest.mark.parametrize("table", ["../secret", "{0}/secret", "link", "/etc/passwd"])
@pytest.mark.parametrize(
    ("formula", "measurement"),
    [
        ("edges:PublishedInterval", '[measurement]\ncoupling = "electron"\ntable = "{0}"\n'),
        ("electron_recoils:SolarRecoils", '[measurement]\nexperiment = "{0}"\n'),
    ],
)
def test_a_table_outside_of_its_folder(own, tmp_path, formula, measurement, table):
    """It is not opened, and no word of it is quoted."""
    (tmp_path / "secret").write_text("password hunter2\n")
    folder = own(formula, measurement.format(table.format(tmp_path)))
    (folder / "link").symlink_to(tmp_path / "secret")
    try:
        verdict = nup.evaluate(nup.U1X("B-L", "1 MeV", 3e-6), [folder])["mine"]
        assert verdict.status == "failed"
        said = verdict.reason
    except DataFileError as error:
        said = str(error)
    assert "outside of this folder" in said
    assert "hunter2" not in said
    assert "root:" not in said


@pytest.mark.parametrize("formula", ["no colon", "os.path:join", "edges/../x:Line", "base:NoMeasurement", ".:x"])
def test_formulas_that_name_no_limit(own, formula):
    with pytest.raises(DataFileError, match="formula"):
        read(own(formula))


def test_the_tables_of_an_experiment_stay_inside(tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(experiment("xenon1t").path, folder)
    text = (folder / "measurement.toml").read_text()
    assert 'file = "bins.csv"' in text
    (folder / "measurement.toml").write_text(text.replace('file = "bins.csv"', 'file = "../bins.csv"'))
    shutil.copy(folder / "bins.csv", tmp_path / "bins.csv")
    with pytest.raises(DataFileError, match="outside of this folder"):
        nup.recoil_spectrum(None, str(folder))


def test_an_experiment_inside_the_folder_of_a_limit(own):
    """A limit may bring its own experiment."""
    folder = own("electron_recoils:SolarRecoils", '[measurement]\nexperiment = "data"\n', "likelihood")
    shutil.copytree(experiment("xenon1t").path, folder / "data")
    model = nup.U1X("B-L", "1 MeV", 3e-6)
    theirs, mine = nup.evaluate(model, ["xenon1t"])["xenon1t"], nup.evaluate(model, [folder])["mine"]
    assert mine.loglike == pytest.approx(theirs.loglike)
