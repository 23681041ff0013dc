"""Johnson-Neyman: the textbook quadratic where df are constant, interval ends elsewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from diaries import simulated_diary
from scipy import stats

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.mixed.contrasts import estimate_contrast
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.johnson_neyman import johnson_neyman
from intimacy_analysis.mixed.spec import MixedModelSpec

RNG = np.random.default_rng(8)
DIARY = simulated_diary(seed=5)
DIARY = DIARY.assign(
    z=RNG.normal(3, 2, len(DIARY)),
    trait=DIARY["person"].map(dict(enumerate(np.linspace(-2, 2, 25)))),
)
DIARY = DIARY.assign(y=DIARY["y"] + 0.4 * DIARY["x"] * DIARY["trait"] - 0.5 * DIARY["x"])
LEAST_SQUARES = MixedModelSpec(fixed="y ~ x * trait", random="0", group="person")
MIXED = LEAST_SQUARES.with_random("1 + x")
RESULT = fit_mixed_model(MIXED, DIARY)


def textbook_boundaries(b1, b3, v11, v13, v33, t) -> list[float]:
    """Roots of (b3^2 - t^2 V33) w^2 + 2 (b1 b3 - t^2 V13) w + b1^2 - t^2 V11."""
    roots = np.roots([b3**2 - t**2 * v33, 2 * (b1 * b3 - t**2 * v13), b1**2 - t**2 * v11])
    return sorted(float(root.real) for root in roots if abs(root.imag) < 1e-12)


def of_statsmodels(confidence: float) -> list[float]:
    fit = smf.ols("y ~ x * trait", DIARY).fit()
    V = fit.cov_params()
    return textbook_boundaries(
        fit.params["x"], fit.params["x:trait"], V.loc["x", "x"], V.loc["x", "x:trait"],
        V.loc["x:trait", "x:trait"], stats.t.ppf(0.5 + confidence / 2, fit.df_resid),
    )  # fmt: skip


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_with_constant_df_the_boundaries_are_the_quadratics(confidence):
    result = fit_mixed_model(LEAST_SQUARES, DIARY).with_inference(confidence=confidence)
    found = johnson_neyman(result, "x", "trait")
    expected = [root for root in of_statsmodels(confidence) if -6 < root < 6]
    assert len(expected) == 2
    np.testing.assert_allclose(found.boundaries, expected, rtol=1e-8)


@pytest.mark.parametrize("df_method", ["satterthwaite", "kenward-roger"])
def test_at_a_boundary_an_end_of_the_slopes_own_interval_is_zero(df_method):
    result = RESULT.with_inference(df_method=df_method)
    found = johnson_neyman(result, "x", "trait")
    assert len(found.boundaries) == 2
    for value in found.boundaries:
        slope = estimate_contrast(result, {"x": 1, "x:trait": value})
        assert min(abs(slope.low), abs(slope.high)) < 1e-8 * slope.std_error
        assert slope.p_value == pytest.approx(0.05, abs=1e-9)
    # The df differ along the moderator, so one critical t for all would miss.
    df = found.to_frame()["df"]
    assert df.max() > 1.05 * df.min()


def test_regions_part_the_observed_range_and_say_what_their_intervals_say():
    found = johnson_neyman(RESULT, "x", "trait")
    assert found.observed == (-2, 2)
    assert [region.low for region in found.regions][1:] == [r.high for r in found.regions][:-1]
    assert (found.regions[0].low, found.regions[-1].high) == found.observed
    inside = [b for b in found.boundaries if -2 < b < 2]
    assert len(found.regions) == len(inside) + 1
    for region in found.regions:
        middle = (region.low + region.high) / 2
        slope = estimate_contrast(RESULT, {"x": 1, "x:trait": middle})
        if region.sign == "above zero":
            assert slope.low > 0
        elif region.sign == "below zero":
            assert slope.high < 0
        else:
            assert slope.low < 0 < slope.high


def test_shares_of_rows_and_persons_are_counted():
    found = johnson_neyman(RESULT, "x", "trait")
    persons = DIARY.groupby("person")["trait"].first()
    for region in found.regions[:-1]:
        seen = DIARY["trait"].between(region.low, region.high, inclusive="left").mean()
        assert region.share_of_rows == pytest.approx(seen)
        own = persons.between(region.low, region.high, inclusive="left").mean()
        assert region.share_of_groups == pytest.approx(own)
    assert sum(region.share_of_rows for region in found.regions) == pytest.approx(1)
    assert sum(region.share_of_groups for region in found.regions) == pytest.approx(1)


def test_a_moderator_that_varies_from_day_to_day_has_no_share_of_persons():
    result = fit_mixed_model(MIXED.with_fixed("y ~ x * z"), DIARY)
    found = johnson_neyman(result, "x", "z")
    assert all(np.isnan(region.share_of_groups) for region in found.regions)
    assert "% of groups" not in str(found)


def test_the_interaction_is_always_carried():
    found = johnson_neyman(RESULT, "x", "trait")
    assert found.interaction == RESULT.estimates["x:trait"]
    assert "interaction tests" in found.notes[0]
    assert "Interaction x:trait" in str(found)


def test_boundaries_outside_the_data_are_kept_apart():
    narrow = DIARY[DIARY["trait"] > 0]
    result = fit_mixed_model(LEAST_SQUARES, narrow)
    found = johnson_neyman(result, "x", "trait")
    low, high = found.observed
    outside = [value for value in found.boundaries if not low <= value <= high]
    assert outside
    assert any("outside the observed range" in note for note in found.notes)
    assert all(low <= region.low < region.high <= high for region in found.regions)


def test_a_tiny_region_between_two_boundaries_is_found():
    # Choose the confidence a hair below that at which the slope's largest t is just not enough.
    result = fit_mixed_model(LEAST_SQUARES, DIARY)
    at = np.linspace(-6, 6, 4001)
    p = np.array([estimate_contrast(result, {"x": 1, "x:trait": w}).p_value for w in at[::40]])
    best = at[::40][int(np.argmin(p))]
    fine = np.linspace(best - 0.2, best + 0.2, 201)
    p = np.array([estimate_contrast(result, {"x": 1, "x:trait": w}).p_value for w in fine])
    confidence = 1 - p.min() * (1 + 1e-4)
    found = johnson_neyman(result.with_inference(confidence=confidence), "x", "trait")
    expected = [root for root in of_statsmodels(confidence) if -6 < root < 6]
    np.testing.assert_allclose(found.boundaries, expected, rtol=1e-5)


def test_the_false_discovery_rate_takes_the_level_of_benjamini_and_hochberg():
    found = johnson_neyman(RESULT, "x", "trait", false_discovery=True)
    values = np.unique(DIARY["trait"])
    p = np.sort([estimate_contrast(RESULT, {"x": 1, "x:trait": w}).p_value for w in values])
    adjusted = stats.false_discovery_control(p)
    rejected = int(np.sum(adjusted <= 0.05))
    assert 0 < rejected < len(values)
    curve = found.to_frame()
    # As many observed values lie in regions apart from zero as the rule rejects.
    at_values = [
        next(r.sign for r in found.regions if r.low <= w <= r.high) != "zero inside" for w in values
    ]
    assert sum(at_values) == rejected
    plain = johnson_neyman(RESULT, "x", "trait")
    assert found.confidence > plain.confidence == 0.95
    wider = curve["high"] - curve["low"]
    assert (wider > plain.to_frame()["high"] - plain.to_frame()["low"]).all()
    assert any("false-discovery" in note for note in found.notes)


def test_the_curve_has_the_columns_that_the_figure_draws():
    from intimacy_analysis.figures.johnson_neyman import draw_johnson_neyman, johnson_neyman_curve

    found = johnson_neyman(RESULT, "x", "trait")
    curve = found.to_frame()
    theirs = johnson_neyman_curve(
        RESULT, predictor="x", moderator="trait", over=(-2.0, 2.0), n_steps=len(curve)
    )
    pd.testing.assert_frame_equal(curve[theirs.columns], theirs, rtol=1e-9)
    axes = draw_johnson_neyman(curve, x_label="trait", y_label="slope of x")
    assert axes.get_xlabel() == "trait"
    curve["slope"] = 0.0
    assert found.to_frame()["slope"].abs().max() > 0


def test_regions_as_a_frame():
    frame = johnson_neyman(RESULT, "x", "trait").regions_frame()
    assert list(frame) == ["low", "high", "sign", "share_of_rows", "share_of_groups"]


def test_moving_the_moderator_moves_the_boundaries():
    moved = fit_mixed_model(MIXED, DIARY.assign(trait=DIARY["trait"] + 100))
    found, base = (johnson_neyman(r, "x", "trait") for r in (moved, RESULT))
    np.testing.assert_allclose(np.array(found.boundaries) - 100, base.boundaries, rtol=1e-6)


def test_two_values_have_slopes_but_no_regions():
    result = fit_mixed_model(MIXED.with_fixed("y ~ x * w"), DIARY)
    with pytest.raises(SpecError, match="three values or more"):
        johnson_neyman(result, "x", "w")


def test_what_has_no_interaction_or_a_curve_is_refused():
    with pytest.raises(SpecError, match="no term is their product"):
        johnson_neyman(RESULT, "x", "z")
    curved = fit_mixed_model(MIXED.with_fixed("y ~ x * trait + I(x**2)"), DIARY)
    with pytest.raises(SpecError, match="must not depend on 'x' itself"):
        johnson_neyman(curved, "x", "trait")
    failed = fit_mixed_model(MIXED, DIARY.assign(y=2 * DIARY["x"]))
    with pytest.raises(FitError, match="no Johnson-Neyman regions"):
        johnson_neyman(failed, "x", "trait")
