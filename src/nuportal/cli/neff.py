"""`nuportal neff`: N_eff of one point."""

import json

import typer

from nuportal.cli.groups import grouped
from nuportal.cli.history_options import HistoryInput, summary, title
from nuportal.cli.outputs import JsonOption, OutputOption, accepted, write

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def neff(
    given: HistoryInput,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """N_eff of a light boson: `nuportal neff B-L --mass 10MeV --g 1e-7`; without a model, the Standard Model.

    -o takes .json, and the history as .nc or .csv.
    """
    paths = accepted(output, (".json", ".nc", ".csv"))
    boson = given.boson()
    history = given.history(boson)
    described = boson.describe() if boson is not None else {"kind": "Standard Model"}
    document = {**history.to_dict(), "model": described, "provenance": history.provenance}
    write(paths, document, save=history.save)
    if as_json:
        print(json.dumps(document, indent=1))
        return
    print(title(boson))
    for name, text in summary(history):
        print(f"{name:<12} {text}")
        if name == "N_eff" and history.to_dict()["neff"] is not None and given.preset != "ibe":
            print(f"Delta N_eff  {history.neff - given.history(None).neff:+.4f}")
    for path in paths:
        print(f"written      {path}")
