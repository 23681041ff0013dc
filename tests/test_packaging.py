from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import intimacy_analysis

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PINS = sorted([*(ROOT / "requirements").iterdir(), ROOT / "constraints.txt"])
HASHED = [path for path in PINS if path.parent.name == "requirements" and path.suffix == ".txt"]


def load_tool(name: str):
    """Return a script of `tools/` as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tracked_files() -> list[Path]:
    """Return the files git tracks, or skip where this is no checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


# Pins


def test_pins_follow_from_pyproject():
    assert load_tool("pins").stale_files() == []


def test_a_changed_dependency_makes_the_pins_stale(monkeypatch):
    pins = load_tool("pins")
    monkeypatch.setitem(pins.SETS, "core", ("word",))
    assert pins.stale_files() == ["requirements/core.in"]


def test_constraints_are_the_hashed_pins_without_hashes():
    pins = load_tool("pins")
    hashed = (
        "numpy==2.4.6 ; python_version < '3.12' \\\n    --hash=sha256:ab\n# note\nrich==15.0.0\n"
    )
    assert pins.constraints_from(hashed).splitlines()[1:] == [
        "numpy==2.4.6 ; python_version < '3.12'",
        "rich==15.0.0",
    ]


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
def test_no_pin_names_an_address_or_a_place(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        assert ":" + "//" not in line
        assert not re.match(r"\s*(-f|-i|--find-links|--index-url|--extra-index-url)\b", line)
        assert " @ " not in line


@pytest.mark.parametrize("path", HASHED, ids=lambda path: path.name)
def test_every_hashed_pin_has_a_hash(path):
    text = path.read_text(encoding="utf-8")
    pins = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(pins) > 20
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_constraints_carry_no_hashes():
    # pip refuses every package that a constraints file with hashes does not list.
    assert "--hash" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")


# README


def shell_blocks() -> list[str]:
    return re.findall(
        r"^```(?:shell|sh|bash|console)\n(.*?)^```",
        README.read_text(encoding="utf-8"),
        flags=re.MULTILINE | re.DOTALL,
    )


def test_the_readme_sets_up_in_exactly_two_commands():
    commands = [line for block in shell_blocks() for line in block.splitlines() if " && " in line]
    assert len(commands) == 2
    assert commands[0].endswith(" && intimacy-analysis reproduce")
    assert commands[1].endswith(" && pytest")
    # Nothing that cmd.exe or PowerShell reads differently: no single quotes, variables, pipes.
    for command in commands:
        assert not set(command) & set("'$|;<>`\\%^*")


def test_the_two_commands_are_the_first_blocks_of_the_readme():
    first, second = shell_blocks()[:2]
    assert "reproduce" in first
    assert "pytest" in second
    assert len(first.splitlines()) == len(second.splitlines()) == 1


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (0, "shared_hours_within:weekend"),
        (1, "k of the wife"),
        (2, "perceived_conventionality"),
    ],
)
def test_the_readme_examples_run(tmp_path, at, shown):
    examples = re.findall(
        r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    assert len(examples) == 3
    assert len(examples[at].strip().splitlines()) <= 10
    script = tmp_path / "example.py"
    script.write_text(examples[at], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", str(script)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert shown in done.stdout
    if at == 0:
        # The first example stands with its output.
        (block,) = re.findall(
            r"^```text\n(.*?)^```", README.read_text(encoding="utf-8"), flags=re.M | re.DOTALL
        )
        assert block in done.stdout


# Drawn while the site is built, and not committed.
DRAWN = (ROOT / "docs" / "gallery.md",)


def test_links_of_the_papers_lead_somewhere():
    pages = [README, *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md"]
    broken = [
        f"{page.relative_to(ROOT).as_posix()}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if not target.startswith(("https:", "mailto:"))
        and not (page.parent / target).exists()
        and (page.parent / target).resolve() not in DRAWN
    ]
    assert broken == []


# Versions and licence


def test_the_version_is_the_same_everywhere():
    version = intimacy_analysis.__version__
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^version: (\S+)$", citation, re.MULTILINE)[1] == version
    assert re.search(r"^## (\d\S*)", changelog, re.MULTILINE)[1] == version
    assert project()["tool"]["hatch"]["version"]["path"] == "src/intimacy_analysis/__init__.py"


def test_the_release_date_is_the_same_everywhere():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.search(r"^date-released: (\S+)$", citation, re.MULTILINE)[1]
    assert re.search(r"^## \d\S* \(([\d-]+)\)", changelog, re.MULTILINE)[1] == released


def test_the_licence_is_the_full_text_it_is_said_to_be():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert project()["project"]["license"] == "GPL-3.0-or-later"
    assert "license: GPL-3.0-or-later" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


# The built package


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_synthetic_diaries_travel_in_the_wheel(wheel):
    here = {
        path.name: path.read_bytes()
        for path in (ROOT / "data" / "synthetic").iterdir()
        if path.suffix in {".csv", ".toml"}
    }
    assert "shared_time_diary.csv" in here
    assert "shared_time_diary.toml" in here
    for name, content in here.items():
        assert wheel.read(f"intimacy_analysis/data/synthetic/{name}") == content


def test_every_file_of_the_package_travels_in_the_wheel(wheel):
    source = ROOT / "src"
    here = {
        path.relative_to(source).as_posix()
        for path in (source / "intimacy_analysis").rglob("*")
        if path.is_file() and not {"__pycache__", ".mypy_cache"} & set(path.parts)
    }
    assert here <= set(wheel.namelist())
    assert "intimacy_analysis/py.typed" in here


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    assert {name.split("/")[0].split("-")[0] for name in wheel.namelist()} == {"intimacy_analysis"}


def test_the_wheel_names_its_command_and_its_licence(wheel):
    (entry_points,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "intimacy-analysis = intimacy_analysis.cli:main" in wheel.read(entry_points).decode()
    assert [name for name in wheel.namelist() if name.endswith("licenses/LICENSE")]


# Nothing of the machine it was written on


# Composed, so that this file does not hold what it looks for.
PLACES = [f"/{folder}/" for folder in ("work", "tmp", "root", "venvs", "home")]
HOSTS = [
    f"{name}{ending}"
    for name, ending in (("pyp", "i."), ("pythonhost", "ed"), ("npm", "js"), ("deb.deb", "ian"))
]


def test_no_tracked_file_names_a_machine_path_or_a_package_index():
    found = []
    for path in tracked_files():
        if not path.is_file() or path.name == "LICENSE":
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT).as_posix()}: {word}"
            for word in [*PLACES, *HOSTS]
            if word in text
        ]
    assert found == []


def test_text_files_end_lines_as_the_repository_says():
    # Hashes of data and golden files must agree on every system.
    for path in tracked_files():
        if path.suffix in {".csv", ".toml", ".md", ".py", ".txt", ".json"} and path.is_file():
            assert b"\r\n" not in path.read_bytes(), path


def test_every_test_file_has_a_name_of_its_own():
    # pytest imports test files by their bare name: a second one of a name stops the whole run.
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
