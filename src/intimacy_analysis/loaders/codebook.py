"""Read a codebook: the TOML file that says what each column of a data file means."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.couples_layout import (
    CouplesLayout,
    check_paired_once,
    couples_layout,
)
from intimacy_analysis.loaders.file_settings import DATE_ORDERS, DELIMITERS, DateOrder, FileSettings
from intimacy_analysis.loaders.scale_entries import read_scales
from intimacy_analysis.loaders.toml_entries import (
    check_keys,
    choice_of,
    is_number,
    table_of,
    text_of,
    whole_of,
    wrong_entry,
)
from intimacy_analysis.study.checks import check_readable_file
from intimacy_analysis.study.codebook import (
    LEVELS,
    ROLES,
    Codebook,
    Level,
    Role,
    Variable,
)
from intimacy_analysis.study.scale import Scale
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
# In a file of couples a row is a couple or a member: neither days nor one outcome.
_COUPLES_LEVELS: tuple[Level, ...] = ("person", "couple")
_COUPLES_ROLES: dict[str, tuple[Role, ...]] = {
    "wide": ("couple", "covariate", "none"),
    "long": ("couple", "partner", "person", "covariate", "none"),
}
# In a survey a row is a person, who answered once.
_SURVEY_LEVELS: tuple[Level, ...] = ("person",)
_SURVEY_ROLES: tuple[Role, ...] = ("person", "covariate", "none")
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
        couples: How couples stand in the file; None for a diary or a survey.
        persons: Whether a row is a person who answered once, a survey.
        scales: Keys of the questionnaires whose items are columns.
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
    couples: CouplesLayout | None = None
    persons: bool = False
    scales: tuple[Scale, ...] = ()


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
    check_keys(document, ("study", "couples", "persons", "scales", "columns"), "the codebook")
    study = table_of(document, "study", "the codebook")
    columns = table_of(document, "columns", "the codebook")
    if not columns:
        raise DataError(
            "a codebook must name at least one column, but it names 0. Write a table for each: "
            '[columns.intimacy] with role = "outcome"; `intimacy-analysis validate FILE '
            "--write-codebook NEW.toml` drafts them all."
        )
    check_keys(study, _STUDY_KEYS, "[study]")
    kind = choice_of(study, "kind", DATA_KINDS, "original", "[study]")
    couples = couples_layout(document, _COLUMN_KEYS)
    persons = _persons(document)
    return CodebookFile(
        codebook=Codebook(_variables(columns, couples, persons)),
        name=text_of(study, "name", "[study]"),
        title=text_of(study, "title", "[study]"),
        kind=cast(DataKind, kind),
        notes=_notes(study),
        seed=whole_of(study, "seed", "[study]"),
        source=_source(study),
        truth=_truth(study),
        settings=_settings(study),
        couples=couples,
        persons=persons,
        scales=read_scales(document),
    )


def _persons(document: dict[str, Any]) -> bool:
    """Return whether a row is a person who answered once, as an empty `[persons]` says."""
    if "persons" not in document:
        return False
    entry = table_of(document, "persons", "the codebook")
    if entry:
        raise DataError(
            f"[persons] must be empty, but has {len(entry)} keys; the first is "
            f"{next(iter(entry))!r}. It says only that a row is a person who answered once; name "
            'the column of ids with role = "person" in its own table.'
        )
    if "couples" in document:
        raise DataError(
            "a row must be a person or a couple, but the codebook has both [persons] and "
            "[couples], 1 table too many. Keep [couples] where the file holds both partners."
        )
    return True


def _variables(
    columns: dict[str, Any], couples: CouplesLayout | None, persons: bool
) -> tuple[Variable, ...]:
    if couples is None:
        return tuple(_variable(name, columns, None, persons=persons) for name in columns)
    found: list[Variable] = []
    pairs: list[tuple[Variable, Variable]] = []
    for name in columns:
        entry = table_of(columns, name, "[columns]")
        if couples.layout == "wide" and any(role in entry for role in couples.roles):
            pairs.append(_pair(name, columns, couples))
            found += pairs[-1]
        else:
            found.append(_variable(name, columns, couples))
            _check_whose(found[-1], couples)
    check_paired_once(pairs, couples)
    return tuple(found)


def _pair(name: str, columns: dict[str, Any], couples: CouplesLayout) -> tuple[Variable, Variable]:
    """Return the entries of both members' columns of one variable."""
    where = f"[columns.{name}]"
    entry = table_of(columns, name, "[columns]")
    sources = [text_of(entry, role, where) for role in couples.roles]
    absent = [role for role, source in zip(couples.roles, sources, strict=True) if not source]
    if absent:
        raise DataError(
            f"{where} must name the column of each member, but {len(absent)} of 2 is absent: "
            f'{absent[0]}. Add {absent[0]} = "...", the name of that column in the file.'
        )
    alone = {key: value for key, value in entry.items() if key not in couples.roles}
    for key in ("from", "role"):
        if key in alone and (key == "from" or alone[key] == "couple"):
            raise DataError(
                f"{where} has a column for each member, {couples.roles[0]} and "
                f"{couples.roles[1]}, but also {key} = {alone[key]!r}, 1 key too many. Remove it, "
                "or give the other column a table of its own."
            )
    given = {**alone, "level": alone.get("level", "person")}
    shared = _variable(name, {name: given}, couples)
    if shared.level != "person":
        raise DataError(
            f'{where} has a column for each member and so the level "person", but it says level '
            f'= "{shared.level}". Remove the level, or name one column with from = "...".'
        )
    first, second = (
        replace(
            shared,
            name=f"{name}_{role}",
            label=f"{shared.label} ({role})" if shared.label else "",
            source_name="" if source == f"{name}_{role}" else source,
        )
        for role, source in zip(couples.roles, sources, strict=True)
    )
    return first, second


def _check_whose(variable: Variable, couples: CouplesLayout) -> None:
    """Raise `DataError` where one column of a wide file is said to be of both members."""
    if variable.level == "person" and _usual_level(variable.name, couples) == "couple":
        first, second = couples.roles
        raise DataError(
            f'[columns.{variable.name}] has the level "person" and must name a column for each '
            f'member, but 2 of 2 are absent, first that of the {first}. Write {first} = "..." and '
            f'{second} = "..." in place of from, or level = "couple".'
        )


def _variable(
    name: str, columns: dict[str, Any], couples: CouplesLayout | None, *, persons: bool = False
) -> Variable:
    where = f"[columns.{name}]"
    if not name.strip():
        raise DataError(
            'a column must have a name, but one table is [columns.""]. Write the name that the '
            'analysis shall use, and the file\'s own as from = "...".'
        )
    entry = table_of(columns, name, "[columns]")
    members = couples.roles if couples is not None and couples.layout == "wide" else ()
    check_keys(entry, (*_COLUMN_KEYS, *members), where)
    roles, levels = ROLES, LEVELS
    if couples is not None:
        roles, levels = _COUPLES_ROLES[couples.layout], _COUPLES_LEVELS
    elif persons:
        roles, levels = _SURVEY_ROLES, _SURVEY_LEVELS
    role = cast(Role, choice_of(entry, "role", roles, "none", where))
    usual = "person" if persons else _OWN_LEVEL.get(role, _usual_level(name, couples))
    level = cast(Level, choice_of(entry, "level", levels, usual, where))
    minimum, maximum = _range(entry, where)
    source = text_of(entry, "from", where)
    return Variable(
        name=name,
        label=text_of(entry, "label", where),
        unit=text_of(entry, "unit", where),
        minimum=minimum,
        maximum=maximum,
        level=level,
        role=role,
        value_labels=_values(entry, where),
        missing_codes=_missing(entry, where),
        source_name="" if source == name else source,
    )


def _usual_level(name: str, couples: CouplesLayout | None) -> Level:
    if couples is None:
        return "day"
    of_member = couples.layout == "long" or name.endswith(tuple(f"_{r}" for r in couples.roles))
    return "person" if of_member else "couple"


def _range(entry: dict[str, Any], where: str) -> tuple[float | None, float | None]:
    given = entry.get("range")
    if given is None:
        return None, None
    if not isinstance(given, list) or len(given) != 2 or not all(map(is_number, given)):
        raise wrong_entry(
            where, "range", given, "two numbers", "range = [1, 7]; inf leaves an end open"
        )
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
        raise wrong_entry(
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
        if not all(is_number(code) or isinstance(code, str) for code in given):
            raise wrong_entry(where, "missing", given, "codes, or reasons by code", example)
        given = {str(code): "missing" for code in given}
    if not isinstance(given, dict) or not all(isinstance(why, str) for why in given.values()):
        raise wrong_entry(where, "missing", given, "codes, or reasons by code", example)
    found: dict[float | str, str] = {}
    for code, reason in given.items():
        number = _number_in(code)
        found[code if number is None else number] = reason or "missing"
    return tuple(found.items())


def _settings(study: dict[str, Any]) -> FileSettings:
    delimiter = text_of(study, "delimiter", "[study]")
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if delimiter and delimiter not in DELIMITERS:
        raise wrong_entry("[study]", "delimiter", delimiter, "one of , ; tab | : or a blank", '";"')
    decimal = choice_of(study, "decimal", ("", ".", ","), "", "[study]")
    if decimal and decimal == delimiter:
        raise DataError(
            f"delimiter and decimal must differ, but both are {decimal!r} in [study]. "
            'Files with a decimal comma have delimiter = ";".'
        )
    return FileSettings(
        encoding=text_of(study, "encoding", "[study]"),
        delimiter=delimiter,
        decimal=decimal,
        sheet=text_of(study, "sheet", "[study]"),
        date_order=cast(DateOrder, choice_of(study, "date_order", DATE_ORDERS, "", "[study]")),
    )


def _source(study: dict[str, Any]) -> Source | None:
    if "source" not in study:
        return None
    where = "[study.source]"
    entry = table_of(study, "source", "[study]")
    check_keys(entry, _SOURCE_KEYS, where)
    absent = [key for key in ("authors", "year", "title") if key not in entry]
    if absent:
        raise DataError(
            f"{where} must name authors, year and title, but {len(absent)} are absent; the first "
            f"is {absent[0]}. Add it, or leave the whole table out."
        )
    return Source(
        authors=text_of(entry, "authors", where),
        year=whole_of(entry, "year", where) or 0,
        title=text_of(entry, "title", where),
        venue=text_of(entry, "venue", where),
        doi=text_of(entry, "doi", where),
    )


def _truth(study: dict[str, Any]) -> dict[str, float]:
    truth = table_of(study, "truth", "[study]")
    for name, value in truth.items():
        if not is_number(value):
            raise wrong_entry("[study.truth]", name, value, "a number", f"{name} = 0.25")
    return {name: float(value) for name, value in truth.items()}


def _notes(study: dict[str, Any]) -> tuple[str, ...]:
    notes = study.get("notes", [])
    notes = [notes] if isinstance(notes, str) else notes
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise wrong_entry("[study]", "notes", notes, "a list of sentences", 'notes = ["..."]')
    return tuple(notes)


def _number_in(code: str) -> float | None:
    try:
        number = float(code) if "_" not in code else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None
