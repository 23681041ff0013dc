"""A fitted regression, as its reader meets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Literal

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.mixed.contrasts import JointTest
from intimacy_analysis.mixed.design import Design, encode_rows
from intimacy_analysis.mixed.linear_terms import LinearTerms
from intimacy_analysis.mixed.structure import Floats
from intimacy_analysis.numerics.intervals import f_p_value, t_p_value, t_quantile
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.survey import SurveyFrame

RobustErrors = Literal["hc3", "hc2", "hc1", "hc0", "model"]
DF_LABEL = "rows less terms"
# A row that moves a coefficient by more than one standard error deserves a look.
_MOVES = 1.0


# Without slots, so that a table is computed when it is first asked for and then kept.
@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RegressionResult:
    """A regression fitted by least squares.

    Attributes:
        formula: What was asked.
        design: Columns of the terms and the outcome, rows with a gap left out.
        b: Coefficients, shape (p,).
        covariance: Their covariance by `standard_errors`, shape (p, p).
        unscaled: (X'X)^-1, shape (p, p).
        leverage: Diagonal of the hat matrix, shape (n_rows,).
        residual: Outcome less prediction, shape (n_rows,).
        rows: The columns the formula names, rows used.
        standard_errors: "hc3", "hc2", "hc1", "hc0" or "model".
        confidence: Coverage the intervals promise.
    """

    formula: str
    design: Design
    b: Floats
    covariance: Floats
    unscaled: Floats
    leverage: Floats
    residual: Floats
    rows: pd.DataFrame
    standard_errors: RobustErrors = "hc3"
    confidence: float = 0.95

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the terms, in formula order."""
        return self.design.fixed_names

    @property
    def n_rows(self) -> int:
        """Rows used."""
        return self.design.n_rows

    @property
    def n_dropped(self) -> int:
        """Rows left out because a value is missing."""
        return self.design.n_given - self.n_rows

    @property
    def df(self) -> int:
        """Rows less terms."""
        return self.n_rows - len(self.b)

    @property
    def residual_variance(self) -> float:
        """Sum of squared residuals over `df`."""
        return float(self.residual @ self.residual) / self.df

    @cached_property
    def influence(self) -> pd.DataFrame:
        """What each row used does to the fit, indexed by its position in the data as given.

        Columns: leverage; studentized, the residual over its own SE without the row;
        cooks_distance; moves, by how many model-based standard errors the row moves the coefficient
        it moves most, with its sign; term, that coefficient. nan where a coefficient rests on the
        row alone.

        Source:
            Belsley, Kuh and Welsch (1980), Regression Diagnostics (DFBETAS); Cook (1977),
            Technometrics 19, 15-18.
        """
        left = np.where(1 - self.leverage > 1e-10, 1 - self.leverage, np.nan)
        e, s2, p = self.residual, self.residual_variance, len(self.b)
        without = np.full(self.n_rows, np.nan)
        if self.df > 1:
            without = np.sqrt(np.maximum((s2 * self.df - e**2 / left) / (self.df - 1), 0.0))
        change = (self.design.X @ self.unscaled) * (e / left)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            moved = change / (without[:, None] * np.sqrt(np.diag(self.unscaled)))
            studentized = e / (without * np.sqrt(left))
        most = np.argmax(np.nan_to_num(np.abs(moved)), axis=1)
        return pd.DataFrame(
            {
                "leverage": self.leverage,
                "studentized": studentized,
                "cooks_distance": e**2 * self.leverage / (p * s2 * left**2),
                "moves": moved[np.arange(self.n_rows), most],
                "term": [self.terms[at] for at in most],
            },
            index=pd.Index(self.design.rows, name="row"),
        )

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What the reader must know before trusting the numbers."""
        return (*self._influence_notice, *self.design.notes)

    @cached_property
    def estimates(self) -> EstimateTable:
        """Coefficients in formula order, with t intervals."""
        names = self.terms
        return EstimateTable(
            rows=self._contrast_rows(
                np.eye(len(names)), names, tuple(self.design.units[name] for name in names)
            ),
            title="Coefficients",
            df_method=DF_LABEL,
            interval_method=f"t, {self._errors_in_words}",
            confidence=self.confidence,
            notes=(f"{self.n_rows} rows were used.", *self.warnings),
        )

    def linear_terms(self, purpose: str) -> LinearTerms:
        """Return the terms for slopes over a moderator; a regression always has them."""
        del purpose
        return LinearTerms(
            names=self.terms,
            columns=self.design.X,
            units=self.design.units,
            estimate=self._contrast_rows,
            df_label=DF_LABEL,
        )

    def contrast(self, weights: Mapping[str, float], *, name: str = "", unit: str = "") -> Estimate:
        """Estimate a weighted sum of coefficients.

        Args:
            weights: Term to weight; terms that are not named have weight 0.
            name: Name of the answer; the weighted terms where empty.
            unit: Unit of the answer; the first weighted term's where empty.

        Raises:
            SpecError: A term the model does not have, or no weight.
        """
        row = np.zeros(len(self.b))
        for term, weight in weights.items():
            row[self._place(term)] = weight
        if not row.any():
            raise SpecError("a contrast needs at least one weight that is not zero.")
        shown = name or " + ".join(f"{weight:g} {term}" for term, weight in weights.items())
        chosen = unit or self.design.units[next(iter(weights))]
        return self._contrast_rows(row[None, :], (shown,), (chosen,))[0]

    def joint_test(self, terms: tuple[str, ...] | list[str]) -> JointTest:
        """Test that several coefficients are all zero (Wald F with these standard errors).

        Raises:
            SpecError: A term the model does not have, or none.
        """
        if not terms:
            raise SpecError("a joint test needs at least one term, none was given.")
        places = [self._place(term) for term in dict.fromkeys(terms)]
        values, held = self.b[places], self.covariance[np.ix_(places, places)]
        statistic = float(values @ np.linalg.solve(held, values)) / len(places)
        return JointTest(
            terms=tuple(dict.fromkeys(terms)),
            statistic=statistic,
            df_1=float(len(places)),
            df_2=float(self.df),
            p_value=f_p_value(statistic, len(places), self.df),
            df_method=DF_LABEL,
        )

    def predict(self, data: SurveyFrame | pd.DataFrame | None = None) -> pd.Series:
        """Return predicted outcomes.

        Args:
            data: New rows; None for the rows of the fit.

        Returns:
            One value a row, indexed as the given rows (nan where a predictor is missing), or by
            position in the fitted data.

        Raises:
            DataError: A column is missing.
        """
        if data is None:
            index = pd.Index(self.design.rows, name="row")
            return pd.Series(self.design.X @ self.b, index=index, name="predicted")
        frame = data.rows if isinstance(data, SurveyFrame) else data
        if not isinstance(frame, pd.DataFrame):
            raise DataError(
                "new rows must be a survey or a pandas frame, but this is a "
                f"{type(data).__name__}. Convert it to pandas."
            )
        X, _ = encode_rows(self.design.encoding, frame)
        return pd.Series(X @ self.b, index=frame.index, name="predicted")

    def __repr__(self) -> str:
        return f"<RegressionResult {self.formula}, {self.n_rows} rows, {self._errors_in_words}>"

    def __str__(self) -> str:
        return f"{self._heading}\n\n{self.estimates}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self._heading)}</p>{self.estimates._repr_html_()}"

    @property
    def _heading(self) -> str:
        return f"Least squares: {self.formula}; {self._errors_in_words}, {self.df} df."

    @property
    def _errors_in_words(self) -> str:
        if self.standard_errors == "model":
            return "model-based standard errors"
        return f"{self.standard_errors.upper()} standard errors"

    @property
    def _influence_notice(self) -> tuple[str, ...]:
        size = np.nan_to_num(np.abs(self.influence["moves"].to_numpy()))
        n, at = int((size > _MOVES).sum()), int(np.argmax(size))
        if not n:
            return ()
        return (
            f"{n} of {self.n_rows} rows {'moves' if n == 1 else 'move'} a coefficient by more than "
            f"one standard error; row {self.influence.index[at]} moves "
            f"{self.influence['term'].iloc[at]} by {self.influence['moves'].iloc[at]:.1f}. See "
            "whether the answer stands without.",
        )

    def _place(self, term: str) -> int:
        if term not in self.terms:
            raise SpecError(f"the model has no term {term!r}. {near_names(term, self.terms)}")
        return self.terms.index(term)

    def _contrast_rows(
        self, contrasts: Floats, names: tuple[str, ...], units: tuple[str, ...]
    ) -> tuple[Estimate, ...]:
        values = contrasts @ self.b
        errors = np.sqrt(np.einsum("ca,ab,cb->c", contrasts, self.covariance, contrasts))
        reach = t_quantile(self.confidence, float(self.df)) * errors
        p_values = t_p_value(values / errors, float(self.df))
        return tuple(
            Estimate(
                name=name,
                value=float(values[k]),
                std_error=float(errors[k]),
                df=float(self.df),
                low=float(values[k] - reach[k]),
                high=float(values[k] + reach[k]),
                p_value=float(p_values[k]),
                unit=units[k],
            )
            for k, name in enumerate(names)
        )
