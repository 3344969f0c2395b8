"""`nuportal limits`: every constraint with observable, method, validity, accuracy and source; or one point's answer."""

import json
from typing import Annotated

import typer

from nuportal.cli.model_options import parse_charges
from nuportal.errors import ParameterError
from nuportal.references import bibtex

app = typer.Typer(add_completion=False)


@app.command()
def limits(
    names: Annotated[list[str] | None, typer.Argument(help="Constraints, folders or layers; default all.")] = None,
    model: Annotated[str | None, typer.Option(help="Say what is excluded for this model (with --mass).")] = None,
    charges: Annotated[str | None, typer.Option(help="Instead of a model name: e=1,mu=-1.")] = None,
    mass: Annotated[str | None, typer.Option(help="Mass with unit.")] = None,
    coupling: Annotated[str | None, typer.Option(help="Coupling that varies, such as g=1e-12:1e-2.")] = None,
    epsilon: Annotated[str | None, typer.Option(help="Kinetic mixing: a number, -g/70, or loop.")] = None,
    cite: Annotated[bool, typer.Option("--bibtex", help="Print the BibTeX of the constraints.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the constraints; with --model and --mass, the excluded intervals of the coupling at that mass."""
    from nuportal.limits.registry import layers
    from nuportal.limits.registry import limits as chosen_limits

    chosen = chosen_limits(names or ["all", *layers()])
    if cite:
        print(bibtex(key for c in chosen for key in c.about.references))
        return
    rows = [_about(c) for c in chosen]
    if model is not None or charges is not None:
        if mass is None:
            raise ParameterError("give --mass with a model, e.g. --mass 10MeV")
        found = _outcomes(chosen, model, charges, mass, coupling, epsilon)
        rows = [row | outcome for row, outcome in zip(rows, found, strict=True)]
    elif mass is not None:
        raise ParameterError("give --model or --charges with --mass")
    if as_json:
        print(json.dumps(rows, indent=1))
    else:
        _print(rows, with_outcome=model is not None or charges is not None)


def _about(limit) -> dict[str, object]:
    about = limit.about
    fields = about.model_dump(mode="json")
    return {**fields, "validity_MeV": list(about.validity), "label": about.plain_label}


def _outcomes(chosen, model, charges, mass, coupling, epsilon) -> list[dict[str, object]]:
    from nuportal.planes.spec import family
    from nuportal.planes.tracks import ray

    members = family(model or parse_charges(charges) or {})
    fixed: dict[str, object] = {"m4" if "m4" in members.parameters else "mass": mass}
    if epsilon is not None:
        fixed["epsilon"] = epsilon
    along = ray(members, coupling, **fixed)
    return [
        {
            "status_here": o.status,
            "excluded": [list(e) for e in o.excluded],
            "failed": [list(e) for e in o.failed],
            "reason": o.reason,
        }
        for o in (limit.excluded(along) for limit in chosen)
    ]


def _print(rows: list[dict], with_outcome: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=True)
    if with_outcome:
        table = Table("constraint", "excluded", "CL", "accuracy", title="excluded couplings")
        for row in rows:
            ends = ", ".join(f"{a:.3g} to {b:.3g}" for a, b in row["excluded"])
            text = ends or (row["reason"] if row["status_here"] != "ok" else "nothing in this range")
            table.add_row(row["name"], text, _cl(row), f"{100 * row['accuracy']:.0f} %")
        console.print(table)
        return
    for row in rows:
        low, high = row["validity_MeV"]
        layer = "" if row["layer"] == "default" else f" [only when asked for: {row['layer']}]"
        console.print(f"[bold]{row['name']}[/bold]: {row['observable']}{layer}", highlight=False)
        facts = [row["kind"], row["method"], f"CL {_cl(row)}", f"{low:g} to {high:g} MeV"]
        facts += [f"accuracy {100 * row['accuracy']:.0f} %", row["status"], " ".join(row["references"])]
        console.print("    " + ", ".join(facts), highlight=False)
    console.print(f"{len(rows)} constraints; `nuportal limits NAME --bibtex` prints the sources.", highlight=False)


def _cl(row: dict) -> str:
    return f"{100 * row['cl']:g} %" if row["cl"] else "none"
