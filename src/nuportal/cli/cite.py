"""`nuportal cite`: the BibTeX of what a result used."""

import json
from pathlib import Path
from typing import Annotated

import typer

import nuportal
from nuportal.errors import unknown_name
from nuportal.references import PAPERS, bibliography, bibtex, entries, used_by

app = typer.Typer(add_completion=False)


@app.command()
def cite(
    given: Annotated[
        list[str] | None,
        typer.Argument(help="Result files (.nc, .csv, .json); or a paper, constraint, experiment, folder or key."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every entry of the package.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: key -> entry.")] = False,
) -> None:
    """Print the BibTeX of what results used; without a file, that of the five papers behind the package."""
    if everything:
        keys = list(bibliography())
    elif given:
        keys = [key for text in given for key in _keys(text)]
    else:
        keys = list(PAPERS.values())
    text = bibtex(keys)
    known = entries()
    print(json.dumps({key: known[key] for key in dict.fromkeys(keys)}, indent=1) if as_json else text)


def _keys(text: str) -> list[str]:
    """The keys of a result file, or of what has this name. Raises DataFileError, UnknownNameError."""
    from nuportal.cli.guesses import is_constraint, is_experiment

    path = Path(text)
    if path.is_dir():
        return _of_folder(path)
    if path.suffix or path.is_file():
        return used_by(path)
    if text in entries():
        return [text]
    if text.casefold() in PAPERS:
        return [PAPERS[text.casefold()]]
    found: list[str] = []
    if is_experiment(text):
        from nuportal.experiments.measurement import experiment

        found += experiment(text).references
    if is_constraint(text):
        from nuportal.limits.registry import limits

        found += [key for limit in limits(text) for key in limit.about.references]
    if not found:
        known = (*PAPERS, *nuportal.experiments(), *nuportal.limits())
        raise unknown_name("result file, paper, experiment or constraint", text, known)
    return found


def _of_folder(path: Path) -> list[str]:
    """The keys of a folder of the user: a constraint, or an experiment."""
    if (path / "limit.toml").is_file():
        from nuportal.limits.registry import read

        return list(read(path).about.references)
    from nuportal.experiments.measurement import experiment

    return experiment(path).references
