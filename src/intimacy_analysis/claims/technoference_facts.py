"""What is known of McDaniel and Coyne (2016) and of its neighbors, each fact with its label."""

from __future__ import annotations

from intimacy_analysis.claims.published import PublishedFact

# Share of women, in percent, at once a day or more, one an example in the order of the items.
DAILY_FACTS = (
    PublishedFact(
        text="Partner turns to a device during the couple's leisure time, at least daily",
        label="[abstract/secondary: B3, B4, B5]",
        value=62,
        unit="% of women",
    ),
    PublishedFact(
        text="Partner distracted by television during a conversation, at least daily",
        label="[abstract/secondary: B3]",
        value=40,
        unit="% of women",
    ),
    PublishedFact(
        text="Partner takes out the phone in a conversation on a notification, daily",
        label="[abstract/secondary: B5, B7]",
        value=35,
        unit="% of women",
    ),
    PublishedFact(
        text="Phone out during a conversation or a meal, at least daily: 'a third'",
        label="[abstract/secondary: B3]",
        value=33,
        unit="% of women",
    ),
    PublishedFact(
        text="Partner texts or e-mails others during face-to-face talk, daily",
        label="[abstract/secondary: B3, B5, B7]",
        value=25,
        unit="% of women",
    ),
)
FACTS = (
    PublishedFact(
        text="Married or cohabiting women in the study, one online questionnaire",
        label="[abstract/secondary: B1]",
        value=143,
        unit="women",
    ),
    PublishedFact(
        text="'About 150 moms, mostly in their 20s and 30s'; partners were not asked",
        label="[abstract/secondary: B5]",
    ),
    PublishedFact(text="The sample is from the USA", label="[recalled, hi]"),
    *DAILY_FACTS,
    PublishedFact(
        text="Smartphones (technology) interfere in the relationship",
        label="[abstract/secondary: B3, B4]",
        value=70,
        unit="% of women",
    ),
    PublishedFact(
        text="Cell phones detract from interactions with the partner",
        label="[abstract/secondary: B7, B5]",
        value=74,
        unit="% of women",
    ),
    PublishedFact(
        text="Device scale: four devices (cell or smartphone, television, computer or laptop, "
        "tablet), answers 0 never to 5 all the time, mean score",
        label="[source read: B2]",
    ),
    PublishedFact(
        text="Device scale: Cronbach's alpha",
        label="[source read: B2]",
        value=0.67,
        unit="reliability",
    ),
    PublishedFact(
        text="Device scale: one principal component with loadings .78, .77, .81, .44, said to hold "
        "54 % of the variance",
        label="[source read: B2]",
    ),
    PublishedFact(
        text="The squared loadings sum to 51 % of four items, not 54 %",
        label="[derived]",
        value=51.3,
        unit="% of variance",
    ),
    PublishedFact(
        text="Scale of examples: eight answers, 0 never to 7 ten or more times a day",
        label="[recalled, lo]",
    ),
    PublishedFact(text="That answer 4 means 'once a day'", label="[assumption]"),
    PublishedFact(
        text="Instruments of conflict over technology, relationship satisfaction, depressive "
        "symptoms and life satisfaction",
        label="not found",
    ),
    PublishedFact(
        text="Technoference goes with more conflict over technology",
        label="[abstract/secondary: B1]",
        term="conflict",
    ),
    PublishedFact(
        text="Technoference goes with lower relationship satisfaction",
        label="[abstract/secondary: B1]",
        term="satisfaction",
    ),
    PublishedFact(
        text="Technoference goes with more depressive symptoms",
        label="[abstract/secondary: B1]",
        term="depression",
    ),
    PublishedFact(
        text="Technoference goes with lower life satisfaction",
        label="[abstract/secondary: B1]",
        term="life",
    ),
    PublishedFact(
        text="A correlation that is significant at .05 with 143 women is at least this large",
        label="[derived]",
        value=0.164,
        unit="r",
    ),
    PublishedFact(
        text="Structural equation model: technoference, conflict, relationship satisfaction, then "
        "depressive symptoms and life satisfaction",
        label="[abstract/secondary: B1]",
        term="serial-depression",
    ),
    PublishedFact(
        text="The same chain ends in life satisfaction",
        label="[abstract/secondary: B1]",
        term="serial-life",
    ),
    PublishedFact(
        text="A pure chain reaches .164 only where its three paths average .55",
        label="[derived]",
        value=0.55,
        unit="standardized",
    ),
    PublishedFact(text="Correlations, means, standard deviations", label="not found"),
    PublishedFact(
        text="Path coefficients, fit, indirect effects with intervals; whether variables were "
        "latent",
        label="not found",
    ),
    PublishedFact(
        text="A coefficient of .51 for technoference with conflict that circulates: not confirmed",
        label="not found",
    ),
    PublishedFact(text="Open data of the paper", label="not found"),
    PublishedFact(
        text="Neighbor: both partners of 173 couples, 14 days (McDaniel & Drouin, 2019): more "
        "technoference than usual goes with worse feelings, more conflict and more negative mood "
        "within persons",
        label="[abstract/secondary: B9]",
    ),
    PublishedFact(
        text="Neighbor: 182 and 239 couples (McDaniel and others, 2018): technoference, conflict, "
        "lower satisfaction and coparenting quality",
        label="[abstract/secondary: B10]",
        term="serial-depression",
    ),
    PublishedFact(
        text="Neighbor: 145 couples, 10 days (2020): small within-person indirect effects by way "
        "of leisure satisfaction and conflict",
        label="[abstract/secondary: B8]",
        term="serial-depression",
    ),
    PublishedFact(
        text="Neighbor: 145 adults (Roberts & David, 2016): the same chain with phubbing",
        label="[abstract/secondary: B11, B12]",
    ),
    PublishedFact(
        text="The same adults: report being phubbed",
        label="[abstract/secondary: B11, B12]",
        value=46,
        unit="% of adults",
    ),
    PublishedFact(
        text="A Spanish validation of both scales exists; its numbers were not found",
        label="[abstract/secondary: B6]",
    ),
    PublishedFact(
        text="CONTRARY: 507 and 386 persons (Beukeboom & Pollmann, 2021): conflict over phones is "
        "no significant mediator once exclusion, responsiveness and intimacy are in the model",
        label="[abstract/secondary: B13]",
        term="serial-depression",
    ),
    PublishedFact(
        text="CONTRARY: 35 couples, logged phone use, 14 days (Denecker and others, 2024): an "
        "association in husbands only, and no indirect effect by way of conflict",
        label="[abstract/secondary: B14]",
        term="serial-life",
    ),
    PublishedFact(
        text="CONTRARY: 21 couples (Leggett & Rossouw, 2014): joint, engaged use goes with "
        "positive perceptions",
        label="[abstract/secondary: B17]",
    ),
    PublishedFact(
        text="Meta-analysis, 83 samples, 53,916 persons of 20 years on average: lowest of the "
        "correlations (rho) of being phubbed with adverse outcomes",
        label="[abstract/secondary: B15]",
        value=0.23,
        unit="rho",
    ),
    PublishedFact(
        text="The same meta-analysis: highest",
        label="[abstract/secondary: B15]",
        value=0.75,
        unit="rho",
    ),
    PublishedFact(
        text="Meta-analysis, 52 studies, 19,698 persons: phubbing goes with less satisfaction, "
        "intimacy and responsiveness; values by outcome were not found",
        label="[abstract/secondary: B16]",
        term="satisfaction",
    ),
)
ARTICLE = (
    "'Excessive use of technology, particularly cell phones and social networking sites': the "
    "study asked how often phone, television, computer and tablet interrupt, not how much they are "
    "used; social networking sites are not among the devices [source read: B2].",
    "'Reduced family life satisfaction': the outcome was life satisfaction in general "
    "[abstract/secondary: B1].",
    "It leaves out that only women were asked, of both partners' lives one report, at one time.",
    "'Minimizing technoference can substantially improve the quality of your interactions' says "
    "what an intervention does and how much; there was none, and the study gives no such size.",
    "'Alone together' is Turkle's phrase ([recalled, hi]), no finding of this study.",
    "In fairness: year, volume and the signs of the associations are reported correctly.",
)
CANNOT_SHOW = (
    "Every answer is of one time: a chain drawn backward, from low spirits to noticing "
    "interruptions, implies the same correlations as the chain forward.",
    "Nobody was assigned to fewer interruptions, so no arrow is a cause.",
    "One person reports everything: a low mood can color what is noticed, remembered and felt.",
    "The partner's use was not observed, and the partner was not asked.",
    "Women only, most of them mothers in their twenties and thirties: nothing follows for others.",
)
