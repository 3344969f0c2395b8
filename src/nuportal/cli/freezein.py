"""`nuportal freezein`: a light mediator with its momentum distribution, one point."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def freezein(
    mass: Annotated[str, typer.Option("--mass", help="Mass with unit, e.g. 100eV.")],
    g_e: Annotated[str, typer.Option("--g-e", help="Coupling to electrons.")] = "0",
    g_nu: Annotated[str, typer.Option("--g-nu", help="Coupling to neutrinos.")] = "0",
    spin: Annotated[int, typer.Option(help="1: vector, 0: scalar.")] = 1,
    flavour: Annotated[str, typer.Option(help="Neutrino flavour that couples: e, mu, tau or universal.")] = "e",
    preset: Annotated[str, typer.Option(help="default, or ibe to reproduce ibe2020.")] = "default",
    mixing: Annotated[str, typer.Option(help="With the plasma photon: off or on.")] = "off",
    neutrino_number: Annotated[
        str, typer.Option(help="weak: changed by weak reactions alone; equilibrium: mu_nu = 0, as `neff` assumes.")
    ] = "weak",
    nodes: Annotated[int, typer.Option(help="Momentum nodes.")] = 64,
    rtol: Annotated[float, typer.Option(help="Relative tolerance of a step.")] = 1e-5,
    error: Annotated[str, typer.Option(help="none, or refine: solve again on a finer grid.")] = "none",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Picture: .png, .pdf or .svg.")] = None,
    save: Annotated[Path | None, typer.Option(help="Evolution as .nc or .csv.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """N_eff, regime and fate of a light boson: `nuportal freezein --mass 100eV --g-e 1e-7 --g-nu 1e-10`."""
    from nuportal.cosmology.fluid.solve import freeze_in
    from nuportal.errors import ParameterError
    from nuportal.models import ScalarMediator, VectorMediator
    from nuportal.output import checked
    from nuportal.plotting.style import FORMATS
    from nuportal.units import format_energy

    picture = checked(output, FORMATS) if output is not None else None
    table = checked(save, (".nc", ".csv")) if save is not None else None
    if spin not in (0, 1):
        raise ParameterError(f"spin = {spin} is not allowed: it must be 1 (vector) or 0 (scalar)")
    kind = VectorMediator if spin == 1 else ScalarMediator
    model = kind(mass, g_e=_coupling("g_e", g_e), g_nu=_coupling("g_nu", g_nu), flavour=flavour)  # type: ignore[arg-type]
    history = freeze_in(
        model,
        preset=preset,  # type: ignore[arg-type]
        nodes=nodes,
        rtol=rtol,
        mixing=mixing,  # type: ignore[arg-type]
        neutrino_number=neutrino_number,  # type: ignore[arg-type]
        error=error,  # type: ignore[arg-type]
    )
    if table is not None:
        history.save(table)
    if picture is not None:
        from nuportal.plotting.freeze_in import plot_freeze_in

        plot_freeze_in(history).savefig(picture)
    if as_json:
        print(json.dumps({**history.to_dict(), "model": model.describe(), "provenance": history.provenance}, indent=1))
        return
    details = history.details
    print(f"{model.label}, M = {format_energy(float(model.mass))}, g_e = {model.g_e:g}, g_nu = {model.g_nu:g}")
    if history.to_dict()["neff"] is None:
        print(f"N_eff    failed: {history.status.message}")
    else:
        numerical = f", {details['numerical_error']:.1g} (numerical)" if "numerical_error" in details else ""
        print(f"N_eff    {history.neff:.4f} +- {history.theory_error:.4f} (theory){numerical}")
    limit = f", limit N_eff {details['bound']} {details['limit']:.3f}" if "limit" in details else ""
    print(f"regime   {details['case']}{limit}: {details['reason']}")
    print(f"boson    {details['fate']} at recombination")
    print(f"status   {history.status.message}; energy conserved to {history.energy_residual:.1e}")
    for warning in history.warnings:
        print(f"warning  {warning}")
    for written in (table, picture):
        if written is not None:
            print(f"written  {written}")


def _coupling(name: str, text: str) -> float:
    from nuportal.errors import ParameterError

    try:
        return float(text)
    except ValueError:
        raise ParameterError(f"{name} = '{text}' is not a number") from None
