"""`nuportal schema`: the JSON schema of what a command prints with --json."""

import json
from typing import Annotated

import typer

from nuportal.cli import completion
from nuportal.errors import ParameterError, unknown_name

app = typer.Typer(add_completion=False)


@app.command()
def schema(
    command: Annotated[str | None, typer.Argument(help="The command.", autocompletion=completion.documented)] = None,
    page: Annotated[bool, typer.Option("--page", help="Print docs/json.md, which describes all of them.")] = False,
) -> None:
    """Print the JSON schema of what a command prints with --json: `nuportal schema fit`."""
    from nuportal.cli import schema_page, schemas

    if page:
        print(schema_page.page(), end="")
        return
    if command is None:
        raise ParameterError(f"give a command, one of {', '.join(schemas.DOCUMENTS)}, or --page")
    if command not in schemas.DOCUMENTS:
        raise unknown_name("command with --json", command, schemas.DOCUMENTS)
    print(json.dumps(schema_page.schema(command), indent=1))
