"""When a further equality is accepted: the rule, stated with every verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import format_p
from intimacy_analysis.paths.comparison import PathComparison
from intimacy_analysis.paths.result import PathModelResult

RuleKind = Literal["chi-square", "cfi"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvarianceRule:
    """What decides whether a level of equality holds.

    Attributes:
        kind: "chi-square" (the difference test) or "cfi" (the loss of fit).
        alpha: Level of the difference test.
        most_cfi_loss: Largest accepted loss of CFI.
    """

    kind: RuleKind
    alpha: float
    most_cfi_loss: float

    def words(self, against: str = "the level before") -> str:
        """Return the rule as a sentence.

        Args:
            against: What a level is compared with.
        """
        if self.kind == "chi-square":
            return (
                f"A level holds where the chi-square difference to {against} has p of "
                f"{self.alpha:g} or more."
            )
        return (
            f"A level holds where CFI falls by no more than {self.most_cfi_loss:g} from {against}."
        )

    def accepts(self, comparison: PathComparison, cfi_loss: float) -> bool:
        """Whether the smaller model of a comparison is accepted."""
        if comparison.df_difference == 0:
            return True
        if self.kind == "chi-square":
            return bool(comparison.p_value >= self.alpha)
        return bool(cfi_loss <= self.most_cfi_loss)

    def reason(self, comparison: PathComparison, cfi_loss: float) -> str:
        """Return the numbers the rule looked at, and those it did not."""
        if comparison.df_difference == 0:
            return "nothing more is asked of the data"
        p_value = format_p(comparison.p_value)
        scaled = "scaled " if comparison.scaled else ""
        test = (
            f"{scaled}chi-square difference({comparison.df_difference}) = "
            f"{comparison.chisq_difference:.2f}, p "
            f"{p_value if p_value[0] in '<>' else f'= {p_value}'}"
        )
        change = f"CFI changes by {round(-cfi_loss, 3) + 0.0:+.3f}"  # no "-0.000"
        return f"{test}; {change}" if self.kind == "chi-square" else f"{change}; {test}"


def invariance_rule(kind: str, *, alpha: float, most_cfi_loss: float) -> InvarianceRule:
    """Check the parts of a rule.

    Raises:
        SpecError: An unknown kind, or a bound outside 0 to 1.
    """
    if kind not in get_args(RuleKind):
        raise SpecError(f"rule must be 'chi-square' or 'cfi', got {kind!r}.")
    for value, what in ((alpha, "alpha"), (most_cfi_loss, "most_cfi_loss")):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
            raise SpecError(f"{what} must lie between 0 and 1, got {value!r}.")
    held: RuleKind = "chi-square" if kind == "chi-square" else "cfi"
    return InvarianceRule(kind=held, alpha=alpha, most_cfi_loss=most_cfi_loss)


def shown_fit(result: PathModelResult) -> dict[str, float]:
    """Return the fit a table shows: the scaled and robust indices of a robust fit."""
    fit = result.fit_indices
    robust = result.standard_errors == "robust"
    return {
        "chisq": fit.chisq_scaled if robust else fit.chisq,
        "df": fit.df,
        "p_value": fit.p_value_scaled if robust else fit.p_value,
        "cfi": fit.cfi_robust if robust else fit.cfi,
        "rmsea": fit.rmsea_robust if robust else fit.rmsea,
        "srmr": fit.srmr,
        "aic": fit.aic,
        "bic": fit.bic,
    }
