"""From items to a score, with a report of what was reversed, missing and prorated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.scales.item_answers import (
    ItemAnswers,
    ItemCount,
    OutOfRange,
    check_same_range,
    item_answers,
    listed_counts,
)
from intimacy_analysis.study.codebook import Variable, near_names
from intimacy_analysis.study.diary import Derivation
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.scale import Scale
from intimacy_analysis.study.survey import SurveyFrame

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringReport:
    """What scoring did.

    Attributes:
        scale: The key.
        n_rows: Answers that could have a score (rows, or rows times members).
        n_complete: With every item answered.
        n_prorated: Scored from a part of the items.
        n_without: Without a score: too few items answered.
        n_silent: Of these, those without a single answer.
        reversed: Items scored from the other end.
        missing: Items with answers that are not there: how many, and the first row.
        out_of_range: Items with answers outside their range, which were taken as missing because
            that was asked for; else they are refused.
        warnings: Items that look reverse-keyed (they go against the rest of their scale), and
            items that everybody answered alike.
    """

    scale: Scale
    n_rows: int
    n_complete: int
    n_prorated: int
    n_without: int
    n_silent: int
    reversed: tuple[str, ...]
    missing: tuple[ItemCount, ...]
    out_of_range: tuple[ItemCount, ...]
    warnings: tuple[str, ...]

    def __str__(self) -> str:
        silent = f", {self.n_silent} of them nothing" if self.n_silent else ""
        lines = [
            f"{self.scale.name}: {len(self.scale.items)} items, {self.n_rows} possible scores: "
            f"{self.n_complete} complete, {self.n_prorated} from a part of the items, "
            f"{self.n_without} none (fewer than {100 * self.scale.least_answered:g} % answered"
            f"{silent})."
        ]
        if self.reversed:
            lines.append(f"Reversed: {', '.join(self.reversed)}.")
        if self.missing:
            lines.append(f"Missing answers: {_counted(self.missing)}.")
        if self.out_of_range:
            lines.append(f"Out of range, taken as missing: {_counted(self.out_of_range)}.")
        if self.scale.multiplier != 1:
            lines.append(f"The {self.scale.method} is multiplied by {self.scale.multiplier:g}.")
        if self.scale.rescaled_to is not None:
            low, high = self.scale.rescaled_to
            lines.append(f"The score is brought to {low:g} to {high:g}.")
        if self.scale.basis:
            lines.append(f"The key rests on: {self.scale.basis}.")
        return "\n".join([*lines, *self.warnings])


@overload
def score_scale(
    frame: DyadFrame, scale: Scale, *, out_of_range: OutOfRange = ...
) -> tuple[DyadFrame, ScoringReport]: ...
@overload
def score_scale(
    frame: SurveyFrame, scale: Scale, *, out_of_range: OutOfRange = ...
) -> tuple[SurveyFrame, ScoringReport]: ...
@overload
def score_scale(
    frame: pd.DataFrame, scale: Scale, *, out_of_range: OutOfRange = ...
) -> tuple[pd.DataFrame, ScoringReport]: ...


def score_scale(
    frame: DyadFrame | SurveyFrame | pd.DataFrame,
    scale: Scale,
    *,
    out_of_range: OutOfRange = "refuse",
) -> tuple[DyadFrame | SurveyFrame | pd.DataFrame, ScoringReport]:
    """Score a scale: one new column, or with couples one a member.

    A score is the mean of the answered items, reversed ones turned round, where at least the
    scale's share of items is answered; else it is missing. "sum" gives the mean times the number
    of items, so that a gap does not lower it; where items have ranges of their own, the share of
    what the answered items allow stands in for the others.

    Args:
        frame: Rows or a survey with a column an item; or couples, where items are stems of both
            members.
        scale: The key.
        out_of_range: "refuse" answers outside the range, or take them as "missing"; the report
            counts them.

    Returns:
        The frame with the score, and the report.

    Raises:
        SpecError: Another word for `out_of_range`.
        DataError: An item that is absent (nearest names), not a number, or out of range; a range
            in the codebook that is not the key's; or a score's name that is taken.

    Source:
        docs/maths/scales.md, eq. 1.
    """
    if out_of_range not in ("refuse", "missing"):
        raise SpecError(f"out_of_range must be 'refuse' or 'missing', got {out_of_range!r}.")
    if isinstance(frame, DyadFrame):
        return _score_couples(frame, scale, out_of_range)
    if isinstance(frame, SurveyFrame):
        return _score_survey(frame, scale, out_of_range)
    if scale.name in frame.columns:
        raise _taken(scale.name)
    answers = item_answers(frame, scale, scale.items, out_of_range=out_of_range)
    score = _score(answers.values, scale)
    return frame.assign(**{scale.name: score}), _report(scale, [answers])


def _score_survey(
    survey: SurveyFrame, scale: Scale, out_of_range: OutOfRange
) -> tuple[SurveyFrame, ScoringReport]:
    if scale.name in survey.rows.columns:
        raise _taken(scale.name)
    check_same_range(scale, survey.codebook, scale.items)
    answers = item_answers(survey.rows, scale, scale.items, out_of_range=out_of_range)
    score = pd.Series(_score(answers.values, scale), index=survey.rows.index, name=scale.name)
    scored = survey.with_column(
        score,
        _variable(scale, scale.name),
        Derivation(column=scale.name, source=", ".join(scale.items), operation=_words(scale)),
    )
    return scored, _report(scale, [answers])


def _score_couples(
    couples: DyadFrame, scale: Scale, out_of_range: OutOfRange
) -> tuple[DyadFrame, ScoringReport]:
    absent = [item for item in scale.items if item not in couples.stems]
    if absent:
        raise DataError(
            f"every item of {scale.name!r} must be a variable of both members, but {len(absent)} "
            f"of {len(scale.items)} are not; the first is {absent[0]!r}. "
            f"{near_names(absent[0], list(couples.stems))}"
        )
    new = []
    answered = []
    for at, role in enumerate(couples.roles):
        columns = tuple(couples.columns_of(item)[at] for item in scale.items)
        check_same_range(scale, couples.codebook, columns)
        answers = item_answers(couples.rows, scale, columns, out_of_range=out_of_range)
        answered.append(answers)
        name = f"{scale.name}_{role}"
        if name in couples.rows.columns:
            raise _taken(name)
        new.append(
            (
                pd.Series(_score(answers.values, scale), index=couples.rows.index, name=name),
                _variable(scale, name),
                Derivation(column=name, source=", ".join(columns), operation=_words(scale)),
            )
        )
    return couples.with_columns(new), _report(scale, answered)


def _variable(scale: Scale, name: str) -> Variable:
    """Return the codebook's entry of a score."""
    low, high = scale.score_range
    return Variable(
        name=name,
        label=scale.label or scale.name.replace("_", " "),
        unit=scale.unit,
        minimum=low,
        maximum=high,
        level="person",
    )


def _score(values: Floats, scale: Scale) -> Floats:
    answered = ~np.isnan(values)
    n = answered.sum(axis=1)
    total = np.where(answered, values, 0.0).sum(axis=1)
    # Whole items: 0.5 of three items is two.
    enough = n >= np.ceil(scale.least_answered * len(scale.items) - 1e-9)
    score = np.full(len(values), np.nan)
    held = enough & (n > 0)
    low, high = scale.raw_range
    if scale.ranges:
        # The share of what the answered items allow, of what all of them do.
        lowest, highest = np.array([scale.ends(item) for item in scale.items]).T
        at_least, at_most = answered @ lowest, answered @ highest
        share = (total[held] - at_least[held]) / (at_most[held] - at_least[held])
        score[held] = low + share * (high - low)
    else:
        score[held] = total[held] / n[held]
        factor = scale.multiplier * (len(scale.items) if scale.method == "sum" else 1)
        score = score * factor if factor != 1 else score
    if scale.rescaled_to is None:
        return score
    bottom, top = scale.rescaled_to
    return np.asarray(bottom + (score - low) / (high - low) * (top - bottom))


def _report(scale: Scale, answered: list[ItemAnswers]) -> ScoringReport:
    values = np.vstack([held.values for held in answered])
    n = (~np.isnan(values)).sum(axis=1)
    enough = n >= max(1, np.ceil(scale.least_answered * len(scale.items) - 1e-9))
    complete = n == len(scale.items)
    return ScoringReport(
        scale=scale,
        n_rows=len(values),
        n_complete=int(complete.sum()),
        n_prorated=int((enough & ~complete).sum()),
        n_without=int((~enough).sum()),
        n_silent=int((n == 0).sum()),
        reversed=scale.reversed,
        missing=tuple(count for held in answered for count in held.missing),
        out_of_range=tuple(count for held in answered for count in held.outside),
        warnings=(*_without_variance(scale, values), *_looks_reversed(scale, values)),
    )


def _without_variance(scale: Scale, values: Floats) -> tuple[str, ...]:
    """Warn of each item with one answer only, or none."""
    said = []
    for at, item in enumerate(scale.items):
        held = values[:, at][~np.isnan(values[:, at])]
        if len(held) == 0:
            said.append(f"{item} of {scale.name} has no answer at all: nothing is scored from it.")
        elif len(held) > 1 and held.min() == held.max():
            said.append(
                f"{item} of {scale.name} was answered alike by all {len(held)}: it tells nobody "
                "apart, and no reliability can be computed with it."
            )
    return tuple(said)


def _looks_reversed(scale: Scale, values: Floats) -> tuple[str, ...]:
    """Warn of each item that correlates negatively with the mean of the others."""
    if len(scale.items) < 3:
        return ()
    answered = ~np.isnan(values)
    filled = np.where(answered, values, 0.0)
    total, n = filled.sum(axis=1), answered.sum(axis=1)
    said = []
    for at, item in enumerate(scale.items):
        held = answered[:, at] & (n > 1)
        if held.sum() < 3:
            continue
        own = values[held, at]
        rest = (total[held] - own) / (n[held] - 1)
        if own.std() == 0 or rest.std() == 0:
            continue
        r = float(np.corrcoef(own, rest)[0, 1])
        # Further below zero than chance alone would put one item in twenty that shares nothing.
        if r < -1.645 / np.sqrt(held.sum()):
            said.append(
                f"{item} goes against the rest of {scale.name} (r = {r:.2f}): it looks "
                f"{'wrongly reversed' if item in scale.reversed else 'reverse-keyed'}."
            )
    return tuple(said)


def _words(scale: Scale) -> str:
    turned = f"; reversed: {', '.join(scale.reversed)}" if scale.reversed else ""
    times = f", times {scale.multiplier:g}" if scale.multiplier != 1 else ""
    if scale.rescaled_to is not None:
        times += f", brought to {scale.rescaled_to[0]:g} to {scale.rescaled_to[1]:g}"
    return (
        f"{scale.method} of {len(scale.items)} items where at least "
        f"{100 * scale.least_answered:g} % are answered{times}{turned}"
    )


def _counted(counts: tuple[ItemCount, ...]) -> str:
    first = min(counts, key=lambda count: count.first_row)
    return (
        f"{sum(count.n for count in counts)} ({listed_counts(counts)}), the first in row "
        f"{first.first_row} ({first.column})"
    )


def _taken(name: str) -> DataError:
    return DataError(
        f"a score must not replace a column that is there, but {name!r} is. Rename the scale, or "
        "drop the column."
    )
