"""`nuportal cite`: the papers, everything, or what a result file used."""

import json
import shutil
import subprocess
import sys

import pytest

from nuportal.cli.app import main
from nuportal.references import PAPERS, bibliography


def run(*arguments):
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    return stop.value.code


def test_alone_it_prints_the_five_papers(capsys):
    assert run("cite") == 0
    text = capsys.readouterr().out
    assert text.count("@article") == 5
    assert all(key in text for key in PAPERS.values())


def test_all(capsys):
    assert run("cite", "--all", "--json") == 0
    assert json.loads(capsys.readouterr().out) == bibliography()


def test_of_a_plane(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    axes = ("--x", "mass=3MeV:30MeV:2", "--y", "g=1e-8:1e-6:2")
    assert run("plane", "B-L", *axes, "--constraints", "act-dr6,cmb-s4") == 0
    capsys.readouterr()
    assert run("cite", "plane_B-L.nc") == 0
    text = capsys.readouterr().out
    for key in ("Ghosh:2023ilw", "Bennett:2020zkv", "ACT:2025tim", "CMB-S4:2016ple"):
        assert f"{{{key}," in text
    assert "Planck:2018vyg" not in text


@pytest.mark.parametrize("name", ["absent.nc", "p.png", "broken.nc"])
def test_bad_files_are_one_line_and_exit_2(name, tmp_path, capsys):
    (tmp_path / "p.png").write_bytes(b"PNG")
    (tmp_path / "broken.nc").write_bytes(b"\x89HDF\r\n")
    assert run("cite", str(tmp_path / name)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert name in captured.err


OWN = "@article{Someone:2031abc,\n  author = {Someone, A.},\n  title = {A {search}},\n}\n"


def own_limit(folder, capsys):
    """A user's constraint whose refs.bib has an entry that is nobody else's."""
    assert run("new", "limit", "my-search", "--folder", str(folder)) == 0
    capsys.readouterr()
    mine = folder / "my-search"
    text = (mine / "limit.toml").read_text()
    start = text.index("references")
    (mine / "limit.toml").write_text(
        text[:start] + 'references = ["Someone:2031abc"]\n' + text[text.index("\n", start) :]
    )
    (mine / "refs.bib").write_text(OWN)
    return mine


@pytest.mark.parametrize("ending", ["nc", "csv", "json"])
def test_entries_of_a_users_folder_travel_with_the_result(ending, tmp_path, capsys):
    """cite of a plane prints the entry of the user's own refs.bib, in another process and without the folder."""
    mine = own_limit(tmp_path, capsys)
    axes = ("--x", "mass=10MeV:100MeV:3", "--y", "g=1e-7:1e-3:5")
    result = tmp_path / f"p.{ending}"
    assert run("plane", "B-L", *axes, "--constraints", f"{mine},texono", "-o", str(result)) == 0
    shutil.rmtree(mine)
    command = [sys.executable, "-m", "nuportal", "cite", str(result)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "@article{Someone:2031abc, author = {Someone, A.}, title = {A {search}}, }" in done.stdout
    assert "{TEXONO:2009knm," in done.stdout
    if ending == "nc":  # and of that plane, saved once more
        again = "import sys, nuportal; nuportal.ExclusionPlane.load(sys.argv[1]).save(sys.argv[2])"
        other = str(tmp_path / "again.nc")
        subprocess.run([sys.executable, "-c", again, str(result), other], check=True)
        done = subprocess.run([*command[:-1], other], capture_output=True, text=True, check=True)
        assert "{Someone:2031abc," in done.stdout


def test_by_name(tmp_path, capsys):
    """Papers, constraints, experiments, keys and folders of one's own."""
    for text, key in (
        ("ghosh2023", "Ghosh:2023ilw"),
        ("texono", "TEXONO:2009knm"),
        ("conus_plus", "CONUS:2025jwk"),
        ("CONUS:2025jwk", "CONUS:2025jwk"),
        (str(own_limit(tmp_path, capsys)), "Someone:2031abc"),
    ):
        assert run("cite", text) == 0
        assert f"{{{key}," in capsys.readouterr().out
    assert run("limits", str(tmp_path / "my-search"), "--bibtex") == 0
    assert "{Someone:2031abc," in capsys.readouterr().out
    assert run("cite", "borexin") == 2
    assert "did you mean 'borexino'" in capsys.readouterr().err
