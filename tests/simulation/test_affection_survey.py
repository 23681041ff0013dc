"""Counts and scores of synthetic students have the correlations that were put in."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.simulation.affection_bundled import (
    NAME,
    affection_terms,
    write_bundled_affection,
)
from intimacy_analysis.simulation.affection_survey import (
    OUTCOME_SCALES,
    affection_constructs,
    count_scales,
    simulate_affection,
)
from intimacy_analysis.simulation.affection_truth import (
    OUTCOMES,
    TYPE_MEANS,
    TYPES,
    AffectionTruth,
)
from intimacy_analysis.simulation.ordered_items import score_correlation

FOLDER = Path(__file__).resolve().parents[2] / "data" / "synthetic"
TRUTH = AffectionTruth()


def scores(rows: pd.DataFrame) -> pd.DataFrame:
    made = {
        form.name: rows[[item.name for item in form.items]].mean(axis=1) for form in OUTCOME_SCALES
    }
    return rows[list(TYPES)].assign(**made)


def test_the_bundled_files_are_written_byte_for_byte(tmp_path):
    for path in write_bundled_affection(tmp_path):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes()


def test_the_bundled_study_loads_with_its_truth():
    study = load_study(NAME)
    assert study.kind == "synthetic"
    assert study.truth == {name: round(value, 4) for name, value in affection_terms(TRUTH).items()}
    rows = study.survey.rows
    assert (rows["sex"] == 1).sum() == 100
    assert (rows["sex"] == 2).sum() == 195
    assert rows["in_relationship"].sum() == 180
    alone = rows["in_relationship"] == 0
    assert rows.loc[alone, list(TYPES)].isna().all().all()


def test_the_codebook_says_what_is_matched_and_assumed():
    book = tomllib.loads((FOLDER / f"{NAME}.toml").read_text(encoding="utf-8"))
    notes = " ".join(book["study"]["notes"])
    assert "180 students" in notes
    assert "closer to the truth" in notes
    assert "assumption" in notes


def test_every_correlation_with_an_outcome_is_exactly_the_truth():
    # Against the integral of the bivariate normal density, for one type of few steps.
    held = affection_constructs(TRUTH)
    count = count_scales(TRUTH.dispersion)[0]
    for j, form in enumerate(OUTCOME_SCALES[:2]):
        found = score_correlation_of(count, form, held[0, len(TYPES) + j])
        assert found == pytest.approx(TRUTH.with_outcome(OUTCOMES[j])["backrubs"], abs=1e-10)


def score_correlation_of(count, form, constructs: float) -> float:
    # score_correlation with the count's own variance, which needs no integral.
    from intimacy_analysis.simulation.cut_normal import cut_covariance

    item = count.items[0]
    covariance = np.mean(
        [
            cut_covariance(item.cuts, one.cuts, item.loading * one.loading * constructs)
            for one in form.items
        ]
    )
    return float(covariance / np.sqrt(item.variance * form.variance))


def test_outcomes_correlate_as_put_in():
    held = affection_constructs(TRUTH)
    n = len(TYPES)
    for i, one in enumerate(OUTCOME_SCALES):
        for j in range(i):
            found = score_correlation(one, OUTCOME_SCALES[j], held[n + i, n + j])
            assert found == pytest.approx(TRUTH.outcomes[i, j], abs=1e-8)


def test_many_students_have_the_stated_means_spread_and_correlations():
    drawn = pd.concat(simulate_affection(TRUTH, seed=[5, k], gaps=False) for k in range(60))
    together = scores(drawn[drawn["in_relationship"] == 1])
    n = len(together)
    for name, mean in TYPE_MEANS.items():
        sd = np.sqrt(mean + mean**2)
        assert together[name].mean() == pytest.approx(mean, abs=4 * sd / np.sqrt(n))
        assert together[name].std() == pytest.approx(sd, rel=0.06)
    for outcome in OUTCOMES:
        for name in TYPES:
            truth = TRUTH.with_outcome(outcome)[name]
            found = together[[name, outcome]].corr().iloc[0, 1]
            assert found == pytest.approx(truth, abs=4 / np.sqrt(n))


def test_the_same_seed_draws_the_same_students():
    pd.testing.assert_frame_equal(simulate_affection(seed=3), simulate_affection(seed=3))
    assert not simulate_affection(seed=3).equals(simulate_affection(seed=4))


def test_counts_cannot_correlate_beyond_what_they_can_show():
    with pytest.raises(SpecError, match="cuddling and relationship_satisfaction"):
        simulate_affection(AffectionTruth(satisfaction={**TRUTH.satisfaction, "cuddling": 0.95}))


def test_correlations_that_cannot_be_together_are_refused():
    with pytest.raises(SpecError, match="at once"):
        simulate_affection(AffectionTruth(satisfaction={**TRUTH.satisfaction, "caressing": -0.6}))
