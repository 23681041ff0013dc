"""What must hold for every diary, whatever its rows, gaps, order and ids."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from intimacy_analysis.transforms.centering import center_within_person
from intimacy_analysis.transforms.lagging import lag_within_person
from intimacy_analysis.transforms.person_means import add_person_mean
from intimacy_analysis.transforms.standardizing import standardize
from tests.transforms.diaries import diary_of

MANY = settings(max_examples=200, deadline=None)
SOME = settings(max_examples=50, deadline=None)
N_DAYS = 6


@st.composite
def diaries(draw):
    """Return rows of one to six persons on some of six days, some of them without a value."""
    cells = draw(
        st.dictionaries(
            st.tuples(st.integers(0, 5), st.integers(0, N_DAYS - 1)),
            st.one_of(st.none(), st.integers(-400, 400).map(lambda n: n / 10)),
            min_size=4,
            max_size=30,
        )
    )
    rows = pd.DataFrame(
        {
            "person": [person for person, _ in cells],
            "day": [day for _, day in cells],
            "shared_hours": [np.nan if v is None else v for v in cells.values()],
        }
    )
    rows["weekend"] = (rows["day"] % 3 == 2).astype(float)
    by_cell = rows.groupby(["person", "weekend"])["shared_hours"]
    by_person = rows.groupby("person")["shared_hours"]
    assume(bool((by_cell.max() > by_cell.min()).any()))
    means = by_person.mean().dropna()
    assume(len(means) > 1 and means.max() - means.min() > 1e-6)
    return rows


def transformed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return every transform of the diary's one measure."""
    diary = diary_of(rows["person"], rows["day"], rows["shared_hours"], rows["weekend"])
    lagged = lag_within_person(lag_within_person(diary, "shared_hours"), "shared_hours", days=2)
    done = standardize(add_person_mean(lagged, "shared_hours"), "shared_hours", part="both")
    plain = center_within_person(done, "shared_hours").rows
    by_kind = center_within_person(diary, "shared_hours", by="weekend").rows
    return plain.assign(by_weekend=by_kind["shared_hours_within"])


def numbers_by_key(frame: pd.DataFrame, to_person=lambda person: person) -> pd.DataFrame:
    keyed = frame.assign(person=[to_person(person) for person in frame["person"]])
    return keyed.set_index(["person", "day"]).sort_index()


@MANY
@given(diaries(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = rows.iloc[order]
    pd.testing.assert_frame_equal(
        numbers_by_key(transformed(rows)),
        numbers_by_key(transformed(shuffled)),
        rtol=1e-12,
        atol=1e-12,
    )


@MANY
@given(diaries(), st.sampled_from(["text", "category", "object", "float", "nullable"]))
def test_the_type_of_the_ids_changes_nothing(rows, kind):
    convert = {
        "text": lambda ids: ids.map(lambda n: f"w{n:03d}"),
        "category": lambda ids: pd.Categorical(ids, categories=[5, 4, 9, 3, 2, 1, 0]),
        "object": lambda ids: ids.map(lambda n: f"w{n:03d}").astype(object),
        "float": lambda ids: ids.astype(float),
        "nullable": lambda ids: ids.astype("Int64"),
    }[kind]
    back = (lambda name: int(name[1:])) if kind in ("text", "object") else int
    other = rows.assign(person=convert(rows["person"]))
    pd.testing.assert_frame_equal(
        numbers_by_key(transformed(rows)),
        numbers_by_key(transformed(other), back),
        rtol=1e-12, atol=1e-12, check_index_type=False,
    )  # fmt: skip


@MANY
@given(diaries())
def test_days_without_a_row_and_days_without_a_value_give_the_same_answer(rows):
    persons = rows["person"].unique()
    grid = pd.MultiIndex.from_product([persons, range(N_DAYS)], names=["person", "day"])
    full = rows.set_index(["person", "day"]).reindex(grid).reset_index()
    full["weekend"] = (full["day"] % 3 == 2).astype(float)
    implicit, explicit = numbers_by_key(transformed(rows)), numbers_by_key(transformed(full))
    pd.testing.assert_frame_equal(implicit, explicit.loc[implicit.index], rtol=1e-12, atol=1e-12)
    only_explicit = explicit.drop(index=implicit.index)
    assert only_explicit["shared_hours_within"].isna().all()
    assert only_explicit["by_weekend"].isna().all()


@SOME
@given(diaries())
def test_within_part_and_person_mean_re_add_to_the_value(rows):
    done = transformed(rows)
    total = done["shared_hours_within"] + done["shared_hours_person_mean"]
    np.testing.assert_allclose(total, done["shared_hours"], rtol=1e-12, atol=1e-12)


@SOME
@given(diaries())
def test_within_parts_of_a_person_sum_to_zero_and_between_parts_of_persons_too(rows):
    done = transformed(rows)
    assert done.groupby("person")["shared_hours_within"].sum().abs().max() < 1e-10
    by_cell = done.groupby(["person", "weekend"])["by_weekend"].sum()
    assert by_cell.abs().max() < 1e-10
    assert abs(done.groupby("person")["shared_hours_between"].first().sum()) < 1e-10


@SOME
@given(diaries(), st.integers(-1000, 1000))
def test_a_constant_added_to_every_value_moves_the_person_mean_only(rows, shift):
    before = transformed(rows)
    after = transformed(rows.assign(shared_hours=rows["shared_hours"] + shift))
    moved = ["shared_hours", "shared_hours_person_mean", "shared_hours_lag1", "shared_hours_lag2"]
    pd.testing.assert_frame_equal(
        after.drop(columns=moved), before.drop(columns=moved), rtol=1e-9, atol=1e-9
    )
    np.testing.assert_allclose(after[moved], before[moved] + shift, rtol=1e-12, atol=1e-9)


@MANY
@given(diaries())
def test_pandas_is_the_witness_of_every_column(rows):
    done = transformed(rows)
    values = rows["shared_hours"]
    by_person = values.groupby(rows["person"])
    within = values - by_person.transform("mean")
    by_kind = values - values.groupby([rows["person"], rows["weekend"]]).transform("mean")
    means = by_person.mean().dropna()
    spare = (by_person.count() - 1).clip(lower=0).sum()
    close = {"rtol": 1e-11, "atol": 1e-11}
    np.testing.assert_allclose(done["shared_hours_within"], within, **close)
    np.testing.assert_allclose(done["by_weekend"], by_kind, **close)
    np.testing.assert_allclose(
        done["shared_hours_between"], rows["person"].map(means) - means.mean(), **close
    )
    np.testing.assert_allclose(
        done["shared_hours_within_z"], within / np.sqrt((within**2).sum() / spare), **close
    )
    np.testing.assert_allclose(
        done["shared_hours_between_z"],
        (rows["person"].map(means) - means.mean()) / means.std(ddof=1),
        **close,
    )
    known = dict(zip(zip(rows["person"], rows["day"], strict=True), values, strict=True))
    for days in (1, 2):
        expected = [
            known.get((person, day - days), np.nan)
            for person, day in zip(rows["person"], rows["day"], strict=True)
        ]
        np.testing.assert_array_equal(done[f"shared_hours_lag{days}"], expected)
