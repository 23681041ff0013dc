"""Several fits to the same rows, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import (
    MISSING,
    Cell,
    Column,
    Table,
    format_p,
    html_table,
    text_lines,
)
from intimacy_analysis.mixed.fit import Fit
from intimacy_analysis.mixed.information_criteria import count_parameters, information_criteria
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.mixed.structure import Floats, Ints
from intimacy_analysis.mixed.terms import check_fitted
from intimacy_analysis.numerics.intervals import chi_square_p_value

# Column spaces are nested where what is left of a column is this small beside it.
_NESTED = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodRatio:
    """A likelihood-ratio test of one fit against one that it contains.

    Attributes:
        smaller: Name of the contained model.
        larger: Name of the one that contains it.
        statistic: Twice the gain in log-likelihood.
        df: Parameters more.
        p_value: Upper tail of chi-square with `df`.
    """

    smaller: str
    larger: str
    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelComparison:
    """Fits of one outcome in the same rows.

    Attributes:
        names: The models' names, in the order given.
        results: The fits.
        tests: Likelihood-ratio tests of each model against the one before it, where the one
            contains the other in its fixed terms and nothing else differs.
        notes: What a reader must know, e.g. why a test is left out.
    """

    names: tuple[str, ...]
    results: tuple[MixedModelResult, ...]
    tests: tuple[LikelihoodRatio, ...]
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a model, indexed by name.

        Columns fixed, random, residuals, criterion, state, n_rows, n_groups, n_parameters,
        log_likelihood, aic, aicc, bic_rows, bic_groups, aic_difference (to the smallest),
        aic_weight, and of the test against the model before: chi_square, df, p_value.
        """
        rows = [_row(result) for result in self.results]
        frame = pd.DataFrame(rows, index=pd.Index(self.names, name="model"))
        difference = frame["aic"] - frame["aic"].min()
        weight = np.exp(-difference / 2)
        frame = frame.assign(aic_difference=difference, aic_weight=weight / weight.sum())
        return frame.assign(
            chi_square=self._of_tests("statistic"),
            df=self._of_tests("df"),
            p_value=self._of_tests("p_value"),
        )

    def __str__(self) -> str:
        return "\n".join(text_lines(self._table()))

    def _repr_html_(self) -> str:
        return html_table(self._table())

    def _of_tests(self, field: str) -> list[float]:
        """Return a field of the test of each model against the one before it; nan for none."""
        values = [float("nan")]
        for before, after in zip(self.names[:-1], self.names[1:], strict=True):
            found = [test for test in self.tests if {test.smaller, test.larger} == {before, after}]
            values.append(float(getattr(found[0], field)) if found else float("nan"))
        return values

    def _table(self) -> Table:
        frame = self.to_frame()
        heads = ("k", "log-likelihood", "AIC", "AICc", "BIC", "AIC weight", "chi2", "df", "p")
        raw = (
            "n_parameters", "log_likelihood", "aic", "aicc", "bic_rows", "aic_weight", "chi_square",
            "df", "p_value",
        )  # fmt: skip
        digits = (0, 2, 2, 2, 2, 3, 2, 0, None)
        columns = [Column(header="Model", align="left", raw_names=("model",))]
        columns += [Column(header=a, raw_names=(b,)) for a, b in zip(heads, raw, strict=True)]
        return Table(
            title="Models of the same rows",
            columns=tuple(columns),
            rows=tuple(
                (
                    Cell(text=str(name), raw=(str(name),)),
                    *(
                        Cell(text=_shown(row[b], d), raw=(float(row[b]),), is_number=True)
                        for b, d in zip(raw, digits, strict=True)
                    ),
                )
                for name, row in frame.iterrows()
            ),
            notes=self.notes,
        )


def compare_models(
    *results: MixedModelResult, names: Sequence[str] | None = None
) -> ModelComparison:
    """Set fits side by side, after checking that their likelihoods compare.

    Args:
        results: Two fits or more, of the same outcome in the same rows, by the same criterion;
            under REML with the same fixed terms in the same coding.
        names: One name a fit; "model 1", "model 2", ... where None.

    Raises:
        SpecError: Fits that do not compare, with the reason and what to do.
        FitError: One of them failed.

    Source:
        docs/maths/after_the_fit.md, section 5.
    """
    if len(results) < 2:
        raise SpecError(f"a comparison needs at least two fits, got {len(results)}.")
    shown = tuple(f"model {k}" for k in range(1, len(results) + 1)) if names is None else names
    if len(shown) != len(results) or len(set(shown)) < len(results):
        raise SpecError(
            f"names must be {len(results)} different names, one a fit, got {list(shown)!r}."
        )
    fits = [
        check_fitted(result, f"comparison ({name})")
        for result, name in zip(results, shown, strict=True)
    ]
    for result, fit, name in zip(results[1:], fits[1:], shown[1:], strict=True):
        _check_same_data(fits[0], fit, shown[0], name)
        _check_criterion(results[0], result, fits[0], fit, shown[0], name)
    tests, notes = [], []
    for k in range(1, len(fits)):
        pair = sorted((k - 1, k), key=lambda place: count_parameters(fits[place]))
        small, large = pair
        reason = _not_testable(results[small], results[large])
        if reason:
            notes.append(f"{shown[k - 1]} and {shown[k]}: no likelihood-ratio test, {reason}.")
            continue
        tests.append(_tested(fits[small], fits[large], shown[small], shown[large]))
    notes += [
        f"{name}: {result.state} fit."
        for result, name in zip(results, shown, strict=True)
        if result.state != "ok"
    ]
    notes.append("BIC counts rows; to_frame() has it by groups too.")
    return ModelComparison(
        names=tuple(shown), results=tuple(results), tests=tuple(tests), notes=tuple(notes)
    )


def _row(result: MixedModelResult) -> dict[str, object]:
    criteria = information_criteria(result)
    spec = result.spec
    return {
        "fixed": spec.fixed,
        "random": spec.random if isinstance(spec.random, str) else " ; ".join(spec.random),
        "residuals": spec.structure.name,
        "criterion": spec.criterion,
        "state": result.state,
        "n_rows": result.n_rows,
        "n_groups": result.n_groups,
        "n_parameters": int(criteria["parameters"].value),
        "log_likelihood": result.log_likelihood,
        "aic": criteria["AIC"].value,
        "aicc": criteria["AICc"].value,
        "bic_rows": criteria["BIC, rows"].value,
        "bic_groups": criteria["BIC, groups"].value,
    }


def _shown(value: float, digits: int | None) -> str:
    if np.isnan(value):
        return MISSING
    return format_p(value) if digits is None else f"{value:.{digits}f}"


def _by_position(fit: Fit) -> tuple[Ints, Floats, Floats]:
    """Return the rows' positions in the data, sorted, with y and X in that order."""
    design = fit.prepared.design
    order = np.argsort(design.rows, kind="stable")
    return design.rows[order], design.y[order], design.X[order]


def _check_same_data(first: Fit, other: Fit, name: str, other_name: str) -> None:
    rows, y, _ = _by_position(first)
    other_rows, other_y, _ = _by_position(other)
    what = f"models compare only in the same rows, but {name!r} used {len(rows)} rows"
    if len(rows) != len(other_rows):
        raise SpecError(
            f"{what} and {other_name!r} {len(other_rows)}. Drop the rows that lack a value of any "
            "of the models, and fit them all to what is left."
        )
    if not np.array_equal(rows, other_rows):
        apart = rows[~np.isin(rows, other_rows)]
        raise SpecError(
            f"{what}, {len(apart)} of which {other_name!r} did not use; the first is row "
            f"{int(apart[0])}. Drop the rows that lack a value of any of the models, and fit them "
            "all to what is left."
        )
    if not np.array_equal(y, other_y):
        n, place = int(np.sum(y != other_y)), int(np.argmax(y != other_y))
        raise SpecError(
            f"models compare only for the same outcome, but those of {name!r} and {other_name!r} "
            f"differ in {n} of {len(y)} rows; the first is row {int(rows[place])}. Fit both to one "
            "outcome, on one scale."
        )


def _check_criterion(
    first: MixedModelResult,
    other: MixedModelResult,
    first_fit: Fit,
    other_fit: Fit,
    name: str,
    other_name: str,
) -> None:
    if first.spec.criterion != other.spec.criterion:
        raise SpecError(
            f"models compare only by one criterion, but {name!r} is fitted by "
            f"{first.spec.criterion.upper()} and {other_name!r} by {other.spec.criterion.upper()}. "
            "Fit both with criterion='ml'."
        )
    if first.spec.criterion == "ml":
        return
    X, other_X = _by_position(first_fit)[2], _by_position(other_fit)[2]
    names = dict(zip(first_fit.prepared.design.fixed_names, X.T, strict=True))
    others = dict(zip(other_fit.prepared.design.fixed_names, other_X.T, strict=True))
    apart = [term for term in {**names, **others} if not _same(names.get(term), others.get(term))]
    if apart:
        raise SpecError(
            "restricted likelihoods compare only with the same fixed terms in the same coding, but "
            f"{name!r} and {other_name!r} differ in {len(apart)}; the first is {apart[0]!r}. "
            "Fit both with criterion='ml'."
        )


def _same(column: Floats | None, other: Floats | None) -> bool:
    return column is not None and other is not None and np.array_equal(column, other)


def _not_testable(small: MixedModelResult, large: MixedModelResult) -> str:
    """Return why there is no chi-square test of the smaller against the larger, or nothing."""
    first, second = small.fit.prepared.design, large.fit.prepared.design
    if small.spec.structure.name != large.spec.structure.name:
        return "because their residuals differ"
    same_random = first.blocks == second.blocks and first.random_names == second.random_names
    if not same_random or small.spec.group != large.spec.group:
        return (
            "because their random parts differ and a variance of zero lies at a bound; "
            "random_slope_test has the right reference"
        )
    if first.X.shape[1] == second.X.shape[1]:
        return "because they have as many fixed terms"
    X, larger_X = _by_position(small.fit)[2], _by_position(large.fit)[2]
    left = X - larger_X @ np.linalg.lstsq(larger_X, X, rcond=None)[0]
    if np.any(np.linalg.norm(left, axis=0) > _NESTED * np.linalg.norm(X, axis=0)):
        return "because the larger does not contain the smaller"
    return ""


def _tested(small: Fit, large: Fit, small_name: str, large_name: str) -> LikelihoodRatio:
    statistic = max(0.0, 2 * (large.log_likelihood - small.log_likelihood))
    df = count_parameters(large) - count_parameters(small)
    return LikelihoodRatio(
        smaller=small_name,
        larger=large_name,
        statistic=statistic,
        df=df,
        p_value=chi_square_p_value(statistic, df),
    )
