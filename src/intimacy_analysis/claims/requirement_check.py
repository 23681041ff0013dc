"""Whether a study has what a set of claims needs; every problem, and no model fitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module

import pandas as pd

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.claims.couples_scores import couple_scores
from intimacy_analysis.claims.diary_model import build_diary_model, column_of_role
from intimacy_analysis.claims.judging import check_smallest
from intimacy_analysis.claims.milek_2015 import not_in_hours
from intimacy_analysis.claims.naming import how_to_name
from intimacy_analysis.claims.pair_scores import pair_key
from intimacy_analysis.claims.registry import find_claims
from intimacy_analysis.claims.requirements import Construct, Requirements, requirements
from intimacy_analysis.claims.survey_scores import check_constructs, survey_scores
from intimacy_analysis.errors import DataError, IntimacyError
from intimacy_analysis.scales.scoring import score_scale
from intimacy_analysis.study.codebook import Codebook
from intimacy_analysis.study.study import Study

# Below so many rows with both values no correlation has an interval.
_FEWEST_IN_PAIRS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementCheck:
    """What a set of claims found in a study.

    Attributes:
        key: Key of the set of claims.
        problems: What must be mended, each in four beats; empty where the claims can be examined.
        uses: Construct to what measures it ("scale ras, 7 items", "column hours").
        absent: Constructs that may be absent, and are.
        rows: How many rows have answers, in words ("143 persons"); "" where that is not known.
        notes: What will not be testable with these data, though the claims can be examined.
    """

    key: str
    problems: tuple[str, ...]
    uses: Mapping[str, str]
    absent: tuple[str, ...]
    rows: str
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """What is collected while constructs are looked up."""

    problems: list[str]
    notes: list[str]
    uses: dict[str, str]
    values: dict[str, pd.DataFrame]  # construct to its scores, a column a member

    def attempt(self, step: Callable[[], object]) -> None:
        """Do a step; keep its refusal as a problem."""
        try:
            step()
        except IntimacyError as error:
            if str(error) not in self.problems:
                self.problems.append(str(error))


def check_requirements(
    study: Study,
    key: str,
    *,
    variables: Mapping[str, str] | None = None,
    smallest_effects: Mapping[str, float] | None = None,
) -> RequirementCheck:
    """Check a study for everything that a set of claims needs; problems are returned, not raised.

    Scores are made, so items are there and in range; models are not fitted, so that a model will
    find a solution is not promised.

    Args:
        study: The data.
        key: Key of the set of claims.
        variables: Construct to the column or scale that measures it, where names differ.
        smallest_effects: Key of a claim to its smallest effect of interest.

    Raises:
        SpecError: There is no such set of claims.
    """
    needs = requirements(key)
    found = _Found(problems=[], notes=[], uses={}, values={})
    given = dict(variables or {})
    if needs.file == "diary":
        rows = _check_diary(study, found)
    else:
        rows = _check_answers(study, needs, given, found)
    for name, size in (smallest_effects or {}).items():
        found.attempt(partial(_check_size, study, key, name, size))
    absent = tuple(c.name for c in needs.constructs if c.name not in found.uses)
    return RequirementCheck(
        key=key,
        problems=tuple(found.problems),
        uses=found.uses,
        absent=absent,
        rows=rows,
        notes=tuple(found.notes),
    )


def _check_diary(study: Study, found: _Found) -> str:
    try:
        diary = study.diary
    except DataError as error:
        found.problems.append(str(error))
        return ""
    found.attempt(lambda: column_of_role(diary, "outcome"))
    found.attempt(lambda: column_of_role(diary, "predictor"))
    if found.problems:
        return ""
    try:
        model = build_diary_model(diary)
    except IntimacyError as error:
        found.problems.append(str(error))
        return ""
    columns = {
        "outcome": model.outcome.name,
        "predictor": model.predictor.name,
        "weekend": model.weekend,
        "stress": None if model.stress is None else model.stress.name,
    }
    found.uses |= {
        role: _column_words(diary.codebook, name)
        for role, name in columns.items()
        if name is not None
    }
    unit = not_in_hours(model)
    if unit:
        found.notes.append(f"{unit} Else its claims on hours come out as NOT TESTABLE.")
    return f"{len(diary.rows)} days of {diary.rows[diary.person].nunique()} persons"


def _check_answers(
    study: Study, needs: Requirements, given: Mapping[str, str], found: _Found
) -> str:
    try:
        frame = study.survey if needs.file == "survey" else study.couples
    except DataError as error:
        found.problems.append(str(error))
        return ""
    found.attempt(lambda: check_constructs(given, needs.names))
    for construct in needs.constructs:
        own = {name: value for name, value in given.items() if name == construct.name}
        found.attempt(partial(_look_up, study, needs, construct, own, found))
    _check_choices(needs, found)
    # What is missing is told above; counting the rest would only repeat it.
    if found.problems:
        return ""
    _check_varied(needs, found)
    return _check_rows(needs, found, len(frame.rows))


def _look_up(
    study: Study,
    needs: Requirements,
    construct: Construct,
    given: Mapping[str, str],
    found: _Found,
) -> None:
    """Find a construct as the claim itself would, with the claim's own refusal."""
    needed = (construct.name,) if construct.need == "needed" else ()
    optional = () if needed else (construct.name,)
    if needs.scales_only:
        key = pair_key(study, construct.name, given)
        couples, _ = score_scale(study.couples, key)
        columns = list(couples.columns_of(construct.name))
        found.values[construct.name] = couples.rows[columns]
    elif needs.file == "couples":
        couples, pairs, _ = couple_scores(study, given, constructs=needed, optional=optional)
        if construct.name not in pairs:
            return
        found.values[construct.name] = couples.rows[list(pairs[construct.name])]
    else:
        survey, named, _ = survey_scores(study, needed, given, optional=optional)
        if construct.name not in named:
            return
        found.values[construct.name] = survey.rows[[named[construct.name]]]
    found.uses[construct.name] = _words(study, given.get(construct.name, construct.name))


def _words(study: Study, name: str) -> str:
    stems = study.couples.stems if hasattr(study.frame, "stems") else study.survey.columns
    if name in stems:
        return _column_words(study.frame.codebook, name)
    items = next(len(scale.items) for scale in study.scales if scale.name == name)
    return f"scale {name}, {items} item{'' if items == 1 else 's'}"


def _column_words(codebook: Codebook, name: str) -> str:
    """Return a column with what the file calls it, where that is another name."""
    source = codebook[name].source_name if name in codebook else ""
    return f"column {name}" + (f" ({source} in the file)" if source not in ("", name) else "")


def _check_choices(needs: Requirements, found: _Found) -> None:
    choices = [construct.name for construct in needs.of_need("choice")]
    held = [name for name in choices if name in found.uses]
    if len(held) < needs.fewest_choices:
        absent = next(name for name in choices if name not in held)
        found.problems.append(
            f"the claims need {needs.fewest_choices} or more of {', '.join(choices)}, but the "
            f"survey has {len(held)} of them. {how_to_name(absent)}"
        )


def _check_varied(needs: Requirements, found: _Found) -> None:
    for construct in needs.constructs:
        values = found.values.get(construct.name)
        if values is None or construct.need == "optional":
            continue
        for name in values:
            if values[name].nunique() < 2:
                found.problems.append(
                    f"{name!r} must vary, but of {len(values)} rows {values[name].notna().sum()} "
                    "have a value, and no two differ. Check its missing codes, or name another "
                    "column."
                )


def _check_rows(needs: Requirements, found: _Found, n_rows: int) -> str:
    """Count the rows that the models can use, and refuse too few."""
    needed = [found.values[c.name] for c in needs.of_need("needed")]
    choices = [found.values[c.name] for c in needs.of_need("choice") if c.name in found.values]
    together = pd.concat(needed, axis=1)
    if needs.complete_rows:
        kept = together.notna().all(axis=1)
        if choices:
            kept &= pd.concat(choices, axis=1).notna().any(axis=1)
    else:
        kept = together.notna().any(axis=1)
    n_used = int(kept.sum())
    fewest = max(
        needs.fewest_rows, *(c.fewest_rows for c in needs.constructs if c.name in found.uses)
    )
    unit = "couples" if needs.file == "couples" else "persons"
    which = "every construct it needs" if needs.complete_rows else "answers to its constructs"
    if n_used < fewest:
        found.problems.append(
            f"the claim needs {fewest} {unit} or more with {which}, but of {n_rows} rows "
            f"{n_used} have them. Collect more, or leave the claim out."
        )
    else:
        _check_pairs(together, found)
    return f"{n_used} {unit}"


def _check_pairs(together: pd.DataFrame, found: _Found) -> None:
    known = together.notna().to_numpy().astype(int)
    both = known.T @ known
    few = [(i, j) for i in range(len(both)) for j in range(i) if both[i, j] < _FEWEST_IN_PAIRS]
    if few:
        i, j = few[0]
        names = [str(name) for name in together.columns]
        found.problems.append(
            f"every two constructs need {_FEWEST_IN_PAIRS} rows with both values, but "
            f"{len(few)} pairs have fewer; the first is {names[j]!r} and {names[i]!r} with "
            f"{both[i, j]}. Check that the same persons answered both."
        )


def _check_size(study: Study, key: str, name: str, size: float) -> None:
    check_smallest({name: size}, _claims(key, study))


def _claims(key: str, study: Study) -> Sequence[Claim]:
    """Return the claims whose smallest effects can be chosen."""
    module = import_module(f"intimacy_analysis.claims.{find_claims(key).module}")
    if hasattr(module, "claims_for"):
        first, second = study.couples.roles
        return (*module.claims_for(first, second), *module.claims_for(second, first))
    claims: Sequence[Claim] = (
        module.all_claims() if hasattr(module, "all_claims") else module.CLAIMS
    )
    return claims
