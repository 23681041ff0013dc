from __future__ import annotations

import math

import pytest

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.claims.judging import (
    JudgedBy,
    adjusted_by_holm,
    check_smallest,
    judged_finding,
    not_testable,
)
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.study.source import Source
from tests.study.test_survey_frame import survey_of


def claim_of(key="link", truth="r", direction=1) -> Claim:
    return Claim(
        key=key,
        says="More of this goes with more of that.",
        source=Source(authors="Nobody, N.", year=2000, title="Nothing"),
        basis="[assumption]",
        estimand="correlation of this with that",
        term="r",
        direction=direction,
        smallest_effect=0.1,
        smallest_effect_basis="[assumption] by convention",
        unit="r",
        truth=truth,
    )


def judged_by(kind="synthetic", truth=0.3, given=None) -> JudgedBy:
    from intimacy_analysis.study.study import ImportReport, Study

    report = ImportReport(path="", format="frame", sha256="", n_read=2, n_kept=2, n_persons=2)
    study = Study(
        name="mine",
        title="Mine",
        kind=kind,
        frame=survey_of(who=[1, 2], a=[1.0, 2.0]),
        report=report,
        truth={} if truth is None else {"r": truth},
    )
    return JudgedBy(
        study=study,
        given=given or {},
        adjusted={"link": 0.04},
        confidence=0.95,
        association="It is an association.",
        truth_follows="That was put in.",
    )


ESTIMATE = Estimate(name="r", value=0.28, std_error=0.05, low=0.18, high=0.38, p_value=0.001)


def test_synthetic_data_say_whether_the_truth_is_found_and_nothing_on_the_claim():
    finding = judged_finding(claim_of(), ESTIMATE, judged_by())
    assert finding.verdict is Verdict.RECOVERED
    assert finding.truth == 0.3
    assert finding.if_original is Verdict.REPRODUCED
    text = " ".join(finding.sentences)
    assert "0.280 (95 % interval [0.180, 0.380]" in text
    assert "it is 0.3" in text
    assert "says nothing on the claim itself" in text


def test_original_data_use_no_truth_and_a_size_of_ones_own():
    by = judged_by(kind="original", given={"link": 0.2})
    finding = judged_finding(claim_of(), ESTIMATE, by)
    assert finding.verdict is Verdict.INCONCLUSIVE  # 0.18 lies below 0.2
    assert finding.truth is None
    assert "Smallest effect of interest: 0.2 (chosen for this run)." in finding.sentences


def test_without_an_estimate_nothing_is_judged():
    finding = judged_finding(claim_of(), None, judged_by())
    assert finding.verdict is Verdict.INCONCLUSIVE
    assert "could not be fitted" in finding.sentences[0]


def test_an_estimate_without_a_test_shows_no_p_value():
    bare = Estimate(name="r", value=0.28, low=0.18, high=0.38)
    assert ", p" not in judged_finding(claim_of(), bare, judged_by()).sentences[0]


def test_what_the_design_cannot_test_keeps_its_reason():
    finding = not_testable(claim_of(), judged_by().study, "One time only.", "Ask twice.")
    assert finding.verdict is Verdict.NOT_TESTABLE
    assert finding.sentences == ("One time only.", "Ask twice.")
    assert finding.estimate is None


def test_holm_takes_all_tests_together():
    rows = {
        "a": Estimate(name="a", value=1.0, p_value=0.01),
        "b": Estimate(name="b", value=1.0, p_value=0.04),
        "c": Estimate(name="c", value=1.0),
    }
    adjusted = adjusted_by_holm(rows)
    assert adjusted["a"] == pytest.approx(0.02)
    assert adjusted["b"] == pytest.approx(0.04)
    assert math.isnan(adjusted["c"])


def test_a_smallest_effect_of_no_claim_is_refused():
    with pytest.raises(SpecError, match="there is none 'lnk'"):
        check_smallest({"lnk": 0.1}, [claim_of()])
    with pytest.raises(SpecError, match="must be a size"):
        check_smallest({"link": -0.1}, [claim_of()])
