"""How reliably a scale measures each member, the couple's mean and the partners' difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from intimacy_analysis.dyadic.alpha import (
    alpha_of_covariances,
    cronbach_alpha,
    feldt_interval,
    item_statistics,
    pairwise_covariances,
    reversed_items,
    turn_round,
)
from intimacy_analysis.dyadic.composite_reliability import (
    DIFFERENCE,
    MEAN,
    OMEGA,
    couple_score_model,
    fit_for_reliability,
    one_factor_model,
    resampled,
)
from intimacy_analysis.dyadic.couple_columns import CoupleData, couple_rows, numbers
from intimacy_analysis.dyadic.item_columns import ItemColumns, Items, check_items, item_columns
from intimacy_analysis.dyadic.measurement import TWO_ITEMS
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import format_interval, format_number, format_p, precision_for
from intimacy_analysis.paths.bootstrap import interval_of_draws, resampling_counts
from intimacy_analysis.paths.result import Missing, PathModelResult

Floats = npt.NDArray[np.float64]
_UNIT = "reliability"
_FEWEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CoupleReliability:
    """Reliability of one scale in couples.

    Attributes:
        estimates: "alpha, <role>" (Feldt's interval), "omega, <role>" (delta method), "couple
            mean" and "partners' difference" (of the members' sums; delta method). No p: zero is
            no sensible null.
        bootstrap: The same by couple bootstrap (percentiles; mean and difference where they were
            asked for), then "alpha, difference" and "omega, difference" (first less second
            member) with p.
        items: One row an item and member: mean, SD, n, corrected item-total correlation, alpha
            without it, whether it looks reversed.
        columns: The items.
        n_couples: Rows of data.
        warnings: What must be known before the numbers are trusted.
        bootstrap_draws: One row a replicate, columns as the rows of `bootstrap`.
    """

    estimates: EstimateTable
    bootstrap: EstimateTable
    items: pd.DataFrame
    columns: ItemColumns
    n_couples: int
    warnings: tuple[str, ...]
    bootstrap_draws: pd.DataFrame

    def __str__(self) -> str:
        return "\n".join(
            [
                *(f"! {warning}" for warning in self.warnings),
                str(self.estimates),
                str(self.bootstrap),
                describe_reliability(self),
            ]
        )


def reliability(
    data: CoupleData,
    items: Items,
    *,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
    missing: Missing = "fiml",
    bootstrap: int = 2000,
    seed: int = 1,
    resample_scores: bool = False,
    confidence: float = 0.95,
) -> CoupleReliability:
    """Estimate alpha and omega of each member, test that they are equal, and judge couple scores.

    Members of a couple are not independent: the differences of their coefficients are judged by
    drawing couples anew, both members together.

    Args:
        data: One row a couple, or a `DyadFrame`.
        items: Columns by member, or stems; see `dyadic_factor_model`.
        roles: The two members; None for the mapping's keys, a `DyadFrame`'s, else wife and
            husband.
        suffixes: Endings of the columns of stems; "_" and the role where None.
        missing: "fiml" uses all answers (alpha: every pair of items over those who answered
            both); "listwise" only couples who answered everything.
        bootstrap: Replicates.
        seed: Their seed.
        resample_scores: Whether mean and difference are bootstrapped too: each replicate fits the
            factor model of both members, which takes minutes for long scales and few couples.
        confidence: Coverage of the intervals.

    Raises:
        SpecError: Names or options that cannot be.
        DataError: Items that are absent, no numbers or constant, fewer than ten couples, or a
            printed table.

    Source:
        docs/maths/measurement.md, eq. 7 to 10.
    """
    columns = item_columns(items, roles=roles, suffixes=suffixes, data=data)
    couple_rows(data)
    check_items(data, columns)
    _check_options(missing, bootstrap, confidence)
    members = tuple(_member_rows(data, columns, member) for member in (0, 1))
    complete = np.column_stack(members)
    if missing == "listwise":
        whole = np.asarray(np.isfinite(complete).all(axis=1))
        members = tuple(np.where(whole[:, None], one, np.nan) for one in members)
    couples = int(np.isfinite(np.column_stack(members)).any(axis=1).sum())
    if couples < _FEWEST:
        raise DataError(
            f"reliability needs {_FEWEST} couples or more with answers, but there are {couples} "
            f"of {len(complete)}. Check the columns, or take missing='fiml'."
        )
    rows = pd.DataFrame(
        np.column_stack(members), columns=[name for member in columns.columns for name in member]
    )
    own = tuple(
        fit_for_reliability(one_factor_model(columns.columns[member]), rows, missing)
        for member in (0, 1)
    )
    joint = fit_for_reliability(couple_score_model(columns), rows, missing)
    estimates = _estimates(columns, members, own, joint, confidence)
    counts = resampling_counts(np.random.default_rng(seed), bootstrap, len(rows))
    draws = _draws(columns, members, own, joint if resample_scores else None, counts)
    return CoupleReliability(
        estimates=estimates,
        bootstrap=_bootstrap_table(estimates, draws, confidence, seed),
        items=_items(columns, members),
        columns=columns,
        n_couples=couples,
        warnings=_warnings(columns, members, own, joint),
        bootstrap_draws=draws,
    )


def describe_reliability(result: CoupleReliability) -> str:
    """Return a paragraph: how reliable, whether equally so for both members, what looks wrong."""
    one, two = (result.columns.words(member) for member in (0, 1))
    sentences = [
        f"{len(result.columns.items)} items, {result.n_couples} couples.",
        *result.warnings,
    ]
    held = [row for row in result.estimates if math.isfinite(row.value)]
    said = "; ".join(f"{row.name} {_shown(row)}" for row in held)
    sentences.append(f"Reliability: {said}.")
    for name in ("alpha", "omega"):
        row = result.bootstrap[f"{name}, difference"]
        if not math.isfinite(row.p_value):
            continue
        p_value = format_p(row.p_value)
        differs = not row.low <= 0 <= row.high
        sentences.append(
            f"The {name} of the {one} less that of the {two} is {_shown(row)}, p "
            f"{p_value if p_value[0] in '<>' else f'= {p_value}'}: "
            + (
                "the scale is not equally reliable for both."
                if differs
                else "no difference is shown, which does not show that there is none."
            )
        )
    return " ".join(sentences)


def _shown(row: Estimate) -> str:
    precision = precision_for(row.value, row.std_error, row.low, row.high, bounded=True)
    return f"{format_number(row.value, precision)} {format_interval(row.low, row.high, precision)}"


def _check_options(missing: str, bootstrap: int, confidence: float) -> None:
    if missing not in ("fiml", "listwise"):
        raise SpecError(f"missing must be 'fiml' or 'listwise', got {missing!r}.")
    if isinstance(bootstrap, bool) or not isinstance(bootstrap, int) or bootstrap < 100:
        raise SpecError(
            f"bootstrap must be a whole number of replicates, 100 or more, got {bootstrap!r}."
        )
    if not isinstance(confidence, int | float) or not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")


def _member_rows(data: CoupleData, columns: ItemColumns, member: int) -> Floats:
    return np.column_stack([numbers(data, name).to_numpy() for name in columns.columns[member]])


_Fits = tuple[PathModelResult | None, ...]


def _estimates(
    columns: ItemColumns,
    members: tuple[Floats, ...],
    own: _Fits,
    joint: PathModelResult | None,
    confidence: float,
) -> EstimateTable:
    rows = []
    for member, role in enumerate(columns.roles):
        values = members[member]
        answered = values[np.isfinite(values).any(axis=1)]
        alpha = cronbach_alpha(pd.DataFrame(answered, columns=list(columns.columns[member])))
        low, high = feldt_interval(alpha, len(answered), len(columns.items), confidence=confidence)
        rows.append(Estimate(name=f"alpha, {role}", value=alpha, low=low, high=high, unit=_UNIT))
    for fit, (label, name) in zip(
        (*own, joint, joint),
        (
            *((f"omega, {role}", OMEGA) for role in columns.roles),
            ("couple mean", MEAN),
            ("partners' difference", DIFFERENCE),
        ),
        strict=True,
    ):
        rows.append(_model_row(fit, label, name, confidence))
    return EstimateTable(
        rows=tuple(rows),
        title="Reliability of the scale",
        df_method="normal",
        interval_method="alpha: Feldt; others: delta method",
        confidence=confidence,
        notes=(
            "Mean and difference are those of the members' sum (or mean) scores. What both "
            "members' answers to one item share beyond the latent variable counts as error.",
        ),
    )


def _model_row(fit: PathModelResult | None, label: str, name: str, confidence: float) -> Estimate:
    if fit is None:
        return Estimate(name=label, value=math.nan, unit=_UNIT)
    row = fit.estimate(name)
    reach = -float(ndtri((1 - confidence) / 2)) * row.std_error
    return replace(
        row,
        name=label,
        low=row.value - reach,
        high=row.value + reach,
        p_value=math.nan,
        unit=_UNIT,
    )


def _draws(
    columns: ItemColumns,
    members: tuple[Floats, ...],
    own: _Fits,
    joint: PathModelResult | None,
    counts: Floats,
) -> pd.DataFrame:
    drawn: dict[str, Floats] = {}
    nothing = np.full(len(counts), np.nan)
    for values, role in zip(members, columns.roles, strict=True):
        drawn[f"alpha, {role}"] = alpha_of_covariances(pairwise_covariances(values, counts))
    for fit, role in zip(own, columns.roles, strict=True):
        drawn[f"omega, {role}"] = nothing if fit is None else resampled(fit, (OMEGA,), counts)[:, 0]
    if joint is not None:
        both = resampled(joint, (MEAN, DIFFERENCE), counts)
        drawn["couple mean"], drawn["partners' difference"] = both[:, 0], both[:, 1]
    one, two = columns.roles
    for name in ("alpha", "omega"):
        drawn[f"{name}, difference"] = drawn[f"{name}, {one}"] - drawn[f"{name}, {two}"]
    return pd.DataFrame(drawn)


def _bootstrap_table(
    estimates: EstimateTable, draws: pd.DataFrame, confidence: float, seed: int
) -> EstimateTable:
    given = {row.name: row.value for row in estimates if row.name in draws}
    one, two = (row.name.removeprefix("alpha, ") for row in estimates.rows[:2])
    for name in ("alpha", "omega"):
        given[f"{name}, difference"] = given[f"{name}, {one}"] - given[f"{name}, {two}"]
    rows = tuple(
        _drawn_row(name, value, draws[name].to_numpy(), confidence) for name, value in given.items()
    )
    lost = int(draws.isna().any(axis=1).sum())
    notes = [f"Couple bootstrap: {len(draws)} replicates, seed {seed}."]
    if lost and not draws.isna().all(axis=0).any():
        notes.append(f"{lost} replicates have no value for some coefficient; it leaves them out.")
    return EstimateTable(
        rows=rows,
        title="Reliability by couple bootstrap",
        interval_method="bootstrap, percentile",
        confidence=confidence,
        notes=tuple(notes),
    )


def _drawn_row(name: str, value: float, drawn: Floats, confidence: float) -> Estimate:
    held = drawn[np.isfinite(drawn)]
    if not math.isfinite(value) or len(held) < len(drawn) / 2:
        return Estimate(name=name, value=value, unit=_UNIT)
    low, high = interval_of_draws(held, value, None, confidence)
    p_value = math.nan
    if name.endswith("difference") and name != "partners' difference":
        below = (int((held <= 0).sum()) + 1) / (len(held) + 1)
        above = (int((held >= 0).sum()) + 1) / (len(held) + 1)
        p_value = min(1.0, 2 * min(below, above))
    return Estimate(
        name=name,
        value=value,
        std_error=float(held.std(ddof=1)),
        low=low,
        high=high,
        p_value=p_value,
        unit=_UNIT,
    )


def _items(columns: ItemColumns, members: tuple[Floats, ...]) -> pd.DataFrame:
    pieces = []
    for member, role in enumerate(columns.roles):
        values = members[member]
        covariance = pairwise_covariances(values)
        frame = item_statistics(covariance, columns.columns[member])
        against = reversed_items(covariance)
        frame.insert(0, "role", role)
        frame.insert(1, "item", list(columns.items))
        frame.insert(2, "n", np.isfinite(values).sum(axis=0))
        frame.insert(3, "mean", np.nanmean(values, axis=0))
        frame.insert(4, "sd", np.nanstd(values, axis=0, ddof=1))
        frame["looks_reversed"] = [at in against for at in range(len(columns.items))]
        pieces.append(frame)
    return pd.concat(pieces).rename_axis("column")


def _warnings(
    columns: ItemColumns,
    members: tuple[Floats, ...],
    own: _Fits,
    joint: PathModelResult | None,
) -> tuple[str, ...]:
    found = []
    for member in (0, 1):
        covariance = pairwise_covariances(members[member])
        against = reversed_items(covariance)
        if against:
            listed = ", ".join(columns.columns[member][at] for at in against)
            now = float(alpha_of_covariances(covariance))
            then = float(alpha_of_covariances(turn_round(covariance, against)))
            found.append(
                f"{listed} of the {columns.words(member)} seem{'s' if len(against) == 1 else ''} "
                "to be worded the other way round: scored in reverse, alpha would be "
                f"{then:.2f} in place of {now:.2f}. Reverse such items before scoring."
            )
        if own[member] is None:
            found.append(
                f"The one-factor model of the {columns.words(member)} has no admissible "
                "solution: omega is not given."
            )
    if joint is None:
        found.append(
            "The factor model of both members has no admissible solution: the reliability of mean "
            "and difference is not given."
        )
    if len(columns.items) == 2:
        found.append(TWO_ITEMS)
    return tuple(found)
