"""Sphinx configuration: `sphinx-build -W docs docs/_build` (extra `docs`)."""

from __future__ import annotations

import intimacy_analysis

project = "intimacy_analysis"
author = "The intimacy_analysis authors"
version = release = intimacy_analysis.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "pydata_sphinx_theme"
html_title = "intimacy_analysis"

# Pages are plain Markdown with formulas; nothing in them is executed, notebooks run in .ci/run.
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
# Links out of docs/ (to notebooks, tests, sources) are for readers of the repository.
suppress_warnings = ["myst.xref_missing"]

napoleon_google_docstring = True
napoleon_numpy_docstring = False
# As a field list: a dataclass field already has an entry of its own.
napoleon_use_ivar = True
autodoc_typehints = "description"
autodoc_member_order = "bysource"
