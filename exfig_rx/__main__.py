"""`exfig` and `python -m exfig_rx`: one command line to one exit code."""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from exfig_rx.cli.commands import (
    Batch,
    Command,
    Complete,
    Doctor,
    Init,
    Migrate,
    ServeSandbox,
    Shown,
    ShowSchema,
    Single,
    TendCache,
    TendWebhooks,
    Validate,
)
from exfig_rx.cli.options import parse
from exfig_rx.errors import UsageError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code of the process."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # somebody closed it
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  as long as the process lives
    code = 0
    try:
        code = _main(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has seen enough; what is left in the buffers goes nowhere.
        silent = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(silent, stream.fileno())
    return code


def _main(argv: Sequence[str]) -> int:
    try:
        return _run(parse(argv, os.environ))
    except UsageError as error:
        for problem in error.problems:
            with suppress(OSError):
                sys.stderr.write(f"exfig: {problem.message}{'. ' + problem.hint if problem.hint else ''}\n")
        return 2
    except KeyboardInterrupt:
        return 130


def _run(command: Command) -> int:
    """Each command loads what it needs, and nothing before it is known to be meant."""
    match command:
        case Shown(text):
            sys.stdout.write(text)
            return 0
        case Batch() | Single():
            return _export(command)
        case Validate():
            from exfig_rx.cli import validate

            return validate.run(command)
        case Doctor(settings):
            from exfig_rx.cli import doctor

            return doctor.run(settings)
        case ShowSchema():
            from exfig_rx.cli import schema

            return schema.run()
        case Init():
            from exfig_rx.cli import init

            return init.run(command)
        case Migrate():
            from exfig_rx.cli import migrate

            return migrate.run(command)
        case Complete(shell):
            from exfig_rx.cli import completions

            return completions.run(shell)
        case TendCache():
            from exfig_rx.cli import cache

            return cache.run(command)
        case TendWebhooks():
            from exfig_rx.cli import webhook

            return webhook.run(command)
        case ServeSandbox(port):
            from exfig_rx.cli import sandbox

            return sandbox.serve(port)


def _export(command: Batch | Single) -> int:
    # What imports make lives as long as the process: looking for garbage in it costs a tenth of a short run.
    gc.disable()
    from exfig_rx.cli import batch

    gc.freeze()
    # Streams leave small cycles behind: after each 700 objects, Python's default, the search costs 5 % of a run. After
    # each 10,000 it costs nothing that one could measure, and 3 MB.
    gc.set_threshold(10_000)
    gc.enable()
    return batch.run(command.settings) if isinstance(command, Batch) else batch.run_one(command.settings)


if __name__ == "__main__":
    sys.exit(main())
