"""Scores of latent variables, from whatever items a couple answered."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.paths.fit import PathFit
from intimacy_analysis.paths.implied import filled, imply
from intimacy_analysis.paths.observe import Observed

Floats = npt.NDArray[np.float64]


def factor_scores(
    fit: PathFit, observed: Observed, *, method: Literal["regression", "bartlett"]
) -> pd.DataFrame:
    """Return one row a couple, in the order of the data, one column a latent variable.

    Args:
        fit: The fit.
        observed: The data.
        method: "regression" (Thurstone, least error, shrunken to the mean) or "bartlett"
            (unbiased given the latent value).

    Raises:
        SpecError: A model without latent variables, or another method.
        FitError: A fit to a printed table, which has no couples to score.
    """
    if method not in ("regression", "bartlett"):
        raise SpecError(f"method must be 'regression' or 'bartlett', got {method!r}.")
    if not fit.table.latent:
        raise SpecError("factor scores need a latent variable ('f =~ ...'), but there is none.")
    if observed.index is None:
        raise FitError("factor scores need rows, but the model was fitted to a printed table.")
    p = len(fit.table.observed)
    pieces = []
    for structure, patterns in zip(fit.likelihood.structures, fit.likelihood.patterns, strict=True):
        implied = imply(structure, fit.solution.theta)
        assert implied is not None
        assert patterns.rows is not None
        assert patterns.pattern_of_row is not None
        directed, symmetric, _ = filled(structure, fit.solution.theta)
        scores = np.full((len(patterns.rows), len(fit.table.latent)), np.nan)
        latent_mean = implied.all_means[p:]
        inner = np.linalg.inv(np.eye(p) - directed[:p, :p])
        loadings = inner @ directed[:p, p:]
        unique = inner @ symmetric[:p, :p] @ inner.T
        for index, seen in enumerate(patterns.observed):
            here = patterns.pattern_of_row == index
            deviation = patterns.rows[here][:, seen] - implied.mean[seen]
            if method == "regression":
                cross = implied.all_covariance[p:, :p][:, seen]
                weights = np.linalg.solve(implied.covariance[np.ix_(seen, seen)], cross.T)
            else:
                # A factor none of whose items was answered has no score; the others keep theirs.
                known = np.flatnonzero((loadings[seen] != 0).any(axis=0))
                block = np.linalg.solve(unique[np.ix_(seen, seen)], loadings[seen][:, known])
                meat = loadings[seen][:, known].T @ block
                if len(known) == 0 or np.linalg.matrix_rank(meat) < len(meat):
                    continue
                weights = np.full((int(seen.sum()), len(latent_mean)), np.nan)
                weights[:, known] = block @ np.linalg.inv(meat)
            scores[here] = latent_mean + deviation @ weights
        pieces.append(scores)
    frame = pd.DataFrame(np.vstack(pieces), index=observed.index, columns=list(fit.table.latent))
    order = np.argsort(np.concatenate(observed.positions), kind="stable")
    return frame.iloc[order]
