"""What exports left on disk, as plain values: files as a commit left them, and that an export was whole.

Nothing flows in; the transaction, the project's state and the pipelines hand these to one another. All values are
frozen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from exfig_rx.model import AssetCounts, Problem


@dataclass(frozen=True, slots=True)
class Written:
    """A file as a commit left it: absolute real path, SHA-256 in hex, size in bytes, modification time.

    `owners` are the entries of the config that it belongs to, such as `ios.icons[0]`. `is_shared`: it is a file of the
    user in which a section is ours, and is never deleted. `ctime_ns` and `inode` change whenever anything about the
    file does, whatever somebody made of its time; None where they are not known.
    """

    path: str
    digest: str
    size: int
    mtime_ns: int
    owners: tuple[str, ...] = ()
    is_shared: bool = False
    ctime_ns: int | None = None
    inode: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """That a config was exported whole.

    `fingerprint` stands for everything but the design: config, templates, options, the program. `versions` are those of
    the Figma files that it was made of, by file key. `warnings` are told again while nothing changes.
    """

    fingerprint: str
    versions: Mapping[str, str]
    counts: AssetCounts
    warnings: tuple[Problem, ...] = ()
