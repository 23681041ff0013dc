"""From data to arrays: what is refused, what is dropped and counted, how units are named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from diaries import simulated_diary

from intimacy_analysis import DataError, MixedModelSpec, SpecError, fit_mixed_model
from intimacy_analysis.mixed.design import build_design
from intimacy_analysis.study.codebook import Codebook, Variable, one_of
from intimacy_analysis.study.diary import DiaryFrame

SPEC = MixedModelSpec(fixed="y ~ x * w", random="1 + x", group="person")


def diary_frame() -> DiaryFrame:
    return DiaryFrame(
        rows=simulated_diary(),
        codebook=Codebook(
            (
                Variable(name="person", role="person", level="person"),
                Variable(name="day", role="day"),
                Variable(name="x", unit="hours"),
                Variable(name="w"),
                Variable(name="y", unit="points"),
            )
        ),
    )


def test_units_are_built_from_the_codebooks_two_units():
    units = build_design(SPEC, diary_frame()).units
    assert units["Intercept"] == "y points"
    assert units["x"] == "y points per hour"
    assert units["w"] == "y points"
    assert units["x:w"] == "y points per hour"


@pytest.mark.parametrize(
    ("unit", "one"),
    [
        ("hours", "hour"),
        ("points of stress", "point of stress"),
        ("conflict days", "conflict day"),
        ("SDs within persons", "SD within persons"),
        ("stress", "stress"),
    ],
)
def test_one_of_a_unit_drops_the_plural_of_its_noun(unit, one):
    assert one_of(unit) == one


def test_without_a_codebook_units_name_the_columns():
    assert build_design(SPEC, simulated_diary()).units["x:w"] == "y per x per w"


def test_a_diary_brings_its_own_day_column():
    spec = MixedModelSpec(fixed="y ~ x", random="1", group="person", residuals="ar1")
    assert build_design(spec, diary_frame()).times is not None
    with pytest.raises(SpecError, match="time="):
        build_design(spec, simulated_diary())


def test_incomplete_rows_are_counted_by_column():
    rows = simulated_diary(share_missing=0)
    rows.loc[:2, "x"] = np.nan
    rows.loc[2:5, "y"] = np.nan
    result = fit_mixed_model(SPEC, rows)
    assert result.n_dropped == 6
    assert "x in 3, y in 4" in result.warnings[0] or "y in 4, x in 3" in result.warnings[0]


def broken(**columns) -> pd.DataFrame:
    return simulated_diary(share_missing=0).assign(**columns)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (broken().rename(columns={"x": "xs"}), r"no column 'x'.*Did you mean xs"),
        (broken(y=np.nan), "all 200 rows are missing"),
        (broken(y=3.0), "must vary"),
        (broken(w=1.0), r"'w' has one value"),
        (broken(x=np.inf), "must be finite"),
        (broken(x="much"), "fixed term must vary|must hold numbers|one value"),
        (broken(x=[f"{k},5" for k in range(200)]), "must hold numbers"),
        (broken(y=["a", "b"] * 100), "one column of numbers"),
        (broken(x=pd.Timestamp("2020-01-01")), "holds dates"),
        (broken(person=1), "at least two groups"),
        (broken(person=np.arange(200)), "two rows"),
        (broken().iloc[:0], "no row|must hold values"),
        (broken(w=lambda d: 2 * d.x - 1), r"'w' is an exact combination of 'x'"),
    ],
)
def test_data_that_cannot_answer_are_refused_with_the_reason(rows, message):
    with pytest.raises(DataError, match=message):
        fit_mixed_model(SPEC, rows)


def test_more_effects_than_rows_are_refused():
    rows = simulated_diary(n_days=2, share_missing=0)
    with pytest.raises(DataError, match="more rows than effects"):
        fit_mixed_model(MixedModelSpec(fixed="y ~ x", random="1 + x", group="person"), rows)


@pytest.mark.parametrize("random", ["1 + x + x2", ("1", "0 + x + x2"), "1 + one"])
def test_a_random_term_that_adds_nothing_is_refused(random):
    rows = simulated_diary().assign(x2=lambda d: 2 * d.x, one=1.0)
    rows.loc[:, "one"] = 3.0
    with pytest.raises(DataError, match=r"exact combination of .*'(x|Intercept)'|one value"):
        fit_mixed_model(MixedModelSpec(fixed="y ~ x", random=random, group="person"), rows)


@pytest.mark.parametrize("random", [("1 + x", "0 + x2"), ("1", "1"), ("1 + x", "1 + w")])
def test_blocks_that_hold_one_variance_twice_are_refused(random):
    rows = simulated_diary().assign(x2=lambda d: 2 * d.x)
    with pytest.raises(DataError, match="cannot tell the variances"):
        fit_mixed_model(MixedModelSpec(fixed="y ~ x", random=random, group="person"), rows)


def test_independent_blocks_may_add_up_to_the_intercept():
    # Own variances of weekdays and weekends beside a shared level: another model, not a double.
    rows = simulated_diary().assign(weekday=lambda d: 1 - d.w)
    random = ("1", "0 + weekday", "0 + w")
    result = fit_mixed_model(MixedModelSpec(fixed="y ~ x", random=random, group="person"), rows)
    assert result.state in ("ok", "singular")


def test_a_predictor_far_from_zero_may_vary_between_groups():
    rows = simulated_diary().assign(x=lambda d: d.x + 1e6)
    result = fit_mixed_model(MixedModelSpec(fixed="y ~ x", random="1 + x", group="person"), rows)
    assert result.state == "ok"


def test_dates_count_as_days_and_other_text_is_refused_as_times():
    spec = MixedModelSpec(fixed="y ~ x", random="1", group="person", residuals="ar1", time="day")
    rows = simulated_diary(autocorrelation=0.4)
    dates = pd.Timestamp("2015-08-31") + pd.to_timedelta(rows.day, unit="D")
    by_date = fit_mixed_model(spec, rows.assign(day=dates))
    assert by_date.log_likelihood == fit_mixed_model(spec, rows).log_likelihood
    with pytest.raises(DataError, match=r"numbers or dates.*load_study"):
        fit_mixed_model(spec, rows.assign(day=dates.astype(str)))


def test_a_column_that_stands_twice_is_refused():
    rows = simulated_diary()
    rows = pd.concat([rows, rows[["x"]]], axis=1)
    with pytest.raises(DataError, match="more than once"):
        fit_mixed_model(SPEC, rows)


def test_text_categories_become_contrasts_and_unused_levels_are_left_out():
    rows = simulated_diary()
    rows["season"] = pd.Categorical(
        np.where(rows.day < 4, "spring", "summer"), categories=["spring", "summer", "winter"]
    )
    result = fit_mixed_model(MixedModelSpec(fixed="y ~ season", random="1", group="person"), rows)
    assert result.estimates.names == ("Intercept", "season[T.summer]")


def test_truth_values_count_as_zero_and_one():
    rows = simulated_diary()
    boolean = fit_mixed_model(SPEC, rows.assign(w=rows.w == 1))
    assert boolean.estimates.to_frame().equals(fit_mixed_model(SPEC, rows).estimates.to_frame())


def test_the_users_frame_is_left_alone():
    rows = simulated_diary()
    before = rows.copy(deep=True)
    fit_mixed_model(SPEC, rows)
    pd.testing.assert_frame_equal(rows, before)
