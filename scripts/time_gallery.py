"""Run the examples of the gallery and print the CPU seconds of each; status 1 if one fails or takes too long.

    python scripts/time_gallery.py                     # all; compiled code should be there (run it twice)
    python scripts/time_gallery.py --only 21_ 25_ --pictures out/gallery

Examples are to take less than 20 s each, so that the documentation is built in minutes.
"""

import argparse
import contextlib
import io
import runpy
import sys
from pathlib import Path
from time import process_time

import matplotlib

EXAMPLES = Path(__file__).resolve().parents[1] / "docs" / "gallery"
LONGEST = 20.0  #: CPU seconds


def timed(path: Path, pictures: Path | None) -> float:
    """Run an example, save its figure if a folder is given, and return its CPU seconds."""
    begun = process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        names = runpy.run_path(str(path), run_name="__main__")
    seconds = process_time() - begun
    if pictures is not None:
        names["figure"].savefig(pictures / f"{path.stem}.png", dpi=80)
    return seconds


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=[""], help="parts of the names of examples")
    parser.add_argument("--pictures", type=Path, help="folder for the figures")
    given = parser.parse_args()
    matplotlib.use("agg")
    if given.pictures is not None:
        given.pictures.mkdir(parents=True, exist_ok=True)
    slow = []
    for path in sorted(EXAMPLES.rglob("plot_*.py")):
        if any(part in path.name for part in given.only):
            seconds = timed(path, given.pictures)
            print(f"{seconds:6.1f} s  {path.stem}", flush=True)
            slow += [path.stem] if seconds > LONGEST else []
    sys.exit(f"more than {LONGEST:g} s: {', '.join(slow)}" if slow else 0)


if __name__ == "__main__":
    main()
