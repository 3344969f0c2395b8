"""The command line as a whole: help, unknown commands, bad options."""

import json

import pytest

from nuportal.cli.app import COMMANDS, main


def run(*arguments):
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    return stop.value.code


def test_help_lists_every_command(capsys):
    assert run("--help") == 0
    out = capsys.readouterr().out
    assert all(name in out for name in COMMANDS)


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_has_help(command, capsys):
    assert run(command, "--help") == 0
    assert "--json" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [("modells",), ("models", "--jsn"), ("models", "surplus")])
def test_bad_usage_is_one_line_and_exit_2(arguments, capsys):
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("nuportal: ")


def test_models_as_json(capsys):
    assert run("models", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 16
    assert {"name", "quarks", "leptons"} <= set(rows[0])
