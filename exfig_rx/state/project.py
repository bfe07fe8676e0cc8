"""The folder of a project in which runs leave what later ones need, and who of them is still at work.

In: `.exfig/`. Out: a folder for this run, and whether other runs are alive. Rules: a run lives as long as its process
holds the lock on its file, which the system lets go of when the process dies, however it does; where files can't be
locked, every run is taken for alive.
"""

import os
import secrets
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

FOLDER_NAME: Final = ".exfig"
"""Beside where the command runs."""

_RUNS: Final = "runs"
_LOCK: Final = "lock"
_SCRATCH: Final = "scratch"
_ATTEMPTS: Final = 10


class ProjectFolder:
    """The folder, as this run has it: `run` is what no other run is called, `scratch` is gone with it."""

    def __init__(self, folder: Path, run: str, lock: int) -> None:
        self._folder = folder
        self.run = run
        self._lock = lock

    @classmethod
    def open(cls, folder: Path) -> "ProjectFolder":
        """Make what is missing of `folder`, which keeps itself out of Git, and begin a run in it. Raises OSError."""
        for needed in (folder, folder / _RUNS):
            needed.mkdir(mode=0o700, parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")
        for _ in range(_ATTEMPTS):
            run = secrets.token_hex(6)
            # Another run may take this one for dead until it holds the lock; then it begins again.
            with suppress(FileNotFoundError, FileExistsError, BlockingIOError):
                return cls(folder, run, _begun(folder / _RUNS / run))
        raise BlockingIOError(f"{folder / _RUNS} is never left alone")

    @property
    def folder(self) -> Path:
        """Where runs leave what later ones need."""
        return self._folder

    @property
    def scratch(self) -> Path:
        """A folder for what only this run needs."""
        return self._of(self.run) / _SCRATCH

    def is_alive(self, run: str) -> bool:
        """Whether the process of `run` is still there."""
        if run == self.run:
            return True
        try:
            lock = os.open(self._of(run) / _LOCK, os.O_RDWR)
        except FileNotFoundError:
            return False
        except OSError:
            return True  # somebody else's, who can tell
        try:
            return _locked(lock) is not True
        finally:
            os.close(lock)

    def bury(self) -> None:
        """Remove the folders of runs that are not alive."""
        for folder in (self._folder / _RUNS).iterdir():
            if folder.name != self.run:
                with suppress(OSError):
                    _removed_if_dead(folder)

    def close(self) -> None:
        """End the run, and remove its folder."""
        os.close(self._lock)
        _remove(self._of(self.run))

    def _of(self, run: str) -> Path:
        return self._folder / _RUNS / run


def _begun(folder: Path) -> int:
    """Makes the folder of a run; gives the descriptor that holds its lock."""
    folder.mkdir(mode=0o700)
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if _locked(lock) is False:
            raise BlockingIOError
        (folder / _SCRATCH).mkdir(mode=0o700)  # which fails if the folder was removed before it was locked
    except BaseException:  # whatever it is goes on; the lock must not
        os.close(lock)
        raise
    return lock


def _removed_if_dead(folder: Path) -> None:
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        folder.rmdir()  # it never got further than this
        return
    try:
        is_dead = _locked(lock) is True
        if is_dead:  # and the lock is held until it is gone, so that nobody begins a run in it meanwhile
            _remove(folder)
    finally:
        os.close(lock)
    if is_dead:
        _remove(folder)  # Windows removes no file that is open


def _remove(folder: Path) -> None:
    """The lock goes last: without it nobody can tell a dead run from one that begins."""
    shutil.rmtree(folder / _SCRATCH, ignore_errors=True)
    with suppress(OSError):
        (folder / _LOCK).unlink()
    with suppress(OSError):
        folder.rmdir()


if sys.platform == "win32":
    import msvcrt

    def _locked(descriptor: int) -> bool | None:
        """Whether the lock is ours now, and nobody else's."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(descriptor: int) -> bool | None:
        """Whether the lock is ours now, and nobody else's; None if this disk knows no locks."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return None
        return True
