"""From a data frame or a printed table to moments, with what was left out counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.paths.moments import Patterns, PrintedMoments, collect_patterns
from intimacy_analysis.study.codebook import Codebook, near_names

Floats = npt.NDArray[np.float64]


@runtime_checkable
class FrameWithCodebook(Protocol):
    """Rows, one a couple, that know what their columns mean: a `DyadFrame`."""

    @property
    def rows(self) -> pd.DataFrame:
        """One row a couple."""
        ...

    @property
    def codebook(self) -> Codebook:
        """What the columns mean."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Data of a path model, a group an entry.

    Attributes:
        names: Observed variables, in the model's order.
        groups: Names of the groups; ("",) for one.
        patterns: Moments by missingness pattern, one a group.
        positions: Position of each used row in the user's frame, one array a group; () for a
            printed table.
        index: Index labels of the used rows, group after group; None for a printed table.
        n_dropped: Rows left out.
        has_means: Whether the means are known.
        notes: What a reader must know of what was left out.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    patterns: tuple[Patterns, ...]
    positions: tuple[npt.NDArray[np.intp], ...]
    index: pd.Index | None
    n_dropped: int
    has_means: bool
    notes: tuple[str, ...]

    @property
    def n(self) -> int:
        """Rows used."""
        return round(sum(patterns.n for patterns in self.patterns))


def observe_covariance(
    matrix: object,
    n_couples: int | None = None,
    means: object = None,
    *,
    standard_deviations: object = None,
    names: Sequence[str] | None = None,
) -> PrintedMoments:
    """Take a published covariance or correlation matrix in place of rows.

    Args:
        matrix: Covariances with divisor n - 1, or correlations: a data frame with the same names
            in rows and columns, or an array with `names`. A lower triangle alone (the rest
            missing) is completed.
        n_couples: Couples behind the table.
        means: Means by name (a Series or dict) or in the order of the matrix; None if not printed.
        standard_deviations: Likewise; with them the matrix is read as correlations.
        names: Names of the variables where the matrix is an array.

    Raises:
        DataError: A matrix that is not square, symmetric and positive definite (the variables to
            blame are named), or no number of couples.
    """
    frame = _square(matrix, names)
    held = tuple(str(name) for name in frame.columns)
    if n_couples is not None and not isinstance(n_couples, (int, float, np.integer, np.floating)):
        raise DataError(f"n_couples must be a whole number of couples, but it is {n_couples!r}.")
    if n_couples is None or isinstance(n_couples, bool) or not float(n_couples) > 1:
        raise DataError(
            "a printed table must come with the number of couples behind it, but n_couples is "
            f"{n_couples!r}. Standard errors and chi-square rest on it: take it from the table's "
            "note or the sample section, and pass n_couples=."
        )
    if not np.isfinite(n_couples) or float(n_couples) != int(n_couples):
        raise DataError(f"n_couples must be a whole number of couples, but it is {n_couples!r}.")
    values = _completed(_as_numbers(frame, "a covariance matrix"), held)
    spread = _by_name(standard_deviations, held, "standard_deviations")
    if spread is not None:
        if (spread <= 0).any():
            raise DataError(
                "standard deviations must be above zero, but that of "
                f"{held[int((spread <= 0).argmax())]} is {spread.min():g}."
            )
        off = np.abs(np.diag(values) - 1) > 1e-6
        if off.any():
            raise DataError(
                "with standard_deviations the matrix must hold correlations, 1 on the diagonal, "
                f"but {int(off.sum())} of {len(held)} diagonal entries are not 1; the first is "
                f"{held[int(off.argmax())]}. Leave standard_deviations out for covariances."
            )
        values = values * np.outer(spread, spread)
    check_positive_definite(values, held, "the matrix")
    return PrintedMoments(
        names=held,
        covariance=values,
        means=_by_name(means, held, "means"),
        n_couples=int(n_couples),
    )


def _square(matrix: object, names: Sequence[str] | None) -> pd.DataFrame:
    if isinstance(matrix, pd.DataFrame):
        frame = matrix
        if frame.shape[0] != frame.shape[1] or [str(n) for n in frame.index] != [
            str(n) for n in frame.columns
        ]:
            raise DataError(
                "a covariance matrix must have the same names in rows and columns, in the same "
                f"order, but this frame has {frame.shape[0]} rows and {frame.shape[1]} columns "
                f"with rows {list(frame.index)[:3]} and columns {list(frame.columns)[:3]}. "
                "Set the frame's index to its columns."
            )
        return frame
    values = _as_numbers(matrix, "a covariance matrix")
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise DataError(
            f"a covariance matrix must be square, but this has the shape {values.shape}."
        )
    if names is None or len(names) != len(values):
        raise DataError(
            f"an array of covariances must come with names=, one a variable ({len(values)} here), "
            f"but {'none are' if names is None else f'{len(names)} are'} given."
        )
    return pd.DataFrame(values, index=list(names), columns=list(names))


def _completed(values: Floats, names: tuple[str, ...]) -> Floats:
    lower, upper = np.tril(values, -1), np.triu(values, 1)
    if np.isnan(upper).any() or (not upper.any() and np.nan_to_num(lower).any()):
        values = np.tril(values) + np.tril(values, -1).T
    elif np.isnan(lower).any() or (not lower.any() and upper.any()):
        values = np.triu(values) + np.triu(values, 1).T
    if not np.isfinite(values).all():
        i, j = (int(k[0]) for k in np.nonzero(~np.isfinite(values)))
        raise DataError(
            "a covariance matrix must be complete, but the entry of "
            f"{names[i]} and {names[j]} is missing. One triangle is enough, but all of it."
        )
    scale = np.sqrt(np.abs(np.diag(values)))
    off = np.abs(values - values.T) > 1e-6 * np.maximum(np.outer(scale, scale), 1e-12)
    if off.any():
        i, j = (int(k[0]) for k in np.nonzero(off))
        raise DataError(
            "a covariance matrix must be symmetric, but "
            f"{int(off.sum()) // 2} pairs are not; the first is {names[i]} and {names[j]} with "
            f"{values[i, j]:g} and {values[j, i]:g}. Correct the misprint, or give one triangle."
        )
    return 0.5 * (values + values.T)


def _as_numbers(given: object, what: str) -> Floats:
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(
            f"{what} must hold numbers only, in rows of one length. Take out words and signs."
        ) from None


def _by_name(given: object, names: tuple[str, ...], what: str) -> Floats | None:
    if given is None:
        return None
    if isinstance(given, (pd.Series, dict)):
        lookup = {str(key): value for key, value in given.items()}
        absent = [name for name in names if name not in lookup]
        if absent:
            raise DataError(
                f"{what} must name every variable, but {len(absent)} of {len(names)} are absent; "
                f"the first is {absent[0]!r}. {near_names(absent[0], list(lookup))}"
            )
        given = [lookup[name] for name in names]
    values = _as_numbers(given, what).reshape(-1)
    if len(values) != len(names) or not np.isfinite(values).all():
        raise DataError(
            f"{what} must hold one number for each of the {len(names)} variables, but "
            f"{len(values)} are given"
            + ("." if np.isfinite(values).all() else ", and not all are numbers.")
        )
    return values


def check_positive_definite(covariance: Floats, names: tuple[str, ...], what: str) -> None:
    """Raise `DataError` that names the variables where a covariance matrix is not of full rank."""
    variance = np.diag(covariance)
    if (variance <= 0).any():
        bad = [name for name, value in zip(names, variance, strict=True) if value <= 0]
        raise DataError(
            f"every variable must vary, but {len(bad)} of {len(names)} do not in {what}; "
            f"the first is {bad[0]!r}. Leave constants out of the model."
        )
    scale = np.sqrt(variance)
    correlation = covariance / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(correlation)
    if values[0] > 1e-10 * len(names):
        return
    weights = np.abs(vectors[:, 0])
    blamed = [names[at] for at in np.argsort(-weights) if weights[at] > 0.1 * weights.max()]
    off = np.abs(correlation - np.eye(len(names)))
    i, j = np.unravel_index(int(off.argmax()), off.shape)
    if off[i, j] > 1 + 1e-9:
        raise DataError(
            f"a correlation must lie between -1 and 1, but that of {names[i]!r} and {names[j]!r} "
            f"is {correlation[i, j]:.4f} in {what}. Correct the misprint."
        )
    if off[i, j] > 1 - 1e-9:
        raise DataError(
            f"no variable may repeat another, but {names[i]!r} and {names[j]!r} correlate "
            f"{correlation[i, j]:.4f} in {what}. Leave one of them out."
        )
    raise DataError(
        f"{what} must be positive definite, but its smallest eigenvalue (of the correlations) is "
        f"{values[0]:.2g}: {', '.join(blamed[:6])} together contain a variable that the others "
        "fix, or a misprint. Check these entries, or leave one of the variables out."
    )


def observe_rows(
    frame: pd.DataFrame,
    names: Sequence[str],
    *,
    missing: str,
    group: str | None = None,
    complete: Sequence[str] = (),
) -> Observed:
    """Collect the rows of a frame into moments.

    Args:
        frame: One row a couple.
        names: The model's observed variables.
        missing: "listwise" or "fiml".
        group: Column that tells groups apart, or None.
        complete: Variables that must be answered in either case (fixed predictors).

    Raises:
        DataError: Unknown, non-numeric, constant or repeated variables, an empty group, or no
            complete row.
    """
    _check_not_moments(frame)
    _check_columns(frame, [*names, *([group] if group else [])])
    values = np.column_stack([_numbers(frame, name) for name in names])
    present = ~np.isnan(values)
    if missing == "listwise":
        keep = present.all(axis=1)
    else:
        keep = present.any(axis=1)
        for name in complete:
            keep &= present[:, list(names).index(name)]
    labels, which = _groups(frame, group)
    keep &= which >= 0
    notes = _left_out(values, keep, which, names, missing)
    patterns: list[Patterns] = []
    positions: list[npt.NDArray[np.intp]] = []
    for index, label in enumerate(labels):
        at = np.flatnonzero(keep & (which == index))
        where = f"group {label!r}" if group else "the data"
        if len(at) < 2:
            raise DataError(
                f"a path model needs at least two rows with values, but {where} has {len(at)} of "
                f"{int((which == index).sum())}"
                + (
                    ". Rows with any gap are left out: missing='fiml' uses them."
                    if missing == "listwise"
                    else "."
                )
            )
        part = values[at]
        _check_variation(part, names, where)
        collected = collect_patterns(part)
        _check_pairs(part, names, where)
        if collected.complete and len(at) <= len(names):
            raise DataError(
                f"a path model needs more couples than variables, but {where} has {len(at)} "
                f"couples for {len(names)} variables. Fit a smaller model, for example with scale "
                "scores in place of items."
            )
        if collected.complete:
            check_positive_definite(collected.covariances[0], tuple(names), where)
        patterns.append(collected)
        positions.append(at)
    return Observed(
        names=tuple(names),
        groups=labels,
        patterns=tuple(patterns),
        positions=tuple(positions),
        index=frame.index[np.concatenate(positions)],
        n_dropped=int(len(values) - keep.sum()),
        has_means=True,
        notes=notes,
    )


def observe_printed(printed: PrintedMoments, names: Sequence[str]) -> Observed:
    """Take a printed table's moments, its covariance brought to divisor n."""
    absent = [name for name in names if name not in printed.names]
    if absent:
        raise DataError(
            f"every variable of the model must stand in the printed table, but {len(absent)} of "
            f"{len(names)} do not; the first is {absent[0]!r}. "
            f"{near_names(absent[0], list(printed.names))}"
        )
    chosen = printed.chosen(names)
    n = chosen.n_couples
    mean = np.zeros(len(names)) if chosen.means is None else chosen.means
    patterns = Patterns(
        observed=np.ones((1, len(names)), dtype=bool),
        counts=np.array([float(n)]),
        means=mean[None],
        covariances=chosen.covariance[None] * (n - 1) / n,
    )
    return Observed(
        names=tuple(names),
        groups=("",),
        patterns=(patterns,),
        positions=(),
        index=None,
        n_dropped=0,
        has_means=chosen.means is not None,
        notes=_printed_notes(chosen.covariance),
    )


def _printed_notes(covariance: Floats) -> tuple[str, ...]:
    notes = ["Fitted to a printed table of moments, not to rows."]
    if np.allclose(np.diag(covariance), 1.0, rtol=0, atol=1e-9):
        notes.append(
            "Every variance is 1, as in a correlation matrix: estimates are standardized, and "
            "errors and tests of equal paths are right only for a true covariance matrix. Give "
            "standard_deviations where the table prints them."
        )
    return tuple(notes)


def _check_columns(frame: pd.DataFrame, names: Sequence[str]) -> None:
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise DataError(
            f"every variable of the model must be a column, but {len(absent)} of {len(names)} are "
            f"not; the first is {absent[0]!r}. "
            f"{near_names(absent[0], [str(column) for column in frame.columns])}"
        )
    twice = [name for name in names if list(frame.columns).count(name) > 1]
    if twice:
        raise DataError(
            f"a column's name must be unique, but {twice[0]!r} stands "
            f"{list(frame.columns).count(twice[0])} times. Rename or drop the others."
        )


def _check_not_moments(frame: pd.DataFrame) -> None:
    """Raise `DataError` where a covariance matrix was passed as if it held couples."""
    if frame.shape[0] != frame.shape[1] or list(frame.index) != list(frame.columns):
        return
    raise DataError(
        "data must hold one row a couple, but this frame has the same names in rows and columns, "
        "like a covariance matrix. Pass observe_covariance(matrix, n_couples=...) instead."
    )


def _numbers(frame: pd.DataFrame, name: str) -> Floats:
    column = frame[name]
    kind = column.dtype
    if (
        pd.api.types.is_datetime64_any_dtype(kind)
        or pd.api.types.is_timedelta64_dtype(kind)
        or pd.api.types.is_complex_dtype(kind)
    ):
        raise DataError(
            f"{name} must hold numbers, but its {len(column)} rows are of the type {kind}. Make it "
            "a number first, for dates for example the days since the first."
        )
    numbers = pd.to_numeric(column, errors="coerce")
    lost = numbers.isna() & column.notna()
    if lost.any():
        first = int(lost.to_numpy().argmax())
        raise DataError(
            f"{name} must hold numbers, but {int(lost.sum())} of {len(column)} rows do not; the "
            f"first is row {first} with {column.iloc[first]!r}. Recode the column, or name the "
            "code as missing in the codebook."
        )
    values = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    endless = np.isinf(values)
    if endless.any():
        raise DataError(
            f"{name} must hold finite numbers, but {int(endless.sum())} of {len(values)} rows are "
            f"infinite; the first is row {int(endless.argmax())}. Make them missing, or correct "
            "them."
        )
    return values


def _groups(frame: pd.DataFrame, group: str | None) -> tuple[tuple[str, ...], npt.NDArray[np.intp]]:
    if group is None:
        return ("",), np.zeros(len(frame), dtype=np.intp)
    codes, found = pd.factorize(frame[group])
    labels = tuple(
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        for value in found
    )
    if not labels:
        raise DataError(f"the group column must name a group, but {group!r} is empty.")
    return labels, np.asarray(codes, dtype=np.intp)


def _left_out(
    values: Floats,
    keep: npt.NDArray[np.bool_],
    which: npt.NDArray[np.intp],
    names: Sequence[str],
    missing: str,
) -> tuple[str, ...]:
    notes: list[str] = []
    no_group = int((which < 0).sum())
    if no_group:
        notes.append(f"{no_group} of {len(keep)} couples are left out because they have no group.")
    out = ~keep & (which >= 0)
    dropped = int(out.sum())
    if dropped:
        gaps = np.isnan(values[out]).sum(axis=0)
        most = int(gaps.argmax())
        why = (
            "a value of the model is missing"
            if missing == "listwise"
            else ("no value of the model, or a fixed predictor's, is there")
        )
        notes.append(
            f"{dropped} of {len(keep)} couples are left out because {why} (most often "
            f"{names[most]}: {int(gaps[most])})."
        )
    if missing == "fiml":
        cells = int(np.isnan(values[keep]).sum())
        if cells:
            notes.append(
                f"{cells} of {values[keep].size} cells are missing; full information uses every "
                "couple and is right if values are missing at random given those observed."
            )
    return tuple(notes)


def _check_pairs(values: Floats, names: Sequence[str], where: str) -> None:
    present = ~np.isnan(values)
    together = present.T.astype(np.intp) @ present
    if together.all():
        return
    i, j = (int(k[0]) for k in np.nonzero(together == 0))
    raise DataError(
        "every two variables must be answered together by some couples, but "
        f"{int((together == 0).sum()) // 2} pairs never are in {where}; the first is {names[i]!r} "
        f"and {names[j]!r}. Their covariance cannot be known: leave one of them out."
    )


def _check_variation(values: Floats, names: Sequence[str], where: str) -> None:
    empty = [name for name, column in zip(names, values.T, strict=True) if np.isnan(column).all()]
    if empty:
        raise DataError(
            f"every variable must have values, but {len(empty)} of {len(names)} have none in "
            f"{where}; the first is {empty[0]!r}. Leave it out of the model."
        )
    spread = np.nanmax(values, axis=0) - np.nanmin(values, axis=0)
    flat = [name for name, size in zip(names, spread, strict=True) if size == 0]
    if flat:
        raise DataError(
            f"every variable must vary, but {len(flat)} of {len(names)} do not in {where}; the "
            f"first is {flat[0]!r}, the same in all rows. Leave constants out of the model."
        )
