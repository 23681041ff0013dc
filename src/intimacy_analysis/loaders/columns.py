"""Turn one column of a file into what the codebook says it is."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.dates import looks_like_dates, read_dates
from intimacy_analysis.loaders.file_settings import FileSettings
from intimacy_analysis.loaders.raw_table import DeclaredMissing, RawTable
from intimacy_analysis.study.checks import check_numbers, check_weekend
from intimacy_analysis.study.codebook import Role, Variable
from intimacy_analysis.study.study import ImportStep

KEY_ROLES: tuple[Role, ...] = ("person", "couple", "partner")
_MEASURED: tuple[Role, ...] = ("outcome", "predictor", "stress")
# What other programs write into an empty cell.
_NO_VALUE = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "."})
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_INFINITE = {"inf": math.inf, "+inf": math.inf, "infinity": math.inf, "-inf": -math.inf}
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})", re.ASCII)
_WEEKEND = re.compile(r".*(week-?end|wochenende|saturday|sunday|samstag|sonntag).*|yes|true|ja")
_WEEKDAY = re.compile(r".*(week ?-?day|work ?-?day|wochentag|werktag).*|no|false|nein")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedColumn:
    """A column as the analysis uses it.

    Attributes:
        values: Numbers, dates, ids or texts, missing where there is no answer; index as read.
        variable: Its codebook entry, with what the file itself added.
        reasons: Why a value is missing, None elsewhere; None where no reason is known.
        steps: What was done.
    """

    values: pd.Series
    variable: Variable
    reasons: pd.Series | None = None
    steps: tuple[ImportStep, ...] = ()


def convert_column(raw: RawTable, variable: Variable, settings: FileSettings) -> ConvertedColumn:
    """Return the column of `variable` as numbers, dates, ids or texts, by its role.

    Args:
        raw: The file's columns.
        variable: Its entry in the codebook.
        settings: Order of day and month, decimal sign.

    Raises:
        DataError: For text where numbers belong, or dates that cannot be read.
    """
    try:
        return _converted(raw, variable, settings)
    except (TypeError, ValueError, OverflowError, AttributeError) as error:
        if isinstance(error, DataError):
            raise
        kind = raw.columns[variable.source_name or variable.name].dtype
        raise DataError(
            f"{variable.name} must hold one number, date or text a cell, but its {len(raw.columns)}"
            f" rows are of a kind that cannot be read ({str(kind)[:40]}). Convert the column "
            "before, or take it out of the codebook."
        ) from None


def _converted(raw: RawTable, variable: Variable, settings: FileSettings) -> ConvertedColumn:
    source = variable.source_name or variable.name
    given = raw.columns[source].rename(variable.name)
    variable = _with_labels_of_file(variable, raw, source)
    declared = _declared(variable, raw.missing.get(source, ()))
    given, reasons, steps = _without_codes(given, declared)
    own = raw.reasons.get(source)
    if own is not None:
        reasons = own if reasons is None else reasons.where(reasons.notna(), own)
        steps += [
            ImportStep(
                what="missing value of the file kept with its reason",
                n_rows=int(count),
                column=variable.name,
                detail=str(reason),
            )
            for reason, count in own.value_counts(sort=False).items()
        ]
    if variable.role in KEY_ROLES:
        values, more = _ids(given)
    elif variable.role == "date" or (variable.role == "day" and _holds_dates(given)):
        values, more = _dates(given, settings)
    elif variable.role == "weekend":
        values, variable, more = _weekend(given, variable)
    elif _is_text(given, variable):
        values, more = _texts(given)
    else:
        values, more = _numbers(given, variable, comma=settings.decimal == ",")
    return ConvertedColumn(values=values, variable=variable, reasons=reasons, steps=(*steps, *more))


def _with_labels_of_file(variable: Variable, raw: RawTable, source: str) -> Variable:
    return replace(
        variable,
        label=variable.label or raw.labels.get(source, ""),
        value_labels=variable.value_labels or raw.value_labels.get(source, ()),
    )


def _declared(
    variable: Variable, of_file: tuple[DeclaredMissing, ...]
) -> tuple[DeclaredMissing, ...]:
    """Return the codes of the codebook, then those of the file; the first match counts."""
    own = (DeclaredMissing(low=c, high=c, reason=why) for c, why in variable.missing_codes)
    return (*own, *of_file)


def _without_codes(
    given: pd.Series, declared: tuple[DeclaredMissing, ...]
) -> tuple[pd.Series, pd.Series | None, list[ImportStep]]:
    """Empty the cells that hold a missing code and remember why."""
    if not declared or pd.api.types.is_datetime64_any_dtype(given.dtype):
        return given, None, []
    codes, uniques = pd.factorize(given, use_na_sentinel=True)
    spans = [next((s for s in declared if _matches(cell, s)), None) for cell in uniques]
    if not any(spans):
        return given, None, []
    why = np.array([*(span.reason if span else None for span in spans), None], dtype=object)[codes]
    reasons = pd.Series(why, index=given.index, dtype=object)
    steps = []
    for place, span in enumerate(spans):
        if span is not None:
            cell = uniques[place]
            shown = f"{cell:g}" if isinstance(cell, (int, float, np.number)) else str(cell)
            steps.append(
                ImportStep(
                    what="missing code applied",
                    n_rows=int((codes == place).sum()),
                    column=str(given.name),
                    detail=f"{shown}: {span.reason}",
                )
            )
    emptied = given.astype(object) if given.dtype == bool else given
    steps.sort(key=lambda step: step.detail)
    return emptied.mask(reasons.notna()), reasons, steps


def _matches(cell: object, span: DeclaredMissing) -> bool:
    text = str(cell).strip()
    if isinstance(span.low, str) or isinstance(span.high, str):
        return text == span.low
    number = _number(text)
    return number is not None and span.low <= number <= span.high


def _ids(given: pd.Series) -> tuple[pd.Series, list[ImportStep]]:
    """Return whole numbers where all ids are such, texts otherwise ("007" stays "007")."""
    codes, uniques = pd.factorize(given, use_na_sentinel=True)
    texts = [_id_text(cell) for cell in uniques]
    steps = []
    empty = [place for place, text in enumerate(texts) if text.casefold() in _NO_VALUE]
    if empty:
        steps.append(_emptied(given, [texts[place] for place in empty], np.isin(codes, empty)))
    kept = [text for text in texts if text.casefold() not in _NO_VALUE]
    whole = bool(kept) and all(_WHOLE.fullmatch(text) for text in kept)
    empties = [text.casefold() in _NO_VALUE for text in texts]
    if whole:
        numbers = [None if none else int(text) for text, none in zip(texts, empties, strict=True)]
        lookup = pd.array([*numbers, None], dtype="Int64")
        return pd.Series(lookup[codes], index=given.index, name=given.name), steps
    words = [None if none else text for text, none in zip(texts, empties, strict=True)]
    cells = np.array([*words, None], dtype=object)[codes]
    return pd.Series(cells, index=given.index, name=given.name, dtype=object), steps


def _id_text(cell: object) -> str:
    if isinstance(cell, (float, np.floating)) and float(cell).is_integer():
        return str(int(cell))
    return str(cell).strip()


def _holds_dates(given: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(given.dtype):
        return True
    filled = given.dropna()
    if len(filled) == 0:
        return False
    if pd.api.types.is_numeric_dtype(given.dtype):
        # 20240301 is a date written without points, not a day number.
        numbers = filled.astype(float)
        return bool(numbers.between(19000101, 21001231).all()) and looks_like_dates(filled)
    texts = [cell for cell in filled.unique()[:500] if isinstance(cell, date) or not _plain(cell)]
    return bool(texts) and looks_like_dates(pd.Series(texts, dtype=object))


def _plain(cell: object) -> bool:
    text = str(cell).strip()
    number = _number(text)
    return text.casefold() in _NO_VALUE or (number is not None and number < 19000101)


def _dates(given: pd.Series, settings: FileSettings) -> tuple[pd.Series, list[ImportStep]]:
    steps = []
    if not pd.api.types.is_datetime64_any_dtype(given.dtype):
        codes, uniques = pd.factorize(given, use_na_sentinel=True)
        empty = [n for n, cell in enumerate(uniques) if str(cell).strip().casefold() in _NO_VALUE]
        if empty:
            none = np.isin(codes, empty)
            steps.append(_emptied(given, [str(uniques[n]) for n in empty], none))
            given = given.mask(none)
    return read_dates(given, order=settings.date_order), steps


def _weekend(given: pd.Series, variable: Variable) -> tuple[pd.Series, Variable, list[ImportStep]]:
    """Return 0 and 1; two labelled or worded values are told apart by their words."""
    words = {code: _weekend_word(label) for code, label in variable.value_labels}
    labels = {code: value for code, value in words.items() if value is not None}
    if sorted(labels.values()) != [0.0, 1.0]:
        labels = {}
    steps: list[ImportStep] = []
    codes, uniques = pd.factorize(given, use_na_sentinel=True)
    found: list[float] = []
    for cell in uniques:
        text = str(cell).strip()
        number, word = _number(text), _weekend_word(text)
        of_label = labels.get(text, labels.get(number) if number is not None else None)
        known = of_label if of_label is not None else word if word is not None else number
        found.append(math.nan if known is None else known)
    values = pd.Series(np.array([*found, math.nan])[codes], index=given.index, name=given.name)
    empty = [n for n, cell in enumerate(uniques) if str(cell).strip().casefold() in _NO_VALUE]
    check_numbers(given.mask(np.isin(codes, empty)), values)
    if empty:
        steps.append(_emptied(given, [str(uniques[n]) for n in empty], np.isin(codes, empty)))
    check_weekend(values.to_frame(), variable.name)
    recoded = [
        f"{cell} -> {value:g}"
        for cell, value in zip(uniques, found, strict=True)
        if not math.isnan(value) and str(cell).strip().removesuffix(".0") != f"{value:g}"
    ]
    if recoded:
        steps.append(
            ImportStep(
                what="recoded to 0 (weekday) and 1 (weekend)",
                column=variable.name,
                detail=", ".join(sorted(recoded)),
            )
        )
    coded = replace(
        variable, value_labels=((0.0, "weekday"), (1.0, "weekend")), minimum=0.0, maximum=1.0
    )
    return values, coded, steps


def _weekend_word(text: str) -> float | None:
    text = text.strip().casefold()
    if _WEEKEND.fullmatch(text):
        return 1.0
    return 0.0 if _WEEKDAY.fullmatch(text) else None


def _is_text(given: pd.Series, variable: Variable) -> bool:
    if any(isinstance(code, str) for code, _ in variable.value_labels):
        return True
    measured = variable.unit or variable.minimum is not None or variable.maximum is not None
    if variable.role != "none" or measured or variable.value_labels:
        return False
    if pd.api.types.is_datetime64_any_dtype(given.dtype):
        return True
    if pd.api.types.is_numeric_dtype(given.dtype):
        return False
    cells = given.dropna().unique()
    return any(
        not isinstance(cell, bool)
        and str(cell).strip().casefold() not in _NO_VALUE
        and _number(str(cell).strip()) is None
        for cell in cells
    )


def _texts(given: pd.Series) -> tuple[pd.Series, list[ImportStep]]:
    if pd.api.types.is_datetime64_any_dtype(given.dtype):
        return given, []
    codes, uniques = pd.factorize(given, use_na_sentinel=True)
    texts = [_id_text(cell) or None for cell in uniques]
    cells = np.array([*texts, None], dtype=object)[codes]
    return pd.Series(cells, index=given.index, name=given.name, dtype=object), []


def _numbers(
    given: pd.Series, variable: Variable, *, comma: bool
) -> tuple[pd.Series, list[ImportStep]]:
    if pd.api.types.is_datetime64_any_dtype(given.dtype):
        raise DataError(
            f"{variable.name} must hold numbers, but all {int(given.notna().sum())} values are "
            f"dates; the first row is {given.index.name or 'row'} {given.index[0]}. Format the "
            "column as a number in the file, or give it the role 'date'."
        )
    if pd.api.types.is_complex_dtype(given.dtype):
        raise TypeError("complex numbers")  # told by convert_column
    if pd.api.types.is_bool_dtype(given.dtype) or pd.api.types.is_numeric_dtype(given.dtype):
        plain = given.to_numpy(dtype=float, na_value=math.nan)
        return pd.Series(plain, index=given.index, name=given.name), []
    codes, uniques = pd.factorize(given, use_na_sentinel=True)
    by_label = {
        label.strip().casefold(): float(code)
        for code, label in variable.value_labels
        if not isinstance(code, str)
    }
    cells = [str(float(c)) if isinstance(c, bool) else str(c).strip() for c in uniques]
    found, labelled, empty = _read_cells(cells, by_label, comma=comma)
    numbers = pd.Series(np.array([*found, math.nan])[codes], index=given.index, name=given.name)
    none = np.isin(codes, empty)
    check_numbers(given.mask(none), numbers, show=variable.role in _MEASURED)
    steps = []
    if empty:
        steps.append(_emptied(given, [cells[place] for place in empty], none))
    if labelled:
        steps.append(
            ImportStep(
                what="labels replaced by their codes",
                n_rows=int(np.isin(codes, labelled).sum()),
                column=variable.name,
            )
        )
    return numbers, steps


def _read_cells(
    cells: list[str], by_label: Mapping[str, float], *, comma: bool
) -> tuple[list[float], list[int], list[int]]:
    """Return each cell's number (NaN for none), and which are labels and which empty words."""
    found: list[float] = []
    labelled: list[int] = []
    empty: list[int] = []
    for place, cell in enumerate(cells):
        number = _number(cell)
        if number is None and comma and _COMMA_NUMBER.fullmatch(cell):
            number = _number(cell.replace(",", "."))
        if number is None and cell.casefold() in by_label:
            number = by_label[cell.casefold()]
            labelled.append(place)
        elif number is None and cell.casefold() in _NO_VALUE:
            empty.append(place)
        found.append(math.nan if number is None else number)
    return found, labelled, empty


def _number(text: str) -> float | None:
    if _NUMBER.fullmatch(text):
        return float(text)
    return _INFINITE.get(text.casefold())


def _emptied(given: pd.Series, words: list[str], where: np.ndarray) -> ImportStep:
    shown = ", ".join(sorted({repr(word) for word in words}))
    return ImportStep(
        what="cells read as empty",
        n_rows=int(where.sum()),
        column=str(given.name),
        detail=f"they hold {shown}",
    )
