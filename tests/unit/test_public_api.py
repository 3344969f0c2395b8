"""The public names and their signatures are frozen in public_api.txt: a change must be meant.

NUPORTAL_FREEZE_API=1 python -m pytest tests/unit/test_public_api.py writes the list anew; review the difference.
"""

import inspect
import os
import subprocess
import sys
from enum import Enum
from pathlib import Path

import nuportal

FROZEN = Path(__file__).with_name("public_api.txt")


def _signature(thing: object) -> str:
    """Names, kinds and defaults; annotations are for pyright."""
    signature = inspect.signature(thing)  # type: ignore[arg-type]
    parameters = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty))


def current() -> str:
    lines = []
    for name in sorted(set(nuportal.__all__) - {"__version__"}):
        thing = getattr(nuportal, name)
        if inspect.isclass(thing) and not issubclass(thing, Exception | Enum):
            lines.append(f"class {name}{_signature(thing)}")
            for member, value in sorted(vars(thing).items()):
                if member.startswith("_"):
                    continue
                if isinstance(value, property):
                    lines.append(f"    {member}")
                elif isinstance(value, classmethod | staticmethod):
                    lines.append(f"    {member}{_signature(value.__func__)}")
                elif inspect.isfunction(value):
                    lines.append(f"    {member}{_signature(value)}")
        elif inspect.isclass(thing):
            lines.append(f"class {name}({thing.__mro__[1].__name__})")
        else:
            lines.append(f"{name}{_signature(thing)}")
    return "\n".join(lines) + "\n"


def test_public_names_and_signatures_are_frozen():
    if os.environ.get("NUPORTAL_FREEZE_API"):
        FROZEN.write_text(current(), encoding="utf-8")
    assert current() == FROZEN.read_text(encoding="utf-8"), "see the docstring of this test"


def test_importing_costs_nothing():
    """No heavy library is imported by `import nuportal`, by the command line's list or by bad input."""
    heavy = "numba scipy matplotlib xarray pandas iminuit".split()  # noqa: SIM905
    code = (
        "import sys, nuportal, nuportal.cli.app\n"
        "try: nuportal.cli.app.main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([m for m in {heavy!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_every_public_name_has_a_docstring():
    for name in set(nuportal.__all__) - {"__version__"}:
        assert (getattr(nuportal, name).__doc__ or "").strip(), name
