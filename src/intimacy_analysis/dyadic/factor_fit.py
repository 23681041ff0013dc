"""Fit a dyadic factor model to couples: how gaps are treated where nothing is said of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from intimacy_analysis.dyadic.couple_columns import CoupleData
from intimacy_analysis.dyadic.item_columns import ItemColumns
from intimacy_analysis.dyadic.measurement import Level, Scale, dyadic_factor_model
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.moments import PrintedMoments
from intimacy_analysis.paths.result import Missing, PathModelResult, StandardErrors


def fit_factor_model(
    data: CoupleData,
    columns: ItemColumns,
    name: str,
    level: Level,
    freed: Mapping[str, Collection[str]],
    *,
    scale: Scale = "marker",
    missing: Missing | None = None,
    errors: StandardErrors | None = None,
) -> PathModelResult:
    """Fit one level of equality.

    Args:
        data: The couples.
        columns: The items.
        name: Of the latent variable.
        level: What is equal.
        freed: Items that may differ, by level.
        scale: How the factors get their unit.
        missing: None for full information, "listwise" for a printed table.
        errors: As `standard_errors` of `fit_path_model`.
    """
    return fit_path_model(
        dyadic_factor_model(name, columns, level=level, free=freed, scale=scale),
        data,
        missing=missing or ("listwise" if isinstance(data, PrintedMoments) else "fiml"),
        standard_errors=errors,
    )
