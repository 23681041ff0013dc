"""One study file for the user's own files: read, checked, run, and started from templates."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from intimacy_analysis import load_study, read_codebook, score_scale
from intimacy_analysis.claims.registry import claim_keys, find_claims
from intimacy_analysis.claims.requirements import requirements
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.loaders.bundled import bundled_file
from intimacy_analysis.report.codebook_template import PLACEHOLDER
from intimacy_analysis.report.new_study import new_study
from intimacy_analysis.report.repeat import repeat_run
from intimacy_analysis.report.study_check import validate_study_file
from intimacy_analysis.report.study_file import parse_study_file, read_study_file
from intimacy_analysis.report.toml_lines import toml_lines
from intimacy_analysis.report.whole_page import overview
from intimacy_analysis.report.whole_report import reproduce_all


def copied(folder: Path, *names: str) -> None:
    """Put bundled data and codebooks into a folder, as a user's own files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        for file in (bundled_file(name), bundled_file(name).with_suffix(".toml")):
            shutil.copy(file, folder / file.name)


def written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def told(path: Path) -> list[str]:
    return [str(problem) for problem in parse_study_file(path).problems]


def test_a_study_file_says_what_is_run_on_which_file(tmp_path):
    copied(tmp_path / "data", "technoference", "couples_survey")
    path = written(
        tmp_path,
        """
        [study]
        name = "my couples"
        [defaults]
        confidence = 0.9
        bootstrap = 0
        per_person = false
        [claims.technoference]
        data = "data/technoference.csv"
        smallest_effects.conflict = 0.2
        variables.technoference = "technoference"
        [claims.communication]
        data = "data/couples_survey.csv"
        codebook = "data/couples_survey.toml"
        bootstrap = 200
        seed = 7
        [claims.shared-time]
        data = "shared_time_diary"
        """,
    )
    study = read_study_file(path)
    first, second, third = study.runs
    assert study.name == "my couples"
    assert (first.claim, first.place, first.codebook) == ("technoference", "file", None)
    assert Path(first.data) == tmp_path / "data" / "technoference.csv"
    assert first.smallest_effects == {"conflict": 0.2}
    assert first.variables == {"technoference": "technoference"}
    assert (first.confidence, first.bootstrap, first.per_person) == (0.9, 0, False)
    assert first.seed == find_claims("technoference").usual[1]
    assert Path(second.codebook) == tmp_path / "data" / "couples_survey.toml"
    assert (second.bootstrap, second.seed) == (200, 7)
    assert (third.data, third.place) == ("shared_time_diary", "bundled")
    asked = {"technoference", "communication", "shared-time"}
    assert set(study.not_run) == set(claim_keys()) - asked


def test_every_problem_is_told_with_table_key_line_and_what_to_do(tmp_path):
    copied(tmp_path, "technoference")
    path = written(
        tmp_path,
        """[stduy]
[study]
name = 3
[defaults]
confidence = 95
bootstrap = 50
[claims.technoferense]
data = "technoference.csv"
[claims.shared-time]
data = "technoference.csv"
variables.hours = "x"
[claims.affection]
data = "technofrence.csv"
[claims.affection-deprivation]
codebook = "x.toml"
[claims.technoference]
data = "technoference.csv"
codebok = "technoference.toml"
variables.technoference = 4
""",
    )
    problems = told(path)
    starts = [
        "[stduy], line 1: the study file has no key 'stduy'. Did you mean study?",
        "[study] name, line 3: must be a text in quotes, but is 3.",
        "[defaults] confidence, line 5: must be a number between 0 and 1",
        "[defaults] bootstrap, line 6: must be 0 for none, or a whole number of 100",
        "[claims.technoferense], line 7: there is no claim 'technoferense'. Did you mean "
        "technoference?",
        "[claims.shared-time] variables, line 9: the claims 'shared-time' find their variables by "
        "the roles",
        "[claims.affection] data, line 13: there is no data file 'technofrence.csv' from the "
        "folder of this file. Did you mean technoference.csv?",
        "[claims.affection-deprivation] data, line 14: must name the data file in quotes, but is "
        "missing.",
        "[claims.technoference] codebok, line 18: [claims.technoference] has no key 'codebok'. "
        "Did you mean codebook?",
        "[claims.technoference.variables] technoference, line 19: must be a text in quotes, but "
        "is 4.",
    ]
    assert len(problems) == len(starts)
    for problem, start in zip(problems, starts, strict=True):
        assert problem.startswith(start)
    with pytest.raises(DataError) as refused:
        read_study_file(path)
    assert "'study.toml' has 10 problems:\n  1. [stduy]" in str(refused.value)
    assert "\n  10. [claims.technoference.variables]" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "must name at least one set of claims, but it names 0"),
        ("[claims]\naffection = 3", "must be a table, but is 3"),
        ('[claims.affection]\ndata = "affection_survey"\ncodebook = "a.toml"', "bundled study"),
        ('[claims.affection]\ndata = "lone.csv"', "there is no 'lone.toml' beside 'lone.csv'"),
        ('[claims.affection]\ndata = "study.csv"', "is this study file"),
        ('[claims.affection]\ndata = "no/where.csv"', "The folder itself is not there"),
        ('[claims.affection]\ndata = "lone.csv"\ncodebook = 2', "must be a path in quotes"),
        ('[claims.affection]\ndata = "lone.csv"\ncodebook = "b.toml"', "no codebook 'b.toml'"),
    ],
)
def test_an_entry_that_cannot_be_is_one_problem(tmp_path, text, says):
    path = written(tmp_path, text + "\n")
    for name in ("lone.csv", "study.csv"):
        (tmp_path / name).write_text("a\n1\n", encoding="utf-8")
    (problem,) = told(path)
    assert says in problem


def test_a_file_that_is_no_toml_is_refused_with_the_usual_reason(tmp_path):
    path = written(tmp_path, '[claims.affection]\ndata = "C:\\data\\x.sav"\n')
    with pytest.raises(DataError, match=r"must be written in TOML .* single quotes"):
        read_study_file(path)
    with pytest.raises(DataError, match="must exist"):
        read_study_file(tmp_path / "none.toml")


def test_lines_are_found_behind_values_of_several_lines():
    text = '[a]\nx = [\n  "b = 1",\n]\ny = """\n[c]\n"""\n[claims."d e"]\nz.w = 1\n'
    assert toml_lines(text) == {
        ("a",): 1,
        ("a", "x"): 2,
        ("a", "y"): 5,
        ("claims", "d e"): 8,
        ("claims", "d e", "z", "w"): 9,
    }


def test_the_check_lists_the_problems_of_all_claims_and_files(tmp_path):
    copied(tmp_path, "technoference", "couples_survey")
    book = tmp_path / "couples_survey.toml"
    text = book.read_text(encoding="utf-8")
    book.write_text(text.replace("[scales.communication]", "[scales.talk]"), encoding="utf-8")
    broken = tmp_path / "technoference.csv"
    lines = broken.read_text(encoding="utf-8").splitlines()
    lines[1] = ",".join("99" for _ in lines[1].split(","))
    broken.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path = written(
        tmp_path,
        """
        [claims.technoference]
        data = "technoference.csv"
        [claims.communication]
        data = "couples_survey.csv"
        smallest_effects.none-such = 1
        [claims.emotional-intimacy]
        data = "couples_survey.csv"
        [claims.affection]
        data = "nowhere.csv"
        """,
    )
    checked = validate_study_file(path)
    assert not checked.ok
    first, *files, missing, size = checked.problems
    assert first.startswith("[claims.affection] data, line 10")
    assert files
    assert all(one.startswith("technoference.csv (technoference): ") for one in files)
    assert missing.startswith("[claims.communication]: the claim needs communication of both")
    assert 'variables.communication = "NAME"' in missing
    assert "'none-such'" in size
    # What is sound is told too.
    sound = {claim.run.claim: claim.check for claim in checked.claims}["emotional-intimacy"]
    assert sound.problems == ()
    assert sound.uses["emotional_intimacy"] == "scale emotional_intimacy, 6 items"


def test_a_sound_study_says_what_each_claim_will_use(tmp_path):
    copied(tmp_path, "technoference")
    path = written(tmp_path, '[claims.technoference]\ndata = "technoference.csv"\n')
    checked = validate_study_file(path)
    assert checked.ok
    said = str(checked)
    assert "143 persons" in said
    assert "technoference: scale technoference, 4 items" in said
    assert f"No problem in {path}." in said
    assert checked.warnings == ()


def test_data_of_two_kinds_on_one_page_are_warned_of(tmp_path):
    copied(tmp_path, "technoference")
    book = tmp_path / "technoference.toml"
    text = book.read_text(encoding="utf-8").replace('kind = "synthetic"', 'kind = "original"')
    book.write_text(text, encoding="utf-8")
    path = written(
        tmp_path,
        '[claims.technoference]\ndata = "technoference.csv"\n'
        '[claims.affection]\ndata = "affection_survey"\n',
    )
    (warning,) = validate_study_file(path).warnings
    assert "original: technoference; synthetic: affection" in warning


def test_a_run_of_own_files_can_be_repeated_from_another_folder(tmp_path, monkeypatch):
    home = tmp_path / "home"
    copied(home / "data", "affection_deprivation")
    path = written(
        home,
        "[defaults]\nbootstrap = 0\n[claims.affection-deprivation]\n"
        'data = "data/affection_deprivation.csv"\n',
    )
    monkeypatch.chdir(home)
    report = reproduce_all(read_study_file("study.toml").runs, Path("out/report"), n_jobs=1)
    record = json.loads((home / "out" / "report" / "run.json").read_text(encoding="utf-8"))
    assert record["claims"][0]["options"]["data"] == "../../data/affection_deprivation.csv"
    assert "not run" in report.page.read_text(encoding="utf-8")
    assert path.is_file()
    # Data and report move together, and the command is called from elsewhere.
    moved = tmp_path / "moved"
    home.rename(moved)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    repeated = repeat_run(moved / "out" / "report" / "run.json", Path("again"), n_jobs=1)
    assert repeated.same
    # And the record of the repetition leads to the same file.
    assert repeat_run(Path("again/run.json"), Path("third"), n_jobs=1).same


def test_a_new_study_asks_for_what_the_chosen_claims_need(tmp_path):
    files = new_study(tmp_path / "mine", ["technoference", "communication"])
    assert [file.name for file in files] == [
        "study.toml",
        "survey_codebook.toml",
        "couples_codebook.toml",
    ]
    study = files[0].read_text(encoding="utf-8")
    assert "[claims.technoference]" in study
    assert "[claims.affection]" not in study
    survey = files[1].read_text(encoding="utf-8")
    for name in requirements("technoference").names:
        assert f"[columns.{name}]" in survey
        assert f"[scales.{name}]" in survey
    assert "tdis" in survey
    # Two claims named in another order give the same files.
    again = new_study(tmp_path / "again", ["communication", "technoference"])
    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in files]


def test_a_new_study_overwrites_nothing(tmp_path):
    kept = tmp_path / "survey_codebook.toml"
    kept.write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match=r"1 of its 4 files .* 'survey_codebook.toml'"):
        new_study(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [kept.name]
    assert kept.read_text(encoding="utf-8") == "mine"
    with pytest.raises(SpecError, match="no claim 'talk'"):
        new_study(tmp_path / "new", ["talk"])
    with pytest.raises(SpecError, match="named once"):
        new_study(tmp_path / "new", ["affection", "affection"])
    assert not (tmp_path / "new").exists()


def test_an_unfilled_template_is_one_problem_with_its_first_line(tmp_path):
    files = new_study(tmp_path, ["technoference"])
    (tmp_path / "survey.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (problem,) = validate_study_file(files[0]).problems
    text = files[1].read_text(encoding="utf-8")
    first = next(
        number
        for number, line in enumerate(text.splitlines(), 1)
        if line == f'from = "{PLACEHOLDER}"'
    )
    n = sum(line == f'from = "{PLACEHOLDER}"' for line in text.splitlines())
    assert f"{n} of 'survey_codebook.toml' are not; the first is in line {first}." in problem


def filled(text: str, key: str) -> str:
    """Fill a template in: the column of a table is called like the table, or ends in the role."""
    lines, table = [], ""
    # Scores are given, so the commented scales stay comments; optional tables come alive.
    optional = {construct.name for construct in requirements(key).of_need("optional")}
    alive = False
    for line in text.splitlines():
        bare = line.removeprefix("# ")
        if bare.startswith("[columns."):
            table = bare.removeprefix("[columns.").rstrip("]")
            alive = table in optional
        elif not bare or bare.startswith("Or, where"):
            alive = False
        lines.append(bare if alive and not bare.startswith("range") else line)
    out, table = [], ""
    for line in lines:
        if line.startswith("[columns."):
            table = line.removeprefix("[columns.").rstrip("]")
        for role, end in (("from", ""), ("wife", "_wife"), ("husband", "_husband")):
            if line.startswith(f'{role} = "{PLACEHOLDER}"'):
                line = f'{role} = "{table}{end}"'
        out.append(line)
    return "\n".join(out) + "\n"


def own_file(key: str, path: Path) -> None:
    """Write a bundled study as a user's file whose columns are called as the template's tables."""
    study = load_study(find_claims(key).study)
    needs = requirements(key)
    frame = study.frame
    if needs.file == "diary":
        rows = frame.rows
        names = {
            frame.codebook.with_role(role).name: name
            for role, name in {
                "person": "person",
                "day": "day",
                "outcome": "intimacy",
                "predictor": "shared_hours",
                "weekend": "weekend",
                "stress": "stress",
            }.items()
        }
        rows = rows[list(names)].rename(columns=names)
    elif needs.scales_only:
        rows = frame.rows.rename(
            columns=lambda name: name.replace("now_", "perceived_").replace("wish_", "expected_")
        )
    else:
        for scale in study.scales:
            frame, _ = score_scale(frame, scale)
        rows = frame.rows
    if needs.file == "couples":
        ends = dict(zip(frame.roles, ("wife", "husband"), strict=True))
        rows = rows.rename(columns=lambda name: _with_end(name, ends))
    rows.to_csv(path, index=False)


def _with_end(name: str, ends: dict[str, str]) -> str:
    stem, _, role = name.rpartition("_")
    return f"{stem}_{ends[role]}" if role in ends else name


@pytest.mark.parametrize("key", claim_keys())
def test_a_template_that_is_filled_in_is_a_sound_study(key, tmp_path):
    study, book = new_study(tmp_path, [key])
    kind = requirements(key).file
    book.write_text(filled(book.read_text(encoding="utf-8"), key), encoding="utf-8")
    own_file(key, tmp_path / f"{kind}.csv")
    if key == "emotional-intimacy":  # the bundled couples were not asked for well-being
        text = book.read_text(encoding="utf-8")
        start = text.index("[columns.well_being]")
        book.write_text(text[:start], encoding="utf-8")
    assert read_codebook(book).codebook
    checked = validate_study_file(study)
    assert checked.problems == ()
    (claim,) = checked.claims
    assert {c.name for c in requirements(key).of_need("needed")} <= set(claim.check.uses)


def test_a_template_that_is_filled_in_is_reproduced(tmp_path):
    study, book = new_study(tmp_path, ["affection-deprivation"])
    key = "affection-deprivation"
    book.write_text(filled(book.read_text(encoding="utf-8"), key), encoding="utf-8")
    own_file(key, tmp_path / "survey.csv")
    (run,) = read_study_file(study).runs
    report = reproduce_all([run], tmp_path / "report", n_jobs=1)
    bundled = find_claims(key).examine(load_study(find_claims(key).study), bootstrap=0)
    (part,) = report.parts
    assert part.kind == "original"
    assert [f.estimate and f.estimate.value for f in part.findings] == pytest.approx(
        [f.estimate and f.estimate.value for f in bundled.findings], nan_ok=True
    )


def test_members_of_other_names_have_their_rows_and_published_facts_in_the_overview(tmp_path):
    copied(tmp_path, "couples_survey")
    book = tmp_path / "couples_survey.toml"
    text = book.read_text(encoding="utf-8").replace('["wife", "husband"]', '["woman", "man"]')
    text = text.replace("\nwife = ", "\nwoman = ").replace("\nhusband = ", "\nman = ")
    book.write_text(text, encoding="utf-8")
    path = written(tmp_path, '[claims.emotional-intimacy]\ndata = "couples_survey.csv"\n')
    report = reproduce_all(read_study_file(path).runs, tmp_path / "report", n_jobs=1)
    group = next(group for group in overview(report.parts) if group.part is not None)
    assert [row.key for row in group.rows] == [
        "satisfaction-woman",
        "satisfaction-man",
        "well-being-woman",
    ]
    facts = [fact.text for fact in report.parts[0].facts if fact.term == "satisfaction"]
    assert facts
    for row in group.rows[:2]:
        assert len(row.published) == len(facts)
        assert row.published[0].startswith(facts[0])
