"""What is known of the PAIR inventory and of its later tests, each fact with its label."""

from __future__ import annotations

from intimacy_analysis.claims.published import PublishedFact

FACTS = (
    PublishedFact(
        text="36 items; emotional, social, sexual, intellectual and recreational intimacy, and a "
        "conventionality scale; answered for how it is now and how one would like it",
        label="[abstract/secondary: H1]",
        value=36,
        unit="items",
    ),
    PublishedFact(text="Items a scale", label="[abstract/secondary: H2]", value=6, unit="items"),
    PublishedFact(
        text="Lowest alpha of the five scales", label="[abstract/secondary: H2]", value=0.70,
        unit="reliability",
    ),
    PublishedFact(
        text="Highest alpha of the five scales", label="[abstract/secondary: H2]", value=0.77,
        unit="reliability",
    ),
    PublishedFact(
        text="Mean alpha of the five scales", label="[abstract/secondary: H2]", value=0.726,
        unit="reliability",
    ),
    PublishedFact(
        text="Alpha of conventionality", label="[abstract/secondary: H2]", value=0.80,
        unit="reliability", term="alpha-conventionality",
    ),
    PublishedFact(
        text="Alpha of emotional intimacy", label="[recalled, hi]", value=0.75,
        unit="reliability", term="alpha-emotional",
    ),
    PublishedFact(
        text="Alpha of social intimacy", label="[recalled, hi]", value=0.71,
        unit="reliability", term="alpha-social",
    ),
    PublishedFact(
        text="Alpha of sexual intimacy", label="[recalled, hi]", value=0.77,
        unit="reliability", term="alpha-sexual",
    ),
    PublishedFact(
        text="Alpha of intellectual intimacy", label="[recalled, hi]", value=0.70,
        unit="reliability", term="alpha-intellectual",
    ),
    PublishedFact(
        text="Alpha of recreational intimacy", label="[recalled, hi]", value=0.70,
        unit="reliability", term="alpha-recreational",
    ),
    PublishedFact(
        text="No retest of the scales in 1981", label="[abstract/secondary: H2]",
        term="ongoing-effort",
    ),
    PublishedFact(
        text="Not norms but each partner's gap between perceived and expected is the point",
        label="[abstract/secondary: H2]", term="gap-emotional",
    ),
    PublishedFact(
        text="Difference of husband and wife below which it is treated as trivial",
        label="[abstract/secondary: H2]", value=5, unit="points", term="spouse-difference",
    ),
    PublishedFact(
        text="Couples of the development study, from enrichment weekends",
        label="[recalled, med]", value=192, unit="couples",
    ),
    PublishedFact(
        text="Numbers of the reversed items, as an adaptation with the original numbering lists "
        "them",
        label="[abstract/secondary: H3]",
    ),
    PublishedFact(text="Which item belongs to which scale", label="[recalled, hi]"),
    PublishedFact(text="Scores run from 0 to 96", label="[recalled, med]"),
    PublishedFact(text="Means and standard deviations", label="not found"),
    PublishedFact(text="Correlations of the scales", label="not found"),
    PublishedFact(
        text="CONTRARY: the five factors were not found in 157 persons (Moore, McCabe & "
        "Stockdale, 1998): engagement, communication, shared friendships instead",
        label="[abstract/secondary: H1]", value=157, unit="persons",
    ),
    PublishedFact(
        text="CONTRARY: 18 items and three factors in 564 persons in France (Constant and others, "
        "2016), and equal loadings and intercepts of women and men lacking",
        label="[abstract/secondary: H4]", value=564, unit="persons",
    ),
    PublishedFact(
        text="CONTRARY: three factors and conventionality in the Portuguese adaptation (Moreira & "
        "Canavarro)",
        label="[abstract/secondary: H3]",
    ),
    PublishedFact(
        text="Re-examination in same-sex couples (Lafontaine and others, 2017); numbers not found",
        label="[abstract/secondary: H5]",
    ),
    PublishedFact(
        text="The paper describes intimacy as a process that is never finished: a definition, not "
        "a finding",
        label="[recalled, hi]", term="ongoing-effort",
    ),
    PublishedFact(
        text="DOI 10.1111/j.1752-0606.1981.tb01351.x, to be checked before it is cited",
        label="[recalled, hi]",
    ),
)  # fmt: skip
ARTICLE = (
    "It cites the inventory for 'maintaining intimacy requires ongoing effort'. A definition of "
    "intimacy as a process may stand there ([recalled, hi]); the study builds a questionnaire and "
    "tests no effort and no maintenance.",
    "It never says that the reference is a questionnaire.",
    "'Flourishes with ongoing effort and commitment': a causal sentence about change, from answers "
    "of one time.",
)
CANNOT_SHOW = (
    "Answers of one time: nothing about effort, about change, or about what keeps intimacy up.",
    "Both forms are answered in one sitting by one person: the gap is how the two are remembered "
    "and wished for at that moment.",
    "A questionnaire asks what its authors thought of: that five kinds are asked for does not show "
    "that there are five.",
    "Alpha says how closely items go together, not what they measure.",
    "A gap holds the perceived score with a minus: it goes with whatever that score goes with, by "
    "arithmetic alone. Enter both forms, not the gap, where something is to be predicted.",
)
