from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.calibration import CALIBRATION
from intimacy_analysis.simulation.shared_time import SharedTimeTruth, simulate_shared_time

# Nothing left to chance but hours, stress and missing days.
EXACT = SharedTimeTruth(
    intimacy_between_sd=0, residual_sd=1, weekday_slope_sd=0, weekend_slope_sd=0
)


def large(truth=None, **options):
    return simulate_shared_time(truth, n_persons=4000, n_days=28, seed=11, **options)


def test_columns_and_types_are_those_of_the_bundled_diary():
    rows = simulate_shared_time(seed=1)
    assert {name: str(kind) for name, kind in rows.dtypes.items()} == {
        "person": "str" if pd.__version__ >= "3" else "object",
        "day": "int64",
        "date": "str" if pd.__version__ >= "3" else "object",
        "weekend": "int64",
        "shared_hours": "float64",
        "stress": "float64",
        "intimacy": "float64",
    }


def test_the_diary_starts_on_a_monday_and_weekends_are_saturday_and_sunday():
    rows = simulate_shared_time(seed=1)
    dates = pd.to_datetime(rows["date"])
    assert rows.loc[rows["day"] == 0, "date"].eq("2015-08-31").all()
    assert (dates.dt.day_of_week.eq(rows["day"] % 7)).all()
    assert (rows["weekend"] == (dates.dt.day_of_week >= 5)).all()


def test_persons_and_days_are_sorted_and_no_day_stands_twice():
    rows = simulate_shared_time(seed=1)
    assert rows["person"].iloc[0] == "w001"
    assert rows["person"].nunique() == 92
    keys = rows[["person", "day"]]
    assert not keys.duplicated().any()
    pd.testing.assert_frame_equal(keys, keys.sort_values(["person", "day"]))


def test_the_same_seed_gives_the_same_diary_and_a_generator_of_it_too():
    first, again = simulate_shared_time(seed=5), simulate_shared_time(seed=5)
    by_rng = simulate_shared_time(rng=np.random.default_rng(5))
    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_frame_equal(first, by_rng)


def test_another_truth_meets_the_same_women_and_days():
    first = simulate_shared_time(seed=5)
    other = simulate_shared_time(SharedTimeTruth().with_no_effect(), seed=5)
    same = ["person", "day", "shared_hours", "stress"]
    pd.testing.assert_frame_equal(first[same], other[same])


def test_hours_stress_and_missing_days_are_as_calibrated():
    rows = large()
    assert len(rows) / (4000 * 28) == pytest.approx(0.9, abs=0.004)
    for weekend, mean, within in ((0, 4.5, 2.0), (1, 9.0, 3.5)):
        hours = rows.loc[rows["weekend"] == weekend]
        by_person = hours.groupby("person")["shared_hours"]
        # The floor at 0 lifts the mean and shortens the SD a little: at most 0.05.
        assert hours["shared_hours"].mean() == pytest.approx(mean, abs=0.06)
        pooled = np.sqrt(by_person.var().mean())
        assert pooled == pytest.approx(within, abs=0.06)
        noise = within**2 / by_person.count().mean()
        assert np.sqrt(by_person.mean().var() - noise) == pytest.approx(1.0, abs=0.06)
    assert rows["stress"].mean() == pytest.approx(4.0, abs=0.06)
    assert rows["shared_hours"].between(0, 24).all()
    assert rows["stress"].between(0, 10).all()


def test_without_noise_intimacy_is_the_stated_sum():
    truth = replace(
        EXACT, residual_sd=1e-12, stress_effect=-1.5e12, between_slope=0.3,
        stress_interaction=0.01, stress_between_slope=-0.2,
    )  # fmt: skip
    rows = simulate_shared_time(truth, n_persons=30, seed=2)
    by_person = rows.groupby("person")
    h = rows["shared_hours"] - rows.groupby(["person", "weekend"])["shared_hours"].transform("mean")
    s = rows["stress"] - by_person["stress"].transform("mean")
    H = by_person["shared_hours"].transform("mean") - by_person["shared_hours"].mean().mean()
    S = by_person["stress"].transform("mean") - by_person["stress"].mean().mean()
    w = rows["weekend"]
    # The stress slope: -1.5e12 residual SDs of 1e-12 per SD of 1.5 is -1 point a point.
    expected = 4.8 + (0.08 - 0.06 * w) * h + 0.15 * w + 0.3 * H - s + 0.01 * h * s - 0.2 * S
    np.testing.assert_allclose(rows["intimacy"], expected, atol=1e-9)


def test_centered_on_expected_hours_compares_with_the_long_run_mean():
    truth = replace(EXACT, residual_sd=1e-12, stress_effect=0.0, hours_between_sd=0.0)
    rows = simulate_shared_time(truth, n_persons=5, seed=2, centered_on="expected")
    w = rows["weekend"]
    h = rows["shared_hours"] - np.where(w == 1, 9.0, 4.5)
    np.testing.assert_allclose(rows["intimacy"], 4.8 + (0.08 - 0.06 * w) * h + 0.15 * w, atol=1e-9)


def test_women_differ_by_the_stated_sds_and_correlations():
    truth = SharedTimeTruth(
        residual_sd=1e-9, stress_effect=0.0, intercept_weekday_slope_correlation=0.4,
        intercept_weekend_slope_correlation=-0.3, slope_correlation=0.5,
    )  # fmt: skip
    rows = large(truth)
    h = rows["shared_hours"] - rows.groupby(["person", "weekend"])["shared_hours"].transform("mean")
    moved = (rows["intimacy"] * h).groupby([rows["person"], rows["weekend"]]).sum()
    slopes = (moved / (h**2).groupby([rows["person"], rows["weekend"]]).sum()).unstack()
    level = rows[rows["weekend"] == 0].groupby("person")["intimacy"].mean()
    assert slopes[0].mean() == pytest.approx(0.08, abs=3 * 0.10 / 4000**0.5)
    assert slopes[1].mean() == pytest.approx(0.02, abs=3 * 0.06 / 4000**0.5)
    assert slopes[0].std() == pytest.approx(0.10, rel=0.04)
    assert slopes[1].std() == pytest.approx(0.06, rel=0.04)
    assert level.std() == pytest.approx(0.80, rel=0.04)
    assert slopes[0].corr(slopes[1]) == pytest.approx(0.5, abs=0.04)
    assert level.corr(slopes[0]) == pytest.approx(0.4, abs=0.05)
    assert level.corr(slopes[1]) == pytest.approx(-0.3, abs=0.05)


def test_matched_women_have_exactly_the_stated_mean_and_sd():
    truth = replace(SharedTimeTruth().with_no_effect(), residual_sd=0.0)
    levels = {
        matched: simulate_shared_time(truth, seed=3, matched=matched)
        .groupby("person")["intimacy"]
        .first()
        for matched in (True, False)
    }
    assert levels[True].mean() == pytest.approx(truth.intimacy_mean, abs=1e-12)
    assert levels[True].std() == pytest.approx(truth.intimacy_between_sd, abs=1e-12)
    assert abs(levels[False].mean() - truth.intimacy_mean) > 1e-3


def test_bounded_answers_end_at_the_scale_and_are_rounded():
    free, bounded = simulate_shared_time(seed=1), simulate_shared_time(seed=1, bounded=True)
    assert free["intimacy"].max() > 7
    np.testing.assert_array_equal(bounded["intimacy"], np.round(free["intimacy"].clip(1, 7), 2))


def test_truth_has_the_names_of_the_analysis_and_differences_follow():
    terms = SharedTimeTruth().terms
    assert terms["shared_hours_within"] == 0.08
    assert terms["shared_hours_within:weekend"] == -0.06
    # -0.25 * 0.75 / 1.5
    assert terms["stress_within"] == -0.125
    # 0.1**2 + 0.06**2 - 2 * 0.5 * 0.1 * 0.06 = 0.0076
    assert terms["SD shared_hours_within:weekend"] == pytest.approx(0.0076**0.5, rel=1e-9)
    # (0.5 * 0.06 - 0.1) / 0.0076**0.5
    name = "correlation shared_hours_within, shared_hours_within:weekend"
    assert terms[name] == pytest.approx(-0.07 / 0.0076**0.5, rel=1e-9)


def test_no_effect_is_zero_for_every_woman():
    terms = SharedTimeTruth().with_no_effect().terms
    left = {name for name, value in terms.items() if value != 0}
    assert left == {"Intercept", "SD Intercept", "SD residual"}
    assert not any(name.startswith("correlation") for name in terms)


def test_no_weekend_difference_leaves_the_differences_between_women():
    before, after = SharedTimeTruth(), SharedTimeTruth().with_no_weekend_difference()
    assert after.terms["shared_hours_within:weekend"] == 0
    assert after.weekend_difference_sd == before.weekend_difference_sd


def test_another_icc_keeps_total_variance_and_slopes():
    other = SharedTimeTruth().with_icc(0.2)
    total = 0.80**2 + 0.75**2
    assert other.icc == pytest.approx(0.2)
    assert other.intimacy_between_sd**2 + other.residual_sd**2 == pytest.approx(total)
    assert other.stress_slope == pytest.approx(-0.125)


def test_every_parameter_of_the_truth_has_a_calibration_row_with_label_and_reason():
    rows = {row.name: row for row in CALIBRATION}
    truth = SharedTimeTruth()
    assert set(rows) == {field.name for field in fields(truth)} | {"n_persons", "n_days"}
    for field in fields(truth):
        assert getattr(truth, field.name) == rows[field.name].value
    assert all(row.label.startswith("[") and row.reason and row.unit for row in CALIBRATION)


def test_only_sample_sizes_are_taken_from_the_paper():
    known = {row.name for row in CALIBRATION if row.label != "[assumption]"}
    assert known == {"n_persons", "n_days"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"residual_sd": -1.0}, "residual_sd is a standard deviation"),
        ({"share_missing": 1.0}, "share_missing must lie in 0 to 1"),
        ({"weekday_slope": float("nan")}, "weekday_slope must be a finite number"),
        ({"stress_within_sd": 0.0}, "must vary from day to day"),
        (
            {"slope_correlation": -0.9, "intercept_weekday_slope_correlation": 0.9,
             "intercept_weekend_slope_correlation": 0.9},
            "cannot be together",
        ),
    ],
)  # fmt: skip
def test_a_truth_that_cannot_be_is_refused(change, message):
    with pytest.raises(SpecError, match=message):
        SharedTimeTruth(**change)


@pytest.mark.parametrize(
    "chance", [{}, {"seed": 1, "rng": np.random.default_rng(1)}], ids=["neither", "both"]
)
def test_one_source_of_chance_is_needed(chance):
    with pytest.raises(SpecError, match="one source of chance"):
        simulate_shared_time(**chance)


@pytest.mark.parametrize("size", [{"n_persons": 0}, {"n_days": 0}])
def test_a_diary_needs_persons_and_days(size):
    with pytest.raises(SpecError, match="needs persons and days"):
        simulate_shared_time(seed=1, **size)


def test_one_woman_on_one_day_is_a_diary():
    rows = simulate_shared_time(
        SharedTimeTruth().with_share_missing(0.0), n_persons=1, n_days=1, seed=1
    )
    assert len(rows) == 1
    assert np.isfinite(rows["intimacy"]).all()
