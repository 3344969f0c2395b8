"""`nuportal fit`."""

import json

import pytest

from nuportal.cli.app import main


def run(*arguments):
    with pytest.raises(SystemExit) as stop:
        main(["fit", *arguments])
    return stop.value.code


def test_fit_json_and_picture(tmp_path, capsys):
    picture = tmp_path / "profile.png"
    assert run("magnetic-moment", "--experiment", "xenon1t_sr1", "--json", "--output", str(picture)) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["best"] == pytest.approx(2.18e-11, rel=0.02)
    assert found["significance"] == pytest.approx(3.0, abs=0.1)
    assert picture.exists()


def test_joint(capsys):
    assert run("B-L", "--mass", "10keV", "--experiment", "xenonnt_sr0", "--experiment", "lz_ws2022") == 0
    assert "XENONnT SR0, LZ WS2022" in capsys.readouterr().out


XNT = ("--experiment", "xenonnt_sr0")


def upper_end(capsys, *arguments):
    assert run(*arguments, *XNT, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    return found["parameter"], found["interval"][1]


def test_parameters_of_every_family(capsys):
    """Fixed couplings rescale the fitted one; m4 is the mass of a dipole; a hidden neutrino's Z' may be massless."""
    _, product = upper_end(capsys, "vector", "--mass", "1keV", "--parameter", "product")
    assert upper_end(capsys, "vector", "--mass", "1keV", "--g-e", "1e-6") == ("g_nu", pytest.approx(product / 1e-6))
    assert upper_end(capsys, "vector", "--mass", "1keV", "--g-nu", "1e-5") == ("g_e", pytest.approx(product / 1e-5))
    name, product = upper_end(capsys, "hidden-neutrino")
    assert name == "product"
    found = upper_end(capsys, "hidden-neutrino", "--mixing", "1e-3", "--g", "0.1")
    assert found == ("chi", pytest.approx(product / 1e-4))
    assert upper_end(capsys, "hidden-neutrino", "--n-mass", "200keV")[1] > product
    by_m4 = upper_end(capsys, "dipole", "--m4", "100keV")
    assert by_m4 == upper_end(capsys, "dipole", "--mass", "100keV")


def test_window_bins_and_toys(capsys):
    plain = upper_end(capsys, "magnetic-moment")[1]
    assert upper_end(capsys, "magnetic-moment", "--bin-width", "1")[1] > plain
    assert upper_end(capsys, "magnetic-moment", "--window", "2:30")[1] > plain
    assert run("magnetic-moment", "--experiment", "xenon1t_sr1", "--toys", "40") == 0
    assert "tell nothing below 0.02" in capsys.readouterr().out


def test_joint_fit_with_solar_nuisances(capsys):
    arguments = ("magnetic-moment", *XNT, "--experiment", "borexino_phase2", "--flux-error", "constrained", "--json")
    assert run(*arguments) == 0
    nuisances = json.loads(capsys.readouterr().out)["nuisances"]
    assert {"xenonnt_sr0: background", "flux pp", "flux 7Be"} <= set(nuisances)


@pytest.mark.parametrize(
    "arguments",
    [
        ("dipole", "--mass", "20MeV", "--experiment", "xenon1t_sr1"),
        ("B-L", "--experiment", "xenon1t_sr1"),
        ("B-L", "--mass", "1keV"),
        ("B-L", "--mass", "1keV", "--experiment", "xenon1t_sr1", "--cl", "90"),
        ("B-LL", "--mass", "1keV", "--experiment", "xenon1t_sr1"),
        ("B-L", "--mass", "1keV", "--g", "1e-7", *XNT),
        ("B-L", "--mass", "1keV", "--charges", "e=1", *XNT),
        ("vector", "--mass", "1keV", "--g-e", "1e-7", "--g-nu", "1e-7", *XNT),
        ("vector", "--mass", "1keV", "--g-e", "1e-7", "--parameter", "product", *XNT),
        ("vector", "--mass", "1keV", "--parameter", "g_e", *XNT),
        ("hidden-neutrino", "--g", "0.1", *XNT),
        ("dipole", "--m4", "1keV", "--mass", "1keV", *XNT),
        ("magnetic-moment", *XNT, *XNT),
        ("magnetic-moment", *XNT, "--window", "1-20"),
        ("magnetic-moment", *XNT, "--window", "50:60"),
        ("magnetic-moment", *XNT, "--bin-width", "-1"),
        ("magnetic-moment", *XNT, "--flux-error", "free"),
        ("magnetic-moment", *XNT, "--toys", "-5"),
    ],
)
def test_bad_input_is_one_line(arguments, tmp_path, capsys):
    assert run(*arguments, "--output", str(tmp_path / "x.png")) == 2
    error = capsys.readouterr().err
    assert error.startswith("nuportal: ")
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())
