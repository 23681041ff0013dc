"""What is known of Mostova and others (2022) and of its neighbors, each fact with its label."""

from __future__ import annotations

from intimacy_analysis.claims.published import PublishedFact

NEIGHBORS = (
    PublishedFact(
        text="CONTRARY: Impett, Park & Muise (2024), review: no strong support for a primary "
        "language, for exactly five, or for more satisfaction where partners speak it",
        label="[abstract/secondary: G7]",
    ),
    PublishedFact(
        text="CONTRARY: of the studies reviewed there, those that supported the claims, of ten "
        "(press)",
        label="[abstract/secondary: G8]", value=0, unit="studies",
    ),
    PublishedFact(
        text="CONTRARY: Bunt & Hazelwood (2017): limited evidence that aligned languages go with "
        "satisfaction; self-regulation explains more, and women's helps both partners where "
        "languages differ",
        label="[abstract/secondary: G9]", value=67, unit="couples",
    ),
    PublishedFact(
        text="CONTRARY: Polk & Egbert (2013): couples with matched and with mismatched languages "
        "differ little",
        label="[abstract/secondary: G10]", value=83, unit="couples",
    ),
    PublishedFact(
        text="NEIGHBORING: Hughes & Camden (2020): satisfaction goes with perceiving that the "
        "partner uses one's preferred language well; the same person reports both",
        label="[abstract/secondary: G11]", value=981, unit="persons",
    ),
    PublishedFact(
        text="NEIGHBORING: share of variance of satisfaction there, words of affirmation",
        label="[abstract/secondary: G11]", value=0.32, unit="R²",
    ),
    PublishedFact(
        text="NEIGHBORING: the same, quality time", label="[abstract/secondary: G11]", value=0.24,
        unit="R²",
    ),
    PublishedFact(
        text="NEIGHBORING: the same, gifts", label="[abstract/secondary: G11]", value=0.11,
        unit="R²",
    ),
    PublishedFact(
        text="NEIGHBORING: the same, acts of service", label="[abstract/secondary: G11]",
        value=0.20, unit="R²",
    ),
    PublishedFact(
        text="NEIGHBORING: the same, touch", label="[abstract/secondary: G11]", value=0.24,
        unit="R²",
    ),
)  # fmt: skip
FACTS = (
    PublishedFact(
        text="Heterosexual couples, both partners, one time", label="[abstract/secondary: G1]",
        value=100, unit="couples",
    ),
    PublishedFact(
        text="Ages 17 to 58; together for 6 months to 24 years", label="[abstract/secondary: G3]",
    ),
    PublishedFact(
        text="Together for 6 months or more and sexually active; found by social media and "
        "personal contacts",
        label="[abstract/secondary: G4]",
    ),
    PublishedFact(
        text="Five love languages, each as preferred and as expressed; relationship satisfaction, "
        "sexual satisfaction, empathy",
        label="[abstract/secondary: G1]",
    ),
    PublishedFact(
        text="Mismatch: what one prefers against what the partner expresses, summed over the five "
        "languages",
        label="[abstract/secondary: G1]",
    ),
    PublishedFact(text="Whether differences were absolute or squared", label="not found"),
    PublishedFact(
        text="Lower mismatch goes with more relationship satisfaction, women",
        label="[abstract/secondary: G1]", term="simple-relationship-women",
    ),
    PublishedFact(
        text="Lower mismatch goes with more relationship satisfaction, men",
        label="[abstract/secondary: G1]", term="simple-relationship-men",
    ),
    PublishedFact(
        text="Lower mismatch goes with more sexual satisfaction, women",
        label="[abstract/secondary: G1]", term="simple-sexual-women",
    ),
    PublishedFact(
        text="Lower mismatch goes with more sexual satisfaction, men",
        label="[abstract/secondary: G1]", term="simple-sexual-men",
    ),
    PublishedFact(text="Every coefficient", label="not found"),
    PublishedFact(
        text="A bound, no result: the smallest correlation that 100 couples call significant",
        label="[derived]", value=0.197, unit="size of a correlation",
    ),
    PublishedFact(
        text="Who expresses love as the partner prefers it is more satisfied",
        label="[abstract/secondary: G1, G3]", term="given-relationship-women",
    ),
    PublishedFact(
        text="Women score higher on the need to feel loved, above all by quality time",
        label="[abstract/secondary: G6]", term="need-quality-time",
    ),
    PublishedFact(
        text="... and by words of affirmation", label="[abstract/secondary: G6]",
        term="need-words",
    ),
    PublishedFact(
        text="Empathy goes with less mismatch in part, among men",
        label="[abstract/secondary: G1]", term="empathy-men",
    ),
    PublishedFact(
        text="... and not among women", label="[abstract/secondary: G1]", term="empathy-women",
    ),
    PublishedFact(
        text="Which part of empathy: perspective taking is our reading", label="[assumption]",
    ),
    PublishedFact(
        text="Instruments, alphas, means and standard deviations", label="not found",
    ),
    PublishedFact(
        text="Model: correlations or regressions of each sex, or of both partners at once",
        label="not found",
    ),
    PublishedFact(
        text="The authors conclude that couples who match better are more satisfied; press "
        "coverage adds that no cause is shown",
        label="[abstract/secondary: G6]",
    ),
    *NEIGHBORS,
)  # fmt: skip
ARTICLE = (
    "It cites the paper of 2003 on physical affection (its reference 4) for the study of 2022, "
    "which its list does not hold.",
    "'A notable increase in both relationship and sexual satisfaction': an association at one time "
    "was found; no change was measured. (The paper's own title, 'boosts', claims too much as "
    "well.)",
    "Five types and one primary language for each person are presented as fact, on the ground of a "
    "trade book.",
    "All contrary evidence is left out: a review of 2024 and couple studies of 2013 and 2017.",
)
CANNOT_SHOW = (
    "Answers of one time: no change, no order, no cause. Satisfied partners may express more, or "
    "see more of what they prefer.",
    "A mismatch of five ratings is not 'both share the same primary language', and says nothing on "
    "whether there is a primary language or whether there are five.",
    "A sum of differences holds how much is expressed: where preferences are high for nearly "
    "everyone, little mismatch is much expression. Its simple correlation cannot tell the two "
    "apart.",
    "Mismatch at equal levels guards against the largest confusion, not against all: levels are "
    "held as straight lines, and errors of measurement leave part of their effect to mismatch.",
    "What partners express is their own report; what is received may be another thing.",
)
