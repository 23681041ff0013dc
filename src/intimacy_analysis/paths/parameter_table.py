"""Every arrow of a model, in every group: what is free, what is fixed, what is equal.

Rules for what the text leaves out are those psychologists know from lavaan's `sem()`: Rosseel
(2012), Journal of Statistical Software 48(2), section 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.spec import Arrow, Operator, PathModelSpec

EQUALITIES = (
    "loadings",
    "intercepts",
    "residuals",
    "regressions",
    "latent variances",
    "latent covariances",
    "latent means",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One parameter of one group.

    Attributes:
        lhs: As in `Arrow`.
        op: As in `Arrow`.
        rhs: As in `Arrow`.
        group: Index of the group, from 0.
        label: Its label; "" for none.
        free: Index in the vector of free parameters; -1 for a fixed one.
        value: Where it is fixed; `nan` for a free one.
        start: Where its search begins; `nan` for the engine's choice.
        sample: Whether it is fixed at the sample's value (an exogenous predictor's moment).
        automatic: Whether a rule added it, not the text.
    """

    lhs: str
    op: Operator
    rhs: str
    group: int
    label: str = ""
    free: int = -1
    value: float = float("nan")
    start: float = float("nan")
    sample: bool = False
    automatic: bool = False

    @property
    def name(self) -> str:
        """The parameter as "lhs op rhs"."""
        return f"{self.lhs} {self.op} {self.rhs}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterTable:
    """All parameters of a model.

    Attributes:
        rows: In the order of the text, automatic ones last, group by group.
        observed: Observed variables, in order of first mention.
        latent: Latent variables, in order of first mention.
        groups: Names of the groups; ("",) for one.
        n_free: Length of the vector of free parameters (equal ones count once).
        means: Whether means are part of the model.
        fixed_predictors: Exogenous predictors whose moments are taken from the sample.
        plain_predictors: Exogenous predictors of whose moments the text says nothing.
    """

    rows: tuple[Row, ...]
    observed: tuple[str, ...]
    latent: tuple[str, ...]
    groups: tuple[str, ...]
    n_free: int
    means: bool
    fixed_predictors: tuple[str, ...]
    plain_predictors: tuple[str, ...] = ()

    def name(self, row: Row) -> str:
        """Return the name of a row, with its group where there are several."""
        return row.name if len(self.groups) == 1 else f"{row.name} [{self.groups[row.group]}]"

    @property
    def free_names(self) -> tuple[str, ...]:
        """One name a free parameter: its label, else its first row's name."""
        names = [""] * self.n_free
        for row in self.rows:
            if row.free >= 0 and not names[row.free]:
                names[row.free] = row.label or self.name(row)
        return tuple(names)

    def index_of(self) -> dict[str, int]:
        """Return each label of a free parameter with its index."""
        return {row.label: row.free for row in self.rows if row.label and row.free >= 0}

    def fixed_labels(self) -> dict[str, float]:
        """Return each label of a fixed parameter with its value."""
        return {row.label: row.value for row in self.rows if row.label and row.free < 0}


def build_table(
    spec: PathModelSpec,
    *,
    groups: Sequence[str] = ("",),
    means: bool = True,
    fixed_x: bool = True,
    group_equal: Sequence[str] = (),
) -> ParameterTable:
    """Complete the arrows of a text by the rules, for every group.

    Args:
        spec: The model.
        groups: Names of the groups.
        means: Whether intercepts and means are part of the model.
        fixed_x: Whether exogenous predictors the text gives no moments to are taken as they are.
        group_equal: Kinds of parameters equal across groups, of `EQUALITIES`.

    Raises:
        SpecError: A model without arrows, entries for another number of groups, or a label that
            is fixed in one place and free in another.
    """
    if not spec.arrows:
        raise SpecError("a model needs at least one arrow, such as 'y ~ x', but this has none.")
    unknown = [kind for kind in group_equal if kind not in EQUALITIES]
    if unknown:
        raise SpecError(
            f"group_equal must name kinds of parameters, but {unknown[0]!r} is none. "
            f"Choose among {', '.join(EQUALITIES)}."
        )
    kinds = _Kinds.of(spec)
    arrows = _with_markers(spec, kinds)
    fixed = kinds.plain_predictors if fixed_x else ()
    arrows += _automatic(spec, kinds, fixed=fixed, means=means)
    rows: list[Row] = []
    for group in range(len(groups)):
        for arrow, automatic, sample in arrows:
            rows.append(_row(arrow, group, len(groups), automatic=automatic, sample=sample))
    rows = _equal_across_groups(rows, kinds, groups, group_equal, spec)
    numbered, n_free = _numbered(rows)
    return ParameterTable(
        rows=tuple(numbered),
        observed=spec.observed,
        latent=spec.latent,
        groups=tuple(groups),
        n_free=n_free,
        means=means,
        fixed_predictors=fixed,
        plain_predictors=kinds.plain_predictors,
    )


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Which variables stand where."""

    latent: tuple[str, ...]
    indicators: frozenset[str]
    outcomes: frozenset[str]
    predictors: tuple[str, ...]
    plain_predictors: tuple[str, ...]
    mentioned: frozenset[tuple[str, str, str]]

    @classmethod
    def of(cls, spec: PathModelSpec) -> _Kinds:
        latent = spec.latent
        indicators = frozenset(a.rhs for a in spec.arrows if a.op == "=~")
        outcomes = frozenset(a.lhs for a in spec.arrows if a.op == "~")
        predictors = tuple(dict.fromkeys(a.rhs for a in spec.arrows if a.op == "~"))
        # A predictor whose variance, covariance or mean the text speaks of is part of the model.
        spoken = {n for a in spec.arrows if a.op in ("~~", "~1") for n in (a.lhs, a.rhs) if n}
        plain = tuple(
            name
            for name in predictors
            if name not in latent
            and name not in outcomes
            and name not in indicators
            and name not in spoken
        )
        return cls(
            latent=latent,
            indicators=indicators,
            outcomes=outcomes,
            predictors=predictors,
            plain_predictors=plain,
            mentioned=frozenset(_key(a.lhs, a.op, a.rhs) for a in spec.arrows),
        )


def _key(lhs: str, op: str, rhs: str) -> tuple[str, str, str]:
    return (min(lhs, rhs), op, max(lhs, rhs)) if op == "~~" else (lhs, op, rhs)


_Completed = list[tuple[Arrow, bool, bool]]


def _with_markers(spec: PathModelSpec, kinds: _Kinds) -> _Completed:
    """Give each latent variable its scale: the first loading is 1 unless the text frees it."""
    completed: _Completed = []
    first: set[str] = set()
    for arrow in spec.arrows:
        if arrow.op == "=~" and arrow.lhs not in first:
            first.add(arrow.lhs)
            if not arrow.freed and arrow.fixed == (None,):
                arrow = replace(arrow, fixed=(1.0,))
        completed.append((arrow, False, False))
    return completed


def _automatic(
    spec: PathModelSpec, kinds: _Kinds, *, fixed: tuple[str, ...], means: bool
) -> _Completed:
    added: _Completed = []

    def add(lhs: str, op: Operator, rhs: str, value: float | None = None) -> None:
        if _key(lhs, op, rhs) in kinds.mentioned:
            return
        sample = lhs in fixed and (op == "~1" or rhs in fixed)
        added.append((Arrow(lhs=lhs, op=op, rhs=rhs, fixed=(value,)), True, sample))

    per_factor: dict[str, list[str]] = {}
    for arrow in spec.arrows:
        if arrow.op == "=~":
            per_factor.setdefault(arrow.lhs, []).append(arrow.rhs)
    alone = {items[0] for items in per_factor.values() if len(items) == 1}
    for name in (*spec.observed, *spec.latent):
        # One indicator cannot tell its own error from its factor.
        add(name, "~~", name, 0.0 if name in alone and name not in kinds.latent else None)
    sources = [
        name for name in kinds.latent if name not in kinds.outcomes and name not in kinds.indicators
    ]
    exogenous = [
        name
        for name in kinds.predictors
        if name not in kinds.latent and name not in kinds.outcomes and name not in kinds.indicators
    ]
    for one, other in (*combinations(sources, 2), *combinations(exogenous, 2)):
        add(one, "~~", other)
    pure = [
        name
        for name in (*spec.latent, *spec.observed)
        if name in kinds.outcomes and name not in kinds.predictors and name not in kinds.indicators
    ]
    for one, other in combinations(pure, 2):
        add(one, "~~", other)
    if means:
        for name in spec.observed:
            add(name, "~1", "")
        for name in spec.latent:
            add(name, "~1", "", 0.0)
    return added


def _row(arrow: Arrow, group: int, n_groups: int, *, automatic: bool, sample: bool) -> Row:
    for entries, what in ((arrow.labels, "labels"), (arrow.fixed, "values")):
        if len(entries) not in (1, n_groups):
            where = f" in line {arrow.line}" if arrow.line else ""
            raise SpecError(
                f"c(...) must hold one entry for each of the {n_groups} group"
                f"{'s' if n_groups > 1 else ''}, but {arrow.name!r}{where} has {len(entries)} "
                f"{what}. Give one for all groups, or {n_groups}."
            )
    fixed = arrow.fixed[group if len(arrow.fixed) > 1 else 0]
    start = arrow.starts[group if len(arrow.starts) > 1 else 0]
    return Row(
        lhs=arrow.lhs,
        op=arrow.op,
        rhs=arrow.rhs,
        group=group,
        label=arrow.labels[group if len(arrow.labels) > 1 else 0],
        value=float("nan") if fixed is None else float(fixed),
        start=float("nan") if start is None else float(start),
        sample=sample,
        automatic=automatic,
    )


def _equal_across_groups(
    rows: list[Row],
    kinds: _Kinds,
    groups: Sequence[str],
    group_equal: Sequence[str],
    spec: PathModelSpec,
) -> list[Row]:
    if len(groups) == 1 or not group_equal:
        return rows
    latent = set(kinds.latent)
    changed = []
    for row in rows:
        kind = _kind_of(row, latent, kinds)
        free = row.value != row.value and not row.sample
        if kind in group_equal and free and not row.label:
            row = replace(row, label=f".{row.name.replace(' ', '')}.")
        # Equal intercepts leave a difference of the groups' latent means to be seen.
        if (
            kind == "latent means"
            and row.automatic
            and row.group > 0
            and "intercepts" in group_equal
            and "latent means" not in group_equal
        ):
            row = replace(row, value=float("nan"))
        changed.append(row)
    return changed


def _kind_of(row: Row, latent: set[str], kinds: _Kinds) -> str:
    dependent = row.lhs in kinds.outcomes or row.lhs in kinds.indicators
    exogenous = row.lhs in kinds.predictors and row.lhs not in latent and not dependent
    if row.op in ("~1", "~~") and exogenous:
        # Means and variances of exogenous predictors are theirs, not the model's.
        return "predictor moments"
    if row.op == "=~":
        return "loadings"
    if row.op == "~":
        return "regressions"
    if row.op == "~1":
        return "latent means" if row.lhs in latent else "intercepts"
    if row.lhs == row.rhs:
        return "latent variances" if row.lhs in latent else "residuals"
    return (
        "latent covariances" if row.lhs in latent and row.rhs in latent else "residual covariances"
    )


def _numbered(rows: Iterable[Row]) -> tuple[list[Row], int]:
    by_label: dict[str, int] = {}
    fixed_at: dict[str, float] = {}
    numbered: list[Row] = []
    n_free = 0
    for row in rows:
        if row.sample or row.value == row.value:
            if row.label in by_label:
                _mixed(row.label)
            if row.label:
                fixed_at[row.label] = row.value
            numbered.append(row)
            continue
        if row.label in fixed_at:
            _mixed(row.label)
        if row.label and row.label in by_label:
            numbered.append(replace(row, free=by_label[row.label]))
            continue
        if row.label:
            by_label[row.label] = n_free
        numbered.append(replace(row, free=n_free))
        n_free += 1
    return numbered, n_free


def _mixed(label: str) -> None:
    raise SpecError(
        f"a label must stand for one parameter, but {label!r} is fixed at a number in one place "
        "and free in another. Fix it in both, or give them different labels."
    )
