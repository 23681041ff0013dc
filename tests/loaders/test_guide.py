from __future__ import annotations

import re
from pathlib import Path

import pytest

from intimacy_analysis.loaders import codebook
from intimacy_analysis.loaders.codebook import read_codebook
from intimacy_analysis.loaders.rows import ENDINGS
from intimacy_analysis.study.codebook import LEVELS, ROLES

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "your_own_data.md"


@pytest.fixture
def guide() -> str:
    return GUIDE.read_text(encoding="utf-8")


def test_the_example_of_the_guide_is_a_codebook(guide):
    (example,) = re.findall(r"```toml\n(.*?)```", guide, flags=re.DOTALL)
    book = read_codebook(example).codebook
    assert [v.role for v in book] == [
        "person", "date", "predictor", "stress", "outcome", "covariate",
    ]  # fmt: skip
    assert book["stress"].missing_codes == ((-99, "did not want to say"), (-98, "did not apply"))


def test_the_guide_names_every_key_role_level_and_ending(guide):
    keys = (*codebook._COLUMN_KEYS, *codebook._STUDY_KEYS, *codebook._SOURCE_KEYS, *ENDINGS)
    for word in (*keys, *ROLES):
        assert f"`{word}`" in guide or f"study.{word}]" in guide, word
    for level in LEVELS:
        assert f'`"{level}"`' in guide, level
