"""The package as others get it: sdist and wheel are complete, say what they are, and run outside of the repository."""

import email
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = [sys.executable, str(ROOT / "scripts/check_package.py")]


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    """sdist and wheel, built by hatchling."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


def test_the_wheel_holds_every_file_of_the_package(distributions):
    with zipfile.ZipFile(distributions[1]) as wheel:
        found = {name for name in wheel.namelist() if name.startswith("nuportal/")}
    here = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src/nuportal").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert found == here
    assert "nuportal/py.typed" in found


def test_the_sdist_can_check_itself(distributions):
    with tarfile.open(distributions[0]) as sdist:
        found = {name.partition("/")[2] for name in sdist.getnames()}
    for name in ("README.md", "LICENSE", "pyproject.toml", "hatch_build.py", "constraints.txt", "tests/conftest.py"):
        assert name in found
    assert {f"tests/data/{path.name}" for path in (ROOT / "tests/data").iterdir()} <= found


def test_the_metadata_say_what_it_is(distributions):
    with zipfile.ZipFile(distributions[1]) as wheel:
        (name,) = (n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = email.message_from_bytes(wheel.read(name))
    assert metadata["License-Expression"] == "BSD-3-Clause"
    assert "Topic :: Scientific/Engineering :: Physics" in metadata.get_all("Classifier", [])
    addresses = [entry.partition(", ")[2] for entry in metadata.get_all("Project-URL", [])]
    assert len(addresses) >= 5
    assert all(address.startswith("https://") for address in addresses)
    assert metadata["Description-Content-Type"] == "text/markdown"
    text = metadata.get_payload()
    assert isinstance(text, str)
    assert text.startswith("# nuportal")
    assert not re.findall(r"\]\((?!https?:|#)", text), "a link into the repository leads nowhere outside of it"


def test_links_are_completed_once_the_repository_has_an_address():
    space: dict = {}
    exec((ROOT / "hatch_build.py").read_text(encoding="utf-8"), space)
    text = "![picture](docs/a.png)\n\n[a page](docs/a.md), [elsewhere](https://arxiv.org)\n"
    assert space["described"](text) == "a page, [elsewhere](https://arxiv.org)\n"
    assert space["described"](text, "https://example.org/n") == (
        "![picture](https://example.org/n/raw/main/docs/a.png)\n\n"
        "[a page](https://example.org/n/blob/main/docs/a.md), [elsewhere](https://arxiv.org)\n"
    )


@pytest.mark.long
def test_the_readme_runs_with_the_installed_wheel():
    """With the dependencies at hand; in a clean environment where NUPORTAL_NETWORK is set."""
    clean = bool(os.environ.get("NUPORTAL_NETWORK"))
    done = subprocess.run([*SCRIPT, *([] if clean else ["--offline"])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "3 examples of the README run as printed" in done.stdout


def test_oldest_dependencies_are_the_floors():
    """constraints-oldest.txt pins every dependency at the floor that pyproject.toml states."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    floors = dict(entry.split(">=") for entry in project["dependencies"])
    lines = (ROOT / "constraints-oldest.txt").read_text(encoding="utf-8").split()
    pinned = dict(line.split("==") for line in lines)
    for name, floor in floors.items():
        assert (pinned[name] + ".").startswith(floor + ".") or pinned[name] == floor, name
