"""The right side of a formula: variables, each with what is said of its parameter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.lexer import PLAIN_NAME, Source, Token
from intimacy_analysis.paths.spec import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifiers:
    """What a text says of one parameter; see `Arrow` for the fields."""

    labels: tuple[str, ...] = ("",)
    fixed: tuple[float | None, ...] = (None,)
    starts: tuple[float | None, ...] = (None,)
    freed: bool = False

    def contradiction(self, other: Modifiers) -> str:
        """Return in words where two contradict each other; "" where they can be joined."""
        if self.labels != other.labels and any(self.labels) and any(other.labels):
            return f"label {_listed(self.labels)} and label {_listed(other.labels)}"
        mine, theirs = (self.fixed, self.freed), (other.fixed, other.freed)
        if mine != theirs and _NOTHING not in (mine, theirs):
            return f"{_value_words(self)} and {_value_words(other)}"
        if self.starts != other.starts and _spoken(self.starts) and _spoken(other.starts):
            return f"start {_listed(self.starts)} and start {_listed(other.starts)}"
        return ""

    def joined(self, other: Modifiers) -> Modifiers:
        """Return what both say together; they must not contradict each other."""
        valued = self if (self.fixed, self.freed) != _NOTHING else other
        return Modifiers(
            labels=self.labels if any(self.labels) else other.labels,
            fixed=valued.fixed,
            starts=self.starts if _spoken(self.starts) else other.starts,
            freed=valued.freed,
        )

    @property
    def n_entries(self) -> int:
        """Entries of its longest `c(...)`."""
        return max(len(self.labels), len(self.fixed), len(self.starts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of a right side.

    Attributes:
        variable: Its variable; "" for an intercept.
        modifiers: What is said of its parameter.
        token: Its first word.
        borrowed: Labels asked for by `equal(...)`; they must stand elsewhere.
    """

    variable: str
    modifiers: Modifiers
    token: Token
    borrowed: tuple[Token, ...] = ()


_NOTHING = ((None,), False)
# Modifiers lavaan knows and this language does not, with what to write instead.
_FOREIGN = {
    "lower": "Give the parameter a label and write a line such as 'a > 0'.",
    "upper": "Give the parameter a label and write a line such as 'a < 1'.",
    "prior": "Leave it out: models are fitted by maximum likelihood.",
    "efa": "Write out which items measure which latent variable.",
    "rv": "Leave it out: random slopes between levels are not part of path models here.",
}
_OWN = ("c", "start", "label", "equal")


def read_terms(source: Source, tokens: Sequence[Token], end: Token, op: Operator) -> list[Term]:
    """Read "a*x + start(0.5)*z + 1" and the like.

    Args:
        source: The text, for messages.
        tokens: The words right of the operator.
        end: The word after them.
        op: The operator; an intercept may stand only after "~".

    Raises:
        SpecError: With line, column and what was expected.
    """
    reader = _TermReader(source, [*tokens, Token("end", "", end.line, end.column)], op)
    return reader.read()


class _TermReader:
    def __init__(self, source: Source, tokens: list[Token], op: Operator) -> None:
        self.source = source
        self.tokens = tokens
        self.op = op
        self.at = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def following(self) -> Token:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def taken(self) -> Token:
        token = self.token
        self.at += 1
        return token

    def read(self) -> list[Term]:
        if self.token.is_sign("+"):
            self.at += 1
        terms = [self._term()]
        while self.token.kind != "end":
            if not self.token.is_sign("+"):
                raise self._not_a_plus()
            self.at += 1
            terms.append(self._term())
        return terms

    def _term(self) -> Term:
        first = self.token
        modifiers = Modifiers()
        borrowed: tuple[Token, ...] = ()
        while True:
            token = self.token
            if token.kind in ("name", "quoted") and not self.following.is_sign("*", "("):
                return self._variable(first, modifiers, borrowed)
            if token.kind == "number" or token.is_sign("-", "("):
                said = Modifiers(fixed=(self._number(),))
                if not self.token.is_sign("*"):
                    return self._intercept(first, token, modifiers, said, borrowed)
            elif token.kind == "name" and self.following.is_sign("("):
                said, lent = self._function()
                borrowed += lent
            elif token.kind in ("name", "quoted"):
                said = self._label(self.taken())
            else:
                raise self._expected(token, "a variable, or a label or number followed by '*'")
            contradiction = modifiers.contradiction(said)
            if contradiction:
                raise self._contradicts(token, contradiction)
            modifiers = modifiers.joined(said)
            if not self.token.is_sign("*"):
                raise self._expected(self.token, "'*' and a variable after a modifier")
            self.at += 1

    def _variable(self, first: Token, modifiers: Modifiers, borrowed: tuple[Token, ...]) -> Term:
        token = self.taken()
        if token.kind == "quoted" and not token.text.strip():
            raise self._expected(token, "the name of a variable")
        if token.kind == "name" and token.text == "NA":
            raise self.source.refusal(
                token,
                "NA must be followed by '*' and a variable",
                "it stands alone",
                "Write 'NA*x' to free the parameter of x.",
            )
        return Term(variable=token.text, modifiers=modifiers, token=first, borrowed=borrowed)

    def _intercept(
        self,
        first: Token,
        token: Token,
        modifiers: Modifiers,
        said: Modifiers,
        borrowed: tuple[Token, ...],
    ) -> Term:
        # "~ 0" is "~ 0*1", as in R's own formulas.
        plain = token.kind == "number" and said.fixed[0] in (0.0, 1.0)
        if not plain or self.op != "~":
            raise self.source.refusal(
                token,
                "a number must be followed by '*' and a variable, or be the 1 of an intercept",
                f"there is {self.token.shown} after it",
                "Write '0.5*x' to fix the parameter of x, or 'y ~ 1' for an intercept.",
            )
        if said.fixed[0] == 0.0:
            contradiction = modifiers.contradiction(said)
            if contradiction:
                raise self._contradicts(token, contradiction)
            modifiers = modifiers.joined(said)
        return Term(variable="", modifiers=modifiers, token=first, borrowed=borrowed)

    def _number(self) -> float:
        """Read a number, with a sign or parentheses around it."""
        if self.token.is_sign("("):
            self.at += 1
            value = self._signed("a number")
            self._close()
            return value
        return self._signed("a number")

    def _signed(self, expected: str) -> float:
        negative = self.token.is_sign("-")
        if self.token.is_sign("-", "+"):
            self.at += 1
        if self.token.kind != "number":
            raise self._expected(self.token, expected)
        token = self.taken()
        value = float(token.text)
        if not isfinite(value):
            raise self.source.refusal(
                token,
                "a number must be finite",
                f"{token.text} is too large",
                "Write one below 1e308.",
            )
        return -value if negative else value

    def _label(self, token: Token) -> Modifiers:
        if token.kind == "name" and token.text == "NA":
            return Modifiers(freed=True)
        return Modifiers(labels=(self._checked_label(token),))

    def _checked_label(self, token: Token) -> str:
        if PLAIN_NAME.fullmatch(token.text) is None or token.text == "NA":
            raise self.source.refusal(
                token,
                "a label must consist of letters, digits, '_' and '.', and not begin with a digit",
                f"{token.text!r} does not" if token.text != "NA" else "'NA' means a free parameter",
                "Choose a label such as 'a_wife'.",
            )
        return token.text

    def _function(self) -> tuple[Modifiers, tuple[Token, ...]]:
        name = self.taken()
        if name.text not in _OWN:
            near = get_close_matches(name.text, _OWN[1:], n=1, cutoff=0.5)
            raise self.source.refusal(
                name,
                "a modifier must be c(...), start(...), label(...) or equal(...)",
                f"{name.text!r} is none",
                _FOREIGN.get(name.text)
                or (f"Did you mean {near[0]!r}?" if near else "Use one of these."),
            )
        self.at += 1
        if name.text == "c":
            return self._vector(name), ()
        entries = self._argument()
        self._close()
        if name.text == "start":
            starts = tuple(self._start(entry) for entry in entries)
            return Modifiers(starts=_short(starts)), ()
        tokens = [self._text(entry, name) for entry in entries]
        labels = tuple(self._checked_label(t) if t.text else "" for t in tokens)
        borrowed = tuple(t for t in tokens if t.text) if name.text == "equal" else ()
        return Modifiers(labels=labels if any(labels) else ("",)), borrowed

    def _vector(self, name: Token) -> Modifiers:
        """Read "a, b)" or "0.5, NA)": one entry a group."""
        entries = self._entries()
        texts = [entry for entry in entries if isinstance(entry, Token)]
        if not texts:
            numbers = tuple(entry for entry in entries if not isinstance(entry, Token))
            return Modifiers(fixed=_short(numbers), freed=None in numbers)
        if len(texts) < len(entries):
            raise self.source.refusal(
                name,
                "c(...) must hold either labels or numbers",
                f"this holds {len(texts)} of one and {len(entries) - len(texts)} of the other",
                "Write two: 'c(a, b)*x + c(NA, 0.5)*x'; \"\" stands for no label.",
            )
        labels = tuple(self._checked_label(t) if t.text else "" for t in texts)
        return Modifiers(labels=labels if any(labels) else ("",))

    def _argument(self) -> list[Token | float | None]:
        if self.token.is_sign(")"):
            raise self._expected(self.token, "a value, or c(...) with one a group")
        if self.token.kind == "name" and self.token.text == "c" and self.following.is_sign("("):
            self.at += 2
            return self._entries()
        return [self._entry()]

    def _entries(self) -> list[Token | float | None]:
        entries = [self._entry()]
        while self.token.is_sign(","):
            self.at += 1
            entries.append(self._entry())
        self._close()
        return entries

    def _entry(self) -> Token | float | None:
        """Read one entry: the word of a label, a number, or None for NA."""
        token = self.token
        if token.kind == "name" and token.text == "NA":
            self.at += 1
            return None
        if token.kind in ("name", "quoted"):
            return self.taken()
        return self._signed("a label, a number or NA")

    def _start(self, entry: Token | float | None) -> float | None:
        if isinstance(entry, Token):
            raise self._expected(entry, "a number")
        return entry

    def _text(self, entry: Token | float | None, name: Token) -> Token:
        if isinstance(entry, Token):
            return entry
        raise self.source.refusal(
            name,
            f"{name.text}(...) must hold labels",
            "this holds a number",
            f"Write {name.text}(\"a\")*x; a number fixes a parameter: '0.5*x'.",
        )

    def _close(self) -> None:
        if not self.token.is_sign(")"):
            raise self._expected(self.token, "')'")
        self.at += 1

    def _not_a_plus(self) -> SpecError:
        token = self.token
        remedies = {
            "-": "A term cannot be taken away: leave it out.",
            "^": "For a power make a column first, for example with pandas: d['x2'] = d['x']**2.",
            "/": "For a ratio make a column first, for example with pandas.",
            "(": "Write each term out, without parentheses.",
        }
        return self.source.refusal(
            token,
            "terms must be joined by '+', and lines end after a formula",
            f"there is {token.shown}",
            remedies.get(token.text if token.kind == "sign" else "", "Add '+', or a new line."),
        )

    def _expected(self, token: Token, expected: str) -> SpecError:
        return self.source.refusal(
            token,
            f"here must stand {expected}",
            f"there is {token.shown}",
            "A term is written 'x', 'a*x', '0.5*x', 'NA*x', 'start(0.5)*x' or 'c(a, b)*x'.",
        )

    def _contradicts(self, token: Token, contradiction: str) -> SpecError:
        return self.source.refusal(
            token,
            "modifiers of one parameter must agree",
            f"here are {contradiction}",
            "Keep one of them.",
        )


def _spoken(entries: tuple[float | None, ...]) -> bool:
    return any(entry is not None for entry in entries)


def _short(entries: tuple[float | None, ...]) -> tuple[float | None, ...]:
    return entries if _spoken(entries) else (None,)


def _listed(entries: Sequence[str | float | None]) -> str:
    words = [entry if isinstance(entry, str) else _number_word(entry) for entry in entries]
    return words[0] if len(words) == 1 else f"c({', '.join(words)})"


def _number_word(entry: float | None) -> str:
    return "NA" if entry is None else f"{entry:g}"


def _value_words(modifiers: Modifiers) -> str:
    return f"fixed value {_listed(modifiers.fixed)}" if _spoken(modifiers.fixed) else "NA (free)"
