"""`nuportal recoil`: the recoil spectrum of one model in one experiment."""

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
def recoil(
    model: FamilyArgument = None,
    mass: MassOption = None,
    g: Annotated[float | None, typer.Option("--g", help="Coupling (mediators: g_e = g_nu = g).")] = None,
    product: Annotated[float | None, typer.Option(help="Product of couplings (hidden-neutrino, mediators).")] = None,
    d: Annotated[float | None, typer.Option(help="Moment in mu_B (dipole, magnetic-moment).")] = None,
    experiment: ExperimentOption = None,
    flux: FluxOption = "all",
    solar_model: SunOption = None,
    radiative: RadiativeOption = "flavour",
    binding: Annotated[str, typer.Option(help="step, or rrpa (xenon, Standard Model shape).")] = "step",
    flavour: NuFlavourOption = None,
    convention: ConventionOption = None,
    epsilon: EpsilonOption = "0",
    charges: ChargesOption = None,
    output: Annotated[Path | None, typer.Option(help="Picture (.png, .pdf, .svg) or data (.nc).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Recoil spectrum: `nuportal recoil B-L --mass 10keV --g 3e-7 --experiment xenon1t_sr1 --output x.png`."""
    from nuportal.experiments.spectrum import recoil_spectrum
    from nuportal.inference.families import family
    from nuportal.sources.sun import SolarNeutrinos

    if output is not None:
        checked(output, (".nc", ".png", ".pdf", ".svg"))
    chosen = None
    if model is not None or charges is not None:
        given = {"g": g, "product": product, "d": d}
        named = [key for key, value in given.items() if value is not None]
        if len(named) != 1:
            raise ParameterError("give the coupling as exactly one of --g, --product, --d")
        built = family(model or "charges", named[0], mass, **family_options(flavour, convention, epsilon, charges))
        chosen = built.build(float(given[named[0]]))  # type: ignore[arg-type]
    one = _single(experiment)
    spectrum = recoil_spectrum(
        chosen, one, sun=SolarNeutrinos(solar_model), flux=flux.split(","), radiative=radiative, binding=binding
    )
    if output is not None:
        spectrum.save(output)
    if as_json:
        print(json.dumps({**spectrum.to_dict(), "provenance": spectrum.provenance}, indent=1))
        return
    measured = spectrum.prediction.experiment
    total = f"{spectrum.counts.sum():g} observed, " if measured.kind == "counts" else ""
    print(
        f"{measured.name}, {measured.low[0]:g} to {measured.high[-1]:g} keV: {total}signal {spectrum.signal.sum():.4g}"
    )
    print(f"background   {spectrum.background.sum():.4g} (of which solar neutrinos {spectrum.sm.sum():.4g})")
    for name, values in spectrum.components.items():
        if values.any():
            print(f"  {name:10s} {values.sum():.4g}")
    for note in spectrum.notes:
        print(f"note         {note}")
    if output is not None:
        print(f"written      {output}")


def _single(experiments: list[str] | None) -> str:
    if not experiments or len(experiments) != 1:
        raise ParameterError("give one --experiment: a name such as xenon1t_sr1, or a folder")
    return experiments[0]
