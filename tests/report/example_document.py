"""A small document with every kind of block and words that would be markup elsewhere."""

from __future__ import annotations

import matplotlib as mpl
from matplotlib.figure import Figure

from intimacy_analysis.formatting import (
    Column,
    Table,
    format_p,
    number_cell,
    text_column,
    words_cell,
)
from intimacy_analysis.report.document import (
    Contents,
    Document,
    FigureBlock,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Span,
    TableBlock,
    listing,
    paragraph,
)

# Markup of Typst, HTML, a formula of a spreadsheet, a field of Word, a line break, a control sign.
HOSTILE = (
    '#import "x": *',
    "$x^2$ @ref *b* _i_ `r` \\ // c /* d",
    "<script>alert(1)</script> & <w:p/>",
    "=cmd|' /C calc'!A0",
    "{ INCLUDETEXT secret.txt }",
    "] } ) \" ' ~ -- ... #panic()",
)
SMALL = Table(
    title="Estimates <b>",
    columns=(
        text_column("Term"),
        Column(header="r", italic=True, raw_names=("r",)),
        Column(header="95 % CI", raw_names=("low", "high")),
        Column(header="p", italic=True, raw_names=("p",)),
    ),
    rows=(
        (
            words_cell("=1+1"),
            number_cell("-.12", -0.12),
            number_cell("[-.30, .06]", -0.3, 0.06),
            number_cell(format_p(0.0002), 0.0002),
        ),
        (
            words_cell("b"),
            number_cell(".50", 0.5),
            number_cell("[.40, .60]", 0.4, 0.6),
            number_cell(format_p(0.034), 0.034),
        ),
    ),
    notes=("Data: synthetic.",),
)
# Fifteen columns of numbers with intervals do not stand upright.
WIDE = Table(
    title="Wide",
    columns=(
        text_column("Term"),
        *(Column(header=f"Model {n}", raw_names=(f"m{n}",)) for n in range(1, 15)),
    ),
    rows=((words_cell("slope"), *(number_cell("-12.345", -12.345) for _ in range(14))),),
)


def example_document(folder) -> Document:
    """Return the document; its one figure is drawn into `folder`."""
    figure = Figure(figsize=(85 / 25.4, 60 / 25.4))
    figure.subplots().plot([1, 2], [1, 2])
    (folder / "figures").mkdir(parents=True)
    with mpl.rc_context({"svg.hashsalt": "example"}):
        for ending, extra in (("png", {"dpi": 300}), ("svg", {"metadata": {"Date": None}})):
            figure.savefig(folder / "figures" / f"line.{ending}", **extra)
    return Document(
        title='Title <script> #let "x"',
        blocks=(
            Contents(),
            Heading(level=1, text="First #let x = 1"),
            *(paragraph(words) for words in HOSTILE),
            paragraph("known first", manner="marked"),
            paragraph("intimacy-analysis rerun run.json", manner="code"),
            Paragraph(
                spans=(
                    Span(text="bold: ", bold=True),
                    Span(text="plain"),
                    Span(text="next", italic=True, on_new_line=True),
                )
            ),
            *listing(["one", "two"], numbered=True),
            *listing(["again one"], numbered=True),
            Listing(entries=((Span(text="bullet"),),)),
            Heading(level=2, text="A figure"),
            FigureBlock(
                stem="figures/line",
                title="A line *up*",
                caption="It rises. Synthetic data.",
                alt='A line from 1 to 2, "rising".',
            ),
            PageBreak(),
            Heading(level=1, text="Tables"),
            TableBlock(table=SMALL),
            TableBlock(table=SMALL),
            Heading(level=2, text="Wide one"),
            paragraph("goes along"),
            TableBlock(table=WIDE),
            PageBreak(),
            Heading(level=1, text="Upright again"),
            paragraph("end"),
        ),
    )
