"""`nuportal plane`: compute a plane, save it as netCDF, draw it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from nuportal.cli.model_options import parse_charges
from nuportal.errors import ChargeError

app = typer.Typer(add_completion=False)


@app.command()
def plane(
    model: Annotated[str | None, typer.Argument(help="Name of a model (see `nuportal models`) or 'vector'.")] = None,
    charges: Annotated[str | None, typer.Option(help="Instead of a name: e=1,mu=-1,u=0.3333.")] = None,
    x: Annotated[str | None, typer.Option(help="Axis, such as mass=1.1MeV:100MeV[:points][:log|lin].")] = None,
    y: Annotated[str | None, typer.Option(help="Axis, such as g=1e-9:1e-3.")] = None,
    points: Annotated[int, typer.Option(help="Points of an axis that does not say.")] = 100,
    mass: Annotated[str | None, typer.Option(help="Fixed mass with unit, if it is no axis.")] = None,
    g: Annotated[str | None, typer.Option(help="Fixed gauge coupling.")] = None,
    epsilon: Annotated[str | None, typer.Option(help="Fixed kinetic mixing: a number, -g/70 or loop.")] = None,
    g_e: Annotated[str | None, typer.Option(help="Fixed electron coupling of the vector mediator.")] = None,
    g_nu: Annotated[str | None, typer.Option(help="Fixed neutrino coupling of the vector mediator.")] = None,
    flavours: Annotated[str | None, typer.Option(help="common or separate neutrino temperatures.")] = None,
    start: Annotated[str | None, typer.Option(help="thermal or zero start of the boson.")] = None,
    preset: Annotated[str | None, typer.Option(help="default, or a paper's approximations such as ghosh.")] = None,
    constraints: Annotated[str, typer.Option(help="default, all, or names with commas (see README).")] = "default",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Picture: .png, .pdf or .svg.")] = None,
    save: Annotated[Path | None, typer.Option(help="netCDF file; default, beside the picture.")] = None,
    if_exists: Annotated[str, typer.Option(help="resume a plane found in that file, or replace it.")] = "resume",
    executor: Annotated[str, typer.Option(help="threads, processes, serial or dask.")] = "threads",
    workers: Annotated[int | None, typer.Option(help="Default: the cores at hand.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Draw N_eff over two parameters against what is measured; a run that was killed goes on where it stopped."""
    from nuportal.output import checked
    from nuportal.planes import build, spec
    from nuportal.plotting.style import FORMATS

    if (model is None) == (charges is None):
        raise ChargeError("give either a model name (see `nuportal models`) or --charges, not both or neither")
    family = spec.family(model or parse_charges(charges) or {})
    picture = checked(output or Path(f"plane_{family.label}.png"), FORMATS)
    given = {"mass": mass, "g": g, "epsilon": epsilon, "g_e": g_e, "g_nu": g_nu}
    chosen = {"flavours": flavours, "start": start, "preset": preset}
    result = build.plane(
        family,
        x,
        y,
        constraints,
        points=points,
        save=save or picture.with_suffix(".nc"),
        if_exists=if_exists,  # type: ignore[arg-type]
        executor=executor,  # type: ignore[arg-type]
        workers=workers,
        progress="bar",
        **given,  # type: ignore[arg-type]
        **chosen,  # type: ignore[arg-type]
    )
    result.plot(picture)
    summary = summarise(result) | {"picture": str(picture), "data": str(save or picture.with_suffix(".nc"))}
    if as_json:
        print(json.dumps(summary, indent=1))
    else:
        _print(summary)


def summarise(result) -> dict[str, object]:
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
        "failed": int((~known).sum()),
        "failures": result.failures,
        "warnings": {text: int(where.sum()) for text, where in result.warnings.items()},
        "theory_error_max": float(errors.max()) if errors.size else None,
        "neff_min": float(values[known].min()) if known.any() else None,
        "neff_max": float(values[known].max()) if known.any() else None,
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


def _print(summary: dict) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("constraint", "kind", "N_eff", "share of the plane", title=f"N_eff plane of {summary['model']}")
    for c in summary["constraints"]:
        ends = [f"{c['low']:g}" if c["low"] is not None else "", f"{c['high']:g}" if c["high"] is not None else ""]
        share = f"{100 * c['share']:.1f} % {'inside' if c['kind'] == 'band' else 'outside'}"
        table.add_row(c["label"].replace("$H_0$", "H0"), c["kind"], " to ".join(ends), share)
    console = Console(soft_wrap=True)
    console.print(table)
    if summary["failed"]:
        reasons = "; ".join(f"{text} ({n})" for text, n in summary["failures"].items())
        console.print(f"no value at {summary['failed']} of {summary['points']} points: {reasons}")
    for text, count in summary["warnings"].items():
        console.print(f"warning at {count} of {summary['points']} points: {text}", highlight=False)
    if summary["theory_error_max"] is not None:
        console.print(
            f"theory error of N_eff: at most {summary['theory_error_max']:.2g} on this plane", highlight=False
        )
    console.print(f"data:    {summary['data']}", highlight=False)
    console.print(f"picture: {summary['picture']}", highlight=False)
