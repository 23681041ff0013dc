"""In which line of a TOML text a table or a key stands."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*\[+([^\[\]]+)\]+\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*((?:[A-Za-z0-9_.-]+|\"[^\"]*\"|'[^']*'))\s*=(.*)$")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")


def toml_lines(text: str) -> dict[tuple[str, ...], int]:
    """Return the line, from 1, of each table and key: ("claims", "affection", "data") to 8.

    Only for messages: a key inside a value of several lines, or inside braces, is not found, and
    its table's line has to do.

    Args:
        text: The text of a TOML file.
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        header = _HEADER.match(line)
        if header:
            table = _parts(header[1])
            found.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key:
            found.setdefault((*table, *_parts(key[1])), number)
            inside = _opened(key[2].strip())
    return found


def _parts(name: str) -> tuple[str, ...]:
    return tuple(next(part for part in match if part) for match in _PART.findall(name))


def _opened(value: str) -> str:
    """Return what closes a value that goes on in the next lines; "" where it does not."""
    for quotes in ('"""', "'''"):
        if value.startswith(quotes) and quotes not in value[3:]:
            return quotes
    return "]" if value.startswith("[") and "]" not in value else ""
