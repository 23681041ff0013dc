"""The figures of the report on the article's opening sentence."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import pandas as pd

from intimacy_analysis.claims.opening_facts import NEIGHBORS
from intimacy_analysis.claims.opening_sentence import (
    INTIMACY,
    SATISFACTION,
    OpeningAnalysis,
)
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.figures.actor_partner_forest import (
    actor_partner_forest,
    draw_actor_partner_forest,
)
from intimacy_analysis.figures.captions import data_sentence
from intimacy_analysis.figures.path_diagram import path_diagram
from intimacy_analysis.figures.path_diagram_ink import draw_path_diagram
from intimacy_analysis.figures.published_and_reestimated import (
    caption_published_and_reestimated,
    draw_published_and_reestimated,
    published_and_reestimated,
)
from intimacy_analysis.figures.role_forest import draw_role_forest, forest_alt_text
from intimacy_analysis.report.saved_figure import DrawnFigure


def draw_figures(evidence: SurveyEvidence, *, per_person: bool) -> list[DrawnFigure]:
    """Return every figure the fit allows; none shows a single couple.

    Args:
        evidence: What to draw.
        per_person: Changes nothing here.
    """
    del per_person
    opening = evidence.analyses["opening"]
    assert isinstance(opening, OpeningAnalysis)
    drawn = [_within(evidence, opening), _published(evidence, opening)]
    if opening.model.state == "ok":
        drawn += [_diagram(evidence, opening), _forest(evidence, opening)]
    return drawn


def _within(evidence: SurveyEvidence, opening: OpeningAnalysis) -> DrawnFigure:
    estimated = [
        {
            "group": row["role"],
            "words": f"with {str(row['outcome']).replace('_', ' ')}",
            "series": row["kind"],
            "value": row["value"],
            "low": row["low"],
            "high": row["high"],
            "unit": "correlation",
            "label": "",
            "state": "ok",
            "source": "estimated",
        }
        for row in opening.within.to_dict("records")
    ]
    known = [
        {
            "group": "from elsewhere",
            "words": words,
            "series": "open data",
            "value": value,
            "low": math.nan,
            "high": math.nan,
            "unit": "correlation",
            "label": label,
            "state": "ok",
            "source": "known",
        }
        for words, value, label in NEIGHBORS
    ]
    rows = pd.DataFrame([*estimated, *known])
    return DrawnFigure(
        name="correlations_within_members",
        title="Emotional intimacy within each spouse",
        caption="Correlations of emotional intimacy within each member with intervals: as answered "
        "and, where items are at hand, corrected for unreliability (alpha taken as known). The "
        "diamond is a value from open data with its label. " + data_sentence(evidence.study),
        alt=forest_alt_text(rows, "Correlations of emotional intimacy within each member."),
        draw=partial(draw_role_forest, rows, note=_note(evidence)),
        data={"": rows},
    )


def _published(evidence: SurveyEvidence, opening: OpeningAnalysis) -> DrawnFigure:
    judged = tuple(
        f
        for f in evidence.findings
        if f.estimate is not None or f.claim.key.startswith("well-being")
    )
    # Said once, beside the first member's finding: facts speak of both.
    first = opening.roles[0]
    facts = tuple(
        replace(fact, term=f"{fact.term}-{first}") if fact.term else fact for fact in evidence.facts
    )
    effects = published_and_reestimated(judged, facts)
    return DrawnFigure(
        name="published_and_reestimated",
        title="Published and re-estimated",
        caption=caption_published_and_reestimated(effects, ending=data_sentence(evidence.study)),
        alt=caption_published_and_reestimated(effects),
        draw=partial(draw_published_and_reestimated, effects, note=_note(evidence)),
        data={"": effects},
    )


def _diagram(evidence: SurveyEvidence, opening: OpeningAnalysis) -> DrawnFigure:
    diagram = path_diagram(
        opening.model,
        labels={
            f"{construct}_{role}": f"{construct.replace('_', ' ')}, {role}"
            for construct in (INTIMACY, SATISFACTION)
            for role in opening.roles
        },
    )
    return DrawnFigure(
        name="path_diagram",
        title="Path diagram, own and partner's intimacy",
        caption=f"{diagram.caption} {data_sentence(evidence.study)}",
        alt=diagram.alt_text,
        draw=partial(draw_path_diagram, diagram, width="double", note=_note(evidence)),
        data={"": diagram.to_frame()},
    )


def _forest(evidence: SurveyEvidence, opening: OpeningAnalysis) -> DrawnFigure:
    effects = actor_partner_forest(opening.model, standardized=True)
    return DrawnFigure(
        name="actor_partner_effects",
        title="Own and partner's intimacy",
        caption="Standardized effects of own (actor) and the partner's emotional intimacy on "
        "relationship satisfaction, with intervals, by whose satisfaction it is. "
        + data_sentence(evidence.study),
        alt=forest_alt_text(effects, "Actor and partner effects, standardized."),
        draw=partial(draw_actor_partner_forest, effects, note=_note(evidence)),
        data={"": effects},
    )


def _note(evidence: SurveyEvidence) -> str:
    return "synthetic data" if evidence.kind == "synthetic" else ""
