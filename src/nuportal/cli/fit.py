"""`nuportal fit`: best value, interval, limit and significance of one coupling."""

import json
from typing import Annotated, Any

import typer

from nuportal.cli.groups import grouped
from nuportal.cli.outputs import PICTURES, JsonOption, OutputOption, accepted, write
from nuportal.cli.recoil_options import RecoilInput
from nuportal.errors import ParameterError

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def fit(
    given: RecoilInput,
    parameter: Annotated[str | None, typer.Option(help="What varies; default, the coupling that is left.")] = None,
    cl: Annotated[float, typer.Option(help="Confidence level.")] = 0.90,
    background_error: Annotated[float | None, typer.Option(help="Relative; 0 fixes the background.")] = None,
    flux_error: Annotated[str, typer.Option(help="fixed, or constrained by the solar model.")] = "fixed",
    efficiency_error: Annotated[float, typer.Option(help="Relative.")] = 0.0,
    window: Annotated[str | None, typer.Option(help="Reconstructed energies to fit, keV: 1:20.")] = None,
    bin_width: Annotated[float | None, typer.Option(help="Merge bins narrower than this, keV.")] = None,
    toys: Annotated[int, typer.Option(help="Pseudo-experiments for the significance; 0: asymptotic only.")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the pseudo-experiments.")] = 1,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit one coupling: `nuportal fit B-L --mass 10keV --experiment xenon1t -o profile.png`.

    Couplings that are given stay fixed: `nuportal fit vector --mass 1keV --g-e 1e-6 ...` varies g_nu.
    """
    from nuportal.inference.fit import fit as run

    paths = accepted(output, (*PICTURES, ".csv", ".json"))
    family = given.family()
    options: dict[str, Any] = {**given.sources(), **given.fixed(family), "efficiency_error": efficiency_error}
    options |= {"background_error": background_error, "flux_error": flux_error}
    if toys < 0 or seed < 0:
        raise ParameterError(f"toys = {toys}, seed = {seed} is not allowed: both must be zero or positive")
    experiments = given.experiments()
    result = run(family, experiments, parameter, window=_window(window), bin_width=bin_width, **options)
    found = result.to_dict(cl)
    if toys:
        from nuportal.inference.toys import p_value

        found |= p_value(result, toys, seed)
    document = {**found, "provenance": result.provenance}
    write(paths, document, result.plot, result.save)
    if as_json:
        print(json.dumps(document, indent=1))
        return
    unit = f" {result.family.unit}" if result.family.unit else ""
    low, high = result.interval(cl)
    print(f"{result.family.name} with {', '.join(p.experiment.name for p in result.predictions)}")
    print(f"best {result.family.parameter:10s} {result.best:.4g}{unit}, preferred by {result.significance:.2f} sigma")
    print(f"interval        {low:.4g} to {high:.4g}{unit} ({100 * cl:g} %, asymptotic)")
    if toys:
        value = f"{found['p_value']:.3g} +- {found['p_value_error']:.1g}"
        print(f"p-value         {value} from {toys} pseudo-experiments, seed {seed}")
        print(f"                (so many tell nothing below {found['smallest_p_value']:.1g})")
    for name, value in result.nuisances.items():
        print(f"nuisance        {name} = {value:.3g}")
    for note in result.family.notes:
        print(f"note            {note}")
    for path in paths:
        print(f"written         {path}")


def _window(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        low, high = (float(end) for end in text.split(":"))
    except ValueError:
        raise ParameterError(f"window '{text}' is not of the form low:high in keV, such as 1:20") from None
    return low, high
