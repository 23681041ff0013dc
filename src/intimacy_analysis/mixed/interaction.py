"""The product of a predictor and a moderator in a fitted model, and the slope it implies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.mixed.linear_terms import LinearTerms
from intimacy_analysis.mixed.structure import Floats
from intimacy_analysis.mixed.terms import factors_of, is_function_of
from intimacy_analysis.study.codebook import near_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """Where a predictor's slope moves along a straight line over a moderator.

    The slope at w is (level + w change)'b.

    Attributes:
        predictor: Name of the predictor.
        moderator: Name of the moderator.
        term: Name of their product in the model.
        level: Weights of the slope at a moderator of zero, shape (p,).
        change: Weights of what one unit of the moderator adds, shape (p,).
        slope_terms: Names of the terms with a weight in `level`, the predictor's own first.
        moderator_values: The moderator of each row used, shape (n_rows,).
        terms: The model's terms.
        notes: What a reader must know of further factors.
    """

    predictor: str
    moderator: str
    term: str
    level: Floats
    change: Floats
    slope_terms: tuple[str, ...]
    moderator_values: Floats
    terms: LinearTerms
    notes: tuple[str, ...]

    def weights(self, value: float) -> Floats:
        """Return the contrast of the slope at one value of the moderator, shape (p,)."""
        return np.asarray(self.level + value * self.change)

    def estimate(self) -> Estimate:
        """Return how much one unit of the moderator changes the slope, tested against zero."""
        return self.terms.estimate(
            self.change[None, :], (self.term,), (self.terms.units[self.term],)
        )[0]

    @property
    def observed_range(self) -> tuple[float, float]:
        """Smallest and largest value of the moderator in the rows used."""
        return float(self.moderator_values.min()), float(self.moderator_values.max())

    @property
    def by_group(self) -> Floats:
        """The moderator of each group where it is constant within groups; else empty."""
        groups = self.terms.group_of_row
        if groups is None:
            return np.empty(0)
        _, first = np.unique(groups, return_index=True)
        own = self.moderator_values[first]
        size = max(1e-300, float(np.abs(self.moderator_values).max()))
        if np.allclose(own[groups], self.moderator_values, rtol=0, atol=1e-10 * size):
            return np.asarray(own)
        return np.empty(0)

    @property
    def center_and_spread(self) -> tuple[float, float, str]:
        """Mean and SD of the moderator, and over what they were taken."""
        own = self.by_group
        values, over = (own, self.terms.groups) if len(own) else (self.moderator_values, "rows")
        return float(values.mean()), float(values.std(ddof=1)), over


def find_interaction(
    terms: LinearTerms, predictor: str, moderator: str, held: Mapping[str, float]
) -> Interaction:
    """Find the product of predictor and moderator among a model's terms.

    Args:
        terms: The terms of a model that could be fitted.
        predictor: As a factor of the model's terms is named.
        moderator: Likewise.
        held: Values of further factors that multiply the predictor; zero where not named.

    Raises:
        SpecError: There is no such product, or the slope is no straight line over the moderator.
    """
    names = terms.names
    term = _product(names, predictor, moderator)
    _check_linear(names, predictor, moderator)
    further = dict.fromkeys(
        factor
        for name in names
        if predictor in factors_of(name)
        for factor in factors_of(name)
        if factor not in (predictor, moderator)
    )
    for factor in held:
        if factor not in further:
            known = near_names(factor, list(further)) if further else "There are none."
            raise SpecError(
                f"held must name factors that multiply {predictor!r}, but {factor!r} does not. "
                f"{known}"
            )
    level, change = np.zeros(len(names)), np.zeros(len(names))
    for place, name in enumerate(names):
        factors = list(factors_of(name))
        if predictor not in factors:
            continue
        factors.remove(predictor)
        moderated = moderator in factors
        if moderated:
            factors.remove(moderator)
        weight = float(np.prod([held.get(factor, 0.0) for factor in factors]))
        (change if moderated else level)[place] = weight
    slope_terms = tuple(name for place, name in enumerate(names) if level[place])
    return Interaction(
        predictor=predictor,
        moderator=moderator,
        term=term,
        level=level,
        change=change,
        slope_terms=(*sorted(slope_terms, key=lambda name: name != predictor), predictor)
        if predictor in names
        else (*slope_terms, term),
        moderator_values=_moderator_values(terms, predictor, moderator, term),
        terms=terms,
        notes=_notes(predictor, tuple(further), held),
    )


def _product(names: tuple[str, ...], predictor: str, moderator: str) -> str:
    if predictor == moderator:
        raise SpecError(f"predictor and moderator must differ, but both are {predictor!r}.")
    for name in names:
        if sorted(factors_of(name)) == sorted((predictor, moderator)):
            return name
    products = [name for name in names if len(factors_of(name)) == 2]
    wanted = f"{predictor}:{moderator}"
    known = near_names(wanted, products) if products else "The model has no interaction at all."
    raise SpecError(
        f"{predictor!r} and {moderator!r} must interact in the model, but no term is their "
        f"product. {known} Fit a model with {wanted}."
    )


def _check_linear(names: tuple[str, ...], predictor: str, moderator: str) -> None:
    for name in names:
        factors = factors_of(name)
        for factor in factors:
            if is_function_of(factor, predictor):
                raise SpecError(
                    f"the slope of {predictor!r} must not depend on {predictor!r} itself, but the "
                    f"model holds {name!r}: there is one slope at each value of both. Estimate it "
                    "with estimate_contrast at the value you mean."
                )
            if predictor in factors and is_function_of(factor, moderator):
                raise SpecError(
                    f"the slope of {predictor!r} must be a straight line over {moderator!r}, but "
                    f"the model holds {name!r}. Name the factor itself as moderator, or estimate "
                    "the slope with estimate_contrast at the value you mean."
                )


def _moderator_values(terms: LinearTerms, predictor: str, moderator: str, term: str) -> Floats:
    """Return the moderator of each row, from its own column or from the product's."""
    names = terms.names
    if moderator in names:
        return np.asarray(terms.columns[:, names.index(moderator)])
    if moderator in terms.further:
        return np.asarray(terms.further[moderator])
    product = terms.columns[:, names.index(term)]
    if predictor in names:
        own = terms.columns[:, names.index(predictor)]
        if np.all(own != 0):
            return np.asarray(product / own)
    raise SpecError(
        f"the values of {moderator!r} must be known, but the model has no main effect of it, and "
        f"a slope over a moderator without one is seldom meant. Fit a model with {moderator}."
    )


def _notes(predictor: str, further: tuple[str, ...], held: Mapping[str, float]) -> tuple[str, ...]:
    if not further:
        return ()
    where = ", ".join(f"{factor} = {held.get(factor, 0.0):g}" for factor in further)
    return (f"The slope of {predictor} depends on further factors, held at {where}.",)
