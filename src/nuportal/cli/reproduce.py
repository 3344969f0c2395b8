"""`nuportal reproduce`: the papers' figures and tables, with their numbers beside ours."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nuportal.cli import completion
from nuportal.errors import ParameterError, unknown_name
from nuportal.output import checked
from nuportal.reproduction import registry

app = typer.Typer(add_completion=False)


@app.command()
def reproduce(
    name: Annotated[
        str | None,
        typer.Argument(help="Figure or table such as ghosh2023-fig5, or 'all'.", autocompletion=completion.figures),
    ] = None,
    output_dir: Annotated[Path, typer.Option(help="Folder for the pictures.")] = Path("reproduction"),
    kind: Annotated[str, typer.Option("--format", help="png, pdf or svg.")] = "png",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what can be reproduced; given one, draw it and print paper, preset and default values."""
    if kind not in ("png", "pdf", "svg"):
        raise unknown_name("picture format", kind, ("png", "pdf", "svg"))
    if name is None:
        _list(as_json)
        return
    names = list(registry.items()) if name == "all" else [name.casefold()]
    for each in names:
        _refuse_paper(each)
        registry.item(each)
        checked(output_dir / f"{each}.{kind}", (f".{kind}",))
    results: list[dict[str, object]] = []
    for each in names:
        results.append(_one(each, output_dir / f"{each}.{kind}", as_json))
    if as_json:
        print(json.dumps(results if name == "all" else results[0], indent=1))


def _refuse_paper(name: str) -> None:
    """Raise ParameterError for the name of a paper, of which there are several figures and tables."""
    if inside := [item for item in registry.items() if item.startswith(f"{name}-")]:
        raise ParameterError(f"{name} has {len(inside)} figures and tables: give one of {', '.join(inside)}")


def _list(as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    if as_json:
        print(json.dumps({name: item.title for name, item in registry.items().items()}, indent=1))
        return
    table = Table("name", "what it shows", title="Figures and tables that can be reproduced")
    for name, item in registry.items().items():
        table.add_row(name, item.title)
    Console().print(table)


def _one(name: str, path: Path, as_json: bool) -> dict[str, object]:
    from nuportal.plotting.style import save

    item = registry.item(name)
    done = item.run()
    picture = str(save(done.figure, path)) if done.figure is not None else None
    if not as_json:
        _print(name, item, done, picture)
    return {
        "name": name,
        "title": item.title,
        "preset": item.preset,
        "rows": [asdict(row) for row in done.rows],
        "notes": done.notes,
        "picture": picture,
        "references": " ".join(item.references),
    }


def _print(name: str, item: registry.Item, done: registry.Reproduction, picture: str | None) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("quantity", "paper", f"preset {item.preset}", "default", "where", title=f"{name}: {item.title}")
    for row in done.rows:
        table.add_row(row.quantity, _text(row.paper), _text(row.preset), _text(row.default), row.where)
    console = Console(soft_wrap=False)
    console.print(table)
    for note in done.notes:
        console.print(f"note: {note}", highlight=False)
    if picture:
        console.print(f"picture: {picture}", highlight=False, soft_wrap=True)


def _text(value: float | str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return f"{value:.3g}" if abs(value) < 0.01 else f"{value:.3f}" if abs(value) < 10 else f"{value:.2f}"
