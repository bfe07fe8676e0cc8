"""`exfig` and `python -m exfig_rx`: one command line to one exit code."""

import os
import sys
from collections.abc import Sequence

from exfig_rx.cli.options import Batch, ServeSandbox, Shown, parse
from exfig_rx.errors import UsageError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code of the process."""
    try:
        match parse(sys.argv[1:] if argv is None else argv, os.environ):
            case Shown(text):
                sys.stdout.write(text)
                return 0
            case Batch(settings):
                from exfig_rx.cli.batch import run

                return run(settings)
            case ServeSandbox(port):
                from exfig_rx.cli.sandbox import serve

                return serve(port)
    except UsageError as error:
        for problem in error.problems:
            sys.stderr.write(f"exfig: {problem.message}{'. ' + problem.hint if problem.hint else ''}\n")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
