"""Persons with the stated moderated slopes, of scores as they are answered."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.simulation.deprivation_bundled import (
    BUNDLED_DEPRIVATION,
    write_bundled_deprivation,
)
from intimacy_analysis.simulation.deprivation_survey import simulate_deprivation
from intimacy_analysis.simulation.deprivation_truth import (
    DEPRIVATION,
    OUTCOMES,
    UNCERTAINTY,
    DeprivationTruth,
    weaker_deprivation,
)

FOLDER = Path(__file__).resolve().parents[2] / "data" / "synthetic"
MANY = 300_000


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    drawn = simulate_deprivation(n_persons=MANY, seed=11, gaps=False)
    return drawn.assign(
        D=drawn[[item.name for item in DEPRIVATION.items]].mean(axis=1),
        U=drawn[[item.name for item in UNCERTAINTY.items]].mean(axis=1),
    )


def test_the_bundled_files_are_written_byte_for_byte(tmp_path):
    for path in write_bundled_deprivation(tmp_path):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes()


@pytest.mark.parametrize("bundled", BUNDLED_DEPRIVATION, ids=lambda study: study.name)
def test_a_bundled_study_loads_with_its_truth(bundled):
    study = load_study(bundled.name)
    assert study.truth == {name: round(value, 4) for name, value in bundled.truth.terms.items()}
    assert len(study.survey.rows) == 401
    book = tomllib.loads((FOLDER / f"{bundled.name}.toml").read_text(encoding="utf-8"))
    assert any("not matched" in note for note in book["study"]["notes"])


def test_the_scale_is_as_calibrated(many):
    assert DEPRIVATION.alpha == pytest.approx(0.90, abs=0.005)
    assert np.sqrt(DEPRIVATION.variance) == pytest.approx(1.4, abs=0.01)
    assert many["D"].mean() == pytest.approx(2.91, abs=0.01)
    assert many["D"].std() == pytest.approx(np.sqrt(DEPRIVATION.variance), rel=0.01)
    assert many["D"].skew() > 0.5
    assert many["age"].mean() == pytest.approx(31, abs=0.1)
    assert many["age"].std() == pytest.approx(9, abs=0.1)


def test_slopes_of_answered_scores_are_the_truth(many):
    truth = DeprivationTruth()
    z = (many[["D", "U", *OUTCOMES]] - many.mean()) / many.std()
    X = np.column_stack([np.ones(MANY), z["D"], z["U"], z["D"] * z["U"]])
    for outcome in OUTCOMES:
        found = np.linalg.lstsq(X, z[outcome].to_numpy(), rcond=None)[0][1:]
        np.testing.assert_allclose(found, truth.slopes(outcome), atol=0.008)
        r = float(np.corrcoef(z["D"], z[outcome])[0, 1])
        assert r == pytest.approx(truth.correlation(outcome), abs=0.008)
        residual = z[outcome] - X[:, 1:] @ found
        assert residual.std() == pytest.approx(truth.residual_sd(outcome), abs=0.008)


def test_without_skew_the_correlation_would_be_the_sum_over_paths():
    # r = b1 + b2 r_DU + b3 E(D^2 U); the last part is what the skew of the answers adds.
    truth = DeprivationTruth(satisfaction=(-0.38, -0.30, 0.0))
    assert truth.correlation("satisfaction") == pytest.approx(-0.38 - 0.30 * 0.40, abs=1e-8)
    assert DeprivationTruth().correlation("satisfaction") < -0.50


def test_the_weaker_truth_is_near_minus_thirty():
    assert weaker_deprivation().correlation("satisfaction") == pytest.approx(-0.32, abs=0.005)


def test_deprivation_is_wanted_less_received(many):
    r = many[["D", "affection_wanted", "affection_received"]].corr()["D"]
    assert r["affection_wanted"] > 0.3
    assert r["affection_received"] < -0.3


def test_gaps_are_about_one_in_a_hundred():
    drawn = simulate_deprivation(n_persons=5000, seed=2)
    share = drawn.drop(columns="respondent").isna().to_numpy().mean()
    assert share == pytest.approx(0.01, abs=0.002)


def test_slopes_that_leave_nothing_are_refused():
    with pytest.raises(SpecError, match="unexplained"):
        DeprivationTruth(satisfaction=(-0.9, -0.5, 0.0))
    with pytest.raises(SpecError, match="n_persons"):
        simulate_deprivation(n_persons=0)
