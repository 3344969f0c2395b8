"""A run that takes hours writes each result down at once, so that it can be stopped and continued by anybody.

The journal is a text file: one line of JSON with what the run is, then one with each result. Result i depends on the
seed and on i alone, so a continued run gives the numbers of one that was never stopped.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Row = dict[str, Any]


def read(path: Path, about: Row) -> list[Row]:
    """Return the results in a journal; a last line cut off by a kill is dropped, another run's journal refused."""
    if not path.exists():
        return []
    whole, _, _ = path.read_text(encoding="utf-8").rpartition("\n")
    begun, *rows = map(json.loads, whole.splitlines()) if whole else [about]
    if begun != about:
        sys.exit(f"{path} is the journal of another run: {json.dumps(begun)}")
    return rows


def results(
    of: Callable[[np.random.Generator], Row], number: int, seed: int, path: Path | None, about: Row
) -> list[Row]:
    """Return results 0 to number - 1 of a function of random numbers; Ctrl-C ends the run with those so far."""
    about = {"seed": seed} | about
    rows = read(path, about) if path else []
    try:
        if path:
            path.write_text("".join(json.dumps(row) + "\n" for row in (about, *rows)), encoding="utf-8")
        for i in range(len(rows), number):
            rows.append(of(np.random.default_rng([seed, i])))
            if path:
                with path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(rows[-1]) + "\n")
    except KeyboardInterrupt:
        pass
    return rows[:number]
