"""Values of a TOML file, each of the kind that it must be, or an error that says where."""

from __future__ import annotations

from typing import Any

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import near_names


def check_keys(entry: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    """Raise `DataError` where a table has a key that is none of the known ones."""
    unknown = [key for key in entry if key not in known]
    if unknown:
        raise DataError(
            f"{where} may have the keys {', '.join(known)}, but {len(unknown)} of {len(entry)} "
            f"are none of them; the first is {unknown[0]!r}. {near_names(unknown[0], known)} "
            "Correct or remove it."
        )


def table_of(entry: dict[str, Any], key: str, where: str) -> dict[str, Any]:
    """Return a table inside a table; an empty one where it is absent."""
    found = entry.get(key, {})
    if not isinstance(found, dict):
        raise wrong_entry(where, key, found, "a table", f"[{key}] on a line of its own")
    return found


def text_of(entry: dict[str, Any], key: str, where: str) -> str:
    """Return a text; "" where it is absent."""
    found = entry.get(key, "")
    if not isinstance(found, str):
        raise wrong_entry(where, key, found, "a text in quotes", f'{key} = "..."')
    return found


def whole_of(entry: dict[str, Any], key: str, where: str) -> int | None:
    """Return a whole number; None where it is absent."""
    found = entry.get(key)
    if found is not None and (isinstance(found, bool) or not isinstance(found, int)):
        raise wrong_entry(where, key, found, "a whole number", f"{key} = 2015")
    return found


def choice_of(
    entry: dict[str, Any], key: str, choices: tuple[str, ...], default: str, where: str
) -> str:
    """Return one of the listed texts; `default` where it is absent."""
    found = entry.get(key, default)
    if not isinstance(found, str) or found not in choices:
        listed = tuple(choice for choice in choices if choice)
        near = near_names(found, listed) if isinstance(found, str) else ""
        near = near if near.startswith("Did") else "Write one of them in quotes."
        raise DataError(
            f"{key} in {where} must be one of {', '.join(listed)}, but it is {found!r}. {near}"
        )
    return found


def wrong_entry(where: str, key: str, found: object, what: str, example: str) -> DataError:
    """Return the error of a value of the wrong kind."""
    shown = repr(found) if len(repr(found)) <= 40 else f"a {type(found).__name__}"
    return DataError(f"{key} in {where} must be {what}, but it is {shown}. Write {example}.")


def is_number(value: object) -> bool:
    """Return whether a value is a number, and not "true" or "nan"."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value
