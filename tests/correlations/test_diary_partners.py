from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis import (
    DataError,
    SpecError,
    diary_partner_correlations,
    within_between_correlations,
)
from intimacy_analysis.correlations.partner_correlations import PartnerOptions, correlate_members
from intimacy_analysis.correlations.unit_jackknife import jackknife_correlation
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import DiaryFrame

KEYS = {"couple": "couple", "member": "person", "sex": "partner", "day": "day"}


def diary_of(rows: pd.DataFrame) -> DiaryFrame:
    variables = tuple(Variable(name=str(name), role=KEYS.get(str(name), "none")) for name in rows)
    return DiaryFrame(rows=rows, codebook=Codebook(variables))


def drawn(n_couples: int = 40, n_days: int = 6, seed: int = 1) -> pd.DataFrame:
    """Both members share each day's mood; x and y have nothing in common within persons."""
    rng = np.random.default_rng(seed)
    shape = (n_couples, n_days)
    parts = []
    shared = rng.normal(size=(2, *shape))
    level = rng.normal(size=(n_couples, 1))
    for member, sex in ((1, "woman"), (2, "man")):
        own = rng.normal(size=(2, *shape))
        x = level + 1.5 * shared[0] + own[0]
        y = level + 1.5 * shared[1] + own[1]
        couple, day = (a.reshape(-1) for a in np.indices(shape))
        parts.append(
            pd.DataFrame(
                {"couple": couple, "member": member, "sex": sex, "day": day, "x": x.reshape(-1),
                 "y": y.reshape(-1)}
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def test_members_numbered_alike_in_all_couples_are_still_different_persons():
    rows = drawn()
    found = within_between_correlations(diary_of(rows), ["x", "y"])
    means = rows.groupby(["couple", "member"])[["x", "y"]].mean()
    assert found.between.between("x", "y").n == 80
    assert found.between.between("x", "y").r == pytest.approx(means.corr().loc["x", "y"])
    deviations = rows[["x", "y"]] - rows.groupby(["couple", "member"])[["x", "y"]].transform("mean")
    assert found.within.between("x", "y").r == pytest.approx(deviations.corr().loc["x", "y"])


def test_both_levels_say_that_errors_rest_on_couples():
    found = within_between_correlations(diary_of(drawn()), ["x", "y"])
    assert any("40 clusters" in note for note in found.between.notes)
    assert any("40 clusters (couple)" in note for note in found.within.notes)
    assert "jackknife" in found.within.interval_method


def test_intervals_of_couples_days_keep_their_coverage_where_independent_rows_lose_it():
    rng = np.random.default_rng(1)
    couple = np.repeat(np.arange(30), 10)
    inside = np.zeros(2)
    for _ in range(1000):
        # Both members of a couple move together, x and y do not: couple, member, day, variable.
        mood = 1.5 * rng.normal(size=(30, 1, 5, 2)) + rng.normal(size=(30, 2, 5, 2))
        x, y = (mood - mood.mean(axis=2, keepdims=True)).reshape(-1, 2).T
        held = jackknife_correlation(x, y, couple, 0.95)
        inside += held.low < 0 < held.high, abs(np.arctanh(held.r)) < 1.96 / np.sqrt(240 - 2)
    coverage = inside / 1000
    # The error of a coverage of .95 in 1000 samples is .007.
    assert 0.93 < coverage[0] < 0.97
    # Variances are larger by 1 + .69^2, so 1.61 standard errors are left: .89.
    assert coverage[1] < 0.92


def test_a_bootstrap_draws_couples_whole():
    rows = diary_of(drawn())
    plain = within_between_correlations(rows, ["x", "y"])
    found = within_between_correlations(rows, ["x", "y"], bootstrap=2000, seed=3)
    for level in ("between", "within"):
        one, two = (getattr(held, level).between("x", "y") for held in (plain, found))
        assert two.r == one.r
        assert two.high - two.low == pytest.approx(one.high - one.low, rel=0.15)
        assert two.std_error == pytest.approx(one.std_error, rel=0.1)


def test_days_of_persons_may_be_tied_together():
    rows = drawn().query("member == 1").drop(columns="couple").assign(member=lambda d: d.index // 6)
    plain = within_between_correlations(diary_of(rows), ["x", "y"])
    tied = within_between_correlations(diary_of(rows), ["x", "y"], clusters="member")
    assert tied.within.between("x", "y").r == plain.within.between("x", "y").r
    assert "40 clusters (member)" in tied.within.notes[0]
    # Persons are rows of the other level, so nothing changes there.
    assert tied.between == plain.between


def test_p_of_each_level_is_adjusted_as_a_family():
    rows = drawn().assign(z=lambda d: d["x"] + np.arange(len(d)) % 7)
    found = within_between_correlations(diary_of(rows), ["x", "y", "z"], adjust="holm")
    for table in (found.between, found.within):
        assert max(row.adjusted_p - row.p_value for row in table.correlations) > 0
        assert any("3 correlations by Holm" in note for note in table.notes)


def test_partners_correlate_within_days_and_between_couples():
    rows = drawn(seed=2)
    found = diary_partner_correlations(diary_of(rows), ["x", "y"])
    assert found.within.roles == ("man", "woman")
    wide = rows.pivot(index=["couple", "day"], columns="sex", values="x")
    deviations = wide - wide.groupby("couple").transform("mean")
    within = found.within.partners["x"]
    assert within.r == pytest.approx(deviations.corr().loc["man", "woman"], rel=1e-10)
    assert within.n == 240
    means = wide.groupby("couple").mean()
    between = found.between.partners["x"]
    assert between.r == pytest.approx(means.corr().loc["man", "woman"], rel=1e-10)
    assert between.n == 40
    # Variances of a day's deviation: 2.25 shared of 3.25.
    assert within.low < 2.25 / 3.25 < within.high
    assert "Within persons" in str(found)


def test_means_and_sd_are_those_of_the_roles_answers():
    rows = drawn()
    found = diary_partner_correlations(diary_of(rows), ["x", "y"], roles=("woman", "man")).within
    women = rows[rows["sex"] == "woman"]
    held = found.by_role[0].variables[0]
    assert held.mean == pytest.approx(women["x"].mean())
    within = women["x"] - women.groupby("couple")["x"].transform("mean")
    assert held.sd == pytest.approx(np.sqrt((within**2).sum() / (240 - 40)))


def test_one_partners_missing_day_leaves_the_others_own_correlations():
    rows = drawn()
    some = rows.drop(index=rows.index[rows["sex"].eq("man") & rows["day"].eq(0)])
    found = diary_partner_correlations(diary_of(some), ["x", "y"]).within
    assert found.by_role[1].between("x", "y").n == 240
    assert found.partners["x"].n == 200


def test_the_order_of_rows_changes_nothing():
    rows = drawn()
    shuffled = rows.sample(frac=1, random_state=4).reset_index(drop=True)
    one, two = (diary_partner_correlations(diary_of(held), ["x", "y"]) for held in (rows, shuffled))
    for level in ("between", "within"):
        a, b = (getattr(held, level).cross["x", "y"] for held in (one, two))
        assert (a.r, a.low, a.p_value) == pytest.approx((b.r, b.low, b.p_value), rel=1e-9)


def test_diaries_that_cannot_be_taken_apart_are_refused():
    rows = drawn()
    with pytest.raises(DataError, match="3 different values"):
        diary_partner_correlations(diary_of(rows.assign(sex=np.arange(len(rows)) % 3)), ["x", "y"])
    with pytest.raises(SpecError, match="both values of the partner column"):
        diary_partner_correlations(diary_of(rows), ["x", "y"], roles=("wife", "husband"))
    twice = rows.copy()
    twice.loc[1, "day"] = 0
    with pytest.raises(DataError, match="2 of 480 rows share it"):
        diary_partner_correlations(diary_of(twice), ["x", "y"])
    lost = rows.astype({"couple": float})
    lost.loc[5, "couple"] = np.nan
    with pytest.raises(DataError, match="the first is row 5"):
        within_between_correlations(diary_of(lost), ["x", "y"])
    crossed = rows.assign(city=np.arange(len(rows)) % 4)
    with pytest.raises(DataError, match="each person must belong to one city"):
        within_between_correlations(diary_of(crossed), ["x", "y"], clusters="city")
    with pytest.raises(SpecError, match="the first is 'couple'"):
        within_between_correlations(diary_of(rows), ["x", "couple"])
    with pytest.raises(DataError, match="must be a DiaryFrame"):
        within_between_correlations(rows, ["x", "y"])


def test_comparisons_of_roles_reject_as_seldom_as_promised_with_few_couples():
    # Three variables of both members, all correlations .3: both roles are the same.
    rng = np.random.default_rng(3)
    root = np.linalg.cholesky(0.3 + 0.7 * np.eye(6))
    couple = np.repeat(np.arange(16), 10)
    columns = [f"{stem}_{role}" for stem in "xyw" for role in ("woman", "man")]
    options = PartnerOptions(missing="pairwise", confidence=0.95, adjust="none", reliability={})
    all_alike, own_alike, inside = 0, 0, 0
    for _ in range(300):
        days = (rng.normal(size=(160, 6)) @ root.T).reshape(16, 10, 6)
        moved = (days - days.mean(axis=1, keepdims=True)).reshape(-1, 6)
        held = correlate_members(
            pd.DataFrame(moved, columns=columns), "xyw", ("woman", "man"), couple, options
        )
        own_alike += held.equality[0].p_value < 0.05
        all_alike += held.equality[2].p_value < 0.05
        inside += sum(row.low < 0 < row.high for row in held.differences)
    # The error of a share of .05 in 300 samples is .013. Against chi-square they were .12 and .32:
    # a covariance of six differences from 16 couples is hardly known.
    assert own_alike / 300 < 0.09
    assert all_alike / 300 < 0.09
    assert 0.935 < inside / 1800 < 0.965
