"""Find, by their names, the columns that belong to the two members of a couple."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# How the two members are marked in names of columns, and what they are called then.
_WIFE, _WOMAN, _PARENTS = ("wife", "husband"), ("woman", "man"), ("mother", "father")
_PARTNERS = ("partner_1", "partner_2")
_MARKS: tuple[tuple[str, str, tuple[str, str]], ...] = (
    ("wife", "husband", _WIFE),
    ("w", "h", _WIFE),
    ("woman", "man", _WOMAN),
    ("female", "male", _WOMAN),
    ("frau", "mann", _WOMAN),
    ("she", "he", _WOMAN),
    ("her", "his", _WOMAN),
    ("f", "m", _WOMAN),
    ("w", "m", _WOMAN),
    ("mother", "father", _PARENTS),
    ("partner1", "partner2", _PARTNERS),
    ("partner_1", "partner_2", _PARTNERS),
    ("p1", "p2", _PARTNERS),
    ("a", "b", _PARTNERS),
    ("1", "2", _PARTNERS),
)
_BETWEEN = "_.- "  # signs that may stand between stem and mark


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberColumns:
    """Columns that look like those of the two members: a guess, to be confirmed.

    Attributes:
        roles: What the members are called.
        distinguishable: Whether the marks say who is who; False for numbers and letters.
        pairs: Stem, first and second member's column, in the order of the first.
    """

    roles: tuple[str, str]
    distinguishable: bool
    pairs: tuple[tuple[str, str, str], ...]


def find_member_columns(names: Sequence[str]) -> MemberColumns | None:
    """Return the pairs of columns that differ in a member's mark only; None where few do.

    A mark stands at the end (`Sat_w`, `sat.g1_f`, `PRQC_1.1`, `SatW`) or at the beginning
    (`w_sat`). Two pairs at least, and half of all columns, must be found. Numbers count only
    where there is no third one: `item1, item2, item3` are no members.

    Args:
        names: Names of a file's columns.
    """
    best: MemberColumns | None = None
    for first, second, roles in _MARKS:
        for at_end in (True, False):
            pairs = _pairs(names, first, second, at_end=at_end)
            if len(pairs) >= 2 and (best is None or len(pairs) > len(best.pairs)):
                best = MemberColumns(
                    roles=roles, distinguishable=roles != _PARTNERS, pairs=tuple(pairs)
                )
    if best is None or 4 * len(best.pairs) < len(names):
        return None
    return best


def _pairs(
    names: Sequence[str], first: str, second: str, *, at_end: bool
) -> list[tuple[str, str, str]]:
    numbered = first.isdigit()
    split = [_split(name, (first, second, "3"), at_end=at_end) for name in names]
    by_stem: dict[tuple[str, str], dict[str, str]] = {}
    for name, parts in zip(names, split, strict=True):
        if parts is not None:
            stem, between, mark = parts
            by_stem.setdefault((stem, between), {})[mark] = name
    if numbered and any("3" in found for found in by_stem.values()):
        return []
    return [
        (stem, found[first], found[second])
        for (stem, _), found in by_stem.items()
        if first in found and second in found
    ]


def _split(name: str, marks: Sequence[str], *, at_end: bool) -> tuple[str, str, str] | None:
    """Return stem, what stands between, and the mark; None for a name without a mark."""
    for mark in sorted(marks, key=len, reverse=True):
        own = name[-len(mark) :] if at_end else name[: len(mark)]
        rest = name[: -len(mark)] if at_end else name[len(mark) :]
        stem = rest.rstrip(_BETWEEN) if at_end else rest.lstrip(_BETWEEN)
        if own.lower() != mark or not stem:
            continue
        between = rest[len(stem) :] if at_end else rest[: len(rest) - len(stem)]
        # Without a sign between, a letter is a mark only where its case sets it apart: SatW.
        edge = stem[-1] + own[0] if at_end else own[-1] + stem[0]
        apart = (edge[0].islower() or edge[0].isdigit()) and edge[1].isupper()
        apart = apart or (not at_end and own.isupper() and stem[0].isupper())
        if between or own.isdigit() or len(own) > 2 or apart:
            return stem, between, mark
    return None
