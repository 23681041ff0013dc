"""The project's own parity set: R's answers, stored beside the scripts that made them."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from intimacy_analysis.mixed import residuals
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.mixed.structure import ResidualStructure
from tests.mixed.dense_oracle import DenseModel, dense_fit, dense_newton, dense_satterthwaite

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REFERENCES = sorted(path.stem for path in (HERE / "references").glob("*.json"))

MINUS_TWO_LOG_LIKELIHOOD = 1e-6
FIXED_EFFECT_IN_SE = 1e-6
STANDARD_ERROR = 1e-5
DF = 1e-3
VARIANCE_OF_LME4 = 1e-5
VARIANCE_OF_NLME = 1e-4
PROFILE_OF_WIDTH = 1e-4
# lme4 reads its limits off an interpolated profile. In these rows they miss the chi-square quantile
# by up to .029, where ours meet it (see the tests of "raise the criterion").
INTERPOLATED = {
    ("small_slope_ml", "cor_x.(Intercept)|person"): 1e-3,
    ("shared_time_diary.slope_ml", "cor_within.(Intercept)|person"): 1e-2,
    ("shared_time_diary.slope_ml", "sd_within|person"): 1e-3,
    ("shared_time_no_effect.slope_ml", "sd_within|person"): 1e-3,
}
# nlme ended a little above the optimum: plain Newton steps from its answer arrive at ours.
STOPPED_SHORT = ("shared_time_no_effect.ar1_ml", "shared_time_no_effect.ar1_reml")
# Whole days and a positive autocorrelation: CAR(1) is AR(1), and must end where that ends.
SAME_MODEL = {"shared_time_no_effect.car1_reml": "shared_time_no_effect.ar1_reml"}
# The autocorrelation ends at its bound of zero, where the model is one that lme4 fits better.
ON_ITS_EDGE = {"shared_time_diary.car1_reml": "shared_time_diary.slope_reml"}


@cache
def reference(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (HERE / "references" / f"{name}.json").read_text(encoding="utf-8")
    )
    return found


@cache
def frame(name: str) -> pd.DataFrame:
    """Return the rows a reference was fitted to, with the columns its R script made."""
    found = reference(name)
    rows = pd.read_csv(ROOT / found["data"]["file"])
    return FRAMES[found["question"]["frame"]](rows)


def shared_time(rows: pd.DataFrame) -> pd.DataFrame:
    """Repeat `prepare()` of scripts/shared_time.R."""
    complete = rows.dropna(subset=["intimacy", "shared_hours", "weekend", "stress"])
    hours = complete["shared_hours"]
    by_person = complete.groupby("person")["shared_hours"]
    within = hours - complete.groupby(["person", "weekend"])["shared_hours"].transform("mean")
    return complete.assign(
        within=within,
        between=by_person.transform("mean") - by_person.mean().mean(),
        strained=complete["stress"] - complete.groupby("person")["stress"].transform("mean"),
        within_weekend=within * complete["weekend"],
    )


FRAMES = {"plain": lambda rows: rows, "shared_time": shared_time}


def spec_of(name: str) -> MixedModelSpec:
    question = dict(reference(name)["question"])
    question.pop("frame")
    if isinstance(question["random"], list):
        question["random"] = tuple(question["random"])
    return MixedModelSpec(**question)


@cache
def fitted(name: str) -> MixedModelResult:
    return fit_mixed_model(spec_of(name), frame(name))


@cache
def dense_model(name: str) -> DenseModel:
    """Return a reference's rows as matrices, without the engine."""
    spec, rows = spec_of(name), frame(name).reset_index(drop=True)
    outcome, terms = (part.strip() for part in spec.fixed.split("~"))
    one = np.ones(len(rows))
    columns = {"1": one, **{column: rows[column].to_numpy() for column in rows.columns}}
    chosen = [] if spec.random == "0" else [columns[term] for term in spec.random.split(" + ")]
    return DenseModel(
        y=rows[outcome].to_numpy(dtype=float),
        X=np.column_stack([one, *(columns[term] for term in terms.split(" + "))]).astype(float),
        Z=np.array(chosen, dtype=float).reshape(-1, len(rows)).T,
        group=rows["person"].to_numpy(),
        time=rows[spec.time].to_numpy(dtype=float) if spec.time else None,
    )


def our_covariance(name: str) -> np.ndarray:
    """Return our covariance matrix of the random effects, from the table."""
    table = fitted(name).covariance_parameters
    terms = list(fitted(name).group_effects.columns)
    G = np.diag([table[f"variance {term}"].value for term in terms]).astype(float)
    for i, term in enumerate(terms):
        for j in range(i):
            row = table[f"correlation {terms[j]}, {term}"].value
            G[i, j] = G[j, i] = row * np.sqrt(G[i, i] * G[j, j])
    return G


def ours(theirs: str) -> str:
    return "Intercept" if theirs == "(Intercept)" else theirs


AT_THE_OPTIMUM = [
    name for name in REFERENCES if name not in (*STOPPED_SHORT, *SAME_MODEL, *ON_ITS_EDGE)
]


def with_part(part: str, among: list[str] = REFERENCES) -> list[str]:
    return [name for name in among if reference(name)["estimates"].get(part)]


def is_nlme(name: str) -> bool:
    return "nlme" in reference(name)["versions"]


def test_every_residual_structure_has_a_reference():
    structures = {
        value().name
        for value in vars(residuals).values()
        if isinstance(value, type)
        and value is not ResidualStructure
        and issubclass_safely(value)
        and value.__module__ == residuals.__name__
    }
    asked = {reference(name)["question"].get("residuals", "independent") for name in REFERENCES}
    assert structures == asked


def issubclass_safely(kind: type) -> bool:
    return all(hasattr(kind, part) for part in ("collect", "correlation", "parameter_names")) and (
        not kind.__name__.startswith("_")
    )


def test_the_grid_of_references_is_whole():
    asked = [reference(name)["question"] for name in REFERENCES]
    assert {question["criterion"] for question in asked} == {"reml", "ml"}
    assert any(isinstance(question["random"], list) for question in asked)
    assert any(question["random"] == "0" for question in asked)
    assert {"satterthwaite", "kenward_roger", "profile"} <= {
        part for name in REFERENCES for part in reference(name)["estimates"]
    }
    assert any(reference(name)["estimates"]["singular"] for name in REFERENCES)


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_names_its_software_script_and_unchanged_data(name):
    found = reference(name)
    assert set(found["versions"]) > {"R"}
    assert found["call"].startswith(("lmer(", "lme(", "gls("))
    assert (ROOT / found["script"]).is_file()
    data = (ROOT / found["data"]["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == found["data"]["sha256"]


@pytest.mark.parametrize("name", REFERENCES)
def test_rows_and_state_are_those_of_r(name):
    found = reference(name)["estimates"]
    assert fitted(name).n_rows == found["n_rows"]
    assert fitted(name).state == ("singular" if found["singular"] else "ok")


@pytest.mark.parametrize("name", REFERENCES)
def test_minus_two_log_likelihood_is_not_above_r(name):
    found = -2 * fitted(name).log_likelihood
    theirs = reference(name)["estimates"]["minus_two_log_likelihood"]
    assert found <= theirs + MINUS_TWO_LOG_LIKELIHOOD
    assert found == pytest.approx(theirs, abs=1e-5)


@pytest.mark.parametrize("name", AT_THE_OPTIMUM)
def test_fixed_effects_and_standard_errors_agree_with_r(name):
    found = reference(name)["estimates"]
    variances = np.diag(np.array(found["covariance"]["values"], dtype=float))
    errors = dict(zip(found["covariance"]["names"], np.sqrt(variances), strict=True))
    assert len(fitted(name).estimates) == len(found["fixed_effects"])
    for theirs, value in found["fixed_effects"].items():
        row = fitted(name).estimates[ours(theirs)]
        assert row.value == pytest.approx(value, abs=FIXED_EFFECT_IN_SE * row.std_error)
        assert row.std_error == pytest.approx(errors[theirs], rel=STANDARD_ERROR)


@pytest.mark.parametrize("name", AT_THE_OPTIMUM)
def test_variance_parameters_agree_with_r(name):
    found = reference(name)["estimates"]
    table = fitted(name).covariance_parameters
    tolerance = VARIANCE_OF_NLME if is_nlme(name) else VARIANCE_OF_LME4
    assert table["SD residual"].value == pytest.approx(found["sigma"], rel=tolerance)
    assert table["variance residual"].value == pytest.approx(found["sigma"] ** 2, rel=tolerance)
    floor = tolerance * found["sigma"] ** 2 * 1e-2
    for block in found["random_covariance"]:
        terms = [ours(term) for term in block["names"]]
        values = np.array(block["values"], dtype=float)
        for i, term in enumerate(terms):
            assert table[f"variance {term}"].value == pytest.approx(
                values[i, i], rel=tolerance, abs=floor
            )
            for j in range(i):
                correlation = values[i, j] / np.sqrt(values[i, i] * values[j, j])
                row = table[f"correlation {terms[j]}, {term}"]
                assert row.value == pytest.approx(correlation, abs=tolerance)
    if found["autocorrelation"] is not None:
        row = table["autocorrelation"]
        assert row.value == pytest.approx(found["autocorrelation"], abs=tolerance)


@pytest.mark.parametrize("name", with_part("satterthwaite"))
def test_satterthwaite_agrees_with_lmertest(name):
    for theirs, values in reference(name)["estimates"]["satterthwaite"].items():
        row = fitted(name).estimates[ours(theirs)]
        assert row.df == pytest.approx(values["df"], rel=DF)
        assert row.p_value == pytest.approx(values["Pr(>|t|)"], rel=1e-3, abs=1e-300)


@pytest.mark.parametrize("name", with_part("kenward_roger"))
def test_kenward_roger_agrees_with_pbkrtest(name):
    result = fitted(name).with_inference(df_method="kenward-roger")
    for theirs, values in reference(name)["estimates"]["kenward_roger"].items():
        row = result.estimates[ours(theirs)]
        assert row.df == pytest.approx(values["df"], rel=DF)
        assert row.std_error == pytest.approx(values["Std. Error"], rel=STANDARD_ERROR)


@pytest.mark.parametrize("name", with_part("profile"))
def test_profile_intervals_agree_with_lme4(name):
    result = fitted(name).with_inference(intervals="profile")
    for theirs, limits in reference(name)["estimates"]["profile"].items():
        row = profile_row(result, theirs)
        low, high = limits["2.5 %"], limits["97.5 %"]
        share = INTERPOLATED.get((name, theirs), PROFILE_OF_WIDTH)
        assert row == pytest.approx((low, high), abs=share * (high - low)), theirs


def profile_row(result: MixedModelResult, theirs: str) -> tuple[float, float]:
    """Return our limits of a row of lme4's confint()."""
    if theirs == "sigma":
        return result.covariance_parameters["SD residual"].interval
    if not theirs.endswith("|person"):
        return result.estimates[ours(theirs)].interval
    kind, _, rest = theirs.removesuffix("|person").partition("_")
    terms = [ours(term) for term in rest.split(".")]
    row = f"SD {terms[0]}" if kind == "sd" else f"correlation {terms[1]}, {terms[0]}"
    return result.covariance_parameters[row].interval


@pytest.mark.parametrize("name", with_part("group_effects_first", AT_THE_OPTIMUM))
def test_conditional_modes_agree_with_r(name):
    modes = fitted(name).group_effects
    by_label = modes.set_axis(modes.index.astype(str))
    for group, values in reference(name)["estimates"]["group_effects_first"].items():
        for theirs, value in values.items():
            found = by_label.loc[group, ours(theirs)]
            tolerance = 1e-4 if is_nlme(name) else 1e-5
            assert found == pytest.approx(value, abs=tolerance * modes[ours(theirs)].std() + 1e-9)


@pytest.mark.parametrize("name", with_part("residual_sum_of_squares"))
def test_residual_sum_of_squares_agrees_with_r(name):
    found = float(np.sum(fitted(name).residuals(level="group").to_numpy() ** 2))
    theirs = reference(name)["estimates"]["residual_sum_of_squares"]
    assert found == pytest.approx(theirs, rel=1e-4 if is_nlme(name) else 1e-6)


@pytest.mark.parametrize("name", STOPPED_SHORT)
def test_where_nlme_stopped_short_plain_newton_steps_from_its_answer_arrive_at_ours(name):
    found, result = reference(name)["estimates"], fitted(name)
    model = dense_model(name)
    G = np.array(found["random_covariance"][0]["values"], dtype=float)
    criterion = spec_of(name).criterion
    end = dense_newton(model, G, found["sigma"] ** 2, found["autocorrelation"], criterion=criterion)
    ours_value = -2 * result.log_likelihood
    assert ours_value < found["minus_two_log_likelihood"] - 1e-10
    assert ours_value == pytest.approx(end.minus_two_log_likelihood, abs=1e-9)
    errors = np.sqrt(np.diag(end.beta_covariance))
    for row, value, error in zip(result.estimates, end.beta, errors, strict=True):
        assert row.value == pytest.approx(value, abs=FIXED_EFFECT_IN_SE * error)
        assert row.std_error == pytest.approx(error, rel=STANDARD_ERROR)


@pytest.mark.parametrize("name", SAME_MODEL)
def test_continuous_time_on_whole_days_ends_where_ar1_ends(name):
    result, other = fitted(name), fitted(SAME_MODEL[name])
    assert result.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-8)
    for row, same in zip(result.estimates, other.estimates, strict=True):
        assert row.value == pytest.approx(same.value, abs=FIXED_EFFECT_IN_SE * same.std_error)
        assert row.std_error == pytest.approx(same.std_error, rel=STANDARD_ERROR)


@pytest.mark.parametrize("name", ON_ITS_EDGE)
def test_without_autocorrelation_a_serial_fit_is_the_one_lme4_makes(name):
    result, other = fitted(name), reference(ON_ITS_EDGE[name])["estimates"]
    assert result.covariance_parameters["autocorrelation"].value == pytest.approx(0, abs=1e-12)
    assert -2 * result.log_likelihood == pytest.approx(other["minus_two_log_likelihood"], abs=1e-8)
    for theirs, value in other["fixed_effects"].items():
        row = result.estimates[ours(theirs)]
        assert row.value == pytest.approx(value, abs=FIXED_EFFECT_IN_SE * row.std_error)


SMALL_SERIAL = [
    name
    for name in REFERENCES
    if name.startswith("small_") and reference(name)["question"].get("residuals")
]


@pytest.mark.parametrize("name", SMALL_SERIAL)
def test_satterthwaite_df_of_serial_fits_agree_with_plain_numerical_derivatives(name):
    # nlme has no Satterthwaite df: here the witness is dense linear algebra and differences.
    spec, result, model = spec_of(name), fitted(name), dense_model(name)
    q = model.Z.shape[1]
    lower = np.tril_indices(q)
    table = result.covariance_parameters

    def at(theta):
        covariance = np.zeros((q, q))
        covariance[lower] = theta[:-2]
        covariance = covariance + np.tril(covariance, -1).T
        return dense_fit(model, covariance, theta[-2], rho=theta[-1], criterion=spec.criterion)

    variances = our_covariance(name)[lower] if q else []
    df = dense_satterthwaite(
        lambda theta: at(theta).beta_covariance,
        lambda theta: at(theta).minus_two_log_likelihood,
        np.array([*variances, table["variance residual"].value, table["autocorrelation"].value]),
    )
    assert [row.df for row in result.estimates] == pytest.approx(df.tolist(), rel=1e-4)


CHI_SQUARE_95 = 3.841458820694124


def test_profile_limits_of_fixed_effects_raise_the_criterion_by_the_chi_square_quantile():
    # A witness beside lme4's interpolated profile: fix the coefficient, fit the rest again.
    name = "small_slope_ml"
    result, rows = fitted(name).with_inference(intervals="profile"), frame(name)
    for term, others in (("x", "y ~ 1"), ("Intercept", "y ~ x - 1")):
        column = rows["x"] if term == "x" else 1.0
        for limit in result.estimates[term].interval:
            fixed = rows.assign(y=rows["y"] - limit * column)
            without = fit_mixed_model(spec_of(name).with_fixed(others), fixed)
            rise = 2 * (result.log_likelihood - without.log_likelihood)
            assert rise == pytest.approx(CHI_SQUARE_95, abs=1e-6)


PROFILED = [
    ("small_slope_ml", "SD x"),
    ("small_slope_ml", "SD Intercept"),
    ("small_slope_ml", "correlation Intercept, x"),
    ("small_slope_ml", "SD residual"),
    ("shared_time_diary.slope_ml", "correlation Intercept, within"),
    ("shared_time_diary.slope_ml", "SD within"),
    ("shared_time_no_effect.slope_ml", "SD within"),
]


@pytest.mark.parametrize(("name", "row"), PROFILED)
def test_profile_limits_of_variance_parameters_raise_the_criterion_by_the_chi_square_quantile(
    name, row
):
    result = fitted(name).with_inference(intervals="profile")
    model, table = dense_model(name), result.covariance_parameters
    slope = result.group_effects.columns[1]
    parameters = ["SD Intercept", f"SD {slope}", f"correlation Intercept, {slope}", "SD residual"]
    index = parameters.index(row)
    best = np.array([table[parameter].value for parameter in parameters])
    best[2] = np.clip(best[2], -0.9, 0.9)

    def criterion(point):
        intercept, spread, correlation, residual = point
        if not (spread > 0 and intercept > 0 and abs(correlation) <= 1 and residual > 0):
            return 1e6
        cross = correlation * spread * intercept
        G = np.array([[intercept**2, cross], [cross, spread**2]])
        return dense_fit(model, G, residual**2, criterion="ml").minus_two_log_likelihood

    free = [k for k in range(4) if k != index]
    for limit in table[row].interval:
        if limit == 0:
            continue  # an interval that reaches down to no variance at all
        found = minimize(
            lambda rest, limit=limit: criterion(np.insert(rest, index, limit)),
            best[free],
            method="Nelder-Mead",
            options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4000},
        )
        rise = found.fun + 2 * result.log_likelihood
        assert rise == pytest.approx(CHI_SQUARE_95, abs=1e-6)
