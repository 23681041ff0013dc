"""Every reference fit this engine covers, against R's results in the reference folder.

Tolerances are those of the accuracy promise; where R stopped short of its optimum, a witness of
plain linear algebra walks on from R's own answer and must arrive at ours (`STOPPED_SHORT`).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.result import MixedModelResult
from tests.mixed.dense_oracle import dense_fit, dense_newton
from tests.parity.cases import (
    CASES,
    DERIVED,
    FILES,
    NOT_COVERED,
    OTHER_KINDS,
    REFERENCE,
    ROOT,
    Case,
    dense_model,
    frame_of,
    reference_file,
    reference_of,
    reference_variances,
)

pytestmark = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference folder ../shared/reference is not here"
)

MINUS_TWO_LOG_LIKELIHOOD = 1e-6
FIXED_EFFECT_IN_SE = 1e-6
STANDARD_ERROR = 1e-5
DF = 1e-3
PROFILE_OF_WIDTH = 1e-4
VARIANCE_OF_LME4 = 1e-5
VARIANCE_OF_NLME = 1e-4

# nlme ended where its criterion no longer changed by its tolerance, with a slope that is not
# zero: its answer is off by more than the tolerances, and its -2 log-likelihood above ours.
STOPPED_SHORT = {
    "bl_process.lme_rs_ar1_reml",
    "bl_process.lme_crosslevel_ar1_reml",
    "bl_process.lme_crosslevel_ar1_ml",
    "amib.lme_ri_car1_reml",
}
SINGULAR = {"bl_other.med_m_reml", "bl_other.med_y_reml", "bl_process.lme_rs_car1_reml"}

ENDED_AT_OPTIMUM = [case for case in CASES if case.name not in STOPPED_SHORT]


def names(cases):
    return [case.name for case in cases]


def every_case(cases=CASES):
    cases = list(cases)
    return pytest.mark.parametrize("case", cases, ids=names(cases))


@cache
def _fitted(name: str) -> MixedModelResult:
    case = next(case for case in CASES if case.name == name)
    return fit_mixed_model(case.spec, frame_of(case.frame))


def fitted(case: Case) -> MixedModelResult:
    return _fitted(case.name)


def our_variances(case: Case) -> tuple[np.ndarray, float, float | None]:
    """Return our random covariance matrix, residual variance and autocorrelation from the table."""
    table = fitted(case).covariance_parameters
    terms = case.random_terms
    G = np.zeros((len(terms), len(terms)))
    for i, term in enumerate(terms):
        G[i, i] = table[f"variance {term}"].value
        for j in range(i):
            row = f"correlation {terms[j]}, {term}"
            correlation = table[row].value if row in table else 0.0
            G[i, j] = G[j, i] = np.nan_to_num(correlation) * np.sqrt(G[i, i] * G[j, j])
    rho = table["autocorrelation"].value if "autocorrelation" in table else None
    return G, table["variance residual"].value, rho


def their_covariance(case: Case) -> dict[str, float]:
    """Return R's variances of the fixed effects by our names.

    nlme's printed table scales ML standard errors by N / (N - p); its covariance matrix does not.
    """
    found = reference_of(case)["vcov"]
    known = fitted(case).estimates.names
    diagonal = np.diag(np.array(found["values"], dtype=float))
    return {
        case.our_name(row, known): float(value)
        for row, value in zip(found["rows"], diagonal, strict=True)
    }


def their_table(case: Case, key: str, column: str) -> dict[str, float]:
    known = fitted(case).estimates.names
    found = reference_of(case)[key]
    return {case.our_name(row, known): float(values[column]) for row, values in found.items()}


def has(key: str):
    if not REFERENCE.is_dir():
        return []
    return [case for case in CASES if key in reference_of(case)]


def test_every_model_of_the_reference_is_covered_or_listed_with_a_reason():
    known = {case.name for case in CASES} | set(DERIVED) | set(NOT_COVERED) | OTHER_KINDS
    found = {f"{file}.{key}" for file in FILES for key in reference_file(file)["models"]}
    assert found == known


def test_no_mixed_model_hides_among_the_other_kinds():
    for name in OTHER_KINDS:
        file, key = name.split(".")
        engine = str(reference_file(file)["models"][key].get("engine", ""))
        assert not engine.startswith(("lme4", "nlme"))


def test_the_readme_lists_what_is_not_covered_and_what_stopped_short():
    readme = (ROOT / "tests" / "parity" / "README.md").read_text(encoding="utf-8")
    for name in {*NOT_COVERED, *STOPPED_SHORT}:
        assert f"`{name}`" in readme


@every_case()
def test_rows_and_groups_are_those_of_the_reference(case):
    found, result = reference_of(case), fitted(case)
    assert result.n_rows == found["nobs"]
    if "ngroups" in found:
        assert result.n_groups == next(iter(found["ngroups"].values()))


@every_case()
def test_the_prepared_columns_give_the_reference_its_own_likelihood(case):
    # Plain linear algebra at R's variances: if this holds, data and model are the same.
    G, variance, rho = reference_variances(case)
    model, _ = dense_model(case)
    dense = dense_fit(model, G, variance, rho=rho, criterion=case.criterion)
    assert dense.minus_two_log_likelihood == pytest.approx(reference_of(case)["minus2ll"], abs=1e-9)


@every_case()
def test_minus_two_log_likelihood_is_not_above_the_reference(case):
    ours, theirs = -2 * fitted(case).log_likelihood, reference_of(case)["minus2ll"]
    assert ours <= theirs + MINUS_TWO_LOG_LIKELIHOOD
    # Nor far below it: that would be another model.
    assert ours == pytest.approx(theirs, abs=1e-5)


@every_case()
def test_the_reported_variances_give_the_reported_likelihood_and_fixed_effects(case):
    G, variance, rho = our_variances(case)
    model, columns = dense_model(case)
    dense = dense_fit(model, G, variance, rho=rho, criterion=case.criterion)
    result = fitted(case)
    assert -2 * result.log_likelihood == pytest.approx(dense.minus_two_log_likelihood, abs=1e-8)
    for column, value, error in zip(
        columns, dense.beta, np.sqrt(np.diag(dense.beta_covariance)), strict=True
    ):
        ours = result.estimates[case.our_name(column, result.estimates.names)]
        assert ours.value == pytest.approx(value, abs=1e-8 * error)
        assert ours.std_error == pytest.approx(error, rel=1e-8)


@every_case()
def test_state_is_singular_exactly_where_a_variance_or_the_autocorrelation_is_on_its_edge(case):
    assert fitted(case).state == ("singular" if case.name in SINGULAR else "ok")


@every_case(ENDED_AT_OPTIMUM)
def test_fixed_effects_agree_with_the_reference(case):
    result = fitted(case)
    for theirs, value in reference_of(case)["fixef"].items():
        ours = result.estimates[case.our_name(theirs, result.estimates.names)]
        assert ours.value == pytest.approx(value, abs=FIXED_EFFECT_IN_SE * ours.std_error)


@every_case(ENDED_AT_OPTIMUM)
def test_standard_errors_agree_with_the_reference(case):
    for term, variance in their_covariance(case).items():
        ours = fitted(case).estimates[term].std_error
        assert ours == pytest.approx(np.sqrt(variance), rel=STANDARD_ERROR)


@every_case(ENDED_AT_OPTIMUM)
def test_variance_parameters_agree_with_the_reference(case):
    G, variance, rho = reference_variances(case)
    ours_G, ours_variance, ours_rho = our_variances(case)
    nlme = reference_of(case)["engine"].startswith("nlme")
    tolerance = VARIANCE_OF_NLME if nlme else VARIANCE_OF_LME4
    scale = np.sqrt(np.outer(np.diag(G), np.diag(G)))
    # A variance that is zero in truth of the fit is compared on the residual's scale.
    scale = np.maximum(scale, np.where(scale < 1e-6 * variance, variance, 0.0))
    assert np.all(np.abs(ours_G - G) <= tolerance * scale)
    assert ours_variance == pytest.approx(variance, rel=tolerance)
    if rho is not None:
        assert ours_rho == pytest.approx(rho, abs=tolerance)


@every_case(case for case in CASES if case.name in STOPPED_SHORT)
def test_where_nlme_stopped_short_plain_newton_steps_from_its_answer_arrive_at_ours(case):
    G, variance, rho = reference_variances(case)
    model, columns = dense_model(case)
    start = dense_fit(model, G, variance, rho=rho, criterion=case.criterion)
    end = dense_newton(model, G, variance, rho, criterion=case.criterion)
    result = fitted(case)
    ours = -2 * result.log_likelihood
    assert ours < start.minus_two_log_likelihood - 5e-9
    assert ours == pytest.approx(end.minus_two_log_likelihood, abs=1e-9)
    moved = 0.0
    for index, column in enumerate(columns):
        estimate = result.estimates[case.our_name(column, result.estimates.names)]
        error = np.sqrt(end.beta_covariance[index, index])
        assert estimate.value == pytest.approx(end.beta[index], abs=FIXED_EFFECT_IN_SE * error)
        assert estimate.std_error == pytest.approx(error, rel=STANDARD_ERROR)
        moved = max(moved, abs(start.beta[index] - end.beta[index]) / error)
    # What is left out above is left out for a reason: R's fixed effects are off by more.
    assert FIXED_EFFECT_IN_SE < moved < 1e-5


@every_case(has("satterthwaite"))
def test_satterthwaite_df_agree_with_lmertest(case):
    result = fitted(case)
    for term, df in their_table(case, "satterthwaite", "df").items():
        assert result.estimates[term].df == pytest.approx(df, rel=DF)


@every_case(has("satterthwaite"))
def test_p_values_agree_with_lmertest(case):
    result = fitted(case)
    for term, p_value in their_table(case, "satterthwaite", "Pr(>|t|)").items():
        assert result.estimates[term].p_value == pytest.approx(p_value, rel=1e-3, abs=1e-300)


@every_case(has("kenward_roger"))
def test_kenward_roger_agrees_with_pbkrtest(case):
    result = fitted(case).with_inference(df_method="kenward-roger")
    errors = their_table(case, "kenward_roger", "Std. Error")
    for term, df in their_table(case, "kenward_roger", "df").items():
        assert result.estimates[term].df == pytest.approx(df, rel=DF)
        assert result.estimates[term].std_error == pytest.approx(errors[term], rel=STANDARD_ERROR)


@every_case(has("profile_ci"))
def test_profile_intervals_agree_with_lme4_confint(case):
    # lme4 profiles the full likelihood, whatever criterion the model was fitted by.
    spec = case.spec.with_criterion("ml")
    result = fit_mixed_model(spec, frame_of(case.frame), intervals="profile")
    known = result.estimates.names
    for theirs, limits in reference_of(case)["profile_ci"].items():
        ours = our_profile_row(case, theirs, known)
        table = result.estimates if ours in known else result.covariance_parameters
        low, high = limits["2.5 %"], limits["97.5 %"]
        found = table[ours].interval
        assert found == pytest.approx((low, high), abs=PROFILE_OF_WIDTH * (high - low)), ours


def our_profile_row(case: Case, theirs: str, known: tuple[str, ...]) -> str:
    """Return our name of a row of lme4's confint()."""
    if theirs == "sigma":
        return "SD residual"
    kind, _, rest = theirs.partition("_")
    terms = [
        "Intercept" if term == "(Intercept)" else term for term in rest.partition("|")[0].split(".")
    ]
    if kind == "sd" and "|" in theirs:
        return f"SD {terms[0]}"
    if kind == "cor" and "|" in theirs:
        return f"correlation {terms[1]}, {terms[0]}"
    return case.our_name(theirs, known)


@every_case(has("ranef_head"))
def test_conditional_modes_agree_with_lme4(case):
    found = next(iter(reference_of(case)["ranef_head"].values()))
    modes = fitted(case).group_effects
    assert len(modes) == found["n"]
    by_label = modes.set_axis(modes.index.astype(str))
    terms = {"Intercept" if term == "(Intercept)" else term: term for term in found["sd"]}
    for ours, theirs in terms.items():
        spread = found["sd"][theirs]
        assert modes[ours].std() == pytest.approx(spread, rel=1e-5, abs=1e-9)
        for group, values in found["first3"].items():
            value = by_label.loc[group, ours]
            assert value == pytest.approx(values[theirs], abs=1e-5 * spread + 1e-9)


@every_case(has("resid_ss"))
def test_residual_sum_of_squares_agrees_with_lme4(case):
    residuals = fitted(case).residuals(level="group")
    found = float(np.sum(residuals.to_numpy() ** 2))
    assert found == pytest.approx(reference_of(case)["resid_ss"], rel=1e-6)


@every_case(has("fitted_mean"))
def test_mean_of_fitted_values_agrees_with_lme4(case):
    found = float(fitted(case).predict(level="group").mean())
    assert found == pytest.approx(reference_of(case)["fitted_mean"], rel=1e-10)


def _process_case(key: str) -> Case:
    return next(case for case in CASES if case.name == f"bl_process.{key}")


def test_likelihood_ratio_test_of_the_random_slope_has_the_mixture_of_chi_squares():
    from intimacy_analysis.mixed.variance_tests import random_slope_test

    found = reference_file("bl_process")["models"]["lrt_random_slope_reml"]
    test = random_slope_test(fitted(_process_case("rs_reml")), "confcw")
    assert test.statistic == pytest.approx(found["chisq"], abs=1e-6)
    assert test.p_value == pytest.approx(found["p_mixture_0.5chi1_0.5chi2"], rel=1e-5)


def test_slope_heterogeneity_gives_range_and_share_of_person_specific_slopes():
    from intimacy_analysis.mixed.heterogeneity import slope_heterogeneity

    found = reference_file("bl_process")["models"]["slope_heterogeneity"]
    table = slope_heterogeneity(fitted(_process_case("rs_reml")), "confcw")
    assert table["mean slope"].value == pytest.approx(found["mean"], rel=1e-6)
    assert table["SD of slopes"].value == pytest.approx(found["sd"], rel=1e-5)
    # R's script takes 1.96 for the normal quantile 1.959964.
    low, high = (table[f"95 % range, {side}"].value for side in ("low", "high"))
    assert low == pytest.approx(found["range95"][0], abs=1e-4 * found["sd"])
    assert high == pytest.approx(found["range95"][1], abs=1e-4 * found["sd"])
    assert table["share above zero"].value == pytest.approx(1 - found["prop_negative"], rel=1e-5)
