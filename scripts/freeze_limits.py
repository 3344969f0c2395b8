"""Write the files of tests/data that tests/physics/test_limit_frozen.py reads, from the limits as they are.

Run it after a deliberate change of a limit, and compare what `git diff` shows with the published curves again. With
names of limits it asks those alone and keeps the edges of the others: python scripts/freeze_limits.py stellar-hb lhcb
"""

import importlib.util
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


def main(asked: list[str]) -> None:
    """Write both files; edges of the limits `asked` anew, or of all."""
    source = REPOSITORY / "tests/physics/test_limit_frozen.py"
    spec = importlib.util.spec_from_file_location("frozen", source)
    assert spec is not None and spec.loader is not None
    tests = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tests)
    lines = ["# sum_k k ln|value_k| of every column of every table, rows from one. Written by scripts/freeze_limits.py"]
    lines.append("table,column,sum")
    for path in tests.tables():
        for column, value in tests.sums(path).items():
            lines.append(f"{path.relative_to(tests.ROOT).as_posix()},{column},{value:.4f}")
    (tests.DATA / "limit_tables.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = [
        "# first excluded interval of each limit for some models and masses (MeV). Written by scripts/freeze_limits.py"
    ]
    lines.append("limit,model_mass,low,high")
    known = tests.frozen("limit_edges.csv") if asked else []
    for name in tests.FROZEN:
        if asked and name not in asked:
            lines.extend(",".join(row) for row in known if row[0] == name)
            continue
        for label, (low, high) in tests.edges(name).items():
            lines.append(f"{name},{label},{low:.4g},{high:.4g}")
    (tests.DATA / "limit_edges.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
