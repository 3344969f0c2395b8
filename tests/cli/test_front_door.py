"""The commands agree with each other: lists, outputs, short names, reversed names, what is said without being asked."""

import json

import pytest

from nuportal.cli.app import main
from nuportal.experiments.measurement import experiment


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run a command in an empty folder that is the home too; return its output. It must succeed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    def command(text):
        with pytest.raises(SystemExit) as stop:
            main(text.split())
        captured = capsys.readouterr()
        assert stop.value.code == 0, captured.err
        return captured.out

    return command


def test_lists_by_comma_and_by_repetition(run):
    """Constraints, experiments, fluxes and charges: both ways are one list, and nothing is lost."""
    plane = "plane B-L --x mass=1MeV:10MeV:3 --y g=1e-8:1e-4:5 --json -o p.png --if-exists replace"
    by_comma = json.loads(run(f"{plane} --constraints texono,e137"))
    repeated = json.loads(run(f"{plane} --constraints texono --constraints e137"))
    assert [c["name"] for c in by_comma["constraints"]] == ["texono", "e137"]
    assert repeated["constraints"] == by_comma["constraints"]
    fit = "fit magnetic-moment --json --experiment"
    assert json.loads(run(f"{fit} xenonnt,lz"))["best"] == json.loads(run(f"{fit} xenonnt --experiment lz"))["best"]
    recoil = "recoil --experiment lz --json --flux"
    assert json.loads(run(f"{recoil} pp,7Be"))["sm"] == json.loads(run(f"{recoil} pp --flux 7Be"))["sm"]
    assert json.loads(run(f"{recoil} pp,pp"))["sm"] == json.loads(run(f"{recoil} pp"))["sm"]
    point = "evaluate --mass 10MeV --g 1e-6 --constraints texono --json"
    one = json.loads(run(f"{point} --charges e=-1,mu=-1,tau=-1,u=1/3"))
    assert one["model"]["charges"]["u"] == pytest.approx(1 / 3)
    two = json.loads(run(f"{point} --charges e=-1 --charges mu=-1,tau=-1 --charges u=1/3"))
    assert one["constraints"] == two["constraints"]


def test_every_ending_in_one_run(run, tmp_path):
    """-o is repeatable, understands ~ and writes what each ending says."""
    run("recoil B-L --mass 10keV --g 1e-7 --experiment lz -o ~/a/r.png -o r.csv -o r.nc -o r.json -o r.svg")
    run("fit B-L --mass 10keV --experiment lz -o f.pdf -o f.csv -o f.json")
    run("evaluate B-L --mass 10MeV --g 1e-6 --constraints texono -o e.json")
    run("limits B-L texono --mass 10MeV -o l.json")
    axes = "--x mass=1MeV:10MeV:3 --y g=1e-8:1e-4:5"
    run(f"plane B-L {axes} --constraints texono -o p.png -o p.html -o p.csv -o p.json -o p.nc")
    run(f"plane B-L {axes} -o q.pdf -o q.json -o q.nc")
    found = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    found = {name for name in found if not name.startswith(".cache/")}  # tables that the solver keeps
    names = "a/r.png r.csv r.nc r.json r.svg f.pdf f.csv f.json e.json l.json q.pdf q.json q.nc"
    assert found == {
        *names.split(),
        *(f"p.{e}" for e in ["png", "html", "csv", "json", "nc"]),
        "q.pdf",
        "q.json",
        "q.nc",
    }
    assert not (tmp_path / "~").exists()
    rows = (tmp_path / "r.csv").read_text().splitlines()
    assert next(r for r in rows if not r.startswith("#")) == "low_keV,high_keV,counts,background,sm,signal,expected"
    assert len(json.loads((tmp_path / "q.json").read_text())["constraints"]) > 3


def test_experiments_have_short_names(run):
    rows = {row["name"]: row for row in json.loads(run("experiments --json"))}
    assert {"xenon1t", "xenonnt", "lz", "borexino"} <= set(rows)
    assert experiment("lz").path.name == "lz_ws2022"  # of two runs the first
    assert rows["xenonnt"]["folder"] == "xenonnt_sr0"
    assert rows["lz"]["bins"] > 10
    assert "xenonnt" in run("experiments")
    short, long = (run(f"fit magnetic-moment --experiment {name} --json") for name in ("xenonnt", "XENONnT_SR0"))
    assert json.loads(short)["best"] == json.loads(long)["best"]


def test_reversed_names_are_understood(run):
    document = json.loads(
        run("evaluate Ltau-Lmu --mass 20MeV --g 1e-3 --epsilon loop --constraints trident-ccfr --json")
    )
    assert document["model"]["charges"]["mu"] == -1
    assert document["model"]["epsilon"] > 0
    straight = json.loads(
        run("evaluate Lmu-Ltau --mass 20MeV --g 1e-3 --epsilon loop --constraints trident-ccfr --json")
    )
    assert document["constraints"] == straight["constraints"]


def test_model_first_in_every_command(run):
    """The same words after each command."""
    point = "B-L --mass 10MeV --g 1e-7"
    for command in ("neff", "evaluate", "limits"):
        words = f"{command} {point}" if command != "limits" else "limits B-L --mass 10MeV"
        constraints = " --constraints texono" if command == "evaluate" else ""
        assert run(words + constraints)
    assert run("recoil B-L --mass 10keV --g 1e-7 --experiment lz")
    assert run("fit B-L --mass 10keV --experiment lz")
