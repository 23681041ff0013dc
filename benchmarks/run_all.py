"""Run every bar and print one Markdown table.

python -m benchmarks.run_all [--smoke] [--quick] [--write FILE]

    --smoke   small sizes, few repetitions, no R: does every bar still run?
    --quick   without the peer that takes about a minute
    --write   also write the table to FILE
"""

from __future__ import annotations

import datetime
import importlib
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

BARS = (
    "small_diary",
    "large_diary",
    "kenward_roger",
    "profile_intervals",
    "refit_in_simulation",
    "many_days",
    "path_fit",
    "path_fiml",
    "path_bootstrap",
    "correlation_bootstrap",
    "scale_scoring",
    "pseudo_couples",
    "surface_bootstrap",
)


def main(arguments: list[str]) -> int:
    """Run the bars; the last full table stands in docs/benchmarks.md."""
    # `python benchmarks/run_all.py` puts this folder on the path, not the one above it.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    measure = importlib.import_module("benchmarks.measure")
    options = measure.options(arguments)
    rows = []
    for bar in BARS:
        print(f"running {bar} ...", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"benchmarks.{bar}").run(options)
    text = describe_run(with_r=not options.smoke) + "\n" + measure.markdown(rows)
    print(text, end="")
    if "--write" in arguments:
        measure.write(Path(arguments[arguments.index("--write") + 1]), text)
    return 0


def describe_run(*, with_r: bool) -> str:
    """Return date, versions and a word on the machine; no names, no paths."""
    own = importlib.import_module("intimacy_analysis").__version__
    names = ("numpy", "scipy", "pandas", "statsmodels")
    versions = [f"Python {platform.python_version()}", f"intimacy-analysis {own}"]
    versions += [f"{name} {version(name)}" for name in names]
    if with_r:
        peers = importlib.import_module("benchmarks.peers")
        rows = importlib.import_module("benchmarks.diary").diary(10, 7)
        if peers.find_rscript():
            answer = peers.time_in_r("plain", rows, times=1)
            versions.append(f"R {answer['r']}")
            versions += [f"{name} {answer[name]}" for name in ("lme4", "lmerTest", "pbkrtest")]
        versions += importlib.import_module("benchmarks.path_peers").versions()
    system = f"{platform.system()}, {os.cpu_count()} cores, {platform.machine()}"
    return (
        f"{datetime.datetime.now(datetime.UTC).date().isoformat()}; {system}; one thread each.\n"
        f"{', '.join(versions)}.\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
