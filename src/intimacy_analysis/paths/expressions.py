"""Arithmetic on parameters, such as "a*b + c", read without Python's evaluator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.lexer import Source, Token, read_tokens

Floats = NDArray[np.float64]
Value = float | Floats
Gradient = dict[str, Floats]

LONGEST_EXPRESSION = 5_000
DEEPEST_EXPRESSION = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """An arithmetic expression of named parameters.

    Two expressions are equal where their texts are.

    Attributes:
        text: As written, without blanks and idle "+" signs; powers are written with "^".
        names: The parameters it needs, each once, in order of appearance.
        steps: The same in reverse Polish order: ("number", "2"), ("name", "a"), ("call", "exp"),
            ("negate", "-"), ("operate", "*").
    """

    text: str
    names: tuple[str, ...] = field(compare=False)
    steps: tuple[tuple[str, str], ...] = field(compare=False, repr=False)

    def evaluate(self, values: Mapping[str, Value]) -> Value:
        """Return its value; arrays are taken element by element and broadcast.

        Outside a function's domain (a division by zero, the logarithm of a negative number) the
        value is `inf` or `nan`.

        Args:
            values: Name to number or array.

        Raises:
            SpecError: A name without a value.
        """
        given = self._given(values)
        stack: list[Floats] = []
        with np.errstate(all="ignore"):
            for kind, word in self.steps:
                if kind == "number":
                    stack.append(np.asarray(float(word)))
                elif kind == "name":
                    stack.append(given[word])
                elif kind == "negate":
                    stack.append(-stack.pop())
                elif kind == "call":
                    stack.append(FUNCTIONS[word][0](stack.pop()))
                else:
                    right = stack.pop()
                    stack.append(_operate(word, stack.pop(), right))
        return _plain(stack.pop())

    def evaluate_with_gradient(self, values: Mapping[str, Value]) -> tuple[Value, dict[str, Value]]:
        """Return its value and its exact derivative by each of its names.

        Each derivative has the shape of the value. At a kink (`abs(0)`) it is 0.

        Args:
            values: Name to number or array.

        Raises:
            SpecError: A name without a value.

        Source:
            Forward accumulation: Griewank and Walther (2008), Evaluating Derivatives, ch. 3.
        """
        given = self._given(values)
        stack: list[tuple[Floats, Gradient]] = []
        with np.errstate(all="ignore"):
            for kind, word in self.steps:
                if kind == "number":
                    stack.append((np.asarray(float(word)), {}))
                elif kind == "name":
                    stack.append((given[word], {word: np.asarray(1.0)}))
                elif kind == "negate":
                    value, slopes = stack.pop()
                    stack.append((-value, {name: -slope for name, slope in slopes.items()}))
                elif kind == "call":
                    value, slopes = stack.pop()
                    function, derivative = FUNCTIONS[word]
                    stack.append((function(value), _scaled(slopes, derivative(value))))
                else:
                    right = stack.pop()
                    stack.append(_operate_with_gradient(word, stack.pop(), right))
        value, slopes = stack.pop()
        zero = np.asarray(0.0)
        return _plain(value), {
            name: _plain(np.broadcast_to(slopes.get(name, zero), value.shape).copy())
            for name in self.names
        }

    def _given(self, values: Mapping[str, Value]) -> dict[str, Floats]:
        missing = [name for name in self.names if name not in values]
        if missing:
            near = get_close_matches(missing[0], list(values)[:2000], n=3, cutoff=0.5)
            known = near or list(values)[:5]
            raise SpecError(
                f"every name of {_short(self.text)} must have a value, but {len(missing)} of "
                f"{len(self.names)} have none; the first is {missing[0]!r}. "
                + (f"Known are, for example: {', '.join(known)}." if known else "Give its value.")
            )
        return {name: np.asarray(values[name], dtype=np.float64) for name in self.names}


# Each function with its derivative.
FUNCTIONS: dict[str, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]] = {
    "abs": (np.abs, np.sign),
    "atanh": (np.arctanh, lambda x: 1 / (1 - x**2)),
    "cos": (np.cos, lambda x: -np.sin(x)),
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda x: 1 / x),
    "sin": (np.sin, np.cos),
    "sqrt": (np.sqrt, lambda x: 0.5 / np.sqrt(x)),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
}


def read_expression(text: str, *, line: int = 0, column: int = 0) -> Expression:
    """Read an expression: + - * / ^ (or **), parentheses, numbers, names, and `FUNCTIONS`.

    Powers bind tightest and from the right, then the sign, then * and /, then + and -, as in R:
    "-a^2" is "-(a^2)".

    Args:
        text: Such as "a1*b1 + c" or "(p_wife - p_husband)/2".
        line: Line of a larger text in which it stands; 0 for none.
        column: Column in that line.

    Raises:
        SpecError: Not such an expression, with line, column and what was expected.
    """
    source, tokens = read_tokens(text, line=max(line, 1), column=max(column, 1))
    words = [token for token in tokens if token.kind not in ("newline", "end")]
    return expression_of(source, words, tokens[-1])


def expression_of(source: Source, tokens: Sequence[Token], end: Token) -> Expression:
    """Read an expression from words that are cut already.

    Args:
        source: The text, for messages.
        tokens: Its words, without ends of lines.
        end: The word after the last one, for messages.

    Raises:
        SpecError: Not an expression.
    """
    words = [*tokens, Token("end", "", end.line, end.column)]
    if sum(len(word.text) for word in words) > LONGEST_EXPRESSION:
        raise source.refusal(
            words[0],
            f"an expression must have at most {LONGEST_EXPRESSION:,} characters",
            "this is longer",
            "Define parts of it by ':=' first.",
        )
    parser = _Parser(source, words)
    parser.read(0, 0)
    parser.finish()
    names = dict.fromkeys(word for kind, word in parser.steps if kind == "name")
    text = "".join(
        "^" if word.is_sign("**") else word.text
        for at, word in enumerate(tokens)
        if at not in parser.idle
    )
    return Expression(text=text, names=tuple(names), steps=tuple(parser.steps))


# Binding strength of an operator to its left, and of the operand it takes on its right.
_BINDING = {"+": (1, 2), "-": (1, 2), "*": (3, 4), "/": (3, 4), "^": (7, 6), "**": (7, 6)}
_SIGN_BINDING = 5


class _Parser:
    """Precedence climbing; writes the steps in reverse Polish order as it goes."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.at = 0
        self.steps: list[tuple[str, str]] = []
        # Places of signs "+" before an operand; they are left out of the text.
        self.idle: set[int] = set()

    def read(self, binding: int, depth: int) -> None:
        self._operand(depth)
        while (token := self.tokens[self.at]).kind == "sign" and token.text in _BINDING:
            left, right = _BINDING[token.text]
            if left < binding:
                return
            self.at += 1
            self.read(right, depth + 1)
            self.steps.append(("operate", "^" if token.text == "**" else token.text))

    def finish(self) -> None:
        token = self.tokens[self.at]
        if token.kind == "end":
            return
        raise self._expected(token, "an operator (+ - * / ^) or the end")

    def _operand(self, depth: int) -> None:
        token = self.tokens[self.at]
        if depth > DEEPEST_EXPRESSION:
            raise self.source.refusal(
                token,
                f"an expression may be nested {DEEPEST_EXPRESSION} deep",
                "this is deeper",
                "Define parts of it by ':=' first.",
            )
        self.at += 1
        if token.kind == "number":
            self._number(token)
        elif token.kind == "name" and self.tokens[self.at].is_sign("("):
            self._call(token, depth)
        elif token.kind == "name":
            self.steps.append(("name", token.text))
        elif token.is_sign("("):
            self.read(0, depth + 1)
            self._close(token)
        elif token.is_sign("-", "+"):
            if token.text == "+":
                self.idle.add(self.at - 1)
            self.read(_SIGN_BINDING, depth + 1)
            if token.text == "-":
                self.steps.append(("negate", "-"))
        else:
            raise self._expected(token, "a label, a number or '('")

    def _number(self, token: Token) -> None:
        if not np.isfinite(float(token.text)):
            raise self.source.refusal(
                token,
                "a number must be finite",
                f"{token.text} is too large",
                "Write one below 1e308.",
            )
        self.steps.append(("number", token.text))

    def _call(self, token: Token, depth: int) -> None:
        if token.text not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            near = get_close_matches(token.text, FUNCTIONS, n=1, cutoff=0.5)
            raise self.source.refusal(
                token,
                f"a function must be one of {known}",
                f"{token.text!r} is none",
                f"Did you mean {near[0]!r}?" if near else "Write it out with + - * / ^.",
            )
        bracket = self.tokens[self.at]
        self.at += 1
        self.read(0, depth + 1)
        self._close(bracket)
        self.steps.append(("call", token.text))

    def _close(self, bracket: Token) -> None:
        token = self.tokens[self.at]
        if token.is_sign(")"):
            self.at += 1
            return
        if token.kind == "end":
            raise self.source.refusal(
                bracket,
                "every '(' must be closed by ')'",
                "this one is not",
                "Add ')' where its part ends.",
            )
        raise self._expected(token, "an operator (+ - * / ^) or ')'")

    def _expected(self, token: Token, expected: str) -> SpecError:
        return self.source.refusal(
            token,
            f"an expression must go on with {expected}",
            f"there is {'its end' if token.kind == 'end' else token.shown}",
            "Labels stand without quotes, and a model without R's 'model <- '."
            if token.kind == "quoted"
            else "Write arithmetic on labels, such as 'a*b + c'.",
        )


def _operate(sign: str, left: Floats, right: Floats) -> Floats:
    if sign == "+":
        return np.asarray(left + right)
    if sign == "-":
        return np.asarray(left - right)
    if sign == "*":
        return np.asarray(left * right)
    if sign == "/":
        return np.asarray(left / right)
    return np.asarray(left**right)


def _operate_with_gradient(
    sign: str, one: tuple[Floats, Gradient], other: tuple[Floats, Gradient]
) -> tuple[Floats, Gradient]:
    (left, by_left), (right, by_right) = one, other
    value = _operate(sign, left, right)
    plus_one = np.asarray(1.0)
    if sign in "+-":
        factors = plus_one, plus_one if sign == "+" else -plus_one
    elif sign == "*":
        factors = right, left
    elif sign == "/":
        factors = np.asarray(1 / right), np.asarray(-value / right)
    else:
        # Limits the formulas miss: x^0 is flat also at 0, and 0^y is flat for y > 0.
        factors = (
            np.where(right == 0, 0.0, right * left ** (right - 1)),
            np.where((left == 0) & (right > 0), 0.0, value * np.log(left)),
        )
    slopes = _scaled(by_left, factors[0])
    for name, slope in _scaled(by_right, factors[1]).items():
        slopes[name] = np.asarray(slopes[name] + slope) if name in slopes else slope
    return value, slopes


def _scaled(slopes: Gradient, factor: Floats) -> Gradient:
    return {name: np.asarray(slope * factor) for name, slope in slopes.items()}


def _plain(value: Floats) -> Value:
    return float(value) if value.ndim == 0 else value


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
