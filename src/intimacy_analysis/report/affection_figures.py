"""The figures of the report on types of affection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import cast

import pandas as pd

from intimacy_analysis.claims.affection_facts import RELATED, TYPE_WORDS
from intimacy_analysis.claims.affection_tables import OUTCOME_WORDS
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.correlations.correlation_table import Correlation
from intimacy_analysis.correlations.dependent import CorrelationComparison
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.figures.captions import data_sentence
from intimacy_analysis.figures.role_forest import draw_role_forest, forest_alt_text
from intimacy_analysis.report.saved_figure import DrawnFigure

_SATISFACTIONS = ("relationship_satisfaction", "partner_satisfaction")
_CONFLICTS = ("ease_of_resolution", "amount_of_conflict")
_MEASURES = ("Pearson, as reported", "Spearman, of ranks", "Pearson, of log(1 + amount)")
_GROUPS = {True: "reported as related", False: "reported as not related"}

_Held = Mapping[tuple[str, str], Correlation]
_Compared = Sequence[tuple[str, str, CorrelationComparison]]


def draw_figures(evidence: SurveyEvidence, *, per_person: bool) -> list[DrawnFigure]:
    """Return every figure the analyses allow; none shows a single person.

    Args:
        evidence: What to draw.
        per_person: Changes nothing here.
    """
    del per_person
    held = cast("_Held", evidence.analyses["correlations"])
    compared = cast("_Compared", evidence.analyses["differences"])
    drawn = [_types(evidence, held, _SATISFACTIONS, "types_and_satisfaction")]
    if compared:
        drawn.append(_differences(evidence, compared))
    if any(outcome in _CONFLICTS for _, outcome in held):
        drawn.append(_types(evidence, held, _CONFLICTS, "types_and_conflict"))
    drawn.append(_measures(evidence))
    return drawn


def _types(
    evidence: SurveyEvidence, held: _Held, outcomes: tuple[str, str], name: str
) -> DrawnFigure:
    rows = pd.DataFrame(
        [
            _row(
                _GROUPS[kind in RELATED] if outcomes is _SATISFACTIONS else "",
                TYPE_WORDS[kind],
                OUTCOME_WORDS[outcome],
                Estimate(name=kind, value=row.r, low=row.low, high=row.high),
                "correlation",
            )
            for (kind, outcome), row in held.items()
            if outcome in outcomes
        ]
    ).sort_values("group", ascending=False, kind="stable")
    of = " and ".join(OUTCOME_WORDS[outcome] for outcome in outcomes)
    said = (
        "grouped by what the abstract reports [abstract/secondary: E1]"
        if outcomes is _SATISFACTIONS
        else "each with its interval"
    )
    return DrawnFigure(
        name=name,
        title=f"Types of affection with {of}",
        caption=f"Correlations of the weekly amount of each type with {of}, with "
        f"{100 * evidence.confidence:g} % intervals, {said}. An interval that holds zero shows no "
        f"absence. {data_sentence(evidence.study)}",
        alt=forest_alt_text(rows, f"Correlations of weekly amounts with {of}."),
        draw=partial(draw_role_forest, rows, note=_note(evidence)),
        data={"": rows},
    )


def _differences(evidence: SurveyEvidence, compared: _Compared) -> DrawnFigure:
    rows = pd.DataFrame(
        [
            _row(
                f"less {TYPE_WORDS[other]}",
                TYPE_WORDS[one],
                "",
                held.difference,
                "difference of correlations with relationship satisfaction",
            )
            for one, other, held in compared
        ]
    ).sort_values("group", kind="stable")
    return DrawnFigure(
        name="differences_of_types",
        title="Do 'related' types differ from 'not related' ones?",
        caption="Each type reported as related less each that is reported as not related: "
        "difference of their correlations with relationship satisfaction, dependent correlations, "
        "Zou's intervals, not adjusted for their number. Holm's p stands in the table. "
        f"{data_sentence(evidence.study)}",
        alt=forest_alt_text(rows, "Differences of correlations with relationship satisfaction."),
        draw=partial(draw_role_forest, rows, note=_note(evidence)),
        data={"": rows},
    )


def _measures(evidence: SurveyEvidence) -> DrawnFigure:
    held = cast("Mapping[tuple[str, str], Estimate]", evidence.analyses["other_measures"])
    rows = pd.DataFrame(
        [
            _row("", words, measure, row, "correlation with relationship satisfaction")
            for (words, measure), row in held.items()
            if measure in _MEASURES
        ]
    )
    return DrawnFigure(
        name="other_measures",
        title="Robust to skewed counts?",
        caption="The correlation of each type with relationship satisfaction as reported, of ranks "
        f"and of logarithms, with intervals. {data_sentence(evidence.study)}",
        alt=forest_alt_text(rows, "Correlations with relationship satisfaction by measure."),
        draw=partial(draw_role_forest, rows, note=_note(evidence)),
        data={"": rows},
    )


def _row(group: str, words: str, series: str, row: Estimate, unit: str) -> dict[str, object]:
    return {
        "group": group,
        "words": words,
        "series": series,
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "unit": unit,
        "label": "",
        "state": "ok",
        "source": "estimated",
    }


def _note(evidence: SurveyEvidence) -> str:
    return "synthetic data" if evidence.kind == "synthetic" else ""
