"""Love languages: mismatch with satisfaction, and beyond how much is expressed.

No coefficient of the paper was read (see `love_languages_facts`), so none is compared with.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

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
from intimacy_analysis.claims.love_languages_analyses import (
    LoveLanguagesAnalyses,
    analyze,
    estimates_of,
)
from intimacy_analysis.claims.love_languages_claims import (
    EMPATHY,
    INCREASE,
    SEXUAL,
    SOURCE,
    all_claims,
)
from intimacy_analysis.claims.love_languages_facts import ARTICLE, CANNOT_SHOW, FACTS
from intimacy_analysis.claims.love_languages_methods import REFERENCES, methods_of
from intimacy_analysis.claims.love_languages_scores import love_language_scores
from intimacy_analysis.claims.love_languages_sensitivity import choices_table, three_truths_table
from intimacy_analysis.claims.love_languages_tables import love_languages_tables, neighbors_table
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import format_count
from intimacy_analysis.study.study import Study

KEY = "love-languages"
QUESTION = (
    "Are women and men more satisfied, with the relationship and sexually, the less their "
    "partner's way of expressing love differs from the way they like to receive it? And is it the "
    "match that matters, or only how much the partner expresses?"
)
# Random pairings of strangers; nothing else rests on chance.
DEFAULT_BOOTSTRAP = 5000
DEFAULT_SEED = 20220617
_FEWEST_PAIRINGS = 99


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
    """Examine couples' preferred and expressed love languages.

    Args:
        study: Couples with scales or scores `preferred_words`, `preferred_quality_time`,
            `preferred_gifts`, `preferred_acts`, `preferred_touch`, likewise `expressed_...`, and
            `relationship_satisfaction`; where there are, `sexual_satisfaction` and
            `perspective_taking` are examined too.
        variables: Construct ("preferred_words", ...) to the stem that measures it, where names
            differ.
        smallest_effects: Key of a claim to its smallest effect of interest.
        confidence: Coverage of the intervals.
        bootstrap: Random pairings of strangers; fewer than 99 are taken as 99.
        seed: Of the pairings.
        df_method: Not used here.

    Raises:
        DataError: No couples, a construct that is absent, parts answered on different ranges, or
            too few couples.
        SpecError: An unknown claim in `smallest_effects`.
    """
    del df_method
    claims = all_claims()
    given = dict(smallest_effects or {})
    check_smallest(given, claims)
    scores = love_language_scores(study, variables)
    couples = scores.couples
    pairings = max(bootstrap, _FEWEST_PAIRINGS)
    analyses = analyze(scores, pairings=pairings, seed=seed, confidence=confidence)
    estimates = estimates_of(scores, analyses.standardized, confidence)
    by = JudgedBy(
        study=study,
        given=given,
        adjusted=adjusted_by_holm(estimates),
        confidence=confidence,
        association="Couples count as independent; answers are of one time.",
        truth_follows="That follows from what was put in.",
    )
    findings = tuple(_finding(claim, estimates, analyses, by) for claim in claims)
    tables = love_languages_tables(analyses, confidence)
    sensitivity = {"choices": choices_table(scores, confidence)}
    truths = three_truths_table(study, scores, confidence)
    if truths is not None:
        sensitivity["three_truths"] = truths
    sensitivity["neighbors"] = neighbors_table()
    states = [model.fit.state for model in analyses.beyond.values()]
    return SurveyEvidence(
        key=KEY,
        title="Love languages: mismatch and satisfaction",
        question=QUESTION,
        source=SOURCE,
        study=study,
        frame=couples,
        state=next((state for state in ("failed", "inadmissible") if state in states), "ok"),
        warnings=tuple(
            dict.fromkeys(text for held in analyses.beyond.values() for text in held.fit.warnings)
        ),
        findings=findings,
        facts=FACTS,
        cannot_show=CANNOT_SHOW,
        article=ARTICLE,
        notes=(*scores.notes, *_notes(findings, confidence)),
        confidence=confidence,
        used=f"{format_count(len(couples.rows))} couples were used.",
        model="Satisfaction of both members on received mismatch, the partner's mean expression "
        "and the own mean preference, residuals correlated; real couples beside couples of "
        "strangers.",
        tables={**tables, **sensitivity},
        estimates=tuple(tables),
        sensitivity="Would another score of mismatch, or levels held otherwise, give another "
        "answer? Can a simple correlation tell expression from matching? And what did other "
        "studies find?",
        sensitivity_tables=tuple(sensitivity),
        article_section='The article is "7 ways to build an emotional connection with your '
        'partner", section 6, on love languages. In fairness: the year of the study and the '
        "direction of its main association, with relationship and with sexual satisfaction, are "
        "right.",
        analyses={"love_languages": analyses},
        methods=methods_of(
            study.kind, len(couples.rows), couples.roles, pairings, seed, confidence
        ),
        references=REFERENCES,
    )


def _finding(
    claim: Claim,
    estimates: Mapping[str, Estimate],
    analyses: LoveLanguagesAnalyses,
    by: JudgedBy,
) -> Finding:
    if claim is INCREASE:
        return not_testable(
            claim,
            by.study,
            "Satisfaction was measured once, so these data cannot say whether it increases.",
            "More satisfied partners may express more, and more of what is preferred.",
            "To test it: couples assigned to express love in another way, or the same couples "
            "measured many times.",
        )
    estimate = estimates.get(claim.key)
    for construct in (SEXUAL, EMPATHY):
        if claim.term == construct and construct not in analyses.scores.columns:
            what = construct.replace("_", " ")
            return not_testable(
                claim,
                by.study,
                f"These data hold no {what}, so this is not tested.",
                f'With it for both members: examine(study, variables={{"{construct}": "..."}}), or '
                f"--variable {construct}=... on the command line.",
            )
    refused = analyses.refused.get(claim.term)
    if refused is not None and claim.key.startswith("matching-matters"):
        return not_testable(claim, by.study, "Mismatch could not be told from levels.", refused)
    if estimate is None or not math.isfinite(estimate.value):
        return judged_finding(claim, None, by)
    if claim.direction == 0:
        return absence_finding(claim, estimate, by)
    return judged_finding(claim, estimate, by)


def _notes(findings: Sequence[Finding], confidence: float) -> tuple[str, ...]:
    tests = sum(not math.isnan(finding.p_holm) for finding in findings)
    return (
        f"{len(findings)} claims are judged, with {tests} tests. Each verdict rests on its own "
        f"{100 * confidence:g} % interval, which is not adjusted; Holm's p stands beside it.",
        "A simple correlation of mismatch with satisfaction is found where only the amount of "
        "expression matters, too: the verdicts on matching are those of 'matching-matters'.",
    )
