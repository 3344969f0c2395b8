"""Shell completion by typer's own mechanism: `nuportal --install-completion`, then Tab.

The shell asks `nuportal` with _NUPORTAL_COMPLETE in the environment. Only then all commands become one application,
in which the command being typed has its options and the others only their names.
"""

import os
import shlex
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import typer

VARIABLE = "_NUPORTAL_COMPLETE"
FLAGS = ("--install-completion", "--show-completion")


def asked(arguments: list[str]) -> bool:
    """Return whether a shell asks for completions, or the user for their installation."""
    return VARIABLE in os.environ or bool(arguments and arguments[0] in FLAGS)


def answer(commands: dict[str, str], arguments: list[str]) -> None:
    """Answer the shell, or install or print the script. Ends the program."""
    typed = shlex.split(os.environ.get("COMP_WORDS", "") or os.environ.get("_TYPER_COMPLETE_ARGS", ""), posix=False)
    root = typer.Typer(name="nuportal", add_completion=True)
    for name, help_text in commands.items():
        call = _callback(name) if name in typed[1:2] else _nothing
        root.command(name, help=help_text)(call)
    typer.main.get_command(root).main(arguments, prog_name="nuportal", complete_var=VARIABLE)


def _nothing() -> None:
    """A command that is not being typed."""


def _callback(name: str) -> Callable[..., Any]:
    return import_module(f"nuportal.cli.{name}").app.registered_commands[0].callback


def models(incomplete: str) -> list[str]:
    """Return names of models."""
    from nuportal.models import catalog
    from nuportal.models.family import named_families

    return _matching(incomplete, [*catalog(), *named_families()])


def experiments(incomplete: str) -> list[str]:
    """Return short and full names of experiments; the last of a list by comma."""
    from nuportal.experiments.measurement import names, short_names

    return _in_list(incomplete, [*short_names(), *names()])


def recoiling(incomplete: str) -> list[str]:
    """Return names of experiments and targets."""
    from nuportal.detectors.targets import targets

    return [*experiments(incomplete), *_in_list(incomplete, targets())]


def constraints(incomplete: str) -> list[str]:
    """Return names of constraints, groups and layers; the last of a list by comma."""
    import tomllib
    from importlib.resources import files

    heads: dict[str, dict[str, Any]] = {}  # limits themselves would load their tables and formulas, which takes seconds
    for folder in files("nuportal.limits").joinpath("catalog").iterdir():
        if (head := folder.joinpath("limit.toml")).is_file():
            heads[folder.name] = tomllib.loads(head.read_text(encoding="utf-8"))
    groups = sorted({about["group"].replace(" ", "-") for about in heads.values()})
    layers = sorted({about["layer"] for about in heads.values() if "layer" in about})
    return _in_list(incomplete, ["all", *groups, *layers, *sorted(heads)])


def models_and_constraints(incomplete: str) -> list[str]:
    """Return names of models and of constraints."""
    return [*models(incomplete), *constraints(incomplete)]


def figures(incomplete: str) -> list[str]:
    """Return names of what can be reproduced."""
    from nuportal.reproduction.registry import items

    return _matching(incomplete, ["all", *items()])


def documented(incomplete: str) -> list[str]:
    """Return names of commands whose --json is documented."""
    from nuportal.cli.schemas import DOCUMENTS

    return _matching(incomplete, DOCUMENTS)


def among(*allowed: str) -> Callable[[str], list[str]]:
    """Return the completion of a choice."""

    def complete(incomplete: str) -> list[str]:
        return _matching(incomplete, allowed)

    return complete


def _in_list(incomplete: str, known: Iterable[str]) -> list[str]:
    before, comma, last = incomplete.rpartition(",")
    return [before + comma + name for name in _matching(last, known)]


def _matching(incomplete: str, known: Iterable[str]) -> list[str]:
    folded = incomplete.casefold()
    return [name for name in dict.fromkeys(known) if name.casefold().startswith(folded)]
