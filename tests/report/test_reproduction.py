from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from intimacy_analysis.claims.milek_2015 import CLAIMS
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.report.folder import check_folder, file_hashes
from intimacy_analysis.report.reproduction import STEPS, reproduce, rerun
from intimacy_analysis.report.run_record import RunOptions, read_run_record
from intimacy_analysis.simulation.shared_time import simulate_shared_time

BUNDLED = RunOptions(
    claim="shared-time", data="shared_time_diary", place="bundled", seed=11, bootstrap=20
)
CODEBOOK = """\
[columns.person]
role = "person"
[columns.day]
role = "day"
[columns.weekend]
role = "weekend"
[columns.shared_hours]
unit = "hours"
role = "predictor"
[columns.intimacy]
unit = "points"
role = "outcome"
"""


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports") / "first"
    steps = []
    reproduce(BUNDLED, folder, progress=steps.append)
    assert tuple(steps) == STEPS
    return folder


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A diary of one's own in the current folder, and the options to examine it."""
    monkeypatch.chdir(tmp_path)
    simulate_shared_time(n_persons=25, seed=2).to_csv("my diary.csv", index=False)
    Path("book.toml").write_text(CODEBOOK, encoding="utf-8")
    return RunOptions(
        claim="shared-time",
        data="my diary.csv",
        place="file",
        codebook="book.toml",
        seed=1,
        bootstrap=0,
        smallest_effects={"weekday": 0.03},
    )


def numbers(folder):
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))["results"]


def test_the_folder_holds_page_figures_tables_and_record(bundled):
    assert (bundled / "index.html").is_file()
    endings = {path.suffix for path in (bundled / "tables").iterdir()}
    assert endings == {".csv", ".html", ".tex", ".md"}
    figures = list((bundled / "figures").iterdir())
    assert {path.suffix for path in figures} >= {".svg", ".pdf", ".png", ".csv"}
    record = json.loads((bundled / "run.json").read_text(encoding="utf-8"))
    hashes = file_hashes(bundled)
    del hashes["run.json"]
    assert record["files"] == hashes
    assert {finding["claim"] for finding in record["results"]["findings"]} == {
        claim.key for claim in CLAIMS
    }


def test_a_run_repeated_from_its_record_gives_the_same_bytes(bundled, tmp_path):
    rerun(bundled / "run.json", tmp_path / "again")
    assert file_hashes(tmp_path / "again") == file_hashes(bundled)


def test_a_run_over_its_own_report_is_allowed(bundled, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(bundled, folder)
    rerun(folder / "run.json", folder)
    assert file_hashes(folder) == file_hashes(bundled)
    assert check_folder(folder)


def test_nothing_of_the_machine_stands_in_a_report(bundled):
    machine = (str(Path.home()), str(bundled.parent), str(Path(__file__).parents[2]))
    for path in bundled.rglob("*"):
        if path.suffix in (".html", ".json", ".csv", ".md", ".tex", ".svg"):
            text = path.read_text(encoding="utf-8")
            assert not any(place in text for place in machine), path.name


def test_own_data_are_repeated_from_the_record_with_their_options(own, tmp_path):
    first = reproduce(own, tmp_path / "out")
    record = read_run_record(tmp_path / "out" / "run.json")
    assert record.options == own
    second = rerun(tmp_path / "out" / "run.json", tmp_path / "out2")
    assert numbers(tmp_path / "out") == numbers(tmp_path / "out2")
    assert first.evidence.verdicts == second.evidence.verdicts
    assert second.evidence["weekday"].smallest_effect == 0.03


def test_a_run_can_be_repeated_from_another_folder(own, tmp_path, monkeypatch):
    reproduce(own, tmp_path / "out")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    rerun(tmp_path / "out" / "run.json", tmp_path / "out2")
    assert numbers(tmp_path / "out") == numbers(tmp_path / "out2")


def test_a_moved_data_file_can_be_named(own, tmp_path):
    reproduce(own, tmp_path / "out")
    Path("store").mkdir()
    shutil.move("my diary.csv", "store/moved.csv")
    with pytest.raises(DataError, match=r"needs its data file 'my diary.csv'"):
        rerun(tmp_path / "out" / "run.json", tmp_path / "out2")
    rerun(tmp_path / "out" / "run.json", tmp_path / "out2", data=Path("store/moved.csv"))
    assert numbers(tmp_path / "out") == numbers(tmp_path / "out2")


def test_changed_data_are_refused(own, tmp_path):
    reproduce(own, tmp_path / "out")
    text = Path("my diary.csv").read_text(encoding="utf-8")
    Path("my diary.csv").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"the data file 'my diary.csv' .* it has changed"):
        rerun(tmp_path / "out" / "run.json", tmp_path / "out2")
    assert not (tmp_path / "out2").exists()


def test_a_changed_codebook_is_refused(own, tmp_path):
    reproduce(own, tmp_path / "out")
    Path("book.toml").write_text(CODEBOOK.replace("points", "steps"), encoding="utf-8")
    with pytest.raises(DataError, match=r"the codebook 'book.toml' .* it has changed"):
        rerun(tmp_path / "out" / "run.json", tmp_path / "out2")


def test_bundled_data_that_changed_are_refused(bundled, tmp_path):
    text = (bundled / "run.json").read_text(encoding="utf-8")
    sha = json.loads(text)["data"]["sha256"]
    (tmp_path / "run.json").write_text(text.replace(sha, "0" * 64), encoding="utf-8")
    with pytest.raises(DataError, match="the bundled study 'shared_time_diary'"):
        rerun(tmp_path / "run.json", tmp_path / "out")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"made_by": "another program", "schema": 1}',
        '{"made_by": "intimacy_analysis run", "schema": 99}',
        '{"made_by": "intimacy_analysis run", "schema": 1, "options": {}}',
        '{"made_by": "intimacy_analysis run", "schema": 1, "options": []}',
    ],
)
def test_a_record_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="must be a run record of this package"):
        rerun(tmp_path / "run.json", tmp_path / "out")


def test_a_missing_or_unreadable_record_is_refused(tmp_path):
    with pytest.raises(DataError, match="there is no run record"):
        rerun(tmp_path / "run.json", tmp_path / "out")
    (tmp_path / "run.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not UTF-8"):
        rerun(tmp_path / "run.json", tmp_path / "out")


def test_a_folder_with_something_else_is_refused_before_any_work(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    steps = []
    with pytest.raises(DataError, match=r"'mine.txt'"):
        reproduce(BUNDLED, tmp_path, progress=steps.append)
    assert steps == []


def test_an_unknown_claim_is_refused(tmp_path):
    with pytest.raises(SpecError, match="Known claims: shared-time"):
        reproduce(replace(BUNDLED, claim="no-such-claim"), tmp_path / "out")
