"""Three small couples, in a file with a row a couple and in one with a row a member."""

from __future__ import annotations

from pathlib import Path

# Couple 11: both answered all. Couple 12: the husband refused one answer (-9). Couple 13: the
# wife alone answered.
WIDE_CSV = """CoupleID,married,Sat_w,Sat_h,Why_w,Why_h,note
11,3.5,4,5,love,habit,x
12,10,2,-9,habit,habit,
13,7,3,,love,,
"""

WIDE_BOOK = """
[couples]
roles = ["wife", "husband"]
layout = "wide"

[columns.couple]
from = "CoupleID"
role = "couple"

[columns.years]
from = "married"
unit = "years"
range = [0, 80]

[columns.satisfaction]
wife = "Sat_w"
husband = "Sat_h"
label = "Satisfaction"
unit = "points"
range = [1, 7]
missing = { "-9" = "refused" }

[columns.why]
wife = "Why_w"
husband = "Why_h"
values = { love = "out of love", habit = "out of habit" }
"""

LONG_CSV = """CoupleID,who,married,Sat,Why
11,2,3.5,5,habit
12,1,10,2,habit
11,1,3.5,4,love
12,2,10,-9,habit
13,1,7,3,love
"""

LONG_BOOK = """
[couples]
roles = ["wife", "husband"]
layout = "long"

[columns.couple]
from = "CoupleID"
role = "couple"

[columns.who]
role = "partner"
values = { "1" = "wife", "2" = "husband" }

[columns.years]
from = "married"
level = "couple"
unit = "years"
range = [0, 80]

[columns.satisfaction]
from = "Sat"
label = "Satisfaction"
unit = "points"
range = [1, 7]
missing = { "-9" = "refused" }

[columns.why]
from = "Why"
values = { love = "out of love", habit = "out of habit" }
"""


def write_couples(folder: Path, text: str, *, codebook: str = "", name: str = "couples") -> Path:
    """Write a CSV file, and its codebook beside it where one is given; return the CSV file."""
    path = folder / f"{name}.csv"
    path.write_bytes(text.encode("utf-8"))
    if codebook:
        path.with_suffix(".toml").write_text(codebook, encoding="utf-8")
    return path
