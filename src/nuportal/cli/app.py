"""The command line: one module per command, imported only when it runs; bad input is one line on stderr and exit 2."""

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module, reload
from importlib.metadata import version
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from nuportal.cli import completion
from nuportal.cli.interrupts import insistent, leave
from nuportal.errors import NuportalError, ParameterError, unknown_name
from nuportal.solvers.notice import silence

#: command -> the line shown by `nuportal --help`; the module nuportal.cli.<command> defines `app`
COMMANDS = {
    "models": "List the named U(1)_X models with charges and anomalies.",
    "neff": "N_eff of one point of any model, or of the Standard Model.",
    "bbn": "Light elements Y_p, D/H, 3He/H, 7Li/H of one point, against what is measured.",
    "evolve": "Thermal history of one point: table, file, plot.",
    "evaluate": "Is this point excluded, by what, and what is its likelihood?",
    "plane": "Draw N_eff, or everything that is excluded, over two parameters.",
    "scan": "Any observables over three or more parameters, or at listed points.",
    "limits": "List the constraints, or what they exclude for a model.",
    "experiments": "List the experiments whose recoils are compared with models.",
    "recoil": "Recoil spectrum of solar neutrinos in a detector.",
    "fit": "Fit a coupling to recoil data: best value, interval, limit.",
    "new": "Write a commented template: a constraint, an experiment or a model of your own.",
    "cite": "Print the BibTeX of what a result used.",
    "reproduce": "Redraw the papers' figures and tables, their numbers beside ours.",
    "schema": "The JSON schema of what a command prints with --json.",
    "doctor": "Versions, cache, self-check of the Standard Model N_eff.",
    "bench": "Speed and accuracy of the thermal solver on this machine.",
}

# The root of the argument parser's own errors; typer re-exports only this leaf of it.
_USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[2]

_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> None:
    """Run `nuportal <command> ...`; exits with 0, 2 (bad input: one line on stderr) or 130 (interrupted)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if completion.asked(arguments):
        completion.answer(COMMANDS, arguments)
    if "--json" in arguments:
        silence()
    gc.set_threshold(100_000, 50, 50)  # a first call compiles: collecting its many small objects is a tenth of the time
    try:
        with insistent():
            status = _run(arguments)
            if status == _INTERRUPTED:  # what the argument parser makes of Ctrl-C
                raise KeyboardInterrupt
            sys.stdout.flush()
        sys.exit(status)
    except NuportalError as error:
        _fail(str(error))
    except _USAGE_ERROR as error:
        _fail(error.format_message())  # type: ignore[attr-defined]
    except (KeyboardInterrupt, typer.Abort):
        print("nuportal: interrupted", file=sys.stderr)
        leave(_INTERRUPTED)
    except BrokenPipeError:
        _drop_output()
        sys.exit(141)
    except OSError as error:  # a disk that is full under the output or the cache of compiled code
        _drop_output()
        _fail(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
    except MemoryError:
        _fail("there is not enough memory for this")


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        _print_help()
        return 0
    if arguments[0] in ("--version", "-V", "version"):
        print(f"nuportal {version('nuportal')}")
        return 0
    name, *rest = arguments
    if name == "help":  # `nuportal help`, `nuportal help neff`
        if not rest:
            return _run(["--help"])
        name, rest = rest[0], ["--help"]
    if name not in COMMANDS:
        raise unknown_name("command", name, COMMANDS)
    command: Any = typer.main.get_command(_module(name, rest).app)
    _refuse_repeated(command, rest)
    try:
        return command.main(rest, prog_name=f"nuportal {name}", standalone_mode=False) or 0
    except _USAGE_ERROR as error:
        from nuportal.cli.guesses import explained

        if text := explained(name, command.params, error):
            raise ParameterError(text) from None
        raise


def _module(name: str, arguments: list[str]) -> Any:
    """The module of a command. A model of the user's own (a file of Python, named first) brings options of its own."""
    own = bool(arguments) and arguments[0].partition(":")[0].endswith(".py")
    if own:
        from nuportal.models.family import load

        load(arguments[0])
    module = import_module(f"nuportal.cli.{name}")
    return reload(module) if own else module


def _refuse_repeated(command: Any, arguments: list[str]) -> None:
    """Raise ParameterError where an option that holds one value is given twice: the first would be lost."""
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    flags = [text.partition("=")[0] for text in before if text.startswith("-")]
    for option in command.params:
        if getattr(option, "multiple", True) or getattr(option, "is_flag", False):
            continue
        given = [flag for flag in flags if flag in option.opts]
        if len(given) > 1:
            raise ParameterError(f"{' and '.join(dict.fromkeys(given))} given {len(given)} times: give it once")


def _drop_output() -> None:
    """Let what is still to be printed go nowhere, so that Python does not complain at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_help() -> None:
    console = Console()
    console.print("Usage: nuportal COMMAND [OPTIONS]   (nuportal COMMAND --help for each; --version;")
    console.print("       --install-completion: names and options by the Tab key of your shell)\n")
    table = Table(box=None, show_header=False)
    for name, line in COMMANDS.items():
        table.add_row(f"[bold]{name}[/bold]", line)
    console.print(table)


def _fail(text: str) -> None:
    print("nuportal: " + " ".join(text.split()), file=sys.stderr)
    sys.exit(2)
