"""Writing a file that was not there: what `exfig init` and `exfig migrate` leave behind.

In: a path, a text. Out: the file. Rule: what is there, be it a link into nothing, is never touched; a file that could
not be written whole is taken away again.
"""

import contextlib
from pathlib import Path

from exfig_rx.errors import UsageError
from exfig_rx.model import Problem


def refuse_existing(path: Path) -> None:
    """Raises UsageError if something is at `path`, before anybody is asked for anything."""
    if path.exists() or path.is_symlink():
        raise _exists(path)


def write_new(path: Path, data: bytes) -> None:
    """Write `data` to a new file at `path`; folders on the way are made. Raises UsageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    try:
        file = path.open("xb")
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with file:
            file.write(data)
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()
        raise _unwritable(path, error) from error


def _exists(path: Path) -> UsageError:
    return UsageError(
        Problem("usage.file-exists", f"{path} is there already, and is not overwritten", "Name another one: -o FILE")
    )


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(Problem("usage.unwritable", f"can't write {path}: {error.strerror or error}"))
