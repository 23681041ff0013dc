"""Read a codebook: the TOML file that says what each column of a data file means."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.file_settings import DATE_ORDERS, DELIMITERS, DateOrder, FileSettings
from intimacy_analysis.study.checks import check_readable_file
from intimacy_analysis.study.codebook import (
    LEVELS,
    ROLES,
    Codebook,
    Level,
    Role,
    Variable,
    near_names,
)
from intimacy_analysis.study.source import Source
from intimacy_analysis.study.study import DATA_KINDS, DataKind

_STUDY_KEYS = (
    "name",
    "title",
    "kind",
    "notes",
    "seed",
    "source",
    "truth",
    "encoding",
    "delimiter",
    "decimal",
    "sheet",
    "date_order",
)
_COLUMN_KEYS = ("from", "label", "unit", "range", "level", "role", "values", "missing")
_SOURCE_KEYS = ("authors", "year", "title", "venue", "doi")
_OWN_LEVEL: dict[Role, Level] = {"person": "person", "partner": "person", "couple": "couple"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookFile:
    """A codebook with what its file says of the study and of the data file.

    Attributes:
        codebook: The columns.
        name: Short name of the study; "" for the data file's stem.
        title: One line for a heading; "" for the name.
        kind: "original", "published summary" or "synthetic".
        notes: Sentences a reader must see.
        seed: Seed of synthetic data.
        source: Who made the data.
        truth: Name and value of each parameter put into synthetic data.
        settings: How the data file is written.
    """

    codebook: Codebook
    name: str = ""
    title: str = ""
    kind: DataKind = "original"
    notes: tuple[str, ...] = ()
    seed: int | None = None
    source: Source | None = None
    truth: dict[str, float] = field(default_factory=dict)
    settings: FileSettings = field(default_factory=FileSettings)


def read_codebook(source: Path | str) -> CodebookFile:
    """Read a codebook from a TOML file, or from TOML text (a text of several lines).

    Args:
        source: Path of the file, or the text that `draft_codebook` returns.

    Raises:
        DataError: Where the file is missing or not TOML (names the line), a key or a role is
            unknown (names the nearest), a value has the wrong type, or a range is reversed.
    """
    if isinstance(source, str) and "\n" in source:
        return _codebook_of(_parse(source, "the codebook"))
    path = Path(source)
    try:
        check_readable_file(path)
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DataError(
            f"a codebook must be text in UTF-8, but {path.name!r} is not from line "
            f"{line} on (byte {error.start + 1}). Save it again as UTF-8."
        ) from None
    except OSError as error:
        raise DataError(
            f"the codebook {str(path)!r} must be readable, but it is not "
            f"({type(error).__name__}). Check your rights to it."
        ) from None
    return _codebook_of(_parse(text, repr(path.name)))


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        said = " ".join(str(error).split())[:160]
        raise DataError(
            f"a codebook must be written in TOML, but {name} cannot be read: {said}. "
            'Texts stand in quotes (label = "Hours together"), names with blanks too '
            '([columns."my column"]), and each table once.'
        ) from None


def _codebook_of(document: dict[str, Any]) -> CodebookFile:
    _check_keys(document, ("study", "columns"), "the codebook")
    study = _table(document, "study", "the codebook")
    columns = _table(document, "columns", "the codebook")
    if not columns:
        raise DataError(
            "a codebook must name at least one column, but it names 0. Write a table for each: "
            '[columns.intimacy] with role = "outcome"; `intimacy-analysis validate FILE '
            "--write-codebook NEW.toml` drafts them all."
        )
    _check_keys(study, _STUDY_KEYS, "[study]")
    kind = _choice(study, "kind", DATA_KINDS, "original", "[study]")
    return CodebookFile(
        codebook=Codebook(tuple(_variable(name, columns) for name in columns)),
        name=_text(study, "name", "[study]"),
        title=_text(study, "title", "[study]"),
        kind=cast(DataKind, kind),
        notes=_notes(study),
        seed=_whole(study, "seed", "[study]"),
        source=_source(study),
        truth=_truth(study),
        settings=_settings(study),
    )


def _variable(name: str, columns: dict[str, Any]) -> Variable:
    where = f"[columns.{name}]"
    if not name.strip():
        raise DataError(
            'a column must have a name, but one table is [columns.""]. Write the name that the '
            'analysis shall use, and the file\'s own as from = "...".'
        )
    entry = _table(columns, name, "[columns]")
    _check_keys(entry, _COLUMN_KEYS, where)
    role = cast(Role, _choice(entry, "role", ROLES, "none", where))
    level = cast(Level, _choice(entry, "level", LEVELS, _OWN_LEVEL.get(role, "day"), where))
    minimum, maximum = _range(entry, where)
    source = _text(entry, "from", where)
    return Variable(
        name=name,
        label=_text(entry, "label", where),
        unit=_text(entry, "unit", where),
        minimum=minimum,
        maximum=maximum,
        level=level,
        role=role,
        value_labels=_values(entry, where),
        missing_codes=_missing(entry, where),
        source_name="" if source == name else source,
    )


def _range(entry: dict[str, Any], where: str) -> tuple[float | None, float | None]:
    given = entry.get("range")
    if given is None:
        return None, None
    if not isinstance(given, list) or len(given) != 2 or not all(map(_is_number, given)):
        raise _wrong(where, "range", given, "two numbers", "range = [1, 7]; inf leaves an end open")
    low, high = float(given[0]), float(given[1])
    if not low < high:
        raise DataError(
            f"a range must rise from its smallest to its largest value, but range in {where} is "
            f"[{low:g}, {high:g}]. Write the smaller one first: range = [{high:g}, {low:g}]."
        )
    return (low if math.isfinite(low) else None), (high if math.isfinite(high) else None)


def _values(entry: dict[str, Any], where: str) -> tuple[tuple[float | str, str], ...]:
    given = entry.get("values", {})
    if not isinstance(given, dict) or not all(isinstance(label, str) for label in given.values()):
        raise _wrong(
            where, "values", given, "labels by code", 'values = { "1" = "never", "7" = "always" }'
        )
    codes = {code: _number_in(code) for code in given}
    if all(number is not None for number in codes.values()):
        numbers = {cast(float, codes[code]): label for code, label in given.items()}
        return tuple(sorted(numbers.items()))
    return tuple(given.items())


def _missing(entry: dict[str, Any], where: str) -> tuple[tuple[float | str, str], ...]:
    given = entry.get("missing", {})
    example = 'missing = { "-99" = "refused" } or missing = [-99, -98]'
    if isinstance(given, list):
        if not all(_is_number(code) or isinstance(code, str) for code in given):
            raise _wrong(where, "missing", given, "codes, or reasons by code", example)
        given = {str(code): "missing" for code in given}
    if not isinstance(given, dict) or not all(isinstance(why, str) for why in given.values()):
        raise _wrong(where, "missing", given, "codes, or reasons by code", example)
    found: dict[float | str, str] = {}
    for code, reason in given.items():
        number = _number_in(code)
        found[code if number is None else number] = reason or "missing"
    return tuple(found.items())


def _settings(study: dict[str, Any]) -> FileSettings:
    delimiter = _text(study, "delimiter", "[study]")
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if delimiter and delimiter not in DELIMITERS:
        raise _wrong("[study]", "delimiter", delimiter, "one of , ; tab | : or a blank", '";"')
    decimal = _choice(study, "decimal", ("", ".", ","), "", "[study]")
    if decimal and decimal == delimiter:
        raise DataError(
            f"delimiter and decimal must differ, but both are {decimal!r} in [study]. "
            'Files with a decimal comma have delimiter = ";".'
        )
    return FileSettings(
        encoding=_text(study, "encoding", "[study]"),
        delimiter=delimiter,
        decimal=decimal,
        sheet=_text(study, "sheet", "[study]"),
        date_order=cast(DateOrder, _choice(study, "date_order", DATE_ORDERS, "", "[study]")),
    )


def _source(study: dict[str, Any]) -> Source | None:
    if "source" not in study:
        return None
    where = "[study.source]"
    entry = _table(study, "source", "[study]")
    _check_keys(entry, _SOURCE_KEYS, where)
    absent = [key for key in ("authors", "year", "title") if key not in entry]
    if absent:
        raise DataError(
            f"{where} must name authors, year and title, but {len(absent)} are absent; the first "
            f"is {absent[0]}. Add it, or leave the whole table out."
        )
    return Source(
        authors=_text(entry, "authors", where),
        year=_whole(entry, "year", where) or 0,
        title=_text(entry, "title", where),
        venue=_text(entry, "venue", where),
        doi=_text(entry, "doi", where),
    )


def _truth(study: dict[str, Any]) -> dict[str, float]:
    truth = _table(study, "truth", "[study]")
    for name, value in truth.items():
        if not _is_number(value):
            raise _wrong("[study.truth]", name, value, "a number", f"{name} = 0.25")
    return {name: float(value) for name, value in truth.items()}


def _notes(study: dict[str, Any]) -> tuple[str, ...]:
    notes = study.get("notes", [])
    notes = [notes] if isinstance(notes, str) else notes
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise _wrong("[study]", "notes", notes, "a list of sentences", 'notes = ["..."]')
    return tuple(notes)


def _check_keys(entry: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    unknown = [key for key in entry if key not in known]
    if unknown:
        raise DataError(
            f"{where} may have the keys {', '.join(known)}, but {len(unknown)} of {len(entry)} "
            f"are none of them; the first is {unknown[0]!r}. {near_names(unknown[0], known)} "
            "Correct or remove it."
        )


def _table(entry: dict[str, Any], key: str, where: str) -> dict[str, Any]:
    found = entry.get(key, {})
    if not isinstance(found, dict):
        raise _wrong(where, key, found, "a table", f"[{key}] on a line of its own")
    return found


def _text(entry: dict[str, Any], key: str, where: str) -> str:
    found = entry.get(key, "")
    if not isinstance(found, str):
        raise _wrong(where, key, found, "a text in quotes", f'{key} = "..."')
    return found


def _whole(entry: dict[str, Any], key: str, where: str) -> int | None:
    found = entry.get(key)
    if found is not None and (isinstance(found, bool) or not isinstance(found, int)):
        raise _wrong(where, key, found, "a whole number", f"{key} = 2015")
    return found


def _choice(
    entry: dict[str, Any], key: str, choices: tuple[str, ...], default: str, where: str
) -> str:
    found = entry.get(key, default)
    if not isinstance(found, str) or found not in choices:
        listed = tuple(choice for choice in choices if choice)
        near = near_names(found, listed) if isinstance(found, str) else ""
        near = near if near.startswith("Did") else "Write one of them in quotes."
        raise DataError(
            f"{key} in {where} must be one of {', '.join(listed)}, but it is {found!r}. {near}"
        )
    return found


def _wrong(where: str, key: str, found: object, what: str, example: str) -> DataError:
    shown = repr(found) if len(repr(found)) <= 40 else f"a {type(found).__name__}"
    return DataError(f"{key} in {where} must be {what}, but it is {shown}. Write {example}.")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value


def _number_in(code: str) -> float | None:
    try:
        number = float(code) if "_" not in code else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None
