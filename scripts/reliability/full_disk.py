"""Run commands on a disk that is full; each must end with one line and status 2, and leave nothing half written.

    python scripts/reliability/full_disk.py

A small tmpfs is mounted where that is allowed (root), and filled up to sizes that stop a run at different places; else
the size of files is limited, which the same calls of the system report. Prints one line of JSON.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMANDS = {
    "plane of N_eff": "plane B-L --x mass=2MeV:50MeV:16 --y g=1e-8:1e-5:16 --preset ghosh -o {0}/p.png -o {0}/p.nc",
    "combined plane": "plane B-L --x mass=1MeV:100MeV:9 --y g=1e-8:1e-2:9 --constraints texono,charm-ii -o {0}/c.html",
    "scan": "scan B-L --x mass=2MeV:20MeV:40 --x g=1e-9:1e-5:40 --observable ratio:borexino -o {0}/s.nc -o {0}/s.csv",
    "history": "evolve --treatment temperatures -o {0}/h.png -o {0}/h.nc",
}
#: bytes that are left on the disk: for nothing, for a journal, for a part of the files
FREE = (0, 4096, 24576, 65536)
START = "import sys; from nuportal.cli.app import main; main(sys.argv[1:])"


@contextmanager
def small_disk(mounted: bool) -> Iterator[Path]:
    """Yield an empty folder, on a tmpfs of 256 kB of its own if `mounted`."""
    with tempfile.TemporaryDirectory() as folder:
        if mounted:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            if mounted:
                subprocess.run(["umount", folder], check=True)


def can_mount() -> bool:
    """Return whether this process may mount a tmpfs."""
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False
        )
        return tried.returncode == 0 and subprocess.run(["umount", folder], check=True).returncode == 0


def fill(folder: Path, free: int) -> None:
    """Fill the disk of a folder up to `free` bytes."""
    space = os.statvfs(folder)
    (folder / "ballast").write_bytes(bytes(max(0, space.f_bavail * space.f_frsize - free)))


def run(command: str, folder: Path, free: int, mounted: bool) -> dict[str, object]:
    """Run one command and return what happened."""
    if mounted:
        fill(folder, free)
    arguments = command.format(folder).split()
    limit = None if mounted else lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (free, free))
    done = subprocess.run(
        [sys.executable, "-c", START, *arguments], capture_output=True, text=True, preexec_fn=limit, check=False
    )
    left = sorted(path.name for path in folder.iterdir() if path.name != "ballast")
    complete = all(path.startswith(("p.", "c.", "s.", "h.")) for path in left)
    lines = done.stderr.strip().splitlines()
    clean = done.returncode == 0 or (done.returncode == 2 and "Traceback" not in done.stderr)
    clean = clean and (done.returncode == 0 or lines[-1].startswith("nuportal: "))
    last = lines[-1] if lines else ""
    return {"free": free, "status": done.returncode, "clean": clean and complete, "says": last, "left": left}


def main() -> None:
    """Read the command line and print the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--free", type=int, nargs="*", default=list(FREE))
    parser.add_argument("--commands", nargs="*", default=list(COMMANDS), choices=list(COMMANDS))
    given = parser.parse_args()
    mounted = can_mount()
    for name in given.commands:
        for free in given.free:
            with small_disk(mounted) as folder:
                found = run(COMMANDS[name], folder, free, mounted)
            print(json.dumps({"command": name, "tmpfs": mounted, **found}), flush=True)


if __name__ == "__main__":
    main()
