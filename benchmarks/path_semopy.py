"""Time semopy, in whatever Python has it: path_semopy.py <data.csv> <model.txt> <times>.

Prints one line of JSON. It is no dependency of this package, so it runs in a Python of its own.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
import warnings

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"


def main(data: str, model: str, times: int) -> None:
    """Fit once unmeasured, then `times` times; with standard errors and fit indices, as ours."""
    import pandas as pd
    import semopy

    rows = pd.read_csv(data)
    with open(model, encoding="utf-8") as file:
        text = file.read()
    durations = []
    for _ in range(times + 1):
        start = time.perf_counter()
        fitted = semopy.Model(text)
        fitted.fit(rows)
        table = fitted.inspect()
        semopy.calc_stats(fitted)
        durations.append(time.perf_counter() - start)
    path = table[(table["lval"] == "m1_w") & (table["op"] == "~") & (table["rval"] == "x_w")].iloc[
        0
    ]
    answer = {
        "seconds": statistics.median(durations[1:]),
        "estimate": float(path["Estimate"]),
        "std_error": float(path["Std. Err"]),
        "semopy": semopy.__version__,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
