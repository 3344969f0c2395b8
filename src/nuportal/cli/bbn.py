"""`nuportal bbn`: light elements of one point."""

import json
from typing import Annotated

import typer

from nuportal.cli.groups import grouped
from nuportal.cli.history_options import HistoryInput, title
from nuportal.cli.outputs import PICTURES, JsonOption, OutputOption, accepted, write

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def bbn(
    given: HistoryInput,
    omega_b: Annotated[float, typer.Option("--omega-b", help="Baryon density Omega_b h^2.")] = 0.02237,
    tau_n: Annotated[float, typer.Option("--tau-n", help="Neutron lifetime in seconds.")] = 878.4,
    rates: Annotated[str, typer.Option(help="primat2023, recommended2026, nacre2_luna, parthenope3.")] = "primat2023",
    helium: Annotated[str, typer.Option(help="Measured Y_p to compare with.")] = "yp-lbt2026",
    deuterium: Annotated[str, typer.Option(help="Measured D/H to compare with.")] = "dh-cooke2018",
    baryons: Annotated[str, typer.Option(help="Measured omega_b, alone or with N_eff and Y_p.")] = "omega-b-planck2018",
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Y_p, D/H, 3He/H, 7Li/H with a light boson: `nuportal bbn B-L --mass 10MeV --g 1e-8`; without, Standard Model."""
    from nuportal.cosmology.nucleosynthesis.reactions import RATE_SETS
    from nuportal.cosmology.nucleosynthesis.sensitivity import NAMES
    from nuportal.observations.light_elements import compare

    paths = accepted(output, (*PICTURES, ".json"))
    boson = given.boson()
    history = given.history(boson)
    found = history.yields(omega_b, tau_n, rates)
    compared = compare(found, helium, deuterium, baryons)
    model = boson.describe() if boson is not None else {"kind": "Standard Model"}
    report = {**found.to_dict(), "model": model, "comparison": compared.to_dict(), "provenance": found.provenance}
    write(paths, report, found.plot)
    if as_json:
        print(json.dumps(report, indent=1))
        return
    print(title(boson))
    others = ", ".join(name for name in RATE_SETS if name != rates)
    print(f"rates        {rates} (also {others}); omega_b h^2 = {omega_b:g}, tau_n = {tau_n:g} s")
    print("             value         rates, tau_n  theory")
    for name, value, error, theory in zip(NAMES, found.values, found.errors, found.theory_error, strict=True):
        print(f"{name:<12} {value:<13.6g} {error:<13.2g} {theory:.2g}")
    print(f"chi2         {compared.chi2:.2f} for {helium}, {deuterium}, {baryons}")
    for name, pull in compared.pulls.items():
        print(f"  {name:<10} {pull:+.2f} standard deviations")
    print(f"status       {found.status.message}")
    for warning in found.warnings:
        print(f"warning      {warning}")
    for path in paths:
        print(f"written      {path}")
