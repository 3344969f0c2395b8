"""First guesses at a command that are understood: other spellings, the Standard Model by name, words to search for."""

import json
import subprocess
import sys

import pytest

from nuportal.cli.app import main
from nuportal.models import canonical_name

FAST = "--mass 10MeV --g 1e-7 --treatment temperatures"

#: command -> what it prints
UNDERSTOOD = {
    "--version": "nuportal 0",
    "-V": "nuportal 0",
    "version": "nuportal 0",
    "help": "evaluate",
    "--help": "evaluate",
    "help recoil": "--experiment",
    "neff SM --treatment temperatures": "Standard Model",
    "neff standard-model --treatment temperatures": "Standard Model",
    "recoil SM --experiment lz": "signal 0",
    f"neff b_l {FAST}": "B-L, M = 10 MeV",
    f"neff bl {FAST}": "B-L, M = 10 MeV",
    f"neff LmuLtau {FAST}": "Lmu-Ltau, M",
    f"neff L_mu-L_tau {FAST}": "Lmu-Ltau, M",
    f"neff LtauLmu {FAST}": "Ltau-Lmu, M",
    "neff dark_photon --mass 10MeV --epsilon 1e-7 --treatment temperatures": "dark-photon, M",
    "neff darkphoton --mass 10MeV --epsilon 1e-7 --treatment temperatures": "dark-photon, M",
    "neff B-L --mass 10 --g 1e-7 --treatment temperatures": "M = 10 MeV",
    "fit magneticmoment --experiment XENONNT": "magnetic-moment",
    "limits LmuLtau": "What they exclude: nuportal limits LmuLtau --mass",
    "limits B-L texono": "1 constraints",
    "limits B-L --constraints texono --mass 1MeV": "texono",
    "limits B-L texono --constraints e137 --mass 10MeV": "e137",
    "limits magnetic-moment xenonnt": "xenonnt",
    "limits --search sn1987a": "sn1987a-muons",
    "limits astrophysics": "stellar-sun",
    "experiments xenonnt": "XENONnT SR0",
    "experiments germanium": "CONUS+",
    "models mediator": "vector, scalar",
    "models vector": "--g-nu",
    "evaluate vector --mass 0 --g 1e-6 --constraints texono,babar-invisible": "texono",
}


@pytest.mark.parametrize("command", list(UNDERSTOOD))
def test_it_is_understood(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main(command.split())
    captured = capsys.readouterr()
    assert stop.value.code == 0, captured.err
    assert UNDERSTOOD[command] in captured.out


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("L_\u03bc \u2212 L_\u03c4", "Lmu-Ltau"),
        (r"$L_\mu-L_\tau$", "Lmu-Ltau"),
        ("U(1)_{B-L}", "B-L"),
        ("b3lmu", "B-3Lmu"),
        ("B_3-3L_mu", "B3-3Lmu"),
        ("3L_tau - B", "3Ltau-B"),
    ],
)
def test_spellings_of_names(given, name):
    assert canonical_name(given) == name


def test_python_runs_the_package_as_a_command():
    done = subprocess.run([sys.executable, "-m", "nuportal", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("nuportal ")


def test_history_in_every_ending(tmp_path, capsys):
    """evolve, neff and bbn take -o as the other commands do."""
    names = {"evolve": ("h.png", "h.nc", "h.csv", "h.json"), "neff": ("n.json", "n.nc"), "bbn": ("b.svg", "b.json")}
    for command, files in names.items():
        outputs = [word for name in files for word in ("-o", str(tmp_path / name))]
        with pytest.raises(SystemExit) as stop:
            main([command, "B-L", *FAST.split(), *outputs])
        assert stop.value.code == 0, capsys.readouterr().err
        assert all((tmp_path / name).stat().st_size > 100 for name in files)
    values = [json.loads((tmp_path / name).read_text())["neff"] for name in ("h.json", "n.json", "b.json")]
    assert values == pytest.approx([values[0]] * 3)


def test_names_that_are_not_public_are_answered():
    import nuportal

    with pytest.raises(AttributeError, match=r"evolve\(model\).neff"):
        nuportal.neff  # noqa: B018
    with pytest.raises(AttributeError, match=r"did you mean nuportal\.evaluate"):
        nuportal.evaluat  # noqa: B018
