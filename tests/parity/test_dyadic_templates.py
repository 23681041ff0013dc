"""Every couples' model, emitted as lavaan's text and fitted by lavaan itself."""

from __future__ import annotations

import pytest

from intimacy_analysis.dyadic.actor_partner import actor_partner, equal_effects
from intimacy_analysis.dyadic.common_fate import common_fate
from intimacy_analysis.dyadic.dyad_individual import dyad_individual
from intimacy_analysis.dyadic.dyadic_scores import dyadic_score
from intimacy_analysis.dyadic.indistinguishable import (
    null_indistinguishable,
    saturated_indistinguishable,
)
from intimacy_analysis.dyadic.mediation import actor_partner_mediation
from intimacy_analysis.dyadic.moderation import actor_partner_moderation
from intimacy_analysis.dyadic.moderation_frame import moderation_frame
from intimacy_analysis.dyadic.mutual_influence import mutual_influence
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.lavaan_text import lavaan_text
from tests.dyadic.simulated_couples import common_fate_couples, simulated_couples
from tests.parity.lavaan_bridge import ask_lavaan, find_lavaan

COUPLES = simulated_couples()
FRAMES = {
    "plain": COUPLES,
    "shared": common_fate_couples(400),
    **{
        kind: moderation_frame(COUPLES, "x", moderator, kind).rows
        for kind, moderator in (("between", "years"), ("within", "turn"), ("mixed", "z"))
    },
}


def models():
    found = {"equal effects": (equal_effects(actor_partner("x", "y")), "plain")}
    for alike in (False, True):
        own = {"distinguishable": not alike}
        tail = ", alike" if alike else ""
        found |= {
            f"actor-partner{tail}": (actor_partner("x", "y", **own), "plain"),
            f"two predictors and a covariate{tail}": (
                actor_partner(("x", "z"), "y", covariates=("years",), **own),
                "plain",
            ),
            f"mediation{tail}": (actor_partner_mediation("x", "z", "y", **own), "plain"),
            f"mediation with a covariate{tail}": (
                actor_partner_mediation("x", "z", "y", covariates=("years",), **own),
                "plain",
            ),
            f"mediators in a chain{tail}": (
                actor_partner_mediation("x", ("z", "u"), "y", serial=(("z", "u"),), **own),
                "plain",
            ),
            f"parallel mediators{tail}": (
                actor_partner_mediation("x", ("z", "u"), "y", **own),
                "plain",
            ),
            f"common fate{tail}": (common_fate("x", "y", **own), "shared"),
            f"mutual influence{tail}": (mutual_influence("x", "y", **own), "plain"),
            f"dyadic score{tail}": (dyadic_score("x", "y", **own), "plain"),
            f"dyad-individual{tail}": (dyad_individual("x", "y", **own), "plain"),
        }
        for kind, moderator in (("between", "years"), ("within", "turn"), ("mixed", "z")):
            spec = actor_partner_moderation("x", "y", moderator, kind, **own)
            found[f"moderation, {kind}{tail}"] = (spec, kind)
    for build in (saturated_indistinguishable, null_indistinguishable):
        found[build.__name__] = (build(("x", "y", "z")), "plain")
    return found


MODELS = models()


@pytest.fixture(scope="module")
def answers():
    if find_lavaan() is None:
        pytest.skip("Rscript with lavaan and jsonlite is not here")
    jobs = [
        {
            "name": name,
            "text": lavaan_text(spec),
            "data": data,
            "fixed_x": name.startswith("moderation"),
            "tight": True,
        }
        for name, (spec, data) in MODELS.items()
    ]
    return ask_lavaan(jobs, FRAMES)["fits"]


@pytest.mark.parametrize("name", list(MODELS))
def test_lavaan_finds_the_same_in_the_text_of_a_template(answers, name):
    spec, data = MODELS[name]
    own, theirs = fit_path_model(spec, FRAMES[data]), answers[name]
    assert own.fit_indices.df == theirs["fit"]["df"]
    assert own.fit_indices.chisq == pytest.approx(theirs["fit"]["chisq"], abs=1e-4)
    assert own.log_likelihood == pytest.approx(theirs["fit"]["logl"], abs=1e-4)
    compared = 0
    for row in theirs["params"]:
        if row["op"] in ("==", "<", ">"):
            continue
        name_of = row["lhs"] if row["op"] == ":=" else f"{row['lhs']} {row['op']} {row['rhs']}"
        found = own.estimate(name_of.strip())
        assert found.value == pytest.approx(row["est"], abs=1e-5), found.name
        if row.get("se"):
            assert found.std_error == pytest.approx(row["se"], rel=1e-4), found.name
        compared += 1
    assert compared >= len(own.spec.arrows)
