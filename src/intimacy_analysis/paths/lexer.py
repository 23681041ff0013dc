"""The words of a model text, each with its line and column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from intimacy_analysis.errors import SpecError

TokenKind = Literal["name", "quoted", "number", "sign", "newline", "end"]
LONGEST_TEXT = 200_000
LONGEST_NAME = 200

# A word that needs no quotes: letters, digits, _ and ., not begun by a digit. R's names, and _.
PLAIN_NAME = re.compile(r"(?:[^\W\d]|\.(?=[^\W\d]))[\w.]*")
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SIGN = re.compile(r"~\*~|=~|~~|<~|:=|==|<=|>=|\*\*|[-~=<>+*/^(),:;|%?]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_WINDOW = 72
_LOOKALIKES = {
    "\u201c": "a typographic quote; write a straight one",
    "\u201d": "a typographic quote; write a straight one",
    "\u2018": "a typographic quote; write a straight one",
    "\u2019": "a typographic quote; write a straight one",
    "\u2212": "a typographic minus; write the hyphen of the keyboard",
    "\u2013": "a dash; write the hyphen of the keyboard",
    "\u2014": "a dash; write the hyphen of the keyboard",
    "\u00d7": "a typographic times sign; write '*'",
    "\u223c": "a typographic tilde; write '~' of the keyboard",
    "\u02dc": "a typographic tilde; write '~' of the keyboard",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a model text.

    Attributes:
        kind: What it is; "newline" for the end of a line, "end" for the end of the text.
        text: The word; without its quotes for "quoted".
        line: Its line, from 1.
        column: Its column, from 1.
    """

    kind: TokenKind
    text: str
    line: int
    column: int

    def is_sign(self, *texts: str) -> bool:
        """Whether it is one of these signs."""
        return self.kind == "sign" and self.text in texts

    @property
    def shown(self) -> str:
        """The word as an error message shows it."""
        if self.kind in ("newline", "end"):
            return "the end of the line"
        return repr(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text, its words, and the place where it stands in a larger text.

    Attributes:
        lines: The text's lines.
        line: Line of its first sign in the larger text; 1 where it stands alone.
        column: Column of its first sign in the larger text; 1 where it stands alone.
    """

    lines: tuple[str, ...]
    line: int = 1
    column: int = 1

    def refusal(self, token: Token, must: str, found: str, remedy: str) -> SpecError:
        """Return the error that points at a word: what must hold, what is there, what to do.

        Args:
            token: The word at fault.
            must: What must hold, e.g. "a line must hold an operator".
            found: What is there instead, e.g. "this has none".
            remedy: A sentence that says what to do.
        """
        place = f"line {token.line}, column {token.column}"
        return SpecError(f"{must}, but {found} ({place}). {remedy}{self._pointer(token)}")

    def _pointer(self, token: Token) -> str:
        number = token.line - self.line
        if not 0 <= number < len(self.lines):
            return ""
        line = "".join(" " if sign.isspace() else sign for sign in self.lines[number])
        before = token.column - (self.column if number == 0 else 1)
        start = max(0, before - _WINDOW // 2)
        shown = line[start : start + _WINDOW]
        left, right = "..." * (start > 0), "..." * (start + _WINDOW < len(line))
        return f"\n    {left}{shown}{right}\n    {' ' * (len(left) + before - start)}^"


def read_tokens(text: str, *, line: int = 1, column: int = 1) -> tuple[Source, list[Token]]:
    """Cut a text into words; comments (`#`, `!`) and blanks are left out.

    Args:
        text: The text.
        line: Line where it begins in a larger text.
        column: Column where it begins in that line.

    Raises:
        SpecError: A sign the language does not know, an open quote, or a text too long to be
            a model.
    """
    if not isinstance(text, str):
        raise SpecError(
            f"a model must be a text, but this is a {type(text).__name__}. "
            "Give it as one string, such as 'y ~ x'."
        )
    if len(text) > LONGEST_TEXT:
        raise SpecError(
            f"a model text must have at most {LONGEST_TEXT:,} characters, but this has "
            f"{len(text):,}. Give the model alone, without data."
        )
    lines = tuple(_LINE_END.split(text))
    source = Source(lines=lines, line=line, column=column)
    tokens: list[Token] = []
    for number, content in enumerate(lines):
        offset = column if number == 0 else 1
        _read_line(source, tokens, content, line + number, offset)
        kind: TokenKind = "newline" if number + 1 < len(lines) else "end"
        tokens.append(Token(kind, "", line + number, offset + len(content.rstrip())))
    return source, tokens


def _read_line(source: Source, tokens: list[Token], content: str, line: int, offset: int) -> None:
    at = 0
    while at < len(content):
        sign = content[at]
        if sign in "#!":
            return
        if sign.isspace() or sign == "\ufeff":
            at += 1
        elif sign in "\"'`":
            end = content.find(sign, at + 1)
            token = Token("quoted", content[at + 1 : end], line, offset + at)
            _check_quoted(source, token, sign, closed=end >= 0)
            tokens.append(token)
            at = end + 1
        else:
            token, at = _read_word(source, content, at, line, offset)
            tokens.append(token)


def _check_quoted(source: Source, token: Token, quote: str, *, closed: bool) -> None:
    if not closed:
        raise source.refusal(
            token,
            f"a name begun with {quote} must end with {quote} in the same line",
            "this one does not end",
            "Close it; a model is given without the quotes that surround it in R.",
        )
    if len(token.text) > LONGEST_NAME:
        raise _too_long(source, token)


def _read_word(source: Source, content: str, at: int, line: int, offset: int) -> tuple[Token, int]:
    kinds: tuple[tuple[TokenKind, re.Pattern[str]], ...] = (
        ("name", PLAIN_NAME),
        ("number", _NUMBER),
        ("sign", _SIGN),
    )
    for kind, pattern in kinds:
        match = pattern.match(content, at)
        if match is None:
            continue
        token = Token(kind, match.group(), line, offset + at)
        if len(token.text) > LONGEST_NAME:
            raise _too_long(source, token)
        end = match.end()
        if kind == "number" and end < len(content) and re.match(r"[\w.]", content[end]):
            raise source.refusal(
                token,
                "a name must not begin with a digit, and a number must end before a letter",
                f"here {content[at : end + 1]!r} begins a word",
                "Put a column's name that begins with a digit into backticks: `1st_item`.",
            )
        return token, end
    token = Token("sign", content[at], line, offset + at)
    hint = _LOOKALIKES.get(content[at])
    found = f"{content[at]!r} is {hint.split(';')[0]}" if hint else f"{content[at]!r} is none"
    remedy = (
        f"Replace it: {hint.split('; ')[1]}."
        if hint
        else "Remove it, or put a column's name that holds it into backticks."
    )
    raise source.refusal(
        token, "a model consists of names, numbers and the language's signs", found, remedy
    )


def _too_long(source: Source, token: Token) -> SpecError:
    return source.refusal(
        token,
        f"a word must have at most {LONGEST_NAME} characters",
        f"this one has {len(token.text)}",
        "Shorten the column's name.",
    )
