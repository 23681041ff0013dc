"""The items behind a claim's scores: found, turned round, and how reliable they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from intimacy_analysis.errors import IntimacyError
from intimacy_analysis.reliability.cronbach_alpha import cronbach_alpha
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.scale import Scale
from intimacy_analysis.study.study import Study


def score_reliability(
    study: Study, rows: pd.DataFrame, columns: Mapping[str, str]
) -> dict[str, float]:
    """Return Cronbach's alpha of each construct whose items are in the data.

    Args:
        study: The data; its codebook names the scales.
        rows: One row a person, with the items.
        columns: Construct to the score that measures it.
    """
    found = {}
    for construct, name in columns.items():
        scale = scale_of(study, name)
        answers = None if scale is None else scored_answers(rows, scale)
        alpha = None if answers is None else alpha_of(answers)
        if alpha is not None:
            found[construct] = alpha
    return found


def scale_of(study: Study, name: str) -> Scale | None:
    """Return the scale of this name; None where the codebook has none."""
    return next((scale for scale in study.scales if scale.name == name), None)


def scored_answers(
    rows: pd.DataFrame, scale: Scale, items: Sequence[str] | None = None
) -> pd.DataFrame | None:
    """Return a scale's answers, reversed items turned round; None where some are not there.

    Args:
        rows: One row a person.
        scale: The key.
        items: Columns of the items, in order; None where they are called like the items.
    """
    columns = list(items or scale.items)
    if any(name not in rows.columns for name in columns):
        return None
    turned: pd.DataFrame = rows[columns].apply(pd.to_numeric, errors="coerce").astype("float64")
    for item, name in zip(scale.items, columns, strict=True):
        if item in scale.reversed:
            turned[name] = sum(scale.ends(item)) - turned[name]
    return turned


def alpha_of(answers: pd.DataFrame) -> float | None:
    """Return alpha, or None where it is not defined (one item, too few answers) or negative."""
    if answers.shape[1] < 2:
        return None
    try:
        alpha = cronbach_alpha(answers).value
    except IntimacyError:
        return None
    return alpha if 0 < alpha <= 1 else None


def couple_reliability(
    study: Study, couples: DyadFrame, columns: Mapping[str, tuple[str, str]]
) -> dict[str, float]:
    """Return alpha of each construct and member whose items are in the data.

    Args:
        study: The data; its codebook names the scales.
        couples: With the items.
        columns: Construct to the scores of both members, in the order of the roles.

    Returns:
        "<construct>_<role>" to alpha.
    """
    found = {}
    for construct, pair in columns.items():
        for at, (role, name) in enumerate(zip(couples.roles, pair, strict=True)):
            scale = scale_of(study, name.removesuffix(f"_{role}"))
            if scale is None or any(item not in couples.stems for item in scale.items):
                continue
            items = [couples.columns_of(item)[at] for item in scale.items]
            answers = scored_answers(couples.rows, scale, items)
            alpha = None if answers is None else alpha_of(answers)
            if alpha is not None:
                found[f"{construct}_{role}"] = alpha
    return found
