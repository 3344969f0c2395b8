"""`nuportal models`: the catalogue with charges and anomalies."""

import json
from typing import Annotated, Any, TypedDict

import typer
from rich.console import Console
from rich.table import Table

import nuportal
from nuportal.cli import completion
from nuportal.cli.outputs import JsonOption
from nuportal.models import catalog
from nuportal.models.family import family, named_families

app = typer.Typer(add_completion=False)


class _Row(TypedDict):
    name: str
    quarks: list[float]
    leptons: list[float]
    anomaly_free_without_nu_R: bool
    anomaly_free_with_nu_R: bool
    anomalies: dict[str, float]


@app.command()
def models(
    model: Annotated[
        str | None,
        typer.Argument(help="One model, a file of your own, or words to search for.", autocompletion=completion.models),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the named U(1)_X models (ghosh2024 Table I, corrected) with charges and anomaly freedom; or describe one."""
    if model is not None and not _found(model):
        _describe(model, as_json)
        return
    found = None if model is None else _found(model)
    rows: list[_Row] = [
        {
            "name": name,
            "quarks": list(c.quarks),
            "leptons": list(c.leptons),
            "anomaly_free_without_nu_R": c.is_anomaly_free(right_handed_neutrinos=False),
            "anomaly_free_with_nu_R": c.is_anomaly_free(right_handed_neutrinos=True),
            "anomalies": c.anomalies(),
        }
        for name, c in catalog().items()
        if found is None or name in found
    ]
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    table = Table("model", "quarks (1, 2, 3)", "e, mu, tau", "anomaly-free", title="U(1)_X models")
    for row in rows:
        free = "alone" if row["anomaly_free_without_nu_R"] else "with nu_R" if row["anomaly_free_with_nu_R"] else "no"
        table.add_row(row["name"], _join(row["quarks"]), _join(row["leptons"]), free)
    console = Console()
    console.print(table)
    others = [name for name in named_families() if found is None or name in found]
    console.print(f"Others: {', '.join(others) or 'none'}. One of them: nuportal models NAME.")
    console.print("Custom charges: --charges e=1,mu=-1,u=0.3333 (u and d of a generation are equal).")


def _found(words: str) -> list[str]:
    """The models that have these words in what is said of them; none for what is the name of a model."""
    from nuportal.cli.model_options import is_model

    return [] if is_model(words) else nuportal.models(words)


def _describe(model: str, as_json: bool) -> None:
    """Print what a model takes, and which observables it has."""
    members = family(model)
    parameters: list[dict[str, Any]] = [
        {
            "name": p.name,
            "unit": p.unit,
            "default": members.defaults.get(p.name),
            "range": p.wide or p.default,
            "help": p.help,
        }
        for p in (members.parameter(name) for name in members.names)
    ]
    choices = {c: list(members.choice(c).allowed) for c in members.choices}
    document = {
        "name": members.label,
        "title": members.declared.title,
        "parameters": parameters,
        "choices": choices,
        "observables": members.observables,
    }
    if as_json:
        print(json.dumps(document, indent=1))
        return
    print(f"{members.label}: {members.declared.title}")
    for row in parameters:
        usual = "" if row["default"] is None else f", {row['default']} if not given"
        print(
            f"  --{row['name'].replace('_', '-'):16s} {row['help']} ({row['range']} {row['unit']}{usual})".replace(
                " )", ")"
            )
        )
    for name, allowed in choices.items():
        print(f"  --{name.replace('_', '-'):16s} {', '.join(allowed)}")
    print(f"  has: {members.observables}")


def _join(charges: list[float]) -> str:
    return ", ".join(f"{x:.4g}" for x in charges)
