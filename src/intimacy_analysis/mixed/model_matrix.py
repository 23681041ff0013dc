"""From one side of an admitted formula and columns to a matrix, with the recipe for new rows.

formulaic makes the matrix and its model spec is the recipe. Products of plain numeric columns, the
usual case, need nothing of its evaluation: they are multiplied here, with the same names in the
same order, and `PlainTerms` stands where the model spec would.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from intimacy_analysis.formulas import context
from intimacy_analysis.mixed.structure import Floats


@dataclass(frozen=True, slots=True)
class PlainTerms:
    """Products of numeric columns, with what a formulaic model spec answers about them.

    Attributes:
        terms: formulaic's terms; each factor is the intercept or a column by its name.
    """

    terms: tuple[Any, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Name of each term's one column."""
        return tuple("Intercept" if str(term) == "1" else str(term) for term in self.terms)

    @property
    def term_indices(self) -> dict[Any, list[int]]:
        """Each term's place among the columns."""
        return {term: [place] for place, term in enumerate(self.terms)}

    @property
    def required_variables(self) -> set[str]:
        """Columns that are read."""
        return {name for term in self.terms for name in _names(term)}

    def subset(self, terms: Iterable[Any]) -> PlainTerms:
        """Return the same recipe with some of its terms."""
        return PlainTerms(tuple(terms))

    def get_model_matrix(
        self, columns: pd.DataFrame, *, context: Any, na_action: str, output: str
    ) -> Floats:
        """Return one column a term, shape (n_rows, n_terms); the options are formulaic's."""
        matrix = np.empty((len(columns), len(self.terms)), order="F")
        for place, term in enumerate(self.terms):
            names = _names(term)
            if not names:
                matrix[:, place] = 1.0
                continue
            matrix[:, place] = columns[names[0]].to_numpy()
            for name in names[1:]:
                matrix[:, place] *= columns[name].to_numpy()
        return matrix


def encode(side: Any, columns: pd.DataFrame) -> tuple[Floats, Any]:
    """Return the matrix of one side of a formula, columns contiguous, and its recipe.

    Args:
        side: A parsed side, admitted by `formulas.read_formula`.
        columns: Complete rows of every column it names, numbers as float64.

    Returns:
        Shape (n_rows, k), and formulaic's model spec or `PlainTerms`.
    """
    terms = tuple(side)
    if all(_is_plain(term, columns) for term in terms):
        plain = PlainTerms(terms)
        return plain.get_model_matrix(columns, context=None, na_action="", output=""), plain
    matrix = side.get_model_matrix(columns, context=context(), na_action="ignore", output="numpy")
    return np.asfortranarray(matrix, dtype=np.float64), matrix.model_spec


def _is_plain(term: Any, columns: pd.DataFrame) -> bool:
    return all(
        (factor.eval_method.name == "LITERAL" and factor.expr == "1")
        or (
            factor.eval_method.name == "LOOKUP"
            and factor.expr in columns
            and columns[factor.expr].dtype == np.float64
        )
        for factor in term.factors
    )


def _names(term: Any) -> list[str]:
    return [factor.expr for factor in term.factors if factor.eval_method.name == "LOOKUP"]
