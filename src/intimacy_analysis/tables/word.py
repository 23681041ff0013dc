"""A table as a Word document; needs the extra `word`."""

from __future__ import annotations

from intimacy_analysis.formatting import Table
from intimacy_analysis.formatting.table import one_line
from intimacy_analysis.tables.word_parts import (
    add_word_table,
    check_word,
    new_word_document,
    word_bytes,
)


def word_document(table: Table) -> bytes:
    """Return a .docx file with the table; its header row is flagged and repeats on each page.

    Raises:
        SpecError: Where python-docx is not installed.
    """
    check_word()
    document = new_word_document(table.title or "Table")
    if table.title:
        document.add_paragraph(one_line(table.title), style="Caption")
    add_word_table(document, table)
    for note in table.notes:
        paragraph = document.add_paragraph()
        paragraph.add_run("Note. ").italic = True
        paragraph.add_run(one_line(note))
    return word_bytes(document)
