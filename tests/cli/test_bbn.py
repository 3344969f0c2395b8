"""`nuportal bbn` and planes of light elements: output, JSON, pictures, bad input."""

import json

import numpy as np
import pytest

import nuportal as nup
from nuportal.cli.app import main
from nuportal.observations.light_elements import compare

POINT = ("B-L", "--mass", "10MeV", "--g", "1e-8")


def run(*arguments):
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    return stop.value.code


def test_json_is_the_python_result(capsys):
    assert run("bbn", *POINT, "--omega-b", "0.0225", "--rates", "nacre2_luna", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    found = nup.evolve(nup.U1X("B-L", mass=10, g=1e-8)).yields(0.0225, rates="nacre2_luna")
    for name, value, error in zip(("Y_p", "D_H", "He3_H", "Li7_H"), found.values, found.errors, strict=True):
        assert report[name] == value
        assert error in report["errors"]
    assert (report["status"], report["rates"], report["omega_b"]) == ("OK", "nacre2_luna", 0.0225)
    assert report["comparison"]["chi2"] == compare(found).chi2
    assert report["model"]["name"] == "B-L"
    assert "Pitrou:2018cgg" in report["provenance"]["references"]


def test_text_names_the_rate_set_and_the_others(capsys):
    assert run("bbn") == 0
    out = capsys.readouterr().out
    for part in (
        "Standard Model",
        "primat2023 (also recommended2026",
        "Y_p          0.2469",
        "D_H          2.44",
        "chi2",
    ):
        assert part in out


def test_options_reach_the_calculation(capsys):
    run("bbn", "Lmu-Ltau", "--mass", "5MeV", "--g", "1e-6", "--flavours", "separate", "--start", "thermal",
        "--treatment", "temperatures", "--json")  # fmt: skip
    report = json.loads(capsys.readouterr().out)
    assert report["Y_p"] == pytest.approx(0.25925, abs=1e-4)
    run("bbn", "--tau-n", "870", "--helium", "yp-pdg2024", "--baryons", "cmb-planck2018", "--json")
    report = json.loads(capsys.readouterr().out)
    assert report["tau_n"] == 870
    assert report["comparison"]["measurements"] == ["yp-pdg2024", "dh-cooke2018", "cmb-planck2018"]
    assert "N_eff" in report["comparison"]["pulls"]


def test_picture(tmp_path, capsys):
    assert run("bbn", *POINT, "-o", str(tmp_path / "abundances.pdf")) == 0
    assert (tmp_path / "abundances.pdf").stat().st_size > 5000
    assert "abundances.pdf" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("B-M", "--mass", "10MeV", "--g", "1e-7"), "B-L"),
        (("B-L", "--mass", "10MeV"), "--g"),
        ((*POINT, "--rates", "primat"), "did you mean 'primat2023'"),
        ((*POINT, "--omega-b", "2"), "omega_b"),
        ((*POINT, "--omega-b", "much"), "omega-b"),
        ((*POINT, "--helium", "yp-lbt"), "yp-lbt2026"),
        ((*POINT, "-o", "a.xyz"), ".png"),
        (("B-L", "--mass", "1MeV", "--g", "1e-7"), "alive at T = 0.1 MeV"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments, named, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("bbn", *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert named in captured.err
    assert not list(tmp_path.iterdir())


def test_plane_with_two_rate_sets(tmp_path, capsys):
    picture = tmp_path / "d.png"
    axes = ("--x", "mass=4MeV:20MeV:6", "--y", "g=1e-9:1e-6:5", "--quantity", "D_H")
    assert run("plane", "B-L", *axes, "--second-rates", "parthenope3", "-o", str(picture), "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["quantity"] == "D_H"
    assert 2.4e-5 < report["D_H_min"] < report["D_H_max"] < 4e-5
    assert [c["name"] for c in report["constraints"]] == ["dh-cooke2018"]
    assert picture.stat().st_size > 10_000
    one, other = (nup.Plane.load(tmp_path / name) for name in ("d.nc", "d_parthenope3.nc"))
    assert np.all(other.values > one.values)
    assert run("plane", "B-L", *axes[:4], "--second-rates", "parthenope3", "-o", str(picture)) == 2
    assert "--quantity" in capsys.readouterr().err
