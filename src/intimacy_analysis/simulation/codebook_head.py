"""What every codebook of a synthetic study begins with: kind, seed, notes, generator, truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_YEAR_OF_GENERATOR = 2026


def codebook_head(
    *,
    name: str,
    title: str,
    seed: int,
    notes: Sequence[str],
    generator: str,
    truth_is: str,
    truth: Mapping[str, float],
) -> list[str]:
    """Return the lines from `[study]` to the stated truth, an empty one last.

    Args:
        name: Of the study.
        title: One line for a heading.
        seed: Of all chance.
        notes: Sentences a reader must see.
        generator: Module of this room that draws it.
        truth_is: What the values are of, a sentence for a comment.
        truth: Name to value in the population, rounded as it shall stand.
    """
    return [
        "[study]",
        f'name = "{name}"',
        f'title = "{title}"',
        'kind = "synthetic"',
        f"seed = {seed}",
        "notes = [",
        *(f'  "{note}",' for note in notes),
        "]",
        "",
        "[study.source]",
        'authors = "The intimacy_analysis authors"',
        f"year = {_YEAR_OF_GENERATOR}",
        f'title = "Generator intimacy_analysis.simulation.{generator}"',
        "",
        f"# {truth_is}",
        "[study.truth]",
        *(f"{key} = {value!r}" for key, value in truth.items()),
        "",
    ]
