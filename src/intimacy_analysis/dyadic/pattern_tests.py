"""Named dyadic patterns against each other: no ratio needed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from intimacy_analysis.dyadic.actor_partner import effect_labels
from intimacy_analysis.dyadic.hypotheses import HypothesisTests, hypothesis_tests, refit_under
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fit_indices import chi_square_p
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.paths.syntax import read_constraint


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternFit:
    """One pattern, fitted.

    Attributes:
        name: "free", "couple", "actor-only", "contrast" or "partner-only".
        condition: What it asks, e.g. "p == a"; "" for the free pattern.
        chisq: Likelihood-ratio chi-square against the free pattern.
        df: Its degrees of freedom.
        p_value: Its upper tail; `nan` for the free pattern.
        aicc: Akaike's criterion for few couples.
        weight: Akaike weight among the patterns of the table; they sum to 1.
    """

    name: str
    condition: str
    chisq: float
    df: int
    p_value: float
    aicc: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternTests:
    """The patterns of one member, or of indistinguishable members.

    Attributes:
        role: The member whose outcome it is; "" for indistinguishable members.
        rows: The patterns, the free one first.
    """

    role: str
    rows: tuple[PatternFit, ...]

    def __getitem__(self, name: str) -> PatternFit:
        for row in self.rows:
            if row.name == name:
                return row
        known = ", ".join(repr(row.name) for row in self.rows)
        raise SpecError(f"there is no pattern {name!r}. There are: {known}.")

    def to_frame(self) -> pd.DataFrame:
        """Return one row a pattern."""
        columns = ("condition", "chisq", "df", "p_value", "aicc", "weight")
        return pd.DataFrame(
            {column: [getattr(row, column) for row in self.rows] for column in columns},
            index=pd.Index([row.name for row in self.rows], name="pattern"),
        )

    def __str__(self) -> str:
        return self.to_frame().to_string(float_format=lambda value: f"{value:.3f}")


def pattern_tests(
    result: PathModelResult,
    role: str | None = None,
    *,
    labels: tuple[str, str] | None = None,
) -> PatternTests:
    """Fit the named patterns and compare them with the free one and with each other.

    Couple: p = a. Actor-only: p = 0. Contrast: p = -a. Partner-only: a = 0.

    Args:
        result: A fitted actor-partner model.
        role: The member whose outcome is meant; None for indistinguishable members.
        labels: Actor and partner effect, where the model has several.

    Raises:
        SpecError: An unknown member or label, or a robust fit.
        FitError: The fit failed.

    Source:
        Kenny and Ledermann (2010), Journal of Family Psychology 24, 359-366.
    """
    result.check_estimates()
    if result.standard_errors == "robust":
        raise SpecError(
            "pattern weights rest on the plain likelihood, but the fit is robust. Fit without "
            "standard_errors='robust', or test a pattern by hypothesis_tests(...)."
        )
    a, p = labels or effect_labels(result.spec, role)
    conditions = {
        "free": "",
        "couple": f"{p} == {a}",
        "actor-only": f"{p} == 0",
        "contrast": f"{p} == -1*{a}",
        "partner-only": f"{a} == 0",
    }
    fit = result.parts.fit
    fitted = [
        refit_under(result, (read_constraint(text),)) if text else fit
        for text in conditions.values()
    ]
    criteria = np.array(
        [
            _aicc(result.log_likelihood - (one.chisq - fit.chisq) / 2, one.n_parameters, fit.n)
            if one.state != "failed"
            else math.inf
            for one in fitted
        ]
    )
    weights = np.exp(-(criteria - criteria.min()) / 2)
    weights /= weights.sum()
    rows = [
        PatternFit(
            name=name,
            condition=text,
            chisq=max(one.chisq - fit.chisq, 0.0) if one.state != "failed" else math.nan,
            df=one.df - fit.df,
            p_value=chi_square_p(one.chisq - fit.chisq, one.df - fit.df),
            aicc=float(criterion),
            weight=float(weight),
        )
        for (name, text), one, criterion, weight in zip(
            conditions.items(), fitted, criteria, weights, strict=True
        )
    ]
    return PatternTests(role=role or "", rows=tuple(rows))


def equal_patterns(result: PathModelResult) -> HypothesisTests:
    """Test that both members have one k, by a_1 p_2 = a_2 p_1: no ratio is taken.

    Args:
        result: A fitted actor-partner model of distinguishable members with one predictor.

    Raises:
        SpecError: A model without one actor and one partner effect a member.
    """
    if len(result.spec.roles) != 2:
        raise SpecError("patterns are compared between two members. Fit actor_partner(...).")
    (a_1, p_1), (a_2, p_2) = (effect_labels(result.spec, role) for role in result.spec.roles)
    return hypothesis_tests(
        result,
        {"same k for both members": (f"{a_1}*{p_2} == {a_2}*{p_1}",)},
        title="Do both members have the same pattern?",
    )


def _aicc(log_likelihood: float, n_parameters: int, n: float) -> float:
    """Return AICc; infinite where there are not more couples than parameters plus one.

    Source:
        Hurvich and Tsai (1989), Biometrika 76, 297-307.
    """
    spare = n - n_parameters - 1
    penalty = 2 * n_parameters * (n_parameters + 1) / spare if spare > 0 else math.inf
    return -2 * log_likelihood + 2 * n_parameters + penalty
