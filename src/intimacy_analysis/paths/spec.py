"""The question a path model asks, as a value that knows no data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from intimacy_analysis.paths.expressions import Expression

Operator = Literal["~", "=~", "~~", "~1"]
OPERATORS: tuple[Operator, ...] = ("=~", "~", "~~", "~1")
Relation = Literal["==", "<", ">"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One arrow of a path diagram: a loading, regression, (co)variance or intercept.

    `labels`, `fixed` and `starts` hold one entry for all groups, or one entry a group.

    Attributes:
        lhs: Outcome of "~", latent variable of "=~", either end of "~~", variable of "~1".
        op: "~", "=~", "~~" or "~1".
        rhs: Predictor, indicator or other end; "" for "~1".
        labels: Names of the parameter; equal labels make equal parameters. "" for none.
        fixed: Values it is fixed at; None where it is not fixed by the text.
        starts: Where the search begins; None for the engine's choice.
        freed: Whether the text frees it ("NA*"), so that no rule of the engine may fix it.
        line: Line of the text, from 1; 0 where there was no text.
        column: Column of the text, from 1.
    """

    lhs: str
    op: Operator
    rhs: str = ""
    labels: tuple[str, ...] = ("",)
    fixed: tuple[float | None, ...] = (None,)
    starts: tuple[float | None, ...] = (None,)
    freed: bool = False
    line: int = 0
    column: int = 0

    @property
    def name(self) -> str:
        """The arrow as "lhs op rhs"."""
        return f"{self.lhs} {self.op} {self.rhs}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A quantity computed from labeled parameters: `name := expression`."""

    name: str
    expression: Expression
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A condition the parameters must meet: `left == right`, `left < right`, `left > right`."""

    left: Expression
    relation: Relation
    right: Expression
    line: int = 0

    @property
    def text(self) -> str:
        """The condition as written, without blanks around names."""
        return f"{self.left.text} {self.relation} {self.right.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a labeled or defined parameter stands for, in the field's words.

    Attributes:
        label: The label or the defined name, e.g. "a_wife".
        words: In words, e.g. "actor effect of the wife".
        kind: "actor", "partner", "indirect", "total", "contrast", "pattern", "level", ...
        role: The member whose outcome it is about; "" for both or for the couple.
    """

    label: str
    words: str
    kind: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathModelSpec:
    """A path model: arrows, defined quantities and constraints.

    Attributes:
        arrows: In the order of the text.
        definitions: In the order of the text.
        constraints: In the order of the text.
        template: Name of the dyadic template it was made by ("actor-partner"); "" for a text.
        title: One line for a heading; "" for a text.
        roles: The two members' names, e.g. ("wife", "husband"); () where there are none.
        variables: For a template, stem of a variable and its columns in the order of `roles`.
        meanings: What labels stand for; empty for a text.
        notes: Sentences a reader must see beside the estimates.
    """

    arrows: tuple[Arrow, ...]
    definitions: tuple[Definition, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    template: str = ""
    title: str = ""
    roles: tuple[str, ...] = ()
    variables: tuple[tuple[str, tuple[str, ...]], ...] = ()
    meanings: tuple[Meaning, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def latent(self) -> tuple[str, ...]:
        """Names of the latent variables, in order of first mention."""
        return tuple(dict.fromkeys(arrow.lhs for arrow in self.arrows if arrow.op == "=~"))

    @property
    def observed(self) -> tuple[str, ...]:
        """Names of the observed variables, in order of first mention."""
        latent = set(self.latent)
        named = (name for arrow in self.arrows for name in (arrow.lhs, arrow.rhs))
        return tuple(dict.fromkeys(name for name in named if name and name not in latent))

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of parameters, each once, in order."""
        named = (label for arrow in self.arrows for label in arrow.labels)
        return tuple(dict.fromkeys(label for label in named if label))

    def with_constraints(self, *constraints: Constraint) -> PathModelSpec:
        """Return the same model under further conditions."""
        return replace(self, constraints=(*self.constraints, *constraints))

    def with_definitions(self, *definitions: Definition) -> PathModelSpec:
        """Return the same model with further defined quantities."""
        return replace(self, definitions=(*self.definitions, *definitions))
