"""Sphinx configuration: `sphinx-build -W docs docs/_build` (extra `docs`)."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import intimacy_analysis

project = "intimacy_analysis"
author = "The intimacy_analysis authors"
version = release = intimacy_analysis.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "pydata_sphinx_theme"
html_title = "intimacy_analysis"
html_theme_options = {
    "navbar_align": "left",
    "header_links_before_dropdown": 8,
    "show_toc_level": 2,
    # Nothing of the site is fetched from elsewhere.
    "navbar_end": ["theme-switcher"],
}

# Notebooks are executed on the way to the site (some minutes). SITE_NOTEBOOKS names a folder of
# copies that were executed already, or is "off": then they are shown as they are committed, without
# outputs. Other pages hold no code that is run here: tests run it.
_ASKED = os.environ.get("SITE_NOTEBOOKS", "")
nb_execution_mode = "off" if _ASKED else "force"
nb_execution_timeout = 240
nb_execution_raise_on_error = True
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
# Links out of docs/ (to tests, sources, the README) are for readers of the repository.
suppress_warnings = ["myst.xref_missing"]

napoleon_google_docstring = True
napoleon_numpy_docstring = False
# As a field list: a dataclass field already has an entry of its own.
napoleon_use_ivar = True
autodoc_typehints = "description"
autodoc_member_order = "bysource"
autosummary_generate = False
# The contents of a page are its names, not every field of every result.
toc_object_entries = False
# Pages with nothing below them need no column for it.
html_sidebars = {"index": [], "coming_from": [], "gallery": []}
html_static_path = ["_static"]
html_css_files = ["site.css"]

_HERE = Path(__file__).resolve().parent
_NOTEBOOKS = _HERE / "notebooks"


def _take_notebooks(_app: object) -> None:
    """Copy the notebooks beside the pages; their links to docs/ become links of the site."""
    _NOTEBOOKS.mkdir(exist_ok=True)
    for old in _NOTEBOOKS.glob("*.ipynb"):
        old.unlink()
    given = _HERE.parent / "notebooks" if _ASKED in ("", "off") else Path(_ASKED)
    for notebook in sorted(given.glob("*.ipynb")):
        text = notebook.read_text(encoding="utf-8").replace("](../docs/", "](../")
        (_NOTEBOOKS / notebook.name).write_text(text, encoding="utf-8", newline="\n")


def _link_notebooks(_app: object, page: str, source: list[str]) -> None:
    """Let links that lead to the repository's notebooks lead to the site's."""
    up = "../" * page.count("/")
    source[0] = source[0].replace(f"](../{up}notebooks/", f"]({up}notebooks/")


def _draw_gallery(_app: object) -> None:
    """Draw every figure and write the gallery's page, which is not committed (some 40 seconds)."""
    sys.path.insert(0, str(_HERE.parent / "tools"))
    from gallery import write_gallery

    write_gallery(_HERE)


def setup(app: Any) -> None:
    """Take the notebooks in before Sphinx looks for pages."""
    app.connect("source-read", _link_notebooks)
    # The simulations of the notebooks are cut, as their first cell says.
    os.environ.setdefault("FAST", "1")
    app.connect("builder-inited", _take_notebooks)
    app.connect("builder-inited", _draw_gallery)
