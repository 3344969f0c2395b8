"""Build sdist and wheel, install the wheel into a clean environment, and run the examples of the README there.

    python scripts/check_package.py                 # needs the network: all dependencies are installed
    python scripts/check_package.py --oldest        # with the oldest dependencies that pyproject.toml allows
    python scripts/check_package.py --oldest --tests tests/unit tests/cli
    python scripts/check_package.py --offline       # dependencies of the Python that runs this

Ends with status 1 and the reason if anything is wrong.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def run(*command: str | Path, folder: Path, **environment: str) -> str:
    """Run a command in a folder and return what it prints. Raises SystemExit with its errors."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )
    if done.returncode:
        sys.exit(f"{shlex.join(map(str, command))}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def built(folder: Path) -> tuple[Path, Path]:
    """Build with hatchling, which needs no network, and return sdist and wheel."""
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, folder=ROOT)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


def environment(folder: Path, wheel: Path, oldest: bool, tests: bool) -> Path:
    """Return the Python of a clean environment with the wheel and its dependencies."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    constraints = ["-c", ROOT / "constraints-oldest.txt"] if oldest else []
    run(*pip, *constraints, wheel, *(["pytest>=8", "hypothesis", "hatchling"] if tests else []), folder=folder)
    run(python, "-m", "pip", "check", folder=folder)
    return python


def installed_here(folder: Path, wheel: Path) -> dict[str, str]:
    """Put the wheel alone into a folder and return the environment variables with which it is found first."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", folder]
    run(*pip, wheel, folder=folder.parent)
    return {"PYTHONPATH": str(folder)}


def run_readme(python: Path | str, folder: Path, variables: dict[str, str]) -> None:
    """Run every example of the README and compare what it prints."""
    where = run(python, "-c", "import nuportal; print(nuportal.__file__)", folder=folder, **variables).strip()
    if Path(where).is_relative_to(ROOT):
        sys.exit(f"the package of the repository was imported ({where}), not the installed one")
    examples = [
        ([python, "-c", code], printed)
        for code, printed in re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL)
    ]
    start = "import sys; from nuportal.cli.app import main; main(sys.argv[1:])"
    for command, printed in re.findall(r"```console\n\$ nuportal (.*?)\n(.*?)```", README, re.DOTALL):
        examples.append(([python, "-c", start, *shlex.split(command)], printed))
    for command, printed in examples:
        if (found := run(*command, folder=folder, **variables)) != printed:
            sys.exit(f"the README says\n{printed}\nand the installed package says\n{found}")
    print(f"{len(examples)} examples of the README run as printed with {where}")


def main() -> None:
    """Read the command line and check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--oldest", action="store_true")
    parser.add_argument("--offline", action="store_true")
    parser.add_argument("--tests", nargs="*", default=[])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sdist, wheel = built(folder / "dist")
        print(f"{sdist.name}: {sdist.stat().st_size >> 10} kB, {wheel.name}: {wheel.stat().st_size >> 10} kB")
        place = folder / "elsewhere"
        place.mkdir()
        if given.offline:
            run_readme(sys.executable, place, installed_here(folder / "installed", wheel))
            return
        python = environment(folder / "environment", wheel, given.oldest, bool(given.tests))
        run_readme(python, place, {})
        if given.tests:
            places = [ROOT / test for test in given.tests]
            print(
                run(
                    python,
                    "-m",
                    "pytest",
                    "-p",
                    "no:cacheprovider",
                    "-c",
                    ROOT / "pyproject.toml",
                    *places,
                    folder=place,
                )
            )


if __name__ == "__main__":
    main()
