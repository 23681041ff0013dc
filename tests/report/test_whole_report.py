"""One run on every claim: page, record, and the same bytes again."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace

import pytest

from intimacy_analysis.claims.article import ARTICLE_SECTIONS, AUDIT
from intimacy_analysis.claims.registry import CLAIM_SETS, claim_keys, find_claims
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.report.repeat import repeat_run
from intimacy_analysis.report.reproduction import rerun
from intimacy_analysis.report.run_record import RunOptions
from intimacy_analysis.report.whole_report import reproduce_all
from tests.report.test_page import Reader, text_of

# As few bootstrap samples as an interval allows: what is asked here is not how sure it is.
FEW = 200


def run_of(key: str, **changes) -> RunOptions:
    claims = find_claims(key)
    usual = RunOptions(
        claim=key, data=claims.study, place="bundled", seed=claims.usual[1], bootstrap=FEW
    )
    return replace(usual, **changes)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "report"
    # The order asked in does not matter.
    return reproduce_all([run_of(key) for key in reversed(claim_keys())], folder, n_jobs=2)


@pytest.fixture(scope="module")
def page(whole):
    return whole.page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two") / "report"
    runs = [run_of("emotional-intimacy"), run_of("affection-deprivation")]
    return reproduce_all(runs, folder, n_jobs=1)


def test_every_claim_has_its_place_in_the_article_and_its_main_claims(whole):
    assert {section.key for section in ARTICLE_SECTIONS} == set(claim_keys())
    assert [part.key for part in whole.parts] == [claims.key for claims in CLAIM_SETS]
    held = {part.key: {finding.claim.key for finding in part.findings} for part in whole.parts}
    for section in ARTICLE_SECTIONS:
        assert section.main
        assert set(section.main) <= held[section.key]


def test_the_page_is_well_formed_and_asks_nothing_of_the_network(page):
    reader = Reader(page)
    assert reader.all("script") == []
    for source in re.findall(r'(?:src|href)="([^"]*)"', page):
        assert source.startswith(("data:", "#"))
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="#([^"]*)"', page):
        assert target in ids


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_overview_shows_article_study_estimate_and_verdict(page, whole):
    overview = page[page.index('id="overview"') : page.index('id="audit"')]
    for section in ARTICLE_SECTIONS:
        assert section.heading in overview
        for key in section.main:
            assert f'href="#{section.key}-claim-{key}"' in overview
    told = text_of("</style>" + overview)
    assert "[not found]" in told
    assert "intimacy points per hour" in told
    assert "NOT TESTABLE" in told
    assert "not run" not in told
    # APA: no leading zero for what cannot pass 1.
    assert re.search(r"\.63\d \[\.\d+, \.\d+\], p &lt; \.001; correlation", told)


def test_the_audit_of_the_article_and_its_fairness_are_told(page):
    told = text_of("</style>" + page[page.index('id="audit"') : page.index('class="claim"')])
    assert told.count("[derived]") >= 4
    assert "holding hands" in told
    assert "In fairness" in told
    assert len(AUDIT) == 8


def test_synthetic_data_are_marked_in_the_head_every_section_and_every_figure(page):
    assert "Synthetic data." in text_of(page)[:500]
    for section in page.split('<section class="claim"')[1:]:
        assert "synthetic data" in section[:600]
    for caption in re.findall(r"<figcaption>(.*?)</figcaption>", page, flags=re.DOTALL):
        assert "synthetic" in caption.lower()


def test_every_claim_has_its_own_folder_of_figures_and_tables(whole):
    for part in whole.parts:
        assert list((whole.folder / part.key / "figures").glob("*.svg"))
        assert (whole.folder / part.key / "tables" / "verdicts.csv").is_file()


def test_the_same_run_gives_the_same_bytes_whatever_works_on_it(two, tmp_path):
    runs = [part.entry["options"] for part in two.parts]
    again = reproduce_all([RunOptions(**run) for run in runs], tmp_path / "again", n_jobs=2)
    first = {p.relative_to(two.folder): p.read_bytes() for p in two.folder.rglob("*.*")}
    second = {p.relative_to(again.folder): p.read_bytes() for p in again.folder.rglob("*.*")}
    assert first == second


def test_claims_that_were_not_asked_for_are_marked_as_not_run(two):
    page = two.page.read_text(encoding="utf-8")
    assert page.count("not run</span>") == len(CLAIM_SETS) - 2
    assert 'id="technoference"' not in page
    assert len(two.parts) == 2


def test_a_repeated_run_finds_every_value_the_same(two, tmp_path):
    repeated = repeat_run(two.folder / "run.json", tmp_path / "again", n_jobs=1)
    assert repeated.same
    assert repeated.n_values > 300
    assert str(repeated) == f"Every one of {repeated.n_values} recorded values is the same."


def test_a_record_that_says_otherwise_is_told_apart(two, tmp_path):
    held = json.loads((two.folder / "run.json").read_text(encoding="utf-8"))
    found = held["claims"][0]["results"]["findings"]
    found[0]["value"] *= 1 + 1e-12
    found[1]["verdict"] = "CONTRADICTED"
    held["claims"][1]["results"]["findings"].pop()
    changed = tmp_path / "run.json"
    changed.write_text(json.dumps(held), encoding="utf-8")
    repeated = repeat_run(changed, tmp_path / "again", n_jobs=1)
    places = [one.place for one in repeated.differences]
    assert "emotional-intimacy, findings 1, value" in places
    assert repeated.differences[0].size == pytest.approx(1e-12, rel=1e-3)
    assert "emotional-intimacy, findings 2, verdict" in places
    assert any(place.startswith("affection-deprivation, findings 7") for place in places)
    assert "are not the same" in str(repeated)


def test_what_cannot_be_is_refused_before_work_and_all_of_it_is_told(two, tmp_path):
    with pytest.raises(SpecError, match="each set of claims once"):
        reproduce_all([], tmp_path / "none")
    with pytest.raises(SpecError, match="each set of claims once"):
        reproduce_all([run_of("affection"), run_of("affection")], tmp_path / "twice")
    other = tmp_path / "somebody's"
    other.mkdir()
    (other / "thesis.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match="thesis"):
        reproduce_all([run_of("affection")], other)
    runs = [
        run_of("emotional-intimacy"),
        run_of("affection", data="nosuch.csv", place="file"),
        run_of("technoference", data="couples_survey"),
    ]
    with pytest.raises(DataError, match="2 cannot be") as said:
        reproduce_all(runs, tmp_path / "mixed", n_jobs=2)
    assert "affection: " in str(said.value)
    assert "technoference: " in str(said.value)
    assert not (tmp_path / "mixed").exists()
    with pytest.raises(DataError, match="holds 2"):
        repeat_run(two.folder / "run.json", tmp_path / "again", data=tmp_path / "x.csv")
    with pytest.raises(DataError, match="intimacy-analysis rerun"):
        rerun(two.folder / "run.json", tmp_path / "again")
