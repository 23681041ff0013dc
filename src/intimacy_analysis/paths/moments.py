"""Data become moments once: means and covariances by pattern of missing values.

The likelihood of a path model sees rows only through these: docs/maths/path_model.md, eq. 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """Sufficient statistics of one group, a pattern of missing values a row.

    Attributes:
        observed: Which variables a pattern holds, shape (P, p).
        counts: Couples of each pattern, shape (P,).
        means: Their means, zero where missing, shape (P, p).
        covariances: Their covariances with divisor n, zero where missing, shape (P, p, p).
        rows: The rows with NaN where missing, shape (n, p); None for a printed table.
        pattern_of_row: Pattern of each row, shape (n,); None for a printed table.
    """

    observed: Booleans
    counts: Floats
    means: Floats
    covariances: Floats
    rows: Floats | None = None
    pattern_of_row: npt.NDArray[np.intp] | None = None

    @property
    def n(self) -> float:
        """Number of couples."""
        return float(self.counts.sum())

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return bool(self.observed.all())


def collect_patterns(rows: Floats) -> Patterns:
    """Collect rows, shape (n, p), NaN where missing, into their patterns.

    Rows without any value carry no information and must have been taken out before.
    """
    present = ~np.isnan(rows)
    if present.all():
        observed = np.ones((1, rows.shape[1]), dtype=bool)
        which = np.zeros(len(rows), dtype=np.intp)
    else:
        observed, which = np.unique(present, axis=0, return_inverse=True)
        which = which.reshape(-1)
        # The fullest pattern first: it reads better in a report.
        order = np.argsort(-observed.sum(axis=1), kind="stable")
        observed, which = observed[order], np.argsort(order)[which]
    n_patterns, p = observed.shape
    counts = np.bincount(which, minlength=n_patterns).astype(np.float64)
    means = np.zeros((n_patterns, p))
    covariances = np.zeros((n_patterns, p, p))
    for index in range(n_patterns):
        here = observed[index]
        block = rows[which == index][:, here]
        mean = block.mean(axis=0)
        centered = block - mean
        means[index, here] = mean
        covariances[index][np.ix_(here, here)] = centered.T @ centered / len(block)
    return Patterns(
        observed=observed,
        counts=counts,
        means=means,
        covariances=covariances,
        rows=rows,
        pattern_of_row=which,
    )


def moments_as_patterns(mean: Floats, covariance: Floats, n: float) -> Patterns:
    """Return a mean, shape (p,), and a covariance with divisor n as one full pattern."""
    p = len(mean)
    return Patterns(
        observed=np.ones((1, p), dtype=bool),
        counts=np.array([n], dtype=np.float64),
        means=mean[None, :].astype(np.float64),
        covariances=covariance[None, :, :].astype(np.float64),
    )


def shifted(patterns: Patterns, by: Floats) -> Patterns:
    """Return the patterns of the same rows less `by`, shape (p,)."""
    means = np.where(patterns.observed, patterns.means - by, 0.0)
    return Patterns(
        observed=patterns.observed,
        counts=patterns.counts,
        means=means,
        covariances=patterns.covariances,
        rows=None if patterns.rows is None else patterns.rows - by,
        pattern_of_row=patterns.pattern_of_row,
    )


def available_moments(patterns: Patterns) -> tuple[Floats, Floats]:
    """Return mean and variance of each variable over the couples that have it, shapes (p,)."""
    weight = patterns.counts[:, None] * patterns.observed
    n = weight.sum(axis=0)
    mean = (weight * patterns.means).sum(axis=0) / n
    spread = np.einsum("kii->ki", patterns.covariances) + (patterns.means - mean) ** 2
    return mean, (weight * spread).sum(axis=0) / n


def pooled_moments(patterns: Patterns, at: list[int]) -> tuple[Floats, Floats]:
    """Return mean and covariance of variables without gaps over all patterns, (k,) and (k, k)."""
    share = patterns.counts / patterns.n
    mean = share @ patterns.means[:, at]
    off = patterns.means[:, at] - mean
    inner = patterns.covariances[:, at][:, :, at] + off[:, :, None] * off[:, None, :]
    return mean, np.einsum("k,kij->ij", share, inner)


def chosen_variables(patterns: Patterns, at: list[int]) -> Patterns:
    """Return the patterns of some variables; couples with none of them drop out.

    Patterns that differ in other variables only become one: whether nothing is missing is then
    seen of these variables.
    """
    index = np.array(at, dtype=np.intp)
    seen = patterns.observed[:, index]
    held = np.flatnonzero(seen.any(axis=1))
    kept, which = np.unique(seen[held], axis=0, return_inverse=True)
    which = which.reshape(-1)
    counts = np.bincount(which, weights=patterns.counts[held]).astype(np.float64)
    share = patterns.counts[held] / counts[which]
    parts = patterns.means[held][:, index]
    means = np.zeros((len(kept), len(index)))
    np.add.at(means, which, share[:, None] * parts)
    apart = parts - means[which]
    spread = patterns.covariances[held][:, index[:, None], index[None, :]]
    covariances = np.zeros((len(kept), len(index), len(index)))
    np.add.at(
        covariances,
        which,
        share[:, None, None] * (spread + apart[:, :, None] * apart[:, None, :]),
    )
    return Patterns(observed=kept, counts=counts, means=means, covariances=covariances)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedMoments:
    """A published covariance matrix in place of rows; made by `observe_covariance`.

    Attributes:
        names: The variables, in order.
        covariance: With divisor n - 1, as tables print it, shape (p, p).
        means: Shape (p,), or None where the table prints none.
        n_couples: Couples behind it.
    """

    names: tuple[str, ...]
    covariance: Floats
    means: Floats | None
    n_couples: int

    def chosen(self, names: Sequence[str]) -> PrintedMoments:
        """Return the moments of some variables, in this order."""
        at = [self.names.index(name) for name in names]
        return PrintedMoments(
            names=tuple(names),
            covariance=self.covariance[np.ix_(at, at)],
            means=None if self.means is None else self.means[at],
            n_couples=self.n_couples,
        )
