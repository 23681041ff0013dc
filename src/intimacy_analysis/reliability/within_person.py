"""Reliability of a diary's scale between persons and within them, per role, with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import format_count
from intimacy_analysis.numerics.threads import one_thread
from intimacy_analysis.paths.bootstrap import resampling_counts
from intimacy_analysis.reliability.day_answers import DayAnswers, DiaryData, day_answers
from intimacy_analysis.reliability.drawn_estimate import drawn_estimate
from intimacy_analysis.reliability.facet_coefficients import (
    MEANINGS,
    coefficients_at,
    facet_coefficients,
)
from intimacy_analysis.reliability.facet_likelihood import FACETS
from intimacy_analysis.reliability.facet_variances import facet_variances

Floats = npt.NDArray[np.float64]
_FEWEST_DRAWS = 100
_FEW_PERSONS = 20
# Numbers held at once for the replicates' sums: 64 MB.
_CHUNK = 8_000_000
# Multiplications of all replicates (some fifteen seconds), and the least share of days without a
# gap that may stand for all days in the replicates.
_MOST_WORK, _LEAST_WHOLE = 4e9, 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReliability:
    """Reliability of one score of a diary: of persons, of one role, or of a couple's composite.

    Attributes:
        role: The member, "couple mean" or "partner difference"; "" for persons.
        n: Persons (or couples) with answers.
        n_days: Levels of the day facet.
        mean_days: Mean number of days a person answered.
        harmonic_days: Their harmonic mean.
        variances: Of the crossed facets by name (P, PD, PI, e, D, I, DI), in squared units.
        nested_variances: Of persons, days within persons (PD) and the rest (e).
        estimates: The R family; percentile intervals of the bootstrap.
    """

    role: str
    n: int
    n_items: int
    n_days: int
    mean_days: float
    harmonic_days: float
    variances: Mapping[str, float]
    nested_variances: Mapping[str, float]
    estimates: EstimateTable

    def at(self, days: float) -> EstimateTable:
        """Return the coefficients for a planned number of days, without intervals."""
        if not days > 0:
            raise SpecError(f"days must be above 0, got {days!r}.")
        crossed, nested = (
            np.array([held.get(name, 0.0) for name in FACETS])
            for held in (self.variances, self.nested_variances)
        )
        found = coefficients_at(crossed, nested, self.n_items, np.asarray(float(days)))
        return EstimateTable(
            rows=tuple(
                Estimate(name=name, value=float(value), unit="reliability")
                for name, value in found.items()
            ),
            title=f"Reliability over {days:g} days",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinPersonReliability:
    """Reliability of one scale of a diary.

    Attributes:
        items: Columns.
        parts: One entry for persons; or one a role of couples.
        differences: Of the roles' coefficients, first less second, with p of no difference; None
            for persons.
        couple_mean: Of the mean of both partners' answers of a day; None for persons.
        couple_difference: Of their difference; None for persons.
        n_replicates: Bootstrap replicates.
        seed: Of the bootstrap.
        confidence: Coverage of the intervals.
        warnings: What must be known before the numbers are trusted.
    """

    items: tuple[str, ...]
    parts: tuple[DayReliability, ...]
    differences: EstimateTable | None
    couple_mean: DayReliability | None
    couple_difference: DayReliability | None
    n_replicates: int
    seed: int
    confidence: float
    warnings: tuple[str, ...] = ()

    def of(self, role: str = "") -> DayReliability:
        """Return one role's reliability ("" for persons), or raise `SpecError`."""
        for part in self.parts:
            if part.role == role:
                return part
        raise SpecError(
            f"role must be one of {', '.join(repr(part.role) for part in self.parts)}, but is "
            f"{role!r}."
        )

    @property
    def estimates(self) -> EstimateTable:
        """All coefficients; of each role, their differences, and the couple's scores."""
        rows: list[Estimate] = []
        for part in (*self.parts, self.couple_mean, self.couple_difference):
            if part is not None:
                ending = f" ({part.role})" if part.role else ""
                rows += [replace(row, name=f"{row.name}{ending}") for row in part.estimates]
        if self.differences is not None:
            rows += self.differences.rows
        return EstimateTable(
            rows=tuple(rows),
            title="Reliability between and within persons",
            interval_method=f"bootstrap, {self.n_replicates} replicates",
            confidence=self.confidence,
            notes=self.warnings,
        )

    def __str__(self) -> str:
        return str(self.estimates)

    def _repr_html_(self) -> str:
        return self.estimates._repr_html_()


@one_thread()
def within_person_reliability(
    diary: DiaryData,
    items: Sequence[str],
    *,
    person: str | None = None,
    day: str | None = None,
    couple: str | None = None,
    role: str | None = None,
    bootstrap: int = 1000,
    seed: int | None = None,
    confidence: float = 0.95,
) -> WithinPersonReliability:
    """Estimate how reliable a diary's scale is between persons and for change within them.

    Variances of persons, days, items and their pairs are estimated by restricted maximum
    likelihood, none below zero; gaps are allowed. Where gaps within days are many, the bootstrap's
    spread is that of the days without one, and a warning says so. R_C is the reliability of daily
    change, R_KF, R_KR and R_KRN those of persons' means, for each person's own number of days. For
    couples every coefficient is given per role with a test that the roles are equal, and for the
    daily mean and difference of the two partners (days on which both answered).

    Args:
        diary: One row a person-day.
        items: Columns of the scale, two or more, reverse-keyed ones recoded.
        person: Column of persons; None for the one a `DiaryFrame` names, or "person".
        day: Column of study days; likewise, or "day".
        couple: Column of couples; with `role`, persons are partners and couples are drawn whole.
        role: Column that tells the members apart ("partner" in a codebook).
        bootstrap: Replicates of persons or couples, 100 or more.
        seed: Of the bootstrap; None for one that is drawn and kept in the result.
        confidence: Coverage of the intervals.

    Raises:
        SpecError: Options that cannot be.
        DataError: As `day_answers`.

    Source:
        docs/maths/reliability.md, eq. 13 to 26; Shrout and Lane (2012), in Mehl and Conner (eds.),
        Handbook of Research Methods for Studying Daily Life, chapter 17.
    """
    _check_options(bootstrap, confidence)
    held = day_answers(diary, items, person=person, day=day, couple=couple, role=role)
    drawn = seed if seed is not None else int(np.random.default_rng().integers(2**31))
    n_units = len(held.answers[0])
    counts = resampling_counts(np.random.default_rng(drawn), bootstrap, n_units)
    named = dict(zip(held.roles, held.answers, strict=True))
    couples = len(held.roles) == 2
    if couples:
        one, two = held.answers
        named |= {"couple mean": (one + two) / 2, "partner difference": one - two}
    found = {
        name: _replicated(answers, counts) for name, answers in named.items() if _enough(answers)
    }
    parts = {
        name: _part(name, named[name], replicates, confidence, bootstrap)
        for name, replicates in found.items()
    }
    return WithinPersonReliability(
        items=held.items,
        parts=tuple(parts[name] for name in held.roles),
        differences=_differences(held.roles, found, confidence, bootstrap) if couples else None,
        couple_mean=parts.get("couple mean"),
        couple_difference=parts.get("partner difference"),
        n_replicates=bootstrap,
        seed=drawn,
        confidence=confidence,
        warnings=_warnings(held, found, parts, couples),
    )


@dataclass(frozen=True, slots=True)
class _Replicates:
    """Variances of the sample; coefficients of the sample (first) and of the replicates."""

    crossed: Floats
    nested: Floats
    coefficients: dict[str, Floats]
    converged: bool
    n_lost: int
    share_drawn: float


def _enough(answers: Floats) -> bool:
    return int((np.isfinite(answers).any(axis=2).sum(axis=1) > 1).sum()) >= 2


def _replicated(answers: Floats, counts: Floats) -> _Replicates:
    """Fit the sample and the replicates.

    Where gaps within days are many, the replicates' spread is taken from the days without a gap
    and laid about the estimates of all answers: those replicates fall into small problems.
    """
    there: npt.NDArray[np.bool_] = np.asarray(np.isfinite(answers).any(axis=(1, 2)))
    values, weights = answers[there], counts[:, there]
    own = _fits(values, np.ones((1, len(values))), None)
    n_whole = _days_to_draw(values, len(counts))
    if n_whole is None:
        drawn = _fits(values, weights, own)
        found = {
            name: np.concatenate([own.coefficients[name], drawn.coefficients[name]])
            for name in own.coefficients
        }
    else:
        whole: npt.NDArray[np.bool_] = np.asarray(np.isfinite(values).all(axis=2))
        part = np.where(whole[:, :, None], values, np.nan)
        left: npt.NDArray[np.bool_] = np.asarray(np.isfinite(part).any(axis=(1, 2)))
        base = _fits(part[left], np.ones((1, int(left.sum()))), own)
        drawn = _fits(part[left], weights[:, left], base)
        found = {
            name: np.concatenate(
                [value, np.clip(value + drawn.coefficients[name] - base.coefficients[name], 0, 1)]
            )
            for name, value in own.coefficients.items()
        }
    lost = np.concatenate([[False], ~drawn.converged])
    return _Replicates(
        crossed=own.crossed[0],
        nested=own.nested[0],
        coefficients={name: np.where(lost, math.nan, values) for name, values in found.items()},
        converged=bool(own.converged[0]),
        n_lost=int(lost.sum()),
        share_drawn=1.0 if n_whole is None else n_whole,
    )


@dataclass(frozen=True, slots=True)
class _Fits:
    """Variances and coefficients of B replicates."""

    crossed: Floats
    nested: Floats
    coefficients: dict[str, Floats]
    converged: npt.NDArray[np.bool_]


def _fits(values: Floats, weights: Floats, start: _Fits | None) -> _Fits:
    n_days = np.isfinite(values).any(axis=2).sum(axis=1)
    days = np.unique(n_days)
    levels, m = values.shape[1:]
    one = len(days) * levels * (levels + 2 * m) + 3 * (_n_gappy(values) + 3) * (levels * m) ** 2
    blocks = np.array_split(weights, -(-len(weights) // max(1, _CHUNK // one)))
    found = []
    for nested in (False, True):
        begin = None if start is None else (start.nested if nested else start.crossed)[0]
        found.append(
            [facet_variances(values, block, nested=nested, start=begin) for block in blocks]
        )
    crossed, nested_ = (np.vstack([part.theta for part in parts]) for parts in found)
    one_, other = (np.concatenate([part.converged for part in parts]) for parts in found)
    persons = np.stack([weights[:, n_days == k].sum(axis=1) for k in days], axis=1)
    return _Fits(
        crossed=crossed,
        nested=nested_,
        coefficients=facet_coefficients(crossed, nested_, m, days.astype(np.float64), persons),
        converged=one_ & other,
    )


def _n_gappy(values: Floats) -> int:
    some, every = np.isfinite(values).any(axis=2), np.isfinite(values).all(axis=2)
    return int((some != every).any(axis=1).sum())


def _days_to_draw(values: Floats, replicates: int) -> float | None:
    """Return the share of days without a gap, where the replicates are to be fitted to those.

    None where all answers can be drawn in reasonable time, or where such days are too few.
    """
    gappy, (_, levels, m) = _n_gappy(values), values.shape
    work = replicates * (gappy * (levels * m) ** 2 * (levels + 2 * m) + 6 * (levels * m) ** 3)
    some, every = np.isfinite(values).any(axis=2), np.isfinite(values).all(axis=2)
    share = float(every.sum() / some.sum())
    return share if gappy and work > _MOST_WORK and share >= _LEAST_WHOLE else None


def _part(
    name: str, answers: Floats, found: _Replicates, confidence: float, bootstrap: int
) -> DayReliability:
    days = np.isfinite(answers).any(axis=2).sum(axis=1)
    days = days[days > 0]
    return DayReliability(
        role=name,
        n=len(days),
        n_items=answers.shape[2],
        n_days=int(np.isfinite(answers).any(axis=(0, 2)).sum()),
        mean_days=float(days.mean()),
        harmonic_days=float(len(days) / (1 / days).sum()),
        variances=dict(zip(FACETS, found.crossed.tolist(), strict=True)),
        nested_variances=dict(zip(("P", "PD", "e"), found.nested[[0, 1, 3]].tolist(), strict=True)),
        estimates=EstimateTable(
            rows=tuple(
                drawn_estimate(row, float(values[0]), values[1:], confidence=confidence)
                for row, values in found.coefficients.items()
            ),
            title=f"Reliability{f' ({name})' if name else ''}",
            interval_method=f"bootstrap, {bootstrap} replicates",
            confidence=confidence,
            notes=tuple(f"{row}: {text}." for row, text in MEANINGS.items()),
        ),
    )


def _differences(
    roles: tuple[str, ...], found: Mapping[str, _Replicates], confidence: float, bootstrap: int
) -> EstimateTable:
    one, two = (found[role].coefficients for role in roles)
    return EstimateTable(
        rows=tuple(
            drawn_estimate(
                f"{name}, {roles[0]} minus {roles[1]}",
                float(one[name][0] - two[name][0]),
                one[name][1:] - two[name][1:],
                confidence=confidence,
                null=0.0,
            )
            for name in one
        ),
        title="Differences of the roles' reliabilities",
        interval_method=f"bootstrap of couples, {bootstrap} replicates",
        confidence=confidence,
    )


def _warnings(
    held: DayAnswers,
    found: Mapping[str, _Replicates],
    parts: Mapping[str, DayReliability],
    couples: bool,
) -> tuple[str, ...]:
    said = []
    for role, answers in zip(held.roles, held.answers, strict=True):
        said += _against_words(held.items, answers, role)
    who = "couples" if couples else "persons"
    for name, replicates in found.items():
        of = f" ({name})" if name else ""
        none = [facet for facet in ("P", "PD") if replicates.crossed[FACETS.index(facet)] == 0]
        if "PD" in none:
            said.append(
                f"No reliable change from day to day is found{of}: the variance of person-days is "
                "zero, and so is R_C."
            )
        if "P" in none:
            said.append(f"No difference between persons is found{of}: their variance is zero.")
        if not replicates.converged:
            said.append(f"The variances{of} did not reach their maximum: do not use them.")
        if replicates.n_lost:
            said.append(
                f"{format_count(replicates.n_lost)} bootstrap replicates{of} without a maximum are "
                "left out."
            )
        if replicates.share_drawn < 1:
            said.append(
                f"Intervals{of}: to save time the replicates are of the days without a gap "
                f"({100 * replicates.share_drawn:.0f} % of all), their spread laid about the "
                "estimates from all answers."
            )
        if parts[name].n < _FEW_PERSONS:
            said.append(
                f"{format_count(parts[name].n)} {who} are few{of}: intervals are too short."
            )
    if couples and "couple mean" not in found:
        said.append("Too few days on which both partners answered for the couples' scores.")
    return tuple(said)


def _against_words(items: tuple[str, ...], answers: Floats, role: str) -> list[str]:
    """Warn of items that go against the rest from day to day, each about the person's own mean."""
    if len(items) < 2:
        return []
    with np.errstate(invalid="ignore"):
        there: npt.NDArray[np.bool_] = np.asarray(np.isfinite(answers).all(axis=2))
        seen = np.where(there[:, :, None], answers, 0.0)
        mean = seen.sum(axis=1) / there.sum(axis=1)[:, None]
    within = (answers - mean[:, None, :])[there]
    rest = within.sum(axis=1, keepdims=True) - within
    against = np.flatnonzero((within * rest).sum(axis=0) < 0)
    of = f" ({role})" if role else ""
    return [
        f"{items[at]!r} goes against the other items from day to day{of}: is it reverse-keyed?"
        for at in against
    ]


def _check_options(bootstrap: object, confidence: float) -> None:
    if isinstance(bootstrap, bool) or not isinstance(bootstrap, int) or bootstrap < _FEWEST_DRAWS:
        raise SpecError(
            f"bootstrap must be a whole number of replicates, {_FEWEST_DRAWS} or more, got "
            f"{bootstrap!r}."
        )
    if not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")
