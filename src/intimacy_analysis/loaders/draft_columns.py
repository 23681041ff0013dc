"""Guess what each column of a file means, and write the guess as TOML."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook_text import toml_key, toml_value
from intimacy_analysis.loaders.columns import convert_column
from intimacy_analysis.loaders.file_settings import FileSettings
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.study.codebook import Level, Role, Variable

PLEASE_CHECK = "  # please check"
# Codes that studies use for "no answer", and how far from all other values they must lie.
_USUAL_CODES = (-9, -8, -7, -66, -77, -88, -99, -999, -9999, 77, 88, 99, 777, 888, 999, 9999)
_LONGEST_LIST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDraft:
    """A guess of what a column means.

    Attributes:
        variable: The entry of the codebook.
        values: The column as the entry says it is read.
        guessed_codes: Whether the missing codes are a guess.
    """

    variable: Variable
    values: pd.Series
    guessed_codes: bool


def draft_columns(
    raw: RawTable, names: list[str], roles: dict[str, Role], settings: FileSettings
) -> list[ColumnDraft]:
    """Return a guess of what each column means, its name one that can stand in a formula.

    Args:
        raw: The file's columns.
        names: The columns to guess.
        roles: Column to role, where it is known.
        settings: Order of day and month, decimal sign.
    """
    person = next((name for name, role in roles.items() if role == "person"), None)
    taken: set[str] = set()
    drafts = []
    for name in names:
        role = roles.get(name, "none")
        own = _free_name(name, taken)
        taken.add(own)
        codes: tuple[tuple[float | str, str], ...] = tuple(
            (span.low, span.reason) for span in raw.missing.get(name, ()) if span.low == span.high
        )
        guessed = (
            ()
            if codes or role in ("person", "couple", "partner", "date", "day")
            else (_unusual_codes(raw.columns[name]))
        )
        variable = Variable(
            name=own,
            source_name=name if own != name else "",
            label=raw.labels.get(name, ""),
            role=role,
            value_labels=raw.value_labels.get(name, ()),
            missing_codes=(*codes, *guessed),
        )
        try:
            converted = convert_column(raw, variable, settings)
            values = converted.values
        except DataError:
            # The check of the finished codebook says what is wrong with it.
            values = raw.columns[name]
        if role == "none" and not variable.value_labels and person is not None:
            variable = _with_categories(variable, values)
        level = _level(raw, person, roles, name, values)
        drafts.append(
            ColumnDraft(
                variable=replace(variable, level=level),
                values=values,
                guessed_codes=bool(guessed),
            )
        )
    return drafts


def _with_categories(variable: Variable, values: pd.Series) -> Variable:
    """List the words of a column that holds few of them."""
    if pd.api.types.is_numeric_dtype(values.dtype) or values.dtype == bool:
        return variable
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return variable
    words = sorted({str(cell) for cell in values.dropna().unique()})
    if not 2 <= len(words) <= _LONGEST_LIST or any(len(word) > 40 or "@" in word for word in words):
        return variable
    return replace(variable, value_labels=tuple((word, word) for word in words))


def _level(
    raw: RawTable,
    person: str | None,
    roles: dict[str, Role],
    name: str,
    values: pd.Series,
) -> Level:
    role = roles.get(name)
    if role in ("person", "partner"):
        return "person"
    if role == "couple":
        return "couple"
    if person is None or role is not None or not values.notna().any():
        return "day"
    pairs = pd.DataFrame({"holder": raw.columns[person], "value": values}).dropna()
    changes = pairs.drop_duplicates().duplicated("holder").any()
    return "day" if changes or not pairs.duplicated("holder").any() else "person"


def _unusual_codes(column: pd.Series) -> tuple[tuple[float | str, str], ...]:
    """Return usual "no answer" codes that lie far outside of all other values."""
    if not pd.api.types.is_numeric_dtype(column.dtype) or column.dtype == bool:
        return ()
    values = column.dropna().astype(float)
    others = values[~values.isin(_USUAL_CODES)]
    if others.nunique() < 3:
        return ()  # too little to say what is usual
    low, high = float(others.min()), float(others.max())
    span = max(high - low, 1.0)
    return tuple(
        (float(code), "missing")
        for code in sorted(set(values[values.isin(_USUAL_CODES)]))
        if code < low - span or code > high + span or (code < 0 <= low)
    )


def _free_name(name: str, taken: set[str]) -> str:
    """Return a name that can stand in a formula and is not in use."""
    clean = re.sub(r"\W+", "_", name.strip()).strip("_") or "column"
    if clean[0].isdigit():
        clean = f"x{clean}"
    if keyword.iskeyword(clean):
        clean = f"{clean}_"
    free, n = clean, 2
    while free in taken:
        free, n = f"{clean}_{n}", n + 1
    return free


def column_lines(draft: ColumnDraft) -> list[str]:
    """Return the table of a column, each guess marked."""
    variable = draft.variable
    lines = [f"[columns.{toml_key(variable.name)}]"]
    if variable.source_name:
        lines.append(f"from = {toml_value(variable.source_name)}")
    lines.append(f"label = {toml_value(variable.label)}")
    placing = variable.role in ("person", "couple", "partner", "day", "date", "weekend")
    if not placing and pd.api.types.is_float_dtype(draft.values.dtype):
        lines.append('unit = ""  # please fill in: "hours", "points"')
        values = draft.values[np.isfinite(draft.values)]
        if len(values) and values.min() < values.max():
            low, high = toml_value(float(values.min())), toml_value(float(values.max()))
            lines.append(f"range = [{low}, {high}]  # as observed: please write what is possible")
    lines.append(f'level = "{variable.level}"{"" if placing else PLEASE_CHECK}')
    lines.append(f'role = "{variable.role}"{PLEASE_CHECK}')
    if variable.value_labels:
        lines.append(f"values = {_inline(variable.value_labels)}")
    if variable.missing_codes:
        check = PLEASE_CHECK if draft.guessed_codes else ""
        lines.append(f"missing = {_inline(variable.missing_codes)}{check}")
    return lines


def _inline(pairs: tuple[tuple[float | str, str], ...]) -> str:
    shown = ", ".join(
        f"{toml_value(code if isinstance(code, str) else toml_value(code))} = {toml_value(label)}"
        for code, label in pairs
    )
    return f"{{ {shown} }}"
