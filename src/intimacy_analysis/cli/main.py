"""Entry of the command: arguments in, exit code out, no traceback unless asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from intimacy_analysis.cli.exit_codes import INTERNAL, INTERRUPTED, WRONG_INPUT
from intimacy_analysis.errors import IntimacyError

# The models' matrices are small: threads of the linear algebra would only wait for each other
# (measured: a bootstrap takes 7 times as long with two). It must be said before NumPy is loaded,
# and a user who set it otherwise is left alone.
_ONE_THREAD = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its documented exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    for stream in (sys.stdout, sys.stderr):
        # A label in another script must not end the run on a terminal that lacks its signs.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        from intimacy_analysis.cli.app import app

        app(args=_prepared(given), prog_name="intimacy-analysis")
    except IntimacyError as error:
        if debug:
            raise
        _tell(f"error: {error}", WRONG_INPUT)
    except KeyboardInterrupt:
        _tell("stopped", INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output went away (`... | head`); there is nobody left to tell.
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if debug:
            raise
        _tell(
            f"internal error: {type(error).__name__}: {error}\n"
            "This is a fault of the program, not of your data. Run again with --debug and report "
            "what it prints; leave out anything about participants.",
            INTERNAL,
        )


def _prepared(given: list[str]) -> list[str]:
    """Take out --debug, which may stand anywhere, and let --write-codebook stand alone."""
    prepared = []
    for place, word in enumerate(given):
        if word == "--debug":
            continue
        following = given[place + 1] if place + 1 < len(given) else ""
        # Only a .toml can be the codebook's path; anything else is the data file or an option.
        if word == "--write-codebook" and not following.lower().endswith(".toml"):
            prepared.append("--write-codebook=")
            continue
        prepared.append(word)
    return prepared


def _tell(message: str, code: int) -> None:
    print(message, file=sys.stderr)
    sys.exit(code)
