"""A fact about a cited study, with the label that says how well it is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from intimacy_analysis.errors import SpecError

Basis = Literal[
    "source read",
    "abstract/secondary",
    "recalled",
    "derived",
    "computed",
    "assumption",
    "not found",
]
NOT_FOUND = "not found"
# What each label means, in words for a reader.
MEANINGS: dict[Basis, str] = {
    "source read": "the document itself, a repository or a data file was read",
    "abstract/secondary": "only an abstract, press item, index page or summary was read",
    "recalled": "from memory and unverified; no published number",
    "derived": "arithmetic on numbers that carry one of the other labels",
    "computed": "computed from an openly available data file",
    "assumption": "a choice made here, with its reason; no published number",
    "not found": "looked for and could not be had",
}
_LABEL = re.compile(
    r"\[(?P<basis>source read|abstract/secondary|recalled|derived|computed|assumption)"
    r"(?:: (?P<sources>[A-Z]\d+(?:, [A-Z]\d+)*))?(?:, (?P<confidence>hi|med|lo))?\]"
)
# What may be shown as published: somebody else printed it, and it was seen in print.
_PUBLISHED: tuple[Basis, ...] = ("source read", "abstract/secondary")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFact:
    """One fact about a cited study or its design.

    A number whose label is not a published one can be read as `value`, but never as
    `published_value`; a figure or a comparison may use `published_value` only.

    Attributes:
        text: The fact, in a reader's words.
        label: How it is known, as "[abstract/secondary: S0]", "[recalled, med]",
            "[assumption]" or "not found".
        value: Its number; None where it has none.
        unit: Unit of `value`.
        term: Key of the sub-claim it belongs to; empty for the study as a whole.
    """

    text: str
    label: str
    value: float | None = None
    unit: str = ""
    term: str = ""

    def __post_init__(self) -> None:
        if self.label != NOT_FOUND and _LABEL.fullmatch(self.label) is None:
            raise SpecError(
                "a fact must carry one label, such as '[abstract/secondary: S0]', "
                f"'[recalled, med]', '[assumption]' or 'not found', but has {self.label!r}. "
                "Split a fact with two labels into two."
            )
        if self.basis in _PUBLISHED and not self.source_ids:
            raise SpecError(
                f"a published fact must name its source, but {self.label!r} names none. "
                "Write the source's id behind the colon."
            )
        if self.label == NOT_FOUND and self.value is not None:
            raise SpecError(
                f"what was not found can have no number, but {self.value:g} is given for "
                f"{self.text!r}. Label the number by where it comes from."
            )
        unknown = [name for name in self.source_ids if name not in SOURCES]
        if unknown:
            raise SpecError(
                f"each source id must stand in the source list, but {unknown[0]!r} does not. "
                "Add it to SOURCES with its full text."
            )

    @property
    def basis(self) -> Basis:
        """How the fact is known, without sources."""
        match = _LABEL.fullmatch(self.label)
        return "not found" if match is None else match["basis"]  # type: ignore[return-value]

    @property
    def source_ids(self) -> tuple[str, ...]:
        """Ids of the sources in the label, in order."""
        match = _LABEL.fullmatch(self.label)
        return tuple(match["sources"].split(", ")) if match and match["sources"] else ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Full text of each source in the label."""
        return tuple(SOURCES[name] for name in self.source_ids)

    @property
    def is_published(self) -> bool:
        """Whether the fact was seen in print; a recalled or assumed one never is."""
        return self.basis in _PUBLISHED

    @property
    def rests_on_the_article_alone(self) -> bool:
        """Whether it is circular as a test of the article, being known from it only."""
        return self.source_ids == ("S0",)

    @property
    def published_value(self) -> float | None:
        """The number if it was seen in print, else None."""
        return self.value if self.is_published else None


# Source lists of the evidence on the studies and of the open data used to calibrate them.
SOURCES = {
    "S0": "the article itself: '7 ways to build an emotional connection with your partner', text "
    "and reference list; a secondary source for the studies it cites",
    "A1": "dissertation page and summary: A. Milek, 'Spending Time with One's Beloved Ones', "
    "Zurich, 2015, researchgate.net/publication/281030459",
    "A2": "survey of the first author, "
    "familienleben.ch/leben/partnerschaft/zeit-in-der-beziehung-2781",
    "A3": "Reissman, Aron & Bergen 1993, Journal of Social and Personal Relationships, "
    "researchgate.net/publication/240707029",
    "A4": "Milek, Randall, Nussbeck, Breitenstein & Bodenmann 2016/17, Journal of Couple & "
    "Relationship Therapy 16, 210-231, publication page at midpsy.uni-konstanz.de; "
    "9dok.net/document/yng052xl",
    "A5": "Hogan et al. 2021, International Journal of Family Therapy 43, 226-233, "
    "pmc.ncbi.nlm.nih.gov/articles/PMC8320759",
    "A6": "Flood & Genadek 2016, Journal of Marriage and Family 78, 142-164, "
    "pmc.ncbi.nlm.nih.gov/articles/PMC4712716",
    "A7": "Girme, Overall & Faingataa 2014, researchgate.net/publication/259554673",
    "B1": "McDaniel & Coyne 2016, repository record with abstract, "
    "researchrepository.parkviewhealth.org/informatics/145",
    "B2": "authors' handout of the measures (first part), docsbay.net/running-head-"
    "technoference-in-relationships",
    "B3": "copy of an NPR item on the study, alisha-smiles.blogspot.com, December 2014",
    "B4": "fit.edu, Psychology Science Minute 523",
    "B5": "Salt Lake Tribune item on the study, archive.sltrib.com/article.php?id=1904542",
    "B6": "Spanish validation of the scales, Anales de Psicologia, "
    "revistas.um.es/analesps/article/view/643721",
    "B7": "press item on the study, post.jagran.com, December 2014; also gantnews.com 2014-12-13",
    "B8": "'Daily technoference, technology use during couple leisure time' 2020, doi "
    "10.1080/15213269.2020.1783561, abstract and data statement",
    "B9": "McDaniel & Drouin 2019, Computers in Human Behavior 99, "
    "researchgate.net/publication/332798522; "
    "researchrepository.parkviewhealth.org/informatics/47",
    "B10": "McDaniel, Galovan, Cravens & Drouin 2018, publication record at scholars.ttu.edu",
    "B11": "Roberts & David 2016, Computers in Human Behavior 54, 134-141, "
    "researchgate.net/publication/282763744",
    "B12": "summary of Roberts & David 2016, psychologyandi.com/the-modern-way-to-kill-your-"
    "relationship",
    "B13": "Beukeboom & Pollmann 2021, scribd.com/document/590426803",
    "B14": "Denecker et al. 2024, doi 10.1007/s12144-024-06893-7, ouci.dntb.gov.ua/works/4rnjzZE4",
    "B15": "Nunez & Radtke 2024, meta-analysis, doi 10.1080/0144929X.2023.2209213, abstract",
    "B16": "meta-analysis, Frontiers in Psychology 2025, 16:1561159, abstract",
    "B17": "Leggett & Rossouw 2014, researchgate.net/publication/267453410",
    "C2": "student essay citing the paper, "
    "ivypanda.com/essays/relationship-satisfaction-sexual-emotional-intimacy-and-communication",
    "C4": "Mallory 2022, Journal of Family Psychology 36(3), 358-371, meta-analysis of 93 studies, "
    "N = 38,499; PubMed 34968095",
    "C5": "McNulty, Wenner & Fisher 2016 (online 2014), Archives of Sexual Behavior, 207 "
    "marriages, doi 10.1007/s10508-014-0444-6, abstract",
    "C6": "Litzinger & Gordon 2005, Journal of Sex & Marital Therapy 31, 409-424, "
    "doi 10.1080/00926230591006719",
    "C7": "Lawrence et al. 2008, 101 couples, pmc.ncbi.nlm.nih.gov/articles/PMC2435417",
    "C9": "Andreoli et al. 2024, 992 partnered persons, doi 10.3389/fpsyg.2024.1420148",
    "D1": "Bolger & Laurenceau 2013, teaching diary, 66 women x 28 days, file process.csv in "
    "github.com/matt-j-murphy/DyadicData, commit 1424fba",
    "D2": "DRES, 121 couples: R package dySEM 2.0.0, github.com/jsakaluk/dySEM, commit 8246306; "
    "Raposo, Impett & Muise 2020",
    "D3": "118 couples with LGBTQ+ members: R package dySEM 2.0.0, file prqcQ, commit 8246306",
    "D6": "Dyadic Interaction Study tutorial (Sels, Ceulemans & Kuppens 2019), "
    "github.com/ginettelafit/DyadicDataAnalysis, commit 18703ea; printed output",
    "E1": "abstract of Gulledge, Gulledge & Stahmann 2003, researchgate.net/publication/247510498",
    "E2": "Psychology Today, 'Fulfillment at any age', January 2014, "
    "psychologytoday.com/us/blog/fulfillment-any-age/201401/"
    "seven-types-physical-affection-in-relationships",
    "E3": "reposted fragments of the same blog; of low quality",
    "E4": "fragment of a later literature review",
    "E5": "page 234 of the article of Gulledge, Gulledge & Stahmann 2003 itself",
    "E6": "news.fit.edu/psychology_behavior_analysis/"
    "318-345-physical-affection-relationship-satisfaction",
    "E7": "smartphone-prompted affection trial, Journal of Social and Personal Relationships "
    "38(3), 2021, 1035-1045, doi 10.1177/0265407520970278, record",
    "E8": "Collabra: Psychology 8(1), 38599, 2022, online.ucpress.edu/collabra/article/8/1/38599",
    "E9": "Debrot et al. 2013, Personality and Social Psychology Bulletin, 102 couples, "
    "researchgate.net/publication/251878881",
    "E10": "Horan & Booth-Butterfield 2010, Communication Quarterly 58, 394-413, 72 couples, "
    "studylib.net/doc/8418317",
    "E11": "Sorokowska et al. 2023, Scientific Reports 13, 5497, "
    "pmc.ncbi.nlm.nih.gov/articles/PMC10073073",
    "F1": "Psychology Today, 'Adventures in dating', July 2016, psychologytoday.com/intl/blog/"
    "adventures-in-dating/201607/are-you-getting-enough-affection-from-your-partner",
    "F2": "Floyd 2014, Western Journal of Communication 78, 383-403, record at "
    "asu.pure.elsevier.com",
    "F3": "student essay on the paper at majortests.com; of low quality",
    "F4": "Hesse & Tian 2020, Journal of Social and Personal Relationships 37(3), 965-985, "
    "doi 10.1177/0265407519883697, record",
    "F5": "Hesse & Floyd 2019, Journal of Social and Personal Relationships, "
    "doi 10.1177/0265407519841719",
    "F6": "Hesse, Mikkelson & Tian 2021, doi 10.1177/02654075211046587, record",
    "F7": "Hesse, Floyd & Mikkelson 2023, Personal Relationships 30, 296-313, "
    "doi 10.1111/pere.12458, repository.arizona.edu/handle/10150/667006",
    "F8": "Floyd & Morman 2022, doi 10.1080/10570314.2022.2087892, record",
    "F9": "Hesse et al. 2021, Communication Monographs 88, 194-218, meta-analysis, "
    "doi 10.1080/03637751.2020.1805480, record",
    "F10": "summary of the same meta-analysis at evrimagaci.org",
    "G1": "abstract of Mostova, Stolarski & Matthews 2022, "
    "pmc.ncbi.nlm.nih.gov/articles/PMC9216579",
    "G2": "journal page of Mostova, Stolarski & Matthews 2022, PLOS ONE 17(6), e0269429, "
    "doi 10.1371/journal.pone.0269429",
    "G3": "press release on the study, eurekalert.org/news-releases/956244",
    "G4": "psypost.org item on the study, 20 August 2022",
    "G5": "mind.help news item on the study",
    "G6": "sciencealert.com item on the study",
    "G7": "Impett, Park & Muise 2024, Current Directions in Psychological Science 33(2), 87-92, "
    "doi 10.1177/09637214231217663, catalog record at mendeley.com",
    "G8": "item on the review of 2024, everydayresearchmethods.com/2024/02",
    "G9": "Bunt & Hazelwood 2017, Personal Relationships 24(2), 280-290, doi 10.1111/pere.12182, "
    "eprints.qut.edu.au/98565; researchgate.net/publication/314026543",
    "G10": "Polk & Egbert 2013, Open Communication Journal 7, 1-11, "
    "researchgate.net/publication/275761786",
    "G11": "Hughes & Camden 2020, Psi Chi Journal 25, 234 and following, "
    "doi 10.24839/2325-7342.JN25.3.234, EBSCO record and wixlib.com copy",
    "H1": "measure summary sheet on the PAIR, scribd.com/document/655139461",
    "H2": "essay on the inventory at ipl.org; of low quality, but its numbers agree with each "
    "other",
    "H3": "page on the Portuguese adaptation, saude.fpce.uc.pt/PAIR.html",
    "H4": "Constant et al. 2016, European Review of Applied Psychology 66, 109-116, "
    "em-consulte.com/en/article/1059669",
    "H5": "Lafontaine et al. 2017, doi 10.1080/1550428X.2017.1326017, record",
}
