"""`nuportal neff`: N_eff of one point."""

import json
from typing import Annotated

import typer

from nuportal.cli.groups import grouped
from nuportal.cli.history_options import HistoryInput, summary, title

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def neff(
    given: HistoryInput,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """N_eff of a light boson: `nuportal neff B-L --mass 10MeV --g 1e-7`; without a model, the Standard Model."""
    boson = given.boson()
    history = given.history(boson)
    if as_json:
        described = boson.describe() if boson is not None else {"kind": "Standard Model"}
        print(json.dumps({**history.to_dict(), "model": described, "provenance": history.provenance}, indent=1))
        return
    print(title(boson))
    for name, text in summary(history):
        print(f"{name:<12} {text}")
        if name == "N_eff" and history.to_dict()["neff"] is not None and given.preset != "ibe":
            print(f"Delta N_eff  {history.neff - given.history(None).neff:+.4f}")
