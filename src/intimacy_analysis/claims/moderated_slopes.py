"""Standardized moderated slopes, quickly, over many samples of persons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.paths.bootstrap import resampling_counts

Floats = npt.NDArray[np.float64]
TERMS = ("predictor", "moderator", "interaction")
# Numbers held at once, so that large samples do not fill the memory.
_CELLS = 4_000_000


def moderated_bootstrap(
    rows: pd.DataFrame, columns: Sequence[str], *, samples: int, seed: int
) -> Floats:
    """Return standardized slopes of predictor, moderator and product in samples of persons.

    In every sample each variable is in standard deviations from its mean in that sample.

    Args:
        rows: One row a person; those with a gap in the columns are left out.
        columns: Outcome, predictor, moderator.
        samples: How many.
        seed: Of the draws.

    Returns:
        Shape (samples, 3), in the order of `TERMS`; nan where a sample has no solution.

    Raises:
        DataError: Fewer than ten complete rows.

    Source:
        docs/maths/regression.md, eq. 5.
    """
    known = rows[list(columns)].dropna().to_numpy(dtype=np.float64)
    n = len(known)
    if n < 10:
        raise DataError(
            f"a bootstrap of slopes needs 10 complete rows, but {n} of {len(rows)} are. Fill in "
            "the gaps or leave a variable out."
        )
    away = known - known.mean(axis=0)
    y, x, w = away.T
    X = np.column_stack([np.ones(n), x, w, x * w])
    rng = np.random.default_rng(seed)
    block = max(1, _CELLS // n)
    return np.vstack(
        [
            _slopes(away, y, X, resampling_counts(rng, min(block, samples - at), n) / n)
            for at in range(0, samples, block)
        ]
    )


def _slopes(away: Floats, y: Floats, X: Floats, weights: Floats) -> Floats:
    """Return the slopes of samples with these weights of persons, shape (samples, n)."""
    samples, n = weights.shape
    squares = (weights @ np.einsum("ij,ik->ijk", X, X).reshape(n, 16)).reshape(samples, 4, 4)
    products = weights @ (X * y[:, None])
    spread = np.sqrt(weights @ away**2 - (weights @ away) ** 2)
    slopes = np.full((samples, 3), np.nan)
    fine = np.linalg.cond(squares) < 1e12
    b = np.linalg.solve(squares[fine], products[fine][:, :, None])[:, :, 0]
    sd_y, sd_x, sd_w = spread[fine].T
    mean_x, mean_w = squares[fine, 0, 1], squares[fine, 0, 2]
    slopes[fine, 0] = (b[:, 1] + b[:, 3] * mean_w) * sd_x / sd_y
    slopes[fine, 1] = (b[:, 2] + b[:, 3] * mean_x) * sd_w / sd_y
    slopes[fine, 2] = b[:, 3] * sd_x * sd_w / sd_y
    return slopes
