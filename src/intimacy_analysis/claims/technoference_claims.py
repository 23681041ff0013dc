"""The testable sentences of the technoference study."""

from __future__ import annotations

from intimacy_analysis.claims.chain_serial import UNIT
from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.study.source import Source

SOURCE = Source(
    authors="McDaniel, B. T., & Coyne, S. M.",
    year=2016,
    title='"Technoference": The interference of technology in couple relationships and '
    "implications for women's personal and relational well-being",
    venue="Psychology of Popular Media Culture, 5(1), 85-98",
)
_ONE_TIME = "Answers of one time: the same correlations follow from the chain drawn backward."
_INFORMANT = "The same woman reports everything, the partner's part too."
_NO_CAUSE = "Nobody was assigned to anything, so the design shows no cause."
_PRODUCTS = "A product of paths splits an association; it is no evidence that anything passes on."
_GENERAL = "The article says 'family life satisfaction'; life satisfaction in general was asked."
_EXCESS = "The article says 'excessive use'; interruptions were asked for."
_BASIS = "[abstract/secondary: B1]"


def _claim(
    key: str,
    says: str,
    estimand: str,
    term: str,
    direction: int,
    truth: str,
    *,
    smallest: float = 0.10,
    smallest_basis: str = "[assumption] a correlation of .10, by convention a small one",
    unit: str = "correlation",
    basis: str = _BASIS,
    article: tuple[str, ...] = (),
    more: tuple[str, ...] = (),
) -> Claim:
    return Claim(
        key=key,
        says=says,
        source=SOURCE,
        basis=basis,
        estimand=estimand,
        term=term,
        direction=direction,
        smallest_effect=smallest,
        smallest_effect_basis=smallest_basis,
        unit=unit,
        truth=truth,
        cannot_show=(_ONE_TIME, _INFORMANT, _NO_CAUSE, *more),
        article=article,
    )


CORRELATIONS = (
    _claim(
        "conflict",
        "The more technology interrupts a woman and her partner, the more conflict over technology "
        "she reports.",
        "correlation of technoference with conflict over technology",
        "conflict_over_technology",
        1,
        "technoference_conflict",
        article=(_EXCESS,),
    ),
    _claim(
        "satisfaction",
        "The more technology interrupts, the lower her relationship satisfaction.",
        "correlation of technoference with relationship satisfaction",
        "relationship_satisfaction",
        -1,
        "technoference_satisfaction",
        article=(_EXCESS,),
    ),
    _claim(
        "depression",
        "The more technology interrupts, the more depressive symptoms she reports.",
        "correlation of technoference with depressive symptoms",
        "depressive_symptoms",
        1,
        "technoference_depression",
        article=(_EXCESS,),
    ),
    _claim(
        "life",
        "The more technology interrupts, the lower her life satisfaction.",
        "correlation of technoference with life satisfaction",
        "life_satisfaction",
        -1,
        "technoference_life",
        article=(_EXCESS, _GENERAL),
    ),
)
_THREE = "[assumption] about the product of three paths of .30"
SERIAL = (
    _claim(
        "serial-depression",
        "Part of the association with depressive symptoms is shared with conflict and, after it, "
        "relationship satisfaction (serial indirect effect).",
        "standardized serial effect on depressive symptoms (product of three paths)",
        "depressive_symptoms",
        1,
        "indirect_depression",
        smallest=0.03,
        smallest_basis=_THREE,
        unit=UNIT,
        more=(_PRODUCTS,),
    ),
    _claim(
        "serial-life",
        "Part of the association with life satisfaction is shared with conflict and, after it, "
        "relationship satisfaction (serial indirect effect).",
        "standardized serial effect on life satisfaction (product of three paths)",
        "life_satisfaction",
        -1,
        "indirect_life",
        smallest=0.03,
        smallest_basis=_THREE,
        unit=UNIT,
        article=(_GENERAL,),
        more=(_PRODUCTS,),
    ),
)
_SMALL_PATH = "[assumption] a standardized path of .10, by convention a small association"
DIRECT = (
    _claim(
        "direct-depression",
        "Beyond conflict and relationship satisfaction technoference still goes with more "
        "depressive symptoms: the chain is not all.",
        "standardized direct path from technoference to depressive symptoms",
        "td",
        1,
        "direct_depression",
        smallest_basis=_SMALL_PATH,
        unit=UNIT,
        # Our own question: a significant correlation and usual paths ask for it.
        basis="[derived]",
    ),
    _claim(
        "direct-life",
        "Beyond conflict and relationship satisfaction technoference still goes with lower life "
        "satisfaction: the chain is not all.",
        "standardized direct path from technoference to life satisfaction",
        "tl",
        -1,
        "direct_life",
        smallest_basis=_SMALL_PATH,
        unit=UNIT,
        basis="[derived]",
    ),
)
ORDER = Claim(
    key="order",
    says="Technoference comes first, conflict and dissatisfaction follow, low well-being comes "
    "last.",
    source=SOURCE,
    basis=_BASIS,
    estimand="chi-square of the pure chain drawn backward, less that of the chain forward",
    term="gap",
    direction=1,
    smallest_effect=0.0,
    smallest_effect_basis="[assumption] none: no gap of fit makes an order from answers of one "
    "time",
    unit="chi-square",
    truth="",
    cannot_show=(
        "A chain and the same chain backward imply the same correlations, so they fit any data "
        "alike.",
        _INFORMANT,
    ),
    article=(
        "The article calls technology's power to disrupt 'one major reason' for the associations: "
        "an order and a cause, and neither was observed.",
    ),
)
CLAIMS = (*CORRELATIONS, *SERIAL, *DIRECT, ORDER)
