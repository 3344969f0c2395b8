"""`nuportal plane`: compute a plane, save it as netCDF, draw it."""

import json
import math
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from nuportal.cli import completion
from nuportal.cli.groups import grouped
from nuportal.cli.lists import items
from nuportal.cli.model_options import ModelInput
from nuportal.cli.outputs import PICTURES, JsonOption, OutputOption, accepted, write
from nuportal.errors import ParameterError
from nuportal.output import checked

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def plane(
    given: ModelInput,
    x: Annotated[str | None, typer.Option(help="Axis, such as mass=1.1MeV:100MeV[:points][:log|lin].")] = None,
    y: Annotated[str | None, typer.Option(help="Axis, such as g=1e-9:1e-3.")] = None,
    points: Annotated[int, typer.Option(help="Points of an axis that does not say.")] = 100,
    treatment: Annotated[str | None, typer.Option(help="N_eff: momenta (default), or temperatures (fast).")] = None,
    flavours: Annotated[str | None, typer.Option(help="oscillating, separate or common neutrinos.")] = None,
    start: Annotated[str | None, typer.Option(help="thermal or zero start of the boson.")] = None,
    preset: Annotated[str | None, typer.Option(help="default, or a paper's approximations such as ghosh.")] = None,
    accuracy: Annotated[str | None, typer.Option(help="Momenta: standard or high.")] = None,
    mixing: Annotated[str | None, typer.Option(help="Mixing of boson and photon in the plasma: off or on.")] = None,
    method: Annotated[str | None, typer.Option(help="N_eff: adaptive, or solve for every point.")] = None,
    quantity: Annotated[str, typer.Option(help="neff, Y_p or D_H.")] = "neff",
    omega_b: Annotated[float | None, typer.Option("--omega-b", help="Y_p, D_H: baryon density Omega_b h^2.")] = None,
    rates: Annotated[str | None, typer.Option(help="Y_p, D_H: nuclear rates, such as primat2023.")] = None,
    second_rates: Annotated[str | None, typer.Option("--second-rates", help="Y_p, D_H: rates drawn dashed.")] = None,
    second_treatment: Annotated[
        str | None, typer.Option("--second-treatment", help="N_eff: treatment whose edges are drawn dashed.")
    ] = None,
    constraints: Annotated[
        list[str] | None,
        typer.Option(
            help="default, all, groups, layers, names or folders, by comma or repeated.",
            autocompletion=completion.constraints,
        ),
    ] = None,
    output: OutputOption = None,
    save: Annotated[Path | None, typer.Option(help="netCDF file; default, beside the picture.")] = None,
    if_exists: Annotated[str, typer.Option(help="resume a plane found in that file, or replace it.")] = "resume",
    executor: Annotated[str, typer.Option(help="threads, processes, serial or dask.")] = "threads",
    workers: Annotated[int | None, typer.Option(help="Default: the cores at hand.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Draw N_eff, or everything that is excluded, over two parameters; a killed run goes on where it stopped.

    With --constraints default N_eff is drawn against what is measured; with all (or any constraint that is no
    measurement of N_eff, see `nuportal limits`) the excluded regions of each and of all. -o takes pictures, .nc, .json
    and of excluded regions .html and .csv (their outlines, as .json).
    """
    from nuportal.planes import build

    family = given.family()
    chosen = items(constraints, "constraint") or ["default"]
    if "default" in chosen and len(chosen) > 1:
        raise ParameterError("constraints: default cannot be mixed with others: name them")
    if second_rates is not None and quantity == "neff":
        raise ParameterError("--second-rates is for planes of Y_p or D_H: give --quantity")
    if second_treatment is not None and quantity != "neff":
        raise ParameterError("--second-treatment is for planes of N_eff")
    asked: str | list[str] = chosen[0] if len(chosen) == 1 else chosen
    combined = quantity == "neff" and build.combined(family, asked)
    endings = (*PICTURES, ".nc", ".json", *((".html", ".csv") if combined else ()))
    paths = accepted(output, endings) or [checked(Path(f"plane_{family.label}.png"), PICTURES)]
    data = _data(paths, save)
    options = {"treatment": treatment, "flavours": flavours, "start": start, "preset": preset, "method": method}
    options |= {"accuracy": accuracy, "mixing": mixing}
    options |= {"omega_b": omega_b, "rates": rates}
    common: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    common |= {"points": points, "quantity": quantity, "if_exists": if_exists, "progress": "bar"}
    common |= {"executor": executor, "workers": workers, **given.fixed(family)}
    result: Any = build.plane(family, x, y, asked, save=data, **common)
    plot = result.plot
    changed = {"rates": second_rates, "treatment": second_treatment}
    if changed := {name: value for name, value in changed.items() if value is not None}:
        (other,) = changed.values()
        common |= {**changed, "save": data.with_name(f"{data.stem}_{other}{data.suffix}")}
        plot = partial(plot, second=build.plane(family, x, y, asked, **common))
    summary = (summarise_limits if combined else summarise)(result)
    summary |= {"picture": _first(paths, (*PICTURES, ".html")), "data": str(data), "files": list(map(str, paths))}
    for path in paths:
        if path.suffix.lower() in (*PICTURES, ".html"):
            plot(path)
        elif path.suffix == ".json" and not combined:
            write([path], summary)
        elif path.suffix != ".nc":
            result.save(path)
    if as_json:
        print(json.dumps(summary, indent=1))
        return
    if combined and asked == "default":
        print(f"N_eff alone is not drawn for {family.label}: a plane of all constraints")
    (_print_limits if combined else _print)(summary)


def _data(paths: list[Path], save: Path | None) -> Path:
    """Return the one netCDF file of the plane, by default beside the first file. Raises ParameterError."""
    data = [path for path in paths if path.suffix == ".nc"] + ([] if save is None else [checked(save, (".nc",))])
    if len(data) > 1:
        raise ParameterError(f"give one netCDF file, not {' and '.join(map(str, data))}")
    return data[0] if data else paths[0].with_suffix(".nc")


def _first(paths: list[Path], endings: tuple[str, ...]) -> str | None:
    return next((str(path) for path in paths if path.suffix.lower() in endings), None)


def summarise(result: Any) -> dict[str, object]:
    """Return the numbers of a plane: range, failures, and for each constraint its bounds, share and contours."""
    import numpy as np

    values = result.values
    known = np.isfinite(values)
    errors = result.theory_error[np.isfinite(result.theory_error)]
    return {
        "model": result.spec.family.label,
        "x": result.spec.x.describe(),
        "y": result.spec.y.describe(),
        "fixed": dict(result.spec.fixed),
        "input_hash": result.spec.hash,
        "points": values.size,
        "calculated": result.calculated,
        "failed": int((~known).sum()),
        "failures": result.failures,
        "warnings": {text: int(where.sum()) for text, where in result.warnings.items()},
        "theory_error_max": float(errors.max()) if errors.size else None,
        "quantity": result.spec.quantity,
        f"{result.spec.quantity}_min": float(values[known].min()) if known.any() else None,
        f"{result.spec.quantity}_max": float(values[known].max()) if known.any() else None,
        "constraints": [
            {
                "name": c.name,
                "label": c.label,
                "kind": c.kind,
                "low": c.low if np.isfinite(c.low) else None,
                "high": c.high if np.isfinite(c.high) else None,
                "cl": c.cl,
                "share": float(result.excluded(c.name).mean()),
                "contours": {f"{v:g}": [line.tolist() for line in result.contours(v)] for v in c.levels},
            }
            for c in result.constraints
        ],
    }


def summarise_limits(result: Any) -> dict[str, object]:
    """Return the numbers of a combined plane: share excluded by each limit and by all, and what does not apply."""
    strongest = result.strongest()
    rows: list[dict[str, object]] = []
    for k, name in enumerate(result.names):
        about = result.limit(name).about
        rows.append(
            {
                "name": name,
                "label": about.plain_label,
                "kind": about.kind,
                "method": about.method,
                "cl": about.cl,
                "accuracy": about.accuracy,
                "share": float(result.excluded(name).mean()),
                "strongest": float((strongest == k).mean()),
                "references": " ".join(about.references),
            }
        )
    return {
        "model": result.spec.family.label,
        "x": result.spec.x.describe(),
        "y": result.spec.y.describe(),
        "fixed": dict(result.spec.fixed),
        "input_hash": result.spec.hash,
        "points": math.prod(result.spec.shape),
        "excluded": float(result.excluded().mean()),
        "failed": float(result.failed().mean()),
        "failures": result.failures,
        "not_applicable": result.not_applicable,
        "constraints": rows,
    }


def _print_limits(summary: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("constraint", "kind", "CL", "excludes", "strongest at", title=f"constraints on {summary['model']}")
    for c in summary["constraints"]:
        confidence = f"{100 * c['cl']:g} %" if c["cl"] else ""
        table.add_row(c["name"], c["kind"], confidence, f"{100 * c['share']:.1f} %", f"{100 * c['strongest']:.1f} %")
    console = Console(soft_wrap=True)
    console.print(table)
    console.print(f"excluded by any: {100 * summary['excluded']:.1f} % of the plane", highlight=False)
    for name, why in summary["failures"].items():
        console.print(f"no value in places: {name} ({why})", highlight=False)
    for name, why in summary["not_applicable"].items():
        console.print(f"does not apply: {why or name}", highlight=False)
    console.print(f"data:    {summary['data']}", highlight=False)
    for path in summary["files"]:
        console.print(f"written: {path}", highlight=False)


def _print(summary: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    name = "N_eff" if summary["quantity"] == "neff" else str(summary["quantity"])
    table = Table("constraint", "kind", name, "share of the plane", title=f"{name} plane of {summary['model']}")
    for c in summary["constraints"]:
        ends = [f"{c['low']:g}" if c["low"] is not None else "", f"{c['high']:g}" if c["high"] is not None else ""]
        share = f"{100 * c['share']:.1f} % {'inside' if c['kind'] == 'band' else 'outside'}"
        table.add_row(c["label"].replace("$H_0$", "H0"), c["kind"], " to ".join(ends), share)
    console = Console(soft_wrap=True)
    console.print(table)
    if summary["calculated"] < summary["points"]:
        solved = f"{summary['calculated']} of {summary['points']} points solved, the others interpolated"
        console.print(f"{solved} (--method solve solves all)", highlight=False)
    if summary["failed"]:
        reasons = "; ".join(f"{text} ({n})" for text, n in summary["failures"].items())
        console.print(f"no value at {summary['failed']} of {summary['points']} points: {reasons}")
    for text, count in summary["warnings"].items():
        console.print(f"warning at {count} of {summary['points']} points: {text}", highlight=False)
    if summary["theory_error_max"] is not None:
        console.print(
            f"theory error of {name}: at most {summary['theory_error_max']:.2g} on this plane", highlight=False
        )
    console.print(f"data:    {summary['data']}", highlight=False)
    for path in summary["files"]:
        console.print(f"written: {path}", highlight=False)
