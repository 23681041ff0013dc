"""What each column means: unit, range, level, role, labels, missing codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from intimacy_analysis.errors import DataError

Level = Literal["person", "day", "couple", "study"]
Role = Literal[
    "person",
    "couple",
    "partner",
    "day",
    "date",
    "weekend",
    "outcome",
    "predictor",
    "stress",
    "covariate",
    "none",
]
LEVELS: tuple[Level, ...] = ("person", "day", "couple", "study")
# `partner` tells the two members of a couple apart; `stress` is the claim's second predictor.
ROLES: tuple[Role, ...] = (
    "person",
    "couple",
    "partner",
    "day",
    "date",
    "weekend",
    "outcome",
    "predictor",
    "stress",
    "covariate",
    "none",
)
# One column at most may have each of these.
UNIQUE_ROLES: tuple[Role, ...] = tuple(role for role in ROLES if role not in ("covariate", "none"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One column.

    Attributes:
        name: The column's name in the frame.
        label: What it measures, in a reader's words.
        unit: Unit of a value, plural ("hours", "points"); empty for a key or a category.
        minimum: Smallest possible value; None for no bound.
        maximum: Largest possible value; None for no bound.
        level: What it varies over: "person", "day", "couple" or "study".
        role: What it is in the design; one of `ROLES`.
        value_labels: (code, label) in order of code; empty for a measured quantity.
        missing_codes: (code, reason) of answers that are not values, e.g. (-99, "refused").
        source_name: The user's own name of the column where it differs; else empty.
    """

    name: str
    label: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    level: Level = "day"
    role: Role = "none"
    value_labels: tuple[tuple[float | str, str], ...] = ()
    missing_codes: tuple[tuple[float | str, str], ...] = ()
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class Codebook:
    """The variables of a study, in order; names and design roles are unique."""

    variables: tuple[Variable, ...] = ()

    def __post_init__(self) -> None:
        names = [variable.name for variable in self.variables]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise DataError(
                f"each column may stand once in a codebook, but {', '.join(twice)} "
                f"{'stands' if len(twice) == 1 else 'stand'} twice. Keep one entry each."
            )
        for role in UNIQUE_ROLES:
            holders = [variable.name for variable in self.variables if variable.role == role]
            if len(holders) > 1:
                raise DataError(
                    f"one column may have the role {role!r}, but {len(holders)} do: "
                    f"{', '.join(holders)}. Give the others the role 'covariate' or 'none'."
                )

    def __iter__(self) -> Iterator[Variable]:
        return iter(self.variables)

    def __len__(self) -> int:
        return len(self.variables)

    def __contains__(self, name: object) -> bool:
        return any(variable.name == name for variable in self.variables)

    def __getitem__(self, name: str) -> Variable:
        for variable in self.variables:
            if variable.name == name:
                return variable
        raise DataError(f"the codebook has no column {name!r}. {near_names(name, self.names)}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(variable.name for variable in self.variables)

    def with_role(self, role: Role) -> Variable | None:
        """Return the one variable of a unique role, or None."""
        return next((variable for variable in self.variables if variable.role == role), None)

    def covariates(self) -> tuple[Variable, ...]:
        """Return the variables with the role 'covariate', in order."""
        return tuple(variable for variable in self.variables if variable.role == "covariate")

    def with_variable(self, variable: Variable) -> Codebook:
        """Return a codebook with one more variable, or one replaced by name."""
        kept = tuple(old for old in self.variables if old.name != variable.name)
        return Codebook((*kept, variable))


def near_names(name: str, known: tuple[str, ...] | list[str]) -> str:
    """Return a sentence that names the known columns most like `name`."""
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    shown = ", ".join(list(known)[:12]) + (", ..." if len(known) > 12 else "")
    return f"Known columns: {shown or 'none'}."


_OF_WHAT = (" of ", " per ", " within ", " between ", " in ", " on ")


def one_of(unit: str) -> str:
    """Return one of a plural unit: "hours" to "hour", "points of stress" to "point of stress"."""
    ends = [unit.find(word) for word in _OF_WHAT if word in unit]
    end = min(ends, default=len(unit))
    head, rest = unit[:end], unit[end:]
    if head.endswith("s") and not head.endswith("ss") and len(head) > 2:
        head = head[:-1]
    return head + rest
