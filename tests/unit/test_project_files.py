"""Files about the project agree with each other: conda recipe, hosted CI, pre-commit, citation, pyproject.toml."""

import re
import tomllib
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
#: names that conda has for packages of Python
IN_CONDA = {"matplotlib": "matplotlib-base"}
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
COMMANDS = [step["run"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step]


@pytest.fixture(scope="module")
def recipe():
    """The conda recipe, its templates filled in."""
    text = (ROOT / "conda/meta.yaml").read_text(encoding="utf-8")
    (version,) = re.findall(r'^{% set version = "(.*)" %}$', text, re.MULTILINE)
    plain = re.sub(r"{%.*%}", "", text).replace("{{ version }}", version).replace("{{ PYTHON }}", "python")
    return yaml.safe_load(plain)


def test_the_conda_recipe_has_the_floors_of_the_package(recipe):
    floors = dict(entry.split(">=") for entry in PROJECT["dependencies"])
    expected = {IN_CONDA.get(name, name): floor for name, floor in floors.items()}
    expected["python"] = PROJECT["requires-python"].removeprefix(">=")
    assert dict(entry.split(" >=") for entry in recipe["requirements"]["run"]) == expected
    assert recipe["requirements"]["host"][0] == f"python {PROJECT['requires-python']}"
    assert set(PYPROJECT["build-system"]["requires"]) <= set(recipe["requirements"]["host"])


def test_the_conda_recipe_and_the_citation_describe_this_package(recipe):
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert recipe["package"] == {"name": PROJECT["name"], "version": PROJECT["version"]}
    assert recipe["about"]["summary"] == PROJECT["description"]
    assert recipe["about"]["license_file"] == PROJECT["license-files"]
    (entry,) = recipe["build"]["entry_points"]
    assert entry == f"nuportal = {PROJECT['scripts']['nuportal']}"
    assert citation["version"] == PROJECT["version"]
    assert recipe["about"]["license"] == citation["license"] == PROJECT["license"]


def test_hosted_tests_run_every_python_that_is_promised():
    named = [c.rpartition(" ")[2] for c in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", c)]
    matrix = WORKFLOW["jobs"]["suite"]["strategy"]["matrix"]
    assert matrix["python"] == named
    assert any(entry["os"].startswith("macos") for entry in matrix["include"])
    assert {"suite", "newest", "oldest", "package", "coverage", "documentation", "faults"} == set(WORKFLOW["jobs"])
    assert set(WORKFLOW[True]) == {"push", "pull_request", "schedule"}  # YAML 1.1 reads the key `on` as true


@pytest.mark.parametrize("command", [part for command in COMMANDS for part in re.split(r" && |\n", command) if part])
def test_hosted_commands_exist(command):
    """Targets of make, scripts with their options, extras of the package."""
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    extras = PROJECT["optional-dependencies"]
    words = command.split()
    if words[0] == "make":
        assert words[1] in targets
    elif words[:1] == ["python"] and words[1].endswith(".py"):
        text = (ROOT / words[1]).read_text(encoding="utf-8")
        assert all(f'"{word}"' in text for word in words if word.startswith("--"))
        assert all((ROOT / word).exists() for word in words if word.startswith("tests/"))
    elif words[0] == "pip":
        assert set(re.findall(r"\w+", "".join(re.findall(r"\[(.*?)\]", command)))) <= set(extras)
        assert all((ROOT / word).is_file() for word in words if word.endswith(".txt"))
    else:
        assert words[0] in ("hatchling", "twine") or words[:3] == ["python", "-m", "pytest"], command


def test_the_steps_of_hosted_jobs_are_complete():
    for name, job in WORKFLOW["jobs"].items():
        used = [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step]
        assert used[:2] == ["actions/checkout", "actions/setup-python"], name
        assert all(set(step) & {"uses", "run"} for step in job["steps"]), name
        assert job["runs-on"], name


def test_hooks_of_pre_commit_call_what_the_environment_has():
    tools = {re.split(r"[\[>=]", entry)[0] for entry in PROJECT["optional-dependencies"]["dev"]} | {"python"}
    (repository,) = HOOKS["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        assert {"id", "name", "entry", "language"} <= set(hook)
        assert hook["entry"].split()[0] in tools
        assert all((ROOT / word).is_file() for word in hook["entry"].split() if word.startswith("tests/"))


def test_forms_for_issues_have_what_the_platform_asks_for():
    for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.md"):
        head = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
        assert {"name", "about"} <= set(head), path.name
