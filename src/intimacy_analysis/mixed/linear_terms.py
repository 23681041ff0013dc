"""What slopes over a moderator need of a fitted model, whichever engine fitted it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from intimacy_analysis.estimates import Estimate
from intimacy_analysis.mixed.structure import Floats, Ints


class EstimateContrasts(Protocol):
    """From contrasts to estimates: coefficients, covariance and df stand behind it."""

    def __call__(
        self, contrasts: Floats, names: tuple[str, ...], units: tuple[str, ...]
    ) -> tuple[Estimate, ...]:
        """Return one estimate a row of `contrasts`, shape (c, p)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearTerms:
    """The terms of a model that is linear in its coefficients.

    Attributes:
        names: Names of the terms, p of them.
        columns: Their columns over the rows used, shape (n_rows, p).
        units: Unit of each term's coefficient in words.
        estimate: Estimates contrasts of the coefficients.
        df_label: Where the degrees of freedom come from.
        further: Columns that are no terms but may be moderators, by name, shape (n_rows,).
        group_of_row: Position of each row's group, shape (n_rows,); empty without groups.
        groups: What the groups are called, in words; empty without groups.
    """

    names: tuple[str, ...]
    columns: Floats
    units: Mapping[str, str]
    estimate: EstimateContrasts
    df_label: str
    further: Mapping[str, Floats] = field(default_factory=dict)
    group_of_row: Ints | None = None
    groups: str = ""


class LinearModel(Protocol):
    """A fitted model whose terms can be asked for."""

    @property
    def confidence(self) -> float:
        """Coverage the intervals promise."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader must know before trusting the numbers."""
        ...

    def linear_terms(self, purpose: str) -> LinearTerms:
        """Return the terms, or raise `FitError` where a failed fit gives no `purpose`."""
        ...
