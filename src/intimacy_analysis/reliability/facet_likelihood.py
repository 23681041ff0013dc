"""The restricted likelihood of crossed facets (persons, days, items) and its slope, exactly.

y_pdi = mean + P + D + I + PD + PI + DI + e, all random. Persons are many, days and items few: what
persons share lives in the K x m cells of day and item. Given the cells' effects u, persons are
independent, and with every item answered a person's covariance has four eigenvalues:

    means of items     along the person   e + m PD + k PI + k m P      between days   e + m PD
    deviations         along the person   e + k PI                     between days   e

so that sums by number of days k are all that is needed of them. Persons with gaps in a day take
the covariance as it is. Derivation: docs/maths/reliability.md, eq. 13 to 19.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.reliability.facet_statistics import FacetStatistics, ItemGroup

Floats = npt.NDArray[np.float64]

# Order of the variances in every array `theta`, shape (B, 7).
FACETS = ("P", "PD", "PI", "e", "D", "I", "DI")
_P, _PD, _PI, _E, _D, _I, _DI = range(7)
# Numbers of the inverses of persons with gaps held at once: 64 MB.
_AT_ONCE = 8_000_000


@dataclass(frozen=True, slots=True)
class Slope:
    """Minus twice the restricted log-likelihood, up to a constant, shape (B,), and its slope."""

    value: Floats
    gradient: Floats


@dataclass(frozen=True, slots=True)
class _Cells:
    """What is known of the cells' effects given all answers.

    Attributes:
        value: What they add to minus twice the log-likelihood, (B,).
        gradient: With respect to D, I and DI, (B, 3).
        mean: Of the means' effects, (B, K), and second moments (B, K, K).
        rest: Of the deviations' effects, (B, K, m), and second moments summed over items.
        full: Mean, (B, K m), and second moments, (B, K m, K m), of the cells; None where no
            person has a gap.
    """

    value: Floats
    gradient: Floats
    mean: tuple[Floats, Floats]
    rest: tuple[Floats, Floats]
    full: tuple[Floats, Floats] | None


def facet_slope(statistics: FacetStatistics, theta: Floats) -> Slope:
    """Evaluate the criterion and its slope at B points.

    Args:
        statistics: Of B replicates.
        theta: Variances in the order of `FACETS`, shape (B, 7); e above zero.
    """
    m = statistics.n_items
    b, days = len(theta), statistics.n_days
    value = np.zeros(b)
    s_mean, s_rest = np.zeros((2, b, days, days))
    t_mean, t_rest = np.zeros((b, days)), np.zeros((b, days, m))
    for group in statistics.groups:
        mean, rest = _eigenvalues(theta, group.k, m)
        s_mean += _weighed(group.pairs, group.k, *mean)
        s_rest += _weighed(group.pairs, group.k, *rest)
        t_mean += _weighed_sums(group.mean_days, group.mean_carried, group.k, *mean)
        t_rest += _weighed_sums(group.rest_days, group.rest_carried, group.k, *rest)
        value += group.n * _log_determinant(group.k, *mean)
        value += (m - 1) * group.n * _log_determinant(group.k, *rest)
        value += _weighed_square(group.mean_square, group.mean_total, group.k, *mean)
        value += _weighed_square(group.rest_square, group.rest_total, group.k, *rest)
    parts = _gappy_parts(statistics, theta)
    gappy = _gappy_sums(statistics, parts)
    if gappy is None:
        cells = _split_cells(theta, s_mean, s_rest, t_mean, t_rest)
    else:
        value += gappy.value
        cells = _all_cells(theta, s_mean, s_rest, t_mean, t_rest, gappy)
    gradient = np.zeros((b, len(FACETS)))
    gradient[:, [_D, _I, _DI]] = cells.gradient
    for group in statistics.groups:
        _add_group(gradient, group, theta, m, cells)
    if cells.full is not None:
        gradient[:, :4] += _gappy_gradient(statistics, parts, *cells.full)
    return Slope(value=value + cells.value, gradient=gradient)


def _eigenvalues(theta: Floats, k: int, m: int) -> tuple[tuple[Floats, Floats], ...]:
    """Return (between days, along the person) of the means, and of the deviations, (B,) each."""
    error = theta[:, _E]
    days = error + m * theta[:, _PD]
    return (
        (days, days + k * theta[:, _PI] + k * m * theta[:, _P]),
        (error, error + k * theta[:, _PI]),
    )


def _weighed(pairs: Floats, k: int, between: Floats, along: Floats) -> Floats:
    days = np.einsum("bdd->bd", pairs)
    matrix = (1 / along - 1 / between)[:, None, None] * pairs / k
    at = np.arange(pairs.shape[1])
    matrix[:, at, at] += days / between[:, None]
    return matrix


def _weighed_sums(days: Floats, carried: Floats, k: int, between: Floats, along: Floats) -> Floats:
    shape = (-1, *(1,) * (days.ndim - 1))
    one, other = between.reshape(shape), along.reshape(shape)
    return np.asarray((days - carried / k) / one + carried / k / other)


def _weighed_square(
    square: Floats, total: Floats, k: int, between: Floats, along: Floats
) -> Floats:
    return np.asarray((square - total / k) / between + total / k / along)


def _log_determinant(k: int, between: Floats, along: Floats) -> Floats:
    return np.asarray((k - 1) * np.log(between) + np.log(along))


def _split_cells(
    theta: Floats, s_mean: Floats, s_rest: Floats, t_mean: Floats, t_rest: Floats
) -> _Cells:
    """Return the cells' effects where means and deviations of items go apart."""
    m = t_rest.shape[2]
    spread = m * theta[:, _D] + theta[:, _DI]
    value, mean, moment, by_spread = _diffuse_mean(spread, s_mean, t_mean)
    prior = _level(theta[:, _DI], theta[:, _I], s_mean.shape[1])
    inner = np.eye(s_mean.shape[1]) + s_rest @ prior
    f, tau = np.linalg.solve(inner, s_rest), np.linalg.solve(inner, t_rest)
    rest = prior @ tau
    log_inner = np.linalg.slogdet(inner)[1]
    value = value + (m - 1) * log_inner - np.einsum("bdj,bdj->b", t_rest, rest)
    second = (m - 1) * (prior - prior @ f @ prior) + rest @ rest.transpose(0, 2, 1)
    by_item = (m - 1) * f.sum(axis=(1, 2)) - (tau.sum(axis=1) ** 2).sum(axis=1)
    by_cell = (m - 1) * np.einsum("bdd->b", f) - (tau**2).sum(axis=(1, 2))
    return _Cells(
        value=value,
        gradient=np.stack([m * by_spread, by_item, by_spread + by_cell], axis=1),
        mean=(mean, moment),
        rest=(rest, second),
        full=None,
    )


def _diffuse_mean(spread: Floats, s: Floats, t: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return value, mean, second moment and slope by the variance, the grand mean unknown.

    The items' variance shifts all means alike and cannot be told from the grand mean.
    """
    days = s.shape[1]
    inner = np.eye(days) + spread[:, None, None] * s
    f, tau = np.linalg.solve(inner, s), np.linalg.solve(inner, t[:, :, None])[:, :, 0]
    ones, total = f.sum(axis=2), f.sum(axis=(1, 2))
    beta = tau.sum(axis=1) / total
    rest = tau - ones * beta[:, None]
    value = (
        np.linalg.slogdet(inner)[1]
        + np.log(total)
        - spread * np.einsum("bd,bd->b", t, tau)
        - beta**2 * total
    )
    mean = beta[:, None] + spread[:, None] * rest
    unsure = 1 - spread[:, None] * ones
    moment = (
        spread[:, None, None] * np.eye(days)
        - (spread**2)[:, None, None] * f
        + unsure[:, :, None] * unsure[:, None, :] / total[:, None, None]
        + mean[:, :, None] * mean[:, None, :]
    )
    slope = np.einsum("bdd->b", f) - (ones**2).sum(axis=1) / total - (rest**2).sum(axis=1)
    return value, mean, moment, slope


def _level(own: Floats, shared: Floats, size: int) -> Floats:
    return np.asarray(own[:, None, None] * np.eye(size) + shared[:, None, None])


def _all_cells(
    theta: Floats,
    s_mean: Floats,
    s_rest: Floats,
    t_mean: Floats,
    t_rest: Floats,
    gappy: _Gappy,
) -> _Cells:
    """Return the cells' effects where gaps tie means and deviations of items together."""
    b, days, m = t_rest.shape
    size = days * m
    flat, free = np.full((m, m), 1 / m), np.eye(m) - 1 / m
    s = np.einsum("bde,ij->bdiej", s_mean, flat) + np.einsum("bde,ij->bdiej", s_rest, free)
    s = s.reshape(b, size, size) + gappy.weight
    t = (t_rest + t_mean[:, :, None] / np.sqrt(m)).reshape(b, size)
    t = t + gappy.sums
    by_day = np.kron(np.eye(days), np.ones((m, m)))
    by_item = np.kron(np.ones((days, days)), np.eye(m))
    d, i, di = (theta[:, at, None, None] for at in (_D, _I, _DI))
    prior = d * by_day + i * by_item + di * np.eye(size)
    log_inner = np.zeros(b)
    f, tau = s, t
    if prior.any():
        inner = np.eye(size) + s @ prior
        f, tau = np.linalg.solve(inner, s), np.linalg.solve(inner, t[:, :, None])[:, :, 0]
        log_inner = np.linalg.slogdet(inner)[1]
    ones, total = f.sum(axis=2), f.sum(axis=(1, 2))
    beta = tau.sum(axis=1) / total
    rest = tau - ones * beta[:, None]
    carried = np.einsum("bij,bj->bi", prior, tau)
    value = log_inner + np.log(total) - np.einsum("bi,bi->b", t, carried) - beta**2 * total
    mean = beta[:, None] + np.einsum("bij,bj->bi", prior, rest)
    unsure = 1 - np.einsum("bij,bj->bi", prior, ones)
    moment = prior - prior @ f @ prior if prior.any() else np.zeros_like(prior)
    moment += unsure[:, :, None] * unsure[:, None, :] / total[:, None, None]
    moment += mean[:, :, None] * mean[:, None, :]
    slope = f - ones[:, :, None] * ones[:, None, :] / total[:, None, None]
    slope -= rest[:, :, None] * rest[:, None, :]
    cells, blocks = mean.reshape(b, days, m), moment.reshape(b, days, m, days, m)
    of_means = blocks.sum(axis=(2, 4)) / m
    level = cells.mean(axis=2)
    return _Cells(
        value=value,
        gradient=np.stack(
            [(slope * by_day).sum(axis=(1, 2)), (slope * by_item).sum(axis=(1, 2)),
             np.einsum("bii->b", slope)], axis=1,
        ),
        mean=(level * np.sqrt(m), of_means),
        rest=(cells - level[:, :, None], np.einsum("bdiei->bde", blocks) - of_means),
        full=(mean, moment),
    )  # fmt: skip


def _add_group(gradient: Floats, group: ItemGroup, theta: Floats, m: int, cells: _Cells) -> None:
    """Add the slopes by the four eigenvalues: n/value less expected squares/value squared."""
    k, n = group.k, group.n
    days = np.einsum("bdd->bd", group.pairs)
    (mean_between, mean_along), (rest_between, rest_along) = _eigenvalues(theta, k, m)

    def squares(
        effect: tuple[Floats, Floats],
        square: Floats,
        total: Floats,
        by_day: Floats,
        carried: Floats,
    ) -> tuple[Floats, Floats]:
        expected, moment = effect
        axes = tuple(range(1, expected.ndim))
        together = np.einsum("bde,bde->b", group.pairs, moment) / k
        each = np.einsum("bd,bdd->b", days, moment)
        along = total / k - 2 * (expected * carried).sum(axis=axes) / k + together
        whole = square - 2 * (expected * by_day).sum(axis=axes) + each
        return whole - along, along

    one = squares(
        cells.mean, group.mean_square, group.mean_total, group.mean_days, group.mean_carried
    )
    other = squares(
        cells.rest, group.rest_square, group.rest_total, group.rest_days, group.rest_carried
    )
    a = n * (k - 1) / mean_between - one[0] / mean_between**2
    b = n / mean_along - one[1] / mean_along**2
    c = (m - 1) * n * (k - 1) / rest_between - other[0] / rest_between**2
    d = (m - 1) * n / rest_along - other[1] / rest_along**2
    gradient[:, _P] += k * m * b
    gradient[:, _PD] += m * (a + b)
    gradient[:, _PI] += k * (b + d)
    gradient[:, _E] += a + b + c + d


@dataclass(frozen=True, slots=True)
class _Gappy:
    """What persons with gaps add.

    Attributes:
        value: To the criterion before the cells' effects, (B,).
        weight: Sum of their covariances' inverses on the grid of cells, (B, K m, K m).
        sums: Sum of inverse times answers, (B, K m).
    """

    value: Floats
    weight: Floats
    sums: Floats


@dataclass(frozen=True, slots=True)
class _GappyPart:
    """Some persons with gaps, one entry a replicate and person drawn in it.

    Attributes:
        inverse: Their covariances' inverses on the grid, zero at gaps, (n, K m, K m).
        log_determinant: Of the covariances, (n,).
        answers: Zero at gaps, (n, K m).
        counts: How often each is drawn, (n,).
        own: Variances of the replicate, (n, 7).
        replicate: Which it is, (n,), rising.
        slices: The entries of each replicate among these.
    """

    inverse: Floats
    log_determinant: Floats
    answers: Floats
    counts: Floats
    own: Floats
    replicate: npt.NDArray[np.intp]
    slices: tuple[tuple[int, slice], ...]


@dataclass(frozen=True, slots=True)
class _GappyParts:
    """Persons with gaps, as many at once as memory allows; kept where that is all of them."""

    statistics: FacetStatistics
    theta: Floats
    kept: list[_GappyPart]

    def __iter__(self) -> Iterator[_GappyPart]:
        if self.kept:
            yield from self.kept
            return
        replicates, persons = np.nonzero(self.statistics.gappy_counts)
        cells = self.statistics.n_days * self.statistics.n_items
        size = max(1, _AT_ONCE // cells**2)
        for begin in range(0, len(persons), size):
            held = slice(begin, begin + size)
            part = _gappy_part(self.statistics, self.theta, replicates[held], persons[held])
            if len(persons) <= size:
                self.kept.append(part)
            yield part


def _gappy_parts(statistics: FacetStatistics, theta: Floats) -> _GappyParts:
    return _GappyParts(statistics, theta, [])


def _gappy_part(
    statistics: FacetStatistics,
    theta: Floats,
    replicate: npt.NDArray[np.intp],
    person: npt.NDArray[np.intp],
) -> _GappyPart:
    found, starts = np.unique(replicate, return_index=True)
    ends = [*starts[1:], len(replicate)]
    values, own = statistics.gappy[person], theta[replicate]
    inverse, log_determinant = _gappy_inverse(values, own)
    return _GappyPart(
        inverse=inverse,
        log_determinant=log_determinant,
        answers=np.where(np.isfinite(values), values, 0.0).reshape(len(person), -1),
        counts=statistics.gappy_counts[replicate, person],
        own=own,
        replicate=replicate,
        slices=tuple(
            (int(at), slice(int(start), int(end)))
            for at, start, end in zip(found, starts, ends, strict=True)
        ),
    )


def _gappy_inverse(values: Floats, own: Floats) -> tuple[Floats, Floats]:
    """Return each person's V^-1 on the grid and log|V|: first the days, then the items."""
    n, days, m = values.shape
    there = np.isfinite(values).astype(np.float64)
    error, by_day = own[:, _E, None], own[:, _PD, None]
    each = there.sum(axis=2)
    drop = by_day / (error + each * by_day)
    same = np.eye(m) - drop[:, :, None, None] * there[:, :, None, :]
    same = there[:, :, :, None] * same / error[:, :, None, None]
    inverse = np.zeros((n, days, m, days, m))
    at = np.arange(days)
    inverse[:, at, :, at, :] = same.transpose(1, 0, 2, 3)
    person = own[:, _PI, None, None] * np.eye(m) + own[:, _P, None, None]
    middle = np.eye(m) + person @ same.sum(axis=1)
    across = same.reshape(n, days * m, m)
    full = inverse.reshape(n, days * m, days * m)
    full -= (across @ np.linalg.solve(middle, person)) @ across.transpose(0, 2, 1)
    of_days = ((each - 1) * np.log(error) + np.log(error + each * by_day)) * (each > 0)
    return full, np.asarray(of_days.sum(axis=1) + np.linalg.slogdet(middle)[1])


def _gappy_sums(statistics: FacetStatistics, parts: _GappyParts) -> _Gappy | None:
    if not len(statistics.gappy):
        return None
    b, size = len(parts.theta), statistics.n_days * statistics.n_items
    value, weight, sums = np.zeros(b), np.zeros((b, size, size)), np.zeros((b, size))
    for part in parts:
        weighed = (part.inverse @ part.answers[:, :, None])[:, :, 0]
        squares = np.einsum("ni,ni->n", part.answers, weighed)
        added = part.counts * (part.log_determinant + squares)
        value += np.bincount(part.replicate, added, minlength=b)
        for at, own in part.slices:
            weight[at] += np.tensordot(part.counts[own], part.inverse[own], axes=1)
            sums[at] += part.counts[own] @ weighed[own]
    return _Gappy(value=value, weight=weight, sums=sums)


def _gappy_gradient(
    statistics: FacetStatistics, parts: _GappyParts, mean: Floats, moment: Floats
) -> Floats:
    """Return the slopes by P, PD, PI and e: tr(V^-1 dV) - tr(V^-1 dV V^-1 E), E the residuals'.

    The trace for e follows from the others, for V is the sum of its parts.
    """
    days, m = statistics.n_days, statistics.n_items
    unsure = moment - mean[:, :, None] * mean[:, None, :]
    gradient = np.zeros((len(mean), 4))
    for part in parts:
        n = len(part.counts)
        grid = part.inverse.reshape(n, days, m, days, m)
        gap = part.answers - mean[part.replicate]
        cells = (part.inverse @ gap[:, :, None]).reshape(n, days, m)
        by_item = grid.sum(axis=3).reshape(n, days * m, m)
        by_day = grid.sum(axis=4).reshape(n, days * m, days)
        by_all = by_item.sum(axis=2, keepdims=True)
        traces = np.stack(
            [by_all.sum(axis=(1, 2)), np.einsum("ndidj->n", grid), np.einsum("ndiei->n", grid)]
        )
        squares = np.stack(
            [
                cells.sum(axis=(1, 2)) ** 2,
                (cells.sum(axis=2) ** 2).sum(axis=1),
                (cells.sum(axis=1) ** 2).sum(axis=1),
            ]
        )
        doubts, left = np.zeros((3, n)), np.zeros(n)
        for at, own in part.slices:
            left[own] = np.tensordot(part.inverse[own], unsure[at], axes=2)
            for row, side in enumerate((by_all, by_day, by_item)):
                doubts[row, own] = np.sum(side[own] * (unsure[at] @ side[own]), axis=(1, 2))
        left -= np.einsum("fn,nf->n", doubts, part.own[:, [_P, _PD, _PI]])
        error = np.einsum("nii->n", part.inverse) - (cells**2).sum(axis=(1, 2))
        slopes = [*(traces - squares - doubts), error - left / part.own[:, _E]]
        for facet, slope in enumerate(slopes):
            gradient[:, facet] += np.bincount(
                part.replicate, part.counts * slope, minlength=len(mean)
            )
    return gradient
