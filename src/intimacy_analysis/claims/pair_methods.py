"""What was done with the PAIR, as paragraphs for a manuscript."""

from __future__ import annotations

from intimacy_analysis.formatting import format_count
from intimacy_analysis.study.study import DataKind

REFERENCES = (
    "Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika, "
    "16(3), 297-334.",
    "Feldt, L. S. (1965). The approximate sampling distribution of Kuder-Richardson reliability "
    "coefficient twenty. Psychometrika, 30(3), 357-370.",
    "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
    "Journal of Statistics, 6(2), 65-70.",
    "Horn, J. L. (1965). A rationale and test for the number of factors in factor analysis. "
    "Psychometrika, 30(2), 179-185.",
    "Satorra, A., & Bentler, P. M. (2001). A scaled difference chi-square test statistic for "
    "moment structure analysis. Psychometrika, 66(4), 507-514.",
    "Schaefer, M. T., & Olson, D. H. (1981). Assessing intimacy: The PAIR inventory. Journal of "
    "Marital and Family Therapy, 7(1), 47-60.",
)
_KINDS: dict[DataKind, str] = {
    "synthetic": "The data are synthetic: a generator drew them from a stated truth.",
    "original": "The data are original answers.",
    "published summary": "The data are a published summary.",
}


def methods_of(
    kind: DataKind, n: int, roles: tuple[str, str], bootstrap: int, seed: int, confidence: float
) -> tuple[str, ...]:
    """Return sample, analyses and judgement as paragraphs, without the software."""
    rule = (
        "On synthetic data a verdict only says whether the interval holds the truth that was put "
        "in and tells it from zero."
        if kind == "synthetic"
        else "A claim is reproduced where the whole interval lies on the claimed side beyond the "
        "smallest effect of interest, contradicted where none of it does, and otherwise "
        "inconclusive."
    )
    return (
        f"{_KINDS[kind]} {format_count(n)} couples ({' and '.join(roles)}) answered the 36 items "
        "of the PAIR (Schaefer & Olson, 1981) for how it is now (perceived) and how they would "
        "like it (expected). A score is four times the sum of its six items of 0 to 4, reversed "
        "ones turned round, prorated where at least half of the items were answered; no other "
        "value was imputed.",
        "Reliability is Cronbach's alpha (1951) with Feldt's interval (1965) for each spouse; the "
        "mean of both spouses' alphas, the reliability of expected less perceived and the "
        f"correlation with conventionality have {100 * confidence:g} % intervals from "
        f"{format_count(max(bootstrap, 100))} bootstrap samples of couples, drawn whole (seed "
        f"{seed}): symmetric in Fisher's z for the correlation, in log(1 - reliability) for the "
        "others. Mean gaps rest on one value a couple, with Student's interval. Structure was "
        "looked at with parallel analysis (Horn, 1965) and with one and five correlated factors "
        "for each spouse (full-information maximum likelihood). Whether loadings and intercepts "
        "are equal for both spouses, and in both forms, was tested score by score with scaled "
        "chi-square differences (Satorra & Bentler, 2001), adjusted by Holm's method.",
        f"{rule} That effort keeps intimacy up is not testable with a questionnaire of one time, "
        "whatever the numbers. Smallest effects of interest were fixed before the analysis. "
        "p-values adjusted for all tests made use Holm's method (1979).",
    )
