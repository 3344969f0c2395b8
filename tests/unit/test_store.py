"""The journal of finished blocks: a run killed at any byte resumes without recomputing and without corruption."""

import os
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from nuportal.errors import DataFileError, OutputError
from nuportal.planes import store
from nuportal.planes.axes import Axis
from nuportal.planes.spec import PlaneSpec, family
from nuportal.planes.store import Block, Journal, Result


def spec(model="B-L", points=6):
    return PlaneSpec(family(model), Axis("mass", 1.1, 100, points), Axis("g", 1e-9, 1e-3, points))


def block(k):
    values = np.arange(6.0).reshape(1, 6) + 10 * k
    values[0, k] = np.nan
    return Block(k, k + 1, 0, 6), Result(values, {k: f"reason {k}"}, 6)


def write(path, count):
    with Journal(path, spec()) as journal:
        list(journal.finished())
        for k in range(count):
            journal.append(*block(k))


def read(path):
    with Journal(path, spec()) as journal:
        return list(journal.finished())


def test_blocks_come_back_as_written(tmp_path):
    write(tmp_path / "a.partial", 4)
    found = read(tmp_path / "a.partial")
    assert [b for b, _ in found] == [block(k)[0] for k in range(4)]
    for k, (_, result) in enumerate(found):
        np.testing.assert_array_equal(result.values, block(k)[1].values)
        assert result.reasons == {k: f"reason {k}"}


def test_cut_at_every_byte_loses_only_the_torn_block(tmp_path):
    path = tmp_path / "a.partial"
    write(path, 3)
    whole = path.read_bytes()
    start = whole.index(b"\n") + 1
    ends = [start]
    with Journal(path, spec()) as journal:
        file = journal._opened()
        file.seek(start)
        while journal._read(file) is not None:
            ends.append(file.tell())
    assert len(ends) == 4
    for cut in range(start, len(whole), 7):
        path.write_bytes(whole[:cut])
        complete = sum(end <= cut for end in ends) - 1
        assert len(read(path)) == complete
        with Journal(path, spec()) as journal:
            list(journal.finished())
            journal.append(*block(5))
        assert [b.x0 for b, _ in read(path)] == [*range(complete), 5]


def test_a_flipped_byte_is_noticed(tmp_path):
    path = tmp_path / "a.partial"
    write(path, 3)
    data = bytearray(path.read_bytes())
    data[-5] ^= 0x40
    path.write_bytes(bytes(data))
    assert [b.x0 for b, _ in read(path)] == [0, 1]


@pytest.mark.parametrize("other", [spec("B-3Lmu"), spec(points=7)])
def test_another_planes_journal_is_refused_and_left_alone(tmp_path, other):
    path = tmp_path / "a.partial"
    write(path, 2)
    before = path.read_bytes()
    with pytest.raises(DataFileError, match="another plane"), Journal(path, other):
        pass
    assert path.read_bytes() == before
    with Journal(path, other, "discard") as journal:
        assert list(journal.finished()) == []


def test_two_runs_cannot_write_one_journal(tmp_path):
    with Journal(tmp_path / "a.partial", spec()) as journal:
        journal.append(*block(0))
        with pytest.raises(OutputError, match="another run"), Journal(tmp_path / "a.partial", spec()):
            pass
    assert len(read(tmp_path / "a.partial")) == 1


def test_a_journal_that_is_removed_between_opening_and_locking(tmp_path, monkeypatch):
    """Another run finishes in that moment and removes its journal: ours is a new file at the same place."""
    path = tmp_path / "a.partial"
    write(path, 2)
    lock, calls = store._lock, []

    def late(file):
        if not calls:
            path.unlink()
        calls.append(file)
        lock(file)

    monkeypatch.setattr(store, "_lock", late)
    with Journal(path, spec()) as journal:
        assert list(journal.finished()) == []
        journal.append(*block(3))
    assert len(calls) == 2
    assert [b.x0 for b, _ in read(path)] == [3]


def test_a_header_that_a_killed_run_did_not_finish(tmp_path):
    path = tmp_path / "a.partial"
    write(path, 2)
    path.write_bytes(path.read_bytes()[:30])
    with Journal(path, spec()) as journal:
        assert list(journal.finished()) == []
        journal.append(*block(1))
    assert [b.x0 for b, _ in read(path)] == [1]


def test_a_journal_without_blocks_leaves_no_trace(tmp_path):
    with Journal(tmp_path / "a.partial", spec()):
        assert (tmp_path / "a.partial").exists()
    assert list(tmp_path.iterdir()) == []


_SLOW_PLANE = """
import sys, time
from pathlib import Path
import numpy as np
from nuportal.planes.build import plane
from nuportal.planes.quantities import Quantity

def slow(spec, xs, ys):
    with open("computed.log", "a") as log:
        log.write("%.6g\\n" % xs[0])
    time.sleep(0.05)
    values = np.log(xs)[:, None] + np.log(ys)[None, :]
    return values, {}

asked = Quantity("sum", "s", slow, lambda spec: {}, block_points=8)
print("go", flush=True)
plane("B-L", "mass=1:100:8", "g=1e-9:1e-3:8", quantity=asked, constraints=[], save="p.nc", executor="serial")
"""


def test_kill_minus_nine_and_resume(tmp_path):
    script = tmp_path / "slow.py"
    script.write_text(textwrap.dedent(_SLOW_PLANE))
    log = tmp_path / "computed.log"
    killed = 0
    for _ in range(20):
        run = subprocess.Popen([sys.executable, str(script)], cwd=tmp_path, stdout=subprocess.PIPE)
        done_before = len(log.read_text().splitlines()) if log.exists() else 0
        while run.poll() is None:
            if log.exists() and len(log.read_text().splitlines()) >= done_before + 3:
                run.send_signal(signal.SIGKILL)
                killed += 1
                break
        run.communicate()
        if run.returncode == 0:
            break
    assert killed >= 2
    assert sorted(os.listdir(tmp_path)) == ["computed.log", "p.nc", "slow.py"]
    computed = log.read_text().splitlines()
    assert len(set(computed)) == 8
    # a block may be computed twice only where it was under way when the run was killed
    assert len(computed) <= 8 + killed

    from nuportal.planes.plane import Plane

    found = Plane.load(tmp_path / "p.nc")
    np.testing.assert_allclose(found.values, np.log(found.x)[:, None] + np.log(found.y)[None, :])
