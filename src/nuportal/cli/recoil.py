"""`nuportal recoil`: the recoil spectrum of one model in one experiment."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from nuportal.cli.groups import grouped
from nuportal.cli.recoil_options import RecoilInput
from nuportal.errors import ParameterError
from nuportal.output import checked

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def recoil(
    given: RecoilInput,
    binding: Annotated[str, typer.Option(help="step, or rrpa (xenon, Standard Model shape).")] = "step",
    bin_width: Annotated[float, typer.Option(help="Merge bins narrower than this, keV.")] = 1.0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Picture (.png, .pdf, .svg) or data (.nc).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Recoil spectrum: `nuportal recoil B-L --mass 10keV --g 3e-7 --experiment xenon1t_sr1 --output x.png`."""
    from nuportal.experiments.spectrum import recoil_spectrum

    if output is not None:
        checked(output, (".nc", ".png", ".pdf", ".svg"))
    if not given.experiment or len(given.experiment) != 1:
        raise ParameterError("give one --experiment: a name such as xenon1t_sr1, or a folder")
    model, assumed = _model(given)
    options = {"binding": binding, "bin_width": bin_width, **given.sources()}
    spectrum = recoil_spectrum(model, given.experiment[0], **options)
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
    for note in (*assumed, *spectrum.notes):
        print(f"note         {note}")
    if output is not None:
        print(f"written      {output}")


def _model(given: RecoilInput) -> tuple[Any, tuple[str, ...]]:
    """The model of the command line (None, the Standard Model, where none is named), and what was assumed."""
    from nuportal.inference.families import family

    if given.model is None and given.charges is None:
        return None, ()
    couplings = given.couplings()
    if not couplings:
        raise ParameterError("give the couplings: --g, or --product, --d, --g-e and --g-nu, --mixing and --chi")
    parameter, value = couplings.popitem()
    chosen = family(given.family, parameter, **given.choices(), **couplings)
    return chosen.build(value), chosen.notes
