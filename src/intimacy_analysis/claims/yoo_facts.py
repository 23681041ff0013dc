"""What is known of Yoo and others (2014) and of its neighbors, each fact with its label."""

from __future__ import annotations

from intimacy_analysis.claims.published import PublishedFact

FACTS = (
    PublishedFact(
        text="Heterosexual married couples in the study",
        label="[abstract/secondary: S0]",
        value=335,
        unit="couples",
    ),
    PublishedFact(text="Sample from the Flourishing Families Project", label="[recalled, hi]"),
    PublishedFact(text="All tested paths are of one time point", label="[recalled, med]"),
    PublishedFact(
        text="Appraised communication goes with own relationship satisfaction through emotional "
        "intimacy and sexual satisfaction, for both spouses",
        label="[recalled, hi]",
        term="indirect",
    ),
    PublishedFact(
        text="Sexual satisfaction predicts emotional intimacy for both spouses",
        label="[recalled, hi]",
        term="sexual-intimacy",
    ),
    PublishedFact(
        text="Emotional intimacy does not significantly predict sexual satisfaction",
        label="[recalled, hi]",
        term="direction",
    ),
    PublishedFact(
        text="Husbands' sexual satisfaction goes with wives' relationship satisfaction",
        label="[recalled, lo]",
        term="partner-sexual",
    ),
    PublishedFact(text="Coefficients, errors, intervals, fit, indirect effects", label="not found"),
    PublishedFact(text="Means, standard deviations, correlations", label="not found"),
    PublishedFact(text="Instruments, items, scales, reliabilities", label="not found"),
    PublishedFact(text="Open data of the paper", label="not found"),
    PublishedFact(
        text="DOI 10.1080/0092623X.2012.751072, to be checked before it is cited",
        label="[recalled, hi]",
    ),
    PublishedFact(
        text="Neighboring essay: physical and psychological intimacy go with satisfaction",
        label="[abstract/secondary: C2]",
    ),
    PublishedFact(
        text="Meta-analysis: sexual communication with relationship satisfaction, r",
        label="[abstract/secondary: C4]",
        value=0.37,
        unit="r",
    ),
    PublishedFact(
        text="Meta-analysis: sexual communication with sexual satisfaction, r",
        label="[abstract/secondary: C4]",
        value=0.43,
        unit="r",
        term="communication-sexual",
    ),
    PublishedFact(
        text="Meta-analysis: quality of sexual communication with sexual satisfaction, r",
        label="[abstract/secondary: C4]",
        value=0.52,
        unit="r",
        term="communication-sexual",
    ),
    PublishedFact(
        text="207 marriages, 8 waves: marital and sexual satisfaction predict each other's "
        "change, both ways",
        label="[abstract/secondary: C5]",
        term="direction",
    ),
    PublishedFact(
        text="387 couples: communication and sexual satisfaction each predict marital "
        "satisfaction; with good communication, sexual satisfaction adds nothing",
        label="[abstract/secondary: C6]",
        term="sexual-intimacy",
    ),
    PublishedFact(
        text="101 couples, 3 years: sexual intimacy best predicts change for husbands, "
        "communication for wives",
        label="[abstract/secondary: C7]",
    ),
    PublishedFact(
        text="992 partnered persons: small to negligible links between sexual and relationship "
        "satisfaction",
        label="[abstract/secondary: C9]",
        term="sexual-intimacy",
    ),
    PublishedFact(
        text="Open data, 121 couples: relationship quality regressed on own sexual satisfaction",
        label="[computed: D2]",
        value=0.375,
        unit="standardized",
        term="sexual-intimacy",
    ),
    PublishedFact(
        text="Open data, 121 couples: relationship quality regressed on the partner's sexual "
        "satisfaction",
        label="[computed: D2]",
        value=0.075,
        unit="standardized",
        term="partner-sexual",
    ),
    PublishedFact(
        text="The same data, arrow turned round: sexual satisfaction regressed on own relationship "
        "quality",
        label="[computed: D2]",
        value=0.384,
        unit="standardized",
        term="direction",
    ),
    PublishedFact(
        text="The same data, arrow turned round: sexual satisfaction regressed on the partner's "
        "relationship quality",
        label="[computed: D2]",
        value=0.049,
        unit="standardized",
        term="direction",
    ),
    PublishedFact(
        text="Open data, 118 couples: intimacy with satisfaction, r",
        label="[computed: D3]",
        value=0.87,
        unit="r",
    ),
    PublishedFact(
        text="Open data, 118 couples: intimacy regressed on own passion",
        label="[computed: D3]",
        value=0.70,
        unit="standardized",
    ),
)
# Open-data values beside the estimates: words, value, low, high, label.
NEIGHBORS: tuple[tuple[str, float, float | None, float | None, str], ...] = (
    (
        "relationship quality regressed on own sexual satisfaction, 121 couples",
        0.375,
        0.27,
        0.48,
        "[computed: D2]",
    ),
    (
        "relationship quality regressed on partner's sexual satisfaction, 121 couples",
        0.075,
        -0.04,
        0.19,
        "[computed: D2]",
    ),
    (
        "sexual satisfaction regressed on own relationship quality, 121 couples",
        0.384,
        0.27,
        0.50,
        "[computed: D2]",
    ),
)

ARTICLE = (
    "'Sexual satisfaction had a significant impact on emotional intimacy': a directional path in "
    "answers of one time. Two models with the arrow either way differ little or not at all in fit.",
    "It leaves out that the reverse path was not significant ([recalled, hi]), which would make "
    "its own chain (talk, then intimacy, then better sex) less neat.",
    "Its 'vulnerability and validation' findings come from the literature on the interpersonal "
    "process model, which a secondary citation hides.",
    "'Improving your sex life can help' is a claim about an intervention, and there was none.",
    "Sexual satisfaction is a rating, neither 'improving sex' nor how often.",
    "The year 2013 with the pages of volume 40(4) mixes the online-first and the print year.",
)
CANNOT_SHOW = (
    "Every answer is of one time: no order, and so no direction, can be seen. Which variable "
    "stands first in a model is an assumption, not a result.",
    "Nobody was assigned to better communication or a better sex life, so no arrow is a cause.",
    "Each spouse reports on predictors and outcomes: a mood or a way of answering colors both. "
    "Communication is the appraisal of the spouse, not what was said.",
    "The study's sample was heterosexual married couples: nothing follows for others.",
)
