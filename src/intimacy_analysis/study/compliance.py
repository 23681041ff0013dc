"""Who answered on which days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.diary import DiaryFrame

Basis = Literal["study", "own span"]
_LONGEST_STUDY = 5000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compliance:
    """Days answered, per person and per study day.

    Attributes:
        column: A day counts as answered where this column has a value.
        basis: What a person's share is a share of: "study" for all study days, "own span" for
            the days from the person's own first to own last answer (which by its making starts
            and ends with an answered day, so it flatters those who stopped early).
        first_day: First study day, as numbered in the diary.
        n_days: Study days, from the first to the last day number of the diary, rows without a
            value included: a diary that holds them says that the study ran on these days.
        n_persons: Persons of the diary, also those who never answered.
        n_answered: Person-days answered.
        n_possible: Person-days that count as possible, by `basis`.
        per_person: One row a person, in order of the diary: person, n_answered, first_day,
            last_day (nan where never answered), n_span (days from first to last answer),
            longest_gap (days in a row without an answer inside that span), share_of_study,
            share_of_span, share (the one of `basis`).
        per_day: One row a study day, also one that nobody answered: day, weekend (0/1, nan where
            the diary does not say or persons differ), n_answered, n_possible, share.
        per_kind: One row for weekdays and one for weekends: weekend, n_answered, n_possible,
            share; no rows where the diary has no weekend column. Days whose kind cannot be known
            count in neither.
    """

    column: str
    basis: Basis
    first_day: int
    n_days: int
    n_persons: int
    n_answered: int
    n_possible: int
    per_person: pd.DataFrame
    per_day: pd.DataFrame
    per_kind: pd.DataFrame

    @property
    def share(self) -> float:
        """Share of the possible person-days that were answered; nan where none was possible."""
        return self.n_answered / self.n_possible if self.n_possible else float("nan")

    def below(self, threshold: float) -> pd.DataFrame:
        """Return the rows of `per_person` with a share under the threshold, lowest first.

        A person who never answered is among them, with a share of 0 (of nan where the share is
        of the own span).

        Raises:
            SpecError: A threshold outside 0 to 1.
        """
        if not 0 <= threshold <= 1:
            raise SpecError(f"a threshold must lie between 0 and 1, got {threshold!r}.")
        low = self.per_person[~(self.per_person["share"] >= threshold)]
        return low.sort_values("share", kind="stable", na_position="first", ignore_index=True)

    def __str__(self) -> str:
        days = "study days" if self.basis == "study" else "days from first to last answer"
        return (
            f"{self.n_persons} persons answered {self.n_answered} of {self.n_possible} {days} "
            f"({100 * self.share:.1f} %), counted by {self.column!r}."
        )


def compliance(
    diary: DiaryFrame, column: str | None = None, *, basis: Basis = "study"
) -> Compliance:
    """Count the days on which each person answered.

    A day without a row and a row without a value are both unanswered.

    Args:
        diary: The diary; days are whole study days.
        column: The column whose values count; None for the outcome.
        basis: What a share is a share of; see `Compliance`.

    Raises:
        SpecError: Another `basis`.
        DataError: No such column, or days that are not whole study days.
    """
    if basis not in ("study", "own span"):
        raise SpecError(f"basis must be 'study' or 'own span', got {basis!r}.")
    name = diary.column_of("outcome") if column is None else column
    has_value = diary.column(name).notna().to_numpy(dtype=bool)
    day = _whole_days(diary)
    codes, persons = pd.factorize(diary.column(diary.person))
    known = codes >= 0
    first_day, n_days = int(day.min()), int(day.max()) - int(day.min()) + 1
    answered = np.zeros((len(persons), n_days), dtype=bool)
    here = known & has_value
    answered[codes[here], day[here] - first_day] = True
    spans = _spans(answered)
    possible = np.ones_like(answered) if basis == "study" else spans
    kinds = _kinds_of_days(diary, codes, day - first_day, answered.shape)
    return Compliance(
        column=name,
        basis=basis,
        first_day=first_day,
        n_days=n_days,
        n_persons=len(persons),
        n_answered=int(answered.sum()),
        n_possible=int(possible.sum()),
        per_person=_per_person(answered, spans, persons, first_day, basis),
        per_day=_per_day(answered, possible, kinds, first_day),
        per_kind=_per_kind(answered, possible, kinds, diary.has_role("weekend")),
    )


def _whole_days(diary: DiaryFrame) -> NDArray[np.int64]:
    column = diary.column(diary.day)
    if len(column) == 0:
        raise DataError("compliance needs rows, but the diary has none. Check how it was read.")
    day = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    broken = ~(np.isfinite(day) & (day == np.floor(day)))
    if broken.any():
        raise DataError(
            f"days must be whole numbers, but {int(broken.sum())} of {len(day)} rows of "
            f"{diary.day!r} hold none; the first is row {int(broken.argmax())}. "
            "Number the days of the study 0, 1, 2 and so on."
        )
    length = float(day.max() - day.min()) + 1
    if length > _LONGEST_STUDY:
        raise DataError(
            f"days must number the days of a study, but {diary.day!r} runs from {day.min():.0f} to "
            f"{day.max():.0f}, which is {length:.0f} days; more than {_LONGEST_STUDY} are "
            "no diary. Dates written as numbers belong in a column with the role 'date'."
        )
    return day.astype(np.int64)


def _spans(answered: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where a day lies between the person's first and last answer, ends included."""
    begun = np.logical_or.accumulate(answered, axis=1)
    not_ended = np.logical_or.accumulate(answered[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(begun & not_ended)


def _kinds_of_days(
    diary: DiaryFrame, codes: NDArray[np.intp], day: NDArray[np.int64], shape: tuple[int, int]
) -> NDArray[np.float64]:
    """Return 1 for weekends, 0 for weekdays, nan for unknown; one cell a person and study day.

    A day without a row takes its kind from other persons' rows of that study day where these
    agree. Where persons began on different dates it takes the kind that the person's own days a
    whole number of weeks away have.
    """
    if not diary.has_role("weekend"):
        return np.full(shape, np.nan)
    weekend = pd.to_numeric(diary.column(diary.column_of("weekend")), errors="coerce").to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    seen = (codes >= 0) & ~np.isnan(weekend)
    kinds = np.full(shape, np.nan)
    by_day = _agreed(day[seen], weekend[seen], shape[1])
    several_kinds = np.isnan(by_day) & (np.bincount(day[seen], minlength=shape[1]) > 0)
    if several_kinds.any():
        of_week = _agreed(codes[seen] * 7 + day[seen] % 7, weekend[seen], shape[0] * 7)
        kinds = of_week.reshape(-1, 7)[:, np.arange(shape[1]) % 7]
    else:
        kinds[:] = by_day
    kinds[codes[seen], day[seen]] = weekend[seen]
    return kinds


def _agreed(
    group: NDArray[np.int64], value: NDArray[np.float64], n_groups: int
) -> NDArray[np.float64]:
    """Return each group's value where all of its members have the same, else nan."""
    low, high = np.full(n_groups, np.inf), np.full(n_groups, -np.inf)
    np.minimum.at(low, group, value)
    np.maximum.at(high, group, value)
    return np.where(low == high, low, np.nan)


def _per_person(
    answered: NDArray[np.bool_],
    spans: NDArray[np.bool_],
    persons: pd.Index | NDArray[np.object_],
    first_day: int,
    basis: Basis,
) -> pd.DataFrame:
    n_answered, n_span = answered.sum(axis=1), spans.sum(axis=1)
    ever = n_answered > 0
    first = np.where(ever, first_day + answered.argmax(axis=1), np.nan)
    share_of_study = n_answered / answered.shape[1]
    share_of_span = n_answered / np.where(ever, n_span, np.nan)
    return pd.DataFrame(
        {
            "person": persons,
            "n_answered": n_answered,
            "first_day": first,
            "last_day": first + n_span - 1,
            "n_span": n_span,
            "longest_gap": _longest_runs(spans & ~answered),
            "share_of_study": share_of_study,
            "share_of_span": share_of_span,
            "share": share_of_study if basis == "study" else share_of_span,
        }
    )


def _longest_runs(marked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the length of the longest run of marked cells in each row."""
    longest = np.zeros(len(marked), dtype=np.int64)
    run = np.zeros(len(marked), dtype=np.int64)
    for column in marked.T:
        run = np.where(column, run + 1, 0)
        np.maximum(longest, run, out=longest)
    return longest


def _per_day(
    answered: NDArray[np.bool_],
    possible: NDArray[np.bool_],
    kinds: NDArray[np.float64],
    first_day: int,
) -> pd.DataFrame:
    n_days = answered.shape[1]
    flat = kinds.ravel()
    day_of_cell = np.tile(np.arange(n_days), len(kinds))
    seen = ~np.isnan(flat)
    n_possible = possible.sum(axis=0)
    n_answered = answered.sum(axis=0)
    return pd.DataFrame(
        {
            "day": first_day + np.arange(n_days),
            "weekend": _agreed(day_of_cell[seen], flat[seen], n_days),
            "n_answered": n_answered,
            "n_possible": n_possible,
            "share": n_answered / np.where(n_possible > 0, n_possible, np.nan),
        }
    )


def _per_kind(
    answered: NDArray[np.bool_],
    possible: NDArray[np.bool_],
    kinds: NDArray[np.float64],
    has_kinds: bool,
) -> pd.DataFrame:
    values = (0, 1) if has_kinds else ()
    n_answered = np.array([int((answered & (kinds == kind)).sum()) for kind in values], dtype=int)
    n_possible = np.array([int((possible & (kinds == kind)).sum()) for kind in values], dtype=int)
    return pd.DataFrame(
        {
            "weekend": np.array(values, dtype=int),
            "n_answered": n_answered,
            "n_possible": n_possible,
            "share": n_answered / np.where(n_possible > 0, n_possible, np.nan),
        }
    )
