"""CPU time of a combined plane with every constraint, and its ratio to the same constraints on a plain grid.

python benchmarks/combined_plane.py [model]

B-L, 60 columns, without the constraints from N_eff, seconds of CPU on 2 busy cores (version 0.1.0 as issued -> now):
first plane in a process 11.9 -> 5.6, warm 7.7 -> 4.7, picture 2.2 -> 1.3, file 0.7 -> 0.6, reading the limits 1.1.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from nuportal import plane
from nuportal.limits.registry import limits
from nuportal.planes.tracks import Rays, stepped

COLUMNS = 60
FINE = 100  #: values a decade of a plain grid whose edges are as sharp (2 %) as a plot can show


def main(model: str = "B-L") -> None:
    """The plane twice (the second time warm), the slowest constraints, and the ratio to the plain grid."""
    start = time.process_time()
    every = limits("all")
    print(f"reading the limits: {time.process_time() - start:.1f} s")
    others = [c for c in every if not c.about.formula.startswith("neff")]
    for text, chosen in (("first, without N_eff", others), ("warm, without N_eff", others), ("everything", every)):
        start = time.process_time()
        found: Any = plane(model, constraints=chosen, points=COLUMNS, executor="serial", workers=1)
        seconds = time.process_time() - start
        columns = sum(t.at.size for t in found.tracks.values() if t.applicable)
        print(f"{text}: {seconds:.1f} s, {len(found.names)} constraints, {columns} columns")
    with TemporaryDirectory() as folder:
        for ending in (".png", ".nc"):
            start = time.process_time()
            (found.plot if ending == ".png" else found.save)(Path(folder) / f"plane{ending}")
            print(f"{ending}: {time.process_time() - start:.1f} s")
    across, along = stepped(found.spec)
    grid = np.geomspace(along.low, along.high, int(FINE * np.log10(along.high / along.low)))
    rays, chosen = Rays(found.spec), [c for c in others if c.about.method != "likelihood"]
    start = time.process_time()
    for at in across.values.tolist():
        for c in chosen:
            if c.refused(rays[at]) is None:
                c.ratio(rays[at], grid)
    plain = time.process_time() - start
    start = time.process_time()
    rays = Rays(found.spec)
    for at in across.values.tolist():
        for c in chosen:
            c.excluded(rays[at])
    refined = time.process_time() - start
    print(f"edges to 1e-4 of a step by refinement: {plain / refined:.2f} of the speed of a plain grid with 2 % edges")


if __name__ == "__main__":
    main(*sys.argv[1:])
