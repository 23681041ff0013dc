"""Regression against R 4 (lm and sandwich formulas), statsmodels and NIST's Longley data.

R's numbers: tests/parity/scripts/regression_and_meta.R.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.mixed.johnson_neyman import johnson_neyman
from intimacy_analysis.mixed.simple_slopes import simple_slopes
from intimacy_analysis.regression.explained import regression_r_squared
from intimacy_analysis.regression.fitting import fit_regression
from intimacy_analysis.regression.standardized import standardize_regression
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.study.survey import SurveyFrame

RNG = np.random.default_rng(4)
N = 120
ROWS = pd.DataFrame({"x": RNG.normal(2, 1, N), "w": RNG.normal(0, 2, N)})
ROWS["sex"] = np.where(RNG.random(N) < 0.4, "m", "w")
ROWS["y"] = (
    1 + 0.3 * ROWS["x"] - 0.2 * ROWS["w"] - 0.25 * ROWS["x"] * ROWS["w"]
    + (ROWS["sex"] == "m") * 0.5 + RNG.normal(0, 0.4 + 0.3 * ROWS["x"].abs(), N)
)  # fmt: skip
FORMULA = "y ~ x * w + sex"
RESULT = fit_regression(FORMULA, ROWS)

# R 4: lm(ACT ~ SATV*education + SATQ + factor(gender)) on the 687 complete rows of r_sat_act.csv.
R_TERMS = ["Intercept", "SATV", "education", "SATQ", "C(gender)[T.2.0]", "SATV:education"]
R_COEFFICIENTS = [
    6.53534691247405863, 0.01762508661262654, 1.39638219396028762, 0.01586778616000124,
    0.16442116543619112, -0.00153628695768375,
]  # fmt: skip
R_ERRORS = {
    "model": [
        1.745777291903568340, 0.003117428824629469, 0.546341930126176045, 0.001641068669102290,
        0.300923717719165207, 0.000871428216797881,
    ],
    "hc0": [
        2.57720406692798276, 0.00397046887379098, 0.68772204391918978, 0.00176856114449915,
        0.29338185292422819, 0.00107168428125612,
    ],
    "hc1": [
        2.58853249105327388, 0.00398792156834297, 0.69074501252832077, 0.00177633507710827,
        0.29467144970208531, 0.00107639500409799,
    ],
    "hc2": [
        2.61176700061115374, 0.00402208931326202, 0.69671063830488300, 0.00178260175126275,
        0.29512500457116170, 0.00108592242140748,
    ],
    "hc3": [
        2.64689007649261177, 0.00407457586799433, 0.70585543749296764, 0.00179683290579021,
        0.29688993427587723, 0.00110040655746866,
    ],
}  # fmt: skip
# R 4: the same with scale() of the numeric columns, gender left as it is.
R_STANDARDIZED = [
    -0.0195367148314424, 0.2990654989420840, 0.1343454827881732, 0.3798288405161318,
    0.0340348528439328, -0.0513173440268093,
]  # fmt: skip


@pytest.fixture(scope="module")
def students(reference_folder) -> pd.DataFrame:
    return pd.read_csv(reference_folder / "data" / "r_sat_act.csv")


@pytest.mark.parametrize("errors", ["model", "hc0", "hc1", "hc2", "hc3"])
def test_students_agree_with_r(students, errors):
    result = fit_regression(
        "ACT ~ SATV * education + SATQ + C(gender)", students, standard_errors=errors
    )
    assert (result.n_rows, result.n_dropped, result.df) == (687, 13, 681)
    found = result.estimates.to_frame().loc[R_TERMS]
    np.testing.assert_allclose(found["value"], R_COEFFICIENTS, rtol=1e-11)
    np.testing.assert_allclose(found["std_error"], R_ERRORS[errors], rtol=1e-10)


def test_influence_and_explained_variance_of_students_agree_with_r(students):
    result = fit_regression("ACT ~ SATV * education + SATQ + C(gender)", students)
    influence = result.influence
    assert influence["cooks_distance"].max() == pytest.approx(0.126235237995192, rel=1e-10)
    assert influence["moves"].abs().max() == pytest.approx(0.767955851176134, rel=1e-10)
    assert result.warnings[0].startswith("13 of 700 rows were left out")
    share = regression_r_squared(result)["R2"]
    assert share.value == pytest.approx(0.4222984, abs=5e-8)
    # R 4: uniroot on pf(F, 5, 681, ncp), ncp / (ncp + n).
    assert share.interval == pytest.approx((0.366102042456176, 0.466534037675372), rel=1e-9)


def test_standardized_students_agree_with_r(students):
    result = standardize_regression(
        fit_regression("ACT ~ SATV * education + SATQ + C(gender)", students)
    )
    # R scaled by all 687 rows of the model, as here.
    found = result.estimates.to_frame().loc[R_TERMS]
    np.testing.assert_allclose(found["value"], R_STANDARDIZED, rtol=1e-10)
    assert result.estimates["SATV:education"].unit == "ACT SD per SD per SD"


def test_longley_agrees_with_the_certified_values_to_ten_digits():
    # NIST Statistical Reference Datasets, Longley; data from statsmodels.
    rows = sm.datasets.longley.load_pandas().data
    result = fit_regression(
        "TOTEMP ~ GNPDEFL + GNP + UNEMP + ARMED + POP + YEAR", rows, standard_errors="model"
    )
    certified = {
        "Intercept": (-3482258.63459582, 890420.383607373),
        "GNPDEFL": (15.0618722713733, 84.9149257747669),
        "GNP": (-0.358191792925910e-01, 0.334910077722432e-01),
        "UNEMP": (-2.02022980381683, 0.488399681651699),
        "ARMED": (-1.03322686717359, 0.214274163161675),
        "POP": (-0.511041056535807e-01, 0.226073200069370),
        "YEAR": (1829.15146461355, 455.478499142212),
    }
    for term, (value, std_error) in certified.items():
        assert result.estimates[term].value == pytest.approx(value, rel=1e-10)
        assert result.estimates[term].std_error == pytest.approx(std_error, rel=1e-10)
    assert np.sqrt(result.residual_variance) == pytest.approx(304.854073561965, rel=1e-11)
    assert regression_r_squared(result)["R2"].value == pytest.approx(0.995479004577296, rel=1e-12)


def test_estimates_agree_with_statsmodels_formulas():
    theirs = smf.ols(FORMULA, ROWS).fit(cov_type="HC3", use_t=True)
    ours = RESULT.estimates.to_frame()
    for term in ours.index:
        assert ours.loc[term, "value"] == pytest.approx(theirs.params[term], rel=1e-10)
        assert ours.loc[term, "std_error"] == pytest.approx(theirs.bse[term], rel=1e-10)
        assert ours.loc[term, "p_value"] == pytest.approx(theirs.pvalues[term], rel=1e-8)
        assert ours.loc[term, "low"] == pytest.approx(theirs.conf_int().loc[term, 0], rel=1e-9)


def test_a_joint_test_is_statsmodels_wald_test():
    theirs = smf.ols(FORMULA, ROWS).fit(cov_type="HC3", use_t=True)
    expected = theirs.f_test("x = 0, x:w = 0")
    found = RESULT.joint_test(["x", "x:w"])
    assert found.statistic == pytest.approx(float(np.squeeze(expected.fvalue)), rel=1e-9)
    assert found.p_value == pytest.approx(float(expected.pvalue), rel=1e-7)
    assert (found.df_1, found.df_2) == (2, N - 5)


def test_influence_agrees_with_statsmodels():
    theirs = smf.ols(FORMULA, ROWS).fit().get_influence()
    found = RESULT.influence
    np.testing.assert_allclose(found["leverage"], theirs.hat_matrix_diag, rtol=1e-9)
    np.testing.assert_allclose(found["cooks_distance"], theirs.cooks_distance[0], rtol=1e-8)
    np.testing.assert_allclose(found["studentized"], theirs.resid_studentized_external, rtol=1e-8)
    largest = np.abs(theirs.dfbetas).max(axis=1)
    np.testing.assert_allclose(found["moves"].abs(), largest, rtol=1e-8)


def test_a_row_that_moves_a_coefficient_is_named():
    rows = ROWS.copy()
    rows.loc[7, ["x", "y"]] = [12.0, -30.0]
    result = fit_regression(FORMULA, rows)
    assert "row 7 moves" in result.warnings[0]
    assert result.warnings[0] in result.estimates.notes
    assert fit_regression(FORMULA, ROWS.drop(index=7)).n_rows == N - 1


def test_simple_slopes_of_a_regression_are_those_of_a_shifted_moderator():
    table = simple_slopes(RESULT, "x", "w", at=(-1, 2))
    for w in (-1, 2):
        shifted = fit_regression(FORMULA, ROWS.assign(w=ROWS["w"] - w)).estimates["x"]
        row = table[f"x at w = {w}"]
        assert row.value == pytest.approx(shifted.value, rel=1e-9)
        assert row.std_error == pytest.approx(shifted.std_error, rel=1e-9)
        assert row.df == N - 5
    assert table["x:w"] == RESULT.estimates["x:w"]
    assert table.df_method == "rows less terms"


def test_slopes_without_values_are_taken_at_the_moderators_mean_and_sd():
    m, s = ROWS["w"].mean(), ROWS["w"].std()
    names = simple_slopes(RESULT, "x", "w").names
    assert names[:3] == tuple(f"x at w = {value:.4g}" for value in (m - s, m, m + s))


def test_johnson_neyman_boundaries_are_the_roots_of_the_textbook_quadratic():
    found = johnson_neyman(RESULT, "x", "w")
    fit = smf.ols(FORMULA, ROWS).fit(cov_type="HC3", use_t=True)
    V, b = fit.cov_params(), fit.params
    from scipy import stats

    t2 = stats.t.ppf(0.975, N - 5) ** 2
    roots = np.roots(
        [
            b["x:w"] ** 2 - t2 * V.loc["x:w", "x:w"],
            2 * (b["x"] * b["x:w"] - t2 * V.loc["x", "x:w"]),
            b["x"] ** 2 - t2 * V.loc["x", "x"],
        ]
    )
    assert found.boundaries == pytest.approx(sorted(roots.real), rel=1e-8)
    assert sum(region.share_of_rows for region in found.regions) == pytest.approx(1)
    assert all(np.isnan(region.share_of_groups) for region in found.regions)


def test_moderation_by_a_category_has_a_slope_for_each():
    result = fit_regression("y ~ x * C(sex)", ROWS)
    table = simple_slopes(result, "x", "C(sex)[T.w]")
    men = fit_regression("y ~ x", ROWS[ROWS["sex"] == "m"]).estimates["x"].value
    women = fit_regression("y ~ x", ROWS[ROWS["sex"] == "w"]).estimates["x"].value
    assert [row.value for row in table][:2] == pytest.approx([men, women], rel=1e-9)


def test_the_answer_does_not_depend_on_order_scale_or_origin():
    moved = ROWS.sample(frac=1, random_state=1).assign(x=lambda rows: 1e6 + 1000 * rows["x"])
    one, other = RESULT.estimates["x:w"], fit_regression(FORMULA, moved).estimates["x:w"]
    assert other.value * 1000 == pytest.approx(one.value, rel=1e-9)
    assert other.std_error * 1000 == pytest.approx(one.std_error, rel=1e-9)


def survey(rows: pd.DataFrame) -> SurveyFrame:
    variables = [Variable(name="id", role="person", level="person")]
    variables += [
        Variable(name=name, level="person", unit=unit)
        for name, unit in (("x", "hours"), ("w", "points"), ("sex", ""), ("y", "points"))
    ]
    keyed = rows.assign(id=np.arange(len(rows)))
    return SurveyFrame(rows=keyed, codebook=Codebook(tuple(variables)))


def test_units_come_from_the_surveys_codebook():
    result = fit_regression("y ~ x * w", survey(ROWS))
    assert result.estimates["x"].unit == "y points per hour"
    assert result.estimates["x:w"].unit == "y points per hour per point"


def test_gaps_are_counted_and_rows_keep_their_place():
    gaps = ROWS.copy()
    gaps.loc[[3, 50], "x"] = np.nan
    result = fit_regression(FORMULA, survey(gaps))
    assert (result.n_rows, result.n_dropped) == (N - 2, 2)
    assert 3 not in result.influence.index
    assert "x in 2" in result.warnings[-1]
    whole = fit_regression(FORMULA, ROWS.drop(index=[3, 50])).estimates["x"]
    assert result.estimates["x"].value == pytest.approx(whole.value, rel=1e-12)


def test_predictions_follow_the_recipe_of_the_fit():
    new = pd.DataFrame({"x": [1.0, np.nan], "w": [0.0, 1.0], "sex": ["w", "m"]})
    found = RESULT.predict(new)
    b = RESULT.estimates
    assert found.iloc[0] == pytest.approx(b["Intercept"].value + b["x"].value + b["sex[T.w]"].value)
    assert np.isnan(found.iloc[1])
    assert RESULT.predict().to_numpy() + RESULT.residual == pytest.approx(ROWS["y"].to_numpy())


def test_a_contrast_weighs_coefficients():
    found = RESULT.contrast({"x": 1, "x:w": 2}, name="slope at 2")
    assert found.value == pytest.approx(simple_slopes(RESULT, "x", "w", at=(2,)).rows[0].value)
    with pytest.raises(SpecError, match="no term 'z'"):
        RESULT.contrast({"z": 1})


def test_r_squared_stands_between_its_limits_and_zero_is_a_limit():
    share = regression_r_squared(RESULT)["R2"]
    assert share.low < share.value < share.high
    noise = ROWS.assign(y=np.random.default_rng(1).normal(size=N))
    assert regression_r_squared(fit_regression("y ~ x", noise))["R2"].low == 0
    with pytest.raises(SpecError, match="intercept"):
        regression_r_squared(fit_regression("y ~ 1", ROWS))


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("y ~ x + twice", "combination|apart|determin|linear"),
        ("y ~ z", "no column 'z'"),
        ("y ~ text", "must hold numbers"),
        ("y ~ flat", "flat"),
        ("y ~ x + copy_of_y", "reproduces all"),
        ("y ~ x + C(lonely)", "first is row 11"),
    ],
)
def test_data_that_cannot_answer_are_refused(formula, words):
    rows = ROWS.assign(
        twice=2 * ROWS["x"], text=[f"{k} h" for k in range(N)], flat=1.0, copy_of_y=ROWS["y"],
        lonely=np.where(np.arange(N) == 11, "a", "b"),
    )  # fmt: skip
    with pytest.raises(DataError, match=words):
        fit_regression(formula, rows)


def test_a_lonely_category_is_allowed_with_model_errors():
    rows = ROWS.assign(lonely=np.where(np.arange(N) == 11, "a", "b"))
    result = fit_regression("y ~ x + C(lonely)", rows, standard_errors="model")
    assert np.isnan(result.influence.loc[11, "moves"])


def test_too_few_rows_are_refused():
    with pytest.raises(DataError, match="more rows than terms"):
        fit_regression("y ~ x + w", ROWS.iloc[:3])
    with pytest.raises(DataError, match="have 0 rows"):
        fit_regression("y ~ x + w", ROWS.iloc[:0])


def test_a_diary_is_sent_to_the_mixed_models():
    rows = pd.DataFrame({"person": [1, 1, 2, 2], "day": [1, 2, 1, 2], "y": [1.0, 2, 3, 4]})
    book = Codebook(
        (
            Variable(name="person", role="person", level="person"),
            Variable(name="day", role="day"),
            Variable(name="y"),
        )
    )
    with pytest.raises(DataError, match="fit_mixed_model"):
        fit_regression("y ~ 1", DiaryFrame(rows=rows, codebook=book))


@pytest.mark.parametrize(
    ("formula", "options", "words"),
    [
        ("y", {}, "outcome ~ terms"),
        (3, {}, "outcome ~ terms"),
        ("y ~ x", {"standard_errors": "hc4"}, "standard_errors must be one of"),
        ("y ~ x", {"confidence": 95}, "confidence"),
        ("y ~ __import__('os')", {}, "may hold names"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(formula, options, words):
    with pytest.raises(SpecError, match=words):
        fit_regression(formula, ROWS, **options)


def test_a_function_of_a_column_cannot_be_standardized():
    with pytest.raises(SpecError, match="'x' enters"):
        standardize_regression(fit_regression("y ~ abs(x) + w", ROWS))
