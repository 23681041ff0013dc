"""Every figure of a report on the bundled data: its key, its title, its claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from intimacy_analysis.claims.registry import CLAIM_SETS
from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.style import Width


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEntry:
    """One figure of a claim's report.

    Attributes:
        key: Its file name without ending.
        claim: Key of the set of claims.
        title: Its heading.
        least_width: Narrowest width at which it can be read: "single" or "double".
    """

    key: str
    claim: str
    title: str
    least_width: Width


# With these data they hold more than a single column shows.
_TWO_COLUMNS = {
    ("shared-time", "published_and_reestimated"),
    ("technoference", "published_and_reestimated"),
    ("technoference", "path_diagram_pure_chain"),
    ("communication", "published_and_reestimated"),
    ("communication", "path_diagram_sexual_first"),
    ("communication", "path_diagram_emotional_first"),
    ("communication", "actor_partner_effects"),
    ("emotional-intimacy", "published_and_reestimated"),
    ("pair-inventory", "published_and_reestimated"),
}
# By claim, key and title. Own data can give others, such as the names of other roles.
_TITLES: dict[str, dict[str, str]] = {
    "shared-time": {
        "person_slopes": "Each person's own slope",
        "weekday_weekend_slopes": "Weekdays and weekends",
        "published_and_reestimated": "Published and re-estimated",
        "compliance": "Who answered",
    },
    "technoference": {
        "daily_shares": "How many report it every day",
        "published_and_reestimated": "Published and re-estimated",
        "path_diagram_pure_chain": "Path diagram, pure chain",
        "path_diagram_chain_with_direct_paths": "Path diagram, chain with direct paths",
        "serial_effects": "Serial effects",
        "implied_and_observed": "Implied and observed correlations",
        "chain_and_bound": "What a chain can imply",
    },
    "communication": {
        "published_and_reestimated": "Published and re-estimated",
        "path_diagram_sexual_first": "Path diagram, sexual first",
        "path_diagram_emotional_first": "Path diagram, emotional first",
        "actor_partner_effects": "Actor and partner effects",
        "indirect_effects": "Ways from communication to satisfaction",
        "implied_and_observed": "Implied and observed correlations",
    },
    "emotional-intimacy": {
        "correlations_within_members": "Emotional intimacy within each spouse",
        "published_and_reestimated": "Published and re-estimated",
        "path_diagram": "Path diagram, own and partner's intimacy",
        "actor_partner_effects": "Own and partner's intimacy",
    },
    "affection": {
        "types_and_satisfaction": "Types of affection with relationship satisfaction and "
        "satisfaction with the partner",
        "differences_of_types": "Do 'related' types differ from 'not related' ones?",
        "types_and_conflict": "Types of affection with ease of conflict resolution and amount of "
        "conflict",
        "other_measures": "Robust to skewed counts?",
    },
    "affection-deprivation": {
        "deprivation_and_outcomes": "Affection deprivation and three outcomes",
        "slopes_by_uncertainty": "Slopes on deprivation by uncertainty",
        "johnson_neyman_satisfaction": "Slope of relationship satisfaction on deprivation over "
        "uncertainty",
        "johnson_neyman_closeness": "Slope of closeness on deprivation over uncertainty",
        "johnson_neyman_commitment": "Slope of commitment on deprivation over uncertainty",
    },
    "love-languages": {
        "profiles": "What is preferred, and what the partner expresses",
        "simple_and_at_equal_levels": "Mismatch by itself, and at equal levels",
        "real_couples_and_strangers": "Mismatch of real couples and of strangers",
    },
    "pair-inventory": {
        "gaps": "How much more is wanted",
        "alphas": "How reliable the scores are",
        "gap_reliability": "How reliable the gaps are",
        "correlations_wife": "How the wife's perceived scores go together",
        "correlations_husband": "How the husband's perceived scores go together",
        "scree_wife": "Eigenvalues of the wife's thirty items",
        "scree_husband": "Eigenvalues of the husband's thirty items",
        "published_and_reestimated": "Published and re-estimated reliabilities",
    },
}


def figure_catalog() -> tuple[CatalogEntry, ...]:
    """Return every figure of the reports on the bundled data, in the order of the claims."""
    return tuple(
        CatalogEntry(
            key=key,
            claim=claims.key,
            title=title,
            least_width="double" if (claims.key, key) in _TWO_COLUMNS else "single",
        )
        for claims in CLAIM_SETS
        for key, title in _TITLES.get(claims.key, {}).items()
    )


def claim_of_figure(key: str) -> str:
    """Return the claim whose report alone has a figure of that key.

    Raises:
        SpecError: No report has it (the nearest keys are named), or several have.
    """
    catalog = figure_catalog()
    claims = [entry.claim for entry in catalog if entry.key == key]
    if len(claims) == 1:
        return claims[0]
    if claims:
        raise SpecError(
            f"a figure must be the only one of its key, but {len(claims)} claims have a figure "
            f"{key!r}: {', '.join(claims)}. Name the claim with --claim, e.g. --claim {claims[0]}."
        )
    raise unknown_figure(key, [entry.key for entry in catalog], "no claim")


def unknown_figure(key: str, known: Sequence[str], who: str) -> SpecError:
    """Return the refusal of a key that no figure has, with the nearest keys.

    Args:
        key: What was asked for.
        known: The keys there are.
        who: What has no such figure, e.g. "no claim".
    """
    near = get_close_matches(key, sorted(set(known)), n=3, cutoff=0.4)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}."
    return SpecError(
        f"the key of a figure must be known, but {who} has a figure {key!r}. {hint} All are shown "
        "by: intimacy-analysis figure --list."
    )
