"""Time of a combined plane with every constraint, and its ratio to evaluating the same constraints on a plain grid.

python benchmarks/combined_plane.py [model]
"""

import sys
import time

import numpy as np

from nuportal import plane
from nuportal.limits.registry import limits
from nuportal.planes.tracks import Rays, stepped

FINE = 100  #: values a decade of a plain grid whose edges are as sharp (2 %) as a plot can show


def main(model: str = "B-L") -> None:
    """The plane twice (the second time warm), the slowest constraints, and the ratio to the plain grid."""
    for text in ("first", "warm"):
        start = time.perf_counter()
        found = plane(model, constraints="all")
        seconds = time.perf_counter() - start
        columns = sum(t.at.size for t in found.tracks.values() if t.applicable)  # type: ignore[union-attr]
        print(f"{text}: {seconds:.1f} s, {len(found.names)} constraints, {columns} columns")  # type: ignore[union-attr]
    across, along = stepped(found.spec)
    grid = np.geomspace(along.low, along.high, int(FINE * np.log10(along.high / along.low)))
    rays, chosen = Rays(found.spec), [c for c in limits("all") if c.about.method != "likelihood"]
    chosen = [c for c in chosen if not c.about.formula.startswith("neff")]
    start = time.perf_counter()
    for at in across.values.tolist():
        for c in chosen:
            if c.refused(rays[at]) is None:
                c.ratio(rays[at], grid)
    plain = time.perf_counter() - start
    start = time.perf_counter()
    rays = Rays(found.spec)
    for at in across.values.tolist():
        for c in chosen:
            c.excluded(rays[at])
    refined = time.perf_counter() - start
    print(f"edges to 1e-4 of a step by refinement: {plain / refined:.2f} of the speed of a plain grid with 2 % edges")


if __name__ == "__main__":
    main(*sys.argv[1:])
