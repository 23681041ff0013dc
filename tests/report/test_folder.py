from __future__ import annotations

import json
import os
import sys

import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.report.folder import MARK, MARKER, check_folder, file_hashes, writing_folder


def write(folder, files):
    """Write a report of these files the way a run does."""
    with writing_folder(folder) as place:
        for name, text in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="utf-8")
        record = {"made_by": MARK, "files": file_hashes(place)}
        (place / MARKER).write_text(json.dumps(record), encoding="utf-8")


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MARKER
    }


@pytest.mark.parametrize("prepare", ["absent", "empty", "deep"])
def test_a_new_or_empty_folder_is_written(tmp_path, prepare):
    folder = tmp_path / "a" / "b" / "out" if prepare == "deep" else tmp_path / "out"
    if prepare == "empty":
        folder.mkdir()
    write(folder, {"index.html": "1", "tables/t.csv": "2"})
    assert contents(folder) == {"index.html": "1", "tables/t.csv": "2"}
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_an_earlier_report_is_replaced_and_its_leftovers_go(tmp_path):
    folder = tmp_path / "mein Bericht äöü"
    write(folder, {"index.html": "old", "figures/gone.svg": "old"})
    write(folder, {"index.html": "new"})
    assert contents(folder) == {"index.html": "new"}
    assert not (folder / "figures").exists()


def test_a_folder_with_something_else_is_never_touched(tmp_path):
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter1.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(DataError, match=r"'chapter1.docx'"):
        write(folder, {"index.html": "1"})
    assert contents(folder) == {"chapter1.docx": "years of work"}


def test_another_programs_run_json_does_not_make_a_folder_ours(tmp_path):
    (tmp_path / MARKER).write_text('{"files": {}}', encoding="utf-8")
    with pytest.raises(DataError, match="must be new, empty or an earlier report"):
        check_folder(tmp_path)


@pytest.mark.parametrize("text", ["", "[", "[]", "null", "[" * 100_000])
def test_a_broken_run_json_does_not_make_a_folder_ours(tmp_path, text):
    (tmp_path / MARKER).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="must be new, empty or an earlier report"):
        check_folder(tmp_path)


def test_a_file_added_to_a_report_is_safe(tmp_path):
    folder = tmp_path / "out"
    write(folder, {"index.html": "1"})
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match=r"1 files were added since; the first is 'notes.txt'"):
        write(folder, {"index.html": "2"})
    assert contents(folder) == {"index.html": "1", "notes.txt": "mine"}


def test_a_file_changed_by_hand_is_safe(tmp_path):
    folder = tmp_path / "out"
    write(folder, {"index.html": "1", "tables/t.tex": "2"})
    (folder / "tables" / "t.tex").write_text("edited for the paper", encoding="utf-8")
    with pytest.raises(DataError, match=r"were changed since; the first is 'tables/t.tex'"):
        write(folder, {"index.html": "2"})
    assert contents(folder)["tables/t.tex"] == "edited for the paper"


def test_what_a_file_manager_leaves_does_not_lock_a_report(tmp_path):
    folder = tmp_path / "out"
    write(folder, {"index.html": "1"})
    (folder / ".DS_Store").write_bytes(b"\0")
    write(folder, {"index.html": "2"})
    assert (folder / "index.html").read_text(encoding="utf-8") == "2"
    assert (folder / ".DS_Store").exists()


def test_a_file_in_the_folders_place_is_refused(tmp_path):
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(DataError, match="needs a folder, but 'out' is a file"):
        write(tmp_path / "out", {"index.html": "1"})


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_linked_folder_inside_a_report_is_not_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious.txt").write_text("keep", encoding="utf-8")
    folder = tmp_path / "out"
    write(folder, {"index.html": "1"})
    (folder / "link").symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(DataError, match="'link'"):
        write(folder, {"index.html": "2"})
    assert (elsewhere / "precious.txt").exists()


@pytest.mark.parametrize("existing", [False, True])
def test_a_failure_on_the_way_leaves_what_was_there(tmp_path, existing):
    folder = tmp_path / "out"
    if existing:
        write(folder, {"index.html": "old"})

    def write_half():
        with writing_folder(folder) as place:
            (place / "index.html").write_text("half", encoding="utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert folder.exists() == existing
    if existing:
        assert contents(folder) == {"index.html": "old"}
    assert not list(tmp_path.glob("**/.writing-*"))


@pytest.mark.skipif(
    sys.platform == "win32" or (hasattr(os, "geteuid") and os.geteuid() == 0),
    reason="the superuser and Windows may write to a read-only folder",
)
def test_a_folder_that_may_not_be_written_is_an_error_with_a_remedy(tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    with pytest.raises(DataError, match="Name a folder you may write to with --out"):
        write(locked / "out", {"index.html": "1"})


def test_a_folder_below_a_file_is_an_error_with_a_remedy(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match="not possible"):
        write(tmp_path / "file" / "out", {"index.html": "1"})
