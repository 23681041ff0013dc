"""Draft the codebook of a couples' file, with the pairs of columns shown to be confirmed."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from intimacy_analysis.loaders.codebook_text import couples_lines, toml_value
from intimacy_analysis.loaders.couple_names import MemberColumns, find_member_columns
from intimacy_analysis.loaders.couples_layout import CouplesLayout
from intimacy_analysis.loaders.draft_columns import (
    PLEASE_CHECK,
    ColumnDraft,
    column_lines,
    draft_columns,
)
from intimacy_analysis.loaders.file_settings import FileSettings
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.study.codebook import Level, Role

_COUPLE = r"(couple|dyad|pair|paar|family)([ _.-]?(id|nr|no|num|number|code))?|cid|did"
_ANY_ID = r"(case|record|response)?[ _.-]?(id|nr|number|code)"
_MEMBER = r"partner|member|role|partnum|gender|sex|geschlecht|spouse"
_HEAD = (
    "# Draft of a codebook of couples. Guesses are marked: correct them, remove columns you do",
    "# not need, and check the file again with:",
    "# intimacy-analysis validate FILE --codebook THIS_FILE",
)


def couples_draft(
    raw: RawTable, names: list[str], settings: FileSettings
) -> tuple[list[str], list[str]] | None:
    """Return what stands above `[study]` and below; None for a file that looks like no couples'.

    Args:
        raw: The file's columns, a row a couple or a row a member.
        names: Names of the columns to look at.
        settings: Order of day and month, decimal sign.
    """
    couple = _first(names, _COUPLE)
    if couple is not None and _holds_two_rows_each(raw.columns[couple]):
        return _long(raw, names, couple, settings)
    found = find_member_columns(names)
    if found is None or (couple is not None and raw.columns[couple].dropna().duplicated().any()):
        return None
    return _wide(raw, names, found, settings)


def _first(names: list[str], pattern: str) -> str | None:
    return next((n for n in names if re.fullmatch(pattern, n.strip().casefold())), None)


def _holds_two_rows_each(ids: pd.Series) -> bool:
    """Whether no id stands in more than two rows, and most stand in two."""
    rows = ids.value_counts()
    return len(rows) > 0 and int(rows.max()) == 2 and float((rows == 2).mean()) > 0.5


def _wide(
    raw: RawTable, names: list[str], found: MemberColumns, settings: FileSettings
) -> tuple[list[str], list[str]]:
    stacked = _stacked(raw, names, found)
    couple = _first(list(stacked.names), _COUPLE) or _first(list(stacked.names), _ANY_ID)
    if couple is not None and raw.columns[couple].dropna().duplicated().any():
        couple = None
    roles: dict[str, Role] = {} if couple is None else {couple: "couple"}
    drafts = draft_columns(stacked, list(stacked.names), roles, settings)
    columns = {stem: (first, second) for stem, first, second in found.pairs}
    layout = CouplesLayout(roles=found.roles, layout="wide", distinguishable=found.distinguishable)
    lines = [*_HEAD, "#", *_preview(found)]
    if couple is None:
        lines.append("# No column of couples' ids was found: the rows are numbered.")
    tail = ["", *couples_lines(layout)]
    tail[2] += PLEASE_CHECK
    for name, draft in zip(stacked.names, drafts, strict=True):
        if name in columns:
            tail += ["", *_pair_lines(draft, found.roles, columns[name])]
        else:
            tail += ["", *column_lines(_of_couple(draft, name, found.roles))]
    return lines, tail


def _stacked(raw: RawTable, names: list[str], found: MemberColumns) -> RawTable:
    """Return the columns with both members' values one below the other, to guess from."""
    first_of = {first: (stem, second) for stem, first, second in found.pairs}
    seconds = {second for _, _, second in found.pairs}
    columns: dict[str, pd.Series] = {}
    sources: dict[str, str] = {}
    for name in names:
        if name in seconds:
            continue
        stem, other = first_of.get(name, (name, name))
        columns[stem] = pd.concat([raw.columns[name], raw.columns[other]], ignore_index=True)
        sources[stem] = name
    labels = {}
    for stem, name in sources.items():
        other = first_of.get(name, (name, name))[1]
        if name in raw.labels and raw.labels[name] == raw.labels.get(other):
            labels[stem] = raw.labels[name]
    return replace(
        raw,
        columns=pd.DataFrame(columns).rename_axis(index="row"),
        names=tuple(columns),
        labels=labels,
        value_labels={s: raw.value_labels[n] for s, n in sources.items() if n in raw.value_labels},
        missing={s: raw.missing[n] for s, n in sources.items() if n in raw.missing},
        reasons={},
    )


def _preview(found: MemberColumns) -> list[str]:
    """Return the pairs as a table in comments: a wrong one would go unnoticed."""
    heads = ("variable", *found.roles)
    widths = [max(len(row[at]) for row in (heads, *found.pairs)) for at in range(3)]
    rows = [
        "#   " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in (heads, *found.pairs)
    ]
    lines = [
        f"# {len(found.pairs)} pairs of columns were found by their names. Please confirm each: a "
        "wrong pair",
        "# would not be noticed later.",
        *(row.rstrip() for row in rows),
    ]
    if not found.distinguishable:
        lines += [
            "# The names do not say who is who, so the order of the two is taken as arbitrary. If",
            "# it means something (1 is always the wife), write the roles and remove",
            "# distinguishable = false. If the two are times and not members, this is no file of",
            "# couples: remove [couples].",
        ]
    return lines


def _pair_lines(draft: ColumnDraft, roles: tuple[str, str], columns: tuple[str, str]) -> list[str]:
    own = replace(draft.variable, source_name="", level="person")
    lines = column_lines(replace(draft, variable=own))
    named = [
        f"{role} = {toml_value(column)}{PLEASE_CHECK}"
        for role, column in zip(roles, columns, strict=True)
    ]
    kept = [line for line in lines[1:] if not line.startswith(("level = ", "role = "))]
    return [lines[0], *named, *kept]


def _of_couple(draft: ColumnDraft, name: str, roles: tuple[str, str]) -> ColumnDraft:
    own = draft.variable.name
    if own.endswith(tuple(f"_{role}" for role in roles)):
        own = f"{own}_only"  # an ending is kept for columns that have a counterpart
    source = name if own != name else ""
    return replace(
        draft, variable=replace(draft.variable, name=own, source_name=source, level="couple")
    )


def _long(
    raw: RawTable, names: list[str], couple: str, settings: FileSettings
) -> tuple[list[str], list[str]]:
    ids = raw.columns[couple]
    tell_apart = [
        name
        for name in names
        if re.fullmatch(_MEMBER, name.strip().casefold())
        and raw.columns[name].nunique() == 2
        and not pd.DataFrame({"couple": ids, "member": raw.columns[name]}).duplicated().any()
    ]
    # "wife" says more than "1".
    worded = [name for name in tell_apart if _holds_words(raw.columns[name])]
    member = next(iter([*worded, *tell_apart]), None)
    roles: dict[str, Role] = {couple: "couple"}
    words: list[str] = []
    if member is not None:
        roles[member] = "partner"
        cells = raw.columns[member].dropna().unique()
        # Words in the order of the file, most often the wife first; numbers by size.
        words = [str(cell) for cell in (cells if worded else sorted(cells, key=str))]
    drafts = draft_columns(raw, names, roles, settings)
    labels = [
        label
        for name, draft in zip(names, drafts, strict=True)
        if name == member and not worded and len(draft.variable.value_labels) == 2
        for _, label in draft.variable.value_labels
    ]
    # Codes with labels, as SPSS keeps them, in the order of the codes.
    own = [re.sub(r"\W+", "_", word.strip().casefold()).strip("_") for word in labels or words]
    told = len(own) == 2 and own[0] != own[1] and all(word[:1].isalpha() for word in own)
    named = (own[0], own[1]) if told else ("partner_1", "partner_2")
    layout = CouplesLayout(roles=named, layout="long", distinguishable=told)
    tail = ["", *couples_lines(layout)]
    tail[2] += PLEASE_CHECK
    for name, draft in zip(names, drafts, strict=True):
        variable = draft.variable
        if name == member and labels:
            codes = (code for code, _ in variable.value_labels)
            variable = replace(variable, value_labels=tuple(zip(codes, named, strict=True)))
        elif name == member and tuple(words) != named:
            variable = replace(variable, value_labels=tuple(zip(words, named, strict=True)))
        if name != couple:
            variable = replace(variable, level=_level(ids, raw.columns[name]))
        tail += ["", *column_lines(replace(draft, variable=variable))]
    return [*_HEAD], tail


def _holds_words(column: pd.Series) -> bool:
    return all(str(cell).strip()[:1].isalpha() for cell in column.dropna().unique())


def _level(ids: pd.Series, column: pd.Series) -> Level:
    pairs = pd.DataFrame({"couple": ids, "value": column}).dropna().drop_duplicates()
    return "person" if pairs["couple"].duplicated().any() else "couple"
