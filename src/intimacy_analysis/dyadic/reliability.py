"""How reliable both members' scores of one scale are, and the couple's mean and difference."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from intimacy_analysis.dyadic.couple_columns import CoupleData, couple_rows, numbers
from intimacy_analysis.dyadic.couple_reliability import (
    DIFFERENCE,
    MEAN,
    couple_reliability_model,
)
from intimacy_analysis.dyadic.item_columns import ItemColumns, Items, check_items, item_columns
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import format_count
from intimacy_analysis.numerics.threads import one_thread
from intimacy_analysis.paths.result import Missing
from intimacy_analysis.reliability import omega
from intimacy_analysis.reliability.cronbach_alpha import Gaps
from intimacy_analysis.reliability.defined_quantities import defined_quantities
from intimacy_analysis.reliability.member_reliability import (
    MemberReliability,
    against_words,
    item_frame,
    member_reliability,
    poor_fit_words,
)
from intimacy_analysis.reliability.reliability_difference import alpha_difference

_FEWEST_ITEMS = 3
_FEWEST_DRAWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Reliability of one scale in couples.

    Attributes:
        roles: The two members.
        members: Each member's reliability, in their order.
        alpha_difference: Alpha of the first member less that of the second; couple bootstrap.
        omega_difference: Omega likewise.
        couple_mean: Reliability of the mean of the two scores; couple bootstrap.
        couple_difference: Reliability of their difference; couple bootstrap.
        n_couples: Couples with any answer.
        n_replicates: Bootstrap replicates.
        seed: Of the bootstrap.
        missing: How gaps were treated.
        warnings: What must be known before the numbers are trusted.
    """

    roles: tuple[str, str]
    members: tuple[MemberReliability, MemberReliability]
    alpha_difference: Estimate
    omega_difference: Estimate
    couple_mean: Estimate
    couple_difference: Estimate
    n_couples: int
    n_replicates: int
    seed: int
    missing: Missing
    confidence: float
    warnings: tuple[str, ...] = ()

    def of(self, role: str) -> MemberReliability:
        """Return one member's reliability, or raise `SpecError`."""
        for member in self.members:
            if member.role == role:
                return member
        raise SpecError(
            f"role must be one of the members, but {role!r} is none. They are: "
            f"{' and '.join(map(repr, self.roles))}."
        )

    @property
    def estimates(self) -> EstimateTable:
        """Every coefficient as a row; omega with the interval of the bootstrap."""
        rows = []
        for member in self.members:
            rows += [
                replace(member.alpha, name=f"alpha, {_words(member.role)}"),
                replace(member.omega_bootstrap, name=f"omega, {_words(member.role)}"),
            ]
        rows += [
            self.alpha_difference,
            self.omega_difference,
            self.couple_mean,
            self.couple_difference,
        ]
        return EstimateTable(
            rows=tuple(rows),
            title="Reliability of both members' scores",
            interval_method=f"Feldt (alpha), couple bootstrap ({self.n_replicates} replicates)",
            confidence=self.confidence,
            notes=self.warnings,
        )

    @property
    def items(self) -> pd.DataFrame:
        """One row an item and member: mean, sd, skew, item-rest r, alpha without it, loading."""
        return item_frame(self.members)

    def __str__(self) -> str:
        return str(self.estimates)

    def _repr_html_(self) -> str:
        return self.estimates._repr_html_()


@one_thread()
def dyadic_reliability(
    data: CoupleData,
    items: Items,
    *,
    roles: tuple[str, str] | None = None,
    suffixes: tuple[str, str] | None = None,
    missing: Missing = "fiml",
    bootstrap: int = 1000,
    seed: int | None = None,
    confidence: float = 0.95,
) -> Reliability:
    """Estimate how reliable both members' scores are, and the couple's mean and difference.

    Alpha asks that items measure alike (equal loadings); omega does not. Neither shows that the
    items measure one thing. Both are of the sum (or mean) of complete answers.

    Args:
        data: One row a couple, or a `DyadFrame`.
        items: Columns by member, {"wife": [...], "husband": [...]}, the same items in the same
            order; or the stems that both members' columns begin with. Three or more.
        roles: The two members; None for the mapping's, those of a `DyadFrame`, else wife and
            husband.
        suffixes: Endings of the columns of stems; "_" and the role where None.
        missing: "fiml" uses every answer (alpha from pairs of items), "listwise" the couples
            without a gap.
        bootstrap: Replicates of the couple bootstrap, 100 or more. Each fits two factor models; a
            thousand take seconds for five items, half a minute for nine.
        seed: Its seed; None for one that is drawn and kept in the result.
        confidence: Coverage of the intervals.

    Raises:
        SpecError: Names or options that cannot be, or fewer than three items.
        DataError: Items that are absent, hold something else than numbers or do not vary.

    Source:
        docs/maths/reliability.md.
    """
    columns = item_columns(items, roles=roles, suffixes=suffixes, data=data)
    _check_options(columns, bootstrap, missing, confidence)
    couple_rows(data)
    check_items(data, columns)
    answers = _answers(data, columns, missing)
    drawn = seed if seed is not None else int(np.random.default_rng().integers(2**31))
    gaps: Gaps = "pairwise" if missing == "fiml" else "listwise"
    by_role = dict(zip(columns.roles, columns.columns, strict=True))

    fits = defined_quantities(
        omega.omega_model(by_role), answers, missing, bootstrap, drawn, confidence
    )
    couple = defined_quantities(
        couple_reliability_model(by_role), answers, missing, bootstrap, drawn, confidence
    )
    members = tuple(
        member_reliability(
            role,
            answers[list(held)],
            fits,
            own=f"omega_{role}",
            gaps=gaps,
            confidence=confidence,
        )
        for role, held in by_role.items()
    )
    first, second = members
    return Reliability(
        roles=columns.roles,
        members=(first, second),
        alpha_difference=alpha_difference(
            answers, by_role, gaps=gaps, draws=bootstrap, seed=drawn, confidence=confidence
        ),
        omega_difference=replace(
            fits.row(omega.DIFFERENCE, bootstrapped=True), name=_difference_name("omega", columns)
        ),
        couple_mean=replace(
            couple.row(MEAN, bootstrapped=True),
            name="reliability of the couple's mean",
            p_value=math.nan,
        ),
        couple_difference=replace(
            couple.row(DIFFERENCE, bootstrapped=True),
            name="reliability of the members' difference",
            p_value=math.nan,
        ),
        n_couples=len(answers),
        n_replicates=bootstrap,
        seed=drawn,
        missing=missing,
        confidence=confidence,
        warnings=tuple(
            dict.fromkeys(
                (
                    *(text for member in members for text in against_words(member)),
                    *fits.problems("omega"),
                    *couple.problems("the couple's mean and difference"),
                    *poor_fit_words(couple.plain, "One factor a member"),
                )
            )
        ),
    )


def _answers(data: CoupleData, columns: ItemColumns, missing: Missing) -> pd.DataFrame:
    """Return the items as numbers, couples without any answer (or with a gap) left out."""
    named = [name for member in columns.columns for name in member]
    frame = pd.DataFrame({name: numbers(data, name) for name in named})
    return frame.dropna(how="any" if missing == "listwise" else "all")


def _check_options(
    columns: ItemColumns, bootstrap: object, missing: object, confidence: float
) -> None:
    if len(columns.items) < _FEWEST_ITEMS:
        raise SpecError(
            f"a reliability needs {_FEWEST_ITEMS} items a member, but {len(columns.items)} are "
            f"given; the first is {columns.items[0]!r}. With two items report their correlation."
        )
    if isinstance(bootstrap, bool) or not isinstance(bootstrap, int) or bootstrap < _FEWEST_DRAWS:
        raise SpecError(
            f"bootstrap must be a whole number of replicates, {format_count(_FEWEST_DRAWS)} or "
            f"more, got {bootstrap!r}."
        )
    if missing not in ("fiml", "listwise"):
        raise SpecError(f"missing must be 'fiml' or 'listwise', got {missing!r}.")
    if not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")


def _difference_name(what: str, columns: ItemColumns) -> str:
    return f"{what}, {columns.words(0)} minus {columns.words(1)}"


def _words(role: str) -> str:
    return role.replace("_", " ")
