from __future__ import annotations

import pandas as pd
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.matching.surface_frame import dyadic_surface_frame, surface_frame
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame

# The mean of all eight predictor values is 3.
ROWS = pd.DataFrame(
    {
        "want_wife": [1.0, 2.0, 6.0, 3.0],
        "get_husband": [3.0, 2.0, 4.0, 3.0],
        "want_husband": [1.0, 2.0, 6.0, 3.0],
        "get_wife": [3.0, 2.0, 4.0, 3.0],
        "sat_wife": [1.0, 2.0, 3.0, 4.0],
        "sat_husband": [2.0, 2.0, 3.0, 4.0],
    }
)


def test_both_predictors_lose_the_pooled_mean_before_they_are_multiplied():
    frame = surface_frame(ROWS, "want_wife", "get_husband", "sat_wife")
    assert frame.center == 3
    assert list(frame.rows["want_wife_centered"]) == [-2, -1, 3, 0]
    assert list(frame.rows["get_husband_squared"]) == [0, 1, 1, 0]
    assert list(frame.rows["want_wife_by_get_husband"]) == [0, 1, 3, 0]
    assert "want_wife_centered" not in ROWS.columns


def test_each_member_meets_the_partners_second_predictor():
    frame, _ = dyadic_surface_frame(ROWS, "want", "get", "sat", center=2.0)
    hers, his = frame.terms
    assert hers.predictors == (
        "want_centered_wife",
        "get_centered_husband",
        "want_squared_wife",
        "want_by_get_wife",
        "get_squared_husband",
    )
    assert his.outcome == "sat_husband"
    assert list(frame.rows[his.product]) == [-1, 0, 8, 1]


def test_one_construct_of_both_members_has_one_product():
    rows = ROWS.assign(want_husband=[3.0, 2.0, 4.0, 3.0])
    frame, _ = dyadic_surface_frame(rows, "want", "want", "sat")
    hers, his = frame.terms
    assert hers.product == his.product == "want_product"
    assert (hers.x, hers.y) == (his.y, his.x)


def test_agreement_counts_gaps_of_half_a_spread():
    frame = surface_frame(ROWS, "want_wife", "get_husband", "sat_wife")
    # Gaps -2, 0, 2, 0; half the pooled SD (1.51) is 0.76.
    assert list(frame.agreement().iloc[0]) == [4, 0.25, 0.5, 0.25]


def test_predictors_on_different_ranges_are_refused():
    variables = [Variable(name="couple", level="couple", role="couple")]
    for name in ROWS.columns:
        high = 7.0 if name.startswith("want") else 5.0
        variables.append(Variable(name=name, level="couple", minimum=1.0, maximum=high))
    couples = DyadFrame(
        rows=ROWS.assign(couple=[1, 2, 3, 4]), codebook=Codebook(variables=tuple(variables))
    )
    with pytest.raises(DataError, match=r"one scale, but 2 of 4 .*'want_wife' \(1.0 to 7.0\)"):
        dyadic_surface_frame(couples, "want", "get", "sat")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"center": "mean"}, "center must be 'pooled'"),
        ({"center": float("nan")}, "center must be 'pooled'"),
        ({"center": None}, "center must be 'pooled'"),
        ({"center": 9.0}, "from 1 to 6, but it is 9"),
        ({"y": "want_wife"}, "stands in two places"),
    ],
)
def test_a_center_or_name_that_cannot_be_is_refused(change, message):
    asked = {"x": "want_wife", "y": "get_husband", "outcome": "sat_wife", **change}
    with pytest.raises(SpecError, match=message):
        surface_frame(ROWS, **asked)


def test_absent_constant_and_taken_columns_are_refused():
    with pytest.raises(DataError, match="1 of 3 is absent; the first is 'sat_wive'"):
        surface_frame(ROWS, "want_wife", "get_husband", "sat_wive")
    with pytest.raises(DataError, match="'want_wife' must vary"):
        surface_frame(ROWS.assign(want_wife=2.0), "want_wife", "get_husband", "sat_wife")
    with pytest.raises(DataError, match="in use; the first is 'want_wife_squared'"):
        surface_frame(ROWS.assign(want_wife_squared=1), "want_wife", "get_husband", "sat_wife")


def coded(first: dict[str, object], second: dict[str, object]) -> DyadFrame:
    """Return the couples with a codebook that describes wishes and gifts differently."""
    variables = [Variable(name="couple", level="couple", role="couple")]
    for name in ROWS.columns:
        held = first if name.startswith("want") else second
        variables.append(Variable(name=name, level="couple", **held))
    return DyadFrame(
        rows=ROWS.assign(couple=[1, 2, 3, 4]), codebook=Codebook(variables=tuple(variables))
    )


def test_predictors_in_different_units_are_refused_of_one_outcome_too():
    couples = coded({"unit": "hours"}, {"unit": "points"})
    with pytest.raises(DataError, match=r"one scale, but 1 of 2 .*'want_wife' \(no range, hours\)"):
        surface_frame(couples, "want_wife", "get_husband", "sat_wife")
    with pytest.raises(DataError, match=r"the first is 'get_wife' \(no range, points\)"):
        dyadic_surface_frame(couples, "want", "get", "sat")


def test_predictors_on_one_scale_pass():
    alike = {"minimum": 1.0, "maximum": 7.0, "unit": "points"}
    frame, _ = dyadic_surface_frame(coded(alike, alike), "want", "get", "sat")
    assert frame.center == 3


def test_two_values_have_no_square_of_their_own():
    rows = ROWS.assign(want_wife=[0.0, 1.0, 1.0, 0.0])
    with pytest.raises(DataError, match="'want_wife' must take three values or more"):
        surface_frame(rows, "want_wife", "get_husband", "sat_wife")


def test_words_and_infinite_numbers_are_refused_where_they_stand():
    words = ROWS.assign(get_husband=["3", "2", "often", "3"])
    with pytest.raises(DataError, match=r"'get_husband' must hold numbers, but 1 of 4 .* row 3"):
        surface_frame(words, "want_wife", "get_husband", "sat_wife")
    endless = ROWS.assign(sat_wife=[1.0, float("inf"), 2.0, 3.0])
    with pytest.raises(
        DataError, match=r"'sat_wife' must hold finite numbers, but 1 of 4 .* row 2"
    ):
        surface_frame(endless, "want_wife", "get_husband", "sat_wife")


def test_predictors_that_are_one_column_again_are_refused_by_their_own_names():
    copied = ROWS.assign(get_husband=ROWS["want_wife"])
    said = r"able to differ, but 'want_wife' and 'get_husband' are the same in all 4 rows"
    with pytest.raises(DataError, match=said):
        surface_frame(copied, "want_wife", "get_husband", "sat_wife")
    with pytest.raises(DataError, match=said):
        dyadic_surface_frame(copied, "want", "get", "sat")
    # ROWS holds the same wishes of both: his cannot be told from hers.
    with pytest.raises(DataError, match="'want_wife' and 'want_husband' are the same"):
        dyadic_surface_frame(ROWS, "want", "want", "sat")


def test_the_husbands_surface_is_looked_at_too():
    copied = ROWS.assign(get_wife=ROWS["want_husband"])
    with pytest.raises(DataError, match="'want_husband' and 'get_wife' are the same"):
        dyadic_surface_frame(copied, "want", "get", "sat")


@pytest.mark.parametrize(("a", "b", "said"), [(0, 2, "1.0000"), (7, -1, "-1.0000")])
def test_a_predictor_computed_from_the_other_is_refused(a, b, said):
    computed = ROWS.assign(get_husband=a + b * ROWS["want_wife"])
    with pytest.raises(DataError, match=rf"lie on one line \(correlation {said}\) in all 4 rows"):
        surface_frame(computed, "want_wife", "get_husband", "sat_wife")


def test_rows_with_one_of_both_do_not_hide_a_copy():
    copied = ROWS.assign(get_husband=[1.0, 2.0, 6.0, None])
    with pytest.raises(DataError, match="are the same in all 3 rows with both"):
        surface_frame(copied, "want_wife", "get_husband", "sat_wife")


def test_nearly_equal_predictors_pass():
    near = ROWS.assign(get_husband=ROWS["want_wife"] + [0.0, 0.01, -0.01, 0.0])
    assert surface_frame(near, "want_wife", "get_husband", "sat_wife").rows.shape == (4, 8)


@pytest.mark.parametrize("partner", ["get", "want"])
def test_one_column_in_two_places_or_a_constant_is_refused_of_both_members(partner):
    with pytest.raises(SpecError, match="stands in two places; the first is 'want'"):
        dyadic_surface_frame(ROWS, "want", partner, "want")
    with pytest.raises(DataError, match="'want_husband' must vary, but its 4 values are all"):
        dyadic_surface_frame(ROWS.assign(want_husband=2.0), "want", partner, "sat")
