"""A fitted path model: estimates, fit, and what can be asked of it further."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.paths import factor_scores as scores_room
from intimacy_analysis.paths import modification as modification_room
from intimacy_analysis.paths import residuals as residuals_room
from intimacy_analysis.paths import standardized as standardized_room
from intimacy_analysis.paths.estimating import Quantities
from intimacy_analysis.paths.fit import PathFit, State
from intimacy_analysis.paths.fit_indices import FitIndices
from intimacy_analysis.paths.observe import Observed
from intimacy_analysis.paths.spec import PathModelSpec

Floats = npt.NDArray[np.float64]
Missing = Literal["listwise", "fiml"]
StandardErrors = Literal["expected", "observed", "robust", "bootstrap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathModelResult:
    """A fitted path model.

    Attributes:
        spec: What was asked.
        state: "ok"; "inadmissible" (a negative variance or an impossible correlation: the
            numbers describe no real people); "failed" (no maximum found: no estimates).
        estimates: One row a parameter, then the defined quantities; names are "lhs op rhs".
        fit_indices: Chi-square, CFI, TLI, RMSEA, SRMR, AIC, BIC and others, by name.
        n_couples: Rows used.
        n_dropped: Rows left out.
        groups: Names of the groups; ("",) for one.
        missing: How gaps were treated.
        standard_errors: Where the standard errors come from.
        warnings: What must be known before the numbers are trusted.
        bootstrap_draws: One row a couple-bootstrap replicate, one column a row of `estimates`;
            None without a bootstrap.
        parts: The numbers behind the tables (arrays; for the package's own use).
    """

    spec: PathModelSpec
    state: State
    estimates: EstimateTable
    fit_indices: FitIndices
    n_couples: int
    n_dropped: int
    groups: tuple[str, ...]
    missing: Missing
    standard_errors: StandardErrors
    warnings: tuple[str, ...]
    bootstrap_draws: pd.DataFrame | None = None
    parts: ResultParts = field(repr=False)

    @property
    def log_likelihood(self) -> float:
        """The model's log-likelihood."""
        return self.fit_indices.log_likelihood

    def estimate(self, name: str) -> Estimate:
        """Return one estimate by label, defined name, or arrow in any spacing.

        Raises:
            SpecError: An unknown name, with the nearest ones.
            FitError: A failed fit.
        """
        self.check_estimates()
        if not isinstance(name, str):
            raise SpecError(f"a parameter is asked for by its name, got {name!r}.")
        return self.estimates[self.row_name(name)]

    def row_name(self, name: str) -> str:
        """Return the name under which a parameter stands in `estimates`."""
        rows = self.estimates.names
        if name in rows:
            return name
        squeezed = {_squeezed(row): row for row in rows}
        for row in rows:
            ends = row.split(" ~~ ")
            if len(ends) == 2:
                other, _, group = ends[1].partition(" [")
                tail = f" [{group}" if group else ""
                squeezed.setdefault(_squeezed(f"{other} ~~ {ends[0]}{tail}"), row)
        for row, label in self.parts.labels.items():
            squeezed.setdefault(label, row)
        for defined, row in self.parts.quantities.definitions:
            squeezed.setdefault(defined, row)
        found = squeezed.get(_squeezed(name))
        if found is not None:
            return found
        known = [
            *rows,
            *self.parts.labels.values(),
            *(d for d, _ in self.parts.quantities.definitions),
        ]
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"It has: {', '.join(known[:12])}."
        raise SpecError(f"the model has no parameter {name!r}. {hint}")

    def values(self, names: list[str] | tuple[str, ...]) -> Floats:
        """Return values by label, defined name or arrow, shape (k,)."""
        self.check_estimates()
        return np.array([self.estimate(name).value for name in names])

    def covariance(self, names: list[str] | tuple[str, ...]) -> Floats:
        """Return the covariance of estimators by label, defined name or arrow, shape (k, k)."""
        self.check_estimates()
        held = self.parts.quantities
        by_row = {row: defined for defined, row in held.definitions}
        gradients = np.array(
            [held.gradients[by_row.get(self.row_name(name), self.row_name(name))] for name in names]
        )
        return np.asarray(gradients @ self.parts.covariance @ gradients.T)

    def standardized(self, kind: Literal["all", "latent", "no_x"] = "all") -> EstimateTable:
        """Return standardized estimates with delta-method standard errors.

        Args:
            kind: "all" scales every variable; "latent" only latent ones; "no_x" all but fixed or
                exogenous observed predictors.
        """
        self.check_estimates()
        _check_kind(kind, ("all", "latent", "no_x"))
        return standardized_room.standardized_estimates(
            self.parts.fit,
            self.parts.covariance,
            self.parts.quantities,
            self.spec,
            kind=kind,
            confidence=self.estimates.confidence,
        )

    @property
    def r_squared(self) -> dict[str, float]:
        """Share of each dependent variable's variance that the model explains, by name."""
        self.check_estimates()
        return standardized_room.explained_shares(self.parts.fit)

    def implied(
        self, kind: Literal["covariance", "correlation", "mean"] = "covariance", group: str = ""
    ) -> pd.DataFrame:
        """Return the moments the model implies (of one group)."""
        self.check_estimates()
        _check_kind(kind, ("covariance", "correlation", "mean"))
        return residuals_room.implied_frame(self.parts.fit, kind, self._group(group))

    def observed(
        self, kind: Literal["covariance", "correlation", "mean"] = "covariance", group: str = ""
    ) -> pd.DataFrame:
        """Return the moments of the data: the full-information ones where values are missing."""
        _check_kind(kind, ("covariance", "correlation", "mean"))
        return residuals_room.observed_frame(self.parts.fit, kind, self._group(group))

    def residuals(
        self, kind: Literal["raw", "correlation", "standardized"] = "correlation", group: str = ""
    ) -> pd.DataFrame:
        """Return observed less implied covariances.

        Args:
            kind: "raw"; "correlation" (of correlations); "standardized" (divided by the standard
                error of the residual, a z).
            group: Name of a group.
        """
        self.check_estimates()
        _check_kind(kind, ("raw", "correlation", "standardized"))
        return residuals_room.residual_frame(self.parts.fit, kind, self._group(group))

    def modification_indices(self, *, least: float = 0.0) -> pd.DataFrame:
        """Return what the chi-square would lose by each arrow that is not there, largest first.

        Args:
            least: Smallest index shown.
        """
        self.check_estimates()
        return modification_room.modification_indices(self.parts.fit, least=least)

    def score_tests(self) -> pd.DataFrame:
        """Return what the chi-square would lose by giving up each equality, largest first."""
        self.check_estimates()
        return modification_room.equality_score_tests(self.parts.fit, self.spec)

    def factor_scores(
        self, method: Literal["regression", "bartlett"] = "regression"
    ) -> pd.DataFrame:
        """Return one row a couple, one column a latent variable."""
        self.check_estimates()
        return scores_room.factor_scores(self.parts.fit, self.parts.observed, method=method)

    def check_estimates(self) -> None:
        """Raise `FitError` where the fit failed."""
        if self.state == "failed":
            raise FitError(
                "a failed fit has no estimates. " + (self.warnings[0] if self.warnings else "")
            )

    def _group(self, group: str) -> int:
        if group in self.groups:
            return self.groups.index(group)
        if group == "":
            return 0
        raise SpecError(f"there is no group {group!r}. Groups are: {', '.join(self.groups)}.")

    def __str__(self) -> str:
        head = [
            self.spec.title or "Path model",
            f"{self.n_couples} couples"
            + (f", {self.n_dropped} left out" if self.n_dropped else "")
            + f"; standard errors: {self.standard_errors}; state: {self.state}",
        ]
        fit = self.fit_indices
        if self.state != "failed":
            head.append(
                f"chi-square({fit.df:.0f}) = {fit.chisq:.2f}, p = {fit.p_value:.3f}; "
                f"CFI = {fit.cfi:.3f}, TLI = {fit.tli:.3f}, RMSEA = {fit.rmsea:.3f} "
                f"[{fit.rmsea_low:.3f}, {fit.rmsea_high:.3f}], SRMR = {fit.srmr:.3f}"
                if fit.df > 0
                else "The model is saturated: it fits any data, and its fit says nothing."
            )
        body = [*(f"! {warning}" for warning in self.warnings), str(self.estimates)]
        return "\n".join([*head, *body])

    def _repr_html_(self) -> str:
        from html import escape

        lines = str(self).split(str(self.estimates))[0].strip().splitlines()
        text = "".join(f"<p>{escape(line)}</p>" for line in lines)
        return text + self.estimates._repr_html_()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultParts:
    """The numbers behind a result.

    Attributes:
        fit: The fit.
        observed: The data as collected.
        covariance: Covariance of the free parameters of the data as given, shape (q, q).
        model_covariance: The same from the information matrix, whatever errors are shown.
        quantities: Every named value with its gradient.
        labels: Row name to label.
    """

    fit: PathFit
    observed: Observed
    covariance: Floats
    model_covariance: Floats
    quantities: Quantities
    labels: dict[str, str]


def _check_kind(kind: object, known: tuple[str, ...]) -> None:
    if kind not in known:
        raise SpecError(f"kind must be one of {', '.join(map(repr, known))}, got {kind!r}.")


def _squeezed(name: str) -> str:
    return re.sub(r"\s+", "", name).replace("~1[", "~1[")
