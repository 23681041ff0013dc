from __future__ import annotations

import re

import pytest

from intimacy_analysis.claims.milek_2015 import ARTICLE, CLAIMS, FACTS
from intimacy_analysis.claims.published import MEANINGS, SOURCES, PublishedFact
from intimacy_analysis.errors import SpecError


@pytest.mark.parametrize(
    "label", ["[recalled, med]", "[assumption]", "[derived]", "[computed: D1]"]
)
def test_a_number_that_nobody_printed_is_never_a_published_value(label):
    fact = PublishedFact(text="a slope", label=label, value=0.08)
    assert fact.value == 0.08
    assert not fact.is_published
    assert fact.published_value is None


def test_a_number_seen_in_print_is_a_published_value():
    fact = PublishedFact(text="women", label="[abstract/secondary: S0]", value=92)
    assert fact.published_value == 92


def test_what_was_not_found_can_carry_no_number():
    with pytest.raises(SpecError, match="can have no number"):
        PublishedFact(text="a slope", label="not found", value=0.08)


@pytest.mark.parametrize(
    "label", ["published", "", "[source read]", "[abstract/secondary]", "[abstract/secondary: Z9]"]
)
def test_a_label_that_hides_its_source_is_refused(label):
    with pytest.raises(SpecError):
        PublishedFact(text="a slope", label=label)


def test_sources_resolve_to_their_full_text():
    fact = PublishedFact(text="slopes differ", label="[abstract/secondary: S0, A1]")
    assert fact.sources == (SOURCES["S0"], SOURCES["A1"])
    assert not fact.rests_on_the_article_alone
    assert PublishedFact(text="N", label="[abstract/secondary: S0]").rests_on_the_article_alone


def test_every_basis_of_a_label_is_explained():
    assert {fact.basis for fact in FACTS} <= set(MEANINGS)


def test_no_coefficient_of_the_paper_is_claimed_to_be_published():
    # evidence: "No results table of any of the seven papers was read."
    with_numbers = [fact for fact in FACTS if fact.term and fact.published_value is not None]
    assert with_numbers == []
    for claim in CLAIMS:
        own = [fact for fact in FACTS if fact.term == claim.key]
        assert any(fact.label == "not found" for fact in own), claim.key


def test_the_recalled_weekend_result_keeps_its_label():
    (recalled,) = [fact for fact in FACTS if "not significant" in fact.text]
    assert recalled.label == "[recalled, med]"
    assert not recalled.is_published


def test_facts_keep_the_labels_of_the_evidence_file(reference_folder):
    evidence = reference_folder.parent / "evidence.md"
    if not evidence.is_file():
        pytest.skip("the evidence file is not beside the reference folder")
    text = evidence.read_text(encoding="utf-8")
    for fact in FACTS:
        if fact.label != "not found" and fact.basis != "derived":
            parts = fact.source_ids or (fact.label,)
            assert all(re.search(rf"\b{re.escape(part)}\b", text) or part in text for part in parts)


def test_the_five_overclaims_of_the_article_stand_beside_the_claims():
    assert len(ARTICLE) == 5
    for claim in CLAIMS:
        assert claim.cannot_show
        assert claim.article
        assert claim.smallest_effect_basis.startswith("[assumption]")
