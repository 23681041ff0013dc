"""The page's own sentences and the order of its tables, by kind of evidence."""

from __future__ import annotations

from dataclasses import dataclass

from intimacy_analysis.claims.couples_evidence import CouplesEvidence
from intimacy_analysis.claims.evidence import Evidence
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.formatting import format_count

AnyEvidence = Evidence | CouplesEvidence | SurveyEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """What the page says around figures and tables.

    Attributes:
        used: What the fits rest on, one sentence.
        model: The model or models, in words.
        estimates: Names of the tables of estimates, in order.
        sensitivity: What the sensitivity section asks.
        sensitivity_tables: Names of its tables.
        article: Which part of the article this is about, and what it reports fairly.
        data: Names of the tables on the data, in order.
    """

    used: str
    model: str
    estimates: tuple[str, ...]
    sensitivity: str
    sensitivity_tables: tuple[str, ...]
    article: str
    data: tuple[str, ...]


def page_words(evidence: AnyEvidence) -> PageWords:
    """Return the page's sentences for one kind of evidence."""
    if isinstance(evidence, CouplesEvidence):
        return _couples_words(evidence)
    if isinstance(evidence, SurveyEvidence):
        return PageWords(
            used=evidence.used,
            model=evidence.model,
            estimates=evidence.estimates,
            sensitivity=evidence.sensitivity,
            sensitivity_tables=evidence.sensitivity_tables,
            article=evidence.article_section,
            data=("import_report", "variables", "lineage", "truth"),
        )
    spec = evidence.model.spec
    return PageWords(
        used=f"{evidence.result.n_rows} days of {evidence.result.n_groups} persons were used.",
        model=f"Model: {spec.fixed}; varying between persons: {spec.random}; grouped by "
        f"{spec.group}.",
        estimates=("fixed_effects", "covariance_parameters", "simple_slopes", "heterogeneity"),
        sensitivity="Would another reasonable choice of analysis give another answer?",
        sensitivity_tables=("sensitivity",),
        article='The article is "7 ways to build an emotional connection with your partner", '
        'section 1, "Spend quality time together". In fairness: the number of women, the 14 days '
        "and the direction of the weekday result are reported as the sources have them.",
        data=("import_report", "compliance", "variables", "lineage", "truth"),
    )


def _couples_words(evidence: CouplesEvidence) -> PageWords:
    n = max(result.n_couples for result in evidence.results.values())
    return PageWords(
        used=f"{format_count(n)} couples were used.",
        model="Three path models of both spouses: both intimacies on communication (saturated), "
        "and two rivals that differ in the direction of one arrow a spouse.",
        estimates=(
            "communication",
            "sexual_first",
            "emotional_first",
            "indirect",
            "fit",
        ),
        sensitivity="Would the arrow the other way round give another answer? Both directions "
        "stand side by side, with how often the wrong one would fit better.",
        sensitivity_tables=("directions", "gap"),
        article='The article is "7 ways to build an emotional connection with your partner", '
        "sections 3 and 4, on talking openly and on the sex life. In fairness: the 335 couples "
        "are reported as the sources have them.",
        data=("import_report", "variables", "lineage", "truth"),
    )
