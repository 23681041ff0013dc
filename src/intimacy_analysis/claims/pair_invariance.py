"""Whether a score of the PAIR is measured alike by both spouses, and in both forms."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from intimacy_analysis.claims.pair_claims import INTIMACIES, SCORES
from intimacy_analysis.claims.pair_scores import FORMS, PairScores
from intimacy_analysis.dyadic.factor_fit import fit_factor_model
from intimacy_analysis.dyadic.invariance_rule import shown_fit
from intimacy_analysis.dyadic.item_columns import item_columns
from intimacy_analysis.dyadic.measurement import Level, freed_items
from intimacy_analysis.errors import IntimacyError
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Table,
    count_cell,
    format_p,
    number_cell,
    text_column,
    words_cell,
)
from intimacy_analysis.numerics.holm import holm_adjusted
from intimacy_analysis.paths.comparison import PathComparison, compare_path_models
from intimacy_analysis.paths.result import PathModelResult

# What a comparison of scores needs: same items, equal loadings, equal intercepts.
_LEVELS: tuple[Level, Level, Level] = ("configural", "loadings", "intercepts")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredAlike:
    """One factor a side, its items' errors paired across the sides, ever more held equal.

    Attributes:
        score: Kind of intimacy, or conventionality.
        compared: The two sides, in words.
        n: Couples behind it.
        cfi: Of the model with the same items and nothing held equal, robust.
        rmsea: Likewise.
        loadings: Test that loadings are equal; None where a fit failed.
        intercepts: Test that intercepts are equal as well; None where a fit failed.
    """

    score: str
    compared: str
    n: int
    cfi: float
    rmsea: float
    loadings: PathComparison | None
    intercepts: PathComparison | None


def measured_alike(scores: PairScores) -> tuple[MeasuredAlike, ...]:
    """Compare spouses on the perceived form, and the forms within each spouse.

    A difference of means or a gap compares like with like only where loadings and intercepts are
    equal on both sides.

    Args:
        scores: Both forms of both spouses.

    Source:
        docs/maths/measurement.md, eq. 1 and 4.
    """
    roles = scores.couples.roles
    found = [
        _compared(
            score,
            f"{roles[0]} and {roles[1]}, perceived form",
            {role: scores.answers(f"perceived_{score}", role) for role in roles},
        )
        for score in SCORES
    ]
    found += [
        _compared(
            score,
            f"perceived and expected form, {role}",
            {form: scores.answers(f"{form}_{score}", role) for form in FORMS},
        )
        for score in INTIMACIES
        for role in roles
    ]
    return tuple(held for held in found if held is not None)


def invariance_table(found: tuple[MeasuredAlike, ...]) -> Table:
    """Return one row a comparison: fit, and the tests of equal loadings and intercepts.

    Args:
        found: From `measured_alike`.
    """
    tests = [test for held in found for test in (held.loadings, held.intercepts)]
    adjusted = holm_adjusted([math.nan if test is None else test.p_value for test in tests])
    heads = ("CFI", "RMSEA")
    return Table(
        title="Is a score measured alike by both spouses, and in both forms?",
        columns=(
            text_column("Score"),
            text_column("Compared"),
            Column(header="n", italic=True, raw_names=("n",)),
            *(Column(header=head, raw_names=(head.lower(),)) for head in heads),
            *(
                Column(header=f"{what}: {head}", raw_names=(f"{what.lower()}_{raw}",))
                for what in ("Loadings", "Intercepts")
                for head, raw in (
                    ("chi-square", "chisq_difference"),
                    ("df", "df_difference"),
                    ("p (Holm)", "p_holm"),
                )
            ),
        ),
        rows=tuple(
            (
                words_cell(held.score),
                words_cell(held.compared),
                count_cell(held.n),
                number_cell(f"{held.cfi:.3f}", held.cfi),
                number_cell(f"{held.rmsea:.3f}", held.rmsea),
                *_test_cells(held.loadings, adjusted[2 * at]),
                *_test_cells(held.intercepts, adjusted[2 * at + 1]),
            )
            for at, held in enumerate(found)
        ),
        notes=(
            "One factor a side with its own error for each item, errors of the same item paired; "
            "robust CFI and RMSEA with nothing held equal, then scaled chi-square differences "
            "(Satorra and Bentler) as loadings and intercepts are. Holm's p is over all "
            f"{len(adjusted)} tests. What is not rejected is not shown to be equal.",
            "In synthetic data both sides were made alike. In answers of women and men in France "
            "equal loadings and intercepts were lacking [abstract/secondary: H4].",
        ),
    )


def _compared(score: str, compared: str, sides: dict[str, pd.DataFrame]) -> MeasuredAlike | None:
    """Fit the three models; None where not even the first could be fitted."""
    first, second = sides.values()
    answers = first.join(second)
    columns = item_columns(
        {side: tuple(held.columns) for side, held in sides.items()}, roles=tuple(sides)
    )
    fits: list[PathModelResult] = []
    for level in _LEVELS:
        try:
            fits.append(
                fit_factor_model(
                    answers, columns, score, level, freed_items((), columns), errors="robust"
                )
            )
        except IntimacyError:
            break  # too few answers, or an item that everybody answers alike
    if not fits or fits[0].state == "failed":
        return None
    shown = shown_fit(fits[0])
    tests = [
        compare_path_models(fits[at], fits[at - 1])
        if len(fits) > at and fits[at].state == fits[at - 1].state == "ok"
        else None
        for at in (1, 2)
    ]
    return MeasuredAlike(
        score=score,
        compared=compared,
        n=int(fits[0].fit_indices.n_couples),
        cfi=shown["cfi"],
        rmsea=shown["rmsea"],
        loadings=tests[0],
        intercepts=tests[1],
    )


def _test_cells(test: PathComparison | None, p_holm: float) -> tuple[Cell, Cell, Cell]:
    if test is None:
        dash = number_cell("–", math.nan)
        return dash, dash, dash
    return (
        number_cell(f"{test.chisq_difference:.2f}", test.chisq_difference),
        count_cell(test.df_difference),
        number_cell("–" if math.isnan(p_holm) else format_p(p_holm), p_holm),
    )
