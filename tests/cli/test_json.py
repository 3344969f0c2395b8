"""Every command prints with --json what nuportal.cli.schemas says, and docs/json.md is made from it."""

import json
import math
from pathlib import Path

import pytest

from nuportal.cli import schema_page, schemas
from nuportal.cli.app import COMMANDS, main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "json.md"
AXES = "--x mass=1MeV:10MeV:3 --y g=1e-8:1e-4:5"

CALLS = [
    ("models", 0, "models"),
    ("models", 1, "models scalar"),
    ("neff", 0, "neff B-L --mass 10MeV --g 1e-7 --treatment temperatures"),
    ("neff", 0, "neff vector --mass 10keV --g-e 1e-9 --g-nu 1e-10 --preset ibe"),
    ("bbn", 0, "bbn --treatment temperatures"),
    ("evolve", 0, "evolve B-L --mass 10MeV --g 1e-7 --treatment temperatures"),
    ("evaluate", 0, "evaluate B-L --mass 1MeV --g 1e-6 --constraints texono,e137,coherent-csi,planck2018"),
    ("plane", 0, f"plane B-L {AXES} -o a.png"),
    ("plane", 1, f"plane B-L {AXES} --constraints texono,e137 -o b.png"),
    (
        "scan",
        0,
        "scan B-L --x mass=1MeV:2MeV:2 --x g=1e-8:1e-6:2 --observable ratio:texono --constraints texono -o s.csv",
    ),
    ("limits", 0, "limits"),
    ("limits", 1, "limits B-L texono coherent-csi dipole-donut --mass 1MeV"),
    ("experiments", 0, "experiments"),
    ("recoil", 0, "recoil B-L --mass 10keV --g 1e-7 --experiment lz"),
    ("recoil", 0, "recoil B-L --mass 10keV --g 1e-7 --experiment borexino"),
    ("recoil", 0, "recoil B-L --mass 10MeV --g 1e-5 --experiment conus"),
    ("recoil", 0, "recoil --experiment argon --recoil nuclear --source pion-decay --source-flux 1e7"),
    ("fit", 0, "fit B-L --mass 10keV --experiment lz --expected --cls"),
    ("fit", 0, "fit B-L --mass 10keV --experiment lz --toys 60 --seed 3"),
    ("fit", 1, "fit B-L --parameter mass=1keV:1MeV:3,g=1e-8:1e-5:20 --experiment lz"),
    ("new", 0, "new model my-portal"),
    ("cite", 0, "cite"),
    ("reproduce", 0, "reproduce"),
    ("reproduce", 1, "reproduce ibe2020-equations"),
    ("doctor", 0, "doctor"),
]


@pytest.mark.parametrize(("command", "which", "text"), CALLS, ids=[text for _, _, text in CALLS])
def test_output_is_what_the_schema_says(command, which, text, capsys, tmp_path, monkeypatch):
    """Strict JSON (no NaN), no entry more or less than documented, each of its type."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        main([*text.split(), "--json"])
    captured = capsys.readouterr()
    assert stop.value.code == 0, captured.err

    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    document = json.loads(captured.out, parse_constant=refuse)
    schemas.DOCUMENTS[command][which].model_validate(document)
    with pytest.raises(ValueError, match="validation error"):
        schemas.DOCUMENTS[command][which].model_validate([{"nonsense": math.pi}])


def test_every_command_is_documented():
    """`bench` takes a minute and is run in test_neff.py; `schema` prints a schema."""
    assert set(schemas.DOCUMENTS) == set(COMMANDS) - {"schema"}
    assert {command for command, _, _ in CALLS} == set(schemas.DOCUMENTS) - {"bench"}
    for command, documents in schemas.DOCUMENTS.items():
        tried = {which for name, which, _ in CALLS if name == command}
        assert command == "bench" or tried == set(range(len(documents)))


def test_the_page_is_made_from_the_schemas(capsys):
    """`nuportal schema --page > docs/json.md` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == schema_page.page()
    for command in schemas.DOCUMENTS:
        with pytest.raises(SystemExit) as stop:
            main(["schema", command])
        assert stop.value.code == 0
        assert {"properties", "oneOf", "items", "additionalProperties"} & set(json.loads(capsys.readouterr().out))


def test_unknown_command(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["schema", "fitt"])
    assert stop.value.code == 2
    assert "did you mean 'fit'" in capsys.readouterr().err
