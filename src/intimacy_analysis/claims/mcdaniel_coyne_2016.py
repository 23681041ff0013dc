"""Technoference: the claims of McDaniel and Coyne (2016), examined.

No results table of the paper was read (see `technoference_facts`); no coefficient is compared with
it, but the reported percentages are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from intimacy_analysis.claims.chain_consistency import ChainConsistency, chain_consistency
from intimacy_analysis.claims.chain_models import (
    CHAIN,
    CONSTRUCTS,
    chain_model,
    reversed_chain,
)
from intimacy_analysis.claims.chain_serial import direct_effects, serial_effects
from intimacy_analysis.claims.daily_shares import daily_shares
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.judging import (
    JudgedBy,
    adjusted_by_holm,
    check_smallest,
    judged_finding,
)
from intimacy_analysis.claims.path_fit_table import path_fit_table
from intimacy_analysis.claims.published import PublishedFact
from intimacy_analysis.claims.scale_items import scale_of, score_reliability, scored_answers
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.claims.survey_scores import survey_scores
from intimacy_analysis.claims.technoference_claims import (
    CLAIMS,
    CORRELATIONS,
    DIRECT,
    ORDER,
    SERIAL,
    SOURCE,
)
from intimacy_analysis.claims.technoference_facts import (
    ARTICLE,
    CANNOT_SHOW,
    DAILY_FACTS,
    FACTS,
)
from intimacy_analysis.claims.technoference_methods import REFERENCES, methods_of
from intimacy_analysis.claims.technoference_sensitivity import sensitivity_rows
from intimacy_analysis.claims.technoference_tables import (
    comparison_table,
    consistency_table,
    paths_table,
    sensitivity_table,
    serial_table,
    shares_table,
)
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.correlations.attenuation import correct_for_attenuation
from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.correlations.correlation_table import CorrelationTable
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import Table
from intimacy_analysis.paths.comparison import PathComparison, compare_path_models
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.paths.spec import PathModelSpec
from intimacy_analysis.study.study import Study
from intimacy_analysis.study.survey import SurveyFrame

KEY = "technoference"
QUESTION = (
    "How many report interruptions by technology every day? Does technoference go with conflict "
    "over technology, relationship satisfaction, depressive symptoms and life satisfaction? Do "
    "conflict and, after it, relationship satisfaction share in the associations with well-being, "
    "and is that chain all there is?"
)
DEFAULT_BOOTSTRAP = 5000
DEFAULT_SEED = 20160501
# Optional: the second questionnaire, whose items tell how often.
EXAMPLES = "technoference_examples"
# Lowest answer, on 0 to 7, that means "once a day": an assumption, see the facts.
ONCE_A_DAY = 4
REPORTED_ALPHA = 0.67
PURE, WITH_DIRECT, BACKWARD = "pure chain", "chain with direct paths", "pure chain backward"
Missing = Literal["listwise", "fiml"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyShares:
    """How many report each example at least daily.

    Attributes:
        rows: As `daily_shares` gives them.
        labels: What each item asks for.
        published: The reported percentage of each; empty where items are not the study's.
    """

    rows: pd.DataFrame
    labels: tuple[str, ...]
    published: tuple[PublishedFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainAnalysis:
    """What the figures of the chain are drawn from.

    Attributes:
        models: Fits by name: pure, with direct paths, backward.
        drawn: The first two with a bootstrap; empty without.
        serial: Model to outcome to standardized serial effect.
        comparison: Of the pure chain with the one that has direct paths.
        consistency: What each implies for the ends of the chain.
    """

    models: Mapping[str, PathModelResult]
    drawn: Mapping[str, PathModelResult]
    serial: Mapping[str, Mapping[str, Estimate]]
    comparison: PathComparison
    consistency: ChainConsistency


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
    """Examine a survey for the claims on technoference.

    Args:
        study: A survey with scores or items of technoference, conflict over technology,
            relationship satisfaction, depressive symptoms and life satisfaction; items of the
            examples of daily life (0 to 7) for the shares, where there are any.
        variables: Construct ("technoference", "conflict_over_technology",
            "relationship_satisfaction", "depressive_symptoms", "life_satisfaction",
            "technoference_examples") to the column or scale that measures it.
        smallest_effects: Key of a claim to its smallest effect of interest.
        confidence: Coverage of the intervals.
        bootstrap: Replicates for the serial effects, 100 or more; 0 for the delta method.
        seed: Seed of the bootstrap.
        df_method: Not used here: path models rest on large samples.

    Raises:
        DataError: A construct that is absent, or data that cannot carry the models.
        SpecError: An unknown claim in `smallest_effects`.
    """
    del df_method
    given = dict(smallest_effects or {})
    check_smallest(given, CLAIMS)
    survey, columns, notes = survey_scores(study, CONSTRUCTS, variables, optional=(EXAMPLES,))
    if EXAMPLES in columns and survey.rows[columns[EXAMPLES]].nunique() < 2:
        # The second questionnaire is welcome, not needed.
        notes = (*notes, f"{columns[EXAMPLES]} does not vary and is left out.")
        columns = {name: column for name, column in columns.items() if name != EXAMPLES}
    scores = survey.rows[list(columns.values())].set_axis(list(columns), axis=1)
    reliability = score_reliability(study, survey.rows, columns)
    correlations = correlate(scores, list(columns), confidence=confidence, reliability=reliability)
    models = _fits(scores, confidence)
    chain = _chain_analysis(scores, models, correlations, bootstrap, seed, confidence)
    estimates = _estimates(correlations, chain)
    by = JudgedBy(
        study=study,
        given=given,
        adjusted=adjusted_by_holm(estimates),
        confidence=confidence,
        association="It is an association of one person's answers of one time.",
        truth_follows="That follows from the paths put in.",
    )
    findings = [judged_finding(claim, estimates.get(claim.key), by) for claim in CLAIMS[:-1]]
    findings.append(_order_finding(study, models))
    shares, shares_note = _shares(study, survey, columns, confidence)
    tables = _tables(correlations, chain, models, shares, bootstrap)
    sensitivity = (
        {}
        if chain is None
        else _sensitivity(scores, estimates, chain, reliability, _items(study, survey, columns))
    )
    if all(name in reliability for name in columns):
        corrected = correct_for_attenuation(correlations).table
        title = "Correlations corrected for unreliability (alpha)"
        sensitivity["corrected_correlations"] = replace(corrected, title=title)
    return SurveyEvidence(
        key=KEY,
        title="Technoference, conflict, satisfaction and well-being",
        question=QUESTION,
        source=SOURCE,
        study=study,
        frame=survey,
        state=_worst_state(models),
        warnings=tuple(
            # The engine calls the units of its rows couples.
            dict.fromkeys(
                warning.replace("couple", "person")
                for result in models.values()
                for warning in result.warnings
            )
        ),
        findings=tuple(findings),
        facts=FACTS,
        cannot_show=CANNOT_SHOW,
        article=ARTICLE,
        notes=(*notes, *shares_note, *_notes(findings, confidence)),
        confidence=confidence,
        used=f"{len(scores)} {'women' if study.kind == 'synthetic' else 'persons'} were used.",
        model="Correlations of scores, and three path models: technoference to conflict to "
        "relationship satisfaction to both outcomes (pure chain); the same with direct paths from "
        "technoference; and the pure chain backward.",
        tables={**tables, **sensitivity},
        estimates=tuple(tables),
        sensitivity="Would complete answers only, no direct paths, scores corrected for their "
        "error of measurement or the other questionnaire give another answer?",
        sensitivity_tables=tuple(sensitivity),
        article_section='The article is "7 ways to build an emotional connection with your '
        'partner", section 2, on reducing technoference. In fairness: year, volume and the '
        "direction of the associations are reported as the sources have them.",
        analyses={
            "correlations": correlations,
            "models": models,
            "chain": chain,
            "shares": shares,
        },
        methods=methods_of(study.kind, scores, reliability, bootstrap, confidence),
        references=REFERENCES,
    )


def _fits(scores: pd.DataFrame, confidence: float) -> dict[str, PathModelResult]:
    specs = {
        PURE: chain_model(direct=False),
        WITH_DIRECT: chain_model(direct=True),
        BACKWARD: reversed_chain(),
    }
    return {name: _fit(spec, scores, confidence) for name, spec in specs.items()}


def _fit(
    spec: PathModelSpec, scores: pd.DataFrame, confidence: float, missing: Missing = "fiml"
) -> PathModelResult:
    # Symptoms are skewed and answers come in few steps: sandwich errors need no normal scores.
    return fit_path_model(
        spec,
        scores,
        missing=missing,
        standard_errors="robust",
        fixed_x=False,
        confidence=confidence,
    )


def _chain_analysis(
    scores: pd.DataFrame,
    models: Mapping[str, PathModelResult],
    correlations: CorrelationTable,
    bootstrap: int,
    seed: int,
    confidence: float,
) -> ChainAnalysis | None:
    """Return everything that rests on the chains; None where one of them has no solution."""
    both = {name: models[name] for name in (PURE, WITH_DIRECT)}
    if any(result.state != "ok" for result in models.values()):
        return None
    drawn = {
        name: fit_path_model(
            result.spec,
            scores,
            missing="fiml",
            fixed_x=False,
            standard_errors="bootstrap",
            bootstrap=bootstrap,
            seed=seed,
            confidence=confidence,
        )
        for name, result in both.items()
        if bootstrap
    }
    return ChainAnalysis(
        models=models,
        drawn=drawn,
        serial={name: serial_effects(result, drawn.get(name)) for name, result in both.items()},
        comparison=compare_path_models(models[PURE], models[WITH_DIRECT]),
        consistency=chain_consistency(both, correlations),
    )


def _estimates(correlations: CorrelationTable, chain: ChainAnalysis | None) -> dict[str, Estimate]:
    """Return the estimate of each claim that has one."""
    found: dict[str, Estimate] = {}
    for claim in CORRELATIONS:
        held = correlations.between(CHAIN[0], claim.term)
        found[claim.key] = Estimate(
            name=claim.term,
            value=held.r,
            low=held.low,
            high=held.high,
            p_value=held.p_value,
            unit="correlation",
        )
    if chain is None:
        return found
    for claim in SERIAL:
        found[claim.key] = chain.serial[WITH_DIRECT][claim.term]
    direct = direct_effects(chain.models[WITH_DIRECT], chain.drawn.get(WITH_DIRECT))
    for claim in DIRECT:
        found[claim.key] = direct[claim.term]
    return found


def _order_finding(study: Study, models: Mapping[str, PathModelResult]) -> Finding:
    """Say what the chain and its mirror image show: never an order."""
    forward, backward = (models[name].fit_indices for name in (PURE, BACKWARD))
    gap = backward.chisq - forward.chisq
    return Finding(
        claim=ORDER,
        verdict=Verdict.NOT_TESTABLE,
        kind=study.kind,
        estimate=Estimate(name="gap", value=0.0 if abs(gap) < 1e-6 else gap, unit="chi-square"),
        smallest_effect=0.0,
        sentences=(
            "Answers of one time cannot tell the order. The pure chain has chi-square "
            f"{forward.chisq:.2f}; drawn backward, from well-being to technoference, it has "
            f"{backward.chisq:.2f} ({forward.df:.0f} degrees of freedom each).",
            "That is no accident of these data: both imply the same correlations, so they fit any "
            "data alike.",
            "A diary of both partners of 173 couples found associations within persons "
            "[abstract/secondary: B9], which rules out lasting differences between persons, but "
            "not the order within a day. To tell needs an experiment or longer lags.",
        ),
    )


def _shares(
    study: Study, survey: SurveyFrame, columns: Mapping[str, str], confidence: float
) -> tuple[DailyShares | None, tuple[str, ...]]:
    """Return the share at least daily of each example, or why there is none."""
    scale = scale_of(study, columns.get(EXAMPLES, EXAMPLES))
    answers = None if scale is None else scored_answers(survey.rows, scale)
    if scale is None or answers is None:
        return None, ("No items of the examples of daily life: no shares at least daily.",)
    if (scale.minimum, scale.maximum) != (0, 7) or scale.reversed:
        return None, (
            "The examples of daily life are not answered from 0 to 7: which answer means 'once a "
            "day' is not known, so there are no shares.",
        )
    silent = [item for item in answers if answers[item].isna().all()]
    if silent:
        return None, (f"Nobody answered {silent[0]}, so there are no shares at least daily.",)
    labels = [survey.codebook[item].label or item for item in scale.items]
    return DailyShares(
        rows=daily_shares(answers, daily=ONCE_A_DAY, confidence=confidence),
        labels=tuple(label.removeprefix(f"{scale.label}, ") for label in labels),
        # Other numbers of items are another questionnaire.
        published=DAILY_FACTS if len(labels) == len(DAILY_FACTS) else (),
    ), ()


def _items(study: Study, survey: SurveyFrame, columns: Mapping[str, str]) -> pd.DataFrame | None:
    scale = scale_of(study, columns[CHAIN[0]])
    return None if scale is None else scored_answers(survey.rows, scale)


def _tables(
    correlations: CorrelationTable,
    chain: ChainAnalysis | None,
    models: Mapping[str, PathModelResult],
    shares: DailyShares | None,
    bootstrap: int,
) -> dict[str, Table]:
    """Return the tables of estimates in the order of the page."""
    confidence = correlations.confidence
    tables: dict[str, Table] = {}
    if shares is not None:
        tables["daily_shares"] = shares_table(
            shares.rows, shares.labels, shares.published, confidence
        )
    tables["correlations"] = correlations.table
    if chain is not None:
        method = (
            f"{100 * confidence:g} %, percentile of {bootstrap} bootstrap samples of persons"
            if chain.drawn
            else f"{100 * confidence:g} %, delta method"
        )
        tables |= {
            "paths": paths_table({name: models[name] for name in (PURE, WITH_DIRECT)}),
            "serial_effects": serial_table(chain.serial, method),
        }
    tables["fit"] = path_fit_table(models, unit="Persons")
    if chain is not None:
        tables |= {
            "comparison": comparison_table(chain.comparison, models[PURE], models[BACKWARD]),
            "consistency": consistency_table(chain.consistency),
        }
    return tables


def _sensitivity(
    scores: pd.DataFrame,
    estimates: Mapping[str, Estimate],
    chain: ChainAnalysis,
    reliability: Mapping[str, float],
    items: pd.DataFrame | None,
) -> dict[str, Table]:
    result = chain.models[WITH_DIRECT]
    rows = sensitivity_rows(
        scores,
        estimates,
        result,
        reliability,
        examples=EXAMPLES,
        reported_alpha=REPORTED_ALPHA,
        items=items,
    )
    keys = [claim.key for claim in (*SERIAL, *DIRECT)]
    return {"sensitivity": sensitivity_table(rows, keys, result.estimates.confidence)}


def _worst_state(models: Mapping[str, PathModelResult]) -> str:
    states = {result.state for result in models.values()}
    return next((state for state in ("failed", "inadmissible") if state in states), "ok")


def _notes(findings: Sequence[Finding], confidence: float) -> tuple[str, ...]:
    tests = sum(not math.isnan(finding.p_holm) for finding in findings)
    return (
        f"{len(findings)} claims are judged, with {tests} tests. Each verdict rests on its own "
        f"{100 * confidence:g} % interval, which is not adjusted; Holm's p stands beside it.",
        "Serial and direct effects are those of the chain with direct paths: where there are none "
        "they come out near zero, while a chain without them is wrong where there are.",
    )
