"""Types of affection and satisfaction: the claims of Gulledge and others (2003), examined.

No correlation of the paper was read (see `affection_facts`); what is compared with it is which
types are reported as related and which are not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri

from intimacy_analysis.claims.absence import absence_finding
from intimacy_analysis.claims.affection_claims import (
    CLAIMS,
    CONFLICT,
    DIFFER,
    EASE_CLAIMS,
    PARTNER,
    SOURCE,
    TYPE_CLAIMS,
    UNIT,
)
from intimacy_analysis.claims.affection_facts import (
    ARTICLE,
    CANNOT_SHOW,
    FACTS,
    TYPE_WORDS,
    TYPES,
)
from intimacy_analysis.claims.affection_tables import (
    absence_table,
    correlations_table,
    counts_table,
    differences_table,
    measures_table,
    related_first,
    said_table,
)
from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.claims.correlation_contrast import correlation_contrast
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.judging import (
    JudgedBy,
    adjusted_by_holm,
    check_smallest,
    judged_finding,
    not_testable,
)
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.claims.survey_scores import survey_scores
from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.correlations.correlation_table import Correlation, CorrelationTable
from intimacy_analysis.correlations.dependent import (
    CorrelationComparison,
    compare_dependent_correlations,
)
from intimacy_analysis.correlations.equivalence import EquivalenceTest, equivalence_test
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import Table
from intimacy_analysis.numerics.holm import holm_adjusted
from intimacy_analysis.study.study import Study
from intimacy_analysis.study.survey import SurveyFrame

KEY = "affection"
QUESTION = (
    "Which types of affection go with satisfaction with the relationship and with the partner? Do "
    "the types reported as related differ from those reported as not related, or is only the one "
    "significant and the other not? Do conflicts resolve more easily, and is there less of them, "
    "where there is more affection?"
)
DEFAULT_BOOTSTRAP = 2000
DEFAULT_SEED = 20030301
SATISFACTION = "relationship_satisfaction"
FURTHER = ("partner_satisfaction", "ease_of_resolution", "amount_of_conflict")
_ABSENT = "Neither a column nor a scale measures what this claim is about"
_LEAST_SAMPLES = 100
_FEWEST_OF_A_SEX = 10
_FEWEST_BENT = 10


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
    """Examine a survey for the claims on types of affection and satisfaction.

    Args:
        study: A survey with weekly amounts of two types or more and relationship satisfaction;
            persons without a relationship have no values there.
        variables: Construct (a type such as "holding_hands", "relationship_satisfaction",
            "partner_satisfaction", "ease_of_resolution", "amount_of_conflict", "sex") to the
            column or scale that measures it, where names differ.
        smallest_effects: Key of a claim to its smallest effect of interest, a correlation.
        confidence: Coverage of the intervals.
        bootstrap: Bootstrap samples of persons for the table of other measures, 100 or more; 0
            leaves them out.
        seed: Seed of the bootstrap.
        df_method: Not used here: there is no mixed model.

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
        study, (SATISFACTION,), variables, optional=(*TYPES, *FURTHER, "sex")
    )
    types = _types(columns)
    outcomes = tuple(name for name in (SATISFACTION, *FURTHER) if name in columns)
    rows = survey.rows[list(columns.values())].set_axis(list(columns), axis=1)
    # Refuses text and what does not vary, so that all below are numbers.
    held = _correlations(rows, types, outcomes, confidence)
    counts = rows[list(types)].astype(np.float64)
    answered = counts.notna().any(axis=1) & rows[SATISFACTION].notna()
    estimates = _estimates(rows, held, types, outcomes, confidence)
    by = JudgedBy(
        study=study,
        given=given,
        adjusted=adjusted_by_holm(estimates),
        confidence=confidence,
        association="It is an association of one person's answers of one time.",
        truth_follows="That was put in, or follows from what was put in.",
    )
    findings = tuple(_finding(claim, estimates.get(claim.key), by) for claim in CLAIMS)
    compared = _compared(rows, types, confidence)
    absent = _absence(rows, held, estimates, given)
    tables = _tables(held, compared, absent, counts[answered], confidence, study)
    sexes = _sexes(survey, columns)
    other = _other_measures(rows, types, sexes, confidence, bootstrap, seed)
    return SurveyEvidence(
        key=KEY,
        title="Types of physical affection and satisfaction",
        question=QUESTION,
        source=SOURCE,
        study=study,
        frame=survey,
        state="ok",
        warnings=_warnings(counts[answered]),
        findings=findings,
        facts=FACTS,
        cannot_show=CANNOT_SHOW,
        article=ARTICLE,
        notes=(*notes, *_notes(findings, types, confidence)),
        confidence=confidence,
        used=f"{int(answered.sum())} of {len(rows)} persons gave weekly amounts and their "
        "relationship satisfaction, and were used.",
        model="Correlations of weekly amounts with four outcomes, tests that pairs of them differ, "
        "and tests that they are too small to matter. No model joins them.",
        tables={**tables, "other_measures": measures_table(other, bootstrap, confidence)},
        estimates=tuple(tables),
        sensitivity="Counts are skewed: would ranks, logarithms, a bootstrap of persons or one sex "
        "alone give another answer?",
        sensitivity_tables=("other_measures",),
        article_section='The article is "7 ways to build an emotional connection with your '
        'partner", section 5, on showing affection. In fairness: that affection and satisfaction '
        "go together is reported as the source has it, for the types that are related.",
        analyses={"correlations": held, "differences": compared, "other_measures": other},
        methods=_methods(study, int(answered.sum()), bootstrap),
        references=REFERENCES,
    )


_Held = Mapping[tuple[str, str], Correlation]


def _types(columns: Mapping[str, str]) -> tuple[str, ...]:
    types = tuple(name for name in TYPES if name in columns)
    if len(types) < 2:
        raise DataError(
            f"the claims need weekly amounts of 2 types of affection or more, but {len(types)} of "
            f"the types {', '.join(TYPES)} is among the columns. Name the columns that hold them: "
            '--variable hugging=NAME, in Python variables={"hugging": "NAME"}.'
        )
    return types


def _correlations(
    rows: pd.DataFrame, types: Sequence[str], outcomes: Sequence[str], confidence: float
) -> dict[tuple[str, str], Correlation]:
    table = correlate(rows, [*types, *outcomes], confidence=confidence)
    return {(name, outcome): table.between(name, outcome) for outcome in outcomes for name in types}


def _estimates(
    rows: pd.DataFrame,
    held: _Held,
    types: Sequence[str],
    outcomes: Sequence[str],
    confidence: float,
) -> dict[str, Estimate]:
    """Return the estimate of each claim that these data have one for."""
    found = {TYPE_CLAIMS[name].key: _as_estimate(held[name, SATISFACTION]) for name in types}
    related, other = related_first(types)
    if related and other:
        weights = {(name, SATISFACTION): 1 / len(related) for name in related}
        weights |= {(name, SATISFACTION): -1 / len(other) for name in other}
        found[DIFFER.key] = correlation_contrast(
            rows, weights, name=DIFFER.term, confidence=confidence
        )
    if related and "partner_satisfaction" in outcomes:
        found[PARTNER.key] = correlation_contrast(
            rows,
            {(name, "partner_satisfaction"): 1 / len(related) for name in related},
            name=PARTNER.term,
            confidence=confidence,
        )
    if "ease_of_resolution" in outcomes:
        for name, claim in EASE_CLAIMS.items():
            if name in types:
                found[claim.key] = _as_estimate(held[name, "ease_of_resolution"])
    if "amount_of_conflict" in outcomes:
        both = pd.DataFrame(
            {
                "total": rows[list(types)].sum(axis=1, skipna=False),
                "amount_of_conflict": rows["amount_of_conflict"],
            }
        )
        table = correlate(both, ["total", "amount_of_conflict"], confidence=confidence)
        found[CONFLICT.key] = _as_estimate(table.between("total", "amount_of_conflict"))
    return found


def _as_estimate(row: Correlation) -> Estimate:
    return Estimate(
        name=row.first,
        value=row.r,
        std_error=row.std_error,
        low=row.low,
        high=row.high,
        p_value=row.p_value,
        unit=UNIT,
    )


def _finding(claim: Claim, estimate: Estimate | None, by: JudgedBy) -> Finding:
    if estimate is None:
        return not_testable(claim, by.study, f"{_ABSENT}: {claim.estimand}.")
    if claim is CONFLICT:
        return absence_finding(claim, estimate, by)
    return judged_finding(claim, estimate, by)


_Compared = tuple[tuple[str, str, CorrelationComparison], ...]


def _compared(rows: pd.DataFrame, types: Sequence[str], confidence: float) -> _Compared:
    related, other = related_first(types)
    return tuple(
        (
            one,
            two,
            compare_dependent_correlations(
                rows, (one, SATISFACTION), (two, SATISFACTION), confidence=confidence
            ),
        )
        for one in related
        for two in other
    )


def _absence(
    rows: pd.DataFrame,
    held: _Held,
    estimates: Mapping[str, Estimate],
    given: Mapping[str, float],
) -> dict[str, EquivalenceTest]:
    """Return tests that what is reported as not related is too small to matter."""
    tests: dict[str, EquivalenceTest] = {}
    types = [name for name, outcome in held if outcome == SATISFACTION]
    for name in related_first(types)[1]:
        claim = TYPE_CLAIMS[name]
        bound = given.get(claim.key, claim.smallest_effect)
        row = held[name, SATISFACTION]
        if bound:
            tests[f"{TYPE_WORDS[name]} with relationship satisfaction"] = equivalence_test(
                row.r, row.n, (-bound, bound)
            )
    bound = given.get(CONFLICT.key, CONFLICT.smallest_effect)
    if CONFLICT.key in estimates and bound:
        n = int(rows[[*types, "amount_of_conflict"]].notna().all(axis=1).sum())
        tests["all affection with the amount of conflict"] = equivalence_test(
            estimates[CONFLICT.key].value, n, (-bound, bound)
        )
    return tests


def _tables(
    held: _Held,
    compared: _Compared,
    absent: Mapping[str, EquivalenceTest],
    counts: pd.DataFrame,
    confidence: float,
    study: Study,
) -> dict[str, Table]:
    """Return the tables of estimates in the order of the page."""
    adjusted: dict[tuple[str, str], float] = {}
    for outcome in dict.fromkeys(outcome for _, outcome in held):
        keys = [key for key in held if key[1] == outcome]
        adjusted |= dict(zip(keys, holm_adjusted([held[key].p_value for key in keys]), strict=True))
    with_satisfaction = {name: row for (name, out), row in held.items() if out == SATISFACTION}
    tables = {
        "correlations": correlations_table(held, adjusted, len(counts), confidence),
        "article_and_study": said_table(
            with_satisfaction, confidence, synthetic=study.kind == "synthetic"
        ),
    }
    if compared:
        tables["differences"] = differences_table(compared, confidence)
    if absent:
        bound = next(iter(absent.values())).bounds[1]
        needed = math.ceil((float(ndtri(0.975)) / math.atanh(bound)) ** 2 + 3)
        tables["absence"] = absence_table(absent, needed)
    tables["amounts"] = counts_table(counts)
    return tables


def _sexes(survey: SurveyFrame, columns: Mapping[str, str]) -> dict[object, str]:
    """Return the words of each code of sex that the answers hold."""
    if "sex" not in columns:
        return {}
    words = dict(survey.codebook[columns["sex"]].value_labels)
    codes = sorted(survey.rows[columns["sex"]].dropna().unique().tolist())
    return {code: str(words.get(code, code)) for code in codes}


def _other_measures(
    rows: pd.DataFrame,
    types: Sequence[str],
    sexes: Mapping[object, str],
    confidence: float,
    bootstrap: int,
    seed: int,
) -> dict[tuple[str, str], Estimate]:
    """Return each type with satisfaction by other measures, by words of type and measure."""
    names = [*types, SATISFACTION]
    counts = rows[list(types)]
    measures: dict[str, Mapping[str, Estimate]] = {
        "Pearson, as reported": _one_measure(rows, names, confidence),
        "Spearman, of ranks": _one_measure(rows, names, confidence, method="spearman"),
    }
    if bool((counts.min() >= 0).all()):
        logs = rows.assign(**{name: np.log1p(rows[name]) for name in types})
        measures["Pearson, of log(1 + amount)"] = _one_measure(logs, names, confidence)
    if len(rows[names].dropna()) >= _FEWEST_BENT:
        measures["percentage bend, robust"] = _one_measure(
            rows, names, confidence, method="percbend"
        )
    if bootstrap:
        drawn = correlate(rows, names, confidence=confidence, bootstrap=bootstrap, seed=seed)
        measures["Pearson, bootstrap interval"] = _with_satisfaction(drawn, types)
    for code, words in sexes.items():
        members = rows[rows["sex"] == code]
        known = members[names].dropna()
        if len(known) >= _FEWEST_OF_A_SEX and bool((known.nunique() > 1).all()):
            measures[f"Pearson, sex '{words}' alone"] = _one_measure(members, names, confidence)
    return {
        (TYPE_WORDS[name], measure): held[name]
        for name in types
        for measure, held in measures.items()
    }


def _one_measure(
    rows: pd.DataFrame,
    names: Sequence[str],
    confidence: float,
    *,
    method: Literal["pearson", "spearman", "percbend"] = "pearson",
) -> dict[str, Estimate]:
    table = correlate(rows, list(names), method=method, confidence=confidence)
    return _with_satisfaction(table, names[:-1])


def _with_satisfaction(table: CorrelationTable, types: Sequence[str]) -> dict[str, Estimate]:
    return {name: _as_estimate(table.between(name, SATISFACTION)) for name in types}


def _warnings(counts: pd.DataFrame) -> tuple[str, ...]:
    away = counts - counts.mean()
    skew = (away**3).mean() / (away**2).mean() ** 1.5
    if float(skew.max()) <= 1:
        return ()
    return (
        f"Weekly amounts are skewed (up to {float(skew.max()):.1f}): few persons with very large "
        "amounts pull on every Pearson correlation. See the table of other measures.",
    )


def _notes(findings: Sequence[Finding], types: Sequence[str], confidence: float) -> tuple[str, ...]:
    tests = sum(not math.isnan(finding.p_holm) for finding in findings)
    held = ", ".join(TYPE_WORDS[name] for name in types)
    absent = (
        f"Of the seven types the data hold {len(types)} ({held}): means of correlations and all "
        "affection of a week are over these.",
    )
    return (
        *(absent if len(types) < len(TYPES) else ()),
        f"{len(findings)} claims are judged, with {tests} tests. Each verdict rests on its own "
        f"{100 * confidence:g} % interval, which is not adjusted; Holm's p stands beside it.",
        "The claim on the amount of conflict is one of absence: it takes an interval inside the "
        "smallest effect of interest, not a p above .05.",
    )


REFERENCES = (
    "Hittner, J. B., May, K., & Silver, N. C. (2003). A Monte Carlo evaluation of tests for "
    "comparing dependent correlations. The Journal of General Psychology, 130(2), 149-168.",
    "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
    "Journal of Statistics, 6(2), 65-70.",
    "Lakens, D. (2017). Equivalence tests: A practical primer for t tests, correlations, and "
    "meta-analyses. Social Psychological and Personality Science, 8(4), 355-362.",
    "Miller, R. G. (1974). The jackknife - a review. Biometrika, 61(1), 1-15.",
    "Zou, G. Y. (2007). Toward using confidence intervals to compare correlations. Psychological "
    "Methods, 12(4), 399-413.",
)


def _methods(study: Study, n: int, bootstrap: int) -> tuple[str, ...]:
    kind = (
        "The data are synthetic: a generator drew them from a stated truth."
        if study.kind == "synthetic"
        else "The data are original answers."
    )
    drawn = f" and from {bootstrap} bootstrap samples of persons" if bootstrap else ""
    return (
        f"{kind} {n} persons gave the weekly amount of each type of affection and their "
        "relationship satisfaction; each correlation rests on the persons with both answers.",
        "Weekly amounts were correlated with each outcome (Pearson, intervals by Fisher's z), and "
        f"as a check by ranks, by logarithms, by percentage bend correlations{drawn}. Whether "
        "types reported as related and types reported as not related differ was tested for each "
        "pair as a difference of dependent correlations (Hittner, May, & Silver, 2003) with "
        "Zou's (2007) interval and Holm's (1979) adjustment, and for all of them at once as the "
        "difference of mean correlations, with a jackknife standard error, which does not rest "
        "on normal data (Miller, 1974).",
        "Correlations reported as not significant were tested against a smallest effect of "
        "interest (Lakens, 2017). All p-values of the judged claims were adjusted by Holm's "
        "method; intervals were not.",
    )
