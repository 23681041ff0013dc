"""Correlations in couples: within each role, and between partners."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.correlations.adjusting import with_adjusted_p
from intimacy_analysis.correlations.choices import Adjust, Gaps, check_choices
from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.correlations.correlation_table import Correlation, CorrelationTable
from intimacy_analysis.correlations.role_equality import JointTest, compare_pairs, joint_test
from intimacy_analysis.correlations.role_table import block_table, role_table
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.formatting import Table
from intimacy_analysis.study.dyads import DyadFrame

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCorrelations:
    """Correlations of variables measured on both members.

    Attributes:
        roles: Names of the members.
        stems: The variables.
        by_role: The first role's own correlations, then the second's; variables are stems.
        cross: Of the first role's variable with the second's, by both stems.
        differences: First role minus second: of each own correlation ("x ~~ y"), and of both
            crossed ones ("x ~~ partner's y": first's x with second's y, minus second's x with
            first's y). None where roles mean nothing.
        equality: Whether all differences are zero: own, crossed, both. () where roles mean nothing.
        notes: Sentences a reader must see beside the numbers.
        distinguishable: Whether the roles mean something.
    """

    roles: tuple[str, str]
    stems: tuple[str, ...]
    by_role: tuple[CorrelationTable, CorrelationTable]
    cross: Mapping[tuple[str, str], Correlation]
    differences: EstimateTable | None
    equality: tuple[JointTest, ...]
    notes: tuple[str, ...]
    distinguishable: bool = True

    @property
    def partners(self) -> dict[str, Correlation]:
        """Correlation of both members' answers to the same variable, by variable."""
        return {stem: self.cross[stem, stem] for stem in self.stems}

    @property
    def table(self) -> Table:
        """The publication table: a triangle a role, partners on the diagonal."""
        return role_table(
            self.by_role,
            self.partners,
            self._shown_roles,
            title="Means, standard deviations and correlations of both members",
            notes=self.notes,
        )

    @property
    def cross_table(self) -> Table:
        """The block of the first member's variables with the second's."""
        one, other = self._shown_roles
        return block_table(
            self.cross, self.stems, self._shown_roles, f"Rows: {one}; columns: {other}."
        )

    @property
    def _shown_roles(self) -> tuple[str, str]:
        return self.roles if self.distinguishable else ("one member", "the other")

    def __str__(self) -> str:
        from intimacy_analysis.formatting import text_lines

        parts = ["\n".join(text_lines(self.table)), "\n".join(text_lines(self.cross_table))]
        parts += [
            f"{test.name}: chi-square({test.df}) = {test.statistic:.2f}, "
            f"{'p' if math.isinf(test.df_2) else 'p of Hotelling'} = {test.p_value:.3f}"
            for test in self.equality
        ]
        return "\n\n".join(parts)

    def _repr_html_(self) -> str:
        from intimacy_analysis.formatting import html_table

        return html_table(self.table) + html_table(self.cross_table)


def partner_correlations(
    couples: DyadFrame,
    stems: Sequence[str],
    *,
    missing: Gaps = "pairwise",
    confidence: float = 0.95,
    adjust: Adjust = "none",
    reliability: Mapping[str, float] | None = None,
) -> PartnerCorrelations:
    """Correlate variables within each role and between partners, and compare the roles.

    Couples are independent, members are not: every correlation counts couples, and roles are
    compared as correlations of the same couples. Where members cannot be told apart
    (`couples.distinguishable` is False) each is taken once as first: both triangles are the same,
    errors rest on couples, and there is nothing to compare.

    Args:
        couples: One row a couple.
        stems: Variables measured on both members; two or more, or one for its partners alone.
        missing: As in `correlate`; roles are compared in couples without a gap.
        confidence: Coverage of the intervals.
        adjust: p of all correlations as one family, and of all differences as another.
        reliability: By column name (`<stem>_<role>`), for the table.

    Raises:
        SpecError: Options that cannot be.
        DataError: Unknown or constant variables, or too few couples.

    Source:
        Kenny, Kashy and Cook (2006), Dyadic Data Analysis, chapter 2 (members that cannot be told
        apart: pairwise correlations; the errors, of couples left out in turn, serve the end of
        Griffin and Gonzalez's: 1995, Psychological Bulletin 118, 430-439); Steiger (1980),
        Psychological Bulletin 87, 245-251; Zou (2007), Psychological Methods 12, 399-413.
    """
    if not isinstance(couples, DyadFrame):
        raise DataError(
            f"couples must be a DyadFrame, but this is a {type(couples).__name__}. Load a study of "
            "couples, or use couples_from_long."
        )
    check_choices(missing=missing, confidence=confidence, adjust=adjust)
    names = _check_stems(couples, stems)
    frame = couples.rows[[column for stem in names for column in couples.columns_of(stem)]]
    options = PartnerOptions(
        missing=missing, confidence=confidence, adjust=adjust, reliability=dict(reliability or {})
    )
    if couples.distinguishable:
        return correlate_members(frame, names, couples.roles, None, options)
    return _of_indistinguishable(frame, names, couples.roles, options)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerOptions:
    """How members are correlated.

    Attributes:
        missing: As in `correlate`.
        confidence: Coverage of the intervals.
        adjust: As in `correlate`.
        reliability: By column name.
        compare: Whether roles mean something and are compared.
    """

    missing: Gaps
    confidence: float
    adjust: Adjust
    reliability: Mapping[str, float]
    compare: bool = True


def correlate_members(
    frame: pd.DataFrame,
    stems: Sequence[str],
    roles: tuple[str, str],
    units: Codes | None,
    options: PartnerOptions,
) -> PartnerCorrelations:
    """Correlate columns `<stem>_<role>` of rows that hold both members.

    Args:
        frame: One row a couple, or one a couple and day.
        stems: The variables.
        roles: Endings of the columns.
        units: Couple of each row where couples have several; None where rows are couples.
        options: How.
    """
    columns = [f"{stem}_{role}" for stem in stems for role in roles]
    rows = frame[columns]
    clusters = None
    if units is not None:
        rows, clusters = rows.assign(couple=units), "couple"
    whole = correlate(
        rows,
        columns,
        missing=options.missing,
        confidence=options.confidence,
        adjust=options.adjust,
        reliability=options.reliability,
        clusters=clusters,
    )
    by_role = (_of_role(whole, stems, roles[0]), _of_role(whole, stems, roles[1]))
    cross = {
        (a, b): _named(whole.between(f"{a}_{roles[0]}", f"{b}_{roles[1]}"), a, b)
        for a in stems
        for b in stems
    }
    differences, equality, words = _compared(rows, stems, roles, units, options)
    return PartnerCorrelations(
        roles=roles,
        stems=tuple(stems),
        by_role=by_role,
        cross=cross,
        differences=differences,
        equality=equality,
        notes=(*whole.notes, *words),
    )


def _of_role(whole: CorrelationTable, stems: Sequence[str], role: str) -> CorrelationTable:
    variables = {held.name: held for held in whole.variables}
    return replace(
        whole,
        variables=tuple(replace(variables[f"{stem}_{role}"], name=stem) for stem in stems),
        correlations=tuple(
            _named(whole.between(f"{a}_{role}", f"{b}_{role}"), a, b)
            for a, b in combinations(stems, 2)
        ),
        notes=(f"{role.capitalize()}.", *whole.notes),
    )


def _named(row: Correlation, first: str, second: str) -> Correlation:
    return replace(row, first=first, second=second)


def _compared(
    rows: pd.DataFrame,
    stems: Sequence[str],
    roles: tuple[str, str],
    units: Codes | None,
    options: PartnerOptions,
) -> tuple[EstimateTable | None, tuple[JointTest, ...], tuple[str, ...]]:
    pairs = list(combinations(range(len(stems)), 2))
    if not (pairs and options.compare):
        return None, (), ()
    columns = [f"{stem}_{role}" for stem in stems for role in roles]
    known = rows[columns].notna().all(axis=1).to_numpy()
    values = rows.loc[known, columns].to_numpy(dtype=np.float64)
    n_units = int(known.sum()) if units is None else len(np.unique(units[known]))
    if n_units < 2 * len(pairs) + 4 or (np.ptp(values, axis=0) == 0).any():
        return (
            None,
            (),
            (
                f"Roles are not compared: {n_units} couples hold all {len(columns)} columns, "
                f"too few for {2 * len(pairs)} differences, or a column does not vary in them.",
            ),
        )
    # Column of the first role's stem i is 2 i, of the second's 2 i + 1.
    first = [(2 * i, 2 * j) for i, j in pairs] + [(2 * i, 2 * j + 1) for i, j in pairs]
    second = [(2 * i + 1, 2 * j + 1) for i, j in pairs] + [(2 * i + 1, 2 * j) for i, j in pairs]
    names = [f"{stems[i]} ~~ {stems[j]}" for i, j in pairs]
    names += [f"{stems[i]} ~~ partner's {stems[j]}" for i, j in pairs]
    estimates, z, covariance = compare_pairs(
        values,
        first,
        second,
        names,
        units=None if units is None else units[known],
        confidence=options.confidence,
    )
    family, words = with_adjusted_p(
        [
            Correlation(
                first="", second="", r=row.value, n=n_units, low=row.low, high=row.high,
                p_value=row.p_value,
            )
            for row in estimates
        ],
        options.adjust,
    )  # fmt: skip
    q = len(pairs)
    note = (
        f"Roles compared in the {n_units} couples without a gap."
        if units is None
        else f"Roles compared in the {len(values)} days without a gap of {n_units} couples."
    )
    table = EstimateTable(
        rows=tuple(
            replace(row, p_value=held.adjusted_p)
            for row, held in zip(estimates, family, strict=True)
        ),
        title=f"Differences of correlations, {roles[0]} minus {roles[1]}",
        interval_method="Zou, limits of Fisher z",
        confidence=options.confidence,
        notes=(note, *words),
    )
    tests = tuple(
        joint_test(
            f"{what} the same for both roles",
            z,
            covariance,
            at,
            n_units=None if units is None else n_units,
        )
        for what, at in (
            ("Own correlations are", range(q)),
            ("Crossed correlations are", range(q, 2 * q)),
            ("Own and crossed correlations are", range(2 * q)),
        )
    )
    return table, tests, (note,)


def _of_indistinguishable(
    frame: pd.DataFrame, stems: Sequence[str], roles: tuple[str, str], options: PartnerOptions
) -> PartnerCorrelations:
    if options.missing == "fiml":
        raise SpecError(
            "full information is not available for members that cannot be told apart: each couple "
            "enters twice. Use missing='pairwise'."
        )
    turned = {f"{stem}_{a}": f"{stem}_{b}" for stem in stems for a, b in (roles, roles[::-1])}
    double = pd.concat([frame, frame.rename(columns=turned)[list(frame.columns)]])
    units = np.tile(np.arange(len(frame), dtype=np.intp), 2)
    alone = replace(options, adjust="none", compare=False)
    held = correlate_members(double.reset_index(drop=True), stems, roles, units, alone)
    own = held.by_role[0]
    distinct = [held.cross[a, b] for at, a in enumerate(stems) for b in stems[at:]]
    rows, words = with_adjusted_p([*own.correlations, *distinct], options.adjust)
    cross = {}
    for row in rows[len(own.correlations) :]:
        cross[row.first, row.second] = row
        cross[row.second, row.first] = replace(row, first=row.second, second=row.first)
    note = (
        "Members cannot be told apart: each is taken once as first (pairwise correlations); "
        f"n counts members, the errors rest on {len(frame)} couples."
    )
    one = replace(
        own,
        correlations=rows[: len(own.correlations)],
        adjust=options.adjust,
        notes=(note, *words),
    )
    return replace(
        held,
        by_role=(one, one),
        cross=cross,
        distinguishable=False,
        notes=(note, *words),
    )


def _check_stems(couples: DyadFrame, stems: Sequence[str]) -> tuple[str, ...]:
    if isinstance(stems, str) or not stems:
        raise SpecError(
            f"stems must be a list of variables of both members, got {stems!r}. "
            f"The couples have: {', '.join(couples.stems[:12])}."
        )
    twice = [name for at, name in enumerate(stems) if name in stems[:at]]
    if twice:
        raise SpecError(
            f"each variable must be named once, but {len(twice)} of {len(stems)} are repeated; the "
            f"first is {twice[0]!r}. Leave the repetition out."
        )
    for stem in stems:
        couples.columns_of(stem)
    return tuple(stems)
