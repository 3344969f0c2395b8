"""`nuportal cite`: the BibTeX of what a result used."""

import json
from pathlib import Path
from typing import Annotated

import typer

from nuportal.references import PAPERS, bibliography, bibtex, used_by

app = typer.Typer(add_completion=False)


@app.command()
def cite(
    results: Annotated[list[Path] | None, typer.Argument(help="Result files: .nc, .csv, .json.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every entry of the package.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: key -> entry.")] = False,
) -> None:
    """Print the BibTeX of what results used; without a file, that of the five papers behind the package."""
    if everything:
        keys = list(bibliography())
    elif results:
        keys = [key for path in results for key in used_by(path)]
    else:
        keys = list(PAPERS.values())
    text = bibtex(keys)
    print(json.dumps({key: bibliography()[key] for key in dict.fromkeys(keys)}, indent=1) if as_json else text)
