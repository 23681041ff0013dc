"""The codebook and the file of a synthetic survey, as bytes that are the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from intimacy_analysis.simulation.codebook_head import codebook_head
from intimacy_analysis.simulation.ordered_items import OrderedScale


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyColumn:
    """A column that is no item of a questionnaire.

    Attributes:
        name: The column.
        label: What it holds.
        unit: Plural; empty for none.
        lowest: Lowest value; None for no range.
        highest: Highest value.
        role: In the design.
        values: Words of its codes.
    """

    name: str
    label: str
    unit: str = ""
    lowest: int | None = None
    highest: int | None = None
    role: str = ""
    values: tuple[tuple[int, str], ...] = ()


def survey_csv(rows: pd.DataFrame) -> str:
    """Return rows of whole numbers as a CSV file; gaps are empty cells."""
    lines = [",".join(map(str, rows.columns))]
    for values in rows.itertuples(index=False):
        lines.append(",".join("" if np.isnan(value) else str(int(value)) for value in values))
    return "\n".join(lines) + "\n"


def survey_codebook(
    *,
    name: str,
    title: str,
    seed: int,
    notes: Sequence[str],
    generator: str,
    truth: Mapping[str, float],
    columns: Sequence[SurveyColumn],
    scales: Sequence[OrderedScale],
) -> str:
    """Return the codebook of a synthetic survey.

    Args:
        name: Of the study.
        title: One line for a heading.
        seed: Of all chance.
        notes: Sentences a reader must see.
        generator: Module that draws it.
        truth: Name to value in the population.
        columns: Columns that are no items, the first one the persons'.
        scales: Questionnaires; one of a single item is a column without a key.
    """
    lines = [
        *codebook_head(
            name=name,
            title=title,
            seed=seed,
            notes=notes,
            generator=generator,
            truth_is="In the population, for answers as they are given, under the names the "
            "analysis uses.",
            truth={key: round(value, 4) for key, value in truth.items()},
        ),
        "[persons]",
        "",
    ]
    for form in scales:
        if len(form.items) == 1:
            continue
        items = ", ".join(f'"{item.name}"' for item in form.items)
        lines += [
            f"[scales.{form.name}]",
            f'label = "{form.label}"',
            f"items = [{items}]",
            f"range = [{form.lowest}, {form.highest}]",
            f'basis = "{form.basis}"',
            "",
        ]
    for column in columns:
        lines += [f"[columns.{column.name}]", f'label = "{column.label}"']
        if column.role:
            lines.append(f'role = "{column.role}"')
        if column.unit:
            lines.append(f'unit = "{column.unit}"')
        if column.lowest is not None:
            lines.append(f"range = [{column.lowest}, {column.highest}]")
        if column.values:
            words = ", ".join(f'"{code}" = "{word}"' for code, word in column.values)
            lines.append(f"values = {{ {words} }}")
        lines.append("")
    for form in scales:
        for at, item in enumerate(form.items, start=1):
            label = form.label if len(form.items) == 1 else f"{form.label}, item {at}"
            lines += [
                f"[columns.{item.name}]",
                f'label = "{label}"',
                'unit = "points"',
                f"range = [{form.lowest}, {form.highest}]",
                "",
            ]
    return "\n".join(lines).rstrip("\n") + "\n"
