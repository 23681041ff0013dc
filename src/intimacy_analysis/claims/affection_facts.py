"""What is known of Gulledge, Gulledge and Stahmann (2003) and its neighbors, with labels."""

from __future__ import annotations

from intimacy_analysis.claims.published import PublishedFact

# The types, in the order of tables and figures, in words.
TYPE_WORDS: dict[str, str] = {
    "kissing_lips": "kissing on the lips",
    "cuddling": "cuddling and holding",
    "hugging": "hugging",
    "kissing_face": "kissing on the face",
    "backrubs": "backrubs and massages",
    "holding_hands": "holding hands",
    "caressing": "caressing and stroking",
}
TYPES = tuple(TYPE_WORDS)
# Which weekly amounts the abstract reports as related to both satisfactions; the others not.
RELATED = ("kissing_lips", "cuddling", "hugging", "kissing_face", "backrubs")
NOT_RELATED = ("holding_hands", "caressing")
# Which are reported as related to ease of conflict resolution, with the p that is given.
EASE: dict[str, str] = {"kissing_lips": "p < .01", "cuddling": "p < .01", "hugging": "p < .05"}
# What the article names as strongly connected with satisfaction; kissing without saying where.
ARTICLE_NAMES = ("holding_hands", "hugging", "backrubs", "kissing_lips", "kissing_face")


def reported(name: str) -> str:
    """Return what the abstract reports of a type and both satisfactions."""
    return "related, significant" if name in RELATED else "not significant"


FACTS = (
    PublishedFact(
        text="College students in the study",
        label="[abstract/secondary: E1]",
        value=295,
        unit="students",
    ),
    PublishedFact(
        text="Men among them", label="[abstract/secondary: E1]", value=100, unit="students"
    ),
    PublishedFact(
        text="Women among them", label="[abstract/secondary: E1]", value=195, unit="students"
    ),
    PublishedFact(
        text="Students of one church-affiliated university, in heterosexual relationships",
        label="[abstract/secondary: E2, E3]",
    ),
    PublishedFact(
        text="How many were in a relationship, so the n of every correlation", label="not found"
    ),
    PublishedFact(text="Scales, their reliability, means and SDs", label="not found"),
    PublishedFact(text="Every correlation of a type with satisfaction", label="not found"),
    *(
        PublishedFact(
            text=f"Weekly amount of {words} with relationship and partner satisfaction: "
            f"{reported(name)}",
            label="[abstract/secondary: E1]",
            term=name.replace("_", "-"),
        )
        for name, words in TYPE_WORDS.items()
    ),
    *(
        PublishedFact(
            text=f"Weekly amount of {TYPE_WORDS[name]} with ease of conflict resolution: positive, "
            f"{p}",
            label="[abstract/secondary: E1]",
            term=f"ease-{name.replace('_', '-')}",
        )
        for name, p in EASE.items()
    ),
    PublishedFact(
        text="Amount of conflict is unrelated to affection",
        label="[abstract/secondary: E1]",
        term="conflict",
    ),
    PublishedFact(
        text="The study calls itself correlational and says that experiments should follow",
        label="[source read: E5]",
    ),
    PublishedFact(
        text="Kissing on the lips is held the most intimate type, and most expressive of love, by "
        "both sexes",
        label="[abstract/secondary: E6]",
    ),
    PublishedFact(
        text="Most frequent type: cuddling (men), holding hands (women)",
        label="[abstract/secondary: E6]",
    ),
    PublishedFact(
        text="Least r that is significant at .05 with all 295 students",
        label="[derived]",
        value=0.114,
        unit="r",
    ),
    PublishedFact(
        text="39 couples assigned to prompts for affection or to control for two weeks: momentary "
        "intimacy is higher under prompts, security is not",
        label="[abstract/secondary: E7]",
    ),
    PublishedFact(
        text="Within-person experiment of a week: closeness rises more on days with a closeness "
        "task, showing affection among them; persons differ and the effect fades over the day",
        label="[abstract/secondary: E8]",
    ),
    PublishedFact(
        text="102 couples in daily life: touch goes with the partner's affect, by way of intimacy",
        label="[abstract/secondary: E9]",
    ),
    PublishedFact(
        text="72 couples: affection explains 17 to 35 % of the variance of commitment and "
        "satisfaction",
        label="[abstract/secondary: E10]",
    ),
    PublishedFact(
        text="The same as a multiple correlation, lower end",
        label="[derived]",
        value=0.41,
        unit="R",
    ),
    PublishedFact(
        text="37 countries, 7,880 persons: love goes with affectionate touch; sizes not found",
        label="[abstract/secondary: E11]",
    ),
)

ARTICLE = (
    "'Holding hands, sharing a hug, giving back rubs, or a kiss' are called strongly connected to "
    "satisfaction. Holding hands is one of the two types that were not significantly related: a "
    "plain misreport.",
    "That holding hands is 'not related' while hugging is does not show that the two differ; the "
    "difference has a test of its own, above.",
    "'Strongly': the abstract says 'highly correlated' in general, but no size was verified; with "
    "295 students a significant r can be as small as .11 ([derived]).",
    "'Partner happiness': the variable is how satisfied the same student is with the partner. No "
    "partner was asked.",
    "Students, two thirds of them women, of one church-affiliated university become 'couples', and "
    "an association becomes advice ('can significantly boost').",
    "The same reference number stands for a study of love languages of 2022 elsewhere in the "
    "article, which is wrong.",
)
CANNOT_SHOW = (
    "Counts and satisfaction are answers of one time: couples who are satisfied may well touch "
    "more because they are satisfied.",
    "Nobody was assigned to more affection, so no correlation is an effect.",
    "One student reports on both sides; weekly counts are estimates from memory.",
    "Students of one university: nothing follows for couples at large.",
    "A correlation that is not significant is not a correlation of zero, and two of which one is "
    "significant need not differ.",
)
