from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from intimacy_analysis.loaders import codebook
from intimacy_analysis.loaders.couples_layout import COUPLES_KEYS, LAYOUTS
from intimacy_analysis.loaders.study import load_study

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "couples_files.md"
WIDE = "CoupleID,Yearsmar,Sat_w,Sat_h\n4,2,5,-99\n9,11,3,7\n"
LONG = "CoupleID,gender,Yearsmar,Satisfaction\n4,2,2,\n4,1,2,5\n9,1,11,3\n9,2,11,7\n"


@pytest.fixture
def guide() -> str:
    return GUIDE.read_text(encoding="utf-8")


@pytest.fixture
def books(guide) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", guide, flags=re.DOTALL)


def test_both_codebooks_of_the_guide_read_the_same_couples(books, tmp_path):
    frames = []
    for name, text, book in zip(("wide", "long"), (WIDE, LONG), books, strict=True):
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        frames.append(load_study(path, codebook=book).couples.rows)
    pd.testing.assert_frame_equal(frames[0], frames[1])
    assert frames[0]["satisfaction_husband"].tolist()[1] == 7


def test_the_python_of_the_guide_runs(guide, books, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("my_couples.csv").write_text(WIDE, encoding="utf-8")
    Path("my_couples.toml").write_text(books[0], encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", guide, flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, str(GUIDE), "exec"), names)
    pd.testing.assert_frame_equal(names["again"].rows, names["couples"].rows)
    assert names["again"].codebook == names["couples"].codebook


def test_the_guide_names_every_key_layout_and_role(guide):
    roles = {role for held in codebook._COUPLES_ROLES.values() for role in held}
    for word in (*COUPLES_KEYS, *roles):
        assert f"`{word}`" in guide, word
    for layout in (*LAYOUTS, *codebook._COUPLES_LEVELS):
        assert f'`"{layout}"`' in guide, layout


def test_the_guide_quotes_messages_as_they_are(guide):
    sources = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("study", "loaders")
        for path in (GUIDE.parents[2] / "src" / "intimacy_analysis" / folder).glob("*.py")
    )
    told = re.sub(r'"\s*\n\s*f?"', "", sources)
    messages = re.findall(r"^\| \*(?:… )?(.*?)\* \|", guide, flags=re.MULTILINE)
    assert len(messages) == 9
    for message in messages:
        words = message.replace("'wife' or 'husband'", "{roles[0]!r} or {roles[1]!r}")
        words = words.replace("of one couple", "of one {holder}")
        assert words in told, message
