"""`nuportal new`: commented templates of a constraint, an experiment or a model, which work as they are written."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from nuportal.cli import completion
from nuportal.cli.outputs import JsonOption
from nuportal.errors import OutputError, ParameterError, unknown_name
from nuportal.output import replacing

app = typer.Typer(add_completion=False)

#: what can be made, with what to do next
NEXT = {
    "limit": "nuportal limits B-L {path} --mass 50MeV",
    "experiment": "nuportal fit B-L --mass 10keV --experiment {path}",
    "model": "nuportal evaluate {path} --mass 1MeV --g-l 1e-6",
}


@app.command()
def new(
    what: Annotated[
        str,
        typer.Argument(
            help="limit, experiment or model.", autocompletion=completion.among("limit", "experiment", "model")
        ),
    ],
    name: Annotated[str, typer.Argument(help="Its name: lower case, digits, - (it starts with a letter).")],
    folder: Annotated[Path, typer.Option(help="Where to write it.")] = Path(),
    as_json: JsonOption = False,
) -> None:
    """Write a commented template: `nuportal new limit my-search`, `new experiment my-data`, `new model my-portal`."""
    if what not in NEXT:
        raise unknown_name("template", what, NEXT)
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise ParameterError(f"name '{name}' is not allowed: lower case, digits and -, such as my-{what}")
    _refuse_known(what, name)
    written = write(what, name, folder)
    path = written[0] if what == "model" else written[0].parent
    shown = str(path) if path.is_absolute() else f"./{path}"
    command = NEXT[what].format(path=shown)
    if as_json:
        print(json.dumps({"what": what, "name": name, "files": [str(p) for p in written], "next": command}, indent=1))
        return
    for each in written:
        print(f"written      {each}")
    if what == "model":
        from nuportal.models.family import family

        print(f"has          {family(str(path)).observables}")
    print(f"next         {command}")


def write(what: str, name: str, folder: Path) -> list[Path]:
    """Write the files of a template and return where they are. Raises OutputError if one is there already."""
    source = files("nuportal.cli").joinpath("templates", what)
    stem = name.replace("-", "_")
    inside = folder if what == "model" else folder / (stem if what == "experiment" else name)
    texts: dict[Path, str] = {}
    for entry in sorted(source.iterdir(), key=lambda e: e.name):
        if entry.is_file() and not entry.name.startswith("_"):
            text = entry.read_text(encoding="utf-8").replace("CLASS", "".join(w.capitalize() for w in name.split("-")))
            place = inside / entry.name.replace("NAME", stem).replace("sources.bib", "refs.bib")
            texts[place] = text.replace("./NAME.py", f"./{stem}.py").replace('"NAME.py"', f'"{stem}.py"').replace(
                "./NAME", f"./{inside.name}").replace("NAME", name)  # fmt: skip
    for place in texts:
        if place.exists():
            raise OutputError(f"'{place}' is there already: choose another name or folder")
    for place, text in texts.items():
        with replacing(place) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return list(texts)


def _refuse_known(what: str, name: str) -> None:
    """Raise ParameterError for a name of nuportal's own."""
    from nuportal.errors import UnknownNameError

    if what == "limit":
        from nuportal.limits.registry import names as limit_names

        taken = name in limit_names()
    elif what == "experiment":
        from nuportal.experiments.measurement import names, short_names

        taken = name.replace("-", "_") in {*names(), *short_names()}
    else:
        from nuportal.models.family import family

        try:
            taken = family(name).of.__module__.startswith("nuportal.models.")
        except UnknownNameError:
            taken = False
    if taken:
        raise ParameterError(f"the {what} '{name}' is in nuportal: choose another name")
