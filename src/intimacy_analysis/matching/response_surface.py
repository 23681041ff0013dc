"""Response surfaces: an outcome over two predictors that may match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from intimacy_analysis.dyadic.couple_columns import CoupleData
from intimacy_analysis.dyadic.variable_names import MemberNames
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.matching.surface_axes import surface_axes
from intimacy_analysis.matching.surface_frame import (
    Center,
    SurfaceFrame,
    SurfaceTerms,
    dyadic_surface_frame,
    surface_frame,
)
from intimacy_analysis.paths.comparison import WaldTest, wald_test
from intimacy_analysis.paths.fitting import BootstrapKind, fit_path_model
from intimacy_analysis.paths.result import Missing, PathModelResult, StandardErrors
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model

# Surface parameters as contrasts of b1 ... b5; "{e}" stands for the role's ending.
_SURFACE = (
    ("a1", "b1{e} + b2{e}", "slope of the line of congruence, at the center"),
    ("a2", "b3{e} + b4{e} + b5{e}", "curvature of the line of congruence"),
    ("a3", "b1{e} - b2{e}", "slope of the line of incongruence, at the center"),
    ("a4", "b3{e} - b4{e} + b5{e}", "curvature of the line of incongruence"),
    ("a5", "b3{e} - b5{e}", "turn of the ridge from the line of congruence"),
)
_TERMS = ("{x}", "{y}", "{x} squared", "{x} by {y}", "{y} squared")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSurface:
    """A fitted response surface, of one outcome or of both members' outcomes.

    Attributes:
        fit: The path model.
        frame: The centered columns it was fitted to.
        endings: What labels end with, one entry a surface: ("_wife", "_husband"), or ("",).
        coefficients: b1 to b5 of each surface; units are those of the outcome by predictor.
        parameters: a1 to a5 of each surface.
        axes: Stationary point and principal axes of each surface, in centered units.
        notes: What must be known before the surface is read.
    """

    fit: PathModelResult
    frame: SurfaceFrame
    endings: tuple[str, ...]
    coefficients: EstimateTable
    parameters: EstimateTable
    axes: EstimateTable
    notes: tuple[str, ...]

    @property
    def surfaces(self) -> tuple[SurfaceTerms, ...]:
        """The columns of each surface that has parameters of its own."""
        return self.frame.terms[: len(self.endings)]

    def equality_across_roles(self) -> WaldTest:
        """Test jointly that b1 to b5 are the same for both members (5 degrees of freedom).

        Raises:
            SpecError: One surface only: a single outcome, or indistinguishable members.
        """
        if len(self.endings) != 2:
            raise SpecError(
                "surfaces can be compared where two members have their own, but this one has a "
                "single set of parameters. Fit dyadic_response_surface(..., distinguishable=True)."
            )
        one, two = self.endings
        return wald_test(self.fit, tuple(f"b{at}{one} - b{at}{two}" for at in range(1, 6)))

    def __str__(self) -> str:
        tables = (self.parameters, self.coefficients, self.axes)
        return "\n\n".join([*(str(table) for table in tables), *self.notes])


def response_surface(
    data: pd.DataFrame,
    x: str,
    y: str,
    outcome: str,
    *,
    center: Center = "pooled",
    missing: Missing = "listwise",
    standard_errors: StandardErrors | None = None,
    bootstrap: int = 5000,
    seed: int | None = None,
    intervals: BootstrapKind = "percentile",
    confidence: float = 0.95,
) -> ResponseSurface:
    """Fit outcome = b0 + b1 x + b2 y + b3 x² + b4 xy + b5 y² and its surface parameters.

    Args:
        data: One row a person or couple; rows must be independent of each other.
        x: Column of the first predictor.
        y: Column of the second, in the same unit.
        outcome: Column of the outcome.
        center: As in `surface_frame`.
        missing: "listwise" or "fiml".
        standard_errors: As in `fit_path_model`; with "bootstrap" all intervals are those of it.
        bootstrap: Replicates.
        seed: Of the bootstrap.
        intervals: "percentile" or "bca" (bias-corrected and accelerated), of a bootstrap; of the
            axes too.
        confidence: Coverage of the intervals.

    Raises:
        SpecError: Names or options that cannot be.
        DataError: Columns absent, without variation, or names in use.

    Source:
        docs/maths/matching.md, eq. 1 to 5; Edwards and Parry (1993), Academy of Management
        Journal 36, 1577-1613; Schönbrodt (2016), RSA: an R package for response surface analysis.
    """
    frame = surface_frame(data, x, y, outcome, center=center)
    spec = surface_model(frame, None)
    fit = fit_path_model(
        spec, frame.rows, missing, standard_errors, bootstrap=bootstrap, seed=seed,
        intervals=intervals, confidence=confidence,
    )  # fmt: skip
    return _surface(fit, frame, ("",))


def dyadic_response_surface(
    data: CoupleData,
    own: str,
    partner: str,
    outcome: str,
    *,
    distinguishable: bool = True,
    center: Center = "pooled",
    missing: Missing = "listwise",
    standard_errors: StandardErrors | None = None,
    bootstrap: int = 5000,
    seed: int | None = None,
    intervals: BootstrapKind = "percentile",
    confidence: float = 0.95,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
) -> ResponseSurface:
    """Fit both members' surfaces in one model, their residuals correlated.

    In each surface x is the member's own predictor and y the partner's, so that b1 and b3 are
    actor effects and equal surfaces mean equal roles. Labels end with the role (`b1_wife`,
    `a4_husband`); indistinguishable members have one set.

    Args:
        data: One row a couple, or a `DyadFrame`.
        own: Stem of the member's own predictor (what she prefers).
        partner: Stem of the partner's predictor (what he expresses); the same stem for one
            construct of both.
        outcome: Stem of the outcome.
        distinguishable: Whether the members' parameters may differ.
        center: As in `surface_frame`, over both members.
        missing: "listwise" or "fiml".
        standard_errors: As in `fit_path_model`.
        bootstrap: Replicates of couples.
        seed: Of the bootstrap.
        intervals: "percentile" or "bca" (bias-corrected and accelerated), of a bootstrap; of the
            axes too.
        confidence: Coverage of the intervals.
        roles: The two members; None for those of a `DyadFrame`, else ("wife", "husband").
        suffixes: Endings of their columns.

    Raises:
        SpecError: Names or options that cannot be.
        DataError: Columns absent, without variation, on different ranges, or names in use.

    Source:
        docs/maths/matching.md, eq. 1 to 5; Schönbrodt, Humberg and Nestler (2018), European
        Journal of Personality 32, 627-641.
    """
    frame, names = dyadic_surface_frame(
        data, own, partner, outcome, center=center, roles=roles, suffixes=suffixes
    )
    spec = surface_model(frame, names, distinguishable=distinguishable)
    spec = replace(spec, variables=names.variables(tuple(dict.fromkeys((own, partner, outcome)))))
    fit = fit_path_model(
        spec, frame.rows, missing, standard_errors, bootstrap=bootstrap, seed=seed,
        intervals=intervals, confidence=confidence,
    )  # fmt: skip
    return _surface(fit, frame, _endings(names, distinguishable=distinguishable))


def surface_model(
    frame: SurfaceFrame, names: MemberNames | None, *, distinguishable: bool = True
) -> PathModelSpec:
    """Return the path model of a frame's surfaces, a1 to a5 as defined quantities.

    Args:
        frame: The columns.
        names: The members; None for a single outcome.
        distinguishable: Whether the members' parameters may differ.
    """
    endings = _endings(names, distinguishable=distinguishable)
    lines, meanings = [], []
    for at, term in enumerate(frame.terms):
        ending = endings[min(at, len(endings) - 1)]
        labeled = [f"b{k}{ending}*{name}" for k, name in enumerate(term.predictors, start=1)]
        lines.append(f"{term.outcome} ~ {' + '.join(labeled)}")
        if at < len(endings):
            lines += [f"{name}{ending} := {rule.format(e=ending)}" for name, rule, _ in _SURFACE]
            meanings += _meanings(term, ending)
    if names is not None:
        one, two = (term.outcome for term in frame.terms)
        lines.append(f"{one} ~~ cz*{two}")
        meanings.append(Meaning(label="cz", words="partners' residual covariance", kind="spread"))
        if not distinguishable:
            lines += [f"{name} ~~ vz*{name}" for name in (one, two)]
            lines += [f"{name} ~ mz*1" for name in (one, two)]
    first = frame.terms[0]
    alike = "" if distinguishable or names is None else ", indistinguishable members"
    return replace(
        read_model("\n".join(lines)),
        template="response surface",
        title=f"Response surface: {first.x_words} and {first.y_words} with {first.outcome}{alike}",
        roles=() if names is None else names.roles,
        meanings=tuple(meanings),
        notes=(
            f"Predictors are centered at {frame.center:.6g}, the same number for both; squares "
            "and products are taken as they are.",
            "A surface describes associations; without random assignment it does not show what "
            "causes what.",
        ),
    )


def _endings(names: MemberNames | None, *, distinguishable: bool) -> tuple[str, ...]:
    if names is None or not distinguishable:
        return ("",)
    return tuple(f"_{role}" for role in names.roles)


def _meanings(term: SurfaceTerms, ending: str) -> list[Meaning]:
    words = [text.format(x=term.x_words, y=term.y_words) for text in _TERMS]
    found = [
        Meaning(label=f"b{k}{ending}", words=text, kind="polynomial", role=term.role)
        for k, text in enumerate(words, start=1)
    ]
    return found + [
        Meaning(label=f"{name}{ending}", words=text, kind="surface", role=term.role)
        for name, _, text in _SURFACE
    ]


def _surface(
    fit: PathModelResult, frame: SurfaceFrame, endings: tuple[str, ...]
) -> ResponseSurface:
    labels = [f"b{at}{ending}" for ending in endings for at in range(1, 6)]
    names = [f"a{at}{ending}" for ending in endings for at in range(1, 6)]
    return ResponseSurface(
        fit=fit,
        frame=frame,
        endings=endings,
        coefficients=_named_rows(fit, labels, "Polynomial coefficients"),
        parameters=_named_rows(fit, names, "Surface parameters"),
        axes=surface_axes(fit, endings),
        notes=(*fit.warnings, *fit.spec.notes, *_notes(frame), *_notes_on_gaps(fit, frame)),
    )


def _named_rows(fit: PathModelResult, names: Sequence[str], title: str) -> EstimateTable:
    rows = tuple(replace(fit.estimate(name), name=name) for name in names)
    return replace(fit.estimates, rows=rows, title=title, notes=())


def _notes(frame: SurfaceFrame) -> list[str]:
    notes = []
    for outcome, row in frame.agreement().iterrows():
        least = min(row["x_higher"], row["y_higher"])
        if least < 0.1:
            notes.append(
                f"Only {least:.0%} of the rows of {outcome!r} have the predictors apart by half an "
                "SD in one of the two directions: there is little to see of incongruence there."
            )
    return notes


def _notes_on_gaps(fit: PathModelResult, frame: SurfaceFrame) -> list[str]:
    """Return what full information takes for granted where a predictor, and so a term, is gone."""
    terms = list(dict.fromkeys(name for term in frame.terms for name in term.predictors))
    gaps = int(frame.rows[terms].isna().any(axis=1).sum())
    if fit.missing != "fiml" or not gaps:
        return []
    return [
        f"{gaps} of {len(frame.rows)} rows have a gap in a predictor. Full information then treats "
        "squares and products as normal variables of their own, which they are not: compare with "
        'missing="listwise".'
    ]
