"""Is a scale the same for both members? The ladder of equality, rung by rung."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import pandas as pd

from intimacy_analysis.dyadic.couple_columns import CoupleData
from intimacy_analysis.dyadic.factor_fit import fit_factor_model
from intimacy_analysis.dyadic.invariance_rule import InvarianceRule, invariance_rule, shown_fit
from intimacy_analysis.dyadic.item_columns import ItemColumns, Items, check_items, item_columns
from intimacy_analysis.dyadic.item_tests import item_tests
from intimacy_analysis.dyadic.measurement import (
    ITEM_LEVELS,
    LEVELS,
    TWO_ITEMS,
    Freed,
    Level,
    Scale,
    check_level,
    freed_items,
)
from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import format_p
from intimacy_analysis.paths.comparison import PathComparison, compare_path_models
from intimacy_analysis.paths.result import Missing, PathModelResult, StandardErrors

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvarianceStep:
    """One rung of the ladder.

    Attributes:
        level: What is equal, with all before it.
        result: The fitted model.
        comparison: Against the rung before, or going down against the configural model; None for
            the first, or where a fit failed.
        holds: Whether the rule accepts the further equality; None where it is not judged.
        verdict: The same in words, with the numbers.
        item_tests: Score tests of the items' equalities that this rung adds; see `item_tests`.
            Empty for rungs that add none.
    """

    level: Level
    result: PathModelResult
    comparison: PathComparison | None
    holds: bool | None
    verdict: str
    item_tests: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class InvarianceLadder:
    """The rungs, and the one that is kept.

    Attributes:
        name: Of the latent variable.
        steps: From the fewest equalities to the most.
        direction: "up" judges each rung against the one before and keeps the last before the first
            that fails; "down" judges each against the configural model, from indistinguishable
            members on, and keeps the first that does not fail.
        rule: What decides.
        retained: The level that is kept; None where no model could be judged.
        columns: The items.
        free: Items that may differ, by level.
        notes: Sentences a reader must see beside the table.
    """

    name: str
    steps: tuple[InvarianceStep, ...]
    direction: Direction
    rule: InvarianceRule
    retained: Level | None
    columns: ItemColumns
    free: Mapping[str, Collection[str]]
    notes: tuple[str, ...] = ()

    def __getitem__(self, level: str) -> InvarianceStep:
        wanted = check_level(level)
        for step in self.steps:
            if step.level == wanted:
                return step
        raise SpecError(
            f"the ladder was not fitted at {level!r}. It has: "
            f"{', '.join(repr(step.level) for step in self.steps)}."
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row a level: fit, differences, state and verdict.

        Differences are to the level before, going down to the configural model. Robust fits show
        scaled chi-squares and the robust CFI and RMSEA; all their differences are of what is shown,
        but for the chi-square's, which is Satorra and Bentler's.
        """
        rows = []
        before: dict[str, float] | None = None
        for step in self.steps:
            now = shown_fit(step.result)
            row: dict[str, object] = {"level": step.level, **now}
            comparison = step.comparison
            row["chisq_difference"] = comparison.chisq_difference if comparison else float("nan")
            row["df_difference"] = comparison.df_difference if comparison else float("nan")
            row["difference_p_value"] = comparison.p_value if comparison else float("nan")
            for index in ("cfi", "rmsea", "srmr"):
                row[f"{index}_difference"] = (
                    now[index] - before[index] if before is not None else float("nan")
                )
            row["state"] = step.result.state
            row["holds"] = step.holds
            row["verdict"] = step.verdict
            rows.append(row)
            if before is None or self.direction == "up":
                before = now
        return pd.DataFrame(rows).set_index("level")

    def __str__(self) -> str:
        from intimacy_analysis.dyadic.describe_invariance import describe_invariance

        head = f"{'level':<17} {'chi2':>9} {'df':>4} {'CFI':>6} {'RMSEA':>6}  verdict"
        lines = [head]
        for level, row in self.to_frame().iterrows():
            lines.append(
                f"{level:<17} {row['chisq']:>9.2f} {row['df']:>4.0f} {row['cfi']:>6.3f} "
                f"{row['rmsea']:>6.3f}  {row['verdict']}"
            )
        return "\n".join([*lines, "", describe_invariance(self)])


def invariance_ladder(
    data: CoupleData,
    items: Items,
    *,
    name: str = "factor",
    direction: Direction = "up",
    rule: Literal["chi-square", "cfi"] = "chi-square",
    alpha: float = 0.05,
    most_cfi_loss: float = 0.01,
    free: Freed = (),
    scale: Scale = "marker",
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
    missing: Missing | None = None,
    standard_errors: StandardErrors | None = None,
) -> InvarianceLadder:
    """Fit every level of equality across the two members and judge each against the one before.

    Levels: same items ("configural"), equal loadings, intercepts, residual variances, latent
    variances, latent means; with all, the members are indistinguishable on the scale.

    Args:
        data: One row a couple, a `DyadFrame`, or a printed table with means.
        items: Columns by member, or stems; see `dyadic_factor_model`.
        name: Of the latent variable.
        direction: "up" from no equality: each level is compared with the one before, and the last
            before the first failure is kept. "down" from indistinguishable members: each level is
            compared with the configural model, that is all its equalities are tested at once, and
            the one with most equalities that does not fail is kept.
        rule: "chi-square": a level holds where the difference test has p of `alpha` or more.
            "cfi": where CFI falls by no more than `most_cfi_loss`.
        alpha: See `rule`; also the level of Holm's item tests.
        most_cfi_loss: See `rule`; .01 is a convention for independent groups (Cheung and
            Rensvold, 2002, Structural Equation Modeling 9, 233-255), untested for couples.
        free: Items that may differ (partial equality); see `dyadic_factor_model`.
        scale: "marker" or "fixed factor"; the fit is the same.
        roles: The two members; None for the mapping's keys, a `DyadFrame`'s, else wife and
            husband.
        suffixes: Endings of the columns of stems; "_" and the role where None.
        missing: None for full information, "listwise" for a printed table.
        standard_errors: "robust" for scaled tests.

    Raises:
        SpecError: Names or options that cannot be.
        DataError: Items that are absent, no numbers or constant.

    Source:
        docs/maths/measurement.md, eq. 1 and 4; Sakaluk, Fisher and Kilshaw (2021), Personal
        Relationships 28, 190-226.
    """
    columns = item_columns(items, roles=roles, suffixes=suffixes, data=data)
    check_items(data, columns)
    if direction not in get_args(Direction):
        raise SpecError(f"direction must be 'up' or 'down', got {direction!r}.")
    judge = invariance_rule(rule, alpha=alpha, most_cfi_loss=most_cfi_loss)
    freed = freed_items(free, columns)
    steps: list[InvarianceStep] = []
    for level in LEVELS:
        fitted = fit_factor_model(
            data, columns, name, level, freed, scale=scale, missing=missing, errors=standard_errors
        )
        against = None if not steps else steps[-1 if direction == "up" else 0].result
        step = judged_step(level, fitted, against, judge)
        unit = fitted if scale == "fixed factor" else None
        tests = item_tests(data, columns, name, level, freed, fitted=unit, missing=missing)
        steps.append(replace(step, item_tests=tests))
    return InvarianceLadder(
        name=name,
        steps=_on_failing_ground(steps) if direction == "up" else tuple(steps),
        direction=direction,
        rule=judge,
        retained=_retained(steps, direction),
        columns=columns,
        free={level: tuple(sorted(items)) for level, items in freed.items() if items},
        notes=ladder_notes(steps, columns, freed),
    )


def judged_step(
    level: Level,
    result: PathModelResult,
    before: PathModelResult | None,
    rule: InvarianceRule,
) -> InvarianceStep:
    """Return a rung with its verdict against a model with fewer equalities."""
    none = pd.DataFrame()
    bad = next((one for one in (result, before) if one is not None and one.state != "ok"), None)
    if bad is not None:
        why = bad.warnings[0] if bad.warnings else ""
        which = "this level" if bad is result else "the level it is compared with"
        how = "has no maximum" if bad.state == "failed" else "is inadmissible"
        verdict = f"not judged: {which} {how}. {why}".strip().removesuffix(".")
        comparison = (
            compare_path_models(result, before)
            if before is not None and "failed" not in (result.state, before.state)
            else None
        )
        return InvarianceStep(
            level=level,
            result=result,
            comparison=comparison,
            holds=None,
            verdict=verdict,
            item_tests=none,
        )
    if before is None:
        return InvarianceStep(
            level=level,
            result=result,
            comparison=None,
            holds=None,
            verdict=_first_words(result),
            item_tests=none,
        )
    comparison = compare_path_models(result, before)
    loss = shown_fit(before)["cfi"] - shown_fit(result)["cfi"]
    holds = rule.accepts(comparison, loss)
    return InvarianceStep(
        level=level,
        result=result,
        comparison=comparison,
        holds=holds,
        verdict=f"{'holds' if holds else 'fails'}: {rule.reason(comparison, loss)}",
        item_tests=none,
    )


def ladder_notes(
    steps: Sequence[InvarianceStep], columns: ItemColumns, freed: Mapping[str, Collection[str]]
) -> tuple[str, ...]:
    """Return what must stand beside a ladder."""
    notes = [
        "A level that holds was not rejected in these couples; that does not show equality, and "
        "few couples reject little."
    ]
    first = steps[0].result
    if first.state == "ok":
        fit = shown_fit(first)
        if fit["cfi"] < _POOR_CFI or fit["rmsea"] > _POOR_RMSEA:
            notes.append(
                f"The configural model itself fits poorly (CFI {fit['cfi']:.3f}, RMSEA "
                f"{fit['rmsea']:.3f}; conventional bounds {_POOR_CFI:.2f} and {_POOR_RMSEA:.2f}): "
                "the tests of equality rest on a model that is in doubt."
            )
    if first.standard_errors == "robust":
        notes.append("Differences are scaled; the items' score tests are not.")
    listed = [f"{item} ({level})" for level in ITEM_LEVELS for item in sorted(freed.get(level, ()))]
    if listed:
        notes.append(f"Partial equality; free are: {', '.join(listed)}.")
    if len(columns.items) == 2:
        notes.append(TWO_ITEMS)
    return tuple(notes)


# Conventions of the field, not laws; they trigger a sentence and decide nothing.
_POOR_CFI, _POOR_RMSEA = 0.90, 0.10


def _first_words(result: PathModelResult) -> str:
    fit = shown_fit(result)
    p_value = format_p(fit["p_value"])
    return (
        f"the start: chi-square({fit['df']:.0f}) = {fit['chisq']:.2f}, p "
        f"{p_value if p_value[0] in '<>' else f'= {p_value}'}, CFI {fit['cfi']:.3f}"
    )


def _on_failing_ground(steps: Sequence[InvarianceStep]) -> tuple[InvarianceStep, ...]:
    """Say of rungs above one that fails that they stand on it."""
    said: list[InvarianceStep] = []
    for step in steps:
        if step.holds and any(other.holds is False for other in said):
            verdict = step.verdict.replace("holds:", "no further misfit, above a level that fails:")
            step = replace(step, verdict=verdict)
        said.append(step)
    return tuple(said)


def _retained(steps: Sequence[InvarianceStep], direction: Direction) -> Level | None:
    if direction == "down":
        for step in reversed(steps):
            if step.holds:
                return step.level
    if steps[0].result.state != "ok":
        return None
    kept = steps[0].level
    for step in steps[1:]:
        if not step.holds or direction == "down":
            break
        kept = step.level
    return kept
