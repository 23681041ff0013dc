"""An effect of one study, on the scale on which effects are combined."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from intimacy_analysis.errors import SpecError

# Where an effect comes from; synthetic ones are never pooled with others in silence.
EffectKind = Literal["published summary", "original", "synthetic"]
KINDS: tuple[EffectKind, ...] = ("published summary", "original", "synthetic")
Scale = Literal["correlation", "as given"]
_FEWEST_ROWS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyEffect:
    """An effect of one sample.

    Attributes:
        name: The study.
        value: The effect where it is combined: Fisher's z of a correlation, else as given.
        std_error: Its standard error there.
        scale: "correlation" where `value` is Fisher's z, else "as given".
        unit: Unit of the effect as it is shown.
        kind: "published summary", "original" or "synthetic".
        label: How well it is known, e.g. "[abstract/secondary: F9]"; empty for own data.
        sample: Whose answers it rests on; the study's name where empty. Effects of one sample are
            not independent.
    """

    name: str
    value: float
    std_error: float
    kind: EffectKind
    scale: Scale = "as given"
    unit: str = ""
    label: str = ""
    sample: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            shown = ", ".join(map(repr, KINDS))
            raise SpecError(f"the kind of an effect must be one of {shown}, got {self.kind!r}.")
        if not (math.isfinite(self.value) and math.isfinite(self.std_error) and self.std_error > 0):
            raise SpecError(
                "an effect must have a finite value and a standard error above zero, but that of "
                f"{self.name!r} is {self.value!r} with {self.std_error!r}. Leave a study out whose "
                "error is not known."
            )
        if not self.name:
            raise SpecError("every effect must name its study, but one has no name. Name it.")

    def shown(self, value: float) -> float:
        """Return a value of this scale as a reader sees it."""
        return math.tanh(value) if self.scale == "correlation" else value


def correlation_effect(
    name: str, r: float, n: int, *, kind: EffectKind, label: str = "", sample: str = ""
) -> StudyEffect:
    """Return a correlation as an effect: Fisher's z with the standard error 1 / root(n - 3).

    Args:
        name: The study.
        r: Pearson correlation, inside -1 to 1.
        n: Independent persons or couples behind it, 4 or more.
        kind: "published summary", "original" or "synthetic".
        label: How well it is known.
        sample: Whose answers it rests on, where two effects share them.

    Raises:
        SpecError: Numbers that cannot be.

    Source:
        Fisher (1921), Metron 1, 3-32.
    """
    if not -1 < r < 1:
        raise SpecError(
            f"a correlation must lie between -1 and 1, but that of {name!r} is {r!r}. Correct it."
        )
    if isinstance(n, bool) or not isinstance(n, int) or n < _FEWEST_ROWS:
        raise SpecError(
            f"a correlation needs {_FEWEST_ROWS} persons or more, but {name!r} has {n!r}. Give the "
            "number behind this correlation."
        )
    return StudyEffect(
        name=name,
        value=math.atanh(r),
        std_error=1 / math.sqrt(n - 3),
        scale="correlation",
        unit="correlation",
        kind=kind,
        label=label,
        sample=sample,
    )
