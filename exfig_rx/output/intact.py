"""Whether a file still has the bytes that a commit gave it: asked before it is taken for done, replaced or deleted.

In: a `Written`, the disk. Out: yes or no. Rules: two times and the number of a file may tell that it was not touched,
never that it was changed, as copies, links and new permissions leave bytes alone; then, and before anything is deleted
or taken back, the bytes themselves are read.
"""

import os
import stat
from hashlib import file_digest

from exfig_rx.manifest import Written


def is_intact(written: Written) -> bool:
    """Whether the file is there with the bytes that it was given; read only if it was touched."""
    try:
        return has_bytes(written, os.stat(written.path))
    except OSError:
        return False


def has_bytes(written: Written, found: os.stat_result) -> bool:
    """The same of a file that was looked at already. Raises OSError."""
    if found.st_size != written.size:
        return False
    was_touched = (found.st_mtime_ns, found.st_ctime_ns, found.st_ino) != (
        written.mtime_ns,
        written.ctime_ns,
        written.inode,
    )
    return not was_touched or digest_of(written.path) == written.digest


def holds(path: str, written: Written) -> bool:
    """Whether a plain file at `path` holds what was written; it is read in any case. Raises OSError."""
    try:
        found = os.lstat(path)
        return stat.S_ISREG(found.st_mode) and found.st_size == written.size and digest_of(path) == written.digest
    except (FileNotFoundError, NotADirectoryError):
        return False


def stamped(written: Written) -> Written:
    """The same with all that tells later whether it was touched, if it was not by now."""
    try:
        found = os.lstat(written.path)
    except OSError:
        return written
    if not stat.S_ISREG(found.st_mode) or (found.st_size, found.st_mtime_ns) != (written.size, written.mtime_ns):
        return written
    return Written(
        written.path,
        written.digest,
        written.size,
        written.mtime_ns,
        written.owners,
        written.is_shared,
        found.st_ctime_ns,
        found.st_ino,
    )


def digest_of(path: str) -> str:
    """The SHA-256 of a file, in hex. Raises OSError."""
    with open(path, "rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
