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


# One tutorial: in every notebook the same things stand under the same names.

ORDER = (
    "00_start_here",
    "01_shared_time",
    "02_technoference",
    "03_communication",
    "04_sexual_satisfaction",
    "05_affection",
    "06_love_languages",
    "07_ongoing_effort",
    "08_your_own_data",
)


def prose(notebook: dict) -> str:
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    return "\n\n".join("".join(cell["source"]) for cell in cells)


def headings(notebook: dict) -> list[str]:
    return [line for line in prose(notebook).splitlines() if line.startswith("## ")]


def test_the_notebooks_are_those_of_the_tutorial():
    assert {path.stem for path in NOTEBOOKS} <= set(ORDER)


@pytest.mark.parametrize("part", ["Claim", "Study", "Design", "Data here"])
def test_the_first_cell_says_what_is_examined_on_what(notebook, part):
    assert f"**{part}" in "".join(notebook["cells"][0]["source"])


def test_the_first_code_names_the_data_and_can_be_turned_to_ones_own(notebook):
    names = {
        target.id
        for node in syntax_of(code_cells(notebook)[0]).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert {"DATA", "CODEBOOK"} <= names or {"DIARY", "QUESTIONNAIRE"} <= names


@pytest.mark.parametrize("part", ["verdict", "What would change on real data"])
def test_verdicts_and_what_real_data_change_have_headings(notebook, part):
    assert [heading for heading in headings(notebook) if part in heading]


def test_there_is_a_model_and_a_verdict_is_computed(notebook):
    code = "\n".join("".join(cell["source"]) for cell in code_cells(notebook))
    assert "model" in prose(notebook)
    assert ".examine(" in code or "ia.reproduce(" in code


def test_there_is_an_exercise(notebook):
    assert "**Exercise.**" in prose(notebook)


def test_numbers_of_the_prose_are_held_by_assertions(notebook):
    assert [
        node
        for cell in code_cells(notebook)
        for node in ast.walk(syntax_of(cell))
        if isinstance(node, ast.Assert)
    ]


def test_the_last_code_prints_versions_and_the_hash_of_the_data(notebook):
    last = "".join(code_cells(notebook)[-1]["source"])
    assert {"ia.__version__", "numpy", "scipy"} <= {
        name for name in ("ia.__version__", "numpy", "scipy") if name in last
    }
    assert "sha256" in last


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_each_leads_on_to_the_next(path):
    text = prose(json.loads(path.read_text(encoding="utf-8")))
    following = [*ORDER[1:], ORDER[0]][ORDER.index(path.stem)]
    assert f"[{following}]({following}.ipynb)" in text


def test_the_readme_names_every_notebook():
    readme = (NOTEBOOKS[0].parents[1] / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS if f"notebooks/{path.name}" not in readme] == []
