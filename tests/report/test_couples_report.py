from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from html import escape
from pathlib import Path

import pandas as pd
import pytest

from intimacy_analysis.claims.yoo_2014 import examine
from intimacy_analysis.claims.yoo_facts import NEIGHBORS
from intimacy_analysis.cli import main
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.report.couples_methods import couples_paragraphs
from intimacy_analysis.report.couples_tables import couples_tables
from intimacy_analysis.report.page import render_page
from intimacy_analysis.report.reproduction import reproduce, rerun
from intimacy_analysis.report.run_record import RunOptions, versions
from intimacy_analysis.report.wording import page_words
from intimacy_analysis.report.write import write_report
from intimacy_analysis.study.study import ImportStep
from tests.claims.couple_studies import couples_study, hardly_different_spouses, score_rows
from tests.report.test_page import Reader, text_of

SCRIPT = "<script>alert('couple')</script>"
BUNDLED = RunOptions(
    claim="communication", data="couples_survey", place="bundled", seed=3, bootstrap=100
)
OWN = RunOptions(
    claim="communication", data="couples.csv", place="file", seed=3, bootstrap=0,
    codebook="couples.toml", smallest_effects={"sexual-intimacy-wife": 0.02},
)  # fmt: skip
CODEBOOK = """\
[study]
name = "mine"
title = "Couples of my own"

[couples]
roles = ["wife", "husband"]
layout = "wide"

[columns.couple]
role = "couple"
""" + "".join(
    f'[columns.{stem}]\nwife = "{stem}_w"\nhusband = "{stem}_h"\nunit = "points"\n'
    for stem in (
        "communication", "sexual_satisfaction", "emotional_intimacy", "relationship_satisfaction",
    )
)  # fmt: skip


def numbers(folder):
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))["results"]


def page_in(folder):
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports") / "bundled"
    reproduce(BUNDLED, folder)
    return folder


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Couples of one's own in the current folder."""
    monkeypatch.chdir(tmp_path)
    rows = score_rows()
    rows.columns = [name.replace("_wife", "_w").replace("_husband", "_h") for name in rows.columns]
    rows.insert(0, "couple", range(1, len(rows) + 1))
    rows.to_csv("couples.csv", index=False)
    Path("couples.toml").write_text(CODEBOOK, encoding="utf-8")
    return OWN


def command(*arguments):
    """Run the command and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code or 0


def rendered(evidence):
    return render_page(evidence, couples_tables(evidence), [], OWN, versions())


# ---- the folder


def test_the_folder_holds_page_figures_tables_and_record(bundled):
    assert {path.name for path in bundled.iterdir()} == {
        "index.html", "figures", "tables", "run.json",
    }  # fmt: skip
    tables = {path.stem for path in (bundled / "tables").iterdir()}
    assert {
        "verdicts", "communication", "sexual_first", "emotional_first", "indirect", "fit",
        "directions", "gap", "published", "variables", "lineage", "import_report", "truth",
    } == tables  # fmt: skip
    assert {path.suffix for path in (bundled / "tables").iterdir()} == {
        ".csv", ".html", ".tex", ".md",
    }  # fmt: skip
    figures = {path.stem for path in (bundled / "figures").iterdir() if path.suffix == ".svg"}
    assert figures == {
        "published_and_reestimated", "path_diagram_sexual_first", "path_diagram_emotional_first",
        "actor_partner_effects", "indirect_effects", "implied_and_observed",
    }  # fmt: skip
    assert all((bundled / "figures" / f"{name}.pdf").stat().st_size > 1000 for name in figures)


def test_the_page_needs_nothing_from_anywhere(bundled):
    page = page_in(bundled)
    reader = Reader(page)
    for tag in ("script", "link", "iframe", "object", "form"):
        assert reader.all(tag) == []
    assert len(reader.all("img")) == 6
    assert all(image["src"].startswith("data:image/svg+xml;base64,") for image in reader.all("img"))
    assert all(image["alt"] for image in reader.all("img"))
    assert all(anchor["href"].startswith("#") for anchor in reader.all("a"))
    without_pictures = re.sub(r"data:[^\"]+", "", page)
    assert not re.search(r"https?://", without_pictures)
    assert "url(" not in page
    assert "@import" not in page
    names = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(names) == len(set(names))


def test_every_table_that_the_page_is_to_show_is_there(bundled):
    evidence = examine(load_study("couples_survey"), bootstrap=100, n_samples=20)
    tables = couples_tables(evidence)
    words = page_words(evidence)
    shown = {*words.estimates, *words.sensitivity_tables, *words.data, "verdicts", "published"}
    assert shown == set(tables)
    page = page_in(bundled)
    for table in tables.values():
        assert f"<caption>{escape(table.title)}" in page, table.title


def test_the_first_lines_tell_the_kind_of_data_and_what_it_cannot_do(bundled):
    text = text_of(page_in(bundled))
    assert "Synthetic data." in text[:400]
    assert "cannot support or refute the claim" in text[:500]
    assert "NOT TESTABLE" in text
    assert "says which comes first" not in text.replace("does not say which comes first", "")


def test_the_record_holds_verdicts_and_the_tables_raw_numbers(bundled):
    record = numbers(bundled)
    with (bundled / "tables" / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 11
    assert "direction" in json.dumps(record)
    direction = next(row for row in rows if row["verdict"] == "NOT TESTABLE")
    assert direction["low"] in ("", "nan")  # a simulated spread is no interval
    assert float(direction["value"]) != 0


# ---- made again


def test_a_run_made_again_from_its_record_gives_the_same_numbers(bundled, tmp_path):
    again = tmp_path / "again"
    rerun(bundled / "run.json", again)
    assert numbers(again) == numbers(bundled)
    for name in ("verdicts", "indirect", "gap", "directions", "fit"):
        path = Path("tables") / f"{name}.csv"
        assert (again / path).read_bytes() == (bundled / path).read_bytes(), name
    assert page_in(again) == page_in(bundled)


def test_own_couples_are_made_again_too_and_changed_ones_refused(own, tmp_path):
    reproduce(own, tmp_path / "first")
    rerun(tmp_path / "first" / "run.json", tmp_path / "second")
    assert numbers(tmp_path / "first") == numbers(tmp_path / "second")
    page = page_in(tmp_path / "first")
    assert "Original data." in text_of(page)[:400]
    assert "Couples of my own" in page
    assert "chosen for this run" in page
    assert not (tmp_path / "first" / "tables" / "truth.csv").exists()
    assert not (tmp_path / "first" / "figures" / "indirect_effects.svg").exists()  # no bootstrap
    rows = pd.read_csv("couples.csv")
    rows.iloc[1:].to_csv("couples.csv", index=False)
    assert command("reproduce", "--from", "first/run.json", "--out", "third") == 2
    assert not Path("third").exists()


# ---- the command


def test_the_command_says_verdicts_and_its_exit_code(own, capsys):
    arguments = ("reproduce", "--claim", "communication", "--data", "couples.csv",
                 "--bootstrap", "0")  # fmt: skip
    code = command(*arguments, "--out", "report", "--quiet", "--json")
    told = capsys.readouterr()
    assert code == 0
    assert told.err == ""
    found = json.loads(told.out)
    assert found["page"] == "report/index.html"
    assert "NOT TESTABLE" in told.out
    assert command(*arguments, "--out", "other") == 0
    told = capsys.readouterr()
    assert "Claim: Sexual satisfaction comes before emotional intimacy" in told.out
    assert told.out.rstrip().endswith("Report: other/index.html")


def test_the_command_on_a_model_without_a_maximum_exits_with_three(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rows = hardly_different_spouses()
    rows.to_csv("couples.csv", index=False)
    text = CODEBOOK.replace('[columns.couple]\nrole = "couple"\n', "")
    text = text.replace('_w"', '_wife"').replace('_h"', '_husband"')
    Path("couples.toml").write_text(text, encoding="utf-8")
    arguments = ["--claim", "communication", "--data", "couples.csv", "--bootstrap", "0"]
    assert command("reproduce", *arguments, "--out", "report", "--quiet") == 3
    capsys.readouterr()
    page = page_in(Path("report"))
    Reader(page)
    assert "The model could not be fitted" in page


@pytest.mark.parametrize(
    ("data", "word"), [("shared_time_diary", "needs couples"), ("couples_surve", "couples_survey")]
)
def test_the_command_refuses_data_that_cannot_answer(data, word, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert command("reproduce", "--claim", "communication", "--data", data) == 2
    assert word in capsys.readouterr().err
    assert not any(tmp_path.iterdir())


# ---- the page's words


def test_hostile_text_of_the_user_stays_text():
    study = couples_study(score_rows())
    book = study.frame.codebook
    hostile = tuple(
        replace(variable, label=SCRIPT, unit=SCRIPT) if variable.name != "couple" else variable
        for variable in book
    )
    steps = (ImportStep(what=SCRIPT, column=SCRIPT, detail=SCRIPT),)
    study = replace(
        study,
        title=SCRIPT,
        name=SCRIPT,
        notes=(SCRIPT,),
        frame=replace(study.frame, codebook=type(book)(hostile)),
        report=replace(study.report, steps=steps, path=SCRIPT),
    )
    page = rendered(examine(study, bootstrap=0, n_samples=20))
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 8
    Reader(page)


def test_a_failed_model_has_no_numbers_on_the_page(tmp_path):
    evidence = examine(couples_study(hardly_different_spouses()), bootstrap=0, n_samples=20)
    write_report(evidence, tmp_path / "report", options=OWN)
    page = page_in(tmp_path / "report")
    Reader(page)
    assert "could not be fitted properly" in page
    assert "Know before you trust the numbers" in page
    drawn = {path.stem for path in (tmp_path / "report" / "figures").glob("*.svg")}
    assert drawn == {"published_and_reestimated", "actor_partner_effects"}
    with (tmp_path / "report" / "tables" / "fit.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["model"]: row for row in csv.DictReader(file)}
    assert rows["communication"]["state"] == "ok"
    for name in ("sexual first", "emotional first"):
        assert rows[name]["state"] == "failed"
        for column in ("cfi", "rmsea", "srmr", "aic", "chi_square"):
            assert rows[name][column] in ("", "nan"), (name, column)


def test_the_methods_say_how_gaps_were_treated():
    rows = score_rows()
    rows.iloc[:35, 0] = float("nan")
    full, listwise = (
        couples_paragraphs(examine(couples_study(rows), missing=kind, bootstrap=0, n_samples=20))
        for kind in ("fiml", "listwise")
    )
    assert "335 couples, both members (wife and husband)" in full[0]
    assert "missing at random given those observed" in full[0]
    assert "300 couples" in listwise[0]
    assert "35 couples with a gap were left out" in listwise[0]
    assert "bootstrap of couples" not in full[2]
    assert "not testable with answers of one time" in full[3]


def test_values_of_other_studies_keep_their_label_in_the_forest_and_are_not_published(bundled):
    forest = pd.read_csv(bundled / "figures" / "actor_partner_effects.csv")
    known = forest[forest["source"] == "known"]
    assert len(known) == len(NEIGHBORS)
    assert set(known["label"]) == {"[computed: D2]"}
    shown = pd.read_csv(bundled / "figures" / "published_and_reestimated.csv")
    numbers_shown = shown[(shown["kind"] == "published") & shown["value"].notna()]
    # Nothing printed is in the unit of a standardized path: no number stands on its scale.
    assert numbers_shown.empty
    recalled = shown[shown["label"].fillna("").str.contains("recalled|computed|assumption")]
    assert len(recalled)
    assert recalled["value"].isna().all()


def test_the_page_claims_no_cause_in_its_own_words(bundled):
    # What stands in quotation marks is the article's; the rest is ours.
    text = re.sub(r"(&#39;|')[^']{0,80}?(&#39;|')", "", text_of(page_in(bundled)))
    text = text.replace("advice on what talk leads to", "")  # told of the article
    for word in (
        r"\bcauses\b",
        r"\bleads? to\b",
        r"\bincreases?\b",
        r"\bboosts?\b",
        r"\bimproves\b",
    ):
        found = re.findall(f".{{60}}{word}.{{40}}", text)
        assert not found, found
