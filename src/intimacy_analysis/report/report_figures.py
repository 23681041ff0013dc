"""The figures of the report on a diary."""

from __future__ import annotations

import textwrap
from functools import partial

from intimacy_analysis.claims.evidence import Evidence
from intimacy_analysis.figures.captions import data_sentence, fit_sentence
from intimacy_analysis.figures.compliance import (
    answered_days,
    caption_compliance,
    draw_compliance,
)
from intimacy_analysis.figures.person_slopes import (
    binned_slopes,
    caption_person_slopes,
    draw_person_slopes,
    person_slopes,
)
from intimacy_analysis.figures.published_and_reestimated import (
    caption_published_and_reestimated,
    draw_published_and_reestimated,
    published_and_reestimated,
)
from intimacy_analysis.figures.weekday_weekend_slopes import (
    binned_points,
    caption_weekday_weekend_slopes,
    draw_weekday_weekend_slopes,
    weekday_weekend_slopes,
    within_person_points,
)
from intimacy_analysis.report.saved_figure import DrawnFigure
from intimacy_analysis.study.codebook import Variable
from intimacy_analysis.study.compliance import compliance


def draw_figures(evidence: Evidence, *, per_person: bool) -> list[DrawnFigure]:
    """Return every figure the fit allows.

    Args:
        evidence: What is drawn.
        per_person: False draws no single person and no single day, only counts and means of at
            least ten persons.
    """
    drawn = [_published(evidence), _compliance(evidence, per_person=per_person)]
    if evidence.state != "failed":
        drawn = [*_slopes(evidence, per_person=per_person), *drawn]
    return drawn


def _slopes(evidence: Evidence, *, per_person: bool) -> list[DrawnFigure]:
    figures = [_person_slopes(evidence, per_person=per_person)]
    if evidence.model.weekend_difference is not None:
        figures.append(_weekday_weekend(evidence, per_person=per_person))
    return figures


def _person_slopes(evidence: Evidence, *, per_person: bool) -> DrawnFigure:
    result, term = evidence.result, evidence.model.slope
    slopes = person_slopes(result, term, confidence=result.confidence)
    mean = result.estimates[term]
    draw = partial(
        draw_person_slopes,
        slopes,
        mean=mean,
        confidence=result.confidence,
        per_person=per_person,
        note=_kind_note(evidence),
    )
    # Ids stay with the data: a report is made to be passed on.
    numbered = slopes.assign(person=range(1, len(slopes) + 1))
    return DrawnFigure(
        name="person_slopes",
        title="Each person's own slope",
        caption=caption_person_slopes(
            slopes, mean=mean, per_person=per_person, ending=_ending(evidence)
        ),
        alt=caption_person_slopes(slopes, mean=mean, per_person=per_person),
        draw=draw,
        data={"": numbered if per_person else binned_slopes(slopes)},
    )


def _weekday_weekend(evidence: Evidence, *, per_person: bool) -> DrawnFigure:
    model, result = evidence.model, evidence.result
    weekend, interaction = model.weekend or "", model.weekend_difference or ""
    points = within_person_points(
        model.diary.rows,
        person=model.spec.group,
        outcome=model.outcome.name,
        predictor=model.slope,
        weekend=weekend,
    )
    lines = weekday_weekend_slopes(
        result,
        points,
        predictor=model.slope,
        weekend=weekend,
        # Centered predictors are at their mean where they are zero; covariates are not.
        at={name: float(model.diary.rows[name].mean()) for name in model.covariates},
    )
    draw = partial(
        draw_weekday_weekend_slopes,
        lines,
        points,
        x_label=_wrapped(f"{_label(model.predictor)}, deviation from the person's own mean"),
        y_label=_wrapped(_label(model.outcome)),
        confidence=result.confidence,
        per_person=per_person,
        note=_kind_note(evidence),
    )
    shown = points.drop(columns="person") if per_person else binned_points(points)
    return DrawnFigure(
        name="weekday_weekend_slopes",
        title="Weekdays and weekends",
        caption=caption_weekday_weekend_slopes(
            result, interaction=interaction, per_person=per_person, ending=_ending(evidence)
        ),
        alt=caption_weekday_weekend_slopes(result, interaction=interaction, per_person=per_person),
        draw=draw,
        data={"": lines, "points": shown},
    )


def _published(evidence: Evidence) -> DrawnFigure:
    effects = published_and_reestimated(evidence.findings, evidence.facts)
    return DrawnFigure(
        name="published_and_reestimated",
        title="Published and re-estimated",
        caption=caption_published_and_reestimated(effects, ending=_ending(evidence)),
        alt=caption_published_and_reestimated(effects),
        draw=partial(draw_published_and_reestimated, effects, note=_kind_note(evidence)),
        data={"": effects},
    )


def _compliance(evidence: Evidence, *, per_person: bool) -> DrawnFigure:
    answered = compliance(evidence.study.diary, evidence.model.outcome.name)
    return DrawnFigure(
        name="compliance",
        title="Who answered",
        caption=caption_compliance(
            answered, per_person=per_person, ending=data_sentence(evidence.study)
        ),
        alt=caption_compliance(answered, per_person=per_person),
        draw=partial(draw_compliance, answered, per_person=per_person, note=_kind_note(evidence)),
        data={
            "persons": answered_days(answered, per_person=per_person),
            "days": answered.per_day,
        },
    )


def _ending(evidence: Evidence) -> str:
    return f"{fit_sentence(evidence.result)} {data_sentence(evidence.study)}"


def _kind_note(evidence: Evidence) -> str:
    return "synthetic data" if evidence.kind == "synthetic" else ""


def _label(variable: Variable) -> str:
    label = variable.label or variable.name
    return f"{label} ({variable.unit})" if variable.unit else label


def _wrapped(label: str) -> str:
    # An axis of a single column holds about this many signs.
    return "\n".join(textwrap.wrap(label, 44))
