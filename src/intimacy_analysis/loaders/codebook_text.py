"""Write a codebook as TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook import CodebookFile
from intimacy_analysis.loaders.couples_layout import CouplesLayout
from intimacy_analysis.study.codebook import Variable
from intimacy_analysis.study.scale import Scale


def write_codebook(codebook: CodebookFile | str, path: Path | str) -> Path:
    """Write a codebook, or the text of a draft, into a new file and return its path.

    Args:
        codebook: What `read_codebook` or `draft_codebook` returned.
        path: A file that is not there yet.

    Raises:
        DataError: Where the file exists (nothing is ever overwritten) or cannot be made.
    """
    path = Path(path)
    text = codebook if isinstance(codebook, str) else codebook_text(codebook)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise DataError(
            f"a codebook is written into a new file, but {str(path)!r} is there already and is "
            "left as it is. Choose another name, or move the old file away."
        ) from None
    except OSError as error:
        raise DataError(
            f"the codebook must be written to {str(path)!r}, but the file cannot be made "
            f"({type(error).__name__}). Check that the folder exists and that you may write there."
        ) from None
    return path


def codebook_text(file: CodebookFile) -> str:
    """Return the TOML text of a codebook; `read_codebook` of it gives the same codebook."""
    lines = ["[study]"]
    lines += _entries(
        {"name": file.name, "title": file.title, "kind": file.kind, "seed": file.seed}
    )
    if file.notes:
        lines.append(f"notes = [{', '.join(map(toml_value, file.notes))}]")
    settings = file.settings
    lines += _entries(
        {
            "encoding": settings.encoding,
            "delimiter": settings.delimiter,
            "decimal": settings.decimal,
            "sheet": settings.sheet,
            "date_order": settings.date_order,
        }
    )
    if file.source is not None:
        source = file.source
        lines += ["", "[study.source]", f"authors = {toml_value(source.authors)}"]
        lines += [f"year = {source.year}", f"title = {toml_value(source.title)}"]
        lines += _entries({"venue": source.venue, "doi": source.doi})
    if file.truth:
        lines += ["", "[study.truth]"]
        lines += [f"{toml_key(name)} = {toml_value(value)}" for name, value in file.truth.items()]
    if file.couples is not None:
        lines += ["", *couples_lines(file.couples)]
    if file.persons:
        lines += ["", "[persons]"]
    lines += scale_lines(file.scales)
    written: set[str] = set()
    for variable in file.codebook:
        pair = _pair(file, variable)
        if variable.name not in written:
            lines += ["", *(_column(variable) if pair is None else _paired(file, pair))]
        written |= {variable.name, *(other.name for other in pair or ())}
    return "\n".join(lines) + "\n"


def couples_lines(couples: CouplesLayout) -> list[str]:
    """Return the lines of the table `[couples]`."""
    lines = ["[couples]", f"roles = [{', '.join(map(toml_value, couples.roles))}]"]
    lines.append(f"layout = {toml_value(couples.layout)}")
    return lines if couples.distinguishable else [*lines, "distinguishable = false"]


def scale_lines(scales: Sequence[Scale]) -> list[str]:
    """Return scales as lines of TOML."""
    lines: list[str] = []
    for scale in scales:
        lines += ["", f"[scales.{toml_key(scale.name)}]"]
        if scale.label:
            lines.append(f"label = {toml_value(scale.label)}")
        lines.append(f"items = {_listed(scale.items)}")
        if scale.reversed:
            lines.append(f"reversed = {_listed(scale.reversed)}")
        lines.append(f"range = [{toml_value(scale.minimum)}, {toml_value(scale.maximum)}]")
        if scale.ranges:
            own = ", ".join(
                f"{toml_key(item)} = [{toml_value(low)}, {toml_value(high)}]"
                for item, low, high in scale.ranges
            )
            lines.append(f"ranges = {{ {own} }}")
        lines.append(f"method = {toml_value(scale.method)}")
        lines.append(f"least_answered = {toml_value(scale.least_answered)}")
        if scale.multiplier != 1:
            lines.append(f"multiplier = {toml_value(scale.multiplier)}")
        if scale.rescaled_to is not None:
            lines.append(f"rescaled_to = [{', '.join(map(toml_value, scale.rescaled_to))}]")
        lines.append(f"unit = {toml_value(scale.unit)}")
        if scale.basis:
            lines.append(f"basis = {toml_value(scale.basis)}")
        if scale.source:
            lines.append(f"source = {toml_value(scale.source)}")
    return lines


def _listed(names: Sequence[str]) -> str:
    return f"[{', '.join(map(toml_value, names))}]"


def toml_key(name: str) -> str:
    """Return a name as a TOML key, in quotes where it needs them."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml_value(name)


def toml_value(value: str | float) -> str:
    """Return a text or a number as TOML writes it."""
    if isinstance(value, str):
        # JSON and TOML escape alike, except for DEL, which TOML forbids in the open.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _entries(pairs: dict[str, str | int | None]) -> list[str]:
    return [
        f"{key} = {toml_value(value)}" for key, value in pairs.items() if value not in (None, "")
    ]


def _pair(file: CodebookFile, variable: Variable) -> tuple[Variable, Variable] | None:
    """Return the entries of both members' columns where one table can say both."""
    if file.couples is None or file.couples.layout == "long":
        return None
    roles = file.couples.roles
    stems = [variable.name.removesuffix(f"_{r}") for r in roles if variable.name.endswith(f"_{r}")]
    names = [f"{stem}_{role}" for stem in stems for role in roles]
    held = file.codebook.names
    if not names or any(name not in held for name in names):
        return None
    if held.index(names[1]) != held.index(names[0]) + 1:
        return None  # one table a member keeps the order
    first, second = (file.codebook[name] for name in names)
    label = first.label.removesuffix(f" ({roles[0]})")
    endings = [f" ({role})" if label else "" for role in roles]
    alike = [replace(v, name="", label="", source_name="") for v in (first, second)]
    told = (first.label, second.label) == (label + endings[0], label + endings[1])
    return (first, second) if alike[0] == alike[1] and told else None


def _paired(file: CodebookFile, pair: tuple[Variable, Variable]) -> list[str]:
    roles = file.couples.roles if file.couples is not None else ("", "")
    stem = pair[0].name.removesuffix(f"_{roles[0]}")
    lines = [f"[columns.{toml_key(stem)}]"]
    lines += [
        f"{role} = {toml_value(variable.source_name or variable.name)}"
        for role, variable in zip(roles, pair, strict=True)
    ]
    label = pair[0].label.removesuffix(f" ({roles[0]})")
    return [*lines, *_meaning(replace(pair[0], label=label))]


def _column(variable: Variable) -> list[str]:
    lines = [f"[columns.{toml_key(variable.name)}]"]
    lines += _entries({"from": variable.source_name})
    return [*lines, *_meaning(variable)]


def _meaning(variable: Variable) -> list[str]:
    lines = _entries({"label": variable.label, "unit": variable.unit})
    if variable.minimum is not None or variable.maximum is not None:
        low = "-inf" if variable.minimum is None else toml_value(variable.minimum)
        high = "inf" if variable.maximum is None else toml_value(variable.maximum)
        lines.append(f"range = [{low}, {high}]")
    lines += [f"level = {toml_value(variable.level)}", f"role = {toml_value(variable.role)}"]
    for key, pairs in (("values", variable.value_labels), ("missing", variable.missing_codes)):
        if pairs:
            shown = ", ".join(f"{_code(code)} = {toml_value(said)}" for code, said in pairs)
            lines.append(f"{key} = {{ {shown} }}")
    return lines


def _code(code: float | str) -> str:
    return toml_value(code if isinstance(code, str) else toml_value(code))
