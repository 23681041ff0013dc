"""A scale: which items make a score, and how."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from intimacy_analysis.errors import DataError

ScoreMethod = Literal["mean", "sum"]
METHODS: tuple[ScoreMethod, ...] = ("mean", "sum")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A questionnaire's key: items and arithmetic, never wording.

    Attributes:
        name: Name of the score.
        items: Columns, or stems of columns of both members, in order.
        reversed: Items that are scored from the other end.
        minimum: Lowest answer of an item.
        maximum: Highest answer of an item.
        method: "mean" of the answered items, or their "sum" (the mean times the number of items).
        least_answered: Least share of items a person must have answered to get a score.
        multiplier: What the mean or sum is multiplied by at the end, e.g. 4 of the PAIR.
        label: What the score measures, in a reader's words.
        unit: Unit of the score.
        basis: How well the key is known ("[source read: X1]", "[recalled, hi]", ...); "" for own.
        source: Publication the key is from; "" for own.
        ranges: Items with a range of their own, each as (item, lowest, highest); sums only.
        rescaled_to: Ends that the lowest and the highest score are brought to at last, e.g.
            (0, 100) for a percentage of what is possible; None to leave scores as they are.
    """

    name: str
    items: tuple[str, ...]
    reversed: tuple[str, ...] = ()
    minimum: float
    maximum: float
    method: ScoreMethod = "mean"
    least_answered: float = 0.5
    multiplier: float = 1.0
    label: str = ""
    unit: str = "points"
    basis: str = ""
    source: str = ""
    ranges: tuple[tuple[str, float, float], ...] = ()
    rescaled_to: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not self.items:
            raise DataError(f"a scale must have items, but {self.name!r} has none.")
        twice = sorted({item for item in self.items if self.items.count(item) > 1})
        if twice:
            raise DataError(
                f"an item may stand once in a scale, but {twice[0]!r} stands "
                f"{self.items.count(twice[0])} times in {self.name!r}. Keep one."
            )
        foreign = [item for item in self.reversed if item not in self.items]
        if foreign:
            raise DataError(
                f"reversed items must be items of the scale {self.name!r}, but {len(foreign)} of "
                f"{len(self.reversed)} are not; the first is {foreign[0]!r}."
            )
        finite = math.isfinite(self.minimum) and math.isfinite(self.maximum)
        if not (finite and self.minimum < self.maximum):
            raise DataError(
                f"the range of {self.name!r} must run from the lowest to the highest answer of an "
                f"item, but is {self.minimum:g} to {self.maximum:g}. Reversed items are turned "
                "round by it: give both ends."
            )
        if self.method not in METHODS:
            raise DataError(
                f"the method of {self.name!r} must be 'mean' or 'sum', but is {self.method!r}."
            )
        if not (math.isfinite(self.multiplier) and self.multiplier > 0):
            raise DataError(
                f"the multiplier of {self.name!r} must be a number above 0, but is "
                f"{self.multiplier:g}. Turn a score round by reversing its items."
            )
        if not 0 < self.least_answered <= 1:
            raise DataError(
                f"least_answered of {self.name!r} must be a share above 0 and at most 1, but is "
                f"{self.least_answered:g}. Write 0.5 for half of the items."
            )
        self._check_own_ranges()
        ends = self.rescaled_to
        if ends is not None and not (all(map(math.isfinite, ends)) and ends[0] < ends[1]):
            raise DataError(
                f"{self.name!r} must be rescaled to a lowest and a higher highest score, but "
                f"rescaled_to is {ends[0]:g} to {ends[1]:g}. Write (0, 100) for percentages."
            )

    def _check_own_ranges(self) -> None:
        named = [item for item, _, _ in self.ranges]
        foreign = [item for item in named if item not in self.items]
        if foreign:
            raise DataError(
                f"a range must be of an item of the scale {self.name!r}, but {len(foreign)} of "
                f"{len(named)} are not; the first is {foreign[0]!r}."
            )
        for at, (item, low, high) in enumerate(self.ranges):
            if item in named[:at]:
                raise DataError(
                    f"an item of {self.name!r} may have one range, but {item!r} has "
                    f"{named.count(item)}. Keep one."
                )
            if not (math.isfinite(low) and math.isfinite(high) and low < high):
                raise DataError(
                    f"the range of {item!r} in {self.name!r} must run from its lowest to its "
                    f"highest answer, but is {low:g} to {high:g}. Give both ends."
                )
        if self.method == "mean" and len({self.ends(item) for item in self.items}) > 1:
            raise DataError(
                f"a mean must be of items on one range, but {len(self.ranges)} of "
                f"{len(self.items)} items of {self.name!r} have one of their own: the longer range "
                'would weigh more. Write method = "sum", or bring the items to one range.'
            )

    def ends(self, item: str) -> tuple[float, float]:
        """Return the lowest and the highest answer of an item.

        Args:
            item: An item of the scale, as its key calls it.
        """
        for name, low, high in self.ranges:
            if name == item:
                return low, high
        return self.minimum, self.maximum

    @property
    def raw_range(self) -> tuple[float, float]:
        """Lowest and highest score before it is rescaled."""
        if self.method == "mean":
            low, high = self.ends(self.items[0])
        else:
            ends = [self.ends(item) for item in self.items]
            low, high = sum(end[0] for end in ends), sum(end[1] for end in ends)
        return low * self.multiplier, high * self.multiplier

    @property
    def score_range(self) -> tuple[float, float]:
        """Lowest and highest score."""
        return self.raw_range if self.rescaled_to is None else self.rescaled_to
