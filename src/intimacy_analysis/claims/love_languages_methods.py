"""What was done with love languages, as paragraphs for a manuscript."""

from __future__ import annotations

from intimacy_analysis.formatting import format_count
from intimacy_analysis.study.study import DataKind

REFERENCES = (
    "Cronbach, L. J., & Gleser, G. C. (1953). Assessing similarity between profiles. Psychological "
    "Bulletin, 50(6), 456-473.",
    "Edwards, J. R. (1993). Problems with the use of profile similarity indices in the study of "
    "congruence in organizational research. Personnel Psychology, 46(3), 641-665.",
    "Fisher, R. A. (1921). On the probable error of a coefficient of correlation deduced from a "
    "small sample. Metron, 1, 3-32.",
    "Furr, R. M. (2008). A framework for profile similarity: Integrating similarity, "
    "normativeness, and distinctiveness. Journal of Personality, 76(5), 1267-1316.",
    "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
    "Journal of Statistics, 6(2), 65-70.",
    "Kenny, D. A., Kashy, D. A., & Cook, W. L. (2006). Dyadic data analysis. Guilford.",
    "Mostova, O., Stolarski, M., & Matthews, G. (2022). I love the way you love me: Responding to "
    "partner's love language preferences boosts satisfaction in romantic heterosexual couples. "
    "PLOS ONE, 17(6), e0269429.",
)
_KINDS: dict[DataKind, str] = {
    "synthetic": "The data are synthetic: a generator drew them from a stated truth.",
    "original": "The data are original answers.",
    "published summary": "The data are a published summary.",
}


def methods_of(
    kind: DataKind, n: int, roles: tuple[str, str], pairings: int, seed: int, confidence: float
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
        f"{_KINDS[kind]} {format_count(n)} couples ({' and '.join(roles)}) said how they like to "
        "receive love and how they express it, in five languages each. Scores were prorated where "
        "at least half of the items were answered; no other value was imputed.",
        "Mismatch is the sum over languages of the absolute difference between what a person "
        "prefers and what the partner expresses (received), or between what a person expresses and "
        "the partner prefers (given); whether the cited paper took absolute or squared "
        "differences was not found. Its correlations, pair by pair, have "
        f"{100 * confidence:g} % intervals on Fisher's scale (1921), with errors of each couple "
        "left out in turn. A sum of differences mixes the match with the levels it is made of "
        "(Cronbach & Gleser, 1953; Edwards, 1993). So each outcome was regressed on received "
        "mismatch, the partner's mean expression and the own mean preference, both members at once "
        "with correlated residuals (Kenny, Kashy, & Cook, 2006), by full-information maximum "
        "likelihood; coefficients were standardized, with errors by the delta method, corrected "
        "for n less the coefficients of an equation, and intervals of t. Other scores of mismatch, "
        "among them similarity less the normative profiles (Furr, 2008), are shown beside them.",
        "Real couples were compared with couples re-paired at random (Kenny, Kashy, & Cook, 2006; "
        f"{format_count(pairings)} pairings, seed {seed}): whether they lie closer, and what the "
        "correlation of mismatch with an outcome would be were one of the two profiles a "
        "stranger's.",
        f"{rule} That experiencing love in the preferred way increases satisfaction is not "
        "testable with answers of one time. Smallest effects of interest were fixed before the "
        "analysis. p-values adjusted for all tests made use Holm's method (1979).",
    )
