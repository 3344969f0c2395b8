"""Types: no public function is without them, and modules without compiled code are checked strictly or counted."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "nuportal"
FILES = sorted(SOURCE.rglob("*.py"))
STRICT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pyright"]["strict"]
#: Modules that are neither compiled nor strict. Nearly all of them call scipy, matplotlib, xarray, compiled functions,
#: whose types are unknown, or functions of NumPy whose results are (np.interp). The number may only fall.
LEFT = 117


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
    """pyproject.toml lists those that pyright checks strictly."""
    plain = {path.relative_to(ROOT).as_posix() for path in FILES if not compiled(path)}
    assert sorted(STRICT) == STRICT
    assert set(STRICT) <= {path.relative_to(ROOT).as_posix() for path in FILES}
    left = plain - set(STRICT)
    assert len(left) == LEFT, "change LEFT if it fell; else put new modules into the list of pyproject.toml"
