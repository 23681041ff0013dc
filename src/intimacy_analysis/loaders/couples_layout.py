"""How couples stand in a data file, as the `[couples]` table of a codebook says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal, cast

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.toml_entries import check_keys, choice_of, table_of, wrong_entry
from intimacy_analysis.study.codebook import Variable
from intimacy_analysis.study.dyad_checks import check_role_names

Layout = Literal["wide", "long"]
LAYOUTS: tuple[Layout, ...] = ("wide", "long")
COUPLES_KEYS = ("roles", "layout", "distinguishable")


@dataclass(frozen=True, slots=True, kw_only=True)
class CouplesLayout:
    """Where the members of a couple stand in a file.

    Attributes:
        roles: Names of the two members, in order; columns of the frame end in them.
        layout: "wide", one row a couple and a column a member; "long", one row a member.
        distinguishable: Whether the roles mean something; False where the order is arbitrary.
    """

    roles: tuple[str, str]
    layout: Layout
    distinguishable: bool = True


def couples_layout(document: dict[str, Any], column_keys: Sequence[str]) -> CouplesLayout | None:
    """Return what `[couples]` says; None for a codebook without it.

    Args:
        document: The codebook.
        column_keys: Keys of a column's table; a role cannot have the name of one.

    Raises:
        DataError: Where a key is unknown or absent, or the roles cannot be endings of columns.
    """
    if "couples" not in document:
        return None
    where = "[couples]"
    entry = table_of(document, "couples", "the codebook")
    check_keys(entry, COUPLES_KEYS, where)
    absent = [key for key in ("roles", "layout") if key not in entry]
    if absent:
        raise DataError(
            f"{where} must say the roles and the layout, but {len(absent)} of 2 are absent; the "
            f'first is {absent[0]}. Write roles = ["wife", "husband"] and layout = "wide" (one '
            'row a couple) or layout = "long" (one row a member).'
        )
    roles = entry["roles"]
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise wrong_entry(where, "roles", roles, "two names", 'roles = ["wife", "husband"]')
    check_role_names(roles)
    reserved = [role for role in roles if role in column_keys]
    if reserved:
        raise DataError(
            f"a role must not be a key of a column's table, but {len(reserved)} of 2 are; the "
            f"first is {reserved[0]!r}. Name the member otherwise."
        )
    distinguishable = entry.get("distinguishable", True)
    if not isinstance(distinguishable, bool):
        raise wrong_entry(
            where, "distinguishable", distinguishable, "true or false", "distinguishable = false"
        )
    return CouplesLayout(
        roles=(roles[0], roles[1]),
        layout=cast(Layout, choice_of(entry, "layout", LAYOUTS, "", where)),
        distinguishable=distinguishable,
    )


def check_paired_once(pairs: Sequence[tuple[Variable, Variable]], layout: CouplesLayout) -> None:
    """Raise `DataError` where one column of the file is given twice, or two are crossed.

    Args:
        pairs: The first and the second member's entry of each variable.
        layout: The roles.
    """
    sources = [v.source_name or v.name for pair in pairs for v in pair]
    twice = [source for at, source in enumerate(sources) if source in sources[:at]]
    if twice:
        raise DataError(
            "each column of a file of couples belongs to one member and one variable, but "
            f"{len(twice)} of {len(sources)} are given again; the first is {twice[0]!r}. Name the "
            "other member's column there."
        )
    endings: dict[tuple[str, str], Variable] = {}
    for pair in pairs:
        mark = _marks(*(v.source_name or v.name for v in pair))
        crossed = endings.get((mark[1], mark[0]))
        endings.setdefault(mark, pair[0])
        if crossed is not None:
            raise DataError(
                f"the columns of {layout.roles[0]} and {layout.roles[1]} must not be crossed, but "
                f"{crossed.source_name or crossed.name!r} and "
                f"{pair[0].source_name or pair[0].name!r} are both given to {layout.roles[0]}, 2 "
                f"of {len(pairs)} variables. Swap the two columns of the wrong one; if the file "
                "itself names them crosswise, rename its columns."
            )


def _marks(first: str, second: str) -> tuple[str, str]:
    """Return the parts in which two names differ: "w" and "h" for Sat_w and Sat_h."""
    start = _same(first, second)
    first, second = first[start:], second[start:]
    end = _same(first[::-1], second[::-1])
    return first[: len(first) - end], second[: len(second) - end]


def _same(first: str, second: str) -> int:
    """Return how many letters two texts share from the start."""
    return sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(first, second, strict=False)))
