"""What the system refuses, as an error that names the file and says what to do.

In: an OSError, the path that it is about. Out: an OutputError for people.
"""

import errno
from typing import Final

from exfig_rx.errors import OutputError
from exfig_rx.model import Location, Problem

INTACT: Final = "the old files are intact"

_HINTS: Final = {
    errno.EACCES: "Check who owns the directory and whether it is writable.",
    errno.EPERM: "Check who owns the directory and whether it is writable.",
    errno.ENOTDIR: "Move the file away, or change the output path.",
    errno.EISDIR: "Move the directory away, or change the output path.",
    errno.ENOSPC: "Free some space and run again.",
    errno.EROFS: "The disk is mounted read-only; --output-root can point elsewhere.",
    errno.ENAMETOOLONG: "Shorten the name in Figma, or with nameReplaceRegexp.",
    errno.EDQUOT: "Free some space within the quota and run again.",
    errno.ESTALE: "Run again; the files go where the path leads now.",
}


def not_written(path: str, error: OSError, also: str = INTACT) -> OutputError:
    """That the system refused to write `path`; `also` says what became of the other files."""
    reason = error.strerror or str(error)
    return fault("output.not-written", path, f"can't write {path}: {reason}; {also}", _HINTS.get(error.errno or 0, ""))


def fault(code: str, path: str, message: str, hint: str = "") -> OutputError:
    """An error of one problem, about one file."""
    return OutputError(Problem(code, message, hint, Location(file=path)))
