"""Types: no public function is without them, and modules without compiled code are checked strictly."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "nuportal"
FILES = sorted(SOURCE.rglob("*.py"))
CHECKS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pyright"]
#: what the first line of a module may say to pyright, which checks every other module strictly
COMPILED = "# pyright: basic"
DRAWING = "# pyright: reportUnknownMemberType=false"  #: keywords of matplotlib's functions have no types


def compiled(path: Path) -> bool:
    """Whether a module holds functions that numba compiles: these take no annotations."""
    text = path.read_text(encoding="utf-8")
    return "jit" in text or "from numba" in text


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Functions and methods of a module that no decorator hands to numba or pydantic."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for holder in [tree, *(n for n in tree.body if isinstance(n, ast.ClassDef))]:
        for function in (n for n in holder.body if isinstance(n, ast.FunctionDef)):
            decorators = " ".join(ast.unparse(d) for d in function.decorator_list)
            if not any(word in decorators for word in ("jit", "intrinsic", "validator")):
                yield function


def lacks(function: ast.FunctionDef) -> bool:
    """Whether a parameter has no type; those named _ are not used."""
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return any(a is not None and a.annotation is None and a.arg not in ("self", "cls", "_") for a in every)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_functions_have_types(path):
    """Public functions of every module, and private ones of modules without compiled code, all but their result."""
    for function in functions(path):
        if not function.name.startswith("_"):
            assert function.returns is not None, f"{function.name} does not say what it returns"
        if not (function.name.startswith("_") and compiled(path)):
            assert not lacks(function), f"{function.name} has a parameter without a type"


def test_modules_are_checked_strictly():
    """All of them, except that compiled functions need no types and drawing ones call what has none."""
    assert CHECKS["typeCheckingMode"] == "strict"
    off = {name for name, level in CHECKS.items() if name.startswith("report") and level != "error"}
    assert off == {"reportMissingTypeStubs", "reportUnnecessaryIsInstance"}
    for path in FILES:
        text, name = path.read_text(encoding="utf-8"), path.relative_to(SOURCE)
        said = re.findall(r"^# pyright: .*$", text, re.MULTILINE)
        if said == [COMPILED]:
            assert compiled(path), f"{name} has nothing compiled and is to be checked strictly"
        elif said == [DRAWING]:
            assert name.parts[0] in ("plotting", "reproduction"), f"{name} draws nothing"
            assert "Axes" in text or "axes." in text, f"{name} draws nothing"
        else:
            assert said == [], f"{name} is not to be checked less strictly"


def test_what_is_ignored_names_a_rule():
    """An error that is ignored names its rule, so that nothing else is ignored with it."""
    for path in FILES:
        found = re.findall(r"# (?:type|pyright): ignore(?!\[)", path.read_text(encoding="utf-8"))
        assert found == [], path.relative_to(SOURCE)
