"""Runs of hours (scripts/reliability) go on where they were stopped, with the numbers of one that never was."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "reliability" / "journal.py"


@pytest.fixture
def journal():
    """The module of the script."""
    spec = importlib.util.spec_from_file_location("journal", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drawn(rng):
    return {"value": rng.random()}


def test_a_run_that_was_stopped_goes_on(journal, tmp_path):
    """Ctrl-C after three results, then a line that a kill cut off: the next run gives what one without a stop does."""
    whole = journal.results(drawn, 10, 7, None, {"run": "test"})
    path, asked = tmp_path / "run.jsonl", []

    def stopped(rng):
        asked.append(rng)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return drawn(rng)

    assert journal.results(stopped, 10, 7, path, {"run": "test"}) == whole[:3]
    with path.open("a") as file:
        file.write('{"value": 0.1')
    asked.clear()

    def counted(rng):
        asked.append(rng)
        return drawn(rng)

    assert journal.results(counted, 10, 7, path, {"run": "test"}) == whole
    assert len(asked) == 7
    assert journal.results(pytest.fail, 10, 7, path, {"run": "test"}) == whole


def test_the_journal_of_another_run_is_refused(journal, tmp_path):
    """Another seed, or another version, makes other numbers."""
    path = tmp_path / "run.jsonl"
    journal.results(drawn, 2, 7, path, {"version": "1"})
    for seed, version in ((8, "1"), (7, "2")):
        with pytest.raises(SystemExit, match="another run"):
            journal.results(drawn, 2, seed, path, {"version": version})
