"""Turn the bytes of a text file into UTF-8, or say where they are not text."""

from __future__ import annotations

import codecs

from intimacy_analysis.errors import DataError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive (.xlsx)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
    (b"$FL2", "an SPSS file (.sav)"),
    (b"$FL3", "a compressed SPSS file (.zsav)"),
    (b"PAR1", "a Parquet file (.parquet)"),
    (b"<stata_dta>", "a Stata file (.dta)"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
)


def to_utf8(data: bytes, *, encoding: str = "") -> bytes:
    r"""Return the text as UTF-8 without a mark and with "\n" between lines.

    Args:
        data: The bytes of the file.
        encoding: Name of the encoding; "" for UTF-8, or UTF-16 and UTF-32 with their mark.

    Raises:
        DataError: Where the bytes are not text of this encoding; names the byte and the line.
    """
    for start, what in _OTHER_FORMATS:
        if data.startswith(start):
            raise DataError(
                f"a text file is needed, but the first bytes are those of {what}. "
                "Give the file the ending of its format, or export it as CSV."
            )
    name, mark = encoding or "utf-8", 0
    for bytes_of_mark, marked in _MARKS:
        if data.startswith(bytes_of_mark):
            name, mark = marked, len(bytes_of_mark)
            break
    text = _decode(data[mark:], name, given=bool(encoding))
    place = text.find("\0")
    if place >= 0:
        raise DataError(
            f"a text file must hold text only, but {text.count(chr(0))} zero bytes are in it; the "
            f"first is in line {text.count(chr(10), 0, place) + 1}. It is damaged, in another "
            "format, or UTF-16 without its mark: save it again as 'CSV UTF-8'."
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8")


def _decode(data: bytes, name: str, *, given: bool) -> str:
    try:
        codec = codecs.lookup(name)
        if not getattr(codec, "_is_text_encoding", True):  # rot13, hex
            raise LookupError
    except (LookupError, ValueError):
        raise DataError(
            f"encoding must name a text encoding, but {name!r} is none. "
            'Write for example encoding = "latin-1" or "cp1252" under [study].'
        ) from None
    try:
        text = data.decode(name)
        text.encode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        shown = f"byte 0x{data[error.start]:02x}" if error.start < len(data) else "the end"
        remedy = (
            "Write the right encoding under [study] in the codebook"
            if given
            else "Save it again as 'CSV UTF-8', or write its encoding under [study] in the "
            'codebook, for Western European files most often encoding = "cp1252"'
        )
        raise DataError(
            f"the file must be text in {name.upper()}, but it is not from line {line} on: {shown} "
            f"at position {error.start + 1} cannot be read. {remedy}."
        ) from None
    except (UnicodeError, ValueError):
        raise DataError(
            f"the file must be text in {name.upper()}, but it cannot be read so. "
            "Save it again as 'CSV UTF-8'."
        ) from None
    return text
