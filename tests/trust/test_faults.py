"""Runs that are killed, disks that are full, files that are damaged: the scripts that do it, with numbers for CI.

The scripts in scripts/reliability print what they found as JSON; docs/reliability.md has their numbers for longer runs.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts" / "reliability"
forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot copy a process")


def found(script, *arguments):
    """What a script prints, one dictionary a line."""
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / script), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@forking
@pytest.mark.parametrize("task", ["neff", "interpolated", "combined", "scan"])
def test_killed_at_twenty_random_moments(task):
    """No file is ever wrong, the last run ends with the same plane, and nothing is left beside it."""
    (result,) = found("kill_runs.py", task, "--kills", 20)
    assert result["kills"] == 20
    assert result["wrong"] == 0
    assert result["left"] == []


def test_bits_turned_round():
    """Results are refused. A journal is cut at the damage (or refused, if it is its first line) and computed again."""
    results = found("flip_bits.py", "--flips", 200, "--journal-flips", 20)
    whole = {r["file"]: r for r in results if not r["file"].startswith("journal")}
    assert set(whole) == {"neff", "combined", "scan", "history"}
    assert all(r["refused"] == 200 and r["same"] == r["wrong"] == 0 for r in whole.values())
    journals = [r for r in results if r["file"].startswith("journal")]
    assert len(journals) == 4
    assert all(r["wrong"] == 0 and r["refused"] + r["same"] == 20 for r in journals)


@forking
def test_two_runs_on_one_file():
    """Of two runs that start within 2 ms one computes, the other is refused or finds the result of the first."""
    (result,) = found("two_runs.py", "--pairs", 20)
    assert result["overlapped"] == result["wrong"] == 0
    assert result["computed"] + result["refused"] == 40
    assert result["refused"] > 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_full_disk():
    """One line, status 2, and either a whole file or none, where the journal and where the pictures do not fit."""
    for result in found("full_disk.py", "--commands", "plane of N_eff", "--free", 0, 24576):
        assert result["clean"], result
        assert result["status"] == 2
        assert "cannot write" in result["says"]
        assert "p.png" not in result["left"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_full_disk_under_the_output():
    """What is printed does not fit: one line, status 2."""
    with Path("/dev/full").open("w") as full:
        start = "import sys; from nuportal.cli.app import main; main(sys.argv[1:])"
        done = subprocess.run(
            [sys.executable, "-c", start, "models"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["nuportal: No space left on device"]
