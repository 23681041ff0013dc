"""The tables of the deprivation claims: slopes, regions, both sides of the gap, other choices."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from intimacy_analysis.claims.deprivation_claims import OUTCOME_WORDS
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Table,
    count_cell,
    estimate_cells,
    number_cell,
    p_cell,
    text_column,
    words_cell,
)
from intimacy_analysis.mixed.johnson_neyman import JohnsonNeyman
from intimacy_analysis.regression.explained import regression_r_squared
from intimacy_analysis.regression.result import RegressionResult

_TERM_WORDS = {
    "affection_deprivation": "deprivation, at mean uncertainty",
    "relational_uncertainty": "uncertainty, at mean deprivation",
    "affection_deprivation:relational_uncertainty": "deprivation x uncertainty",
}


def slopes_table(standardized: Mapping[str, RegressionResult]) -> Table:
    """Return the standardized slopes of each outcome with R squared."""
    rows: list[tuple[Cell, ...]] = []
    for outcome, result in standardized.items():
        for term, words in _TERM_WORDS.items():
            rows.append(
                (
                    *_named(outcome, words),
                    *_numbers(result.estimates[term]),
                    count_cell(result.n_rows),
                )
            )
        share = regression_r_squared(result)["R2"]
        value, interval = estimate_cells(share.value, share.low, share.high, bounded=True)
        rows.append(
            (
                *_named(outcome, "R squared"),
                value,
                number_cell("–", np.nan),
                interval,
                p_cell(share.p_value),
                count_cell(result.n_rows),
            )
        )
    return Table(
        title="Regression on deprivation, uncertainty and their product, in standard deviations",
        columns=(*_two_words("Outcome", "Term"), *_number_columns(_confidence(standardized)), _N),
        rows=tuple(rows),
        notes=(
            "HC3 standard errors. Scores are standardized first and multiplied then; means and SD "
            "count as known.",
            "The interval of R squared takes predictors as fixed and residuals as normal.",
        ),
    )


def simple_slopes_table(slopes: Mapping[str, EstimateTable]) -> Table:
    """Return the slope of each outcome on deprivation at three values of uncertainty."""
    words = ("one SD below the mean", "at the mean", "one SD above the mean")
    rows = [
        (*_named(outcome, where), *_numbers(row))
        for outcome, table in slopes.items()
        for where, row in zip(words, table.rows, strict=False)
    ]
    confidence = next(iter(slopes.values())).confidence
    return Table(
        title="Slope on deprivation where uncertainty is low, middling and high",
        columns=(*_two_words("Outcome", "Uncertainty"), *_number_columns(confidence)),
        rows=tuple(rows),
        notes=(
            "In standard deviations. Whether slopes differ is what the interaction tests, not that "
            "one is significant and another is not.",
        ),
    )


def regions_table(found: Mapping[str, JohnsonNeyman]) -> Table:
    """Return where on uncertainty each slope differs from zero."""
    rows = [
        (
            *_named(outcome, region.sign),
            number_cell(f"{region.low:.2f}", region.low),
            number_cell(f"{region.high:.2f}", region.high),
            number_cell(f"{100 * region.share_of_rows:.0f} %", region.share_of_rows),
        )
        for outcome, held in found.items()
        for region in held.regions
    ]
    return Table(
        title="Johnson-Neyman regions of the slope on deprivation",
        columns=(
            *_two_words("Outcome", "Interval of the slope"),
            Column(header="Uncertainty from", raw_names=("from",)),
            Column(header="to", raw_names=("to",)),
            Column(header="Persons", raw_names=("share",)),
        ),
        rows=tuple(rows),
        notes=(
            "Uncertainty in points of its scale. Regions say where a slope differs from zero, not "
            "that slopes differ from each other.",
        ),
    )


def gap_table(sides: Mapping[str, Mapping[str, Estimate]], confidence: float) -> Table:
    """Return what wanted and received affection each add, per point.

    Args:
        sides: By outcome and words of the quantity.
        confidence: Coverage of the intervals.
    """
    rows = [
        (*_named(outcome, words), *_numbers(row))
        for outcome, held in sides.items()
        for words, row in held.items()
    ]
    return Table(
        title="Deprivation is a gap: affection wanted and affection received",
        columns=(*_two_words("Outcome", "Quantity"), *_number_columns(confidence)),
        rows=tuple(rows),
        notes=(
            "Points of the outcome per point (the curve: per squared point). A gap means that "
            "wanting more counts against as much as receiving more counts for: their sum is then "
            "zero.",
            "The curve is that of a surface with squares and product, along the line of opposite "
            "wish and receipt: below zero where too much costs as well as too little. A straight "
            "slope cannot show that, and a scale of deprivation asks for one side alone.",
            "One answer each, with error of measurement, which pulls slopes toward zero.",
        ),
    )


def choices_table(estimates: Mapping[tuple[str, str], Estimate], confidence: float) -> Table:
    """Return the interaction of each outcome under other choices of analysis.

    Args:
        estimates: By outcome and words of the choice.
        confidence: Coverage of the intervals.
    """
    rows = [
        (*_named(outcome, choice), *_numbers(row)) for (outcome, choice), row in estimates.items()
    ]
    return Table(
        title="The interaction under other choices",
        columns=(*_two_words("Outcome", "Choice"), *_number_columns(confidence)),
        rows=tuple(rows),
        notes=(
            "Where deprivation and uncertainty are correlated and curved slopes are left out, an "
            "interaction can appear that is none: see the choice with squares.",
        ),
    )


_N = Column(header="n", italic=True, raw_names=("n",))


def _two_words(first: str, second: str) -> tuple[Column, Column]:
    return text_column(first), text_column(second)


def _named(outcome: str, words: str) -> tuple[Cell, Cell]:
    return words_cell(OUTCOME_WORDS[outcome]), words_cell(words)


def _number_columns(confidence: float) -> tuple[Column, ...]:
    return (
        Column(header="Estimate", raw_names=("value",)),
        Column(header="SE", italic=True, raw_names=("std_error",)),
        Column(header=f"{100 * confidence:.6g} % CI", raw_names=("low", "high")),
        Column(header="p", italic=True, raw_names=("p_value",)),
    )


def _numbers(row: Estimate) -> tuple[Cell, ...]:
    value, interval = estimate_cells(row.value, row.low, row.high, std_error=row.std_error)
    error = number_cell("–" if np.isnan(row.std_error) else f"{row.std_error:.3f}", row.std_error)
    return value, error, interval, p_cell(row.p_value)


def _confidence(results: Mapping[str, RegressionResult]) -> float:
    return next(iter(results.values())).confidence
