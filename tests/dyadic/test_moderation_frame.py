from __future__ import annotations

import pandas as pd
import pytest

from intimacy_analysis.dyadic.moderation_frame import moderation_frame
from intimacy_analysis.errors import DataError, SpecError

# Mean of x over all six values is 3; of z over couples 10.
ROWS = pd.DataFrame(
    {
        "x_wife": [1.0, 2.0, 6.0],
        "x_husband": [3.0, 2.0, 4.0],
        "z": [8.0, 10.0, 12.0],
        "w_wife": [1.0, 0.0, 2.0],
        "w_husband": [0.0, 1.0, 2.0],
        "turn_wife": [1.0, -1.0, 1.0],
        "turn_husband": [-1.0, 1.0, -1.0],
    }
)


def test_a_moderator_of_the_couple_is_centered_and_multiplied():
    frame = moderation_frame(ROWS, "x", "z", "between")
    assert (frame.x_center, frame.moderator_center, frame.moderator_sd) == (3, 10, 2)
    assert list(frame.rows["x_centered_wife"]) == [-2, -1, 3]
    assert list(frame.rows["z_centered"]) == [-2, 0, 2]
    assert list(frame.rows["x_by_z_wife"]) == [4, 0, 6]
    assert list(frame.rows["x_by_z_husband"]) == [0, 0, 2]


def test_a_mixed_moderator_makes_own_and_crossed_products():
    frame = moderation_frame(ROWS, "x", "w", "mixed")
    assert frame.moderator_center == 1
    assert list(frame.rows["w_centered_husband"]) == [-1, 0, 1]
    # Her x with her w, and with his.
    assert list(frame.rows["x_by_w_wife"]) == [0, 1, 3]
    assert list(frame.rows["x_by_other_w_wife"]) == [2, 0, 3]
    assert list(frame.rows["x_by_other_w_husband"]) == [0, 1, 1]


def test_a_contrast_within_the_couple_is_taken_as_it_is():
    frame = moderation_frame(ROWS, "x", "turn", "within")
    assert (frame.moderator_center, frame.moderator_sd) == (0, 1)
    assert list(frame.rows["x_by_turn_wife"]) == [-2, 1, 3]
    assert list(frame.rows["x_by_turn_husband"]) == [0, -1, -1]


def test_the_rows_given_are_left_as_they_are():
    before = ROWS.copy()
    frame = moderation_frame(ROWS, "x", "z", "between")
    pd.testing.assert_frame_equal(ROWS, before)
    assert set(frame.columns) == set(frame.rows.columns) - set(ROWS.columns)


def test_what_a_within_moderator_must_be():
    with pytest.raises(DataError, match="2 of 3 couples have others; the first is row 1"):
        moderation_frame(ROWS.assign(turn_husband=[1.0, 1.0, 3.0]), "x", "turn", "within")
    same = ROWS.assign(turn_wife=1.0, turn_husband=-1.0)
    with pytest.raises(DataError, match="must not be the role itself"):
        moderation_frame(same, "x", "turn", "within")


def test_bad_input_is_told():
    with pytest.raises(SpecError, match="kind must be one of 'between', 'within', 'mixed'"):
        moderation_frame(ROWS, "x", "z", "daily")
    with pytest.raises(DataError, match="first is 'zz'"):
        moderation_frame(ROWS, "x", "zz", "between")
    with pytest.raises(DataError, match="'z' must vary"):
        moderation_frame(ROWS.assign(z=1.0), "x", "z", "between")
    with pytest.raises(DataError, match="first is 'x_by_z_wife'"):
        moderation_frame(ROWS.assign(x_by_z_wife=0.0), "x", "z", "between")
    with pytest.raises(SpecError, match="two places"):
        moderation_frame(ROWS, "x", "x", "mixed")
