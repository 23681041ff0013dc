"""Correlations of a diary's variables between persons and within them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.correlations.correlation_table import (
    Correlation,
    CorrelationTable,
    Describing,
)
from intimacy_analysis.correlations.numeric_columns import numeric_columns
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.numerics.intervals import fisher_interval, t_p_value
from intimacy_analysis.study.diary import DiaryFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinBetweenCorrelations:
    """Correlations on both levels of a diary.

    Attributes:
        between: Of person means; n counts persons.
        within: Of deviations from person means; n counts rows.
    """

    between: CorrelationTable
    within: CorrelationTable

    def __str__(self) -> str:
        return f"Between persons\n{self.between}\n\nWithin persons\n{self.within}"


def within_between_correlations(
    diary: DiaryFrame, columns: Sequence[str], *, confidence: float = 0.95
) -> WithinBetweenCorrelations:
    """Correlate columns of a diary between persons and within persons.

    Between: of each person's means over the rows that hold the variable. Within: of deviations
    from the person's means over the rows that hold both variables, with rows - persons - 1 degrees
    of freedom (the repeated-measures correlation).

    Args:
        diary: The diary.
        columns: Two measured columns or more.
        confidence: Coverage of the intervals (Fisher z).

    Raises:
        SpecError: Options that cannot be, or a key among the columns.
        DataError: Columns that are absent, no numbers, or do not vary on one of both levels.

    Source:
        Bland and Altman (1995), BMJ 310, 446 (within) and 633 (between); Bakdash and Marusich
        (2017), Frontiers in Psychology 8, 456.
    """
    keys = [name for name in columns if name in (diary.person, diary.day)]
    if keys:
        raise SpecError(
            f"correlations need measured columns, but {len(keys)} of {len(columns)} tell persons "
            f"or days apart; the first is {keys[0]!r}. Leave it out."
        )
    answers = numeric_columns(diary.rows, columns)
    person = diary.rows[diary.person].reset_index(drop=True)
    means = answers.groupby(person, sort=False).mean()

    _check_vary_between(answers, means)
    between = correlate(means, list(answers.columns), confidence=confidence)
    return WithinBetweenCorrelations(between=between, within=_within(answers, person, confidence))


def _check_vary_between(answers: pd.DataFrame, means: pd.DataFrame) -> None:
    # Centered columns leave means that differ by rounding alone, and a correlation made of it.
    spread = (means.max() - means.min()) > 1e-12 * answers.abs().max()
    if not spread.all():
        name = str(spread.index[int((~spread).to_numpy().argmax())])
        raise DataError(
            f"a correlation between persons needs person means that differ, but {name!r} does not "
            f"vary between its {len(means)} persons. Take the column before it was centered."
        )


def _within(answers: pd.DataFrame, person: pd.Series, confidence: float) -> CorrelationTable:
    described = []
    for name in map(str, answers.columns):
        deviations, n_persons = _deviations(answers[[name]], person)
        spare = len(deviations) - n_persons
        described.append(
            Describing(
                name=name,
                mean=float(answers[name].mean()),
                sd=math.sqrt(float((deviations**2).sum()) / spare) if spare else math.nan,
            )
        )
    return CorrelationTable(
        variables=tuple(described),
        correlations=tuple(
            _pair(answers, person, a, b, confidence)
            for a, b in combinations(map(str, answers.columns), 2)
        ),
        confidence=confidence,
        interval_method="Fisher z",
        adjust="none",
        notes=(
            "Within persons: deviations from person means, rows - persons - 1 degrees of freedom; "
            "SD within persons. Rows of one person are taken as independent given the mean; a "
            "slope that follows the days or differs between persons needs a mixed model.",
        ),
    )


def _pair(
    answers: pd.DataFrame, person: pd.Series, first: str, second: str, confidence: float
) -> Correlation:
    deviations, n_persons = _deviations(answers[[first, second]], person)
    n = len(deviations)
    df = n - n_persons - 1
    squares = (deviations**2).sum(axis=0)
    size = np.square(answers[[first, second]].abs().max().to_numpy())
    still = [
        name
        for name, moved in zip((first, second), squares > 1e-24 * n * size, strict=True)
        if not moved
    ]
    if df < 2 or still:
        trouble = f"{still[0]!r} does not vary within any" if still else "that leaves too few"
        raise DataError(
            "a correlation within persons needs two variables that vary within persons, and three "
            f"rows more than persons, but {first!r} and {second!r} have {n} rows of {n_persons} "
            f"persons, and {trouble}. Leave one of them out."
        )
    product = float(deviations[:, 0] @ deviations[:, 1])
    r = min(1.0, max(-1.0, product / math.sqrt(float(squares[0] * squares[1]))))
    low, high = fisher_interval(r, (1 - r**2) / math.sqrt(df - 1), confidence)
    t = r * math.sqrt(df / (1 - r**2)) if abs(r) < 1 else math.inf
    p = float(t_p_value(t, df))
    return Correlation(
        first=first, second=second, r=r, n=n, low=low, high=high, p_value=p, adjusted_p=p
    )


def _deviations(
    answers: pd.DataFrame, person: pd.Series
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], int]:
    rows = answers.dropna()
    groups = rows.groupby(person.loc[rows.index], sort=False)
    return (rows - groups.transform("mean")).to_numpy(dtype=np.float64), groups.ngroups
