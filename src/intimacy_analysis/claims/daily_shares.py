"""The share of persons who report something at least daily, with Wilson's interval."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from intimacy_analysis.errors import DataError


def daily_shares(answers: pd.DataFrame, *, daily: float, confidence: float = 0.95) -> pd.DataFrame:
    """Return the share of answers at "once a day" or more, one row an item.

    Args:
        answers: One row a person, one column an item, numbers; gaps are left out item by item.
        daily: Lowest answer that means "once a day".
        confidence: Coverage of the intervals.

    Returns:
        Columns item, n (answers), count, share, low, high.

    Raises:
        DataError: An item without any answer.

    Source:
        Wilson (1927), Journal of the American Statistical Association 22, 209-212; through
        statsmodels.
    """
    from statsmodels.stats.proportion import proportion_confint  # slow to import

    rows = []
    for name in answers.columns:
        known = answers[name].dropna()
        if known.empty:
            raise DataError(
                f"a share needs answers, but none of {len(answers)} persons answered {name!r}. "
                "Leave the item out of the scale."
            )
        count, n = int((known >= daily).sum()), len(known)
        low, high = proportion_confint(count, n, alpha=1 - confidence, method="wilson")
        rows.append(
            {
                "item": str(name),
                "n": n,
                "count": count,
                "share": count / n,
                "low": float(low),
                "high": float(high),
            }
        )
    return pd.DataFrame(rows)


def holds_published(shares: pd.DataFrame, published: Sequence[float]) -> list[bool]:
    """Return whether each share's interval holds the published share, in order."""
    return [
        bool(low <= value <= high)
        for low, high, value in zip(shares["low"], shares["high"], published, strict=True)
    ]
