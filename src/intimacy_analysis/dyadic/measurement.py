"""The dyadic factor model: one latent variable a member, measured by the same items."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from intimacy_analysis.dyadic.item_columns import ItemColumns, Items, item_columns
from intimacy_analysis.dyadic.variable_names import check_plain_names
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model
from intimacy_analysis.study.codebook import near_names

Level = Literal[
    "configural",
    "loadings",
    "intercepts",
    "residuals",
    "latent variances",
    "latent means",
    "indistinguishable",
]
Scale = Literal["marker", "fixed factor"]
# What each rung of the ladder adds to the one before.
LEVELS: tuple[Level, ...] = get_args(Level)[:-1]
ITEM_LEVELS: tuple[Level, ...] = ("loadings", "intercepts", "residuals")
# Items that may differ: everywhere, or by what may differ.
Freed = Collection[str] | Mapping[str, Collection[str]]
TWO_ITEMS = (
    "With two items a member their loadings cannot be told apart: both are held equal, and "
    "equality of loadings across members is assumed, not tested."
)


def dyadic_factor_model(
    name: str,
    items: Items,
    *,
    level: Level = "configural",
    free: Freed = (),
    scale: Scale = "marker",
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
) -> PathModelSpec:
    """Return the factor model of one scale that both members answered.

    Item j of member r: y_rj = i_rj + l_rj F_r + e_rj. The members' factors covary, and so do the
    residuals of the same item. Levels, each with all before it: "configural" (same items),
    equal "loadings", "intercepts", "residuals" (variances), "latent variances", "latent means".
    With the last the members are "indistinguishable" on the scale, which is another name for it.
    From "intercepts" on, the first member's latent mean is 0 and the second's is free.

    Labels, "_<role>" added where members differ: `l_<item>`, `i_<item>`, `r_<item>` (residual
    variance), `c_<item>` (of the same item across members), `v_<name>`, `c_<name>`, `m_<name>`;
    defined: `r_<name>` (the factors' correlation), `d_<name>` (difference of latent means,
    second less first member, in pooled latent standard deviations).

    Args:
        name: Of the latent variable; the factors are `<name>_<role>`.
        items: Columns by member, or stems; see `item_columns`.
        level: What is equal across members.
        free: Partial equality: items that may differ all the same, in everything or by level,
            e.g. {"intercepts": ["com3"]}. By level, exactly what is named is free.
        scale: "marker" (the first item that is not free has loading 1) or "fixed factor" (the
            first member's factor has variance 1, the second's too until loadings are equal).
        roles: The two members; None for the mapping's keys, else wife and husband.
        suffixes: Endings of the columns of stems; "_" and the role where None.

    Raises:
        SpecError: Names or options that cannot be, fewer than two items, or no item left equal.

    Source:
        docs/maths/measurement.md, eq. 1; Sakaluk, Fisher and Kilshaw (2021), Personal
        Relationships 28, 190-226.
    """
    columns = item_columns(items, roles=roles, suffixes=suffixes)
    level = check_level(level)
    freed = freed_items(free, columns)
    measured = measurement_lines(name, columns, level=level, freed=freed, scale=scale)
    return replace(
        read_model("\n".join(measured.lines)),
        template="dyadic factor",
        title=f"Dyadic factor model of {name}, {level_words(level)}{_partly(freed, level)}",
        roles=columns.roles,
        variables=columns.pairs,
        meanings=measured.meanings,
        notes=(
            f"One latent {name} a member; the members' factors and the residuals of the same "
            "item covary.",
            *((TWO_ITEMS,) if len(columns.items) == 2 else ()),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The measurement of one scale, as lines of a model text.

    Attributes:
        factors: Names of the two latent variables.
        lines: The lines.
        meanings: What the labels stand for.
    """

    factors: tuple[str, str]
    lines: tuple[str, ...]
    meanings: tuple[Meaning, ...]


def measurement_lines(
    name: str,
    columns: ItemColumns,
    *,
    level: Level,
    freed: Mapping[str, frozenset[str]],
    scale: Scale = "marker",
    linked: bool = True,
    predicted: bool = False,
) -> Measured:
    """Return the lines that measure one scale in both members.

    Args:
        name: Of the latent variable.
        columns: Its items.
        level: What is equal across members.
        freed: Items that may differ, by level.
        scale: How the latent variables get their unit.
        linked: Whether the members' factors covary (the covariance is not the model's to explain).
        predicted: Whether something predicts the factors, so that their variances, covariance and
            means are residual ones; then correlation and standardized difference are left out.
    """
    check_plain_names((name,))
    if scale not in get_args(Scale):
        raise SpecError(f"scale must be 'marker' or 'fixed factor', got {scale!r}.")
    rung = LEVELS.index(level)
    _check_some_equal(columns, freed, rung)
    writer = _Writer(
        name=name, columns=columns, rung=rung, freed=freed, scale=scale, predicted=predicted
    )
    parts = [writer.loadings(), writer.residuals()]
    if rung >= LEVELS.index("intercepts"):
        parts += [writer.intercepts(), writer.latent_means()]
    parts.append(writer.latent_moments(linked=linked))
    if not predicted:
        parts.append(writer.defined(linked=linked))
    return Measured(
        factors=writer.factors,
        lines=tuple(line for lines, _ in parts for line in lines),
        meanings=tuple(meaning for _, meanings in parts for meaning in meanings),
    )


def check_level(level: str) -> Level:
    """Return a level by its one name, or raise `SpecError`."""
    if level == "indistinguishable":
        return "latent means"
    for known in LEVELS:
        if level == known:
            return known
    raise SpecError(
        f"level must be a rung of the ladder, but {level!r} is none. There are: "
        f"{', '.join(map(repr, get_args(Level)))}."
    )


def freed_items(free: Freed, columns: ItemColumns) -> dict[str, frozenset[str]]:
    """Return the items that may differ, by level.

    Raises:
        SpecError: An unknown level or item.
    """
    given = (
        dict(free)
        if isinstance(free, Mapping)
        else dict.fromkeys(ITEM_LEVELS, (free,) if isinstance(free, str) else tuple(free))
    )
    freed: dict[str, frozenset[str]] = {}
    for level, names in given.items():
        if level not in ITEM_LEVELS:
            raise SpecError(
                "items can be freed in their loadings, intercepts or residuals, but free names "
                f"{level!r}. Write for example free={{'intercepts': ['{columns.items[0]}']}}."
            )
        freed[level] = named_items(names, columns, "free")
    return freed


def named_items(names: str | Collection[str], columns: ItemColumns, what: str) -> frozenset[str]:
    """Return items by their names or columns.

    Args:
        names: As given.
        columns: The items there are.
        what: The argument they were given by.

    Raises:
        SpecError: One that is no item of the scale.
    """
    by_column = {column: item for item, pair in columns.pairs for column in pair}
    listed = (names,) if isinstance(names, str) else tuple(names)
    unknown = [item for item in listed if item not in (*columns.items, *by_column)]
    if unknown:
        raise SpecError(
            f"{what} must name items of the scale, but {len(unknown)} of {len(listed)} "
            f"{'is' if len(unknown) == 1 else 'are'} none; the first is {unknown[0]!r}. "
            f"{near_names(unknown[0], list(columns.items)).replace('columns', 'items')}"
        )
    return frozenset(by_column.get(item, item) for item in listed)


def level_words(level: Level) -> str:
    """Return what is equal at a level, in words."""
    if level == "configural":
        return "same items and no equality"
    if level == "latent means":
        return "indistinguishable members"
    return equal_words(level)


def equal_words(level: Level) -> str:
    """Return everything that is equal at a level above "configural", listed."""
    rungs = LEVELS[1 : LEVELS.index(level) + 1]
    equal = ["residual variances" if rung == "residuals" else rung for rung in rungs]
    listed = " and ".join([", ".join(equal[:-1]), equal[-1]] if len(equal) > 1 else equal)
    return f"equal {listed}"


def _partly(freed: Mapping[str, frozenset[str]], level: Level) -> str:
    rungs = LEVELS[: LEVELS.index(level) + 1]
    held = sorted({item for rung in rungs for item in freed.get(rung, frozenset())})
    return f", but for {', '.join(held)}" if held else ""


def _check_some_equal(columns: ItemColumns, freed: Mapping[str, frozenset[str]], rung: int) -> None:
    for level in ("loadings", "intercepts"):
        if rung >= LEVELS.index(level) and len(freed.get(level, ())) >= len(columns.items):
            raise SpecError(
                f"some item must have equal {level} for both members, but all "
                f"{len(columns.items)} are free. Then the members' factors have no unit in "
                "common: keep at least one item, better two, or go down a level."
            )


_Part = tuple[list[str], list[Meaning]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    """Writes the lines of one scale."""

    name: str
    columns: ItemColumns
    rung: int
    freed: Mapping[str, frozenset[str]]
    scale: Scale
    predicted: bool

    @property
    def factors(self) -> tuple[str, str]:
        one, two = (f"{self.name}_{role}" for role in self.columns.roles)
        return one, two

    def loadings(self) -> _Part:
        lines, meanings = [], []
        marker = next(i for i in self.columns.items if i not in self.freed.get("loadings", ()))
        for member, factor in enumerate(self.factors):
            terms = []
            for item, column in zip(self.columns.items, self.columns.columns[member], strict=True):
                first = item == self.columns.items[0]
                if self._fixed_loading(item, marker):
                    terms.append(f"1*{column}")
                    continue
                label = self.loading_label(item, member)
                terms.append(f"NA*{column} + {label}*{column}" if first else f"{label}*{column}")
                meanings.append(self._item_meaning(label, "loading", item, member, "loading"))
            lines.append(f"{factor} =~ {' + '.join(terms)}")
        return lines, _once(meanings)

    def loading_label(self, item: str, member: int) -> str:
        if len(self.columns.items) == 2:
            return f"l_{self.name}{self._ending('loadings', item, member)}"
        return f"l_{item}{self._ending('loadings', item, member)}"

    def residuals(self) -> _Part:
        lines, meanings = [], []
        for item, pair in self.columns.pairs:
            for member, column in enumerate(pair):
                label = f"r_{item}{self._ending('residuals', item, member)}"
                lines.append(f"{column} ~~ {label}*{column}")
                words = "residual variance"
                meanings.append(self._item_meaning(label, words, item, member, "spread"))
            lines.append(f"{pair[0]} ~~ c_{item}*{pair[1]}")
            meanings.append(
                Meaning(
                    label=f"c_{item}",
                    words=f"members' residual covariance of {item}",
                    kind="spread",
                )
            )
        return lines, _once(meanings)

    def intercepts(self) -> _Part:
        lines, meanings = [], []
        for item, pair in self.columns.pairs:
            for member, column in enumerate(pair):
                label = f"i_{item}{self._ending('intercepts', item, member)}"
                lines.append(f"{column} ~ {label}*1")
                meanings.append(self._item_meaning(label, "intercept", item, member, "level"))
        return lines, _once(meanings)

    def latent_means(self) -> _Part:
        one, two = self.factors
        if self.rung >= LEVELS.index("latent means"):
            return [f"{one} ~ 0*1", f"{two} ~ 0*1"], []
        label = f"m_{self.name}"
        first, second = self.columns.words(0), self.columns.words(1)
        what = "latent intercept" if self.predicted else "latent mean"
        words = f"{what} of {self.name}, {second} minus {first}"
        return [f"{one} ~ 0*1", f"{two} ~ {label}*1"], [
            Meaning(label=label, words=words, kind="latent mean")
        ]

    def latent_moments(self, *, linked: bool) -> _Part:
        lines, meanings = [], []
        rest = "residual " if self.predicted else ""
        for member, factor in enumerate(self.factors):
            if self.unit_variance(member):
                lines.append(f"{factor} ~~ 1*{factor}")
                continue
            label = self.variance_label(member)
            both = self.rung >= LEVELS.index("latent variances")
            who = "both members" if both else self.columns.words(member)
            lines.append(f"{factor} ~~ {label}*{factor}")
            meanings.append(
                Meaning(
                    label=label,
                    words=f"{rest}variance of latent {self.name}, {who}",
                    kind="spread",
                    role="" if both else self.columns.roles[member],
                )
            )
        if linked:
            lines.append(f"{self.factors[0]} ~~ c_{self.name}*{self.factors[1]}")
            meanings.append(
                Meaning(
                    label=f"c_{self.name}",
                    words=f"members' {rest}covariance of latent {self.name}",
                    kind="spread",
                )
            )
        return lines, _once(meanings)

    def unit_variance(self, member: int) -> bool:
        """Whether a factor's variance is fixed at 1."""
        if self.scale == "marker":
            return False
        both = not 1 <= self.rung < LEVELS.index("latent variances")
        return member == 0 or both

    def variance_label(self, member: int) -> str:
        equal = self.rung >= LEVELS.index("latent variances")
        return f"v_{self.name}" + ("" if equal else f"_{self.columns.roles[member]}")

    def defined(self, *, linked: bool) -> _Part:
        lines, meanings = [], []
        one, two = (
            "1" if self.unit_variance(member) else self.variance_label(member) for member in (0, 1)
        )
        if linked:
            lines.append(f"r_{self.name} := c_{self.name}/sqrt({one}*{two})")
            meanings.append(
                Meaning(
                    label=f"r_{self.name}",
                    words=f"members' correlation of latent {self.name}",
                    kind="latent correlation",
                )
            )
        if LEVELS.index("intercepts") <= self.rung < LEVELS.index("latent means"):
            lines.append(f"d_{self.name} := m_{self.name}/sqrt(({one} + {two})/2)")
            meanings.append(
                Meaning(
                    label=f"d_{self.name}",
                    words=f"latent mean of {self.name}, {self.columns.words(1)} minus "
                    f"{self.columns.words(0)}, in standard deviations",
                    kind="latent mean",
                )
            )
        return lines, meanings

    def _fixed_loading(self, item: str, marker: str) -> bool:
        if self.scale == "fixed factor":
            return False
        return item == marker or len(self.columns.items) == 2

    def _ending(self, level: Level, item: str, member: int) -> str:
        equal = self.rung >= LEVELS.index(level) and item not in self.freed.get(level, ())
        return "" if equal else f"_{self.columns.roles[member]}"

    def _item_meaning(self, label: str, what: str, item: str, member: int, kind: str) -> Meaning:
        role = self.columns.roles[member]
        own = label.endswith(f"_{role}")
        who = self.columns.words(member) if own else "both members"
        return Meaning(
            label=label, words=f"{what} of {item}, {who}", kind=kind, role=role if own else ""
        )


def _once(meanings: list[Meaning]) -> list[Meaning]:
    return list({meaning.label: meaning for meaning in meanings}.values())
