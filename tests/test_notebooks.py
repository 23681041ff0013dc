"""What a committed notebook must be; CI executes them (`pytest --nbmake notebooks`)."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def notebook(request) -> dict:
    return json.loads(request.param.read_text(encoding="utf-8"))


def code_cells(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def syntax_of(cell: dict) -> ast.Module:
    """Return the cell's syntax tree; lines of IPython magic are left out."""
    lines = "".join(cell["source"]).splitlines()
    return ast.parse("\n".join(line for line in lines if not line.lstrip().startswith(("%", "!"))))


def test_there_is_a_first_notebook_and_one_on_the_claim():
    assert {"00_start_here.ipynb", "01_shared_time.ipynb"} <= {path.name for path in NOTEBOOKS}


def test_no_output_is_committed(notebook):
    for cell in code_cells(notebook):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


def test_nothing_is_defined_inside(notebook):
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    for cell in code_cells(notebook):
        assert not [node for node in ast.walk(syntax_of(cell)) if isinstance(node, defined)]


def test_no_package_is_installed_and_no_shell_is_called(notebook):
    # A notebook that changes the reader's environment hides which versions gave its numbers.
    for cell in code_cells(notebook):
        for line in "".join(cell["source"]).splitlines():
            assert not line.lstrip().startswith(("!", "%pip", "%conda", "%%bash", "%%sh"))


def test_the_kernel_is_the_readers_own_python(notebook):
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


def test_it_opens_with_a_title(notebook):
    first = notebook["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "".join(first["source"]).startswith("# ")
