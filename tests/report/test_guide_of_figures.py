from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from intimacy_analysis.cli import main
from intimacy_analysis.report.figure_catalog import claim_of_figure, figure_catalog

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "guides" / "figures.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def gallery():
    """The module tools/gallery.py, which is no part of the package."""
    name = "gallery_of_figures"
    found = importlib.util.spec_from_file_location(name, ROOT / "tools" / "gallery.py")
    module = importlib.util.module_from_spec(found)
    # A dataclass looks its module up.
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module


def test_every_block_of_the_guide_runs_and_shows_what_it_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL):
        exec(block, names)
    plt.close("all")
    shown = capsys.readouterr().out
    assert "'types_and_conflict'" in shown
    assert "types_and_conflict_caption.txt" in shown
    assert "kissing on the lips" in shown
    made = {path.name for path in (tmp_path / "figures").iterdir()}
    assert {"types_and_conflict.pdf", "answered.pdf", "answered_days.csv", "answered.txt"} <= made


def test_the_guides_command_writes_the_files_of_its_table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (command,) = re.findall(r"^    intimacy-analysis (figure .* --out figures)$", GUIDE, flags=re.M)
    with pytest.raises(SystemExit) as left:
        main([*shlex.split(command), "--quiet"])
    assert not left.value.code
    named = set(re.findall(r"`(compliance\w*\.\w+)`", GUIDE))
    assert {path.name for path in (tmp_path / "figures").iterdir()} == named


def test_every_figure_has_an_entry_in_the_gallery(gallery):
    text = gallery.gallery_text({})
    for entry in figure_catalog():
        assert f"$ {gallery.command(entry)}\n" in text
        assert f"```python\n{gallery.code(entry)}\n```" in text
    assert text.count("### ") == len(figure_catalog())


def test_a_command_of_the_gallery_names_the_claim_where_several_have_the_key(gallery):
    for entry in figure_catalog():
        words = shlex.split(gallery.command(entry))
        if "--claim" in words:
            assert words[words.index("--claim") + 1] == entry.claim
        else:
            assert claim_of_figure(entry.key) == entry.claim


def test_an_entry_of_the_gallery_shows_its_picture_and_its_code_runs(
    gallery, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    claim, key = "affection-deprivation", "slopes_by_uncertainty"
    pictures = gallery.draw_claim(claim, tmp_path)
    listed = {(entry.claim, entry.key) for entry in figure_catalog() if entry.claim == claim}
    assert set(pictures) == listed
    text = gallery.gallery_text(pictures)
    for picture in pictures.values():
        assert (tmp_path / picture.place).stat().st_size > 1000
        assert f"{{figure}} {picture.place}" in text
    (entry,) = [one for one in figure_catalog() if (one.claim, one.key) == (claim, key)]
    exec(gallery.code(entry), {})
    plt.close("all")
    assert (tmp_path / "figures" / f"{key}.pdf").read_bytes().startswith(b"%PDF")


def test_captions_stay_text_in_the_gallery(gallery):
    picture = gallery.Picture(
        place="gallery/x.svg",
        caption="a *b* [c](d) <e> $f$",
        alt='say "x"\nnow',
        drawn_by="draw_scree",
    )
    entry = figure_catalog()[0]
    text = gallery.gallery_text({(entry.claim, entry.key): picture})
    assert r"a \*b\* \[c\](d) \<e\> \$f\$" in text
    assert r':alt: "say \"x\" now"' in text
