"""Start two runs on one file at the same moment; never may both write, and whoever finishes must be right.

    python scripts/reliability/two_runs.py --pairs 20

Prints one line of JSON: pairs, runs that computed, runs refused in one line, runs that overlapped, wrong results.
"""

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

import nuportal as nup
from nuportal.errors import OutputError
from nuportal.planes.build import plane
from nuportal.planes.quantities import Quantity

REFUSED = 3


def watched(xs: np.ndarray, ys: np.ndarray, busy: Path) -> np.ndarray:
    """Return ln x + ln y; leave a mark while computing. Raises FileExistsError if another run does so too."""
    os.close(os.open(busy, os.O_CREAT | os.O_EXCL))
    time.sleep(2e-3)
    busy.unlink()
    return np.log(xs)[:, None] + np.log(ys)[None, :]


def compute(save: Path) -> nup.Plane:
    """Compute a small plane in eight blocks."""
    busy = save.with_name("busy")
    asked = Quantity("sum", "s", lambda spec, xs, ys: (watched(xs, ys, busy), {}), lambda spec: {}, block_points=8)
    axes = ("mass=1:100:8", "g=1e-9:1e-3:8")
    return plane("B-L", *axes, constraints=[], quantity=asked, save=save, executor="serial")  # type: ignore[return-value]


def run(save: Path, moment: float) -> int:
    """Start a copy of this process that computes from a moment on, and return its number."""
    if (process := os.fork()) == 0:
        time.sleep(max(0.0, moment - time.time()))
        try:
            compute(save)
            os._exit(0)
        except OutputError:
            os._exit(REFUSED)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", flush=True)
            os._exit(1)
    return process


def pairs(count: int, folder: Path) -> dict[str, int]:
    """Start `count` pairs and return what became of them."""
    found: Counter = Counter(computed=0, refused=0, overlapped=0, wrong=0)
    for k in range(count):
        save = folder / f"{k}.nc"
        moment = time.time() + 0.02
        both = [run(save, moment + 1e-3 * (k % 3) * late) for late in (0, 1)]
        for process in both:
            status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            found[{0: "computed", REFUSED: "refused"}.get(status, "overlapped")] += 1
        result = nup.Plane.load(save)
        right = np.log(result.x)[:, None] + np.log(result.y)[None, :]
        found["wrong"] += not np.array_equal(result.values, right)
        found["wrong"] += sorted(p.name for p in folder.iterdir()) != [save.name]
        save.unlink()
    return {"pairs": count, **found}


def main() -> None:
    """Read the command line and print the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compute(Path(folder) / "first.nc").save(Path(folder) / "again.nc")
        for path in Path(folder).iterdir():
            path.unlink()
        print(json.dumps(pairs(given.pairs, Path(folder))))


if __name__ == "__main__":
    main()
