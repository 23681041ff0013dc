"""From an estimate table to text, Markdown, HTML, LaTeX and CSV."""
