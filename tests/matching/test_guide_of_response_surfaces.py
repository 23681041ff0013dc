from __future__ import annotations

import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

mpl.use("agg")
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "response_surfaces.md"


def test_every_block_of_the_guide_runs_and_its_prose_is_true(capsys):
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 3
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)
    assert "AICc" in capsys.readouterr().out
    surface, tests = names["surface"], names["tests"]
    assert surface.parameters["a4_wife"].high < 0
    assert "agrees with" in tests["wife"].words()
    # "For the husband's it does not."
    assert tests["husband"].verdict == "none"
    assert surface.equality_across_roles().p_value < 0.001
    assert "percentile" in str(surface.parameters)
    plt.close(names["axes"].figure)
