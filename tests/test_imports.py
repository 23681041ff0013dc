from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("statsmodels", "pingouin", "matplotlib", "scipy.stats")

LOADED = """
import json, sys, time
start = time.perf_counter()
{statement}
seconds = time.perf_counter() - start
print(json.dumps({{"seconds": seconds, "modules": sorted(sys.modules)}}), file=sys.stderr)
"""

HELP = """
from intimacy_analysis.cli import main
sys.argv = ["intimacy-analysis", {arguments}]
try:
    main()
except SystemExit as end:
    assert end.code in (0, None), end.code
"""


def run_fresh(statement: str) -> dict:
    """Run the statement in a fresh interpreter; return what it loaded and its seconds."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(statement=statement)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stderr.strip().splitlines()[-1])


def heavy_among(modules: list[str]) -> list[str]:
    return [module for module in modules if module in HEAVY]


def test_the_witness_sees_a_heavy_import():
    assert heavy_among(run_fresh("import scipy.stats")["modules"]) == ["scipy.stats"]


def test_importing_the_package_loads_no_engine(record_property):
    loaded = run_fresh("import intimacy_analysis")
    record_property("seconds", loaded["seconds"])
    print(f"import intimacy_analysis: {loaded['seconds']:.2f} s")
    assert "intimacy_analysis" in loaded["modules"]
    assert heavy_among(loaded["modules"]) == []


@pytest.mark.parametrize("command", ["", "reproduce", "validate", "fit", "simulate"])
def test_asking_for_help_loads_no_engine(command, record_property):
    arguments = ", ".join(repr(word) for word in [command, "--help"] if word)
    loaded = run_fresh(HELP.format(arguments=arguments))
    record_property("seconds", loaded["seconds"])
    print(f"intimacy-analysis {command} --help: {loaded['seconds']:.2f} s")
    assert "intimacy_analysis.cli" in loaded["modules"]
    assert heavy_among(loaded["modules"]) == []
