"""Which blocks of a document stand on upright pages and which on pages turned on their side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intimacy_analysis.report.document import Block, Heading, PageBreak, Paragraph, TableBlock
from intimacy_analysis.tables.page_layout import page_layout


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRun:
    """Blocks on pages of one direction.

    Attributes:
        across: Whether the pages are turned on their side.
        blocks: What stands there; never a page break at either end.
    """

    across: bool
    blocks: tuple[Block, ...]


def page_runs(blocks: Sequence[Block]) -> tuple[PageRun, ...]:
    """Split a document where the pages turn; a wide table takes its headings and words along."""
    across = [isinstance(block, TableBlock) and page_layout(block.table).across for block in blocks]
    for at in range(len(blocks) - 1, 0, -1):
        if across[at] and isinstance(blocks[at - 1], Heading | Paragraph):
            across[at - 1] = True
    runs: list[tuple[bool, list[Block]]] = []
    for turned, block in zip(across, blocks, strict=True):
        # A page break turns nothing: it belongs to what stands before it.
        if runs and (runs[-1][0] == turned or isinstance(block, PageBreak)):
            runs[-1][1].append(block)
        else:
            runs.append((turned, [block]))
    return tuple(
        PageRun(across=turned, blocks=_without_breaks(held))
        for turned, held in runs
        if _without_breaks(held)
    )


def _without_breaks(blocks: list[Block]) -> tuple[Block, ...]:
    held = list(blocks)
    while held and isinstance(held[-1], PageBreak):
        held.pop()
    while held and isinstance(held[0], PageBreak):
        held.pop(0)
    return tuple(held)
