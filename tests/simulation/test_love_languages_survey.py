"""Synthetic couples with love languages have the profiles and the links that were put in."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.scales.questionnaire_scores import score_questionnaire
from intimacy_analysis.scales.questionnaires import questionnaire
from intimacy_analysis.simulation.love_languages_bundled import (
    BUNDLED_LOVE_LANGUAGES,
    stated_truth,
)
from intimacy_analysis.simulation.love_languages_items import following_keys, profile_scales
from intimacy_analysis.simulation.love_languages_population import POPULATION, population_values
from intimacy_analysis.simulation.love_languages_survey import simulate_love_languages
from intimacy_analysis.simulation.love_languages_truth import (
    FORMS,
    LANGUAGES,
    ROLES,
    both_truth,
    expression_only_truth,
    matching_only_truth,
)

FOLDER = Path(__file__).resolve().parents[2] / "data" / "synthetic"
TRUTHS = {
    "expression": expression_only_truth(),
    "matching": matching_only_truth(),
    "both": both_truth(),
}


def parts_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the twenty part scores in the order of the truth, through the package's key."""
    found = []
    for role in ROLES:
        own = rows[[name for name in rows if name.endswith(f"_{role}")]]
        own = own.rename(columns=lambda name, role=role: name.removesuffix(f"_{role}"))
        for form in FORMS:
            key = questionnaire("love_languages", items=f"{form}_{{}}", scores=f"{form}_{{}}")
            own, _ = score_questionnaire(own, key)
        found.append(own[[f"{f}_{part}" for f in FORMS for part in LANGUAGES]].add_suffix(role))
    return pd.concat(found, axis=1)


def test_many_couples_have_the_stated_means_and_correlations():
    truth = both_truth()
    parts = parts_of(simulate_love_languages(truth, n_couples=8000, seed=5, gaps=False))
    means = [truth.mean(f, part, role) for role in ROLES for f in FORMS for part in LANGUAGES]
    # Standard errors: 1.03 / sqrt(8000) is .012, of r .011 at most.
    np.testing.assert_allclose(parts.mean(), means, atol=0.05)
    assert np.abs(parts.corr().to_numpy() - truth.correlation).max() < 0.05


def test_alpha_of_every_part_comes_out_as_stated_in_the_population():
    for scale in profile_scales(both_truth()):
        assert scale.alpha == pytest.approx(0.80, abs=1e-9)


@pytest.mark.parametrize("name", list(TRUTHS))
def test_stated_values_are_those_of_another_large_sample(name):
    found = population_values(TRUTHS[name], n_couples=40_000, seed=11)
    assert set(found) == set(POPULATION[name])
    for key, stated in POPULATION[name].items():
        # Four standard errors of a standardized slope among 40,000 couples.
        assert found[key] == pytest.approx(stated, abs=0.026), key


def test_the_simple_correlation_is_the_same_in_all_three_truths_and_the_decisive_one_is_not():
    for outcome in ("relationship", "sexual"):
        for role in ROLES:
            simple = [POPULATION[name][f"simple_{outcome}_{role}"] for name in TRUTHS]
            beyond = [POPULATION[name][f"beyond_{outcome}_{role}"] for name in TRUTHS]
            assert max(simple) - min(simple) <= 0.003
            assert beyond[0] == 0
            assert beyond[1] < 1.9 * beyond[2] < -0.2


def test_both_is_half_of_either():
    for both, one, other in zip(
        both_truth().links, matching_only_truth().links, expression_only_truth().links, strict=True
    ):
        assert both.mismatch == one.mismatch / 2
        assert both.expression == other.expression / 2
        assert (one.expression, other.mismatch, other.given) == (0, 0, 0)


def test_matched_couples_have_residuals_unrelated_to_what_they_follow():
    # Nothing but item errors and rounding is left to chance: the slope is nearer than chance lets.
    truth = expression_only_truth()
    values = []
    for seed in range(20):
        rows = simulate_love_languages(truth, seed=seed, gaps=False, matched=True)
        y = rows[[f"satisfied_{i}_woman" for i in (1, 2, 3)]].mean(axis=1).to_numpy()
        held = {
            (form, role): rows[[f"{form}_{i}_{role}" for i in range(1, 21)]].mean(axis=1)
            for form in FORMS
            for role in ROLES
        }
        design = np.column_stack(
            [np.ones(100), held["expressed", "man"], held["expressed", "woman"]]
        )
        values.append(np.linalg.lstsq(design, y, rcond=None)[0][1])
    # Drawn at random the standard error of this slope is about .10.
    assert np.mean(values) == pytest.approx(truth.links[0].expression, abs=0.05)
    assert np.std(values) < 0.08


def test_the_same_seed_draws_the_same_couples_and_gaps_hit_what_they_should():
    first = simulate_love_languages(both_truth(), seed=9)
    pd.testing.assert_frame_equal(first, simulate_love_languages(both_truth(), seed=9))
    assert first.shape == (100, 1 + 2 * (40 + 3 + 5 + 4))
    assert first.columns[1] == "preferred_1_woman"
    many = simulate_love_languages(both_truth(), n_couples=4000, seed=9)
    sexual = many[[f"sexual_{i}_man" for i in range(1, 6)]].isna().all(axis=1).mean()
    assert sexual == pytest.approx(0.03, abs=0.01)
    assert many["preferred_7_woman"].isna().mean() == pytest.approx(0.01, abs=0.006)


def test_too_few_couples_to_match_are_refused():
    with pytest.raises(SpecError, match="must be 22 or more for matched couples, got 20"):
        simulate_love_languages(both_truth(), n_couples=20, matched=True)


@pytest.mark.parametrize("study", BUNDLED_LOVE_LANGUAGES, ids=lambda study: study.name)
def test_codebooks_state_the_truth_and_the_keys(study):
    with (FOLDER / f"{study.name}.toml").open("rb") as file:
        codebook = tomllib.load(file)
    assert codebook["study"]["truth"] == stated_truth(study)
    assert codebook["study"]["truth"]["need_words"] == 0.3
    loaded = load_study(study.name)
    assert loaded.couples.roles == ROLES
    names = [scale.name for scale in loaded.scales]
    assert names[-3:] == [key.name for key in following_keys()]
    assert len(names) == 13


def test_seeds_are_year_and_volume_then_a_number():
    assert [study.seed for study in BUNDLED_LOVE_LANGUAGES] == [2022171, 2022172, 2022173]
