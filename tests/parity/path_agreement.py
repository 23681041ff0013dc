"""Print how closely path models and lavaan agree, as the Markdown tables of docs/parity.md.

python -m tests.parity.path_agreement
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from tests.parity.couples_jobs import JOBS, frozen
from tests.parity.lavaan_agreement import Comparison, comparisons
from tests.parity.lavaan_cases import CASES
from tests.parity.polish_lavaan import key_of, polished
from tests.parity.test_couples_paths import COMPARED, comparisons_of

KINDS = ("estimates", "standard errors", "standardized", "fit")
HEADS = ("fits", "numbers", "polished", "estimates", "standard errors", "standardized", "indices")


def reference_rows() -> dict[str, list[str]]:
    """Return the largest distances of the reference folder's fits, series of fits in one row."""
    series: dict[str, list[str]] = {}
    for case in CASES.values():
        series.setdefault(f"{case.file}.{case.path[0]}", []).append(case.name)
    return {
        name: _row(
            [one for member in members for one in comparisons(CASES[member])],
            {
                (member, key): value
                for member in members
                for key, value in polished().get(member, {}).items()
            },
            len(members),
        )
        for name, members in series.items()
    }


def own_rows() -> dict[str, list[str]]:
    """Return the largest distances of the project's own jobs."""
    return {name: _row(comparisons_of(name, frozen()["fits"][name]), {}, 1) for name in COMPARED}


def as_markdown(rows: Mapping[str, Iterable[str]]) -> str:
    """Return rows as a Markdown table."""
    lines = [f"| model | {' | '.join(HEADS)} |", f"|{'---|' * (len(HEADS) + 1)}"]
    return "\n".join([*lines, *(f"| `{k}` | {' | '.join(row)} |" for k, row in rows.items())])


def _row(
    found: list[Comparison], better: Mapping[tuple[str, str], float], n_fits: int
) -> list[str]:
    replaced = {key for _, key in better}
    cells = [str(n_fits), str(len(found)), str(len(better)) if better else ""]
    for kind in KINDS:
        # Numbers that lavaan polished are held to 1e-6 beside the polished value instead.
        held = [
            x for x in found if x.kind == kind and not (x.agrees is False and key_of(x) in replaced)
        ]
        worst = max((one.distance for one in held), default=math.nan)
        cells.append("" if math.isnan(worst) else f"{worst:.0e}")
    return cells


if __name__ == "__main__":
    assert set(COMPARED) <= set(JOBS)
    print(as_markdown(reference_rows()), end="\n\n")
    print(as_markdown(own_rows()))
