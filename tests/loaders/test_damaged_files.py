"""Whatever bytes a file holds: a study or a DataError, and the session lives on."""

from __future__ import annotations

import io

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook_draft import draft_codebook
from intimacy_analysis.loaders.study import load_study
from tests.loaders.diary_files import CODEBOOK, small_diary

TOKENS = (
    b'"', b"\n", b"\r", b",", b";", b"\t", b"\0", b"\xff", b"\xfe", b"\xef\xbb\xbf", b"inf", b"-99",
    b"1e999", b"9" * 400, b"2024-02-30", b"\xe4", b"NA", b"", b" ", b"sep=,\n", b'""', b"\x1a",
    b"12/31/2024", b"0x1", b"=1+1", b"\xed\xa0\x80", b"\xe2\x80\xa8",
)  # fmt: skip
SAV_CODEBOOK = CODEBOOK.replace('"Shared hours (h)"', '"hours"')


def csv_bytes() -> bytes:
    return small_diary().to_csv(index=False).encode()


def statistical_bytes(folder, ending: str) -> bytes:
    frame = small_diary().rename(columns={"Shared hours (h)": "hours"}).fillna({"Comment": ""})
    path = folder / f"whole.{ending}"
    if ending == "dta":
        pyreadstat.write_dta(frame, path)
    else:
        pyreadstat.write_sav(
            frame,
            path,
            compress=ending == "zsav",
            variable_value_labels={"Int": {1: "not at all", -99: "refused"}},
            missing_ranges={"Int": [{"lo": -99, "hi": -90}]},
        )
    return path.read_bytes()


def mutated(data: bytes, rng: np.random.Generator, *, tokens: bool) -> bytes:
    """Change, cut, repeat or insert at some places."""
    changed = bytearray(data)
    for _ in range(rng.integers(1, 6)):
        place = int(rng.integers(0, len(changed) + 1))
        kind = rng.integers(0, 5)
        if kind == 0 and changed:
            changed[min(place, len(changed) - 1)] = int(rng.integers(0, 256))
        elif kind == 1:
            del changed[place : place + int(rng.integers(1, 20))]
        elif kind == 2:
            changed[place:place] = changed[place : place + int(rng.integers(1, 40))]
        elif kind == 3 and tokens:
            changed[place:place] = TOKENS[int(rng.integers(0, len(TOKENS)))]
        elif kind == 3:
            changed[place : place + 4] = rng.choice([b"\xff\xff\xff\x7f", bytes(4), b"\xff" * 4])
        elif rng.random() < 0.2:
            del changed[place:]
    return bytes(changed)


def outcome(path, codebook: str, *, draft: bool = True) -> str:
    try:
        load_study(path, codebook=codebook)
        read = "loaded"
    except DataError as problem:
        read = "refused" if 40 < len(str(problem)) < 2000 else "refused without a word"
    if draft:
        try:
            text = draft_codebook(path)
            load_study(path, codebook=text)
        except DataError:
            pass
    return read


def run(path, whole: bytes, codebook: str, *, times: int, seed: int, tokens=False, draft=True):
    path.write_bytes(whole)
    assert outcome(path, codebook) == "loaded"
    found = {"loaded": 0, "refused": 0}
    rng = np.random.default_rng(seed)
    for n in range(times):
        path.write_bytes(mutated(whole, rng, tokens=tokens))
        found[outcome(path, codebook, draft=draft and n % 4 == 0)] += 1
    return found


def test_damaged_csv_files_are_loaded_or_refused(tmp_path):
    found = run(tmp_path / "a.csv", csv_bytes(), CODEBOOK, times=400, seed=1, tokens=True)
    assert min(found.values()) > 20, found  # both happen, else nothing was tried


@pytest.mark.parametrize(("ending", "times"), [("sav", 30), ("zsav", 10), ("dta", 10)])
def test_damaged_statistical_files_are_loaded_or_refused(tmp_path, ending, times):
    whole = statistical_bytes(tmp_path, ending)
    path = tmp_path / f"a.{ending}"
    found = run(path, whole, SAV_CODEBOOK, times=times, seed=2, draft=False)
    assert found["refused"] > times // 4, found


def test_damaged_workbooks_are_loaded_or_refused(tmp_path):
    book = openpyxl.Workbook()
    for row in [list(small_diary().columns), *small_diary().astype(object).values.tolist()]:
        book.active.append([None if cell != cell else cell for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    found = run(tmp_path / "a.xlsx", stream.getvalue(), CODEBOOK, times=100, seed=3)
    assert found["refused"] > 20, found


def test_damaged_parquet_files_are_loaded_or_refused(tmp_path):
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(small_diary()), stream)
    found = run(tmp_path / "a.parquet", stream.getvalue(), CODEBOOK, times=200, seed=4)
    assert found["refused"] > 20, found


def test_damaged_codebooks_are_read_or_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes())
    book = tmp_path / "b.toml"
    rng = np.random.default_rng(5)
    for _ in range(200):
        book.write_bytes(mutated(CODEBOOK.encode(), rng, tokens=True))
        outcome(path, book, draft=False)


@pytest.mark.slow
def test_thousands_of_damaged_csv_files_are_loaded_or_refused(tmp_path):
    run(tmp_path / "a.csv", csv_bytes(), CODEBOOK, times=2000, seed=6, tokens=True, draft=False)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["sav", "zsav", "dta"])
def test_hundreds_of_damaged_statistical_files_are_loaded_or_refused(tmp_path, ending):
    whole = statistical_bytes(tmp_path, ending)
    run(tmp_path / f"a.{ending}", whole, SAV_CODEBOOK, times=100, seed=7, draft=False)
