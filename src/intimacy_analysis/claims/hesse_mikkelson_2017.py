"""Affection deprivation: the claims of Hesse and Mikkelson (2017), examined.

No correlation and no slope of the paper was read (see `deprivation_facts`); directions are all
that is compared with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from intimacy_analysis.claims.deprivation_claims import (
    ASSOCIATIONS,
    CLAIMS,
    INTIMACY,
    MODERATIONS,
    OUTCOMES,
    SLOPE_UNIT,
    SOURCE,
)
from intimacy_analysis.claims.deprivation_facts import ARTICLE, CANNOT_SHOW, FACTS
from intimacy_analysis.claims.deprivation_tables import (
    choices_table,
    gap_table,
    regions_table,
    simple_slopes_table,
    slopes_table,
)
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.judging import (
    JudgedBy,
    adjusted_by_holm,
    check_smallest,
    judged_finding,
    not_testable,
)
from intimacy_analysis.claims.moderated_slopes import moderated_bootstrap
from intimacy_analysis.claims.naming import how_to_name
from intimacy_analysis.claims.scale_items import score_reliability
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.claims.survey_scores import survey_scores
from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.correlations.correlation_table import CorrelationTable
from intimacy_analysis.errors import DataError, IntimacyError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import Table
from intimacy_analysis.mixed.johnson_neyman import JohnsonNeyman, johnson_neyman
from intimacy_analysis.mixed.simple_slopes import simple_slopes
from intimacy_analysis.regression.fitting import fit_regression
from intimacy_analysis.regression.result import RegressionResult
from intimacy_analysis.regression.standardized import standardize_regression
from intimacy_analysis.study.study import Study

KEY = "affection-deprivation"
QUESTION = (
    "Do persons who miss affection report less satisfaction, closeness and commitment? Does the "
    "association depend on how uncertain they are of the relationship? And is it what is missing, "
    "or what is received?"
)
DEFAULT_BOOTSTRAP = 2000
DEFAULT_SEED = 20170101
DEPRIVATION, UNCERTAINTY = "affection_deprivation", "relational_uncertainty"
PRODUCT = f"{DEPRIVATION}:{UNCERTAINTY}"
GAP = ("affection_wanted", "affection_received")
_LEAST_SAMPLES = 100


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
    """Examine a survey for the claims on affection deprivation.

    Args:
        study: A survey with affection deprivation and one outcome or more; for the moderation
            with relational uncertainty as well.
        variables: Construct ("affection_deprivation", "satisfaction", "closeness", "commitment",
            "relational_uncertainty", "affection_wanted", "affection_received", "age") to the column
            or scale that measures it, where names differ.
        smallest_effects: Key of a claim to its smallest effect of interest.
        confidence: Coverage of the intervals.
        bootstrap: Bootstrap samples of persons for the table of other choices, 100 or more; 0
            leaves them out.
        seed: Seed of the bootstrap.
        df_method: Not used here: a regression has rows less terms.

    Raises:
        DataError: A construct that is absent, or data that cannot carry the analysis.
        SpecError: An unknown claim in `smallest_effects`, or too few bootstrap samples.
    """
    del df_method
    given = dict(smallest_effects or {})
    check_smallest(given, CLAIMS)
    if bootstrap and bootstrap < _LEAST_SAMPLES:
        raise SpecError(
            f"bootstrap must be {_LEAST_SAMPLES} samples or more, or 0 for none, got {bootstrap}."
        )
    survey, columns, notes = survey_scores(
        study, (DEPRIVATION,), variables, optional=(*OUTCOMES, UNCERTAINTY, *GAP, "age")
    )
    outcomes = _outcomes(columns)
    rows = survey.rows[list(columns.values())].set_axis(list(columns), axis=1)
    reliability = score_reliability(study, survey.rows, columns)
    variables_shown = [
        DEPRIVATION,
        *outcomes,
        *(name for name in (UNCERTAINTY, *GAP) if name in rows),
    ]
    correlations = correlate(rows, variables_shown, confidence=confidence, reliability=reliability)
    fits = _fits(rows, outcomes, confidence) if UNCERTAINTY in rows else {}
    standardized = {outcome: standardize_regression(fit) for outcome, fit in fits.items()}
    regions = {
        outcome: johnson_neyman(fit, DEPRIVATION, UNCERTAINTY) for outcome, fit in fits.items()
    }
    estimates = _estimates(correlations, standardized, outcomes)
    by = JudgedBy(
        study=study,
        given=given,
        adjusted=adjusted_by_holm(estimates),
        confidence=confidence,
        association="It is an association of one person's answers of one time.",
        truth_follows="That was put in, or follows from the slopes put in.",
    )
    findings = _findings(study, estimates, by)
    tables = _tables(correlations, standardized, regions, _gap(rows, outcomes, confidence))
    other = _choices(rows, fits, standardized, bootstrap, seed)
    sensitivity = {"other_choices": choices_table(other, confidence)} if other else {}
    used = int((rows[DEPRIVATION].notna() & rows[list(outcomes)].notna().any(axis=1)).sum())
    return SurveyEvidence(
        key=KEY,
        title="Affection deprivation, uncertainty and the relationship",
        question=QUESTION,
        source=SOURCE,
        study=study,
        frame=survey,
        state="ok",
        warnings=tuple(
            dict.fromkeys(
                f"{outcome.capitalize()}: {warning}"
                for outcome, fit in fits.items()
                for warning in fit.warnings
            )
        ),
        findings=findings,
        facts=FACTS,
        cannot_show=CANNOT_SHOW,
        article=ARTICLE,
        notes=(*notes, *_notes(findings, confidence)),
        confidence=confidence,
        used=f"{used} of {len(rows)} persons gave their deprivation and an outcome, and were used.",
        model="Correlations of deprivation with each outcome; and a regression of each outcome on "
        "deprivation, relational uncertainty and their product, with HC3 standard errors.",
        tables={**tables, **sensitivity},
        estimates=tuple(tables),
        sensitivity="Would other standard errors, curved slopes, age, leaving influential persons "
        "out or a bootstrap give another interaction?",
        sensitivity_tables=tuple(sensitivity),
        article_section='The article is "7 ways to build an emotional connection with your '
        'partner", section 5, on showing affection. In fairness: that deprivation and lower '
        "satisfaction go together is reported as the source has it.",
        analyses={
            "correlations": correlations,
            "fits": fits,
            "standardized": standardized,
            "regions": regions,
            "estimates": estimates,
        },
        methods=_methods(study, used, bootstrap),
        references=REFERENCES,
    )


def _outcomes(columns: Mapping[str, str]) -> tuple[str, ...]:
    outcomes = tuple(name for name in OUTCOMES if name in columns)
    if not outcomes:
        raise DataError(
            f"the claims need one outcome or more of {', '.join(OUTCOMES)}, but none of them is "
            f"among the columns. {how_to_name('satisfaction')}"
        )
    return outcomes


def _fits(
    rows: pd.DataFrame, outcomes: Sequence[str], confidence: float
) -> dict[str, RegressionResult]:
    return {
        outcome: fit_regression(
            f"{outcome} ~ {DEPRIVATION} * {UNCERTAINTY}", rows, confidence=confidence
        )
        for outcome in outcomes
    }


def _estimates(
    correlations: CorrelationTable,
    standardized: Mapping[str, RegressionResult],
    outcomes: Sequence[str],
) -> dict[str, Estimate]:
    """Return the estimate of each claim that these data have one for."""
    found: dict[str, Estimate] = {}
    for outcome in outcomes:
        row = correlations.between(DEPRIVATION, outcome)
        found[ASSOCIATIONS[outcome].key] = Estimate(
            name=outcome,
            value=row.r,
            low=row.low,
            high=row.high,
            p_value=row.p_value,
            unit="correlation",
        )
    for outcome, result in standardized.items():
        found[MODERATIONS[outcome].key] = replace(result.estimates[PRODUCT], unit=SLOPE_UNIT)
    return found


def _findings(study: Study, estimates: Mapping[str, Estimate], by: JudgedBy) -> tuple[Finding, ...]:
    findings = []
    for claim in CLAIMS:
        if claim is INTIMACY:
            findings.append(
                not_testable(
                    claim,
                    study,
                    "The study measured closeness, not intimacy; an analysis of closeness says "
                    "nothing on it.",
                    "In a follow-up with both spouses deprivation went with every outcome except "
                    "wives' emotional intimacy [abstract/secondary: F4].",
                )
            )
        elif claim.key in estimates:
            findings.append(judged_finding(claim, estimates[claim.key], by))
        else:
            findings.append(
                not_testable(
                    claim,
                    study,
                    f"Neither a column nor a scale measures what this needs: {claim.estimand}.",
                )
            )
    return tuple(findings)


_Sides = Mapping[str, Mapping[str, Estimate]]


def _gap(rows: pd.DataFrame, outcomes: Sequence[str], confidence: float) -> _Sides:
    """Return what wanted and received affection add to each outcome, and their sum."""
    if any(name not in rows for name in GAP):
        return {}
    wanted, received = GAP
    sides = {}
    for outcome in outcomes:
        fit = fit_regression(f"{outcome} ~ {wanted} + {received}", rows, confidence=confidence)
        sides[outcome] = {
            "affection wanted, at equal receipt": fit.estimates[wanted],
            "affection received, at equal wish": fit.estimates[received],
            "sum of both (0 for a gap)": fit.contrast({wanted: 1, received: 1}),
            "curve along the gap": _curve(rows, outcome, confidence),
        }
    return sides


def _curve(rows: pd.DataFrame, outcome: str, confidence: float) -> Estimate:
    """Return how an outcome bends from too little to too much: below zero where both cost."""
    wanted, received = GAP
    squares = (f"I({wanted} ** 2)", f"I({received} ** 2)")
    fit = fit_regression(
        f"{outcome} ~ {wanted} * {received} + {' + '.join(squares)}", rows, confidence=confidence
    )
    # The surface's curvature along the line on which wanted and received are of opposite size.
    return fit.contrast({squares[0]: 1, f"{wanted}:{received}": -1, squares[1]: 1})


def _tables(
    correlations: CorrelationTable,
    standardized: Mapping[str, RegressionResult],
    regions: Mapping[str, JohnsonNeyman],
    sides: _Sides,
) -> dict[str, Table]:
    """Return the tables of estimates in the order of the page."""
    tables = {"correlations": correlations.table}
    if standardized:
        slopes: dict[str, EstimateTable] = {
            # Of standardized scores the mean is zero and the SD one.
            outcome: simple_slopes(result, DEPRIVATION, UNCERTAINTY, at=(-1.0, 0.0, 1.0))
            for outcome, result in standardized.items()
        }
        tables |= {
            "slopes": slopes_table(standardized),
            "simple_slopes": simple_slopes_table(slopes),
            "regions": regions_table(regions),
        }
    if sides:
        tables["wanted_and_received"] = gap_table(sides, correlations.confidence)
    return tables


def _choices(
    rows: pd.DataFrame,
    fits: Mapping[str, RegressionResult],
    standardized: Mapping[str, RegressionResult],
    bootstrap: int,
    seed: int,
) -> dict[tuple[str, str], Estimate]:
    """Return the standardized interaction of each outcome under other choices."""
    found: dict[tuple[str, str], Estimate] = {}
    for outcome, result in standardized.items():
        confidence = result.confidence
        found[outcome, "as reported (HC3)"] = result.estimates[PRODUCT]
        formula = fits[outcome].formula
        squares = f"{formula} + I({DEPRIVATION} ** 2) + I({UNCERTAINTY} ** 2)"
        choices = {
            "model-based standard errors": (formula, rows, "model"),
            "with squares of both": (squares, rows, "hc3"),
        }
        if "age" in rows:
            choices["with age"] = (f"{formula} + age", rows, "hc3")
        influential = _influential(fits[outcome])
        if len(influential):
            kept = rows.drop(index=rows.index[influential])
            choices[f"without {len(influential)} influential persons"] = (formula, kept, "hc3")
        for words, (asked, of, errors) in choices.items():
            try:
                fit = fit_regression(
                    asked,
                    of,
                    standard_errors="model" if errors == "model" else "hc3",
                    confidence=confidence,
                )
                found[outcome, words] = standardize_regression(fit).estimates[PRODUCT]
            except IntimacyError:
                # A choice that these data cannot carry has no row; the reported one stands.
                continue
        if bootstrap:
            drawn = moderated_bootstrap(
                rows, (outcome, DEPRIVATION, UNCERTAINTY), samples=bootstrap, seed=seed
            )[:, 2]
            tails = [0.5 - confidence / 2, 0.5 + confidence / 2]
            low, high = (float(limit) for limit in np.nanquantile(drawn, tails))
            found[outcome, f"bootstrap of persons ({bootstrap} samples)"] = Estimate(
                name=PRODUCT,
                value=result.estimates[PRODUCT].value,
                std_error=float(np.nanstd(drawn, ddof=1)),
                low=low,
                high=high,
            )
    return found


def _influential(fit: RegressionResult) -> list[int]:
    """Return the rows with a Cook's distance above 4 / n, a usual rule for a closer look."""
    influence = fit.influence
    return [int(row) for row in influence.index[influence["cooks_distance"] > 4 / fit.n_rows]]


def _notes(findings: Sequence[Finding], confidence: float) -> tuple[str, ...]:
    tests = sum(not math.isnan(finding.p_holm) for finding in findings)
    return (
        f"{len(findings)} claims are judged, with {tests} tests. Each verdict rests on its own "
        f"{100 * confidence:g} % interval, which is not adjusted; Holm's p stands beside it.",
        "An interaction needs far more persons than a slope: at 401 one of .08 has about an even "
        "chance to be told from zero.",
    )


REFERENCES = (
    "Aiken, L. S., & West, S. G. (1991). Multiple regression: Testing and interpreting "
    "interactions. Sage.",
    "Bauer, D. J., & Curran, P. J. (2005). Probing interactions in fixed and multilevel "
    "regression: Inferential and graphical techniques. Multivariate Behavioral Research, 40(3), "
    "373-400.",
    "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
    "Journal of Statistics, 6(2), 65-70.",
    "Long, J. S., & Ervin, L. H. (2000). Using heteroscedasticity consistent standard errors in "
    "the linear regression model. The American Statistician, 54(3), 217-224.",
    "MacKinnon, J. G., & White, H. (1985). Some heteroskedasticity-consistent covariance matrix "
    "estimators with improved finite sample properties. Journal of Econometrics, 29(3), 305-325.",
)


def _methods(study: Study, used: int, bootstrap: int) -> tuple[str, ...]:
    kind = (
        "The data are synthetic: a generator drew them from a stated truth."
        if study.kind == "synthetic"
        else "The data are original answers."
    )
    drawn = f", and in {bootstrap} bootstrap samples of persons" if bootstrap else ""
    return (
        f"{kind} {used} persons gave their affection deprivation and an outcome; each analysis "
        "rests on the persons with all of its variables.",
        "Deprivation was correlated with each outcome (Pearson, intervals by Fisher's z). Each "
        "outcome was regressed on deprivation, relational uncertainty and their product, scores "
        "in standard deviations from their means (Aiken & West, 1991), with HC3 standard errors "
        "(MacKinnon & White, 1985; Long & Ervin, 2000). Slopes were probed at the mean of "
        "uncertainty and one SD to either side, and by the Johnson-Neyman technique (Bauer & "
        "Curran, 2005).",
        "The interaction was estimated again with model-based errors, with squares of both "
        f"scores, with age and without influential persons{drawn}. All p-values of the judged "
        "claims were adjusted by Holm's (1979) method; intervals were not.",
    )
