"""What is wanted less what there is: discrepancy scores of two forms of a questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import overload

import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.codebook import Codebook, Variable, near_names
from intimacy_analysis.study.diary import Derivation
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.survey import SurveyFrame


@overload
def discrepancy_scores(frame: DyadFrame, pairs: Mapping[str, tuple[str, str]]) -> DyadFrame: ...
@overload
def discrepancy_scores(frame: SurveyFrame, pairs: Mapping[str, tuple[str, str]]) -> SurveyFrame: ...
@overload
def discrepancy_scores(
    frame: pd.DataFrame, pairs: Mapping[str, tuple[str, str]]
) -> pd.DataFrame: ...


def discrepancy_scores(
    frame: DyadFrame | SurveyFrame | pd.DataFrame, pairs: Mapping[str, tuple[str, str]]
) -> DyadFrame | SurveyFrame | pd.DataFrame:
    """Add the first score less the second of each pair; missing where either is.

    With what is wanted first and what there is second, a positive discrepancy means that more is
    wanted than there is.

    Args:
        frame: Rows or a survey with both scores; or couples, where they are stems of both members.
        pairs: Name of the new score to the two scores, e.g.
            {"emotional_gap": ("expected_emotional", "perceived_emotional")}.

    Raises:
        SpecError: No pairs, or a score paired with itself.
        DataError: A score that is absent (nearest names), scores on different ranges, or a name
            that is taken.

    Source:
        docs/maths/scales.md, eq. 2.
    """
    if not pairs:
        raise SpecError('pairs must name one discrepancy or more: {"gap": ("wanted", "there")}.')
    for name, (first, second) in pairs.items():
        if first == second:
            raise SpecError(
                f"a discrepancy is of two scores, but {name!r} takes {first!r} from itself."
            )
    if isinstance(frame, DyadFrame):
        new = []
        for name, (first, second) in pairs.items():
            columns = zip(frame.columns_of(first), frame.columns_of(second), strict=True)
            for role, (one, two) in zip(frame.roles, columns, strict=True):
                new.append(_difference(frame.rows, frame.codebook, f"{name}_{role}", one, two))
        return frame.with_columns(new)
    if isinstance(frame, SurveyFrame):
        for name in (score for pair in pairs.values() for score in pair):
            frame.column(name)
        return frame.with_columns(
            [
                _difference(frame.rows, frame.codebook, name, first, second)
                for name, (first, second) in pairs.items()
            ]
        )
    return _plain(frame, pairs)


def _plain(frame: pd.DataFrame, pairs: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    named = list(dict.fromkeys(score for pair in pairs.values() for score in pair))
    absent = [name for name in named if name not in frame.columns]
    if absent:
        raise DataError(
            f"both scores of a discrepancy must be columns, but {len(absent)} of {len(named)} are "
            f"not; the first is {absent[0]!r}. {near_names(absent[0], list(frame.columns))}"
        )
    taken = [name for name in pairs if name in frame.columns]
    if taken:
        raise DataError(
            f"a discrepancy must not replace a column that is there, but {len(taken)} of "
            f"{len(pairs)} would; the first is {taken[0]!r}. Give it another name."
        )
    return frame.assign(**{name: frame[one] - frame[two] for name, (one, two) in pairs.items()})


def _difference(
    rows: pd.DataFrame, codebook: Codebook, name: str, first: str, second: str
) -> tuple[pd.Series, Variable, Derivation]:
    one, two = codebook[first], codebook[second]
    span: tuple[float | None, float | None] = (None, None)
    if None not in (one.minimum, one.maximum, two.minimum, two.maximum):
        ends = ((one.minimum, one.maximum), (two.minimum, two.maximum))
        if ends[0] != ends[1]:
            raise DataError(
                "two scores must have one range to be taken from each other, but 2 of 2 differ: "
                f"{first} runs from {one.minimum:g} to {one.maximum:g}, {second} from "
                f"{two.minimum:g} to {two.maximum:g}. Score both forms with the same key."
            )
        width = float(one.maximum or 0) - float(one.minimum or 0)
        span = (-width, width)
    variable = Variable(
        name=name,
        label=f"{one.label or first} less {two.label or second}",
        unit=one.unit,
        minimum=span[0],
        maximum=span[1],
        level="person",
    )
    values = (rows[first] - rows[second]).rename(name)
    made = Derivation(column=name, source=f"{first}, {second}", operation="first less second")
    return values, variable, made
