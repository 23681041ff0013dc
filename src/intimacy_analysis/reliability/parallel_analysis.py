"""How many dimensions answers have: eigenvalues beside those of answers without any structure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.formatting import (
    Column,
    Precision,
    Table,
    count_cell,
    format_count,
    format_number,
    html_table,
    number_cell,
    text_column,
    text_lines,
    words_cell,
)
from intimacy_analysis.numerics.threads import one_thread
from intimacy_analysis.reliability.answers import PersonData, numeric_answers

Floats = npt.NDArray[np.float64]
Form = Literal["components", "factors"]
Draw = Literal["permutation", "normal"]
Correlate = Callable[[Floats], Floats]
_FEWEST_DRAWS = 20
# Numbers held at once: 32 MB.
_CHUNK = 4_000_000
_TWO_DECIMALS = Precision(place=-2, bounded=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelAnalysis:
    """Eigenvalues of answers, and of answers without any structure.

    Attributes:
        items: Columns.
        eigenvalues: Of the answers, largest first.
        random_mean: Mean of the drawn eigenvalues at each place.
        random_limit: Their percentile at each place.
        n_suggested: Leading eigenvalues above the limit, counted up to the first that is not.
        form: "components" (ones in the diagonal) or "factors" (squared multiple correlations).
        draws: "permutation" of each item's own answers, or "normal" numbers.
        n_draws: Data sets drawn.
        percentile: Of the drawn eigenvalues, 0 to 100.
        seed: Of the draws.
        n: Persons with any answer.
        notes: Sentences a reader must see beside the numbers.
    """

    items: tuple[str, ...]
    eigenvalues: tuple[float, ...]
    random_mean: tuple[float, ...]
    random_limit: tuple[float, ...]
    n_suggested: int
    form: Form
    draws: Draw
    n_draws: int
    percentile: float
    seed: int
    n: int
    notes: tuple[str, ...] = ()

    @property
    def table(self) -> Table:
        """One row an eigenvalue, with the mean and the limit of the drawn ones."""
        rows = zip(self.eigenvalues, self.random_mean, self.random_limit, strict=True)
        number = Column(header="Number", align="right", raw_names=("number",))
        return Table(
            columns=(
                number,
                Column(header="Eigenvalue", raw_names=("eigenvalue",)),
                Column(header="Mean of draws", raw_names=("random_mean",)),
                Column(header=f"Percentile {self.percentile:g}", raw_names=("random_limit",)),
                text_column("Kept"),
            ),
            rows=tuple(
                (
                    count_cell(at),
                    *(number_cell(format_number(value, _TWO_DECIMALS), value) for value in row),
                    words_cell("yes" if at <= self.n_suggested else ""),
                )
                for at, row in enumerate(rows, start=1)
            ),
            title=(
                f"Parallel analysis of {len(self.items)} items: {self.n_suggested} "
                f"{self.form if self.n_suggested != 1 else self.form[:-1]}"
            ),
            notes=self.notes,
        )

    def __str__(self) -> str:
        return "\n".join(text_lines(self.table))

    def _repr_html_(self) -> str:
        return html_table(self.table)


@one_thread()
def parallel_analysis(
    answers: PersonData,
    items: Sequence[str] | None = None,
    *,
    n_draws: int = 1000,
    seed: int | None = None,
    form: Form = "components",
    draws: Draw = "permutation",
    percentile: float = 95.0,
    correlate: Correlate | None = None,
) -> ParallelAnalysis:
    """Compare eigenvalues of the items' correlations with those of unrelated answers (Horn).

    An exploratory check: it suggests a number of dimensions, it does not show that a scale
    measures one thing. Signs of items do not matter: a reverse-keyed item changes nothing.

    Args:
        answers: One row a person, gaps allowed (each correlation from the rows that have both).
        items: Columns, three or more; None for every column of a frame.
        n_draws: Data sets drawn, 20 or more.
        seed: Of the draws; None for one that is drawn and kept in the result.
        form: "components": eigenvalues of the correlations; "factors": of the correlations with
            squared multiple correlations in the diagonal, as common factors ask.
        draws: "permutation" shuffles each item's own answers, so that their distributions stay;
            "normal" draws normal numbers. Gaps stay where they are.
        percentile: Of the drawn eigenvalues that an eigenvalue must exceed, 50 to below 100.
        correlate: None for Pearson's correlations. Else a function from answers, shape (n, items),
            nan where missing, to their correlations, shape (items, items), for example polychoric
            ones; it is called once a draw.

    Raises:
        SpecError: Fewer than three items, or options that cannot be.
        DataError: Items that are absent, no numbers or do not vary; two items never answered
            together; for "factors", correlations without an inverse.

    Source:
        docs/maths/reliability.md, eq. 7 and 8; Horn (1965), Psychometrika 30, 179-185; Buja and
        Eyuboglu (1992), Multivariate Behavioral Research 27, 509-540 (permutation); Glorfeld
        (1995), Educational and Psychological Measurement 55, 377-393 (percentile).
    """
    _check_options(n_draws, form, draws, percentile)
    rows = numeric_answers(answers, _named(answers, items))
    frame = rows.dropna(how="all")
    names = [str(name) for name in frame.columns]
    values = frame.to_numpy(dtype=np.float64)
    _check_pairs(values, names)
    observed = _eigenvalues(_correlations(values[None], correlate), form)[0]
    drawn_seed = seed if seed is not None else int(np.random.default_rng().integers(2**31))
    rng = np.random.default_rng(drawn_seed)
    size = max(1, _CHUNK // values.size)
    found = [
        _eigenvalues(_correlations(_drawn(values, many, draws, rng), correlate), form)
        for many in _chunks(n_draws, size)
    ]
    random = np.concatenate(found)
    limit = np.quantile(random, percentile / 100, axis=0)
    above = observed > limit
    n_suggested = len(above) if above.all() else int(np.argmin(above))
    return ParallelAnalysis(
        items=tuple(names),
        eigenvalues=tuple(observed.tolist()),
        random_mean=tuple(random.mean(axis=0).tolist()),
        random_limit=tuple(limit.tolist()),
        n_suggested=n_suggested,
        form=form,
        draws=draws,
        n_draws=n_draws,
        percentile=percentile,
        seed=drawn_seed,
        n=len(values),
        notes=_notes(values, observed, len(rows), draws, n_draws, drawn_seed),
    )


def _named(answers: PersonData, items: Sequence[str] | None) -> Sequence[str]:
    if items is None:
        columns = getattr(answers, "columns", None)
        items = [str(name) for name in columns] if columns is not None else []
    if not isinstance(items, str) and len(items) < 3:
        raise SpecError(
            f"a parallel analysis needs three items or more, got {len(items)}: two items have one "
            "correlation and no structure. Name the items of the whole questionnaire."
        )
    return items


def _check_pairs(values: Floats, names: list[str]) -> None:
    there = np.isfinite(values).astype(np.float64)
    n = there.T @ there
    if n.min() < 3:
        one, two = np.unravel_index(int(n.argmin()), n.shape)
        raise DataError(
            f"each two items must be answered together by three people or more, but {names[one]!r} "
            f"and {names[two]!r} are by {int(n.min())}. Check which items were asked of whom."
        )


def _chunks(total: int, size: int) -> list[int]:
    return [min(size, total - begin) for begin in range(0, total, size)]


def _drawn(values: Floats, many: int, draws: Draw, rng: np.random.Generator) -> Floats:
    """Return data sets of unrelated items with the same gaps, shape (many, n, items)."""
    if draws == "normal":
        return np.where(np.isnan(values), np.nan, rng.standard_normal((many, *values.shape)))
    out = np.full((many, *values.shape), np.nan)
    for at in range(values.shape[1]):
        there = np.flatnonzero(np.isfinite(values[:, at]))
        own = np.broadcast_to(values[there, at], (many, len(there)))
        out[:, there, at] = rng.permuted(own, axis=1)
    return out


def _correlations(sets: Floats, correlate: Correlate | None) -> Floats:
    """Return the items' correlations of each data set, shape (sets, items, items)."""
    if correlate is not None:
        return np.stack([np.asarray(correlate(answers), dtype=np.float64) for answers in sets])
    there = np.isfinite(sets[0]).astype(np.float64)
    centered = sets - np.nanmean(sets, axis=1, keepdims=True)
    if there.all():
        cross = centered.transpose(0, 2, 1) @ centered
        spread = np.sqrt(np.einsum("bii->bi", cross))
        return np.asarray(cross / (spread[:, :, None] * spread[:, None, :]))
    filled = np.where(there.astype(bool), centered, 0.0)
    turned = filled.transpose(0, 2, 1)
    n = there.T @ there
    sums = turned @ there
    squares = (turned**2) @ there - sums**2 / n
    cross = turned @ filled - sums * sums.transpose(0, 2, 1) / n
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(cross / np.sqrt(squares * squares.transpose(0, 2, 1)))


def _eigenvalues(correlations: Floats, form: Form) -> Floats:
    """Return eigenvalues, largest first, shape (sets, items)."""
    if not np.isfinite(correlations).all():
        raise DataError(
            "every two items must have a correlation, but at least one has none: among the rows "
            "that answered both, one item does not vary. Leave items with rare answers out."
        )
    if form == "factors":
        correlations = _reduced(correlations)
    return np.asarray(np.linalg.eigvalsh(correlations)[:, ::-1])


def _reduced(correlations: Floats) -> Floats:
    """Return correlations with squared multiple correlations in the diagonal."""
    smallest = float(np.linalg.eigvalsh(correlations)[:, 0].min())
    if smallest < 1e-10:
        raise DataError(
            'form "factors" needs correlations that have an inverse, but the smallest eigenvalue '
            f"is {smallest:.2g}: an item is a sum of others, or gaps make the correlations "
            'contradict each other. Leave such an item out, or use form="components".'
        )
    unique = 1 / np.einsum("bii->bi", np.linalg.inv(correlations))
    reduced = correlations.copy()
    at = np.arange(correlations.shape[1])
    reduced[:, at, at] -= unique
    return reduced


def _notes(
    values: Floats, observed: Floats, n_rows: int, draws: Draw, n_draws: int, seed: int
) -> tuple[str, ...]:
    what = "each item's answers shuffled" if draws == "permutation" else "normal numbers"
    notes = [
        f"{format_count(len(values))} persons; {format_count(n_draws)} draws of unrelated items "
        f"({what}, seed {seed})."
    ]
    empty = n_rows - len(values)
    if empty:
        notes.append(f"{format_count(empty)} persons answered none of the items and are left out.")
    gaps = int(np.isnan(values).any(axis=1).sum())
    if gaps:
        notes.append(
            f"{format_count(gaps)} persons have gaps: each correlation is from the persons who "
            "answered both items."
        )
    if values.shape[0] < 5 * values.shape[1]:
        notes.append("Fewer than five persons an item: the number of dimensions is unsure.")
    return tuple(notes)


def _check_options(n_draws: object, form: object, draws: object, percentile: float) -> None:
    if isinstance(n_draws, bool) or not isinstance(n_draws, int) or n_draws < _FEWEST_DRAWS:
        raise SpecError(
            f"n_draws must be a whole number, {_FEWEST_DRAWS} or more, got {n_draws!r}."
        )
    if form not in get_args(Form):
        raise SpecError(f"form must be 'components' or 'factors', got {form!r}.")
    if draws not in get_args(Draw):
        raise SpecError(f"draws must be 'permutation' or 'normal', got {draws!r}.")
    if not 50 <= percentile < 100:
        raise SpecError(f"percentile must lie from 50 to below 100, got {percentile!r}.")
