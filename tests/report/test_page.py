from __future__ import annotations

import base64
import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from intimacy_analysis.claims.milek_2015 import examine
from intimacy_analysis.report.page import PageFigure, render_page
from intimacy_analysis.report.report_tables import report_tables
from intimacy_analysis.report.run_record import RunOptions, versions
from intimacy_analysis.study.study import ImportStep
from tests.claims.studies import shared_time_study, with_variable

SCRIPT = "<script>alert('couple')</script>"
OPTIONS = RunOptions(
    claim="shared-time", data="shared_time_diary", place="bundled", seed=7, bootstrap=0
)
FIGURE = PageFigure(
    name="slopes",
    title="Slopes",
    caption=f"Caption {SCRIPT}",
    alt='Alt "quoted" text',
    svg=b"<svg xmlns='http://www.w3.org/2000/svg'/>",
)


def page_of(evidence):
    return render_page(evidence, report_tables(evidence), [FIGURE], OPTIONS, versions())


@pytest.fixture(scope="module")
def synthetic():
    return page_of(examine(shared_time_study(), bootstrap=0))


@pytest.fixture(scope="module")
def original():
    return page_of(examine(shared_time_study(kind="original"), bootstrap=0))


class Reader(HTMLParser):
    """Tags in order, with attributes, and whether they close as they open."""

    VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self, page):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("</style>")[1]))


def test_the_kind_of_data_stands_in_the_first_lines(synthetic, original):
    assert "Synthetic data." in text_of(synthetic)[:400]
    assert "cannot support or refute the claim" in text_of(synthetic)[:400]
    assert "Original data." in text_of(original)[:400]


def test_the_page_needs_nothing_from_anywhere(synthetic):
    reader = Reader(synthetic)
    assert reader.all("script") == []
    assert reader.all("link") == []
    assert all(image["src"].startswith("data:") for image in reader.all("img"))
    assert all(anchor["href"].startswith("#") for anchor in reader.all("a"))
    assert "url(" not in synthetic
    assert "@import" not in synthetic
    assert "//" not in re.sub(r"data:[^\"]+", "", synthetic).replace("http://www.w3.org", "")


def test_the_content_policy_lets_in_this_style_and_nothing_else(synthetic):
    import hashlib

    (policy,) = [
        meta["content"]
        for meta in Reader(synthetic).all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    style = re.search(r"<style>(.*?)</style>", synthetic, re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert 'style="' not in synthetic


def test_headings_come_in_order_and_everything_has_its_label(synthetic):
    reader = Reader(synthetic)
    assert reader.all("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(image["alt"] for image in reader.all("img"))
    assert len(reader.all("caption")) == len(reader.all("table"))
    assert all(header["scope"] in ("col", "row") for header in reader.all("th"))
    names = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(names) == len(set(names))
    assert {anchor["href"][1:] for anchor in reader.all("a")} <= set(names)


def luminance(color):
    parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def colors_of(style, dark):
    """Names of the page's colors to their values in light or dark."""
    light, darker = re.findall(r":root \{(.*?)\}", style, re.S)
    held = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", light))
    return held | dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", darker)) if dark else held


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_color_of_text_has_enough_contrast_on_every_ground(synthetic, dark):
    style = re.search(r"<style>(.*?)</style>", synthetic, re.S).group(1)
    colors = colors_of(style, dark)
    texts = set(re.findall(r"[^-]color: var\(--([a-z]+)\)", style))
    grounds = set(re.findall(r"background: var\(--([a-z]+)\)", style))
    assert {"ink", "quiet", "link"} == texts
    assert {"paper", "good", "bad"} < grounds
    for text in texts:
        for ground in grounds:
            both = (luminance(colors[text]), luminance(colors[ground]))
            light, darker = max(both), min(both)
            assert (light + 0.05) / (darker + 0.05) >= 4.5, (text, ground)


def test_every_color_has_a_value_in_light_and_in_dark_and_no_other_is_used(synthetic):
    style = re.search(r"<style>(.*?)</style>", synthetic, re.S).group(1)
    light, darker = re.findall(r":root \{(.*?)\}", style, re.S)
    names = [set(re.findall(r"--([a-z]+):", part)) for part in (light, darker)]
    assert names[0] == names[1] == set(re.findall(r"var\(--([a-z]+)\)", style))
    rest = style.replace(light, "").replace(darker, "")
    # Figures are drawn on white and keep it.
    assert re.findall(r"#[0-9a-f]{3,6}\b", rest) == ["#ffffff"]


def test_every_finding_has_verdict_limits_and_the_article_beside_it(synthetic):
    assert synthetic.count('class="finding"') == 5
    assert synthetic.count("<h4>What the design cannot show</h4>") == 5
    assert synthetic.count("<h4>What the article makes of it</h4>") == 5


def test_facts_keep_their_labels_and_no_recalled_one_counts_as_seen(synthetic):
    rows = re.findall(r"<tr>(?:(?!</tr>).)*</tr>", synthetic, re.S)
    recalled = [row for row in rows if "[recalled, med]" in row]
    assert recalled
    assert all("<td>no</td>" in row for row in recalled)
    assert all("<td>yes</td>" not in row for row in rows if "[assumption]" in row)


def test_hostile_text_of_the_user_stays_text():
    study = with_variable(
        shared_time_study(kind="original"), "shared_hours", label=SCRIPT, unit=f"hours {SCRIPT}"
    )
    steps = (ImportStep(what=SCRIPT, column=SCRIPT, detail=SCRIPT),)
    study = replace(
        study,
        title=SCRIPT,
        name=SCRIPT,
        notes=(SCRIPT,),
        report=replace(study.report, steps=steps, path=SCRIPT),
    )
    page = page_of(examine(study, bootstrap=0))
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 8
    Reader(page)


def test_lineage_import_and_compliance_are_shown(synthetic):
    for title in (
        "Where each derived column comes from",
        "How the data were read",
        "Who answered",
        "The truth that was put into these synthetic data",
        "The same terms under other choices of analysis",
    ):
        assert f"<caption>{title}</caption>" in synthetic
    assert "minus person mean of the same weekend" in synthetic


def test_versions_and_seed_are_in_the_methods(synthetic):
    assert f"Python {versions()['python']}" in synthetic
    assert f"statsmodels {versions()['statsmodels']}" in synthetic
    assert "the seed (7)" in synthetic


def test_a_failed_fit_gives_a_page_without_numbers():
    rows = shared_time_study(without=("weekend", "stress")).frame.rows
    means = rows.groupby("person")["shared_hours"].transform("mean")
    study = shared_time_study(kind="original", without=("weekend", "stress"))
    exact = rows.assign(intimacy=2 + 0.1 * (rows["shared_hours"] - means))
    study = replace(study, frame=replace(study.frame, rows=exact))
    evidence = examine(study, bootstrap=0)
    assert evidence.state == "failed"
    page = render_page(evidence, report_tables(evidence), [], OPTIONS, versions())
    assert "nothing to draw" in page
    assert "The model could not be fitted" in page
    Reader(page)


def test_the_same_evidence_gives_the_same_page(original):
    assert page_of(examine(shared_time_study(kind="original"), bootstrap=0)) == original
