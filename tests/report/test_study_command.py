"""The commands around a study file: new-study, validate, reproduce --study, rerun."""

from __future__ import annotations

import json
import shutil

import pytest

from intimacy_analysis.cli import main
from intimacy_analysis.loaders.bundled import bundled_file


def code_of(arguments: list[str]) -> int:
    """Run the command and return its exit code."""
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return int(stop.value.code or 0)


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A study of one claim, on a copy of bundled data, in the working folder."""
    monkeypatch.chdir(tmp_path)
    for file in ("affection_deprivation.csv", "affection_deprivation.toml"):
        shutil.copy(bundled_file("affection_deprivation").with_name(file), tmp_path / file)
    path = tmp_path / "study.toml"
    path.write_text(
        '[study]\nname = "mine"\n[defaults]\nbootstrap = 0\n'
        '[claims.affection-deprivation]\ndata = "affection_deprivation.csv"\n',
        encoding="utf-8",
    )
    return path


def test_a_study_is_checked_run_and_repeated(study, capsys):
    assert code_of(["validate", "study.toml"]) == 0
    told = capsys.readouterr()
    assert "401 persons" in told.out
    assert "No problem in study.toml." in told.out
    assert code_of(["reproduce", "--study", "study.toml", "--out", "report"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("Study: mine\n")
    assert "Not run, for the study file does not name them: shared-time, technoference" in told.err
    page = (study.parent / "report" / "index.html").read_text(encoding="utf-8")
    assert page.count("These claims were not asked for in this run.") >= 6
    assert code_of(["rerun", "report/run.json", "--out", "again"]) == 0
    assert "values is the same" in capsys.readouterr().out


@pytest.mark.parametrize(
    "option",
    [
        ("--claim", "affection"),
        ("--data", "affection_survey"),
        ("--codebook", "a.toml"),
        ("--variable", "a=b"),
        ("--smallest-effect", "a=1"),
        ("--seed", "1"),
        ("--bootstrap", "0"),
        ("--confidence", "0.95"),
        ("--df", "satterthwaite"),
        ("--from", "run.json"),
    ],
)
def test_what_a_study_file_says_cannot_be_said_beside_it(study, capsys, option):
    assert code_of(["reproduce", "--study", "study.toml", "--out", "report", *option]) == 2
    told = capsys.readouterr().err
    assert f"the first is {option[0]}" in told
    assert not (study.parent / "report").exists()


def test_problems_are_told_before_any_model_is_fitted(study, capsys):
    text = study.read_text(encoding="utf-8").replace(
        'data = "aff', 'smallest_effects.x = 1\ndata = "aff'
    )
    study.write_text(text + '[claims.communication]\ndata = "affection_deprivation.csv"\n', "utf-8")
    assert code_of(["validate", "study.toml"]) == 2
    told = capsys.readouterr()
    assert "error 1 of 2: [claims.affection-deprivation]: a smallest effect" in told.err
    assert "error 2 of 2: [claims.communication]: this analysis needs couples" in told.err
    assert "remove [claims.communication]; it is then shown as not run." in told.err
    assert "No problem" not in told.out
    assert code_of(["reproduce", "--study", "study.toml", "--out", "report"]) == 2
    assert "'study.toml' has 2 problems:\n  1. [claims.aff" in capsys.readouterr().err
    assert not (study.parent / "report").exists()


def test_a_check_as_json_holds_problems_and_uses(study, capsys):
    assert code_of(["validate", "study.toml", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"]
    assert told["claims"]["affection-deprivation"]["uses"]["closeness"] == "column closeness"
    assert "affection" in told["not_run"]


def test_two_kinds_of_data_on_one_page_are_warned_of(study, capsys):
    book = study.with_name("affection_deprivation.toml")
    text = book.read_text(encoding="utf-8").replace('"synthetic"', '"original"')
    book.write_text(text, encoding="utf-8")
    more = '[claims.emotional-intimacy]\ndata = "couples_survey"\n'
    study.write_text(study.read_text(encoding="utf-8") + more, encoding="utf-8")
    options = ["--study", "study.toml", "--out", "report", "--jobs", "1"]
    assert code_of(["reproduce", *options]) == 0
    warned = capsys.readouterr().err
    assert "data of 2 kinds (original: affection-deprivation; synthetic: emotional-int" in warned


def test_a_codebook_is_no_study_file(study, capsys):
    assert code_of(["validate", "affection_deprivation.toml"]) == 2
    assert "validate DATA --codebook affection_deprivation.toml" in capsys.readouterr().err
    assert code_of(["validate", "study.toml", "--codebook", "x.toml"]) == 2
    assert "names its codebooks itself" in capsys.readouterr().err
    assert code_of(["validate", "none.toml"]) == 2
    assert "'none.toml' must exist" in capsys.readouterr().err


def test_a_new_study_is_started_and_says_what_to_do_next(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    command = ["new-study", "--claim", "technoference", "--claim", "communication"]
    assert code_of([*command, "--out", "my_study"]) == 0
    told = capsys.readouterr()
    assert sorted(file.name for file in (tmp_path / "my_study").iterdir()) == [
        "couples_codebook.toml",
        "study.toml",
        "survey_codebook.toml",
    ]
    assert "intimacy-analysis validate" in told.err
    assert code_of([*command, "--out", "my_study"]) == 2
    assert "overwrites nothing" in capsys.readouterr().err
    assert code_of(["new-study", "--claim", "talk"]) == 2
    assert "Known claims" in capsys.readouterr().err


def test_real_couples_and_a_real_diary_are_taken_up(
    reference_folder, tmp_path, monkeypatch, capsys
):
    # The couples' file has no communication, and no hours are in the diary: both are said.
    monkeypatch.chdir(tmp_path)
    command = ["new-study", "--claim", "communication", "--claim", "shared-time", "--out", "."]
    assert code_of(command) == 0
    for name in ("dysem_dres.csv", "bl_process.csv"):
        shutil.copy(reference_folder / "data" / name, tmp_path / name)
    study = tmp_path / "study.toml"
    text = study.read_text(encoding="utf-8")
    text = text.replace('"diary.csv"', '"bl_process.csv"').replace(
        '"couples.csv"', '"dysem_dres.csv"'
    )
    study.write_text(text, encoding="utf-8")
    diary = tmp_path / "diary_codebook.toml"
    text = diary.read_text(encoding="utf-8")
    for column in ("id", "time", "intimacy", "conflict"):
        text = text.replace('\nfrom = "FILL IN"', f'\nfrom = "{column}"', 1)
    diary.write_text(text.replace('unit = "hours"', 'unit = "conflicts"'), encoding="utf-8")
    items = [*(f"PRQC_{n}" for n in range(1, 10)), *(f"sexsat{n}" for n in range(1, 6))]
    scale = ", ".join(f'"{item}"' for item in items[9:])
    columns = "".join(
        f'[columns.{item}]\nwoman = "{item}.1"\nman = "{item}.2"\nrange = [1, 7]\n'
        for item in items
    )
    (tmp_path / "couples_codebook.toml").write_text(
        '[couples]\nroles = ["woman", "man"]\nlayout = "wide"\n'
        f"[scales.sexual_satisfaction]\nitems = [{scale}]\nrange = [1, 7]\n{columns}",
        encoding="utf-8",
    )
    capsys.readouterr()
    assert code_of(["validate", "study.toml"]) == 2
    told = capsys.readouterr()
    assert "1848 days of 66 persons" in told.out
    assert "predictor: column shared_hours (conflict in the file)" in told.out
    assert "note: The claim is about hours together, but 'shared_hours' is measured" in told.out
    assert "sexual_satisfaction: scale sexual_satisfaction, 5 items" in told.out
    assert "error 1 of 3: [claims.communication]: the claim needs communication of both" in told.err
    assert "the claim needs emotional intimacy of both" in told.err
    assert "the claim needs relationship satisfaction of both" in told.err
