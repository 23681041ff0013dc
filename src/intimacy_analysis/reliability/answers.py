"""Answers to the items of one scale as numbers, or a clear refusal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.survey import SurveyFrame

PersonData = pd.DataFrame | SurveyFrame


def numeric_answers(data: PersonData, items: Sequence[str]) -> pd.DataFrame:
    """Return items as float64 columns, nan where there is no answer; every row is kept.

    Args:
        data: One row a person.
        items: Columns, two or more, each once.

    Raises:
        SpecError: Fewer than two items, or one given twice.
        DataError: Items that are absent, text, infinite, empty or the same for everyone.
    """
    names = _checked_names(items)
    frame = data.rows if isinstance(data, SurveyFrame) else data
    if not isinstance(frame, pd.DataFrame):
        raise DataError(
            "answers must be a pandas frame or a SurveyFrame with one row a person, but this is a "
            f"{type(data).__name__}. Couples' answers need `roles`; a diary has functions of its "
            "own (within_person_reliability)."
        )
    held = [str(name) for name in frame.columns]
    absent = [name for name in names if name not in held]
    if absent:
        raise DataError(
            f"every item must be a column, but {len(absent)} of {len(names)} "
            f"{'is' if len(absent) == 1 else 'are'} absent; the first is {absent[0]!r}. "
            f"{near_names(absent[0], held)}"
        )
    answers = pd.DataFrame({name: _numbers(frame[name], name) for name in names})
    check_vary(answers)
    return answers.reset_index(drop=True)


def check_vary(answers: pd.DataFrame) -> None:
    """Raise `DataError` where an item has no answer, or the same one from everybody."""
    constant = [str(name) for name in answers if answers[name].nunique() < 2]
    if not constant:
        return
    seen = int(answers[constant[0]].notna().sum())
    raise DataError(
        f"every item must vary, but {len(constant)} of {answers.shape[1]} "
        f"{'does' if len(constant) == 1 else 'do'} not; the first is {constant[0]!r}, "
        f"{f'with the same answer in all {seen} rows' if seen else 'without any answer'}. An item "
        "that everyone answers alike measures nothing: leave it out."
    )


def _checked_names(items: Sequence[str]) -> list[str]:
    if isinstance(items, str) or len(items) < 2:
        raise SpecError(
            f"items must be a list of two columns or more, got {items!r}. One item alone shows "
            "nothing of its own reliability."
        )
    twice = [name for at, name in enumerate(items) if name in items[:at]]
    if twice:
        raise SpecError(
            f"every item must be named once, but {len(twice)} of {len(items)} "
            f"{'is' if len(twice) == 1 else 'are'} named again; the first is {twice[0]!r}. Leave "
            "the repetition out."
        )
    return list(items)


def _numbers(series: pd.Series, name: str) -> np.ndarray:
    # Categories (labels of a statistical file) are read by what they say.
    numbers = pd.to_numeric(series.astype(object), errors="coerce")
    values = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = (np.isnan(values) & series.notna().to_numpy()) | np.isinf(values)
    if wrong.any():
        raise DataError(
            f"{name!r} must hold finite numbers, but {int(wrong.sum())} of {len(values)} rows do "
            f"not; the first is row {int(wrong.argmax())}. Recode the answers, or name the code as "
            "missing in the codebook."
        )
    return values
