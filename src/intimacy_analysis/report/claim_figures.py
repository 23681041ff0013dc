"""Which module draws the figures of which claims."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from intimacy_analysis.claims.couples_evidence import CouplesEvidence
from intimacy_analysis.claims.evidence import Evidence
from intimacy_analysis.report.saved_figure import DrawnFigure
from intimacy_analysis.report.wording import AnyEvidence

# Key of the claims to the module of this room that draws them: draw_figures(evidence, per_person).
DRAWN_BY: dict[str, str] = {
    "emotional-intimacy": "opening_figures",
    "affection": "affection_figures",
    "affection-deprivation": "deprivation_figures",
    "technoference": "technoference_figures",
    "love-languages": "love_languages_figures",
    "pair-inventory": "pair_figures",
}


def drawn_figures(evidence: AnyEvidence, *, per_person: bool = True) -> tuple[DrawnFigure, ...]:
    """Return every figure the analyses allow; each is drawn when it is asked to draw itself.

    Args:
        evidence: What to draw.
        per_person: Whether a figure may show a single person or couple.
    """
    if isinstance(evidence, CouplesEvidence):
        name = "couples_figures"
    elif isinstance(evidence, Evidence):
        name = "report_figures"
    else:
        name = DRAWN_BY[evidence.key]
    module = import_module(f"intimacy_analysis.report.{name}")
    draw = cast("Callable[..., list[DrawnFigure]]", module.draw_figures)
    return tuple(draw(evidence, per_person=per_person))
