"""Turn single bits of results and journals round; each damaged file must be refused, or read as it was written.

    python scripts/reliability/flip_bits.py --flips 200

Prints one line of JSON for each kind of file: flips, refused, read with the same content, read with another (wrong).
"""

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tasks import TASKS, same

import nuportal as nup
from nuportal.errors import DataFileError
from nuportal.planes.store import Records

#: runs whose journals are damaged: of blocks, of single points, of constraints, of parts of a scan
JOURNALS = ("neff", "interpolated", "combined", "scan")


def flipped(content: bytes, bit: int) -> bytes:
    """Return the content with one bit turned round."""
    damaged = bytearray(content)
    damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


def flips(content: bytes, count: int, path: Path, unchanged: Callable[[], bool], moments: random.Random) -> Counter:
    """Damage a file `count` times, half of them in its first and last 4000 bytes, and read it."""
    found: Counter = Counter()
    ends = [*range(min(4000, len(content))), *range(max(0, len(content) - 4000), len(content))]
    for k in range(count):
        place = moments.choice(ends) if k % 2 else moments.randrange(len(content))
        path.write_bytes(flipped(content, 8 * place + moments.randrange(8)))
        try:
            found["same" if unchanged() else "wrong"] += 1
        except DataFileError as error:
            found["refused" if "\n" not in str(error) else "wrong"] += 1
    return found


def results(count: int, folder: Path, moments: random.Random) -> dict[str, Counter]:
    """Damage a plane of N_eff, a combined plane, a scan and a history."""
    counted = {}
    path = folder / "result.nc"
    for task in ("neff", "combined", "scan"):
        expected = TASKS[task](path)
        counted[task] = flips(
            path.read_bytes(), count, path, lambda t=task, e=expected: same(TASKS[t](path), e), moments
        )
        path.unlink()
    history = nup.evolve(treatment="temperatures")
    history.save(path)
    counted["history"] = flips(path.read_bytes(), count, path, lambda: alike(nup.History.load(path), history), moments)
    return counted


def alike(one: nup.History, other: nup.History) -> bool:
    """Return whether two histories agree."""
    return one.to_dict() == other.to_dict() and np.array_equal(one.t_gamma, other.t_gamma)


def journal(task: str, count: int, folder: Path, moments: random.Random) -> Counter:
    """Damage the journal of a run that was killed before its end; what is made of it must be right."""
    save = folder / "plane.nc"
    expected = TASKS[task](save)
    content = recorded(task, save)

    def unchanged() -> bool:
        save.unlink(missing_ok=True)
        return same(TASKS[task](save), expected)

    found = flips(content, count, folder / "plane.nc.partial", unchanged, moments)
    for path in folder.iterdir():
        path.unlink()
    return found


def recorded(task: str, save: Path) -> bytes:
    """Return the journal of a finished run, as it was before the result was saved."""
    kept = {}
    remove = Records.remove

    def keep(self: Records) -> None:
        kept["content"] = self.path.read_bytes()
        remove(self)

    Records.remove = keep  # type: ignore[method-assign]
    try:
        save.unlink()
        TASKS[task](save)
    finally:
        Records.remove = remove  # type: ignore[method-assign]
    return kept["content"]


def main() -> None:
    """Read the command line and print the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--journal-flips", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    moments = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        counted = results(given.flips, Path(folder), moments)
        for task in JOURNALS:
            counted[f"journal of {task}"] = journal(task, given.journal_flips, Path(folder), moments)
    for kind, found in counted.items():
        print(json.dumps({"file": kind, **dict.fromkeys(("refused", "same", "wrong"), 0), **found}))


if __name__ == "__main__":
    main()
