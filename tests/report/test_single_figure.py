from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from intimacy_analysis.claims.registry import CLAIM_SETS
from intimacy_analysis.cli import main
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.report.figure_catalog import claim_of_figure, figure_catalog
from intimacy_analysis.report.reproduction import reproduce
from intimacy_analysis.report.run_record import RunOptions
from intimacy_analysis.report.single_figure import ClaimFigures, claim_figures, recorded_figures

POINTS_PER_MM = 72 / 25.4


@pytest.fixture(scope="module")
def figures() -> ClaimFigures:
    return claim_figures("affection-deprivation")


@pytest.fixture
def run(capsys):
    def answer(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        shown = capsys.readouterr()
        return int(left.value.code or 0), shown.out, shown.err

    return answer


def test_every_claim_has_figures_in_the_catalog():
    assert {entry.claim for entry in figure_catalog()} == {claims.key for claims in CLAIM_SETS}


def test_a_figure_comes_with_numbers_caption_and_alternative_text(figures, tmp_path):
    key = "deprivation_and_outcomes"
    paths = figures.save(key, tmp_path, formats=("pdf", "svg"))
    assert [path.name for path in paths] == [
        f"{key}.pdf",
        f"{key}.svg",
        f"{key}.csv",
        f"{key}.txt",
        f"{key}_caption.txt",
    ]
    assert "ynthetic" in (tmp_path / f"{key}_caption.txt").read_text(encoding="utf-8")
    assert "closeness" in (tmp_path / f"{key}.txt").read_text(encoding="utf-8").lower()
    assert len(pd.read_csv(tmp_path / f"{key}.csv")) == len(figures[key].data[""])


@pytest.mark.parametrize(("width", "mm"), [("single", 85), ("double", 174)])
def test_the_pdf_has_the_width_asked_for_and_embeds_its_fonts(figures, tmp_path, width, mm):
    (path, *_) = figures.save("slopes_by_uncertainty", tmp_path, width=width, formats=("pdf",))
    content = path.read_bytes()
    box = re.search(rb"/MediaBox \[ ?0 0 ([0-9.]+) ([0-9.]+) ?\]", content)
    assert float(box.group(1)) == pytest.approx(mm * POINTS_PER_MM, abs=0.01)
    # Type 42 keeps text searchable; a font file stands in the document.
    assert b"/FontFile2" in content
    assert b"/Subtype /Type3" not in content


def test_the_same_figure_is_the_same_bytes(figures, tmp_path):
    again = claim_figures("affection-deprivation")
    for one, other in zip(
        figures.save("johnson_neyman_closeness", tmp_path / "one"),
        again.save("johnson_neyman_closeness", tmp_path / "two"),
        strict=True,
    ):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_files_that_are_there_are_kept_unless_told_otherwise(figures, tmp_path):
    figures.save("slopes_by_uncertainty", tmp_path, formats=("svg",))
    with pytest.raises(SpecError, match="unasked"):
        figures.save("slopes_by_uncertainty", tmp_path, formats=("svg",))
    figures.save("slopes_by_uncertainty", tmp_path, formats=("svg",), overwrite=True)


def test_a_wrong_key_is_answered_with_the_nearest(figures):
    with pytest.raises(SpecError, match="Did you mean slopes_by_uncertainty"):
        figures["slope_by_uncertainty"]
    with pytest.raises(SpecError, match=r"Did you mean .*chain_and_bound"):
        claim_of_figure("chain_bound")


def test_a_key_of_several_claims_names_them():
    with pytest.raises(SpecError, match=r"shared-time.*communication.*--claim"):
        claim_of_figure("published_and_reestimated")
    assert claim_of_figure("compliance") == "shared-time"


def test_a_recorded_run_gives_its_own_figures(figures, tmp_path):
    claims = next(one for one in CLAIM_SETS if one.key == "affection-deprivation")
    options = RunOptions(
        claim=claims.key, data=claims.study, place="bundled", seed=1, bootstrap=0, confidence=0.9
    )
    record = reproduce(options, tmp_path / "report").folder / "run.json"
    again = recorded_figures(record, None)
    assert again.options.confidence == 0.9
    key = "deprivation_and_outcomes"
    wide, narrow = figures[key].data[""], again[key].data[""]
    assert ((narrow["high"] - narrow["low"]) < (wide["high"] - wide["low"])).all()
    with pytest.raises(SpecError, match="affection-deprivation"):
        recorded_figures(record, "technoference")
    with pytest.raises(DataError, match="bundled study"):
        recorded_figures(record, None, data=tmp_path / "other.csv")


def test_the_command_draws_one_figure(run, tmp_path):
    out = tmp_path / "für das Manuskript"
    code, said, _ = run(
        "figure", "slopes_by_uncertainty", "--format", "svg", "--width", "double", "--json",
        "--out", str(out), "--quiet",
    )  # fmt: skip
    answer = json.loads(said)
    assert code == 0
    assert answer["claim"] == "affection-deprivation"
    assert answer["width_mm"] == 174
    assert {Path(name).name for name in answer["files"]} == {path.name for path in out.iterdir()}


def test_the_command_lists_every_figure_without_an_analysis(run, capsys):
    main_listed = ["figure", "--list", "--json"]
    with pytest.raises(SystemExit):
        main(main_listed)
    listed = json.loads(capsys.readouterr().out)
    assert [(row["key"], row["claim"]) for row in listed] == [
        (entry.key, entry.claim) for entry in figure_catalog()
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compliances",), "Did you mean compliance"),
        (("published_and_reestimated",), "--claim"),
        (("gap", "--claim", "pair-inventory"), "Did you mean gaps"),
        (("compliance", "--format", "jpeg"), "'jpeg'"),
        ((), "--list"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_any_work(run, tmp_path, arguments, said):
    code, _, told = run("figure", *arguments, "--out", str(tmp_path / "out"))
    assert code == 2
    assert said in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()


def test_a_figure_that_needs_two_columns_says_so_as_a_command_can(run, tmp_path):
    code, _, told = run("figure", "path_diagram_pure_chain", "--out", str(tmp_path), "--quiet")
    assert code == 2
    assert "--width double" in told
