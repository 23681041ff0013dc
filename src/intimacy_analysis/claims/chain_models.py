"""The chain from technoference to well-being as path models: pure, with more paths, backward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model

# Constructs of the claim, in the order of the arrows; scores stand under these names.
CHAIN = ("technoference", "conflict_over_technology", "relationship_satisfaction")
OUTCOMES = ("depressive_symptoms", "life_satisfaction")
CONSTRUCTS = (*CHAIN, *OUTCOMES)
# Label to both ends of the arrow, as it stands in the chain.
_CHAIN_PATHS = {
    "tc": (CHAIN[0], CHAIN[1]),
    "cr": (CHAIN[1], CHAIN[2]),
    "rd": (CHAIN[2], OUTCOMES[0]),
    "rl": (CHAIN[2], OUTCOMES[1]),
}
_DIRECT_PATHS = {
    "tr": (CHAIN[0], CHAIN[2]),
    "td": (CHAIN[0], OUTCOMES[0]),
    "tl": (CHAIN[0], OUTCOMES[1]),
}
_SERIAL = {"serial_d": ("tc*cr*rd", OUTCOMES[0]), "serial_l": ("tc*cr*rl", OUTCOMES[1])}
_NOTE = "Arrows are associations; all answers are of one time, and nothing was assigned."


def chain_model(
    *,
    direct: bool,
    measured: Mapping[str, float] | None = None,
    items: Sequence[str] = (),
) -> PathModelSpec:
    """Return technoference -> conflict -> relationship satisfaction -> both outcomes.

    Labels: `tc`, `cr`, `rd`, `rl` of the chain, `tr`, `td`, `tl` of direct paths; the serial
    products are `serial_d` and `serial_l`. The residuals of the two outcomes covary.

    Args:
        direct: Whether technoference has direct paths to relationship satisfaction and both
            outcomes as well (2 degrees of freedom; the pure chain has 5).
        measured: Score to its error variance, for scores taken as fallible measures of what
            stands in the model: a latent variable with that one indicator. None for scores as
            they are.
        items: Columns of technoference's items, for a factor of them in place of its score; none
            for the score.

    Source:
        docs/maths/synthetic_answers.md, eq. 4; a fallible score: Bollen (1989), Structural
        Equations with Latent Variables, ch. 5.
    """
    errors = dict(measured or {})
    true = {name: f"true_{name}" if name in errors else name for name in CONSTRUCTS}
    if items:
        true[CHAIN[0]] = f"true_{CHAIN[0]}"
        errors.pop(CHAIN[0], None)
    lines = [f"{true[CHAIN[0]]} =~ {' + '.join(items)}"] if items else []
    lines += [f"{true[name]} =~ 1*{name}" for name in errors]
    lines += [f"{name} ~~ {float(error)!r}*{name}" for name, error in errors.items()]
    paths = {**_CHAIN_PATHS, **(_DIRECT_PATHS if direct else {})}
    lines += [f"{true[end]} ~ {label}*{true[start]}" for label, (start, end) in paths.items()]
    lines.append(f"{true[OUTCOMES[0]]} ~~ dl*{true[OUTCOMES[1]]}")
    lines += [f"{label} := {product}" for label, (product, _) in _SERIAL.items()]
    meanings = [
        Meaning(label=label, words=f"{_words(start)} to {_words(end)}", kind="chain")
        for label, (start, end) in _CHAIN_PATHS.items()
    ]
    if direct:
        meanings += [
            Meaning(label=label, words=f"{_words(start)} to {_words(end)}, direct", kind="direct")
            for label, (start, end) in _DIRECT_PATHS.items()
        ]
    meanings.append(
        Meaning(label="dl", words="residual correlation of the two outcomes", kind="residual")
    )
    way = "technoference, conflict, relationship satisfaction"
    meanings += [
        Meaning(label=label, words=f"{way}, {_words(end)}", kind="indirect")
        for label, (_, end) in _SERIAL.items()
    ]
    return replace(
        read_model("\n".join(lines)),
        title="Chain with direct paths" if direct else "Pure chain",
        meanings=tuple(meanings),
        notes=(_NOTE,),
    )


def reversed_chain() -> PathModelSpec:
    """Return the pure chain backward: both outcomes -> relationship satisfaction -> conflict ->
    technoference.

    It implies the same correlations as the chain forward, so both fit any data alike.
    """
    lines = [
        f"{CHAIN[2]} ~ dr*{OUTCOMES[0]} + lr*{OUTCOMES[1]}",
        f"{CHAIN[1]} ~ rc*{CHAIN[2]}",
        f"{CHAIN[0]} ~ ct*{CHAIN[1]}",
        f"{OUTCOMES[0]} ~~ {OUTCOMES[1]}",
    ]
    return replace(read_model("\n".join(lines)), title="Pure chain, backward", notes=(_NOTE,))


def _words(name: str) -> str:
    return name.replace("_", " ")
