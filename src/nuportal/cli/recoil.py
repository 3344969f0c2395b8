"""`nuportal recoil`: the recoil spectrum of one model in one experiment."""

import json
from typing import Annotated, Any

import numpy as np
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
    recoil_of: Annotated[
        str | None, typer.Option("--recoil", help="Of a target: electron (default) or nuclear.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Of a target: solar (default), reactor, pion-decay.")] = None,
    source_flux: Annotated[
        float | None, typer.Option(help="cm^-2 s^-1: of a reactor in all, of pion-decay each species.")
    ] = None,
    edges: Annotated[
        str | None, typer.Option(help="Bins of a target or of nuclear recoils, keV: low:high:bins.")
    ] = None,
    exposure: Annotated[str | None, typer.Option(help="Of a target, such as '327 kg d' (default 1 t y).")] = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recoil spectrum: `nuportal recoil B-L --mass 10keV --g 3e-7 --experiment xenon1t -o x.png`.

    Of a target: `--experiment germanium --recoil nuclear --source reactor --source-flux 1.5e13 --exposure '327 kg d'`.
    """
    from nuportal.experiments.spectrum import recoil_spectrum

    paths = accepted(output, (*PICTURES, ".nc", ".csv", ".json"))
    experiments = given.experiments()
    if len(experiments) > 1:
        raise ParameterError(f"recoil takes one experiment, not {', '.join(experiments)}")
    if not given.named and given.values:
        raise ParameterError("give a model first, such as B-L, or --charges")
    model, notes = _model(given) if given.named else (None, ())
    options: dict[str, Any] = {"binding": binding, "bin_width": bin_width, **given.sources()}
    options |= {"recoil": recoil_of, "source": source, "source_flux": source_flux, "exposure": exposure}
    options["edges"] = _edges(edges)
    spectrum = recoil_spectrum(model, experiments[0], **options)
    document = {**spectrum.to_dict(), "provenance": spectrum.provenance}
    write(paths, document, spectrum.plot, spectrum.save)
    if as_json:
        print(json.dumps(document, indent=1))
        return
    measured = spectrum.prediction.experiment
    total = f"{spectrum.counts.sum():g} observed, " if measured.kind == "counts" else ""
    window = f"{measured.low[0]:.4g} to {measured.high[-1]:.4g} keV"
    print(f"{measured.name}, {window}: {total}signal {spectrum.signal.sum():.4g}")
    if measured.kind in ("counts", "rates"):
        print(f"background   {spectrum.background.sum():.4g} (of which solar neutrinos {spectrum.sm.sum():.4g})")
    else:
        kind = f"{document['recoil']} recoils, {document['source']} neutrinos"
        print(f"standard     {spectrum.sm.sum():.4g} ({kind})")
    for name, values in spectrum.components.items():
        if values.any():
            print(f"  {name:10s} {values.sum():.4g}")
    for note in (*notes, *spectrum.notes):
        print(f"note         {note}")
    for path in paths:
        print(f"written      {path}")


def _edges(text: str | None) -> np.ndarray | None:
    if text is None:
        return None
    try:
        low, high, bins = text.split(":")
        found = np.linspace(float(low), float(high), int(bins) + 1)
    except ValueError:
        raise ParameterError(f"edges '{text}' are not of the form low:high:bins in keV, such as 0.2:2:18") from None
    return found


def _model(given: RecoilInput) -> tuple[Any, tuple[str, ...]]:
    """The model of the command line, and what was assumed."""
    from nuportal.inference.families import assumed

    members = given.family()
    fixed, notes = assumed(members, given.fixed(members))
    return given.complete(members, fixed), notes
