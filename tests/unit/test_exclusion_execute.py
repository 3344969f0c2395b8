"""Combined planes wherever they are computed: executors, workers, progress, and runs that were killed."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import nuportal as nup
from nuportal.errors import ParameterError, UnknownNameError
from nuportal.limits.registry import limits

X, Y = "mass=1MeV:100MeV:9", "g=1e-9:1e-3:31"
CHOSEN = "borexino,na64-invisible,babar-visible,e137,g2-electron"
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}

SLOW = '''
import time
import numpy as np
from nuportal.limits.base import Limit

class Slow(Limit):
    """c_e above a line, in no hurry."""
    def ratio(self, ray, y):
        time.sleep({pause})
        return np.abs(ray.couplings(y).c_e) / ({slope} * ray.mass)
'''
ABOUT = """
name = "{name}"
label = "{name}"
group = "laboratory"
observable = "a shape that is known"
kind = "exclusion"
method = "computed"
formula = "shape.py:Slow"
cl = 0.9
validity = ["1 MeV", "1 GeV"]
accuracy = 0.1
status = "verified"
provenance = "made for the test"
references = ["Fan:2022eto"]
"""
RUN = """
import sys
import nuportal as nup
nup.plane("B-L", "mass=1MeV:100MeV:9", "g=1e-9:1e-3:31", constraints=sys.argv[2:], save=sys.argv[1], executor="serial")
"""


@pytest.fixture(scope="module")
def reference():
    return nup.plane("B-L", X, Y, constraints=CHOSEN, executor="serial")


@pytest.mark.parametrize(("executor", "workers"), [("threads", 2), ("processes", 1)])
def test_the_executor_does_not_change_the_plane(executor, workers, reference):
    found = nup.plane("B-L", X, Y, constraints=CHOSEN, executor=executor, workers=workers)
    assert found.tracks.keys() == reference.tracks.keys()
    for name, track in reference.tracks.items():
        assert np.array_equal(found.tracks[name].at, track.at)
        assert found.tracks[name].outcomes == track.outcomes


def test_a_users_executor_and_workers_are_asked():
    """An executor of the caller gets one task for each limit, but those that share results on a ray come together."""
    from concurrent.futures import ThreadPoolExecutor

    asked = []

    class Counting(ThreadPoolExecutor):
        def submit(self, work, item):  # type: ignore[override]
            asked.append([limit.about.name for limit in item])
            return super().submit(work, item)

    names = "planck2018,borexino,bbn,e137"
    with Counting(1) as executor:
        plane = nup.plane("B-L", "mass=5MeV:20MeV:2", "g=1e-6:1e-4:5", constraints=names, executor=executor)
    assert asked == [["planck2018", "bbn"], ["borexino"], ["e137"]]
    assert list(plane.tracks) == names.split(",")


def test_executor_and_workers_that_do_not_exist_are_refused():
    with pytest.raises(UnknownNameError, match="executor 'nonsense'"):
        nup.plane("B-L", X, Y, constraints=CHOSEN, executor="nonsense")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="workers = 0"):
        nup.plane("B-L", X, Y, constraints=CHOSEN, workers=0)


def test_progress_counts_the_limits(capsys):
    nup.plane("B-L", X, Y, constraints=CHOSEN, progress="bar")
    assert "5/5" in capsys.readouterr().err


def _own(tmp_path, pause):
    """Four folders of limits that take their time: the journal grows one track at a time."""
    for k in range(4):
        place = tmp_path / f"slow-{k}"
        place.mkdir()
        (place / "limit.toml").write_text(ABOUT.format(name=place.name))
        (place / "shape.py").write_text(SLOW.format(pause=pause, slope=(k + 1) * 1e-6))
    return [str(tmp_path / f"slow-{k}") for k in range(4)]


def test_a_killed_plane_goes_on_and_gives_the_same_bytes(tmp_path):
    """kill -9 with part of the limits done: the file is that of a run without interruption, bit by bit."""
    places = _own(tmp_path, 0.004)
    environment = os.environ | EPOCH
    start = [sys.executable, "-c", RUN]
    whole, broken = tmp_path / "whole.nc", tmp_path / "broken.nc"
    subprocess.run([*start, whole, *places], env=environment, check=True)
    journal = tmp_path / "broken.nc.partial"
    run = subprocess.Popen([*start, broken, *places], env=environment)
    until = time.monotonic() + 120
    while not (journal.is_file() and journal.stat().st_size > 1000) and run.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.005)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert journal.is_file()
    assert not broken.exists()
    subprocess.run([*start, broken, *places], env=environment, check=True)
    assert not journal.exists()
    assert broken.read_bytes() == whole.read_bytes()


def test_limits_travel_to_other_processes():
    """Every limit of the catalogue can be pickled and is the same limit again."""
    import pickle

    for limit in limits("all"):
        again = pickle.loads(pickle.dumps(limit))
        assert (again.about, again.measurement, again.folder) == (limit.about, limit.measurement, limit.folder)
