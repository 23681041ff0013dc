"""The figures of the report on affection deprivation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import cast

import pandas as pd

from intimacy_analysis.claims.deprivation_claims import OUTCOME_WORDS
from intimacy_analysis.claims.hesse_mikkelson_2017 import DEPRIVATION, PRODUCT, UNCERTAINTY
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.correlations.correlation_table import CorrelationTable
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.figures.captions import data_sentence
from intimacy_analysis.figures.johnson_neyman import caption_johnson_neyman, draw_johnson_neyman
from intimacy_analysis.figures.role_forest import draw_role_forest, forest_alt_text
from intimacy_analysis.mixed.johnson_neyman import JohnsonNeyman
from intimacy_analysis.mixed.simple_slopes import simple_slopes
from intimacy_analysis.regression.result import RegressionResult
from intimacy_analysis.report.saved_figure import DrawnFigure

_WHERE = ("low uncertainty (-1 SD)", "mean uncertainty", "high uncertainty (+1 SD)")


def draw_figures(evidence: SurveyEvidence, *, per_person: bool) -> list[DrawnFigure]:
    """Return every figure the analyses allow; none shows a single person.

    Args:
        evidence: What to draw.
        per_person: Changes nothing here.
    """
    del per_person
    standardized = cast("Mapping[str, RegressionResult]", evidence.analyses["standardized"])
    regions = cast("Mapping[str, JohnsonNeyman]", evidence.analyses["regions"])
    drawn = [_correlations(evidence, standardized)]
    if standardized:
        drawn.append(_slopes(evidence, standardized))
    drawn += [_regions(evidence, outcome, held) for outcome, held in regions.items()]
    return drawn


def _correlations(
    evidence: SurveyEvidence, standardized: Mapping[str, RegressionResult]
) -> DrawnFigure:
    table = cast("CorrelationTable", evidence.analyses["correlations"])
    rows = []
    for outcome in (name for name in OUTCOME_WORDS if name in table.names):
        held = table.between(DEPRIVATION, outcome)
        alone = Estimate(name=outcome, value=held.r, low=held.low, high=held.high)
        rows.append(_row(outcome, "correlation", alone, "correlation, or slope in SD per SD"))
        if outcome in standardized:
            beside = standardized[outcome].estimates[DEPRIVATION]
            rows.append(
                _row(
                    outcome,
                    "slope at mean uncertainty",
                    beside,
                    "correlation, or slope in SD per SD",
                )
            )
    frame = pd.DataFrame(rows)
    return DrawnFigure(
        name="deprivation_and_outcomes",
        title="Affection deprivation and three outcomes",
        caption="Correlations of affection deprivation with each outcome, and its slope at mean "
        f"uncertainty beside uncertainty, with {100 * evidence.confidence:g} % intervals. "
        f"{data_sentence(evidence.study)}",
        alt=forest_alt_text(frame, "Affection deprivation with each outcome."),
        draw=partial(draw_role_forest, frame, note=_note(evidence)),
        data={"": frame},
    )


def _slopes(evidence: SurveyEvidence, standardized: Mapping[str, RegressionResult]) -> DrawnFigure:
    rows = []
    for outcome, result in standardized.items():
        table = simple_slopes(result, DEPRIVATION, UNCERTAINTY, at=(-1.0, 0.0, 1.0))
        rows += [
            _row(outcome, where, row, "slope in SD per SD of deprivation")
            for where, row in zip(_WHERE, table.rows, strict=False)
        ]
    frame = pd.DataFrame(rows)
    said = "; ".join(
        f"{OUTCOME_WORDS[outcome]} {result.estimates[PRODUCT].value:.3f} "
        f"[{result.estimates[PRODUCT].low:.3f}, {result.estimates[PRODUCT].high:.3f}]"
        for outcome, result in standardized.items()
    )
    return DrawnFigure(
        name="slopes_by_uncertainty",
        title="Slopes on deprivation by uncertainty",
        caption="Slope of each outcome on deprivation where uncertainty is low, middling and "
        "high, with intervals. Whether slopes differ is what the interaction tests: "
        f"{said}. {data_sentence(evidence.study)}",
        alt=forest_alt_text(frame, "Slopes on deprivation by uncertainty."),
        draw=partial(draw_role_forest, frame, note=_note(evidence)),
        data={"": frame},
    )


def _regions(evidence: SurveyEvidence, outcome: str, held: JohnsonNeyman) -> DrawnFigure:
    curve = held.to_frame()
    words = OUTCOME_WORDS[outcome]
    return DrawnFigure(
        name=f"johnson_neyman_{outcome}",
        title=f"Slope of {words} on deprivation over uncertainty",
        caption=caption_johnson_neyman(held.interaction, ending=data_sentence(evidence.study)),
        alt=" ".join(str(held).splitlines()),
        draw=partial(
            draw_johnson_neyman,
            curve,
            x_label="relational uncertainty (points)",
            y_label=f"slope of {words}\non deprivation",
            note=_note(evidence),
        ),
        data={"": curve},
    )


def _row(outcome: str, series: str, row: Estimate, unit: str) -> dict[str, object]:
    return {
        "group": "",
        "words": OUTCOME_WORDS[outcome],
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
