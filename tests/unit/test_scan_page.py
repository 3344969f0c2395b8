"""docs/scan.md: its example prints what it says, its command runs, its table names every observable."""

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from nuportal.cli.app import main
from nuportal.scans.observables import ELEMENTS, FITTED, HISTORY, JUDGED, parse

TEXT = (Path(__file__).resolve().parents[2] / "docs/scan.md").read_text(encoding="utf-8")


def test_example_and_command(tmp_path, monkeypatch, capsys):
    """The example as printed; the command then finds the same scan in the file."""
    monkeypatch.chdir(tmp_path)
    ((code, printed),) = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", TEXT, re.DOTALL)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "scan.md", "exec"), {})
    assert out.getvalue() == printed
    before = (tmp_path / "scan.nc").read_bytes()
    (command,) = re.findall(r"^    nuportal (.*)$", TEXT, re.MULTILINE)
    with pytest.raises(SystemExit) as stop:
        main(shlex.split(command))
    assert stop.value.code == 0
    assert "2 mass x 3 g x 2 epsilon" in capsys.readouterr().out
    assert (tmp_path / "scan.nc").read_bytes() == before


def test_every_observable_is_in_the_table():
    table = TEXT.partition("## Observables")[2].partition("\n\nOptions")[0]
    for name in (*HISTORY, *ELEMENTS, *JUDGED, *FITTED):
        assert f"`{name}" in table, name
    for text in re.findall(r"`([a-zA-Z0-9_]+:[a-z0-9_-]+)`", table):
        parse(text)
