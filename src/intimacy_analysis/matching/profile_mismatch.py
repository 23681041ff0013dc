"""How far what each member prefers lies from what the partner expresses, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.dyadic.couple_columns import (
    CoupleData,
    check_couple_columns,
    couple_rows,
    numbers,
    roles_of,
)
from intimacy_analysis.dyadic.variable_names import MemberNames, member_names
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.formatting import (
    Table,
    count_cell,
    format_number,
    number_cell,
    text_column,
    text_lines,
    words_cell,
)
from intimacy_analysis.formatting.table import Column
from intimacy_analysis.matching.profile_scores import (
    PROFILE_SCORES,
    SIMILARITIES,
    ProfileScore,
    profile_scores,
)
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.dyads import DyadFrame

Floats = npt.NDArray[np.float64]
Direction = Literal["received", "given"]
PREFERENCE_LEVEL = "preference_level"
RECEIVED_LEVEL = "received_expression_level"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileMismatch:
    """Scores of what each member prefers against what the partner expresses.

    Attributes:
        names: The members and the endings of their columns.
        preferred: Stems of the preferred parts.
        expressed: Stems of the expressed parts, in the same order.
        rows: The data as given, the new columns with them.
        scores: The new columns alone, one row a couple, under the data's index: for every score
            `received_mismatch_<score>` and `given_mismatch_<score>` (similarities:
            `received_similarity_<score>`, ...), then `preference_level` and
            `received_expression_level`; each with a member's ending.
        norms: Normative profiles: one row a part (stem of the preference), the mean answer of a
            role; columns `preference` and `expression` with a member's ending. Where the members
            of a `DyadFrame` are indistinguishable, both have the mean over all persons.
        report: One row a role; columns `couples`, `scored`, `missing_part`, `flat`,
            `flat_distinctive`: how many couples have the received scores, how many lack all of
            them, and how many lack the two correlations because a profile is flat.
        notes: What must be known before the scores are read.
        distinguishable: Whether the roles mean something.
        preferences: Preferred profiles of each role, shape (n, k); for the package's own use.
        expressions: Expressed profiles of each role, shape (n, k).
    """

    names: MemberNames
    preferred: tuple[str, ...]
    expressed: tuple[str, ...]
    rows: pd.DataFrame = field(repr=False)
    scores: pd.DataFrame = field(repr=False)
    norms: pd.DataFrame
    report: pd.DataFrame
    notes: tuple[str, ...]
    distinguishable: bool
    preferences: tuple[Floats, Floats] = field(repr=False)
    expressions: tuple[Floats, Floats] = field(repr=False)

    def column(self, score: ProfileScore, member: int, direction: Direction = "received") -> str:
        """Return the name of a score's column.

        Args:
            score: One of `PROFILE_SCORES`.
            member: 0 or 1, in the order of the roles.
            direction: "received": own preference against the partner's expression; "given": own
                expression against the partner's preference.
        """
        check_score(score)
        return self.names.columns(score_stem(score, direction))[member]

    def norms_of(self, member: int) -> tuple[Floats, Floats]:
        """Return the normative preference of a member and expression of the partner, (k,)."""
        preference = self.norms[self.names.columns("preference")[member]]
        expression = self.norms[self.names.columns("expression")[1 - member]]
        return preference.to_numpy(np.float64), expression.to_numpy(np.float64)

    def table(self) -> Table:
        """Return mean, SD and n of each score, for each role that receives."""
        rows = []
        stems = [score_stem(score, "received") for score in PROFILE_SCORES]
        words = [*PROFILE_SCORES.values(), "mean of the own preference",
                 "mean of what the partner expresses"]  # fmt: skip
        for stem, text in zip([*stems, PREFERENCE_LEVEL, RECEIVED_LEVEL], words, strict=True):
            for member, column in enumerate(self.names.columns(stem)):
                held = self.scores[column].dropna().to_numpy()
                mean = float(held.mean()) if len(held) else float("nan")
                spread = float(held.std(ddof=1)) if len(held) > 1 else float("nan")
                rows.append(
                    (
                        words_cell(text),
                        words_cell(self.names.words(member)),
                        number_cell(format_number(mean), mean),
                        number_cell(format_number(spread), spread),
                        count_cell(len(held)),
                    )
                )
        return Table(
            columns=(
                text_column("Score"),
                text_column("Receiver"),
                Column(header="M", italic=True, raw_names=("mean",)),
                Column(header="SD", italic=True, raw_names=("sd",)),
                Column(header="n", italic=True, raw_names=("n",)),
            ),
            rows=tuple(rows),
            title=f"Preferred and expressed profiles of {len(self.preferred)} parts",
            notes=self.notes,
        )

    def __str__(self) -> str:
        return "\n".join(text_lines(self.table()))


def profile_mismatch(
    data: CoupleData,
    preferred: Sequence[str],
    expressed: Sequence[str],
    *,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
) -> ProfileMismatch:
    """Score each member's preferred profile against the partner's expressed one.

    A wife's received mismatch compares what she prefers with what he expresses; her given one
    what she expresses with what he prefers, which is his received one. The normative profile that
    the distinctive similarity leaves out is the sample mean of that role, over everybody who
    answered the part.

    Args:
        data: One row a couple, or a `DyadFrame`.
        preferred: Stems of what a member prefers, one a part; three parts or more.
        expressed: Stems of what a member expresses, the same parts in the same order.
        roles: The two members; None for those of a `DyadFrame`, else ("wife", "husband").
        suffixes: Endings of their columns; "_" and the role where None.

    Raises:
        SpecError: Fewer than three parts, lists of other lengths, or a name twice.
        DataError: Columns absent, empty, without numbers, on different ranges, or names in use.

    Source:
        docs/maths/profiles.md, eq. 1 to 6.
    """
    wanted, shown = _check_lists(preferred, expressed)
    names = member_names(roles_of(data, roles), suffixes, (*wanted, *shown))
    rows = couple_rows(data)
    check_couple_columns(data, names, (*wanted, *shown))
    _check_one_range(data, names, (*wanted, *shown))
    preferences = _profiles(data, names, wanted)
    expressions = _profiles(data, names, shown)
    distinguishable = data.distinguishable if isinstance(data, DyadFrame) else True
    norms = _norms(names, wanted, preferences, expressions, distinguishable=distinguishable)
    columns: dict[str, Floats] = {}
    for member in (0, 1):
        mine, theirs = preferences[member], expressions[1 - member]
        found = profile_scores(
            mine,
            theirs,
            normative_one=norms[names.columns("preference")[member]].to_numpy(np.float64),
            normative_other=norms[names.columns("expression")[1 - member]].to_numpy(np.float64),
        )
        for score, values in found.items():
            columns[names.columns(score_stem(score, "received"))[member]] = values
            columns[names.columns(score_stem(score, "given"))[1 - member]] = values
        columns[names.columns(PREFERENCE_LEVEL)[member]] = mine.mean(axis=1)
        columns[names.columns(RECEIVED_LEVEL)[member]] = theirs.mean(axis=1)
    ordered = {column: columns[column] for stem in _stems() for column in names.columns(stem)}
    _check_free(rows, tuple(ordered))
    scores = pd.DataFrame(ordered, index=rows.index)
    report = _report(names, scores, preferences, expressions)
    return ProfileMismatch(
        names=names,
        preferred=wanted,
        expressed=shown,
        rows=pd.concat([rows, scores], axis=1),
        scores=scores,
        norms=norms,
        report=report,
        notes=_notes(data, names, report),
        distinguishable=distinguishable,
        preferences=preferences,
        expressions=expressions,
    )


def score_stem(score: ProfileScore, direction: Direction) -> str:
    """Return the stem of a score's columns: a distance is a mismatch, a correlation a match."""
    return f"{direction}_{'similarity' if score in SIMILARITIES else 'mismatch'}_{score}"


def check_score(score: object) -> None:
    """Raise `SpecError` where there is no such score."""
    if not isinstance(score, str) or score not in get_args(ProfileScore):
        raise SpecError(
            f"score must be one of {', '.join(map(repr, PROFILE_SCORES))}, got {score!r}. "
            f"{near_names(str(score), list(PROFILE_SCORES))}"
        )


def check_outcome(outcome: object) -> None:
    """Raise `SpecError` where an outcome is no name of one variable."""
    if not isinstance(outcome, str) or not outcome:
        raise SpecError(
            f"outcome must be the name of one variable, got {outcome!r}. Give the stem that both "
            "members' columns begin with, e.g. 'satisfaction'."
        )


def _stems() -> list[str]:
    directions: tuple[Direction, ...] = ("received", "given")
    made = [score_stem(score, one) for one in directions for score in PROFILE_SCORES]
    return [*made, PREFERENCE_LEVEL, RECEIVED_LEVEL]


def _check_lists(
    preferred: Sequence[str], expressed: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    lists = []
    for given, what in ((preferred, "preferred"), (expressed, "expressed")):
        if (
            isinstance(given, str)
            or not isinstance(given, Sequence)
            or not all(isinstance(name, str) and name for name in given)
        ):
            raise SpecError(
                f"{what} must be a list of names, one a part, but it is {given!r}. Give stems "
                "that both members' columns begin with, e.g. ['prefers_gifts', 'prefers_touch']."
            )
        lists.append(tuple(given))
    wanted, shown = lists
    if len(wanted) != len(shown):
        raise SpecError(
            "both profiles must have the same parts in the same order, but preferred has "
            f"{len(wanted)} and expressed has {len(shown)}; the first without a counterpart is "
            f"{(wanted + shown if len(wanted) > len(shown) else shown)[min(map(len, lists))]!r}. "
            "Name one column of each for every part."
        )
    every = (*wanted, *shown)
    twice = [name for at, name in enumerate(every) if name in every[:at]]
    if twice:
        raise SpecError(
            "every part of a profile must be a variable of its own, but "
            f"{len(twice)} of {len(every)} names {'stands' if len(twice) == 1 else 'stand'} twice; "
            f"the first is {twice[0]!r}. Name each once."
        )
    if len(wanted) < 3:
        raise SpecError(
            f"a profile needs three parts or more, but {len(wanted)} "
            f"{'was' if len(wanted) == 1 else 'were'} given"
            f"{': ' + ', '.join(map(repr, wanted)) if wanted else ''}. Two points always correlate "
            "1 or -1; for a single pair of scores use dyadic_response_surface."
        )
    return wanted, shown


def _check_one_range(data: CoupleData, names: MemberNames, stems: Sequence[str]) -> None:
    """Raise where the codebook says that two parts have other ranges."""
    if not isinstance(data, DyadFrame):
        return
    columns = [column for stem in stems for column in names.columns(stem)]
    ranges = [(name, data.codebook[name].minimum, data.codebook[name].maximum) for name in columns]
    stated = [one for one in ranges if one[1:] != (None, None)]
    odd = [one for one in stated if one[1:] != stated[0][1:]]
    if odd:
        raise DataError(
            "preferred and expressed parts must be answered on one range, but "
            f"{len(odd)} of {len(columns)} columns have another one than {stated[0][0]!r} "
            f"({_range(stated[0])}); the first is {odd[0][0]!r} ({_range(odd[0])}). A difference "
            "of their numbers is no mismatch: bring them to one response format first."
        )


def _range(one: tuple[str, float | None, float | None]) -> str:
    low, high = ("none" if limit is None else f"{limit:g}" for limit in one[1:])
    return f"{low} to {high}"


def _profiles(data: CoupleData, names: MemberNames, stems: Sequence[str]) -> tuple[Floats, Floats]:
    columns = [names.columns(stem) for stem in stems]
    held = {name: numbers(data, name).to_numpy(np.float64) for pair in columns for name in pair}
    empty = [name for name, values in held.items() if np.isnan(values).all()]
    if empty:
        raise DataError(
            "every part of a profile must have been answered by somebody, but "
            f"{len(empty)} of {len(held)} columns hold no value; the first is {empty[0]!r}. "
            "Leave that part out of both lists, or look at how the file was read."
        )
    one, other = (np.column_stack([held[pair[member]] for pair in columns]) for member in (0, 1))
    return one, other


def _norms(
    names: MemberNames,
    parts: Sequence[str],
    preferences: tuple[Floats, Floats],
    expressions: tuple[Floats, Floats],
    *,
    distinguishable: bool,
) -> pd.DataFrame:
    made = {}
    for what, profiles in (("preference", preferences), ("expression", expressions)):
        both = np.concatenate(profiles)
        for column, own in zip(names.columns(what), profiles, strict=True):
            made[column] = np.nanmean(own if distinguishable else both, axis=0)
    return pd.DataFrame(made, index=pd.Index(parts, name="part"))


def _check_free(rows: pd.DataFrame, planned: tuple[str, ...]) -> None:
    taken = [name for name in planned if name in rows.columns]
    if taken:
        raise DataError(
            f"new columns must not replace columns that are there, but {len(taken)} of "
            f"{len(planned)} planned names are in use; the first is {taken[0]!r}. Rename or drop "
            "it, or pass the data as they were before the scores."
        )


def _report(
    names: MemberNames,
    scores: pd.DataFrame,
    preferences: tuple[Floats, Floats],
    expressions: tuple[Floats, Floats],
) -> pd.DataFrame:
    found = {}
    for member, role in enumerate(names.roles):
        both = np.hstack([preferences[member], expressions[1 - member]])
        gaps = np.asarray(np.isnan(both).any(axis=1))
        lacking = [
            int(
                scores.loc[~gaps, names.columns(score_stem(score, "received"))[member]].isna().sum()
            )
            for score in SIMILARITIES
        ]
        found[role] = [len(gaps), int((~gaps).sum()), int(gaps.sum()), *lacking]
    columns = ["couples", "scored", "missing_part", "flat", "flat_distinctive"]
    return pd.DataFrame.from_dict(found, orient="index", columns=columns).rename_axis("role")


def _notes(data: CoupleData, names: MemberNames, report: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    counts = report.to_numpy(dtype=np.int64)
    for member, (couples, _, missing, flat, distinctive) in enumerate(counts.tolist()):
        for count, what in (
            (missing, "without any score, for a part of one of the two profiles is missing"),
            (flat, "without a profile correlation, for one of the profiles is flat"),
            (
                distinctive,
                "without a distinctive similarity, for one of the profiles is the normative one "
                "but for its level",
            ),
        ):
            if count:
                notes.append(
                    f"What the {names.words(member)} receives: {count} of {couples} couples {what}."
                )
    if not isinstance(data, DyadFrame):
        notes.append("No codebook states the parts' range: that it is one range was not checked.")
    notes.append(
        "Where most preferences are high, a small mismatch is much the same as much expression by "
        "the partner: see mismatch_beyond_levels."
    )
    return tuple(notes)
