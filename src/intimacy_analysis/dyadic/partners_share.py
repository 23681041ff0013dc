"""Whether partners share anything: what a common-fate model needs of the data."""

from __future__ import annotations

from collections.abc import Sequence

from intimacy_analysis.dyadic.couple_columns import (
    CoupleData,
    check_couple_columns,
    covariance_of,
    roles_of,
)
from intimacy_analysis.dyadic.variable_names import member_names
from intimacy_analysis.errors import DataError


def check_common_fate(
    data: CoupleData,
    x: str,
    y: str,
    *,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
) -> None:
    """Raise `DataError` where partners do not covary positively in X or in Y.

    The variance of what they share is their covariance: at zero or below it there is nothing to
    be shared, and the model has no possible solution.

    Args:
        data: One row a couple, a `DyadFrame` or a printed table.
        x: Stem of the predictor.
        y: Stem of the outcome.
        roles: The two members; None for those of a `DyadFrame`, else ("wife", "husband").
        suffixes: Endings of their columns; "_" and the role where None.

    Raises:
        SpecError: Names that cannot be.
        DataError: A covariance that is not above zero, columns that are absent.

    Source:
        Ledermann and Kenny (2012), Journal of Family Psychology 26, 140-148.
    """
    names = member_names(roles_of(data, roles), suffixes, (x, y))
    check_couple_columns(data, names, (x, y))
    shared = {stem: covariance_of(data, *names.columns(stem)) for stem in (x, y)}
    low = {stem: value for stem, value in shared.items() if not value > 0}
    if not low:
        return
    stem, value = next(iter(low.items()))
    one, two = names.columns(stem)
    raise DataError(
        "a common-fate model needs partners who covary positively in both variables, but "
        f"{len(low)} of 2 {'does' if len(low) == 1 else 'do'} not: the covariance of {one!r} and "
        f"{two!r} is {value:.4g}. The variance of what they share would be that number, so "
        f"there is no shared {stem} to speak of. Fit actor_partner({x!r}, {y!r}) instead."
    )
