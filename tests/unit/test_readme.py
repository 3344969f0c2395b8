"""The README's examples run as printed, and every file, command and constraint it names exists."""

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from nuportal.cli.app import COMMANDS, main
from nuportal.planes.constraints import constraint_names

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def _examples():
    python = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", TEXT, re.DOTALL)
    assert len(python) == 2
    return python


@pytest.mark.parametrize(("code", "printed"), _examples())
def test_python_examples_print_what_they_say(code, printed, tmp_path):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {})
    assert out.getvalue() == printed
    for name in re.findall(r'plot\("([^"]+)"\)', code):
        assert (tmp_path / name).stat().st_size > 10_000


def test_command_example_prints_what_it_says(capsys):
    ((command, printed),) = re.findall(r"```console\n\$ nuportal (.*?)\n(.*?)```", TEXT, re.DOTALL)
    with pytest.raises(SystemExit) as stop:
        main(shlex.split(command))
    assert stop.value.code == 0
    assert capsys.readouterr().out == printed


def test_named_files_commands_and_constraints_exist():
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (ROOT / target).is_file(), target
    table = TEXT.partition("## What there is")[2].partition("Every command")[0]
    assert set(re.findall(r"`nuportal (\w+)`", table)) <= set(COMMANDS)
    listed = TEXT.partition("`--constraints default` or names):")[2].partition("\n\n")[0]
    assert sorted(re.findall(r"`([a-z0-9-]+)`", listed)) == sorted(constraint_names())


def test_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^    make (\w+)", TEXT, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
