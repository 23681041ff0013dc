from __future__ import annotations

import numpy as np
import pytest

from intimacy_analysis.claims.diary_model import build_diary_model
from intimacy_analysis.errors import DataError
from tests.claims.studies import VARIABLES, shared_time_study, study_of, with_variable


def model_of(study, **options):
    return build_diary_model(study.frame, **options)


def test_all_roles_give_the_whole_model():
    model = model_of(shared_time_study())
    assert model.spec.fixed == (
        "intimacy ~ shared_hours_within + weekend + shared_hours_within:weekend + "
        "shared_hours_between + stress_within + shared_hours_within:stress_within + stress_between"
    )
    assert model.spec.random == "1 + shared_hours_within + shared_hours_within:weekend"
    assert model.spec.group == "person"
    assert model.absent == {}


def test_without_weekend_and_stress_the_model_is_the_plain_one():
    model = model_of(shared_time_study(without=("weekend", "stress")))
    assert model.spec.fixed == "intimacy ~ shared_hours_within + shared_hours_between"
    assert model.spec.random == "1 + shared_hours_within"
    assert set(model.absent) == {"weekend", "stress"}
    assert model.days == "all days"


def test_hours_are_centered_on_the_persons_own_weekdays_and_weekends():
    model = model_of(shared_time_study())
    means = model.diary.rows.groupby(["person", "weekend"])["shared_hours_within"].mean()
    np.testing.assert_allclose(means, 0, atol=1e-12)


def test_one_mean_a_person_can_be_asked_for():
    model = model_of(shared_time_study(), center_by_weekend=False)
    rows = model.diary.rows
    np.testing.assert_allclose(rows.groupby("person")["shared_hours_within"].mean(), 0, atol=1e-12)
    assert abs(rows.groupby("weekend")["shared_hours_within"].mean().loc[1]) > 1


def test_the_given_diary_is_left_alone():
    study = shared_time_study()
    before = study.frame.rows.copy()
    model_of(study)
    assert study.frame.rows.equals(before)
    assert study.frame.lineage == ()


def test_every_derived_column_has_a_lineage():
    model = model_of(shared_time_study())
    assert {step.column for step in model.diary.lineage} == {
        "shared_hours_within",
        "shared_hours_between",
        "stress_within",
        "stress_between",
    }


def test_covariates_enter_as_they_are():
    study = with_variable(shared_time_study(), "stress", role="covariate")
    assert model_of(study).spec.fixed.endswith("+ shared_hours_between + stress")


def test_a_name_that_is_no_identifier_is_quoted():
    rows = shared_time_study().frame.rows.rename(columns={"shared_hours": "hours, together?"})
    variables = {
        **VARIABLES,
        "hours, together?": VARIABLES["shared_hours"].__class__(
            name="hours, together?", unit="hours", role="predictor"
        ),
    }
    model = model_of(study_of(rows, variables=variables))
    assert "`hours, together?_within`" in model.spec.fixed


@pytest.mark.parametrize("role", ["outcome", "predictor"])
def test_a_missing_role_is_named_with_its_remedy(role):
    name = {"outcome": "intimacy", "predictor": "shared_hours"}[role]
    study = with_variable(shared_time_study(), name, role="none")
    with pytest.raises(DataError, match=f"role '{role}'.*Write role = \"{role}\""):
        model_of(study)


@pytest.mark.parametrize("name", ["intimacy", "shared_hours"])
def test_a_column_without_values_is_named(name):
    rows = shared_time_study().frame.rows.assign(**{name: np.nan})
    with pytest.raises(DataError, match=f"'{name}' must hold values, but all .* are missing"):
        model_of(study_of(rows))


@pytest.mark.parametrize("name", ["intimacy", "shared_hours"])
def test_a_constant_column_is_named(name):
    rows = shared_time_study().frame.rows.assign(**{name: 3.0})
    with pytest.raises(DataError, match=f"'{name}' must vary"):
        model_of(study_of(rows))


def test_a_predictor_of_persons_cannot_test_a_claim_about_days():
    rows = shared_time_study().frame.rows
    rows = rows.assign(shared_hours=rows.groupby("person")["shared_hours"].transform("mean"))
    with pytest.raises(DataError, match="must vary from day to day within persons"):
        model_of(study_of(rows))


def test_text_in_the_outcome_is_an_error_that_names_the_row():
    rows = shared_time_study().frame.rows
    rows = rows.assign(intimacy=["close", *rows["intimacy"].astype(str)[1:]])
    with pytest.raises(DataError, match=r"'intimacy' must hold numbers.*the first is row 0"):
        model_of(study_of(rows))


def test_one_day_for_everyone_is_an_error():
    rows = shared_time_study().frame.rows.groupby("person").head(1)
    rows = rows.assign(person=[f"p{k % 40}" for k in range(len(rows))])
    rows["intimacy"] = rows["intimacy"].where(~rows["person"].duplicated())
    with pytest.raises(DataError, match="at least one person must have two days"):
        model_of(study_of(rows))


def test_a_weekend_column_with_other_values_is_an_error():
    rows = shared_time_study().frame.rows
    with pytest.raises(DataError, match=r"must hold 0 \(weekday\) or 1 \(weekend\)"):
        model_of(study_of(rows.assign(weekend=rows["weekend"] + 1)))


@pytest.mark.parametrize(("value", "days"), [(0, "weekdays"), (1, "weekends")])
def test_one_kind_of_day_only_is_said(value, days):
    rows = shared_time_study().frame.rows
    model = model_of(study_of(rows[rows["weekend"] == value]))
    assert model.weekend is None
    assert model.days == days
    assert "cannot be compared" in model.absent["weekend"]


def test_stress_that_never_changes_is_left_out_with_the_reason():
    rows = shared_time_study().frame.rows.assign(stress=2.0)
    model = model_of(study_of(rows))
    assert "stress" not in model.spec.fixed
    assert "does not vary from day to day" in model.absent["stress"]
