"""Which module draws the figures of which claims."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.report.page import PageFigure
from intimacy_analysis.report.saved_figure import DrawnFigure, save_drawn

# Key of the claims to the module of this room that draws them: draw_figures(evidence, per_person).
DRAWN_BY: dict[str, str] = {
    "emotional-intimacy": "opening_figures",
    "affection": "affection_figures",
    "affection-deprivation": "deprivation_figures",
    "technoference": "technoference_figures",
    "pair-inventory": "pair_figures",
}


def save_claim_figures(
    evidence: SurveyEvidence, folder: Path, *, per_person: bool = True
) -> tuple[PageFigure, ...]:
    """Draw every figure the analyses allow and save each as SVG, PDF, PNG and CSV.

    Args:
        evidence: What to draw.
        folder: Where the files go.
        per_person: Whether a figure may show a single person or couple.
    """
    module = import_module(f"intimacy_analysis.report.{DRAWN_BY[evidence.key]}")
    draw = cast("Callable[..., list[DrawnFigure]]", module.draw_figures)
    return tuple(save_drawn(figure, folder) for figure in draw(evidence, per_person=per_person))
