"""Items of one scale: alpha, omega, what each item adds, and which look reverse-keyed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Precision,
    Table,
    count_cell,
    format_count,
    format_number,
    html_table,
    number_cell,
    text_column,
    text_lines,
    words_cell,
)
from intimacy_analysis.numerics.threads import one_thread
from intimacy_analysis.paths.result import Missing
from intimacy_analysis.reliability.answers import PersonData, check_vary, numeric_answers
from intimacy_analysis.reliability.cronbach_alpha import Gaps, rows_behind
from intimacy_analysis.reliability.defined_quantities import DefinedQuantities, defined_quantities
from intimacy_analysis.reliability.member_reliability import (
    MemberReliability,
    against_words,
    item_frame,
    member_reliability,
    poor_fit_words,
)
from intimacy_analysis.reliability.omega import DIFFERENCE, omega_model
from intimacy_analysis.reliability.reliability_difference import alpha_difference
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.scale import Scale

_FEWEST_DRAWS = 100
_PERSONS = "persons"
_TWO_DECIMALS = Precision(place=-2)
_SHARE = Precision(place=-2, bounded=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAnalysis:
    """Reliability of one scale and what each item is to it.

    Attributes:
        name: Of the scale; "" where items were named one by one.
        members: One entry with role "" for persons; or one a role of couples.
        alpha_difference: Alpha of the first role less that of the second, by a bootstrap of
            couples; None for persons.
        omega_difference: Omega likewise; None for persons and for two items.
        n: Rows with any answer.
        n_empty: Rows without any, left out.
        n_replicates: Bootstrap replicates.
        seed: Of the bootstrap.
        missing: How gaps were treated.
        confidence: Coverage of the intervals.
        warnings: What must be known before the numbers are trusted.
    """

    name: str
    members: tuple[MemberReliability, ...]
    alpha_difference: Estimate | None
    omega_difference: Estimate | None
    n: int
    n_empty: int
    n_replicates: int
    seed: int
    missing: Missing
    confidence: float
    warnings: tuple[str, ...] = ()

    def of(self, role: str = "") -> MemberReliability:
        """Return one role's reliability ("" for persons), or raise `SpecError`."""
        for member in self.members:
            if member.role == role:
                return member
        raise SpecError(
            f"role must be one of {', '.join(repr(member.role) for member in self.members)}, but "
            f"is {role!r}."
        )

    @property
    def estimates(self) -> EstimateTable:
        """Alpha and omega of each role, and the differences of roles."""
        rows = []
        for member in self.members:
            ending = f", {_words(member.role)}" if member.role else ""
            rows += [
                replace(member.alpha, name=f"alpha{ending}"),
                replace(member.omega_bootstrap, name=f"omega{ending}"),
            ]
        rows += [row for row in (self.alpha_difference, self.omega_difference) if row is not None]
        return EstimateTable(
            rows=tuple(rows),
            title=f"Reliability{f' of {self.name}' if self.name else ''}",
            interval_method=f"Feldt (alpha), bootstrap ({self.n_replicates} replicates)",
            confidence=self.confidence,
            notes=self.warnings,
        )

    @property
    def items(self) -> pd.DataFrame:
        """One row an item and role; the columns are those of `table`, and n and the role."""
        return item_frame(self.members)

    @property
    def table(self) -> Table:
        """One row an item: mean, SD, skew, share missing, item-rest r, alpha without it."""
        frame = self.items
        roles = [text_column("Role")] if len(self.members) > 1 else []
        return Table(
            columns=(
                text_column("Item"),
                *roles,
                Column(header="n", italic=True, raw_names=("n",)),
                Column(header="M", italic=True, raw_names=("mean",)),
                Column(header="SD", italic=True, raw_names=("sd",)),
                Column(header="Skew", raw_names=("skew",)),
                Column(header="Missing", raw_names=("missing",)),
                Column(header="Item-rest r", raw_names=("rest_correlation",)),
                Column(header="Alpha without", raw_names=("alpha_if_dropped",)),
                Column(header="Loading", raw_names=("loading",)),
                text_column("Note"),
            ),
            rows=tuple(_item_row(row, bool(roles)) for _, row in frame.iterrows()),
            title=f"Items{f' of {self.name}' if self.name else ''}",
            notes=self.warnings,
        )

    def __str__(self) -> str:
        return f"{self.estimates}\n\n" + "\n".join(text_lines(replace(self.table, notes=())))

    def _repr_html_(self) -> str:
        return self.estimates._repr_html_() + html_table(replace(self.table, notes=()))


@one_thread()
def item_analysis(
    data: PersonData | DyadFrame,
    items: Sequence[str] | None = None,
    *,
    scale: Scale | None = None,
    roles: tuple[str, str] | None = None,
    suffixes: tuple[str, str] | None = None,
    missing: Missing = "fiml",
    bootstrap: int = 1000,
    seed: int | None = None,
    confidence: float = 0.95,
) -> ItemAnalysis:
    """Analyze the items of one scale: alpha, omega, item statistics, items that look reversed.

    Alpha is from pairs of answers with Feldt's interval; omega is that of one common factor with
    the interval of a bootstrap of rows. For couples, rows are couples, drawn whole, and the roles'
    alphas and omegas are tested for equality.

    Args:
        data: One row a person (a frame or a `SurveyFrame`); or one row a couple.
        items: Columns, two or more; for couples the stems of both members' columns.
        scale: A key in place of `items`: its reversed items are turned round first.
        roles: The two members, for couples in a plain frame; a `DyadFrame` brings its own.
        suffixes: Endings of the members' columns; "_" and the role where None.
        missing: "fiml" uses every answer (alpha from pairs of items), "listwise" rows without gap.
        bootstrap: Replicates, 100 or more.
        seed: Of the bootstrap; None for one that is drawn and kept in the result.
        confidence: Coverage of the intervals.

    Raises:
        SpecError: Both or neither of items and scale, or options that cannot be; couples whose
            members cannot be told apart.
        DataError: Items that are absent, no numbers, out of the scale's range, or do not vary.

    Source:
        docs/maths/reliability.md, eq. 1 to 4.
    """
    _check_options(items, scale, bootstrap, missing, confidence)
    stems = tuple(scale.items if scale is not None else items or ())
    by_role = _columns(data, stems, roles, suffixes)
    rows = numeric_answers(_rows(data), [name for held in by_role.values() for name in held])
    if scale is not None:
        rows = _turned_round(rows, by_role, scale)
    answers = rows.dropna(how="all" if missing == "fiml" else "any")
    drawn = seed if seed is not None else int(np.random.default_rng().integers(2**31))
    gaps: Gaps = "pairwise" if missing == "fiml" else "listwise"
    for held in by_role.values():
        rows_behind(answers[list(held)], gaps=gaps)
    check_vary(answers)
    enough = len(stems) > 2 and len(answers) > 3 * rows.shape[1]
    fits = (
        defined_quantities(omega_model(by_role), answers, missing, bootstrap, drawn, confidence)
        if enough
        else None
    )
    members = tuple(
        member_reliability(
            "" if role == _PERSONS else role,
            answers[list(held)],
            fits,
            own=f"omega_{role}",
            gaps=gaps,
            confidence=confidence,
        )
        for role, held in by_role.items()
    )
    couples = len(by_role) == 2
    return ItemAnalysis(
        name=scale.label or scale.name if scale is not None else "",
        members=members,
        alpha_difference=(
            alpha_difference(
                answers, by_role, gaps=gaps, draws=bootstrap, seed=drawn, confidence=confidence
            )
            if couples
            else None
        ),
        omega_difference=_omega_difference(fits, by_role) if couples else None,
        n=len(answers),
        n_empty=int(rows.isna().all(axis=1).sum()),
        n_replicates=bootstrap,
        seed=drawn,
        missing=missing,
        confidence=confidence,
        warnings=_warnings(
            members, fits, rows, answers, "couples" if couples else "persons", scale
        ),
    )


def _rows(data: PersonData | DyadFrame) -> PersonData:
    return data.rows if isinstance(data, DyadFrame) else data


def _columns(
    data: PersonData | DyadFrame,
    stems: tuple[str, ...],
    roles: tuple[str, str] | None,
    suffixes: tuple[str, str] | None,
) -> dict[str, tuple[str, ...]]:
    """Return the columns by role; one entry, "persons", where rows are persons."""
    if isinstance(data, DyadFrame):
        if not data.distinguishable:
            raise SpecError(
                "item statistics by role need members that can be told apart, but who is first is "
                "arbitrary in these couples. Analyze all persons' answers together: "
                "item_analysis(couples.to_long(), items); its intervals take partners for "
                "strangers."
            )
        roles = roles or data.roles
    if roles is None:
        return {_PERSONS: stems}
    if len(roles) != 2 or roles[0] == roles[1]:
        raise SpecError(f"roles must be two different names, got {roles!r}.")
    endings = suffixes or (f"_{roles[0]}", f"_{roles[1]}")
    return {
        role: tuple(f"{stem}{ending}" for stem in stems)
        for role, ending in zip(roles, endings, strict=True)
    }


def _turned_round(
    rows: pd.DataFrame, by_role: Mapping[str, tuple[str, ...]], scale: Scale
) -> pd.DataFrame:
    """Return the answers in the scale's direction; one out of its range is refused."""
    turned = {}
    for columns in by_role.values():
        for item, name in zip(scale.items, columns, strict=True):
            low, high = scale.ends(item)
            outside = (rows[name] < low) | (rows[name] > high)
            if outside.any():
                first = int(outside.to_numpy().argmax())
                raise DataError(
                    f"answers to {name} must lie in {low:g} to {high:g}, but "
                    f"{int(outside.sum())} of {len(rows)} do not; the first is row {first} with "
                    f"{rows[name].iloc[first]:g}. Correct the rows or the scale's range."
                )
            if item in scale.reversed:
                turned[name] = low + high - rows[name]
    return rows.assign(**turned)


def _omega_difference(
    fits: DefinedQuantities | None, by_role: Mapping[str, tuple[str, ...]]
) -> Estimate | None:
    if fits is None:
        return None
    first, second = by_role
    return replace(
        fits.row(DIFFERENCE, bootstrapped=True),
        name=f"omega, {_words(first)} minus {_words(second)}",
    )


def _warnings(
    members: Sequence[MemberReliability],
    fits: DefinedQuantities | None,
    rows: pd.DataFrame,
    answers: pd.DataFrame,
    who: str,
    scale: Scale | None,
) -> tuple[str, ...]:
    said = [text for member in members for text in against_words(member)]
    if scale is not None:
        said += [
            f"The key of {scale.name} turns {held.item} round, and it runs against the others: is "
            "the key right?"
            for member in members
            for held, item in zip(member.items, scale.items, strict=True)
            if item in scale.reversed and held.item in member.against
        ]
    empty = int(rows.isna().all(axis=1).sum())
    if empty:
        said.append(
            f"{format_count(empty)} of {format_count(len(rows))} {who} answered none of the items "
            "and are left out."
        )
    if len(rows) - len(answers) > empty:
        said.append(
            f"{format_count(len(rows) - len(answers) - empty)} {who} with a gap are left out "
            '(missing="listwise").'
        )
    if fits is None:
        said.append(
            "Two items have no factor model of their own: omega needs three."
            if len(members[0].items) == 2
            else f"Omega needs more {who} than its factor model has parameters: "
            f"{format_count(len(answers))} are too few for {3 * rows.shape[1]}."
        )
    else:
        said += [*fits.problems("omega"), *poor_fit_words(fits.plain)]
    return tuple(dict.fromkeys(said))


def _item_row(row: pd.Series, by_role: bool) -> tuple[Cell, ...]:
    def cell(name: str, precision: Precision) -> Cell:
        value = float(row[name])
        text = format_number(value, precision) if math.isfinite(value) else ""
        return number_cell(text, value)

    return (
        words_cell(str(row["item"])),
        *([words_cell(_words(str(row["role"])))] if by_role else []),
        count_cell(int(row["n"])),
        *(cell(name, _TWO_DECIMALS) for name in ("mean", "sd", "skew")),
        *(cell(n, _SHARE) for n in ("missing", "rest_correlation", "alpha_if_dropped", "loading")),
        words_cell("runs against the others" if row["runs_against"] else ""),
    )


def _words(role: str) -> str:
    return role.replace("_", " ")


def _check_options(
    items: Sequence[str] | None,
    scale: Scale | None,
    bootstrap: object,
    missing: object,
    confidence: float,
) -> None:
    if (items is None) == (scale is None):
        raise SpecError(
            "one of items and scale must be given, but "
            f"{'neither' if items is None else 'both'} is. Name the columns, or pass a Scale."
        )
    if isinstance(items, str):
        raise SpecError(f"items must be a list of names, got {items!r}.")
    if isinstance(bootstrap, bool) or not isinstance(bootstrap, int) or bootstrap < _FEWEST_DRAWS:
        raise SpecError(
            f"bootstrap must be a whole number of replicates, {_FEWEST_DRAWS} or more, got "
            f"{bootstrap!r}."
        )
    if missing not in ("fiml", "listwise"):
        raise SpecError(f"missing must be 'fiml' or 'listwise', got {missing!r}.")
    if not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")
