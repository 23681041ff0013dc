"""The `[scales]` of a codebook: keys of questionnaires."""

from __future__ import annotations

from typing import Any, cast

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.toml_entries import (
    check_keys,
    choice_of,
    is_number,
    table_of,
    text_of,
    wrong_entry,
)
from intimacy_analysis.study.scale import METHODS, Scale, ScoreMethod

_KEYS = (
    "items",
    "reversed",
    "range",
    "method",
    "least_answered",
    "multiplier",
    "label",
    "unit",
    "basis",
    "source",
    "ranges",
    "rescaled_to",
)


def read_scales(document: dict[str, Any]) -> tuple[Scale, ...]:
    """Return the keys under `[scales]`; none where there is no such table.

    Raises:
        DataError: An unknown key, a scale without items or range, or a wrong type.
    """
    if "scales" not in document:
        return ()
    table = table_of(document, "scales", "the codebook")
    return tuple(_scale(name, table) for name in table)


def _scale(name: str, table: dict[str, Any]) -> Scale:
    where = f"[scales.{name}]"
    entry = table_of(table, name, "[scales]")
    check_keys(entry, _KEYS, where)
    ends = _ends(entry.get("range"), "range", where, "the lowest and highest answer", "[1, 5]")
    rescaled = entry.get("rescaled_to")
    if rescaled is not None:
        rescaled = _ends(rescaled, "rescaled_to", where, "the lowest and highest score", "[0, 100]")
    least = entry.get("least_answered", 0.5)
    if not is_number(least):
        raise wrong_entry(where, "least_answered", least, "a share", "least_answered = 0.5")
    multiplier = entry.get("multiplier", 1)
    if not is_number(multiplier):
        raise wrong_entry(where, "multiplier", multiplier, "a number", "multiplier = 4")
    return Scale(
        name=name,
        items=_names(entry, "items", where),
        reversed=_names(entry, "reversed", where),
        minimum=ends[0],
        maximum=ends[1],
        method=cast(ScoreMethod, choice_of(entry, "method", METHODS, "mean", where)),
        least_answered=float(least),
        multiplier=float(multiplier),
        label=text_of(entry, "label", where),
        unit=text_of(entry, "unit", where) or "points",
        basis=text_of(entry, "basis", where),
        source=text_of(entry, "source", where),
        ranges=_own_ranges(entry, where),
        rescaled_to=rescaled,
    )


def _ends(given: Any, key: str, where: str, what: str, example: str) -> tuple[float, float]:
    if not (isinstance(given, list) and len(given) == 2 and all(is_number(end) for end in given)):
        raise wrong_entry(where, key, given, what, f"{key} = {example}")
    return float(given[0]), float(given[1])


def _own_ranges(entry: dict[str, Any], where: str) -> tuple[tuple[str, float, float], ...]:
    given = entry.get("ranges", {})
    if not isinstance(given, dict):
        raise wrong_entry(
            where, "ranges", given, "a table of items and their ends", "ranges = { q1 = [0, 6] }"
        )
    return tuple(
        (item, *_ends(ends, f"ranges.{item}", where, "the lowest and highest answer", "[0, 6]"))
        for item, ends in given.items()
    )


def _names(entry: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    given = entry.get(key, [])
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise wrong_entry(where, key, given, "a list of columns", f'{key} = ["item_1", "item_2"]')
    if key == "items" and not given:
        raise DataError(
            f'{where} must list its items, but lists 0. Write items = ["item_1", "item_2"].'
        )
    return tuple(given)
