"""Every file of data/synthetic is written by a module of the package, byte for byte."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

from intimacy_analysis import simulation
from intimacy_analysis.loaders.bundled import bundled_studies
from intimacy_analysis.loaders.study import load_study

FOLDER = Path(__file__).resolve().parents[2] / "data" / "synthetic"


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic")
    names = [m.name for m in pkgutil.iter_modules(simulation.__path__) if "bundled" in m.name]
    modules = [import_module(f"intimacy_analysis.simulation.{name}") for name in names]
    writers = [
        (name, getattr(module, name))
        for module in modules
        for name in vars(module)
        if name.startswith("write_bundled")
    ]
    assert len({name for name, _ in writers}) >= len(names) > 1
    for write in {function for _, function in writers}:
        write(folder)
    return folder


def test_the_folder_holds_what_the_generators_write_and_a_readme(written):
    made = {path.name for path in written.iterdir()}
    assert {path.name for path in FOLDER.iterdir()} == made | {"README.md"}


def test_every_file_is_made_again_byte_for_byte(written):
    differ = [p.name for p in written.iterdir() if p.read_bytes() != (FOLDER / p.name).read_bytes()]
    assert differ == []


def test_lines_end_in_line_feeds_and_files_stay_small():
    for path in FOLDER.iterdir():
        content = path.read_bytes()
        assert b"\r" not in content, path.name
        assert content.endswith(b"\n"), path.name
        assert len(content) < 700_000, path.name


@pytest.mark.parametrize("name", bundled_studies())
def test_a_bundled_study_is_synthetic_and_says_so(name):
    study = load_study(name)
    assert study.kind == "synthetic"
    assert study.seed is not None
    assert study.truth
    assert any("ynthetic" in note for note in study.notes)
    assert f"`{name}" in (FOLDER / "README.md").read_text(encoding="utf-8")
