"""From an estimate table to text, Markdown, HTML, LaTeX, CSV and Word."""
