"""What is known of Hesse and Mikkelson (2017) and its neighbors, each fact with its label."""

from __future__ import annotations

from intimacy_analysis.claims.published import PublishedFact

FACTS = (
    PublishedFact(
        text="Persons in romantic relationships in the study, one partner only",
        label="[abstract/secondary: F1]",
        value=401,
        unit="persons",
    ),
    PublishedFact(text="Mean age, about", label="[abstract/secondary: F1]", value=31, unit="years"),
    PublishedFact(
        text="Affection deprivation is wanting more affection than one gets",
        label="[abstract/secondary: F1, F2]",
    ),
    PublishedFact(text="Eight items (Floyd's scale)", label="[recalled, med]", value=8),
    PublishedFact(text="Recruited through Mechanical Turk", label="[recalled, med]"),
    PublishedFact(text="Scales, reliabilities, means and SDs", label="not found"),
    PublishedFact(text="Every correlation, slope and R squared", label="not found"),
    PublishedFact(
        text="Deprivation goes with lower relationship satisfaction",
        label="[abstract/secondary: F1]",
        term="deprivation-satisfaction",
    ),
    PublishedFact(
        text="Deprivation goes with lower closeness",
        label="[abstract/secondary: F1]",
        term="deprivation-closeness",
    ),
    PublishedFact(
        text="Commitment is among the outcomes; the moderation took another form there",
        label="[abstract/secondary: F1, F3]",
        term="deprivation-commitment",
    ),
    PublishedFact(
        text="Slope of satisfaction on deprivation is steeper where uncertainty is high",
        label="[abstract/secondary: F1]",
        term="moderation-satisfaction",
    ),
    PublishedFact(
        text="Slope of closeness on deprivation is steeper where uncertainty is high",
        label="[abstract/secondary: F1]",
        term="moderation-closeness",
    ),
    PublishedFact(
        text="Direction of the moderation for commitment (another form than the two others)",
        label="not found",
        term="moderation-commitment",
    ),
    PublishedFact(
        text="Persons high in both uncertainty and deprivation are the most pessimistic",
        label="[abstract/secondary: F1]",
    ),
    PublishedFact(
        text="Least r that is significant at .05 with 401 persons",
        label="[derived]",
        value=0.098,
        unit="r",
    ),
    PublishedFact(
        text="509 persons: deprivation goes with lower relationship satisfaction, happiness and "
        "support; men are higher; sizes not found",
        label="[abstract/secondary: F2]",
    ),
    PublishedFact(
        text="Spouses: deprivation goes with every outcome except wives' emotional intimacy",
        label="[abstract/secondary: F4]",
        term="intimacy",
    ),
    PublishedFact(
        text="357 persons: deprivation goes with lower satisfaction and closeness, and with "
        "loneliness and depression",
        label="[abstract/secondary: F5]",
    ),
    PublishedFact(
        text="Panel: related to stress, loneliness and depression, not to life satisfaction or "
        "happiness",
        label="[abstract/secondary: F6]",
    ),
    PublishedFact(
        text="827 persons, preregistered: the right amount beats both excess and deprivation",
        label="[abstract/secondary: F7]",
        term="gap",
    ),
    PublishedFact(
        text="Meta-analysis of affectionate communication and health (another question), r",
        label="[abstract/secondary: F9]",
        value=0.23,
        unit="r",
    ),
    PublishedFact(
        text="Meta-analytic r of affection deprivation with relationship satisfaction",
        label="not found",
    ),
)
ARTICLE = (
    "'Reduced relationship satisfaction and intimacy': the outcome was closeness. In the follow-up "
    "with both spouses deprivation was related to every outcome except wives' emotional "
    "intimacy ([abstract/secondary: F4]).",
    "'It can create feelings of distance' is causal; there is one survey of one time.",
    "Relational uncertainty, on which the size of the association depends, is left out.",
    "Deprivation is a gap between wanted and received affection. Advice to 'express affection "
    "more' leaves out the wanted side; too much affection has costs of its own "
    "([abstract/secondary: F7]).",
    "The year 2016 is that of online publication, joined to the pages of the print volume.",
)
CANNOT_SHOW = (
    "Every answer is of one time: a poor relationship may make partners less affectionate, and a "
    "satisfied person may miss less.",
    "Nobody was assigned to less affection, so no slope is an effect.",
    "One partner reports on all sides; a mood colors deprivation, uncertainty and satisfaction "
    "alike, and partners were not asked what they give.",
    "That a slope depends on uncertainty does not say that uncertainty makes it so; the moderator "
    "was measured, not set.",
    "Closeness is not intimacy: nothing is known here of intimacy.",
)
