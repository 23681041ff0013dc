"""A fitted linear mixed model, as its reader meets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Literal

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError, FitError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.mixed.bootstrap import bootstrap_intervals
from intimacy_analysis.mixed.contrasts import (
    DF_LABELS,
    DfMethod,
    StandardErrors,
    wald_rows,
    wald_table,
)
from intimacy_analysis.mixed.covariance_parameters import covariance_table
from intimacy_analysis.mixed.design import encode_rows
from intimacy_analysis.mixed.fit import Fit, State, search, with_outcome
from intimacy_analysis.mixed.group_effects import conditional_modes
from intimacy_analysis.mixed.linear_terms import LinearTerms
from intimacy_analysis.mixed.options import check_options
from intimacy_analysis.mixed.profile import profile_intervals
from intimacy_analysis.mixed.simulate import simulate_outcomes
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.mixed.structure import Floats
from intimacy_analysis.mixed.terms import check_fitted, groups_in_words
from intimacy_analysis.study.diary import DiaryFrame

Intervals = Literal["wald", "profile", "bootstrap"]
PredictionLevel = Literal["population", "group"]


# Without slots, so that a table is computed when it is first asked for and then kept: a refit
# inside a simulation pays only for what it reads.
@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class MixedModelResult:
    """A fitted linear mixed model.

    Attributes:
        spec: What was asked.
        fit: The engine's own answer.
        df_method: "satterthwaite" or "kenward-roger".
        intervals: "wald", "profile" or "bootstrap".
        standard_errors: "model" or "cr2".
        confidence: Coverage the intervals promise.
        bootstrap: Number of bootstrap samples, where `intervals` is "bootstrap".
        seed: Seed of the bootstrap.
    """

    spec: MixedModelSpec
    fit: Fit
    df_method: DfMethod = "satterthwaite"
    intervals: Intervals = "wald"
    standard_errors: StandardErrors = "model"
    confidence: float = 0.95
    bootstrap: int = 2000
    seed: int | None = None

    @property
    def state(self) -> State:
        """State of the fit: "ok", "singular" (`warnings` say how) or "failed" (no estimates)."""
        return self.fit.state

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader must know before trusting the numbers."""
        prefix = {"ok": "", "singular": "Singular fit: ", "failed": "Failed fit: "}[self.state]
        return (
            *(f"{prefix}{reason}." for reason in self.fit.reasons),
            *self.fit.prepared.design.notes,
        )

    @property
    def n_rows(self) -> int:
        """Rows used."""
        return self.fit.prepared.design.n_rows

    @property
    def n_dropped(self) -> int:
        """Rows left out because a value is missing."""
        return self.fit.prepared.design.n_given - self.n_rows

    @property
    def n_groups(self) -> int:
        """Groups used."""
        return self.fit.prepared.design.n_groups

    @property
    def unit_of_outcome(self) -> str:
        """Unit of the outcome in words."""
        return self.fit.prepared.design.units["outcome"]

    @property
    def log_likelihood(self) -> float:
        """Restricted or full log-likelihood, as `spec.criterion` says; nan where failed."""
        return np.nan if self.state == "failed" else self.fit.log_likelihood

    @cached_property
    def estimates(self) -> EstimateTable:
        """Fixed effects in formula order; empty where the fit failed."""
        table = wald_table(
            self.fit,
            df_method=self.df_method,
            standard_errors=self.standard_errors,
            confidence=self.confidence,
            notes=(self._sample_note, *self.warnings),
        )
        if self.state == "failed" or self.intervals == "wald":
            return table
        return table.with_intervals(*self._other_intervals)

    @cached_property
    def covariance_parameters(self) -> EstimateTable:
        """SDs, variances and correlations of random effects and residual."""
        table = covariance_table(self.fit, confidence=self.confidence)
        if self.state == "failed" or self.intervals == "wald":
            return table
        return table.with_intervals(*self._other_intervals)

    @cached_property
    def group_effects(self) -> pd.DataFrame:
        """Conditional modes of the random effects: one row a group, one column a term."""
        return conditional_modes(self.fit)

    def predict(
        self,
        data: DiaryFrame | pd.DataFrame | None = None,
        *,
        level: PredictionLevel = "population",
    ) -> pd.Series:
        """Return predicted outcomes.

        Args:
            data: New rows; None for the rows of the fit.
            level: "population" uses the fixed effects, "group" adds each group's own effects
                (zero for a group that the fit has not seen).

        Returns:
            One value a row, indexed as the given rows (nan where a predictor is missing), or by
            position in the fitted data.

        Raises:
            FitError: The fit failed.
            DataError: A column is missing.
        """
        self._check_usable("predictions")
        if level not in ("population", "group"):
            raise SpecError(f"level must be 'population' or 'group', got {level!r}.")
        design = self.fit.prepared.design
        if data is None:
            values = design.X @ self.fit.b
            if level == "group":
                modes = self.group_effects.to_numpy()
                values = values + np.einsum("ij,ij->i", design.Z, modes[design.group_of_row])
            return pd.Series(values, index=pd.Index(design.rows, name="row"), name="predicted")
        frame = data.rows if isinstance(data, DiaryFrame) else data
        X, Z = encode_rows(design.encoding, frame)
        values = X @ self.fit.b
        if level == "group":
            if self.spec.group not in frame.columns:
                raise DataError(
                    f"predictions by group need the column {self.spec.group!r}, but the new rows "
                    "have none. Add it, or ask for level='population'."
                )
            modes = self.group_effects.reindex(frame[self.spec.group]).fillna(0.0).to_numpy()
            values = values + np.einsum("ij,ij->i", Z, modes)
        return pd.Series(values, index=frame.index, name="predicted")

    def residuals(self, *, level: PredictionLevel = "group") -> pd.Series:
        """Return outcome minus prediction, by position in the fitted data."""
        fitted = self.predict(level=level)
        return pd.Series(
            self.fit.prepared.design.y - fitted.to_numpy(), index=fitted.index, name="residual"
        )

    def simulate(self, *, times: int = 1, seed: int | None = None) -> Floats:
        """Draw new outcomes from the fitted model, shape (times, n_rows), in the fit's row order.

        The fit's row order is that of `predict()`; `refit` takes outcomes in the same order.
        """
        self._check_usable("simulations")
        return simulate_outcomes(self.fit, times=times, rng=np.random.default_rng(seed))

    def refit(self, y: Floats) -> MixedModelResult:
        """Fit the same model to another outcome, shape (n_rows,), in the fit's row order.

        Raises:
            DataError: Wrong length, or values that are not finite.
        """
        outcome = np.asarray(y, dtype=np.float64)
        if outcome.shape != (self.n_rows,) or not np.isfinite(outcome).all():
            raise DataError(
                f"refit needs {self.n_rows} finite outcomes in the fit's row order, got an array "
                f"of shape {outcome.shape}. Simulate with `result.simulate()`."
            )
        start = self.fit.theta if self.state == "ok" else None
        return MixedModelResult(
            spec=self.spec,
            fit=search(with_outcome(self.fit.prepared, outcome), start),
            df_method=self.df_method,
            standard_errors=self.standard_errors,
            confidence=self.confidence,
        )

    def linear_terms(self, purpose: str) -> LinearTerms:
        """Return the fixed terms, with the df and standard errors of this result.

        Raises:
            FitError: The fit failed, and so gives no `purpose`.
        """
        fit = check_fitted(self, purpose)
        design = fit.prepared.design

        def estimate(
            contrasts: Floats, names: tuple[str, ...], units: tuple[str, ...]
        ) -> tuple[Estimate, ...]:
            return wald_rows(
                fit,
                contrasts,
                names,
                units,
                df_method=self.df_method,
                standard_errors=self.standard_errors,
                confidence=self.confidence,
            )

        return LinearTerms(
            names=design.fixed_names,
            columns=design.X,
            units=design.units,
            estimate=estimate,
            df_label=DF_LABELS["cr2" if self.standard_errors == "cr2" else self.df_method],
            further={name: design.Z[:, k] for k, name in enumerate(design.random_names)},
            group_of_row=design.group_of_row,
            groups=groups_in_words(str(design.groups.name)),
        )

    def with_inference(
        self,
        *,
        df_method: DfMethod | None = None,
        intervals: Intervals | None = None,
        standard_errors: StandardErrors | None = None,
        confidence: float | None = None,
    ) -> MixedModelResult:
        """Return the same fit with other degrees of freedom, intervals or standard errors.

        CR2 standard errors and Kenward-Roger do not go together: what is asked for here replaces
        the other where the result had that.

        Raises:
            SpecError: An option that is unknown, or two that do not go together.
        """
        if standard_errors == "cr2" and df_method is None:
            df_method = "satterthwaite"
        if df_method == "kenward-roger" and standard_errors is None:
            standard_errors = "model"
        changed = MixedModelResult(
            spec=self.spec,
            fit=self.fit,
            df_method=df_method or self.df_method,
            intervals=intervals or self.intervals,
            standard_errors=standard_errors or self.standard_errors,
            confidence=self.confidence if confidence is None else confidence,
            bootstrap=self.bootstrap,
            seed=self.seed,
        )
        check_options(
            self.spec.criterion,
            changed.df_method,
            changed.intervals,
            changed.standard_errors,
            changed.confidence,
            changed.bootstrap,
        )
        return changed

    def __repr__(self) -> str:
        return (
            f"<MixedModelResult {self.state}: {self.spec.fixed} | {self.spec.random}, "
            f"{self.n_rows} rows, {self.n_groups} {self.spec.group} groups>"
        )

    def __str__(self) -> str:
        return "\n".join(
            [self._heading, "", str(self.estimates), "", str(self.covariance_parameters)]
        )

    def _repr_html_(self) -> str:
        return (
            f"<p>{escape(self._heading)}</p>{self.estimates._repr_html_()}"
            f"{self.covariance_parameters._repr_html_()}"
        )

    @property
    def _heading(self) -> str:
        criterion = self.spec.criterion.upper()
        likelihood = "" if self.state == "failed" else f", log-likelihood {self.log_likelihood:.4f}"
        df = DF_LABELS["cr2" if self.standard_errors == "cr2" else self.df_method]
        return (
            f"Linear mixed model ({criterion}{likelihood}), state: {self.state}. "
            f"{self.spec.fixed}; random {self.spec.random} by {self.spec.group}; residuals "
            f"{self.spec.structure.name}; df {df}."
        )

    @property
    def _sample_note(self) -> str:
        return f"{self.n_rows} rows of {self.n_groups} {self.spec.group} groups were used."

    @cached_property
    def _other_intervals(self) -> tuple[Mapping[str, tuple[float, float]], str]:
        """Limits by name of fixed effects and covariance parameters, and the method's label."""
        if self.intervals == "profile":
            return profile_intervals(self.fit, confidence=self.confidence)
        return bootstrap_intervals(
            self.fit, times=self.bootstrap, seed=self.seed, confidence=self.confidence
        )

    def _check_usable(self, what: str) -> None:
        if self.state == "failed":
            raise FitError(f"a failed fit gives no {what}: " + "; ".join(self.fit.reasons) + ".")
