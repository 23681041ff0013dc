"""The methods of an analysis of couples, as paragraphs that can be put into a paper."""

from __future__ import annotations

from intimacy_analysis.claims.couples_evidence import CouplesEvidence
from intimacy_analysis.formatting import format_count

COUPLES_REFERENCES = (
    "Bentler, P. M. (1990). Comparative fit indexes in structural models. Psychological Bulletin, "
    "107(2), 238-246.",
    "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
    "Journal of Statistics, 6(2), 65-70.",
    "Kenny, D. A., Kashy, D. A., & Cook, W. L. (2006). Dyadic data analysis. Guilford.",
    "Kenward, M. G., & Molenberghs, G. (1998). Likelihood based frequentist inference when data "
    "are missing at random. Statistical Science, 13(3), 236-247.",
    "Ledermann, T., Macho, S., & Kenny, D. A. (2011). Assessing mediation in dyadic data using the "
    "actor-partner interdependence model. Structural Equation Modeling, 18(4), 595-612.",
    "Steiger, J. H. (1990). Structural model evaluation and modification. Multivariate Behavioral "
    "Research, 25(2), 173-180.",
    "Yuan, K.-H., & Bentler, P. M. (2000). Three likelihood-based methods for mean and covariance "
    "structure analysis with nonnormal missing data. Sociological Methodology, 30(1), 165-200.",
)


def couples_paragraphs(evidence: CouplesEvidence) -> tuple[str, ...]:
    """Return sample, models, inference and judgement as paragraphs, without the software."""
    return (_sample(evidence), _models(evidence), _inference(evidence), _judgement(evidence))


def _sample(evidence: CouplesEvidence) -> str:
    kind = {
        "synthetic": "The data are synthetic: a generator drew them from a stated truth.",
        "original": "The data are original answers.",
        "published summary": "The data are a published summary.",
    }[evidence.kind]
    first = evidence.results["sexual first"]
    gaps = (
        "Missing values were treated by full-information maximum likelihood; the estimates hold "
        "if values are missing at random given those observed."
        if first.missing == "fiml"
        else f"{format_count(first.n_dropped)} couples with a gap were left out."
    )
    return (
        f"{kind} The analysis used {format_count(first.n_couples)} couples, both members "
        f"({' and '.join(evidence.couples.roles)}). {gaps}"
    )


def _models(evidence: CouplesEvidence) -> str:
    return (
        "Path models of observed scale scores were fitted to both members of each couple at once, "
        "with correlated residuals of the two members in every outcome (Kenny, Kashy, & Cook, "
        "2006). Emotional intimacy and sexual satisfaction were regressed on own and partner's "
        "appraised communication. Two rival models then put one intimacy before the other, own "
        "only; relationship satisfaction was regressed on own communication, own emotional "
        "intimacy, own and partner's sexual satisfaction. Indirect effects are products of paths "
        "(Ledermann, Macho, & Kenny, 2011)."
    )


def _inference(evidence: CouplesEvidence) -> str:
    first = evidence.results["sexual first"]
    boot = (
        "Indirect effects in scale points have percentile intervals of a bootstrap of couples. "
        if evidence.indirect is not None
        else ""
    )
    return (
        "Estimates are maximum likelihood with sandwich standard errors (Yuan & Bentler, 2000), "
        "which need no normal answers; standardized paths have "
        f"{100 * first.estimates.confidence:g} % intervals by the delta method. {boot}Fit is "
        "described by unscaled chi-square, CFI (Bentler, 1990), RMSEA with its 90 % interval "
        "(Steiger, 1990) and SRMR. How far the two directions can be told apart "
        "was simulated: samples of the same size were drawn from either fitted model and both were "
        "fitted to each."
    )


def _judgement(evidence: CouplesEvidence) -> str:
    rule = (
        "On synthetic data a verdict only says whether the interval holds the truth that was put "
        "in and tells it from zero."
        if evidence.kind == "synthetic"
        else "A claim is reproduced where the whole interval lies on the claimed side beyond the "
        "smallest effect of interest, contradicted where none of it does, and otherwise "
        "inconclusive."
    )
    return (
        f"{rule} A claim on direction is not testable with answers of one time, whatever the fit. "
        "Smallest effects of interest were fixed before the analysis and are assumptions. "
        "p-values adjusted for all tests made use Holm's method (1979)."
    )
