from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.scales.discrepancy import discrepancy_scores
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.survey import SurveyFrame

PAIRS = {"gap": ("wanted", "there")}
ROWS = pd.DataFrame({"wanted": [80.0, 60.0, np.nan], "there": [64.0, 70.0, 50.0]})


def book_of(rows, key, role, ranges) -> Codebook:
    return Codebook(
        tuple(
            Variable(
                name=name,
                role=role if name == key else "none",
                level="person",
                minimum=ranges.get(name, (None, None))[0],
                maximum=ranges.get(name, (None, None))[1],
            )
            for name in rows.columns
        )
    )


def test_more_is_wanted_than_there_is_where_it_is_positive():
    frame = discrepancy_scores(ROWS, PAIRS)
    np.testing.assert_allclose(frame["gap"], [16, -10, np.nan])
    assert "gap" not in ROWS


def test_couples_get_one_each_with_lineage_and_range():
    rows = ROWS.add_suffix("_wife").join(ROWS.add_suffix("_husband"))
    rows.insert(0, "couple", [1, 2, 3])
    ranges = {name: (0, 96) for name in rows.columns if name != "couple"}
    couples = DyadFrame(rows=rows, codebook=book_of(rows, "couple", "couple", ranges))
    found = discrepancy_scores(couples, PAIRS)
    assert found.columns_of("gap") == ("gap_wife", "gap_husband")
    assert found.codebook["gap_wife"].minimum == -96
    assert found.lineage[-1].source == "wanted_husband, there_husband"


def test_scores_on_different_ranges_are_refused():
    rows = ROWS.assign(who=[1, 2, 3])
    ranges = {"wanted": (0, 96), "there": (0, 4)}
    survey = SurveyFrame(rows=rows, codebook=book_of(rows, "who", "person", ranges))
    with pytest.raises(DataError, match="wanted runs from 0 to 96, there from 0 to 4"):
        discrepancy_scores(survey, PAIRS)


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ({"gap": ("wanted", "ther")}, "Did you mean there"),
        ({"there": ("wanted", "there")}, "must not replace"),
    ],
)
def test_absent_scores_and_taken_names_are_refused(pairs, said):
    with pytest.raises(DataError, match=said):
        discrepancy_scores(ROWS, pairs)


def test_a_score_less_itself_is_no_discrepancy():
    with pytest.raises(SpecError, match="takes 'there' from itself"):
        discrepancy_scores(ROWS, {"gap": ("there", "there")})
    with pytest.raises(SpecError, match="one discrepancy or more"):
        discrepancy_scores(ROWS, {})
