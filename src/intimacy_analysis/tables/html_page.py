"""A table as an HTML file of its own."""

from __future__ import annotations

from html import escape

from intimacy_analysis.formatting import Table, html_table
from intimacy_analysis.formatting.table import one_line

# Horizontal rules only, as APA 7 sets tables; the grays keep a contrast above 4.5 to 1.
_STYLE = """\
body { font: 16px/1.4 sans-serif; color: #1a1a1a; background: #ffffff; margin: 2rem; }
table { border-collapse: collapse; border: solid #1a1a1a; border-width: 2px 0; }
caption { text-align: left; font-weight: bold; padding-bottom: 0.4rem; }
thead tr { border-bottom: 1px solid #1a1a1a; }
th, td { padding: 0.2rem 0.7rem; text-align: left; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tbody th { font-weight: normal; }
p.notes { color: #444444; margin: 0.4rem 0; max-width: 60rem; }
"""


def html_page(table: Table) -> str:
    """Return a complete page (language, title, style inside, no script, no link)."""
    title = escape(one_line(table.title) or "Table")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{html_table(table)}</main>\n</body>\n</html>\n"
    )
