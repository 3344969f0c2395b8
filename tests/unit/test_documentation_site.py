"""The documentation site hangs together: checked on its sources, since building it takes minutes (`make docs`)."""

import ast
import importlib.util
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import nuportal

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = {
    path.relative_to(DOCS).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(DOCS.rglob("*.md"))
    if path.relative_to(DOCS).parts[0] not in ("examples", "_build")
}
EXAMPLES = sorted((DOCS / "gallery").rglob("plot_*.py"))


def _toctree(page):
    """What the toctrees of a page name, relative to docs/."""
    folder = Path(page).parent.as_posix()
    for block in re.findall(r"```\{toctree\}\n(.*?)```", PAGES[page], re.DOTALL):
        for line in block.splitlines():
            if line.strip() and not line.startswith(":"):
                entry = line.strip().partition("<")[2].rstrip(">") or line.strip()
                yield entry if folder == "." else f"{folder}/{entry}"


def test_every_page_is_in_a_toctree_and_every_entry_is_a_page():
    named = [entry for page in PAGES for entry in _toctree(page)]
    for page in set(PAGES) - {"index"}:
        times = sum(fnmatchcase(page, entry) for entry in named)
        assert times == 1, f"docs/{page}.md is in {times} toctrees: name it once, for instance in docs/about.md"
    for entry in set(named) - {"examples/index"}:
        assert any(fnmatchcase(page, entry) for page in PAGES), f"there is no page docs/{entry}.md"


def test_every_public_name_is_in_the_reference():
    text = "\n".join(body for page, body in PAGES.items() if page.startswith("api/"))
    directives = re.findall(r"^\.\. (?:auto\w+|py:function):: nuportal\.(\w+)(?:\(.*\))?$", text, re.MULTILINE)
    assert sorted(directives) == sorted(set(nuportal.__all__) - {"__version__"})


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page):
    prose = re.sub(r"```.*?```", "", PAGES[page], flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", prose):
        if re.match(r"https?:", target) or target.startswith("examples/"):
            continue
        assert ((DOCS / page).parent / target).resolve().is_file(), f"docs/{page}.md: {target}"


def test_the_gallery_has_enough_examples_each_with_a_title_and_a_picture():
    assert len(EXAMPLES) >= 15
    assert len({path.name for path in EXAMPLES}) == len(EXAMPLES)
    for path in EXAMPLES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        title, line = (ast.get_docstring(tree) or "\n").splitlines()[:2]
        assert title, path
        assert set(line) == {"="}, path
        assert len(line) >= len(title), path
        bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        assert "figure" in bound, f"{path} binds no figure"


@pytest.fixture
def script():
    """Return a function that imports a script, or a module of docs/, by name."""

    def load(name, folder="scripts"):
        spec = importlib.util.spec_from_file_location(name, ROOT / folder / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def test_the_link_check_finds_what_is_broken(script, tmp_path):
    check_site = script("check_site")
    (tmp_path / "other.html").write_text('<p id="place">')
    good = '<a href="other.html#place">x</a><a href="https://arxiv.org/abs/1">y</a>'
    (tmp_path / "index.html").write_text(good)
    assert check_site.broken(tmp_path) == []
    bad = '<a href="none.html">x</a><a href="other.html#no">y</a><script src="https://cdn.example/x.js"></script>'
    (tmp_path / "index.html").write_text(bad)
    assert len(check_site.broken(tmp_path)) == 3


def test_the_picture_of_the_architecture_shows_what_the_package_imports(script):
    picture = script("draw_architecture")
    package = ROOT / "src" / "nuportal"
    assert set(picture.BOXES) == {path.parent.name for path in package.glob("*/__init__.py")}
    imported = set()
    for path in package.glob("*/**/*.py"):
        user = path.relative_to(package).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nuportal."):
                imported.add((node.module.split(".")[1], user))
    assert set(picture.ARROWS) <= imported
    assert all(picture.BOXES[source][0] < picture.BOXES[user][0] for source, user in picture.ARROWS)
    shown = (DOCS / "images" / "architecture.svg").read_text(encoding="utf-8")
    assert all(f"<!-- {name} -->" in shown for name in picture.BOXES)


@pytest.mark.parametrize(
    ("plain", "typeset"),
    [
        ("T_nu/T_gamma, m_e^2 and c_nu_mu", r"$T_{\nu}$/$T_{\gamma}$, $m_{e}^{2}$ and $c_{\nu_{\mu}}$"),
        ("e+e- <-> gamma Z', nubar +- e^{-M/T}", r"$e^+ e^-$ ↔ $\gamma$ $Z'$, $\bar\nu$ ± $e^{-M/T}$"),
        ("N_eff of L_mu-L_tau", r"$N_{\mathrm{eff}}$ of $L_{\mu}$-$L_{\tau}$"),
        ("gL^2 + sin^2 theta_W", r"$g_L^2$ + $\sin^2\theta_W$"),
        ("y e^-theta at E1E3", r"y $e^{-\theta}$ at $E_1 E_3$"),
    ],
)
def test_symbols_are_typeset(script, plain, typeset):
    assert script("symbols", "docs").typeset(plain) == typeset


@pytest.mark.parametrize(
    "kept",
    [
        "a boson at 10 MeV with g = 1e-7, the dipole's d and I",
        "`T_gamma` and [plasma_e.md](physics/T_nu.md)",
        "# N_eff\n",
        "    T_gamma = 1\n",
        "```python\nT_gamma = T_nu\n```",
        "$$\nT_\\gamma\n$$",
        "tests/unit/test_grid.py and NOT_THERMALISED",
    ],
)
def test_what_is_no_prose_stays(script, kept):
    assert script("symbols", "docs").typeset(kept) == kept
