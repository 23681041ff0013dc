"""Which item breaks an equality: a score test for each, corrected for their number."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from intimacy_analysis.dyadic.couple_columns import CoupleData
from intimacy_analysis.dyadic.factor_fit import fit_factor_model
from intimacy_analysis.dyadic.item_columns import ItemColumns
from intimacy_analysis.dyadic.measurement import ITEM_LEVELS, Level
from intimacy_analysis.numerics.holm import holm_adjusted
from intimacy_analysis.paths.result import Missing, PathModelResult

_LETTERS = {"loadings": "l", "intercepts": "i", "residuals": "r"}
_COLUMNS = ["item", "index", "p_value", "holm_p"]


def item_tests(
    data: CoupleData,
    columns: ItemColumns,
    name: str,
    level: Level,
    freed: Mapping[str, Collection[str]],
    *,
    fitted: PathModelResult | None = None,
    missing: Missing | None = None,
) -> pd.DataFrame:
    """Return what the chi-square would lose if an item's equality were given up, largest first.

    Columns: item, index (chi-square with 1 df), p_value, holm_p (Holm, over the items of this
    level). The factors' unit is taken from the first member's variance, not from a marker item:
    a marker has no loading to test, and if it is the item that differs, the others are blamed.

    Args:
        data: The couples.
        columns: The items.
        name: Of the latent variable.
        level: The level whose equalities are tested; a level that adds none gives no rows.
        freed: Items that may differ, by level; they are not tested.
        fitted: The fit of this level with scale "fixed factor", where there is one.
        missing: As in `invariance_ladder`.

    Source:
        docs/maths/path_model.md, eq. 15; Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    if level not in ITEM_LEVELS or (len(columns.items) == 2 and level == "loadings"):
        return pd.DataFrame(columns=_COLUMNS)
    result = fitted or fit_factor_model(
        data, columns, name, level, freed, scale="fixed factor", missing=missing
    )
    if result.state == "failed":
        return pd.DataFrame(columns=_COLUMNS)
    by_label = {f"{_LETTERS[level]}_{item}": item for item in columns.items}
    tests = result.score_tests()
    labels = tests["equality"].str.split(":").str[0]
    held = tests.assign(item=labels.map(by_label)).dropna(subset="item")
    # Letting the one member's parameter go, or the other's, is the same model.
    once = held.drop_duplicates("item").reset_index(drop=True)
    return once.assign(holm_p=holm_adjusted(once["p_value"].tolist()))[_COLUMNS]
