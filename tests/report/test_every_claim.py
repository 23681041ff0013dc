"""What the report of every registered set of claims must be, however its claims are examined."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from matplotlib.text import Text

from intimacy_analysis.claims.registry import CLAIM_SETS, claim_keys, find_claims
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.style import MM_PER_INCH, WIDTHS_MM
from intimacy_analysis.loaders.bundled import bundled_studies
from intimacy_analysis.report.claim_figures import DRAWN_BY, drawn_figures
from intimacy_analysis.report.figure_catalog import figure_catalog
from intimacy_analysis.report.reproduction import Report, reproduce, rerun
from intimacy_analysis.report.run_record import RunOptions
from intimacy_analysis.report.single_figure import least_width
from tests.report.test_page import Reader

ROOT = Path(__file__).resolve().parents[2]
# As few bootstrap samples as an interval allows: what is asked here is not how sure it is.
FEW = 200


@pytest.fixture(scope="module", params=claim_keys())
def made(request, tmp_path_factory) -> Report:
    claims = find_claims(request.param)
    folder = tmp_path_factory.mktemp("every_claim") / claims.key
    options = RunOptions(
        claim=claims.key,
        data=claims.study,
        place="bundled",
        seed=claims.usual[1],
        bootstrap=FEW,
    )
    return reproduce(options, folder)


def page_of(made: Report) -> str:
    return made.page.read_text(encoding="utf-8")


def test_the_page_is_whole_and_asks_nothing_of_the_network(made):
    page = page_of(made)
    Reader(page)
    for tag in ("<script", "<iframe", "<object", "@import"):
        assert tag not in page
    for source in re.findall(r'(?:src|href)="([^"]*)"', page):
        assert source.startswith(("data:", "#"))


def test_every_finding_says_what_was_found_and_what_it_cannot_show(made):
    page = page_of(made)
    for finding in made.evidence.findings:
        assert f'id="claim-{finding.claim.key}"' in page
        assert finding.sentences
        assert finding.claim.cannot_show
        assert finding.claim.basis


def test_synthetic_data_never_say_that_a_claim_holds(made):
    assert made.evidence.kind == "synthetic"
    assert "synthetic" in page_of(made).lower()
    for finding in made.evidence.findings:
        assert finding.verdict not in (Verdict.REPRODUCED, Verdict.CONTRADICTED)


def test_a_fit_that_is_sound_is_the_ground_of_the_bundled_verdicts(made):
    assert made.evidence.state in ("ok", "singular")


def test_every_figure_has_four_files_a_caption_and_words_for_who_cannot_see(made):
    names = {path.stem for path in (made.folder / "figures").glob("*.svg")}
    assert names
    page = page_of(made)
    for name in names:
        for ending in ("svg", "pdf", "png"):
            assert (made.folder / "figures" / f"{name}.{ending}").stat().st_size > 500
        numbers = list((made.folder / "figures").glob(f"{name}*.csv"))
        assert numbers
        assert f'id="figure-{name}"' in page
    for alt in re.findall(r'<div class="picture"><img [^>]*alt="([^"]*)"', page):
        assert len(alt) > 40


def test_every_table_has_four_files_and_stands_on_the_page(made):
    folder = made.folder / "tables"
    names = {path.stem for path in folder.glob("*.csv")}
    assert {"verdicts", "published", "import_report", "truth"} <= names
    for name in names:
        assert {path.suffix for path in folder.glob(f"{name}.*")} == {
            ".csv", ".html", ".tex", ".md",
        }  # fmt: skip
    if isinstance(made.evidence, SurveyEvidence):
        page = page_of(made)
        for table in made.evidence.tables.values():
            assert table.title
            assert table.title.split("'")[0].split("&")[0] in page.replace("&#39;", "'")


def test_only_what_was_seen_in_print_is_shown_as_published(made):
    for fact in made.evidence.facts:
        if fact.published_value is not None:
            assert fact.basis in ("source read", "abstract/secondary")


def test_methods_name_software_and_rule(made):
    page = page_of(made)
    methods = page[page.index('id="methods"') : page.index('id="repeat"')]
    assert "intimacy_analysis" in methods
    assert "synthetic" in methods
    assert methods.count("<li>") >= 1


def test_a_run_repeated_from_its_record_says_the_same(made, tmp_path):
    again = rerun(made.folder / "run.json", tmp_path / "again")
    first = json.loads((made.folder / "run.json").read_text(encoding="utf-8"))
    second = json.loads((again.folder / "run.json").read_text(encoding="utf-8"))
    assert second["results"] == first["results"]
    assert page_of(again) == page_of(made)


def test_no_single_person_is_drawn_where_none_shall_be(made, tmp_path):
    options = replace(made.options, per_person=False)
    report = reproduce(options, tmp_path / "closed")
    assert (report.folder / "figures").is_dir()


@pytest.mark.parametrize("key", claim_keys())
def test_a_smallest_effect_of_no_claim_is_refused_before_any_work_is_lost(key):
    claims = find_claims(key)
    from intimacy_analysis.loaders.study import load_study

    with pytest.raises(SpecError, match="nothing-of-the-kind"):
        claims.examine(
            load_study(claims.study), smallest_effects={"nothing-of-the-kind": 0.1}, bootstrap=0
        )


def test_every_claim_is_drawn_has_data_and_is_named_where_readers_look():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    app = (ROOT / "src" / "intimacy_analysis" / "cli" / "app.py").read_text(encoding="utf-8")
    for claims in CLAIM_SETS:
        assert claims.study in bundled_studies()
        assert claims.key in readme
        assert claims.key in app
    assert set(DRAWN_BY) <= set(claim_keys())


def test_the_catalog_of_figures_holds_exactly_the_figures_of_the_report(made):
    figures = drawn_figures(made.evidence)
    drawn = {figure.name: (figure.title, least_width(figure)) for figure in figures}
    listed = {
        entry.key: (entry.title, entry.least_width)
        for entry in figure_catalog()
        if entry.claim == made.options.claim
    }
    assert listed == drawn
    assert {path.stem for path in (made.folder / "figures").glob("*.svg")} == set(drawn)


@pytest.mark.parametrize("width", WIDTHS_MM)
def test_every_figure_is_readable_at_a_journals_width_or_says_why_not(made, width):
    for drawn in drawn_figures(made.evidence):
        axes = drawn_or_refused(drawn, width)
        if axes is None:
            continue
        figure = axes.figure
        try:
            assert figure.get_figwidth() * MM_PER_INCH == pytest.approx(WIDTHS_MM[width])
            figure.set_dpi(100)
            figure.canvas.draw()
            for text in shown_texts(figure):
                box = text.get_window_extent()
                name = f"{drawn.name}: {text.get_text()!r}"
                assert text.get_fontsize() >= 6, name
                assert box.x0 >= -1, name
                assert box.y0 >= -1, name
                assert box.x1 <= figure.bbox.width + 1, name
                assert box.y1 <= figure.bbox.height + 1, name
        finally:
            plt.close(figure)


def drawn_or_refused(drawn, width):
    if width == "double":
        return drawn.draw(width=width)
    try:
        return drawn.draw(width=width)
    except SpecError:
        with pytest.raises(SpecError, match="width='double'"):
            drawn.draw(width=width)
        return None


def shown_texts(figure):
    """Every text that is drawn: tick labels beyond an axis' limits are kept but not drawn."""
    hidden = set()
    for axes in [child for one in figure.axes for child in (one, *one.child_axes)]:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            hidden |= {
                label
                for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]
                for label in (tick.label1, tick.label2)
                if not axes.axison or not low <= tick.get_loc() <= high
            }
        if not axes.axison:
            hidden |= {axes.xaxis.label, axes.yaxis.label}
    return [
        text
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and text not in hidden
    ]
