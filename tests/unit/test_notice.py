"""A compilation that takes long is announced once: not where the cache has the code, nor where silence is asked for."""

import os
import subprocess
import sys

PROGRAM = """
import sys
from numba import njit
from nuportal.solvers.notice import silence, tell

@njit(cache=True)
def half(x):
    return 0.5 * x

tell(half, "halves (about 1 s)")
if "silent" in sys.argv:
    silence()
print(half(3.0), half(4))
"""


def run(folder, *arguments):
    program = folder / "program.py"
    if not program.exists():
        program.write_text(PROGRAM, encoding="utf-8")
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, str(program), *arguments], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "1.5 2.0\n"
    return done.stderr


def test_the_first_run_says_so_and_the_second_has_nothing_to_say(tmp_path):
    assert run(tmp_path) == "nuportal: compiling halves (about 1 s), once for this installation ...\n"
    assert run(tmp_path) == ""


def test_silence(tmp_path):
    assert run(tmp_path, "silent") == ""


def test_workers_are_silent(tmp_path):
    """A process that another one started through multiprocessing."""
    worker = (
        "import multiprocessing, runpy\n"
        "def work(): runpy.run_path(r'{path}')\n"
        "if __name__ == '__main__':\n"
        "    p = multiprocessing.get_context('spawn').Process(target=work); p.start(); p.join()\n"
    )
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "worker.py").write_text(worker.format(path=path), encoding="utf-8")
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, str(tmp_path / "worker.py")], env=environment, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("1.5 2.0\n", "")
