"""Commands that are wrong in one place; each must end with status 2 and one line that begins with "nuportal:".

    python scripts/reliability/malformed.py --inputs 200

A valid command is drawn, and one of its words is replaced, doubled, dropped or mutilated. What is still valid is run
and counted apart. Prints one line of JSON, and the commands that ended otherwise.
"""

import argparse
import contextlib
import io
import json
import os
import random
import sys
import tempfile
import traceback
from collections import Counter

from nuportal.cli.app import main as nuportal

VALID = (
    "neff B-L --mass 10MeV --g 1e-7 --treatment temperatures",
    "neff vector --mass 100eV --g-e 1e-7 --g-nu 1e-10 --preset ibe",
    "evolve Lmu-Ltau --mass 20MeV --g 1e-6 --treatment temperatures --json",
    "limits B-L texono g2-electron --mass 10MeV",
    "evaluate B-L --mass 10MeV --g 1e-5 --constraints texono,gemma",
    "recoil B-L --mass 10keV --g 1e-7 --experiment xenonnt",
    "fit magnetic-moment --experiment xenonnt",
    "plane B-L --x mass=1MeV:10MeV:3 --y g=1e-8:1e-4:3 --constraints texono -o p.png",
    "bbn --omega-b 0.0224 --treatment temperatures",
    "models",
    "experiments",
)
WRONG = (
    *(
        "",
        " ",
        "nan",
        "inf",
        "-1",
        "0",
        "1e400",
        "1e-400",
        "ten",
        "10 parsec",
        "MeV",
        "10MeVV",
        "1e-7e-7",
        "0x10",
        "--",
    ),
    *(
        "-",
        "--mass",
        "--unknown",
        "B-l-",
        "Lmu",
        "../../etc/passwd",
        "/dev/null",
        "é",
        "名",
        "\0",
        "%s",
        "{0}",
        "a" * 5000,
    ),
    *(
        "mass=1:2:3:4:5",
        "mass=5MeV:1MeV",
        "g=0:1",
        "x=1:2",
        "1,2",
        "[1]",
        "None",
        "True",
        "$(ls)",
        "p.exe",
        "~nobody/x.png",
    ),
)


def mutilated(words: list[str], draw: random.Random) -> list[str]:
    """Return the words of a command with one thing wrong."""
    words = list(words)
    at = draw.randrange(len(words))
    how = draw.choice(("replace", "replace", "double", "drop", "cut", "flip", "append"))
    if how == "replace":
        words[at] = draw.choice(WRONG)
    elif how == "double":
        words.insert(at, words[at])
    elif how == "drop":
        del words[at]
    elif how == "append":
        words.append(draw.choice(WRONG))
    elif how == "cut":
        words[at] = words[at][: draw.randrange(len(words[at]) or 1)]
    else:
        k = draw.randrange(len(words[at]) or 1)
        words[at] = words[at][:k] + chr(draw.randrange(33, 127)) + words[at][k + 1 :]
    return words


def outcome(words: list[str]) -> tuple[str, str]:
    """Run a command and return "accepted", "refused" or "wrong", and what it said."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
            nuportal(words)
    except SystemExit as stop:
        lines = said.getvalue().strip().splitlines()
        if stop.code in (0, None):
            return "accepted", ""
        clean = (
            stop.code == 2 and bool(lines) and lines[-1].startswith("nuportal: ") and "Traceback" not in said.getvalue()
        )
        return ("refused" if clean else "wrong"), said.getvalue()
    except BaseException:
        return "wrong", traceback.format_exc()
    return "wrong", "it did not end"


def measure(inputs: int, seed: int) -> Counter:
    """Try commands until `inputs` of them were not valid."""
    for command in VALID:
        if (how := outcome(command.split()))[0] != "accepted":
            sys.exit(f"'{command}' should be valid: {how[1]}")
    draw = random.Random(seed)
    found: Counter = Counter(refused=0, accepted=0, wrong=0)
    while found["refused"] + found["wrong"] < inputs:
        words = mutilated(draw.choice(VALID).split(), draw)
        how, said = outcome(words)
        found[how] += 1
        if how == "wrong":
            print(f"{words!r}\n{said[-1500:]}", file=sys.stderr)
    return found


def main() -> None:
    """Read the command line and print the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        print(json.dumps(measure(given.inputs, given.seed)))
        os.chdir("/")


if __name__ == "__main__":
    main()
