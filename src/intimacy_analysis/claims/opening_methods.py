"""What was done with the opening sentence's claims, as paragraphs for a manuscript."""

from __future__ import annotations

from collections.abc import Mapping

from intimacy_analysis.formatting import format_count
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.study.study import DataKind

REFERENCES = (
    "Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika, "
    "16(3), 297-334.",
    "Fisher, R. A. (1921). On the probable error of a coefficient of correlation deduced from a "
    "small sample. Metron, 1, 3-32.",
    "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
    "Journal of Statistics, 6(2), 65-70.",
    "Kenny, D. A., Kashy, D. A., & Cook, W. L. (2006). Dyadic data analysis. Guilford.",
    "Spearman, C. (1904). The proof and measurement of association between two things. American "
    "Journal of Psychology, 15(1), 72-101.",
    "Yuan, K.-H., & Bentler, P. M. (2000). Three likelihood-based methods for mean and covariance "
    "structure analysis with nonnormal missing data. Sociological Methodology, 30(1), 165-200.",
)
_KINDS: dict[DataKind, str] = {
    "synthetic": "The data are synthetic: a generator drew them from a stated truth.",
    "original": "The data are original answers.",
    "published summary": "The data are a published summary.",
}


def methods_of(
    kind: DataKind,
    model: PathModelResult,
    roles: tuple[str, str],
    reliability: Mapping[str, float],
    confidence: float,
) -> tuple[str, ...]:
    """Return sample, analyses and judgement as paragraphs, without the software."""
    known = (
        "Correlations corrected for Cronbach's alpha (1951; Spearman, 1904) stand beside them."
        if reliability
        else "No items were at hand, so reliability is not known."
    )
    rule = (
        "On synthetic data a verdict only says whether the interval holds the truth that was put "
        "in and tells it from zero."
        if kind == "synthetic"
        else "A claim is reproduced where the whole interval lies on the claimed side beyond the "
        "smallest effect of interest, contradicted where none of it does, and otherwise "
        "inconclusive."
    )
    return (
        f"{_KINDS[kind]} The analysis used {format_count(model.n_couples)} couples, both members "
        f"({' and '.join(roles)}). Missing values were treated by full-information maximum "
        "likelihood; the estimates hold if values are missing at random given those observed.",
        "Emotional intimacy was correlated with relationship satisfaction within each member, with "
        f"{100 * confidence:g} % intervals on Fisher's scale (1921) from sandwich errors. {known} "
        "Relationship satisfaction was then regressed on own and the partner's emotional intimacy "
        "for both members at once, with correlated predictors and residuals (Kenny, Kashy, & Cook, "
        "2006), by full-information maximum likelihood with sandwich errors (Yuan & Bentler, "
        "2000).",
        f"{rule} Well-being is examined only where the data hold it for both members. Smallest "
        "effects of interest were fixed before the analysis and are assumptions. p-values adjusted "
        "for all tests made use Holm's method (1979).",
    )
