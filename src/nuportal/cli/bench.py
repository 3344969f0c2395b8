"""`nuportal bench`: speed and accuracy of the thermal solver on this machine, against SciPy's LSODA."""

import json
from time import perf_counter
from typing import Annotated

import numpy as np
import typer

app = typer.Typer(add_completion=False)


@app.command()
def bench(
    points: Annotated[int, typer.Option(help="Random points for the error distribution.")] = 2000,
    seed: Annotated[int, typer.Option(help="Seed of the random points.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Points per second of a 100 x 100 plane, errors of random points against rtol = 1e-10, ratio to SciPy's LSODA."""
    from nuportal.decoupling.benchmark import compare_with_lsoda, error_distribution
    from nuportal.decoupling.thermal import neff_grid
    from nuportal.errors import ParameterError

    if points < 1:
        raise ParameterError(f"points = {points} is not allowed: it must be positive")
    neff_grid("B-L", [1.5, 10.0], [1e-7])  # compiles
    start = perf_counter()
    plane = neff_grid("B-L", np.geomspace(1.1, 200, 100), np.geomspace(1e-10, 1e-4, 100))
    seconds = perf_counter() - start
    errors = error_distribution(points, np.random.default_rng(seed))
    ours, theirs, difference = compare_with_lsoda()
    report = {
        "plane_points_per_second": plane.size / seconds,
        "plane_failed": int(np.isnan(plane).sum()),
        "random_points": points,
        "seed": seed,
        "failed": int(np.isnan(errors).sum()),
        "error_median": float(np.nanmedian(errors)),
        "error_99_percent": float(np.nanpercentile(errors, 99)),
        "error_max": float(np.nanmax(errors)),
        "lsoda_seconds_per_point": theirs,
        "seconds_per_point": ours,
        "ratio_to_lsoda": theirs / ours,
        "difference_to_lsoda": difference,
    }
    if as_json:
        print(json.dumps(report, indent=1))
        return
    print(f"100 x 100 plane of B-L: {report['plane_points_per_second']:,.0f} points/s, {report['plane_failed']} failed")
    print(
        f"error of N_eff over {points} random points against rtol 1e-10: median {report['error_median']:.1e}, "
        f"99 % {report['error_99_percent']:.1e}, largest {report['error_max']:.1e}; {report['failed']} failed"
    )
    print(
        f"one point: {1e3 * ours:.2f} ms here, {1e3 * theirs:.0f} ms with SciPy's LSODA on the same right-hand side: "
        f"{theirs / ours:.0f} times faster (N_eff differs by {difference:.1e})"
    )
