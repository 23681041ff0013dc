"""Every command that README and documentation show is run as it stands, page by page."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from intimacy_analysis.cli.main import main
from intimacy_analysis.simulation.shared_time import simulate_shared_time

ROOT = Path(__file__).resolve().parents[1]
SYNTHETIC = ROOT / "data" / "synthetic"
# Drawn while the site is built; its commands are held by tests/report/test_figure_catalog.
DRAWN = ROOT / "docs" / "gallery.md"
# Examines every claim: .ci/run does it with the package as a user has it.
WHOLE = (
    "intimacy-analysis reproduce",
    "intimacy-analysis reproduce --format docx --format pdf --out my_report",
)
DIARY = """
[study]
name = "my_diary"
kind = "original"

[columns.person]
role = "person"

[columns.day]
role = "day"

[columns.weekend]
role = "weekend"

[columns.hours]
unit = "hours"
range = [0, 24]
role = "predictor"

[columns.closeness]
unit = "points"
range = [-20, 20]
role = "outcome"
"""
STUDY = """
[study]
name = "mine"

[claims.emotional-intimacy]
data = "couples_survey"

[claims.affection-deprivation]
data = "affection_deprivation"
"""


def commands_of(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    shown = re.findall(
        r"^[ \t]*(intimacy-analysis [a-z-]+ ?.*|intimacy-analysis --\w+)$", text, re.M
    )
    return [command.strip() for command in shown if command.strip() not in WHOLE]


PAGES = {
    page.relative_to(ROOT).as_posix(): page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if page != DRAWN and commands_of(page)
}


@pytest.fixture
def files(tmp_path, monkeypatch) -> Path:
    """A researcher's folder, with the files that the pages speak of."""
    monkeypatch.chdir(tmp_path)
    diary = simulate_shared_time(n_persons=40, n_days=14, seed=3)[
        ["person", "day", "weekend", "shared_hours", "intimacy"]
    ].set_axis(["person", "day", "weekend", "hours", "closeness"], axis=1)
    diary.to_csv("my_diary.csv", index=False)
    pyreadstat.write_sav(diary, "my_diary.sav")
    pd.read_csv(SYNTHETIC / "couples_survey.csv").to_csv("my_couples.csv", index=False)
    for name in ("my_survey.sav", "my_data.sav"):
        pyreadstat.write_sav(pd.read_csv(SYNTHETIC / "technoference.csv"), name)
    return tmp_path


def correct(folder: Path) -> None:
    """Do what the pages ask for between two commands: correct the drafts, fill in the study."""
    books = {
        "my_diary.toml": DIARY,
        "my_couples.toml": (SYNTHETIC / "couples_survey.toml").read_text(encoding="utf-8"),
        "my_survey.toml": (SYNTHETIC / "technoference.toml").read_text(encoding="utf-8"),
    }
    for name, text in books.items():
        if (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")
    if (folder / "my_study").exists():
        (folder / "my_study" / "study.toml").write_text(STUDY, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_every_command_of_the_page_runs_as_it_stands(name, files, capsys):
    text = PAGES[name].read_text(encoding="utf-8")
    # Pages that begin after the codebook is there.
    if "--write-codebook my_diary.toml" not in text:
        (files / "my_diary.toml").write_text(DIARY, encoding="utf-8")
    made = any("--out my_report" in command for command in commands_of(PAGES[name]))
    if "my_report/run.json" in text and not made:
        with pytest.raises(SystemExit):
            main(["reproduce", "--data", "my_diary.sav", "--bootstrap", "0", "--out", "my_report"])
    for command in dict.fromkeys(commands_of(PAGES[name])):
        words = shlex.split(command)[1:]
        if "--variable" in words:
            # A score of another name, as the page says.
            book = (files / "my_survey.toml").read_text(encoding="utf-8")
            book = book.replace("[scales.technoference]", "[scales.tdis]")
            (files / "my_survey.toml").write_text(book, encoding="utf-8")
        with pytest.raises(SystemExit) as left:
            main(words)
        said = capsys.readouterr()
        # 4: a variance of forty simulated women may lie at its bound.
        assert left.value.code in (0, None, 4), f"{command}\n{said.err}"
        correct(files)


def test_commands_were_found_on_the_pages():
    assert len(commands_of(PAGES["README.md"])) >= 8
    assert {"docs/start.md", "docs/guides/your_own_study.md", "docs/guides/figures.md"} <= set(
        PAGES
    )
