"""The figures of the report on the PAIR inventory."""

from __future__ import annotations

import math
from functools import partial
from typing import cast

import pandas as pd

from intimacy_analysis.claims.pair_analyses import PairAnalyses
from intimacy_analysis.claims.pair_claims import INTIMACIES
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.correlations.correlation_table import CorrelationTable
from intimacy_analysis.figures.captions import data_sentence
from intimacy_analysis.figures.correlation_heatmap import (
    caption_correlation_heatmap,
    correlation_heatmap,
    draw_correlation_heatmap,
    heatmap_alt_text,
)
from intimacy_analysis.figures.published_and_reestimated import (
    caption_published_and_reestimated,
    draw_published_and_reestimated,
    published_and_reestimated,
)
from intimacy_analysis.figures.role_forest import draw_role_forest, forest_alt_text
from intimacy_analysis.figures.scree import caption_scree, draw_scree, scree
from intimacy_analysis.report.saved_figure import DrawnFigure


def draw_figures(evidence: SurveyEvidence, *, per_person: bool) -> list[DrawnFigure]:
    """Return every figure of the report; none shows a single couple.

    Args:
        evidence: What to draw.
        per_person: Changes nothing here.
    """
    del per_person
    pair = cast("PairAnalyses", evidence.analyses["pair"])
    tables = cast("dict[str, CorrelationTable]", evidence.analyses["correlations"])
    return [
        _gaps(evidence, pair),
        _alphas(evidence, pair),
        _gap_reliability(evidence, pair),
        *(_heatmap(evidence, role, table) for role, table in tables.items()),
        *(_scree(evidence, pair, role) for role in pair.roles),
        _published(evidence),
    ]


def _gaps(evidence: SurveyEvidence, pair: PairAnalyses) -> DrawnFigure:
    rows = pd.DataFrame(
        [
            _row("expected less perceived", row["score"], row["role"], row, "points of 0 to 96")
            for row in pair.gaps.to_dict("records")
        ]
    )
    return DrawnFigure(
        name="gaps",
        title="How much more is wanted",
        caption="Mean gap between the expected and the perceived form by kind of intimacy and "
        "spouse, with intervals; right of zero more is wanted than there is. "
        + data_sentence(evidence.study),
        alt=forest_alt_text(rows, "Mean gaps of expected less perceived intimacy, in points."),
        draw=partial(draw_role_forest, rows, note=_note(evidence)),
        data={"": rows},
    )


def _alphas(evidence: SurveyEvidence, pair: PairAnalyses) -> DrawnFigure:
    rows = pd.DataFrame(
        [
            _row(f"{row['form']} form", row["score"], row["role"], row, "Cronbach's alpha")
            for row in pair.alphas.to_dict("records")
        ]
    )
    return DrawnFigure(
        name="alphas",
        title="How reliable the scores are",
        caption="Cronbach's alpha of each score by form and spouse, with Feldt's intervals. For "
        "the five scales .70 to .77 were reported, for conventionality .80 [abstract/secondary: "
        f"H2]. {data_sentence(evidence.study)}",
        alt=forest_alt_text(rows, "Cronbach's alpha by score, form and spouse."),
        draw=partial(draw_role_forest, rows, note=_note(evidence)),
        data={"": rows},
    )


def _gap_reliability(evidence: SurveyEvidence, pair: PairAnalyses) -> DrawnFigure:
    rows = []
    for score in INTIMACIES:
        held = pair.gap_reliability[score]
        for role in pair.roles:
            found = held.of(role)
            limits = {"value": found.value, "low": found.low, "high": found.high}
            rows.append(_row("reliability of the gap", score, role, limits, "reliability"))
    frame = pd.DataFrame(rows)
    return DrawnFigure(
        name="gap_reliability",
        title="How reliable the gaps are",
        caption="Reliability of expected less perceived intimacy with bootstrap intervals. It is "
        "below that of either form, because what both forms share drops out of the difference. "
        + data_sentence(evidence.study),
        alt=forest_alt_text(frame, "Reliability of the gaps by kind of intimacy and spouse."),
        draw=partial(draw_role_forest, frame, note=_note(evidence)),
        data={"": frame},
    )


def _heatmap(evidence: SurveyEvidence, role: str, table: CorrelationTable) -> DrawnFigure:
    cells = correlation_heatmap(table)
    return DrawnFigure(
        name=f"correlations_{role}",
        title=f"How the {role}'s perceived scores go together",
        caption=caption_correlation_heatmap(cells, ending=data_sentence(evidence.study)),
        alt=heatmap_alt_text(cells),
        draw=partial(draw_correlation_heatmap, cells, note=_note(evidence)),
        data={"": cells},
    )


def _scree(evidence: SurveyEvidence, pair: PairAnalyses, role: str) -> DrawnFigure:
    analysis = pair.parallel[role]
    values = scree(analysis)
    text = caption_scree(analysis)
    return DrawnFigure(
        name=f"scree_{role}",
        title=f"Eigenvalues of the {role}'s thirty items",
        caption=caption_scree(analysis, ending=data_sentence(evidence.study)),
        alt=text,
        draw=partial(draw_scree, values, percentile=analysis.percentile, note=_note(evidence)),
        data={"": values},
    )


def _published(evidence: SurveyEvidence) -> DrawnFigure:
    judged = tuple(f for f in evidence.findings if f.claim.unit == "reliability")
    effects = published_and_reestimated(judged, evidence.facts)
    return DrawnFigure(
        name="published_and_reestimated",
        title="Published and re-estimated reliabilities",
        caption=caption_published_and_reestimated(effects, ending=data_sentence(evidence.study)),
        alt=caption_published_and_reestimated(effects),
        draw=partial(draw_published_and_reestimated, effects, note=_note(evidence)),
        data={"": effects},
    )


def _row(group: str, words: object, series: object, limits: object, unit: str) -> dict[str, object]:
    held = cast("dict[str, float]", limits)
    return {
        "group": group,
        "words": str(words),
        "series": str(series),
        "value": held["value"],
        "low": held.get("low", math.nan),
        "high": held.get("high", math.nan),
        "unit": unit,
        "label": "",
        "state": "ok",
        "source": "estimated",
    }


def _note(evidence: SurveyEvidence) -> str:
    return "synthetic data" if evidence.kind == "synthetic" else ""
