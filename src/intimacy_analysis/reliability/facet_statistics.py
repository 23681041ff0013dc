"""Answers of persons by day and item, and the sums that variances of the facets need of them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemGroup:
    """Sums over persons with the same number of days, all items answered on each of them.

    Values of a day are split into the items' mean (times the root of their number) and the items'
    deviations from it. B replicates of drawn persons stand side by side.

    Attributes:
        k: Days of each person.
        n: Persons, shape (B,).
        pairs: How often days go together, shape (B, K, K).
        mean_square: Sum of squared means, (B,).
        mean_total: Sum of squared person totals of the means, (B,).
        mean_days: Sum of the means by day, (B, K).
        mean_carried: Sum of persons' totals on each of their days, (B, K).
        rest_square: As `mean_square`, of the deviations, summed over items, (B,).
        rest_total: As `mean_total`, (B,).
        rest_days: As `mean_days`, (B, K, m).
        rest_carried: As `mean_carried`, (B, K, m).
    """

    k: int
    n: Floats
    pairs: Floats
    mean_square: Floats
    mean_total: Floats
    mean_days: Floats
    mean_carried: Floats
    rest_square: Floats
    rest_total: Floats
    rest_days: Floats
    rest_carried: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetStatistics:
    """What the likelihood needs of the answers, for B replicates.

    Attributes:
        groups: Persons without a gap on any of their days, by number of days.
        gappy: Answers of the other persons, shape (n, K, m), nan where there is none.
        gappy_counts: How often each of them is drawn, shape (B, n).
        n_days: Levels of the day facet, K.
        n_items: Items, m.
        n_persons: Persons, shape (B,).
        n_person_days: Days of all persons, shape (B,).
        variance: Of all answers, about the size of every component.
    """

    groups: tuple[ItemGroup, ...]
    gappy: Floats
    gappy_counts: Floats
    n_days: int
    n_items: int
    n_persons: Floats
    n_person_days: Floats
    variance: float


def facet_statistics(answers: Floats, counts: Floats) -> FacetStatistics:
    """Collect the sums, one matrix product a group of persons.

    Args:
        answers: Shape (persons, K, m), nan where there is no answer; every person has one.
        counts: How often each person is drawn in each replicate, shape (B, persons).
    """
    there = np.isfinite(answers)
    days: npt.NDArray[np.bool_] = np.asarray(there.any(axis=2))
    whole = (there.all(axis=2) != days).sum(axis=1) == 0
    n_days = days.sum(axis=1)
    center = float(answers[there].mean())
    # About the mean: sums of squares of raw answers would lose digits.
    values = np.where(there, answers - center, 0.0)
    groups = tuple(
        _group(values[held], days[held], counts[:, held], int(k))
        for k in np.unique(n_days[whole])
        for held in [whole & (n_days == k)]
    )
    return FacetStatistics(
        groups=groups,
        gappy=np.where(there, answers - center, np.nan)[~whole],
        gappy_counts=counts[:, ~whole],
        n_days=answers.shape[1],
        n_items=answers.shape[2],
        n_persons=counts.sum(axis=1),
        n_person_days=counts @ n_days.astype(np.float64),
        variance=float(answers[there].var()),
    )


def _group(values: Floats, days: npt.NDArray[np.bool_], counts: Floats, k: int) -> ItemGroup:
    n, _, m = values.shape
    seen = days.astype(np.float64)
    mean = values.sum(axis=2) / np.sqrt(m)
    rest = (values - (mean / np.sqrt(m))[:, :, None]) * seen[:, :, None]
    totals, rest_totals = mean.sum(axis=1), rest.sum(axis=1)
    b = len(counts)

    def summed(parts: Floats) -> Floats:
        return np.asarray(counts @ parts.reshape(n, -1)).reshape(b, *parts.shape[1:])

    return ItemGroup(
        k=k,
        n=counts.sum(axis=1),
        pairs=summed(seen[:, :, None] * seen[:, None, :]),
        mean_square=summed((mean**2).sum(axis=1)),
        mean_total=summed(totals**2),
        mean_days=summed(mean),
        mean_carried=summed(seen * totals[:, None]),
        rest_square=summed((rest**2).sum(axis=(1, 2))),
        rest_total=summed((rest_totals**2).sum(axis=1)),
        rest_days=summed(rest),
        rest_carried=summed(seen[:, :, None] * rest_totals[:, None, :]),
    )


def replicates_of(statistics: FacetStatistics, which: npt.NDArray[np.intp]) -> FacetStatistics:
    """Return the sums of some of the replicates."""
    if len(which) == len(statistics.n_persons):
        return statistics
    arrays = [held.name for held in fields(ItemGroup) if held.name != "k"]
    return replace(
        statistics,
        groups=tuple(
            replace(group, **{name: getattr(group, name)[which] for name in arrays})
            for group in statistics.groups
        ),
        gappy_counts=statistics.gappy_counts[which],
        n_persons=statistics.n_persons[which],
        n_person_days=statistics.n_person_days[which],
    )
