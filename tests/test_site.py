"""The documentation as a site: complete, and what its pages show is run."""

from __future__ import annotations

import contextlib
import io
import re
import tomllib
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pyreadstat
import pytest

import intimacy_analysis
from intimacy_analysis.loaders.codebook import read_codebook

DOCS = Path(__file__).resolve().parents[1] / "docs"
SYNTHETIC = DOCS.parent / "data" / "synthetic"
PAGES = (
    "start.md",
    "guides/correlations.md",
    "guides/scales.md",
    "guides/missing_data.md",
    "guides/qualtrics_and_spss.md",
    "guides/reporting.md",
    "guides/wide_files.md",
)
SHOWN = {
    "guides/correlations.md": ["Within persons", "difference of correlations", "False"],
    "guides/scales.md": ["perceived_conventionality", "reliability of the difference"],
    "start.md": ["rows read", "shared_hours_within", "weekday RECOVERED", "actor"],
    "guides/missing_data.md": ["-77: did not meet", "90% of 1288 person-days", "fiml 335 couples"],
    "guides/qualtrics_and_spss.md": ["preview", "3 items, 3 possible scores"],
    "guides/reporting.md": [
        "['index.html', 'report.docx', 'report.pdf', 'run.json']",
        "table_1.docx\ntable_1.tex\ntable_1.csv",
    ],
    "guides/wide_files.md": ["rows kept", "close"],
}


def run(page: str, place: Path, given: dict[str, object] | None = None) -> str:
    text = (DOCS / page).read_text(encoding="utf-8")
    said, names = io.StringIO(), dict(given or {})
    with contextlib.chdir(place), contextlib.redirect_stdout(said):
        for block in re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
            exec(compile(block, page, "exec"), names)
    plt.close("all")
    return said.getvalue()


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_the_page_runs(page, tmp_path):
    said = run(page, tmp_path)
    assert [words for words in SHOWN[page] if words not in said] == []


def test_the_guides_on_own_files_run_on_a_researchers_files(tmp_path):
    for name in ("csv", "toml"):
        content = (SYNTHETIC / f"shared_time_diary.{name}").read_bytes()
        (tmp_path / f"my_diary.{name}").write_bytes(content)
    pyreadstat.write_sav(pd.read_csv(SYNTHETIC / "technoference.csv"), tmp_path / "my_survey.sav")
    (tmp_path / "my_survey.toml").write_bytes((SYNTHETIC / "technoference.toml").read_bytes())
    run("guides/your_own_data.md", tmp_path)
    run("guides/survey_files.md", tmp_path, {"load_study": intimacy_analysis.load_study})
    diary = intimacy_analysis.load_study("shared_time_diary").diary
    centered = intimacy_analysis.center_within_person(diary, "shared_hours")
    run("guides/mixed_models.md", tmp_path, {"diary": centered})


def test_what_identifies_a_person_is_left_out_as_the_page_says(tmp_path):
    said = run("guides/qualtrics_and_spss.md", tmp_path)
    assert "192.0.2" not in said
    assert "IPAddress" in said


def test_the_reference_has_every_public_name_once():
    names = [
        name
        for page in sorted((DOCS / "reference").glob("*.md"))
        for name in re.findall(
            r"^\.\. auto(?:function|class):: (\w+)$", page.read_text(encoding="utf-8"), flags=re.M
        )
    ]
    assert sorted(names) == sorted(intimacy_analysis._HOME)


def test_the_reference_says_what_is_a_class_and_what_a_function():
    for page in sorted((DOCS / "reference").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for kind, name in re.findall(r"^\.\. auto(function|class):: (\w+)$", text, flags=re.M):
            is_class = isinstance(getattr(intimacy_analysis, name), type)
            assert (kind == "class") == is_class, name


def test_every_equation_the_code_points_at_is_there():
    sources = Path(intimacy_analysis.__file__).parent
    pattern = re.compile(r"docs/maths/(\w+)\.md,\s+eq\.\s+(\d+)(?:\s*(?:to|and|-|–)\s*(\d+))?")
    cited = {
        (page, int(number))
        for path in sources.rglob("*.py")
        for page, first, last in pattern.findall(path.read_text(encoding="utf-8"))
        for number in (first, last or first)
    }
    assert len(cited) > 60
    numbered = {
        (page.stem, int(number))
        for page in (DOCS / "maths").glob("*.md")
        for number in re.findall(r"\((\d+)[a-z]?\)\s", page.read_text(encoding="utf-8"))
    }
    assert sorted(cited - numbered) == []


def test_every_page_of_the_mathematics_is_listed():
    listed = (DOCS / "maths" / "index.md").read_text(encoding="utf-8").splitlines()
    pages = {page.stem for page in (DOCS / "maths").glob("*.md")} - {"index"}
    assert pages <= set(listed)


def test_the_version_to_cite_is_this_one():
    text = (DOCS / "cite.md").read_text(encoding="utf-8")
    assert f"version {intimacy_analysis.__version__}" in text
    assert f"version = {{{intimacy_analysis.__version__}}}" in text


def test_the_extras_of_the_installation_page_are_those_there_are():
    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))
    extras = set(project["project"]["optional-dependencies"])
    named = set(
        re.findall(r'install (?:-e )?"\.\[([\w,]+)\]"', (DOCS / "install.md").read_text("utf-8"))
    )
    assert {extra for some in named for extra in some.split(",")} <= extras


def test_the_codebooks_shown_are_codebooks():
    for page in PAGES[1:]:
        text = (DOCS / page).read_text(encoding="utf-8")
        for book in re.findall(r'^codebook = """\n(.*?)^"""$', text, flags=re.M | re.S):
            assert len(read_codebook(book).codebook) > 2
