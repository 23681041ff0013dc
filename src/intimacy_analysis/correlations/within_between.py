"""Correlations of a diary's variables between persons and within them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.correlations.adjusting import with_adjusted_p
from intimacy_analysis.correlations.bootstrap_limits import (
    Bootstrap,
    seed_or_drawn,
    with_bootstrap_limits,
)
from intimacy_analysis.correlations.choices import Adjust, IntervalKind, check_choices
from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.correlations.correlation_table import (
    Correlation,
    CorrelationTable,
    Describing,
)
from intimacy_analysis.correlations.diary_units import DiaryUnits, diary_units
from intimacy_analysis.correlations.numeric_columns import numeric_columns
from intimacy_analysis.correlations.role_table import role_table
from intimacy_analysis.correlations.unit_jackknife import jackknife_correlation
from intimacy_analysis.errors import DataError
from intimacy_analysis.formatting import Table
from intimacy_analysis.numerics.intervals import fisher_interval, t_p_value
from intimacy_analysis.study.diary import DiaryFrame

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinBetweenCorrelations:
    """Correlations on both levels of a diary.

    Attributes:
        between: Of person means; n counts persons.
        within: Of deviations from person means; n counts rows.
    """

    between: CorrelationTable
    within: CorrelationTable

    @property
    def table(self) -> Table:
        """Both levels in one publication table: within below the diagonal, between above."""
        return role_table(
            (self.within, self.between),
            {},
            ("within persons", "between persons"),
            title="Means, standard deviations and correlations within and between persons",
            notes=tuple(dict.fromkeys((*self.within.notes, *self.between.notes))),
        )

    def __str__(self) -> str:
        return f"Between persons\n{self.between}\n\nWithin persons\n{self.within}"

    def _repr_html_(self) -> str:
        return (
            "<p>Between persons</p>" + self.between._repr_html_()
            + "<p>Within persons</p>" + self.within._repr_html_()
        )  # fmt: skip


def within_between_correlations(
    diary: DiaryFrame,
    columns: Sequence[str],
    *,
    confidence: float = 0.95,
    adjust: Adjust = "none",
    clusters: str | None = None,
    bootstrap: int = 0,
    interval: IntervalKind = "bca",
    seed: int | None = None,
) -> WithinBetweenCorrelations:
    """Correlate columns of a diary between persons and within persons.

    Between: of each person's means over the rows that hold the variable. Within: of deviations
    from the person's means over the rows that hold both variables (the repeated-measures
    correlation). In a diary of couples (a column with the role "couple") members and their days
    are not taken as independent: errors on both levels rest on couples.
    `diary_partner_correlations` tells the roles apart and adds correlations between partners.

    Args:
        diary: The diary.
        columns: Two measured columns or more.
        confidence: Coverage of the intervals (Fisher z).
        adjust: p of each level's correlations as a family, as in `correlate`.
        clusters: Column of units whose rows depend on each other; None for couples where there are
            any, else for rows - persons - 1 degrees of freedom within. The person column allows
            for days that follow each other.
        bootstrap: Replicates for intervals, of whole couples or persons; 0 for none.
        interval: "bca" or "percentile", of the bootstrap.
        seed: Of the bootstrap; None for one that is drawn and noted.

    Raises:
        SpecError: Options that cannot be, or a key among the columns.
        DataError: Columns that are absent, no numbers, or do not vary on one of both levels.

    Source:
        Bland and Altman (1995), BMJ 310, 446 (within) and 633 (between); Bakdash and Marusich
        (2017), Frontiers in Psychology 8, 456; docs/maths/correlations.md, eq. 4 to 6.
    """
    check_choices(
        confidence=confidence, adjust=adjust, bootstrap=bootstrap, interval=interval, seed=seed
    )
    units = diary_units(diary, columns, clusters)
    answers = numeric_columns(diary.rows, columns)
    person = pd.Series(units.person)
    means = answers.groupby(person, sort=False).mean()
    check_vary_between(answers, means)
    how = _How(
        units=units,
        confidence=confidence,
        adjust=adjust,
        bootstrap=bootstrap,
        interval=interval,
        seed=seed_or_drawn(seed),
    )
    between = _between(means, person, how, list(answers.columns))
    return WithinBetweenCorrelations(between=between, within=_within(answers, person, how))


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    units: DiaryUnits
    confidence: float
    adjust: Adjust
    bootstrap: int
    interval: IntervalKind
    seed: int

    @property
    def kind(self) -> str:
        if self.bootstrap:
            return f"bootstrap, {'BCa' if self.interval == 'bca' else 'percentile'}"
        return "Fisher z" if self.units.cluster is None else "Fisher z, jackknife errors"


def check_vary_between(answers: pd.DataFrame, means: pd.DataFrame) -> None:
    """Raise `DataError` where persons' means do not differ."""
    # Centered columns leave means that differ by rounding alone, and a correlation made of it.
    spread = (means.max() - means.min()) > 1e-12 * answers.abs().max()
    if not spread.all():
        name = str(spread.index[int((~spread).to_numpy().argmax())])
        raise DataError(
            f"a correlation between persons needs person means that differ, but {name!r} does not "
            f"vary between its {len(means)} persons. Take the column before it was centered."
        )


def _between(
    means: pd.DataFrame, person: pd.Series, how: _How, columns: list[str]
) -> CorrelationTable:
    cluster = how.units.cluster
    # Where each person is a unit of its own, rows are independent already.
    name = how.units.name if cluster is not None and not how.units.persons_are_units else None
    if name is not None and cluster is not None:
        of_person = pd.Series(cluster).groupby(person, sort=False).first()
        name = name if name not in columns else f"{name} "
        means = means.assign(**{name: of_person})
    return correlate(
        means,
        columns,
        confidence=how.confidence,
        adjust=how.adjust,
        clusters=name,
        bootstrap=how.bootstrap,
        interval=how.interval,
        seed=how.seed,
    )


def _within(answers: pd.DataFrame, person: pd.Series, how: _How) -> CorrelationTable:
    described = []
    for name in map(str, answers.columns):
        deviations, n_persons, _ = _deviations(answers[[name]], person)
        spare = len(deviations) - n_persons
        described.append(
            Describing(
                name=name,
                mean=float(answers[name].mean()),
                sd=math.sqrt(float((deviations**2).sum()) / spare) if spare else math.nan,
            )
        )
    rows, words = with_adjusted_p(
        [_pair(answers, person, a, b, how) for a, b in combinations(map(str, answers.columns), 2)],
        how.adjust,
    )
    if how.units.cluster is None:
        told = (
            "Within persons: deviations from person means, rows - persons - 1 degrees of freedom; "
            "SD within persons. Rows of one person are taken as independent given the mean; a "
            "slope that follows the days or differs between persons needs a mixed model."
        )
    else:
        told = (
            "Within persons: deviations from person means; SD within persons. The errors rest on "
            f"{how.units.n_clusters} clusters ({how.units.name}), so that neither members nor "
            "days of one are taken as independent; a slope that differs between persons needs a "
            "mixed model."
        )
    drawn = (f"{how.bootstrap} bootstrap replicates, seed {how.seed}.",) if how.bootstrap else ()
    return CorrelationTable(
        variables=tuple(described),
        correlations=rows,
        confidence=how.confidence,
        interval_method=how.kind,
        adjust=how.adjust,
        notes=(told, *drawn, *words),
    )


def _pair(
    answers: pd.DataFrame, person: pd.Series, first: str, second: str, how: _How
) -> Correlation:
    deviations, n_persons, kept = _deviations(answers[[first, second]], person)
    n = len(deviations)
    df = n - n_persons - 1
    _check_moves(answers, deviations, first, second, n_persons)
    x, y = deviations[:, 0], deviations[:, 1]
    cluster = how.units.cluster
    of_rows = None if cluster is None else cluster[kept]
    known = jackknife_correlation(x, y, of_rows, how.confidence)
    r = known.r
    if of_rows is None:
        low, high = fisher_interval(r, (1 - r**2) / math.sqrt(df - 1), how.confidence)
        t = r * math.sqrt(df / (1 - r**2)) if abs(r) < 1 else math.inf
        row = Correlation(
            first=first, second=second, r=r, n=n, low=low, high=high,
            p_value=float(t_p_value(t, df)),
        )  # fmt: skip
        of_rows = how.units.person[kept]
    else:
        row = Correlation(
            first=first, second=second, r=r, n=n, low=known.low, high=known.high,
            p_value=known.p_value, std_error=known.std_error,
        )  # fmt: skip
    if not how.bootstrap:
        return row
    drawn = Bootstrap(
        replicates=how.bootstrap, kind=how.interval, seed=how.seed, confidence=how.confidence
    )
    codes = np.unique(of_rows, return_inverse=True)[1].reshape(-1)
    (held,), _ = with_bootstrap_limits(
        [row], deviations, [(0, 1)], drawn, method="pearson", units=codes
    )
    return held


def _check_moves(
    answers: pd.DataFrame, deviations: Floats, first: str, second: str, n_persons: int
) -> None:
    n = len(deviations)
    squares = (deviations**2).sum(axis=0)
    size = np.square(answers[[first, second]].abs().max().to_numpy())
    still = [
        name
        for name, moved in zip((first, second), squares > 1e-24 * n * size, strict=True)
        if not moved
    ]
    if n - n_persons < 3 or still:
        trouble = f"{still[0]!r} does not vary within any" if still else "that leaves too few"
        raise DataError(
            "a correlation within persons needs two variables that vary within persons, and three "
            f"rows more than persons, but {first!r} and {second!r} have {n} rows of {n_persons} "
            f"persons, and {trouble}. Leave one of them out."
        )


def _deviations(answers: pd.DataFrame, person: pd.Series) -> tuple[Floats, int, Codes]:
    rows = answers.dropna()
    groups = rows.groupby(person.loc[rows.index], sort=False)
    kept = rows.index.to_numpy().astype(np.intp)
    return (rows - groups.transform("mean")).to_numpy(dtype=np.float64), groups.ngroups, kept
