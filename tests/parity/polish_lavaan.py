"""Where lavaan's search stopped short, let lavaan take Newton steps from its own answer.

python -m tests.parity.polish_lavaan     (needs R; writes references/paths/polished.json)

The file holds only the numbers that lie outside the tolerances as lavaan first printed them.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

from tests.parity.lavaan_agreement import Comparison, compare_fit, comparisons
from tests.parity.lavaan_bridge import ask_lavaan
from tests.parity.lavaan_cases import CASES, LavaanCase, fitted, frame_of

POLISHED = Path(__file__).with_name("references") / "paths" / "polished.json"


@cache
def polished() -> dict[str, Any]:
    """Return the polished numbers: by case, then by `key_of` of the comparison."""
    found: dict[str, Any] = json.loads(POLISHED.read_text(encoding="utf-8"))["fits"]
    return found


def key_of(comparison: Comparison) -> str:
    """Return the key of a number in the file."""
    return f"{comparison.kind}: {comparison.quantity}"


def ask_for_polished(cases: list[LavaanCase]) -> dict[str, Any]:
    """Return lavaan's versions and, for each case, every polished number by its key."""
    jobs = [
        {
            "name": case.name,
            "text": case.text,
            "data": case.frame,
            "missing": "fiml" if case.fiml else "listwise",
            "estimator": case.estimator,
            "fixed_x": case.fixed_x,
            "means": case.means,
            "tight": True,
            **({"group": case.groups} if case.groups else {}),
            **({"group_equal": list(case.group_equal)} if case.group_equal else {}),
        }
        for case in cases
    ]
    answer = ask_lavaan(jobs, {case.frame: frame_of(case.frame) for case in cases})
    fits: dict[str, Any] = {}
    for case in cases:
        rows = frame_of(case.frame)
        groups = tuple(str(g) for g in rows[case.groups].unique()) if case.groups else ()
        found = compare_fit(answer["fits"][case.name], fitted(case.name), groups)
        fits[case.name] = {key_of(one): one.theirs for one in found}
    return {"versions": answer["versions"], "fits": fits}


def _apart(one: Comparison) -> bool:
    # A number that we do not have at all is no matter of how far a search went.
    return not one.agrees and math.isfinite(one.ours)


def main() -> None:
    """Write the file anew."""
    apart = {
        case.name: [key_of(one) for one in comparisons(case) if _apart(one)]
        for case in CASES.values()
    }
    cases = [CASES[name] for name, keys in apart.items() if keys]
    answer = ask_for_polished(cases)
    text = json.dumps(
        {
            "versions": answer["versions"],
            "script": "scripts/lavaan_jobs.R",
            "fits": {
                case.name: {key: answer["fits"][case.name][key] for key in apart[case.name]}
                for case in cases
            },
        },
        indent=1,
    )
    POLISHED.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
