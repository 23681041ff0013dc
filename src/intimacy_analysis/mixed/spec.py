"""The question a mixed model asks, as a value that knows no data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from intimacy_analysis.errors import SpecError
from intimacy_analysis.formulas import quote_name, read_formula, term_text
from intimacy_analysis.mixed.residuals import residual_structure
from intimacy_analysis.mixed.structure import ResidualStructure

Criterion = Literal["reml", "ml"]
_BARRED = re.compile(r"\(([^()|]*(?:\([^()]*\)[^()|]*)*)(\|\|?)([^()|]*)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedModelSpec:
    """A linear mixed model with one grouping factor.

    Attributes:
        fixed: "outcome ~ terms".
        random: Terms that vary between groups. "1 + x" is one unstructured block;
            "(1 | person) + (0 + x | person)" and ("1", "0 + x") are two independent blocks;
            "(1 + x || person)" is diagonal; "0" is no random term.
        group: Column that tells the groups (persons, couples) apart.
        residuals: "independent", "ar1" (whole days, gaps count), "car1" (any times), or a
            structure of `intimacy_analysis.mixed.residuals`.
        time: Column of times for a serial structure; None for the diary's day column.
        criterion: "reml" or "ml".

    Raises:
        SpecError: A formula that cannot be admitted, or options that do not fit together.
    """

    fixed: str
    random: str | tuple[str, ...]
    group: str
    residuals: str | ResidualStructure = "independent"
    time: str | None = None
    criterion: Criterion = "reml"

    def __post_init__(self) -> None:
        if not isinstance(self.fixed, str) or self.fixed.count("~") != 1:
            raise SpecError(
                f"fixed must read 'outcome ~ terms', got {self.fixed!r}. "
                "Write random terms in `random`, without '|'."
            )
        if not self.fixed.split("~")[0].strip() or not self.fixed.split("~")[1].strip():
            raise SpecError(
                f"fixed must name an outcome and at least one term, got {self.fixed!r}. "
                "Write 'outcome ~ 1' for a model without predictors."
            )
        if not isinstance(self.group, str) or not self.group:
            raise SpecError(f"group must be the name of one column, got {self.group!r}.")
        if self.criterion not in ("reml", "ml"):
            raise SpecError(f"criterion must be 'reml' or 'ml', got {self.criterion!r}.")
        if len(read_formula(self.fixed.split("~")[0]).parsed) == 0:
            raise SpecError(f"fixed must name an outcome, got {self.fixed!r}.")
        read_formula(self.fixed)
        for block in self.blocks:
            read_formula(block)
        residual_structure(self.residuals)

    @property
    def blocks(self) -> tuple[str, ...]:
        """The random terms as independent blocks, each one formula of its own."""
        parts = (self.random,) if isinstance(self.random, str) else tuple(self.random)
        blocks: list[str] = []
        for part in parts:
            if not isinstance(part, str) or not part.strip():
                raise SpecError(
                    f"random must be terms such as '1 + x', or '0' for none, got {self.random!r}."
                )
            blocks += _split_barred(part, self.group) if "|" in part else [part.strip()]
        return tuple(block for block in blocks if block != "0")

    @property
    def structure(self) -> ResidualStructure:
        """The residual structure as a value."""
        return residual_structure(self.residuals)

    def with_criterion(self, criterion: Criterion) -> MixedModelSpec:
        """Return the same model judged by another criterion."""
        return replace(self, criterion=criterion)

    def with_fixed(self, fixed: str) -> MixedModelSpec:
        """Return the same model with other fixed effects."""
        return replace(self, fixed=fixed)

    def with_random(self, random: str | tuple[str, ...]) -> MixedModelSpec:
        """Return the same model with other random terms."""
        return replace(self, random=random)

    def with_residuals(self, residuals: str | ResidualStructure) -> MixedModelSpec:
        """Return the same model with another residual structure."""
        return replace(self, residuals=residuals)

    @staticmethod
    def from_terms(
        *,
        outcome: str,
        terms: Sequence[str | tuple[str, ...]],
        random: Sequence[str | tuple[str, ...]] = (),
        group: str,
        random_intercept: bool = True,
        residuals: str | ResidualStructure = "independent",
        time: str | None = None,
        criterion: Criterion = "reml",
    ) -> MixedModelSpec:
        """Ask without writing a formula: column names of any spelling are quoted here.

        Args:
            outcome: Column of the outcome.
            terms: Columns, or tuples of columns for products, e.g. ("hours", ("hours", "weekend")).
            random: Terms that vary between groups, written alike.
            group: Column that tells the groups apart.
            random_intercept: Whether the groups' levels vary.
            residuals: Residual structure.
            time: Column of times for a serial structure.
            criterion: "reml" or "ml".

        Raises:
            SpecError: A column name that cannot be quoted, or nothing random with no intercept.
        """
        intercept = "1" if random_intercept else "0"
        return MixedModelSpec(
            fixed=f"{quote_name(outcome)} ~ {' + '.join(['1', *map(_product, terms)])}",
            random=" + ".join([intercept, *map(_product, random)]),
            group=group,
            residuals=residuals,
            time=time,
            criterion=criterion,
        )

    @staticmethod
    def from_formula(
        formula: str,
        *,
        residuals: str | ResidualStructure = "independent",
        time: str | None = None,
        criterion: Criterion = "reml",
    ) -> MixedModelSpec:
        """Read "y ~ x + (1 + x | person)" in the grammar that lme4 made common.

        Raises:
            SpecError: No random part, or more than one grouping factor.
        """
        barred = _BARRED.findall(formula)
        groups = sorted({group.strip() for _, _, group in barred})
        if not barred or "|" in _BARRED.sub("", formula):
            raise SpecError(
                "a mixed model needs a random part such as '(1 + x | person)', but none can be "
                f"read in {formula!r}. Put the terms left of '|' and the group right of it."
            )
        if len(groups) > 1:
            raise SpecError(
                f"one grouping factor is supported, but the formula names {len(groups)}: "
                f"{', '.join(groups)}. Choose the unit of independence."
            )
        fixed = _BARRED.sub("", formula)
        fixed = re.sub(r"\+\s*(?=\+|$)", "", fixed.strip()).strip()
        fixed = re.sub(r"~\s*\+", "~ ", fixed)
        if fixed.endswith("~"):
            fixed += " 1"
        random = " + ".join(
            f"({terms.strip()} {bar} {group.strip()})" for terms, bar, group in barred
        )
        group = groups[0]
        if len(group) > 1 and group.startswith("`") and group.endswith("`"):
            group = group[1:-1]
        return MixedModelSpec(
            fixed=fixed,
            random=random,
            group=group,
            residuals=residuals,
            time=time,
            criterion=criterion,
        )


def _product(term: str | tuple[str, ...]) -> str:
    names = (term,) if isinstance(term, str) else term
    return ":".join(map(quote_name, names))


def _split_barred(part: str, group: str) -> list[str]:
    found = _BARRED.findall(part)
    rest = _BARRED.sub("", part).replace("+", "").strip()
    if not found or rest:
        raise SpecError(
            f"random terms with '|' must read '(terms | {group})', joined by '+', got {part!r}."
        )
    blocks: list[str] = []
    for terms, bar, named in found:
        if named.strip().strip("`") != group:
            raise SpecError(
                f"the random part is grouped by {named.strip()!r}, but group is {group!r}. "
                "Name the same column in both."
            )
        blocks += _one_block_a_term(terms) if bar == "||" else [terms.strip()]
    return blocks


def _one_block_a_term(terms: str) -> list[str]:
    read = read_formula(terms)
    texts = [term_text(term) for term in read.parsed]
    return [text if text == "1" else f"0 + {text}" for text in texts]
