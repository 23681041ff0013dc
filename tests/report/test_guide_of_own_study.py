"""The guide to a study of one's own: its files are read, its commands run, its output is given."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from intimacy_analysis import load_study, score_scale
from intimacy_analysis.claims.registry import claim_keys
from intimacy_analysis.cli import main
from intimacy_analysis.report import study_file

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guides" / "your_own_study.md"


@pytest.fixture(scope="module")
def guide() -> str:
    return GUIDE.read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def own_survey(path: Path) -> None:
    study = load_study("affection_deprivation")
    survey, _ = score_scale(study.survey, study.scales[0])
    rows = survey.rows[["respondent", "affection_deprivation", "satisfaction", "closeness"]]
    rows.set_axis(["ID", "dep_mean", "sat_mean", "IOS"], axis=1).fillna(-99).to_csv(
        path, index=False
    )


def test_the_guide_runs_from_start_to_end(guide, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    start, *others = [shlex.split(block)[1:] for block in blocks(guide, "shell")]
    study, book = blocks(guide, "toml")

    def said(arguments: list[str]) -> str:
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        told = capsys.readouterr()
        assert not stop.value.code, told.err
        return told.out

    said(start)
    folder = tmp_path / "my_study"
    assert {"survey_codebook.toml", "couples_codebook.toml"} < {p.name for p in folder.iterdir()}
    (folder / "study.toml").write_text(study, encoding="utf-8")
    # No mark for missing is in the guide but that of closeness.
    (folder / "survey_codebook.toml").write_text(
        re.sub(r"(range = .*)\n\n", r"\1\nmissing = [-99]\n\n", book),
        encoding="utf-8",
    )
    own_survey(folder / "survey.csv")
    check, *rest = others
    assert blocks(guide, "text")[0] in said(check)
    for command in rest:
        said(command)
    (code,) = blocks(guide, "python")
    exec(compile(code, str(GUIDE), "exec"), {})
    assert capsys.readouterr().out.endswith("affection-deprivation survey.csv\n")


def test_the_guide_and_the_readme_name_every_key(guide):
    for key in (*study_file._CLAIM_KEYS, *study_file._SETTINGS):
        assert f"`{key}`" in guide, key
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "intimacy-analysis new-study" in readme
    assert "docs/guides/your_own_study.md" in readme


def test_the_templates_of_all_claims_are_named_by_the_command(capsys, tmp_path):
    with pytest.raises(SystemExit):
        main(["new-study", "--out", str(tmp_path / "all")])
    text = (tmp_path / "all" / "study.toml").read_text(encoding="utf-8")
    assert re.findall(r"^\[claims\.(.*)\]$", text, flags=re.MULTILINE) == list(claim_keys())
