"""Write and check the pinned versions: requirements/*.in, requirements/*.txt, constraints.txt.

    python tools/pins.py write     # needs uv and a package index
    python tools/pins.py check     # needs neither

`pyproject.toml` is the one place where a dependency is declared. From it follow, in this order:

* `requirements/<set>.in`: what the set asks for, copied from `pyproject.toml`;
* `requirements/all.txt`: every set solved together, for every platform and Python, with hashes;
* `constraints.txt`: the same versions without hashes, for people who add packages (a constraints
  file with hashes makes pip refuse every package it does not list);
* `requirements/<set>.txt`: each set alone, held to `constraints.txt`, with hashes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"
CONSTRAINTS = ROOT / "constraints.txt"
CONSTRAINTS_HEADER = (
    "# Every version pinned, without hashes. Written by tools/pins.py from requirements/all.txt.\n"
)
# Set name -> extras of pyproject.toml on top of the core dependencies.
SETS = {
    "core": (),
    "test": ("test",),
    "dev": ("test", "dev"),
    "notebooks": ("notebooks",),
    "docs": ("docs",),
    "browser": ("test", "browser"),
    "all": ("test", "dev", "notebooks", "docs", "browser", "word", "pdf", "big", "cluster"),
}
# The same text on every machine: no index, no path, no header with the command line.
COMPILE = (
    "pip",
    "compile",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--no-config",
    "--no-annotate",
    "--quiet",
)


def main(arguments: list[str]) -> int:
    """Run `write` or `check`; return 0 when the files agree with `pyproject.toml`."""
    if arguments == ["write"]:
        write_pins()
        return 0
    if arguments == ["check"]:
        stale = stale_files()
        for path in stale:
            print(f"{path} does not follow from pyproject.toml; run: python tools/pins.py write")
        return 1 if stale else 0
    print(__doc__)
    return 2


def write_pins() -> None:
    """Write every file anew; versions already pinned are kept where they still fit."""
    REQUIREMENTS.mkdir(exist_ok=True)
    for name in SETS:
        _write(REQUIREMENTS / f"{name}.in", requirements_in(name))
    _compile("all")
    _write(CONSTRAINTS, constraints_from((REQUIREMENTS / "all.txt").read_text(encoding="utf-8")))
    for name in SETS:
        if name != "all":
            _compile(name, "--constraint=constraints.txt")


def stale_files() -> list[str]:
    """Name the files that no longer follow from `pyproject.toml`, without an index."""
    stale = [
        f"requirements/{name}.in"
        for name in SETS
        if _read(REQUIREMENTS / f"{name}.in") != requirements_in(name)
    ]
    everything = _read(REQUIREMENTS / "all.txt")
    if _read(CONSTRAINTS) != constraints_from(everything):
        stale.append("constraints.txt")
    pinned = _pins(everything)
    for name in SETS:
        pins = _pins(_read(REQUIREMENTS / f"{name}.txt"))
        if not pins or any(
            not versions <= pinned.get(key, set()) for key, versions in pins.items()
        ):
            stale.append(f"requirements/{name}.txt")
    return stale


def requirements_in(name: str) -> str:
    """Return the text of `requirements/<name>.in`, as `pyproject.toml` asks for it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in SETS[name]:
        wanted += project["optional-dependencies"][extra]
    # An extra that names the package itself only points at another extra, which is listed.
    lines = {line for line in wanted if not line.startswith(project["name"])}
    return "# Written by tools/pins.py from pyproject.toml.\n" + "".join(
        f"{line}\n" for line in sorted(lines, key=str.lower)
    )


def constraints_from(hashed: str) -> str:
    """Return the pins of a hashed requirements file without hashes and comments."""
    pins = [line.rstrip(" \\") for line in hashed.splitlines() if line[:1].isalnum()]
    return CONSTRAINTS_HEADER + "".join(f"{pin}\n" for pin in pins)


def _pins(hashed: str) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for line in hashed.splitlines():
        if line[:1].isalnum():
            name, _, rest = line.partition("==")
            versions.setdefault(name, set()).add(rest.split()[0])
    return versions


def _compile(name: str, *options: str) -> None:
    # Run beside the files and free of this machine's package settings, so that no local
    # index, folder or build can find its way into the output.
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("UV_", "PIP_"))
    }
    with tempfile.TemporaryDirectory() as cache:
        subprocess.run(  # noqa: S603
            [  # noqa: S607
                "uv",
                *COMPILE,
                *options,
                f"--cache-dir={cache}",
                f"requirements/{name}.in",
                f"--output-file=requirements/{name}.txt",
            ],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
