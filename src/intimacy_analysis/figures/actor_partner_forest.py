"""Actor and partner effects of both roles, beside values from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import pandas as pd
from matplotlib.axes import Axes

from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.role_forest import COLUMNS, draw_role_forest

if TYPE_CHECKING:
    from intimacy_analysis.estimates import EstimateTable
    from intimacy_analysis.paths.result import PathModelResult
    from intimacy_analysis.paths.spec import Meaning

KnownValue = tuple[str, float, float | None, float | None, str]
ELSEWHERE = "from elsewhere"
# First words of the kinds of effects that are one arrow from a member's predictor.
_KINDS = ("actor", "partner", "path", "direct")


def actor_partner_forest(
    results: PathModelResult | Mapping[str, PathModelResult],
    *,
    known: Sequence[KnownValue] = (),
    standardized: bool = False,
) -> pd.DataFrame:
    """Return actor and partner effects, one row an effect and model, grouped by role.

    Args:
        results: A fitted template, or several by name.
        known: Published or open-data values: words, value, lower and upper limit (None where
            not known) and evidence label. Words of an effect put the value beside that effect;
            other words make a row of their own.
        standardized: Whether the fully standardized effects are taken; only these may stand
            beside standardized values from elsewhere.

    Returns:
        Columns group (whose outcome), words, series (model or "from elsewhere"), value, low,
        high, unit, label, state ("ok" or "inadmissible") and source ("estimated" or "known").

    Raises:
        SpecError: No effects in a model's meanings (a text has none).
        FitError: A failed fit.
    """
    models = results if isinstance(results, Mapping) else {"estimated" if known else "": results}
    rows: list[tuple[object, ...]] = []
    for name, result in models.items():
        meanings = [m for m in result.spec.meanings if m.kind.split(" ")[0].strip(",") in _KINDS]
        if not meanings:
            raise SpecError(
                "a forest of actor and partner effects needs a template that names them, but the "
                f"model {name!r} names none. Fit a template such as actor_partner(...)."
            )
        rows += _rows(name, result, meanings, standardized=standardized)
    estimated = pd.DataFrame(rows, columns=list(COLUMNS))
    units = list(dict.fromkeys(estimated["unit"]))
    unit = units[0] if len(units) == 1 else "as published"
    group_of = dict(zip(estimated["words"], estimated["group"], strict=True))
    unit_of = dict(zip(estimated["words"], estimated["unit"], strict=True))
    others = [
        (
            group_of.get(words, ELSEWHERE.capitalize()), words, ELSEWHERE, value,
            float("nan") if low is None else low, float("nan") if high is None else high,
            unit_of.get(words, unit), label, "ok", "known",
        )
        for words, value, low, high, label in known
    ]  # fmt: skip
    both = pd.DataFrame([*rows, *others], columns=list(COLUMNS))
    order = {group: place for place, group in enumerate(dict.fromkeys(both["group"]))}
    return both.sort_values("group", key=lambda g: g.map(order), kind="stable", ignore_index=True)


def draw_actor_partner_forest(
    effects: pd.DataFrame,
    *,
    ax: Axes | None = None,
    width: Literal["single", "double"] = "double",
    note: str = "",
) -> Axes:
    """Draw the rows of `actor_partner_forest`; values from elsewhere are diamonds.

    Args:
        effects: As `actor_partner_forest` gives them.
        ax: Axes to draw on; None for a new figure.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm).
        note: Written under the figure, e.g. the kind of data.
    """
    return draw_role_forest(effects, ax=ax, width=width, note=note)


def _rows(
    name: str, result: PathModelResult, meanings: Sequence[Meaning], *, standardized: bool
) -> list[tuple[object, ...]]:
    table: EstimateTable | None = result.standardized("all") if standardized else None
    rows: list[tuple[object, ...]] = []
    for meaning in meanings:
        row = result.estimate(meaning.label)
        unit = row.unit or "unstandardized effect"
        if table is not None:
            row, unit = table[result.row_name(meaning.label)], "standardized effect"
        group = f"Outcome of the {meaning.role}" if meaning.role else ""
        rows.append(
            (
                group, meaning.words.replace("_", " "), name, row.value, row.low, row.high, unit,
                "", result.state, "estimated",
            )
        )  # fmt: skip
    return rows
