"""One common factor within persons and one between them, by maximum likelihood, in batches.

Answers of person j on day t: y_jt = mean + between_j + within_jt, with covariances
S_w = l_w l_w' + diag(t_w) and S_b = l_b l_b' + diag(t_b). Deviations from a person's mean know
S_w only; the root of n_j times the person's mean has the covariance S_w + n_j S_b. Derivation:
docs/maths/reliability.md, eq. 27 to 30.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_MOST_STEPS = 200
_MOST_HALVINGS = 25
_GAIN = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLevelFactor:
    """Estimates of B replicates.

    Attributes:
        within: Loadings within persons, shape (B, m), the factor's variance 1.
        within_errors: Residual variances, (B, m).
        between: Loadings between persons, (B, m).
        between_errors: Residual variances; they may be negative, (B, m).
        minus_two_log: Minus twice the log-likelihood, (B,).
        converged: Whether no step could gain more, (B,).
    """

    within: Floats
    within_errors: Floats
    between: Floats
    between_errors: Floats
    minus_two_log: Floats
    converged: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums of B replicates: within persons, and of persons' means by number of days.

    Attributes:
        df: Days less persons, (B,).
        within: Squares about persons' means, (B, m, m).
        sizes: Numbers of days, (S,).
        n: Persons of each size, (B, S).
        means: Sum of their means, (B, S, m).
        squares: Sum of squares of their means, (B, S, m, m).
    """

    df: Floats
    within: Floats
    sizes: Floats
    n: Floats
    means: Floats
    squares: Floats

    def take(self, which: npt.NDArray[np.intp]) -> _Sums:
        held = {f.name: getattr(self, f.name) for f in fields(self)}
        return _Sums(**{k: v if k == "sizes" else v[which] for k, v in held.items()})


def two_level_factor(
    answers: Floats, counts: Floats | None = None, *, start: Floats | None = None
) -> TwoLevelFactor:
    """Fit the factor models of both levels at once.

    Args:
        answers: Shape (persons, K, m), nan in every item of a day without an answer; every person
            has a day.
        counts: How often each person is drawn in each replicate, shape (B, persons); None for
            everyone once.
        start: l_w, t_w, l_b, t_b in a row, shape (4 m,).

    Source:
        docs/maths/reliability.md, eq. 27 to 30; Muthen (1994), Sociological Methods and Research
        22, 376-398. Steps are Fisher's, halved until the likelihood rises.
    """
    weights = np.ones((1, len(answers))) if counts is None else counts
    n_items = answers.shape[2]
    sums = _collected(answers, weights)
    theta = np.tile(_start(sums, n_items) if start is None else start, (len(weights), 1))
    value = _value(sums, theta)[0]
    active = np.arange(len(theta))
    settled = np.zeros(len(theta), dtype=bool)
    for _ in range(_MOST_STEPS):
        part = sums.take(active)
        step, gain = _step(part, theta[active])
        still = gain > _GAIN
        settled[active[~still]] = True
        active, step, gain = active[still], step[still], gain[still]
        if not len(active):
            break
        part = sums.take(active)
        theta[active], value[active], stuck = _walk(part, theta[active], value[active], step, gain)
        active = active[~stuck]
        if not len(active):
            break
    constant = (sums.df + sums.n.sum(axis=1)) * n_items * np.log(2 * np.pi)
    parts = np.split(theta, 4, axis=1)
    return TwoLevelFactor(
        within=parts[0],
        within_errors=parts[1],
        between=parts[2],
        between_errors=parts[3],
        minus_two_log=value + constant,
        converged=settled,
    )


def _collected(answers: Floats, counts: Floats) -> _Sums:
    there: npt.NDArray[np.bool_] = np.asarray(np.isfinite(answers).all(axis=2))
    n_days = there.sum(axis=1)
    center = answers[there].mean(axis=0)
    values = np.where(there[:, :, None], answers - center, 0.0)
    means = values.sum(axis=1) / n_days[:, None]
    off = np.where(there[:, :, None], values - means[:, None, :], 0.0)
    within = off.transpose(0, 2, 1) @ off
    m = answers.shape[2]
    sizes = np.unique(n_days)
    squares = means[:, :, None] * means[:, None, :]
    of_size = [n_days == size for size in sizes]
    return _Sums(
        df=counts @ (n_days - 1.0),
        within=(counts @ within.reshape(-1, m * m)).reshape(-1, m, m),
        sizes=sizes.astype(np.float64),
        n=np.stack([counts[:, held].sum(axis=1) for held in of_size], axis=1),
        means=np.stack([counts[:, held] @ means[held] for held in of_size], axis=1),
        squares=np.stack(
            [
                (counts[:, held] @ squares[held].reshape(-1, m * m)).reshape(-1, m, m)
                for held in of_size
            ],
            axis=1,
        ),
    )


def _start(sums: _Sums, m: int) -> Floats:
    within = sums.within[0] / max(sums.df[0], 1.0)
    n = sums.n[0].sum()
    mean = sums.means[0].sum(axis=0) / n
    total = sums.squares[0].sum(axis=0) / n - np.outer(mean, mean)
    harmonic = n / (sums.n[0] / sums.sizes).sum()
    parts = []
    for matrix in (within, total - within / harmonic):
        spread = np.maximum(np.diag(matrix), 0.05 * np.diag(total))
        values, vectors = np.linalg.eigh(matrix)
        loadings = vectors[:, -1] * np.sqrt(max(values[-1], spread.mean() / m))
        loadings = np.clip(loadings, -0.8 * np.sqrt(spread), 0.8 * np.sqrt(spread))
        parts += [loadings, spread - loadings**2]
    return np.concatenate(parts)


def _covariances(sums: _Sums, theta: Floats) -> tuple[Floats, Floats]:
    """Return S_w and the covariances of scaled means by size, (B, S, m, m)."""
    lw, tw, lb, tb = np.split(theta, 4, axis=1)
    diagonal = np.eye(lw.shape[1])
    within = lw[:, :, None] * lw[:, None, :] + tw[:, :, None] * diagonal
    between = lb[:, :, None] * lb[:, None, :] + tb[:, :, None] * diagonal
    return within, within[:, None] + sums.sizes[None, :, None, None] * between[:, None]


def _value(sums: _Sums, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the criterion (inf where a covariance is none), both inverses, and T by size."""
    within, scaled = _covariances(sums, theta)
    least = np.minimum(
        np.linalg.eigvalsh(within)[:, 0], np.linalg.eigvalsh(scaled)[:, :, 0].min(axis=1)
    )
    bad = least <= 1e-10 * np.abs(np.einsum("bii->bi", within)).max(axis=1)
    eye = np.eye(within.shape[1])
    within = np.where(bad[:, None, None], eye, within)
    scaled = np.where(bad[:, None, None, None], eye, scaled)
    w_inverse, s_inverse = (np.asarray(np.linalg.inv(held)) for held in (within, scaled))
    weight = sums.sizes * sums.n
    left = np.einsum("bs,bsij->bij", weight, s_inverse)
    right = np.einsum("s,bsij,bsj->bi", sums.sizes, s_inverse, sums.means)
    mu = np.linalg.solve(left, right[:, :, None])[:, None, :, 0]
    crossed = mu[:, :, :, None] * sums.means[:, :, None, :]
    squares = (
        sums.squares - crossed - crossed.transpose(0, 1, 3, 2)
        + sums.n[:, :, None, None] * mu[:, :, :, None] * mu[:, :, None, :]
    )  # fmt: skip
    value = (
        sums.df * np.linalg.slogdet(within)[1]
        + np.einsum("bij,bij->b", w_inverse, sums.within)
        + np.einsum("bs,bs->b", sums.n, np.linalg.slogdet(scaled)[1])
        + np.einsum("s,bsij,bsij->b", sums.sizes, s_inverse, squares)
    )
    return np.asarray(np.where(bad, np.inf, value)), w_inverse, s_inverse, squares


def _step(sums: _Sums, theta: Floats) -> tuple[Floats, Floats]:
    """Return Fisher's step and what it may gain."""
    _, w, s, squares = _value(sums, theta)
    size = sums.sizes
    lw, _, lb, _ = np.split(theta, 4, axis=1)
    inner = s @ squares @ s
    each = sums.n[:, :, None, None] * s - size[None, :, None, None] * inner
    g_w = sums.df[:, None, None] * w - w @ sums.within @ w + each.sum(axis=1)
    g_b = np.einsum("s,bsij->bij", size, each)
    gradient = np.concatenate(
        [
            2 * np.einsum("bij,bj->bi", g_w, lw),
            np.einsum("bii->bi", g_w),
            2 * np.einsum("bij,bj->bi", g_b, lb),
            np.einsum("bii->bi", g_b),
        ],
        axis=1,
    )
    m = lw.shape[1]
    information = np.zeros((len(theta), 4 * m, 4 * m))
    information[:, : 2 * m, : 2 * m] += sums.df[:, None, None] * _quarter(w, lw, lw)
    for at, n_days in enumerate(size):
        people = sums.n[:, at, None, None]
        v = s[:, at]
        information[:, : 2 * m, : 2 * m] += people * _quarter(v, lw, lw)
        information[:, 2 * m :, 2 * m :] += n_days**2 * people * _quarter(v, lb, lb)
        mixed = n_days * people * _quarter(v, lw, lb)
        information[:, : 2 * m, 2 * m :] += mixed
        information[:, 2 * m :, : 2 * m] += mixed.transpose(0, 2, 1)
    diagonal = np.arange(4 * m)
    information[:, diagonal, diagonal] *= 1 + 1e-9
    step = -np.linalg.solve(information, gradient[:, :, None])[:, :, 0]
    return step, -np.einsum("bi,bi->b", gradient, step) / 2


def _quarter(v: Floats, one: Floats, other: Floats) -> Floats:
    """Return tr(V^-1 dV V^-1 dV) by loadings and errors of two levels, shape (B, 2m, 2m)."""
    p, q = np.einsum("bij,bj->bi", v, one), np.einsum("bij,bj->bi", v, other)
    both = np.einsum("bi,bi->b", one, q)
    loadings = 2 * (v * both[:, None, None] + q[:, :, None] * p[:, None, :])
    upper = np.concatenate([loadings, 2 * v * p[:, None, :]], axis=2)
    lower = np.concatenate([2 * v * q[:, :, None], v**2], axis=2)
    return np.concatenate([upper, lower], axis=1)


def _walk(
    sums: _Sums, theta: Floats, value: Floats, step: Floats, gain: Floats
) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    length = np.ones(len(theta))
    best, best_value = theta.copy(), value.copy()
    todo = np.arange(len(theta))
    for _ in range(_MOST_HALVINGS):
        trial = theta[todo] + length[todo, None] * step[todo]
        there = _value(sums.take(todo), trial)[0]
        noise = 1e-12 * (1 + np.abs(value[todo]))
        good = there <= value[todo] - 1e-4 * length[todo] * gain[todo] + noise
        best[todo[good]], best_value[todo[good]] = trial[good], there[good]
        todo = todo[~good]
        if not len(todo):
            break
        length[todo] /= 2
    stuck = np.zeros(len(theta), dtype=bool)
    stuck[todo] = True
    return best, best_value, stuck
