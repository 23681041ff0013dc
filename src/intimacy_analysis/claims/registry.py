"""The sets of claims that can be examined, by key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from typing import cast

from intimacy_analysis.claims.couples_evidence import CouplesEvidence
from intimacy_analysis.claims.evidence import Evidence
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.errors import SpecError


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSet:
    """The claims of one publication.

    Attributes:
        key: What the command calls it.
        title: One line.
        module: Module of the claims, whose `examine(study, ...)` answers with the evidence.
        study: Bundled data it is shown with.
    """

    key: str
    title: str
    module: str
    study: str

    @property
    def examine(self) -> Callable[..., Evidence | CouplesEvidence | SurveyEvidence]:
        """The function that examines a study for these claims."""
        module = import_module(f"intimacy_analysis.claims.{self.module}")
        return cast("Callable[..., Evidence | CouplesEvidence | SurveyEvidence]", module.examine)

    @property
    def takes_variables(self) -> bool:
        """Whether `examine` can be told which variable measures which construct."""
        return "variables" in signature(self.examine).parameters

    @property
    def usual(self) -> tuple[int, int]:
        """Usual number of bootstrap samples and usual seed."""
        module = import_module(f"intimacy_analysis.claims.{self.module}")
        return int(module.DEFAULT_BOOTSTRAP), int(module.DEFAULT_SEED)


CLAIM_SETS = (
    ClaimSet(
        key="shared-time",
        title="Shared time and intimacy (Milek, Butler & Bodenmann, 2015)",
        module="milek_2015",
        study="shared_time_diary",
    ),
    ClaimSet(
        key="technoference",
        title="Technoference, conflict and well-being (McDaniel & Coyne, 2016)",
        module="mcdaniel_coyne_2016",
        study="technoference",
    ),
    ClaimSet(
        key="communication",
        title="Communication, intimacy and sexual satisfaction (Yoo et al., 2014)",
        module="yoo_2014",
        study="couples_survey",
    ),
    ClaimSet(
        key="emotional-intimacy",
        title="Emotional intimacy, satisfaction and well-being (the article's opening sentence)",
        module="opening_sentence",
        study="couples_survey",
    ),
    ClaimSet(
        key="affection",
        title="Types of affection and satisfaction (Gulledge et al., 2003)",
        module="gulledge_2003",
        study="affection_survey",
    ),
    ClaimSet(
        key="affection-deprivation",
        title="Affection deprivation and uncertainty (Hesse & Mikkelson, 2017)",
        module="hesse_mikkelson_2017",
        study="affection_deprivation",
    ),
    ClaimSet(
        key="love-languages",
        title="Love languages and satisfaction (Mostova et al., 2022)",
        module="mostova_2022",
        study="love_languages",
    ),
    ClaimSet(
        key="pair-inventory",
        title="Perceived and expected intimacy (Schaefer & Olson, 1981)",
        module="schaefer_olson_1981",
        study="pair_survey",
    ),
)


def claim_keys() -> tuple[str, ...]:
    """Return the keys of all sets of claims."""
    return tuple(claims.key for claims in CLAIM_SETS)


def find_claims(key: str) -> ClaimSet:
    """Return the set of claims with this key, or raise `SpecError` with the known ones."""
    for claims in CLAIM_SETS:
        if claims.key == key:
            return claims
    raise SpecError(f"there is no claim {key!r}. Known claims: {', '.join(claim_keys())}.")
