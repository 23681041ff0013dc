"""Draft a codebook from a data file, so that a user starts from a page that is not empty."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook_text import toml_value
from intimacy_analysis.loaders.couples_draft import couples_draft
from intimacy_analysis.loaders.dates import looks_like_dates
from intimacy_analysis.loaders.draft_columns import column_lines, draft_columns
from intimacy_analysis.loaders.file_settings import FileSettings
from intimacy_analysis.loaders.frames import is_table, take_table
from intimacy_analysis.loaders.qualtrics import IDENTIFYING
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.loaders.rows import read_rows
from intimacy_analysis.loaders.survey_draft import survey_draft
from intimacy_analysis.study.checks import check_has_rows
from intimacy_analysis.study.codebook import Role

_NAMES: dict[Role, str] = {
    "person": r"(person|participant|subject|respondent|woman|proband|vpn?|pid|subj|id|case)"
    r"([ _.-]?(id|nr|no|num|number|code))?",
    "couple": r"(couple|dyad|pair|paar)([ _.-]?(id|nr|no|num|number|code))?|cid|did",
    "partner": r"partner|member|role",
    "date": r"(entry|diary|record(ed)?|start|end)?[ _.-]?(date|datum)",
    "day": r"(study|diary)?[ _.-]?(day|tag)s?([ _.-]?(nr|no|num|number))?|(time|session|occasion)",
    "weekend": r"(is[ _.-]?)?(week[ _.-]?end|wochenende)",
    "stress": r".*stress.*",
    "predictor": r".*(shared|together|joint).*(hours?|time|minutes?|h)?|.*hours?.*with.*",
    "outcome": r"(daily|felt)?[ _.-]?(intimacy|closeness|intimitaet|intimität).*",
}


def draft_codebook(source: object, *, settings: FileSettings | None = None) -> str:
    """Return the TOML text of a codebook drafted from a data file.

    Names, labels and missing codes come from the file where it holds them (SPSS, Stata,
    Qualtrics). Roles are guessed from names and values, ranges from the values that occur;
    each guess ends in "# please check". Columns that identify a person are left out.

    A file of couples is told by columns that come in pairs (`Sat_w` and `Sat_h`), or by an id of
    couples that stands in two rows; its draft has a `[couples]` table and lists the pairs.
    A file in which each id has one row, and that has no day, is drafted as a survey, with a
    `[persons]` table.

    Args:
        source: Path of a data file, or a pandas, polars or Arrow table.
        settings: How a text file is written, where it cannot be seen.

    Raises:
        DataError: Where the file cannot be read.
    """
    settings = settings or FileSettings()
    if is_table(source):
        raw, name = take_table(source), "diary"
    elif isinstance(source, (str, Path)):
        raw, name = _read(Path(source), settings), Path(source).stem
    else:
        raise DataError(
            "a codebook is drafted from a path or a table, but this is a "
            f"{type(source).__name__}. Name a data file."
        )
    check_has_rows(raw.columns)
    names = [column for column in raw.names if column not in IDENTIFYING]
    roles = _roles(raw, names)
    drafted = couples_draft(raw, names, settings) or survey_draft(raw, names, roles, settings)
    if drafted is not None:
        head, tail = drafted
    else:
        drafts = draft_columns(raw, names, roles, settings)
        head, tail = _head(roles), [line for draft in drafts for line in ("", *column_lines(draft))]
    lines = [*head, "", "[study]", f"name = {toml_value(name)}", 'kind = "original"']
    lines += [
        f"{key} = {toml_value(value)}"
        for key in ("encoding", "delimiter", "decimal", "sheet", "date_order")
        if (value := getattr(settings, key))
    ]
    return "\n".join([*lines, *tail]) + "\n"


def _read(path: Path, settings: FileSettings) -> RawTable:
    """Read the file twice where it is text: ids once they are known must stay as written."""
    raw = read_rows(path, settings=settings)
    if raw.format not in ("csv", "tsv", "qualtrics"):
        return raw
    ids = [
        column
        for column in raw.names
        for role in ("person", "couple", "partner")
        if re.fullmatch(_NAMES[role], column.strip().casefold())
    ]
    return read_rows(path, settings=settings, text_columns=ids) if ids else raw


def _roles(raw: RawTable, names: list[str]) -> dict[str, Role]:
    """Give each role to the first column whose name and values could be it."""
    found: dict[str, Role] = {}
    for role, pattern in _NAMES.items():
        for name in names:
            fits = re.fullmatch(pattern, name.strip().casefold())
            if fits and name not in found and _could_be(raw.columns[name], role):
                found[name] = role
                break
    if "date" not in found.values():
        dated = [
            name
            for name in names
            if name not in found
            and not pd.api.types.is_numeric_dtype(raw.columns[name].dtype)
            and raw.columns[name].notna().any()
            and looks_like_dates(raw.columns[name])
        ]
        if dated:
            found[dated[0]] = "date"
    return found


def _could_be(column: pd.Series, role: Role) -> bool:
    known = column.dropna()
    if len(known) == 0:
        return False
    n_different = known.nunique()
    if role in ("person", "couple"):
        return n_different < len(known)  # an id of rows is no id of persons
    if role == "partner":
        return n_different == 2
    if role == "date":
        return looks_like_dates(column)
    if role == "weekend":
        return n_different <= 2
    if role == "day":
        numbers = pd.to_numeric(known, errors="coerce")
        whole = numbers.notna() & (numbers == np.floor(numbers))
        return bool(whole.all() or looks_like_dates(known)) and 2 <= n_different <= 1000
    return bool(pd.to_numeric(known, errors="coerce").notna().mean() > 0.5) and n_different > 1


def _head(roles: dict[str, Role]) -> list[str]:
    held = set(roles.values())
    lines = [
        "# Draft of a codebook. Guesses are marked: correct them, remove columns you do not need,",
        "# and check the file again with: intimacy-analysis validate FILE --codebook THIS_FILE",
        "# Roles: person couple partner day date weekend outcome predictor stress covariate none",
    ]
    if "person" not in held:
        lines.append('# Please fill in: role = "person" under the column with the persons\' ids.')
    if not held & {"day", "date"}:
        lines.append('# Please fill in: role = "date" (or "day") under the column of days.')
    for role in ("outcome", "predictor"):
        if role not in held:
            lines.append(f'# Please fill in: role = "{role}" under the column of the {role}.')
    return lines
