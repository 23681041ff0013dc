"""A moderator of bias and accuracy, centered, and its products with the judged reports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from intimacy_analysis.dyadic.couple_columns import (
    CoupleData,
    check_couple_columns,
    couple_rows,
    numbers,
)
from intimacy_analysis.dyadic.variable_names import MemberNames, check_plain_names, check_stems
from intimacy_analysis.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgmentModerator:
    """Couples' rows with a centered moderator and its products.

    Attributes:
        rows: Judgments, reports and the new columns.
        name: The moderator as it was named.
        own: Whether each member has a value of one's own.
        stem: Of the centered column, or columns.
        product_stem: Of the product columns: a judge's is the partner's report by the moderator.
        columns: The centered column of each judge; the same twice for a variable of the couple.
        products: The product column of each judge.
        judged_means: What was taken from the reports that each judge's product is made of.
        center: What was taken from the moderator, the mean of all its values.
        sd: Standard deviation of these values.
        low: Their smallest.
        high: Their largest.
    """

    rows: pd.DataFrame
    name: str
    own: bool
    stem: str
    product_stem: str
    columns: tuple[str, str]
    products: tuple[str, str]
    judged_means: tuple[float, float]
    center: float
    sd: float
    low: float
    high: float


def judgment_moderator(
    data: CoupleData,
    names: MemberNames,
    judgment: str,
    truth: str,
    moderator: str,
    *,
    pooled: bool,
    listwise: bool,
) -> JudgmentModerator:
    """Center a moderator and multiply it with the centered reports that each member judges.

    Args:
        data: One row a couple, or a `DyadFrame`.
        names: The members.
        judgment: Stem of the judgments.
        truth: Stem of the reports.
        moderator: Column of the couple, or stem of a variable of both members.
        pooled: Whether reports lose one mean of both members, not each its own.
        listwise: Whether means are those of couples without a gap.

    Raises:
        SpecError: A name that stands in two places, or cannot stand in a model.
        DataError: Columns absent, in use, without numbers or without variation.
    """
    check_stems((judgment, truth, moderator))
    check_plain_names((moderator,))
    own = moderator not in couple_rows(data).columns
    if own:
        check_couple_columns(data, names, (moderator,))
    held = names.columns(moderator) if own else (moderator,)
    kept = [*names.columns(judgment), *names.columns(truth), *held]
    rows = pd.DataFrame({name: numbers(data, name) for name in kept})
    if listwise:
        rows = rows.dropna()
    values = pd.concat([rows[name] for name in held]).dropna()
    if values.nunique() < 2:
        raise DataError(
            f"a moderator must vary, but {moderator!r} has {values.nunique()} different values in "
            f"{len(rows)} couples. Choose another one."
        )
    center = float(values.mean())
    stem, product_stem = f"{moderator}_centered", f"{truth}_by_{moderator}"
    columns = names.columns(stem) if own else (stem, stem)
    products = names.columns(product_stem)
    new = {column: rows[name] - center for column, name in zip(columns, held, strict=False)}
    reports = rows[list(names.columns(truth))]
    means = reports.mean()
    if pooled:
        means[:] = float(np.nanmean(reports.to_numpy()))
    for member, product in enumerate(products):
        judged = names.columns(truth)[1 - member]
        new[product] = (rows[judged] - means[judged]) * new[columns[member]]
    taken = [name for name in new if name in rows]
    if taken:
        raise DataError(
            f"new columns must not replace columns that are there, but {len(taken)} of "
            f"{len(new)} planned names are in use; the first is {taken[0]!r}. Rename it."
        )
    return JudgmentModerator(
        rows=rows.assign(**new),
        name=moderator,
        own=own,
        stem=stem,
        product_stem=product_stem,
        columns=(columns[0], columns[1]),
        products=products,
        judged_means=(float(means.iloc[1]), float(means.iloc[0])),
        center=center,
        sd=float(values.std(ddof=1)),
        low=float(values.min()),
        high=float(values.max()),
    )
