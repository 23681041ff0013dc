"""Two untidy SPSS files of synthetic couples, to practice on: a diary and a questionnaire."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.simulation.couples_items import FORMS
from intimacy_analysis.simulation.couples_survey import simulate_couples
from intimacy_analysis.simulation.couples_truth import ROLES
from intimacy_analysis.simulation.shared_time import (
    FIRST_DAY,
    SharedTimeTruth,
    simulate_shared_time,
)

Floats = npt.NDArray[np.float64]
N_COUPLES = 70
SEED = 2026080
REFUSED, NOT_APPLICABLE = -99.0, -77.0
# Codes of the members: alphabetical order of the labels would turn them round.
MEMBERS = {1.0: "wife", 2.0: "husband"}
# What the husbands' answers add to what the wives' diary fixes; assumptions.
_HOURS_ERROR_SD = 0.5
_STRESS_SHARED = 0.6
_SPSS_CREATED = slice(92, 109)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessyCouples:
    """Where the two files lie, and what was spoiled in them.

    Attributes:
        diary: SPSS file, a row for each person and day that was answered.
        questionnaire: SPSS file, a row for each person.
        truth: What the wives' diary was drawn from, under the names of the shared-time claim.
        flaws: What was spoiled, a sentence each.
    """

    diary: Path
    questionnaire: Path
    truth: dict[str, float]
    flaws: tuple[str, ...]


def write_messy_couples(folder: Path | str) -> MessyCouples:
    """Write a diary and a questionnaire of 70 synthetic couples as untidy SPSS files.

    The same bytes on every call with the same pyreadstat. The wives' diary is that of
    `simulate_shared_time`, so its truth is known; the husbands report the same hours with error.
    The questionnaire is drawn apart (`simulate_couples`): only the ids tie it to the diary.

    diary.sav: CoupleNr (text with leading zeros), Partner (1 wife, 2 husband), VPN (text), Datum
    (date), HrsTog (hours), Stress (0 to 10), Close (1 to 7), Remark (text).
    questionnaire.sav: CoupleNr, Partner, VPN, YrsMarr (years), then the items of four scales as
    asked, reversed ones not turned.

    Args:
        folder: Exists; files of these names must not be in it.

    Raises:
        DataError: No such folder, or one of the two files is there already.
    """
    place = Path(folder)
    paths = place / "diary.sav", place / "questionnaire.sav"
    if not place.is_dir():
        raise DataError(
            f"the two files are written into a folder, but {str(place)!r} is none. Make it first."
        )
    for path in paths:
        if path.exists():
            raise DataError(
                f"nothing is overwritten, but {path.name!r} is there already. Name another folder."
            )
    rng = np.random.default_rng(SEED)
    diary, diary_flaws = _spoiled_diary(_diary(rng))
    answers, answer_flaws = _spoiled_answers(_answers())
    _write(
        diary,
        paths[0],
        labels={
            "CoupleNr": "Number of the couple",
            "Partner": "Member of the couple",
            "VPN": "Number of the person",
            "Datum": "Date of the entry",
            "HrsTog": "Hours spent together today",
            "Stress": "Stress between us today",
            "Close": "How close I felt to my partner today",
            "Remark": "Remark",
        },
        # Of stress only one of the two codes was declared, as happens.
        missing={"HrsTog": [NOT_APPLICABLE], "Stress": [REFUSED], "Close": [REFUSED]},
    )
    items = [item for form in FORMS for item in form.items]
    _write(
        answers,
        paths[1],
        labels={"CoupleNr": "Number of the couple", "Partner": "Member of the couple"}
        | {
            item: f"{form.label}, item {at}"
            for form in FORMS
            for at, item in enumerate(form.items, start=1)
        },
        missing={item: [REFUSED] for item in items},
    )
    return MessyCouples(
        diary=paths[0],
        questionnaire=paths[1],
        truth=SharedTimeTruth().terms,
        flaws=(*diary_flaws, *answer_flaws),
    )


def _diary(rng: np.random.Generator) -> pd.DataFrame:
    """Return the diary of both members before it is spoiled, a row an answered person-day."""
    truth = SharedTimeTruth()
    women = simulate_shared_time(truth, n_persons=N_COUPLES, seed=SEED, bounded=True, matched=True)
    couple = women["person"].str[1:].astype(int).to_numpy()
    n = len(women)
    hours = np.clip(women["shared_hours"] + rng.normal(0, _HOURS_ERROR_SD, n), 0, 24).round(1)
    stress = _STRESS_SHARED * women["stress"] + rng.normal(1.0, 1.0, n)
    level = rng.normal(0, truth.intimacy_between_sd, N_COUPLES + 1)[couple]
    usual = hours.groupby([couple, women["weekend"].to_numpy()]).transform("mean")
    close = (
        truth.intimacy_mean
        + level
        + truth.weekday_slope * (hours - usual)
        + truth.residual_sd * rng.standard_normal(n)
    )
    men = women.assign(
        shared_hours=hours, stress=stress.clip(0, 10).round(1), intimacy=close.clip(1, 7).round(2)
    )
    # One-partner days: each member skips some that the other answered.
    women, men = women[rng.random(n) > 0.04], men[rng.random(n) > 0.10]
    both = pd.concat([women.assign(Partner=1.0), men.assign(Partner=2.0)], ignore_index=True)
    number = both["person"].str[1:]
    return pd.DataFrame(
        {
            "CoupleNr": number,
            "Partner": both["Partner"],
            "VPN": number + np.where(both["Partner"] == 1, "1", "2"),
            "Datum": pd.to_datetime(both["date"]),
            "HrsTog": both["shared_hours"],
            "Stress": both["stress"],
            "Close": both["intimacy"],
            "Remark": "",
        }
    ).sort_values(["CoupleNr", "Partner", "Datum"], ignore_index=True)


def _spoiled_diary(diary: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the diary as a study leaves it, and what was done to it."""
    spoiled = diary[~diary["VPN"].isin(["0092", "0412"])].reset_index(drop=True)
    rows = np.arange(len(spoiled))
    spoiled.loc[rows % 61 == 17, "Stress"] = REFUSED
    spoiled.loc[rows % 173 == 40, "Stress"] = NOT_APPLICABLE
    spoiled.loc[rows % 97 == 30, "Close"] = REFUSED
    spoiled.loc[rows % 211 == 100, "HrsTog"] = NOT_APPLICABLE
    wrong_year = _row_of(spoiled, "0231", 5)
    dates = pd.DatetimeIndex(spoiled["Datum"])
    later = dates + pd.DateOffset(years=10)
    spoiled["Datum"] = dates.where(spoiled.index != wrong_year, later)
    slipped = _row_of(spoiled, "0552", 6)
    spoiled.loc[slipped, "Close"] = 55.0
    spoiled.loc[_row_of(spoiled, "0111", 2), "Remark"] = "<b>phone call</b> from 007"
    twice = _row_of(spoiled, "0301", 3)
    spoiled = pd.concat([spoiled.loc[:twice], spoiled.loc[twice:]], ignore_index=True)
    # Opened and given up: a date, and nobody's number.
    begun = spoiled.iloc[[200, 700, 1200]].assign(CoupleNr="", VPN="", Remark="")
    begun[["Partner", "HrsTog", "Stress", "Close"]] = np.nan
    spoiled = pd.concat([spoiled, begun], ignore_index=True)
    return spoiled, (
        "diary: the husbands of couples 009 and 041 never answered",
        "diary: some days were answered by one partner only",
        "diary: -99 stands for refused, -77 for does not apply; for Stress only -99 is declared",
        f"diary: one date of person 0231 is ten years late (the study began on {FIRST_DAY})",
        "diary: person 0552 has 55 where 5.5 was meant in Close, a scale from 1 to 7",
        "diary: one row of person 0301 stands twice",
        "diary: 3 rows hold a date and nothing else",
        "diary: codes of Partner are not in the alphabetical order of their labels",
        "diary: couples are numbered as text with leading zeros",
    )


def _row_of(diary: pd.DataFrame, person: str, at: int) -> int:
    return int(diary.index[diary["VPN"] == person][at])


def _answers() -> pd.DataFrame:
    """Return the questionnaire, a row a person."""
    couples = simulate_couples(n_couples=N_COUPLES, seed=SEED, matched=True)
    items = [item for form in FORMS for item in form.items]
    number = couples["couple"].map("{:03d}".format)
    members = [
        pd.DataFrame(
            {"CoupleNr": number, "Partner": code, "VPN": number + f"{code:.0f}"}
            | {"YrsMarr": couples["years_married"]}
            | {item: couples[f"{item}_{role}"] for item in items}
        )
        for code, role in zip(MEMBERS, ROLES, strict=True)
    ]
    return pd.concat(members).sort_values(["CoupleNr", "Partner"], ignore_index=True)


def _spoiled_answers(answers: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    items = [item for form in FORMS for item in form.items]
    spoiled = answers[~answers["VPN"].isin(["0092", "0412"])].reset_index(drop=True)
    # Half of the gaps were typed in as -99.
    for at, item in enumerate(items):
        gone = spoiled[item].isna() & (spoiled.index % 2 == at % 2)
        spoiled.loc[gone, item] = REFUSED
    spoiled.loc[_row_of(spoiled, "0381", 0), "communication_2"] = 44.0
    return spoiled, (
        "questionnaire: the husbands of couples 009 and 041 have no row",
        "questionnaire: reversed items are as asked",
        "questionnaire: half of the gaps are empty, half hold -99",
        "questionnaire: person 0381 has 44 in communication_2, an item from 1 to 5",
    )


def _write(
    table: pd.DataFrame, path: Path, *, labels: dict[str, str], missing: dict[str, list[float]]
) -> None:
    # Loads a compiled library that nobody needs who does not write such a file.
    import pyreadstat

    pyreadstat.write_sav(
        table,
        str(path),
        column_labels=[labels.get(name, "") for name in table.columns],
        variable_value_labels={"Partner": MEMBERS},
        missing_ranges={
            name: [{"lo": code, "hi": code} for code in codes] for name, codes in missing.items()
        },
    )
    # The header tells when it was written: the same bytes need the same moment.
    data = bytearray(path.read_bytes())
    data[_SPSS_CREATED] = b"05 Jan 2600:00:00"
    path.write_bytes(bytes(data))
