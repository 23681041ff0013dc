"""Facts and findings become effects only where that is honest."""

from __future__ import annotations

import math

import numpy as np
import pytest

from intimacy_analysis.claims import hesse_mikkelson_2017
from intimacy_analysis.claims.affection_facts import FACTS
from intimacy_analysis.claims.effects_to_combine import found_effect, published_effect
from intimacy_analysis.claims.gulledge_2003 import examine
from intimacy_analysis.claims.published import PublishedFact
from intimacy_analysis.errors import SpecError
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.synthesis.meta_analysis import meta_analysis

EVIDENCE = examine(load_study("affection_survey"), bootstrap=0)
SEEN = PublishedFact(text="a", label="[abstract/secondary: F9]", value=0.23, unit="r")
OPEN = PublishedFact(text="b", label="[computed: D3]", value=0.40, unit="correlation")


def test_a_correlation_seen_in_print_is_an_effect():
    effect = published_effect(SEEN, name="Hesse and others", n=1000)
    assert math.tanh(effect.value) == pytest.approx(0.23)
    assert effect.std_error == pytest.approx(1 / math.sqrt(997))
    assert (effect.kind, effect.label) == ("published summary", "[abstract/secondary: F9]")
    assert published_effect(OPEN, name="open data", n=118).kind == "original"


@pytest.mark.parametrize("label", ["[recalled, hi]", "[assumption]", "[derived]"])
def test_what_is_recalled_assumed_or_derived_is_never_combined(label):
    fact = PublishedFact(text="c", label=label, value=0.3, unit="r")
    with pytest.raises(SpecError, match="seen in print"):
        published_effect(fact, name="c", n=100)


def test_no_fact_of_the_affection_study_can_be_combined():
    # Not one of its correlations was read.
    combined = []
    for fact in FACTS:
        try:
            combined.append(published_effect(fact, name=fact.text, n=295))
        except SpecError:
            continue
    assert combined == []


def test_a_share_is_no_correlation():
    fact = PublishedFact(text="d", label="[abstract/secondary: E1]", value=0.6, unit="share")
    with pytest.raises(SpecError, match="must be a correlation"):
        published_effect(fact, name="d", n=100)


def test_a_finding_keeps_its_kind_and_error():
    effect = found_effect(EVIDENCE, "hugging")
    assert effect.kind == "synthetic"
    assert math.tanh(effect.value) == pytest.approx(EVIDENCE["hugging"].estimate.value)
    rows = EVIDENCE.frame.rows[["hugging", "relationship_satisfaction"]].dropna()
    assert effect.std_error == pytest.approx(1 / np.sqrt(len(rows) - 3), rel=1e-6)


def test_a_synthetic_finding_is_not_pooled_with_what_was_published():
    effects = [published_effect(SEEN, name="seen", n=1000), found_effect(EVIDENCE, "hugging")]
    with pytest.raises(SpecError, match="synthetic effects must not be pooled"):
        meta_analysis(effects)
    assert meta_analysis(effects, demonstration=True).kind == "demonstration"


def test_two_findings_of_one_survey_are_one_sample():
    with pytest.raises(SpecError, match="different samples"):
        meta_analysis([found_effect(EVIDENCE, "hugging"), found_effect(EVIDENCE, "cuddling")])


def test_a_finding_without_a_correlation_is_refused():
    deprivation = hesse_mikkelson_2017.examine(load_study("affection_deprivation"), bootstrap=0)
    with pytest.raises(SpecError, match="has none"):
        found_effect(deprivation, "intimacy")
    with pytest.raises(SpecError, match="must be a correlation"):
        found_effect(deprivation, "moderation-closeness")
