"""Test whether a correlation is too small to matter."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from intimacy_analysis.errors import SpecError
from intimacy_analysis.numerics.intervals import fisher_interval

_FEWEST_ROWS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalenceTest:
    """Two one-sided tests of a correlation against bounds of what matters.

    Attributes:
        r: The coefficient.
        n: Rows behind it.
        bounds: Correlations between which an effect is too small to matter.
        p_above_lower: One-sided p against "at or below the lower bound".
        p_below_upper: One-sided p against "at or above the upper bound".
        low: Lower limit of the interval with coverage 1 - 2 alpha.
        high: Upper limit.
        alpha: Level of each test.
    """

    r: float
    n: int
    bounds: tuple[float, float]
    p_above_lower: float
    p_below_upper: float
    low: float
    high: float
    alpha: float

    @property
    def p_value(self) -> float:
        """The larger of both p: that of the test as a whole."""
        return max(self.p_above_lower, self.p_below_upper)

    @property
    def equivalent(self) -> bool:
        """Whether both tests reject; where False, size is open, not shown to be large."""
        return self.p_value < self.alpha


def equivalence_test(
    r: float,
    n: int,
    bounds: tuple[float, float],
    *,
    alpha: float = 0.05,
    std_error: float | None = None,
) -> EquivalenceTest:
    """Test a Pearson correlation against a smallest effect of interest.

    Args:
        r: The coefficient, between -1 and 1.
        n: Independent rows behind it, 4 or more.
        bounds: Lower and upper correlation of what is too small to matter, chosen before the data
            are seen, for example (-0.1, 0.1).
        alpha: Level of each of both tests, below 0.5.
        std_error: Of r, where rows are not independent or r is no Pearson correlation (as
            `correlate` gives it with clusters, by full information or for ordered answers); None
            for that of n independent rows of normal variables.

    Raises:
        SpecError: Numbers that cannot be.

    Source:
        Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680; Lakens
        (2017), Social Psychological and Personality Science 8, 355-362 (by Fisher's z).
    """
    _check(r, n, bounds, alpha)
    lower, upper = bounds
    z = math.atanh(r)
    error = (1 - r**2) / math.sqrt(n - 3) if std_error is None else std_error
    if not (math.isfinite(error) and error > 0):
        raise SpecError(
            f"std_error must be a number above 0, got {std_error!r}. Leave it out for n "
            "independent rows."
        )
    scale = (1 - r**2) / error
    low, high = fisher_interval(r, error, 1 - 2 * alpha)
    return EquivalenceTest(
        r=r,
        n=n,
        bounds=(lower, upper),
        p_above_lower=float(special.ndtr(-(z - math.atanh(lower)) * scale)),
        p_below_upper=float(special.ndtr((z - math.atanh(upper)) * scale)),
        low=low,
        high=high,
        alpha=alpha,
    )


def _check(r: float, n: int, bounds: tuple[float, float], alpha: float) -> None:
    if not -1 < r < 1:
        raise SpecError(f"r must lie between -1 and 1, got {r!r}. Give the correlation itself.")
    if isinstance(n, bool) or not isinstance(n, int) or n < _FEWEST_ROWS:
        raise SpecError(f"n must be a number of rows, {_FEWEST_ROWS} or more, got {n!r}.")
    if len(bounds) != 2 or not -1 < bounds[0] < bounds[1] < 1:
        raise SpecError(
            "bounds must be two correlations between -1 and 1, the lower first, got "
            f"{bounds!r}. Write for example (-0.1, 0.1)."
        )
    if not 0 < alpha < 0.5:
        raise SpecError(f"alpha must lie between 0 and 0.5, got {alpha!r}. Give 0.05 for 5 %.")
