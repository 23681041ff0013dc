"""The text of a model in lavaan's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from textwrap import wrap

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.lexer import PLAIN_NAME
from intimacy_analysis.paths.spec import Arrow, PathModelSpec

WIDTH = 90
_INDENT = "    "
# A name R takes without quotes: R Language Definition, section 10.3.2.
_R_NAME = re.compile(r"(?:[^\W\d_]|\.(?![0-9]))[\w.]*")
_R_WORDS = frozenset(
    ("if", "else", "repeat", "while", "function", "for", "next", "break", "in", "NA", "NaN")
) | {"TRUE", "FALSE", "NULL", "Inf"}


def lavaan_text(spec: PathModelSpec) -> str:
    """Return the model as a text that `read_model` reads back and lavaan's `sem()` takes.

    Title, notes and the meaning of labels stand in comments, without straight single quotes, so
    that the text can be pasted between them in R. The rules for what the text leaves out are
    those of `sem()`; nothing is added.

    Raises:
        SpecError: A model without arrows, or a name no quotes can hold.
    """
    if not spec.arrows:
        raise SpecError(
            "a model must have at least one arrow, but this has none. Add one, such as 'y ~ x'."
        )
    lines = _comments((spec.title, *spec.notes))
    lines += _comments(_strange_names(spec))
    for (lhs, op), arrows in groupby(spec.arrows, key=lambda arrow: (arrow.lhs, arrow.op)):
        sign = "~" if op == "~1" else op
        terms = [term for arrow in arrows for term in _terms(arrow)]
        lines += _formula(f"{_quoted(lhs)} {sign}", terms)
    for definition in spec.definitions:
        lines.append(f"{definition.name} := {definition.expression.text}")
    lines += [constraint.text for constraint in spec.constraints]
    lines += _comments(f"{meaning.label}: {meaning.words}" for meaning in spec.meanings)
    return "\n".join(lines) + "\n"


def _terms(arrow: Arrow) -> list[str]:
    """Return the terms of an arrow: each modifier needs its own, as lavaan takes one a term."""
    variable = "1" if arrow.op == "~1" else _quoted(arrow.rhs)
    modifiers = []
    if any(value is not None for value in arrow.fixed):
        modifiers.append(_vector([_number(value) for value in arrow.fixed]))
    elif arrow.freed:
        modifiers.append("NA")
    if any(arrow.labels):
        quoted = not all(arrow.labels)
        modifiers.append(_vector([f'"{text}"' if quoted else text for text in arrow.labels]))
    if any(value is not None for value in arrow.starts):
        modifiers.append(f"start({_vector([_number(value) for value in arrow.starts])})")
    return [f"{modifier}*{variable}" for modifier in modifiers] or [variable]


def _vector(entries: Sequence[str]) -> str:
    return entries[0] if len(entries) == 1 else f"c({', '.join(entries)})"


def _number(value: float | None) -> str:
    # `repr` is the shortest text that is read back to the same number.
    return "NA" if value is None else repr(float(value)).removesuffix(".0")


def _formula(start: str, terms: Sequence[str]) -> list[str]:
    """Return a formula in lines of at most `WIDTH` where its terms allow it."""
    lines = [f"{start} {terms[0]}"]
    for term in terms[1:]:
        if len(lines[-1]) + 3 + len(term) <= WIDTH:
            lines[-1] += f" + {term}"
        else:
            lines.append(f"{_INDENT}+ {term}")
    return lines


def _quoted(name: str) -> str:
    if PLAIN_NAME.fullmatch(name) and name != "NA":
        return name
    if name.strip() and not re.search(r"[\r\n]", name):
        for quote in ("`", '"'):
            if quote not in name:
                return f"{quote}{name}{quote}"
    raise SpecError(
        "the name of a variable must be a text of one line that does not hold both '`' and '\"', "
        f"but {name!r} is not. Rename its column."
    )


def _strange_names(spec: PathModelSpec) -> list[str]:
    names = (*spec.observed, *spec.latent, *spec.labels)
    strange = [name for name in names if not _R_NAME.fullmatch(name) or name in _R_WORDS]
    if not strange:
        return []
    return ["lavaan needs other names for these; rename them before: " + ", ".join(strange)]


def _comments(sentences: Iterable[str]) -> list[str]:
    lines: list[str] = []
    for sentence in sentences:
        # A straight quote would end the text where it is pasted into R.
        words = " ".join(sentence.replace("'", "\u2019").split())
        lines += [f"# {line}" for line in wrap(words, WIDTH - 2, break_on_hyphens=False)]
    return lines
