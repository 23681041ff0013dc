"""All scores of a questionnaire at once, with one report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from intimacy_analysis.formatting import Column, Table, count_cell, text_column, words_cell
from intimacy_analysis.formatting.html import html_table
from intimacy_analysis.formatting.text import text_lines
from intimacy_analysis.scales.questionnaires import Questionnaire
from intimacy_analysis.scales.scoring import ScoringReport, score_scale
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.survey import SurveyFrame

Scored = TypeVar("Scored", DyadFrame, SurveyFrame, pd.DataFrame)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionnaireReport:
    """What scoring a questionnaire did.

    Attributes:
        questionnaire: The key.
        reports: One a score, in order.
    """

    questionnaire: Questionnaire
    reports: tuple[ScoringReport, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What must be known before the scores are used."""
        return tuple(text for report in self.reports for text in report.warnings)

    @property
    def table(self) -> Table:
        """One row a score: items, complete, prorated, without, reversed, how the key is known."""
        heads = ("Items", "Possible", "Complete", "From a part", "None", "No answer at all")
        return Table(
            title=f"Scores of the {self.questionnaire.title}",
            columns=(
                text_column("Score"),
                *(
                    Column(header=head, raw_names=(head.lower().replace(" ", "_"),))
                    for head in heads
                ),
                text_column("Reversed"),
                text_column("Key"),
            ),
            rows=tuple(
                (
                    words_cell(report.scale.name),
                    count_cell(len(report.scale.items)),
                    count_cell(report.n_rows),
                    count_cell(report.n_complete),
                    count_cell(report.n_prorated),
                    count_cell(report.n_without),
                    count_cell(report.n_silent),
                    words_cell(", ".join(report.reversed)),
                    words_cell(report.scale.basis),
                )
                for report in self.reports
            ),
            notes=(self.questionnaire.source, *self.questionnaire.notes, *self.warnings),
        )

    def __str__(self) -> str:
        return "\n".join(text_lines(self.table))

    def _repr_html_(self) -> str:
        return html_table(self.table)


def score_questionnaire(
    frame: Scored, questionnaire: Questionnaire
) -> tuple[Scored, QuestionnaireReport]:
    """Score every scale of a questionnaire: one new column each, or with couples one a member.

    Args:
        frame: Rows, a survey, or couples (where items are stems of both members).
        questionnaire: The key, from `questionnaire(...)`.

    Returns:
        The frame with the scores, and the report.

    Raises:
        DataError: As `score_scale`.
    """
    reports = []
    for scale in questionnaire.scales:
        frame, report = score_scale(frame, scale)
        reports.append(report)
    return frame, QuestionnaireReport(questionnaire=questionnaire, reports=tuple(reports))
