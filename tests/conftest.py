"""Fixtures shared by all tests."""

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).resolve().parent / "data"
SHARED = Path(os.environ.get("NUPORTAL_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def pytest_collection_modifyitems(config, items):
    """Without the folder of full tables beside the checkout, tests/data has samples of all that is compared with them.

    The comparisons with the full tables are then not collected.
    """
    if (SHARED / "facts").is_dir():
        return
    full = [item for item in items if "shared" in getattr(item, "fixturenames", ())]
    if full:
        config.hook.pytest_deselected(items=full)
        items[:] = [item for item in items if item not in full]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of full tables beside the checkout."""
    return SHARED


@pytest.fixture(scope="session")
def reference():
    """Return a function that reads one JSON file of values of independent prototypes."""
    return lambda name: json.loads((DATA / f"reference_{name}").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def table():
    """Return a function that reads a table of tests/data: its columns by name, numbers as arrays."""

    def read(name):
        lines = (DATA / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
        return {column: _column([row[column] for row in rows]) for column in rows[0]}

    return read


def _column(texts):
    try:
        return np.array([float(text) for text in texts])
    except ValueError:
        return np.array(texts)


def _relative(expected, rel=None, abs=None, nan_ok=False, _approx=pytest.approx):
    """pytest.approx whose `rel` is meant: the hidden absolute tolerance of 1e-12 would pass any small number."""
    return _approx(expected, rel=rel, abs=0 if rel is not None and abs is None else abs, nan_ok=nan_ok)


pytest.approx = _relative
