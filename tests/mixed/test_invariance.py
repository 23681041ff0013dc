"""What must not change the answer: units, origins, row order, ids, dtypes, idle rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from diaries import simulated_diary
from hypothesis import given, settings
from hypothesis import strategies as st

from intimacy_analysis import MixedModelSpec, fit_mixed_model

SPEC = MixedModelSpec(fixed="y ~ x * w", random="1 + x", group="person")
SERIAL = MixedModelSpec(
    fixed="y ~ x * w", random="1 + x", group="person", residuals="ar1", time="day"
)
DIARY = simulated_diary(seed=11)
BASE = {spec: fit_mixed_model(spec, DIARY) for spec in (SPEC, SERIAL)}
EXAMPLES = settings(max_examples=200, deadline=None)


def same_answer(result, base, *, tolerance: float, terms=("x", "x:w")):
    assert result.state == base.state
    for term in terms:
        new, old = result.estimates[term], base.estimates[term]
        assert abs(new.value - old.value) <= tolerance * old.std_error
        assert new.std_error == pytest.approx(old.std_error, rel=tolerance)
        assert new.df == pytest.approx(old.df, rel=max(10 * tolerance, 1e-8))


@pytest.mark.parametrize("spec", [SPEC, SERIAL], ids=["independent", "ar1"])
@given(seed=st.integers(0, 2**32 - 1))
@EXAMPLES
def test_row_order_changes_nothing(spec, seed):
    shuffled = DIARY.sample(frac=1, random_state=np.random.default_rng(seed))
    same_answer(fit_mixed_model(spec, shuffled), BASE[spec], tolerance=1e-10)


@given(kind=st.sampled_from(["text", "category", "float", "Int64", "negative", "bytes"]))
@EXAMPLES
def test_the_type_of_the_ids_changes_nothing(kind):
    ids = {
        "text": DIARY.person.map("p{:03d}".format),
        "category": DIARY.person.astype("category"),
        "float": DIARY.person + 0.5,
        "Int64": DIARY.person.astype("Int64"),
        "negative": -DIARY.person,
        "bytes": DIARY.person.map(lambda code: f"ü{code}".encode()),
    }[kind]
    same_answer(fit_mixed_model(SPEC, DIARY.assign(person=ids)), BASE[SPEC], tolerance=1e-10)


@pytest.mark.parametrize("spec", [SPEC, SERIAL], ids=["independent", "ar1"])
@given(shift=st.floats(-1e6, 1e6))
@EXAMPLES
def test_adding_a_constant_to_a_predictor_changes_no_slope(spec, shift):
    # With x in a product the slope of w is at x = 0, which moves; x and x:w do not.
    moved = fit_mixed_model(spec, DIARY.assign(x=DIARY.x + shift))
    same_answer(moved, BASE[spec], tolerance=1e-7)
    assert moved.log_likelihood == pytest.approx(BASE[spec].log_likelihood, abs=1e-7)


@given(exponent=st.floats(-6, 6), sign=st.sampled_from([-1, 1]))
@EXAMPLES
def test_rescaling_a_predictor_rescales_its_slope(exponent, sign):
    factor = sign * 10.0**exponent
    result = fit_mixed_model(SPEC, DIARY.assign(x=DIARY.x * factor))
    for term in ("x", "x:w"):
        new, old = result.estimates[term], BASE[SPEC].estimates[term]
        assert new.value * factor == pytest.approx(old.value, rel=1e-8)
        assert new.p_value == pytest.approx(old.p_value, rel=1e-7)
    # REML's log|X'V^-1X| moves by 2 log|factor| a column that holds x: half of it a column.
    expected = BASE[SPEC].log_likelihood - 2 * np.log(abs(factor))
    assert result.log_likelihood == pytest.approx(expected, abs=1e-7)


@given(shift=st.floats(-1e4, 1e4), exponent=st.floats(-4, 4))
@EXAMPLES
def test_shifting_and_rescaling_the_outcome_does_just_that(shift, exponent):
    factor = 10.0**exponent
    result = fit_mixed_model(SPEC, DIARY.assign(y=shift * factor + factor * DIARY.y))
    base = BASE[SPEC]
    for term in ("x", "w", "x:w"):
        assert result.estimates[term].value / factor == pytest.approx(
            base.estimates[term].value, rel=1e-7
        )
    assert result.estimates["Intercept"].value / factor == pytest.approx(
        base.estimates["Intercept"].value + shift, rel=1e-7, abs=1e-7
    )
    for name in base.covariance_parameters.names:
        power = {"SD": 1, "variance": 2}.get(name.split()[0], 0)
        assert result.covariance_parameters[name].value / factor**power == pytest.approx(
            base.covariance_parameters[name].value, rel=1e-6
        )


@given(n_idle=st.integers(1, 30))
@EXAMPLES
def test_a_person_without_an_answer_changes_nothing(n_idle):
    idle = pd.DataFrame({"person": 999, "day": np.arange(n_idle), "x": 1.0, "w": 0.0, "y": np.nan})
    result = fit_mixed_model(SPEC, pd.concat([DIARY, idle], ignore_index=True))
    same_answer(result, BASE[SPEC], tolerance=1e-10)
    assert (result.n_rows, result.n_dropped) == (len(DIARY), n_idle)


@pytest.mark.parametrize("spec", [SPEC, SERIAL], ids=["independent", "ar1"])
def test_explicit_empty_rows_equal_missing_rows(spec):
    everyone = pd.MultiIndex.from_product([DIARY.person.unique(), range(8)])
    full = DIARY.set_index(["person", "day"]).reindex(everyone)
    full = full.rename_axis(["person", "day"]).reset_index()
    assert len(full) > len(DIARY)
    same_answer(fit_mixed_model(spec, full), BASE[spec], tolerance=1e-10)


@pytest.mark.parametrize("dtype", ["Float64", "float32", "double[pyarrow]", "object"])
def test_the_dtype_of_numbers_changes_nothing(dtype):
    rounded = DIARY.assign(x=DIARY.x.astype("float32").astype(float))
    base = fit_mixed_model(SPEC, rounded)
    same_answer(fit_mixed_model(SPEC, rounded.astype({"x": dtype})), base, tolerance=1e-10)


def test_column_names_may_be_any_text():
    odd = DIARY.rename(columns={"x": "shared hours (1st)", "w": "week-end?"})
    spec = MixedModelSpec(
        fixed="y ~ `shared hours (1st)` * `week-end?`",
        random="1 + `shared hours (1st)`",
        group="person",
    )
    result = fit_mixed_model(spec, odd)
    assert result.estimates["shared hours (1st)"].value == BASE[SPEC].estimates["x"].value


def test_splitting_into_person_mean_and_deviation_adds_up_to_the_raw_slope():
    mean = DIARY.groupby("person").x.transform("mean")
    split = DIARY.assign(within=DIARY.x - mean, between=mean)
    raw = fit_mixed_model(
        MixedModelSpec(fixed="y ~ x + between", random="1", group="person"), split
    )
    parts = fit_mixed_model(
        MixedModelSpec(fixed="y ~ within + between", random="1", group="person"), split
    )
    assert parts.estimates["within"].value == pytest.approx(raw.estimates["x"].value, rel=1e-10)
    contextual = raw.estimates["x"].value + raw.estimates["between"].value
    assert parts.estimates["between"].value == pytest.approx(contextual, rel=1e-10)
    assert parts.log_likelihood == pytest.approx(raw.log_likelihood, abs=1e-9)


def test_negative_and_positive_coding_of_a_dichotomy_give_one_test():
    recoded = fit_mixed_model(SPEC, DIARY.assign(w=1 - DIARY.w)).estimates["x:w"]
    base = BASE[SPEC].estimates["x:w"]
    assert recoded.value == pytest.approx(-base.value, rel=1e-9)
    assert recoded.p_value == pytest.approx(base.p_value, rel=1e-8)
