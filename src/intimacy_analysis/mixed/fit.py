"""A fitted model in the engine's own terms: where the search ended and what may be said of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from intimacy_analysis.mixed.coordinates import (
    FixedCoordinates,
    OutcomeCoordinates,
    RandomCoordinates,
    fixed_coordinates,
    outcome_coordinates,
    random_coordinates,
)
from intimacy_analysis.mixed.design import Design
from intimacy_analysis.mixed.identification import check_identified
from intimacy_analysis.mixed.likelihood import (
    Evaluation,
    FactorLayout,
    evaluate,
    layout_of,
    undefined_evaluation,
)
from intimacy_analysis.mixed.structure import (
    CrossProducts,
    Floats,
    ResidualStructure,
    Rows,
    sums_of_products,
)
from intimacy_analysis.numerics.optimum import Optimum, minimize

State = Literal["ok", "singular", "failed"]

# A random-effect covariance is called singular where its smallest eigenvalue, relative to the
# residual variance with columns of Z scaled to mean square 1, is below the first figure and
# setting it to zero raises the criterion by less than the second.
SINGULAR_EIGENVALUE = 1e-4
SINGULAR_DROP = 1e-3
# Below this drop the bound itself is reported: an SD of zero, not one of 1e-13.
_AT_THE_BOUND = 1e-7
# Residual variance in units of the outcome's own, below which nothing is left to estimate.
_NO_RESIDUAL = 1e-9
_RESTARTS = (0.1, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A design in the engine's coordinates, ready to be searched (again and again).

    Attributes:
        design: The arrays in the user's units.
        structure: The residual structure.
        reml: Restricted criterion or not.
        fixed, random, outcome: The coordinates of X, Z and y.
        layout: Free entries of the relative factor.
        cross_products: What the structure keeps of the rows.
        unit_time: The structure's inner unit of time.
    """

    design: Design
    structure: ResidualStructure
    reml: bool
    fixed: FixedCoordinates
    random: RandomCoordinates
    outcome: OutcomeCoordinates
    layout: FactorLayout
    cross_products: CrossProducts
    unit_time: float

    def evaluate(self, theta: Floats) -> Evaluation:
        """Evaluate the criterion at theta."""
        return evaluate(
            self.cross_products.weigh(theta[self.layout.n_entries :]),
            self.layout,
            theta,
            n_rows=self.design.n_rows,
            reml=self.reml,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Where the search ended.

    Attributes:
        prepared: What was searched.
        theta: Entries of the factor (diagonal not negative), then residual parameters.
        at: The criterion there, with derivatives.
        optimum: The evidence that it is a minimum.
        state: "ok", "singular" or "failed".
        reasons: Why not "ok", in sentences for the reader.
    """

    prepared: Prepared
    theta: Floats
    at: Evaluation
    optimum: Optimum
    state: State
    reasons: tuple[str, ...]

    @property
    def factor(self) -> Floats:
        """The relative factor F in the engine's coordinates, shape (q, q)."""
        return self.prepared.layout.factor(self.theta)

    @property
    def b(self) -> Floats:
        """Fixed effects in the user's units, shape (p,)."""
        to_user = self.prepared.fixed.T_x_inverse
        outcome = self.prepared.outcome
        return np.asarray(outcome.b_0 + outcome.scale * (to_user @ self.at.b))

    @property
    def b_covariance(self) -> Floats:
        """Covariance of the fixed effects in the user's units, shape (p, p)."""
        to_user = self.prepared.fixed.T_x_inverse
        return np.asarray(self.residual_variance * (to_user @ self.at.phi @ to_user.T))

    @property
    def residual_variance(self) -> float:
        """Residual variance in squared outcome units."""
        return self.at.s2 * self.prepared.outcome.scale**2

    @property
    def random_covariance(self) -> Floats:
        """Covariance of the random effects in the user's units, shape (q, q)."""
        turn, factor = self.prepared.random.T_z, self.factor
        turned = turn @ factor
        # Below a hundred-millionth of the residual SD stands rounding, not variance.
        moved = self.prepared.random.size * np.sqrt(np.sum(turned**2, axis=1))
        turned[moved < 1e-8] = 0.0
        return np.asarray(self.residual_variance * (turned @ turned.T))

    @property
    def residual_theta(self) -> Floats:
        """The residual structure's parameters, in its own scale."""
        return self.theta[self.prepared.layout.n_entries :]

    @property
    def log_likelihood(self) -> float:
        """(Restricted) log-likelihood in the user's coordinates."""
        prepared = self.prepared
        n, p = prepared.design.X.shape
        nu = n - p if prepared.reml else n
        shift = 2 * nu * np.log(prepared.outcome.scale)
        if prepared.reml:
            shift += prepared.fixed.log_det
        return -0.5 * float(self.at.value + shift)


def prepare(design: Design, structure: ResidualStructure, *, reml: bool) -> Prepared:
    """Bring a design into the engine's coordinates and collect its cross-products.

    Raises:
        DataError: Fixed terms, or random ones, that cannot be told apart.
    """
    fixed = fixed_coordinates(design)
    random = random_coordinates(design)
    outcome = outcome_coordinates(design, fixed, design.y)
    layout = layout_of(design.blocks, design.Z.shape[1])
    if len(design.blocks) > 1:
        # One block cannot hold a variance twice once its columns are independent.
        products = sums_of_products(random.Z, random.Z, layout.n_random, design.starts)
        check_identified(products, layout, design.random_names)
    return Prepared(
        design=design,
        structure=structure,
        reml=reml,
        fixed=fixed,
        random=random,
        outcome=outcome,
        layout=layout,
        cross_products=_collected(design, structure, fixed, random, outcome),
        unit_time=structure.unit_time(design.times, design.starts),
    )


def with_outcome(prepared: Prepared, y: Floats) -> Prepared:
    """Return the same design with another outcome, shape (n_rows,), in the design's row order."""
    outcome = outcome_coordinates(prepared.design, prepared.fixed, y)
    return replace(
        prepared,
        design=replace(prepared.design, y=y),
        outcome=outcome,
        cross_products=_collected(
            prepared.design, prepared.structure, prepared.fixed, prepared.random, outcome
        ),
    )


def with_reml(prepared: Prepared, *, reml: bool) -> Prepared:
    """Return the same data judged by the restricted or the full criterion."""
    return replace(prepared, reml=reml)


def search(prepared: Prepared, start: Floats | None = None) -> Fit:
    """Find the optimum, restarting where one search is not to be trusted."""
    if prepared.outcome.scale == 0.0:
        return _failed(
            prepared,
            "the fixed terms reproduce the outcome exactly, so no variance is left to estimate",
        )
    layout = prepared.layout
    first = _start(prepared) if start is None else start
    optimum, at = minimize(prepared.evaluate, first)
    if not optimum.converged or _small_eigenvalues(layout.factor(optimum.point), prepared):
        for factor in _RESTARTS:
            other = _start(prepared)
            other[: layout.n_entries] *= np.sqrt(factor)
            again, there = minimize(prepared.evaluate, other)
            better = again.value < optimum.value - 1e-9
            if (again.converged and not optimum.converged) or (
                better and again.converged >= optimum.converged
            ):
                optimum, at = again, there
    if at.s2 < _NO_RESIDUAL:
        return _failed(
            prepared,
            "the random terms reproduce the outcome within each group, so the residual variance "
            "goes to zero",
        )
    if not optimum.converged or not np.isfinite(at.value):
        return _failed(prepared, f"the search did not settle: {optimum.message}")
    theta = _signed(optimum.point, layout)
    reasons = _singular_reasons(prepared, theta, at)
    if reasons:
        theta = _signed(_at_the_bound(prepared, theta, at), layout)
    if not np.array_equal(theta, optimum.point):
        at = prepared.evaluate(theta)
    return Fit(
        prepared=prepared,
        theta=theta,
        at=at,
        optimum=optimum,
        state="singular" if reasons else "ok",
        reasons=reasons,
    )


def _collected(
    design: Design,
    structure: ResidualStructure,
    fixed: FixedCoordinates,
    random: RandomCoordinates,
    outcome: OutcomeCoordinates,
) -> CrossProducts:
    # Column order in memory: sums by group read one column after the other.
    columns = np.empty((design.n_rows, random.Z.shape[1] + fixed.Q.shape[1] + 1), order="F")
    q = random.Z.shape[1]
    columns[:, :q] = random.Z
    columns[:, q:-1] = fixed.Q
    columns[:, -1] = outcome.y
    return structure.collect(
        Rows(columns=columns, n_random=q, starts=design.starts, times=design.times)
    )


def _start(prepared: Prepared) -> Floats:
    """Return moment estimates of the variances, each term taken alone, no correlations."""
    layout = prepared.layout
    theta = np.zeros(layout.n_entries + len(prepared.structure.start))
    theta[layout.n_entries :] = prepared.structure.start
    if layout.n_entries == 0:
        return theta
    S = prepared.cross_products.weigh(theta[layout.n_entries :]).random
    n = prepared.design.n_rows
    for index in np.flatnonzero(layout.rows == layout.columns):
        term = int(layout.rows[index])
        size = S[term, term]
        total = float(size.sum())
        spread = float((size**2).sum()) / total
        # E[(z'y)^2] = s2 (a + tau a^2) with s2 (1 + tau total / n) = 1 in inner units.
        moment = float((S[term, -1] ** 2).sum()) / total
        below = spread - moment * total / n
        relative = (moment - 1) / below if below > 0 else 1.0
        theta[index] = np.sqrt(np.clip(relative, 0.05 / spread, 5.0))
    return theta


def _signed(theta: Floats, layout: FactorLayout) -> Floats:
    """Return theta with every diagonal entry of the factor not negative."""
    signed = theta.copy()
    for index in np.flatnonzero(layout.rows == layout.columns):
        if theta[index] < 0:
            same = np.flatnonzero(layout.columns == layout.columns[index])
            signed[same] = -theta[same]
    return signed


def _small_eigenvalues(factor: Floats, prepared: Prepared) -> list[tuple[tuple[int, ...], Floats]]:
    """Return (block, eigenvector) of every nearly vanishing direction."""
    found: list[tuple[tuple[int, ...], Floats]] = []
    for block in prepared.design.blocks:
        part = factor[np.ix_(block, block)]
        if _clearly_positive(part):
            continue
        values, vectors = np.linalg.eigh(part @ part.T)
        found += [(block, vectors[:, k]) for k in np.flatnonzero(values < SINGULAR_EIGENVALUE)]
    return found


def _clearly_positive(part: Floats) -> bool:
    """Return whether no eigenvalue of F F' can be small, without finding any.

    The other eigenvalues' product is at most (trace / (q - 1))^(q - 1), so the smallest is at
    least the determinant divided by that.
    """
    q = len(part)
    determinant = float(np.prod(part.diagonal())) ** 2
    if q == 1:
        return determinant >= SINGULAR_EIGENVALUE
    trace = float(np.sum(part * part))
    return determinant >= SINGULAR_EIGENVALUE * (trace / (q - 1)) ** (q - 1)


def _at_the_bound(prepared: Prepared, theta: Floats, at: Evaluation) -> Floats:
    """Return theta with the directions that vanish set to zero, where that costs nothing."""
    for block, vector in _small_eigenvalues(prepared.layout.factor(theta), prepared):
        moved = _without_direction(prepared, theta, block, vector)
        if prepared.evaluate(moved).value - at.value < _AT_THE_BOUND:
            theta = moved
    return theta


def _singular_reasons(prepared: Prepared, theta: Floats, at: Evaluation) -> tuple[str, ...]:
    layout = prepared.layout
    factor = layout.factor(theta)
    names = prepared.design.random_names
    group = str(prepared.design.groups.name)
    reasons: list[str] = []
    for block, vector in _small_eigenvalues(factor, prepared):
        bounded = prepared.evaluate(_without_direction(prepared, theta, block, vector))
        if bounded.value - at.value >= SINGULAR_DROP:
            continue
        heavy = int(np.argmax(np.abs(vector)))
        name = names[block[heavy]]
        if len(block) == 1 or abs(vector[heavy]) > 0.99:
            reasons.append(
                f"the SD of {name!r} between {group} groups is estimated as zero: the data show no "
                "differences beyond what the residual explains. A simpler model leaves it out"
            )
        else:
            involved = [names[block[k]] for k in np.flatnonzero(np.abs(vector) > 0.05)]
            reasons.append(
                f"the random effects {' and '.join(map(repr, involved))} are estimated as "
                "perfectly dependent (a correlation at -1 or 1). A simpler model drops one of "
                "them, or their correlation"
            )
    for index, name in enumerate(prepared.structure.parameter_names):
        value, slope = prepared.structure.natural(theta[layout.n_entries :], prepared.unit_time)
        if value[index] < 1e-8 and slope[index] < 1e-3:
            reasons.append(
                f"the {name} is estimated at its lower bound, zero: errors of near days are not "
                "more alike than others. Use residuals='ar1' if it may be negative"
            )
    return tuple(dict.fromkeys(reasons))


def _without_direction(
    prepared: Prepared, theta: Floats, block: tuple[int, ...], vector: Floats
) -> Floats:
    """Return theta with one direction of one block's covariance set to zero."""
    layout = prepared.layout
    factor = layout.factor(theta)
    part = factor[np.ix_(block, block)]
    # F'(I - vv') keeps the covariance's other directions; QR makes the factor triangular again.
    kept = part.T - np.outer(part.T @ vector, vector)
    triangular = np.asarray(np.linalg.qr(kept, mode="r")).T
    triangular[np.abs(triangular) < 1e-12 * max(1.0, float(np.abs(triangular).max()))] = 0.0
    factor[np.ix_(block, block)] = triangular
    changed = theta.copy()
    changed[: layout.n_entries] = factor[layout.rows, layout.columns]
    return changed


def _failed(prepared: Prepared, reason: str) -> Fit:
    p, m = prepared.design.X.shape[1], prepared.layout.n_entries + len(prepared.structure.start)
    optimum = Optimum(
        point=np.full(m, np.nan),
        value=np.nan,
        predicted_decrease=np.nan,
        scaled_gradient=np.nan,
        smallest_curvature=np.nan,
        n_evaluations=0,
        converged=False,
        message=reason,
    )
    return Fit(
        prepared=prepared,
        theta=np.full(m, np.nan),
        at=undefined_evaluation(m, p),
        optimum=optimum,
        state="failed",
        reasons=(
            f"{reason}. Try fewer random terms, check the outcome's coding, or look at the "
            "groups one by one",
        ),
    )
