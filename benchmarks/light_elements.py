"""CPU time of light elements after the history: python benchmarks/light_elements.py"""

from collections.abc import Callable
from dataclasses import replace
from time import process_time

import numpy as np

import nuportal as nup
from nuportal.cosmology.nucleosynthesis.background import NeutrinoSpectrum
from nuportal.cosmology.nucleosynthesis.evolution import prepare, solve
from nuportal.cosmology.nucleosynthesis.from_history import background_of
from nuportal.cosmology.nucleosynthesis.yields import yields

REPEATS, NODES, LARGEST = 100, 40, 25.0


def milliseconds(work: Callable[[], object]) -> float:
    """CPU time of one call; the first, which may compile, does not count."""
    work()
    start = process_time()
    for _ in range(REPEATS):
        work()
    return (process_time() - start) / REPEATS * 1e3


def main() -> None:
    """Print the times of a point of B-L, of its parts, and with a spectrum of the electron neutrinos."""
    thermal = background_of(nup.evolve(nup.U1X("B-L", mass=10, g=1e-8), treatment="temperatures"))
    comoving = thermal.neutrinos.temperature * np.exp(thermal.ln_a)  # type: ignore[union-attr]
    q = (np.arange(NODES) + 0.5) * LARGEST / NODES * comoving[-1]
    spectrum = replace(thermal, neutrinos=NeutrinoSpectrum(q, -q / comoving[:, None]))
    prepared = prepare(thermal, 878.4)
    parts = {
        "a point": lambda: yields(thermal),
        f"a point, spectrum of {NODES} momenta": lambda: yields(spectrum),
        "n <-> p rates and splines": lambda: prepare(thermal, 878.4),
        "network": lambda: solve(prepared, 0.02237, "primat2023"),
    }
    for name, work in parts.items():
        print(f"{name:<34} {milliseconds(work):6.2f} ms CPU")


if __name__ == "__main__":
    main()
