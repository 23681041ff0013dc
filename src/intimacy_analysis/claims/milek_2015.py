"""Shared time and intimacy: the claims of Milek, Butler and Bodenmann (2015), examined.

The paper's results table was not read (see `FACTS`): what it says is known from the article that
cites it and from the summary of the first author's dissertation. No coefficient is compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.claims.diary_model import DiaryModel, build_diary_model
from intimacy_analysis.claims.evidence import Evidence
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.published import PublishedFact
from intimacy_analysis.claims.sensitivity import sensitivity_checks
from intimacy_analysis.claims.verdict import Judgement, Verdict, judge
from intimacy_analysis.claims.wording import describe_finding, describe_spread
from intimacy_analysis.errors import IntimacyError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.mixed.contrasts import DfMethod
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.heterogeneity import slope_heterogeneity
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.mixed.simple_slopes import simple_slopes
from intimacy_analysis.mixed.variance_tests import random_slope_test
from intimacy_analysis.numerics.holm import holm_adjusted
from intimacy_analysis.study.source import Source
from intimacy_analysis.study.study import Study

KEY = "shared-time"
SOURCE = Source(
    authors="Milek, A., Butler, E. A., & Bodenmann, G.",
    year=2015,
    title="The interplay of couple's shared time, women's intimacy, and intradyadic stress",
    venue="Journal of Family Psychology, 29(6), 831-842",
)
QUESTION = (
    "On days when a woman spends more hours with her partner than is usual for her, does she "
    "report more intimacy? Do women differ in this? Is it the same on weekdays and at weekends? "
    "And how does stress within the couple on the same day go together with both?"
)
# The scale for which the smallest effects of interest are stated; others are rescaled by width.
SCALE_WIDTH = 6.0
SIGNIFICANCE = 0.05
DEFAULT_BOOTSTRAP = 500
DEFAULT_SEED = 20150831

_REVERSE = (
    "Hours and intimacy are of the same day: feeling close and then spending time together is as "
    "plausible as the other way round, and a third thing (a free day, a good mood) can go with "
    "both."
)
_INFORMANT = (
    "One informant: the same woman reports the hours and the intimacy, so whatever colors her "
    "answers of a day colors both. Her partner was not asked."
)
_NO_CAUSE = "Nobody was assigned to more or fewer hours, so the design shows no cause."

WEEKDAY = Claim(
    key="weekday",
    says="On weekdays, one more hour together goes with more intimacy that day, within woman.",
    source=SOURCE,
    basis="[abstract/secondary: S0]",
    estimand="average within-person slope of intimacy on shared hours on weekdays",
    term="predictor_within",
    direction=1,
    smallest_effect=0.02,
    smallest_effect_basis="[assumption] 0.02 points per hour on a scale from 1 to 7: with less, "
    "five more hours would go with less than a tenth of a point",
    unit="points per hour",
    truth="weekday_slope",
    cannot_show=(_REVERSE, _INFORMANT, _NO_CAUSE),
    article=(
        "The article writes that a one-hour increase in shared time 'was associated with increased "
        "feelings of intimacy', and its takeaway turns that into 'can lead to increased feelings "
        "of intimacy'. The design supports the first wording only.",
        "The sample was women; the takeaway says 'you' and 'both people'.",
    ),
)
DIFFERENCES = Claim(
    key="differences",
    says="Women differ in how much intimacy goes with an hour more together on weekdays.",
    source=SOURCE,
    basis="[abstract/secondary: S0, A1]",
    estimand="standard deviation between persons of the weekday slope",
    term="SD predictor_within",
    direction=1,
    smallest_effect=0.02,
    smallest_effect_basis="[assumption] an SD of 0.02 points per hour on a scale from 1 to 7, the "
    "same size as the smallest average slope of interest",
    unit="points per hour",
    truth="weekday_slope_sd",
    cannot_show=(
        "That slopes differ does not say why: no activity, no satisfaction with time and no other "
        "moderator is in this model.",
        "A person's own slope from two weeks is imprecise; the spread is known better than any "
        "one person's place in it.",
    ),
    article=(
        "The article infers from these differences that the activity and the satisfaction with "
        "time matter. Differences between slopes alone show no such thing; the moderators named in "
        "the dissertation's summary are self-disclosure and distress.",
    ),
)
WEEKEND = Claim(
    key="weekend",
    says="The slope at weekends differs from the slope on weekdays.",
    source=SOURCE,
    basis="[abstract/secondary: A1]",
    estimand="weekend slope minus weekday slope, tested as a difference",
    term="predictor_within:weekend",
    direction=0,
    smallest_effect=0.02,
    smallest_effect_basis="[assumption] a difference of 0.02 points per hour on a scale from 1 to "
    "7, the same size as the smallest average slope of interest",
    unit="points per hour",
    truth="weekend_difference",
    cannot_show=(
        "With four weekend days a person, a weekend slope that is not significant is weak evidence "
        "that there is none; only the difference is judged here.",
        _REVERSE,
    ),
    article=("The article is silent on weekends, where the pattern differs.",),
)
STRESS = Claim(
    key="stress",
    says="On days with more stress within the couple, women report less intimacy.",
    source=SOURCE,
    basis="[assumption]",
    estimand="average within-person slope of intimacy on same-day stress within the couple",
    term="stress_within",
    direction=-1,
    smallest_effect=0.05,
    smallest_effect_basis="[assumption] 0.05 points per point of stress on a scale from 1 to 7",
    unit="points per point",
    truth="stress_slope",
    cannot_show=(
        "Stress and intimacy are of the same day and of the same informant: a day that goes badly "
        "for any reason goes with both.",
        _NO_CAUSE,
    ),
    article=(
        "The article names daily stress as part of the study and reports no result on it; the "
        "paper's own result was not found, so the direction judged here is an assumption.",
    ),
)
STRESS_INTERACTION = Claim(
    key="stress-interaction",
    says="The slope of shared hours is another one on days with more stress within the couple.",
    source=SOURCE,
    basis="[assumption]",
    estimand="change of the slope of shared hours per point of same-day stress",
    term="predictor_within:stress_within",
    direction=0,
    smallest_effect=0.01,
    smallest_effect_basis="[assumption] 0.01 points per hour and point of stress on a scale from 1 "
    "to 7",
    unit="points per hour and point",
    truth="stress_interaction",
    cannot_show=(
        "An interaction of two same-day reports does not say which of them moderates the other.",
    ),
    article=(
        "The article names the interaction between shared time, intimacy and stress as the aim of "
        "the study and reports no result on it; the paper's own result was not found.",
    ),
)
CLAIMS = (WEEKDAY, DIFFERENCES, WEEKEND, STRESS, STRESS_INTERACTION)
# Both stress terms belong to the fourth sub-claim.
N_SUB_CLAIMS = 4

CANNOT_SHOW = (
    _REVERSE,
    _INFORMANT,
    _NO_CAUSE,
    "The study's sample was women in committed heterosexual relationships: nothing follows for "
    "men, for partners' own views or for other couples.",
)
ARTICLE = (
    "'Results showed that a one-hour increase ... was associated with increased feelings of "
    "intimacy': a same-day, within-person association of two self-reports; the reverse order "
    "(feeling close, then spending time) is as plausible. The takeaway turns it into 'can lead "
    "to'.",
    "Women only were studied; the takeaway says 'you' and 'both people'.",
    "It is silent on weekends, where the pattern differs.",
    "It infers from the differences between women that the activity and the satisfaction with time "
    "matter. Such differences alone show no such thing; those ideas belong to other papers of the "
    "same author. The moderators named in the dissertation's summary are self-disclosure and "
    "distress.",
    "It cites the same paper for the general claim that emotional intimacy is related to physical "
    "and mental well-being, which this diary does not test.",
)
FACTS = (
    PublishedFact(
        text="Women in committed heterosexual relationships who kept the diary",
        label="[abstract/secondary: S0]",
        value=92,
        unit="women",
    ),
    PublishedFact(
        text="Length of the diary", label="[abstract/secondary: S0]", value=14, unit="days"
    ),
    PublishedFact(
        text="One more shared hour on weekdays goes with more intimacy (direction only)",
        label="[abstract/secondary: S0]",
        term="weekday",
    ),
    PublishedFact(
        text="Coefficient, standard error, interval and p of the weekday slope",
        label="not found",
        term="weekday",
    ),
    PublishedFact(
        text="The size of that association varies between women",
        label="[abstract/secondary: S0, A1]",
        term="differences",
    ),
    PublishedFact(
        text="Standard deviation of the slopes between women",
        label="not found",
        term="differences",
    ),
    PublishedFact(
        text="The importance of shared time differs between weekend and weekday",
        label="[abstract/secondary: A1]",
        term="weekend",
    ),
    PublishedFact(
        text="The weekend slope was not significant", label="[recalled, med]", term="weekend"
    ),
    PublishedFact(
        text="Size and test of the difference between weekday and weekend slope",
        label="not found",
        term="weekend",
    ),
    PublishedFact(text="Result on intradyadic stress", label="not found", term="stress"),
    PublishedFact(
        text="Result on the interaction of shared time and stress",
        label="not found",
        term="stress-interaction",
    ),
    PublishedFact(
        text="More time may help most where self-disclosure is low or internal distress is high",
        label="[abstract/secondary: A1]",
    ),
    PublishedFact(
        text="Sample from Switzerland or German-speaking countries, University of Zurich",
        label="[recalled, med]",
    ),
    PublishedFact(text="Items, range and reliability of daily intimacy", label="not found"),
    PublishedFact(text="Means, standard deviations and intraclass correlations", label="not found"),
    PublishedFact(text="Centering, covariates, estimator and software", label="not found"),
    PublishedFact(text="Open data of the paper", label="not found"),
    PublishedFact(
        text="DOI 10.1037/fam0000133, to be checked before it is cited", label="[recalled, med]"
    ),
    PublishedFact(
        text="Neighboring survey by the first author: hours a day that partners spend together",
        label="[abstract/secondary: A2]",
        value=5.5,
        unit="hours",
    ),
    PublishedFact(
        text="Neighboring diary of 94 Belgian couples, happiness 0 to 100: slope of the partner's "
        "presence, men-only random-slope model",
        label="[source read: D6]",
        value=4.33,
        unit="points",
    ),
    PublishedFact(
        text="The same diary: SD of that slope between men", label="[source read: D6]",
        value=7.08,
        unit="points",
    ),
    PublishedFact(
        text="The same diary: share of persons with a positive slope",
        label="[derived]",
        value=0.73,
        unit="share",
    ),
)  # fmt: skip

_HOURS = {
    **dict.fromkeys(("hours", "hour", "hrs", "hr", "h", "stunden", "stunde", "std"), 1.0),
    **dict.fromkeys(("minutes", "minute", "mins", "min", "minuten"), 1 / 60),
}


def examine(
    study: Study,
    *,
    smallest_effects: Mapping[str, float] | None = None,
    df_method: DfMethod = "satterthwaite",
    confidence: float = 0.95,
    bootstrap: int = DEFAULT_BOOTSTRAP,
    seed: int = DEFAULT_SEED,
) -> Evidence:
    """Examine a study for the claims on shared time.

    Columns are found by their role in the codebook: outcome, predictor and, where there are
    such, weekend (or date), stress and covariates.

    Args:
        study: The data.
        smallest_effects: Key of a claim to its smallest effect of interest, in the units of the
            study; claims not named keep their own, rescaled to the outcome's range.
        df_method: Degrees of freedom of the reported analysis.
        confidence: Coverage of the intervals.
        bootstrap: Samples of the bootstrap among the sensitivity checks; 0 leaves it out.
        seed: Seed of that bootstrap.

    Raises:
        DataError: A needed role is missing, or the data cannot answer.
        SpecError: A claim in `smallest_effects` that does not exist, or a size below zero.
    """
    given = dict(smallest_effects or {})
    _check_smallest(given)
    model = build_diary_model(study.diary)
    result = fit_mixed_model(
        model.spec, model.diary, df_method=df_method, confidence=confidence, seed=seed
    )
    heterogeneity = _heterogeneity(model, result)
    estimates = _estimates(model, result)
    adjusted = dict(
        zip(estimates, holm_adjusted([row.p_value for row in estimates.values()]), strict=True)
    )
    findings = tuple(
        _finding(claim, study, model, result, estimates.get(claim.key), given, adjusted)
        for claim in CLAIMS
    )
    if heterogeneity is not None:
        findings = tuple(_with_spread(finding, heterogeneity) for finding in findings)
    notes = _notes(model, result, adjusted)
    if result.state == "singular":
        findings, note = _held_against_a_simpler_model(findings, study, model, result, given)
        notes = (*notes, note)
    return Evidence(
        key=KEY,
        title="Shared time and intimacy",
        question=QUESTION,
        source=SOURCE,
        study=study,
        model=model,
        result=result,
        findings=findings,
        simple_slopes=_simple_slopes(model, result),
        heterogeneity=heterogeneity,
        sensitivity=sensitivity_checks(
            study.diary, model, result, _estimates, bootstrap=bootstrap, seed=seed
        ),
        facts=FACTS,
        cannot_show=CANNOT_SHOW,
        article=ARTICLE,
        notes=notes,
    )


def _check_smallest(given: Mapping[str, float]) -> None:
    known = [claim.key for claim in CLAIMS]
    for key, size in given.items():
        if key not in known:
            raise SpecError(
                f"a smallest effect must be given for a claim, but there is none {key!r}. "
                f"Known claims: {', '.join(known)}."
            )
        if not (math.isfinite(size) and size >= 0):
            raise SpecError(
                f"the smallest effect of {key!r} must be a size, zero or more, got {size}. "
                "Give it without a sign; the direction is the claim's."
            )


def _estimates(model: DiaryModel, result: MixedModelResult) -> dict[str, Estimate]:
    """Return the estimate of each claim that this fit holds, by key of the claim."""
    if result.state == "failed":
        return {}
    found = {
        key: result.estimates[term]
        for key, term in _terms(model).items()
        if term is not None and key != DIFFERENCES.key
    }
    spread = _spread(model, result)
    if spread is not None:
        found[DIFFERENCES.key] = spread
    return {claim.key: found[claim.key] for claim in CLAIMS if claim.key in found}


def _terms(model: DiaryModel) -> dict[str, str | None]:
    """Return the name of each claim's term in the study's own columns."""
    return {
        WEEKDAY.key: model.slope,
        DIFFERENCES.key: f"SD {model.slope}",
        WEEKEND.key: model.weekend_difference,
        STRESS.key: model.stress_slope,
        STRESS_INTERACTION.key: model.stress_interaction,
    }


def _truth(claim: Claim, study: Study, model: DiaryModel) -> float | None:
    """Return the truth stated for a claim, under its term's name or the claim's own."""
    term = _terms(model)[claim.key]
    stated = None if term is None else study.truth.get(term)
    return study.truth.get(claim.truth) if stated is None else stated


def _spread(model: DiaryModel, result: MixedModelResult) -> Estimate | None:
    """Return the SD of the slopes with the p-value of its likelihood-ratio test."""
    name = f"SD {model.slope}"
    if name not in result.covariance_parameters:
        return None
    spread = result.covariance_parameters[name]
    return replace(spread, p_value=random_slope_test(result, model.slope).p_value)


def _finding(
    claim: Claim,
    study: Study,
    model: DiaryModel,
    result: MixedModelResult,
    estimate: Estimate | None,
    given: Mapping[str, float],
    adjusted: Mapping[str, float],
) -> Finding:
    smallest = given.get(claim.key, _rescaled(claim, model))
    truth = _truth(claim, study, model) if study.kind == "synthetic" else None
    judgement = _judged(claim, study, model, result, estimate, smallest, truth)
    finding = Finding(
        claim=claim,
        verdict=judgement.verdict,
        kind=study.kind,
        estimate=estimate,
        smallest_effect=smallest,
        truth=truth,
        p_holm=adjusted.get(claim.key, math.nan),
        if_original=judgement.if_original,
    )
    return replace(
        finding,
        sentences=describe_finding(
            finding, judgement.reason, model, result, own_size=claim.key in given
        ),
    )


def _with_spread(finding: Finding, heterogeneity: EstimateTable) -> Finding:
    """Add range and share of the slopes to the finding on differences."""
    if finding.claim is not DIFFERENCES or finding.estimate is None:
        return finding
    if math.isnan(heterogeneity["share above zero"].value):
        return finding  # An SD of zero: no range, and no share to tell.
    first, *others = finding.sentences
    return replace(finding, sentences=(first, describe_spread(heterogeneity), *others))


def _judged(
    claim: Claim,
    study: Study,
    model: DiaryModel,
    result: MixedModelResult,
    estimate: Estimate | None,
    smallest: float,
    truth: float | None,
) -> Judgement:
    absent = _absent(claim, model)
    if absent:
        return Judgement(verdict=Verdict.NOT_TESTABLE, reason=absent)
    if result.state == "failed" or estimate is None:
        reason = " ".join(result.warnings) or "The model holds no such term."
        return Judgement(
            verdict=Verdict.INCONCLUSIVE, reason=f"There is no estimate to judge. {reason}"
        )
    low, high = estimate.interval
    absence, reminder = "effect", ""
    if claim is DIFFERENCES:
        absence = "difference between persons"
        if not estimate.p_value < SIGNIFICANCE:
            low, high = 0.0, math.inf if math.isnan(high) else high
            reminder = (
                " The likelihood-ratio test does not reject a standard deviation of zero, which "
                "the interval, taken on the log scale, cannot reach; zero counts as held."
            )
    judgement = judge(
        low,
        high,
        direction=claim.direction,
        smallest_effect=smallest,
        kind=study.kind,
        truth=truth,
        absence=absence,
    )
    judgement = replace(judgement, reason=judgement.reason + reminder)
    if "hour" in claim.unit and _hours(model) is None:
        return Judgement(
            verdict=Verdict.NOT_TESTABLE,
            reason=not_in_hours(model),
            if_original=judgement.if_original or judgement.verdict,
        )
    return judgement


def _absent(claim: Claim, model: DiaryModel) -> str:
    if claim in (WEEKDAY, DIFFERENCES) and model.days == "weekends":
        return "Every day of these data is a weekend day, and the claim is about weekdays."
    if claim is WEEKEND:
        return model.absent.get("weekend", "")
    if claim in (STRESS, STRESS_INTERACTION):
        return model.absent.get("stress", "")
    return ""


def _rescaled(claim: Claim, model: DiaryModel) -> float:
    """Return the claim's smallest effect in the study's units."""
    low, high = model.outcome.minimum, model.outcome.maximum
    known = low is not None and high is not None and math.isfinite(high - low) and high > low
    width = (high - low) / SCALE_WIDTH if known and low is not None and high is not None else 1.0
    hours = _hours(model) if "hour" in claim.unit else None
    return claim.smallest_effect * width * (1.0 if hours is None else hours)


def not_in_hours(model: DiaryModel) -> str:
    """Return why claims on hours cannot be judged by this predictor; "" where they can.

    Args:
        model: The diary model, whose predictor has a unit.
    """
    if _hours(model) is not None:
        return ""
    unit = f"in {model.predictor.unit!r}" if model.predictor.unit else "without a stated unit"
    return (
        f"The claim is about hours together, but {model.predictor.name!r} is measured {unit}. "
        'Where it is time, write unit = "hours" (or "minutes") in the codebook.'
    )


def _hours(model: DiaryModel) -> float | None:
    """Return hours per unit of the predictor, or None where it is no time."""
    return _HOURS.get(model.predictor.unit.strip().rstrip(".").lower())


def _heterogeneity(model: DiaryModel, result: MixedModelResult) -> EstimateTable | None:
    try:
        return slope_heterogeneity(result, model.slope)
    except IntimacyError:
        # A failed fit, or slopes without spread: the findings and warnings say so.
        return None


def _simple_slopes(model: DiaryModel, result: MixedModelResult) -> EstimateTable | None:
    if model.weekend is None or result.state == "failed":
        return None
    return simple_slopes(result, model.slope, model.weekend, at=(0.0, 1.0))


def _notes(
    model: DiaryModel, result: MixedModelResult, adjusted: Mapping[str, float]
) -> tuple[str, ...]:
    tested = sum(not math.isnan(p) for p in adjusted.values())
    notes = [
        f"{N_SUB_CLAIMS} sub-claims are judged, here with {tested} tests. Each verdict rests on "
        f"its own {100 * result.confidence:g} % interval, which is not adjusted; p-values adjusted "
        "by Holm's method for all tests made stand beside the raw ones."
    ]
    if model.days == "all days":
        notes.append(
            "Weekdays and weekends cannot be told apart in these data: the slope called the "
            "weekday slope is the slope over all days."
        )
    return tuple(notes)


def _held_against_a_simpler_model(
    findings: tuple[Finding, ...],
    study: Study,
    model: DiaryModel,
    result: MixedModelResult,
    given: Mapping[str, float],
) -> tuple[tuple[Finding, ...], str]:
    """Keep a singular fit's verdicts only where the simpler model gives the same ones."""
    blocks = model.spec.blocks[0].split(" + ")
    simpler = result
    random = ""
    for n_terms in range(len(blocks) - 1, 0, -1):
        random = " + ".join(blocks[:n_terms])
        spec = model.spec.with_random(random)
        simpler = fit_mixed_model(
            spec, model.diary, df_method=result.df_method, confidence=result.confidence
        )
        if simpler.state == "ok":
            break
    if simpler.state != "ok":
        note = "The fit is singular and no simpler model is better: every verdict is withheld."
        return tuple(_withheld(finding, note) for finding in findings), note
    estimates = _estimates(model, simpler)
    again = {
        claim.key: _finding(claim, study, model, simpler, estimates[claim.key], given, {})
        for claim in CLAIMS
        if claim.key in estimates
    }
    note = (
        "The fit is singular: a variance lies at its bound. Each verdict on a slope was judged "
        f"again in the model with the random terms {random!r} only, and is kept where both agree."
    )
    reason = f"The simpler model with the random terms {random!r} does not give the same verdict."
    return tuple(
        _withheld(finding, reason)
        if finding.claim.key in again and again[finding.claim.key].verdict != finding.verdict
        else finding
        for finding in findings
    ), note


def _withheld(finding: Finding, reason: str) -> Finding:
    if finding.verdict is Verdict.NOT_TESTABLE:
        return finding
    return replace(
        finding,
        verdict=Verdict.INCONCLUSIVE,
        sentences=(
            *finding.sentences,
            f"The fit is singular, so this verdict is withheld: {reason}",
        ),
    )
