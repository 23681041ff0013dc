from __future__ import annotations

import re
from pathlib import Path

import matplotlib.pyplot as plt

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "regression.md"


def test_every_block_of_the_guide_runs_as_written(capsys):
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 3
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)
    plt.close("all")
    shown = capsys.readouterr().out
    assert "HC3" in shown
    assert "below zero" in shown
    assert "nothing on any couple" in shown


def test_what_the_guides_table_names_is_there():
    text = GUIDE.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(blocks[0], names)
    exec("from intimacy_analysis import regression_r_squared, standardize_regression", names)
    names["new_rows"] = names["survey"].rows
    calls = re.findall(r"^\| [^|]+ \| `([^`]+)` \|$", text, flags=re.MULTILINE)
    assert len(calls) == 5
    for call in calls:
        assert eval(call, names) is not None
