"""The one place that calls pingouin for correlations.

Only coefficients and p are taken: pingouin rounds the limits of its intervals to two decimals.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]


def pingouin_correlation(x: Floats, y: Floats, method: str) -> tuple[float, float, int]:
    """Return a correlation of complete pairs, its two-sided p, and pairs left out as outliers.

    p is that of t with n - 2 degrees of freedom, of "kendall" that of tau's own distribution, of
    "shepherd" twice that of t.

    Args:
        x: Values of the first variable, finite.
        y: Values of the second, of the same rows.
        method: "pearson", "spearman", "kendall", "percbend" (percentage bend), "bicor" (biweight
            midcorrelation), "skipped" or "shepherd" (Spearman without bivariate outliers).

    Source:
        Vallat (2018), Journal of Open Source Software 3, 1026.
    """
    function = _function(method)
    with warnings.catch_warnings(), _same_draws():
        # Said beside the result instead, as far as it concerns the reader: `correlate` notes it.
        warnings.simplefilter("ignore")
        answer = function(x, y)
    outliers = answer[2] if method in ("skipped", "shepherd") else np.zeros(0)
    r = min(1.0, max(-1.0, float(answer[0])))
    return r, float(answer[1]), int(np.sum(outliers))


def _function(method: str) -> Callable[[Floats, Floats], Sequence[Floats]]:
    # What `pingouin.corr` calls itself; it goes on to power and Bayes factors, ten times the work.
    from pingouin import correlation  # slow to import

    names = {"pearson": "pearsonr", "spearman": "spearmanr", "kendall": "kendalltau"}
    found: Callable[[Floats, Floats], Sequence[Floats]] = getattr(
        correlation, names.get(method, method)
    )
    return found


def pingouin_coefficient(method: str) -> Callable[[Floats, Floats], float]:
    """Return the function behind a method of `pingouin_correlation`, without p: for resampling."""
    held = _function(method)

    def coefficient(x: Floats, y: Floats) -> float:
        with warnings.catch_warnings(), np.errstate(all="ignore"), _same_draws():
            # A replicate of hardly any different values; it has no coefficient and says so.
            warnings.simplefilter("ignore")
            return float(held(x, y)[0])

    return coefficient


@contextmanager
def _same_draws() -> Iterator[None]:
    """Hold numpy's global generator, which "shepherd" draws from, and give it back as it was."""
    before = np.random.get_state()  # noqa: NPY002
    np.random.seed(42)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002


def pingouin_partial(
    rows: pd.DataFrame, first: str, second: str, given: Sequence[str], method: str
) -> tuple[float, float]:
    """Return a partial correlation of complete rows and its p (t with n - k - 2 df)."""
    from pingouin import partial_corr

    with warnings.catch_warnings():
        # What determines a variable wholly has been refused before.
        warnings.filterwarnings("ignore", message="The covariance matrix is rank-deficient")
        row = partial_corr(rows, x=first, y=second, covar=list(given), method=method).iloc[0]
    return float(row["r"]), float(row["p_val"])


def pingouin_repeated(rows: pd.DataFrame, x: str, y: str, subject: str) -> tuple[float, int, float]:
    """Return a repeated-measures correlation of complete rows, its df and p."""
    from pingouin import rm_corr

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sample size is too small to estimate power")
        warnings.filterwarnings("ignore", message="The inplace keyword")
        row = rm_corr(data=rows, x=x, y=y, subject=subject).iloc[0]
    return float(row["r"]), int(row["dof"]), float(row["pval"])
