from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from intimacy_analysis.simulation.bundled import BUNDLED, count_limited, write_bundled_studies
from intimacy_analysis.simulation.calibration import CALIBRATION
from intimacy_analysis.simulation.shared_time import FIRST_DAY

FOLDER = Path(__file__).resolve().parents[2] / "data" / "synthetic"
FILES = [f"{study.name}.{ending}" for study in BUNDLED for ending in ("csv", "toml")]


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bundled") / "made" / "anew"
    write_bundled_studies(folder)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_files_made_again_are_the_files_of_the_repository_byte_for_byte(written, name):
    assert (written / name).read_bytes() == (FOLDER / name).read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_lines_end_in_line_feeds_on_every_system(written, name):
    content = (written / name).read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")
    content.decode("ascii")


@pytest.mark.parametrize("study", BUNDLED, ids=lambda study: study.name)
def test_the_codebook_states_seed_truth_and_kind(study):
    book = tomllib.loads((FOLDER / f"{study.name}.toml").read_text(encoding="utf-8"))
    assert book["study"]["kind"] == "synthetic"
    assert book["study"]["seed"] == study.seed
    assert book["study"]["truth"] == study.truth.terms
    rows = pd.read_csv(FOLDER / f"{study.name}.csv")
    assert list(book["columns"]) == list(rows.columns)


@pytest.mark.parametrize("study", BUNDLED, ids=lambda study: study.name)
def test_the_codebook_counts_answered_days_and_limited_answers(study):
    rows = pd.read_csv(FOLDER / f"{study.name}.csv")
    notes = " ".join(
        tomllib.loads((FOLDER / f"{study.name}.toml").read_text(encoding="utf-8"))["study"]["notes"]
    )
    low, high = count_limited(rows)
    assert f"{len(rows)} of 1288 person-days" in notes
    assert f"{low} answers stand at the lower end, {high} at the upper end" in notes


@pytest.mark.parametrize("study", BUNDLED, ids=lambda study: study.name)
def test_values_lie_in_the_ranges_of_the_codebook(study):
    book = tomllib.loads((FOLDER / f"{study.name}.toml").read_text(encoding="utf-8"))
    rows = pd.read_csv(FOLDER / f"{study.name}.csv")
    for name, column in book["columns"].items():
        if "range" in column:
            assert rows[name].between(*column["range"]).all()


def test_seeds_follow_from_the_first_day_by_rule():
    for place, study in enumerate(BUNDLED):
        day = date.fromisoformat(
            f"{study.seed // 10000:04d}-{study.seed // 100 % 100:02d}-{study.seed % 100:02d}"
        )
        assert day == FIRST_DAY + timedelta(days=place)


def test_the_readme_lists_every_calibration_row_as_the_code_has_it():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    found = re.findall(
        r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| (\[[^|]+\]) \| ([^|]+) \|$", text, re.M
    )
    assert found == [
        (row.name, f"{row.value:g}", row.unit, row.label, row.reason) for row in CALIBRATION
    ]


def test_the_readme_states_the_truth_of_both_files():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    with_effect, without = (study.truth.terms for study in BUNDLED)
    for name, value in with_effect.items():
        other = f"{without[name]:.4g}" if name in without else "not defined"
        assert f"| {name} | {value:.4g} | {other} |" in text
