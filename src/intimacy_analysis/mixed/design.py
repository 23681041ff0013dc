"""From a question and data to arrays: X, Z, y by group, with names, units and what was dropped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.formulas import ReadFormula, context, read_formula
from intimacy_analysis.mixed.model_matrix import encode
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.mixed.structure import Floats, Ints
from intimacy_analysis.study.codebook import Codebook, near_names, one_of
from intimacy_analysis.study.diary import DiaryFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """The recipe that turns a frame into X and Z, kept for new data.

    Attributes:
        fixed: Recipe of the fixed terms: formulaic's model spec, or `PlainTerms`.
        random: One recipe a block of random terms.
    """

    fixed: Any
    random: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A mixed model's arrays, rows sorted by group (and by time where it counts).

    Attributes:
        X: Fixed-effect columns, shape (n_rows, p), in the user's units.
        Z: Random-effect columns, shape (n_rows, q).
        y: Outcome, shape (n_rows,).
        starts: First row of each group, shape (n_groups,).
        times: Times of the rows, or None.
        groups: The groups' own ids, in the order of their rows.
        rows: Position of each used row in the data as given.
        outcome: Name of the outcome.
        fixed_names: Names of the columns of X.
        random_names: Names of the columns of Z.
        blocks: Columns of Z that vary together, one tuple a block.
        units: Unit of each name and of "outcome".
        n_given: Rows of the data as given.
        dropped: (column, rows with a missing value there), in order of need.
        encoding: The recipe for new data.
        notes: What a reader must know of how the arrays came about.
    """

    X: Floats
    Z: Floats
    y: Floats
    starts: Ints
    times: Floats | None
    groups: pd.Index
    rows: Ints
    outcome: str
    fixed_names: tuple[str, ...]
    random_names: tuple[str, ...]
    blocks: tuple[tuple[int, ...], ...]
    units: Mapping[str, str]
    n_given: int
    dropped: tuple[tuple[str, int], ...]
    encoding: Encoding
    notes: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        """Rows used."""
        return len(self.y)

    @property
    def n_groups(self) -> int:
        """Groups used."""
        return len(self.starts)

    @property
    def sizes(self) -> Ints:
        """Rows of each group, shape (n_groups,)."""
        return np.diff(np.append(self.starts, self.n_rows))

    @property
    def group_of_row(self) -> Ints:
        """Position of each row's group, shape (n_rows,)."""
        return np.repeat(np.arange(self.n_groups), self.sizes)


def build_design(
    spec: MixedModelSpec, data: DiaryFrame | pd.DataFrame, *, codebook: Codebook | None = None
) -> Design:
    """Build the arrays of a mixed model.

    Args:
        spec: The question.
        data: A diary, or any frame with the columns that the formulas name.
        codebook: Where units stand; None for the diary's own.

    Raises:
        DataError: Columns missing, text where numbers belong, infinite values, a constant
            outcome, no group with two rows, nothing left after incomplete rows are dropped.
    """
    frame = data.rows if isinstance(data, DiaryFrame) else data
    if codebook is None:
        codebook = data.codebook if isinstance(data, DiaryFrame) else Codebook()
    fixed = read_formula(spec.fixed)
    blocks = tuple(read_formula(block) for block in spec.blocks)
    time = _time_column(spec, data)
    needed = _needed_columns(spec, fixed, blocks, time)
    columns, dropped, rows = _complete_columns(frame, needed, spec, fixed, blocks, time)
    codes, ids = pd.factorize(columns[spec.group])
    times = None if time is None else columns[time].to_numpy(dtype=np.float64)
    order = _sorted_rows(codes, times)
    if order is not None:
        columns, codes, rows = columns.take(order), codes[order], rows[order]
        times = None if times is None else times[order]
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    outcomes, of_outcome = encode(fixed.parsed.lhs, columns)
    y = _outcome_values(outcomes, spec)
    X, of_fixed = encode(fixed.parsed.rhs, columns)
    randoms = [encode(block.parsed, columns) for block in blocks]
    parts = [part for part, _ in randoms]
    Z = np.asfortranarray(np.hstack(parts)) if parts else np.empty((len(y), 0), order="F")
    fixed_names = tuple(of_fixed.column_names)
    random_names = tuple(name for _, recipe in randoms for name in recipe.column_names)
    outcome = str(of_outcome.column_names[0])
    _check_arrays(spec, X, Z, y, fixed_names, random_names, starts)
    if times is not None:
        spec.structure.check_times(times, starts)
    return Design(
        X=X,
        Z=Z,
        y=y,
        starts=starts,
        times=times,
        groups=pd.Index(ids[codes[starts]], name=spec.group),
        rows=rows,
        outcome=outcome,
        fixed_names=fixed_names,
        random_names=random_names,
        blocks=_block_columns([part.shape[1] for part in parts]),
        units=_units(outcome, (*fixed_names, *random_names), codebook),
        n_given=len(frame),
        dropped=dropped,
        encoding=Encoding(fixed=of_fixed, random=tuple(recipe for _, recipe in randoms)),
        notes=_notes(len(frame), len(y), dropped),
    )


def encode_rows(encoding: Encoding, frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return X and Z of new rows by a design's own recipe; missing values give nan.

    Raises:
        DataError: A column is missing or a category is new.
    """
    parts = []
    for model_spec in (encoding.fixed, *encoding.random):
        absent = [name for name in sorted(model_spec.required_variables) if name not in frame]
        absent = [name for name in absent if name not in context()]
        if absent:
            raise DataError(
                f"new rows need every column of the model, but {absent[0]!r} is missing. "
                f"{near_names(absent[0], list(map(str, frame.columns)))}"
            )
        read = [name for name in model_spec.required_variables if name in frame]
        numbers = pd.DataFrame({name: _as_values(frame[name]) for name in read}, index=frame.index)
        matrix = model_spec.get_model_matrix(
            numbers, context=context(), na_action="ignore", output="numpy"
        )
        parts.append(np.asarray(matrix, dtype=np.float64))
    Z = np.hstack(parts[1:]) if len(parts) > 1 else np.empty((len(frame), 0))
    return parts[0], Z


def _time_column(spec: MixedModelSpec, data: DiaryFrame | pd.DataFrame) -> str | None:
    if not spec.structure.needs_time:
        return None
    if spec.time is not None:
        return spec.time
    if isinstance(data, DiaryFrame):
        return data.day
    raise SpecError(
        f"residuals={spec.structure.name!r} needs to know each row's time, but no column is named. "
        "Set time='...' to the column of days."
    )


def _needed_columns(
    spec: MixedModelSpec,
    fixed: ReadFormula,
    blocks: tuple[ReadFormula, ...],
    time: str | None,
) -> tuple[str, ...]:
    needed = dict.fromkeys(fixed.columns)
    for block in blocks:
        needed |= dict.fromkeys(block.columns)
    needed[spec.group] = None
    if time is not None:
        needed[time] = None
    return tuple(needed)


def _complete_columns(
    frame: pd.DataFrame,
    needed: tuple[str, ...],
    spec: MixedModelSpec,
    fixed: ReadFormula,
    blocks: tuple[ReadFormula, ...],
    time: str | None,
) -> tuple[pd.DataFrame, tuple[tuple[str, int], ...], Ints]:
    known = [str(name) for name in frame.columns]
    for name in needed:
        if name not in frame.columns:
            raise DataError(f"the data have no column {name!r}. {near_names(name, known)}")
        if isinstance(frame[name], pd.DataFrame):
            raise DataError(
                f"column names must differ, but {name!r} stands more than once. Rename one."
            )
    categories = fixed.categories.union(*(block.categories for block in blocks))
    values: dict[str, Any] = {}
    complete = np.ones(len(frame), dtype=bool)
    dropped: list[tuple[str, int]] = []
    for name in needed:
        column = frame[name] if name == spec.group else _as_values(frame[name])
        if name == time:
            column = _as_times(column, name)
        if name != spec.group:
            _check_values(column, name, name in categories)
        missing = column.isna().to_numpy(dtype=bool)
        if missing.any():
            dropped.append((name, int(missing.sum())))
            complete &= ~missing
            if missing.all():
                raise DataError(
                    f"{name!r} must hold values, but all {len(frame)} rows are missing there. "
                    "Check the column's name and its missing codes, or leave it out."
                )
        values[name] = column
    rows = np.flatnonzero(complete)
    if len(rows) == 0:
        raise DataError(
            "no row has a value in every column of the model: "
            + ", ".join(f"{name} lacks {count} of {len(frame)}" for name, count in dropped)
            + ". Leave out the column with most gaps."
        )
    kept = pd.DataFrame(values, copy=False)
    if len(rows) < len(frame):
        kept = kept.take(rows)
    for name in kept.columns:
        if name == spec.group or kept[name].dtype == np.float64:
            continue
        if isinstance(kept[name].dtype, pd.CategoricalDtype):
            kept[name] = kept[name].cat.remove_unused_categories()
        if kept[name].nunique() == 1:
            raise DataError(
                f"each fixed term must vary, but {name!r} has one value in all {len(kept)} rows "
                "used. Take it out, or check its missing codes."
            )
    return kept, tuple(dropped), rows


def _as_values(column: pd.Series) -> pd.Series:
    """Return numbers (and truth values) as float64 with nan, categories and text as they are."""
    dtype = column.dtype
    if dtype == np.float64:
        return column
    if pd.api.types.is_bool_dtype(dtype) or pd.api.types.is_numeric_dtype(dtype):
        return pd.Series(
            column.to_numpy(dtype=np.float64, na_value=np.nan), index=column.index, name=column.name
        )
    if isinstance(dtype, np.dtype) and dtype.kind == "O":
        inferred = column.infer_objects()
        if inferred.dtype != dtype:
            return _as_values(inferred)
        if pd.api.types.infer_dtype(column, skipna=True) in ("decimal", "mixed-integer-float"):
            return pd.to_numeric(column, errors="coerce").astype(np.float64)
    return column


def _as_times(column: pd.Series, name: str) -> pd.Series:
    """Return times as numbers: dates become days since the first one, so that gaps stay gaps."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        days: pd.Series = (column - column.min()) / pd.Timedelta(days=1)
        return days
    if column.dtype != np.float64:
        raise DataError(
            f"{name!r} must hold times as numbers or dates, but it is {column.dtype} in all "
            f"{len(column)} rows. Convert it with pandas.to_datetime, or load the file with "
            "load_study, which counts days by the calendar."
        )
    return column


def _check_values(column: pd.Series, name: str, is_category: bool) -> None:
    if column.dtype == np.float64:
        infinite = np.isinf(column.to_numpy())
        if infinite.any():
            first = int(infinite.argmax())
            raise DataError(
                f"{name!r} must be finite, but {int(infinite.sum())} of {len(column)} rows are "
                f"not; the first is row {first}. Mark such values as missing or correct them."
            )
        return
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        raise DataError(
            f"{name!r} holds dates, and a model needs numbers. Use the study day instead."
        )
    if is_category or isinstance(column.dtype, pd.CategoricalDtype):
        return
    text = column.dropna().astype(str)
    numeric = pd.to_numeric(text.str.replace(",", ".", regex=False), errors="coerce").notna()
    if len(text) and (numeric.mean() > 0.2 or text.nunique() > max(20, len(text) // 3)):
        wrong = ~numeric if not numeric.all() else numeric
        first = int(np.flatnonzero(wrong.to_numpy())[0])
        raise DataError(
            f"{name!r} must hold numbers, but it is text in {int(wrong.sum())} of {len(column)} "
            f"rows; the first is row {text.index[first]} with {text.iloc[first]!r}. "
            "Correct the cells (decimal points, no units), or write C(...) for a category."
        )


def _sorted_rows(codes: Ints, times: Floats | None) -> Ints | None:
    """Return the order that sorts rows by group (and time), or None where they are sorted."""
    if times is not None:
        return np.lexsort((times, codes))
    if bool(np.all(codes[1:] >= codes[:-1])):
        return None
    return np.argsort(codes, kind="stable")


def _outcome_values(lhs: Any, spec: MixedModelSpec) -> Floats:
    values = np.asarray(lhs)
    if values.ndim != 2 or values.shape[1] != 1 or values.dtype.kind not in "fiu":
        raise DataError(
            f"the outcome must be one column of numbers, but the left side of {spec.fixed!r} gives "
            f"{values.shape[1] if values.ndim == 2 else 0} columns. Recode the outcome as numbers."
        )
    return values[:, 0].astype(np.float64)


def _check_arrays(
    spec: MixedModelSpec,
    X: Floats,
    Z: Floats,
    y: Floats,
    fixed_names: tuple[str, ...],
    random_names: tuple[str, ...],
    starts: Ints,
) -> None:
    if X.shape[1] == 0:
        raise SpecError(f"a model needs at least one fixed term, but {spec.fixed!r} has none.")
    for matrix, names in ((X, fixed_names), (Z, random_names), (y[:, None], ("the outcome",))):
        bad = ~np.isfinite(matrix)
        if bad.any():
            row, column = np.argwhere(bad)[0]
            raise DataError(
                f"the term {names[column]!r} must be finite, but {int(bad[:, column].sum())} rows "
                f"are not; the first is used row {row}. A log or root of a negative number?"
            )
    if len(y) > 1 and bool(np.all(y == y[0])):
        raise DataError(
            f"the outcome must vary, but all {len(y)} rows used have the same value. "
            "Check the column and its missing codes."
        )
    if Z.shape[1] == 0:
        return
    sizes = np.diff(np.append(starts, len(y)))
    if len(starts) < 2:
        raise DataError(
            f"random effects need at least two groups, but {spec.group!r} holds {len(starts)}. "
            "Name the person or couple column in `group`."
        )
    if sizes.max() < 2:
        raise DataError(
            f"at least one {spec.group} must have two rows, but all {len(starts)} have one "
            "complete row. Within- and between-group variation cannot be told apart."
        )
    for index, name in enumerate(random_names):
        if not Z[:, index].any():
            raise DataError(f"the random term {name!r} must vary, but it is zero in every row.")
    if len(y) <= Z.shape[1] * len(starts) and bool(np.all(sizes <= Z.shape[1])):
        raise DataError(
            f"random effects need more rows than effects, but {Z.shape[1]} effects for each of "
            f"{len(starts)} groups face {len(y)} rows. Take a random term out."
        )


def _block_columns(widths: list[int]) -> tuple[tuple[int, ...], ...]:
    ends = np.cumsum([0, *widths])
    return tuple(tuple(range(int(a), int(b))) for a, b in pairwise(ends) if b > a)


def _notes(n_given: int, n_used: int, dropped: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    if n_used == n_given:
        return ()
    lacking = ", ".join(f"{name} in {count}" for name, count in dropped)
    return (
        f"{n_given - n_used} of {n_given} rows were left out because a value is missing "
        f"({lacking}). The estimates hold if the gaps depend only on what the model contains.",
    )


def _units(outcome: str, names: tuple[str, ...], codebook: Codebook) -> dict[str, str]:
    """Return the unit of each coefficient in words: outcome's unit per unit of each factor."""
    if outcome in codebook and codebook[outcome].unit:
        unit = codebook[outcome].unit
        measured = unit if outcome in unit else f"{outcome} {unit}"
    else:
        measured = outcome
    units = {"outcome": measured}
    for name in names:
        parts = [] if name == "Intercept" else _factor_units(name, codebook)
        units[name] = " ".join([measured, *(f"per {part}" for part in parts)])
    return units


def _factor_units(name: str, codebook: Codebook) -> list[str]:
    parts: list[str] = []
    for factor in re.split(r":(?![^\[]*\])", name):
        bare = factor.strip("`")
        if re.search(r"\[.*\]$", bare):
            continue
        if bare not in codebook:
            parts.append(bare)
        elif codebook[bare].unit:
            parts.append(one_of(codebook[bare].unit))
    return parts
