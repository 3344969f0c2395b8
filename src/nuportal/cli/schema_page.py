"""The JSON schema of each command, and docs/json.md, both made from `cli.schemas`."""

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, RootModel

from nuportal.cli import schemas


def schema(command: str) -> dict[str, Any]:
    """Return the JSON schema of what a command prints with --json."""
    found = [document.model_json_schema(mode="serialization") for document in schemas.DOCUMENTS[command]]
    return found[0] if len(found) == 1 else {"oneOf": found}


def page() -> str:
    """Return docs/json.md."""
    lines = [
        "# What `--json` prints",
        "",
        "Every command takes `--json`, and `-o file.json` where it writes files. `nuportal schema COMMAND` prints the",
        "JSON schema. This page is made from `nuportal.cli.schemas` (`nuportal schema --page`), and a test runs every",
        "command against it. Masses are in MeV, recoil energies in keV; numbers that do not exist are null.",
    ]
    for command, documents in schemas.DOCUMENTS.items():
        lines += ["", f"## nuportal {command}"]
        for document in documents:
            lines += ["", _text(document), "", *_table(document)]
    return "\n".join(lines) + "\n"


def _text(document: type[BaseModel]) -> str:
    return " ".join((document.__doc__ or "").split())


def _table(document: type[BaseModel]) -> list[str]:
    """The entries of a document, and of the rows inside it."""
    if issubclass(document, RootModel):
        inner = [row for row in _inside(document.model_fields["root"].annotation)]
        return [line for row in inner for line in (f"A list of: {_text(row)}", "", *_table(row))]
    lines = ["| entry | type |", "|---|---|"]
    inner: list[type[BaseModel]] = []
    for name, entry in document.model_fields.items():
        lines.append(f"| `{name}` | {_type(entry.annotation)} |")
        inner += [row for row in _inside(entry.annotation) if row not in inner]
    for row in inner:
        lines += ["", f"{row.__name__}: {_text(row)}", "", *_table(row)]
    return lines


def _inside(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [row for part in get_args(annotation) for row in _inside(part)]


def _type(annotation: Any) -> str:
    """A type in words: list[float], float or null, "ok" or "failed"."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(inside[0])
    if origin is Literal:
        return " or ".join(f'"{value}"' for value in inside)
    if origin in (Union, UnionType):
        return " or ".join(_type(part) for part in inside)
    if origin is not None:
        name = "list" if origin is tuple else origin.__name__
        return f"{name}[{', '.join('...' if part is Ellipsis else _type(part) for part in inside)}]"
    return "null" if annotation in (None, NoneType) else getattr(annotation, "__name__", str(annotation))
