"""The example of docs/recoils.md runs and shows what it says."""

import re
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "recoils.md").read_text(encoding="utf-8")


def test_the_example_runs(capsys):
    exec(compile(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0], "recoils.md", "exec"), {})
    assert capsys.readouterr().out.count("[") == 2
