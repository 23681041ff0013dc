from __future__ import annotations

import re
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "reliability.md"


def test_every_block_of_the_guide_runs_as_written(capsys):
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 7
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)
    shown = capsys.readouterr().out
    assert "1 runs against the others: 'item4'" in shown
    assert shown.count("Parallel analysis of 5 items: 1 component") == 2
    assert "Below zero: partners are less alike than two strangers." in shown
    assert "R_C" in shown
    assert "omega within persons" in shown
