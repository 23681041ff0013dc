"""The PAIR inventory: both forms scored, their gaps and reliability, and what they cannot say.

No table of the paper was read (see `pair_facts`); what is recalled is compared with nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from intimacy_analysis.claims.absence import absence_finding
from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.judging import (
    JudgedBy,
    adjusted_by_holm,
    check_smallest,
    judged_finding,
    not_testable,
)
from intimacy_analysis.claims.pair_analyses import analyze, estimates_of
from intimacy_analysis.claims.pair_claims import (
    ONGOING_EFFORT,
    SCORES,
    SOURCE,
    SPOUSE_DIFFERENCE,
    all_claims,
)
from intimacy_analysis.claims.pair_facts import ARTICLE, CANNOT_SHOW, FACTS
from intimacy_analysis.claims.pair_methods import REFERENCES, methods_of
from intimacy_analysis.claims.pair_scores import PairScores, pair_scores
from intimacy_analysis.claims.pair_tables import pair_tables
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.correlations.correlation_table import CorrelationTable
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import format_count
from intimacy_analysis.reliability.cronbach_alpha import cronbach_alpha
from intimacy_analysis.study.study import Study

KEY = "pair-inventory"
QUESTION = (
    "Do the items of the PAIR go together as scores? How much more intimacy is wanted than there "
    "is, and how reliable is that gap? How far is favorable answering in it, and how many "
    "dimensions are there? And what can a questionnaire say about keeping intimacy up?"
)
DEFAULT_BOOTSTRAP = 2000
DEFAULT_SEED = 19810701


def examine(
    study: Study,
    *,
    variables: Mapping[str, str] | None = None,
    smallest_effects: Mapping[str, float] | None = None,
    confidence: float = 0.95,
    bootstrap: int = DEFAULT_BOOTSTRAP,
    seed: int = DEFAULT_SEED,
    df_method: str = "satterthwaite",
) -> SurveyEvidence:
    """Examine couples' answers to both forms of the PAIR.

    Args:
        study: Couples whose codebook names the scales `perceived_emotional` to
            `perceived_conventionality` and `expected_emotional` to `expected_conventionality`.
        variables: Score ("perceived_emotional", ...) to the scale that measures it, where names
            differ.
        smallest_effects: Key of a claim to its smallest effect of interest.
        confidence: Coverage of the intervals.
        bootstrap: Bootstrap samples of couples; fewer than 100 are taken as 100.
        seed: Of the bootstrap and of the parallel analysis.
        df_method: Not used here.

    Raises:
        DataError: No couples, a scale that is absent, or answers out of its range.
        SpecError: An unknown claim in `smallest_effects`.
    """
    del df_method
    claims = all_claims()
    given = dict(smallest_effects or {})
    check_smallest(given, claims)
    scores = pair_scores(study, variables)
    couples = scores.couples
    analyses = analyze(scores, bootstrap=bootstrap, seed=seed, confidence=confidence)
    estimates = estimates_of(scores, bootstrap=bootstrap, seed=seed, confidence=confidence)
    by = JudgedBy(
        study=study,
        given=given,
        adjusted=adjusted_by_holm(estimates),
        confidence=confidence,
        association="Couples count as independent, spouses do not; answers are of one time.",
        truth_follows="That follows from what was put in.",
    )
    correlations = {role: _correlations(scores, role, confidence) for role in couples.roles}
    tables = pair_tables(scores.reports, analyses, correlations, confidence)
    sensitivity = tuple(
        name for name in ("structure", "dimensions", "invariance") if name in tables
    )
    findings = tuple(_finding(claim, estimates, by) for claim in claims)
    return SurveyEvidence(
        key=KEY,
        title="The PAIR inventory: perceived and expected intimacy",
        question=QUESTION,
        source=SOURCE,
        study=study,
        frame=couples,
        state="ok",
        warnings=tuple(dict.fromkeys(text for r in scores.reports for text in r.warnings)),
        findings=findings,
        facts=FACTS,
        cannot_show=CANNOT_SHOW,
        article=ARTICLE,
        notes=_notes(findings, confidence),
        confidence=confidence,
        used=f"{format_count(len(couples.rows))} couples were used.",
        model="Scores of both forms for both spouses, their reliabilities and differences; no "
        "model of what leads to what.",
        tables=tables,
        estimates=tuple(name for name in tables if name not in sensitivity),
        sensitivity="Are there five kinds of intimacy in these answers, or one? A questionnaire "
        "that asks for five shows five scores either way. And do spouses, and both forms, mean the "
        "same by their answers? Else gaps and differences compare unlike things.",
        sensitivity_tables=sensitivity,
        article_section='The article is "7 ways to build an emotional connection with your '
        'partner", section 7, on ongoing effort. In fairness: authors, year and title of the '
        "reference are right.",
        analyses={"pair": analyses, "correlations": correlations},
        methods=methods_of(
            study.kind, len(couples.rows), couples.roles, bootstrap, seed, confidence
        ),
        references=REFERENCES,
    )


def _finding(claim: Claim, estimates: Mapping[str, Estimate], by: JudgedBy) -> Finding:
    if claim is ONGOING_EFFORT:
        return not_testable(
            claim,
            by.study,
            "A questionnaire of one time measures no effort and no change, so these data cannot "
            "say whether intimacy needs either.",
            "That intimacy is a process is part of how the authors define it ([recalled, hi]); a "
            "definition is neither true nor false of couples.",
            "To test it: effort and intimacy measured many times, or couples assigned to do more "
            "or less of something, and followed.",
        )
    estimate = estimates[claim.key]
    if not math.isfinite(estimate.value):
        return judged_finding(claim, None, by)
    if claim is SPOUSE_DIFFERENCE:
        return absence_finding(claim, estimate, by)
    return judged_finding(claim, estimate, by)


def _correlations(scores: PairScores, role: str, confidence: float) -> CorrelationTable:
    """Return the correlations of one spouse's perceived scores, alphas on the diagonal."""
    rows = scores.couples.rows
    named = {score: rows[f"perceived_{score}_{role}"] for score in SCORES}
    return correlate(
        pd.DataFrame(named),
        list(named),
        confidence=confidence,
        reliability={
            score: alpha
            for score in SCORES
            for alpha in [cronbach_alpha(scores.answers(f"perceived_{score}", role)).value]
            # A key that is wrong can give an alpha that is no share of anything.
            if 0 <= alpha <= 1
        },
    )


def _notes(findings: Sequence[Finding], confidence: float) -> tuple[str, ...]:
    tests = sum(not math.isnan(finding.p_holm) for finding in findings)
    return (
        f"{len(findings)} claims are judged, with {tests} tests. Each verdict rests on its own "
        f"{100 * confidence:g} % interval, which is not adjusted; Holm's p stands beside it where "
        "zero is a question.",
        "The key of the inventory is recalled, and agrees with the reversed items that were read "
        "of; hold it against the form you used.",
    )
