"""What was done with the technoference claims, as paragraphs for a manuscript."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from intimacy_analysis.formatting import format_count
from intimacy_analysis.study.study import DataKind

REFERENCES = (
    "Bollen, K. A. (1989). Structural equations with latent variables. Wiley.",
    "Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika, "
    "16(3), 297-334.",
    "Fisher, R. A. (1921). On the probable error of a coefficient of correlation deduced from a "
    "small sample. Metron, 1, 3-32.",
    "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
    "Journal of Statistics, 6(2), 65-70.",
    "MacKinnon, D. P., Lockwood, C. M., Hoffman, J. M., West, S. G., & Sheets, V. (2002). A "
    "comparison of methods to test mediation and other intervening variable effects. Psychological "
    "Methods, 7(1), 83-104.",
    "Satorra, A., & Bentler, P. M. (2001). A scaled difference chi-square test statistic for "
    "moment structure analysis. Psychometrika, 66(4), 507-514.",
    "Taylor, A. B., MacKinnon, D. P., & Tein, J.-Y. (2008). Tests of the three-path mediated "
    "effect. Organizational Research Methods, 11(2), 241-269.",
    "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. "
    "Journal of the American Statistical Association, 22(158), 209-212.",
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
    scores: pd.DataFrame,
    reliability: Mapping[str, float],
    bootstrap: int,
    confidence: float,
) -> tuple[str, ...]:
    """Return sample, models, inference and judgement as paragraphs, without the software."""
    gaps = int(scores.isna().any(axis=1).sum())
    known = (
        "Reliability is Cronbach's alpha (1951). "
        if reliability
        else "No items were at hand, so reliability is not known. "
    )
    interval = (
        f"{100 * confidence:g} % percentile intervals of {format_count(bootstrap)} bootstrap "
        "samples of persons, standardized anew in each (Taylor, MacKinnon, & Tein, 2008)"
        if bootstrap
        else f"{100 * confidence:g} % intervals by the delta method"
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
        f"{_KINDS[kind]} The analysis used {format_count(len(scores))} persons, of whom "
        f"{format_count(gaps)} lack a score. {known}Shares of persons have Wilson's intervals "
        "(1927), correlations Fisher's (1921) on the persons with both scores.",
        "Path models of observed scores were fitted by full-information maximum likelihood with "
        "sandwich standard errors (Yuan & Bentler, 2000): a chain from technoference to conflict "
        "over technology to relationship satisfaction to depressive symptoms and life "
        "satisfaction, whose residuals covary; the same chain with direct paths from technoference "
        "to the three later variables; and the chain backward. The first two were compared by a "
        "scaled difference of chi-squares (Satorra & Bentler, 2001).",
        f"Serial effects are standardized products of three paths; they and the standardized "
        f"direct paths have {interval}. The p of a serial effect is that of joint significance "
        "(MacKinnon et al., 2002). Sensitivity checks leave out direct "
        "paths and incomplete answers, and correct scores for unreliability by latent variables "
        "with one indicator each (Bollen, 1989), or, for technoference, with its items.",
        f"{rule} A claim on order is not testable with answers of one time, whatever the fit. "
        "Smallest effects of interest were fixed before the analysis and are assumptions. p-values "
        "adjusted for all tests made use Holm's method (1979).",
    )
