"""`nuportal freezein` end to end."""

import json

import pytest

from nuportal.cli.app import main


def _run(capsys, *arguments):
    with pytest.raises(SystemExit) as exit_:
        main(["freezein", *arguments])
    return exit_.value.code, capsys.readouterr()


def test_json_and_files(capsys, tmp_path):
    picture, table = tmp_path / "x.png", tmp_path / "x.nc"
    code, out = _run(
        capsys,
        "--mass",
        "100eV",
        "--g-e",
        "1e-7",
        "--g-nu",
        "1e-10",
        "--json",
        "-o",
        str(picture),
        "--save",
        str(table),
    )
    result = json.loads(out.out)
    assert code == 0
    assert result["case"] == "ii"
    assert result["fate"] == "decayed"
    assert result["neff"] == pytest.approx(16.92, abs=0.05)
    assert picture.stat().st_size > 10_000

    from nuportal import History

    assert History.load(table).neff == pytest.approx(result["neff"])


def test_text(capsys):
    code, out = _run(capsys, "--mass", "1keV", "--g-e", "1e-12", "--preset", "ibe")
    assert code == 0
    assert "N_eff" in out.out
    assert "recombination" in out.out


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--mass", "100eV", "--g-e", "x"), "g_e = 'x' is not a number"),
        (("--mass", "100MeV", "--g-e", "1e-7"), "masses from"),
        (("--mass", "100eV"), "couples to nothing"),
        (("--mass", "100eV", "--g-e", "1e-7", "--preset", "best"), "preset"),
        (("--mass", "100eV", "--g-e", "1e-7", "-o", "x.docx"), "file type"),
        (("--mass", "100eV", "--g-e", "1e-7", "--spin", "2"), "spin"),
    ],
)
def test_bad_input(capsys, arguments, text):
    code, out = _run(capsys, *arguments)
    assert code == 2
    assert text in out.err
    assert out.err.count("\n") == 1
