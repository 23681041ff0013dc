"""Items of one scale, answered by both members: which column is whose, and is it usable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from intimacy_analysis.dyadic.couple_columns import CoupleData, known_columns, numbers, roles_of
from intimacy_analysis.dyadic.variable_names import check_plain_names, member_names
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.paths.moments import PrintedMoments
from intimacy_analysis.study.codebook import near_names


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemColumns:
    """The items of one scale in both members' columns.

    Attributes:
        roles: The two members.
        items: Names of the items, for labels: the part that both columns share.
        columns: The first member's columns, then the second's, in the order of `items`.
    """

    roles: tuple[str, str]
    items: tuple[str, ...]
    columns: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def pairs(self) -> tuple[tuple[str, tuple[str, str]], ...]:
        """Each item with its two columns, as a `PathModelSpec` holds them."""
        return tuple(
            (item, (one, two)) for item, one, two in zip(self.items, *self.columns, strict=True)
        )

    def words(self, member: int) -> str:
        """Return a member's name as it is written in a sentence."""
        return self.roles[member].replace("_", " ")


# Columns by member, or the stems that both members' columns begin with.
Items = Mapping[str, Sequence[str]] | Sequence[str] | ItemColumns


def item_columns(
    items: Items,
    *,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
    data: CoupleData | None = None,
) -> ItemColumns:
    """Return the items of a scale by member.

    Args:
        items: Columns by member, {"wife": [...], "husband": [...]}, the same items in the same
            order; or the stems that both members' columns begin with; or what this returned.
        roles: The two members; None for the mapping's, those of a `DyadFrame`, else wife and
            husband.
        suffixes: Endings of the columns of stems; "_" and the role where None.
        data: The couples, for their roles.

    Raises:
        SpecError: Names that cannot be, one item twice, fewer than two items, or members with
            different numbers of items.
    """
    if isinstance(items, ItemColumns):
        return items
    if isinstance(items, Mapping):
        return _by_member(items, roles)
    stems = (items,) if isinstance(items, str) else tuple(items)
    _check_enough(len(stems))
    _check_once(stems)
    if roles is None and data is not None:
        roles = roles_of(data, None)
    names = member_names(roles or ("wife", "husband"), suffixes, stems)
    pairs = [names.columns(stem) for stem in stems]
    return ItemColumns(
        roles=names.roles,
        items=stems,
        columns=(tuple(one for one, _ in pairs), tuple(two for _, two in pairs)),
    )


def check_items(data: CoupleData, columns: ItemColumns) -> None:
    """Raise `DataError` where an item is absent, no number, or the same for every couple."""
    held = known_columns(data)
    wanted = [name for member in columns.columns for name in member]
    absent = [name for name in wanted if name not in held]
    if absent:
        raise DataError(
            f"every item must have a column for each member, but {len(absent)} of {len(wanted)} "
            f"{'is' if len(absent) == 1 else 'are'} absent; the first is {absent[0]!r}. "
            f"{near_names(absent[0], list(held))}"
        )
    if isinstance(data, PrintedMoments):
        return
    constant = [name for name in wanted if len(np.unique(numbers(data, name).dropna())) < 2]
    if constant:
        raise DataError(
            f"every item must vary, but {len(constant)} of {len(wanted)} "
            f"{'is' if len(constant) == 1 else 'are'} empty or the same for all couples; the "
            f"first is {constant[0]!r}. An item that everyone answers alike measures nothing: "
            "leave it out for both members."
        )


def _by_member(items: Mapping[str, Sequence[str]], roles: Sequence[str] | None) -> ItemColumns:
    if len(items) != 2:
        raise SpecError(
            f"items must be given for two members, but {len(items)} "
            f"{'is' if len(items) == 1 else 'are'} named: "
            f"{', '.join(map(repr, items)) or 'none'}. Write for example "
            "{'wife': ['trust1_w', ...], 'husband': ['trust1_h', ...]}."
        )
    pair = tuple(roles) if roles is not None else tuple(items)
    unknown = [role for role in pair if role not in items]
    if unknown:
        raise SpecError(
            f"items must be given for the members in roles, but {len(unknown)} of {len(pair)} "
            f"has none; the first is {unknown[0]!r}. {near_names(unknown[0], list(items))}"
        )
    names = member_names(pair, None, ("item",))
    one, two = (_listed(items[role]) for role in names.roles)
    if len(one) != len(two):
        raise SpecError(
            f"both members must answer the same items, but the {names.words(0)} has {len(one)} "
            f"and the {names.words(1)} {len(two)}: item {min(len(one), len(two)) + 1} has no "
            "partner. Give the same items in the same order for both."
        )
    _check_enough(len(one))
    _check_once((*one, *two))
    check_plain_names((*one, *two))
    return ItemColumns(roles=names.roles, items=_item_names(one, two), columns=(one, two))


def _listed(given: Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _check_enough(count: int) -> None:
    if count < 2:
        raise SpecError(
            f"a scale needs three items a member (two at the least), but {count} "
            f"{'is' if count == 1 else 'are'} given. For a single score use actor_partner(...)."
        )


def _check_once(names: Sequence[str]) -> None:
    twice = [name for at, name in enumerate(names) if name in names[:at]]
    if twice:
        raise SpecError(
            f"every item must be named once, but {len(twice)} of {len(names)} "
            f"{'is' if len(twice) == 1 else 'are'} named again; the first is {twice[0]!r}. Leave "
            "the repetition out."
        )


def _item_names(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the two columns of each item share, else the item's number."""
    for shared in (_shared_beginning, _shared_ending):
        found = tuple(shared(a, b) for a, b in zip(one, two, strict=True))
        if all(name[:1].isalpha() for name in found) and len(set(found)) == len(found):
            return found
    return tuple(f"item{number}" for number in range(1, len(one) + 1))


def _shared_beginning(one: str, two: str) -> str:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False))
    return "".join(letter for letter, _ in same).rstrip("_.")


def _shared_ending(one: str, two: str) -> str:
    return _shared_beginning(one[::-1], two[::-1])[::-1].lstrip("_.")
