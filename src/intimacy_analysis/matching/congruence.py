"""Is the outcome best where two predictors are equal? Broad and strict congruence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import chdtrc, ndtr, stdtr

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import (
    format_df,
    format_interval,
    format_number,
    format_p,
    precision_for,
)
from intimacy_analysis.matching.multilevel_surface import MultilevelSurface
from intimacy_analysis.matching.response_surface import ResponseSurface
from intimacy_analysis.mixed.contrasts import JointTest, joint_test
from intimacy_analysis.paths.comparison import WaldTest, wald_test

EqualityTest = WaldTest | JointTest
Verdict = Literal["strict", "broad", "opposite", "none", "contradicted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CongruenceTest:
    """What one surface says about congruence.

    Attributes:
        role: The member whose outcome it is; "" for a single outcome or indistinguishable members.
        curvature: a4, the bend along the line of incongruence; two-sided p.
        p_below: One-sided p of a4 >= 0.
        on_line: Joint test of a3 = a5 = 0: the ridge lies on the line of congruence.
        level: Joint test of a1 = a2 = 0: the outcome is the same all along that line.
        on_line_and_level: All four at once.
        p11: Slope of the first principal axis; 1 on the line of congruence.
        p10: Its intercept; 0 on that line.
        verdict: "strict" (a4 below zero, no sign of a shifted or turned ridge, none of a level
            effect), "broad" (the same, but level matters), "contradicted" (a4 below zero, but the
            ridge lies elsewhere), "opposite" (a4 above zero), "none" (a4 not told from zero).
        confidence: Coverage of the intervals; 1 less it is the level of the tests.
        where: What the surface is about where it is that of days; "" else.
    """

    role: str
    curvature: Estimate
    p_below: float
    on_line: EqualityTest
    level: EqualityTest
    on_line_and_level: EqualityTest
    p11: Estimate
    p10: Estimate
    verdict: Verdict
    confidence: float
    where: str = ""

    def words(self) -> str:
        """Return the finding in sentences."""
        said = self._said()
        return f"{self.where}: {said[0].lower()}{said[1:]}" if self.where else said

    def _said(self) -> str:
        whose = f" of the {self.role.replace('_', ' ')}" if self.role else ""
        bend = _number(self.curvature)
        ridge = f"a3 = a5 = 0: {_test(self.on_line)}"
        level = f"a1 = a2 = 0: {_test(self.level)}"
        if self.verdict == "none":
            return (
                f"No congruence effect is seen in the outcome{whose}: along the line of "
                f"incongruence the surface is not told from a straight one (a4 = {bend})."
            )
        if self.verdict == "opposite":
            return (
                f"The outcome{whose} is higher the further the predictors lie apart (a4 = {bend}): "
                "the opposite of a congruence effect."
            )
        if self.verdict == "contradicted":
            return (
                f"The outcome{whose} falls away from a ridge (a4 = {bend}), but the ridge is not "
                f"the line of equal scores ({ridge}): not a congruence effect."
            )
        if self.verdict == "broad":
            return (
                f"The outcome{whose} agrees with broad congruence: it falls as the predictors move "
                f"apart (a4 = {bend}), nothing shows the ridge off the line of equal scores "
                f"({ridge}), and the common level matters ({level})."
            )
        return (
            f"The outcome{whose} agrees with strict congruence: it falls as the predictors move "
            f"apart (a4 = {bend}), nothing shows the ridge off the line of equal scores ({ridge}), "
            f"nor an effect of their common level ({level})."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CongruenceTests:
    """Congruence in each surface of a fit.

    Attributes:
        tests: One entry a surface.
        notes: What must be known.
    """

    tests: tuple[CongruenceTest, ...]
    notes: tuple[str, ...]

    def __getitem__(self, role: str) -> CongruenceTest:
        for test in self.tests:
            if test.role == role:
                return test
        known = ", ".join(repr(test.role) for test in self.tests)
        raise SpecError(f"there is no surface of {role!r}. There are: {known}.")

    def words(self) -> str:
        """Return the findings in sentences."""
        return " ".join(test.words() for test in self.tests)

    def __str__(self) -> str:
        return "\n".join([*(test.words() for test in self.tests), *self.notes])


def congruence_tests(surface: ResponseSurface | MultilevelSurface) -> CongruenceTests:
    """Test broad and strict congruence in each surface.

    Broad congruence: a4 < 0 and the ridge on the line of congruence (p10 = 0 and p11 = 1, which is
    a3 = a5 = 0). Strict: the outcome is also level along that line (a1 = a2 = 0). The equalities
    are hypotheses that data can contradict but not prove, and the verdicts are worded so.
    With a bootstrap the covariance of the estimators is that of its draws, and a4 is judged by its
    interval. The surface of a diary is judged by t and F with the mixed model's degrees of freedom.

    Args:
        surface: A fitted surface, of couples or of a diary.

    Raises:
        FitError: The fit failed or has no standard errors.

    Source:
        docs/maths/matching.md, eq. 6 and 7; Humberg, Nestler and Back (2019), Social Psychological
        and Personality Science 10, 409-419.
    """
    found = [_of_days(surface)] if isinstance(surface, MultilevelSurface) else _of_couples(surface)
    return CongruenceTests(
        tests=tuple(found),
        notes=(
            "That a hypothesis of equality is not contradicted does not prove it: look at how wide "
            "the intervals of a3 and a5 are.",
        ),
    )


def _of_couples(surface: ResponseSurface) -> list[CongruenceTest]:
    found = []
    confidence = surface.fit.estimates.confidence
    for at, ending in enumerate(surface.endings):
        curvature = surface.parameters[f"a4{ending}"]
        tests: dict[str, EqualityTest] = {
            name: _joint(surface, [f"{one}{ending}" for one in labels])
            for name, labels in (
                ("on_line", ("a3", "a5")),
                ("level", ("a1", "a2")),
                ("all", ("a1", "a2", "a3", "a5")),
            )
        }
        found.append(
            CongruenceTest(
                role=surface.surfaces[at].role if ending else "",
                curvature=curvature,
                p_below=float(ndtr(curvature.value / curvature.std_error)),
                on_line=tests["on_line"],
                level=tests["level"],
                on_line_and_level=tests["all"],
                p11=surface.axes[f"p11{ending}"],
                p10=surface.axes[f"p10{ending}"],
                verdict=_verdict(curvature, tests, 1 - confidence),
                confidence=confidence,
            )
        )
    return found


def _of_days(surface: MultilevelSurface) -> CongruenceTest:
    curvature = surface.parameters["a4"]
    tests: dict[str, EqualityTest] = {
        name: joint_test(surface.fit, terms)
        for name, terms in (
            ("on_line", ("a3", "a5")),
            ("level", ("a1", "a2")),
            ("all", ("a1", "a2", "a3", "a5")),
        )
    }
    confidence = surface.fit.confidence
    return CongruenceTest(
        role=surface.member,
        curvature=curvature,
        p_below=float(stdtr(curvature.df, curvature.value / curvature.std_error)),
        on_line=tests["on_line"],
        level=tests["level"],
        on_line_and_level=tests["all"],
        p11=surface.axes["p11"],
        p10=surface.axes["p10"],
        verdict=_verdict(curvature, tests, 1 - confidence),
        confidence=confidence,
        where="From day to day, in the average person",
    )


def _verdict(curvature: Estimate, tests: dict[str, EqualityTest], alpha: float) -> Verdict:
    if curvature.low > 0:
        return "opposite"
    if not curvature.high < 0:
        return "none"
    if tests["on_line"].p_value < alpha:
        return "contradicted"
    return "broad" if tests["level"].p_value < alpha else "strict"


def _joint(surface: ResponseSurface, names: list[str]) -> WaldTest:
    fit = surface.fit
    if fit.bootstrap_draws is None:
        return wald_test(fit, names)
    rows = [fit.row_name(name) for name in names]
    covariance = np.cov(fit.bootstrap_draws[rows].to_numpy(), rowvar=False)
    values = fit.values(names)
    statistic = float(values @ np.linalg.solve(covariance, values))
    return WaldTest(
        statistic=statistic,
        df=len(names),
        p_value=float(chdtrc(len(names), statistic)),
        expressions=tuple(names),
    )


def _number(row: Estimate) -> str:
    precision = precision_for(row.value, row.std_error, row.low, row.high)
    return (
        f"{format_number(row.value, precision)}, interval "
        f"{format_interval(row.low, row.high, precision)}"
    )


def _test(test: EqualityTest) -> str:
    p = format_p(test.p_value)
    said = f"p {p if p[0] in '<>' else f'= {p}'}"
    if isinstance(test, JointTest):
        df = f"{test.df_1:.0f}, {format_df(test.df_2)}"
        return f"F({df}) = {test.statistic:.2f}, {said}"
    return f"chi-square({test.df}) = {test.statistic:.2f}, {said}"
