"""The result tables of the opening sentence's claims."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Table,
    estimate_cells,
    format_interval,
    format_number,
    number_cell,
    p_cell,
    precision_for,
    text_column,
    words_cell,
)
from intimacy_analysis.paths.result import PathModelResult

_NOTHING = Cell(text="–", raw=(math.nan,) * 3, is_number=True)


def actor_partner_table(model: PathModelResult, roles: tuple[str, str]) -> Table:
    """Return own and partner's intimacy on satisfaction, in scale points and standardized."""
    standardized = model.standardized()
    coverage = f"{100 * standardized.confidence:.6g} % CI"
    shares = model.r_squared
    rows = []
    for role in roles:
        outcome = f"relationship_satisfaction_{role}"
        for label, words in ((f"a_{role}", "own"), (f"p_{role}", "partner's")):
            row = model.estimate(label)
            free = standardized[model.row_name(label)]
            rows.append(
                (
                    words_cell(f"{role}: {words} emotional intimacy"),
                    *estimate_cells(row.value, row.low, row.high, std_error=row.std_error),
                    *estimate_cells(free.value, free.low, free.high, std_error=free.std_error),
                    p_cell(row.p_value),
                    number_cell(f"{shares[outcome]:.2f}".lstrip("0"), shares[outcome]),
                )
            )
    return Table(
        title="Relationship satisfaction on own and the partner's emotional intimacy",
        columns=(
            text_column("Path"),
            Column(header="Points per point", raw_names=("value",)),
            Column(header=coverage, raw_names=("low", "high")),
            Column(header="Standardized", raw_names=("standardized",)),
            Column(header=coverage, raw_names=("standardized_low", "standardized_high")),
            Column(header="p", italic=True, raw_names=("p_value",)),
            Column(header="R²", raw_names=("r_squared",)),
        ),
        rows=tuple(rows),
        notes=(
            "R² is that of both members' intimacy together. Errors are sandwich errors; p is that "
            "of the path in points.",
        ),
    )


def sensitivity_table(
    rows: Sequence[tuple[str, Mapping[str, Estimate], str]],
    roles: tuple[str, str],
    confidence: float,
) -> Table:
    """Return the correlation of intimacy with satisfaction of each member, one row a choice.

    Args:
        rows: Choice, member to estimate, and state.
        roles: The members.
        confidence: Coverage of the intervals.
    """
    coverage = f"{100 * confidence:.6g} % CI"
    return Table(
        title="Emotional intimacy with relationship satisfaction under other choices",
        columns=(
            text_column("Choice"),
            *(
                Column(
                    header=role,
                    detail=coverage,
                    raw_names=(f"{role}_value", f"{role}_low", f"{role}_high"),
                )
                for role in roles
            ),
            text_column("State"),
        ),
        rows=tuple(
            (
                words_cell(choice),
                *(_shown(found[role]) if role in found else _NOTHING for role in roles),
                words_cell(state),
            )
            for choice, found, state in rows
        ),
        notes=(
            "Every choice is shown whatever it gives; the verdicts rest on the first row only. A "
            "corrected correlation takes alpha as known and is not bounded by 1.",
        ),
    )


def _shown(row: Estimate) -> Cell:
    precision = precision_for(row.value, row.std_error, row.low, row.high, bounded=True)
    return number_cell(
        f"{format_number(row.value, precision)} {format_interval(row.low, row.high, precision)}",
        row.value,
        row.low,
        row.high,
    )
