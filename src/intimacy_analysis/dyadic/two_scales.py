"""Two scales of the same couples: their names, items and members, checked together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from intimacy_analysis.dyadic.item_columns import ItemColumns, Items, item_columns
from intimacy_analysis.errors import SpecError

NamedScale = tuple[str, ItemColumns]


def two_scales(
    x: Mapping[str, Items],
    y: Mapping[str, Items],
    *,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
) -> tuple[NamedScale, NamedScale]:
    """Return name and items of a predictor and an outcome.

    Args:
        x: Name of the predictor and its items, {"communication": items}.
        y: The same of the outcome.
        roles: The two members; None for the mapping's keys, else wife and husband.
        suffixes: Endings of the columns of stems; "_" and the role where None.

    Raises:
        SpecError: Not one name each, one name or column for both, or different members.
    """
    one, two = (_named(given, what, roles, suffixes) for given, what in ((x, "x"), (y, "y")))
    if one[0] == two[0]:
        raise SpecError(
            f"predictor and outcome must have different names, but both are {one[0]!r}. A "
            "variable cannot predict itself."
        )
    if one[1].roles != two[1].roles:
        raise SpecError(
            "both scales must be answered by the same members in the same order, but x has "
            f"{' and '.join(one[1].roles)}, y has {' and '.join(two[1].roles)}. Write the members "
            "alike in both."
        )
    held = {column for member in one[1].columns for column in member}
    twice = [column for member in two[1].columns for column in member if column in held]
    if twice:
        raise SpecError(
            f"an item must belong to one scale, but {len(twice)} belong to both; the first is "
            f"{twice[0]!r}. Take it out of one of them."
        )
    if set(one[1].items) & set(two[1].items):
        one, two = (_renamed(scale) for scale in (one, two))
    return one, two


def _named(
    given: Mapping[str, Items],
    what: str,
    roles: Sequence[str] | None,
    suffixes: Sequence[str] | None,
) -> NamedScale:
    if not isinstance(given, Mapping) or len(given) != 1:
        count = len(given) if isinstance(given, Mapping) else "no mapping"
        raise SpecError(
            f"{what} must hold one scale by its name, but there are {count}. Write for example "
            f"{what}={{'communication': ['com1', 'com2', 'com3']}}."
        )
    ((name, items),) = given.items()
    return name, item_columns(items, roles=roles, suffixes=suffixes)


def _renamed(scale: NamedScale) -> NamedScale:
    """Number the items by their scale, where both scales call their items alike."""
    name, columns = scale
    numbers = range(1, len(columns.items) + 1)
    return name, replace(columns, items=tuple(f"{name}{number}" for number in numbers))
