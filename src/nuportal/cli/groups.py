"""Options that several commands share, written once: a dataclass whose fields become options of the command."""

import dataclasses
import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, get_type_hints


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the first parameter of a command, annotated with a dataclass of options, into one option for each field.

    A field `values` stands for the options that the group's method `declared_options` returns; it becomes a dictionary
    of those that were given.
    """
    first, *rest = inspect.signature(command).parameters.values()
    group: Any = first.annotation
    hints = get_type_hints(group, include_extras=True)
    fields = [
        inspect.Parameter(f.name, first.kind, default=f.default, annotation=hints[f.name])
        for f in dataclasses.fields(group)
        if f.name != "values"
    ]
    taken = {p.name for p in (*fields, *rest)}  # an option of the command comes before a parameter of the same name
    options: dict[str, Any] = group.declared_options() if hasattr(group, "declared_options") else {}
    declared = [
        inspect.Parameter(name, first.kind, default=None, annotation=annotation)
        for name, annotation in options.items()
        if name not in taken
    ]

    @wraps(command)
    def wrapped(**given: Any) -> None:
        values = {p.name: given.pop(p.name) for p in declared}
        known = {f.name: given.pop(f.name) for f in fields}
        if declared:
            known["values"] = {name: value for name, value in values.items() if value is not None}
        command(group(**known), **given)

    wrapped.__signature__ = inspect.Signature([*fields, *declared, *rest])  # type: ignore[attr-defined]
    return wrapped
