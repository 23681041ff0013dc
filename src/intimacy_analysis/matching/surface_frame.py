"""Two commensurable predictors, their squares and product, centered at one common point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.dyadic.couple_columns import (
    CoupleData,
    check_couple_columns,
    couple_rows,
    numbers,
    roles_of,
)
from intimacy_analysis.dyadic.variable_names import (
    MemberNames,
    check_plain_names,
    check_stems,
    member_names,
)
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.dyads import DyadFrame

Center = float | Literal["pooled"]
# How near to 1 a correlation is taken for 1, as path models do.
_ONE_LINE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceTerms:
    """The columns of one outcome's surface.

    Attributes:
        role: The member whose outcome it is; "" for a single outcome.
        outcome: Column of the outcome.
        x: Column of the centered first predictor.
        y: Column of the centered second predictor.
        x_squared: Column of its square.
        product: Column of the product.
        y_squared: Column of the second one's square.
        x_words: The first predictor in words, for an axis.
        y_words: The second predictor in words.
    """

    role: str
    outcome: str
    x: str
    y: str
    x_squared: str
    product: str
    y_squared: str
    x_words: str
    y_words: str

    @property
    def predictors(self) -> tuple[str, str, str, str, str]:
        """The five columns in the order of b1 to b5."""
        return (self.x, self.y, self.x_squared, self.product, self.y_squared)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceFrame:
    """Rows with the columns of one or two surfaces.

    Attributes:
        rows: The outcome and predictor columns, the new ones with them; the rows given are left
            as they are.
        center: What was taken from every predictor, in its own unit.
        terms: One entry an outcome.
        spread: SD of all predictor values around the center, in their unit.
    """

    rows: pd.DataFrame
    center: float
    terms: tuple[SurfaceTerms, ...]
    spread: float

    def agreement(self) -> pd.DataFrame:
        """Return how many rows have the predictors apart, by half a pooled SD or more.

        Returns:
            One row an outcome (its column as index); columns n, x_higher, alike, y_higher: the
            number of rows with both predictors, then shares between 0 and 1.

        Source:
            Shanock and others (2010), Journal of Business and Psychology 25, 543-554.
        """
        found = {}
        for term in self.terms:
            gap = (self.rows[term.x] - self.rows[term.y]).dropna().to_numpy()
            half = 0.5 * self.spread
            shares = [np.mean(gap >= half), np.mean(np.abs(gap) < half), np.mean(gap <= -half)]
            found[term.outcome] = [len(gap), *(float(share) for share in shares)]
        return pd.DataFrame.from_dict(
            found, orient="index", columns=["n", "x_higher", "alike", "y_higher"]
        ).rename_axis("outcome")


def surface_frame(
    data: pd.DataFrame, x: str, y: str, outcome: str, *, center: Center = "pooled"
) -> SurfaceFrame:
    """Add centered columns, squares and the product of two predictors of one outcome.

    Args:
        data: One row a person or couple.
        x: Column of the first predictor.
        y: Column of the second, measured in the same unit.
        outcome: Column of the outcome.
        center: "pooled" (the mean of all values of both predictors), or a number of their scale
            such as its midpoint. Both lose the same number, so that x = y stays x = y.

    Raises:
        SpecError: Names or a center that cannot be.
        DataError: Columns absent, without variation or without numbers, on one line with each
            other, or names in use.
    """
    check_plain_names((x, y, outcome))
    check_stems((x, y, outcome))
    rows = couple_rows(data)
    absent = [name for name in (x, y, outcome) if name not in rows.columns]
    if absent:
        raise DataError(
            f"a response surface needs three columns, but {len(absent)} of 3 "
            f"{'is' if len(absent) == 1 else 'are'} absent; the first is {absent[0]!r}. "
            f"{near_names(absent[0], [str(name) for name in rows.columns])}"
        )
    _check_one_scale(data, (x, y))
    values = {name: numbers(data, name) for name in (x, y)}
    taken, spread = _center(list(values.values()), center, (x, y))
    _check_not_on_one_line(values, ((x, y),))
    one, two = (values[name] - taken for name in (x, y))
    terms = SurfaceTerms(
        role="",
        outcome=outcome,
        x=f"{x}_centered",
        y=f"{y}_centered",
        x_squared=f"{x}_squared",
        product=f"{x}_by_{y}",
        y_squared=f"{y}_squared",
        x_words=x,
        y_words=y,
    )
    new = dict(zip(terms.predictors, (one, two, one**2, one * two, two**2), strict=True))
    return SurfaceFrame(
        rows=_with_new(rows, (outcome, x, y), new, {outcome: numbers(data, outcome)}),
        center=taken,
        terms=(terms,),
        spread=spread,
    )


def dyadic_surface_frame(
    data: CoupleData,
    own: str,
    partner: str,
    outcome: str,
    *,
    center: Center = "pooled",
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
) -> tuple[SurfaceFrame, MemberNames]:
    """Add the columns of both members' surfaces: own predictor x, the partner's predictor y.

    With own == partner (one construct of both members) the two surfaces share their columns; else
    the wife's surface is made of her `own` and the husband's `partner`, and the other way round.

    Args:
        data: One row a couple, or a `DyadFrame`.
        own: Stem of the member's own predictor, e.g. a preference.
        partner: Stem of the partner's predictor, e.g. what the partner expresses; may be `own`.
        outcome: Stem of the outcome.
        center: As in `surface_frame`, over both members.
        roles: The two members; None for those of a `DyadFrame`, else ("wife", "husband").
        suffixes: Endings of their columns; "_" and the role where None.

    Raises:
        SpecError: Names or a center that cannot be.
        DataError: Columns absent, without variation, on different ranges or on one line with each
            other, or names in use.
    """
    stems = (own,) if own == partner else (own, partner)
    names = member_names(roles_of(data, roles), suffixes, (*stems, outcome))
    rows = couple_rows(data)
    check_couple_columns(data, names, (*stems, outcome))
    used = [column for stem in stems for column in names.columns(stem)]
    _check_one_scale(data, used)
    values = {column: numbers(data, column) for column in used}
    taken, spread = _center(list(values.values()), center, used)
    (hers, his), (of_her, of_him) = names.columns(own), names.columns(partner)
    _check_not_on_one_line(values, ((hers, of_him), (his, of_her)))
    new: dict[str, pd.Series] = {}
    for stem in stems:
        for column, centered, squared in zip(
            names.columns(stem),
            names.columns(f"{stem}_centered"),
            names.columns(f"{stem}_squared"),
            strict=True,
        ):
            new[centered] = values[column] - taken
            new[squared] = new[centered] ** 2
    terms = []
    for member, role in enumerate(names.roles):
        # One construct has one product, the same for both members.
        product = (
            f"{own}_product" if own == partner else names.columns(f"{own}_by_{partner}")[member]
        )
        x, y = names.columns(f"{own}_centered")[member], names.columns(f"{partner}_centered")
        other = y[1 - member]
        new[product] = new[x] * new[other]
        terms.append(
            SurfaceTerms(
                role=role,
                outcome=names.columns(outcome)[member],
                x=x,
                y=other,
                x_squared=names.columns(f"{own}_squared")[member],
                product=product,
                y_squared=names.columns(f"{partner}_squared")[1 - member],
                x_words=f"{own}, {names.words(member)}",
                y_words=f"{partner}, {names.words(1 - member)}",
            )
        )
    outcomes = {column: numbers(data, column) for column in names.columns(outcome)}
    frame = SurfaceFrame(
        rows=_with_new(rows, (*outcomes, *used), new, outcomes),
        center=taken,
        terms=tuple(terms),
        spread=spread,
    )
    return frame, names


def _with_new(
    rows: pd.DataFrame,
    kept: Sequence[str],
    new: dict[str, pd.Series],
    outcomes: dict[str, pd.Series],
) -> pd.DataFrame:
    taken = [name for name in new if name in rows.columns]
    if taken:
        raise DataError(
            f"new columns must not replace columns that are there, but {len(taken)} of "
            f"{len(new)} planned names are in use; the first is {taken[0]!r}. Rename or drop it."
        )
    return rows[list(kept)].assign(**outcomes, **new)


def _center(
    columns: Sequence[pd.Series], center: Center, names: Sequence[str]
) -> tuple[float, float]:
    """Return what to take off and the SD around it, over every value of all columns."""
    for name, column in zip(names, columns, strict=True):
        held = column.dropna().to_numpy()
        if len(held) < 3 or held.std() == 0:
            raise DataError(
                f"{name!r} must vary, but its {len(held)} values "
                f"{'are all the same' if len(held) else 'are all missing'}. Choose another "
                "variable."
            )
        different = len(np.unique(held))
        if different < 3:
            raise DataError(
                f"{name!r} must take three values or more, or its square repeats it, but its "
                f"{len(held)} values are {different} different ones. A surface needs graded "
                "scores; compare groups with a product of two predictors instead."
            )
    held = _stacked(columns)
    if isinstance(center, str):
        if center != "pooled":
            raise SpecError(f"center must be 'pooled' or a number of the scale, got {center!r}.")
        taken = float(held.mean())
    elif (
        isinstance(center, bool) or not isinstance(center, int | float) or not math.isfinite(center)
    ):
        raise SpecError(f"center must be 'pooled' or a number of the scale, got {center!r}.")
    else:
        taken = float(center)
        if taken < held.min() or taken > held.max():
            raise SpecError(
                "center must lie within the predictors' values, which run from "
                f"{held.min():g} to {held.max():g}, but it is {taken:g}. Give the scale's "
                "midpoint, or 'pooled'."
            )
    return taken, float(held.std(ddof=1))


def _stacked(columns: Sequence[pd.Series]) -> npt.NDArray[np.float64]:
    values = np.concatenate([column.to_numpy(dtype=np.float64) for column in columns])
    return np.asarray(values[~np.isnan(values)])


def _check_one_scale(data: CoupleData, columns: Sequence[str]) -> None:
    """Raise where the codebook says that two predictors have other ranges or units."""
    if not isinstance(data, DyadFrame):
        return
    scales = [
        (column, variable.minimum, variable.maximum, variable.unit)
        for column, variable in ((name, data.codebook[name]) for name in columns)
    ]
    first = scales[0]
    odd = [scale for scale in scales if scale[1:] != first[1:]]
    if odd:
        raise DataError(
            "predictors of a response surface must be measured on one scale, but "
            f"{len(odd)} of {len(scales)} have another one than {first[0]!r} ({_scale(first)}); "
            f"the first is {odd[0][0]!r} ({_scale(odd[0])}). Equal numbers mean no match then: "
            "bring both to one response format, or standardize them together."
        )


def _check_not_on_one_line(
    values: Mapping[str, pd.Series], pairs: Sequence[tuple[str, str]]
) -> None:
    """Raise where one predictor is the other again, or fixes it: then terms repeat each other."""
    for x, y in pairs:
        both = pd.DataFrame({"x": values[x], "y": values[y]}).dropna().to_numpy()
        # Fewer rows, or constant ones, are refused by the fit, in its own words.
        if len(both) < 3 or not (both.std(axis=0) > 0).all():
            continue
        related = float(np.corrcoef(both.T)[0, 1])
        if abs(related) > 1 - _ONE_LINE:
            equal = bool((both[:, 0] == both[:, 1]).all())
            found = "are the same" if equal else f"lie on one line (correlation {related:.4f})"
            raise DataError(
                "two predictors of a response surface must be able to differ, but "
                f"{x!r} and {y!r} {found} in all {len(both)} rows with both. Check that one was "
                "not copied or computed from the other."
            )


def _scale(scale: tuple[str, float | None, float | None, str]) -> str:
    _, low, high, unit = scale
    limits = "no range" if low is None and high is None else f"{low} to {high}"
    return f"{limits}, {unit}" if unit else limits
