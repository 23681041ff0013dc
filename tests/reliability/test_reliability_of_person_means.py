from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from answer_references import answers_of, expected_of

from intimacy_analysis.errors import SpecError
from intimacy_analysis.mixed.explained import explained_variance
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.reliability.person_means import person_mean_reliability


@pytest.fixture(scope="module")
def affect(reference_folder) -> pd.DataFrame:
    return answers_of(reference_folder, "amib_daily")


def test_each_person_has_the_share_of_their_own_number_of_days(affect, reference_folder):
    # lme4's variances of negaff ~ 1 + (1 | id).
    between, within = (
        row["vcov"] for row in expected_of(reference_folder, "amib")["null_reml"]["varcorr"]
    )
    held = person_mean_reliability(affect, "negaff", person="id")
    n = affect.dropna(subset="negaff").groupby("id").size()
    expected = between / (between + within / n)
    found = held.persons.set_index("person")["reliability"]
    assert found.to_numpy() == pytest.approx(expected.loc[found.index].to_numpy(), abs=1e-6)
    assert held.estimates["smallest"].value == pytest.approx(expected.min(), abs=1e-6)
    harmonic = between / (between + within * np.mean(1 / n))
    assert held.estimates["harmonic"].value == pytest.approx(harmonic, abs=1e-6)


def test_likeness_of_neighboring_days_is_summed_exactly_gaps_as_they_are(affect):
    held = person_mean_reliability(affect, "negaff", person="id", day="day", serial=True)
    assert 0.2 < held.autocorrelation < 0.4
    rows = affect.dropna(subset="negaff")
    for row in held.persons.iloc[[0, 50, 100]].itertuples():
        days = rows.loc[rows["id"] == row.person, "day"].to_numpy()
        r = held.autocorrelation ** np.abs(days[:, None] - days)
        error = held.within * r.sum() / len(days) ** 2
        assert row.reliability == pytest.approx(held.between / (held.between + error))
    # The simple form of a long series, s2 (1 + phi) / (1 - phi) / n, is too large at a few days.
    n, phi = 8, held.autocorrelation
    exact = (n + 2 * sum((n - k) * phi**k for k in range(1, n))) / n**2
    assert exact < (1 + phi) / (1 - phi) / n
    plain = person_mean_reliability(affect, "negaff", person="id")
    assert held.estimates["mean over persons"].value < plain.estimates["mean over persons"].value


def test_the_mean_is_that_of_the_mixed_models_summary(affect):
    fit = fit_mixed_model(
        MixedModelSpec(fixed="negaff ~ stress", random="1", group="id"),
        affect.dropna(subset=["negaff", "stress"]),
    )
    held = person_mean_reliability(
        affect.dropna(subset=["negaff", "stress"]), "negaff", person="id"
    )
    summary = explained_variance(fit)
    assert held.estimates["mean over persons"].value == pytest.approx(
        summary["reliability of means"].value, abs=1e-6
    )


def test_an_absent_column_is_refused(affect):
    with pytest.raises(SpecError, match="no column 'closeness'"):
        person_mean_reliability(affect, "closeness", person="id")
    with pytest.raises(SpecError, match="no column 'person'"):
        person_mean_reliability(affect, "negaff")
