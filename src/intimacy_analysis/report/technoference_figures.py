"""The figures of the report on technoference."""

from __future__ import annotations

import math
from functools import partial

import pandas as pd

from intimacy_analysis.claims.chain_consistency import USUAL_PATHS
from intimacy_analysis.claims.chain_models import CONSTRUCTS
from intimacy_analysis.claims.mcdaniel_coyne_2016 import (
    PURE,
    WITH_DIRECT,
    ChainAnalysis,
    DailyShares,
)
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.figures.captions import data_sentence
from intimacy_analysis.figures.chain_bound import chain_bound, draw_chain_bound
from intimacy_analysis.figures.implied_observed import (
    caption_implied_observed,
    draw_implied_observed,
    implied_observed,
)
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
    """Return every figure the fits allow; none shows a single person.

    Args:
        evidence: What to draw.
        per_person: Changes nothing here.
    """
    del per_person
    drawn = []
    shares = evidence.analyses["shares"]
    if isinstance(shares, DailyShares):
        drawn.append(_shares(evidence, shares))
    drawn.append(_published(evidence))
    chain = evidence.analyses["chain"]
    if isinstance(chain, ChainAnalysis):
        drawn += [
            _diagram(evidence, chain, PURE),
            _diagram(evidence, chain, WITH_DIRECT),
            _serial(evidence, chain),
            _implied(evidence, chain),
            _bound(evidence, chain),
        ]
    return drawn


def _shares(evidence: SurveyEvidence, shares: DailyShares) -> DrawnFigure:
    rows: list[dict[str, object]] = []
    unit = "percent at least daily"
    for at, row in enumerate(shares.rows.to_dict("records")):
        head = {"group": "", "words": shares.labels[at], "unit": unit, "state": "ok"}
        rows.append(
            {
                **head,
                "series": "these data",
                "value": 100 * row["share"],
                "low": 100 * row["low"],
                "high": 100 * row["high"],
                "label": "",
                "source": "estimated",
            }
        )
        if shares.published:
            fact = shares.published[at]
            rows.append(
                {
                    **head,
                    "series": "reported",
                    "value": fact.published_value,
                    "low": math.nan,
                    "high": math.nan,
                    "label": fact.label,
                    "source": "known",
                }
            )
    frame = pd.DataFrame(rows)
    return DrawnFigure(
        name="daily_shares",
        title="How many report it every day",
        caption="Share of persons at 'once a day' or more, with Wilson intervals, beside the "
        f"percentages that press reports give. {data_sentence(evidence.study)}",
        alt=forest_alt_text(frame, "Percent of persons who report each example at least daily."),
        draw=partial(draw_role_forest, frame, note=_note(evidence)),
        data={"": frame},
    )


def _published(evidence: SurveyEvidence) -> DrawnFigure:
    judged = tuple(f for f in evidence.findings if f.claim.key != "order")
    effects = published_and_reestimated(judged, evidence.facts)
    return DrawnFigure(
        name="published_and_reestimated",
        title="Published and re-estimated",
        caption=caption_published_and_reestimated(effects, ending=data_sentence(evidence.study)),
        alt=caption_published_and_reestimated(effects),
        draw=partial(draw_published_and_reestimated, effects, note=_note(evidence)),
        data={"": effects},
    )


def _diagram(evidence: SurveyEvidence, chain: ChainAnalysis, name: str) -> DrawnFigure:
    diagram = path_diagram(
        chain.models[name], labels={variable: variable.replace("_", " ") for variable in CONSTRUCTS}
    )
    return DrawnFigure(
        name=f"path_diagram_{name.replace(' ', '_')}",
        title=f"Path diagram, {name}",
        caption=f"{diagram.caption} {data_sentence(evidence.study)}",
        alt=diagram.alt_text,
        draw=partial(draw_path_diagram, diagram, width="double", note=_note(evidence)),
        data={"": diagram.to_frame()},
    )


def _serial(evidence: SurveyEvidence, chain: ChainAnalysis) -> DrawnFigure:
    rows = pd.DataFrame(
        [
            {
                "group": "",
                "words": f"by way of both to {outcome.replace('_', ' ')}",
                "series": model,
                "value": row.value,
                "low": row.low,
                "high": row.high,
                "unit": row.unit,
                "label": "",
                "state": "ok",
                "source": "estimated",
            }
            for model, effects in chain.serial.items()
            for outcome, row in effects.items()
        ]
    )
    method = "percentile bootstrap" if chain.drawn else "delta-method"
    return DrawnFigure(
        name="serial_effects",
        title="Serial effects",
        caption="Standardized products of three paths (technoference to conflict to relationship "
        f"satisfaction to the outcome) with {method} intervals. A product splits "
        "an association; it shows nothing that passes from one to the next. "
        + data_sentence(evidence.study),
        alt=forest_alt_text(rows, "Serial effects of technoference, standardized."),
        draw=partial(draw_role_forest, rows, note=_note(evidence)),
        data={"": rows},
    )


def _implied(evidence: SurveyEvidence, chain: ChainAnalysis) -> DrawnFigure:
    pairs = implied_observed({name: chain.models[name] for name in (PURE, WITH_DIRECT)})
    return DrawnFigure(
        name="implied_and_observed",
        title="Implied and observed correlations",
        caption=caption_implied_observed(pairs, ending=data_sentence(evidence.study)),
        alt=caption_implied_observed(pairs),
        draw=partial(draw_implied_observed, pairs, note=_note(evidence)),
        data={"": pairs},
    )


def _bound(evidence: SurveyEvidence, chain: ChainAnalysis) -> DrawnFigure:
    found = chain.consistency
    points = chain_bound(
        found.rows[["outcome", "observed", "low", "high", "chain", "mean_path"]],
        bound=found.bound,
        usual=USUAL_PATHS,
    )
    sentences = [
        f"With {found.n} persons a correlation is significant at .05 from {found.bound:.3f} on. A "
        f"pure chain of three paths reaches that where they average {found.least_mean_path:.2f} or "
        "more; paths of usual size [assumption] imply "
        f"{abs(math.prod(USUAL_PATHS)):.2f}."
    ]
    sentences += [
        f"{str(row['outcome']).replace('_', ' ').capitalize()}: the pure chain implies "
        f"{abs(row['chain']):.2f}, observed is {abs(row['observed']):.2f}."
        for row in found.rows.to_dict("records")
    ]
    text = " ".join(sentences)
    return DrawnFigure(
        name="chain_and_bound",
        title="What a chain can imply",
        caption=f"Size of the correlation of technoference with an outcome that a chain of three "
        f"paths implies. {text} {data_sentence(evidence.study)}",
        alt=text,
        draw=partial(draw_chain_bound, points, note=_note(evidence)),
        data={"": points},
    )


def _note(evidence: SurveyEvidence) -> str:
    return "synthetic data" if evidence.kind == "synthetic" else ""
