"""Real couples against strangers: every pairing enumerated, stated truths, uniform p."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.matching.profile_mismatch import profile_mismatch
from intimacy_analysis.matching.profile_scores import PROFILE_SCORES
from intimacy_analysis.matching.pseudo_couples import pseudo_couples
from intimacy_analysis.matching.pseudo_pairs import (
    all_pairs,
    correlation_of_pairing,
    mean_of_pairing,
    pairings,
)
from tests.matching.mismatched_couples import SHOWS, WISHES, mismatched_couples


def scored(n, **truth):
    return profile_mismatch(mismatched_couples(n, **truth), WISHES, SHOWS)


def drawn_pairings(n, count, seed=1):
    return np.concatenate(list(pairings(n, count, np.random.default_rng(seed))))


@pytest.mark.parametrize("score", list(PROFILE_SCORES))
def test_every_pair_is_scored_as_if_it_were_a_couple(score):
    data = mismatched_couples(6, seed=2)
    found = profile_mismatch(data, WISHES, SHOWS)
    pairs = all_pairs(found, score, 1, np.arange(6))
    shifted = data.copy()
    wives = [name for name in data.columns if name.endswith("_wife")]
    # Couple i gets the wife of couple i + 2; the normative profiles stay as they are.
    shifted[wives] = np.roll(data[wives].to_numpy(), -2, axis=0)
    again = profile_mismatch(shifted, WISHES, SHOWS)
    expected = again.scores[again.column(score, 1)].to_numpy()
    np.testing.assert_allclose(pairs[np.arange(6), (np.arange(6) + 2) % 6], expected, atol=1e-12)
    np.testing.assert_allclose(np.diag(pairs), found.scores[found.column(score, 1)], atol=1e-12)


def test_pairs_are_the_same_in_one_block_and_in_many(monkeypatch):
    found = scored(30)
    one = all_pairs(found, "squared", 0, np.arange(30))
    monkeypatch.setattr("intimacy_analysis.matching.pseudo_pairs._BLOCK", 400)
    np.testing.assert_array_equal(all_pairs(found, "squared", 0, np.arange(30)), one)
    assert drawn_pairings(30, 50).shape == (50, 30)


def test_pairings_are_permutations_and_all_are_equally_likely():
    drawn = drawn_pairings(3, 12_000)
    assert (np.sort(drawn, axis=1) == np.arange(3)).all()
    counts = np.unique(drawn, axis=0, return_counts=True)[1]
    assert len(counts) == 6
    assert np.abs(counts - 2000).max() < 4 * np.sqrt(12_000 * 5 / 36)


def test_a_pairings_mean_and_correlation_are_those_of_a_loop():
    rng = np.random.default_rng(4)
    pairs, outcome = rng.normal(6, 1, (7, 7)), rng.normal(size=7)
    drawn = drawn_pairings(7, 5)
    for at, pairing in enumerate(drawn):
        held = [pairs[i, pairing[i]] for i in range(7)]
        assert mean_of_pairing(pairs, drawn)[at] == pytest.approx(np.mean(held))
        expected = np.corrcoef(held, outcome)[0, 1]
        assert correlation_of_pairing(pairs, drawn, outcome)[at] == pytest.approx(expected)


def test_the_means_of_pairings_spread_as_hoeffdings_formula_says():
    pairs = np.random.default_rng(5).gamma(2, 1, (12, 12))
    centered = pairs - pairs.mean(axis=0) - pairs.mean(axis=1, keepdims=True) + pairs.mean()
    variance = (centered**2).sum() / (11 * 12**2)
    drawn = mean_of_pairing(pairs, drawn_pairings(12, 40_000))
    assert drawn.mean() == pytest.approx(pairs.mean(), abs=4 * np.sqrt(variance / 40_000))
    assert drawn.var() == pytest.approx(variance, rel=0.04)


def test_five_couples_have_the_p_of_all_120_pairings():
    found = scored(5, seed=6)
    answer = pseudo_couples(found, outcome="satisfaction", n_permutations=20_000, seed=1)
    every = [np.array(one) for one in permutations(range(5))]
    rows, outcome = np.arange(5), found.rows["satisfaction_wife"]
    pairs = all_pairs(found, "absolute", 0, rows)
    means = np.array([pairs[rows, one].mean() for one in every])
    own = np.array([np.corrcoef(pairs[rows, one], outcome)[0, 1] for one in every])
    partner = np.array([np.corrcoef(pairs[one, rows], outcome)[0, 1] for one in every])
    for p_value, values in (
        (answer.closeness[0].p_value, means),
        (answer.baseline("wife", "expression").p_value, own),
        (answer.baseline("wife", "preference").p_value, partner),
    ):
        # The first of the 120 is the real one.
        tails = [(values <= values[0] + 1e-9).mean(), (values >= values[0] - 1e-9).mean()]
        assert p_value == pytest.approx(min(1, 2 * min(tails)), abs=0.02)
    assert answer.baseline("wife", "preference").mean == pytest.approx(partner.mean(), abs=0.02)
    strangers = pairs[~np.eye(5, dtype=bool)]
    assert answer.closeness[0].strangers == pytest.approx(strangers.mean())
    further = [(pairs[i, j] > pairs[i, i]) for i in range(5) for j in range(5) if i != j]
    assert answer.closeness[0].closer_share == pytest.approx(np.mean(further))


def test_both_roles_go_by_one_pairing():
    found = scored(6, seed=7)
    answer = pseudo_couples(found, n_permutations=20_000, seed=2)
    rows = np.arange(6)
    wife, husband = (all_pairs(found, "absolute", member, rows) for member in (0, 1))
    means = np.array(
        [
            (wife[rows, np.array(one)].mean() + husband[np.array(one), rows].mean()) / 2
            for one in permutations(range(6))
        ]
    )
    both = answer.closeness[2]
    assert both.observed == pytest.approx(means[0])
    assert (both.low, both.high) == pytest.approx(np.quantile(means, [0.025, 0.975]), abs=0.03)


def test_couples_who_know_each_other_are_closer_than_strangers():
    data = mismatched_couples(80, gap=0.3, seed=8)
    rng = np.random.default_rng(9)
    for part in range(5):
        data[f"{SHOWS[part]}_husband"] = data[f"{WISHES[part]}_wife"] + rng.normal(0, 0.7, 80)
    answer = pseudo_couples(profile_mismatch(data, WISHES, SHOWS), n_permutations=999, seed=1)
    wife, husband, _ = answer.closeness
    assert wife.p_value == 2 / 1000
    assert wife.observed < wife.low
    assert wife.closer_share > 0.8
    assert husband.p_value > 0.05
    assert "What the wife receives: real couples lie closer than strangers" in answer.words()
    alike = pseudo_couples(
        profile_mismatch(data, WISHES, SHOWS), "distinctive", n_permutations=999, seed=1
    )
    assert alike.closeness[0].observed > alike.closeness[0].high
    assert alike.closeness[0].closer_share > 0.8
    assert "What the wife receives: real couples lie closer than strangers" in alike.words()


def test_expression_alone_is_the_same_with_a_strangers_preference():
    answer = pseudo_couples(
        scored(1500, expression=0.6, seed=10), outcome="satisfaction", n_permutations=400, seed=1
    )
    for role in ("wife", "husband"):
        kept = answer.baseline(role, "preference")
        assert kept.observed < -0.2
        assert kept.mean == pytest.approx(kept.observed, abs=0.05)
        assert kept.p_value > 0.05
        # A stranger's expression leaves nothing: the own preference brings none of it.
        gone = answer.baseline(role, "expression")
        assert abs(gone.mean) < 0.05
        assert gone.p_value == pytest.approx(2 / 401)


def test_matching_is_more_than_a_strangers_profile_gives():
    answer = pseudo_couples(
        scored(1500, mismatch=-0.15, seed=11), outcome="satisfaction", n_permutations=400, seed=1
    )
    for role in ("wife", "husband"):
        for stranger in ("expression", "preference"):
            kept = answer.baseline(role, stranger)
            assert kept.observed < kept.low
            assert kept.p_value == pytest.approx(2 / 401)


def test_p_is_uniform_where_couples_are_strangers_and_only_expression_matters():
    p_values = []
    for seed in range(250):
        answer = pseudo_couples(
            scored(20, expression=0.6, seed=1000 + seed),
            outcome="satisfaction",
            n_permutations=99,
            seed=seed,
        )
        p_values.append(
            [answer.closeness[2].p_value, answer.baseline("wife", "preference").p_value]
        )
    for column in np.array(p_values).T:
        # Four standard errors of a share, and of a mean of uniform numbers.
        for level in (0.1, 0.3, 0.5):
            assert abs((column <= level).mean() - level) < 4 * np.sqrt(level * (1 - level) / 250)
        assert abs(column.mean() - 0.5) < 4 * np.sqrt(1 / 12 / 250) + 0.01


def test_the_order_of_couples_changes_no_observed_number():
    data = mismatched_couples(40, expression=0.5, seed=12)
    one, other = (
        pseudo_couples(
            profile_mismatch(rows, WISHES, SHOWS), outcome="satisfaction", n_permutations=99, seed=1
        )
        for rows in (data, data.sample(frac=1, random_state=1))
    )
    for first, second in zip(one.closeness, other.closeness, strict=True):
        assert second.observed == pytest.approx(first.observed)
        assert second.strangers == pytest.approx(first.strangers)
        assert second.closer_share == pytest.approx(first.closer_share)
    for kept, again in zip(one.baselines, other.baselines, strict=True):
        assert again.observed == pytest.approx(kept.observed)


def test_only_complete_couples_take_part_and_it_is_told():
    data = mismatched_couples(30, expression=0.5, seed=13)
    data.loc[0, "wish_time_wife"] = np.nan
    data.loc[1, "satisfaction_husband"] = np.nan
    answer = pseudo_couples(
        profile_mismatch(data, WISHES, SHOWS), outcome="satisfaction", n_permutations=99, seed=1
    )
    assert (answer.n_couples, answer.n_with_outcome) == (29, 28)
    assert any("29 of 30 couples take part:" in note for note in answer.notes)
    assert any("28 of 30 couples take part in the correlations" in note for note in answer.notes)
    pairs = data.drop(index=[0, 1])
    observed = np.corrcoef(
        np.abs(
            pairs[[f"{name}_wife" for name in WISHES]].to_numpy()
            - pairs[[f"{name}_husband" for name in SHOWS]].to_numpy()
        ).sum(axis=1),
        pairs["satisfaction_wife"],
    )[0, 1]
    assert answer.baseline("wife", "expression").observed == pytest.approx(observed)


def test_the_same_seed_gives_the_same_numbers_and_a_drawn_one_is_kept():
    found = scored(20)
    one = pseudo_couples(found, n_permutations=99, seed=5)
    assert one == pseudo_couples(found, n_permutations=99, seed=5)
    drawn = pseudo_couples(found, n_permutations=99)
    assert drawn == pseudo_couples(found, n_permutations=99, seed=drawn.seed)


def test_tables_and_sentences_carry_the_numbers():
    answer = pseudo_couples(
        scored(200, expression=0.8, seed=14), outcome="satisfaction", n_permutations=199, seed=1
    )
    shown = str(answer)
    assert "Real couples and strangers: sum of absolute differences" in shown
    assert "Correlation with satisfaction, and what strangers give" in shown
    assert "199 random pairings, seed 1" in shown
    assert "the preference of a stranger" in answer.words()
    close, beside = answer.tables()
    assert len(close.rows) == 3
    assert len(beside.rows) == 4
    assert len(pseudo_couples(scored(20), n_permutations=99).tables()) == 1
    alike = pseudo_couples(
        scored(20), "correlation", "satisfaction", n_permutations=99, seed=1
    ).words()
    assert "Satisfaction of the wife and similarity correlate" in alike
    assert "mismatch" not in alike


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"score": "difference"}, "score must be one of"),
        ({"n_permutations": 10}, "99 or more, got 10"),
        ({"n_permutations": True}, "99 or more, got True"),
        ({"confidence": 95}, "between 0 and 1, got 95"),
        ({"seed": -1}, "0 or more, or None, got -1"),
        ({"outcome": ""}, "must be the name of one variable"),
    ],
)
def test_options_that_cannot_be_are_refused(options, words):
    with pytest.raises(SpecError, match=words):
        pseudo_couples(scored(10), **options)


def test_a_baseline_that_was_not_asked_for_is_named():
    with pytest.raises(SpecError, match="There are: none"):
        pseudo_couples(scored(10), n_permutations=99, seed=1).baseline("wife", "expression")


def test_four_couples_are_too_few():
    with pytest.raises(DataError, match="5 couples or more with both members' scores, but 4 of 4"):
        pseudo_couples(scored(4))


def test_scores_and_outcomes_that_do_not_vary_are_refused():
    flat = mismatched_couples(10)
    flat[[name for name in flat.columns if "wish" in name or "show" in name]] = 4.0
    with pytest.raises(DataError, match="scores of pairs must vary"):
        pseudo_couples(profile_mismatch(flat, WISHES, SHOWS))
    data = mismatched_couples(10).assign(satisfaction_wife=1.0)
    with pytest.raises(DataError, match="'satisfaction_wife' does not over the 10 couples"):
        pseudo_couples(
            profile_mismatch(data, WISHES, SHOWS), outcome="satisfaction", n_permutations=99
        )


def test_a_frame_of_scores_is_no_mismatch():
    with pytest.raises(SpecError, match="this is a DataFrame"):
        pseudo_couples(pd.DataFrame())
