from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders import statistical_file
from intimacy_analysis.loaders.file_settings import FileSettings
from intimacy_analysis.loaders.statistical_file import read_statistical_file


@pytest.fixture
def sav(tmp_path) -> Path:
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(
        pd.DataFrame({"id": [1.0, 2], "word": ["é", ""]}),
        path,
        variable_value_labels={"id": {2: "two", 1: "one", 10: "ten"}},
    )
    return path


def read(path: Path, **given):
    kind = given.pop("kind", path.suffix[1:])
    given.setdefault("settings", FileSettings())
    return read_statistical_file(path, path.read_bytes(), kind=kind, **given)


def worker(monkeypatch, tmp_path, code: str) -> None:
    """Put another program in the worker's place."""
    (tmp_path / "stand_in.py").write_text(code, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(statistical_file, "_WORKER", "stand_in")


def test_labels_come_in_order_of_code_and_empty_text_is_missing(sav):
    table = read(sav)
    assert table.value_labels["id"] == ((1, "one"), (2, "two"), (10, "ten"))
    assert table.columns["word"].tolist() == ["é", None]
    assert table.columns.index.name == "case"
    assert table.n_read == 2


def test_only_wanted_columns_are_read_and_all_names_known(sav):
    table = read(sav, wanted=["word", "absent"])
    assert list(table.columns) == ["word"]
    assert table.names == ("id", "word")


def test_a_reader_that_breaks_down_is_a_data_error(sav, tmp_path, monkeypatch):
    worker(monkeypatch, tmp_path, "import os\nos.abort()\n")
    with pytest.raises(DataError, match="cannot be read"):
        read(sav)


@pytest.mark.skipif(os.name != "posix", reason="signals are a matter of POSIX systems")
def test_a_segmentation_fault_is_named(sav, tmp_path, monkeypatch):
    worker(monkeypatch, tmp_path, "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    with pytest.raises(DataError, match="SIGSEGV"):
        read(sav)


def test_a_reader_without_end_is_stopped(sav, tmp_path, monkeypatch):
    worker(monkeypatch, tmp_path, "while True: pass\n")
    with pytest.raises(DataError, match=r"more than 0\.5 seconds"):
        read(sav, seconds=0.5)


def test_an_answer_that_is_none_is_a_data_error(sav, tmp_path, monkeypatch):
    worker(monkeypatch, tmp_path, "")
    with pytest.raises(DataError, match="its answer cannot be read"):
        read(sav)


def test_no_second_process_is_a_data_error(sav, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(sav.with_name("no-python")))
    with pytest.raises(DataError, match="could not be started"):
        read(sav)


def test_a_module_in_the_users_folder_is_not_executed(sav, tmp_path, monkeypatch):
    trap = tmp_path / "work"
    trap.mkdir()
    for name in ("json.py", "numpy.py", "pyreadstat.py"):
        (trap / name).write_text("raise SystemExit(9)\n", encoding="utf-8")
    monkeypatch.chdir(trap)
    assert read(sav).n_read == 2


def test_the_temporary_folder_is_private_and_removed(sav, monkeypatch):
    seen: list[tuple[Path, int]] = []
    run = subprocess.run

    def spying(arguments, **given):
        done = run(arguments, **given)
        folder = Path(arguments[-1])
        seen.extend((entry, entry.stat().st_mode & 0o077) for entry in (folder, *folder.iterdir()))
        return done

    monkeypatch.setattr(statistical_file.subprocess, "run", spying)
    read(sav)
    assert len(seen) == 5
    assert not any(entry.exists() for entry, _ in seen)
    if os.name == "posix":
        folder, *files = seen
        assert folder[1] == 0
        assert [mode for _, mode in files] == [0, 0, 0, 0]


@pytest.mark.parametrize("kind", ["sav", "zsav", "por", "dta"])
def test_text_that_is_no_such_file_is_a_data_error(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    path.write_text("person,day\n1,2\n" * 50, encoding="utf-8")
    with pytest.raises(DataError, match="whole SPSS or Stata file"):
        read(path)
