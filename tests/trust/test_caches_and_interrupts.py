"""Installations that cannot be written to, caches that are damaged, and Ctrl-C."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

import nuportal
from nuportal.output import replacing
from nuportal.processes.table_cache import cached_array
from nuportal.solvers import compiled_cache

START = "import sys; from nuportal.cli.app import main; main(sys.argv[1:])"


@pytest.fixture
def installed():
    """A copy of the package that its user cannot write to."""
    folder = Path(tempfile.mkdtemp())
    package = Path(nuportal.__file__).parent
    shutil.copytree(package, folder / "nuportal", ignore=shutil.ignore_patterns("__pycache__"))
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)
    shutil.rmtree(folder)


def test_installation_and_home_cannot_be_written_to(installed, tmp_path):
    """Import works, compiled code goes into a private folder of the temporary one, and the report names it."""
    as_others: list[str] = []
    if os.name != "posix":
        pytest.skip("permissions of POSIX")
    if os.geteuid() == 0:  # root may write everywhere, unless it gives that up
        as_others = ["setpriv", "--bounding-set", "-dac_override"]
        if not shutil.which("setpriv"):
            pytest.skip("root may write everywhere, and there is no setpriv to give that up")
    home = tmp_path / "home"
    home.mkdir(mode=0o555)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(installed)}
    environment |= {"TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"}
    code = (
        "import nuportal\n"
        "from nuportal.processes import decay\n"
        "from nuportal.solvers.compiled_cache import compiled_folders\n"
        "print(nuportal.__file__, *compiled_folders(), sep='\\n')"
    )
    start = [*as_others, sys.executable, "-c", code]
    done = subprocess.run(start, env=environment, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr
    file, *folders = done.stdout.splitlines()
    assert file.startswith(str(installed))
    assert folders
    assert all(folder.startswith(str(temporary)) for folder in folders)
    assert [oct(path.stat().st_mode & 0o777) for path in temporary.iterdir()] == ["0o700"]


def test_a_cache_of_somebody_else_is_not_trusted(tmp_path, monkeypatch):
    """A folder of that name which others can write to is left alone: what is in a cache is run."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    first = compiled_cache._temporary_folder()
    assert first is not None
    assert first == compiled_cache._temporary_folder()
    first.chmod(0o777)
    second = compiled_cache._temporary_folder()
    assert second is not None
    assert second != first
    assert oct(second.stat().st_mode & 0o777) == "0o700"


def test_an_own_choice_is_kept(monkeypatch):
    monkeypatch.setattr(compiled_cache, "_writable", lambda _: False)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/somewhere")
    compiled_cache.ensure_cache()
    assert os.environ["NUMBA_CACHE_DIR"] == "/somewhere"


def test_a_damaged_table_is_built_again(tmp_path, monkeypatch):
    """A bit turned round anywhere in the file of a table is noticed."""
    monkeypatch.setenv("NUPORTAL_CACHE", str(tmp_path))
    table = np.linspace(0.0, 1.0, 50)
    assert np.array_equal(cached_array("t", lambda: table), table)
    whole = (tmp_path / "t.npy").read_bytes()
    assert np.array_equal(cached_array("t", pytest.fail), table)
    for place in range(0, len(whole), 17):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        (tmp_path / "t.npy").write_bytes(bytes(damaged))
        assert np.array_equal(cached_array("t", lambda: table), table)
        assert (tmp_path / "t.npy").read_bytes() == whole


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot copy a process")
def test_what_a_killed_run_left_is_removed(tmp_path):
    """The next run that writes the same file removes it; what a living one is writing stays."""
    code = (
        "import os, sys\nfrom nuportal.output import replacing\n"
        "with replacing(sys.argv[1]) as temporary:\n"
        "    temporary.write_text('half')\n    print(temporary, flush=True)\n    sys.stdin.read()\n"
    )
    path = tmp_path / "p.nc"
    start = [sys.executable, "-c", code, str(path)]
    runs = [subprocess.Popen(start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    places = [Path(run.stdout.readline().strip()) for run in runs]  # type: ignore[union-attr]
    runs[0].kill()
    runs[0].communicate()
    assert all(place.exists() for place in places)
    with replacing(path) as temporary:
        temporary.write_text("whole")
    assert sorted(tmp_path.iterdir()) == sorted([path, places[1]])
    assert path.read_text() == "whole"
    runs[1].communicate("")
    assert path.read_text() == "half"
    assert list(tmp_path.iterdir()) == [path]


SWALLOWED = """
import os, signal, sys, time, types
module = types.ModuleType("nuportal.cli.models")
class Finaliser:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000): pass
def app():
    Finaliser()          # Python prints the KeyboardInterrupt raised in there, and drops it
    print("still running", flush=True)
    time.sleep(60)
from nuportal.cli import app as door
import typer
module.app = typer.Typer(add_completion=False)
module.app.command()(app)
sys.modules["nuportal.cli.models"] = module
door.main(["models"])
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timer")
def test_an_interrupt_that_python_dropped_comes_again():
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", SWALLOWED], capture_output=True, text=True, check=False, timeout=50)
    assert "still running" in done.stdout
    assert "Exception ignored" in done.stderr
    assert done.returncode == 130
    assert done.stderr.splitlines()[-1] == "nuportal: interrupted"
    assert time.monotonic() - begun < 40


@pytest.mark.parametrize("executor", ["serial", "threads"])
def test_interrupted_while_it_computes(tmp_path, executor):
    """130, one line, and the journal is kept for the next run; threads are not waited for."""
    axes = ["--x", "mass=2MeV:50MeV:400", "--y", "g=1e-8:1e-5:400"]
    command = ["plane", "B-L", *axes, "--preset", "ghosh", "--method", "solve", "-o", str(tmp_path / "p.png")]
    command += ["--executor", executor]
    run = subprocess.Popen([sys.executable, "-c", START, *command], stderr=subprocess.PIPE, text=True)
    while run.poll() is None and not (tmp_path / "p.nc.partial").exists():
        time.sleep(0.05)
    time.sleep(0.5)
    run.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 130
    assert errors.rstrip().splitlines()[-1] == "nuportal: interrupted"
    assert "Traceback" not in errors
    assert time.monotonic() - begun < 20
    assert {path.name for path in tmp_path.iterdir()} <= {"p.nc.partial"}
