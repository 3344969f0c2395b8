"""`nuportal evolve`: the thermal history of one point, as table, file and plot."""

import json
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from nuportal.cli.groups import grouped
from nuportal.cli.history_options import HistoryInput, summary, title
from nuportal.cli.outputs import PICTURES, JsonOption, OutputOption, accepted, write

if TYPE_CHECKING:
    from nuportal.cosmology.history import History

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def evolve(
    given: HistoryInput,
    panel: Annotated[
        str, typer.Option(help="Plot of: all, temperatures, neff, densities, dark, potential, spectra.")
    ] = "all",
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Thermal history: temperatures, energy densities, H, a, t and N_eff(T). -o takes pictures, .nc, .csv and .json."""
    from nuportal.plotting.history import check_panel

    check_panel(panel)
    paths = accepted(output, (*PICTURES, ".nc", ".csv", ".json"))
    boson = given.boson()
    history = given.history(boson)
    document = {**history.to_dict(), **_columns(history), "provenance": history.provenance}
    pictures = [path for path in paths if path.suffix.lower() in PICTURES]  # may be refused: before anything is written
    write([*pictures, *(p for p in paths if p not in pictures)], document, lambda: history.plot(panel), history.save)
    if as_json:
        print(json.dumps(document))
        return
    print(title(boson))
    _print_table(history)
    for name, text in summary(history):
        print(f"{name} = {text}" if name == "N_eff" else f"{name}: {text}")
    for path in paths:
        print(f"written: {path}")


def _columns(history: "History") -> dict[str, list[float | None]]:
    """Return the evolution as lists (NaN as None): of neutrinos the electron flavour."""
    columns = {
        "t_gamma": history.t_gamma,
        "t_nu": history.t_nu[:, 0],
        "mu_nu": np.zeros_like(history.a) if history.mu_nu is None else history.mu_nu[:, 0],
        "t_boson": history.t_boson,
        "rho_boson": history.rho_boson,
        "t": history.t,
        "a": history.a,
        "neff_evolution": history.neff_evolution,
    }
    return {name: [v if np.isfinite(v) else None for v in column.tolist()] for name, column in columns.items()}


def _print_table(history: "History") -> None:
    mu = np.zeros_like(history.t_nu) if history.mu_nu is None else history.mu_nu
    print("  T_gamma/MeV   T_nu/T_gamma     mu_nu/T_nu   rho_Z'/rho          t/s            a     N_eff")
    evenly = np.geomspace(float(history.t_gamma[0]), float(history.t_gamma[-1]), 25)
    shown = np.searchsorted(-history.t_gamma, -evenly)
    for k in np.unique(np.minimum(shown, len(history.t) - 1)):
        print(
            f"{history.t_gamma[k]:13.5g} {history.t_nu[k, 0] / history.t_gamma[k]:14.6f} "
            f"{mu[k, 0] / history.t_nu[k, 0]:14.6f} {history.rho_boson[k] / history.rho_total[k]:12.4g} "
            f"{history.t[k]:12.4g} {history.a[k]:12.4g} {history.neff_evolution[k]:9.4f}"
        )
