"""Options that several commands share, written once: a dataclass whose fields become options of the command."""

import dataclasses
import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, get_type_hints


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the first parameter of a command, annotated with a dataclass of options, into one option for each field."""
    first, *rest = inspect.signature(command).parameters.values()
    group: Any = first.annotation
    hints = get_type_hints(group, include_extras=True)
    fields = [
        inspect.Parameter(f.name, first.kind, default=f.default, annotation=hints[f.name])
        for f in dataclasses.fields(group)
    ]

    @wraps(command)
    def wrapped(**given: Any) -> None:
        chosen = group(**{f.name: given.pop(f.name) for f in fields})
        command(chosen, **given)

    wrapped.__signature__ = inspect.Signature([*fields, *rest])  # type: ignore[attr-defined]
    return wrapped
