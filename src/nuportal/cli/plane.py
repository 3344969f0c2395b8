"""`nuportal plane`: compute a plane, save it as netCDF, draw it."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from nuportal.cli.model_options import parse_charges
from nuportal.errors import ChargeError, ParameterError

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
    m4: Annotated[str | None, typer.Option(help="Fixed mass of the dipole portal's heavy neutrino.")] = None,
    d: Annotated[str | None, typer.Option(help="Fixed moment of the dipole portal, such as 1e-10mu_B.")] = None,
    mixing: Annotated[str | None, typer.Option(help="Fixed mixing times g_X of the hidden neutrino.")] = None,
    chi: Annotated[str | None, typer.Option(help="Fixed kinetic mixing of the hidden neutrino's Z'.")] = None,
    n_mass: Annotated[str | None, typer.Option(help="Fixed mass of the hidden neutrino.")] = None,
    flavour: Annotated[str | None, typer.Option(help="Neutrino flavour of vector, scalar or dipole.")] = None,
    convention: Annotated[str | None, typer.Option(help="Convention of the hidden neutrino or the dipole.")] = None,
    flavours: Annotated[str | None, typer.Option(help="common or separate neutrino temperatures.")] = None,
    start: Annotated[str | None, typer.Option(help="thermal or zero start of the boson.")] = None,
    preset: Annotated[str | None, typer.Option(help="default, or a paper's approximations such as ghosh.")] = None,
    method: Annotated[str | None, typer.Option(help="N_eff: adaptive, or solve for every point.")] = None,
    quantity: Annotated[str, typer.Option(help="neff, Y_p or D_H.")] = "neff",
    omega_b: Annotated[float | None, typer.Option("--omega-b", help="Y_p, D_H: baryon density Omega_b h^2.")] = None,
    rates: Annotated[str | None, typer.Option(help="Y_p, D_H: nuclear rates, such as primat2023.")] = None,
    second_rates: Annotated[str | None, typer.Option("--second-rates", help="Y_p, D_H: rates drawn dashed.")] = None,
    constraints: Annotated[str, typer.Option(help="default, all, layers, names or folders, with commas.")] = "default",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Picture: .png, .pdf, .svg or .html.")] = None,
    outlines: Annotated[Path | None, typer.Option(help="Outlines of the excluded regions: .csv or .json.")] = None,
    save: Annotated[Path | None, typer.Option(help="netCDF file; default, beside the picture.")] = None,
    if_exists: Annotated[str, typer.Option(help="resume a plane found in that file, or replace it.")] = "resume",
    executor: Annotated[str, typer.Option(help="threads, processes, serial or dask.")] = "threads",
    workers: Annotated[int | None, typer.Option(help="Default: the cores at hand.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Draw N_eff, or everything that is excluded, over two parameters; a killed run goes on where it stopped.

    With --constraints default N_eff is drawn against what is measured; with all (or any constraint that is no
    measurement of N_eff, see `nuportal limits`) the excluded regions of each and of all.
    """
    from nuportal.output import checked
    from nuportal.planes import build, spec
    from nuportal.plotting.style import FORMATS

    if (model is None) == (charges is None):
        raise ChargeError("give either a model name (see `nuportal models`) or --charges, not both or neither")
    family = spec.family(model or parse_charges(charges) or {})
    combined = quantity == "neff" and build.combined(family, constraints)
    picture = checked(output or Path(f"plane_{family.label}.png"), (*FORMATS, ".html") if combined else FORMATS)
    if second_rates is not None and quantity == "neff":
        raise ParameterError("--second-rates is for planes of Y_p or D_H: give --quantity")
    if outlines is not None:
        if not combined:
            raise ParameterError("--outlines is for planes of constraints: N_eff planes print contours with --json")
        checked(outlines, (".csv", ".json"))
    given = {"mass": mass, "g": g, "epsilon": epsilon, "g_e": g_e, "g_nu": g_nu}
    given |= {"m4": m4, "d": d, "mixing": mixing, "chi": chi, "n_mass": n_mass}
    chosen = {"flavours": flavours, "start": start, "preset": preset, "method": method}
    chosen |= {"flavour": flavour, "convention": convention, "omega_b": omega_b, "rates": rates}
    common: dict[str, Any] = {"points": points, "quantity": quantity, "if_exists": if_exists, "progress": "bar"}
    common |= {"executor": executor, "workers": workers, **given, **chosen}
    data = save or picture.with_suffix(".nc")
    result: Any = build.plane(family, x, y, constraints, save=data, **common)
    if second_rates is None:
        result.plot(picture)
    else:
        common |= {"rates": second_rates, "save": data.with_name(f"{data.stem}_{second_rates}{data.suffix}")}
        result.plot(picture, build.plane(family, x, y, constraints, **common))
    if outlines is not None:
        result.save(outlines)
    files = {"picture": str(picture), "data": str(data)}
    summary = (summarise_limits if combined else summarise)(result) | files
    if as_json:
        print(json.dumps(summary, indent=1))
    else:
        (_print_limits if combined else _print)(summary)


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


def summarise_limits(result) -> dict[str, object]:
    """Return the numbers of a combined plane: share excluded by each limit and by all, and what does not apply."""
    import numpy as np

    strongest = result.strongest()
    rows = []
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
        "points": int(np.prod(result.spec.shape)),
        "excluded": float(result.excluded().mean()),
        "failed": float(result.failed().mean()),
        "failures": result.failures,
        "not_applicable": result.not_applicable,
        "constraints": rows,
    }


def _print_limits(summary: dict) -> None:
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
    console.print(f"picture: {summary['picture']}", highlight=False)


def _print(summary: dict) -> None:
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
            f"theory error of N_eff: at most {summary['theory_error_max']:.2g} on this plane", highlight=False
        )
    console.print(f"data:    {summary['data']}", highlight=False)
    console.print(f"picture: {summary['picture']}", highlight=False)
