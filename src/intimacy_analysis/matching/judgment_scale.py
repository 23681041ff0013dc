"""Judgments and the reports they are compared with must be on one scale."""

from __future__ import annotations

from collections.abc import Sequence

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import Codebook

_UNSTATED = (
    "A directional bias is a difference of judgment and report, so both must be answered on one "
    "scale; no codebook states it here."
)


def check_judgment_scale(
    codebook: Codebook | None, columns: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """Return the common unit and what must be noted, or refuse scales that differ.

    Args:
        codebook: What the columns mean; None where nothing is known.
        columns: Judgments and reports.

    Raises:
        DataError: Ranges or units that are stated and differ.
    """
    if codebook is None:
        return "", (_UNSTATED,)
    scales = [
        (column, (variable.minimum, variable.maximum), variable.unit)
        for column, variable in ((name, codebook[name]) for name in columns)
    ]
    for at in (1, 2):
        stated = [scale for scale in scales if scale[at] not in ((None, None), "")]
        odd = [scale for scale in stated if scale[at] != stated[0][at]]
        if odd:
            first = stated[0]
            raise DataError(
                "judgments and reports must be answered on one scale, or their difference is no "
                f"bias, but {len(odd)} of {len(scales)} columns have another "
                f"{'range' if at == 1 else 'unit'} than {first[0]!r} ({_shown(first[at])}); the "
                f"first is {odd[0][0]!r} ({_shown(odd[0][at])}). Bring both to one response "
                "format, or correct the codebook."
            )
    unit = next((scale[2] for scale in scales if scale[2]), "")
    bounded = all(scale[1] != (None, None) for scale in scales)
    return unit, () if bounded or all(scale[2] for scale in scales) else (_UNSTATED,)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        low, high = ("any" if bound is None else f"{bound:g}" for bound in value)
        return f"{low} to {high}"
    return str(value)
