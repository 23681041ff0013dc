"""Print how closely the engine and R agree, as the Markdown tables of docs/parity.md.

python -m tests.parity.agreement
"""

from __future__ import annotations

import math

import numpy as np

from intimacy_analysis.mixed.fitting import fit_mixed_model
from tests.mixed.test_nist import nist_table
from tests.parity.cases import CASES, Case, frame_of, reference_of


def agreement(case: Case) -> dict[str, str]:
    """Return the largest disagreements of one reference fit."""
    theirs, result = reference_of(case), fit_mixed_model(case.spec, frame_of(case.frame))
    table = result.estimates
    variances = zip(theirs["vcov"]["rows"], np.diag(theirs["vcov"]["values"]), strict=True)
    errors = {row: math.sqrt(variance) for row, variance in variances}

    def ours(name: str, rows=table):
        return rows[case.our_name(name, table.names)]

    def worst_df(key: str, rows) -> float:
        found = theirs.get(key, {})
        return max((abs(ours(k, rows).df / v["df"] - 1) for k, v in found.items()), default=np.nan)

    kenward_roger = np.nan
    if "kenward_roger" in theirs:
        adjusted = result.with_inference(df_method="kenward-roger").estimates
        kenward_roger = worst_df("kenward_roger", adjusted)
    return {
        "fit": f"`{case.name}`",
        "-2 log-lik., ours minus R's": f"{-2 * result.log_likelihood - theirs['minus2ll']:+.0e}",
        "fixed effects, in SE": _short(
            max(abs(ours(k).value - v) / ours(k).std_error for k, v in theirs["fixef"].items())
        ),
        "standard errors, relative": _short(
            max(abs(ours(k).std_error / v - 1) for k, v in errors.items())
        ),
        "Satterthwaite df": _short(worst_df("satterthwaite", table)),
        "Kenward-Roger df": _short(kenward_roger),
        "state": result.state,
    }


def as_markdown(rows: list[dict[str, str]]) -> str:
    """Return rows as a Markdown table."""
    heads = list(rows[0])
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row[h] for h in heads)} |" for row in rows)])


def _short(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.0e}"


if __name__ == "__main__":
    print(as_markdown([agreement(case) for case in CASES]), end="\n\n")
    found = nist_table().astype(object).where(nist_table().notna(), "")
    print(as_markdown([{k: str(v) for k, v in row.items()} for row in found.to_dict("records")]))
