"""Draft a codebook from a data file, so that a user starts from a page that is not empty."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook_text import toml_key, toml_value
from intimacy_analysis.loaders.columns import convert_column
from intimacy_analysis.loaders.dates import looks_like_dates
from intimacy_analysis.loaders.file_settings import FileSettings
from intimacy_analysis.loaders.frames import is_table, take_table
from intimacy_analysis.loaders.qualtrics import IDENTIFYING
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.loaders.rows import read_rows
from intimacy_analysis.study.checks import check_has_rows
from intimacy_analysis.study.codebook import Level, Role, Variable

_CHECK = "  # please check"
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
# Codes that studies use for "no answer", and how far from all other values they must lie.
_USUAL_CODES = (-9, -8, -7, -66, -77, -88, -99, -999, -9999, 77, 88, 99, 777, 888, 999, 9999)
_LONGEST_LIST = 12


def draft_codebook(source: object, *, settings: FileSettings | None = None) -> str:
    """Return the TOML text of a codebook drafted from a data file.

    Names, labels and missing codes come from the file where it holds them (SPSS, Stata,
    Qualtrics). Roles are guessed from names and values, ranges from the values that occur;
    each guess ends in "# please check". Columns that identify a person are left out.

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
    drafts = _drafts(raw, names, roles, settings)
    lines = [*_head(roles), "[study]", f"name = {toml_value(name)}", 'kind = "original"']
    lines += [
        f"{key} = {toml_value(value)}"
        for key in ("encoding", "delimiter", "decimal", "sheet", "date_order")
        if (value := getattr(settings, key))
    ]
    for draft in drafts:
        lines += ["", *_column(draft)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    variable: Variable
    values: pd.Series
    guessed_codes: bool


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


def _drafts(
    raw: RawTable, names: list[str], roles: dict[str, Role], settings: FileSettings
) -> list[_Draft]:
    person = next((name for name, role in roles.items() if role == "person"), None)
    taken: set[str] = set()
    drafts = []
    for name in names:
        role = roles.get(name, "none")
        own = _free_name(name, taken)
        taken.add(own)
        codes: tuple[tuple[float | str, str], ...] = tuple(
            (span.low, span.reason) for span in raw.missing.get(name, ()) if span.low == span.high
        )
        guessed = (
            ()
            if codes or role in ("person", "couple", "partner", "date", "day")
            else (_unusual_codes(raw.columns[name]))
        )
        variable = Variable(
            name=own,
            source_name=name if own != name else "",
            label=raw.labels.get(name, ""),
            role=role,
            value_labels=raw.value_labels.get(name, ()),
            missing_codes=(*codes, *guessed),
        )
        try:
            converted = convert_column(raw, variable, settings)
            values = converted.values
        except DataError:
            # The check of the finished codebook says what is wrong with it.
            values = raw.columns[name]
        if role == "none" and not variable.value_labels and person is not None:
            variable = _with_categories(variable, values)
        level = _level(raw, person, roles, name, values)
        drafts.append(
            _Draft(
                variable=replace(variable, level=level),
                values=values,
                guessed_codes=bool(guessed),
            )
        )
    return drafts


def _with_categories(variable: Variable, values: pd.Series) -> Variable:
    """List the words of a column that holds few of them."""
    if pd.api.types.is_numeric_dtype(values.dtype) or values.dtype == bool:
        return variable
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return variable
    words = sorted({str(cell) for cell in values.dropna().unique()})
    if not 2 <= len(words) <= _LONGEST_LIST or any(len(word) > 40 or "@" in word for word in words):
        return variable
    return replace(variable, value_labels=tuple((word, word) for word in words))


def _level(
    raw: RawTable,
    person: str | None,
    roles: dict[str, Role],
    name: str,
    values: pd.Series,
) -> Level:
    role = roles.get(name)
    if role in ("person", "partner"):
        return "person"
    if role == "couple":
        return "couple"
    if person is None or role is not None or not values.notna().any():
        return "day"
    pairs = pd.DataFrame({"holder": raw.columns[person], "value": values}).dropna()
    changes = pairs.drop_duplicates().duplicated("holder").any()
    return "day" if changes or not pairs.duplicated("holder").any() else "person"


def _unusual_codes(column: pd.Series) -> tuple[tuple[float | str, str], ...]:
    """Return usual "no answer" codes that lie far outside of all other values."""
    if not pd.api.types.is_numeric_dtype(column.dtype) or column.dtype == bool:
        return ()
    values = column.dropna().astype(float)
    others = values[~values.isin(_USUAL_CODES)]
    if others.nunique() < 3:
        return ()  # too little to say what is usual
    low, high = float(others.min()), float(others.max())
    span = max(high - low, 1.0)
    return tuple(
        (float(code), "missing")
        for code in sorted(set(values[values.isin(_USUAL_CODES)]))
        if code < low - span or code > high + span or (code < 0 <= low)
    )


def _free_name(name: str, taken: set[str]) -> str:
    """Return a name that can stand in a formula and is not in use."""
    clean = re.sub(r"\W+", "_", name.strip()).strip("_") or "column"
    if clean[0].isdigit():
        clean = f"x{clean}"
    if keyword.iskeyword(clean):
        clean = f"{clean}_"
    free, n = clean, 2
    while free in taken:
        free, n = f"{clean}_{n}", n + 1
    return free


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
    return [*lines, ""]


def _column(draft: _Draft) -> list[str]:
    variable = draft.variable
    lines = [f"[columns.{toml_key(variable.name)}]"]
    if variable.source_name:
        lines.append(f"from = {toml_value(variable.source_name)}")
    lines.append(f"label = {toml_value(variable.label)}")
    placing = variable.role in ("person", "couple", "partner", "day", "date", "weekend")
    if not placing and pd.api.types.is_float_dtype(draft.values.dtype):
        lines.append('unit = ""  # please fill in: "hours", "points"')
        values = draft.values[np.isfinite(draft.values)]
        if len(values) and values.min() < values.max():
            low, high = toml_value(float(values.min())), toml_value(float(values.max()))
            lines.append(f"range = [{low}, {high}]  # as observed: please write what is possible")
    lines.append(f'level = "{variable.level}"{"" if placing else _CHECK}')
    lines.append(f'role = "{variable.role}"{_CHECK}')
    if variable.value_labels:
        lines.append(f"values = {_inline(variable.value_labels)}")
    if variable.missing_codes:
        check = _CHECK if draft.guessed_codes else ""
        lines.append(f"missing = {_inline(variable.missing_codes)}{check}")
    return lines


def _inline(pairs: tuple[tuple[float | str, str], ...]) -> str:
    shown = ", ".join(
        f"{toml_value(code if isinstance(code, str) else toml_value(code))} = {toml_value(label)}"
        for code, label in pairs
    )
    return f"{{ {shown} }}"
