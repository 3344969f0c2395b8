"""`nuportal fit`: best value, interval, limit and significance of one coupling."""

import json
from pathlib import Path
from typing import Annotated

import typer

from nuportal.cli.model_options import ChargesOption, EpsilonOption, MassOption
from nuportal.cli.recoil_options import (
    ConventionOption,
    ExperimentOption,
    FamilyArgument,
    FluxOption,
    NuFlavourOption,
    RadiativeOption,
    SunOption,
    family_options,
)
from nuportal.errors import ParameterError
from nuportal.output import checked

app = typer.Typer(add_completion=False)


@app.command()
def fit(
    model: FamilyArgument = None,
    mass: MassOption = None,
    parameter: Annotated[str | None, typer.Option(help="g, product or d; default by family.")] = None,
    experiment: ExperimentOption = None,
    cl: Annotated[float, typer.Option(help="Confidence level.")] = 0.90,
    flux: FluxOption = "all",
    solar_model: SunOption = None,
    radiative: RadiativeOption = "flavour",
    background_error: Annotated[float | None, typer.Option(help="Relative; 0 fixes the background.")] = None,
    flux_error: Annotated[str, typer.Option(help="fixed, or constrained by the solar model.")] = "fixed",
    efficiency_error: Annotated[float, typer.Option(help="Relative.")] = 0.0,
    toys: Annotated[int, typer.Option(help="Pseudo-experiments for the significance; 0: asymptotic only.")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the pseudo-experiments.")] = 1,
    flavour: NuFlavourOption = None,
    convention: ConventionOption = None,
    epsilon: EpsilonOption = "0",
    charges: ChargesOption = None,
    output: Annotated[Path | None, typer.Option(help="Picture of the profile (.png, .pdf, .svg).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fit one coupling: `nuportal fit B-L --mass 10keV --experiment xenon1t_sr1 [--output profile.png]`."""
    from nuportal.inference.fit import fit as run
    from nuportal.plotting.style import FORMATS, save
    from nuportal.sources.sun import SolarNeutrinos

    if output is not None:
        checked(output, FORMATS)
    if model is None and charges is None:
        raise ParameterError("give a family: a U(1)_X model, vector, scalar, hidden-neutrino, dipole, magnetic-moment")
    if not experiment:
        raise ParameterError("give at least one --experiment: a name such as xenon1t_sr1, or a folder")
    result = run(
        model or "charges",
        experiment,
        parameter,
        mass=mass,
        sun=SolarNeutrinos(solar_model),
        flux=flux.split(","),
        radiative=radiative,
        background_error=background_error,
        flux_error=flux_error,  # type: ignore[arg-type]
        efficiency_error=efficiency_error,
        **family_options(flavour, convention, epsilon, charges),
    )
    found = result.to_dict(cl)
    if toys:
        from nuportal.inference.toys import p_value

        found |= p_value(result, toys, seed)
    if output is not None:
        save(result.plot(), output)
    if as_json:
        print(json.dumps({**found, "provenance": result.provenance}, indent=1))
        return
    unit = f" {result.family.unit}" if result.family.unit else ""
    low, high = result.interval(cl)
    print(f"{result.family.name} with {', '.join(p.experiment.name for p in result.predictions)}")
    print(f"best {result.family.parameter:10s} {result.best:.4g}{unit}, preferred by {result.significance:.2f} sigma")
    print(f"interval        {low:.4g} to {high:.4g}{unit} ({100 * cl:g} %, asymptotic)")
    if toys:
        print(f"p-value         {found['p_value']:.3g} from {toys} pseudo-experiments, seed {seed}")
    for name, value in result.nuisances.items():
        print(f"nuisance        {name} = {value:.3g}")
    for note in result.family.notes:
        print(f"note            {note}")
