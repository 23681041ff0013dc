from __future__ import annotations

import re
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "matching.md"


def test_every_block_of_the_guide_runs_and_its_prose_is_true(capsys):
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 3
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)
    shown = capsys.readouterr().out
    assert "sum of absolute differences" in shown
    assert "no evidence of matching" in shown
    beyond, strangers = names["beyond"], names["strangers"]
    for role in ("wife", "husband"):
        # "Correlate clearly", "nothing of it is told from zero", "mostly a re-coded main effect".
        assert beyond.simple[f"r_mismatch_{role}"].high < -0.1
        low, high = beyond.estimates[f"mismatch_{role}"].interval
        assert low < 0 < high
        assert beyond.explained.loc[role, "shared"] > 0.5
        # "As large as in the real couples", and "it goes away".
        kept = strangers.baseline(role, "preference")
        assert kept.low < kept.observed < kept.high
        gone = strangers.baseline(role, "expression")
        assert abs(gone.mean) < 0.1
        assert gone.p_value < 0.05


def test_every_column_the_guide_names_is_there(capsys):
    text = GUIDE.read_text(encoding="utf-8")
    names: dict[str, object] = {}
    exec(re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)[0], names)
    named = re.findall(r"`((?:received|preference)_\w+_wife)`", text)
    assert len(named) == 9
    assert set(named) <= set(names["mismatch"].scores.columns)
