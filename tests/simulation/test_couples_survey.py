from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation import couples_survey
from intimacy_analysis.simulation.couples_items import FORMS, construct_correlation
from intimacy_analysis.simulation.couples_survey import (
    CELL_MISSING,
    N_COUPLES,
    SKIP_LOW,
    SKIP_USUAL,
    SPOUSE_MISSING,
    simulate_couple_scores,
    simulate_couples,
)
from intimacy_analysis.simulation.couples_truth import ROLES, SCORE_NAMES, CouplesTruth

MANY = 20_000


@pytest.fixture(scope="module")
def many():
    """The same couples without and with gaps."""
    return tuple(simulate_couples(n_couples=MANY, seed=1, gaps=gaps) for gaps in (False, True))


def items_of(role, *constructs):
    return [
        f"{item}_{role}"
        for form in FORMS
        for item in form.items
        if not constructs or form.construct in constructs
    ]


def test_couples_have_a_column_an_item_and_spouse_wife_before_husband():
    frame = simulate_couples(n_couples=3)
    expected = ["couple", "years_married"]
    expected += [f"{item}_{role}" for form in FORMS for item in form.items for role in ROLES]
    assert frame.columns.tolist() == expected
    assert frame["couple"].tolist() == [1, 2, 3]
    assert len(simulate_couples()) == N_COUPLES == 335


def test_a_seed_gives_the_same_couples_and_another_seed_others():
    one, again, other = (simulate_couples(n_couples=50, seed=seed) for seed in (4, 4, 5))
    pd.testing.assert_frame_equal(one, again)
    assert not one.equals(other)


def test_no_truth_means_the_usual_one():
    pd.testing.assert_frame_equal(
        simulate_couples(n_couples=50, seed=4),
        simulate_couples(CouplesTruth(), n_couples=50, seed=4),
    )


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.construct)
def test_answers_come_in_the_stated_shares_as_they_are_asked(many, form):
    for at, item in enumerate(form.items, start=1):
        answers = many[0][f"{item}_wife"]
        shares = form.shares[::-1] if at in form.reversed else form.shares
        for step, share in enumerate(shares):
            error = np.sqrt(share * (1 - share) / MANY)
            assert abs((answers == form.lowest + step).mean() - share) < 4.5 * error
        assert answers.isin(range(form.lowest, form.highest + 1)).all()


def test_gaps_take_answers_away_and_change_none(many):
    complete, gapped = many
    left = gapped.notna()
    assert (gapped.where(left, complete) == complete).all(axis=None)
    assert complete.notna().all(axis=None)
    assert left[["couple", "years_married"]].all(axis=None)


def test_whole_spouses_are_silent_as_often_as_stated_and_never_both(many):
    gapped = many[1]
    silent = {role: gapped[items_of(role)].isna().all(axis=1) for role in ROLES}
    for role in ROLES:
        error = np.sqrt(SPOUSE_MISSING * (1 - SPOUSE_MISSING) / MANY)
        assert abs(silent[role].mean() - SPOUSE_MISSING) < 4 * error
    assert not (silent["wife"] & silent["husband"]).any()


def test_single_answers_are_missing_as_often_as_stated(many):
    gapped = many[1]
    there = ~gapped[items_of("wife")].isna().all(axis=1)
    cells = gapped.loc[there, items_of("wife", "communication", "emotional_intimacy")]
    error = np.sqrt(CELL_MISSING * (1 - CELL_MISSING) / cells.size)
    assert abs(cells.isna().to_numpy().mean() - CELL_MISSING) < 4 * error


@pytest.mark.parametrize("role", ROLES)
def test_sexual_items_are_skipped_more_often_where_communication_is_appraised_low(many, role):
    complete, gapped = many
    communication = complete[items_of(role, "communication")].mean(axis=1)
    low = communication < communication.median()
    sexual = gapped[items_of(role, "sexual_satisfaction")].isna().all(axis=1)
    silent = gapped[items_of(role)].isna().all(axis=1)
    for held, expected in ((low, SKIP_LOW), (~low, SKIP_USUAL)):
        held = held & ~silent
        error = np.sqrt(expected * (1 - expected) / held.sum())
        assert abs(sexual[held].mean() - expected) < 4 * error


def test_skipping_rests_on_the_own_appraisal_and_on_nothing_that_is_skipped(many):
    # At random given the own appraisal: within the low half the answers withheld are like those
    # given.
    complete, gapped = many
    communication = complete[items_of("wife", "communication")].mean(axis=1)
    sexual = complete[items_of("wife", "sexual_satisfaction")].mean(axis=1)
    skipped = gapped[items_of("wife", "sexual_satisfaction")].isna().all(axis=1)
    differences, weights = [], []
    for _, held in communication.groupby(communication):
        at = held.index
        out = skipped[at]
        if 20 <= out.sum():
            differences.append(sexual[at][out].mean() - sexual[at][~out].mean())
            weights.append(out.sum())
    error = sexual.std() / np.sqrt(np.sum(weights))
    assert abs(np.average(differences, weights=weights)) < 4 * error


def standardized_parts(monkeypatch, n, seed):
    """The continuous form of every item of matched couples, before it is cut into answers."""
    caught = []
    plain = np.searchsorted

    def catching(cuts, values):
        caught.append(np.array(values))
        return plain(cuts, values)

    monkeypatch.setattr(np, "searchsorted", catching)
    simulate_couples(n_couples=n, seed=seed, gaps=False, matched=True)
    monkeypatch.undo()
    return np.column_stack(caught)


def test_the_constructs_of_matched_couples_have_exactly_the_stated_correlations(monkeypatch):
    # Loadings near 1 leave no item errors, and then every item is its construct.
    sure = tuple(replace(form, loading=1 - 1e-12) for form in FORMS)
    monkeypatch.setattr(couples_survey, "FORMS", sure)
    items = standardized_parts(monkeypatch, n=20, seed=3)
    first = np.cumsum([0, *(form.n_items for form in FORMS for _ in ROLES)])[:-1]
    constructs = items[:, first]
    np.testing.assert_allclose(constructs.mean(axis=0), 0, atol=1e-5)
    expected = construct_correlation(CouplesTruth().correlation)
    np.testing.assert_allclose(np.cov(constructs.T), expected, atol=2e-5)


def test_couples_drawn_at_random_do_not_match_so_closely():
    close, loose = [], []
    expected = {}
    for matched, kept in ((True, close), (False, loose)):
        for seed in range(30):
            frame = simulate_couples(n_couples=200, seed=seed, gaps=False, matched=matched)
            score = [
                frame[[f"{item}_{role}" for item in FORMS[0].items]].mean(axis=1) for role in ROLES
            ]
            kept.append(np.corrcoef(score)[0, 1])
        expected[matched] = np.mean(kept)
    assert np.std(close) < 0.7 * np.std(loose)
    assert expected[True] == pytest.approx(expected[False], abs=0.05)


def test_years_married_are_positive_and_about_as_stated(many):
    years = many[0]["years_married"]
    assert years.between(0.5, 50).all()
    assert years.mean() == pytest.approx(17.5, abs=0.2)


@pytest.mark.parametrize(("n", "matched"), [(0, False), (-1, False), (8, True), (9, True)])
def test_too_few_couples_are_refused(n, matched):
    with pytest.raises(SpecError, match=f"n_couples must be 1 or more, .* got {n}"):
        simulate_couples(n_couples=n, matched=matched)


def test_one_couple_more_can_be_matched():
    assert len(simulate_couples(n_couples=10, matched=True)) == 10


def test_scores_alone_have_the_correlations_of_the_truth():
    truth = CouplesTruth()
    scores = simulate_couple_scores(truth, MANY, np.random.default_rng(2))
    assert scores.columns.tolist() == list(SCORE_NAMES)
    assert np.abs(np.cov(scores.to_numpy().T) - truth.correlation).max() < 4.5 * np.sqrt(2 / MANY)
