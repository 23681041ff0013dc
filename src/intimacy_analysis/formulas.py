"""Formulas behind an allow-list: parsed by formulaic, admitted here, evaluated only then.

A formula is text, and formulaic's evaluator runs whatever Python stands in it. Nothing is
evaluated before every factor has passed `read_formula`: names must be columns, operators are
arithmetic, and calls go to the functions of `FUNCTIONS` only.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from intimacy_analysis.errors import SpecError

# What a formula may call, beside formulaic's own categorical coding `C`.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "cos": np.cos,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "sqrt": np.sqrt,
}
_CODINGS = ("C", "I")
_CONSTANTS = {"pi": float(np.pi)}
_LONGEST_FORMULA = 4000
_HIGHEST_POWER = 10
_FORBIDDEN = re.compile(r"""[\[\]{}"'\\;@#$?|\n\r]""")
_QUOTED = re.compile(r"`[^`]*`")
_OPERATORS = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd,
    ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.Eq, ast.NotEq,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadFormula:
    """A formula that passed the allow-list.

    Attributes:
        text: As written.
        parsed: formulaic's own object, not yet evaluated.
        columns: Columns it needs, in order of appearance.
        categories: Those of them that stand inside `C(...)`.
    """

    text: str
    parsed: Any
    columns: tuple[str, ...]
    categories: frozenset[str]


def context() -> dict[str, Any]:
    """Return the functions and constants an admitted formula may see."""
    return {**FUNCTIONS, **_CONSTANTS}


@lru_cache(maxsize=256)
def read_formula(text: str) -> ReadFormula:
    """Parse a formula and admit it, or raise `SpecError` with position and remedy.

    Args:
        text: "outcome ~ terms", or terms alone.

    Raises:
        SpecError: Anything but names, operators and allowed functions.
    """
    _check_characters(text)
    from formulaic import Formula
    from formulaic.errors import FormulaicError

    try:
        parsed = Formula(text)
    except (FormulaicError, SyntaxError, RecursionError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SpecError(
            f"a formula must read 'outcome ~ terms', but {text!r} cannot be parsed: {reason}. "
            "Write terms with +, :, * and put odd column names in backticks, as in `my column`."
        ) from error
    sides = [parsed.lhs, parsed.rhs] if hasattr(parsed, "lhs") else [parsed]
    columns: dict[str, None] = {}
    categories: set[str] = set()
    for side in sides:
        for term in side:
            for factor in term.factors:
                kind = factor.eval_method.name
                if kind == "LITERAL":
                    continue
                if kind == "LOOKUP":
                    columns[factor.expr] = None
                else:
                    _admit(factor.expr, text, columns, categories)
    return ReadFormula(text, parsed, tuple(columns), frozenset(categories))


def quote_name(name: str) -> str:
    """Return a column's name as a formula must spell it."""
    if name.isidentifier() and name not in FUNCTIONS and name not in _CODINGS:
        return name
    if "`" in name:
        raise SpecError(
            f"a column named in a formula must hold no backtick, but {name!r} does. Rename it."
        )
    return f"`{name}`"


def term_text(term: Any) -> str:
    """Return a parsed term as a formula must spell it: "my x:w" becomes "`my x`:w"."""
    return ":".join(
        quote_name(factor.expr) if factor.eval_method.name == "LOOKUP" else factor.expr
        for factor in term.factors
    )


def join_terms(terms: Iterable[str]) -> str:
    """Return terms as the right side of a formula."""
    return " + ".join(terms)


def _check_characters(text: str) -> None:
    if len(text) > _LONGEST_FORMULA:
        raise SpecError(
            f"a formula must hold at most {_LONGEST_FORMULA} characters, this one has "
            f"{len(text)}. Compute long terms as columns first."
        )
    bare = _QUOTED.sub(lambda match: "x" * len(match.group()), text)
    found = _FORBIDDEN.search(bare)
    if found:
        raise SpecError(
            f"a formula may hold names, operators and the functions {_allowed()}, but "
            f"{found.group()!r} stands at position {found.start() + 1} of {text!r}. "
            "Remove it; odd column names go in backticks."
        )
    if bare.count("`"):
        raise SpecError(f"backticks must come in pairs, but {text!r} holds a single one.")
    power = re.search(r"(\*\*|\^)\s*([0-9.eE+]*)", bare)
    while power:
        number = power.group(2)
        if number and (not number.isdigit() or int(number) > _HIGHEST_POWER):
            raise SpecError(
                f"a power in a formula must be a whole number up to {_HIGHEST_POWER}, but "
                f"{number} stands at position {power.start(2) + 1} of {text!r}."
            )
        power = re.compile(r"(\*\*|\^)\s*([0-9.eE+]*)").search(bare, power.end())
    if bare.count("(") > 100:
        raise SpecError("a formula must hold at most 100 parentheses.")


def _admit(expression: str, text: str, columns: dict[str, None], categories: set[str]) -> None:
    quoted: list[str] = []

    def stand_in(match: re.Match[str]) -> str:
        quoted.append(match.group()[1:-1])
        return f"quoted_name_{len(quoted) - 1}"

    try:
        tree = ast.parse(_QUOTED.sub(stand_in, expression), mode="eval")
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        raise SpecError(f"{expression!r} in the formula {text!r} cannot be read.") from error
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Expression, ast.Load, ast.BinOp, ast.UnaryOp, *_OPERATORS)):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
                _check_power(node, text)
        elif isinstance(node, ast.Compare):
            continue
        elif isinstance(node, ast.Constant):
            if type(node.value) not in (int, float):
                raise _refused(repr(node.value), text)
        elif isinstance(node, ast.Call):
            _check_call(node, text)
        elif isinstance(node, ast.Name):
            if id(node) in called or node.id in _CONSTANTS:
                continue
            columns[_real_name(node.id, quoted)] = None
        else:
            raise _refused(f"{type(node).__name__.lower()} in {expression!r}", text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "C":
            categories |= {
                _real_name(inner.id, quoted)
                for argument in node.args
                for inner in ast.walk(argument)
                if isinstance(inner, ast.Name)
            }


def _real_name(name: str, quoted: list[str]) -> str:
    if name.startswith("quoted_name_"):
        return quoted[int(name.removeprefix("quoted_name_"))]
    return name


def _check_call(node: ast.Call, text: str) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
    if name not in FUNCTIONS and name not in _CODINGS:
        raise _refused(f"a call of {name!r}", text)
    if node.keywords or len(node.args) != 1:
        raise SpecError(
            f"{name}() in the formula {text!r} must have exactly one argument, "
            f"it has {len(node.args) + len(node.keywords)}."
        )


def _check_power(node: ast.BinOp, text: str) -> None:
    exponent = node.right
    small = (
        isinstance(exponent, ast.Constant)
        and isinstance(exponent.value, (int, float))
        and abs(exponent.value) <= _HIGHEST_POWER
    )
    if not small:
        raise SpecError(f"a power in the formula {text!r} must be a number up to {_HIGHEST_POWER}.")


def _refused(what: str, text: str) -> SpecError:
    return SpecError(
        f"a formula may hold names, operators and the functions {_allowed()}, but {text!r} "
        f"holds {what}. Compute such a term as a column of the data first."
    )


def _allowed() -> str:
    return ", ".join([*_CODINGS, *sorted(FUNCTIONS)])
