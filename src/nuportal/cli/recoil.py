"""`nuportal recoil`: the recoil spectrum of one model in one experiment."""

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
def recoil(
    given: RecoilInput,
    binding: Annotated[str, typer.Option(help="step, or rrpa (xenon, Standard Model shape).")] = "step",
    bin_width: Annotated[float, typer.Option(help="Merge bins narrower than this, keV.")] = 1.0,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recoil spectrum: `nuportal recoil B-L --mass 10keV --g 3e-7 --experiment xenon1t -o x.png`."""
    from nuportal.experiments.spectrum import recoil_spectrum

    paths = accepted(output, (*PICTURES, ".nc", ".csv", ".json"))
    experiments = given.experiments()
    if len(experiments) > 1:
        raise ParameterError(f"recoil takes one experiment, not {', '.join(experiments)}")
    if not given.named and given.values:
        raise ParameterError("give a model first, such as B-L, or --charges")
    model, notes = _model(given) if given.named else (None, ())
    options = {"binding": binding, "bin_width": bin_width, **given.sources()}
    spectrum = recoil_spectrum(model, experiments[0], **options)
    document = {**spectrum.to_dict(), "provenance": spectrum.provenance}
    write(paths, document, spectrum.plot, spectrum.save)
    if as_json:
        print(json.dumps(document, indent=1))
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
    for note in (*notes, *spectrum.notes):
        print(f"note         {note}")
    for path in paths:
        print(f"written      {path}")


def _model(given: RecoilInput) -> tuple[Any, tuple[str, ...]]:
    """The model of the command line, and what was assumed."""
    from nuportal.inference.families import assumed

    members = given.family()
    fixed, notes = assumed(members, given.fixed(members))
    return given.complete(members, fixed), notes
