from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from intimacy_analysis.cli import main
from intimacy_analysis.simulation.shared_time import simulate_shared_time

CODEBOOK = """\
[study]
name = "mine"
title = "A diary of my own"
kind = "original"

[columns.id]
role = "person"

[columns.day]
role = "day"

[columns.weekend]
role = "weekend"

[columns.hours]
from = "Stunden zu zweit"
label = "Hours together"
unit = "hours"
range = [0, 24]
role = "predictor"

[columns.closeness]
label = "Closeness"
unit = "points"
range = [-20, 20]
role = "outcome"
"""
ROWS = simulate_shared_time(n_persons=20, n_days=14, seed=5)[
    ["person", "day", "weekend", "shared_hours", "intimacy"]
].set_axis(["id", "day", "weekend", "Stunden zu zweit", "closeness"], axis=1)
FORMULA = "closeness ~ hours + (1 | id)"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with spaces and other scripts in its name."""
    place = tmp_path / "mein Ordner äöü 日記"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def diary(folder):
    ROWS.to_csv("tägliche daten.csv", index=False)
    Path("tägliche daten.toml").write_text(CODEBOOK, encoding="utf-8")
    return "tägliche daten.csv"


class Answer:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Answer(stop.value.code or 0, captured.out, captured.err)

    return call


def refused(answer, *words):
    assert answer.code == 2, answer.err
    assert "Traceback" not in answer.err + answer.out
    for word in words:
        assert word in answer.err
    return True


# ---- help, version, usage


def test_help_names_the_commands_and_the_exit_codes(run):
    answer = run("--help")
    assert answer.code == 0
    for word in (
        "reproduce",
        "rerun",
        "new-study",
        "validate",
        "fit",
        "simulate",
        "Exit codes",
        "fitted but",
    ):
        assert word in answer.out


@pytest.mark.parametrize(
    "command", ["reproduce", "rerun", "new-study", "figure", "validate", "fit", "simulate"]
)
def test_every_command_documents_the_exit_codes(run, command):
    assert "Exit codes" in run(command, "--help").out


def test_version_is_the_packages(run):
    from intimacy_analysis import __version__

    assert run("--version").out.strip() == f"intimacy-analysis {__version__}"


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuch",),
        ("fit",),
        ("validate",),
        ("fit", "x.csv", "--nosuch"),
        ("fit", "x.csv", "-f", "y ~ x + (1|g)", "--df", "none"),
        ("simulate", "x.csv", "--persons", "one"),
        ("simulate", "x.csv", "--persons", "-3"),
        ("reproduce", "--seed", "x"),
    ],
)
def test_wrong_usage_is_code_2(run, folder, arguments):
    assert run(*arguments).code == 2
    assert list(folder.iterdir()) == []


def test_help_is_fast_and_loads_no_engine():
    code = (
        "import sys\n"
        "from intimacy_analysis.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = [name for name in ('pandas', 'scipy', 'statsmodels', 'pingouin', 'matplotlib',"
        " 'numpy', 'formulaic') if name in sys.modules]\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_color_and_no_terminal_give_plain_text():
    environment = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "from intimacy_analysis.cli import main; main(['--help'])"],
        capture_output=True,
        check=False,
        env=environment,
    )
    assert b"\x1b[" not in done.stdout


# ---- validate


def test_a_sound_file_is_told_what_was_read(run, diary):
    answer = run("validate", diary)
    assert answer.code == 0
    assert "rows read" in answer.out
    assert "No problem" in answer.out


def test_a_drafted_codebook_is_written_once(run, folder):
    ROWS.to_csv("d.csv", index=False)
    assert run("validate", "d.csv", "--write-codebook").code == 0
    assert 'role = "person"' in Path("d.toml").read_text(encoding="utf-8")
    Path("d.toml").write_text("mine", encoding="utf-8")
    assert refused(run("validate", "d.csv", "--write-codebook"), "'d.toml'", "left as it is")
    assert Path("d.toml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", "d.csv", "--write-codebook", "other.toml"),
        ("validate", "--write-codebook", "other.toml", "d.csv"),
        ("validate", "d.csv", "--write-codebook=other.toml"),
    ],
)
def test_the_draft_may_be_named_anywhere(run, folder, arguments):
    ROWS.to_csv("d.csv", index=False)
    assert run(*arguments).code == 0
    assert Path("other.toml").is_file()


def test_the_option_may_stand_before_the_file(run, folder):
    ROWS.to_csv("d.csv", index=False)
    assert run("validate", "--write-codebook", "d.csv").code == 0
    assert Path("d.toml").is_file()


def test_a_check_as_json_has_the_problems(run, diary):
    Path("tägliche daten.csv").write_text("id,day\n1,1\n", encoding="utf-8")
    answer = run("validate", diary, "--json")
    assert answer.code == 2
    assert json.loads(answer.out)["ok"] is False
    assert json.loads(answer.out)["problems"]


# ---- every kind of wrong input, through the command


def spoil_missing(rows):
    return None


def spoil_text(rows):
    return rows.assign(closeness=["very close", *rows["closeness"].astype(str)[1:]])


def spoil_range(rows):
    return rows.assign(**{"Stunden zu zweit": [90.0, *rows["Stunden zu zweit"][1:]]})


def spoil_infinite(rows):
    return rows.assign(closeness=["inf", *rows["closeness"].astype(str)[1:]])


def spoil_twice(rows):
    return pd.concat([rows, rows.iloc[[0]]])


def spoil_days(rows):
    return rows.assign(day=["Monday"] * len(rows))


def spoil_column(rows):
    return rows.rename(columns={"closeness": "closenes"})


def spoil_constant_predictor(rows):
    return rows.assign(**{"Stunden zu zweit": 3.0})


def spoil_constant_outcome(rows):
    return rows.assign(closeness=4.0)


def spoil_all_missing(rows):
    return rows.assign(closeness="")


def spoil_one_day(rows):
    return rows.groupby("id").sample(1, random_state=1)


BAD = {
    "missing file": (spoil_missing, "tägliche daten.csv"),
    "text": (spoil_text, "closeness"),
    "out of range": (spoil_range, "hours"),
    "infinite": (spoil_infinite, "closeness"),
    "two rows a day": (spoil_twice, "day"),
    "days that are none": (spoil_days, "day"),
    "unknown column": (spoil_column, "closenes"),
    "constant predictor": (spoil_constant_predictor, "hours"),
    "constant outcome": (spoil_constant_outcome, "closeness"),
    "all missing": (spoil_all_missing, "closeness"),
    "one day for everyone": (spoil_one_day, "day"),
}


@pytest.mark.parametrize("command", ["validate", "fit", "reproduce"])
@pytest.mark.parametrize("kind", BAD)
def test_bad_data_are_refused_with_the_name_of_the_thing(run, diary, command, kind):
    spoil, word = BAD[kind]
    spoiled = spoil(ROWS)
    if spoiled is None:
        Path(diary).unlink()
    else:
        spoiled.to_csv(diary, index=False)
    arguments = {
        "validate": ("validate", diary),
        "fit": ("fit", diary, "-f", FORMULA),
        "reproduce": ("reproduce", "--data", diary, "--bootstrap", "0", "--out", "out"),
    }[command]
    assert refused(run(*arguments), word)
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        *(("csv", content) for content in (b"", b"\xff\xfe\x00\x00broken", b"PK\x03\x04 no zip")),
        *(("csv", content) for content in (b"\x00" * 200, b'id,day\n"1')),
        *((ending, b"") for ending in ("xlsx", "sav", "dta", "parquet", "pdf")),
        *((ending, b"PK\x03\x04 no zip") for ending in ("xlsx", "sav", "parquet")),
    ],
)
@pytest.mark.parametrize("command", ["validate", "fit"])
def test_damaged_files_are_refused_without_a_traceback(run, folder, command, ending, content):
    Path(f"d.{ending}").write_bytes(content)
    Path("d.toml").write_text(CODEBOOK, encoding="utf-8")
    options = ("-f", FORMULA) if command == "fit" else ()
    assert refused(run(command, f"d.{ending}", *options), "error")


@pytest.mark.parametrize(
    "text", ["", "[columns", "[columns.id]\nrole = 'boss'", "x = 1", "[columns]\n", "\x00"]
)
def test_a_broken_codebook_is_refused(run, diary, text):
    Path("tägliche daten.toml").write_text(text, encoding="utf-8")
    assert refused(run("fit", diary, "-f", FORMULA))


# ---- fit


def test_fit_prints_the_table_and_leaves_with_0(run, diary):
    answer = run("fit", diary, "--formula", "closeness ~ hours + (1 | id)")
    assert answer.code == 0
    assert "state: ok" in answer.out
    assert "closeness points per hour" in answer.out
    assert "of 20 id groups were used" in answer.out
    assert answer.err == ""


def test_the_structured_form_is_the_formula_with_centered_columns(run, diary):
    formula = "closeness ~ hours_within + hours_between + (1 + hours_within | id)"
    by_formula = run("fit", diary, "--formula", formula, "--center", "hours", "--json")
    by_names = run(
        "fit", diary, "--outcome", "closeness", "--within", "hours", "--between", "hours",
        "--random", "hours", "--json",
    )  # fmt: skip
    assert by_formula.code == by_names.code
    one, other = json.loads(by_formula.out), json.loads(by_names.out)
    assert one["fixed_effects"] == other["fixed_effects"]
    assert one["covariance_parameters"] == other["covariance_parameters"]


def test_json_on_standard_output_is_all_there_is(run, diary):
    answer = run("fit", diary, "-f", FORMULA, "--json")
    found = json.loads(answer.out)
    assert found["state"] == "ok"
    assert found["n_rows"] == len(ROWS)
    assert [row["name"] for row in found["fixed_effects"]] == ["Intercept", "hours"]


def test_fit_without_a_codebook_takes_columns_as_they_are(run, folder):
    ROWS.to_csv("bare.csv", index=False)
    answer = run("fit", "bare.csv", "-f", "closeness ~ `Stunden zu zweit` + (1 | id)")
    assert answer.code == 0
    assert "no codebook" in answer.err
    assert run("fit", "bare.csv", "-f", "closeness ~ day + (1 | id)", "--quiet").err == ""


def test_fit_of_the_reference_diary_is_lme4s(run, folder, reference_folder):
    data = reference_folder / "data" / "bl_process.csv"
    expected = json.loads((reference_folder / "expected" / "bl_process.json").read_text())
    expected = expected["models"]["rs_reml"]
    answer = run(
        "fit", data, "--center", "conflict", "--json", "--formula",
        "intimacy ~ time7c + conflict_within + conflict_between + (1 + conflict_within | id)",
    )  # fmt: skip
    rows = {row["name"]: row for row in json.loads(answer.out)["fixed_effects"]}
    slope = rows["conflict_within"]
    assert slope["value"] == pytest.approx(expected["fixef"]["confcw"], rel=1e-6)
    assert slope["std_error"] == pytest.approx(expected["se"]["confcw"], rel=1e-5)
    df = expected["satterthwaite"]["confcw"]["df"]
    assert slope["df"] == pytest.approx(df, rel=1e-3)


def test_fit_writes_tables_and_its_record(run, diary):
    assert run("fit", diary, "-f", FORMULA, "--out", "fitted here").code == 0
    record = json.loads(Path("fitted here/run.json").read_text(encoding="utf-8"))
    assert record["results"]["state"] == "ok"
    assert Path("fitted here/tables/fixed_effects.tex").is_file()
    assert run("fit", diary, "-f", FORMULA, "--out", "fitted here").code == 0


def test_a_failed_fit_is_code_3_and_prints_no_numbers(run, folder):
    rows = ROWS.assign(closeness=2 + 0.5 * ROWS["Stunden zu zweit"])
    rows.to_csv("exact.csv", index=False)
    answer = run("fit", "exact.csv", "-f", "closeness ~ `Stunden zu zweit` + (1 | id)")
    assert answer.code == 3
    assert "no estimates" in answer.out
    assert "warning: Failed fit" in answer.err
    assert "Traceback" not in answer.err


def test_a_singular_fit_is_code_4_and_says_which_component(run, folder):
    # Persons' means are equal by construction, so persons do not differ.
    means = ROWS.groupby("id")["closeness"].transform("mean")
    ROWS.assign(closeness=ROWS["closeness"] - means).to_csv("flat.csv", index=False)
    answer = run("fit", "flat.csv", "-f", "closeness ~ day + (1 | id)")
    assert answer.code == 4
    assert "state: singular" in answer.out
    assert "Intercept" in answer.out


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "closeness",
        "closeness ~ hours",
        "closeness ~ hours + (1 | id) + (1 | day)",
        "closeness ~ nosuch + (1 | id)",
        "closeness ~ __import__('os').system('touch pwned') + (1 | id)",
        "closeness ~ hours.__class__ + (1 | id)",
        "closeness ~ I(open('x')) + (1 | id)",
        "closeness ~ (lambda: 1)() + (1 | id)",
        "closeness ~ hours + (1 | nosuch)",
        "~ hours + (1 | id)",
        "closeness ~ hours + (1 + hours | id",
        "@pd + (1 | id)",
        "closeness ~ " + "(" * 500 + "hours" + ")" * 500 + " + (1 | id)",
    ],
)
def test_a_formula_of_anything_else_is_refused_and_never_run(run, diary, formula):
    assert refused(run("fit", diary, "--formula", formula))
    assert not Path("pwned").exists()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ((), "a model is needed"),
        (("--formula", FORMULA, "--outcome", "closeness"), "both --formula and --outcome"),
        (("--outcome", "closeness", "--random", "hours"), "--within"),
        (("--outcome", "closeness", "--within", "hour"), "Did you mean hours"),
        (("--outcome", "closeness", "--center", "hours"), "--within"),
        (("--formula", FORMULA, "--group", "day"), "Leave out --group"),
        (("--formula", FORMULA, "--confidence", "95"), "confidence"),
        (("--formula", FORMULA, "--center", "nosuch"), "nosuch"),
    ],
)
def test_options_that_do_not_fit_together_are_refused(run, diary, options, word):
    assert refused(run("fit", diary, *options), word)


def test_serial_residuals_without_any_time_are_refused(run, folder):
    ROWS.to_csv("bare.csv", index=False)
    answer = run("fit", "bare.csv", "-f", "closeness ~ day + (1 | id)", "--residuals", "ar1")
    assert refused(answer, "--time")
    answer = run(
        "fit", "bare.csv", "-f", "closeness ~ weekend + (1 | id)", "--residuals", "ar1",
        "--time", "day",
    )  # fmt: skip
    assert answer.code == 0
    assert "autocorrelation" in answer.out


# ---- reproduce


def test_reproduce_on_own_data_writes_the_report_and_says_the_verdicts(run, diary):
    answer = run("reproduce", "--data", diary, "--out", "mein Bericht", "--bootstrap", "0")
    assert answer.code in (0, 4)  # 20 persons may leave a variance at its bound
    assert "Claim: On weekdays" in answer.out
    assert "NOT TESTABLE" in answer.out  # no stress column
    page = Path("mein Bericht/index.html").read_text(encoding="utf-8")
    assert "Original data." in page
    assert "A diary of my own" in page
    assert Path("mein Bericht/run.json").is_file()


def test_reproduce_twice_and_from_its_record(run, diary):
    options = ("--bootstrap", "0", "--json", "--quiet")
    first = run("reproduce", "--data", diary, *options)
    assert first.err == ""
    assert json.loads(first.out)["page"] == "intimacy_report/index.html"
    second = run("reproduce", "--data", diary, *options)
    third = run("reproduce", "--from", "intimacy_report/run.json", "--json", "--quiet")
    assert json.loads(first.out) == json.loads(second.out) == json.loads(third.out)
    Path("intimacy_report/notes.txt").write_text("mine", encoding="utf-8")
    assert refused(run("reproduce", "--data", diary, *options), "'notes.txt'", "--out")
    assert Path("intimacy_report/notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_record_of_other_data_is_refused(run, diary):
    run("reproduce", "--data", diary, "--bootstrap", "0")
    ROWS.iloc[1:].to_csv(diary, index=False)
    answer = run("reproduce", "--from", "intimacy_report/run.json", "--out", "again")
    assert refused(answer, "it has changed", "tägliche daten.csv")
    assert not Path("again").exists()


def test_the_bundled_diary_without_effect_is_said_to_have_none(run, folder):
    answer = run("reproduce", "--data", "shared_time_no_effect", "--bootstrap", "0")
    assert answer.code in (0, 4)
    assert "no effect was put in, none is found" in answer.out
    assert "REPRODUCED" not in answer.out


def test_a_run_is_repeated_and_every_number_compared(run, diary):
    run("reproduce", "--data", diary, "--bootstrap", "0")
    same = run("rerun", "intimacy_report/run.json", "--out", "again")
    assert same.code in (0, 4)
    assert same.out.startswith("Every one of ")
    record = Path("intimacy_report/run.json")
    held = json.loads(record.read_text(encoding="utf-8"))
    held["results"]["findings"][0]["value"] += 0.001
    held["versions"]["numpy"] = "1.0"
    record.write_text(json.dumps(held), encoding="utf-8")
    other = run("rerun", record, "--out", "third", "--json")
    assert other.code == 5
    answer = json.loads(other.out)
    assert [one["place"] for one in answer["differences"]] == ["shared-time, findings 1, value"]
    assert answer["changed_versions"]["numpy"][0] == "1.0"
    told = run("rerun", record, "--out", "third")
    assert "1 of " in told.out
    assert "numpy 1.0 -> " in told.out
    ROWS.iloc[1:].to_csv(diary, index=False)
    assert refused(run("rerun", record, "--out", "fourth"), "it has changed")
    assert refused(run("rerun", "nosuch.json"), "there is no run record")


def test_labels_and_ids_of_participants_stay_text(run, diary):
    script = "<script>alert(1)</script>"
    book = CODEBOOK.replace('"Closeness"', f'"{script}"').replace("A diary of my own", script)
    Path("tägliche daten.toml").write_text(book, encoding="utf-8")
    ROWS.assign(id=script + ROWS["id"]).to_csv(diary, index=False)
    run("reproduce", "--data", diary, "--bootstrap", "0")
    page = Path("intimacy_report/index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    for table in Path("intimacy_report/tables").glob("*.html"):
        assert "<script" not in table.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--claim", "love"), "Known claims: shared-time"),
        (("--claim", ""), "Known claims: shared-time"),
        (("--data", "nosuch.csv"), "nosuch.csv"),
        (("--data", "shared_time_dairy"), "shared_time_diary"),
        (("--data", ""), "data"),
        (("--codebook", "x.toml"), "Name the claim with --claim"),
        (("--codebook", "x.toml", "--claim", "shared-time"), "--data"),
        (("--confidence", "95"), "between 0 and 1"),
        (("--confidence", "95", "--claim", "shared-time"), "between 0 and 1"),
        (("--smallest-effect", "weekday=1"), "Name the claim with --claim"),
        (("--variable", "closeness=x"), "Name the claim with --claim"),
        (("--smallest-effect", "weekday", "--claim", "shared-time"), "CLAIM=SIZE"),
        (("--smallest-effect", "nosuch=1", "--claim", "shared-time"), "Known claims"),
        (("--smallest-effect", "weekday=-1", "--claim", "shared-time"), "size, zero or more"),
        (("--from", "nosuch.json"), "there is no run record"),
        (("--from", "nosuch.json", "--seed", "3"), "--seed cannot be given"),
        (("--out", "tägliche daten.csv"), "is a file"),
        (("--out", "."), "must be new, empty or an earlier report"),
    ],
)
def test_a_run_that_cannot_be_is_refused(run, diary, options, word):
    before = sorted(path.name for path in Path().iterdir())
    assert refused(run("reproduce", *options), word)
    assert sorted(path.name for path in Path().iterdir()) == before


# ---- simulate


def test_a_simulated_diary_states_its_truth_and_can_be_read_again(run, folder):
    answer = run("simulate", "new one.csv", "--persons", "30", "--seed", "9", "--set",
                 "weekday_slope=0.2")  # fmt: skip
    assert answer.code == 0
    text = Path("new one.toml").read_text(encoding="utf-8")
    assert 'kind = "synthetic"' in text
    assert "seed = 9" in text
    assert "shared_hours_within = 0.2" in text
    assert run("validate", "new one.csv").code == 0


def test_the_same_seed_gives_the_same_bytes(run, folder):
    run("simulate", "a.csv", "--seed", "3")
    run("simulate", "b.csv", "--seed", "3")
    run("simulate", "c.csv", "--seed", "4")
    one, two, three = (Path(name).read_bytes() for name in ("a.csv", "b.csv", "c.csv"))
    assert one == two != three


@pytest.mark.parametrize("there", ["a.csv", "a.toml"])
def test_simulate_overwrites_nothing(run, folder, there):
    Path(there).write_text("mine", encoding="utf-8")
    assert refused(run("simulate", "a.csv"), there, "left as it is")
    assert [path.name for path in folder.iterdir()] == [there]
    assert Path(there).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("simulate",), "needs a new file"),
        (("simulate", "a.xlsx"), ".csv"),
        (("simulate", "a.csv", "--set", "weekday_slop=1"), "Did you mean weekday_slope"),
        (("simulate", "a.csv", "--set", "weekday_slope=lots"), "name=number"),
        (("simulate", "a.csv", "--set", "weekday_slope=nan"), "finite"),
        (("simulate", "a.csv", "--set", "residual_sd=-1"), "residual_sd"),
        (("simulate", "no/such/folder/a.csv"), "folder exists"),
    ],
)
def test_a_simulation_that_cannot_be_is_refused(run, folder, arguments, word):
    assert refused(run(*arguments), word)
    assert list(folder.iterdir()) == []


def test_a_recovery_study_shows_bias_and_coverage(run, folder):
    answer = run("simulate", "--recovery", "4", "--persons", "12", "--days", "14", "--json")
    assert answer.code == 0
    rows = {row["name"]: row for row in json.loads(answer.out)["recovery"]}
    slope = rows["shared_hours_within"]
    assert slope["bias"] == pytest.approx(slope["mean"] - 0.08)
    assert list(folder.iterdir()) == []


# ---- errors that nobody foresaw


def test_an_internal_error_is_code_1_and_asks_for_a_report(run, monkeypatch, folder):
    def broken(*given, **named):
        raise RuntimeError("a fault")

    monkeypatch.setattr("intimacy_analysis.cli.simulate.run_simulate", broken)
    answer = run("simulate", "a.csv")
    assert answer.code == 1
    assert "--debug" in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("place", [0, 1, 2])
def test_debug_may_stand_anywhere_and_lets_the_error_through(folder, place):
    from intimacy_analysis.errors import DataError

    words = ["simulate", "no/such/a.csv"]
    words.insert(place, "--debug")
    with pytest.raises(DataError):
        main(words)


def test_ctrl_c_is_code_130_without_a_traceback(run, monkeypatch, folder):
    def stopped(*given, **named):
        raise KeyboardInterrupt

    monkeypatch.setattr("intimacy_analysis.cli.simulate.run_simulate", stopped)
    answer = run("simulate", "a.csv")
    assert answer.code == 130
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (("--variable", "sat"), "CONSTRUCT=NAME"),
        (("--variable", "sat="), "CONSTRUCT=NAME"),
        (("--variable", "sat=a", "--variable", "sat=b"), "named twice"),
    ],
)
def test_a_variable_must_be_named_once_and_whole(run, named, said):
    assert refused(run("reproduce", "--claim", "communication", *named), said)


def test_claims_that_go_by_roles_take_no_variables(run, diary):
    answer = run("reproduce", "--data", diary, "--variable", "closeness=x", "--bootstrap", "0")
    assert refused(answer, "by the roles in the codebook", 'role = "outcome"')


def test_a_construct_named_on_the_command_line_is_what_the_run_uses_and_records(run):
    named = ("--variable", "relationship_satisfaction=emotional_intimacy")
    options = ("--claim", "communication", "--bootstrap", "0", "--quiet")
    answer = run("reproduce", *options, "--variable", "relationship_satisfaction=happiness")
    assert refused(answer, "neither a variable nor a scale 'happiness'")
    assert refused(run("reproduce", "--from", "run.json", *named), "--variable")
