"""The article, section by section: what it says, which study it leans on, and where it errs."""

from __future__ import annotations

from dataclasses import dataclass

ARTICLE_TITLE = "7 ways to build an emotional connection with your partner"
# The members in keys of main claims; in other data they are called otherwise, in the same order.
ARTICLE_ROLES = (("wife", "husband"), ("woman", "man"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSection:
    """What one set of claims is in the article.

    Attributes:
        key: Key of the set of claims.
        section: Where it stands: "opening", "1" ... "7".
        heading: The section's subject.
        study: The study it leans on, authors and year.
        says: What the article says of it, in our words or a short phrase of its own.
        design: Who answered, how, how often.
        measured: What the study measured.
        main: Keys of the claims that stand in the overview; all stand in the claim's own section.
    """

    key: str
    section: str
    heading: str
    study: str
    says: str
    design: str
    measured: str
    main: tuple[str, ...]


ARTICLE_SECTIONS = (
    ArticleSection(
        key="emotional-intimacy",
        section="opening",
        heading="Emotional intimacy, satisfaction and well-being",
        study="Milek, Butler & Bodenmann (2015), cited for it",
        says="Emotional intimacy is related to relationship quality and satisfaction and to "
        "“increased physical and mental well-being”.",
        design="The study cited is a diary of one partner on shared time; here both spouses answer "
        "once.",
        measured="Emotional intimacy and relationship satisfaction of both spouses; well-being was "
        "not measured.",
        main=("satisfaction-wife", "satisfaction-husband", "well-being-wife"),
    ),
    ArticleSection(
        key="shared-time",
        section="1",
        heading="Shared time",
        study="Milek, Butler & Bodenmann (2015)",
        says="One hour more of shared time on weekdays goes with more intimacy, for some women "
        "more than for others.",
        design="Diary of 14 days, 92 women with male partners; the women alone report.",
        measured="Hours together, intimacy and stress within the couple, day by day.",
        main=("weekday", "differences", "weekend"),
    ),
    ArticleSection(
        key="technoference",
        section="2",
        heading="Technoference",
        study="McDaniel & Coyne (2016)",
        says="“Excessive use of technology” goes with depressive symptoms, “reduced family life "
        "satisfaction” and lower relationship quality.",
        design="One survey of 143 women with male partners, mostly mothers; the women alone "
        "report.",
        measured="Interruptions by technology (not its use), conflict over it, relationship "
        "satisfaction, depressive symptoms, life satisfaction.",
        main=("conflict", "satisfaction", "depression", "life", "order"),
    ),
    ArticleSection(
        key="communication",
        section="3 and 4",
        heading="Communication and sexual satisfaction",
        study="Yoo, Bartle-Haring, Day & Gangamma (2014)",
        says="Positive communication goes with intimacy; sexual satisfaction had “a significant "
        "impact” on emotional intimacy.",
        design="335 married couples [abstract/secondary: S0], both spouses, once [recalled, med].",
        measured="Each spouse's appraisal of the other's communication, sexual satisfaction, "
        "emotional intimacy, relationship satisfaction [recalled, hi].",
        main=(
            "communication-intimacy-wife",
            "communication-intimacy-husband",
            "sexual-intimacy-wife",
            "sexual-intimacy-husband",
            "direction",
        ),
    ),
    ArticleSection(
        key="affection",
        section="5",
        heading="Physical affection",
        study="Gulledge, Gulledge & Stahmann (2003)",
        says="Holding hands, hugging, back rubs and kissing are “strongly connected” to "
        "satisfaction with relationship and partner.",
        design="295 students of one university, once; only those in a relationship gave weekly "
        "amounts.",
        measured="Weekly amounts of seven types of affection, satisfaction with relationship and "
        "partner, conflict and its resolution.",
        main=("kissing-lips", "hugging", "holding-hands", "types-differ"),
    ),
    ArticleSection(
        key="affection-deprivation",
        section="5",
        heading="Affection deprivation",
        study="Hesse & Mikkelson (2017)",
        says="Not receiving enough affection goes with lower relationship satisfaction and "
        "“intimacy”.",
        design="401 persons in relationships, once, one partner of a couple.",
        measured="Affection deprivation, relational uncertainty, satisfaction, closeness, "
        "commitment.",
        main=("deprivation-satisfaction", "deprivation-closeness", "intimacy"),
    ),
    ArticleSection(
        key="love-languages",
        section="6",
        heading="Love languages",
        study="Mostova, Stolarski & Matthews (2022), not in the article's list",
        says="Experiencing love in the way one prefers goes with “a notable increase in both "
        "relationship and sexual satisfaction”.",
        design="100 heterosexual couples, both partners, once.",
        measured="Five love languages as preferred and as expressed, relationship and sexual "
        "satisfaction, empathy; no change.",
        main=(
            "simple-relationship-women",
            "simple-relationship-men",
            "matching-matters-relationship-women",
            "increase",
        ),
    ),
    ArticleSection(
        key="pair-inventory",
        section="7",
        heading="Ongoing effort",
        study="Schaefer & Olson (1981)",
        says="Intimacy is “a continuous process that requires attention and effort”.",
        design="A paper that presents a questionnaire; couples answer it once, in two forms.",
        measured="Five kinds of intimacy as perceived and as expected, and conventionality; no "
        "effort and no change.",
        main=("alpha-emotional", "gap-emotional", "ongoing-effort"),
    ),
)

# Where the article and its sources part, over all sections; each with its label.
AUDIT = (
    "Section 6 cites the physical-affection paper of 2003 (its reference 4) for a study of 2022 on "
    "love languages; the study itself is missing from the list [derived].",
    "Section 5 names holding hands as strongly connected with satisfaction. It was one of the two "
    "types out of seven that were not significantly related [abstract/secondary: E1].",
    "Section 2 speaks of excessive use, social networking sites and family life satisfaction. The "
    "study measured interruptions by technology, relationship and life satisfaction "
    "[abstract/secondary: B1].",
    "Causal words (“impact”, “lead to”, “boost”, “increase”, “create”) stand for seven sources of "
    "which none is an experiment [derived].",
    "Populations are left out, or named and dropped in the takeaway: women only (1, 2), mostly "
    "mothers (2), students of one church university (first study of 5), one partner of a couple "
    "(1, 2, 5), women with men only (1, 2, 3, 4, 6) [derived].",
    "Differences between women are read as proof that activity and quality matter, which the "
    "study's heterogeneity does not show (1); the moderator is left out (5); that the reverse "
    "path was tested and not found is left out (3, 4) [recalled, hi]; contrary studies are left "
    "out (6); a questionnaire is cited as proof (7); but for the mark beside it [derived].",
    "“Intimacy” stands for what the affection-deprivation study calls closeness "
    "[abstract/secondary: F1].",
    "Years are mixed: 2013 (sections 3 and 4) and 2016 (deprivation) are years of publication "
    "online beside volumes printed in 2014 and 2017 [derived].",
)
FAIR = (
    "In fairness: the number of women, the 14 days and the weekday result of section 1, the 335 "
    "couples of sections 3 and 4, and the direction of the main association in sections 1, 2, 5 "
    "and 6 are reported as the sources have them."
)
