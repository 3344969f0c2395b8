"""`nuportal fit`: best value, interval, limit and significance of one coupling."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nuportal.cli.groups import grouped
from nuportal.cli.lists import items
from nuportal.cli.outputs import PICTURES, JsonOption, OutputOption, accepted, write
from nuportal.cli.recoil_options import RecoilInput
from nuportal.errors import ParameterError

if TYPE_CHECKING:
    from nuportal.inference.expected import Expected
    from nuportal.inference.several import SeveralFit

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def fit(
    given: RecoilInput,
    parameter: Annotated[
        list[str] | None,
        typer.Option(help="What varies (default, the coupling that is left); several: mass=1keV:1MeV:30,g=1e-8:1e-5."),
    ] = None,
    cl: Annotated[float, typer.Option(help="Confidence level.")] = 0.90,
    background_error: Annotated[float | None, typer.Option(help="Relative; 0 fixes the background.")] = None,
    flux_error: Annotated[str, typer.Option(help="fixed, or constrained by the solar model.")] = "fixed",
    efficiency_error: Annotated[float, typer.Option(help="Relative.")] = 0.0,
    window: Annotated[str | None, typer.Option(help="Reconstructed energies to fit, keV: 1:20.")] = None,
    bin_width: Annotated[float | None, typer.Option(help="Merge bins narrower than this, keV.")] = None,
    expected: Annotated[bool, typer.Option("--expected", help="Limit expected without a signal, with bands.")] = False,
    with_cls: Annotated[bool, typer.Option("--cls", help="The CLs limit too.")] = False,
    toys: Annotated[int, typer.Option(help="Pseudo-experiments for significance and CLs; 0: asymptotic only.")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the pseudo-experiments.")] = 1,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit one coupling: `nuportal fit B-L --mass 10keV --experiment xenon1t -o profile.png`.

    Couplings that are given stay fixed: `nuportal fit vector --mass 1keV --g-e 1e-6 ...` varies g_nu. Several
    parameters: `nuportal fit B-L --parameter mass=1keV:1MeV:30,g=1e-8:1e-5:60 --experiment xenon1t -o regions.png`.
    """
    from nuportal.inference.fit import fit as run

    paths = accepted(output, (*PICTURES, ".csv", ".json"))
    family = given.family()
    options: dict[str, Any] = {**given.sources(), **given.fixed(family), "efficiency_error": efficiency_error}
    options |= {"background_error": background_error, "flux_error": flux_error}
    if toys < 0 or seed < 0:
        raise ParameterError(f"toys = {toys}, seed = {seed} is not allowed: both must be zero or positive")
    experiments = given.experiments()
    options |= {"window": _window(window), "bin_width": bin_width}
    asked = items(parameter, "parameter")
    if len(asked) > 1:
        if toys or expected or with_cls:
            raise ParameterError("--toys, --expected and --cls are of fits of one parameter")
        _show_several(run(family, experiments, parameters=asked, **options), cl, paths, as_json)
        return
    result = run(family, experiments, asked[0] if asked else None, **options)
    found = result.to_dict(cl)
    if expected:
        found["expected"] = result.expected_limit(cl).to_dict()
    if with_cls:
        found["cls_limit"] = result.cls_limit(cl, toys, seed)
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
    if expected:
        _show_expected(result.expected_limit(cl), unit)
    if with_cls:
        print(
            f"CLs             below {found['cls_limit']:.4g}{unit} ({100 * cl:g} %, {'toys' if toys else 'asymptotic'})"
        )
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


def _show_expected(found: "Expected", unit: str) -> None:
    (a, b), (c, d) = found.one_sigma, found.two_sigma
    print(f"expected        below {found.median:.4g}{unit} ({100 * found.cl:g} %) without a signal")
    print(f"                68 % of data sets {a:.4g} to {b:.4g}, 95 % {c:.4g} to {d:.4g}{unit}")


def _show_several(result: "SeveralFit", cl: float, paths: list[Path], as_json: bool) -> None:
    """Write and print a fit of several parameters."""
    document = {**result.to_dict(cl), "provenance": result.provenance}
    write(paths, document, result.plot, result.save)
    if as_json:
        print(json.dumps(document, indent=1))
        return
    print(result.summary)
    for axis in result.axes:
        low, high = result.interval(axis.name, cl)
        unit = f" {axis.parameter.unit}" if axis.parameter.unit else ""
        print(f"{axis.name:15s} {low:.4g} to {high:.4g}{unit} ({100 * cl:g} %, others profiled)")
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
