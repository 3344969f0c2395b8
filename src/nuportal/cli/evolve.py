"""`nuportal evolve`: the thermal history of one point, as table, file and plot."""

import json
from typing import Annotated

import numpy as np
import typer

from nuportal.cli.groups import grouped
from nuportal.cli.model_options import ThermalInput

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def evolve(
    given: ThermalInput,
    output: Annotated[str | None, typer.Option("-o", "--output", help="Plot: .png, .pdf or .svg.")] = None,
    save: Annotated[str | None, typer.Option(help="Numbers: .nc (complete) or .csv.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Thermal history: temperatures, energy densities, H, a, t and N_eff(T)."""
    from nuportal.cosmology.temperatures.thermal import decouple

    boson = given.boson()
    history = decouple(boson, preset=given.preset, flavours=given.flavours, start=given.start)  # type: ignore[arg-type]
    columns = {
        "t_gamma": history.t_gamma,
        "t_nu": history.t_nu[:, 0],
        "t_boson": history.t_boson,
        "t": history.t,
        "a": history.a,
        "neff_evolution": history.neff_evolution,
    }
    if save is not None:
        history.save(save)
    if output is not None:
        from nuportal.plotting.style import save as save_figure

        save_figure(history.plot(), output)
    if as_json:
        rows = {name: [v if np.isfinite(v) else None for v in column.tolist()] for name, column in columns.items()}
        print(json.dumps({**history.to_dict(), **rows, "provenance": history.provenance}))
        return
    print("  T_gamma/MeV   T_nu/T_gamma   T_Z'/T_gamma          t/s            a     N_eff")
    shown = np.searchsorted(-history.t_gamma, -np.geomspace(history.t_gamma[0], history.t_gamma[-1], 25))
    for k in np.unique(np.minimum(shown, len(history.t) - 1)):
        boson_ratio = history.t_boson[k] / history.t_gamma[k]
        print(
            f"{history.t_gamma[k]:13.5g} {history.t_nu[k, 0] / history.t_gamma[k]:14.6f} {boson_ratio:14.6f} "
            f"{history.t[k]:12.4g} {history.a[k]:12.4g} {history.neff_evolution[k]:9.4f}"
        )
    print(f"N_eff = {history.neff:.4f} +- {history.theory_error:.4f} (theory); {history.status.message}")
    for warning in history.warnings:
        print(f"warning: {warning}")
    for written in (save, output):
        if written is not None:
            print(f"written: {written}")
