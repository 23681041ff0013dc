"""What a claim needs, as data: the same as what its analysis refuses to do without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intimacy_analysis import load_study, questionnaire
from intimacy_analysis.claims import (
    chain_models,
    deprivation_claims,
    gulledge_2003,
    love_languages_scores,
)
from intimacy_analysis.claims import hesse_mikkelson_2017 as hesse
from intimacy_analysis.claims import love_languages_scores as languages
from intimacy_analysis.claims import mcdaniel_coyne_2016 as mcdaniel
from intimacy_analysis.claims import opening_sentence as opening
from intimacy_analysis.claims.affection_facts import TYPES
from intimacy_analysis.claims.pair_scores import CONSTRUCTS as PAIR_SCORES
from intimacy_analysis.claims.registry import CLAIM_SETS, claim_keys, find_claims
from intimacy_analysis.claims.requirement_check import check_requirements
from intimacy_analysis.claims.requirements import REQUIREMENTS, requirements
from intimacy_analysis.dyadic.rival_directions import CONSTRUCTS as COUPLES_CONSTRUCTS
from intimacy_analysis.errors import IntimacyError, SpecError
from intimacy_analysis.loaders.bundled import bundled_file

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "survey_files.md"
NEEDED = [
    (entry.key, construct.name)
    for entry in map(requirements, claim_keys())
    for construct in entry.of_need("needed")
    # One form of a questionnaire stands for both: twelve refusals of a kind tell no more than six.
    if not construct.name.startswith(("expected_", "expressed_"))
]


def without(name: str, *tables: str):
    """Return a bundled study whose codebook has no such scale, column or role."""
    text = bundled_file(name).with_suffix(".toml").read_text(encoding="utf-8")
    for table in tables:
        text = re.sub(rf"\[(scales|columns)\.{table}\]\n(?:(?!\[).+\n|\n)*", "", text)
        text = text.replace(f'role = "{table}"\n', "")
    return load_study(bundled_file(name), codebook=text)


def without_near(message: str) -> str:
    # The claim looks among the scores it has made so far, the check among the study's own columns.
    return re.sub(r"(Did you mean [^?]*\?|Known columns: .*?\.) (?=Describe|Write)", "", message)


def test_every_set_of_claims_says_what_it_needs():
    assert [entry.key for entry in REQUIREMENTS] == list(claim_keys())
    with pytest.raises(SpecError, match="Known claims: shared-time"):
        requirements("shared time")


def test_the_names_are_those_of_the_analyses():
    def names(key: str, need: str) -> set[str]:
        return {construct.name for construct in requirements(key).of_need(need)}

    assert names("technoference", "needed") == set(chain_models.CONSTRUCTS)
    assert names("technoference", "optional") == {mcdaniel.EXAMPLES}
    assert names("communication", "needed") == set(COUPLES_CONSTRUCTS)
    assert names("emotional-intimacy", "needed") == {opening.INTIMACY, opening.SATISFACTION}
    assert names("emotional-intimacy", "optional") == {opening.WELL_BEING}
    assert names("affection", "needed") == {gulledge_2003.SATISFACTION}
    assert names("affection", "choice") == set(TYPES)
    assert names("affection", "optional") == {*gulledge_2003.FURTHER, "sex"}
    assert names("affection-deprivation", "needed") == {hesse.DEPRIVATION}
    assert names("affection-deprivation", "choice") == set(deprivation_claims.OUTCOMES)
    assert names("affection-deprivation", "optional") == {hesse.UNCERTAINTY, *hesse.GAP, "age"}
    assert names("love-languages", "needed") == set(love_languages_scores.NEEDED)
    assert names("love-languages", "optional") == set(love_languages_scores.OPTIONAL)
    assert requirements("love-languages").fewest_rows == love_languages_scores.FEWEST
    assert names("pair-inventory", "needed") == set(PAIR_SCORES)
    assert names("love-languages", "needed") == set(languages.NEEDED)
    assert names("love-languages", "optional") == set(languages.OPTIONAL)


@pytest.mark.parametrize("key", claim_keys())
def test_the_bundled_study_of_a_claim_has_all_it_needs(key):
    check = check_requirements(load_study(find_claims(key).study), key)
    assert check.problems == ()
    assert {c.name for c in requirements(key).of_need("needed")} <= set(check.uses)
    assert check.rows


@pytest.mark.parametrize(("key", "construct"), NEEDED)
def test_a_study_without_a_needed_construct_is_refused_by_the_check_and_by_the_claim(
    key, construct
):
    claims = find_claims(key)
    study = without(claims.study, construct)
    (told,) = check_requirements(study, key).problems
    with pytest.raises(IntimacyError) as refused:
        claims.examine(study, bootstrap=0)
    assert without_near(told) == without_near(str(refused.value))


@pytest.mark.parametrize(
    ("key", "left_out"),
    [("affection", TYPES[1:]), ("affection-deprivation", deprivation_claims.OUTCOMES)],
)
def test_too_few_of_several_constructs_are_refused_by_both(key, left_out):
    claims = find_claims(key)
    study = without(claims.study, *left_out)
    (told,) = check_requirements(study, key).problems
    assert f"need {requirements(key).fewest_choices} or more of" in told
    with pytest.raises(IntimacyError, match="more"):
        claims.examine(study, bootstrap=0)


def test_every_missing_construct_is_told_and_not_the_first():
    study = without("technoference", "conflict_over_technology", "life_satisfaction")
    told = check_requirements(
        study, "technoference", variables={"depresive": "x"}, smallest_effects={"conflct": 0.2}
    ).problems
    assert len(told) == 4
    assert "depressive_symptoms" in told[0]
    assert "conflict over technology" in told[1]
    assert "life satisfaction" in told[2]
    assert "'conflct'" in told[3]


def test_a_file_of_another_kind_is_one_problem():
    (told,) = check_requirements(load_study("technoference"), "communication").problems
    assert "needs couples" in told


@pytest.mark.parametrize("key", [c.key for c in CLAIM_SETS if requirements(c.key).fewest_rows])
def test_fewer_rows_than_the_models_can_use_are_refused_by_both(key, tmp_path):
    claims = find_claims(key)
    needs = requirements(key)
    path = bundled_file(claims.study)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    short = tmp_path / "short.csv"
    short.write_text("".join(lines[: needs.fewest_rows]), encoding="utf-8")
    book = path.with_suffix(".toml").read_text(encoding="utf-8")
    study = load_study(short, codebook=book)
    assert check_requirements(study, key).problems
    with pytest.raises(IntimacyError):
        claims.examine(study, bootstrap=0)


def test_the_questionnaires_named_come_with_the_package():
    named = {
        name
        for entry in REQUIREMENTS
        for construct in entry.constructs
        for name in construct.questionnaires
    }
    assert named
    for name in named:
        key, _, score = name.partition(": ")
        found = questionnaire(key, items="item_{}")
        assert score in {scale.name for scale in found.scales} if score else len(found.scales) == 1


def test_the_guide_names_every_construct_of_claims_on_surveys_and_couples():
    rows = {
        line.split("`")[1]: line
        for line in GUIDE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    }
    for entry in REQUIREMENTS:
        if entry.file == "diary":
            continue
        row = rows[entry.key]
        assert ("(couples)" in row) == (entry.file == "couples")
        for construct in entry.constructs:
            parts = (
                (construct.name,) if f"`{construct.name}`" in row else construct.name.split("_", 1)
            )
            assert all(f"`{part}" in row for part in parts), construct.name
