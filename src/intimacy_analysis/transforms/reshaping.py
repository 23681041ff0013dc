"""Couples as one row a couple, one row a member, and one row a member with the partner beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.checks import check_has_rows, check_level, check_unique_names
from intimacy_analysis.study.codebook import Codebook, Variable, near_names
from intimacy_analysis.study.dyad_checks import (
    check_names_after_pairing,
    check_role_names,
    check_role_values,
    check_two_members,
)
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.pairing import pair_members


def couples_from_long(
    rows: pd.DataFrame,
    *,
    couple: str,
    role: str,
    roles: Sequence[str],
    couple_level: Sequence[str] = (),
    codebook: Codebook | None = None,
) -> DyadFrame:
    """Return couples, one row each, from rows of members; nothing is guessed.

    A couple with one member only is kept, the other member's values missing. Couples stand in the
    order in which they first appear. With the couple columns and the codebook of `couples`,
    `couples_from_long(to_long(couples), ...)` gives `couples` again.

    Args:
        rows: One row a member; left as it is.
        couple: Name of the column of couples' ids.
        role: Name of the column that tells the members apart; it holds the two roles.
        roles: The two roles, in the order in which the columns shall stand.
        couple_level: Columns that hold one value a couple.
        codebook: Entries for the columns of `rows`, or for the new ones (`<column>_<role>`), which
            go first; a column without an entry gets one with its name. Its order is that of the
            new columns.

    Raises:
        DataError: An unknown column, a row without couple or role, a role that is neither of the
            two, a third member, one role twice, or a value of the couple that differs between
            the members.
    """
    pair = _pair(roles)
    check_unique_names([str(name) for name in rows.columns])
    _check_known(rows, (couple, role, *couple_level))
    check_has_rows(rows)
    if rows[couple].isna().any():
        empty = rows[couple].isna()
        raise DataError(
            f"each row must say which couple it is of, but {int(empty.sum())} of {len(rows)} have "
            f"no {couple}; the first is row {rows.index[int(empty.to_numpy().argmax())]}. Fill the "
            "cells or drop the rows."
        )
    of_members = [str(n) for n in rows.columns if n not in (couple, role, *couple_level)]
    check_names_after_pairing(of_members, [couple, *couple_level], pair)
    check_role_values(rows, role, pair)
    check_two_members(rows, couple, role)
    entries = codebook or Codebook()
    for name in couple_level:
        check_level(rows, Variable(name=name, level="couple"), couple, otherwise="person")
    wide = pair_members(rows, couple=couple, role=role, roles=pair, couple_level=couple_level)
    variables = {name: _entry(str(name), couple, pair, entries, couple_level) for name in wide}
    ordered = [name for name in entries.names if name in variables]
    ordered += [str(name) for name in wide if name not in ordered]
    return DyadFrame(
        rows=wide[ordered],
        codebook=Codebook(tuple(variables[name] for name in ordered)),
        roles=pair,
    )


def to_long(couples: DyadFrame, *, role: str = "role") -> pd.DataFrame:
    """Return one row a member: couple, role, then each variable once.

    See `DyadFrame.to_long`, which this calls.
    """
    return couples.to_long(role=role)


def to_pairwise(couples: DyadFrame, *, role: str = "role") -> pd.DataFrame:
    """Return one row a member, each variable as `<stem>_actor` and `<stem>_partner`.

    See `DyadFrame.to_pairwise`, which this calls.
    """
    return couples.to_pairwise(role=role)


def _pair(roles: Sequence[str]) -> tuple[str, str]:
    check_role_names(roles)
    return roles[0], roles[1]


def _check_known(rows: pd.DataFrame, wanted: Sequence[str]) -> None:
    absent = [name for name in wanted if name not in rows.columns]
    if absent:
        raise DataError(
            f"each named column must be in the rows, but {len(absent)} of {len(wanted)} are not; "
            f"the first is {absent[0]!r}. {near_names(absent[0], [str(n) for n in rows.columns])}"
        )


def _entry(
    name: str,
    couple: str,
    roles: tuple[str, str],
    entries: Codebook,
    couple_level: Sequence[str],
) -> Variable:
    """Return the entry of a new column: its own, that of the long column, or a bare one."""
    if name == couple:
        given = entries[name] if name in entries else Variable(name=name)
        return replace(given, role="couple", level="couple")
    if name in entries:
        return entries[name]
    if name in couple_level:
        return Variable(name=name, level="couple")
    stem, own = next((name.removesuffix(f"_{r}"), r) for r in roles if name.endswith(f"_{r}"))
    if stem not in entries:
        return Variable(name=name, level="person")
    label = entries[stem].label
    return replace(
        entries[stem], name=name, level="person", label=f"{label} ({own})" if label else ""
    )
