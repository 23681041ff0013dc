"""Model texts as psychologists write them: lavaan's language, read without running any of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from intimacy_analysis.paths.expressions import FUNCTIONS, Expression, expression_of
from intimacy_analysis.paths.lexer import Source, Token, read_tokens
from intimacy_analysis.paths.modifiers import Modifiers, Term, read_terms
from intimacy_analysis.paths.spec import (
    Arrow,
    Constraint,
    Definition,
    Operator,
    PathModelSpec,
    Relation,
)

MOST_ARROWS = 20_000


def read_model(text: str) -> PathModelSpec:
    """Read a model text.

    `y ~ x` is a regression, `f =~ x1 + x2` a measurement, `x ~~ y` a covariance, `x ~~ x` a
    variance, `y ~ 1` an intercept. A label (`a*x`), a value (`0.5*x`), `NA*x` or `start(0.5)*x`
    says more of a parameter; `c(a1, a2)*x` says it for each group. `k := p/a` defines a quantity,
    `a == b`, `a < b` and `a > b` are conditions. `#` and `!` begin comments; a line goes on
    where it ends with an operator, or the next one begins with one.

    Args:
        text: The model.

    Returns:
        The model; arrows, definitions and constraints in the order of the text.

    Raises:
        SpecError: With line, column, what was expected and what to do.

    Source:
        The language is that of Rosseel (2012), Journal of Statistical Software 48(2), section 3.
    """
    reader = _ModelReader(*read_tokens(text))
    return reader.read()


def read_constraint(text: str) -> Constraint:
    """Read one condition, such as "a_wife == a_husband" or "p > 0".

    Names are not compared with a model here.

    Raises:
        SpecError: Not one condition, with line, column and what was expected.
    """
    source, statement, operator = _only_statement(text, _RELATIONS, "a condition ('a == b')")
    return _constraint(source, statement, operator)


def read_definition(text: str) -> Definition:
    """Read one definition, such as "k := p/a". Names are not compared with a model here.

    Raises:
        SpecError: Not one definition, with line, column and what was expected.
    """
    source, statement, operator = _only_statement(text, (":=",), "a definition ('k := p/a')")
    return _definition(source, statement, operator)


_RELATIONS: tuple[Relation, ...] = ("==", "<", ">")
_ARROW_OPERATORS = ("~", "=~", "~~")
_OPERATORS = (*_ARROW_OPERATORS, ":=", *_RELATIONS)
# A line that ends with one of these goes on; so does one before a line that begins with one.
_OPEN_END = ("+", "-", "*", "/", "^", "**", ",", "(", *_OPERATORS)
_OPEN_START = ("+", "-", "*", "/", "^", "**", ",", ")", *_OPERATORS)

_PRODUCT = "make a product column first, for example with pandas: d['xz'] = d['x'] * d['z']."
# Signs of lavaan, or slips, that this language refuses: what they are, what to do instead.
_REFUSED = {
    "|": (
        "thresholds of ordered categories ('|') are not part of path models here",
        "Treat items with five or more answers as numbers, or use lavaan for ordered items.",
    ),
    "~*~": (
        "scaling factors of ordered categories ('~*~') are not part of path models here",
        "Leave the line out; variances of numbers are written 'x ~~ x'.",
    ),
    "<~": (
        "formative variables ('<~') are not part of path models here",
        "Make the composite a column first, for example with pandas: d[items].mean(axis=1).",
    ),
    "%": ("'%' has no meaning in a model text", "Remove it."),
    "?": ("'?' has no meaning here", "Write a start value as 'start(0.5)*x'."),
    "=": ("'=' is no operator", "Write '==' for a condition, '=~' for a latent variable."),
    "<=": ("'<=' is no operator", "Write '<'; a limit counts as reached either way."),
    ">=": ("'>=' is no operator", "Write '>'; a limit counts as reached either way."),
}
_BLOCKS = ("group", "level", "block", "class")


@dataclass(frozen=True, slots=True)
class _Statement:
    tokens: list[Token]
    end: Token


@dataclass(slots=True)
class _Draft:
    """An arrow as far as it has been read."""

    lhs: str
    op: Operator
    rhs: str
    modifiers: Modifiers
    token: Token
    statement: int


class _ModelReader:
    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.statements = _statements(tokens)
        self.end = tokens[-1]
        self.drafts: dict[tuple[str, str, str], _Draft] = {}
        self.definitions: list[tuple[Definition, _Statement]] = []
        self.constraints: list[tuple[Constraint, _Statement]] = []
        self.borrowed: list[Token] = []

    def read(self) -> PathModelSpec:
        for number, statement in enumerate(self.statements):
            _refuse_foreign(self.source, statement)
            at = _operator(self.source, statement)
            operator = statement.tokens[at].text
            if operator == ":=":
                definition = _definition(self.source, statement, at)
                self.definitions.append((definition, statement))
            elif operator in _RELATIONS:
                constraint = _constraint(self.source, statement, at)
                self.constraints.append((constraint, statement))
            else:
                self._formula(statement, at, number)
        if not self.drafts:
            raise self.source.refusal(
                self.end,
                "a model must hold at least one arrow",
                "this has none",
                "Write a line such as 'y ~ x'.",
            )
        self._check_groups()
        self._check_labels()
        self._check_names()
        return PathModelSpec(
            arrows=tuple(_arrow(draft) for draft in self.drafts.values()),
            definitions=tuple(definition for definition, _ in self.definitions),
            constraints=tuple(constraint for constraint, _ in self.constraints),
        )

    def _formula(self, statement: _Statement, at: int, number: int) -> None:
        operator = statement.tokens[at]
        op: Operator = "=~" if operator.text == "=~" else "~~" if operator.text == "~~" else "~"
        left = _left_names(self.source, statement.tokens[:at], operator)
        terms = read_terms(self.source, statement.tokens[at + 1 :], statement.end, op)
        for term in terms:
            self.borrowed.extend(term.borrowed)
        for name in left:
            for term in terms:
                self._add(name, op, term, number)

    def _add(self, lhs: Token, op: Operator, term: Term, number: int) -> None:
        if term.variable == "":
            op = "~1"
        if op != "~~" and lhs.text == term.variable:
            self._refuse_itself(lhs, op, term)
        draft = _Draft(lhs.text, op, term.variable, term.modifiers, term.token, number)
        key = _key(draft)
        known = self.drafts.get(key)
        if known is None:
            if len(self.drafts) >= MOST_ARROWS:
                raise self.source.refusal(
                    term.token,
                    f"a model must have at most {MOST_ARROWS:,} arrows",
                    "this has more",
                    "Fit a smaller model.",
                )
            self.drafts[key] = draft
            return
        self._join(known, draft)

    def _join(self, known: _Draft, draft: _Draft) -> None:
        """Take a second mention of an arrow: it adds in the same formula, else it repeats."""
        repeated = known.statement == draft.statement and known.lhs == draft.lhs
        contradiction = known.modifiers.contradiction(draft.modifiers)
        if not contradiction and (repeated or known.modifiers == draft.modifiers):
            known.modifiers = known.modifiers.joined(draft.modifiers)
            return
        where = f"line {known.token.line}, column {known.token.column}"
        name = f"{draft.lhs} {draft.op} {draft.rhs}".rstrip()
        raise self.source.refusal(
            draft.token,
            "an arrow that is written twice must have the same modifiers",
            f"'{name}' stands at {where} already, with {contradiction or 'others'}",
            "Keep one of the two, with all its modifiers.",
        )

    def _refuse_itself(self, lhs: Token, op: Operator, term: Term) -> None:
        must = "a variable must not be regressed on itself"
        if op == "=~":
            must = "a latent variable must not measure itself"
        raise self.source.refusal(
            term.token,
            must,
            f"{lhs.text!r} stands on both sides",
            f"Correct one of the names; the variance of {lhs.text} is '{lhs.text} ~~ {lhs.text}'.",
        )

    def _check_groups(self) -> None:
        first: _Draft | None = None
        for draft in self.drafts.values():
            modifiers = draft.modifiers
            for entries in (modifiers.labels, modifiers.fixed, modifiers.starts):
                if len(entries) == 1:
                    continue
                first = first or draft
                n_groups = first.modifiers.n_entries
                if len(entries) != n_groups:
                    raise self.source.refusal(
                        draft.token,
                        "every c(...) must hold one entry a group",
                        f"this holds {len(entries)}, and the one of line {first.token.line} "
                        f"holds {n_groups}",
                        "Give as many entries as there are groups.",
                    )

    def _check_labels(self) -> None:
        predictors: set[tuple[str, str]] = {
            (draft.lhs, draft.rhs) for draft in self.drafts.values() if draft.op == "~"
        }
        uses: dict[str, int] = {}
        for draft in self.drafts.values():
            for label in draft.modifiers.labels:
                uses[label] = uses.get(label, 0) + 1
                # "y ~ x + z + x*z" would quietly give z the label x.
                if draft.op == "~" and (draft.lhs, label) in predictors:
                    raise self.source.refusal(
                        draft.token,
                        "a label must not be the name of a predictor of the same outcome",
                        f"'{label}*{draft.rhs}' gives the parameter of {draft.rhs!r} the label "
                        f"{label!r}, and {label!r} predicts {draft.lhs!r}",
                        f"Choose another label; for an interaction {_PRODUCT}",
                    )
        for token in self.borrowed:
            if uses.get(token.text, 0) < 2:
                raise self.source.refusal(
                    token,
                    "equal(...) must name a label of another parameter",
                    f"no other has the label {token.text!r}",
                    _nearest(token.text, (label for label in uses if label != token.text)),
                )

    def _check_names(self) -> None:
        labels = {label for draft in self.drafts.values() for label in draft.modifiers.labels}
        labels.discard("")
        defined: dict[str, int] = {}
        for definition, statement in self.definitions:
            token = statement.tokens[0]
            if definition.name in labels:
                raise self.source.refusal(
                    token,
                    "a defined name must not be the label of a parameter",
                    f"{definition.name!r} is both",
                    "Choose another name.",
                )
            if definition.name in defined:
                raise self.source.refusal(
                    token,
                    "a name must be defined once",
                    f"{definition.name!r} is defined in line {defined[definition.name]} already",
                    "Choose another name, or remove one of the two.",
                )
            self._check_known(statement, 2, labels | defined.keys())
            defined[definition.name] = token.line
        for _, statement in self.constraints:
            self._check_known(statement, 0, labels | defined.keys())

    def _check_known(self, statement: _Statement, start: int, known: set[str]) -> None:
        tokens = [*statement.tokens[start:], statement.end]
        later = {definition.name for definition, _ in self.definitions} - known
        for token, following in pairwise(tokens):
            called = token.text in FUNCTIONS and following.is_sign("(")
            if token.kind != "name" or called or token.text in known:
                continue
            raise self.source.refusal(
                token,
                "a definition or condition must use labels, and names defined above it",
                f"{token.text!r} is "
                + ("not yet defined here" if token.text in later else "none of them"),
                "Move its definition up." if token.text in later else _nearest(token.text, known),
            )


def _statements(tokens: Sequence[Token]) -> list[_Statement]:
    """Cut the words at ends of lines and semicolons, unless a line goes on."""
    words = [token for token in tokens if token.kind != "newline"]
    ends_line = {id(word) for word, following in pairwise(tokens) if following.kind == "newline"}
    new_lines = _signed_lines(tokens)
    statements: list[_Statement] = []
    current: list[Token] = []
    depth = 0
    for word, following in zip(words, [*words[1:], None], strict=True):
        stop = word.kind == "end" or word.is_sign(";")
        if not stop:
            current.append(word)
            depth += word.is_sign("(") - word.is_sign(")")
            goes_on = (
                depth > 0
                or word.is_sign(*_OPEN_END)
                or (
                    following is not None
                    and following.is_sign(*_OPEN_START)
                    and id(following) not in new_lines
                )
            )
            stop = id(word) in ends_line and not goes_on
        if stop:
            if current:
                statements.append(_Statement(current, _after(current[-1])))
            current, depth = [], 0
    return statements


def _signed_lines(tokens: Sequence[Token]) -> set[int]:
    """Return the first words of lines that begin with a sign but stand alone: "-a < 0"."""
    found: set[int] = set()
    first: Token | None = None
    for token in tokens:
        if token.kind in ("newline", "end") or token.is_sign(";"):
            first = None
        elif first is None:
            first = token
        elif first.is_sign("+", "-") and token.is_sign(*_OPERATORS):
            found.add(id(first))
    return found


def _after(token: Token) -> Token:
    width = len(token.text) + 2 * (token.kind == "quoted")
    return Token("newline", "", token.line, token.column + width)


def _refuse_foreign(source: Source, statement: _Statement) -> None:
    for at, token in enumerate(statement.tokens):
        if token.kind != "sign":
            continue
        if token.text == ":":
            before = statement.tokens[at - 1].text if at else ""
            if at == 1 and before.lower() in _BLOCKS:
                raise source.refusal(
                    token,
                    "a model text must hold one block for all groups",
                    f"here begins a block '{before}:'",
                    "Write each formula once, with c(a1, a2)*x where groups differ, and name the "
                    "column of the groups when fitting.",
                )
            raise source.refusal(
                token,
                "a model text must hold no interactions",
                "':' asks for one",
                _PRODUCT[0].upper() + _PRODUCT[1:],
            )
        if token.text in _REFUSED:
            what, remedy = _REFUSED[token.text]
            raise source.refusal(
                token,
                "an operator must be one of ~ =~ ~~ := == < >",
                what,
                remedy,
            )


def _operator(source: Source, statement: _Statement) -> int:
    """Return where the one operator of a statement stands."""
    places = [at for at, token in enumerate(statement.tokens) if token.is_sign(*_OPERATORS)]
    if not places:
        raise source.refusal(
            statement.end,
            "a line must hold an operator (~ =~ ~~ := == < >)",
            "this has none",
            "Write 'y ~ x' for a regression; '+' at the end of a line lets it go on.",
        )
    if len(places) > 1:
        token = statement.tokens[places[1]]
        raise source.refusal(
            token,
            "a line must hold one operator",
            f"{token.text!r} is its second",
            "Begin a new line, or write ';' between two formulas.",
        )
    return places[0]


def _left_names(source: Source, tokens: Sequence[Token], operator: Token) -> list[Token]:
    """Read "a + b" left of an operator."""
    names: list[Token] = []
    wants_name = True
    for token in [*tokens, operator]:
        named = token.kind in ("name", "quoted") and token.text.strip() not in ("", "NA")
        if wants_name and named:
            names.append(token)
        elif wants_name or not (token.is_sign("+") or token is operator):
            expected = "a variable" if wants_name else f"'+' or {operator.text!r}"
            raise source.refusal(
                token,
                f"left of {operator.text!r} must stand variables joined by '+'; "
                f"here {expected} was expected",
                f"there is {token.shown}",
                "Write 'y ~ x' or 'y1 + y2 ~ x'; labels and values stand on the right.",
            )
        wants_name = not wants_name
    return names


def _definition(source: Source, statement: _Statement, at: int) -> Definition:
    operator = statement.tokens[at]
    left = statement.tokens[:at]
    if len(left) != 1 or left[0].kind != "name" or left[0].text == "NA":
        token = left[1] if len(left) > 1 and left[0].kind == "name" else (left or [operator])[0]
        raise source.refusal(
            token,
            "left of ':=' must stand one name of letters, digits, '_' and '.'",
            f"there is {token.shown}",
            "Write 'k := p/a'.",
        )
    expression = expression_of(source, statement.tokens[at + 1 :], statement.end)
    return Definition(name=left[0].text, expression=expression, line=left[0].line)


def _constraint(source: Source, statement: _Statement, at: int) -> Constraint:
    operator = statement.tokens[at]
    left = expression_of(source, statement.tokens[:at], operator)
    right = expression_of(source, statement.tokens[at + 1 :], statement.end)
    _check_some_name(source, operator, left, right)
    relation = next(relation for relation in _RELATIONS if relation == operator.text)
    return Constraint(left=left, relation=relation, right=right, line=statement.tokens[0].line)


def _check_some_name(source: Source, operator: Token, *sides: Expression) -> None:
    if not any(side.names for side in sides):
        raise source.refusal(
            operator,
            "a condition must name at least one label",
            "this holds numbers alone",
            "Write 'a == b' or 'a > 0', with labels of the model.",
        )


def _only_statement(
    text: str, operators: Sequence[str], what: str
) -> tuple[Source, _Statement, int]:
    source, tokens = read_tokens(text)
    statements = _statements(tokens)
    if len(statements) != 1:
        raise source.refusal(
            statements[1].tokens[0] if statements else tokens[-1],
            f"the text must hold {what} and nothing else",
            f"it holds {len(statements)} lines",
            "Give them one by one.",
        )
    _refuse_foreign(source, statements[0])
    at = _operator(source, statements[0])
    token = statements[0].tokens[at]
    if token.text not in operators:
        raise source.refusal(
            token,
            f"the text must hold {what}",
            f"its operator is {token.text!r}",
            f"Use {' or '.join(repr(operator) for operator in operators)}.",
        )
    return source, statements[0], at


def _arrow(draft: _Draft) -> Arrow:
    return Arrow(
        lhs=draft.lhs,
        op=draft.op,
        rhs=draft.rhs,
        labels=draft.modifiers.labels,
        fixed=draft.modifiers.fixed,
        starts=draft.modifiers.starts,
        freed=draft.modifiers.freed,
        line=draft.token.line,
        column=draft.token.column,
    )


def _key(draft: _Draft) -> tuple[str, str, str]:
    ends = (draft.lhs, draft.rhs)
    if draft.op == "~~":
        ends = (min(ends), max(ends))
    return (ends[0], draft.op, ends[1])


def _nearest(name: str, known: Iterable[str]) -> str:
    names = sorted(name for name in known if name)[:2000]
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(repr(one) for one in near)}?"
    if names:
        return f"Known are, for example: {', '.join(names[:5])}."
    return "Give a parameter a label: 'y ~ a*x'."
