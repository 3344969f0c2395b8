"""`nuportal models`: the catalogue with charges and anomalies."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from nuportal.models import catalog

app = typer.Typer(add_completion=False)


@app.command()
def models(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the named U(1)_X models (ghosh2024 Table I, corrected) with charges and anomaly freedom."""
    rows = [
        {
            "name": name,
            "quarks": list(c.quarks),
            "leptons": list(c.leptons),
            "anomaly_free_without_nu_R": c.is_anomaly_free(right_handed_neutrinos=False),
            "anomaly_free_with_nu_R": c.is_anomaly_free(right_handed_neutrinos=True),
            "anomalies": c.anomalies(),
        }
        for name, c in catalog().items()
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
    console.print("Custom charges: --charges e=1,mu=-1,u=0.3333 (u and d of a generation are equal).")


def _join(charges: list[float]) -> str:
    return ", ".join(f"{x:.4g}" for x in charges)
