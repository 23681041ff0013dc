"""A codebook to be filled in: every construct that chosen claims need, with comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intimacy_analysis.claims.requirements import Construct, FileKind, Requirements
from intimacy_analysis.scales.questionnaires import Questionnaire, questionnaire
from intimacy_analysis.study.scale import Scale

# Stands where a column of the user's file has to be named.
PLACEHOLDER = "FILL IN"

_HEAD = {
    "diary": """\
# Codebook of a diary: one row a person and day.
""",
    "survey": """\
# Codebook of a survey: one row a person, who answered once.
""",
    "couples": """\
# Codebook of couples: the answers of both members, given once.
""",
}
_HOW = f"""\
#
# What to do: write the name of your file's column wherever it says "{PLACEHOLDER}". A line that
# begins with # is a comment; remove the # of what you have, and remove tables of what you do not
# have (only those that are needed must stay). Your file is never changed.
#
#   range    lowest and highest possible value; values outside are reported, never dropped silently
#   missing  codes that stand for no answer: missing = {{ "-99" = "refused" }}
#   label    what a figure shall call it
#
# Many items? Let the program draft a table for each column of your file, and copy them from there:
#   intimacy-analysis validate DATA --write-codebook draft.toml
"""
_TABLES = {
    "diary": f"""
# Who answered; the same person has many rows.
[columns.person]
from = "{PLACEHOLDER}"
role = "person"

# The day. Where your file has dates, use role = "date" in place of "day": weekends are then known.
[columns.day]
from = "{PLACEHOLDER}"
role = "day"
""",
    "survey": """
# Says that a row is a person; it stays empty.
[persons]

# The persons' ids, if your file has them. Without them the rows are numbered.
# [columns.person]
# from = "id"
# role = "person"
""",
    "couples": f"""
# The two members, in the order you want them shown, and how they stand in the file:
#   "wide"  one row a couple; each variable has a column a member (wife = ..., husband = ...)
#   "long"  one row a member. Then write from = "column" once in place of the two lines, and add
#           [columns.partner] with role = "partner" and values = {{ "1" = "wife", "2" = "husband" }}
[couples]
roles = ["wife", "husband"]
layout = "wide"

# Which rows belong together. Remove this table where a row is a couple and has no id.
[columns.couple]
from = "{PLACEHOLDER}"
role = "couple"
""",
}
# What nobody asks by several items.
_NO_SCALES = ("age", "sex")
# Role to what its column is called in the report, and what else its table says.
_DIARY_COLUMNS = {
    "outcome": ("intimacy", "Intimacy", "points", "[1, 7]"),
    "predictor": ("shared_hours", "Hours together", "hours", "[0, 24]"),
    "stress": ("stress", "Stress", "points", "[0, 10]"),
}


def codebook_template(kind: FileKind, needs: Sequence[Requirements]) -> str:
    """Return the text of a codebook for a kind of file, with the places to be filled in.

    Keys of published questionnaires are named where they measure a construct; their items'
    wording is never given.

    Args:
        kind: Kind of the file.
        needs: What the claims on this file need.
    """
    parts = [
        _HEAD[kind] + _HOW,
        f'\n[study]\nname = "my_{kind}"\n# title = "One line for the heading of the report"\n',
        _TABLES[kind],
    ]
    seen: set[str] = set()
    for entry in needs:
        for construct in entry.constructs:
            if construct.name in seen:
                continue
            seen.add(construct.name)
            users = [one for one in needs if construct.name in one.names]
            says = (
                f"\n# {construct.name}: {construct.says}.\n# {_needed_by(construct.name, users)}\n"
            )
            if kind == "diary":
                parts.append(says + _role(construct))
            elif entry.scales_only:
                parts.append(says + _key_only(construct, kind))
            else:
                active = any(_find(one, construct.name).need != "optional" for one in users)
                parts.append(says + _score_or_items(construct, kind, active=active))
    return "".join(parts)


def _needed_by(name: str, users: Sequence[Requirements]) -> str:
    said = []
    for entry in users:
        need = _find(entry, name).need
        if need == "choice":
            n = entry.fewest_choices
            others = ", ".join(construct.name for construct in entry.of_need("choice"))
            said.append(f"{entry.key} needs {n} or more of {others}")
        else:
            verb = "needs it" if need == "needed" else "uses it, if it is there"
            said.append(f"{entry.key} {verb}")
    return "; ".join(said) + "."


def _find(entry: Requirements, name: str) -> Construct:
    return next(construct for construct in entry.constructs if construct.name == name)


def _role(construct: Construct) -> str:
    """Return the table of a diary's column, which is known by its role."""
    if construct.name not in _DIARY_COLUMNS:
        name, more = construct.name, []
    else:
        name, label, unit, ends = _DIARY_COLUMNS[construct.name]
        more = [f'label = "{label}"', f'unit = "{unit}"', f"# range = {ends}"]
    lines = [
        f"[columns.{name}]",
        f'from = "{PLACEHOLDER}"',
        f'role = "{construct.name}"',
        *more,
    ]
    return _block(lines, active=construct.need == "needed")


def _score_or_items(construct: Construct, kind: FileKind, *, active: bool) -> str:
    """Return the table of a column of scores, and of a scale in a comment."""
    score = _block([*_column(construct.name, kind, PLACEHOLDER), "# range = [1, 7]"], active=active)
    if construct.name in _NO_SCALES or (
        construct.need == "choice" and not construct.questionnaires
    ):
        return score
    keys = construct.questionnaires
    intro = "# Or, where your file has the items, in place of the table above:\n"
    if keys:
        if len(keys) == 1:
            intro += (
                f"# (the key {keys[0]} comes with the package; put your columns in its order.)\n"
            )
        else:
            intro += f"# (keys that come with the package: {', '.join(keys)}.\n"
            intro += f"# Below is {keys[0]}; put your columns in its order.)\n"
        scale = _scale(keys[0], construct.name)
    else:
        scale = Scale(
            name=construct.name,
            items=(f"{construct.name}_1", f"{construct.name}_2"),
            minimum=1,
            maximum=7,
        )
        intro += "# (list all items, say which are reversed, and give a table to each)\n"
    lines = _scale_table(scale)
    for item in scale.items:
        lines += ["", *_column(item, kind, PLACEHOLDER)]
    return score + intro + _block(lines, active=False)


def _key_only(construct: Construct, kind: FileKind) -> str:
    """Return the scale and all its items, where scores do not do."""
    scale = _scale(construct.questionnaires[0], construct.name)
    lines = _scale_table(scale)
    for item in scale.items:
        lines += ["", *_column(item, kind, PLACEHOLDER)]
    return _block(lines, active=True)


def _column(name: str, kind: FileKind, source: str) -> list[str]:
    table = f"[columns.{name}]"
    if kind == "couples":
        return [table, f'wife = "{source}"', f'husband = "{source}"']
    return [table, f'from = "{source}"']


def _scale_table(scale: Scale) -> list[str]:
    lines = [f"[scales.{scale.name}]", f"items = {_listed(scale.items)}"]
    if scale.reversed:
        lines.append(f"reversed = {_listed(scale.reversed)}")
    lines.append(f"range = [{scale.minimum:g}, {scale.maximum:g}]")
    if scale.ranges:
        own = ", ".join(f"{item} = [{low:g}, {high:g}]" for item, low, high in scale.ranges)
        lines.append(f"ranges = {{ {own} }}")
    if scale.method != "mean":
        lines.append(f'method = "{scale.method}"')
    if scale.multiplier != 1:
        lines.append(f"multiplier = {scale.multiplier:g}")
    if scale.rescaled_to is not None:
        lines.append(f"rescaled_to = [{scale.rescaled_to[0]:g}, {scale.rescaled_to[1]:g}]")
    if scale.basis:
        lines.append(f'basis = "{scale.basis}"')
    return lines


def _scale(key: str, construct: str) -> Scale:
    """Return a published key, named as the claim calls it."""
    name, _, score = key.partition(": ")
    # Two forms of one questionnaire, "perceived_emotional" and "expected_emotional", share no item.
    form = construct.removesuffix(f"_{score}") if score else construct
    found = questionnaire(name, items=f"{form}_{{}}")
    return replace(_score(found, score), name=construct)


def _score(found: Questionnaire, score: str) -> Scale:
    return found[score] if score else found.scales[0]


def _listed(names: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def _block(lines: Sequence[str], *, active: bool) -> str:
    """Return lines, as comments where they are not to be read yet."""
    if active:
        return "\n".join(lines) + "\n"
    return "".join(f"{f'# {line}'.rstrip()}\n" for line in lines if not line.startswith("#"))
