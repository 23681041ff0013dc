"""How a couple's variables are named: a stem, and an ending for each member."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intimacy_analysis.errors import SpecError

_PLAIN_NAME = re.compile(r"[^\W\d][\w.]*")
_ROLE = re.compile(r"[\w.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberNames:
    """The two members of a couple and the endings of their columns.

    Attributes:
        roles: The members' names, e.g. ("wife", "husband"); labels end with them.
        suffixes: What their columns end with, e.g. ("_wife", "_husband").
    """

    roles: tuple[str, str]
    suffixes: tuple[str, str]

    def columns(self, stem: str) -> tuple[str, str]:
        """Return the two columns of a variable, in the order of the roles."""
        return (f"{stem}{self.suffixes[0]}", f"{stem}{self.suffixes[1]}")

    def variables(self, stems: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return each stem with its columns, as a `PathModelSpec` holds them."""
        return tuple((stem, self.columns(stem)) for stem in stems)

    def words(self, member: int) -> str:
        """Return a member's name as it is written in a sentence."""
        return self.roles[member].replace("_", " ")


def member_names(
    roles: Sequence[str], suffixes: Sequence[str] | None, stems: Sequence[str]
) -> MemberNames:
    """Check the names of a template once, at the door.

    Args:
        roles: The two members.
        suffixes: Endings of their columns; "_" and the role where None.
        stems: Every variable both members have, all different.

    Raises:
        SpecError: Not two different roles or endings, a name a model text cannot hold, or one
            variable in two places.
    """
    pair = _two_different(roles, "roles", "roles=('wife', 'husband')")
    if suffixes is None:
        endings = (f"_{pair[0]}", f"_{pair[1]}")
    else:
        endings = _two_different(suffixes, "suffixes", "suffixes=('_w', '_h')")
    odd = [role for role in pair if not _ROLE.fullmatch(role)]
    if odd:
        raise SpecError(
            f"roles must be words of letters, digits and '_', but {len(odd)} of 2 is not; the "
            f"first is {odd[0]!r}. Labels such as 'a_wife' are made of them: give a plain word, "
            "and the columns' own endings by suffixes=."
        )
    names = MemberNames(roles=pair, suffixes=endings)
    check_stems(stems)
    columns = [column for stem in stems for column in names.columns(stem)]
    check_plain_names(columns)
    if len(set(columns)) < len(columns):
        twice = next(name for name in columns if columns.count(name) > 1)
        raise SpecError(
            f"every variable and member must have a column of its own, but {twice!r} stands for "
            "two. Rename one of the variables."
        )
    return names


def check_stems(stems: Sequence[str]) -> None:
    """Raise `SpecError` where one variable stands in two places of a model."""
    twice = [stem for at, stem in enumerate(stems) if stem in stems[:at]]
    if twice:
        raise SpecError(
            f"a model's variables must be different ones, but {len(twice)} "
            f"{'stands' if len(twice) == 1 else 'stand'} in two places; the first is {twice[0]!r}. "
            "A variable cannot predict itself: name another predictor, mediator or outcome."
        )


def check_plain_names(columns: Sequence[str]) -> None:
    """Raise `SpecError` where a column's name cannot stand in a model text."""
    odd = [name for name in columns if not _PLAIN_NAME.fullmatch(name)]
    if odd:
        raise SpecError(
            "a model's columns must have names of letters, digits, '_' and '.', not begun by a "
            f"digit, but {len(odd)} of {len(columns)} have not; the first is {odd[0]!r}. Rename "
            "the columns, for example with pandas: data.rename(columns={...})."
        )


def one_or_more(given: str | Sequence[str], what: str) -> tuple[str, ...]:
    """Return one name or several as a tuple; none is refused."""
    names = (given,) if isinstance(given, str) else tuple(given)
    if not names or not all(isinstance(name, str) and name for name in names):
        raise SpecError(
            f"{what} must be the name of a variable, or several, but it is {given!r}. Give the "
            "stem that both members' columns begin with, e.g. 'satisfaction'."
        )
    return names


def _two_different(given: Sequence[str], what: str, example: str) -> tuple[str, str]:
    pair = (given,) if isinstance(given, str) else tuple(given)
    if len(pair) != 2 or not all(isinstance(one, str) and one for one in pair):
        raise SpecError(
            f"a model for couples needs two {what}, but {len(pair)} "
            f"{'was' if len(pair) == 1 else 'were'} given: {', '.join(map(repr, pair)) or 'none'}. "
            f"Give one a member, e.g. {example}."
        )
    if pair[0] == pair[1]:
        raise SpecError(
            f"the two {what} must differ, but both are {pair[0]!r}. Give one a member, e.g. "
            f"{example}."
        )
    return (pair[0], pair[1])
