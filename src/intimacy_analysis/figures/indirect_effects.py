"""All indirect effects of a mediation model with their intervals, grouped by outcome role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import pandas as pd
from matplotlib.axes import Axes

from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.role_forest import COLUMNS, draw_role_forest

if TYPE_CHECKING:
    from intimacy_analysis.paths.result import PathModelResult
    from intimacy_analysis.paths.spec import Meaning

# In the order in which they are shown.
_KINDS = ("indirect", "sum of a way", "sum", "total")
# With more single ways to one outcome than this their sums by mediator are shown instead.
_MOST_WAYS = 10


def indirect_effects(
    results: PathModelResult | Mapping[str, PathModelResult],
    *,
    kinds: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return indirect and total effects, one row an effect and model, grouped by role.

    The intervals are those of the fit: bootstrap intervals where it was made with
    `standard_errors="bootstrap"`, and only those follow the skewed distribution of a product.

    Args:
        results: A fitted mediation template, or several by name.
        kinds: Kinds to show: "indirect" (single ways), "sum of a way" (through a mediator),
            "sum", "total". None for all but sums of ways, or, where an outcome is reached in more
            than ten single ways, for all but those.

    Returns:
        Columns group (whose outcome), words, series (model), value, low, high, unit, label (""),
        state, source ("estimated").

    Raises:
        SpecError: A model without such effects, or a kind that is none.
        FitError: A failed fit.
    """
    models = results if isinstance(results, Mapping) else {"": results}
    unknown = [kind for kind in kinds or () if kind not in _KINDS]
    if unknown:
        raise SpecError(
            f"`kinds` must be of {', '.join(map(repr, _KINDS))}, but {unknown[0]!r} is none. "
            "Leave it out for the usual ones."
        )
    rows: list[tuple[object, ...]] = []
    for name, result in models.items():
        found = [m for m in result.spec.meanings if _kind(m) in (kinds or _usual(result))]
        if not found:
            raise SpecError(
                f"a figure of indirect effects needs a model that defines them, but {name!r} "
                "defines none. Fit a template such as actor_partner_mediation(...)."
            )
        for meaning in found:
            row = result.estimate(meaning.label)
            rows.append(
                (
                    f"Outcome of the {meaning.role}" if meaning.role else "",
                    meaning.words.removeprefix("indirect: ").replace("_", " "), name, row.value,
                    row.low, row.high, row.unit or "unstandardized effect", "", result.state,
                    "estimated", _KINDS.index(_kind(meaning)),
                )
            )  # fmt: skip
    effects = pd.DataFrame(rows, columns=[*COLUMNS, "rank"])
    order = {group: place for place, group in enumerate(dict.fromkeys(effects["group"]))}
    effects["place"] = effects["group"].map(order)
    effects = effects.sort_values(["place", "rank"], kind="stable", ignore_index=True)
    return effects[list(COLUMNS)]


def draw_indirect_effects(
    effects: pd.DataFrame,
    *,
    ax: Axes | None = None,
    width: Literal["single", "double"] = "double",
    note: str = "",
) -> Axes:
    """Draw the rows of `indirect_effects`.

    Args:
        effects: As `indirect_effects` gives them.
        ax: Axes to draw on; None for a new figure.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm).
        note: Written under the figure, e.g. the kind of data and how intervals were made.
    """
    return draw_role_forest(effects, ax=ax, width=width, note=note)


def _kind(meaning: Meaning) -> str:
    return meaning.kind.partition(",")[0]


def _usual(result: PathModelResult) -> tuple[str, ...]:
    ways = Counter(m.role for m in result.spec.meanings if _kind(m) == "indirect")
    left_out = "indirect" if max(ways.values(), default=0) > _MOST_WAYS else "sum of a way"
    return tuple(kind for kind in _KINDS if kind != left_out)
