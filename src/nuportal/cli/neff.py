"""`nuportal neff`: N_eff of one point."""

import json
from typing import Annotated

import typer

from nuportal.cli.groups import grouped
from nuportal.cli.model_options import ThermalInput

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def neff(
    given: ThermalInput,
    rtol: Annotated[float | None, typer.Option(help="Relative tolerance of the integration.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """N_eff with a U(1)_X boson: `nuportal neff B-L --mass 10MeV --g 1e-7`; without a model, the Standard Model."""
    from nuportal.cosmology.temperatures.thermal import decouple

    boson = given.boson()
    history = decouple(boson, preset=given.preset, flavours=given.flavours, start=given.start, rtol=rtol)  # type: ignore[arg-type]
    described = boson.describe() if boson is not None else {"kind": "Standard Model"}
    if as_json:
        print(json.dumps({**history.to_dict(), "model": described, "provenance": history.provenance}, indent=1))
        return
    title = f"{boson.label}, M = {boson.mass:g} MeV, g = {boson.g:g}" if boson is not None else "Standard Model"
    if boson is not None and boson.mixing != 0:
        title += f", epsilon = {boson.mixing:.4g}"
    print(title)
    if history.to_dict()["neff"] is None:
        print(f"N_eff  failed: {history.status.message}")
    else:
        print(f"N_eff        {history.neff:.4f} +- {history.theory_error:.4f} (theory)")
        reference = decouple(None, preset=given.preset, flavours=given.flavours, rtol=rtol).neff  # type: ignore[arg-type]
        print(f"Delta N_eff  {history.neff - reference:+.4f}")
    print(f"status       {history.status.message}; energy conserved to {history.energy_residual:.1e}")
    for warning in history.warnings:
        print(f"warning      {warning}")
