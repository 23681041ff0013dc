"""Simple slopes: least squares as witness, recoding as witness, the interaction always beside."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.formula.api as smf
from diaries import simulated_diary

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.mixed.contrasts import estimate_contrast
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.simple_slopes import simple_slopes
from intimacy_analysis.mixed.spec import MixedModelSpec

DIARY = simulated_diary(seed=5)
DIARY = DIARY.assign(
    z=np.random.default_rng(6).normal(3, 2, len(DIARY)),
    trait=DIARY["person"].map(dict(enumerate(np.linspace(-1, 3, 25)))),
)
SPEC = MixedModelSpec(fixed="y ~ x * w", random="1 + x", group="person")
RESULT = fit_mixed_model(SPEC, DIARY)


def test_least_squares_slopes_equal_those_of_statsmodels_after_moving_the_moderator():
    spec = MixedModelSpec(fixed="y ~ x * z", random="0", group="person")
    table = simple_slopes(fit_mixed_model(spec, DIARY), "x", "z", at=(0, 2.5))
    for row, at in zip(table, (0, 2.5), strict=False):
        moved = smf.ols("y ~ x * z", DIARY.assign(z=DIARY["z"] - at)).fit()
        assert row.value == pytest.approx(moved.params["x"], rel=1e-9)
        assert row.std_error == pytest.approx(moved.bse["x"], rel=1e-9)
        assert row.df == pytest.approx(moved.df_resid)
        assert row.p_value == pytest.approx(moved.pvalues["x"], rel=1e-7)
        assert row.interval == pytest.approx(tuple(moved.conf_int().loc["x"]), rel=1e-8)
    assert table.names[-1] == "x:z"
    assert table["x:z"].p_value == pytest.approx(moved.pvalues["x:z"], rel=1e-7)


def test_each_slope_has_the_df_of_a_model_coded_to_have_it_as_coefficient():
    table = simple_slopes(RESULT, "x", "w")
    assert table.names == ("x at w = 0", "x at w = 1", "x:w")
    flipped = fit_mixed_model(SPEC, DIARY.assign(w=1 - DIARY["w"])).estimates["x"]
    for field in ("value", "std_error", "df", "low", "high", "p_value"):
        found = getattr(table["x at w = 1"], field)
        assert found == pytest.approx(getattr(flipped, field), rel=1e-6)
        expected = getattr(RESULT.estimates["x"], field)
        assert getattr(table["x at w = 0"], field) == pytest.approx(expected, rel=1e-9)
    assert table["x:w"] == RESULT.estimates["x:w"]
    assert table["x at w = 1"].df != pytest.approx(table["x at w = 0"].df, rel=1e-3)


def test_the_interaction_stands_in_the_first_note_too():
    table = simple_slopes(RESULT, "x", "w")
    assert "x:w" in table.notes[0]
    assert table.rows[-1].name == "x:w"


def test_either_order_of_the_product_will_do():
    for fixed in ("y ~ x + w + w:x", "y ~ w + x + x:w"):
        table = simple_slopes(fit_mixed_model(SPEC.with_fixed(fixed), DIARY), "x", "w")
        assert table["x at w = 1"].value == pytest.approx(
            simple_slopes(RESULT, "x", "w")["x at w = 1"].value, rel=1e-6
        )


def test_the_moderated_may_be_the_moderator():
    table = simple_slopes(RESULT, "w", "x", at=(0, 1))
    assert table["w at x = 1"].value == pytest.approx(
        RESULT.estimates["w"].value + RESULT.estimates["x:w"].value
    )


def test_a_continuous_moderator_is_taken_at_its_mean_and_one_sd_around_it():
    result = fit_mixed_model(SPEC.with_fixed("y ~ x * z"), DIARY)
    table = simple_slopes(result, "x", "z")
    mean, sd = DIARY["z"].mean(), DIARY["z"].std()
    b = result.estimates
    expected = [b["x"].value + b["x:z"].value * at for at in (mean - sd, mean, mean + sd)]
    np.testing.assert_allclose([row.value for row in table.rows[:3]], expected, rtol=1e-9)
    assert any("over rows" in note for note in table.notes)


def test_a_trait_has_mean_and_sd_over_persons_not_over_days():
    result = fit_mixed_model(SPEC.with_fixed("y ~ x * trait"), DIARY)
    table = simple_slopes(result, "x", "trait")
    own = DIARY.groupby("person")["trait"].first()
    at = own.mean() + own.std()
    expected = result.estimates["x"].value + at * result.estimates["x:trait"].value
    assert table.rows[2].value == pytest.approx(expected, rel=1e-9)
    assert any("over persons" in note for note in table.notes)


def test_a_third_factor_is_held_where_it_is_said_to_be():
    result = fit_mixed_model(SPEC.with_fixed("y ~ x * w * z"), DIARY)
    at_zero = simple_slopes(result, "x", "w", at=(1,))
    assert any("held at z = 0" in note for note in at_zero.notes)
    held = simple_slopes(result, "x", "w", at=(1,), held={"z": 3})
    expected = estimate_contrast(result, {"x": 1, "x:w": 1, "x:z": 3, "x:w:z": 3})
    assert held.rows[0].value == pytest.approx(expected.value, rel=1e-10)
    assert held.rows[0].df == pytest.approx(expected.df, rel=1e-10)
    change = estimate_contrast(result, {"x:w": 1, "x:w:z": 3})
    assert held.rows[1].value == pytest.approx(change.value, rel=1e-10)
    with pytest.raises(SpecError, match="held must name factors"):
        simple_slopes(result, "x", "w", held={"v": 1})


def test_a_category_moderates_by_the_name_of_its_column():
    diary = DIARY.assign(kind=np.where(DIARY["w"] > 0, "b", "a"))
    result = fit_mixed_model(SPEC.with_fixed("y ~ x * kind"), diary)
    table = simple_slopes(result, "x", "kind[T.b]")
    found = table["x at kind[T.b] = 1"].value
    assert found == pytest.approx(simple_slopes(RESULT, "x", "w")["x at w = 1"].value, rel=1e-6)


def test_robust_and_kenward_roger_slopes_carry_their_own_df():
    for options in ({"df_method": "kenward-roger"}, {"standard_errors": "cr2"}):
        result = RESULT.with_inference(**options)
        table = simple_slopes(result, "x", "w", at=(1,))
        expected = estimate_contrast(result, {"x": 1, "x:w": 1})
        assert table.rows[0].df == pytest.approx(expected.df)
        assert table.df_method == result.estimates.df_method


def test_values_outside_the_data_are_told():
    notes = " ".join(simple_slopes(RESULT, "x", "w", at=(0, 5)).notes)
    assert "5 lies outside" in notes


@pytest.mark.parametrize("at", [(), (np.nan,), (1, 1)])
def test_values_that_cannot_be_are_refused(at):
    with pytest.raises(SpecError, match="different finite values"):
        simple_slopes(RESULT, "x", "w", at=at)


def test_without_the_interaction_there_are_no_simple_slopes():
    with pytest.raises(SpecError, match="no term is their product"):
        simple_slopes(fit_mixed_model(SPEC.with_fixed("y ~ x + w"), DIARY), "x", "w")
    with pytest.raises(SpecError, match="Did you mean x:w"):
        simple_slopes(RESULT, "x", "W")
    with pytest.raises(SpecError, match="must differ"):
        simple_slopes(RESULT, "x", "x")


def test_a_curved_predictor_or_moderator_is_refused_with_the_reason():
    curved = fit_mixed_model(SPEC.with_fixed("y ~ x * z + I(x**2)"), DIARY)
    with pytest.raises(SpecError, match="must not depend on 'x' itself"):
        simple_slopes(curved, "x", "z")
    curved = fit_mixed_model(SPEC.with_fixed("y ~ x * z + x:I(z**2)"), DIARY)
    with pytest.raises(SpecError, match="straight line over 'z'"):
        simple_slopes(curved, "x", "z")
    # A curve in the moderator alone leaves the predictor's slope straight.
    fine = fit_mixed_model(SPEC.with_fixed("y ~ x * z + I(z**2)"), DIARY)
    assert len(simple_slopes(fine, "x", "z")) == 4


def test_a_moderator_without_main_effect_is_refused_where_its_values_are_unknown():
    diary = DIARY.assign(x=DIARY["x"] * DIARY["w"])
    result = fit_mixed_model(SPEC.with_fixed("y ~ x + x:z"), diary)
    with pytest.raises(SpecError, match="no main effect"):
        simple_slopes(result, "x", "z")


def test_a_failed_fit_has_no_simple_slopes():
    failed = fit_mixed_model(SPEC, DIARY.assign(y=2 * DIARY["x"]))
    with pytest.raises(FitError, match="no simple slopes"):
        simple_slopes(failed, "x", "w")
