"""`nuportal neff`, `evolve`, `doctor`, `bench`: output, JSON, files, bad input."""

import json

import pytest

import nuportal as nup
from nuportal.cli.app import main

POINT = ("B-L", "--mass", "10MeV", "--g", "1e-7", "--treatment", "temperatures")
TEMPERATURES = ("--treatment", "temperatures")
VECTOR = ("vector", "--mass", "100eV", "--g-e", "1e-7", "--g-nu", "1e-10")


def run(*arguments):
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    return stop.value.code


def test_json_is_the_python_result(capsys):
    assert run("neff", *POINT, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    history = nup.evolve(nup.U1X("B-L", mass="10 MeV", g=1e-7), treatment="temperatures")
    assert report["neff"] == history.neff
    assert report["theory_error"] == history.theory_error
    assert report["status"] == "OK"
    assert report["provenance"]["input_hash"] == history.provenance["input_hash"]


def test_text_says_value_difference_status_and_error(capsys):
    assert run("neff", *POINT) == 0
    out = capsys.readouterr().out
    for part in ("N_eff        3.3", "Delta N_eff  +0.3", "(theory)", "(numerical)", "start thermal", "converged"):
        assert part in out


def test_options_reach_the_solver(capsys):
    run(
        "neff",
        "--charges",
        "e=1,mu=-1",
        "--mass",
        "10MeV",
        "--g",
        "1e-7",
        "--flavours",
        "separate",
        *TEMPERATURES,
        "--json",
    )
    separate = json.loads(capsys.readouterr().out)["neff"]
    model = nup.U1X(charges={"e": 1, "mu": -1}, mass=10, g=1e-7)
    assert separate == nup.evolve(model, treatment="temperatures", flavours="separate").neff
    run(
        "neff",
        "Lmu-Ltau",
        "--mass",
        "10MeV",
        "--g",
        "1e-10",
        "--epsilon",
        "-g/70",
        "--start",
        "zero",
        *TEMPERATURES,
        "--json",
    )
    zero = json.loads(capsys.readouterr().out)["neff"]
    model = nup.U1X("Lmu-Ltau", mass=10, g=1e-10, epsilon="-g/70")
    assert zero == nup.evolve(model, treatment="temperatures", start="zero").neff
    run("neff", *POINT, "--preset", "ghosh", "--json")
    assert json.loads(capsys.readouterr().out)["neff"] == pytest.approx(3.38, abs=0.01)


def test_warnings_are_shown(capsys):
    run("neff", "B-L", "--mass", "10MeV", "--g", "1e-11", *TEMPERATURES)
    assert "start='zero'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("neff", "B-M", "--mass", "10MeV", "--g", "1e-7"), "B-L"),
        (("neff", "B-L", "--mass", "10parsec", "--g", "1e-7"), "parsec"),
        (("neff", "B-L", "--mass", "-10MeV", "--g", "1e-7"), "mass"),
        (("neff", "B-L", "--mass", "0MeV", "--g", "1e-7"), "mass"),
        (("neff", "B-L", "--mass", "nanMeV", "--g", "1e-7"), "mass"),
        (("neff", "B-L", "--mass", "10MeV", "--g", "nan"), "g"),
        (("neff", "B-L", "--mass", "10MeV", "--g", "much"), "number"),
        (("neff", "B-L", "--mass", "10MeV"), "--g"),
        (("neff", "--charges", "e=one", "--mass", "10MeV", "--g", "1e-7"), "e=one"),
        (("neff", *POINT, "--preset", "gosh"), "ghosh"),
        (("neff", *POINT, "--flavours", "seperate"), "separate"),
        (("neff", *POINT, "--rtol", "0"), "rtol"),
        (("neff", *POINT, "--flavours", "oscillating"), "common or separate"),
        (("neff", *POINT, "--mixing", "on"), "mixing"),
        (("neff", *POINT, "--accuracy", "best"), "standard"),
        (("neff", "B-L", "--mass", "10MeV", "--g", "1e-7", "--treatment", "temperature"), "temperatures"),
        (("neff", "B-L", "--mass", "10MeV", "--g", "1e-7", "--rtol", "1e-5"), "accuracy='high'"),
        (("neff", "vector", "--mass", "100eV", "--g-e", "x"), "g_e = 'x' is not a number"),
        (("neff", "vector", "--mass", "100eV", "--g-e", "0", "--g-nu", "0"), "couples to nothing"),
        (("neff", "vector", "--mass", "100eV"), "give --g-e and --g-nu"),
        (("neff", "hidden-neutrino", "--mass", "1MeV"), "vector and scalar are"),
        (("neff", "vector", "--g-e", "1e-7"), "--mass"),
        (("neff", "vector", "--mass", "0eV", "--g-e", "1e-7", "--g-nu", "0"), "mass = 0"),
        (("neff", "vector", "--mass", "100MeV", "--g-e", "1e-7", "--g-nu", "0", "--preset", "ibe"), "masses from"),
        (("neff", "scalar", "--mass", "5MeV", "--g-e", "1e-7", "--g-nu", "0", *TEMPERATURES), "momenta"),
        (("neff", *VECTOR, "--preset", "ibe", "--start", "thermal"), "start"),
        (("evolve", *POINT, "-o", "h.xyz"), ".nc"),
        (("evolve", *POINT, "-o", "h.docx"), "file type"),
        (("evolve", *POINT, "-o", "h.png", "--panel", "spectra"), "treatment='momenta'"),
        (("evolve", *POINT, "-o", "h.png", "--panel", "spectrum"), "spectra"),
        (("bench", "--points", "0"), "points"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments, named, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert named in captured.err
    assert not list(tmp_path.iterdir())


def test_evolve_writes_table_file_and_plot(capsys, tmp_path):
    assert run("evolve", *POINT, "-o", str(tmp_path / "h.nc"), "-o", str(tmp_path / "h.png")) == 0
    assert "N_eff = 3.3" in capsys.readouterr().out
    assert nup.History.load(tmp_path / "h.nc").neff == pytest.approx(3.38, abs=0.02)
    assert (tmp_path / "h.png").stat().st_size > 10_000


def test_light_boson_with_its_momenta(capsys, tmp_path):
    """Preset ibe: regime and fate are said, numbers and picture written; no Delta N_eff without a Standard Model."""
    assert run("neff", *VECTOR, "--preset", "ibe") == 0
    out = capsys.readouterr().out
    assert "N_eff        16.9" in out
    assert "regime       ii" in out
    assert "decayed at recombination" in out
    assert "Delta" not in out
    table, picture = tmp_path / "x.nc", tmp_path / "x.png"
    arguments = ("-o", str(table), "-o", str(picture), "--panel", "dark", "--json")
    assert run("evolve", *VECTOR, "--preset", "ibe", *arguments) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["case"], report["fate"], report["start"]) == ("ii", "decayed", "zero")
    assert picture.stat().st_size > 10_000
    again = nup.History.load(table)
    assert again.neff == report["neff"]
    assert again.spectra.boson_occupation.shape == (len(report["a"]), 64)


def test_dark_photon_has_a_name_and_no_gauge_coupling(capsys):
    assert run("neff", "dark-photon", "--mass", "10MeV", "--epsilon", "1e-6", *TEMPERATURES, "--start", "zero") == 0
    assert capsys.readouterr().out.splitlines()[0] == "dark-photon, M = 10 MeV, epsilon = 1e-06"


def test_evolve_json(capsys):
    assert run("evolve", *TEMPERATURES, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert len(report["t_gamma"]) == len(report["t_nu"]) > 20
    assert report["t_boson"][0] is None


def test_doctor_is_content(capsys):
    assert run("doctor", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is True
    assert report["checks"]["sm_neff_common"]["found"] == pytest.approx(3.0453, abs=5e-4)


def test_bench_reports_speed_errors_and_ratio(capsys):
    assert run("bench", "--points", "40", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["failed"] == report["plane_failed"] == 0
    assert report["error_max"] < 2e-4
    assert report["difference_to_lsoda"] < 1e-4


def test_light_right_handed_neutrinos(capsys, tmp_path):
    point = ("B-L", "--mass", "10MeV", "--g", "1e-10", "--right-handed", "light")
    assert run("neff", *point, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["model"]["right_handed"] == "light"
    assert report["right_handed"] == "absent at the start"
    history = nup.evolve(nup.U1X("B-L", mass="10 MeV", g=1e-10, right_handed="light"))
    assert report["neff"] == history.neff
    assert report["provenance"]["input_hash"] == history.provenance["input_hash"]
    assert run("neff", *point) == 0
    assert "right-handed light, absent at the start" in capsys.readouterr().out
    assert run("evolve", *point, "-o", str(tmp_path / "h.csv")) == 0
    assert "rho_nu_R_e_MeV4" in (tmp_path / "h.csv").read_text()
    capsys.readouterr()
    assert run("neff", *point, *TEMPERATURES) == 2
    assert "right_handed='light' is followed by treatment='momenta' alone" in capsys.readouterr().err
