"""`nuportal evaluate`: one point against every constraint."""

import json
from typing import Annotated

import typer

from nuportal.cli import completion
from nuportal.cli.groups import grouped
from nuportal.cli.lists import items
from nuportal.cli.model_options import ModelInput
from nuportal.cli.outputs import JsonOption, OutputOption, accepted, write

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def evaluate(
    given: ModelInput,
    constraints: Annotated[
        list[str] | None,
        typer.Option(
            help="all, groups, layers, names or folders; -name takes away: all,-cosmology.",
            autocompletion=completion.constraints,
        ),
    ] = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Excluded or not, by what, how far, ln L: `nuportal evaluate B-L --mass 10MeV --g 1e-6`.

    ratio: the coupling over the edge of what a constraint excludes (N_eff: its shift over the largest allowed).
    """
    from nuportal.inference.evaluation import evaluate as run

    paths = accepted(output, (".json",))
    found = run(given.point(), items(constraints, "constraint") or "all")
    document = found.to_dict()
    write(paths, document)
    if as_json:
        print(json.dumps(document, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("constraint", "kind", "verdict", "ratio", "ln L", title="strongest first")
    for row in found.rows():
        table.add_row(*row)
    console = Console(soft_wrap=True)
    console.print(found.summary, highlight=False, markup=False)
    console.print(table)
    for verdict in found:
        if verdict.status == "failed":
            console.print(f"failed: {verdict.name}: {verdict.reason}", highlight=False, markup=False)
    for status in ("not applicable", "out of range"):
        if names := [v.name for v in found if v.status == status]:
            console.print(f"{status}: {', '.join(names)}", highlight=False)
    console.print(f"ln L counts each data set once: {', '.join(found.used) or 'none'}", highlight=False)
    for path in paths:
        console.print(f"written: {path}", highlight=False)
