"""`nuportal new` writes templates that work as they are: listed, drawn, fitted, evaluated."""

import json

import numpy as np
import pytest

import nuportal as nup
from nuportal.cli.app import main


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def command(*words, code=0):
        with pytest.raises(SystemExit) as stop:
            main(list(words))
        captured = capsys.readouterr()
        assert stop.value.code == code, captured.err
        return captured.out if code == 0 else captured.err

    return command


def words(text):
    return text.split()


def test_limit(run, tmp_path):
    said = json.loads(run(*words("new limit my-search --json")))
    assert said["next"] == "nuportal limits B-L ./my-search --mass 50MeV"
    listed = json.loads(run(*words("limits B-L ./my-search --mass 50MeV --json")))
    assert listed[0]["name"] == "my-search"
    low = listed[0]["excluded"][0]["low"]
    assert 0.30282 * 7e-4 < low < 0.30282 * 1.2e-3  # e times the mixing: B-L couples to electrons and neutrinos
    axes = words("--x mass=20MeV:200MeV:5 --y g=1e-5:1e-2:20")
    run(*words("plane B-L --constraints texono,./my-search -o p.png --json"), *axes)
    assert (tmp_path / "p.png").stat().st_size > 5000
    plane = nup.plane("B-L", "mass=20MeV:200MeV:5", "g=1e-5:1e-2:20", ["./my-search"])
    assert plane.excluded("my-search").any()
    assert "my-search" in run(*words("evaluate B-L --mass 50MeV --g 1e-2 --constraints ./my-search"))


def test_experiment(run):
    said = run(*words("new experiment my-data"))
    assert "nuportal fit B-L --mass 10keV --experiment ./my_data" in said
    found = json.loads(run(*words("fit B-L --mass 10keV --experiment ./my_data --json")))
    assert found["experiments"] == ["my_data"]
    assert 1e-8 < found["upper_limit"] < 1e-5
    assert "my-data" in run(*words("recoil B-L --mass 10keV --g 1e-7 --experiment ./my_data"))


def test_model(run, tmp_path):
    said = run(*words("new model my-portal"))
    assert "has          N_eff, light elements, recoils" in said
    own = "./my_portal.py"
    assert "excluded by" in run("evaluate", own, *words("--mass 1MeV --g-l 1e-6 --constraints texono,borexino"))
    one = json.loads(run("fit", own, *words("--mass 10keV --experiment lz --json")))
    other = json.loads(run(*words("fit vector --parameter g --mass 10keV --experiment lz --json")))
    assert one["upper_limit"] == pytest.approx(other["upper_limit"], rel=1e-6)
    assert "texono" in run("limits", own, *words("texono --mass 1MeV --lepton e"))
    axes = words("--x mass=1MeV:10MeV:3 --y g_l=1e-7:1e-3:10")
    run("plane", own, *axes, *words("--constraints texono -o p.png"))
    assert (tmp_path / "p.png").exists()
    assert "--lepton" in run("models", own)


def test_model_has_neff(run):
    """A model that declares couplings has the N_eff of the vector that it equals."""
    run(*words("new model my-portal"))
    found = json.loads(run(*words("neff ./my_portal.py --mass 10MeV --g-l 1e-6 --json")))
    expected = nup.evolve(nup.VectorMediator("10 MeV", 1e-6, 1e-6)).neff
    assert found["neff"] == pytest.approx(expected, rel=1e-9)
    assert found["neff"] > 3.2
    from nuportal.errors import NotApplicableError
    from nuportal.models import family

    own = family("./my_portal.py").model({"mass": 10.0, "g_l": 1e-6})
    verdict = nup.evaluate(own, ["planck2018"])["planck2018"]
    assert verdict.status == "ok"
    assert np.isfinite(verdict.loglike)  # type: ignore[arg-type]
    with pytest.raises(NotApplicableError, match="momenta"):
        nup.evolve(own, treatment="temperatures")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("new limt x", "did you mean 'limit'"),
        ("new limit My_Search", "lower case"),
        ("new limit texono", "limit 'texono' is in nuportal"),
        ("new experiment lz", "experiment 'lz' is in nuportal"),
        ("new model B-L", "lower case"),
        ("new model vector", "model 'vector' is in nuportal"),
    ],
)
def test_names_that_are_refused(run, text, says):
    said = run(*words(text), code=2)
    assert says in said
    assert len(said.splitlines()) == 1


def test_nothing_is_overwritten(run, tmp_path):
    run(*words("new limit my-search"))
    (tmp_path / "my-search" / "line.csv").write_text("mine")
    assert "is there already" in run(*words("new limit my-search"), code=2)
    assert (tmp_path / "my-search" / "line.csv").read_text() == "mine"
