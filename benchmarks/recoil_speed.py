"""Speed of recoil predictions: set-up, a new point against a full fold, a plane of (m4, d)."""

import time

import numpy as np

from nuportal.experiments.prediction import Prediction
from nuportal.inference.contours import contours
from nuportal.models import U1X
from nuportal.processes import electron_scattering


def main() -> None:
    """Print times and the ratio of a full fold to a matrix-vector product, measured in one run."""
    start = time.perf_counter()
    prediction = Prediction("xenon1t_sr1")
    couplings = U1X("B-L", mass="10 keV", g=3e-7).couplings
    prediction.excess_total(couplings)
    print(f"set-up of xenon1t_sr1        {time.perf_counter() - start:8.3f} s")
    start = time.perf_counter()
    for _ in range(1000):
        prediction.excess_total(couplings)
    point = (time.perf_counter() - start) / 1000
    print(f"new vector mediator          {point * 1e3:8.4f} ms")
    start = time.perf_counter()
    prediction.sun.fold(prediction.recoil, lambda t, e, f: electron_scattering.cross_section(t, e, f, couplings))
    print(f"full fold / new point        {(time.perf_counter() - start) / point:8.0f}")
    start = time.perf_counter()
    contours("dipole", "xenon1t_sr1", mass=np.geomspace(0.05, 1, 100), x=np.geomspace(1e-10, 1e-8, 100), flux="8B")
    print(f"100 x 100 (m4, d), one flux  {time.perf_counter() - start:8.2f} s")


if __name__ == "__main__":
    main()
