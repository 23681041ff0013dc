"""The input file of a model for Mplus, with nothing left to its defaults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isnan
from textwrap import wrap
from typing import Literal

import numpy as np

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.expressions import Expression
from intimacy_analysis.paths.parameter_table import ParameterTable, Row, build_table
from intimacy_analysis.paths.spec import Constraint, PathModelSpec

WIDTH = 90
LONGEST_MPLUS_NAME = 8
MISSING_CODE = -999


def mplus_text(
    spec: PathModelSpec,
    *,
    data_file: str = "couples.dat",
    missing: Literal["listwise", "fiml"] = "listwise",
    groups: Sequence[str] = (),
) -> str:
    """Return the model as an input file of Mplus.

    Every parameter is written out, those the rules of `fit_path_model` add too, so that the file
    does not depend on what Mplus adds by itself. Names are cut to eight characters; a table of
    the changed ones stands in comments. The data file must hold the columns of NAMES in their
    order, without a header, -999 where a value is missing.

    Args:
        spec: The model.
        data_file: The file the input names; at most 70 characters.
        missing: "listwise" drops couples with a missing value; "fiml" uses all there is.
        groups: Names of the groups; needed only where the text has no `c(...)` to count them by.

    Raises:
        SpecError: A model without arrows, a file name that Mplus could not read, or entries
            for another number of groups.

    Source:
        Muthén and Muthén (1998-2017), Mplus User's Guide, 8th ed., chapters 15 to 18.
    """
    _check_options(data_file, missing)
    sizes = [
        len(entries)
        for arrow in spec.arrows
        for entries in (arrow.labels, arrow.fixed, arrow.starts)
    ]
    n_groups = max([len(groups), *sizes], default=1)
    if len(set(groups)) < len(groups):
        raise SpecError(
            f"groups must have different names, but {len(groups) - len(set(groups))} of "
            f"{len(groups)} repeat another. Give each group a name of its own."
        )
    named = tuple(groups) or tuple(f"g{number}" for number in range(1, n_groups + 1))
    table = build_table(spec, groups=named if n_groups > 1 else ("",))
    names = _Names.of(spec, named if n_groups > 1 else ())
    lines = [
        *_comments(_differences(spec, missing, n_groups)),
        *_comments(spec.notes),
        *_comments(names.table()),
        "TITLE:",
        *_wrapped(re.sub(r"[:;]", ",", spec.title) or "Path model", "  "),
        "DATA:",
        f'  FILE = "{data_file}";',
        *(["  LISTWISE = ON;"] if missing == "listwise" else []),
        "VARIABLE:",
        *_variables(spec, names, named if n_groups > 1 else ()),
        "ANALYSIS:",
        "  TYPE = GENERAL;",
        "  ESTIMATOR = ML;",
        f"  INFORMATION = {_information(spec, missing).upper()};",
        "MODEL:",
        *_part(table, names, 0, labeled=n_groups == 1),
    ]
    if n_groups > 1:
        for number, group in enumerate(named):
            lines.append(f"MODEL {names.of_group[group]}:")
            lines += _part(table, names, number, labeled=True)
    lines += _constraints(spec, table, names)
    lines += ["OUTPUT:", "  SAMPSTAT STDYX CINTERVAL RESIDUAL TECH1;"]
    return "\n".join(lines) + "\n"


def _check_options(data_file: str, missing: str) -> None:
    if missing not in ("listwise", "fiml"):
        raise SpecError(
            f"missing must be 'listwise' or 'fiml', but {missing!r} is neither. Choose one."
        )
    if not data_file.strip() or len(data_file) > 70 or re.search(r"[\"'\r\n;!]", data_file):
        raise SpecError(
            "data_file must be a file name of 1 to 70 characters without quotes, ';', '!' and "
            "ends of lines, but this is none. Put the data beside the input file and give its "
            "name alone, such as 'couples.dat'."
        )


# Names


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """Names of Mplus for variables, labels and groups; all differ, whatever their case."""

    of_variable: dict[str, str]
    of_label: dict[str, str]
    of_group: dict[str, str]
    of_grouping: str

    @classmethod
    def of(cls, spec: PathModelSpec, groups: Sequence[str]) -> _Names:
        taken = set(_RESERVED)
        variables = {name: _shortened(name, taken) for name in (*spec.observed, *spec.latent)}
        defined = (definition.name for definition in spec.definitions)
        labels = {name: _shortened(name, taken) for name in (*spec.labels, *defined)}
        in_groups = {name: _shortened(name, taken) for name in groups}
        return cls(
            of_variable=variables,
            of_label=labels,
            of_group=in_groups,
            of_grouping=_shortened("grp", taken) if groups else "",
        )

    def table(self) -> list[str]:
        """Sentences on what is called otherwise here."""
        kinds = (
            ("variable", self.of_variable),
            ("parameter", self.of_label),
            ("group", self.of_group),
        )
        changed = [
            f"{short} is the {kind} {name}"
            for kind, names in kinds
            for name, short in names.items()
            if short != name
        ]
        return ["Names cut or changed for Mplus:", *changed] if changed else []


# Words of the input language and of its functions; an own name must be none of them.
_RESERVED_WORDS = """
    abs acos all analysis and asin at atan by censored cluster cos data define do else eq exp file
    ge gt if in le log log10 loop lt missing mod model names ne new none not of on or output phi
    plot pon pwith savedata sin sqrt tan then title variable weight with xwith
"""
_RESERVED = frozenset(_RESERVED_WORDS.split())


def _shortened(name: str, taken: set[str]) -> str:
    """Return a name of at most eight characters that is not taken yet, and take it."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
    if not plain[:1].isalpha():
        plain = f"v{plain}"
    short = plain[:LONGEST_MPLUS_NAME]
    stem, _, suffix = plain.rpartition("_")
    if len(plain) > LONGEST_MPLUS_NAME and stem and suffix:
        # "satisfaction_wife" and "satisfaction_husband" stay apart by their ends.
        short = f"{stem[: LONGEST_MPLUS_NAME - 2].rstrip('_')}_{suffix[0]}"
    number, candidate = 1, short
    while candidate.lower() in taken:
        number += 1
        candidate = f"{short[: LONGEST_MPLUS_NAME - len(str(number))]}{number}"
    taken.add(candidate.lower())
    return candidate


# Sections


def _variables(spec: PathModelSpec, names: _Names, groups: Sequence[str]) -> list[str]:
    columns = [names.of_variable[name] for name in spec.observed]
    if not groups:
        return [*_statement(f"NAMES = {' '.join(columns)}"), *_statement(_MISSING)]
    codes = " ".join(
        f"{number} = {names.of_group[group]}" for number, group in enumerate(groups, start=1)
    )
    return [
        *_statement(f"NAMES = {' '.join([*columns, names.of_grouping])}"),
        *_statement(_MISSING),
        *_statement(f"GROUPING = {names.of_grouping} ({codes})"),
    ]


_MISSING = f"MISSING = ALL ({MISSING_CODE})"


def _part(table: ParameterTable, names: _Names, group: int, *, labeled: bool) -> list[str]:
    """Write all parameters of a group, except the moments of predictors taken as they are."""
    rows = [row for row in table.rows if row.group == group and not row.sample]
    several = len(table.groups) > 1

    def parameter(row: Row, variable: str) -> str:
        value = _value(row, several_groups=several)
        return f"{names.of_variable[variable]}{value}{_label(row, names, labeled=labeled)}"

    lines: list[str] = []
    for op, word in (("=~", "BY"), ("~", "ON")):
        for lhs in dict.fromkeys(row.lhs for row in rows if row.op == op):
            terms = [parameter(row, row.rhs) for row in rows if row.op == op and row.lhs == lhs]
            lines.append(f"  {names.of_variable[lhs]} {word} {terms[0]}")
            lines += [f"    {term}" for term in terms[1:]]
            lines[-1] += ";"
    for row in rows:
        if row.op == "~~" and row.lhs != row.rhs:
            other = parameter(row, row.rhs)
            lines.append(f"  {names.of_variable[row.lhs]} WITH {other};")
    spoken = {frozenset((row.lhs, row.rhs)) for row in rows if row.op == "~~"}
    for pair in combinations(table.latent, 2):
        if frozenset(pair) not in spoken:
            one, other = (names.of_variable[name] for name in pair)
            lines.append(f"  {one} WITH {other}@0;")
    for row in rows:
        if row.op == "~~" and row.lhs == row.rhs:
            lines.append(f"  {parameter(row, row.lhs)};")
    for row in rows:
        if row.op == "~1":
            value = _value(row, several_groups=several)
            label = _label(row, names, labeled=labeled)
            lines.append(f"  [{names.of_variable[row.lhs]}{value}]{label};")
    return lines


def _value(row: Row, *, several_groups: bool) -> str:
    if row.free < 0:
        return f"@{_number(row.value)}"
    if not isnan(row.start):
        return f"*{_number(row.start)}"
    # Without the asterisk Mplus would fix a factor's first loading, and could hold a parameter of
    # a group as the part for all groups has it.
    return "*" if row.op == "=~" or several_groups else ""


def _label(row: Row, names: _Names, *, labeled: bool) -> str:
    return f" ({names.of_label[row.label]})" if labeled and row.label and row.free >= 0 else ""


def _constraints(spec: PathModelSpec, table: ParameterTable, names: _Names) -> list[str]:
    if not spec.definitions and not spec.constraints:
        return []
    words = dict(names.of_label)
    # Mplus knows no label of a fixed parameter: its value stands for it.
    for label, value in table.fixed_labels().items():
        words[label] = _number(value) if value >= 0 else f"({_number(value)})"
    defined = [names.of_label[definition.name] for definition in spec.definitions]
    lines = ["MODEL CONSTRAINT:"]
    if defined:
        lines += _statement(f"NEW({' '.join(defined)})")
    for definition, short in zip(spec.definitions, defined, strict=True):
        lines += _statement(f"{short} = {_arithmetic(definition.expression, words)[0]}")
    for constraint in spec.constraints:
        lines += _statement(_condition(constraint, words))
    return lines


def _condition(constraint: Constraint, words: dict[str, str]) -> str:
    left = _arithmetic(constraint.left, words)
    right = _arithmetic(constraint.right, words)
    if constraint.relation != "==" and re.fullmatch(r"[A-Za-z]\w*", left[0]):
        return f"{left[0]} {constraint.relation} {right[0]}"
    # Mplus takes a label or zero on the left, nothing else; a label before "=" would make it a
    # function of the others, and could be so only once.
    sign = {"==": "=", "<": ">", ">": "<"}[constraint.relation]
    if right[0] == "0":
        return f"0 {sign} {left[0]}"
    return f"0 {sign} {left[0]} - {_bracketed(right, _PRODUCT)}"


def _information(spec: PathModelSpec, missing: str) -> str:
    """Return the information of the standard errors; observed is Mplus's for MODEL CONSTRAINT."""
    constrained = bool(spec.definitions or spec.constraints)
    return "observed" if constrained or missing == "fiml" else "expected"


def _differences(spec: PathModelSpec, missing: str, n_groups: int) -> list[str]:
    sentences = [
        "Every parameter is written out, so that nothing depends on what Mplus adds by itself.",
        "Standard errors: INFORMATION is set, as defaults differ; ask for "
        f"standard_errors='{_information(spec, missing)}' to compare.",
        "STDYX is what standardized(kind='all') gives. The SRMR of a model with means is computed "
        "in another way by Mplus.",
    ]
    if n_groups > 1:
        sentences.append(
            "With groups Mplus holds loadings and intercepts equal by default and frees latent "
            "means; each group's own part names all of them, which undoes that."
        )
    if missing == "listwise":
        sentences.append(
            "LISTWISE = ON drops couples with any missing value; Mplus would use them by default."
        )
    else:
        sentences.append(
            "Predictors without a variance, covariance or mean in the text are taken as they are; "
            "Mplus drops couples that lack one of them."
        )
    if any(constraint.relation != "==" for constraint in spec.constraints):
        sentences.append("A condition with < or > may end at its limit, in Mplus as here.")
    return sentences


# Arithmetic

# How strongly an operation binds; a sign is put in parentheses wherever more follows.
_SIGN, _SUM, _PRODUCT, _POWER, _ATOM = range(5)


def _arithmetic(expression: Expression, words: dict[str, str]) -> tuple[str, int]:
    """Write an expression for MODEL CONSTRAINT; also return how strongly it binds."""
    stack: list[tuple[str, int]] = []
    for kind, word in expression.steps:
        if kind == "number":
            stack.append((_number(float(word)), _ATOM))
        elif kind == "name":
            stack.append((words[word], _ATOM))
        elif kind == "negate":
            stack.append((f"-{_bracketed(stack.pop(), _POWER)}", _SIGN))
        elif kind == "call":
            stack.append(_call(word, stack.pop()))
        else:
            right, left = stack.pop(), stack.pop()
            stack.append(_operation(word, left, right))
    return stack.pop()


def _operation(sign: str, left: tuple[str, int], right: tuple[str, int]) -> tuple[str, int]:
    if sign == "^":
        return f"{_bracketed(left, _ATOM)}**{_bracketed(right, _ATOM)}", _POWER
    strength = _SUM if sign in "+-" else _PRODUCT
    # What follows "-" or "/" keeps its parentheses where it is of the same kind.
    needed = strength + (sign in "-/")
    return f"{_bracketed(left, strength)} {sign} {_bracketed(right, needed)}", strength


def _call(function: str, argument: tuple[str, int]) -> tuple[str, int]:
    # Mplus has no hyperbolic functions.
    if function == "tanh":
        return f"1 - 2 / (exp(2 * {_bracketed(argument, _POWER)}) + 1)", _SUM
    if function == "atanh":
        return f"0.5 * log(2 / (1 - {_bracketed(argument, _PRODUCT)}) - 1)", _PRODUCT
    return f"{function}({argument[0]})", _ATOM


def _bracketed(operand: tuple[str, int], needed: int) -> str:
    text, strength = operand
    return text if strength >= needed else f"({text})"


def _number(value: float) -> str:
    plain = np.format_float_positional(value, trim="-")
    return plain if len(plain) <= 22 else f"{value:.15E}"


# Lines


def _statement(text: str) -> list[str]:
    """Return a statement in lines of at most `WIDTH`, cut after blanks and '('."""
    lines = ["  "]
    for piece in re.split(r"(?<=[ (])", f"{text};"):
        if len(lines[-1]) + len(piece.rstrip()) > WIDTH and lines[-1].strip():
            lines.append("    ")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _wrapped(text: str, start: str) -> list[str]:
    words = " ".join(text.split())
    return [f"{start}{line}" for line in wrap(words, WIDTH - len(start), break_on_hyphens=False)]


def _comments(sentences: Iterable[str]) -> list[str]:
    return [line for sentence in sentences for line in _wrapped(sentence, "! ")]
