"""Emotional intimacy with satisfaction and well-being: the article's opening sentence, examined.

The reference the article gives for it, a diary of shared time, tests neither half (see
`opening_facts`); no published coefficient is compared with.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.claims.couples_scores import couple_scores
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.judging import (
    JudgedBy,
    adjusted_by_holm,
    check_smallest,
    judged_finding,
    not_testable,
)
from intimacy_analysis.claims.opening_claims import SOURCE, UNIT, claims_for
from intimacy_analysis.claims.opening_facts import ARTICLE, CANNOT_SHOW, FACTS
from intimacy_analysis.claims.opening_methods import REFERENCES, methods_of
from intimacy_analysis.claims.opening_tables import actor_partner_table, sensitivity_table
from intimacy_analysis.claims.scale_items import couple_reliability
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.correlations.attenuation import correct_for_attenuation
from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.correlations.correlation_table import Correlation, CorrelationTable
from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.errors import IntimacyError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import Table
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.study.study import Study

KEY = "emotional-intimacy"
INTIMACY, SATISFACTION, WELL_BEING = "emotional_intimacy", "relationship_satisfaction", "well_being"
QUESTION = (
    "Is emotional intimacy related to satisfaction with the relationship, for both spouses and "
    "beyond what the other spouse reports? And is it related to physical and mental well-being?"
)
# No result here rests on chance; both are taken so that every claim is asked alike.
DEFAULT_BOOTSTRAP = 0
DEFAULT_SEED = 20150101


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningAnalysis:
    """What the figures are drawn from.

    Attributes:
        roles: The two members.
        model: Own and partner's intimacy on satisfaction.
        within: One row a member and outcome: role, outcome, kind ("as answered" or "corrected for
            unreliability"), value, low, high.
    """

    roles: tuple[str, str]
    model: PathModelResult
    within: pd.DataFrame


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
    """Examine a study of couples for the article's opening sentence.

    Args:
        study: Couples with scores or items of emotional intimacy and relationship satisfaction;
            where there is a variable of well-being of both members, its half is examined too.
        variables: Construct ("emotional_intimacy", "relationship_satisfaction", "well_being") to
            the stem that measures it, where names differ.
        smallest_effects: Key of a claim to its smallest effect of interest.
        confidence: Coverage of the intervals.
        bootstrap: Not used here.
        seed: Not used here: nothing is left to chance.
        df_method: Not used here: path models rest on large samples.

    Raises:
        DataError: A construct that is absent, or data that cannot carry the analyses.
        SpecError: An unknown claim in `smallest_effects`.
    """
    del bootstrap, seed, df_method
    couples, columns, notes = couple_scores(
        study, variables, constructs=(INTIMACY, SATISFACTION), optional=(WELL_BEING,)
    )
    roles = couples.roles
    both = (claims_for(roles[0], roles[1]), claims_for(roles[1], roles[0]))
    # By claim, both members side by side.
    claims = tuple(claim for pair in zip(*both, strict=True) for claim in pair)
    given = dict(smallest_effects or {})
    check_smallest(given, claims)
    scores = _named(couples.rows, columns, roles)
    reliability = couple_reliability(study, couples, columns)
    correlations = correlate(
        scores,
        list(scores.columns),
        missing="fiml",
        robust=True,
        confidence=confidence,
        reliability=reliability,
    )
    model = fit_path_model(
        actor_partner(INTIMACY, SATISFACTION, roles=roles),
        scores,
        missing="fiml",
        # Skewed answers in few steps, as in the other claims on couples.
        standard_errors="robust",
        fixed_x=False,
        confidence=confidence,
    )
    corrected = _corrected(correlations, reliability)
    estimates = _estimates(claims, roles, correlations, model, WELL_BEING in columns)
    by = JudgedBy(
        study=study,
        given=given,
        adjusted=adjusted_by_holm(estimates),
        confidence=confidence,
        association="It is an association of answers of one time.",
        truth_follows="That follows from the paths put in.",
    )
    findings = tuple(
        _well_being_missing(claim, study)
        if claim.term == WELL_BEING and WELL_BEING not in columns
        else judged_finding(claim, estimates.get(claim.key), by)
        for claim in claims
    )
    tables = {"correlations": correlations.table}
    if model.state == "ok":
        tables["actor_partner"] = actor_partner_table(model, roles)
    sensitivity = _sensitivity(scores, roles, estimates, corrected, confidence)
    return SurveyEvidence(
        key=KEY,
        title="Emotional intimacy, satisfaction and well-being",
        question=QUESTION,
        source=SOURCE,
        study=study,
        frame=couples,
        state=model.state,
        warnings=model.warnings,
        findings=findings,
        facts=FACTS,
        cannot_show=CANNOT_SHOW,
        article=ARTICLE,
        notes=(*notes, *_notes(findings, confidence)),
        confidence=confidence,
        used=f"{model.n_couples} couples were used.",
        model="Correlations within each spouse, and a path model of both: relationship "
        "satisfaction on own and the partner's emotional intimacy.",
        tables={**tables, "sensitivity": sensitivity},
        estimates=tuple(tables),
        sensitivity="Would complete answers, ranks, or scores corrected for their error of "
        "measurement give another answer?",
        sensitivity_tables=("sensitivity",),
        article_section='The article is "7 ways to build an emotional connection with your '
        "partner\", its opening sentence. In fairness: 'related to' claims no direction.",
        analyses={
            "opening": OpeningAnalysis(
                roles=roles,
                model=model,
                within=_within(roles, correlations, corrected, WELL_BEING in columns),
            )
        },
        methods=methods_of(study.kind, model, roles, reliability, confidence),
        references=REFERENCES,
    )


def _named(
    rows: pd.DataFrame, columns: Mapping[str, tuple[str, str]], roles: tuple[str, str]
) -> pd.DataFrame:
    """Return the scores under the names the models use: construct and role."""
    return pd.DataFrame(
        {
            f"{construct}_{role}": rows[name]
            for construct, pair in columns.items()
            for role, name in zip(roles, pair, strict=True)
        }
    )


def _estimates(
    claims: Sequence[Claim],
    roles: tuple[str, str],
    correlations: CorrelationTable,
    model: PathModelResult,
    with_well_being: bool,
) -> dict[str, Estimate]:
    """Return the estimate of each claim that has one."""
    found: dict[str, Estimate] = {}
    table = model.standardized() if model.state == "ok" else None
    for claim in claims:
        role = next(role for role in roles if claim.key.endswith(f"-{role}"))
        if claim.term == "correlation":
            found[claim.key] = _estimate(_pair(correlations, SATISFACTION, role))
        elif claim.term == WELL_BEING:
            if with_well_being:
                found[claim.key] = _estimate(_pair(correlations, WELL_BEING, role))
        elif table is not None:
            row = table[model.row_name(claim.term)]
            found[claim.key] = replace(row, name=claim.term, unit=UNIT)
    return found


def _pair(table: CorrelationTable, outcome: str, role: str) -> Correlation:
    return table.between(f"{INTIMACY}_{role}", f"{outcome}_{role}")


def _estimate(held: Correlation) -> Estimate:
    return Estimate(
        name=held.name,
        value=held.r,
        std_error=held.std_error,
        low=held.low,
        high=held.high,
        p_value=held.p_value,
        unit="correlation",
    )


def _corrected(
    correlations: CorrelationTable, reliability: Mapping[str, float]
) -> CorrelationTable | None:
    """Return the correlations corrected for unreliability; None where one is not known."""
    if any(name not in reliability for name in correlations.names):
        return None
    return correct_for_attenuation(correlations)


def _well_being_missing(claim: Claim, study: Study) -> Finding:
    return not_testable(
        claim,
        study,
        "These data hold no variable of well-being, so this half of the sentence is not tested.",
        "The article's own reference does not test it either: it is a diary of shared time.",
        "With such a variable of both members: examine(study, variables="
        '{"well_being": "..."}), or --variable well_being=... on the command line.',
    )


def _within(
    roles: tuple[str, str],
    correlations: CorrelationTable,
    corrected: CorrelationTable | None,
    with_well_being: bool,
) -> pd.DataFrame:
    outcomes = (SATISFACTION, WELL_BEING) if with_well_being else (SATISFACTION,)
    kinds = {"as answered": correlations, "corrected for unreliability": corrected}
    rows = [
        {
            "role": role,
            "outcome": outcome,
            "kind": kind,
            "value": (held := _pair(table, outcome, role)).r,
            "low": held.low,
            "high": held.high,
        }
        for outcome in outcomes
        for role in roles
        for kind, table in kinds.items()
        if table is not None
    ]
    return pd.DataFrame(rows)


def _sensitivity(
    scores: pd.DataFrame,
    roles: tuple[str, str],
    estimates: Mapping[str, Estimate],
    corrected: CorrelationTable | None,
    confidence: float,
) -> Table:
    """Return the correlations within each member under other choices."""
    names = [f"{construct}_{role}" for construct in (INTIMACY, SATISFACTION) for role in roles]
    rows: list[tuple[str, dict[str, Estimate], str]] = [
        (
            "as reported",
            {role: estimates[f"satisfaction-{role}"] for role in roles},
            "ok",
        )
    ]
    for choice, options in (
        ("complete couples only", {"missing": "listwise"}),
        ("ranks (Spearman)", {"method": "spearman"}),
        ("without outliers' pull (percentage bend)", {"method": "percbend"}),
    ):
        try:
            table = correlate(scores, names, confidence=confidence, **options)  # type: ignore[arg-type]
        except IntimacyError as error:
            rows.append((choice, {}, f"not possible: {error}"))
            continue
        rows.append(
            (choice, {role: _estimate(_pair(table, SATISFACTION, role)) for role in roles}, "ok")
        )
    if corrected is not None:
        rows.append(
            (
                "corrected for unreliability (alpha)",
                {role: _estimate(_pair(corrected, SATISFACTION, role)) for role in roles},
                "ok",
            )
        )
    return sensitivity_table(rows, roles, confidence)


def _notes(findings: Sequence[Finding], confidence: float) -> tuple[str, ...]:
    tests = sum(not math.isnan(finding.p_holm) for finding in findings)
    return (
        f"{len(findings)} claims are judged, with {tests} tests. Each verdict rests on its own "
        f"{100 * confidence:g} % interval, which is not adjusted; Holm's p stands beside it.",
        "Missing values: full information, every couple used. Errors need no normal scores "
        "(sandwich).",
    )
