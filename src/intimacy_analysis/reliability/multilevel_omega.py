"""Omega of a diary's scale within and between persons, per role, with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import format_count
from intimacy_analysis.numerics.threads import one_thread
from intimacy_analysis.paths.bootstrap import resampling_counts
from intimacy_analysis.reliability.day_answers import DayAnswers, DiaryData, day_answers
from intimacy_analysis.reliability.drawn_estimate import drawn_estimate
from intimacy_analysis.reliability.two_level_factor import TwoLevelFactor, two_level_factor

Floats = npt.NDArray[np.float64]
WITHIN = "omega within persons"
LATENT = "omega between persons, latent means"
OBSERVED = "omega between persons, observed means"
_FEWEST_ITEMS, _FEWEST_DRAWS = 3, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MultilevelOmega:
    """Omega at both levels.

    Attributes:
        items: Columns.
        roles: ("",) for persons, or the two members of couples.
        estimates: `WITHIN`, `LATENT` and `OBSERVED`, of each role, and their differences with p of
            no difference.
        loadings: Standardized loadings by role and level ("within", "between"), items in order.
        harmonic_days: Harmonic mean of persons' complete days, by role.
        n_replicates: Bootstrap replicates.
        seed: Of the bootstrap.
    """

    items: tuple[str, ...]
    roles: tuple[str, ...]
    estimates: EstimateTable
    loadings: Mapping[tuple[str, str], tuple[float, ...]]
    harmonic_days: Mapping[str, float]
    n_replicates: int
    seed: int

    def __str__(self) -> str:
        return str(self.estimates)

    def _repr_html_(self) -> str:
        return self.estimates._repr_html_()


@one_thread()
def multilevel_omega(
    diary: DiaryData,
    items: Sequence[str],
    *,
    person: str | None = None,
    day: str | None = None,
    couple: str | None = None,
    role: str | None = None,
    bootstrap: int = 1000,
    seed: int | None = None,
    confidence: float = 0.95,
) -> MultilevelOmega:
    """Estimate omega within and between persons from one common factor at each level.

    Omega within is the reliability of a day's score about the person's mean. Between persons there
    are two: of the latent means, which no diary gives, and of the observed means over a person's
    days, which carry the days' own change and error. Report the second with scores. Days with a
    gap in the items are left out and counted.

    Args:
        diary: One row a person-day.
        items: Columns of the scale, three or more, reverse-keyed ones recoded.
        person: Column of persons; None for the one a `DiaryFrame` names, or "person".
        day: Column of study days; likewise, or "day".
        couple: Column of couples; with `role`, couples are drawn whole.
        role: Column that tells the members apart ("partner" in a codebook).
        bootstrap: Replicates of persons or couples, 100 or more.
        seed: Of the bootstrap; None for one that is drawn and kept in the result.
        confidence: Coverage of the intervals.

    Raises:
        SpecError: Fewer than three items, or options that cannot be.
        DataError: As `day_answers`; too few persons with complete days.

    Source:
        docs/maths/reliability.md, eq. 27 to 32; Geldhof, Preacher and Zyphur (2014), Psychological
        Methods 19, 72-91; Lai (2021), Psychological Methods 26, 90-102 (observed means).
    """
    _check_options(items, bootstrap, confidence)
    held = day_answers(diary, items, person=person, day=day, couple=couple, role=role)
    drawn = seed if seed is not None else int(np.random.default_rng().integers(2**31))
    counts = resampling_counts(np.random.default_rng(drawn), bootstrap, len(held.answers[0]))
    found = {
        name: _level_fit(answers, counts, name)
        for name, answers in zip(held.roles, held.answers, strict=True)
    }
    rows: list[Estimate] = []
    for name, part in found.items():
        ending = f" ({name})" if name else ""
        rows += [
            drawn_estimate(f"{what}{ending}", float(values[0]), values[1:], confidence=confidence)
            for what, values in part.omegas.items()
        ]
    if len(held.roles) == 2:
        one, two = (found[name].omegas for name in held.roles)
        rows += [
            drawn_estimate(
                f"{what}, {held.roles[0]} minus {held.roles[1]}",
                float(one[what][0] - two[what][0]),
                one[what][1:] - two[what][1:],
                confidence=confidence,
                null=0.0,
            )
            for what in one
        ]
    return MultilevelOmega(
        items=held.items,
        roles=held.roles,
        estimates=EstimateTable(
            rows=tuple(rows),
            title="Omega within and between persons",
            interval_method=f"bootstrap, {bootstrap} replicates",
            confidence=confidence,
            notes=_notes(held, found),
        ),
        loadings={
            (name, level): part.loadings[level]
            for name, part in found.items()
            for level in ("within", "between")
        },
        harmonic_days={name: part.harmonic_days for name, part in found.items()},
        n_replicates=bootstrap,
        seed=drawn,
    )


@dataclass(frozen=True, slots=True)
class _LevelFit:
    """Omegas of the sample (first) and the replicates, and what must be known of the fit."""

    omegas: dict[str, Floats]
    loadings: dict[str, tuple[float, ...]]
    harmonic_days: float
    converged: bool
    n_lost: int
    n_negative: int
    n_gaps: int


def _level_fit(answers: Floats, counts: Floats, name: str) -> _LevelFit:
    there = np.isfinite(answers)
    whole: npt.NDArray[np.bool_] = np.asarray(there.all(axis=2))
    some: npt.NDArray[np.bool_] = np.asarray(there.any(axis=2))
    held: npt.NDArray[np.bool_] = np.asarray(whole.any(axis=1))
    n_days = whole.sum(axis=1)[held]
    if len(n_days) <= answers.shape[2] or int((n_days > 1).sum()) <= answers.shape[2]:
        who = f"{name} " if name else ""
        raise DataError(
            f"two-level omega needs more {who}persons with two complete days than items, but "
            f"{int((n_days > 1).sum())} of {len(n_days)} have them for {answers.shape[2]} items. "
            "Take fewer items, or within_person_reliability."
        )
    values = np.where(whole[held][:, :, None], answers[held], np.nan)
    own = two_level_factor(values)
    start = np.concatenate(
        [own.within[0], own.within_errors[0], own.between[0], own.between_errors[0]]
    )
    drawn = two_level_factor(values, counts[:, held], start=start)
    weights = counts[:, held]
    harmonic = np.concatenate(
        [[len(n_days) / (1 / n_days).sum()], weights.sum(axis=1) / (weights / n_days).sum(axis=1)]
    )
    lost = np.concatenate([[False], ~drawn.converged])
    omegas = {
        what: np.where(lost, math.nan, values)
        for what, values in _omegas(own, drawn, harmonic).items()
    }
    return _LevelFit(
        omegas=omegas,
        loadings={
            "within": _standardized(own.within[0], own.within_errors[0]),
            "between": _standardized(own.between[0], own.between_errors[0]),
        },
        harmonic_days=float(harmonic[0]),
        converged=bool(own.converged[0]),
        n_lost=int(lost.sum()),
        n_negative=int((own.between_errors[0] < 0).sum() + (own.within_errors[0] < 0).sum()),
        n_gaps=int((some & ~whole).sum()),
    )


def _omegas(own: TwoLevelFactor, drawn: TwoLevelFactor, days: Floats) -> dict[str, Floats]:
    def both(name: str) -> Floats:
        return np.asarray(np.vstack([getattr(own, name), getattr(drawn, name)]).sum(axis=1))

    within, between = both("within") ** 2, both("between") ** 2
    within_errors, between_errors = both("within_errors"), both("between_errors")
    return {
        WITHIN: within / (within + within_errors),
        LATENT: between / (between + between_errors),
        OBSERVED: between / (between + between_errors + (within + within_errors) / days),
    }


def _standardized(loadings: Floats, errors: Floats) -> tuple[float, ...]:
    sign = 1.0 if loadings.sum() >= 0 else -1.0
    spread = np.sqrt(np.maximum(loadings**2 + errors, np.finfo(float).tiny))
    return tuple((sign * loadings / spread).tolist())


def _notes(held: DayAnswers, found: Mapping[str, _LevelFit]) -> tuple[str, ...]:
    notes = []
    for name, part in found.items():
        of = f" ({name})" if name else ""
        notes.append(
            f"Observed means{of}: over a harmonic mean of {part.harmonic_days:.1f} complete days."
        )
        if part.n_gaps:
            notes.append(f"{format_count(part.n_gaps)} days with a gap are left out{of}.")
        if not part.converged:
            notes.append(f"The factor model{of} did not reach its maximum: do not use it.")
        if part.n_negative:
            notes.append(
                f"{format_count(part.n_negative)} residual variances{of} are negative: one factor "
                "at each level does not describe these items, and omega may exceed its range."
            )
        if part.n_lost:
            notes.append(
                f"{format_count(part.n_lost)} bootstrap replicates{of} without a maximum are left "
                "out."
            )
        against = [
            f"{item!r} {level} persons"
            for level in ("within", "between")
            for item, loading in zip(held.items, part.loadings[level], strict=True)
            if loading < 0
        ]
        if against:
            notes.append(
                f"Items that go against the others{of}: {', '.join(against)}. Recode reverse-keyed "
                "ones first."
            )
    return tuple(notes)


def _check_options(items: Sequence[str], bootstrap: object, confidence: float) -> None:
    if not isinstance(items, str) and len(items) < _FEWEST_ITEMS:
        raise SpecError(
            f"omega needs {_FEWEST_ITEMS} items or more, got {len(items)}. For two use "
            "within_person_reliability."
        )
    if isinstance(bootstrap, bool) or not isinstance(bootstrap, int) or bootstrap < _FEWEST_DRAWS:
        raise SpecError(
            f"bootstrap must be a whole number of replicates, {_FEWEST_DRAWS} or more, got "
            f"{bootstrap!r}."
        )
    if not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")
