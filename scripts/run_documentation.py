"""Run every command and every example in Python that the documentation prints, each page in a folder of its own.

    python scripts/run_documentation.py                     # all pages: most of an hour, since planes are drawn
    python scripts/run_documentation.py recoils samplers    # some of them

An example in Python must print what stands beneath it, where a page says so; a command must end with status 0. Prints
the seconds of each; status 1 if something fails. Pages that need files of the reader are set up by SETUP.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
START = "import sys; from nuportal.cli.app import main; main(sys.argv[1:])"
#: what only a reader with a cluster can run, and what installs or tests the package
SKIPPED = ("$", "scripts/reliability", "make ")
#: pages whose first example in Python is a file that their commands name
SETUP = {"models": "leptophilic.py"}
#: pages whose example reads a folder that the page tells to write: tests/unit/test_own_folders.py runs them
TESTED = ("howto_experiment",)


def examples(text: str) -> list[tuple[str, str | None]]:
    """Return the examples in Python of a page, with what they are said to print."""
    pattern = r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?"
    return [(code, printed or None) for code, printed in re.findall(pattern, text, re.DOTALL)]


def commands(text: str) -> list[list[str]]:
    """Return the commands of a page as lists of words."""
    joined = re.sub(r"\\\n\s*", "", text)
    found = re.findall(r"^    nuportal ([^\n]*)", joined, re.MULTILINE)
    kept = (line for line in found if not any(part in line for part in SKIPPED))
    return [shlex.split(line, comments=True) for line in kept]


def failed(name: str, command: list[str], folder: Path, printed: str | None = None) -> bool:
    """Run something, print how long it took, and return whether it was wrong."""
    begun = time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ)
    wrong = done.returncode != 0 or (printed is not None and done.stdout != printed)
    print(f"{time.monotonic() - begun:6.0f} s  {'WRONG' if wrong else 'right'}  {name}", flush=True)
    if wrong:
        print(done.stdout[-1500:], done.stderr[-1500:], flush=True)
    return wrong


def page(path: Path) -> int:
    """Run a page and return how many of its commands and examples are wrong."""
    text, wrong = path.read_text(encoding="utf-8"), 0
    with tempfile.TemporaryDirectory() as temporary:
        folder, before = Path(temporary), ""
        for k, (code, printed) in enumerate([] if path.stem in TESTED else examples(text)):
            if path.stem in SETUP and k == 0:
                (folder / SETUP[path.stem]).write_text(code, encoding="utf-8")
                continue
            # an example may use the names of those before it, but only what it prints itself counts
            quiet = f"import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    exec({before!r})\n"
            wrong += failed(f"{path.name}, example {k + 1}", [sys.executable, "-c", quiet + code], folder, printed)
            before += code
        for words in commands(text):
            wrong += failed(f"{path.name}: nuportal {shlex.join(words)}", [sys.executable, "-c", START, *words], folder)
    return wrong


def main() -> None:
    """Read the command line and run the pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", help="names of pages without ending; default all")
    given = parser.parse_args()
    paths = sorted(p for p in DOCS.rglob("*.md") if not given.pages or p.stem in given.pages)
    wrong = sum(page(path) for path in paths)
    sys.exit(f"{wrong} of the examples and commands are wrong" if wrong else 0)


if __name__ == "__main__":
    main()
