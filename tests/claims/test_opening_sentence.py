from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.claims.opening_facts import FACTS, NEIGHBORS
from intimacy_analysis.claims.opening_sentence import examine
from intimacy_analysis.claims.scale_items import couple_reliability
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.loaders.study import load_study
from tests.claims.couple_studies import couples_study, score_rows

ROLES = ("wife", "husband")


@pytest.fixture(scope="module")
def evidence():
    return examine(load_study("couples_survey"))


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    drawn = score_rows(n=300, seed=4)
    rng = np.random.default_rng(5)
    for role in ROLES:
        drawn[f"swls_{role}"] = 0.4 * drawn[f"emotional_intimacy_{role}"] + rng.normal(size=300)
    return drawn


def test_both_spouses_are_judged_on_satisfaction(evidence):
    assert evidence.state == "ok"
    assert list(evidence.verdicts) == [
        f"{stem}-{role}"
        for stem in ("satisfaction", "actor", "partner", "well-being")
        for role in ROLES
    ]
    for role in ROLES:
        assert evidence[f"satisfaction-{role}"].verdict is Verdict.RECOVERED
        assert evidence[f"actor-{role}"].verdict is Verdict.RECOVERED
        assert evidence[f"partner-{role}"].truth == pytest.approx(0.07, abs=0.01)


@pytest.mark.parametrize("role", ROLES)
def test_well_being_is_not_testable_without_a_variable_of_it(evidence, role):
    finding = evidence[f"well-being-{role}"]
    assert finding.verdict is Verdict.NOT_TESTABLE
    assert finding.estimate is None
    assert "no variable of well-being" in finding.sentences[0]
    assert "well_being" in " ".join(finding.sentences)


def test_well_being_is_examined_where_the_file_has_it(rows):
    found = examine(couples_study(rows), variables={"well_being": "swls"})
    for role in ROLES:
        finding = found[f"well-being-{role}"]
        r = rows[f"emotional_intimacy_{role}"].corr(rows[f"swls_{role}"])
        assert finding.estimate.value == pytest.approx(r, abs=1e-6)
        assert finding.verdict in (Verdict.REPRODUCED, Verdict.INCONCLUSIVE)
    assert set(found.analyses["opening"].within["outcome"]) == {
        "relationship_satisfaction", "well_being",
    }  # fmt: skip


def test_associations_are_correlations_and_least_squares_slopes(rows):
    found = examine(couples_study(rows))
    z = (rows - rows.mean()) / rows.std()
    for role, other in (ROLES, ROLES[::-1]):
        x = z[[f"emotional_intimacy_{role}", f"emotional_intimacy_{other}"]].to_numpy()
        y = z[f"relationship_satisfaction_{role}"].to_numpy()
        actor, partner = np.linalg.lstsq(x, y, rcond=None)[0]
        assert found[f"actor-{role}"].estimate.value == pytest.approx(actor, abs=1e-5)
        assert found[f"partner-{role}"].estimate.value == pytest.approx(partner, abs=1e-5)
        r = np.corrcoef(x[:, 0], y)[0, 1]
        assert found[f"satisfaction-{role}"].estimate.value == pytest.approx(r, abs=1e-6)


def test_corrected_correlations_are_divided_by_the_root_of_both_alphas(evidence):
    within = evidence.analyses["opening"].within.set_index(["role", "kind"])
    study = load_study("couples_survey")
    from intimacy_analysis.claims.couples_scores import couple_scores

    couples, columns, _ = couple_scores(
        study, None, constructs=("emotional_intimacy", "relationship_satisfaction")
    )
    alpha = couple_reliability(study, couples, columns)
    for role in ROLES:
        root = np.sqrt(
            alpha[f"emotional_intimacy_{role}"] * alpha[f"relationship_satisfaction_{role}"]
        )
        seen = within.loc[(role, "as answered"), "value"]
        assert within.loc[(role, "corrected for unreliability"), "value"] == pytest.approx(
            seen / root
        )


def test_scores_without_items_have_no_corrected_correlation(rows):
    found = examine(couples_study(rows))
    assert set(found.analyses["opening"].within["kind"]) == {"as answered"}
    assert "reliability is not known" in " ".join(found.methods)


def test_turning_the_spouses_round_turns_the_findings_round(rows):
    turned = rows.rename(
        columns=lambda name: (
            name.replace("_wife", "_x").replace("_husband", "_wife").replace("_x", "_husband")
        )
    )
    first, second = examine(couples_study(rows)), examine(couples_study(turned))
    for stem in ("satisfaction", "actor", "partner"):
        assert first[f"{stem}-wife"].estimate.value == pytest.approx(
            second[f"{stem}-husband"].estimate.value, abs=1e-6
        )


def test_the_reference_of_the_article_is_named_for_what_it_is(evidence):
    assert any("does not test" in line or "not its subject" in line for line in (
        *evidence.article, *(fact.text for fact in FACTS),
    ))  # fmt: skip
    assert all(label.startswith("[computed") for _, _, label in NEIGHBORS)
    for fact in FACTS:
        if fact.basis in ("recalled", "derived", "computed"):
            assert fact.published_value is None


def test_no_word_says_cause(evidence):
    said = " ".join(s for finding in evidence.findings for s in finding.sentences)
    assert not re.search(r"\b(causes?|impacts?|leads? to|boosts?|because of)\b", said)


def test_a_missing_construct_says_how_to_name_it(rows):
    columns = [name for name in rows if not name.startswith("emotional_intimacy")]
    with pytest.raises(DataError, match=r'variables=\{"emotional_intimacy": "NAME"\}'):
        examine(couples_study(rows[columns]))


def test_a_smallest_effect_of_no_claim_is_refused(rows):
    with pytest.raises(SpecError, match="there is none 'intimacy'"):
        examine(couples_study(rows), smallest_effects={"intimacy": 0.1})
