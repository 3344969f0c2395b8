"""`nuportal scan`: any observables over any number of parameters, or at listed points."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nuportal.cli.groups import grouped
from nuportal.cli.lists import items
from nuportal.cli.model_options import ModelInput
from nuportal.cli.outputs import JsonOption, OutputOption, accepted, write
from nuportal.errors import ParameterError

if TYPE_CHECKING:
    import xarray

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def scan(
    given: ModelInput,
    x: Annotated[
        list[str] | None, typer.Option("--x", help="Axis, such as mass=1MeV:10MeV[:points][:log|lin]; may be repeated.")
    ] = None,
    points: Annotated[int, typer.Option(help="Points of an axis that does not say.")] = 10,
    table: Annotated[
        Path | None, typer.Option(help="Instead of axes: CSV file of points, its header names parameters.")
    ] = None,
    observable: Annotated[
        list[str] | None,
        typer.Option(
            help="neff, Y_p, D_H, He3_H, Li7_H, excluded, loglike, ratio (each also of one constraint: "
            "ratio:borexino), best, upper_limit, significance of an experiment (best:xenonnt_sr0); comma or repeated."
        ),
    ] = None,
    constraints: Annotated[
        list[str] | None, typer.Option(help="Of excluded, loglike and ratio: all, groups, layers, names or folders.")
    ] = None,
    treatment: Annotated[str | None, typer.Option(help="momenta, or temperatures (fast).")] = None,
    flavours: Annotated[str | None, typer.Option(help="oscillating, separate or common.")] = None,
    start: Annotated[str | None, typer.Option(help="Boson at the start: thermal or zero.")] = None,
    preset: Annotated[str | None, typer.Option(help="default, or a paper's approximations such as ghosh.")] = None,
    accuracy: Annotated[str | None, typer.Option(help="standard or high.")] = None,
    omega_b: Annotated[float | None, typer.Option("--omega-b", help="Light elements: Omega_b h^2.")] = None,
    rates: Annotated[str | None, typer.Option(help="Light elements: nuclear rates, such as primat2023.")] = None,
    output: OutputOption = None,
    if_exists: Annotated[str, typer.Option(help="resume a scan found in that file, or replace it.")] = "resume",
    executor: Annotated[str, typer.Option(help="threads, processes, serial or dask.")] = "threads",
    workers: Annotated[int | None, typer.Option(help="Default: the cores at hand.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Record observables over any number of parameters; a killed run goes on where it stopped.

    `nuportal scan B-L --x mass=1MeV:10MeV:5 --x g=1e-9:1e-6:4 --x epsilon=1e-9:1e-7:3 --observable neff -o scan.nc`.
    -o takes .nc (everything, an xarray dataset), .csv (the values) and .json (the summary).
    """
    from nuportal.scans import file
    from nuportal.scans.build import scan as run

    family = given.family()
    paths = accepted(output, (".nc", ".csv", ".json")) or [Path(f"scan_{family.label}.nc")]
    data = [path for path in paths if path.suffix == ".nc"]
    if len(data) > 1:
        raise ParameterError(f"give one netCDF file, not {' and '.join(map(str, data))}")
    options = {"treatment": treatment, "flavours": flavours, "start": start, "preset": preset, "accuracy": accuracy}
    options |= {"omega_b": omega_b, "rates": rates}
    found = run(
        family,
        x or (),
        items(observable, "name of an observable") or ("neff",),
        table=table,
        points=points,
        constraints=items(constraints, "constraint") or "all",
        save=data[0] if data else None,
        if_exists=if_exists,  # type: ignore[arg-type]
        executor=executor,  # type: ignore[arg-type]
        workers=workers,
        progress="bar",
        **{name: value for name, value in options.items() if value is not None},
        **given.fixed(family),
    )
    summary = summarise(found) | {"files": list(map(str, paths))}
    write([path for path in paths if path.suffix != ".nc"], summary, save=lambda path: file.write(found, path))
    if as_json:
        print(json.dumps(summary, indent=1))
        return
    _print(summary)


def summarise(found: "xarray.Dataset") -> dict[str, Any]:
    """Return the size of a scan and of each observable its range, and how many points have no value and why."""
    import numpy as np

    rows: list[dict[str, object]] = []
    for name in json.loads(found.attrs["observables"]):
        observable, status = found[str(name)], found[f"{name}_status"]
        values: np.ndarray = observable.to_numpy()
        known = values[np.isfinite(values)]
        counts = np.bincount(status.to_numpy().ravel())
        reasons = json.loads(status.attrs["reasons"])
        rows.append(
            {
                "observable": name,
                "unit": observable.attrs["units"],
                "min": float(known.min()) if known.size else None,
                "max": float(known.max()) if known.size else None,
                "without_value": int(values.size - known.size),
                "reasons": {text: int(counts[k + 1]) for k, text in enumerate(reasons)},
            }
        )
    sizes = {str(name): int(size) for name, size in found.sizes.items()}
    points = int(np.prod(list(sizes.values())))
    return {"sizes": sizes, "points": points, "input_hash": found.attrs["input_hash"], "observables": rows}


def _print(summary: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    size = " x ".join(f"{n} {name}" for name, n in summary["sizes"].items())
    table = Table("observable", "unit", "from", "to", "no value", title=f"scan of {size}")
    for row in summary["observables"]:
        ends = ["" if row[end] is None else f"{row[end]:.6g}" for end in ("min", "max")]
        unit = "" if row["unit"] == "1" else row["unit"]
        table.add_row(row["observable"], unit, *ends, str(row["without_value"]))
    console = Console(soft_wrap=True)
    console.print(table)
    for row in summary["observables"]:
        for text, count in list(row["reasons"].items())[:5]:
            console.print(
                f"no {row['observable']} at {count} of {summary['points']}: {text}", highlight=False, markup=False
            )
    for path in summary["files"]:
        console.print(f"written: {path}", highlight=False)
