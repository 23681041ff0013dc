"""Which variable of a mediation model leads to which, and how the paths are labeled."""

from __future__ import annotations

from dataclasses import dataclass

from intimacy_analysis.dyadic.variable_names import MemberNames
from intimacy_analysis.errors import SpecError


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationPaths:
    """The variables of a mediation model in causal order, as the model assumes it.

    Attributes:
        names: The members.
        x: The predictor's stem.
        mediators: In an order in which every path goes forward.
        y: The outcome's stem.
        steps: Every arrow between two variables, by target.
        distinguishable: Whether the members' parameters may differ.
        couple_level: Columns of the couple that predict mediators and outcomes.
    """

    names: MemberNames
    x: str
    mediators: tuple[str, ...]
    y: str
    steps: tuple[MediationStep, ...]
    distinguishable: bool
    couple_level: tuple[str, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """Endings of labels, one a member whose outcome it is; one empty where they are alike."""
        return tuple(f"_{role}" for role in self.names.roles) if self.distinguishable else ("",)

    def label(self, step: MediationStep, kind: str, member: int) -> str:
        """Return the label of an "a" or "p" path that ends at a member's variable."""
        stem = step.actor if kind == "a" else step.partner
        return stem + (self.members[member] if self.distinguishable else "")

    def chains(self) -> list[tuple[MediationStep, ...]]:
        """Return every way from X to Y through at least one mediator, shortest first."""
        found: list[tuple[MediationStep, ...]] = []
        open_ends: list[tuple[MediationStep, ...]] = [
            (step,) for step in self.steps if step.source == self.x
        ]
        while open_ends:
            chain = open_ends.pop(0)
            if chain[-1].target == self.y:
                found += [chain] if len(chain) > 1 else []
                continue
            open_ends += [(*chain, step) for step in self.steps if step.source == chain[-1].target]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationStep:
    """An arrow between two variables of the couple, one own and one partner path a member."""

    source: str
    target: str
    actor: str
    partner: str


def mediators_in_order(
    mediators: tuple[str, ...], serial: tuple[tuple[str, str], ...]
) -> tuple[str, ...]:
    """Return the mediators so that every path among them goes forward.

    Args:
        mediators: Their stems.
        serial: Pairs (from, to) of them.

    Raises:
        SpecError: A pair that is none of mediators, or paths that go round in a circle.
    """
    odd = [pair for pair in serial if len(pair) != 2 or not set(pair) <= set(mediators)]
    if odd:
        raise SpecError(
            f"serial must hold pairs of mediators, (from, to), but {len(odd)} of {len(serial)} "
            f"is none; the first is {odd[0]!r}. The mediators are {', '.join(mediators)}."
        )
    left, ordered = list(mediators), []
    while left:
        ready = [m for m in left if not any(b == m and a in left for a, b in serial)]
        if not ready:
            raise SpecError(
                "paths among mediators must not go round in a circle, but those among "
                f"{', '.join(left)} do. Leave one pair out; for both directions at once see "
                "mutual_influence(...)."
            )
        ordered.append(ready[0])
        left.remove(ready[0])
    return tuple(ordered)


def mediation_steps(
    x: str,
    mediators: tuple[str, ...],
    y: str,
    serial: tuple[tuple[str, str], ...],
    *,
    direct: bool,
) -> tuple[MediationStep, ...]:
    """Return every arrow of the model: to mediators, among them, to the outcome, past them."""
    several = len(mediators) > 1
    steps = []
    for mediator in mediators:
        which = f"_{mediator}" if several else ""
        steps.append(
            MediationStep(source=x, target=mediator, actor=f"aa{which}", partner=f"ap{which}")
        )
    for source, target in dict.fromkeys(serial):
        which = f"_{source}_{target}"
        steps.append(
            MediationStep(source=source, target=target, actor=f"da{which}", partner=f"dp{which}")
        )
    for mediator in mediators:
        which = f"_{mediator}" if several else ""
        steps.append(
            MediationStep(source=mediator, target=y, actor=f"ba{which}", partner=f"bp{which}")
        )
    if direct:
        steps.append(MediationStep(source=x, target=y, actor="ca", partner="cp"))
    return tuple(steps)
