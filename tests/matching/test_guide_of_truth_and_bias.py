from __future__ import annotations

import re
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "truth_and_bias.md"


def test_every_block_of_the_guide_runs_as_written(capsys):
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 3
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)
    shown = capsys.readouterr().out
    assert "The wife's judgment lies below the husband's own report" in shown
    assert "The husband's judgment also resembles the husband's own report" in shown
    assert "All at once: chi-square(3)" in shown
    assert "accuracy_within_wife" in shown
    assert "sd_accuracy_husband" in shown
    assert "From day to day, in the average person: the outcome of the wife agrees with" in shown


def test_the_guides_table_names_the_rows_there_are():
    names: dict[str, object] = {}
    text = GUIDE.read_text(encoding="utf-8")
    exec(re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)[0], names)
    found = names["found"]
    rows = set(re.findall(r"^\| `(\w+_wife)` \|", text, flags=re.MULTILINE))
    held = (*found.forces.names, *found.parts.names)
    assert rows == {name for name in held if name.endswith("_wife")}
