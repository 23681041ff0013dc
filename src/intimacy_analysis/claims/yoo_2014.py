"""Communication and sexual satisfaction: the claims of Yoo and others (2014), examined.

No results table of the paper was read (see `yoo_facts`); no coefficient is compared with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import pandas as pd

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.claims.couples_evidence import CouplesEvidence
from intimacy_analysis.claims.couples_scores import couple_scores
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.judging import (
    JudgedBy,
    adjusted_by_holm,
    check_smallest,
    judged_finding,
    not_testable,
)
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.claims.yoo_facts import ARTICLE, CANNOT_SHOW, FACTS
from intimacy_analysis.dyadic.direction_gap import DirectionGap, direction_gap
from intimacy_analysis.dyadic.rival_directions import (
    communication_model,
    freed_model,
    rival_model,
)
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.study.source import Source
from intimacy_analysis.study.study import Study

KEY = "communication"
SOURCE = Source(
    authors="Yoo, H., Bartle-Haring, S., Day, R. D., & Gangamma, R.",
    year=2014,
    title="Couple communication, emotional and sexual intimacy, and relationship satisfaction",
    venue="Journal of Sex & Marital Therapy, 40(4), 275-293",
)
QUESTION = (
    "Does the appraisal of a spouse's communication go with emotional intimacy and sexual "
    "satisfaction, for both spouses? Do the two intimacies go together beyond communication, and "
    "can answers of one time tell which comes first? How much of the association of communication "
    "with relationship satisfaction do they share?"
)
DEFAULT_BOOTSTRAP = 5000
DEFAULT_SEED = 20140401
UNIT = "standard deviations per standard deviation"
_SMALL = "[assumption] a standardized path of .10, by convention a small association"
_ONE_TIME = "Answers of one time: the arrow could as well point the other way."
_NO_CAUSE = "Nobody was assigned to anything, so the design shows no cause."
_PRODUCTS = (
    "Products of paths split an association; they are no evidence that anything passes through."
)
_INFORMANT = "The same spouse reports both sides of an actor path."


def _claim(
    key: str,
    says: str,
    estimand: str,
    term: str,
    truth: str,
    *,
    basis: str,
    smallest: float = 0.10,
    direction: int = 1,
    article: tuple[str, ...] = (),
    more: tuple[str, ...] = (),
) -> Claim:
    return Claim(
        key=key,
        says=says,
        source=SOURCE,
        basis=basis,
        estimand=estimand,
        term=term,
        direction=direction,
        smallest_effect=smallest,
        smallest_effect_basis=_SMALL if smallest == 0.10 else "[assumption] half of a small path",
        unit=UNIT,
        truth=truth,
        cannot_show=(_ONE_TIME, _INFORMANT, _NO_CAUSE, *more),
        article=article,
    )


def claims_for(role: str, other: str) -> tuple[Claim, ...]:
    """Return the claims about one spouse.

    Args:
        role: The spouse, e.g. "wife".
        other: The other spouse.
    """
    return (
        _claim(
            f"communication-intimacy-{role}",
            f"The more positive the {role} finds the {other}'s communication, the more emotional "
            f"intimacy the {role} reports.",
            f"standardized actor effect of communication on emotional intimacy, {role}",
            f"e_a_{role}",
            f"communication_emotional_actor_{role}",
            basis="[abstract/secondary: S0]",
            article=("The article turns the association into advice on what talk leads to.",),
        ),
        _claim(
            f"communication-sexual-{role}",
            f"The more positive the {role} finds the {other}'s communication, the more sexual "
            f"satisfaction the {role} reports.",
            f"standardized actor effect of communication on sexual satisfaction, {role}",
            f"s_a_{role}",
            f"communication_sexual_actor_{role}",
            basis="[recalled, hi]",
        ),
        _claim(
            f"sexual-intimacy-{role}",
            f"The {role}'s sexual satisfaction goes with the {role}'s emotional intimacy beyond "
            "both spouses' communication.",
            f"standardized path from sexual satisfaction to emotional intimacy, {role}",
            f"se_{role}",
            f"sexual_emotional_{role}",
            basis="[abstract/secondary: S0]",
            article=(
                "The article writes that sexual satisfaction 'had a significant impact on' "
                "emotional intimacy; an association of two answers of one time is all there is.",
            ),
        ),
        _claim(
            f"indirect-{role}",
            f"Part of the association of the {role}'s appraisal of communication with the {role}'s "
            "relationship satisfaction is shared with the intimacies (indirect effects).",
            f"standardized sum of the indirect ways from own communication, {role}",
            f"ie_total_{role}",
            f"indirect_total_{role}",
            basis="[recalled, hi]",
            smallest=0.05,
            more=(_PRODUCTS,),
        ),
        _claim(
            f"partner-sexual-{role}",
            f"The {other}'s sexual satisfaction goes with the {role}'s relationship satisfaction "
            f"beyond the {role}'s own answers.",
            f"standardized partner effect of sexual satisfaction, {role}",
            f"rp_{role}",
            f"sexual_relationship_partner_{role}",
            # Only the wife's outcome is remembered of the paper; the mirror is our own question.
            basis="[recalled, lo]" if (role, other) == ("wife", "husband") else "[assumption]",
            smallest=0.05,
        ),
    )


DIRECTION = Claim(
    key="direction",
    says="Sexual satisfaction comes before emotional intimacy, and not the other way round.",
    source=SOURCE,
    basis="[recalled, hi]",
    estimand="chi-square of the model with the arrow from emotional intimacy to sexual "
    "satisfaction, less that of the model with the arrow the other way",
    term="gap",
    direction=1,
    smallest_effect=0.0,
    smallest_effect_basis="[assumption] none: no gap of fit makes a direction from answers of one "
    "time",
    unit="chi-square",
    truth="",
    cannot_show=(
        "Two arrows of opposite direction imply nearly or exactly the same correlations.",
        "A gap in fit comes only from the other arrows that both models leave out; free those, and "
        "the two are one model written twice.",
    ),
    article=(
        "The article tells the one direction as a result and leaves out that the reverse path was "
        "tested ([recalled, hi]).",
    ),
)


def examine(
    study: Study,
    *,
    variables: Mapping[str, str] | None = None,
    smallest_effects: Mapping[str, float] | None = None,
    missing: Literal["listwise", "fiml"] = "fiml",
    confidence: float = 0.95,
    bootstrap: int = DEFAULT_BOOTSTRAP,
    seed: int = DEFAULT_SEED,
    n_samples: int = 500,
    df_method: str = "satterthwaite",
) -> CouplesEvidence:
    """Examine a study of couples for the claims on communication and sexual satisfaction.

    Args:
        study: Couples with scores or items of the four constructs.
        variables: Construct ("communication", "sexual_satisfaction", "emotional_intimacy",
            "relationship_satisfaction") to the stem that measures it, where names differ.
        smallest_effects: Key of a claim to its smallest effect of interest, standardized.
        missing: "fiml" uses every couple; "listwise" leaves out those with a gap.
        confidence: Coverage of the intervals.
        bootstrap: Couple-bootstrap replicates for the indirect effects, 100 or more; 0 leaves them
            out.
        seed: Seed of the bootstrap and of the simulated gaps.
        n_samples: Samples a model for the gap of the two directions.
        df_method: Not used here: path models rest on large samples.

    Raises:
        DataError: A construct that is absent, or data that cannot carry the models.
        SpecError: An unknown claim in `smallest_effects`.
    """
    couples, columns, score_notes = couple_scores(study, variables)
    roles = couples.roles
    both = (claims_for(roles[0], roles[1]), claims_for(roles[1], roles[0]))
    # By claim, both spouses side by side.
    claims = tuple(claim for pair in zip(*both, strict=True) for claim in pair)
    given = dict(smallest_effects or {})
    check_smallest(given, claims)
    results = _fits(couples.rows, columns, roles, missing, confidence)
    gap = _gap(couples.rows, columns, results, missing, n_samples, seed)
    estimates = _estimates(results, claims)
    by = JudgedBy(
        study=study,
        given=given,
        adjusted=adjusted_by_holm(estimates),
        confidence=confidence,
        association="It is an association of answers given at one time, each path adjusted for "
        "the model's other predictors.",
        truth_follows="That follows from the paths put in, whichever way their arrows point.",
    )
    findings = [judged_finding(claim, estimates.get(claim.key), by) for claim in claims]
    findings.insert(_after(findings, "sexual-intimacy"), _direction_finding(study, results, gap))
    drawn = _bootstrapped(couples.rows, results, missing, bootstrap, seed, confidence)
    return CouplesEvidence(
        key=KEY,
        title="Communication, two intimacies and satisfaction in couples",
        question=QUESTION,
        source=SOURCE,
        study=study,
        couples=couples,
        columns=columns,
        results=results,
        directions=_side_by_side(results, roles, gap),
        gap=gap,
        bootstrapped=drawn,
        indirect=_indirect_table(drawn),
        findings=tuple(findings),
        facts=FACTS,
        cannot_show=CANNOT_SHOW,
        article=ARTICLE,
        notes=(*score_notes, *_notes(findings, missing, confidence)),
    )


def _fits(
    rows: pd.DataFrame,
    columns: Mapping[str, tuple[str, str]],
    roles: tuple[str, str],
    missing: Literal["listwise", "fiml"],
    confidence: float,
) -> dict[str, PathModelResult]:
    specs = {
        "communication": communication_model(columns, roles),
        "sexual first": rival_model(columns, roles, "sexual first"),
        "emotional first": rival_model(columns, roles, "emotional first"),
    }
    # Scores in few and skewed steps are not normal: model-based errors are up to 7 % too small
    # then, sandwich errors 2 % (tests/recovery/test_drawn_surveys.py).
    return {
        name: fit_path_model(
            spec,
            rows,
            missing=missing,
            standard_errors="robust",
            fixed_x=False,
            confidence=confidence,
        )
        for name, spec in specs.items()
    }


def _gap(
    rows: pd.DataFrame,
    columns: Mapping[str, tuple[str, str]],
    results: Mapping[str, PathModelResult],
    missing: Literal["listwise", "fiml"],
    n_samples: int,
    seed: int,
) -> DirectionGap | None:
    first, second = results["sexual first"], results["emotional first"]
    if first.state != "ok" or second.state != "ok":
        return None
    freed = tuple(
        fit_path_model(
            freed_model(result.spec, columns, name), rows, missing=missing, fixed_x=False
        )
        for name, result in (("sexual first", first), ("emotional first", second))
    )
    return direction_gap(
        first,
        second,
        (freed[0], freed[1]),
        n_samples=n_samples,
        seed=seed,
        names=("sexual first", "emotional first"),
    )


_MODEL_OF = {"e_a": "communication", "s_a": "communication"}


def _estimates(
    results: Mapping[str, PathModelResult], claims: tuple[Claim, ...]
) -> dict[str, Estimate]:
    """Return the standardized estimate of each claim whose model has been fitted."""
    tables = {
        name: result.standardized() for name, result in results.items() if result.state == "ok"
    }
    found: dict[str, Estimate] = {}
    for claim in claims:
        model = _MODEL_OF.get(claim.term[:3], "sexual first")
        if model in tables:
            row = results[model].row_name(claim.term)
            found[claim.key] = replace(tables[model][row], name=claim.term, unit=UNIT)
    return found


def _direction_finding(
    study: Study, results: Mapping[str, PathModelResult], gap: DirectionGap | None
) -> Finding:
    """Say what the two rivals show: never a direction."""
    if gap is None:
        return not_testable(
            DIRECTION,
            study,
            "One of the two models has no proper solution, and answers of one time cannot tell "
            "a direction in any case.",
        )
    first, second = results["sexual first"].fit_indices, results["emotional first"].fit_indices
    better = "sexual satisfaction" if gap.gap > 0 else "emotional intimacy"
    sentences = (
        "Answers of one time cannot tell the direction. With the arrow from sexual satisfaction to "
        f"emotional intimacy chi-square is {first.chisq:.2f}, with the arrow the other way "
        f"{second.chisq:.2f} ({first.df:.0f} degrees of freedom each): a gap of "
        f"{abs(gap.gap):.2f} points in favor of putting {better} first.",
        "The gap comes from other arrows that both models leave out; with those freed the two fit "
        f"alike (gap {abs(gap.freed_gap):.2f}).",
        f"In {100 * gap.wrong_if_first:.0f} % of samples of {gap.n_couples} couples drawn from "
        "the model that puts sexual satisfaction first the other model fits better, and in "
        f"{100 * gap.wrong_if_second:.0f} % of samples drawn from the other one this model does "
        f"({gap.n_samples} samples each, seed {gap.seed}).",
        "To tell needs more than answers of one time: repeated measurement, an instrument or an "
        "experiment. Over eight waves McNulty, Wenner and Fisher found that marital and sexual "
        "satisfaction each predict the other's change [abstract/secondary: C5].",
    )
    return Finding(
        claim=DIRECTION,
        verdict=Verdict.NOT_TESTABLE,
        kind=study.kind,
        # Without limits: how the gap varies depends on which model is true, which nobody knows.
        estimate=Estimate(name="gap", value=gap.gap, unit="chi-square"),
        smallest_effect=0.0,
        sentences=sentences,
    )


def _after(findings: list[Finding], stem: str) -> int:
    """Return the place behind the last finding of a kind."""
    held = [at for at, finding in enumerate(findings) if finding.claim.key.startswith(stem)]
    return held[-1] + 1 if held else len(findings)


def _side_by_side(
    results: Mapping[str, PathModelResult], roles: tuple[str, str], gap: DirectionGap | None
) -> pd.DataFrame | None:
    """Return both directions: path a spouse, standardized, with interval, and fit."""
    if gap is None:
        return None
    rows = []
    for name, prefix, words in (
        ("sexual first", "se", "sexual satisfaction to emotional intimacy"),
        ("emotional first", "es", "emotional intimacy to sexual satisfaction"),
    ):
        result = results[name]
        table, fit = result.standardized(), result.fit_indices
        for role in roles:
            row = table[result.row_name(f"{prefix}_{role}")]
            rows.append(
                {
                    "model": name,
                    "arrow": words,
                    "role": role,
                    "value": row.value,
                    "low": row.low,
                    "high": row.high,
                    "chisq": fit.chisq,
                    "df": fit.df,
                    "cfi": fit.cfi,
                    "rmsea": fit.rmsea,
                    "aic": fit.aic,
                    "bic": fit.bic,
                }
            )
    return pd.DataFrame(rows)


def _bootstrapped(
    rows: pd.DataFrame,
    results: Mapping[str, PathModelResult],
    missing: Literal["listwise", "fiml"],
    bootstrap: int,
    seed: int,
    confidence: float,
) -> PathModelResult | None:
    """Return the first rival refitted with a bootstrap of couples."""
    first = results["sexual first"]
    if bootstrap == 0 or first.state != "ok":
        return None
    return fit_path_model(
        first.spec,
        rows,
        missing=missing,
        fixed_x=False,
        standard_errors="bootstrap",
        bootstrap=bootstrap,
        seed=seed,
        confidence=confidence,
    )


def _indirect_table(drawn: PathModelResult | None) -> EstimateTable | None:
    """Return the defined ways from communication to satisfaction, in words."""
    if drawn is None:
        return None
    words = {m.label: f"{m.role}: {m.words}" for m in drawn.spec.meanings}
    kept = tuple(
        replace(row, name=words[row.name.split(" :=")[0]])
        for row in drawn.estimates
        if " := " in row.name
    )
    return replace(
        drawn.estimates,
        rows=kept,
        title="Ways from communication to relationship satisfaction (scale points)",
    )


def _notes(findings: list[Finding], missing: str, confidence: float) -> tuple[str, ...]:
    tests = sum(not math.isnan(finding.p_holm) for finding in findings)
    return (
        f"{len(findings)} claims are judged, with {tests} tests. Each verdict rests on its own "
        f"{100 * confidence:g} % interval, which is not adjusted; Holm's p stands beside it.",
        "Standardized paths compare with standardized truths; their errors are by the delta "
        "method. Missing values: "
        + (
            "full information, every couple used."
            if missing == "fiml"
            else "couples with a gap left out."
        ),
    )
