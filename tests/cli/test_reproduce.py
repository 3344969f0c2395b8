"""`nuportal reproduce`: the list, the papers' numbers, pictures, bad input."""

import json
import re

import numpy as np
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


def test_numbers_of_the_papers_are_drawn_over_our_curves():
    """Every quoted N_eff of ghosh2023 Fig. 3 and Fig. 5 as a circle; the masses of Fig. 6 on the line 3.33."""
    from nuportal.reproduction.quoted import crossings, points

    assert sorted(points("ghosh2023", "fig3", "mass")) == [(10.0, 3.34), (10.0, 3.38), (10.0, 3.47)]
    assert (1e-8, 3.21) in points("ghosh2023", "fig5", "g")
    assert points("ghosh2023", "fig5", "g", "-g/70") == [(1e-9, 3.34)]
    assert crossings("ghosh2023", "fig6") == [(5.0, 1e-9), (20.0, 1e-3)]
    figure = items()["ghosh2023-fig3"].run().figure
    (circles,) = (line for line in figure.axes[0].lines if line.get_marker() == "o")
    assert sorted(v + 3.046 for v in circles.get_ydata()) == pytest.approx([3.34, 3.38, 3.47], abs=1e-9)


def test_dipole_plane_has_a_legend_and_closed_islands():
    """No spikes: what XENON1T favours is drawn as the contours of mass and moment, which close or end at the frame."""
    figure = items()["shoemaker2020-fig4"].run().figure
    legend = figure.axes[0].get_legend()
    (label,) = (text.get_text() for text in legend.get_texts() if "XENON1T" in text.get_text())
    assert "2" in label
    islands = [line for line in figure.axes[0].lines if line.get_color() == legend.get_lines()[0].get_color()]
    assert islands
    for line in islands:
        m4, _ = line.get_data()
        assert np.hypot(*(line.get_xydata()[0] - line.get_xydata()[-1])) < 1e-9 or min(m4[0], m4[-1]) < 0.0101


def test_classes_of_models():
    """N_eff grows with the coupling where the electron is charged, and only there (ghosh2023 Fig. 4).

    With spectra it changes less, and not always upwards (B-3L_e); without charge of the electron
    oscillations still make it depend on the coupling.
    """
    found = items()["ghosh2023-fig4"].run().rows
    assert len(found) == 16
    for each in found:
        grows = 0.4 < each.preset < 0.5
        assert grows == ("!= 0" in each.paper)
        assert grows or abs(each.preset) < 1e-5
        assert abs(each.default) < 0.45


def test_mixing_of_z_with_a_light_boson():
    """bally2020 eqs 13, 14 against the exact eigenvectors of the mass matrix of W3, B and X."""
    from nuportal.constants import SIN2_THETA_W
    from nuportal.reproduction import bally2020

    g_x, v_phi, v_s = 1e-2, 8e3, 3e3
    g_2 = bally2020.G_2
    g_1 = g_2 * np.sqrt(SIN2_THETA_W / (1 - SIN2_THETA_W))
    vectors = np.array([[-g_2 / 2, g_1 / 2, 0.0], [-g_2 / 2, g_1 / 2, g_x], [0.0, 0.0, g_x]])  # of H, Phi, S
    squared = sum(v**2 * np.outer(u, u) for v, u in zip((bally2020.V_HIGGS, v_phi, v_s), vectors, strict=True))
    values, states = np.linalg.eigh(squared)
    m_z, m_boson = bally2020.boson_masses(g_x, v_phi, v_s)
    assert abs(values[0]) < 1e-9 * values[1]  # the photon
    assert np.sqrt(values[1]) == pytest.approx(m_boson, rel=2e-3)
    assert np.sqrt(values[2]) == pytest.approx(m_z, rel=2e-3)
    heavy = states[:, 2] * np.sign(states[0, 2])
    assert heavy[2] == pytest.approx(bally2020.z_mixing(g_x, v_phi), rel=5e-3)
