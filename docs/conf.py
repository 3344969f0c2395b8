"""Sphinx configuration of the documentation site; `make docs` builds it into out/docs/html."""

import importlib.metadata
import shutil
import sys
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx_gallery.scrapers import figure_rst

sys.path.insert(0, str(Path(__file__).parent))  # for symbols, and for the name conf.scrape_figures below

from symbols import typeset

project = "nuportal"
author = "The nuportal developers"
release = version = importlib.metadata.version("nuportal")
copyright = "The nuportal developers"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
    "sphinx_gallery.gen_gallery",
    "sphinx_design",
    "sphinx_copybutton",
]
exclude_patterns = ["gallery"]
nitpicky = False
smartquotes = False
default_role = "py:obj"
suppress_warnings = ["ref.python"]  # several classes have members of the same name

# -- Markdown -----------------------------------------------------------------------------------------------------
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
myst_dmath_double_inline = True

# -- Docstrings ---------------------------------------------------------------------------------------------------
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True


def scrape_figures(block, block_vars, gallery_conf):
    """Save each matplotlib figure that a block of an example binds to a name, and return the text that shows it.

    nuportal's figures are made without pyplot, which the scraper of sphinx-gallery would need.
    """
    from matplotlib import pyplot
    from matplotlib.figure import Figure

    names = block_vars["example_globals"]
    shown = names.setdefault("__shown__", set())
    paths = []
    for name, value in list(names.items()):
        if isinstance(value, Figure) and not name.startswith("_") and id(value) not in shown:
            shown.add(id(value))
            path = next(block_vars["image_path_iterator"])
            value.savefig(path, dpi=110)
            paths.append(path)
    pyplot.close("all")
    return figure_rst(paths, gallery_conf["src_dir"])


# -- Examples that are executed at every build ------------------------------------------------------------------------
sphinx_gallery_conf = {
    "examples_dirs": ["gallery"],
    "gallery_dirs": ["examples"],
    "filename_pattern": r"/plot_",
    "within_subsection_order": "FileNameSortKey",
    "image_scrapers": ("conf.scrape_figures",),
    "remove_config_comments": True,
    "show_memory": False,
    "write_computation_times": False,
    "download_all_examples": False,
    "abort_on_example_error": True,
}

# -- Page ---------------------------------------------------------------------------------------------------------
html_theme = "pydata_sphinx_theme"
html_title = f"nuportal {release}"
html_static_path = ["_static"]
html_css_files = ["nuportal.css"]
html_show_sourcelink = False
html_copy_source = False
html_sidebars = {"index": [], "tutorial": []}
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system asks
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "navigation_with_keys": False,
    "header_links_before_dropdown": 7,
}

# Equations are drawn by a copy of MathJax that lies in the site, so that pages need no network.
mathjax_path = "mathjax/tex-svg.js"
mathjax3_config = {"svg": {"fontCache": "global"}}


def _copy_mathjax(app, error):
    """Put the equation renderer of the package sphinx-mathjax-offline into the finished site."""
    if error is None and app.builder.format == "html":
        source = Path(
            str(
                importlib.metadata.distribution("sphinx-mathjax-offline").locate_file(
                    "sphinx-mathjax-offline/static/mathjax"
                )
            )
        )
        target = Path(app.outdir, "_static", "mathjax")
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / "tex-svg.js", target / "tex-svg.js")


def _typeset_symbols(app, page, source):
    """Typeset the symbols in the prose of a page of Markdown."""
    if not page.startswith(("examples/", "api/")):
        source[0] = typeset(source[0])


def setup(app):
    """Register what this file adds to Sphinx."""
    app.add_lexer("csv", TextLexer)
    app.connect("source-read", _typeset_symbols)
    app.connect("build-finished", _copy_mathjax)
