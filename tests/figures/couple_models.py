"""Model texts of the shapes that couples' diagrams take."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from intimacy_analysis.paths.spec import PathModelSpec
from intimacy_analysis.paths.syntax import read_model

ROLES = ("wife", "husband")


def couple_model(text: str, *stems: str, title: str = "A model") -> PathModelSpec:
    variables = tuple((stem, tuple(f"{stem}_{role}" for role in ROLES)) for stem in stems)
    return replace(read_model(text), title=title, roles=ROLES, variables=variables)


def crossed(outcome: str, *predictors: str) -> str:
    """Return actor and partner paths of every predictor to the outcome, and the residuals' tie."""
    lines = []
    for role, other in (ROLES, ROLES[::-1]):
        terms = [f"{stem}_{who}" for stem in predictors for who in (role, other)]
        lines.append(f"{outcome}_{role} ~ {' + '.join(terms)}")
    return "\n".join([*lines, f"{outcome}_wife ~~ {outcome}_husband"])


def actor_partner() -> PathModelSpec:
    text = (
        f"{crossed('satisfaction', 'communication')}\ncommunication_wife ~~ communication_husband"
    )
    return couple_model(text, "communication", "satisfaction", title="Actor-partner model")


def mediation() -> PathModelSpec:
    text = "\n".join(
        [
            crossed("intimacy", "communication"),
            crossed("satisfaction", "intimacy", "communication"),
            "communication_wife ~~ communication_husband",
        ]
    )
    return couple_model(text, "communication", "intimacy", "satisfaction", title="Mediation")


def two_mediators() -> PathModelSpec:
    chain = (
        "communication", "sexual_satisfaction", "emotional_intimacy", "relationship_satisfaction"
    )  # fmt: skip
    text = "\n".join(
        [crossed(chain[i], *chain[:i]) for i in (1, 2, 3)]
        + ["communication_wife ~~ communication_husband"]
    )
    return couple_model(text, *chain, title="Two mediators")


def parallel_mediators() -> PathModelSpec:
    first, sex, close, last = (
        "communication", "sexual_satisfaction", "emotional_intimacy", "relationship_satisfaction"
    )  # fmt: skip
    own = "\n".join(f"{sex}_{a} ~~ {close}_{b}" for a in ROLES for b in ROLES)
    text = "\n".join(
        [
            crossed(sex, first), crossed(close, first), crossed(last, sex, close), own,
            f"{first}_wife ~~ {first}_husband",
        ]
    )  # fmt: skip
    return couple_model(text, first, sex, close, last, title="Parallel mediators")


def common_fate() -> PathModelSpec:
    text = """
    Communication =~ 1*communication_wife + 1*communication_husband
    Satisfaction =~ 1*satisfaction_wife + 1*satisfaction_husband
    Satisfaction ~ Communication
    communication_wife ~~ satisfaction_wife
    communication_husband ~~ satisfaction_husband
    """
    return couple_model(text, "communication", "satisfaction", title="Common fate")


def mutual_influence() -> PathModelSpec:
    text = """
    satisfaction_wife ~ satisfaction_husband + communication_wife
    satisfaction_husband ~ satisfaction_wife + communication_husband
    satisfaction_wife ~~ satisfaction_husband
    communication_wife ~~ communication_husband
    """
    return couple_model(text, "communication", "satisfaction", title="Mutual influence")


def factor_model(n_items: int = 5) -> PathModelSpec:
    lines = [
        f"intimacy_{role} =~ " + " + ".join(f"item{i}_{role}" for i in range(1, n_items + 1))
        for role in ROLES
    ]
    lines += [f"item{i}_wife ~~ item{i}_husband" for i in range(1, n_items + 1)]
    lines.append("intimacy_wife ~~ intimacy_husband")
    stems = [f"item{i}" for i in range(1, n_items + 1)]
    return couple_model("\n".join(lines), *stems, title="Dyadic factor model")


def latent_actor_partner(n_items: int = 4) -> PathModelSpec:
    lines = [
        f"{stem}_{role} =~ " + " + ".join(f"{stem[:3]}{i}_{role}" for i in range(1, n_items + 1))
        for stem in ("talk", "closeness")
        for role in ROLES
    ]
    lines += [
        f"{stem}{i}_wife ~~ {stem}{i}_husband"
        for stem in ("tal", "clo")
        for i in range(1, n_items + 1)
    ]
    lines += [crossed("closeness", "talk"), "talk_wife ~~ talk_husband"]
    stems = [f"{stem}{i}" for stem in ("tal", "clo") for i in range(1, n_items + 1)]
    return couple_model("\n".join(lines), *stems, title="Latent actor-partner model")


def moderation() -> PathModelSpec:
    lines = [
        f"satisfaction_{a} ~ stress_{a} + stress_{b} + support + stress_{a}_by_support "
        f"+ stress_{b}_by_support"
        for a, b in (ROLES, ROLES[::-1])
    ]
    names = ["stress_wife", "stress_husband", "support"]
    names += [f"stress_{role}_by_support" for role in ROLES]
    lines += [f"{a} ~~ {b}" for a, b in pairwise(names)]
    text = "\n".join([*lines, "satisfaction_wife ~~ satisfaction_husband"])
    return couple_model(text, "stress", "satisfaction", title="Moderation by a couple's variable")


def any_model() -> PathModelSpec:
    return read_model(
        """
        f =~ x1 + x2 + x3
        g =~ y1 + y2 + y3
        m ~ f + z
        n ~ f
        g ~ m + n + f
        k ~ g + z
        """
    )


ALL = {
    "actor_partner": (actor_partner, "single"),
    "mediation": (mediation, "double"),
    "two_mediators": (two_mediators, "double"),
    "parallel_mediators": (parallel_mediators, "double"),
    "common_fate": (common_fate, "single"),
    "mutual_influence": (mutual_influence, "single"),
    "factor_model": (factor_model, "double"),
    "latent_actor_partner": (latent_actor_partner, "double"),
    "moderation": (moderation, "double"),
    "any_model": (any_model, "double"),
}
