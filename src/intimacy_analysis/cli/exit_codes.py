"""The documented exit codes of the command."""

from __future__ import annotations

OK = 0
INTERNAL = 1
WRONG_INPUT = 2
FIT_FAILED = 3
FIT_SINGULAR = 4
NOT_THE_SAME = 5
INTERRUPTED = 130

# By state of a fit.
OF_STATE = {"ok": OK, "singular": FIT_SINGULAR, "inadmissible": FIT_SINGULAR, "failed": FIT_FAILED}

EPILOG = (
    "Exit codes: 0 all went well; 1 internal error; 2 wrong input (data, codebook, formula, "
    "options); 3 the model could not be fitted; 4 fitted but singular or inadmissible; 5 a "
    "repeated run gave other numbers; 130 stopped by Ctrl-C. "
    "Results go to standard output, messages and progress to standard error."
)
