"""Kill runs with signal 9 at random moments; each goes on where it stopped and must end with the same result.

    python scripts/reliability/kill_runs.py neff --kills 20

Prints one line of JSON: kills, files found damaged or wrong afterwards, files left behind at the end.
"""

import argparse
import json
import os
import random
import signal
import tempfile
import time
from pathlib import Path

from tasks import TASKS, same


def started(task: str, save: Path) -> int:
    """Start the task in a copy of this process, whose number is returned."""
    if (process := os.fork()) == 0:
        try:
            TASKS[task](save)
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", flush=True)
            os._exit(1)
    return process


def ended(process: int) -> int | None:
    """Return the exit status of a process that has ended (negative: the signal), or None."""
    done, status = os.waitpid(process, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def kill_runs(task: str, kills: int, folder: Path, moments: random.Random) -> dict[str, object]:
    """Kill a task `kills` times and return what was found."""
    expected = TASKS[task](folder / "expected.nc")  # with the time of loading and compiling
    begun = time.monotonic()
    TASKS[task](folder / "plane.nc")
    (folder / "plane.nc").unlink()
    duration = time.monotonic() - begun
    killed, finished, wrong = 0, 0, 0
    save = folder / "plane.nc"
    while killed < kills:
        process = started(task, save)
        until = time.monotonic() + moments.uniform(0, duration)
        while (status := ended(process)) is None and time.monotonic() < until:
            time.sleep(1e-3)
        if status is None:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            killed += 1
        else:
            wrong += status != 0
        if save.exists():
            wrong += not same(TASKS[task](save), expected)
            finished += 1
            save.unlink()
    wrong += not same(TASKS[task](save), expected)
    left = sorted(path.name for path in folder.iterdir() if path.name not in ("expected.nc", "plane.nc"))
    return {"task": task, "kills": killed, "finished_between": finished, "wrong": wrong, "left": left}


def main() -> None:
    """Read the command line and print the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(kill_runs(given.task, given.kills, Path(folder), random.Random(given.seed))))


if __name__ == "__main__":
    main()
