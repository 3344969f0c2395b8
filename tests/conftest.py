"""Fixtures shared by all tests."""

import json
import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference values beside the checkout; tests that need it are skipped, loudly, without it."""
    folder = Path(os.environ.get("NUPORTAL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    if not (folder / "reference").is_dir():
        pytest.skip(f"reference values not found in {folder}: set NUPORTAL_SHARED to the folder that holds reference/")
    return folder


@pytest.fixture(scope="session")
def reference(shared):
    """Return a function that reads one JSON file of reference values."""
    return lambda name: json.loads((shared / "reference" / name).read_text(encoding="utf-8"))


def _relative(expected, rel=None, abs=None, nan_ok=False, _approx=pytest.approx):
    """pytest.approx whose `rel` is meant: the hidden absolute tolerance of 1e-12 would pass any small number."""
    return _approx(expected, rel=rel, abs=0 if rel is not None and abs is None else abs, nan_ok=nan_ok)


pytest.approx = _relative
