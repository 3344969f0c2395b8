"""`nuportal reproduce`: the list, the papers' numbers, pictures, bad input."""

import json
import re

import pytest

from nuportal.cli.app import main
from nuportal.references import bibliography
from nuportal.reproduction.quoted import quoted, rows
from nuportal.reproduction.registry import items

GHOSH2023 = {f"ghosh2023-{x}" for x in ("fig2", "fig3", "fig5", "fig6", "fig7", "fig10", "table2", "table3", "eq11")}
GHOSH2024 = {f"ghosh2024-fig{k}" for k in (3, 4, 5, 6, 7, 8)}


def run(*arguments):
    with pytest.raises(SystemExit) as stop:
        main(["reproduce", *arguments])
    return stop.value.code


def test_list(capsys):
    assert run("--json") == 0
    assert set(json.loads(capsys.readouterr().out)) >= GHOSH2023 | GHOSH2024
    assert run() == 0
    assert "ghosh2023-fig5" in capsys.readouterr().out


def test_every_item_cites_known_works():
    for item in items().values():
        assert item.title
        assert set(item.references) <= set(bibliography())


def test_every_quoted_value_belongs_to_an_item():
    for paper in ("ghosh2023", "ghosh2024"):
        names = {name.split("-")[1] for name in items() if name.startswith(paper)}
        for value in quoted(paper):
            assert set(value["items"]) <= names


@pytest.mark.parametrize(("paper", "item"), [("ghosh2023", "table2"), ("ghosh2024", "fig7")])
def test_preset_gives_the_printed_numbers(paper, item):
    """Every number printed with two decimals comes out to 0.01 with the paper's own approximations."""
    printed = [row for row in rows(paper, item) if isinstance(row.paper, float)]
    assert len(printed) == {"table2": 12, "fig7": 8}[item]
    for row in printed:
        assert row.preset == pytest.approx(row.paper, abs=0.01), row.quantity


def test_a_figure_is_drawn_and_its_numbers_printed(tmp_path, capsys):
    assert run("ghosh2023-fig10", "--output-dir", str(tmp_path / "new"), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (tmp_path / "new" / "ghosh2023-fig10.png").stat().st_size > 20_000
    assert found["rows"][0]["paper"] == 3.09
    assert found["rows"][0]["preset"] == pytest.approx(3.09, abs=0.012)


def test_the_estimate_by_hand(tmp_path, capsys):
    assert run("ghosh2023-eq11", "--output-dir", str(tmp_path)) == 0
    text = capsys.readouterr().out
    assert re.search(r"2\.763", text)
    assert re.search(r"2\.201", text)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ghosh2023-fig55",), "did you mean"),
        (("ghosh2023-fig5", "--format", "gif"), "png"),
        (("ghosh2023-fig5", "--output-dir", "file"), "not a folder"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments, says, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("no folder")
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert says in captured.err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
