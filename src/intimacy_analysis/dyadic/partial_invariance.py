"""Partial equality: free the item that differs most, say why, and look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from intimacy_analysis.dyadic.couple_columns import CoupleData
from intimacy_analysis.dyadic.describe_invariance import describe_invariance
from intimacy_analysis.dyadic.factor_fit import fit_factor_model
from intimacy_analysis.dyadic.invariance import (
    Direction,
    InvarianceStep,
    judged_step,
    ladder_notes,
)
from intimacy_analysis.dyadic.invariance_rule import InvarianceRule, invariance_rule
from intimacy_analysis.dyadic.item_columns import ItemColumns, Items, check_items, item_columns
from intimacy_analysis.dyadic.item_tests import item_tests
from intimacy_analysis.dyadic.measurement import ITEM_LEVELS, LEVELS, Level, check_level
from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import format_p
from intimacy_analysis.paths.result import Missing, PathModelResult, StandardErrors

# Two items with equal parameters carry the comparison; with one, it alone defines it.
_LEAST_EQUAL = 2
_ARROWS = {"loadings": "{factor} =~ {column}", "intercepts": "{column} ~1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FreedItem:
    """An equality that was given up.

    Attributes:
        level: "loadings", "intercepts" or "residuals".
        item: The item.
        index: Its score test, chi-square with 1 df.
        holm_p: Holm's p among the items still equal.
        values: The two members' parameters once free, in the order of the roles.
        reason: The same as a sentence.
    """

    level: Level
    item: str
    index: float
    holm_p: float
    values: tuple[float, float]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialInvariance:
    """A ladder on which items were freed where they had to be.

    Attributes:
        name: Of the latent variable.
        steps: From the fewest equalities to the last that holds, or to the first that does not.
        freed: Equalities given up, in order.
        rule: What decides whether a level holds.
        retained: The last level that holds, in full or in part; None where none could be judged.
        columns: The items.
        notes: Sentences a reader must see.
        direction: Always "up".
    """

    name: str
    steps: tuple[InvarianceStep, ...]
    freed: tuple[FreedItem, ...]
    rule: InvarianceRule
    retained: Level | None
    columns: ItemColumns
    notes: tuple[str, ...]
    direction: Direction = "up"

    @property
    def free(self) -> dict[str, tuple[str, ...]]:
        """What `dyadic_factor_model` and `invariance_ladder` take as `free`."""
        return {
            level: tuple(one.item for one in self.freed if one.level == level)
            for level in ITEM_LEVELS
            if any(one.level == level for one in self.freed)
        }

    @property
    def result(self) -> PathModelResult:
        """The fitted model of the level that is retained."""
        if self.retained is None:
            raise SpecError(f"no level could be retained: {self.steps[0].verdict}.")
        return self[self.retained].result

    def __getitem__(self, level: str) -> InvarianceStep:
        wanted = check_level(level)
        for step in self.steps:
            if step.level == wanted:
                return step
        raise SpecError(
            f"the search did not reach {level!r}. It has: "
            f"{', '.join(repr(step.level) for step in self.steps)}."
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row an equality that was given up, with the reason."""
        one, two = self.columns.roles
        return pd.DataFrame(
            [(f.level, f.item, f.index, f.holm_p, *f.values, f.reason) for f in self.freed],
            columns=["level", "item", "index", "holm_p", one, two, "reason"],
        )

    def __str__(self) -> str:
        lines = [f"{step.level}: {step.verdict}" for step in self.steps]
        return "\n".join([*lines, "", describe_invariance(self)])


def partial_invariance(
    data: CoupleData,
    items: Items,
    *,
    name: str = "factor",
    up_to: Level = "residuals",
    rule: Literal["chi-square", "cfi"] = "chi-square",
    alpha: float = 0.05,
    most_cfi_loss: float = 0.01,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
    missing: Missing | None = None,
    standard_errors: StandardErrors | None = None,
) -> PartialInvariance:
    """Go up the ladder; where a level fails, free its worst item and try again.

    The worst is the item with the largest score test, and only if Holm's p is below `alpha`. At
    least two items keep equal loadings and intercepts; residual variances may all be free. The
    search ends at the first level that cannot be saved.

    A search looks at the data to choose the model: what it frees may be chance, and the p of
    later tests is too small. Repeat it in other couples.

    Args:
        data: One row a couple, a `DyadFrame`, or a printed table with means.
        items: Columns by member, or stems; see `dyadic_factor_model`.
        name: Of the latent variable.
        up_to: Where to stop at the latest.
        rule: As in `invariance_ladder`.
        alpha: As there; also the level of Holm's item tests.
        most_cfi_loss: As there.
        roles: As there.
        suffixes: As there.
        missing: As there.
        standard_errors: As there.

    Raises:
        SpecError: Names or options that cannot be.
        DataError: Items that are absent, no numbers or constant.

    Source:
        docs/maths/measurement.md, eq. 4; Byrne, Shavelson and Muthen (1989), Psychological
        Bulletin 105, 456-466.
    """
    columns = item_columns(items, roles=roles, suffixes=suffixes, data=data)
    check_items(data, columns)
    last = LEVELS.index(check_level(up_to))
    judge = invariance_rule(rule, alpha=alpha, most_cfi_loss=most_cfi_loss)
    search = _Search(
        data=data,
        columns=columns,
        name=name,
        rule=judge,
        alpha=alpha,
        missing=missing,
        errors=standard_errors,
    )
    freed: tuple[FreedItem, ...] = ()
    steps = [search.step("configural", None, ())]
    for level in LEVELS[1 : last + 1]:
        if steps[0].result.state != "ok":
            break
        step, freed = search.rung(level, steps[-1].result, freed)
        steps.append(step)
        if not step.holds:
            break
    kept = [step.level for step in steps if step.holds]
    retained = kept[-1] if kept else ("configural" if steps[0].result.state == "ok" else None)
    warned = (_CHANCE,) if freed else ()
    return PartialInvariance(
        name=name,
        steps=tuple(steps),
        freed=freed,
        rule=judge,
        retained=retained,
        columns=columns,
        notes=(*(one.reason for one in freed), *warned, *ladder_notes(steps, columns, {})),
    )


_CHANCE = (
    "The exceptions were chosen by looking at these couples: they may be chance, and should be "
    "tested in others."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """The question of one search."""

    data: CoupleData
    columns: ItemColumns
    name: str
    rule: InvarianceRule
    alpha: float
    missing: Missing | None
    errors: StandardErrors | None

    def step(
        self, level: Level, before: PathModelResult | None, freed: tuple[FreedItem, ...]
    ) -> InvarianceStep:
        listed = _listed(freed)
        fitted = fit_factor_model(
            self.data,
            self.columns,
            self.name,
            level,
            listed,
            missing=self.missing,
            errors=self.errors,
        )
        tests = item_tests(self.data, self.columns, self.name, level, listed, missing=self.missing)
        return replace(judged_step(level, fitted, before, self.rule), item_tests=tests)

    def rung(
        self, level: Level, before: PathModelResult, freed: tuple[FreedItem, ...]
    ) -> tuple[InvarianceStep, tuple[FreedItem, ...]]:
        """Fit a level, and free items until it holds or none may be freed."""
        step = self.step(level, before, freed)
        while step.holds is False and level in ITEM_LEVELS:
            here = sum(one.level == level for one in freed)
            least = 0 if level == "residuals" else _LEAST_EQUAL
            tests = step.item_tests
            if len(tests) == 0 or len(self.columns.items) - here <= least:
                break
            worst = tests.iloc[0]
            if not worst["holm_p"] < self.alpha:
                break
            more = FreedItem(
                level=level,
                item=str(worst["item"]),
                index=float(worst["index"]),
                holm_p=float(worst["holm_p"]),
                values=(float("nan"), float("nan")),
                reason="",
            )
            step = self.step(level, before, (*freed, more))
            freed = (*freed, self._with_reason(more, step.result, len(tests)))
        if step.holds and any(one.level == level for one in freed):
            step = replace(step, verdict=step.verdict.replace("holds:", "holds in part:"))
        return step, freed

    def _with_reason(self, freed: FreedItem, result: PathModelResult, count: int) -> FreedItem:
        values = self._values(freed, result)
        p_value = format_p(freed.holm_p)
        one, two = (self.columns.words(member) for member in (0, 1))
        what = {"residuals": "residual variance"}.get(freed.level, freed.level.rstrip("s"))
        reason = (
            f"The {what} of {freed.item} was freed: of {count} still equal it differs most, "
            f"score test chi-square(1) = {freed.index:.2f}, Holm's p "
            f"{p_value if p_value[0] in '<>' else f'= {p_value}'}; free, it is {values[0]:.3f} for "
            f"the {one} and {values[1]:.3f} for the {two}."
        )
        return replace(freed, values=values, reason=reason)

    def _values(self, freed: FreedItem, result: PathModelResult) -> tuple[float, float]:
        at = self.columns.items.index(freed.item)
        form = _ARROWS.get(freed.level, "{column} ~~ {column}")
        one, two = (
            result.estimate(
                form.format(factor=f"{self.name}_{role}", column=self.columns.columns[member][at])
            ).value
            for member, role in enumerate(self.columns.roles)
        )
        return one, two


def _listed(freed: tuple[FreedItem, ...]) -> dict[str, list[str]]:
    return {level: [f.item for f in freed if f.level == level] for level in ITEM_LEVELS}
