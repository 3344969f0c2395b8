"""What the shell gets when Tab is pressed, asked as bash asks: names of commands, models, data, choices."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import nuportal


def complete(typed: str) -> list[str]:
    """The answers for the last word of what was typed."""
    words = typed.split(" ")
    environment = dict(os.environ) | {
        "_NUPORTAL_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(words) - 1),
        "PYTHONPATH": str(Path(nuportal.__file__).parents[1]),
    }
    call = [sys.executable, "-c", "from nuportal.cli.app import main; main()"]
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("nuportal ev", {"evolve", "evaluate"}),
        ("nuportal evaluate B-3", {"B-3Le", "B-3Lmu", "B-3Ltau"}),
        ("nuportal evaluate di", {"dipole"}),
        ("nuportal fit B-L --experiment cohe", {"coherent_ar", "coherent_csi", "coherent_ge"}),
        ("nuportal fit B-L --experiment lz,xenonnt", {"lz,xenonnt", "lz,xenonnt_sr0", "lz,xenonnt_8b"}),
        ("nuportal recoil --experiment ger", {"germanium"}),
        ("nuportal evaluate B-L --constraints all,texo", {"all,texono"}),
        ("nuportal limits astro", {"astrophysics"}),
        ("nuportal plane B-L --constraints planck", {"planck2018", "planck2018-cmb"}),
        ("nuportal neff vector --flavour univ", {"universal"}),
        ("nuportal evaluate B-L --eps", {"--epsilon"}),
        ("nuportal new ex", {"experiment"}),
    ],
)
def test_answers(typed, expected):
    assert set(complete(typed)) == expected


def test_it_answers_at_once():
    start = time.process_time()
    before = os.times().children_user
    assert "e137" in complete("nuportal evaluate B-L --constraints e1")
    assert os.times().children_user - before + time.process_time() - start < 4.0


def test_script_is_printed():
    environment = dict(os.environ) | {"PYTHONPATH": str(Path(nuportal.__file__).parents[1]), "SHELL": "/bin/bash"}
    code = (
        "import typer.completion as c\n"
        "c._get_shell_name = lambda: 'bash'\n"
        "from nuportal.cli.app import main\n"
        "main(['--show-completion'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert "_NUPORTAL_COMPLETE=complete_bash" in done.stdout
