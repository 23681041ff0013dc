"""A predictor's slope at chosen values of its moderator, always beside the interaction test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import format_p
from intimacy_analysis.mixed.contrasts import estimate_contrast
from intimacy_analysis.mixed.residuals import Floats
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.study.codebook import near_names


def simple_slopes(
    result: MixedModelResult,
    predictor: str,
    moderator: str,
    *,
    at: Sequence[float] | None = None,
) -> EstimateTable:
    """Estimate the predictor's slope at values of the moderator.

    Args:
        result: A model with the predictor and its product with the moderator.
        predictor: The predictor's term.
        moderator: The moderator's term.
        at: Values of the moderator; None for both values of a dichotomy, else for its mean and
            one SD around it, in the rows of the fit.

    Returns:
        One row a value, then the interaction: the slope's change per unit of the moderator.

    Raises:
        SpecError: No such interaction, or a curved term of the predictor.
        FitError: The fit failed.
    """
    interaction = interaction_term(result, predictor, moderator)
    values = _default_values(result, moderator) if at is None else tuple(map(float, at))
    if not values or not np.isfinite(values).all():
        raise SpecError(f"simple slopes need finite values of {moderator!r}, got {at!r}.")
    rows = [
        estimate_contrast(
            result,
            {predictor: 1.0, interaction: value},
            name=f"{predictor} at {moderator} = {value:g}",
        )
        for value in values
    ]
    change = estimate_contrast(result, {interaction: 1.0}, name=f"interaction {interaction}")
    return EstimateTable(
        rows=(*rows, change),
        title=f"Slope of {predictor} at values of {moderator}",
        df_method=result.estimates.df_method,
        interval_method="Wald t",
        confidence=result.confidence,
        notes=(
            f"Whether the slopes differ is tested by the interaction ({_p_words(change)}), not by "
            "one slope being significant and another not.",
            *other_moderators(result, predictor, moderator),
            *result.warnings,
        ),
    )


def interaction_term(result: MixedModelResult, predictor: str, moderator: str) -> str:
    """Return the name of the product of two terms.

    Raises:
        SpecError: One of them, or their product, is not in the model; or a curved term is.
        FitError: The fit failed.
    """
    if result.state == "failed":
        raise FitError("a failed fit has no slopes: " + "; ".join(result.fit.reasons) + ".")
    names = result.fit.prepared.design.fixed_names
    for name in (predictor, moderator):
        if name not in names:
            raise SpecError(f"the model has no fixed term {name!r}. {near_names(name, names)}")
    for name in (f"{predictor}:{moderator}", f"{moderator}:{predictor}"):
        if name in names:
            _check_straight(names, predictor)
            return name
    products = [name for name in names if ":" in name]
    raise SpecError(
        f"{predictor!r} and {moderator!r} must interact in the model, but no term holds both. "
        f"Products in the model: {', '.join(products) or 'none'}. "
        f"Fit a model with {predictor}:{moderator}."
    )


def other_moderators(result: MixedModelResult, predictor: str, moderator: str) -> tuple[str, ...]:
    """Return a note where the predictor interacts with further terms, which are held at zero."""
    names = result.fit.prepared.design.fixed_names
    others = sorted(
        {
            part
            for name in names
            if predictor in (parts := name.split(":")) and len(parts) > 1
            for part in parts
        }
        - {predictor, moderator}
    )
    if not others:
        return ()
    return (f"The slopes hold where {' and '.join(others)} {_are(others)} zero.",)


def moderator_values(result: MixedModelResult, moderator: str) -> Floats:
    """Return the moderator in the rows of the fit, shape (n_rows,)."""
    design = result.fit.prepared.design
    return design.X[:, design.fixed_names.index(moderator)]


def _default_values(result: MixedModelResult, moderator: str) -> tuple[float, ...]:
    seen = moderator_values(result, moderator)
    distinct = np.unique(seen)
    if len(distinct) == 2:
        return tuple(map(float, distinct))
    mean, sd = float(seen.mean()), float(seen.std(ddof=1))
    return (mean - sd, mean, mean + sd)


def _check_straight(names: tuple[str, ...], predictor: str) -> None:
    for name in names:
        for part in name.split(":"):
            if part != predictor and predictor in part and "(" in part:
                raise SpecError(
                    f"the slope of {predictor!r} must be a straight line, but the model holds "
                    f"{name!r} as well. Compute the derivative's weights and use "
                    "estimate_contrast, or fit the model without that term."
                )


def _p_words(change: Estimate) -> str:
    shown = format_p(change.p_value)
    return f"p {shown}" if shown.startswith("<") else f"p = {shown}"


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"
