"""The figures of a report on couples."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from intimacy_analysis.claims.couples_evidence import CouplesEvidence
from intimacy_analysis.claims.yoo_facts import NEIGHBORS
from intimacy_analysis.figures.actor_partner_forest import (
    actor_partner_forest,
    draw_actor_partner_forest,
)
from intimacy_analysis.figures.captions import data_sentence
from intimacy_analysis.figures.implied_observed import (
    caption_implied_observed,
    draw_implied_observed,
    implied_observed,
)
from intimacy_analysis.figures.indirect_effects import draw_indirect_effects, indirect_effects
from intimacy_analysis.figures.path_diagram import path_diagram
from intimacy_analysis.figures.path_diagram_ink import draw_path_diagram
from intimacy_analysis.figures.published_and_reestimated import (
    caption_published_and_reestimated,
    draw_published_and_reestimated,
    published_and_reestimated,
)
from intimacy_analysis.figures.role_forest import forest_alt_text
from intimacy_analysis.report.saved_figure import DrawnFigure


def draw_figures(evidence: CouplesEvidence, *, per_person: bool) -> list[DrawnFigure]:
    """Return every figure the fits allow; none shows a single couple.

    Args:
        evidence: What to draw.
        per_person: Changes nothing here.
    """
    del per_person
    drawn = [_published(evidence)]
    shown = {name: result for name, result in evidence.results.items() if result.state != "failed"}
    for name in ("sexual first", "emotional first"):
        if name in shown:
            drawn.append(_diagram(evidence, name))
    if shown:
        drawn.append(_forest(evidence))
    if evidence.bootstrapped is not None:
        drawn.append(_indirect(evidence))
    if "sexual first" in shown and "emotional first" in shown:
        drawn.append(_implied(evidence))
    return drawn


def _published(evidence: CouplesEvidence) -> DrawnFigure:
    judged = tuple(f for f in evidence.findings if f.claim.key != "direction")
    # Said once, beside the first spouse's finding: most facts speak of both.
    first = evidence.couples.roles[0]
    facts = tuple(replace(fact, term=f"{fact.term}-{first}") for fact in evidence.facts)
    effects = published_and_reestimated(judged, facts)
    return DrawnFigure(
        name="published_and_reestimated",
        title="Published and re-estimated",
        caption=caption_published_and_reestimated(effects, ending=data_sentence(evidence.study)),
        alt=caption_published_and_reestimated(effects),
        draw=partial(draw_published_and_reestimated, effects, note=_note(evidence)),
        data={"": effects},
    )


def _diagram(evidence: CouplesEvidence, name: str) -> DrawnFigure:
    diagram = path_diagram(evidence.results[name])
    return DrawnFigure(
        name=f"path_diagram_{name.replace(' ', '_')}",
        title=f"Path diagram, {name}",
        caption=f"{diagram.caption} {data_sentence(evidence.study)}",
        alt=diagram.alt_text,
        draw=partial(draw_path_diagram, diagram, width="double", note=_note(evidence)),
        data={"": diagram.to_frame()},
    )


def _forest(evidence: CouplesEvidence) -> DrawnFigure:
    models = {
        name: result
        for name, result in evidence.results.items()
        if name in ("communication", "sexual first") and result.state != "failed"
    }
    effects = actor_partner_forest(models, known=NEIGHBORS, standardized=True)
    alt = forest_alt_text(effects, "Actor and partner effects, standardized.")
    return DrawnFigure(
        name="actor_partner_effects",
        title="Actor and partner effects",
        caption="Standardized actor and partner effects with intervals, by whose outcome it is; "
        "diamonds are values from open data, with their label. Paths of the model 'communication' "
        "are not adjusted for the other intimacy. " + data_sentence(evidence.study),
        alt=alt,
        draw=partial(draw_actor_partner_forest, effects, note=_note(evidence)),
        data={"": effects},
    )


def _indirect(evidence: CouplesEvidence) -> DrawnFigure:
    assert evidence.bootstrapped is not None
    effects = indirect_effects(evidence.bootstrapped)
    alt = forest_alt_text(effects, "Indirect effects in scale points.")
    return DrawnFigure(
        name="indirect_effects",
        title="Ways from communication to satisfaction",
        caption="Products of paths from own communication to own relationship satisfaction, in "
        "scale points, with percentile intervals of a bootstrap of couples. The order of the two "
        f"intimacies is assumed. {data_sentence(evidence.study)}",
        alt=alt,
        draw=partial(draw_indirect_effects, effects, note=_note(evidence)),
        data={"": effects},
    )


def _implied(evidence: CouplesEvidence) -> DrawnFigure:
    pairs = implied_observed(
        {name: evidence.results[name] for name in ("sexual first", "emotional first")}
    )
    return DrawnFigure(
        name="implied_and_observed",
        title="Implied and observed correlations",
        caption=caption_implied_observed(pairs, ending=data_sentence(evidence.study)),
        alt=caption_implied_observed(pairs),
        draw=partial(draw_implied_observed, pairs, note=_note(evidence)),
        data={"": pairs},
    )


def _note(evidence: CouplesEvidence) -> str:
    return "synthetic data" if evidence.kind == "synthetic" else ""
