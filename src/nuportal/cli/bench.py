"""`nuportal bench`: speed and accuracy of the thermal solver on this machine, against SciPy's LSODA."""

import json
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
    from nuportal.cosmology.temperatures.benchmark import compare_with_lsoda, error_distribution, plane_speed
    from nuportal.errors import ParameterError

    if points < 1:
        raise ParameterError(f"points = {points} is not allowed: it must be positive")
    planes = plane_speed()
    adaptive, solved = planes["adaptive"], planes["solve"]
    errors = error_distribution(points, np.random.default_rng(seed))
    ours, theirs, difference = compare_with_lsoda()
    report = {
        "plane_points_per_second": adaptive.points_per_second,
        "plane_points_per_second_solve": solved.points_per_second,
        "plane_share_solved": adaptive.solved,
        "plane_error_max": adaptive.largest_error,
        "plane_error_max_solve": solved.largest_error,
        "plane_failed": adaptive.failed,
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
    for method, plane in planes.items():
        print(
            f"100 x 100 plane of B-L, method {method}: {plane.points_per_second:,.0f} points/s, "
            f"{100 * plane.solved:.0f} % solved, largest error {plane.largest_error:.1e}, {plane.failed} failed"
        )
    print(
        f"error of N_eff over {points} random points against rtol 1e-10: median {report['error_median']:.1e}, "
        f"99 % {report['error_99_percent']:.1e}, largest {report['error_max']:.1e}; {report['failed']} failed"
    )
    print(
        f"one point: {1e3 * ours:.2f} ms here, {1e3 * theirs:.0f} ms with SciPy's LSODA on the same right-hand side: "
        f"{theirs / ours:.0f} times faster (N_eff differs by {difference:.1e})"
    )
