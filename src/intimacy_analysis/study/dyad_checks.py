"""What couples' data must fulfil; each check raises `DataError` or returns nothing.

Rows are named as the reader named them ("line", "case", "sheet row"). Ids are never shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import near_names


def check_role_names(roles: Sequence[str]) -> None:
    """Raise `DataError` where the names of the members cannot be endings of columns."""
    if len(roles) != 2 or not all(isinstance(role, str) for role in roles):
        raise DataError(
            f"a couple has two roles, but {len(roles)} are given. Write two different names: "
            'roles = ["wife", "husband"], or ["partner_1", "partner_2"] where the order is '
            "arbitrary."
        )
    odd = [role for role in roles if not re.fullmatch(r"[^\W\d]\w*", role)]
    if odd:
        raise DataError(
            "a role must be a word of letters, digits and _ that begins with a letter, but "
            f"{len(odd)} of 2 are not; the first is {odd[0]!r}. It becomes the ending of columns: "
            "write for example partner_1."
        )
    first, second = (role.casefold() for role in roles)
    if first == second or first.endswith(f"_{second}") or second.endswith(f"_{first}"):
        raise DataError(
            "the two roles must differ, and neither may end like the other, but they are "
            f"{roles[0]!r} and {roles[1]!r}. Columns end in them: write for example wife and "
            "husband."
        )


def check_member_columns(names: Sequence[str], roles: tuple[str, str]) -> None:
    """Raise `DataError` where a variable has the column of one member only, or none has two."""
    stems = [
        {name.removesuffix(f"_{role}") for name in names if name.endswith(f"_{role}")}
        for role in roles
    ]
    sides = ((roles[0], roles[1], stems[1]), (roles[1], roles[0], stems[0]))
    alone = [
        (name, role, other)
        for name in names
        for role, other, others in sides
        if name.endswith(f"_{role}") and name.removesuffix(f"_{role}") not in others
    ]
    if alone:
        name, role, other = alone[0]
        stem = name.removesuffix(f"_{role}")
        near = near_names(f"{stem}_{other}", [n for n in names if n.endswith(f"_{other}")])
        hint = f"{near} " if near.startswith("Did you mean") else ""
        raise DataError(
            f"a variable must have a column for each member, but {len(alone)} of "
            f"{len(stems[0] | stems[1])} have one only; the first is {stem!r} with {name!r} and "
            f"no {stem + '_' + other!r}. {hint}Name the other member's column, or, if it is a "
            f"variable of the couple, give it a name that does not end in _{role}."
        )
    if not stems[0]:
        raise DataError(
            "couples need at least one variable measured on both members, but 0 of "
            f"{len(names)} columns end in _{roles[0]} and _{roles[1]}. Name both columns of it: "
            f'[columns.satisfaction] with {roles[0]} = "..." and {roles[1]} = "...".'
        )


def check_names_after_pairing(
    members: Sequence[str], couple_level: Sequence[str], roles: Sequence[str]
) -> None:
    """Raise `DataError` where a member's new column would have the name of another column.

    Args:
        members: Columns of the members, which get an ending.
        couple_level: Columns that keep their names.
        roles: The two endings.
    """
    new = [f"{name}_{role}" for name in members for role in roles]
    taken = [name for name in new if name in couple_level or new.count(name) > 1]
    if taken:
        raise DataError(
            "each column of the couples must have its own name, but "
            f"{len(taken)} of the members' {len(new)} new columns would have the name of another; "
            f"the first is {taken[0]!r}. Rename that column of the couple, or the member's."
        )


def check_one_row_a_couple(rows: pd.DataFrame, couple: str) -> None:
    """Raise `DataError` where a couple's id is missing or stands in two rows."""
    ids = rows[couple]
    if ids.isna().any():
        raise DataError(
            f"each couple must have an id, but {_count(ids.isna())} have no {couple}; the first "
            f"is {_row(rows, int(ids.isna().to_numpy().argmax()))}. Fill the cells, or leave the "
            "column out of the codebook: the rows are numbered then."
        )
    twice = ids.duplicated()
    if twice.any():
        second = int(twice.to_numpy().argmax())
        first = int((ids == ids.iloc[second]).to_numpy().argmax())
        raise DataError(
            f"a couple must have one row, but {_count(twice)} repeat a {couple}; the first is "
            f"{_row(rows, second)}, which has the {couple} of {_row(rows, first)}. Correct the "
            "ids or remove the row; if each member has a row of their own, write "
            'layout = "long" under [couples].'
        )


def check_role_values(rows: pd.DataFrame, role: str, roles: Sequence[str]) -> None:
    """Raise `DataError` where a member has no role, or one that is neither of the two.

    Args:
        rows: One row a member.
        role: Name of the column that tells the members apart.
        roles: The two names.
    """
    column = rows[role]
    empty = column.isna()
    if empty.any():
        raise DataError(
            f"each row must say which member it is of, but {_count(empty)} have no {role}; the "
            f"first is {_row(rows, int(empty.to_numpy().argmax()))}. Fill the cells, or remove "
            "the rows."
        )
    unknown = ~column.isin(list(roles))
    if unknown.any():
        raise DataError(
            f"{role} must be {roles[0]!r} or {roles[1]!r}, but {_count(unknown)} are neither; the "
            f"first is {_row(rows, int(unknown.to_numpy().argmax()))}. Correct the rows, or say "
            f'what the codes mean: values = {{ "1" = "{roles[0]}", "2" = "{roles[1]}" }} under '
            "the column with the role 'partner'."
        )


def check_two_members(rows: pd.DataFrame, couple: str, role: str | None) -> None:
    """Raise `DataError` where a couple has more than two members, or the same role twice.

    Args:
        rows: One row a member; no id and no role is missing.
        couple: Name of the couple column.
        role: Name of the column that tells the members apart; None where there is none.
    """
    third = rows.groupby(couple, sort=False).cumcount() >= 2
    if third.any():
        place = int(third.to_numpy().argmax())
        same = (rows[couple] == rows[couple].iloc[place]).to_numpy()
        couples = rows.loc[third, couple].nunique()
        raise DataError(
            f"a couple must have two members, but {couples} of {rows[couple].nunique()} have "
            f"three rows or more; the first such row is {_row(rows, place)}, of the couple that "
            f"begins in {_row(rows, int(same.argmax()))}. Correct the ids; if there is a row a "
            "member and day, it is a diary: leave [couples] out of the codebook."
        )
    if role is None:
        return
    twice = rows.duplicated([couple, role])
    if twice.any():
        second = int(twice.to_numpy().argmax())
        same = (rows[couple] == rows[couple].iloc[second]).to_numpy()
        raise DataError(
            f"the two members of a couple must have different roles, but {int(twice.sum())} of "
            f"{rows[couple].nunique()} couples have one {role} twice; the first is "
            f"{_row(rows, second)}, which has the {role} of {_row(rows, int(same.argmax()))}. "
            "Correct the roles; for couples whose members cannot be told apart, write "
            "distinguishable = false under [couples] and leave the column of roles out."
        )


def _count(mask: pd.Series) -> str:
    return f"{int(mask.sum())} of {len(mask)} rows"


def _row(rows: pd.DataFrame, place: int) -> str:
    return f"{rows.index.name or 'row'} {rows.index[place]}"
