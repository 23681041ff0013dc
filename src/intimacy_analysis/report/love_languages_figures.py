"""The figures of the report on love languages."""

from __future__ import annotations

from functools import partial
from typing import cast

import pandas as pd

from intimacy_analysis.claims.love_languages_analyses import (
    LoveLanguagesAnalyses,
    mismatch_correlation,
)
from intimacy_analysis.claims.love_languages_claims import SEXES
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.figures.captions import data_sentence
from intimacy_analysis.figures.role_forest import draw_role_forest, forest_alt_text
from intimacy_analysis.figures.strangers_histogram import (
    caption_strangers_histogram,
    draw_strangers_histogram,
    strangers_histogram,
)
from intimacy_analysis.report.saved_figure import DrawnFigure


def draw_figures(evidence: SurveyEvidence, *, per_person: bool) -> list[DrawnFigure]:
    """Return every figure of the report; none shows a single couple.

    Args:
        evidence: What to draw.
        per_person: Changes nothing here.
    """
    del per_person
    analyses = cast("LoveLanguagesAnalyses", evidence.analyses["love_languages"])
    return [
        _profiles(evidence, analyses),
        _simple_and_beyond(evidence, analyses),
        _strangers(evidence, analyses),
    ]


def _profiles(evidence: SurveyEvidence, analyses: LoveLanguagesAnalyses) -> DrawnFigure:
    rows = pd.DataFrame(
        [
            _row(
                row["sex"],
                str(row["language"]).replace("_", " "),
                words,
                (row[form], row[f"{form}_low"], row[f"{form}_high"]),
                "mean answer",
            )
            for row in analyses.profiles.to_dict("records")
            for form, words in (("preferred", "preferred"), ("expressed", "partner's expression"))
        ]
    )
    return DrawnFigure(
        name="profiles",
        title="What is preferred, and what the partner expresses",
        caption="Mean of how women and men like to receive love in each of five languages, and of "
        "how their partners say they express it, with intervals. " + data_sentence(evidence.study),
        alt=forest_alt_text(rows, "Mean preferences and the partner's mean expression."),
        draw=partial(draw_role_forest, rows, zero=False, note=_note(evidence)),
        data={"": rows},
    )


def _simple_and_beyond(evidence: SurveyEvidence, analyses: LoveLanguagesAnalyses) -> DrawnFigure:
    made = []
    for outcome in analyses.scores.outcomes:
        for sex in SEXES:
            simple = mismatch_correlation(
                analyses.scores, sex, outcome, "received", evidence.confidence
            )
            shown = [("simple correlation", simple)]
            if outcome in analyses.standardized:
                shown.append(("at equal levels", analyses.term(outcome, sex)))
            made += [
                _row(outcome.replace("_", " "), sex, series, (one.value, one.low, one.high), _UNIT)
                for series, one in shown
            ]
    rows = pd.DataFrame(made)
    return DrawnFigure(
        name="simple_and_at_equal_levels",
        title="Mismatch by itself, and at equal levels",
        caption="Received mismatch with satisfaction: the simple correlation, and the standardized "
        "coefficient at equal levels of the partner's expression and the own preference, with "
        "intervals. Only the second can speak of matching: the first can be as large where "
        "satisfaction goes with how much is expressed alone. " + data_sentence(evidence.study),
        alt=forest_alt_text(rows, "Mismatch with satisfaction, simple and at equal levels."),
        draw=partial(draw_role_forest, rows, note=_note(evidence)),
        data={"": rows},
    )


def _strangers(evidence: SurveyEvidence, analyses: LoveLanguagesAnalyses) -> DrawnFigure:
    compared = next(iter(analyses.strangers.values()))
    bins = strangers_histogram(analyses.scores.mismatch, compared)
    return DrawnFigure(
        name="real_couples_and_strangers",
        title="Mismatch of real couples and of strangers",
        caption=caption_strangers_histogram(bins, ending=data_sentence(evidence.study)),
        alt=caption_strangers_histogram(bins),
        draw=partial(draw_strangers_histogram, bins, note=_note(evidence)),
        data={"": bins},
    )


_UNIT = "standard deviations of satisfaction per standard deviation of mismatch"


def _row(
    group: object,
    words: object,
    series: str,
    limits: tuple[float, float, float],
    unit: str,
) -> dict[str, object]:
    value, low, high = limits
    return {
        "group": str(group),
        "words": str(words),
        "series": series,
        "value": value,
        "low": low,
        "high": high,
        "unit": unit,
        "label": "",
        "state": "ok",
        "source": "estimated",
    }


def _note(evidence: SurveyEvidence) -> str:
    return "synthetic data" if evidence.kind == "synthetic" else ""
