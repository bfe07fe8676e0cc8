"""`exfig` and `python -m exfig_rx`: one command line to one exit code."""

import gc
import os
import sys
from collections.abc import Sequence

from exfig_rx.cli.options import Batch, ServeSandbox, Shown, parse
from exfig_rx.errors import UsageError
from exfig_rx.settings import Settings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code of the process."""
    try:
        match parse(sys.argv[1:] if argv is None else argv, os.environ):
            case Shown(text):
                sys.stdout.write(text)
                return 0
            case Batch(settings):
                return _batch(settings)
            case ServeSandbox(port):
                from exfig_rx.cli.sandbox import serve

                return serve(port)
    except UsageError as error:
        for problem in error.problems:
            sys.stderr.write(f"exfig: {problem.message}{'. ' + problem.hint if problem.hint else ''}\n")
        return 2
    except KeyboardInterrupt:
        return 130


def _batch(settings: Settings) -> int:
    # What imports make lives as long as the process: looking for garbage in it costs a tenth of a short run.
    gc.disable()
    from exfig_rx.cli.batch import run

    gc.freeze()
    gc.enable()
    return run(settings)


if __name__ == "__main__":
    sys.exit(main())
