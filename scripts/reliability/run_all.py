"""Every number of docs/reliability.md, one script after the other; status 1 if any of them is not what it should be.

python scripts/reliability/run_all.py                                  # a night: 10^6 points, 10^4 at high accuracy
python scripts/reliability/run_all.py --points 20000 --accurate 100    # half an hour
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
#: numbers that must be zero
NOTHING = ("wrong", "overlapped", "nan_without_reason", "value_beside_a_failure", "errors_above_0.001")

KILLED = ("neff", "interpolated", "momenta", "combined", "scan")


def run(script: str, *arguments: object) -> list[str]:
    """Run a script, print what it prints, and return what is wrong in it."""
    done = subprocess.run(
        [sys.executable, str(HERE / script), *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=False
    )
    print(f"{script} {' '.join(map(str, arguments))}\n{done.stdout}", flush=True)
    found = [f"{script}: status {done.returncode}"] if done.returncode else []
    for row in map(json.loads, done.stdout.splitlines()):
        found += [f"{script}: {name} = {row[name]}" for name in NOTHING if row.get(name)]
        found += [f"{script}: left behind {row['left']}"] if "kills" in row and row["left"] else []
        found += [f"{script}: {row['says']}"] if not row.get("clean", True) else []
    return found


def main() -> None:
    """Read the command line and run everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--accurate", type=int, default=10_000)
    parser.add_argument("--malformed", type=int, default=200)
    given = parser.parse_args()
    wrong = [
        *(line for task in KILLED for line in run("kill_runs.py", task, "--kills", 20)),
        *run("flip_bits.py", "--flips", 200),
        *run("two_runs.py", "--pairs", 20),
        *run("full_disk.py"),
        *run("malformed.py", "--inputs", given.malformed),
        *run("random_grid.py", "--points", given.points),
        *run("high_accuracy.py", "--points", given.accurate),
    ]
    sys.exit("; ".join(wrong) if wrong else 0)


if __name__ == "__main__":
    main()
