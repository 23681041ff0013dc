"""The report's page in a real browser: screen, phone, dark, print, keyboard, axe.

Needs the extra `browser` and a Chromium or Chrome on the path; skipped with the reason otherwise.
"""

from __future__ import annotations

import csv
import itertools
import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from intimacy_analysis.claims.registry import CLAIM_SETS, find_claims
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.report.report_tables import report_tables
from intimacy_analysis.report.reproduction import Report, reproduce
from intimacy_analysis.report.run_record import RunOptions
from intimacy_analysis.report.whole_page import NOT_RUN
from intimacy_analysis.report.whole_report import reproduce_all
from intimacy_analysis.simulation.shared_time import simulate_shared_time
from intimacy_analysis.tables.write import write_tables

playwright = pytest.importorskip("playwright.sync_api", reason="the extra 'browser' is not here")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="the extra 'browser' is not here"
)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FEW = 200
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# A4 less the page's own margins, in pixels of CSS.
PAPER = {"width": 680, "height": 980}
SCRIPT = "<script>document.title='taken over';alert(1)</script>"
FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture(scope="module")
def browser():
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser on the path: {', '.join(BROWSERS)}")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """The page of every claim: the one REPORT_PAGE names, or one with few bootstrap samples."""
    given = os.environ.get("REPORT_PAGE")
    if given:
        return Path(given).resolve()
    runs = [
        RunOptions(
            claim=claims.key,
            data=claims.study,
            place="bundled",
            seed=claims.usual[1],
            bootstrap=FEW,
        )
        for claims in CLAIM_SETS
    ]
    return reproduce_all(runs, tmp_path_factory.mktemp("whole") / "report", n_jobs=2).page


@pytest.fixture(scope="module")
def hostile_report(tmp_path_factory) -> Report:
    """The report on a participant's file whose words are a script and a formula."""
    place = tmp_path_factory.mktemp("hostile")
    rows = simulate_shared_time(n_persons=30, n_days=14, seed=5)
    columns = ["person", "day", "weekend", "shared_hours", "intimacy", "stress"]
    rows[columns].to_csv(place / "diary.csv", index=False)
    (place / "diary.toml").write_text(
        f'''
[study]
name = "mine"
title = "{SCRIPT}"
kind = "original"
notes = ["{SCRIPT}", "{FORMULA}"]

[columns.person]
role = "person"
[columns.day]
role = "day"
[columns.weekend]
role = "weekend"
[columns.shared_hours]
label = "{FORMULA}"
unit = "hours"
range = [0, 24]
role = "predictor"
[columns.stress]
label = "{SCRIPT}"
unit = "points"
range = [0, 10]
role = "stress"
[columns.intimacy]
label = "{SCRIPT}"
unit = "{FORMULA}"
range = [-20, 20]
role = "outcome"
''',
        encoding="utf-8",
    )
    options = RunOptions(
        claim="shared-time", data=str(place / "diary.csv"), place="file", seed=1, bootstrap=0
    )
    return reproduce(options, place / "report")


@pytest.fixture(scope="module")
def hostile(hostile_report) -> Path:
    return hostile_report.page


@pytest.fixture
def opened(browser):
    """Open a page and note every request, every word of the console and every dialog."""
    contexts = []

    def open_page(path: Path, *, size=DESKTOP, dark: bool = False, past_policy: bool = False):
        context = browser.new_context(
            viewport=size,
            color_scheme="dark" if dark else "light",
            # The page forbids every script, so axe has to be let past its policy.
            bypass_csp=past_policy,
        )
        contexts.append(context)
        page = context.new_page()
        page.noted = {"requests": [], "console": [], "dialogs": []}
        page.on("request", lambda request: page.noted["requests"].append(request.url))
        page.on("console", lambda message: page.noted["console"].append(message.text))
        page.on("pageerror", lambda error: page.noted["console"].append(str(error)))
        page.on("dialog", lambda dialog: page.noted["dialogs"].append(dialog.message))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("size", "dark"),
    [(DESKTOP, False), (DESKTOP, True), (PHONE, False)],
    ids=["desktop", "dark", "phone"],
)
def test_axe_has_no_serious_finding(opened, whole, size, dark):
    # In the dark only colors differ, on a phone only the layout; the rest was asked already.
    page = opened(whole, size=size, dark=dark, past_policy=True)
    rules = {}
    if dark:
        rules = {"runOnly": ["color-contrast"]}
    elif size is PHONE:
        rules = {"rules": {"color-contrast": {"enabled": False}}}
    found = findings(page, rules)
    told = {
        f"{one['id']} ({one['impact']}): {one['help']}; first at {one['nodes'][0]['target']}"
        for one in found
        if one["impact"] in ("serious", "critical")
    }
    assert told == set()


def test_axe_would_tell_of_a_serious_finding(opened, hostile):
    page = opened(hostile, past_policy=True)
    assert {one["id"] for one in findings(page)} == set()
    page.evaluate("document.querySelector('img').removeAttribute('alt')")
    page.evaluate("document.querySelector('h2').style.color = '#aaaaaa'")
    assert {"image-alt", "color-contrast"} <= {one["id"] for one in findings(page)}


def findings(page, rules=None):
    # What passes is not listed, which on a page this long takes a good part of the time.
    options = {"resultTypes": ["violations"], **(rules or {})}
    return axe.Axe().run(page, options=options).response["violations"]


def test_headings_stand_in_order_and_tables_have_captions_and_scopes(opened, whole):
    page = opened(whole)
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert page.locator("table").count() > 20
    assert page.locator("table:not(:has(> caption))").count() == 0
    assert page.locator("th:not([scope])").count() == 0


def test_no_request_leaves_the_page_and_the_console_is_silent(opened, whole, hostile):
    for path in (whole, hostile):
        page = opened(path)
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_load_state("networkidle")
        others = [url for url in page.noted["requests"] if url != path.as_uri()]
        assert [url for url in others if not url.startswith("data:image/svg+xml")] == []
        assert page.noted["console"] == []
        assert page.noted["dialogs"] == []
        # Every picture was shown.
        assert page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")


def test_on_a_phone_only_boxes_of_their_own_are_scrolled_sideways(opened, whole):
    page = opened(whole, size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    wide = page.evaluate(
        """[...document.querySelectorAll('body *')]
            .filter(e => !e.closest('.table, .picture, pre, .skip'))
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.tagName + ' ' + e.className)"""
    )
    assert wide == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_box_that_scrolls_can_be_reached_and_has_a_name(opened, whole, size):
    page = opened(whole, size=size)
    boxes = page.evaluate(
        """[...document.querySelectorAll('body *')]
            .filter(e => e.scrollWidth > e.clientWidth + 1
                && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))
            .map(e => [e.className, e.tabIndex, e.getAttribute('aria-label') || ''])"""
    )
    if size is PHONE:
        assert boxes
    for name, tab_index, label in boxes:
        assert tab_index == 0, name
        assert label.strip(), name


def test_the_keyboard_finds_the_skip_link_first_and_focus_is_seen(opened, whole):
    page = opened(whole)
    focused = "document.activeElement"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{focused}.className") == "skip"
    assert page.evaluate(f"{focused}.getBoundingClientRect().left") >= 0
    page.keyboard.press("Tab")
    assert page.evaluate(f"{focused}.closest('nav') !== null")
    assert page.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{focused}.closest('main') !== null")
    # A link of the contents leads to its section.
    page.locator("nav a").last.click()
    target = page.locator("nav a").last.get_attribute("href")
    assert page.evaluate(
        "h => document.querySelector(h).getBoundingClientRect().top < innerHeight", target
    )


def test_dark_is_dark_and_figures_keep_their_white_card(opened, whole):
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = opened(whole), opened(whole, dark=True)
    assert light.evaluate(ground) == "rgb(255, 255, 255)"
    red, green, blue = map(int, re.findall(r"\d+", dark.evaluate(ground)))
    assert max(red, green, blue) < 60
    cards = dark.evaluate("[...document.images].map(i => getComputedStyle(i).backgroundColor)")
    assert set(cards) == {"rgb(255, 255, 255)"}


def test_a_verdict_is_a_word_and_not_only_a_color(opened, whole):
    said = opened(whole).locator(".overview .verdict").all_inner_texts()
    assert said
    assert set(said) <= {str(verdict) for verdict in Verdict} | {NOT_RUN}


def test_the_page_prints_dark_or_light_on_white_with_nothing_cut_off(opened, whole):
    page = opened(whole, size=PAPER, dark=True)
    content = page.pdf(format="A4", prefer_css_page_size=True)
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) > 10
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 26, 26)"
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    cut = page.evaluate(
        """[...document.querySelectorAll('table, img, pre, p, li')]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.tagName + ': ' + e.textContent.slice(0, 60))"""
    )
    assert cut == []


def test_what_a_participant_wrote_is_text_everywhere(opened, hostile):
    page = opened(hostile)
    assert page.title() != "taken over"
    assert page.locator("script").count() == 0
    shown = page.locator("body").inner_text()
    assert SCRIPT in shown
    assert FORMULA in shown
    tables = hostile.parent / "tables"
    cells = [
        cell
        for path in tables.glob("*.csv")
        for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
        for cell in row
    ]
    assert any(FORMULA in cell for cell in cells)
    # A spreadsheet would run what begins with one of these.
    numbers = re.compile(r"[-+]?[\d.,]+(e[-+]?\d+)?%?", re.IGNORECASE)
    assert [c for c in cells if c[:1] in "=+-@" and c and not numbers.fullmatch(c)] == []
    for path in tables.glob("*.html"):
        assert "<script" not in path.read_text(encoding="utf-8")


def test_what_a_participant_wrote_is_text_in_word(hostile_report, tmp_path):
    docx = pytest.importorskip("docx", reason="the extra 'word' is not here")
    tables = report_tables(hostile_report.evidence)
    cells = []
    for name, table in tables.items():
        (path,) = write_tables(table, tmp_path, name, formats=("docx",))
        parts = zipfile.ZipFile(path).read("word/document.xml").decode()
        # A field is what Word would compute.
        assert "w:instrText" not in parts
        assert "w:fldSimple" not in parts
        assert "<script" not in parts
        document = docx.Document(path)
        cells += [cell.text for one in document.tables for row in one.rows for cell in row.cells]
    assert any(SCRIPT in cell for cell in cells)
    assert any(FORMULA in cell for cell in cells)


def test_every_claim_of_the_registry_has_its_section(opened, whole):
    page = opened(whole)
    for claims in CLAIM_SETS:
        assert page.locator(f"section.claim#{claims.key}").count() == 1, find_claims(claims.key)
