"""Published questionnaires as keys: which item counts where, and how; never what it asks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from intimacy_analysis.errors import SpecError
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.scale import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """A questionnaire's key: its scores, and where the key comes from.

    Attributes:
        name: What `questionnaire` calls it.
        title: Full name.
        source: Publication of the questionnaire.
        basis: How well the key is known, as a label ("[source read: B2]", "[recalled, hi]", ...).
        scales: One a score, with the columns of its items.
        notes: What a user must check or know.
    """

    name: str
    title: str
    source: str
    basis: str
    scales: tuple[Scale, ...]
    notes: tuple[str, ...] = ()

    def __getitem__(self, score: str) -> Scale:
        for scale in self.scales:
            if scale.name == score:
                return scale
        known = [scale.name for scale in self.scales]
        raise SpecError(f"{self.name} has no score {score!r}. {near_names(score, known)}")

    @property
    def items(self) -> tuple[str, ...]:
        """Columns of all items, each once, in the order of the scores."""
        return tuple(dict.fromkeys(item for scale in self.scales for item in scale.items))

    def __str__(self) -> str:
        lines = [f"{self.title}. {self.source} How well the key is known: {self.basis}."]
        for scale in self.scales:
            low, high = scale.score_range
            own = "".join(f", {item} {a:g} to {b:g}" for item, a, b in scale.ranges)
            turned = f"; reversed {', '.join(scale.reversed)}" if scale.reversed else ""
            lines.append(
                f"{scale.name}: {scale.method} of {', '.join(scale.items)} "
                f"({scale.minimum:g} to {scale.maximum:g}{own}){turned}; score {low:g} to {high:g}"
            )
        return "\n".join([*lines, *self.notes])


def questionnaire_names() -> tuple[str, ...]:
    """Return the names that `questionnaire` knows."""
    return tuple(_keys())


def questionnaire(
    name: str,
    *,
    items: str | Sequence[str] = "",
    scores: str = "{}",
    reversed_items: Sequence[int] | None = None,
    least_answered: float = 0.5,
) -> Questionnaire:
    """Return the key of a published questionnaire for the columns of a file.

    Keys and arithmetic only: no item's wording comes with the package. A key that rests on memory
    says so in its `basis`, and in the report of every score.

    Args:
        name: One of `questionnaire_names()`.
        items: How the columns are called: a pattern with one "{}" for the item's number
            ("pair_now_{}"), or all columns in the order of the questionnaire. "" for the
            questionnaire's name, an underscore and the number.
        scores: How the scores shall be called: a pattern with one "{}" for the score's own name
            ("perceived_{}").
        reversed_items: Numbers of the items that are scored from the other end, in place of the
            key's own.
        least_answered: Least share of a score's items that must be answered.

    Raises:
        SpecError: An unknown name (with the nearest), patterns without "{}", a wrong number of
            columns, or reversed items that are none of the questionnaire's.
    """
    keys = _keys()
    if name not in keys:
        raise SpecError(
            f"a questionnaire must be one of {len(keys)} known ones, but {name!r} is not. "
            f"{near_names(name, list(keys))} Write a key of your own as a Scale."
        )
    key = keys[name]
    columns = _columns(name, items or f"{name}_{{}}", int(key["n_items"]))
    if scores.count("{}") != 1:
        raise SpecError(
            f"scores must be a pattern with one {{}} for the score's own name, got {scores!r}. "
            'Write "{}" for the names as they are, or "perceived_{}".'
        )
    turned = _turned(name, key, reversed_items)
    low, high = (float(end) for end in key["range"])
    return Questionnaire(
        name=name,
        title=key["title"],
        source=key["source"],
        basis=key["basis"],
        scales=tuple(
            Scale(
                name=scores.replace("{}", score),
                items=tuple(columns[number] for number in entry["items"]),
                reversed=tuple(columns[n] for n in entry["items"] if n in turned[score]),
                minimum=low,
                maximum=high,
                method=key.get("method", "mean"),
                multiplier=float(key.get("multiplier", 1)),
                least_answered=least_answered,
                label=entry["label"],
                basis=key["basis"],
                source=key["source"],
                ranges=tuple(
                    (columns[int(number)], float(ends[0]), float(ends[1]))
                    for number, ends in entry.get("ranges", {}).items()
                ),
            )
            for score, entry in key["scores"].items()
        ),
        notes=tuple(key.get("notes", ())),
    )


@lru_cache(maxsize=1)
def _keys() -> dict[str, dict[str, Any]]:
    folder = files("intimacy_analysis.scales") / "keys"
    found = {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }
    return dict(sorted(found.items()))


def _columns(name: str, items: str | Sequence[str], n_items: int) -> dict[int, str]:
    """Return number of an item to its column."""
    if isinstance(items, str):
        if items.count("{}") != 1:
            raise SpecError(
                f"items must be a pattern with one {{}} for the item's number, got {items!r}. "
                f'Write "{name}_{{}}" for columns {name}_1 to {name}_{n_items}, or list them.'
            )
        return {number: items.replace("{}", str(number)) for number in range(1, n_items + 1)}
    named = list(items)
    if len(named) != n_items or len(set(named)) != n_items:
        raise SpecError(
            f"{name} has {n_items} items, so {n_items} different columns must be named in the "
            f"order of the questionnaire, but {len(named)} are, {len(set(named))} of them "
            'different. A pattern does as well: items="q{}".'
        )
    return dict(enumerate(named, start=1))


def _turned(
    name: str, key: Mapping[str, Any], given: Sequence[int] | None
) -> dict[str, frozenset[int]]:
    """Return the numbers of the reversed items of each score."""
    if given is None:
        return {score: frozenset(e.get("reversed", ())) for score, e in key["scores"].items()}
    scored = {number for entry in key["scores"].values() for number in entry["items"]}
    foreign = [number for number in given if number not in scored]
    if foreign:
        raise SpecError(
            f"reversed items must be items that a score of {name} has, but {len(foreign)} of "
            f"{len(given)} are not; the first is {foreign[0]!r}. Its items are 1 to "
            f"{key['n_items']}."
        )
    return {score: frozenset(given) for score in key["scores"]}
