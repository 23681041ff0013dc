"""Hypotheses about labeled effects: each by Wald and by likelihood ratio."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.paths.comparison import wald_test
from intimacy_analysis.paths.fit import PathFit, fit_table
from intimacy_analysis.paths.fit_indices import chi_square_p
from intimacy_analysis.paths.moments import shifted
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.paths.spec import Constraint
from intimacy_analysis.paths.syntax import read_constraint


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisTest:
    """A hypothesis tested twice.

    Attributes:
        name: In words.
        conditions: What it says of the labels, e.g. ("a_wife == a_husband",).
        df: Degrees of freedom of both tests.
        wald: Wald chi-square.
        wald_p: Its upper tail.
        chisq: Likelihood-ratio chi-square; `nan` where the model could not be fitted under it, or
            where the fit is robust (a plain ratio would not go with its standard errors).
        p_value: Its upper tail.
    """

    name: str
    conditions: tuple[str, ...]
    df: int
    wald: float
    wald_p: float
    chisq: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisTests:
    """Hypotheses in order.

    Attributes:
        rows: The tests.
        title: What they are about.
        notes: Sentences a reader must see beside them.
    """

    rows: tuple[HypothesisTest, ...]
    title: str = ""
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> HypothesisTest:
        for row in self.rows:
            if row.name == name:
                return row
        known = ", ".join(repr(row.name) for row in self.rows)
        raise SpecError(f"there is no hypothesis {name!r}. There are: {known}.")

    def to_frame(self) -> pd.DataFrame:
        """Return one row a hypothesis, indexed by its words."""
        columns = ("df", "chisq", "p_value", "wald", "wald_p")
        return pd.DataFrame(
            {column: [getattr(row, column) for row in self.rows] for column in columns},
            index=pd.Index([row.name for row in self.rows], name="hypothesis"),
        )

    def __str__(self) -> str:
        body = self.to_frame().to_string(float_format=lambda value: f"{value:.3f}")
        return "\n".join([*([self.title] if self.title else []), body, *self.notes])


def hypothesis_tests(
    result: PathModelResult, hypotheses: Mapping[str, Sequence[str]], *, title: str = ""
) -> HypothesisTests:
    """Test hypotheses about a fitted model's labels.

    The likelihood ratio compares the fit with one under the conditions, on the same data.

    Args:
        result: A fitted model.
        hypotheses: Words of each hypothesis, and its equalities, e.g.
            {"equal actor effects": ("a_wife == a_husband",)}.
        title: What they are about.

    Raises:
        SpecError: A condition that cannot be read or is no equality, or an unknown label.
        FitError: The fit failed.
    """
    result.check_estimates()
    read = {name: tuple(map(read_constraint, texts)) for name, texts in hypotheses.items()}
    unequal = [one.text for many in read.values() for one in many if one.relation != "=="]
    if unequal or not all(read.values()):
        raise SpecError(
            "a hypothesis must hold equalities such as 'a_wife == a_husband', but "
            + (f"{len(unequal)} of them is none; the first is {unequal[0]!r}. " if unequal else "")
            + ("" if unequal else "one of them is empty. ")
            + "Write each with '=='."
        )
    notes: tuple[str, ...] = ()
    if result.standard_errors == "robust":
        notes = (
            "The fit is robust: the Wald tests use its standard errors, and plain likelihood "
            "ratios are left out. compare_path_models(...) gives scaled ones.",
        )
    return HypothesisTests(
        rows=tuple(_test(result, name, conditions) for name, conditions in read.items()),
        title=title,
        notes=notes,
    )


def refit_under(result: PathModelResult, conditions: Sequence[Constraint]) -> PathFit:
    """Fit a result's model to the same data under further conditions.

    Args:
        result: A fitted model.
        conditions: What its labels must meet.

    Raises:
        SpecError: An unknown label, or conditions that contradict each other.
    """
    fit = result.parts.fit
    back = [-shift for shift in fit.centering.shifts]
    return fit_table(
        result.spec.with_constraints(*conditions),
        fit.table,
        tuple(
            shifted(part, shift) for part, shift in zip(fit.likelihood.patterns, back, strict=True)
        ),
        saturated=tuple(
            replace(known, mean=known.mean - shift)
            for known, shift in zip(fit.saturated, back, strict=True)
        ),
        start=fit.theta,
    )


def _test(result: PathModelResult, name: str, conditions: tuple[Constraint, ...]) -> HypothesisTest:
    wald = wald_test(result, tuple(f"({c.left.text}) - ({c.right.text})" for c in conditions))
    chisq, p_value, df = math.nan, math.nan, int(wald.df)
    if result.standard_errors != "robust":
        try:
            under = refit_under(result, conditions)
        except FitError:
            under = None
        if under is not None and under.state != "failed":
            df = under.df - result.parts.fit.df
            chisq = max(under.chisq - result.parts.fit.chisq, 0.0)
            p_value = chi_square_p(chisq, df)
    return HypothesisTest(
        name=name,
        conditions=tuple(c.text for c in conditions),
        df=df,
        wald=float(wald.statistic),
        wald_p=float(wald.p_value),
        chisq=chisq,
        p_value=p_value,
    )
