"""Profile-likelihood intervals of fixed effects and covariance parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri

from intimacy_analysis.errors import FitError
from intimacy_analysis.mixed.fit import Fit, search, with_reml
from intimacy_analysis.mixed.likelihood import (
    FactorLayout,
    FullEvaluation,
    evaluate_full,
    layout_at,
)
from intimacy_analysis.mixed.structure import Floats
from intimacy_analysis.numerics.profile_limit import ProfileLimit, profile_limit

LABEL = "profile of the full likelihood (ML)"
# An autocorrelation this near to 1 is the bound.
_NEAR_ONE = 1e-6
# A value below the optimum's by more than this says that the optimum was none.
_LOWER = 1e-5


def profile_intervals(
    fit: Fit, *, confidence: float
) -> tuple[Mapping[str, tuple[float, float]], str]:
    """Return likelihood intervals: all values that the data do not reject by the chi-square test.

    The full likelihood is profiled even where the fit was by REML (REML likelihoods at
    different fixed effects do not compare), so an interval may lie a little to one side of a
    REML estimate. Where a bound is not rejected it is the limit: an SD of 0, a correlation of
    -1 or 1.

    Args:
        fit: A fit that did not fail.
        confidence: Coverage, between 0 and 1.

    Returns:
        Limits by name (terms; "SD x", "variance x", "correlation x, z", "autocorrelation"), nan
        where a search did not settle, and the method's label.

    Raises:
        FitError: The fit failed.

    Source:
        docs/maths/intervals.md, section 1.
    """
    if fit.state == "failed":
        raise FitError("a failed fit has no intervals: " + "; ".join(fit.reasons) + ".")
    full = _full_fit(fit)
    if full.state == "failed":
        names = [name for name, _ in _names(fit)]
        return dict.fromkeys(names, (np.nan, np.nan)), f"{LABEL}: it has no settled maximum"
    drop = float(chdtri(1, 1 - confidence))
    limits: dict[str, tuple[float, float]] = {}
    unsettled: list[str] = []
    lower = 0.0
    maybe_zero: set[int] = set()
    for line in _lines(full):
        if len(line.terms) == 2 and maybe_zero.intersection(line.terms):
            # With an SD of zero the correlation has no part, and that SD is not rejected.
            limits[line.names[0][0]] = (-1.0, 1.0)
            continue
        base = line.objective(line.start).value
        ends = [
            profile_limit(line.objective, line.start, line.index, drop=drop, bound=bound)
            for bound in (line.lowest, line.highest)
        ]
        low, high = (line.report(end) for end in ends)
        if len(line.terms) == 1 and ends[0].at_bound:
            maybe_zero.update(line.terms)
        lower = max(lower, *(base - end.lowest for end in ends))
        for name, power in line.names:
            limits[name] = (low**power, high**power)
        if any(np.isnan(end.at) for end in ends):
            unsettled.append(line.names[0][0])
    label = LABEL
    if unsettled:
        label += f"; not settled: {', '.join(unsettled)}"
    if lower > _LOWER:
        label += "; a higher likelihood than the fit's was met: read with care"
    return limits, label


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One parameter as a coordinate of the full criterion.

    Attributes:
        names: What the limits are called, each with the power it takes (a variance: 2).
        objective: The criterion in coordinates of which one is the parameter.
        start: The maximum-likelihood point in them.
        index: Position of the parameter.
        lowest, highest: Its bounds, in the coordinate.
        report: From an end in the coordinate to the user's units.
        terms: The random terms whose SD (one) or correlation (two) it is.
    """

    names: tuple[tuple[str, int], ...]
    objective: Callable[[Floats], FullEvaluation]
    start: Floats
    index: int
    lowest: float
    highest: float
    report: Callable[[ProfileLimit], float]
    terms: tuple[int, ...] = ()


def _full_fit(fit: Fit) -> Fit:
    if not fit.prepared.reml:
        return fit
    start = fit.theta if fit.state == "ok" else None
    return search(with_reml(fit.prepared, reml=False), start)


def _names(fit: Fit) -> Iterator[tuple[str, int]]:
    design = fit.prepared.design
    for name in design.fixed_names:
        yield name, 1
    for block in design.blocks:
        for i, a in enumerate(block):
            yield from _spread_names(design.random_names[a])
            for b in block[:i]:
                yield _correlation_name(design.random_names, b, a), 1
    yield from _spread_names("residual")
    for name in fit.prepared.structure.parameter_names:
        yield name, 1


def _spread_names(name: str) -> tuple[tuple[str, int], tuple[str, int]]:
    return (f"SD {name}", 1), (f"variance {name}", 2)


def _correlation_name(names: tuple[str, ...], a: int, b: int) -> str:
    return f"correlation {names[a]}, {names[b]}"


def _lines(fit: Fit) -> Iterator[_Line]:
    prepared = fit.prepared
    design = prepared.design
    for index, name in enumerate(design.fixed_names):
        yield _fixed_line(fit, index, name)
    for block in design.blocks:
        for i, a in enumerate(block):
            yield _spread_line(fit, block, a)
            for b in block[:i]:
                yield _correlation_line(fit, block, b, a)
    yield _residual_line(fit)
    for index, name in enumerate(prepared.structure.parameter_names):
        yield _serial_line(fit, index, name)


def _fixed_line(fit: Fit, index: int, name: str) -> _Line:
    """Hold t'b: rows of T_x^-1 are the user's coefficients in inner ones."""
    prepared = fit.prepared
    row = prepared.fixed.T_x_inverse[index]
    size = float(np.linalg.norm(row))
    direction = row / size
    offset, unit = float(prepared.outcome.b_0[index]), prepared.outcome.scale * size

    def objective(point: Floats) -> FullEvaluation:
        return _evaluate(
            fit, prepared.layout, point[:-2], point[-2], direction=direction, held=float(point[-1])
        )

    return _Line(
        names=((name, 1),),
        objective=objective,
        start=np.append(_plain_start(fit), direction @ fit.at.b),
        index=len(fit.theta) + 1,
        lowest=-np.inf,
        highest=np.inf,
        report=lambda end: offset + unit * end.at,
    )


def _residual_line(fit: Fit) -> _Line:
    scale = fit.prepared.outcome.scale
    return _Line(
        names=_spread_names("residual"),
        objective=lambda point: _evaluate(fit, fit.prepared.layout, point[:-1], point[-1]),
        start=_plain_start(fit),
        index=len(fit.theta),
        lowest=-np.inf,
        highest=np.inf,
        report=lambda end: scale * float(np.exp(end.at / 2)),
    )


def _serial_line(fit: Fit, index: int, name: str) -> _Line:
    """A residual parameter is a coordinate already; where zero is a turning point it is a bound."""
    prepared = fit.prepared
    at = prepared.layout.n_entries + index
    width = len(prepared.structure.parameter_names)

    def natural(theta: float) -> tuple[float, float]:
        values, slopes = prepared.structure.natural(
            np.where(np.arange(width) == index, theta, 0.0), prepared.unit_time
        )
        return float(values[index]), float(slopes[index])

    start = _plain_start(fit)
    folded = natural(0.0)[1] == 0.0
    if folded:
        start[at] = abs(start[at])
    far = 1.0
    while natural(far)[0] < 1 - _NEAR_ONE and far < 1e6:
        far *= 1.25

    def report(end: ProfileLimit) -> float:
        value = natural(end.at)[0]
        return float(np.round(value)) if end.at_bound else value

    return _Line(
        names=((name, 1),),
        objective=lambda point: _evaluate(fit, prepared.layout, point[:-1], point[-1]),
        start=start,
        index=at,
        lowest=0.0 if folded else -far,
        highest=far,
        report=report,
    )


def _spread_line(fit: Fit, block: tuple[int, ...], term: int) -> _Line:
    """Turn the block so that its first row of the factor is the term's alone: SD = s F_11."""
    prepared = fit.prepared
    turned = _Turned.of(fit, block, (term,))
    row = prepared.random.T_z[term]
    unit = prepared.outcome.scale * float(np.linalg.norm(row))

    def objective(point: Floats) -> FullEvaluation:
        # point[0] is the SD itself, s F_11; the other entries stay relative to s.
        half = float(np.exp(-point[-1] / 2))
        entries = point[:-1].copy()
        entries[0] = point[0] * half
        at = turned.evaluate(fit, entries, float(point[-1]))
        last = len(point) - 1
        change = np.eye(len(point))
        change[0, 0], change[0, last] = half, -entries[0] / 2
        slope = at.gradient[0]
        bend = np.zeros_like(at.hessian)
        bend[0, last] = bend[last, 0] = -slope * half / 2
        bend[last, last] = slope * entries[0] / 4
        return _moved(at, change, bend)

    start = np.append(turned.start, np.log(fit.at.s2))
    start[0] *= np.sqrt(fit.at.s2)
    return _Line(
        names=_spread_names(prepared.design.random_names[term]),
        objective=objective,
        start=start,
        index=0,
        lowest=0.0,
        highest=np.inf,
        report=lambda end: unit * end.at,
        terms=(term,),
    )


def _correlation_line(fit: Fit, block: tuple[int, ...], first: int, second: int) -> _Line:
    """Turn the block so that (F_21, F_22) = r (sin a, cos a): the correlation is sin a."""
    turned = _Turned.of(fit, block, (first, second))

    def objective(point: Floats) -> FullEvaluation:
        # point[1] is r, point[2] the angle. Signs of F_11 and r are folded away: beyond zero
        # the same angle would mean the opposite correlation.
        fold = np.ones(len(point))
        fold[:2] = np.where(point[:2] < 0, -1.0, 1.0)
        entries = point[:-1] * fold[:-1]
        size, sine, cosine = entries[1], np.sin(point[2]), np.cos(point[2])
        entries[1], entries[2] = size * sine, size * cosine
        at = turned.evaluate(fit, entries, float(point[-1]))
        change = np.eye(len(point))
        change[1:3, 1:3] = [[sine, size * cosine], [cosine, -size * sine]]
        up, across = at.gradient[1], at.gradient[2]
        bend = np.zeros_like(at.hessian)
        bend[1, 2] = bend[2, 1] = fold[1] * (up * cosine - across * sine)
        bend[2, 2] = -size * (up * sine + across * cosine)
        return _moved(at, change * fold, bend)

    start = np.append(turned.start, np.log(fit.at.s2))
    start[1], start[2] = np.hypot(start[1], start[2]), np.arctan2(start[1], start[2])
    names = fit.prepared.design.random_names
    return _Line(
        names=((_correlation_name(names, first, second), 1),),
        objective=objective,
        start=start,
        index=2,
        lowest=-np.pi / 2,
        highest=np.pi / 2,
        report=lambda end: float(np.sin(end.at)),
        terms=(first, second),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turned:
    """A block's factor in coordinates whose first rows are the user's terms in question.

    F = W^-1 F~ with F~ lower triangular and W's first rows the terms' rows of T_z, of length 1;
    the others are at right angles to them. F is then no longer triangular, but F F' is any
    covariance still.

    Attributes:
        layout: Every entry of the block is free, other blocks as before.
        entries: From (F~ row by row, other blocks, residual parameters) to layout's theta.
        start: The fit in these coordinates.
    """

    layout: FactorLayout
    entries: Floats
    start: Floats

    @staticmethod
    def of(fit: Fit, block: tuple[int, ...], terms: tuple[int, ...]) -> _Turned:
        prepared = fit.prepared
        plain = prepared.layout
        columns = list(block)
        size = len(columns)
        wanted = prepared.random.T_z[np.ix_(terms, columns)]
        wanted = wanted / np.linalg.norm(wanted, axis=1, keepdims=True)
        rest = np.linalg.svd(wanted)[2][len(terms) :]
        turn = np.vstack([wanted, rest])
        back = np.linalg.inv(turn)
        own = turn @ fit.factor[np.ix_(columns, columns)]
        triangle = np.asarray(np.linalg.qr(own.T, mode="r")).T
        triangle = triangle * np.where(np.diag(triangle) < 0, -1.0, 1.0)
        low_rows, low_columns = np.tril_indices(size)
        others = np.flatnonzero(~np.isin(plain.rows, columns))
        layout = layout_at(
            np.r_[np.repeat(columns, size), plain.rows[others]],
            np.r_[np.tile(columns, size), plain.columns[others]],
            plain.n_random,
        )
        n_own, n_kept = len(low_rows), len(others) + len(fit.theta) - plain.n_entries
        entries = np.zeros((size * size + n_kept, n_own + n_kept))
        for index, (row, column) in enumerate(zip(low_rows, low_columns, strict=True)):
            entries[np.arange(size) * size + column, index] = back[:, row]
        entries[size * size :, n_own:] = np.eye(n_kept)
        start = np.r_[
            triangle[low_rows, low_columns], fit.theta[others], fit.theta[plain.n_entries :]
        ]
        return _Turned(layout=layout, entries=entries, start=start)

    def evaluate(self, fit: Fit, entries: Floats, log_s2: float) -> FullEvaluation:
        """Evaluate in (entries, log s2)."""
        at = _evaluate(fit, self.layout, self.entries @ entries, log_s2)
        change = np.zeros((len(self.entries) + 1, len(entries) + 1))
        change[:-1, :-1] = self.entries
        change[-1, -1] = 1.0
        return _moved(at, change, 0.0)


def _plain_start(fit: Fit) -> Floats:
    return np.append(fit.theta, np.log(fit.at.s2))


def _evaluate(
    fit: Fit,
    layout: FactorLayout,
    theta: Floats,
    log_s2: float,
    *,
    direction: Floats | None = None,
    held: float = 0.0,
) -> FullEvaluation:
    prepared = fit.prepared
    return evaluate_full(
        prepared.cross_products.weigh(theta[layout.n_entries :]),
        layout,
        theta,
        log_s2,
        n_rows=prepared.design.n_rows,
        direction=direction,
        held=held,
    )


def _moved(at: FullEvaluation, change: Floats, bend: Floats | float) -> FullEvaluation:
    """Return the criterion in other coordinates: J'g, and J'HJ plus what their bend adds."""
    return FullEvaluation(
        value=at.value,
        gradient=change.T @ at.gradient,
        hessian=change.T @ at.hessian @ change + bend,
    )
