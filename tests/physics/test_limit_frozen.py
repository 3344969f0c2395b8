"""Nothing moves unnoticed: every table row and every excluded coupling as they were when they were compared.

tests/data/limit_tables.csv holds a weighted sum of the logarithms of each column and of the numbers of each
measurement, tests/data/limit_edges.csv excluded intervals of each limit. After a deliberate change run
scripts/freeze_limits.py, look at what moved, and compare anew.
"""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit, names
from nuportal.models import U1X, DipolePortal, ScalarMediator, VectorMediator

DATA = Path(__file__).parents[1] / "data"
ROOT = Path(limit("e137").folder).parents[2]
FOLDERS = (
    "limits/catalog",
    "limits/recast",
    "experiments",
    "detectors/data",
    "sources/data",
    "observations",
    "planes",
    "processes",
)
#: tests that take the names of what they compare from a table of published lines
BY_NAME = {
    "test_limit_darkcast.py": "darkcast_recasts.csv",
    "test_limit_dipoles.py": "dipole_lines.csv",
    "test_limit_points.py": "published_points.csv",
}
FROZEN = [n for n in names() if not limit(n).about.formula.startswith(("neff", "light_elements"))]


def tables():
    """Every CSV and TOML of limits, experiments, detectors, sources, observations, planes and processes."""
    return sorted(p for folder in FOLDERS for kind in ("csv", "toml") for p in (ROOT / folder).rglob(f"*.{kind}"))


def scalars(found):
    """The numbers of a TOML table, in order."""
    for value in found.values() if isinstance(found, dict) else found:
        if isinstance(value, dict | list):
            yield from scalars(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield value


def sums(path):
    """sum_k k ln|v_k| of each column, rows counted from one: a row moved by 10 % moves it by at least 0.095.

    Of a TOML file one sum over all its numbers (of a limit those of its measurement).
    """
    if path.suffix == ".toml":
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        values = np.abs(list(scalars(found.get("measurement", {}) if path.name == "limit.toml" else found)))
        return {"numbers": float(np.sum(np.arange(1, values.size + 1) * np.log(np.where(values == 0, 1.0, values))))}
    rows = [r.split(",") for r in path.read_text(encoding="utf-8").splitlines() if r.strip() and not r.startswith("#")]
    numbers = [[number(field) for field in row] for row in rows]
    first = 0 if not np.isnan(numbers[0]).all() else 1
    columns = np.array(numbers[first:]).T
    weights = np.arange(1, columns.shape[1] + 1)
    filled = enumerate(np.where(columns == 0, 1.0, np.abs(columns)))
    return {str(k): float(np.sum(weights * np.log(c))) for k, c in filled if not np.isnan(c).any()}


def number(field):
    """A number, or not a number for text."""
    try:
        return float(field)
    except ValueError:
        return np.nan


def compared(test):
    """Names of limits in the table of published lines that a test reads."""
    return {row[0] for row in frozen(BY_NAME[test])} if test in BY_NAME else set()


def frozen(name):
    """Rows of a frozen file."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split(",") for line in lines if line and not line.startswith("#")][1:]


def rays(name):
    """Label and ray of what is frozen of a limit: models and masses that suit it."""
    about = limit(name).about
    low, high = max(about.mass_low, 1e-13), min(about.mass_high, 2e5)
    inside = [float(f"{m:.3g}") for m in np.exp(np.log(low) + np.log(high / low) * np.array([0.15, 0.5, 0.85]))]
    found = {}
    for mass in inside:
        if "dipole" in about.families:
            found |= {
                f"dipole {mass:g}": Ray(lambda d, m=mass: DipolePortal(m, f"{d} mu_B", "universal"), "d", 1e-13, 1e-4)
            }
        if "vector" not in about.families:
            continue
        for model, epsilon in (("B-L", 0.0), ("Lmu-Ltau", "loop"), ("B3-3Le", "-g/70"), ("Le-Lmu", 0.0)):
            found[f"{model} {mass:g}"] = Ray(
                lambda g, m=mass, x=model, e=epsilon: U1X(x, mass=m, g=g, epsilon=e), "g", 1e-26, 1.0
            )
        found[f"dark photon {mass:g}"] = Ray(
            lambda e, m=mass: U1X(charges={"e": 0}, mass=m, g=1e-30, epsilon=e), "epsilon", 1e-18, 0.9
        )
    return found


@cache
def edges(name):
    """Label -> first excluded interval, where there is one."""
    found = {label: limit(name).excluded(ray).excluded for label, ray in rays(name).items()}
    return {label: intervals[0] for label, intervals in found.items() if intervals}


def test_no_row_of_a_table_has_moved():
    """Every column of every table, and no table without a record."""
    recorded = {(path, column): float(value) for path, column, value in frozen("limit_tables.csv")}
    found = {(p.relative_to(ROOT).as_posix(), column): value for p in tables() for column, value in sums(p).items()}
    assert found.keys() == recorded.keys()
    for key, value in found.items():
        assert value == pytest.approx(recorded[key], abs=2e-3, rel=0), key


@pytest.mark.parametrize("name", FROZEN)
def test_excluded_couplings_stay(name):
    """2 % in the coupling, 4 to 8 % in the rate."""
    recorded = {
        label: (float(a), float(b)) for limit_name, label, a, b in frozen("limit_edges.csv") if limit_name == name
    }
    assert recorded, "nothing frozen: run scripts/freeze_limits.py"
    assert edges(name).keys() == recorded.keys()
    for label, interval in edges(name).items():
        assert interval == pytest.approx(recorded[label], rel=0.02, abs=0), label


def test_what_was_compared_names_a_test():
    """Every comparison names a file of tests; what has been compared calls itself verified."""
    for name in names():
        about = limit(name).about
        for comparison in about.checked:
            assert (Path(__file__).parent / comparison.test).is_file(), name
            assert 0 < comparison.ratio[0] <= comparison.ratio[1], name
            assert comparison.test != Path(__file__).name, "a comparison with our own output shows nothing"
            text = (Path(__file__).parent / comparison.test).read_text()
            assert name in text or name in compared(comparison.test), name
        assert not about.checked or about.status == "verified", name
    unverified = [n for n in FROZEN if limit(n).about.status == "unverified"]
    assert len(unverified) < len(FROZEN) / 2
    assert all(limit(n).about.checked for n in FROZEN if n not in unverified and not n.startswith("dipole-thermal"))


def test_scalars_and_electrons_alone():
    """Scalars where they are allowed, couplings to electrons alone where nothing else is needed."""
    for mass in (1e-3, 1.0):
        scalar = Ray(lambda g, m=mass: ScalarMediator(m, g_e=g, g_nu=g), "g_e", 1e-9, 1.0)
        assert limit("xenonnt").excluded(scalar).excluded
        electron = Ray(lambda g, m=mass: VectorMediator(m, g_e=g), "g_e", 1e-9, 1.0)
        assert limit("g2-electron").excluded(electron).excluded
