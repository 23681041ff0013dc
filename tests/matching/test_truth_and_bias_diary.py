from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.matching.truth_and_bias_diary import truth_and_bias_diary
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.numerics.intervals import t_quantile
from tests.matching.judging_couples import DAILY, MEANS, VARY, as_diary, judging_diary

ROLES = ("wife", "husband")
NAMES = ("accuracy_within", "accuracy_between", "similarity_within", "similarity_between")


def small_rows() -> pd.DataFrame:
    """Return three couples of two days; the wife's judgments are for a check in the head."""
    return pd.DataFrame(
        {
            "couple": [1] * 4 + [2] * 4 + [3] * 4,
            "role": ["wife", "husband"] * 6,
            "day": [1, 1, 2, 2] * 3,
            "feels": [3, 2, 5, 4, 1, 6, 2, 6, 4, 3, 4, 6],
            "sees": [4, 3, 5, 5, 5, 2, 7, 3, 3, 4, 5, 6],
        }
    ).assign(person=[1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6])


def test_both_reports_lose_their_persons_means_and_the_mean_of_the_judged_truth():
    found = truth_and_bias_diary(as_diary(small_rows()), "sees", "feels", random=("bias",))
    # Husbands' means: 3, 6, 4.5; their mean is 4.5. The wife's own means are 4, 1.5, 4.
    rows = found.days["wife"]
    assert found.centers["wife"] == pytest.approx(4.5)
    assert list(rows["accuracy_within"]) == [-1, 1, 0, 0, -1.5, 1.5]
    assert list(rows["accuracy_between"]) == [-1.5, -1.5, 1.5, 1.5, 0, 0]
    assert list(rows["similarity_within"]) == [-1, 1, -0.5, 0.5, 0, 0]
    assert list(rows["similarity_between"]) == [-0.5, -0.5, -3, -3, -0.5, -0.5]
    assert list(rows["judgment"]) == [-0.5, 0.5, 0.5, 2.5, -1.5, 0.5]


def test_each_role_has_the_mixed_model_of_its_own_rows():
    found = truth_and_bias_diary(judging_diary(40, 8, 1, gaps=0.1), "sees", "feels", roles=ROLES)
    for role in ROLES:
        fit = fit_mixed_model(
            MixedModelSpec(
                fixed=f"judgment ~ {' + '.join(NAMES)}",
                random="1 + accuracy_within",
                group="couple",
            ),
            found.days[role],
        )
        for name in NAMES:
            ours, theirs = found.forces[f"{name}_{role}"], fit.estimates[name]
            assert (ours.value, ours.std_error) == (theirs.value, theirs.std_error)
        # The mean at which the bias is taken is an estimate too.
        means = found.days[role].groupby("couple")["accuracy_between"].first()
        pull = fit.estimates["accuracy_between"].value + fit.estimates["similarity_between"].value
        known, whole = fit.estimates["Intercept"], found.forces[f"bias_{role}"]
        added = (pull - 1) ** 2 * means.var() / len(means)
        assert whole.value == known.value
        assert whole.std_error**2 == pytest.approx(known.std_error**2 + added)
        reach = t_quantile(0.95, whole.df) * whole.std_error
        assert whole.interval == pytest.approx((whole.value - reach, whole.value + reach))
        assert known.df < whole.df < known.df + len(means) - 1


def test_days_with_a_gap_are_left_out_on_both_sides():
    rows = small_rows()
    more = pd.concat([rows, rows.assign(couple=rows["couple"] + 3, person=rows["person"] + 6)])
    more = more.reset_index(drop=True)
    more.loc[1, "feels"] = np.nan
    found = truth_and_bias_diary(as_diary(more), "sees", "feels", random=("bias",))
    # Husband 1 did not answer on day 1: neither his judgment nor hers of him has its reports.
    assert len(found.days["wife"]) == len(found.days["husband"]) == 11
    assert found.notes[0].endswith("11 days of 6 couples.")


def test_a_constant_added_to_judgments_moves_the_bias_alone():
    diary = judging_diary(40, 6, 2)
    moved = as_diary(diary.rows.assign(sees=diary.rows["sees"] + (diary.rows["role"] == "wife")))
    one, two = (truth_and_bias_diary(held, "sees", "feels") for held in (diary, moved))
    for row in one.forces:
        expected = row.value + (row.name == "bias_wife")
        assert two.forces[row.name].value == pytest.approx(expected, abs=1e-6)


def test_the_order_of_rows_and_roles_changes_nothing():
    diary = judging_diary(40, 6, 3)
    shuffled = as_diary(diary.rows.sample(frac=1, random_state=1).reset_index(drop=True))
    one = truth_and_bias_diary(diary, "sees", "feels", roles=ROLES)
    two = truth_and_bias_diary(shuffled, "sees", "feels", roles=ROLES[::-1])
    for row in one.forces:
        assert two.forces[row.name].value == pytest.approx(row.value, abs=1e-6)
        assert two.forces[row.name].std_error == pytest.approx(row.std_error, rel=1e-5)
    first, second = one.equality_across_roles(), two.equality_across_roles()
    for row in first:
        assert second[row.name].value == pytest.approx(-row.value, abs=1e-5)
        assert second[row.name].std_error == pytest.approx(row.std_error, rel=1e-3)


def test_a_large_diary_shows_the_truth_put_in():
    found = truth_and_bias_diary(judging_diary(800, 10, 4), "sees", "feels", roles=ROLES)
    for role, truth in DAILY.items():
        for name, value in zip(("bias", *NAMES), truth, strict=True):
            row = found.forces[f"{name}_{role}"]
            assert row.value == pytest.approx(value, abs=4 * row.std_error)
        assert found.spread[f"sd_bias_{role}"].value == pytest.approx(VARY["bias"], abs=0.05)
        assert found.spread[f"sd_accuracy_{role}"].value == pytest.approx(0.2, abs=0.05)
        gap = found.contrasts[f"between_less_within_{role}"]
        assert gap.value == pytest.approx(0.2, abs=4 * gap.std_error)
        assert gap.low > 0
    differences = found.equality_across_roles()
    for name, hers, his in zip(("bias", *NAMES), DAILY["wife"], DAILY["husband"], strict=True):
        row = differences[name]
        assert row.value == pytest.approx(hers - his, abs=4 * row.std_error)
    assert differences.df_method.startswith("Satterthwaite for CR2")


@pytest.mark.slow
def test_intervals_of_both_the_roles_and_their_difference_hold_the_truth():
    times, held, of = 150, {}, {}
    for at in range(times):
        found = truth_and_bias_diary(judging_diary(60, 8, 1000 + at), "sees", "feels", roles=ROLES)
        # The bias of all couples: at the mean of the population, not at this sample's.
        truth = {
            f"{name}_{role}": value
            for role in ROLES
            for name, value in zip(("bias", *NAMES), DAILY[role], strict=True)
        }
        rows = {row.name: row for row in found.forces}
        for row in found.equality_across_roles():
            rows[row.name] = row
            truth[row.name] = truth[f"{row.name}_wife"] - truth[f"{row.name}_husband"]
        for name, row in rows.items():
            held[name] = held.get(name, 0) + (row.low <= truth[name] <= row.high)
            error = (row.value - truth[name]) / row.std_error
            of[name] = of.get(name, 0.0) + error / times
    for name, count in held.items():
        # .95 less and plus three Monte Carlo errors of 150 samples.
        assert 0.896 <= count / times < 1, (name, count / times)
    # In standard errors of one sample; three Monte Carlo errors are 3 / sqrt(150).
    assert max(map(abs, of.values())) < 0.25


def test_without_own_reports_there_is_no_similarity():
    diary = judging_diary(40, 6, 5)
    found = truth_and_bias_diary(diary, "sees", "feels", assumed_similarity=False)
    assert not any("similarity" in name for name in found.forces.names)
    assert any("counted as accuracy" in note for note in found.notes)
    assert len(found.equality_across_roles()) == 3
    with pytest.raises(SpecError, match="of 'bias', 'accuracy', but it is"):
        truth_and_bias_diary(
            diary, "sees", "feels", assumed_similarity=False, random=("similarity",)
        )


def test_words_tell_days_from_persons():
    said = truth_and_bias_diary(judging_diary(120, 10, 6), "sees", "feels", roles=ROLES).words()
    assert "goes up with the husband's report from day to day, own report held constant" in said
    assert "goes up with the wife's report from person to person" in said
    assert "also resembles the husband's own report from day to day" in said


def test_what_a_diary_must_have_is_said():
    diary = judging_diary(10, 4, 7)
    with pytest.raises(DataError, match="another range than 'sees'"):
        truth_and_bias_diary(as_diary(diary.rows, maximum=100), "sees", "feels")
    alone = as_diary(diary.rows[diary.rows["role"] == "wife"])
    with pytest.raises(DataError, match="'role' holds 1 different values"):
        truth_and_bias_diary(alone, "sees", "feels")
    with pytest.raises(SpecError, match="both values of 'role', 'husband' and 'wife'"):
        truth_and_bias_diary(diary, "sees", "feels", roles=("woman", "man"))
    twice = as_diary(pd.concat([diary.rows, diary.rows.iloc[:1]], ignore_index=True))
    with pytest.raises(DataError, match="2 of 81 rows share it with another; the first is row 0"):
        truth_and_bias_diary(twice, "sees", "feels")
    apart = as_diary(diary.rows.assign(couple=diary.rows["person"]))
    with pytest.raises(DataError, match=r"for 'husband' 0 have\. Check that both members"):
        truth_and_bias_diary(apart, "sees", "feels")
    means = diary.rows.groupby("person")["feels"].transform("mean")
    with pytest.raises(DataError, match="reports must vary from day to day"):
        truth_and_bias_diary(as_diary(diary.rows.assign(feels=means)), "sees", "feels")
    with pytest.raises(DataError, match="'couple' tells couples or members apart"):
        truth_and_bias_diary(diary, "couple", "feels")


def test_a_real_diary_of_103_couples_can_be_fitted(reference_folder):
    # Satisfaction stands in for a judgment here: the file has no judgments of the partner. It
    # shows that gaps, numbers of couples and days of a real diary are dealt with.
    rows = pd.read_csv(reference_folder / "data" / "kashy_diary.csv")
    rows = rows.rename(columns={"dyadid": "couple", "asatisf": "sees", "aconflict": "feels"})
    rows = rows.assign(role=rows["woman"].map({1.0: "woman", 0.0: "man"}))
    diary = as_diary(rows[["couple", "person", "role", "day", "sees", "feels"]])
    found = truth_and_bias_diary(diary, "sees", "feels", roles=("woman", "man"))
    assert {fit.n_groups for fit in found.fits.values()} == {103}
    assert all(2500 / 2 < fit.n_rows < 2884 / 2 for fit in found.fits.values())
    assert all(np.isfinite([row.value, row.std_error]).all() for row in found.forces)
    # More conflict reported by the self goes with less satisfaction on the day.
    assert found.forces["similarity_within_woman"].high < 0


def test_made_diaries_have_the_means_that_are_named():
    means = judging_diary(2000, 3, 8).rows.groupby("role")["feels"].mean()
    assert means["wife"] == pytest.approx(MEANS["wife"], abs=0.1)
    assert means["husband"] == pytest.approx(MEANS["husband"], abs=0.1)
