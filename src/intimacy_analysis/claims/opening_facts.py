"""What is known of the article's opening sentence, each fact with its label."""

from __future__ import annotations

from intimacy_analysis.claims.published import PublishedFact

FACTS = (
    PublishedFact(
        text="The article: emotional intimacy is related to greater relationship quality and "
        "satisfaction, and to physical and mental well-being",
        label="[abstract/secondary: S0]",
        term="satisfaction",
    ),
    PublishedFact(
        text="The reference it gives is a diary of shared time (Milek, Butler & Bodenmann, 2015); "
        "number of women",
        label="[abstract/secondary: S0]",
        value=92,
        unit="women",
    ),
    PublishedFact(
        text="That diary reports on shared time and intimacy of one day; well-being is not its "
        "subject",
        label="[derived]",
    ),
    PublishedFact(
        text="Emotional intimacy with relationship satisfaction in that diary", label="not found"
    ),
    PublishedFact(
        text="335 couples (Yoo and others, 2014): correlation of emotional intimacy with "
        "relationship satisfaction",
        label="not found",
    ),
    PublishedFact(
        text="335 couples: appraised communication goes with own relationship satisfaction through "
        "emotional intimacy, for both spouses",
        label="[recalled, hi]",
        term="satisfaction",
    ),
    PublishedFact(
        text="Open data, 118 couples with LGBTQ+ members: intimacy with satisfaction, r",
        label="[computed: D3]",
        value=0.87,
        unit="correlation",
    ),
    PublishedFact(
        text="The same couples: mean intimacy, 1 to 7 (SD 1.40)",
        label="[computed: D3]",
        value=5.47,
        unit="points",
    ),
    PublishedFact(
        text="The same couples: similarity of partners' satisfaction, ICC",
        label="[computed: D3]",
        value=0.72,
        unit="ICC",
    ),
    PublishedFact(
        text="The same couples: similarity of partners' intimacy, ICC",
        label="[computed: D3]",
        value=0.73,
        unit="ICC",
    ),
    PublishedFact(
        text="Open data, 121 couples: similarity of partners' relationship quality, r",
        label="[computed: D2]",
        value=0.48,
        unit="r",
    ),
    PublishedFact(
        text="Teaching diary, 66 women, 28 days: share of the variance of daily intimacy between "
        "women",
        label="[computed: D1]",
        value=0.165,
        unit="ICC",
    ),
    PublishedFact(
        text="Neighbor: 102 couples, experience sampling (Debrot and others, 2013): touch, "
        "intimacy, own affect; well-being six months later",
        label="[abstract/secondary: E9]",
        term="well-being",
    ),
    PublishedFact(
        text="Neighbor, of affection expressed and not of intimacy felt: meta-analysis of 44 "
        "studies, affectionate communication with health, r",
        label="[abstract/secondary: F9, F10]",
        value=0.23,
        unit="r",
        term="well-being",
    ),
    PublishedFact(
        text="CONTRARY, of affection missed: spouses (Hesse & Tian, 2020): affection deprivation "
        "goes with depression and lower marital quality, but not with wives' emotional intimacy",
        label="[abstract/secondary: F4]",
    ),
    PublishedFact(
        text="Meta-analysis of emotional intimacy with physical or mental well-being",
        label="not found",
    ),
)
# Open-data values beside the estimates: words, value, label.
NEIGHBORS: tuple[tuple[str, float, str], ...] = (
    ("intimacy with satisfaction, 118 couples with LGBTQ+ members", 0.87, "[computed: D3]"),
)
ARTICLE = (
    "For its opening sentence the article gives its reference 1, a diary of shared time of 92 "
    "women; that diary does not test physical and mental well-being.",
    "One reference stands for two claims, on satisfaction and on well-being, and for a definition "
    "of emotional connection as well.",
    "'Related to' is the right word for answers of one time; the sections behind it then advise "
    "what to do, as if the relation had a direction.",
)
CANNOT_SHOW = (
    "Answers of one time: satisfied couples may feel close as well as close couples feel "
    "satisfied.",
    "Nobody was assigned to more intimacy, so no association is an effect.",
    "The same spouse reports intimacy and satisfaction: a mood or a way of answering colors both, "
    "and items of the two questionnaires overlap in what they ask.",
    "The couples are married and of two sexes: nothing follows for others.",
)
